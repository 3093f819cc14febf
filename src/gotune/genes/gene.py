"""A gene or protein with the texts that tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from gotune.errors import GeneError
from gotune.typed_json import json_text, parse_json

_N_FIELDS = 6


class GeneText(NamedTuple):
    """A text about a gene.

    Attributes:
        text: With at least one visible character.
        source: Where it is from, such as ``PMID:2676709``; "" where that is unknown.
    """

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Gene:
    """A gene, a protein or another gene product.

    Attributes:
        id: As its source has it; from files of annotations and of databases with the database before it, such
            as ``UniProtKB:P12345``.
        symbol: Such as ``Acadm``; may be empty.
        name: Its full name; may be empty.
        synonyms: Its other symbols and names.
        taxon: NCBI's number of the organism that it is of; None where that is unknown.
        texts: What is told of it; may be empty.
    """

    id: str
    symbol: str
    name: str = ""
    synonyms: tuple[str, ...] = ()
    taxon: int | None = None
    texts: tuple[GeneText, ...] = ()


def gene_line(gene: Gene) -> str:
    """Return all of a gene as a line of JSON, for `gene_in`."""
    values = [gene.id, gene.symbol, gene.name, gene.synonyms, gene.taxon, gene.texts]
    return json_text(values, ascii_only=False)


def gene_in(line: str) -> Gene:
    """Return the gene of which `gene_line` gave a line.

    Raises:
        ValueError: It is something else.
    """
    values = parse_json(line)
    if not (isinstance(values, list) and len(values) == _N_FIELDS):
        raise ValueError(f"no gene: {values!r}")
    id_, symbol, name, synonyms, taxon, texts = values
    return Gene(id_, symbol, name, tuple(synonyms), taxon, tuple(GeneText(*text) for text in texts))


ACCESSION = r"(?:[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2})"
"""Of UniProt: https://www.uniprot.org/help/accession_numbers."""
_VARIANT = re.compile(rf"((?:\w+:)?{ACCESSION})(?:-[0-9]+|:PRO_[0-9]+)", re.IGNORECASE)
"""An isoform or a chain of UniProt."""


def canonical_id(id_: str) -> str:
    """Return the id of the protein of which an id tells an isoform or a chain, else the same.

    >>> canonical_id("UniProtKB:P12345-2"), canonical_id("ZFIN:ZDB-GENE-030131-5")
    ('UniProtKB:P12345', 'ZFIN:ZDB-GENE-030131-5')
    """
    found = _VARIANT.fullmatch(id_)
    return found[1] if found else id_


@dataclass(slots=True)
class _Met:
    """A gene that has been met, with what all its rows have."""

    place: str
    gene: Gene
    synonyms: dict[str, None]
    texts: dict[GeneText, None]

    def add(self, gene: Gene, where: str) -> None:
        known = self.gene
        if gene == known:
            return
        if gene.symbol and known.symbol and gene.symbol != known.symbol:
            raise GeneError(
                where,
                expected=f"the symbol {known.symbol!r} of {known.id}, as in {self.place}",
                found=repr(gene.symbol),
                do="Correct one of the two, or give each gene an id of its own.",
            )
        if None not in (gene.taxon, known.taxon) and gene.taxon != known.taxon:
            raise GeneError(
                where,
                expected=f"the organism {known.taxon} of {known.id}, as in {self.place}",
                found=str(gene.taxon),
                do="Correct one of the two, or give each gene an id of its own.",
            )
        self.synonyms.update(dict.fromkeys(gene.synonyms))
        self.texts.update(dict.fromkeys(gene.texts))
        self.gene = replace(
            known,
            symbol=known.symbol or gene.symbol,
            name=known.name or gene.name,
            taxon=gene.taxon if known.taxon is None else known.taxon,
        )


def join_genes(found: Iterable[tuple[str, Gene]], path: Path) -> list[Gene]:
    """Return each gene once, in the order in which they are met, with the texts and synonyms of all its rows.

    Args:
        found: Genes with their places, such as ``line 7``; one may come again.
        path: The file, for messages.

    Raises:
        GeneError: Two rows of a gene have different symbols, or different organisms.
    """
    met: dict[str, _Met] = {}
    for place, gene in found:
        if gene.id in met:
            met[gene.id].add(gene, f"{path}, {place}")
        else:
            met[gene.id] = _Met(place, gene, dict.fromkeys(gene.synonyms), dict.fromkeys(gene.texts))
    return [replace(one.gene, synonyms=tuple(one.synonyms), texts=tuple(one.texts)) for one in met.values()]
