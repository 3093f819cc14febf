"""Which genes of a reference a gene is, or may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from gotune.genes.gene import Gene, canonical_id


class Identities:
    """Finds a gene among others, by their numbers.

    Args:
        known: The others.
    """

    def __init__(self, known: Sequence[Gene]) -> None:
        self._known = known
        self._by_id = _numbers([gene.id] for gene in known)
        self._by_bare_id = _numbers({_bare(gene.id), _without_database(gene.id)} for gene in known)
        self._by_name = _numbers(_names(gene) for gene in known)

    def with_id(self, gene: Gene) -> list[int]:
        """Return the genes with its id, or with that of the protein of which it is an isoform or a chain.

        An id without a database is that of a gene of its organism alone.
        """
        ids = gene.id, canonical_id(gene.id)
        for id_ in ids:
            if id_ in self._by_id:
                return self._by_id[id_]
        found = next((self._by_bare_id[id_] for id_ in ids if id_ in self._by_bare_id), [])
        return [number for number in found if self._may_be_of(number, gene.taxon)]

    def with_symbol(self, gene: Gene) -> list[int]:
        """Return the genes of its organism that have its symbol, whatever the case."""
        if gene.taxon is None or not gene.symbol:
            return []
        wanted = gene.taxon, gene.symbol.casefold()
        found = self._by_name.get(wanted[1], ())
        return [
            number
            for number in found
            if (self._known[number].taxon, self._known[number].symbol.casefold()) == wanted
        ]

    def maybe(self, gene: Gene) -> set[int]:
        """Return all that it may be, under an older name or another id.

        These are the genes with its id, whatever the database, case and isoform, and those that share a
        symbol or synonym with it, if they are of its organism or one of the two organisms is unknown.
        """
        named = {number for name in _names(gene) for number in self._by_name.get(name, ())}
        same_id = self._by_bare_id.get(_bare(gene.id), [])
        return {*same_id, *(number for number in named if self._may_be_of(number, gene.taxon))}

    def _may_be_of(self, number: int, taxon: int | None) -> bool:
        return None in (taxon, self._known[number].taxon) or self._known[number].taxon == taxon


def _names(gene: Gene) -> set[str]:
    return {name.casefold() for name in (gene.symbol, *gene.synonyms) if name}


def _without_database(id_: str) -> str:
    return id_.partition(":")[2] or id_


def _bare(id_: str) -> str:
    return _without_database(canonical_id(id_)).casefold()


def _numbers(keys: Iterable[Iterable[Hashable]]) -> Mapping[Hashable, list[int]]:
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number, of_gene in enumerate(keys):
        for key in of_gene:
            found[key].append(number)
    return dict(found)
