"""Which organisms may have a term: the taxon constraints of a release, and lineages to hold them against."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.errors import GeneError
from gotune.genes.gene import Gene
from gotune.genes.lines import MisfitError, bad_line, numbered_lines
from gotune.genes.space import GENES_AT_ONCE, TermSpace, ones_at, specific_first
from gotune.ontology.graph import LINEAGE_RELATIONS
from gotune.ontology.ontology import Ontology
from gotune.ontology.terms import TAXON, TAXON_UNION
from gotune.render.wording import counted

TAXDUMP = "https://ftp.ncbi.nlm.nih.gov/pub/taxonomy/taxdump.tar.gz"
"""Where NCBI has its taxonomy, with ``nodes.dmp`` in it."""
_ROOT = 1
_NODE = re.compile(rb"([1-9][0-9]{0,8})\s*\|\s*([1-9][0-9]{0,8})\s*\|.*")
_TAXON = re.compile(f"{TAXON}([1-9][0-9]{{0,8}})")
_REMEMBERED = GENES_AT_ONCE  # taxa, each with a byte for each term
_LAST = np.iinfo(np.int32).max
_DO = f"Give nodes.dmp of {TAXDUMP}."


@dataclass(frozen=True, slots=True, eq=False)
class Taxonomy:
    """NCBI's tree of organisms, of which only what is right above each is kept.

    Attributes:
        taxa: All numbers, from small to large.
        parents: The place in ``taxa`` of what is right above each; that of the root is its own.
    """

    taxa: NDArray[np.int32]
    parents: NDArray[np.int64]

    @classmethod
    def read(cls, path: Path | str) -> Taxonomy:
        """Read ``nodes.dmp`` of NCBI's taxdump, plain or gzip, line by line.

        Raises:
            GeneError: It is none, or it was cut off.
        """
        path = Path(path)
        children, above = array("i"), array("i")
        for line, raw in numbered_lines(path):
            if not raw:
                continue
            found = _NODE.fullmatch(raw)
            if found is None:
                misfit = MisfitError("child | parent | rank ...", repr(raw[:40].decode(errors="replace")))
                raise bad_line(path, line, misfit, do=_DO)
            children.append(int(found[1]))
            above.append(int(found[2]))
        taxa, first = np.unique(np.array(children, np.int32), return_index=True)
        parents = _places(taxa, np.array(above, np.int32)[first])
        if len(taxa) < len(children) or (n_lost := _n_below_no_root(taxa, parents)):
            raise GeneError(
                str(path),
                expected=f"each taxon once, in a tree below taxon {_ROOT}",
                found="one twice" if len(taxa) < len(children) else _told_lost(n_lost, len(taxa)),
                do=_DO,
            )
        return cls(taxa, parents)

    def lineage(self, taxon: int) -> frozenset[int]:
        """Return a taxon and all above it, empty if the taxonomy does not have it."""
        # Of another type it would be sought in a copy of all of them.
        place = int(np.searchsorted(self.taxa, np.int32(min(taxon, _LAST))))
        if place == len(self.taxa) or self.taxa[place] != taxon:
            return frozenset()
        found = {taxon}
        while (above := int(self.parents[place])) != place:
            place = above
            found.add(int(self.taxa[place]))
        return frozenset(found)


def _told_lost(n_lost: int, n: int) -> str:
    return f"{n_lost:,} that are not below it" if n else "none"


def _places(taxa: NDArray[np.int32], wanted: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return where each stands, or its own place for one that is not there."""
    if not len(taxa):
        return np.zeros(0, np.int64)
    places = np.minimum(np.searchsorted(taxa, wanted), len(taxa) - 1)
    return np.where(taxa[places] == wanted, places, np.arange(len(taxa)))


def _n_below_no_root(taxa: NDArray[np.int32], parents: NDArray[np.int64]) -> int:
    """Return how many taxa no way leads from to the root, at least 1 if there are none."""
    above = parents
    for _ in range(len(taxa).bit_length()):
        above = above[above]  # twice as many steps
    return int((taxa[above] != _ROOT).sum()) if len(taxa) else 1


class _Lineage(NamedTuple):
    taxa: frozenset[int]  # the taxon itself among them
    is_whole: bool


class TaxonConstraints:
    """Tells which terms a gene cannot have, as its organism has nothing of the kind.

    A constraint holds for all that is a kind or a part of its term, in any aspect
    (doi:10.1186/1471-2105-11-530). Without the lineage of a taxon, those alone hold that name the taxon.

    Args:
        ontology: The release.
        space: Of its terms.
        taxonomy: Of the organisms; if left out, or where it lacks one, what the release itself has of taxa.

    Attributes:
        n: How many there are, of a kind and a taxon each.
        n_unknown: How many of them name what is no taxon of NCBI, or several taxa together of which the
            release does not tell all; they hold for none.
    """

    def __init__(self, ontology: Ontology, space: TermSpace, taxonomy: Taxonomy | None = None) -> None:
        self._ontology, self._taxonomy = ontology, taxonomy
        said = ontology.taxon_constraints()
        # Only in a taxon and in a taxon say the same.
        kinds = dict.fromkeys((relation == "never_in_taxon", taxon) for _, relation, taxon in said)
        self._kinds = [(never, self._members(taxon)) for never, taxon in kinds]
        self.n, self.n_unknown = len(kinds), sum(not taxa for _, taxa in self._kinds)
        if kinds:
            number = {kind: n for n, kind in enumerate(kinds)}
            of_terms: list[set[int]] = [set() for _ in range(len(space))]
            for go_id, relation, taxon in said:
                of_terms[space.number_of[go_id]].add(number[relation == "never_in_taxon", taxon])
            self._of_terms = ones_at(_inherited(of_terms, ontology, space), self.n)
        self._lineage = lru_cache(_REMEMBERED)(self._lineage_of)
        self._may_have = lru_cache(_REMEMBERED)(self._terms_of)

    def allow(
        self, genes: Sequence[Gene], rows: NDArray[np.int64], terms: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return of pairs of a gene and a term whether the gene may have it, of shape ``(pairs,)``.

        Args:
            genes: Any.
            rows: Number of the gene of each pair.
            terms: Column of its term.
        """
        if not self.n or not len(rows):
            return np.ones(len(rows), dtype=bool)
        number_of = {taxon: number for number, taxon in enumerate({gene.taxon: None for gene in genes})}
        taxon_of = np.array([number_of[gene.taxon] for gene in genes])
        may = np.stack([self._may_have(taxon) for taxon in number_of])
        allowed: NDArray[np.bool_] = may[taxon_of[rows], terms]
        return allowed

    def caveats(self, genes: Sequence[Gene]) -> list[str]:
        """Return in sentences what could not be held against some genes, and what to do."""
        found = []
        if not self.n and self._taxonomy is not None:
            found.append(
                f"Release {self._ontology.release} has no taxon constraints to hold with a taxonomy."
            )
        if n := self.n_unchecked(genes):
            do = f"Give --taxonomy nodes.dmp, which is in {TAXDUMP}, and the taxon of each gene."
            found.append(
                f"The lineage of {counted(n, 'gene')} is not known, so of the taxon constraints of the "
                "release those alone are held that name its own taxon. "
                + (do if self._taxonomy is None else "Give a taxon that the taxonomy has.")
            )
        if self.n_unknown:
            found.append(
                f"{counted(self.n_unknown, 'taxon constraint')} held for no gene: the release does not tell "
                "which taxa are meant."
            )
        return found

    def n_unchecked(self, genes: Sequence[Gene]) -> int:
        """Return of how many genes the lineage is not known, so that not all constraints can be held."""
        whole = {taxon: self._lineage(taxon).is_whole for taxon in {gene.taxon for gene in genes}}
        return sum(not whole[gene.taxon] for gene in genes) if self.n else 0

    def _terms_of(self, taxon: int | None) -> NDArray[np.bool_]:
        """Return which terms genes of a taxon may have, as flags of shape ``(terms,)``."""
        lineage = self._lineage(taxon)
        broken = np.array([_breaks(lineage, never, taxa) for never, taxa in self._kinds], dtype=np.float64)
        may: NDArray[np.bool_] = self._of_terms @ broken == 0
        return may

    def _lineage_of(self, taxon: int | None) -> _Lineage:
        if taxon is None:
            return _Lineage(frozenset(), is_whole=False)
        if self._taxonomy is not None and (found := self._taxonomy.lineage(taxon)):
            return _Lineage(found, is_whole=True)
        told = self._told(f"{TAXON}{taxon}")
        return _Lineage(told, is_whole=_ROOT in told)

    def _members(self, target: str) -> frozenset[int]:
        """Return the taxa that a constraint names, empty if they are not known."""
        found, waiting, met = set(), [target], {target}
        while waiting:
            one = waiting.pop()
            members = set(self._ontology.taxa.get(one, ())) if one.startswith(TAXON_UNION) else set()
            taxon = _TAXON.fullmatch(one)
            if taxon is None and not members:
                return frozenset()
            found |= {int(taxon[1])} if taxon else set()
            waiting += members - met  # taxa together may be some of others
            met |= members
        return frozenset(found)

    def _told(self, taxon: str) -> frozenset[int]:
        """Return a taxon with all that the release has above it."""
        found, waiting = {taxon}, [taxon]
        while waiting:
            above = set(self._ontology.taxa.get(waiting.pop(), ())) - found
            found |= above
            waiting += above
        return frozenset(int(one[1]) for one in map(_TAXON.fullmatch, found) if one)


def _breaks(lineage: _Lineage, never: bool, taxa: frozenset[int]) -> bool:
    is_in = not lineage.taxa.isdisjoint(taxa)
    return is_in if never else bool(taxa) and lineage.is_whole and not is_in


def _inherited(of_terms: Sequence[set[int]], ontology: Ontology, space: TermSpace) -> Sequence[set[int]]:
    """Return what each term has with all that those above it have, whatever their aspect."""
    number_of = space.number_of
    above = [[number_of[one] for one in ontology.parents(go_id, LINEAGE_RELATIONS)] for go_id in space.ids]
    for child in reversed(specific_first(above)):
        of_terms[child].update(*(of_terms[parent] for parent in above[child]))
    return of_terms
