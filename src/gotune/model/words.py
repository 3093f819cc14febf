"""Words as a witness of their own: what they say for each aspect, without an encoder.

A linear model over hashed features. Each different word of a text counts once: as itself, and spread over its
character n-grams, so that a word never seen says what its parts do; pairs of neighbours count beside them.
The sum is divided by the square root of the number of words, as a long text says less with each of them. An
array of three columns is all that is kept: Weinberger et al. 2009, "Feature hashing for large scale multitask
learning", doi:10.1145/1553374.1553516; character n-grams as in Bojanowski et al. 2017,
doi:10.1162/tacl_a_00051.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS

BUCKETS = 1 << 18
"""Rows of the array: on CRAFT's development folds twice as many are no better."""
CONSTANT = 0
"""The row that counts once in every text."""

_SHIFT = 32 - BUCKETS.bit_length() + 1
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_NGRAMS = (3, 4, 5)
_LONGEST = 40
"""Characters of a word that are looked at: longer ones are sequences and data."""
_TEXTS_AT_ONCE = 2048
_MOST_KEPT = 1 << 17
"""Words whose sums are kept for the next text."""

Floats = NDArray[np.float64]


class Feature(NamedTuple):
    """Rows of the array, and how much each counts before the sum is divided."""

    rows: tuple[int, ...]
    values: tuple[float, ...]


class Phrase(NamedTuple):
    """What a word, or two in a row, say for each aspect: log-odds, of shape ``(3,)``."""

    text: str
    log_odds: Floats


def split(text: str) -> list[str]:
    """Return the words of a text as they are looked up: lower case, any number as 0."""
    return [_DIGITS.sub("0", word)[:_LONGEST] for word in _WORD.findall(text.lower())]


def pairs_of(words: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return the different pairs of neighbours, each with its row, in order."""
    return {(one, other): _bucket(f"b {one} {other}") for one, other in pairwise(words)}


@lru_cache(1 << 16)
def feature_of(word: str) -> Feature:
    """Return a word's own row and those of its character n-grams, which together count about twice."""
    marked = f"<{word}>"
    ngrams = {marked[i : i + n] for n in _NGRAMS for i in range(len(marked) - n + 1)} - {marked}
    rows = _bucket(f"w {word}"), *sorted(_bucket(f"c {ngram}") for ngram in ngrams)
    return Feature(rows, (1.0, *(1 / sqrt(len(ngrams)) for _ in ngrams)))


def _bucket(feature: str) -> int:
    return crc32(feature.encode("utf-8", "surrogatepass")) >> _SHIFT


class WordModel:
    """Log-odds of the aspects by the words of a text.

    Args:
        weights: Of shape ``(BUCKETS, 3)``, columns in label order.

    Attributes:
        weights: The same as float32.

    Raises:
        ValueError: The shape is another, or a weight is not finite.
    """

    def __init__(self, weights: NDArray[np.floating]) -> None:
        if weights.shape != (BUCKETS, len(ASPECTS)):
            raise ValueError(f"weights of words of shape {weights.shape}, expected {(BUCKETS, len(ASPECTS))}")
        if not np.isfinite(weights).all():
            raise ValueError("weights of words that are not finite")
        self.weights: NDArray[np.float32] = weights.astype(np.float32)
        self._number: dict[str, int] = {}
        self._sums = np.zeros((0, len(ASPECTS)))

    def log_odds(self, texts: Sequence[str]) -> Floats:
        """Return the log-odds of each aspect by the words alone, of shape ``(len(texts), 3)``."""
        starts = range(0, len(texts), _TEXTS_AT_ONCE)
        parts = [self._log_odds(texts[start : start + _TEXTS_AT_ONCE]) for start in starts]
        return np.concatenate([np.zeros((0, len(ASPECTS))), *parts])

    def phrases(self, text: str) -> list[Phrase]:
        """Return what each different word and pair of a text says, in order of appearance.

        Their sum and the constant, `constant`, make what `log_odds` returns.
        """
        words = split(text)
        scale = sqrt(len(words) or 1)
        singles = [Phrase(word, self._sum(word) / scale) for word in dict.fromkeys(words)]
        pairs = [
            Phrase(" ".join(pair), self.weights[row].astype(float) / scale)
            for pair, row in pairs_of(words).items()
        ]
        return singles + pairs

    @property
    def constant(self) -> Floats:
        """What a text without words gets."""
        found: Floats = self.weights[CONSTANT].astype(np.float64)
        return found

    def _log_odds(self, texts: Sequence[str]) -> Floats:
        split_texts = [split(text) for text in texts]
        if len(self._number) > _MOST_KEPT:
            self._number, self._sums = {}, self._sums[:0]
        self._learn_sums({word for words in split_texts for word in words} - self._number.keys())
        singles = [[self._number[word] for word in set(words)] for words in split_texts]
        pairs = [list(pairs_of(words).values()) for words in split_texts]
        scales = np.sqrt([len(words) or 1 for words in split_texts])
        added = (_added(self._sums, singles) + _added(self.weights, pairs)) / scales[:, None]
        found: Floats = self.constant + added
        return found

    def _learn_sums(self, words: set[str]) -> None:
        new = sorted(words)
        self._number |= {word: len(self._number) + number for number, word in enumerate(new)}
        self._sums = np.concatenate([self._sums, np.array([self._sum(word) for word in new]).reshape(-1, 3)])

    def _sum(self, word: str) -> Floats:
        feature = feature_of(word)
        found: Floats = np.array(feature.values) @ self.weights[list(feature.rows)]
        return found


def _added(table: NDArray[np.floating], rows: Sequence[Sequence[int]]) -> Floats:
    """Return for each list of row numbers the sum of these rows."""
    owners = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    taken = table[np.fromiter(_flat(rows), dtype=np.intp, count=len(owners))]
    columns = [np.bincount(owners, weights=column, minlength=len(rows)) for column in taken.T]
    return np.stack(columns, axis=1)


def _flat(rows: Sequence[Sequence[int]]) -> Iterator[int]:
    return (number for row in rows for number in row)
