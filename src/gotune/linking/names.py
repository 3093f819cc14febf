"""Names of terms in running text, each with how far it can be trusted to mean its term there.

"Development" is in the names of many terms, and hardly ever names one; "expression" is the name of none, and
means gene expression. Both show only where people have annotated. So a wording has the share of its
places at which people annotated the term; and as most wordings of GO stand in no annotated paper, it
begins from the share of wordings like it, of the same scope and as many words. The words beside it correct
that where it stands, see `gotune.linking.beside`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.arrays import array_of
from gotune.lexicon.matching import Matcher, Runs, key_of, offsets_of
from gotune.lexicon.variants import LONGEST_NAME, Evidence, as_symbol, is_symbol, name_variants
from gotune.lexicon.word_forms import bare_words, stem
from gotune.linking.beside import NOTHING_BESIDE, WordsBeside, beside_keys
from gotune.linking.labels import LAST_NUMBER, id_of, live_terms, number_of, terms_to_suggest
from gotune.records import Span

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

_THOUSANDTHS = 1000
"""What trust is saved in."""
MOST_COUNTED_WORDS = 3
"""Words of a wording beyond which more make no difference to how far it is trusted at first."""
DOUBTED = 0.1
"""Trust from where on the words beside a wording can make it count."""
TRUSTED = 0.4
"""From where on a wording counts; chosen on CRAFT's development articles by cross-validation."""


class Named(NamedTuple):
    """A place in a text that names a term.

    Attributes:
        start: Code point of the first character.
        end: Code point behind the last one.
        go_id: The term.
        trust: Probability that this wording means the term beside these words.
        gap: Start and end of what stands between its words and is no part of it, if there is something.
    """

    start: int
    end: int
    go_id: str
    trust: float
    gap: Span | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Start and end of its parts."""
        if self.gap is None:
            return ((self.start, self.end),)
        return (self.start, self.gap[0]), (self.gap[1], self.end)


class Place(NamedTuple):
    """A place of a wording.

    Attributes:
        text: Number of the text.
        start: Code point of the first character.
        end: Code point behind the last one.
        variant: Place of the wording among the keys of the names.
        beside: Stems of the words beside it, see `gotune.lexicon.matching.Runs`.
    """

    text: int
    start: int
    end: int
    variant: int
    beside: NDArray[np.uint64]


class Wording(NamedTuple):
    """How the names of `TermNames` know a wording.

    Attributes:
        key: Its hash.
        first: The stem that it begins with; None of a symbol.
        n_words: How many words it has.
    """

    key: int
    first: str | None
    n_words: int

    @property
    def counted_words(self) -> int:
        """How many words it has, as far as that makes a difference to how far it is trusted at first."""
        return min(self.n_words, MOST_COUNTED_WORDS)

    @classmethod
    def of(cls, words: Sequence[str]) -> Wording | None:
        """Return what is known of words in a row; None if they are none, or too many."""
        if not 0 < len(words) <= LONGEST_NAME:
            return None
        if is_symbol(words):
            return cls(key_of(as_symbol(words), symbol=True), None, len(words))
        stems = [stem(word) for word in words]
        return cls(key_of(stems, symbol=False), stems[0], len(words))


ROW = np.dtype([("term", np.uint32), ("trust", np.float64), ("only_marked", "?")])
"""What a wording means: the number of a term, ``7`` for ``GO:0000007``, how far it can be trusted to, and
whether it is no name of GO, and known from annotated papers alone."""
_GONE = (0, 0.0, False)
_OUTRIGHT = (Evidence.NAME, Evidence.EXACT)
"""Evidence by which a release itself gives a name to a term."""
_TEXTS_AT_ONCE = 1024

Candidates = dict[Wording, dict[str, Evidence | None]]
"""The terms that each wording may mean, and why; None where only annotations say so."""


class TermNames:
    """Finds names of terms in texts.

    Args:
        matcher: Finds wordings.
        rows: What each wording means, as `ROW`, in the order of the matcher's keys.
        prior: Trust in a wording that nobody has met: by `Evidence` and by words, up to
            `MOST_COUNTED_WORDS`.
        beside: What the words beside a name say of it.
        least: Trust from where on a place counts.

    Attributes:
        beside: The same.
    """

    def __init__(
        self,
        matcher: Matcher,
        rows: NDArray[np.void],
        prior: NDArray[np.float64],
        beside: WordsBeside = NOTHING_BESIDE,
        least: float = 0.0,
    ) -> None:
        self._matcher, self._rows, self._prior = matcher, rows, prior
        self.beside, self._least = beside, least

    @classmethod
    def of(
        cls,
        meanings: Mapping[Wording, tuple[str, float]],
        prior: NDArray[np.float64],
        only_marked: Container[Wording] = (),
        beside: WordsBeside = NOTHING_BESIDE,
    ) -> TermNames:
        """Make one of the term that each wording means, and how far it can be trusted to.

        Args:
            meanings: Both, by the wording.
            prior: See the class.
            only_marked: Wordings that are no name of GO, and known from annotated papers alone.
            beside: See the class.
        """
        longest: dict[str, int] = {}
        for wording in meanings:
            if wording.first is not None:
                longest[wording.first] = max(longest.get(wording.first, 0), wording.n_words)
        by_key = sorted((wording.key, wording) for wording in meanings)
        rows = [
            (number_of(meanings[wording][0]), round(meanings[wording][1], 3), wording in only_marked)
            for _, wording in by_key
        ]
        return cls(Matcher.of([key for key, _ in by_key], longest), np.array(rows, ROW), prior, beside)

    def __len__(self) -> int:
        return len(self._rows)

    def trusted(self, least: float = TRUSTED) -> TermNames:
        """Return what finds names where they can be trusted this far; others hide none of them.

        Raises:
            ValueError: ``least`` is no probability.
        """
        if not 0 <= least <= 1:
            raise ValueError(f"expected a probability as the least trust, found {least}")
        floor = min(least, DOUBTED) if len(self.beside) else least
        return self._only(self._rows["trust"] >= floor, least)

    def find(self, texts: Sequence[str]) -> list[list[Named]]:
        """Return what each text names, in order; of names that overlap the first, the longest of these."""
        found: list[list[Named]] = [[] for _ in texts]
        for first, runs, places in self._runs(texts):
            rows = self._rows[runs.variants]
            beside = beside_keys(runs.beside, self._matcher.keys[runs.variants], rows["term"])
            trust = self.beside.corrected(rows["trust"], beside)
            counts = runs.whole & (trust >= self._least)
            columns = (runs.texts, runs.places, runs.lengths, rows["term"], trust)
            chosen = (column[counts].tolist() for column in columns)
            for text, place, length, number, of_place in zip(*chosen, strict=True):
                of_text, (start, end) = found[first + text], places.span(text, place, length)
                is_first = not of_text or start >= of_text[-1].end
                if is_first and not _is_broken(texts[first + text][start:end]):
                    of_text.append(Named(start, end, id_of(number), of_place))
        return found

    @property
    def keys(self) -> list[int]:
        """The hashes of the wordings, in order."""
        keys: list[int] = self._matcher.keys.tolist()
        return keys

    def places(self, texts: Sequence[str]) -> Iterator[Place]:
        """Yield all places of all wordings, by text and start, the longest first."""
        for first, runs, places in self._runs(texts):
            columns = (runs.texts, runs.places, runs.lengths, runs.variants)
            whole = (column[runs.whole].tolist() for column in columns)
            rows = zip(*whole, runs.beside[runs.whole], strict=True)
            for text, place, length, variant, beside in rows:
                yield Place(first + text, *places.span(text, place, length), variant, beside)

    def _runs(self, texts: Sequence[str]) -> Iterator[tuple[int, Runs, _WordPlaces]]:
        """Yield the runs of words that are wordings, with the number of the first text and all words."""
        for first in range(0, len(texts), _TEXTS_AT_ONCE):
            part = texts[first : first + _TEXTS_AT_ONCE]
            runs = self._matcher.runs(part)
            if len(runs.texts):
                yield first, runs, _WordPlaces(part)

    def of_release(self, ontology: Ontology) -> TermNames:
        """Return the names of another release, trusted as the same wordings of the same terms are here.

        What only papers call a term they still do, unless the release gives that name to another.
        """
        moved = self._moved_to(ontology)
        known = dict(zip(moved.keys, moved._rows.tolist(), strict=True))
        meanings = {}
        for wording, terms in candidates_of(ontology).items():
            best = max(terms, key=lambda go_id: first_trust(self._prior, wording, terms[go_id]))
            meanings[wording] = (best, first_trust(self._prior, wording, terms[best]))
            number, trust, _ = known.get(wording.key, _GONE)
            if number and (id_of(number) in terms or terms[best] not in _OUTRIGHT):
                meanings[wording] = (id_of(number), trust)
        released = TermNames.of(meanings, self._prior, beside=self.beside)
        is_new = ~np.isin(moved._matcher.keys, released._matcher.keys)
        return released._and(moved._only(moved._rows["only_marked"] & (moved._rows["term"] > 0) & is_new))

    def _moved_to(self, ontology: Ontology) -> TermNames:
        """Return the same names with the terms of another release, of number 0 where it has none."""
        rows = self._rows.copy()
        numbers = {number: _number_in(ontology, number) for number in np.unique(rows["term"]).tolist()}
        rows["term"] = [numbers[number] for number in rows["term"].tolist()]
        return TermNames(self._matcher, rows, self._prior, self.beside, self._least)

    def _only(self, kept: NDArray[np.bool_], least: float | None = None) -> TermNames:
        """Return the names that are kept, as flags by their place, counting from a trust on or as before."""
        least = self._least if least is None else least
        keys, firsts, longest = self._matcher.keys[kept], self._matcher.firsts, self._matcher.longest
        matcher = Matcher(keys, firsts, longest)
        return TermNames(matcher, self._rows[kept], self._prior, self.beside, least)

    def _and(self, others: TermNames) -> TermNames:
        """Return these names and others, of which none is among these."""
        ours, theirs = self._matcher, others._matcher
        keys = np.concatenate([ours.keys, theirs.keys])
        order = np.argsort(keys)
        firsts, place = np.unique(np.concatenate([ours.firsts, theirs.firsts]), return_inverse=True)
        longest = np.zeros(len(firsts), np.uint8)
        np.maximum.at(longest, place, np.concatenate([ours.longest, theirs.longest]))
        rows = np.concatenate([self._rows, others._rows])[order]
        matcher = Matcher(keys[order], firsts, longest)
        return TermNames(matcher, rows, self._prior, self.beside, self._least)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as arrays, without the words beside the names."""
        return {
            "name_keys": self._matcher.keys,
            "name_firsts": self._matcher.firsts,
            "name_longest": self._matcher.longest,
            "name_terms": self._rows["term"],
            "name_trust": np.rint(self._rows["trust"] * _THOUSANDTHS).astype(np.uint16),
            "name_only_marked": np.flatnonzero(self._rows["only_marked"]).astype(np.uint32),
            "name_prior": self._prior.astype(np.float32),
        }

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[Any]], beside: WordsBeside = NOTHING_BESIDE
    ) -> TermNames:
        """Make one of what `to_arrays` gave, and of the words beside the names.

        Raises:
            ValueError: It is something else.
        """
        keys = array_of(arrays, "name_keys", np.uint64)
        firsts = array_of(arrays, "name_firsts", np.uint64)
        longest = array_of(arrays, "name_longest", np.uint8)
        terms = array_of(arrays, "name_terms", np.uint32)
        trust = array_of(arrays, "name_trust", np.uint16)
        only_marked = array_of(arrays, "name_only_marked", np.uint32)
        prior = array_of(arrays, "name_prior", np.float32, dimensions=2).astype(np.float64)
        fits = [
            len(keys) == len(terms) == len(trust),
            len(firsts) == len(longest),
            prior.shape == (len(Evidence), MOST_COUNTED_WORDS),
        ]
        if not all(fits):
            raise ValueError("names in arrays of different lengths")
        sound = [
            bool((keys[1:] > keys[:-1]).all() and (firsts[1:] > firsts[:-1]).all()),
            longest.max(initial=0) <= LONGEST_NAME,
            terms.max(initial=0) <= LAST_NUMBER,
            trust.max(initial=0) <= _THOUSANDTHS,
            only_marked.max(initial=0) <= max(len(keys) - 1, 0),
            bool(((prior >= 0) & (prior <= 1)).all()),
        ]
        if not all(sound):
            raise ValueError("names out of order, or trust beyond certainty")
        rows = np.zeros(len(keys), ROW)
        rows["term"], rows["trust"] = terms, trust / _THOUSANDTHS
        rows["only_marked"][only_marked] = True
        return cls(Matcher(keys, firsts, longest), rows, prior, beside)


def candidates_of(ontology: Ontology) -> Candidates:
    """Return the wordings of a release with the terms that they may mean, the strongest evidence of each."""
    found: Candidates = defaultdict(dict)
    for term in terms_to_suggest(ontology):
        for variant in name_variants(term):
            wording = Wording.of(variant.words)
            if wording is not None:
                known = found[wording].get(term.id)
                if known is None or variant.evidence.rank < known.rank:
                    found[wording][term.id] = variant.evidence
    return found


def _number_in(ontology: Ontology, number: int) -> int:
    """Return the number of the term that a release has for one of another, 0 unless it is one alone."""
    found = live_terms(ontology, id_of(number))
    return number_of(found[0]) if len(found) == 1 else 0


def wording_of(surface: str) -> Wording | None:
    """Return how a stretch of text is known as a wording; None if it has no words, or too many."""
    return Wording.of(bare_words(surface))


def first_trust(prior: NDArray[np.float64], wording: Wording, evidence: Evidence | None) -> float:
    """Return how far a wording can be trusted that nobody has met in text."""
    if evidence is None:
        return _ONLY_ANNOTATED
    return float(prior[evidence.rank, wording.counted_words - 1])


_ONLY_ANNOTATED = 0.3
"""Trust, before its places are counted, in a wording that GO does not have."""


_BETWEEN_PARTS = ("; ", ": ", ", ")


def _is_broken(surface: str) -> bool:
    """Whether what stands there is the end of one part of a sentence and the beginning of another."""
    return surface.count("(") != surface.count(")") or any(mark in surface for mark in _BETWEEN_PARTS)


class _WordPlaces:
    """Where the words of texts are, which are counted through all of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._offsets = [offsets_of(text) for text in texts]
        counts = [len(offsets) // 2 - 1 for offsets in self._offsets]
        self._firsts = [0, *np.cumsum(counts).tolist()]

    def span(self, text: int, place: int, length: int) -> tuple[int, int]:
        """Return start and end of words in a row."""
        offsets, first = self._offsets[text], place - self._firsts[text]
        return offsets[2 * first + 1], offsets[2 * (first + length)]
