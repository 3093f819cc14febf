"""Which genes of a reference a gene is, or may be."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from gotune.genes.gene import Gene


class Identities:
    """Finds a gene among others, by their numbers.

    Args:
        known: The others.
    """

    def __init__(self, known: Sequence[Gene]) -> None:
        self._by_id: dict[Hashable, list[int]] = {}
        self._by_symbol: dict[Hashable, list[int]] = {}
        self._by_name: dict[Hashable, list[int]] = {}
        self._by_spelling: dict[Hashable, list[int]] = {}
        for number, gene in enumerate(known):
            _add(self._by_id, {gene.id, _without_database(gene.id)}, number)
            _add(self._by_spelling, {gene.symbol} - {""}, number)
            if gene.taxon is not None:
                _add(self._by_symbol, {_symbol(gene)} & _names(gene), number)
                _add(self._by_name, _names(gene), number)

    def with_id(self, gene: Gene) -> list[int]:
        """Return the genes with its id, which may lack the database before it."""
        return self._by_id.get(gene.id, [])

    def with_symbol(self, gene: Gene) -> list[int]:
        """Return the genes of its organism that have its symbol, whatever the case."""
        return self._by_symbol.get(_symbol(gene), [])

    def maybe(self, gene: Gene) -> list[int]:
        """Return all that it may be, as it may have been renamed.

        These are the genes of its organism that share a symbol or synonym with it; where its organism is
        unknown, those whose symbol is spelled the same, as species differ in case.
        """
        if gene.taxon is None:
            return self._by_spelling.get(gene.symbol, [])
        return [number for name in _names(gene) for number in self._by_name.get(name, ())]


def _symbol(gene: Gene) -> tuple[int | None, str]:
    return gene.taxon, gene.symbol.casefold()


def _names(gene: Gene) -> set[tuple[int | None, str]]:
    return {(gene.taxon, name.casefold()) for name in (gene.symbol, *gene.synonyms) if name}


def _without_database(id_: str) -> str:
    return id_.partition(":")[2] or id_


def _add(found: dict[Hashable, list[int]], keys: Iterable[Hashable], number: int) -> None:
    for key in keys:
        found.setdefault(key, []).append(number)
