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
    """Count the texts that have an exact or near duplicate in ``reference``.

    Near means a Jaccard similarity of three-word shingles of at least `NEAR`. The search is exact, not
    sampled: two sets that similar share one of the rarest shingles of each, so only those are indexed
    (prefix filtering, Chaudhuri et al. 2006, doi:10.1109/ICDE.2006.9).
    """
    reference_words = {tuple(_words(text)) for text in reference}
    reference_sets = [_shingles(words) for words in reference_words]
    frequency = Counter(shingle for shingles in reference_sets for shingle in shingles)
    index: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, shingles in enumerate(reference_sets):
        for shingle in _prefix(shingles, frequency):
            index[shingle].append(number)
    exact = near = 0
    for text in texts:
        words = tuple(_words(text))
        if words in reference_words:
            exact += 1
            continue
        shingles = _shingles(words)
        candidates = {number for shingle in _prefix(shingles, frequency) for number in index.get(shingle, ())}
        near += any(_jaccard(shingles, reference_sets[number]) >= NEAR for number in candidates)
    return Overlap(n=len(texts), exact=exact, near=near)


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
