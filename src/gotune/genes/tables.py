"""Genes in the rows of a table."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.table_sources import open_source
from gotune.corpus.table_values import Row, told_in
from gotune.corpus.tables import LONGEST_TEXT
from gotune.errors import GeneError
from gotune.genes.gene import Gene, GeneText

COLUMNS = {
    "id": ("id", "gene_id"),
    "symbol": ("symbol", "gene_symbol"),
    "name": ("name", "gene_name", "full_name"),
    "synonyms": ("synonyms", "aliases"),
    "taxon": ("taxon", "taxon_id", "tax_id"),
    "description": ("description", "summary"),
    "abstract": ("abstract", "abstracts"),
    "pmid": ("pmid", "pmids"),
}
"""What columns are called, in any case and with blanks for ``_``; of several in a table the first counts."""

_TAXON = re.compile(r"(?:taxon:|NCBITaxon:)?([1-9][0-9]{0,8})(?:\.0)?")
_INLINE = frozenset("a abbr b em font i s small span strong sub sup u".split())
_TAG = re.compile(
    rf"</?({'|'.join(_INLINE)}|br|div|h[1-6]|hr|img|li|ol|p|table|tbody|td|th|thead|tr|ul)\b"
    r"(?:\s+[\w-]+=(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*+\s*+/?>",
    re.IGNORECASE,
)
_PMID = re.compile(r"(?:PMID:)?\s*([0-9]+)(?:\.0)?")


def genes_in_table(path: Path, columns: Mapping[str, str]) -> Iterator[tuple[str, Gene]]:
    """Yield the gene of each row with the place of the row.

    Args:
        path: A table that `gotune.corpus.table_sources` reads.
        columns: Names of columns by the keys of `COLUMNS`, for those that are called otherwise.

    Raises:
        TableError: The table cannot be read.
        GeneError: It lacks a column, or a row has no id, or a value that is none.
    """
    source = open_source(path)
    names = _found(path, source.schema.names, columns)
    for place, row in source.numbered_rows():
        yield place, _gene(row, names, f"{path}, {place}")


def _found(path: Path, there: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of a table by the keys of `COLUMNS`."""
    for key, name in chosen.items():
        if key not in COLUMNS:
            raise GeneError(
                "columns", expected=f"one of {', '.join(COLUMNS)}", found=repr(key), do="Name a column by it."
            )
        if name not in there:
            raise _lacking(path, f"a column {name!r}", there)
    plain = {re.sub(r"[\s-]", "_", name.casefold()): name for name in reversed(there)}
    usual = {
        key: next((plain[name] for name in names if name in plain), "") for key, names in COLUMNS.items()
    }
    found = {**usual, **chosen}
    if not found["id"]:
        raise _lacking(path, f"a column {' or '.join(COLUMNS['id'])}", there)
    telling = ("symbol", "name", "description", "abstract")
    unknown = set(there) - set(found.values())
    # Ids alone are enough where annotated genes have them; a column that is called otherwise is missed.
    if unknown and not any(found[key] for key in telling):
        names = (name for key in telling for name in COLUMNS[key])
        raise _lacking(path, f"a column that tells of the genes ({', '.join(names)})", there)
    return found


def _lacking(path: Path, expected: str, there: Sequence[str]) -> GeneError:
    return GeneError(
        str(path),
        expected=expected,
        found=f"the columns {', '.join(there)}",
        do="Rename one of them, or say which it is.",
    )


def _gene(row: Row, names: Mapping[str, str], where: str) -> Gene:
    cells = {key: _values(row.get(name)) if name else [] for key, name in names.items()}
    id_, symbol, name = (" ".join(cells[key]).strip() for key in ("id", "symbol", "name"))
    if not id_:
        raise _bad(where, f"an id in column {names['id']!r}", "none")
    return Gene(id_, symbol, name, _synonyms(cells["synonyms"]), _taxon(cells, where), _texts(cells, where))


def _plain(text: str) -> str:
    """Return a text without the tags of HTML and with what its entities stand for."""
    return html.unescape(_TAG.sub(lambda tag: "" if tag[1].lower() in _INLINE else " ", text))


def _values(cell: object) -> list[str]:
    """Return the texts in a cell: those of a list, or the one that it is, empty where there is nothing."""
    return [told_in(value) for value in (cell if isinstance(cell, list) else [cell])]


def _synonyms(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for cell in cells for word in cell.split("|") if word.strip())


def _taxon(cells: Mapping[str, Sequence[str]], where: str) -> int | None:
    text = "".join(cells["taxon"]).strip()
    if not text:
        return None
    found = _TAXON.fullmatch(text)
    if found is None:
        raise _bad(where, "NCBI's number of an organism, such as 9606", repr(text))
    return int(found[1])


def _texts(cells: Mapping[str, Sequence[str]], where: str) -> tuple[GeneText, ...]:
    abstracts, pmids = (
        cell if any(map(str.strip, cell)) else [] for cell in (cells["abstract"], cells["pmid"])
    )
    if abstracts and pmids and len(abstracts) != len(pmids):
        raise _bad(where, f"a PMID for each abstract, {len(abstracts)}", str(len(pmids)))
    sources = [_source(pmid) for pmid in pmids] or [""] * len(abstracts)
    texts = [*map(GeneText, cells["description"]), *map(GeneText, abstracts, sources)]
    texts = [GeneText(_plain(one.text), one.source) for one in texts]
    longest = max((len(text) for text, _ in texts), default=0)
    if longest > LONGEST_TEXT:
        raise _bad(where, f"texts of at most {LONGEST_TEXT:,} characters", f"one of {longest:,}")
    return tuple(one for one in texts if VISIBLE.search(one.text))


def _source(cell: str) -> str:
    found = _PMID.fullmatch(cell.strip())
    return f"PMID:{found[1]}" if found else cell.strip()


def _bad(where: str, expected: str, found: str) -> GeneError:
    return GeneError(where, expected=expected, found=found, do="Correct that row.")
