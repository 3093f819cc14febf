from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from gotune.errors import GeneError
from gotune.genes.columns import NAME, WORD, Column, listed
from gotune.genes.lines import MisfitError
from gotune.genes.rows import Format, Rows, write_rows
from gotune.ontology.terms import CountedLines


@dataclass(frozen=True)
class Lid:
    id: str
    colours: tuple[str, ...] = ()
    note: str = ""


def check(lid: Lid) -> None:
    if lid.id in lid.colours:
        raise MisfitError("colours that are no id", repr(lid.id))


ID = Column("Id", ("id",), WORD)
COLOURS = Column("Colours", ("colours",), listed(WORD, ";"), required=False)
LIDS = Format(
    "LID",
    Lid,
    {"1.0": (ID,), "2.0": (ID, COLOURS, Column("Note", ("note",), NAME, required=False))},
    n_optional=1,
    check=check,
)
HEAD = "!lid-version: 2.0\n"


def lids(folder: Path, text: str | bytes, *, lenient: bool = False) -> Rows[Lid]:
    path = folder / "lids"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Rows(path, LIDS, lenient=lenient)


def test_records_have_the_numbers_of_their_lines_each_time(tmp_path: Path) -> None:
    rows = lids(tmp_path, HEAD + "a\tred;green\tb\n!\n\n  \nb\t\n")
    for _ in range(2):
        assert list(rows.numbered()) == [(2, Lid("a", ("red", "green"), "b")), (6, Lid("b"))]


def test_columns_are_those_of_the_version(tmp_path: Path) -> None:
    assert list(lids(tmp_path, "!LID-version:1.0\na\n")) == [Lid("a")]
    with pytest.raises(GeneError, match="line 2: expected 0 to 1 columns with tabs between, found 2"):
        list(lids(tmp_path, "!lid-version: 1.0\na\tred\n"))


def test_bad_rows_are_counted_by_what_was_expected(tmp_path: Path) -> None:
    text = HEAD.encode() + b"a\t\n b\t\nred\tred\n\xff\n" + b"\t\n" * 6
    rows = lids(tmp_path, text, lenient=True)
    assert rows.skipped == {}
    for _ in range(2):
        assert list(rows) == [Lid("a")]
        assert rows.skipped == {
            "a word without blanks, in column 1 (Id)": CountedLines(7, (3, 6, 7, 8, 9)),
            "colours that are no id": CountedLines(1, (4,)),
            "text in UTF-8": CountedLines(1, (5,)),
        }


def test_rows_before_a_bad_one_are_given(tmp_path: Path) -> None:
    rows = iter(lids(tmp_path, HEAD + "a\t\n \t\n"))
    assert next(rows) == Lid("a")
    with pytest.raises(
        GeneError, match=re.escape("line 3: expected a word without blanks, in column 1 (Id)")
    ):
        next(rows)


def test_written_files_are_the_same_for_the_same_records(tmp_path: Path) -> None:
    for name in ("a.lid", "a.lid.gz", "b.lid.gz"):
        write_rows(tmp_path / name, LIDS, [Lid("a", ("red", "green"))], day=date(2026, 1, 2))
    text = "!lid-version: 2.0\n!generated-by: GOTUNE\n!date-generated: 2026-01-02\na\tred;green\t\n"
    assert (tmp_path / "a.lid").read_text() == text
    assert (tmp_path / "a.lid.gz").read_bytes() == (tmp_path / "b.lid.gz").read_bytes()
    assert list(Rows(tmp_path / "a.lid.gz", LIDS, lenient=False)) == [Lid("a", ("red", "green"))]
    assert write_rows(tmp_path / "none.lid", LIDS, []) == 0
    assert f"!date-generated: {date.today()}\n" in (tmp_path / "none.lid").read_text()


def test_a_file_can_be_written_from_itself(tmp_path: Path) -> None:
    rows = lids(tmp_path, HEAD + "a\t\n" * 3)
    assert write_rows(tmp_path / "lids", LIDS, rows) == 3
    assert list(rows) == [Lid("a")] * 3


@pytest.mark.parametrize(
    ("lid", "expected", "found"),
    [
        (
            Lid("a", ("red;green",)),
            "a word without blanks, or several with ; between or nothing, in column 2",
            "'red;green'",
        ),
        (Lid("a", note="\x85"), "text without control characters or nothing, in column 3", r"'\\x85'"),
        (Lid("red", ("red",)), "colours that are no id", "'red'"),
    ],
)
def test_what_does_not_fit_is_refused(lid: Lid, expected: str, found: str, tmp_path: Path) -> None:
    with pytest.raises(GeneError, match=f"record 1: expected {re.escape(expected)}.*found .*{found}"):
        write_rows(tmp_path / "a.lid", LIDS, [lid])
    assert list(tmp_path.iterdir()) == []
