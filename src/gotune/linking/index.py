"""The labels of a release as rows of a table, so that one product with a query gives its nearness to all.

A label is the sum of the vectors of its words. So its nearness to a query is a sum, too, of the nearness of
each word: 66,000 products and not millions, and what is kept of a label is which words it has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.arrays import array_of, pack_lines, unpack_lines
from gotune.aspects import ASPECTS, Aspect
from gotune.errors import OboError
from gotune.lines import one_line
from gotune.linking.ancestry import Ancestry
from gotune.linking.labels import (
    KINDS,
    LAST_NUMBER,
    Kind,
    Label,
    id_of,
    labels_of,
    number_of,
    terms_to_suggest,
)
from gotune.linking.vectors import PhraseVectors, words_of
from gotune.ontology.terms import TERM_ID
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology
    from gotune.ontology.terms import Term


class LabelRows(NamedTuple):
    """Labels, one after the other, those of a term together and its name first.

    Attributes:
        terms: Number of the term.
        kinds: Number of the kind.
        rows: Rows of the table that the words of the labels have, label after label.
        ends: Number behind the last row of each label.
        lengths: Length of the sum of these rows.
    """

    terms: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    rows: NDArray[Any]
    ends: NDArray[np.int64]
    lengths: NDArray[np.float32]


class TermRows(NamedTuple):
    """All live terms of a release, by their numbers.

    Attributes:
        ids: Of each.
        aspects: Label of the aspect of each.
        suggested: Whether it may be annotated with; the others are there for what lies above terms.
    """

    ids: Sequence[str]
    aspects: NDArray[np.uint8]
    suggested: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index is of.

    Attributes:
        release: Of GO.
        sha256: Hash of its OBO text.
    """

    release: str
    sha256: str


class TermIndex:
    """The terms of a release, to be searched by their labels.

    Args:
        info: What it is of.
        vectors: Make queries into points; they know all words of the labels.
        terms: The terms.
        ancestry: What lies above each.
        labels: The labels.
        texts: Of the labels, in their order.
        successors: Ids to use in the place of each that is obsolete or was merged.

    Attributes:
        info: The same.
        vectors: The same.
        terms: The same.
        ancestry: The same.
        labels: The same.
        texts: The same.
        successors: The same.
        firsts: Number of the first label of each term, which is its name.
    """

    def __init__(
        self,
        info: IndexInfo,
        vectors: PhraseVectors,
        terms: TermRows,
        ancestry: Ancestry,
        labels: LabelRows,
        texts: Sequence[str],
        successors: Mapping[str, Sequence[str]],
    ) -> None:
        self.info, self.vectors, self.terms, self.ancestry = info, vectors, terms, ancestry
        self.labels, self.texts, self.successors = labels, texts, successors
        self.firsts = np.flatnonzero(np.diff(labels.terms, prepend=-1))
        self._starts = np.concatenate([[0], labels.ends[:-1]]).astype(np.int64)

    @classmethod
    def of(
        cls,
        ontology: Ontology,
        vectors: PhraseVectors,
        *,
        leave_out: Callable[[str], bool] = lambda synonym: False,
        track: Track = untracked,
    ) -> TermIndex:
        """Make the index of a release.

        Args:
            ontology: The release.
            vectors: As they were learned; words that they lack are made of their parts.
            leave_out: Which synonyms it shall not have, for measuring.
            track: Shows how far it is.

        Raises:
            OboError: It has no term to suggest, or one whose id is no number of GO.
        """
        terms = list(ontology.terms())
        suggested = {term.id for term in terms_to_suggest(ontology)}
        _check_ids(ontology, terms, suggested)
        tracked = track(terms, description="indexing", total=len(terms))
        labels = [
            label
            for term in tracked
            for label in labels_of(term)
            if label.kind is Kind.NAME or not leave_out(label.text)
        ]
        # As they will be read again, so that nothing changes when it is saved.
        vectors = vectors.knowing(word for label in labels for word in words_of(label.text)).rounded()
        ids = [term.id for term in terms]
        return cls(
            IndexInfo(ontology.release, ontology.sha256),
            vectors,
            TermRows(
                ids,
                np.array([term.aspect.label for term in terms], np.uint8),
                np.array([go_id in suggested for go_id in ids], np.bool_),
            ),
            Ancestry.of(ontology, ids),
            _label_rows(labels, {go_id: place for place, go_id in enumerate(ids)}, vectors),
            [label.text for label in labels],
            {old: ontology.resolve(old) for old in _old_ids(ontology)},
        )

    def __len__(self) -> int:
        return len(self.terms.ids)

    def nearness(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of a query's vector with each label."""
        of_rows = self.vectors.table @ query
        sums: NDArray[np.float32] = np.add.reduceat(of_rows[self.labels.rows], self._starts)
        return sums / self.labels.lengths

    def of_terms(self, nearness: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the nearness of each term, that of its nearest label; -inf of those not to annotate with."""
        found: NDArray[np.float32] = np.maximum.reduceat(nearness, self.firsts)
        found[~self.terms.suggested] = -np.inf
        return found

    def of_id(self, go_id: str) -> list[int]:
        """Return the number of a term by its id, or of those to use for an old one, to annotate with."""
        ids = (go_id,) if go_id in self.number_of else self.successors.get(go_id, ())
        return [number for new in ids if self.terms.suggested[number := self.number_of[new]]]

    def behind(self, term: int) -> int:
        """Return the number behind the last label of a term."""
        return int(self.firsts[term + 1]) if term + 1 < len(self) else len(self.labels.terms)

    def aspect(self, term: int) -> Aspect:
        """Return the aspect of a term by its number."""
        return ASPECTS[int(self.terms.aspects[term])]

    def name(self, term: int) -> str:
        """Return the name of a term by its number."""
        return self.texts[int(self.firsts[term])]

    def labels_of(self, term: int) -> tuple[str, ...]:
        """Return the labels of a term by its number, its name first."""
        return tuple(self.texts[int(self.firsts[term]) : self.behind(term)])

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Numbers of the terms by their ids."""
        return {id_: number for number, id_ in enumerate(self.terms.ids)}

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as arrays, without its vectors."""
        return {
            "terms": self.labels.terms.astype(np.uint32),
            "kinds": self.labels.kinds,
            "rows": self.labels.rows,
            "counts": _small(np.diff(self.labels.ends, prepend=0)),
            "lengths": self.labels.lengths,
            "ids": np.array([number_of(go_id) for go_id in self.terms.ids], np.uint32),
            "aspects": self.terms.aspects,
            "suggested": self.terms.suggested,
            **self.ancestry.to_arrays(),
            "texts": pack_lines(self.texts),
            "successors": pack_lines(" ".join((old, *new)) for old, new in self.successors.items()),
        }

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[Any]], vectors: PhraseVectors, info: IndexInfo
    ) -> TermIndex:
        """Make one of what `to_arrays` gave.

        Raises:
            ValueError: It is something else, or was made with other vectors.
        """
        checked = _checked(arrays, len(vectors.table))
        ends = np.cumsum(checked["counts"], dtype=np.int64)
        return cls(
            info,
            vectors,
            TermRows(
                [id_of(number) for number in checked["ids"].tolist()],
                checked["aspects"],
                checked["suggested"],
            ),
            Ancestry.from_arrays(arrays, len(checked["ids"])),
            LabelRows(
                checked["terms"].astype(np.int64), checked["kinds"], checked["rows"], ends, checked["lengths"]
            ),
            _texts(checked["texts"], len(checked["terms"])),
            _successors(checked["successors"], frozenset(checked["ids"].tolist())),
        )


def _check_ids(ontology: Ontology, terms: Sequence[Term], suggested: Collection[str]) -> None:
    wrong = next((term.id for term in terms if not TERM_ID.fullmatch(term.id)), None)
    if wrong is not None or not suggested:
        raise OboError(
            ontology.source,
            expected="terms of GO, with ids such as GO:0015986",
            found=f"the id {wrong}" if wrong else "no term to annotate with",
            do="Give a release of the Gene Ontology.",
        )


def _old_ids(ontology: Ontology) -> list[str]:
    """Return the ids of GO that are obsolete or were merged, each once."""
    obsolete = [term.id for term in ontology.obsolete()]
    old = dict.fromkeys([*obsolete, *(id_ for term in ontology.terms() for id_ in term.alt_ids)])
    return [id_ for id_ in old if TERM_ID.fullmatch(id_)]


_REAL = np.finfo(np.float32)


def _label_rows(labels: Sequence[Label], number: Mapping[str, int], vectors: PhraseVectors) -> LabelRows:
    known = [vectors.rows(words_of(label.text)) for label in labels]
    # A label without words, such as "+", has the first row, and is so long that it is near to nothing.
    rows = [one or [0] for one in known]
    flat = np.fromiter(chain.from_iterable(rows), np.int64)
    ends = np.cumsum([len(one) for one in rows], dtype=np.int64)
    starts = np.concatenate([[0], ends[:-1]])
    lengths = np.concatenate(
        [
            np.linalg.norm(np.add.reduceat(vectors.table[flat[start:end]], part - start, axis=0), axis=1)
            for part, start, end in _parts(starts, len(flat))
        ]
    )
    return LabelRows(
        np.array([number[label.go_id] for label in labels], np.int64),
        np.array([KINDS.index(label.kind) for label in labels], np.uint8),
        _small(flat),
        ends,
        np.where(list(map(bool, known)), np.maximum(lengths, _REAL.tiny), _REAL.max).astype(np.float32),
    )


def _small(numbers: NDArray[np.int64]) -> NDArray[Any]:
    """Return numbers in 16 bits if that holds them all, else in 32."""
    return numbers.astype(np.uint16 if numbers.max(initial=0) < 1 << 16 else np.uint32)


def _parts(
    starts: NDArray[np.int64], end: int, at_once: int = 4096
) -> Iterator[tuple[NDArray[np.int64], int, int]]:
    """Yield where some labels begin, with the first row of these and the one behind their last."""
    for place in range(0, len(starts), at_once):
        behind = place + at_once
        yield starts[place:behind], int(starts[place]), int(starts[behind]) if behind < len(starts) else end


_KINDS_OF_ARRAYS = {
    "terms": (np.uint32,),
    "kinds": (np.uint8,),
    "rows": (np.uint16, np.uint32),
    "counts": (np.uint16, np.uint32),
    "lengths": (np.float32,),
    "ids": (np.uint32,),
    "aspects": (np.uint8,),
    "suggested": (np.bool_,),
    "texts": (np.uint8,),
    "successors": (np.uint8,),
}


def _texts(packed: NDArray[np.uint8], n_labels: int) -> list[str]:
    """Return the labels.

    Raises:
        ValueError: They are damaged, or not as many.
    """
    found = unpack_lines(packed, "labels")
    if len(found) != n_labels:
        raise ValueError(f"{len(found):,} texts of {n_labels:,} labels")
    return found


def _successors(packed: NDArray[np.uint8], live: frozenset[int]) -> dict[str, tuple[str, ...]]:
    """Return which ids to use in the place of each old one.

    Raises:
        ValueError: They are damaged, or no ids.
    """
    found = {}
    for line in unpack_lines(packed, "old ids"):
        ids = line.split(" ")
        if not all(map(TERM_ID.fullmatch, ids)) or not live.issuperset(map(number_of, ids[1:])):
            raise ValueError(f"an old id that leads nowhere: {one_line(line)}")
        found[ids[0]] = tuple(ids[1:])
    return found


def _checked(found: Mapping[str, NDArray[Any]], n_rows: int) -> Mapping[str, NDArray[Any]]:
    """Return arrays in which every number leads somewhere.

    Raises:
        ValueError: They are not those of an index.
    """
    arrays = {name: array_of(found, name, *kinds) for name, kinds in _KINDS_OF_ARRAYS.items()}
    ids, n_labels = arrays["ids"], len(arrays["terms"])
    n_terms = len(ids)
    fits = [
        len(arrays["aspects"]) == len(arrays["suggested"]) == n_terms > 0,
        n_labels == len(arrays["kinds"]) == len(arrays["counts"]) == len(arrays["lengths"]),
        len(arrays["rows"]) == arrays["counts"].sum(dtype=np.int64),
    ]
    if not all(fits):
        raise ValueError("arrays of different lengths")
    firsts = arrays["kinds"] == KINDS.index(Kind.NAME)
    in_range = [
        ids.max() <= LAST_NUMBER and len(np.unique(ids)) == n_terms,
        arrays["aspects"].max() < len(ASPECTS),
        arrays["kinds"].max(initial=0) < len(KINDS),
        arrays["counts"].min(initial=1) > 0,
        arrays["rows"].max(initial=0) < n_rows,
        bool((arrays["lengths"] > 0).all() and np.isfinite(arrays["lengths"]).all()),
        # Each term has one name, which is its first label.
        np.array_equal(arrays["terms"][firsts], np.arange(n_terms)),
        np.array_equal(np.cumsum(firsts) - 1, arrays["terms"]),
    ]
    if not all(in_range):
        raise ValueError("numbers that lead nowhere")
    return arrays
