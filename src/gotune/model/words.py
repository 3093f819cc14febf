"""Words as a witness of their own: what they say for each aspect, without an encoder.

A linear model over hashed features. Each different word of a text counts once: as itself, and spread over its
character n-grams, so that a word never seen says what its parts do; pairs of neighbours count beside them.
The sum is divided by the square root of the number of words, as a long text says less with each of them.
Arrays with a column for each sum are all that is kept: Weinberger et al. 2009, "Feature hashing for large
scale multitask learning", doi:10.1145/1553374.1553516; character n-grams as in Bojanowski et al. 2017,
doi:10.1162/tacl_a_00051.

Definitions are written as no sentence of a paper is, so the same words tell other things there. Where both
taught, each has weights of its own, and further ones tell how much a text reads as a definition: by that
probability the two are mixed, as the experts of Jacobs et al. 1991, doi:10.1162/neco.1991.3.1.79.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain, pairwise
from math import sqrt
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.lexicon.known_texts import KnownTexts

BUCKETS = 1 << 18
"""Rows of the array: on CRAFT's development folds twice as many are no better."""
CONSTANT = 0
"""The row that counts once in every text."""

_SHIFT = 32 - BUCKETS.bit_length() + 1
_DIGITS = re.compile(r"\d+")
_NGRAMS = (3, 4, 5)
_LONGEST = 40
"""Characters of a word that are looked at: longer ones are sequences and data."""
_WORD = re.compile(rf"([^\W_]{{1,{_LONGEST}}}+)[^\W_]*+")
_TEXTS_AT_ONCE = 2048
_BITS = 24
"""Of the number of a word among the different ones of the texts at once."""
_SURE = 700.0
"""Log-odds beyond which a probability is 0 or 1 in any sum, and `numpy.exp` overflows."""
_POLYNOMIAL = 0xEDB88320
"""Of CRC-32, its bits reversed."""

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
    found: list[str] = _WORD.findall(_DIGITS.sub("0", text.lower()))
    return found


def pairs_of(words: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return the different pairs of neighbours, each with its row, in order."""
    return {(one, other): _bucket(f"b {one} {other}") for one, other in pairwise(words)}


def feature_of(word: str) -> Feature:
    """Return a word's own row and those of its character n-grams, which together count about twice."""
    marked = f"<{word}>"
    ngrams = {marked[i : i + n] for n in _NGRAMS for i in range(len(marked) - n + 1)} - {marked}
    rows = _bucket(f"w {word}"), *sorted(_bucket(f"c {ngram}") for ngram in ngrams)
    return Feature(rows, (1.0, *(1 / sqrt(len(ngrams)) for _ in ngrams)))


def _bucket(feature: str) -> int:
    return crc32(_encoded(feature)) >> _SHIFT


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@cache
def _shifts() -> NDArray[np.uint32]:
    """Return what becomes of a CRC-32 when bytes of zero follow, of shape ``(bytes, 4, 256)``.

    The third index is a byte of it, of which the second is the place. The CRC of two texts is that of the
    first, moved on by the bytes of the second, and that of the second, combined by exclusive or.
    """
    table: NDArray[np.uint32] = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> np.uint32(1)) ^ np.where(table & 1, np.uint32(_POLYNOMIAL), np.uint32(0))
    moved = np.arange(256, dtype=np.uint32) << np.array([[0], [8], [16], [24]], dtype=np.uint32)
    found = [moved]
    for _ in range(4 * _LONGEST):
        moved = (moved >> 8) ^ table[moved & 0xFF]
        found.append(moved)
    return np.array(found)


class WordModel:
    """Log-odds of the aspects by the words of a text.

    Args:
        weights: Of shape ``(BUCKETS, 3)``, columns in label order.
        of_definitions: The same for texts written as definitions are, with a fourth column for how much a
            text reads as one; None if all texts are judged alike.

    Attributes:
        weights: The same as float32.
        of_definitions: The same as float32.

    Raises:
        ValueError: A shape is another, or a weight is not finite.
    """

    def __init__(
        self, weights: NDArray[np.floating], of_definitions: NDArray[np.floating] | None = None
    ) -> None:
        self.weights = _checked(weights, len(ASPECTS))
        self.of_definitions = None
        self._table = self.weights
        if of_definitions is not None:
            self.of_definitions = _checked(of_definitions, len(ASPECTS) + 1)
            self._table = np.hstack([self.weights, self.of_definitions])
        self._known_words = KnownTexts(_row(self._table.shape[1]))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> WordModel:
        """Return what `to_arrays` gave of a model, in whatever precision.

        Raises:
            ValueError: There is no array of weights, or one is not as it should be.
        """
        if "weights" not in arrays:
            raise ValueError("no array weights")
        return cls(arrays["weights"], arrays.get("definitions"))

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return the weights by names."""
        found = {"weights": self.weights}
        return found if self.of_definitions is None else {**found, "definitions": self.of_definitions}

    def log_odds(self, texts: Sequence[str]) -> Floats:
        """Return the log-odds of each aspect by the words alone, of shape ``(len(texts), 3)``."""
        starts = range(0, len(texts), _TEXTS_AT_ONCE)
        parts = [self._log_odds(texts[start : start + _TEXTS_AT_ONCE]) for start in starts]
        return np.concatenate([np.zeros((0, len(ASPECTS))), *parts])

    def phrases(self, text: str) -> list[Phrase]:
        """Return what each different word and pair of a text says, in order of appearance.

        Their sum, and what belongs to no word, make what `log_odds` returns.
        """
        words = split(text)
        scale = sqrt(len(words) or 1)
        said = {word: self._sum(word) for word in dict.fromkeys(words)}
        said |= {" ".join(pair): self._table[row].astype(float) for pair, row in pairs_of(words).items()}
        rows = np.array(list(said.values())).reshape(-1, self._table.shape[1]) / scale
        mixed = self._mixed(rows, self._sums([text])[0])
        return [Phrase(phrase, row) for phrase, row in zip(said, mixed, strict=True)]

    def saying_more(self, weights: Floats) -> WordModel:
        """Return a model that says more of any text, by weights of shape ``(BUCKETS, 3)``."""
        more = self.of_definitions
        if more is not None:
            more = more + np.pad(weights, ((0, 0), (0, 1)))
        return WordModel(self.weights + weights, more)

    def _log_odds(self, texts: Sequence[str]) -> Floats:
        sums = self._sums(texts)
        return self._mixed(sums, sums)

    def _mixed(self, values: Floats, sums: Floats) -> Floats:
        """Return values of the columns for each aspect, mixed by how much ``sums`` read as definitions."""
        if self.of_definitions is None:
            return values
        n = len(ASPECTS)
        is_definition = 1 / (1 + np.exp(np.minimum(-sums[..., 2 * n :], _SURE)))
        found: Floats = values[..., :n] * (1 - is_definition) + values[..., n : 2 * n] * is_definition
        return found

    def _sums(self, texts: Sequence[str]) -> Floats:
        """Return the sum of each column for each text."""
        split_texts = list(map(split, texts))
        # Numbered in their order, in which they are added: sums are the same whatever was met before.
        different = sorted(set(chain.from_iterable(split_texts)))
        known = _Known(*self._known_words.rows(different, self._told_of)[1])
        number = {word: place for place, word in enumerate(different)}
        lengths = np.array([len(words) for words in split_texts], dtype=np.int64)
        owners = np.repeat(np.arange(len(texts)), lengths)
        in_order = np.fromiter(
            map(number.__getitem__, chain.from_iterable(split_texts)), np.int64, len(owners)
        )
        texts_of_words, (words,) = _different(owners, in_order)
        is_pair = owners[1:] == owners[:-1]
        texts_of_pairs, (first, second) = _different(
            owners[1:][is_pair], in_order[:-1][is_pair], in_order[1:][is_pair]
        )
        added = _added(len(texts), texts_of_words, known.sums[words])
        added += _added(len(texts), texts_of_pairs, self._table[known.rows_of_pairs(first, second)])
        found: Floats = self._table[CONSTANT] + added / np.sqrt(np.maximum(lengths, 1))[:, None]
        return found

    def _told_of(self, word: str) -> list[tuple[Floats, int, int, int]]:
        """Return what is known of a word, as the one row of it."""
        encoded = _encoded(word)
        return [(self._sum(word), crc32(b"b " + encoded + b" "), crc32(encoded), len(encoded))]

    def _sum(self, word: str) -> Floats:
        feature = feature_of(word)
        found: Floats = np.array(feature.values) @ self._table[list(feature.rows)]
        return found


def _checked(weights: NDArray[np.floating], n_columns: int) -> NDArray[np.float32]:
    if weights.shape != (BUCKETS, n_columns):
        raise ValueError(f"weights of words of shape {weights.shape}, expected {(BUCKETS, n_columns)}")
    if not np.isfinite(weights).all():
        raise ValueError("weights of words that are not finite")
    return weights.astype(np.float32)


def _row(n_columns: int) -> np.dtype[np.void]:
    """Return the types of `_Known`."""
    return np.dtype(
        [
            ("sums", np.float64, (n_columns,)),
            ("before", np.uint32),
            ("after", np.uint32),
            ("lengths", np.int64),
        ]
    )


class _Known(NamedTuple):
    """Different words, by their numbers.

    Attributes:
        sums: What each says by itself, of shape ``(words, columns)``.
        before: CRC of the feature of a pair up to its second word, of each as the first one.
        after: CRC of each as the second word.
        lengths: Bytes of each.
    """

    sums: Floats
    before: NDArray[np.uint32]
    after: NDArray[np.uint32]
    lengths: NDArray[np.int64]

    def rows_of_pairs(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.intp]:
        """Return the rows of pairs of words, as `pairs_of` has them."""
        crc, shifts, lengths = self.before[first], _shifts(), self.lengths[second]
        moved = self.after[second]
        for place in range(4):
            moved = moved ^ shifts[lengths, place, (crc >> np.uint32(8 * place)) & np.uint32(0xFF)]
        return (moved >> np.uint32(_SHIFT)).astype(np.intp)


def _different(
    owners: NDArray[np.int64], *numbers: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Return what is different within an owner once: the owners, and the numbers, each of `_BITS` bits."""
    key = owners
    for number in numbers:
        key = key << _BITS | number
    key = np.sort(key)
    # As `numpy.unique` does, but for masked arrays, whose import takes a tenth of a short command.
    key = key[_begins(key)]
    found = []
    for _ in numbers:
        found.append(key & ((1 << _BITS) - 1))
        key = key >> _BITS
    return key, found[::-1]


def _begins(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which values in ascending order are not the one before."""
    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def _added(n_texts: int, owners: NDArray[np.int64], values: NDArray[np.floating]) -> Floats:
    """Return the sum of the values of each text, of shape ``(n_texts, columns)``; owners ascend."""
    found = np.zeros((n_texts, values.shape[1]))
    if len(owners):
        starts = np.flatnonzero(_begins(owners))
        found[owners[starts]] = np.add.reduceat(values, starts, axis=0, dtype=np.float64)
    return found
