"""The names of a release, each with how far it can be trusted, to go along with a model.

An encoder knows the words that its training sentences had. The names of GO are many more, so a tagger of
sentences is better with both: on CRAFT's development papers the average precision of a fine-tuned MiniLM rose
from .94 to .95, and on sentences by another hand from .95 to .98 (``docs/experiments.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.arrays import pack_lines, unpack_lines
from gotune.aspects import ASPECTS
from gotune.errors import BundleError
from gotune.lexicon.abbreviations import spell_out
from gotune.lexicon.dictionary import (
    Dictionary,
    Meaning,
    Meanings,
    Mention,
    bit_of,
    counts_inside,
    mention_of,
)
from gotune.lexicon.matching import Matcher, offsets_of
from gotune.lexicon.noise_model import NoiseModel, WordUse
from gotune.lexicon.variants import LONGEST_NAME, Evidence
from gotune.protocols import Track, doing, untracked
from gotune.typed_json import parse_json

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

_EVIDENCE = tuple(Evidence)
_TEXTS_AT_ONCE = 2048
_THOUSANDTHS = 1000
"""What reliabilities are told in."""


class Columns(NamedTuple):
    """What is told of each meaning, variant after variant.

    Attributes:
        ends: Number behind the last meaning of each variant.
        aspects: Label of the aspect.
        evidence: Rank of the evidence.
        reliabilities: Probability that a mention is right.
        names: Number of the stems, the same for those that are.
    """

    ends: NDArray[np.int64]
    aspects: NDArray[np.uint8]
    evidence: NDArray[np.uint8]
    reliabilities: NDArray[np.float64]
    names: NDArray[np.uint32]


class Lexicon:
    """A dictionary whose mentions have a fixed reliability.

    Args:
        dictionary: All variants of the names.
        columns: What is told of their meanings.

    Attributes:
        dictionary: The same.
    """

    def __init__(self, dictionary: Dictionary, columns: Columns) -> None:
        self.dictionary = dictionary
        self._columns = columns

    @classmethod
    def from_ontology(cls, ontology: Ontology, *, track: Track = untracked) -> Lexicon:
        """Gather the names of a release, and learn from its definitions how far to trust them."""
        with doing(track, "gathering names"):
            dictionary = Dictionary.from_ontology(ontology)
        definitions = [term.definition for term in ontology.terms() if term.definition]
        tracked = track(definitions, description="weighing names", total=len(definitions))
        use = WordUse(definitions, map(dictionary.find, tracked))
        noise = NoiseModel(use, use)
        return cls._of(dictionary, lambda meaning: noise.reliability(Mention(0, 0, *meaning)))

    @classmethod
    def _of(cls, dictionary: Dictionary, reliability: Callable[[Meaning], float]) -> Lexicon:
        meanings = [meaning for variant in dictionary.meanings for meaning in variant]
        numbers: dict[tuple[str, ...], int] = {}
        return cls(
            dictionary,
            Columns(
                np.cumsum([len(variant) for variant in dictionary.meanings], dtype=np.int64),
                np.array([meaning.aspect.label for meaning in meanings], np.uint8),
                np.array([meaning.evidence.rank for meaning in meanings], np.uint8),
                np.array([round(reliability(meaning), 3) for meaning in meanings]),
                np.array([numbers.setdefault(one.stems, len(numbers)) for one in meanings], np.uint32),
            ),
        )

    def __len__(self) -> int:
        return len(self.dictionary)

    def evidence(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the probability of each aspect by the names alone, of shape ``(len(texts), 3)``.

        It is the probability that not all names of the aspect in the text are wrong; a name that is repeated
        counts once.
        """
        parts = [
            self._evidence(texts[start : start + _TEXTS_AT_ONCE])
            for start in range(0, len(texts), _TEXTS_AT_ONCE)
        ]
        return np.concatenate([np.zeros((0, len(ASPECTS))), *parts])

    def _evidence(self, texts: Sequence[str]) -> NDArray[np.float64]:
        runs = self.dictionary.matcher.runs(texts)
        chosen, taken = self.dictionary.chosen(runs)
        variants = runs.variants[chosen]
        firsts, counts = self._meanings_of(variants)
        each = np.repeat(firsts - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        labels = self._columns.aspects[each].astype(np.int64)
        counted = (np.repeat(taken, counts) >> labels) & 1 == 0
        each, labels = each[counted], labels[counted]
        cells = np.repeat(runs.texts[chosen], counts)[counted] * len(ASPECTS) + labels
        # Of a name that is repeated the last one counts.
        order = np.lexsort((np.arange(len(each)), self._columns.names[each], cells))
        cells, names = cells[order], self._columns.names[each[order]]
        last = np.append((cells[1:] != cells[:-1]) | (names[1:] != names[:-1]), True)[: len(cells)]
        wrong = np.ones(len(texts) * len(ASPECTS))
        np.multiply.at(wrong, cells[last], 1 - self._columns.reliabilities[each[order]][last])
        return (1 - wrong).reshape(len(texts), len(ASPECTS))

    def _meanings_of(self, variants: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the number of the first meaning of each variant, and how many it has."""
        ends = self._columns.ends
        firsts = np.where(variants > 0, ends[variants - 1], 0) if len(variants) else variants
        return firsts, ends[variants] - firsts

    def mentions(self, text: str) -> list[tuple[Mention, float]]:
        """Return what a text names, in order, each with the probability that it is right."""
        runs = self.dictionary.matcher.runs([text])
        offsets = offsets_of(text)
        found = []
        for number, taken in zip(*(column.tolist() for column in self.dictionary.chosen(runs)), strict=True):
            variant = int(runs.variants[number])
            first = int(self._meanings_of(runs.variants[[number]])[0][0])
            for place, meaning in enumerate(self.dictionary.meanings[variant]):
                if not taken & bit_of(meaning.aspect):
                    mention = mention_of(
                        offsets, int(runs.places[number]), int(runs.lengths[number]), meaning
                    )
                    found.append((mention, float(self._columns.reliabilities[first + place])))
        return found

    def spell_out(self, texts: Sequence[str], articles: Sequence[str]) -> list[str]:
        """Return texts with abbreviations of names written out, see `gotune.lexicon.abbreviations`."""
        return spell_out(texts, articles, self.dictionary)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the lexicon as arrays, without the ids of the terms.

        Of each variant ``keys`` has the hash and ``n_meanings`` how many it has; of each meaning, variant
        after variant, ``aspects`` and ``evidence`` have the number, ``reliabilities`` the thousandths, and
        ``names`` which line has its stems; ``lines`` is the text of these, deflated; ``firsts`` and
        ``longest`` are those of the matcher.
        """
        matcher, columns = self.dictionary.matcher, self._columns
        meanings = [meaning for variant in self.dictionary.meanings for meaning in variant]
        lines = {
            number: " ".join(meaning.stems)
            for number, meaning in zip(columns.names.tolist(), meanings, strict=True)
        }
        return {
            "keys": matcher.keys,
            "firsts": matcher.firsts,
            "longest": matcher.longest,
            "n_meanings": np.diff(columns.ends, prepend=0).astype(np.uint8),
            "aspects": columns.aspects,
            "evidence": columns.evidence,
            "reliabilities": np.rint(columns.reliabilities * _THOUSANDTHS).astype(np.uint16),
            "names": columns.names,
            "lines": pack_lines(lines[number] for number in range(len(lines))),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], *, where: str = "a lexicon") -> Lexicon:
        """Make one of what `to_arrays` gave; what variants mean is read when they are met.

        Args:
            arrays: The same.
            where: The file that they are from, for the `BundleError` of names that cannot be read then.

        Raises:
            ValueError: It is not a lexicon.
        """
        checked = _checked(arrays)
        ends = np.cumsum(checked["n_meanings"], dtype=np.int64)
        columns = Columns(
            ends,
            checked["aspects"],
            checked["evidence"],
            checked["reliabilities"] / _THOUSANDTHS,
            checked["names"],
        )
        firsts = ends - checked["n_meanings"]
        bits = np.left_shift(1, checked["aspects"], dtype=np.uint8)
        dictionary = Dictionary(
            Matcher(checked["keys"], checked["firsts"], checked["longest"]),
            _Meanings(columns, checked["lines"], where),
            np.bitwise_or.reduceat(bits, firsts) if len(firsts) else bits,
            np.isin(checked["evidence"][firsts], [one.rank for one in _EVIDENCE if counts_inside(one)]),
        )
        return cls(dictionary, columns)

    @classmethod
    def from_json(cls, text: str) -> Lexicon:
        """Read the JSON of bundles of formats before 6: by the words of each variant, its meanings.

        Raises:
            ValueError: It is not a lexicon.
        """
        values = parse_json(text)
        reliabilities: dict[Meaning, float] = {}
        try:
            words, symbols = (_read(values[name], reliabilities) for name in ("words", "symbols"))
        except (KeyError, TypeError, IndexError, AttributeError) as exc:
            raise ValueError(f"no lexicon: {type(exc).__name__}: {exc}") from exc
        return cls._of(Dictionary.of(words, symbols), reliabilities.__getitem__)


class _Meanings(Sequence[tuple[Meaning, ...]]):
    """What variants mean, read when it is asked for: few of them are met, and fewer are shown.

    Raises:
        BundleError: The names cannot be read; whoever has loaded a model expects no other error.
    """

    def __init__(self, columns: Columns, lines: NDArray[np.uint8], where: str) -> None:
        self._columns, self._lines, self._where = columns, lines, where
        self._made: dict[int, tuple[Meaning, ...]] = {}

    def __len__(self) -> int:
        return len(self._columns.ends)

    def __getitem__(self, variant: int) -> tuple[Meaning, ...]:  # type: ignore[override]  # no slices
        if not 0 <= variant < len(self):
            raise IndexError(variant)
        if variant not in self._made:
            columns = self._columns
            own = slice(int(columns.ends[variant - 1]) if variant else 0, int(columns.ends[variant]))
            rows = zip(columns.aspects[own], columns.evidence[own], columns.names[own], strict=True)
            self._made[variant] = tuple(
                Meaning(ASPECTS[aspect], None, _EVIDENCE[evidence], tuple(self._names[name].split()))
                for aspect, evidence, name in rows
            )
        return self._made[variant]

    @cached_property
    def _names(self) -> list[str]:
        try:
            names = unpack_lines(self._lines, "names")
            if len(names) <= self._columns.names.max(initial=0):
                raise ValueError(f"{len(names):,} names, of which more are told")
        except ValueError as exc:
            raise BundleError(
                self._where,
                expected="names as `gotune train` wrote them",
                found=str(exc),
                do="Train the model again, or get it again from where it came.",
            ) from exc
        return names


_DTYPES = {
    "keys": np.uint64,
    "firsts": np.uint64,
    "longest": np.uint8,
    "n_meanings": np.uint8,
    "aspects": np.uint8,
    "evidence": np.uint8,
    "reliabilities": np.uint16,
    "names": np.uint32,
    "lines": np.uint8,
}


def _checked(arrays: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
    """Return the arrays of a lexicon if they fit together.

    Raises:
        ValueError: They do not.
    """
    found = {name: (array.dtype, array.ndim) for name, array in arrays.items()}
    if found != {name: (np.dtype(dtype), 1) for name, dtype in _DTYPES.items()}:
        raise ValueError(f"no lexicon: arrays {sorted(arrays)} of other kinds than {sorted(_DTYPES)}")
    n_meanings = int(arrays["n_meanings"].sum(dtype=np.int64))
    limits = {
        "longest": LONGEST_NAME + 1,
        "aspects": len(ASPECTS),
        "evidence": len(_EVIDENCE),
        "reliabilities": _THOUSANDTHS,
        "names": n_meanings,
    }
    holds = {
        "keys of variants in order": _ascends(arrays["keys"]),
        "first stems in order": _ascends(arrays["firsts"]),
        "a meaning of each variant": len(arrays["keys"]) == len(arrays["n_meanings"])
        and bool((arrays["n_meanings"] > 0).all()),
        "a length for each first stem": len(arrays["firsts"]) == len(arrays["longest"]),
        "all columns of each meaning": all(
            len(arrays[name]) == n_meanings for name in ("aspects", "evidence", "reliabilities", "names")
        ),
        "numbers in range": all(bool((arrays[name] < limit).all()) for name, limit in limits.items()),
    }
    if broken := [what for what, is_so in holds.items() if not is_so]:
        raise ValueError(f"no lexicon: it lacks {broken[0]}")
    return arrays


def _ascends(keys: NDArray[np.uint64]) -> bool:
    return bool((keys[1:] > keys[:-1]).all())


def _read(variants: Mapping[str, Any], reliabilities: dict[Meaning, float]) -> Meanings:
    found: dict[tuple[str, ...], tuple[Meaning, ...]] = {}
    for variant, rows in variants.items():
        words = tuple(variant.split())
        meanings = []
        for label, rank, reliability, *stems in rows:
            if not 0 <= reliability < 1 or label < 0 or rank < 0:
                raise ValueError(f"{variant}: {label}, {rank}, {reliability}")
            own = tuple(stems[0].split()) if stems else words
            meaning = Meaning(ASPECTS[label], None, _EVIDENCE[rank], own)
            reliabilities[meaning] = float(reliability)
            meanings.append(meaning)
        if not words or not meanings:
            raise ValueError(f"{variant!r} without words or meanings")
        found[words] = tuple(meanings)
    return found
