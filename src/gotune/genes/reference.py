"""Annotated genes to learn from: those of seven species that can be fetched, or those of one's own files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gotune.arrays import array_of, pack_lines, unpack_lines
from gotune.genes.associations import Association
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import Gene, gene_in, gene_line
from gotune.genes.information import content_of
from gotune.genes.space import TermSpace
from gotune.genes.truth import EXPERIMENTAL
from gotune.genes.updating import Updated
from gotune.ontology.ontology import Ontology
from gotune.typed_json import json_text, parse_json

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


class Basis(StrEnum):
    """What an annotation rests on, in GO's groups of evidence codes.

    https://geneontology.org/docs/guide-go-evidence-codes/
    """

    EXPERIMENT = "experiment"
    PHYLOGENY = "phylogeny"
    STATEMENT = "statement"
    """Of an author or a curator."""
    SIMILARITY = "similarity"
    """By sequence or another analysis, looked at by a curator."""
    ELECTRONIC = "electronic"


_CODES = {
    **dict.fromkeys(EXPERIMENTAL, Basis.EXPERIMENT),
    **dict.fromkeys(("IBA", "IBD", "IKR", "IRD"), Basis.PHYLOGENY),
    **dict.fromkeys(("TAS", "NAS", "IC"), Basis.STATEMENT),
    **dict.fromkeys(("ISS", "ISO", "ISA", "ISM", "IGC", "RCA"), Basis.SIMILARITY),
    "IEA": Basis.ELECTRONIC,
}
_DENIED = "denied"
_FEW = 500
"""Annotated genes of a species, below which the frequency of terms is that in all species."""


@dataclass(frozen=True, eq=False)
class Reference:
    """Genes and their annotations, by what these rest on.

    Attributes:
        space: Of the terms.
        genes: Each with at least one annotation, or one that says NOT.
        direct: What they are annotated with on each `Basis`, a 1 each, of shape ``(genes, terms)``.
        denied: What annotations with NOT say that they do not have, likewise.
        left_out: How many annotations were left out for each reason.
    """

    space: TermSpace
    genes: tuple[Gene, ...]
    direct: Mapping[Basis, csr_matrix]
    denied: csr_matrix
    left_out: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        associations: Iterable[Association],
        ontology: Ontology,
        space: TermSpace,
        *,
        texts: Iterable[Gene] = (),
    ) -> Reference:
        """Make one of annotations, such as those of `gotune.genes.gaf.read_gaf`.

        Left out are those that say that nothing is known, those by an evidence that GO has no code for, those
        that say NOT of a form or of some circumstances alone, and those with terms that the release no longer
        has, see `Updated`.

        Args:
            associations: They are looked at once.
            ontology: The release.
            space: Of its terms.
            texts: Genes of the same ids whose texts tell of them.
        """
        told = {gene.id: gene.texts for gene in texts}
        genes: dict[str, Gene] = {}
        rows: dict[Basis, list[tuple[int, int]]] = {basis: [] for basis in Basis}
        denied: list[tuple[int, int]] = []
        left_out: Counter[str] = Counter()
        numbers: dict[str, int] = {}
        updated = Updated(_telling(associations, left_out), ontology)
        for one in updated:
            if one.gene not in numbers:
                numbers[one.gene] = len(numbers)
                genes[one.gene] = Gene(
                    one.gene, one.symbol, one.name, one.synonyms, one.taxon, told.get(one.gene, ())
                )
            where = denied if one.negated else rows[_CODES[one.evidence]]
            where.append((numbers[one.gene], space.number_of[one.go_id]))
        for (_, reason), n in updated.left_out.items():
            left_out[reason] += n
        shape = (len(genes), len(space))
        direct = {basis: _flags(rows[basis], shape) for basis in Basis}
        return cls(space, tuple(genes.values()), direct, _flags(denied, shape), left_out)

    @classmethod
    def read(
        cls,
        path: Path | str,
        ontology: Ontology,
        space: TermSpace,
        *,
        take: Callable[[Iterable[Association]], Iterable[Association]] = iter,
        lenient: bool = False,
    ) -> Reference:
        """Make one of a GAF.

        Args:
            path: The file.
            ontology: The release.
            space: Of its terms.
            take: Passes on the rows to take, of those that it is given.
            lenient: Leave out bad rows, and count them.

        Raises:
            GeneError: It is no GAF, or a row of it is bad.
        """
        rows = read_gaf(path, lenient=lenient)
        found = cls.of(take(rows), ontology, space)
        bad = {f"bad rows, without {what}": lines.count for what, lines in rows.skipped.items()}
        return replace(found, left_out={**found.left_out, **bad})

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Number of each gene by its id."""
        return {gene.id: number for number, gene in enumerate(self.genes)}

    @cached_property
    def by_basis(self) -> dict[Basis, csr_matrix]:
        """What genes have on each `Basis`, with all terms above, of shape ``(genes, terms)``."""
        return {basis: self._risen(table) for basis, table in self.direct.items()}

    @cached_property
    def of_any(self) -> csr_matrix:
        """What genes have on any `Basis`, likewise."""
        return self._risen(sum(self.direct.values()))

    @property
    def of_experiments(self) -> csr_matrix:
        """What experiments tell of them."""
        return self.by_basis[Basis.EXPERIMENT]

    @cached_property
    def inferred(self) -> csr_matrix:
        """What genes have on any `Basis` but experiments."""
        return self._risen(sum(table for basis, table in self.direct.items() if basis != Basis.EXPERIMENT))

    @cached_property
    def taxa(self) -> NDArray[np.int64]:
        """Number of the organism of each gene, 0 where it is unknown."""
        return np.array([gene.taxon or 0 for gene in self.genes], dtype=np.int64)

    @cached_property
    def information(self) -> NDArray[np.float64]:
        """Information content of each term among the genes with experiments, in bits."""
        return content_of(self.of_experiments, self.space)

    def frequency(self, taxon: int | None) -> NDArray[np.float64]:
        """Return which share of the genes that experiments gave a term of its aspect has each term.

        Args:
            taxon: Of the genes to look at; all if there are fewer than 500 of it.
        """
        return self._frequencies.get(taxon, self._frequencies[None])

    @cached_property
    def _frequencies(self) -> dict[int | None, NDArray[np.float64]]:
        """Those of the organisms of which enough is known, and of all genes under None."""
        has_any = self.of_experiments.getnnz(axis=1) > 0
        taxa, counts = np.unique(self.taxa[has_any], return_counts=True)
        found = {taxon: self._frequency(self.taxa == taxon) for taxon in taxa[counts >= _FEW].tolist()}
        return {**found, None: self._frequency(has_any)}

    def _frequency(self, genes: NDArray[np.bool_]) -> NDArray[np.float64]:
        space = self.space
        counts = self.of_experiments[np.flatnonzero(genes)].sum(axis=0).A1
        found = np.zeros(len(space))
        for label in np.unique(space.aspects):
            columns = space.aspects == label
            found[columns] = counts[columns] / max(counts[columns & space.is_root].max(initial=0), 1)
        return found

    def without(self, ids: Collection[str]) -> Reference:
        """Return it without some genes: nothing that they have can reach what is made of it."""
        kept = [number for number, gene in enumerate(self.genes) if gene.id not in ids]
        direct = {basis: table[kept] for basis, table in self.direct.items()}
        genes = tuple(self.genes[number] for number in kept)
        return Reference(self.space, genes, direct, self.denied[kept], self.left_out)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as arrays by their names, to be read again for the same terms."""
        lines = map(gene_line, self.genes)
        left_out = json_text(dict(self.left_out), ascii_only=False)
        found: dict[str, NDArray[Any]] = {"genes": pack_lines([left_out, *lines])}
        for name, table in (*self.direct.items(), (_DENIED, self.denied)):
            found[f"{name}_terms"] = table.indices.astype(np.int32)
            found[f"{name}_counts"] = np.diff(table.indptr).astype(np.int32)
        return found

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], space: TermSpace) -> Reference:
        """Make one of what `to_arrays` gave.

        Raises:
            ValueError: It is something else, or of other terms.
        """
        left_out, *lines = unpack_lines(array_of(arrays, "genes", np.uint8), "genes")
        genes = tuple(map(gene_in, lines))
        shape = (len(genes), len(space))
        direct = {basis: _table(arrays, basis, shape) for basis in Basis}
        return cls(space, genes, direct, _table(arrays, _DENIED, shape), parse_json(left_out))

    def _risen(self, direct: csr_matrix) -> csr_matrix:
        found = (direct @ self.space.lineages).tocsr()
        found.data = np.ones(found.nnz, dtype=np.float32)  # half as large
        found.sort_indices()
        return found


def _table(arrays: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, int]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    terms = array_of(arrays, f"{name}_terms", np.int32)
    counts = array_of(arrays, f"{name}_counts", np.int32)
    in_range = ((terms >= 0) & (terms < shape[1])).all() and (counts >= 0).all()
    if not (len(counts) == shape[0] and counts.sum() == len(terms) and in_range):
        raise ValueError(f"no annotations {name} of these genes")
    ends = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    return csr_matrix((np.ones(len(terms)), terms, ends), shape)


def _telling(associations: Iterable[Association], left_out: Counter[str]) -> Iterable[Association]:
    for one in associations:
        if one.negated and (one.extensions or one.form):
            left_out["it says NOT of a form or of some circumstances alone"] += 1
        elif one.evidence == "ND":
            left_out["it says that nothing is known"] += 1
        elif one.evidence not in _CODES:
            left_out["its evidence is none that GO has a code for"] += 1
        else:
            yield one


def _flags(pairs: list[tuple[int, int]], shape: tuple[int, int]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    places = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    found = csr_matrix((np.ones(len(places)), (places[:, 0], places[:, 1])), shape)
    found.data[:] = 1  # what two rows of a file say is there once
    return found
