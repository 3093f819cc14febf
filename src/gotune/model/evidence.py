"""What a model asks about a text beside its encoder: the names and the words in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.corpus.reading import as_read
from gotune.lexicon.dictionary import Mention
from gotune.lexicon.lexicon import Lexicon
from gotune.model.calibration import Said
from gotune.model.words import Phrase, WordModel
from gotune.protocols import Trained
from gotune.records import Witness

Floats = NDArray[np.float64]
_MISSING = ("None", "nan", "<NA>", "NaT")
"""As what Python, numpy and pandas write what is missing."""


@runtime_checkable
class Accountable(Trained, Protocol):
    """A classifier that tells what each of its witnesses says of a text.

    The log-odds of an aspect are what the encoder says, if it is one of them, and what is told here.
    """

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """What its probabilities stand on, the encoder first."""
        ...

    def names_in(self, text: str) -> tuple[Floats, list[tuple[Mention, float]]]:
        """Return the log-odds that names add for each aspect, and each name with its reliability."""
        ...

    def phrases_in(self, text: str) -> tuple[Floats, list[Phrase]]:
        """Return the log-odds that words add for each aspect, and what each word and pair of words adds.

        Their sum and what belongs to no single word make it up.
        """
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """The witnesses beside the encoder.

    Attributes:
        lexicon: The names of terms, if there are any.
        words: A linear model over words, if there is one.
    """

    lexicon: Lexicon | None = None
    words: WordModel | None = None

    def read(self, texts: Sequence[str], articles: Sequence[str] | None) -> list[str]:
        """Return texts as all witnesses read them, the encoder as well.

        That is as `gotune.corpus.reading` tells; with a lexicon, abbreviations that an article defines and GO
        has a name for are read as what they stand for.

        Args:
            texts: Whole texts, or sentences of articles.
            articles: The article of each, "" or a missing value where it is unknown; None if all are.

        Raises:
            TypeError: ``texts`` is one string, or one of them is none.
            ValueError: There are not as many articles as texts.
        """
        found = list(map(as_read, checked_texts(texts)))
        if articles is None:
            return found
        known = checked_articles(articles)
        if len(known) != len(found):
            raise ValueError(f"{len(found)} texts and {len(known)} articles")
        return found if self.lexicon is None else self.lexicon.spell_out(found, known)

    def said_of(self, texts: Sequence[str]) -> Said:
        """Return what names and words say of texts as `read` returns them."""
        return Said(
            None if self.lexicon is None else self.lexicon.evidence(texts),
            None if self.words is None else self.words.log_odds(texts),
        )

    def names_in(self, text: str, weights: Sequence[float]) -> tuple[Floats, list[tuple[Mention, float]]]:
        """Return what names add for each aspect with these weights, and each name with its reliability."""
        if self.lexicon is None:
            return np.zeros(len(ASPECTS)), []
        return np.array(weights) * self.lexicon.evidence([text])[0], self.lexicon.mentions(text)

    def phrases_in(self, text: str, weights: Sequence[float]) -> tuple[Floats, list[Phrase]]:
        """Return what words add for each aspect with these weights, and what each word and pair adds."""
        if self.words is None:
            return np.zeros(len(ASPECTS)), []
        weighed = np.array(weights)
        phrases = [Phrase(one.text, weighed * one.log_odds) for one in self.words.phrases(text)]
        return weighed * self.words.log_odds([text])[0], phrases

    def beside_encoder(self) -> tuple[Witness, ...]:
        """Return which witnesses there are."""
        there = {Witness.NAMES: self.lexicon, Witness.WORDS: self.words}
        return tuple(witness for witness, one in there.items() if one is not None)

    def without(self, witnesses: Collection[Witness]) -> Evidence:
        """Return the rest."""
        return Evidence(
            None if Witness.NAMES in witnesses else self.lexicon,
            None if Witness.WORDS in witnesses else self.words,
        )


def checked_articles(articles: Sequence[str]) -> list[str]:
    """Return articles as strings, also those of a column of pandas, "" for each that is missing."""
    return ["" if not isinstance(one, str) and str(one) in _MISSING else str(one) for one in articles]


def checked_texts(texts: Sequence[str]) -> list[str]:
    """Return texts as a list, also those of a column of pandas.

    Raises:
        TypeError: ``texts`` is one string, or one of them is none; the message names its position.
    """
    if isinstance(texts, str):
        raise TypeError("texts: expected a sequence of strings, found one string; wrap it in a list")
    found = list(texts)
    for position, text in enumerate(found):
        if not isinstance(text, str):
            raise TypeError(
                f"texts: expected strings, found {text!r} at position {position}; leave it out or write text"
            )
    return found
