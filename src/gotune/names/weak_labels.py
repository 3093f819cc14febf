"""Labels for unlabelled sentences, from the ontology alone.

The dictionary finds what may be names of terms, the noise model judges how far each can be trusted, and a
bag-of-words model trained on the outcome gives a second opinion. This is data programming (Ratner et al.
2017, doi:10.14778/3157794.3157797) with the kinds of evidence as labelling functions. No label is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gotune.aspects import ASPECTS
from gotune.names.dictionary import Dictionary, Mention
from gotune.names.noise_model import NoiseModel, WordUse
from gotune.names.spelling_out import long_forms_of
from gotune.names.text_voter import second_opinion
from gotune.ontology.ontology import Ontology
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

SURE = 0.5
"""Reliability from which a mention counts as evidence of where the label comes from."""

_OPINION = 0.5
"""Weight of the second opinion, which has no name to show."""


@dataclass(frozen=True, slots=True)
class JudgedMention:
    """A mention with the probability that it is right."""

    mention: Mention
    reliability: float


@dataclass(frozen=True, slots=True)
class WeakLabels:
    """Sentences with the labels that the ontology gives them.

    Attributes:
        texts: The sentences.
        articles: The article of each.
        probabilities: Of each aspect, shape ``(len(texts), 3)``, columns in label order.
        mentions: What was found in each sentence, in order of the start.
    """

    texts: tuple[str, ...]
    articles: tuple[str, ...]
    probabilities: NDArray[np.float64]
    mentions: tuple[tuple[JudgedMention, ...], ...]

    def table(self) -> pd.DataFrame:
        """Return a sentence table: ``text``, a column of probabilities an aspect, ``article``, ``spans``."""
        import pandas as pd

        columns = {aspect.value: self.probabilities[:, aspect.label] for aspect in ASPECTS}
        spans = [
            [
                (found.mention.start, found.mention.end, found.mention.aspect.label)
                for found in row
                if found.reliability >= SURE
            ]
            for row in self.mentions
        ]
        return pd.DataFrame({"text": self.texts, **columns, "article": self.articles, "spans": spans})


def label_weakly(
    texts: Sequence[str], articles: Sequence[str], ontology: Ontology, *, track: Track = untracked
) -> WeakLabels:
    """Give sentences the labels that the ontology gives them.

    Args:
        texts: Sentences, best of many articles: the noise is estimated from how they use words.
        articles: The article of each sentence; abbreviations hold within one.
        ontology: The release whose names and definitions are used.
        track: Shows how far the sentences are.

    Raises:
        ValueError: There are not as many articles as texts.
    """
    if len(texts) != len(articles):
        raise ValueError(f"{len(texts)} texts and {len(articles)} articles")
    dictionary = Dictionary.from_ontology(ontology)
    abbreviations = {
        article: dictionary.abbreviations(long_forms)
        for article, long_forms in long_forms_of(texts, articles).items()
    }
    pairs = track(zip(texts, articles, strict=True), description="Finding names", total=len(texts))
    mentions = [dictionary.find(text, abbreviations[article]) for text, article in pairs]
    definitions = [term.definition for term in ontology.terms() if term.definition]
    noise = NoiseModel(
        WordUse(texts, mentions), WordUse(definitions, (dictionary.find(text) for text in definitions))
    )
    named = np.array([noise.probabilities(row) for row in mentions], dtype=np.float64).reshape(-1, 3)
    opinion = second_opinion(texts, named, articles)
    return WeakLabels(
        texts=tuple(texts),
        articles=tuple(articles),
        probabilities=1 - (1 - named) * (1 - _OPINION * opinion),
        mentions=tuple(
            tuple(JudgedMention(mention, noise.reliability(mention)) for mention in row) for row in mentions
        ),
    )
