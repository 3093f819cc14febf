"""Definitions that stand on both sides of a split, word for word or nearly so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NEAR = 0.8
"""Jaccard similarity of word shingles from which two definitions count as near duplicates."""

_SHINGLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many texts have a twin among the reference texts.

    Attributes:
        n: Texts looked at.
        exact: Texts with the same words, upper and lower case and punctuation apart.
        near: Texts with a near duplicate that is not exact.
    """

    n: int
    exact: int
    near: int


def count_overlap(texts: Sequence[str], reference: Iterable[str]) -> Overlap:
    """Count the texts that have an exact or near duplicate in ``reference``."""
    return DuplicateIndex(reference).count(texts)


class DuplicateIndex:
    """Reference texts in which duplicates of other texts are looked for.

    Near means a Jaccard similarity of three-word shingles of at least `NEAR`. The search is exact, not
    sampled: two sets that similar share one of the rarest shingles of each, so only those are indexed
    (prefix filtering, Chaudhuri et al. 2006, doi:10.1109/ICDE.2006.9).
    """

    def __init__(self, reference: Iterable[str]) -> None:
        self._words = {tuple(_words(text)) for text in reference}
        self._sets = [_shingles(words) for words in self._words]
        self._frequency = Counter(shingle for shingles in self._sets for shingle in shingles)
        self._index: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, shingles in enumerate(self._sets):
            for shingle in _prefix(shingles, self._frequency):
                self._index[shingle].append(number)

    def count(self, texts: Sequence[str]) -> Overlap:
        """Count the texts that have an exact or near duplicate among the reference."""
        exact = near = 0
        for text in texts:
            words = tuple(_words(text))
            if words in self._words:
                exact += 1
            else:
                near += self._has_near(_shingles(words))
        return Overlap(n=len(texts), exact=exact, near=near)

    def _has_near(self, shingles: frozenset[tuple[str, ...]]) -> bool:
        prefix = _prefix(shingles, self._frequency)
        candidates = {number for shingle in prefix for number in self._index.get(shingle, ())}
        return any(_jaccard(shingles, self._sets[number]) >= NEAR for number in candidates)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _shingles(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Return the runs of three words; a shorter text is one shingle."""
    last = max(len(words) - _SHINGLE_WORDS, 0)
    return frozenset(tuple(words[start : start + _SHINGLE_WORDS]) for start in range(last + 1))


def _prefix(
    shingles: frozenset[tuple[str, ...]], frequency: Counter[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """Return the rarest shingles, as many as cannot all be missing from a near duplicate."""
    # A partner shares at least NEAR * size shingles, so it misses at most size - ceil(NEAR * size).
    size = len(shingles)
    keep = size - _ceil(NEAR * size) + 1
    return sorted(shingles, key=lambda shingle: (frequency[shingle], shingle))[:keep]


def _ceil(value: float) -> int:
    # 0.8 * 5 is 4.000000000000001 in floating point and must stay 4; rounding down only widens the net.
    return -int(-(value - 1e-9) // 1)


def _jaccard(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
