"""What is known of words met before, so that only new ones take time; several threads may ask at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_KEPT = 1 << 17
"""Texts; of all of them there are at most four times as many rows."""
_LONGEST_KEPT = 100
"""Characters of a text that is kept itself: sequences and data may have millions."""

Numbers = NDArray[np.int64]
Columns = tuple[NDArray[Any], ...]
Tell = Callable[[str], Sequence[tuple[Any, ...]]]
"""Returns the rows of a text, the same each time."""

_Key = str | bytes


class KnownTexts:
    """Rows of figures that are told of short texts, kept for the next time; a text has any number of them.

    They stand in arrays that double where they have to grow, so that one text after another costs no more
    than all at once. Where there are too many, all are forgotten.

    One thread at a time learns. It writes behind the rows that others have been given, or into arrays of its
    own, and it gives numbers out last: so what a thread reads is whole, and stays so, also where learning is
    broken off. Copied or pickled, it knows nothing yet.

    Args:
        row: Types of the columns.
    """

    _number: dict[_Key, int]
    _n_rows: int
    _firsts: Numbers
    _counts: Numbers
    _columns: Columns

    def __init__(self, row: np.dtype[np.void]) -> None:
        self._row = row
        self._lock = Lock()
        self._forget()

    def __reduce__(self) -> tuple[type[KnownTexts], tuple[np.dtype[np.void]]]:
        return KnownTexts, (self._row,)

    def rows(self, texts: Sequence[str], tell: Tell) -> tuple[Numbers, Columns]:
        """Return how many rows each text has, and the columns of all of them, text after text.

        Args:
            texts: Any texts.
            tell: Tells the rows of those that are new, always the same function.
        """
        with self._lock:
            numbers = self._numbers(texts, tell)
            firsts, counts, columns = self._firsts, self._counts, self._columns
            if len(self._number) > _MOST_KEPT or self._n_rows > _MOST_KEPT * 4:
                self._forget()
        of_each = counts[numbers]
        shifts = np.repeat(firsts[numbers] - np.cumsum(of_each) + of_each, of_each)
        rows = np.arange(len(shifts)) + shifts
        return of_each, tuple(column[rows] for column in columns)

    def _numbers(self, texts: Sequence[str], tell: Tell) -> Numbers:
        try:
            return self._known_numbers(texts)
        except KeyError:
            keys = list(map(_key_of, texts))
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._number}
            self._learn(new, tell)
            return self._known_numbers(keys)

    def _known_numbers(self, keys: Sequence[_Key]) -> Numbers:
        return np.fromiter(map(self._number.__getitem__, keys), np.int64, count=len(keys))

    def _learn(self, texts: Mapping[_Key, str], tell: Tell) -> None:
        told = list(map(tell, texts.values()))
        counts = np.array(list(map(len, told)), np.int64)
        rows = np.array([*chain.from_iterable(told)], self._row)
        n_texts, n_rows = len(self._number) + len(texts), self._n_rows + len(rows)
        self._firsts = _with(self._firsts, n_texts, self._n_rows + np.cumsum(counts) - counts)
        self._counts = _with(self._counts, n_texts, counts)
        self._columns = tuple(
            _with(column, n_rows, rows[name])
            for name, column in zip(self._row.names or (), self._columns, strict=True)
        )
        self._n_rows = n_rows
        self._number |= zip(texts, range(len(self._number), n_texts), strict=True)

    def _forget(self) -> None:
        self._number = {}
        self._n_rows = 0
        self._firsts = self._counts = np.zeros(0, np.int64)
        self._columns = tuple(np.zeros(0, self._row[name]) for name in self._row.names or ())


def _key_of(text: str) -> _Key:
    """Return what a text is known by: of a long one, what is as good as it."""
    if len(text) <= _LONGEST_KEPT:
        return text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _with(known: NDArray[Any], size: int, new: NDArray[Any]) -> NDArray[Any]:
    """Return an array of at least this size, which the new values end."""
    grown = (
        known
        if size <= len(known)
        else np.concatenate([known, np.zeros_like(known, shape=(size, *known.shape[1:]))])
    )
    grown[size - len(new) : size] = new
    return grown
