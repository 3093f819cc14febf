"""Files of rows with tabs between their cells, below a header with ``!`` that says the version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from gotune.errors import GeneError
from gotune.files import atomic_file
from gotune.genes.columns import Column
from gotune.genes.lines import MisfitError, as_text, bad_line, numbered_lines
from gotune.ontology.terms import CountedLines
from gotune.unpacking import open_text

T = TypeVar("T")

_FIRST = 5  # lines left out that are named
_REMEMBERED = 16  # cells of a column, as rows of one gene stand together


@dataclass(frozen=True, slots=True)
class Format(Generic[T]):
    """A format of such files.

    Attributes:
        name: Such as ``GAF``.
        record: Makes a record of the values of its fields.
        versions: The columns of each version that is read. The last one is written.
        n_optional: Columns at the end that a row may lack.
        check: Raises a MisfitError for a record whose cells are right and do not fit together.
    """

    name: str
    record: Callable[..., T]
    versions: Mapping[str, Sequence[Column]]
    n_optional: int = 0
    check: Callable[[T], None] = lambda record: None

    @property
    def version(self) -> str:
        """The version that is written."""
        return list(self.versions)[-1]

    def version_in(self, header: str) -> str | None:
        """Return the version that a line of the header says, if it says one."""
        found = re.fullmatch(rf"!\s*{self.name}-version:(.*)", header, re.IGNORECASE)
        return None if found is None else found[1].strip()

    def parser(self, version: str) -> Callable[[str], T]:
        """Return what turns rows of a version into records, and raises a MisfitError for what is none."""
        columns = self.versions[version]
        fewest, most = len(columns) - self.n_optional, len(columns)
        expected = f"{fewest} to {most}" if self.n_optional else str(most)
        readers = [
            lru_cache(_REMEMBERED)(partial(column.read, place=place))
            for place, column in enumerate(columns, start=1)
        ]

        def parse(row: str) -> T:
            cells = row.split("\t")
            if not fewest <= len(cells) <= most:
                raise MisfitError(f"{expected} columns with tabs between", str(len(cells)))
            cells += [""] * (most - len(cells))
            values: dict[str, Any] = {}
            for read, cell in zip(readers, cells, strict=True):
                values.update(read(cell))
            record = self.record(**values)
            self.check(record)
            return record

        return parse

    def writer(self) -> Callable[[T], str]:
        """Return what turns records into rows, and raises a MisfitError for what no row can hold."""
        columns = self.versions[self.version]
        writers = [
            (column.fields, lru_cache(_REMEMBERED)(partial(column.write, place=place)))
            for place, column in enumerate(columns, start=1)
        ]

        def row(record: T) -> str:
            cells = [write(tuple(getattr(record, field) for field in fields)) for fields, write in writers]
            self.check(record)
            return "\t".join(cells)

        return row


class Rows(Generic[T]):
    """The records of a file, plain or gzip, which is told by its first bytes.

    They are read from the file each time that they are iterated over, line by line and never held. Lines that
    begin with ``!`` and blank ones are no rows.

    Args:
        path: The file, in UTF-8.
        form: Its format.
        lenient: Leave out bad rows and count them in ``skipped``, instead of raising at the first.

    Attributes:
        skipped: The rows that were left out when the file was last read, by what was expected there and not
            found.

    Raises:
        GeneError: While it is iterated over. There is no such file, or it is damaged or unfolds too far (see
            `gotune.unpacking`); it does not say its version, or another one; or a row is bad.
    """

    def __init__(self, path: Path | str, form: Format[T], *, lenient: bool) -> None:
        self.skipped: dict[str, CountedLines] = {}
        self._path = Path(path)
        self._form = form
        self._lenient = lenient

    def __iter__(self) -> Iterator[T]:
        return (record for _, record in self.numbered())

    def numbered(self) -> Iterator[tuple[int, T]]:
        """Yield each record with the number of its line, from 1."""
        self.skipped = {}
        parse = None
        for line, raw in numbered_lines(self._path):
            try:
                text = as_text(raw)
                if text.startswith("!"):
                    parse = self._parser(text, line) or parse
                    continue
                if not text.strip(" "):
                    continue
                if parse is None:
                    raise self._bad(line, MisfitError(f"{self._header!r} before the first row", "none"))
                record = parse(text)
            except MisfitError as misfit:
                self._report(line, misfit)
                continue
            yield line, record
        if parse is None:
            raise GeneError(
                str(self._path),
                expected=f"a line {self._header!r}",
                found=f"no line of a {self._form.name}",
                do="Get the file again.",
            )

    @property
    def _header(self) -> str:
        return f"!{self._form.name.lower()}-version: {self._form.version}"

    def _parser(self, header: str, line: int) -> Callable[[str], T] | None:
        version = self._form.version_in(header)
        if version is None:
            return None
        if version not in self._form.versions:
            expected = f"{self._form.name.lower()}-version: {' or '.join(self._form.versions)}"
            raise self._bad(line, MisfitError(expected, repr(version)))
        return self._form.parser(version)

    def _report(self, line: int, misfit: MisfitError) -> None:
        """Raise, or note that a row is left out."""
        if not self._lenient:
            do = "Correct the line, or read leniently to leave out what is bad."
            raise bad_line(self._path, line, misfit, do=do) from None
        before = self.skipped.get(misfit.expected, CountedLines())
        self.skipped[misfit.expected] = CountedLines(before.count + 1, (*before.first, line)[:_FIRST])

    def _bad(self, line: int, misfit: MisfitError) -> GeneError:
        return bad_line(self._path, line, misfit, do="Get the file again, or one of that version.")


def write_rows(
    path: Path | str,
    form: Format[T],
    records: Iterable[T],
    *,
    day: date | None = None,
    release: str = "",
) -> int:
    """Write records one after the other, in the newest version that is read.

    Args:
        path: The file; ``.gz`` at the end of its name makes it gzip.
        form: The format.
        records: What is written; fields that the format has no column for are left out.
        day: That the header tells; None is today.
        release: Of the terms, that the header tells if given.

    Returns:
        How many rows there are.

    Raises:
        GeneError: The format cannot hold a record.
        SaveError: The file cannot be written. In either case an old one is untouched.
    """
    path = Path(path)
    number, row = 0, form.writer()
    packed = path.suffix.lower() == ".gz"
    with atomic_file(path) as temporary, open_text(temporary, packed=packed) as file:
        file.write(f"!{form.name.lower()}-version: {form.version}\n")
        file.write(f"!generated-by: GOTUNE\n!date-generated: {day or date.today()}\n")
        if release:
            file.write(f"!go-version: {release}\n")
        for number, record in enumerate(records, start=1):
            try:
                file.write(row(record) + "\n")
            except MisfitError as misfit:
                raise GeneError(
                    f"{path}, record {number}",
                    expected=misfit.expected,
                    found=misfit.found,
                    do=f"Change or leave out what no {form.name} can hold; nothing was written.",
                ) from None
    return number
