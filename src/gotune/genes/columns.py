"""Columns of formats whose rows are cells with tabs between: what a cell may be, and what it is in a record.

A format is a list of columns, and a column a name, fields of a record and a kind. The same description reads
and writes: a cell that is written is read again, and refused if that gives something else, so that a tab, a
line end or a ``|`` in the wrong place never makes a broken row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gotune.genes.lines import MisfitError
from gotune.ontology.terms import TERM_ID


@dataclass(frozen=True, slots=True)
class Kind:
    """What the cells of a column are.

    Attributes:
        pattern: What stands in a cell that is not empty.
        meaning: The same in words.
        read: Turns a cell into the value of a field, or values of several; may raise ValueError for what only
            looks right. An empty cell becomes an empty value.
        write: Turns these into a cell. What they cannot be in this format may become anything that does not
            fit, as the cell is looked at afterwards.
    """

    pattern: re.Pattern[str]
    meaning: str
    read: Callable[[str], Any] = str
    write: Callable[..., str] = str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a format.

    Attributes:
        name: In the specification.
        fields: Of the record, one or several.
        kind: What its cells are.
        required: Whether a cell may not be empty.
    """

    name: str
    fields: tuple[str, ...]
    kind: Kind
    required: bool = True

    def read(self, cell: str, place: int) -> dict[str, Any]:
        """Return the values of the fields.

        Args:
            cell: What stands there.
            place: Of the column, from 1, for messages.

        Raises:
            MisfitError: The cell is not of this kind.
        """
        try:
            if not (self.kind.pattern.fullmatch(cell) if cell else not self.required):
                raise ValueError
            value = self.kind.read(cell)
        except ValueError:
            raise MisfitError(self._expected(place), repr(cell)) from None
        return dict(zip(self.fields, (value,) if len(self.fields) == 1 else value, strict=True))

    def write(self, values: tuple[Any, ...], place: int) -> str:
        """Return the cell of a record.

        Args:
            values: Those of the fields.
            place: Of the column, from 1, for messages.

        Raises:
            MisfitError: No cell of this kind holds them.
        """
        cell = self.kind.write(*values)
        try:
            if tuple(self.read(cell, place).values()) == values:
                return cell
        except MisfitError:
            pass
        raise MisfitError(self._expected(place), ", ".join(map(repr, values)))

    def _expected(self, place: int) -> str:
        return f"{self.kind.meaning}{'' if self.required else ' or nothing'}, in column {place} ({self.name})"


def listed(kind: Kind, separator: str = "|") -> Kind:
    """Return the kind of cells with one or more values with a separator between, as a tuple."""
    one = kind.pattern.pattern
    return Kind(
        re.compile(f"(?:{one})(?:{re.escape(separator)}(?:{one}))*+"),
        f"{kind.meaning}, or several with {separator} between",
        lambda cell: tuple(map(kind.read, cell.split(separator))) if cell else (),
        lambda values: separator.join(map(kind.write, values)),
    )


def alternatives(kind: Kind) -> Kind:
    """Return the kind of cells in which a comma joins what belongs together, and ``|`` such groups."""
    grouped = listed(listed(kind, ","))
    return Kind(
        grouped.pattern, f"{kind.meaning}, or several with | or a comma between", grouped.read, grouped.write
    )


def one_of(values: dict[str, Any], meaning: str) -> Kind:
    """Return the kind of cells that are one of few words, each of which stands for a value, none for None."""
    words = {value: word for word, value in values.items()}
    return Kind(
        re.compile("|".join(map(re.escape, values))),
        meaning,
        lambda cell: values[cell] if cell else None,
        lambda value: words.get(value, ""),
    )


def numbers_behind(prefix: str) -> Kind:
    """Return the kind of cells with the number of an organism behind a prefix."""
    return Kind(
        re.compile(prefix + "[1-9][0-9]{0,8}"),
        f"an organism, such as {prefix}9606",
        lambda cell: int(cell.removeprefix(prefix)),
        lambda value: f"{prefix}{value}",
    )


# Neither control characters nor line ends of Unicode, nor halves of characters, which no file can hold.
_BROKEN = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_PREFIX = "[A-Za-z][A-Za-z0-9_.-]*+"

PREFIX = Kind(re.compile(_PREFIX), "a database, such as UniProtKB")
NAME = Kind(re.compile(f" *+[^{_BROKEN} ][^{_BROKEN}]*+"), "text without control characters")
TEXT = Kind(re.compile(f" *+[^{_BROKEN}| ][^{_BROKEN}|]*+"), "text without | and control characters")
WORD = Kind(re.compile(rf"[^{_BROKEN}|\s]++"), "a word without blanks")
ASCII_TEXT = Kind(re.compile(" *+[!-{}~][ -{}~]*+"), "text in ASCII without |")
ASCII_WORD = Kind(re.compile("[!-{}~]++"), "a word in ASCII without blanks and |")
ID = Kind(re.compile(rf"{_PREFIX}:[^{_BROKEN}|,\s]++"), "an id with its database, such as PMID:2676709")
REFERENCE = Kind(re.compile(rf"{_PREFIX}:[^{_BROKEN}|\s]++"), ID.meaning)
"""An id that may have commas, as some DOIs do."""
STRICT_ID = Kind(re.compile(f"{_PREFIX}:[A-Za-z0-9_.:/-]++"), ID.meaning)
"""As GPAD and GPI 2.0 want it."""
GENE_ID = Kind(
    STRICT_ID.pattern,
    "an id with its database, such as UniProtKB:P12345",
    lambda cell: tuple(cell.split(":", 1)),
    lambda database, id_: f"{database}:{id_}",
)
GO_ID = Kind(TERM_ID, "an id, such as GO:0005515")
EXTENSIONS = alternatives(
    Kind(
        re.compile(rf"[A-Za-z_][A-Za-z0-9_:.-]*+\({_PREFIX}:[^{_BROKEN}|,()\s]++\)"),
        "an extension, such as part_of(CL:0000576)",
    )
)
STRICT_EXTENSIONS = alternatives(
    Kind(
        re.compile(rf"{STRICT_ID.pattern.pattern}\({STRICT_ID.pattern.pattern}\)"),
        "an extension, such as BFO:0000050(CL:0000576)",
    )
)
DAY = Kind(
    re.compile("[0-9]{8}"),
    "a day, such as 20260102",
    lambda cell: date.fromisoformat(cell).isoformat(),
    lambda day: day.replace("-", ""),
)


def _checked_time(cell: str) -> str:
    datetime.fromisoformat(cell)
    return cell


TIME = Kind(
    re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
        r"(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[+-][0-9]{2}:[0-9]{2}|Z)?)?"
    ),
    "a day, such as 2026-01-02, or a time of it, such as 2026-01-02T10:30:00",
    _checked_time,
)


def properties_of(*names: str) -> Kind:
    """Return the kind of cells with pairs of one of these names and a text."""
    pair = Kind(
        re.compile(f"(?:{'|'.join(names)})={ASCII_TEXT.pattern.pattern}"),
        f"name=value with one of the names {', '.join(names)}",
        lambda cell: tuple(cell.split("=", 1)),
        "=".join,
    )
    return listed(pair)
