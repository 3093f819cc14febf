r"""Rows of TSV and CSV as pandas, R and spreadsheet programs write them.

CSV is that of RFC 4180, also with semicolons. TSV has no such rule, and this is ours: a field is quoted if it
begins with a quote and the next single quote stands directly before a separator or the end of a line. What is
between is text, separators and line ends too; a doubled quote stands for one. Fields count as quoted only if
the record then has as many as the header; else its line stands as it is, so that a lone quote swallows no
rows. Below two column names, with ``|`` for the tab::

    1|"The ""lid"" opens."      1 and The "lid" opens.
    1|"lid" of the pump         1 and "lid" of the pump
    1|The 5" end                1 and The 5" end
    1|"an open quote            1 and "an open quote
    "1|2"                       "1 and 2"
    1|"two\n3|lines"            1 and two\n3|lines

TSV that is written has quotes where it would be read as something else without them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from gotune.errors import TableError
from gotune.files import atomic_file
from gotune.lines import encodable, one_line
from gotune.unpacking import LINE

_QUOTES = re.compile('"+')


def tsv_cell(text: str) -> str:
    """Return a cell of TSV as it is written: in quotes if it would be read as another one without them."""
    is_quoted = text.startswith('"') and _next_quote(text, 1) >= len(text) - 1
    if is_quoted or "\t" in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def tsv_line(cells: Iterable[str]) -> str:
    """Return a row of TSV with its line end; runs of blanks in a cell, tabs and line ends too, are one."""
    return "\t".join(tsv_cell(one_line(encodable(cell))) for cell in cells) + "\n"


def write_tsv(path: Path, rows: Iterable[Iterable[str]]) -> None:
    """Write rows as TSV, the header first, see `tsv_line`; whole, or not at all.

    Raises:
        SaveError: The file cannot be written; an old one is untouched.
    """
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(map(tsv_line, rows))


def tsv_rows(
    lines: Iterator[str], path: Path, *, longest: int, width: int = 0
) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the cells of each row with the number of its last line; the first row is the header.

    Args:
        lines: Those of the file, with their ``\n``.
        path: The file, for messages.
        longest: Characters in which the end of an open quote is looked for; each line counts `LINE` more.
        width: How many cells the header had, if it was read before.

    Raises:
        TableError: A carriage return stands in a line outside quotes.
    """
    return _Rows(lines, path, longest).rows(width)


def csv_rows(
    lines: Iterator[str], path: Path, separator: str, *, longest: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row with the number of its last line; the first row is the header.

    Args:
        lines: Those of the file, with their line ends.
        path: The file, for messages.
        separator: What stands between cells.
        longest: Characters of a row of several lines, at most.

    Raises:
        TableError: The quotes are not as in RFC 4180, or a row is longer.
    """
    # The limit belongs to the whole process: it is raised, never lowered.
    csv.field_size_limit(max(csv.field_size_limit(), longest))
    size = 0

    def measured() -> Iterator[str]:
        nonlocal size
        for line in lines:
            is_first, size = not size, size + len(line)
            if size > longest and not is_first:
                raise csv.Error(f"a row of more than {longest:,} characters")
            yield line

    reader = csv.reader(measured(), delimiter=separator, strict=True)
    try:
        for cells in reader:
            # csv takes an empty line for no cell; in a table of one column it is an empty one.
            yield reader.line_num, cells or [""]
            size = 0
    except csv.Error as exc:
        raise TableError(
            f"{path}, line {reader.line_num}",
            expected="CSV as in RFC 4180",
            found=str(exc),
            do='Check the quotes and line ends there; a quote inside a cell is written "".',
        ) from exc


def separator_of(header: str) -> str:
    """Return what separates the columns of CSV: in half of Europe spreadsheet programs write semicolons."""
    outside_quotes = "".join(header.split('"')[::2])
    return ";" if outside_quotes.count(";") > outside_quotes.count(",") else ","


class _Rows:
    """Rows of TSV, of lines that can be looked at before they are taken."""

    def __init__(self, lines: Iterator[str], path: Path, longest: int) -> None:
        self._lines = lines
        self._path = path
        self._longest = longest
        self._ahead: dict[int, str] = {}
        self._n_read = 0
        self._size = 0
        self._n_from: dict[int, dict[int, int]] = {}
        """By line and place of an open quote, how many cells there were from it on in a record that had too
        many or too few. Records that meet there end alike: without this, each would look as far again."""

    def rows(self, width: int) -> Iterator[tuple[int, list[str]]]:
        number = 1
        while (line := self._line(number)) is not None:
            found = None
            if '"' in line:
                found = self._record(number, width) or self._record(number, width, alone=True)
            cells, last = found or (self._checked(line[: _end(line)], number).split("\t"), number)
            width = width or len(cells)
            yield last, cells
            for taken in range(number, last + 1):
                self._size -= len(self._ahead.pop(taken)) + LINE
                self._n_from.pop(taken, None)
            number = last + 1

    def _record(self, number: int, width: int, *, alone: bool = False) -> tuple[list[str], int] | None:
        """Return the cells from a line on, and the last line; None if they are not ``width``, or 0, many.

        With ``alone``, quotes end on the line on which they begin.
        """
        cells: list[str] = []
        opened: list[tuple[int, int, int]] = []
        n_more = 0
        at, start = number, 0
        while True:
            quoted = self._quoted(at, start, alone=alone)
            if quoted is None:
                line, to = self._ahead[at], at
                tab = line.find("\t", start, _end(line))
                stop = _end(line) if tab < 0 else tab
                cell = self._checked(line[start:stop], at)
            else:
                cell, to, stop = quoted
            if to > at:
                known = self._n_from.get(at, {}).get(start)
                if known is not None and len(cells) + known != width:
                    n_more = known
                    break
                opened.append((at, start, len(cells)))
            cells.append(cell)
            if stop == _end(self._ahead[to]):
                break
            at, start = to, stop + 1
        n_cells = len(cells) + n_more
        if width in (0, n_cells):
            return cells, to
        for at, start, n_before in opened:
            self._n_from.setdefault(at, {})[start] = n_cells - n_before
        return None

    def _quoted(self, at: int, start: int, *, alone: bool) -> tuple[str, int, int] | None:
        """Return the text of a quoted field, and the line and place behind it; None if it is not quoted."""
        line = self._ahead[at]
        if not line.startswith('"', start):
            return None
        pieces: list[str] = []
        start += 1
        while True:
            stop = _next_quote(line, start)
            pieces.append(line[start:stop])
            if stop < len(line):
                break
            at, start = at + 1, 0
            following = None if alone else self._line(at)
            if following is None:
                return None
            line = following
        if stop + 1 != _end(line) and not line.startswith("\t", stop + 1):
            return None
        return "".join(pieces).replace('""', '"'), at, stop + 1

    def _line(self, number: int) -> str | None:
        """Return a line; None behind the last one, or where too much would be held."""
        if number > self._n_read:
            line = next(self._lines, None) if self._size <= self._longest else None
            if line is None:
                return None
            self._ahead[number] = line
            self._n_read = number
            self._size += len(line) + LINE
        return self._ahead[number]

    def _checked(self, cell: str, number: int) -> str:
        if "\r" in cell:
            raise TableError(
                f"{self._path}, line {number}",
                expected=r"lines that end in \n or \r\n",
                found=r"an \r inside the line",
                do="Convert the line ends, for example with dos2unix -c mac.",
            )
        return cell


def _next_quote(line: str, start: int) -> int:
    """Return where the next single quote stands, the last of an odd number, or the length of the line."""
    runs = (run.span() for run in _QUOTES.finditer(line, start))
    return next((end - 1 for begin, end in runs if (end - begin) % 2), len(line))


def _end(line: str) -> int:
    """Return where the line end begins."""
    end = len(line) - line.endswith("\n")
    return end - line.endswith("\r", 0, end)
