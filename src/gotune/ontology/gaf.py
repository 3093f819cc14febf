"""Gene association files, GAF 2.0 to 2.2: which gene products have which terms, and by what evidence.

https://geneontology.org/docs/go-annotation-file-gaf-format-2.2/ tells of the columns.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gotune.aspects import Aspect
from gotune.errors import GafError
from gotune.unpacking import blocks_of, unpacked

VERSIONS = ("2.0", "2.1", "2.2")
"""The versions of the format that are read."""

_NEGATION = "NOT"
_ASPECTS = {
    "P": Aspect.BIOLOGICAL_PROCESS,
    "C": Aspect.CELLULAR_COMPONENT,
    "F": Aspect.MOLECULAR_FUNCTION,
}
_BOM = b"\xef\xbb\xbf"
_VERSION = re.compile(r"!\s*gaf-version:(.*)", re.IGNORECASE)
_LONGEST_LINE = 1 << 20  # bytes; bounds what is held of a file, whose lines have up to 3,000

_N_COLUMNS = 17
_FEWEST_COLUMNS = _N_COLUMNS - 2
"""FlyBase leaves the last column out, and programs that cut blanks off a line the last two."""

_REQUIRED = (
    (0, "DB", re.compile(r"\S+"), "a database, such as UniProtKB"),
    (1, "DB Object ID", re.compile(r"\S+"), "an id, such as P12345"),
    (2, "DB Object Symbol", re.compile(r".*\S.*"), "a symbol"),
    (4, "GO ID", re.compile(r"GO:[0-9]{7}"), "an id, such as GO:0005515"),
    (6, "Evidence Code", re.compile(r"[A-Z]{2,3}"), "two or three capitals, such as IDA"),
    (8, "Aspect", re.compile(r"[PCF]"), "P, C or F"),
    (
        12,
        "Taxon",
        re.compile(r"taxon:[0-9]{1,9}(?:\|taxon:[0-9]{1,9})?"),
        "taxon:9606, or two such joined by |",
    ),
)
"""Columns that are read and must have a value: place from 0, name, what may stand there, that in words."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A row of a gene association file: that a gene product has a term, or that it has not.

    Attributes:
        gene: Database and id of the gene product, such as ``UniProtKB:P12345``.
        symbol: Such as ``Acadm``.
        name: Its full name; may be empty.
        synonyms: Its other symbols and names, in file order.
        qualifiers: Such as ``("NOT", "involved_in")``; since GAF 2.2 there is at least one.
        go_id: The term, as the file has it: it may be obsolete in the release in use.
        evidence: The evidence code, such as ``IDA``. ``ND`` says that nothing is known, with a root as term.
        aspect: The term's.
        taxon: NCBI's number of the organism that the gene product is of.
    """

    gene: str
    symbol: str
    name: str
    synonyms: tuple[str, ...]
    qualifiers: tuple[str, ...]
    go_id: str
    evidence: str
    aspect: Aspect
    taxon: int

    @property
    def negated(self) -> bool:
        """Whether the gene product was found not to have the term."""
        return any(qualifier.upper() == _NEGATION for qualifier in self.qualifiers)


def read_gaf(path: Path | str) -> Iterator[Annotation]:
    """Yield the annotations of a file, plain or gzip, which is told by its first bytes.

    It is read line by line and never held whole. Lines that begin with ``!`` and blank ones are no
    annotations. A line may lack the last two columns, of which nothing is read.

    Args:
        path: A GAF of version 2, in UTF-8.

    Raises:
        GafError: There is no such file, or it is damaged or unfolds too far (see `gotune.unpacking`); it does
            not say its version, or another one; or a line is no annotation.
    """
    path = Path(path)
    version = None
    for line, text in _lines(path):
        if text.startswith("!"):
            if match := _VERSION.fullmatch(text):
                version = match[1].strip()
                if version not in VERSIONS:
                    raise _bad_line(path, line, "gaf-version: " + " or ".join(VERSIONS), repr(version))
        elif text.strip():
            if version is None:
                raise _bad_line(path, line, "a line '!gaf-version: 2.2' before the first row", "none")
            yield _annotation(text, path, line)
    if version is None:
        raise GafError(
            str(path),
            expected="a line '!gaf-version: 2.2'",
            found="no line of a GAF",
            do="Get the file again.",
        )


def _annotation(text: str, path: Path, line: int) -> Annotation:
    cells = text.split("\t")
    if not _FEWEST_COLUMNS <= len(cells) <= _N_COLUMNS:
        expected = f"{_FEWEST_COLUMNS} to {_N_COLUMNS} columns with tabs between"
        raise _bad_line(path, line, expected, str(len(cells)))
    for place, name, pattern, meaning in _REQUIRED:
        if not pattern.fullmatch(cells[place]):
            expected = f"{meaning}, in column {place + 1} ({name})"
            raise _bad_line(path, line, expected, repr(cells[place]))
    return Annotation(
        gene=f"{cells[0]}:{cells[1]}",
        symbol=cells[2],
        name=cells[9],
        synonyms=_listed(cells[10]),
        qualifiers=_listed(cells[3]),
        go_id=cells[4],
        evidence=cells[6],
        aspect=_ASPECTS[cells[8]],
        taxon=int(cells[12].partition("|")[0].removeprefix("taxon:")),
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(value for value in cell.split("|") if value)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers, from 1, and without their ends."""
    try:
        with path.open("rb") as file:
            for line, raw in enumerate(_cut(file, path), start=1):
                try:
                    text = raw.decode("utf-8")
                except UnicodeDecodeError as exc:
                    found = f"byte 0x{raw[exc.start]:02x} at its offset {exc.start}"
                    raise _bad_line(path, line, "text in UTF-8", found) from exc
                yield line, text
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise GafError(
            str(path),
            expected="a whole compressed file",
            found=f"a damaged one ({exc})",
            do="It was probably cut off on the way: get it again.",
        ) from exc
    except OSError as exc:
        raise GafError(
            str(path),
            expected="a gene association file that can be read",
            found=exc.strerror or str(exc),
            do="Check the path.",
        ) from exc


def _cut(file: io.BufferedReader, path: Path) -> Iterator[bytes]:
    """Cut the content of a file, decompressed if need be, at the ends of lines of Unix and Windows."""
    compressed = file.peek(2).startswith(b"\x1f\x8b")
    blocks = unpacked(file, gzip.open, str(path), GafError) if compressed else blocks_of(file)
    line, rest = 0, b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        for raw in whole:
            line += 1
            yield (raw.removeprefix(_BOM) if line == 1 else raw).removesuffix(b"\r")
        if len(rest) > _LONGEST_LINE:
            raise _bad_line(path, line + 1, f"at most {_LONGEST_LINE:,} bytes", "more")
    yield (rest if line else rest.removeprefix(_BOM)).removesuffix(b"\r")


def _bad_line(path: Path, line: int, expected: str, found: str) -> GafError:
    return GafError(
        f"{path}, line {line}", expected=expected, found=found, do="Correct it, or get the file again."
    )
