"""Names of terms in running text, each with how far it can be trusted to mean its term there.

"Development" is in the names of many terms, and hardly ever names one; "expression" is the name of none, and
means gene expression. Both show only where people have annotated. So a wording has the share of its
places at which people annotated the term; and as most wordings of GO stand in no annotated paper, it
begins from the share of wordings like it, of the same scope and as many words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.errors import UnknownTermError
from gotune.lexicon.matching import Matcher, key_of, offsets_of
from gotune.lexicon.variants import LONGEST_NAME, Evidence, is_symbol, name_variants
from gotune.lexicon.word_forms import bare_words, singular_of, stem
from gotune.linking.labels import terms_to_suggest

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

_THOUSANDTHS = 1000
"""What trust is saved in."""
MOST_COUNTED_WORDS = 3
"""Words of a wording beyond which more make no difference to how far it is trusted at first."""
TRUSTED = 0.4
"""From where on a wording counts; chosen on CRAFT's development articles by cross-validation."""


class Named(NamedTuple):
    """A place in a text that names a term.

    Attributes:
        start: Code point of the first character.
        end: Code point behind the last one.
        go_id: The term.
        trust: Probability that this wording means the term.
    """

    start: int
    end: int
    go_id: str
    trust: float


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

    @classmethod
    def of(cls, words: Sequence[str]) -> Wording | None:
        """Return what is known of words in a row; None if they are none, or too many."""
        if not 0 < len(words) <= LONGEST_NAME:
            return None
        if is_symbol(words):
            written = [*words[:-1], singular_of(words[-1])]
            return cls(key_of(written, symbol=True), None, len(words))
        stems = [stem(word) for word in words]
        return cls(key_of(stems, symbol=False), stems[0], len(words))


Candidates = dict[Wording, dict[str, Evidence | None]]
"""The terms that each wording may mean, and why; None where only annotations say so."""


class TermNames:
    """Finds names of terms in texts.

    Args:
        matcher: Finds wordings.
        numbers: Of the term that each means, ``7`` for ``GO:0000007``, in the order of the matcher's keys.
        trust: How far each can be trusted to.
        prior: The same of a wording that nobody has met: by `Evidence` and by words, up to
            `MOST_COUNTED_WORDS`.
    """

    def __init__(
        self,
        matcher: Matcher,
        numbers: NDArray[np.uint32],
        trust: NDArray[np.float64],
        prior: NDArray[np.float64],
    ) -> None:
        self._matcher, self._numbers, self._trust, self._prior = matcher, numbers, trust, prior

    @classmethod
    def of(cls, meanings: Mapping[Wording, tuple[str, float]], prior: NDArray[np.float64]) -> TermNames:
        """Make one of the term that each wording means, and how far it can be trusted to."""
        longest: dict[str, int] = {}
        for wording in meanings:
            if wording.first is not None:
                longest[wording.first] = max(longest.get(wording.first, 0), wording.n_words)
        by_key = sorted((wording.key, *meaning) for wording, meaning in meanings.items())
        return cls(
            Matcher.of([key for key, _, _ in by_key], longest),
            np.array([number_of(go_id) for _, go_id, _ in by_key], np.uint32),
            np.array([trust for _, _, trust in by_key]).round(3),
            prior,
        )

    def __len__(self) -> int:
        return len(self._numbers)

    def trusted(self, least: float = TRUSTED) -> TermNames:
        """Return the names that can be trusted this far; others hide none of them."""
        kept = self._trust >= least
        matcher = self._matcher
        return TermNames(
            Matcher(matcher.keys[kept], matcher.firsts, matcher.longest),
            self._numbers[kept],
            self._trust[kept],
            self._prior,
        )

    def find(self, texts: Sequence[str]) -> list[list[Named]]:
        """Return what each text names, in order; of names that overlap the first, the longest of these."""
        runs = self._matcher.runs(texts)
        found: list[list[Named]] = [[] for _ in texts]
        if not len(runs.texts):
            return found
        columns = (runs.texts, runs.places, runs.lengths, runs.variants, runs.whole)
        places = _WordPlaces(texts)
        behind = -1
        for text, place, length, variant, whole in zip(*(one.tolist() for one in columns), strict=True):
            if whole and place >= behind:
                behind = place + length
                go_id = id_of(int(self._numbers[variant]))
                found[text].append(
                    Named(*places.span(text, place, length), go_id, float(self._trust[variant]))
                )
        return found

    @property
    def keys(self) -> list[int]:
        """The hashes of the wordings, in order."""
        keys: list[int] = self._matcher.keys.tolist()
        return keys

    def places(self, texts: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
        """Yield all places of all wordings: text, start, end, and place of the wording among `keys`."""
        runs = self._matcher.runs(texts)
        places = _WordPlaces(texts)
        columns = (runs.texts, runs.places, runs.lengths, runs.variants, runs.whole)
        for text, place, length, variant, whole in zip(*(one.tolist() for one in columns), strict=True):
            if whole:
                yield (text, *places.span(text, place, length), variant)

    def of_release(self, ontology: Ontology) -> TermNames:
        """Return the names of another release, trusted as the same wordings are here."""
        known = {
            int(key): (number, float(trust))
            for key, number, trust in zip(
                self._matcher.keys.tolist(), self._numbers.tolist(), self._trust.tolist(), strict=True
            )
        }
        meanings = {}
        for wording, terms in candidates_of(ontology).items():
            best = max(terms, key=lambda go_id: self.first_trust(wording, terms[go_id]))
            meanings[wording] = (best, self.first_trust(wording, terms[best]))
            if wording.key in known:
                number, trust = known[wording.key]
                live = _live(ontology, id_of(number))
                if live is not None:
                    meanings[wording] = (live, trust)
        return TermNames.of(meanings, self._prior)

    def first_trust(self, wording: Wording, evidence: Evidence | None) -> float:
        """Return how far a wording can be trusted that nobody has met in text."""
        return first_trust(self._prior, wording, evidence)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as arrays."""
        return {
            "name_keys": self._matcher.keys,
            "name_firsts": self._matcher.firsts,
            "name_longest": self._matcher.longest,
            "name_terms": self._numbers,
            "name_trust": np.rint(self._trust * _THOUSANDTHS).astype(np.uint16),
            "name_prior": self._prior.astype(np.float32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> TermNames:
        """Make one of what `to_arrays` gave.

        Raises:
            ValueError: It is something else.
        """
        for name, kind in _ARRAYS.items():
            array = arrays.get(name)
            if array is None or array.dtype != kind:
                raise ValueError(f"no array {name} in {np.dtype(kind)}")
        keys, firsts = arrays["name_keys"], arrays["name_firsts"]
        fits = [
            keys.shape == arrays["name_terms"].shape == arrays["name_trust"].shape == (len(keys),),
            firsts.shape == arrays["name_longest"].shape == (len(firsts),),
            arrays["name_prior"].shape == (len(Evidence), MOST_COUNTED_WORDS),
        ]
        if not all(fits):
            raise ValueError("names in arrays of different lengths")
        sound = [
            bool((keys[1:] > keys[:-1]).all() and (firsts[1:] > firsts[:-1]).all()),
            arrays["name_longest"].max(initial=0) <= LONGEST_NAME,
            arrays["name_trust"].max(initial=0) <= _THOUSANDTHS,
            bool(np.isfinite(arrays["name_prior"]).all()),
        ]
        if not all(sound):
            raise ValueError("names out of order, or trust beyond certainty")
        return cls(
            Matcher(keys, firsts, arrays["name_longest"]),
            arrays["name_terms"],
            arrays["name_trust"] / _THOUSANDTHS,
            arrays["name_prior"].astype(np.float64),
        )


_ARRAYS = {
    "name_keys": np.uint64,
    "name_firsts": np.uint64,
    "name_longest": np.uint8,
    "name_terms": np.uint32,
    "name_trust": np.uint16,
    "name_prior": np.float32,
}


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


def wording_of(surface: str) -> Wording | None:
    """Return how a stretch of text is known as a wording; None if it has no words, or too many."""
    return Wording.of(bare_words(surface))


def first_trust(prior: NDArray[np.float64], wording: Wording, evidence: Evidence | None) -> float:
    """Return how far a wording can be trusted that nobody has met in text."""
    if evidence is None:
        return _ONLY_ANNOTATED
    return float(prior[evidence.rank, min(wording.n_words, MOST_COUNTED_WORDS) - 1])


_ONLY_ANNOTATED = 0.3
"""Trust, before its places are counted, in a wording that GO does not have."""


def id_of(number: int) -> str:
    """Return the id with this number."""
    return f"GO:{number:07d}"


def number_of(go_id: str) -> int:
    """Return the number of an id."""
    return int(go_id.removeprefix("GO:"))


def _live(ontology: Ontology, go_id: str) -> str | None:
    try:
        return next(iter(ontology.resolve(go_id)), None)
    except UnknownTermError:
        return None


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
