"""Where the variants of names stand in many texts at once.

Words are numbered by 64-bit hashes, and a run of words by the hash of theirs, so that all runs of a batch are
looked up in one sorted array. That two runs of words share a hash is as good as impossible: of 200,000
variants and a billion runs, one in a hundred thousand times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.lexicon.known_texts import KnownTexts
from gotune.lexicon.variants import LONGEST_NAME
from gotune.lexicon.word_forms import ASCII_WORD, WORD, singular_of, stem

_LEAST_TRIED = 2
"""Words of the runs that may be a symbol, whatever they begin with."""
_PARTS = re.compile(f"({WORD.pattern})")
_ASCII_PARTS = re.compile(f"({ASCII_WORD.pattern})")
_FILTER_BITS = 22
_FIRSTS_AT_ONCE = 1 << 16
"""First words whose runs are looked up in one go: of each there are up to `LONGEST_NAME`."""
BESIDE = 2
"""Words on either side of a run that are told of."""

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


_FACTORS: Hashes = np.array([_hash(f"place {place}") | 1 for place in range(LONGEST_NAME)], np.uint64)
_STEMS: Hashes = np.array([_hash(f"{n} stems") for n in range(LONGEST_NAME + 1)], np.uint64)
_SYMBOLS: Hashes = np.array([_hash(f"{n} words of a symbol") for n in range(LONGEST_NAME + 1)], np.uint64)


def key_of(words: Sequence[str], *, symbol: bool) -> int:
    """Return the hash of a variant: of stems, or of the words of a symbol as they are written.

    Raises:
        ValueError: It has no words, or more than `LONGEST_NAME`.
    """
    if not 0 < len(words) <= LONGEST_NAME:
        raise ValueError(f"a variant of {len(words)} words, expected 1 to {LONGEST_NAME}")
    factors = map(int, _FACTORS)
    total = sum(_hash(word) * factor for word, factor in zip(words, factors, strict=False))
    return (total + int((_SYMBOLS if symbol else _STEMS)[len(words)])) % (1 << 64)


class Runs(NamedTuple):
    """Words in a row that are variants: by text and first word, the longest first, symbols before others.

    Attributes:
        texts: Number of the text.
        places: Number of the first word, counted through all texts.
        lengths: How many words.
        variants: Number of the variant.
        symbols: It is written as a symbol is, and not only of the same stems.
        whole: No letter or digit stands right before or behind it.
        beside: Stems of the words beside it, of shape ``(n, 2 * BESIDE)``, those before it first; 0 where the
            text has none.
    """

    texts: Numbers
    places: Numbers
    lengths: Numbers
    variants: Numbers
    symbols: Flags
    whole: Flags
    beside: Hashes


def offsets_of(text: str) -> list[int]:
    """Return the offsets of the words of a text, and of what is between them.

    Word ``n`` begins at the offset with the number ``2 n + 1`` and ends at the one with ``2 n + 2``.
    """
    return list(accumulate(map(len, split_words(text)), initial=0))


def split_words(text: str) -> list[str]:
    """Return the words of a text and what stands between them, in turn, beginning and ending with that."""
    return (_ASCII_PARTS if text.isascii() else _PARTS).split(text)


_ROW = np.dtype(
    [
        ("stems", np.uint64),
        ("written", np.uint64),
        ("singulars", np.uint64),
        ("longest", np.uint8),
        ("free", "?"),
    ]
)


class _Words(NamedTuple):
    """What is known of words in a row: hashes, see `_hashes_of`.

    Attributes:
        longest: Words of the longest variant of stems that begins with it; 0: none does.
        free: No letter or digit stands right before it.
    """

    stems: Hashes
    written: Hashes
    singulars: Hashes
    longest: NDArray[np.uint8]
    free: Flags


class Matcher:
    """Finds variants.

    Args:
        keys: Hash of each variant, see `key_of`, in ascending order, all different.
        firsts: Hash of each stem that begins a variant of stems, in ascending order, all different.
        longest: Words of the longest variant that begins with it.
    """

    def __init__(self, keys: Hashes, firsts: Hashes, longest: NDArray[np.uint8]) -> None:
        self.keys, self.firsts, self.longest = keys, firsts, longest
        self._may_be = np.zeros(1 << _FILTER_BITS, np.bool_)
        self._may_be[_in_filter(keys)] = True
        self._known_chunks = KnownTexts(_ROW)

    @classmethod
    def of(cls, keys: Iterable[int], lengths_by_first: dict[str, int]) -> Matcher:
        """Make one of hashes in ascending order, and of the longest variant by its first stem."""
        by_hash = sorted((_hash(first), longest) for first, longest in lengths_by_first.items())
        return cls(
            np.array(list(keys), np.uint64),
            np.array([first for first, _ in by_hash], np.uint64),
            np.array([longest for _, longest in by_hash], np.uint8),
        )

    def runs(self, texts: Sequence[str]) -> Runs:
        """Return all variants in the texts."""
        # What stands between blanks is split once and for all: most of it comes again.
        chunks = [text.split() for text in texts]
        counts, columns = self._known_chunks.rows([*chain.from_iterable(chunks)], self._words_of)
        words = _Words(*columns)
        text_of_chunk = np.repeat(np.arange(len(texts)), np.fromiter(map(len, chunks), np.int64))
        owner = np.repeat(text_of_chunk, counts)
        last = np.searchsorted(owner, owner, side="right")
        free = np.append(words.free, True)
        by_letters = _in_slices(
            np.flatnonzero(words.free), lambda at: self._runs_of_symbols(words, last, free, at)
        )
        by_stems = _in_slices(np.flatnonzero(words.longest), lambda at: self._runs_of_stems(words, last, at))
        place, n_words, variant = np.concatenate([by_letters, by_stems], axis=1)
        is_symbol = np.arange(len(place)) < by_letters.shape[1]
        order = np.lexsort((~is_symbol, -n_words, place))
        place, n_words = place[order], n_words[order]
        whole = free[place] & free[place + n_words]
        beside = _beside(words.stems, owner, place, n_words)
        return Runs(owner[place], place, n_words, variant[order], is_symbol[order], whole, beside)

    def _runs_of_stems(self, words: _Words, last: Numbers, at: Numbers) -> Numbers:
        first, n_before = _tried(at, np.minimum(words.longest[at], last[at] - at))
        hashes = words.stems[first + n_before] * _FACTORS[n_before]
        return self._known(first, n_before + 1, _sums_within(hashes, n_before) + _STEMS[n_before + 1])

    def _runs_of_symbols(self, words: _Words, last: Numbers, free: Flags, at: Numbers) -> Numbers:
        most = np.maximum(words.longest[at], _LEAST_TRIED)
        first, n_before = _tried(at, np.minimum(most, last[at] - at))
        ends = first + n_before
        factors = _FACTORS[n_before]
        written = words.written[ends] * factors
        before = _sums_within(written, n_before) - written
        keys = before + words.singulars[ends] * factors + _SYMBOLS[n_before + 1]
        whole = free[ends + 1]
        return self._known(first[whole], n_before[whole] + 1, keys[whole])

    def _known(self, places: Numbers, n_words: Numbers, keys: Hashes) -> Numbers:
        """Return first word, number of words and variant of those runs that are one."""
        likely = np.flatnonzero(self._may_be[_in_filter(keys)])
        at = np.searchsorted(self.keys, keys[likely])
        known = self.keys[np.minimum(at, len(self.keys) - 1)] == keys[likely]
        runs = likely[known]
        return np.stack([places[runs], n_words[runs], at[known]])

    def _words_of(self, chunk: str) -> list[tuple[int, int, int, int, bool]]:
        """Return what is known of the words of a chunk, each as a row of `_ROW`."""
        parts = split_words(chunk)
        rows = []
        for place in range(1, len(parts), 2):
            hashes = _hashes_of(parts[place])
            rows.append((*hashes, self._longest_of(hashes[0]), place == 1 or parts[place - 1] != ""))
        return rows

    def _longest_of(self, stem_hash: int) -> int:
        at = int(np.searchsorted(self.firsts, np.uint64(stem_hash)))
        begins = at < len(self.firsts) and int(self.firsts[at]) == stem_hash
        return int(self.longest[at]) if begins else 0


def _in_slices(firsts: Numbers, runs_of: Callable[[Numbers], Numbers]) -> Numbers:
    """Return the runs that begin with the words of these numbers, some of which are asked for at once."""
    starts = range(0, max(len(firsts), 1), _FIRSTS_AT_ONCE)
    return np.concatenate([runs_of(firsts[start : start + _FIRSTS_AT_ONCE]) for start in starts], axis=1)


def _tried(at: Numbers, most: Numbers) -> tuple[Numbers, Numbers]:
    """Return the runs that are looked up: the first word of each, and how many come before its last one.

    Args:
        at: First words, in ascending order.
        most: Words of the longest run that begins with each.
    """
    begins = np.cumsum(most) - most
    return np.repeat(at, most), np.arange(most.sum()) - np.repeat(begins, most)


def _sums_within(hashes: Hashes, n_before: Numbers) -> Hashes:
    """Return the sum of each hash and of those before it that belong to the same first word."""
    sums = np.cumsum(hashes)  # beyond 64 bits it begins anew, and so does the difference
    where = np.arange(len(sums)) - n_before
    found: Hashes = sums - (sums - hashes)[where]
    return found


def _beside(stems: Hashes, owner: Numbers, place: Numbers, n_words: Numbers) -> Hashes:
    """Return the stems of the words beside runs, as `Runs` has them.

    Args:
        stems: Of all words.
        owner: Number of the text of each word.
        place: Number of the first word of each run.
        n_words: How many each has.
    """
    near = np.arange(BESIDE)
    at = np.concatenate([place[:, None] - BESIDE + near, (place + n_words)[:, None] + near], axis=1)
    in_range = np.clip(at, 0, max(len(stems) - 1, 0))
    return np.where((at == in_range) & (owner[in_range] == owner[place][:, None]), stems[in_range], 0)


@lru_cache(1 << 16)
def _hashes_of(word: str) -> tuple[int, int, int]:
    """Return the hashes of the stem of a word, of the word, and of it as a symbol without its plural."""
    return _hash(stem(word)), _hash(word), _hash(singular_of(word))


def _in_filter(keys: Hashes) -> Hashes:
    found: Hashes = keys >> np.uint64(64 - _FILTER_BITS)
    return found
