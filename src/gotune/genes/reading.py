"""The one way in for genes: tables, FASTA of UniProt, files of annotations, gene_info of NCBI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from gotune.corpus.table_sources import SUFFIXES
from gotune.errors import GeneError
from gotune.genes.associations import Association, GeneProduct
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import ACCESSION, Gene, GeneText, join_genes
from gotune.genes.gpad import read_gpi
from gotune.genes.lines import MisfitError, as_text, bad_line, numbered_lines
from gotune.genes.rows import Rows
from gotune.genes.tables import genes_in_table

_SUMMARY = "go-annotation-summary"
_DO = "Correct the line, or get the file again."

# https://www.uniprot.org/help/fasta-headers
_UNIPROT = re.compile(rf">(?:sp|tr)\|({ACCESSION}(?:-[0-9]+)?)\|([A-Z0-9]+_[A-Z0-9]+) (.+)")
_UNIPROT_FIELD = re.compile(r" (OS|OX|GN|PE|SV)=")

_GENE_INFO = "#tax_id\tGeneID\tSymbol\t"
_NO_VALUE = "-"
_INFO_COLUMNS = (
    "tax_id", "GeneID", "Symbol", "Synonyms", "description", "Full_name_from_nomenclature_authority",
    "Other_designations",
)  # fmt: skip


def read_genes(path: Path | str, *, columns: Mapping[str, str] | None = None) -> list[Gene]:
    """Return the genes or proteins in a file, each once, in the order in which it has them.

    A table is known by its suffix (``.tsv``, ``.csv``, ``.jsonl``, each also with ``.gz``, ``.parquet``), the
    other kinds by their first line, plain or gzip: FASTA of UniProt, of which only the headers are read, GAF,
    GPI, and gene_info of NCBI. A table has a column of ids and one that tells of the genes,
    such as a ``symbol``, ``name``, ``description`` or ``abstract``; `gotune.genes.tables.COLUMNS` lists all.
    Ids alone are enough for genes that are annotated already.
    Rows of one id are one gene with all their texts; a gene without any is kept.

    Args:
        path: The file. It is read row by row, and only its genes are held.
        columns: Names of the columns of a table that are called otherwise, such as
            ``{"id": "FBgn_ID", "description": "Function"}``.

    Raises:
        GeneError: The file is of no such kind, a row of it is bad, or two rows of a gene have different
            symbols.
        TableError: It is a table that cannot be read.
    """
    path = Path(path)
    if path.name.lower().endswith(SUFFIXES):
        return join_genes(genes_in_table(path, columns or {}), path)
    if columns is not None:
        raise GeneError(
            str(path), expected="a table, as columns are named", found="another file", do="Leave them out."
        )
    return join_genes(_reader_of(path)(path), path)


_Reader = Callable[[Path], Iterator[tuple[str, Gene]]]


def _reader_of(path: Path) -> _Reader:
    """Return what reads a file, by its first lines."""
    for line, raw in numbered_lines(path):
        start = raw[:100].decode("utf-8", "replace")
        for pattern, reader in _READERS.items():
            if re.match(pattern, start, re.IGNORECASE):
                return reader
        if start.startswith("!"):
            continue  # a remark of a GAF or GPI that does not begin with its version
        found = repr(start) if start or line > 1 else "nothing"
        break
    else:
        found = "nothing but remarks"
    raise GeneError(
        str(path),
        expected=f"a table ({', '.join(SUFFIXES)}), FASTA of UniProt, a GAF, a GPI or a gene_info of NCBI",
        found=found,
        do="Convert it to a table with the columns id, symbol, name and description.",
    )


def _in_gaf(path: Path) -> Iterator[tuple[str, Gene]]:
    return _in_rows(read_gaf(path))


def _in_gpi(path: Path) -> Iterator[tuple[str, Gene]]:
    return _in_rows(read_gpi(path))


def _in_rows(rows: Rows[Association] | Rows[GeneProduct]) -> Iterator[tuple[str, Gene]]:
    for line, one in rows.numbered():
        texts = tuple(GeneText(value) for name, value in one.properties if name == _SUMMARY)
        yield f"line {line}", Gene(one.gene, one.symbol, one.name, one.synonyms, one.taxon, texts)


def _in_gpad(path: Path) -> Iterator[tuple[str, Gene]]:
    raise GeneError(
        str(path),
        expected="genes with symbols",
        found="a GPAD, which has ids alone",
        do="Give the GPI that comes with it.",
    )


def _in_fasta(path: Path) -> Iterator[tuple[str, Gene]]:
    for line, raw in numbered_lines(path):
        if raw.startswith(b">"):
            try:
                gene = _of_uniprot(as_text(raw))
            except MisfitError as misfit:
                raise bad_line(path, line, misfit, do=_DO) from None
            yield f"line {line}", gene


def _of_uniprot(header: str) -> Gene:
    found = _UNIPROT.fullmatch(header)
    if found is None:
        raise MisfitError(
            "a header of UniProt, such as >sp|P12345|NAME_HUMAN Name OS=... OX=9606", repr(header)
        )
    accession, entry, rest = found.groups()
    name, *pairs = _UNIPROT_FIELD.split(rest)
    fields = dict(zip(pairs[::2], pairs[1::2], strict=True))
    taxon = fields.get("OX", "")
    if not re.fullmatch("[1-9][0-9]{0,8}", taxon):
        raise MisfitError("the number of an organism, such as OX=9606", repr(taxon) if taxon else "none")
    symbol = fields.get("GN", "")
    return Gene(f"UniProtKB:{accession}", symbol or entry, name, (entry,) if symbol else (), int(taxon))


def _in_gene_info(path: Path) -> Iterator[tuple[str, Gene]]:
    """Yield the genes of a file of https://ftp.ncbi.nlm.nih.gov/gene/DATA/GENE_INFO by their columns."""
    names: list[str] = []
    for line, raw in numbered_lines(path):
        try:
            cells = as_text(raw).split("\t")
            if line == 1:
                names = [cells[0].removeprefix("#"), *cells[1:]]
                if lacking := [name for name in _INFO_COLUMNS if name not in names]:
                    raise MisfitError(f"the columns {', '.join(_INFO_COLUMNS)}", f"no {', '.join(lacking)}")
                continue
            if not raw:
                continue
            gene = _of_gene_info(names, cells)
        except MisfitError as misfit:
            raise bad_line(path, line, misfit, do=_DO) from None
        yield f"line {line}", gene


def _of_gene_info(names: list[str], cells: list[str]) -> Gene:
    if len(cells) != len(names):
        raise MisfitError(f"{len(names)} columns with tabs between", str(len(cells)))
    row = {name: "" if cell == _NO_VALUE else cell for name, cell in zip(names, cells, strict=True)}
    for name, most in (("tax_id", 9), ("GeneID", 12)):
        if not re.fullmatch(f"[1-9][0-9]{{0,{most - 1}}}", row[name]):
            raise MisfitError(f"a number in column {name}", repr(row[name]))
    name = row["Full_name_from_nomenclature_authority"] or row["description"]
    others = "|".join((row["Synonyms"], row["Other_designations"])).split("|")
    synonyms = tuple(dict.fromkeys(other for other in others if other not in ("", _NO_VALUE, name)))
    return Gene(f"NCBIGene:{row['GeneID']}", row["Symbol"], name, synonyms, int(row["tax_id"]))


_READERS: dict[str, _Reader] = {
    ">": _in_fasta,
    r"!\s*gaf-version:": _in_gaf,
    r"!\s*gpi-version:": _in_gpi,
    r"!\s*gpad?-version:": _in_gpad,
    _GENE_INFO: _in_gene_info,
}
"""How the first line of a file begins, and what reads it."""
