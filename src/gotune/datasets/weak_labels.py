"""Labels for unlabelled sentences, from the ontology alone.

The dictionary finds what may be names of terms, the noise model judges how far each can be trusted, and a
bag-of-words model trained on the outcome gives a second opinion. This is data programming (Ratner et al.
2017, doi:10.14778/3157794.3157797) with the kinds of evidence as labelling functions. No label is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gotune.aspects import ASPECTS
from gotune.datasets.label_cells import NONE
from gotune.files import atomic_file
from gotune.lexicon.abbreviations import long_forms_of
from gotune.lexicon.dictionary import Dictionary, Mention
from gotune.lexicon.noise_model import NoiseModel, WordUse
from gotune.lexicon.word_forms import bare_words, stem
from gotune.ontology.ontology import Ontology
from gotune.protocols import Track, untracked
from gotune.render.tables import TextTable
from gotune.render.wording import counted
from gotune.typed_json import json_text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

SURE = 0.5
"""Reliability from which a mention counts as rationale, where the label comes from."""

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


FOLDS = 5
FEWEST_SENTENCES = 200
"""Below this a bag of words learns nothing worth having."""

_RAREST = 3  # sentences that a word must be in
_STRENGTH = 0.3  # inverse of the regularisation; weak labels are noisy, so it is strong
_NEGLIGIBLE = 0.01  # weights below it are left out, to halve the work


def second_opinion(
    texts: Sequence[str], probabilities: NDArray[np.float64], articles: Sequence[str]
) -> NDArray[np.float64]:
    """Predict each sentence from the labels of the others.

    Logistic regression on TF-IDF of stems learns the probabilities as soft targets, cross-fitted by article,
    so that no sentence is judged by a model that saw its own label. It finds what names leave open: a
    sentence full of words that go with processes is likelier to be about one.

    Args:
        texts: Sentences.
        probabilities: Shape ``(len(texts), 3)``.
        articles: The article of each sentence. Where there are fewer than `FOLDS`, sentences are folded.

    Returns:
        Probabilities of the same shape; zeros if there are fewer than `FEWEST_SENTENCES`.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.model_selection import GroupKFold

    opinion = np.zeros_like(probabilities)
    if len(texts) < FEWEST_SENTENCES:
        return opinion
    groups = articles if len(set(articles)) >= FOLDS else [str(row) for row in range(len(texts))]
    stems = list(map(_stems, texts))
    in_texts = Counter(stem for found in stems for stem in set(found))
    if max(in_texts.values(), default=0) < _RAREST:  # ids, or a text again and again
        return opinion
    words = TfidfVectorizer(analyzer=list, min_df=_RAREST, sublinear_tf=True).fit_transform(stems)
    for train, test in GroupKFold(FOLDS).split(words, groups=groups):
        for column in range(probabilities.shape[1]):
            opinion[test, column] = _predict(words[train], probabilities[train, column], words[test])
    return opinion


def _stems(text: str) -> list[str]:
    return [stem(word) for word in bare_words(text)]


def _predict(
    words: csr_matrix, targets: NDArray[np.float64], others: csr_matrix
) -> NDArray[np.float64] | float:
    """Fit soft targets, each sentence as a positive and a negative of that weight, and predict others."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    if not targets.any():
        return 0.0
    labels = np.repeat([1, 0], len(targets))
    weights = np.concatenate([targets, 1 - targets])
    kept = weights > _NEGLIGIBLE
    if labels[kept].all():
        return 1.0
    model = LogisticRegression(C=_STRENGTH, max_iter=300)
    model.fit(vstack([words, words]).tocsr()[kept], labels[kept], sample_weight=weights[kept])
    found: NDArray[np.float64] = model.predict_proba(others)[:, 1]
    return found


_DECIMALS = 4


def write_weak_labels(labels: WeakLabels, names: Mapping[str, str], path: Path) -> None:
    """Write a JSON object a sentence, whole or not at all.

    Its keys are ``text``, ``article``, ``aspects`` (those of probability .5 or more, such as ``BP,CC``, or
    ``none``), the probability of each aspect under its name, ``spans`` (the rationale that is likelier right
    than wrong) and ``mentions``: all that was found, with offsets, term, kind of evidence and the probability
    that it is right.

    Args:
        labels: What to write.
        names: Name of each term by its id.
        path: A ``.jsonl`` file.

    Raises:
        SaveError: It cannot be written; an old one is untouched.
    """
    spans = labels.table()["spans"]
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for row, text in enumerate(labels.texts):
            # What is read back are the rounded ones, and `aspects` must say the same.
            probabilities = labels.probabilities[row].round(_DECIMALS).tolist()
            content = {
                "text": text,
                "article": labels.articles[row],
                "aspects": ",".join(aspect.short for aspect in ASPECTS if probabilities[aspect.label] >= SURE)
                or NONE,
                **{aspect.value: probabilities[aspect.label] for aspect in ASPECTS},
                "spans": spans[row],
                "mentions": [_mention(text, judged, names) for judged in labels.mentions[row]],
            }
            file.write(json_text(content, ascii_only=False) + "\n")


def weak_label_tables(labels: WeakLabels) -> tuple[TextTable, ...]:
    """Return how many sentences have each aspect, and how many mentions there are of each kind."""
    sure = labels.probabilities >= SURE
    rows = [
        (
            aspect.words,
            f"{sure[:, aspect.label].sum():,}",
            f"{labels.probabilities[:, aspect.label].sum():,.0f}",
        )
        for aspect in ASPECTS
    ]
    rows.append(
        ("none", f"{(~sure).all(axis=1).sum():,}", f"{(1 - labels.probabilities).prod(axis=1).sum():,.0f}")
    )
    kinds: dict[str, list[float]] = {}
    for judged in (judged for row in labels.mentions for judged in row):
        kinds.setdefault(judged.mention.evidence, []).append(judged.reliability)
    return (
        TextTable(
            counted(len(labels.texts), "sentence"),
            ("aspect", f"probability {SURE:.1f} or more", "sum of probabilities"),
            tuple(rows),
        ),
        TextTable(
            "Mentions",
            ("evidence", "found", "expected to be right"),
            tuple((kind, f"{len(found):,}", f"{sum(found):,.0f}") for kind, found in kinds.items()),
        ),
    )


def _mention(text: str, judged: JudgedMention, names: Mapping[str, str]) -> dict[str, Any]:
    mention = judged.mention
    return {
        "start": mention.start,
        "end": mention.end,
        "text": text[mention.start : mention.end],
        "aspect": mention.aspect.short,
        "go_id": mention.go_id,
        "name": None if mention.go_id is None else names[mention.go_id],
        "evidence": mention.evidence.value,
        "probability": round(judged.reliability, _DECIMALS),
    }
