"""Phrases as points: the sum of the vectors of their words, of neighbouring words, and of parts of words.

A phrase has few words, and two that mean the same differ by a word or two. So a table of vectors, learned so
that the labels of one term lie together (`gotune.linking.learning`), does here what a transformer does, in a
hundredth of its time. Parts of words, as in fastText (Bojanowski et al. 2017, doi:10.1162/tacl_a_00051), give
a vector to words that the table lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from gotune.arrays import array_of
from gotune.lexicon.word_forms import bare_words, stem

_SHORTEST, _LONGEST = 3, 5
"""Characters of a part of a word, with a bracket at its ends."""
_INT8 = 127
_ROWS_AT_ONCE = 4096

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


def words_of(text: str) -> tuple[str, ...]:
    """Return the stems of the words of a text, in order."""
    return tuple(map(stem, bare_words(text)))


def parts_of(word: str, buckets: int) -> list[int]:
    """Return the buckets of the parts of a word, the same as often as it has them."""
    whole = f"<{word}>"
    return [
        crc32(whole[start : start + length].encode("utf-8", "surrogatepass")) % buckets
        for length in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(whole) - length + 1)
    ]


def pairs_of(words: Sequence[str], buckets: int) -> list[int]:
    """Return the buckets of neighbouring words."""
    return [
        crc32(f"{first} {second}".encode("utf-8", "surrogatepass")) % buckets
        for first, second in pairwise(words)
    ]


class PhraseVectors:
    """Makes phrases into points.

    Args:
        words: Stems that have a vector of their own; it stands for their parts, too.
        of_words: One row for each word.
        of_pairs: One row for each bucket of neighbouring words.
        of_parts: One row for each bucket of parts of words.

    Attributes:
        table: The rows of words, then those of pairs, of shape ``(len(words) + buckets, width)``.

    Raises:
        ValueError: There are not as many rows as words, or the widths differ.
    """

    def __init__(self, words: Sequence[str], of_words: Vectors, of_pairs: Vectors, of_parts: Vectors) -> None:
        self._number = {word: number for number, word in enumerate(words)}
        if len(self._number) != len(of_words):
            raise ValueError(f"{len(of_words)} vectors for {len(self._number)} different words")
        if not of_words.shape[1:] == of_pairs.shape[1:] == of_parts.shape[1:]:
            raise ValueError("vectors of different widths")
        self.table: Vectors = np.concatenate([of_words, of_pairs])
        self._of_parts = of_parts
        self._n_pairs = len(of_pairs)

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return int(self.table.shape[1])

    @property
    def words(self) -> tuple[str, ...]:
        """The words that have a vector of their own, in the order of the table."""
        return tuple(self._number)

    def rows(self, words: Sequence[str]) -> list[int]:
        """Return the rows of the table that words and their pairs have; words that it lacks have none."""
        known = [self._number[word] for word in words if word in self._number]
        return known + [len(self._number) + bucket for bucket in pairs_of(words, self._n_pairs)]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return a vector of length one for each text, of shape ``(len(texts), width)``.

        A text without words has one of zeros.
        """
        found = np.zeros((len(texts), self.width), np.float32)
        for place, text in enumerate(texts):
            words = words_of(text)
            rows = self.rows(words)
            for first in range(0, len(rows), _ROWS_AT_ONCE):  # a query may be a book
                found[place] += self.table[rows[first : first + _ROWS_AT_ONCE]].sum(axis=0)
            for word in words:
                if word not in self._number:
                    found[place] += self._new(word)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        unit: Vectors = found / np.maximum(lengths, np.finfo(np.float32).tiny)
        return unit

    def knowing(self, words: Iterable[str]) -> PhraseVectors:
        """Return the same with rows for these words, too, made of their parts."""
        new = [word for word in dict.fromkeys(words) if word not in self._number]
        if not new:
            return self
        split = len(self._number)
        of_words = np.concatenate([self.table[:split], np.stack([self._new(word) for word in new])])
        return PhraseVectors([*self._number, *new], of_words, self.table[split:], self._of_parts)

    def rounded(self) -> PhraseVectors:
        """Return the same as it will be when it was saved; nothing changes a second time."""
        return PhraseVectors.from_arrays(self.to_arrays())

    def _new(self, word: str) -> Vectors:
        found: Vectors = self._of_parts[parts_of(word, len(self._of_parts))].sum(axis=0)
        return found

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the vectors as arrays: each row in 8 bits, with a scale of its own."""
        split = len(self._number)
        arrays: dict[str, NDArray[Any]] = {
            "words": np.frombuffer("\n".join(self._number).encode("utf-8"), np.uint8)
        }
        for name, rows in _named(self.table[:split], self.table[split:], self._of_parts):
            scales = np.maximum(np.abs(rows).max(axis=1, initial=0), np.finfo(np.float16).tiny) / _INT8
            arrays[name] = np.rint(rows / scales[:, None]).astype(np.int8)
            arrays[f"{name}_scales"] = scales.astype(np.float32)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> PhraseVectors:
        """Make one of what `to_arrays` gave.

        Raises:
            ValueError: It is something else.
        """
        tables = []
        for name in ("of_words", "of_pairs", "of_parts"):
            rows = array_of(arrays, name, np.int8, dimensions=2)
            scales = array_of(arrays, f"{name}_scales", np.float32)
            if len(rows) != len(scales) or not len(rows):
                raise ValueError(f"{len(scales)} scales of the {len(rows)} rows of {name}")
            if not np.isfinite(scales).all():
                raise ValueError(f"{name} that are no numbers")
            tables.append(rows * scales[:, None])
        words = array_of(arrays, "words", np.uint8).tobytes().decode("utf-8").split("\n")
        return cls(words, *tables)


def _named(of_words: Vectors, of_pairs: Vectors, of_parts: Vectors) -> list[tuple[str, Vectors]]:
    return [("of_words", of_words), ("of_pairs", of_pairs), ("of_parts", of_parts)]
