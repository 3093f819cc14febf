from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gotune.corpus.delimited import csv_rows, separator_of, tsv_cell, tsv_rows, write_tsv
from gotune.errors import TableError
from tests.examples import some

HEAD = "gene\tnote\n"
CELL = st.text(st.sampled_from('ab"\t\n\r ')) | st.text(st.characters(exclude_categories=["Cs"]))


def read(text: str, longest: int = 1 << 20) -> list[list[str]]:
    return [cells for _, cells in tsv_rows(io.StringIO(text, newline="\n"), Path("a.tsv"), longest=longest)]


QUOTED = {
    "each cell": ('"x1"\t"Pores open."\n', [["x1", "Pores open."]]),
    "doubled": ('x1\t"The ""gate"" shuts."\n', [["x1", 'The "gate" shuts.']]),
    "nothing": ('""\t""\n', [["", ""]]),
    "a quote alone": ('x1\t""""\n', [["x1", '"']]),
    "doubled at both ends": ('x1\t"""gate"""\n', [["x1", '"gate"']]),
    "a tab inside": ('x1\t"left\tright"\n', [["x1", "left\tright"]]),
    "line end of Windows": ('"x1"\t"gate"\r\n', [["x1", "gate"]]),
    "no last line end": ('x1\t"gate"', [["x1", "gate"]]),
    "blanks inside": ('x1\t" gate "\n', [["x1", " gate "]]),
    "a carriage return inside": ('x1\t"a\rb"\n', [["x1", "a\rb"]]),
}
LINES = {
    "two": ('x1\t"Pores open.\nThey shut."\nx2\tb\n', [["x1", "Pores open.\nThey shut."], ["x2", "b"]]),
    "first cell": ('"a\nb"\tc\nx2\td\n', [["a\nb", "c"], ["x2", "d"]]),
    "both cells": ('"a\nb"\t"c\nd"\n', [["a\nb", "c\nd"]]),
    "empty lines": ('x1\t"a\n\n\nb"\n', [["x1", "a\n\n\nb"]]),
    "quotes inside": ('x1\t"a ""b""\n""c"" d"\n', [["x1", 'a "b"\n"c" d']]),
    "a tab inside": ('x1\t"a\n\tb"\n', [["x1", "a\n\tb"]]),
    "Windows": ('x1\t"a\r\nb"\r\nx2\tc\r\n', [["x1", "a\r\nb"], ["x2", "c"]]),
    "begins with it": ('x1\t"\na"\n', [["x1", "\na"]]),
    "ends with it": ('x1\t"a\n"', [["x1", "a\n"]]),
    "a lone quote follows": ('x1\t"a\nb"\nx2\t"c\n', [["x1", "a\nb"], ["x2", '"c']]),
    "after a lone quote": ('x0\t"c\nx1\t"a\nb"\n', [["x0", '"c'], ["x1", "a\nb"]]),
}
LONE = {
    "inside": ('x1\tThe 5" end.\n', [["x1", 'The 5" end.']]),
    "two inside": ('x1\tThe "gate" shuts.\n', [["x1", 'The "gate" shuts.']]),
    "at the end": ('x1\tgate"\nx2\tb\n', [["x1", 'gate"'], ["x2", "b"]]),
    "at the beginning": ('x1\t"gate\nx2\tb\n', [["x1", '"gate'], ["x2", "b"]]),
    "of two rows": ('x1\t"gate\nx2\t"pore\n', [["x1", '"gate'], ["x2", '"pore']]),
    "quotes only a word": ('x1\t"gate" of\nx2\tb\n', [["x1", '"gate" of'], ["x2", "b"]]),
    "in the first cell": ('"x1\tgate\nx2\tb\n', [['"x1', "gate"], ["x2", "b"]]),
    "alone": ('x1\t"\nx2\tb\n', [["x1", '"'], ["x2", "b"]]),
    "ends a cell of another line": ('"x1\ta\nx2\tc"\n', [['"x1', "a"], ["x2", 'c"']]),
    "before and behind a tab": ('"x1\tgate"\nx2\tb\n', [['"x1', 'gate"'], ["x2", "b"]]),
    "beside a quoted cell": ('"x1"\t"gate\nx2\tb\n', [["x1", '"gate'], ["x2", "b"]]),
    "in a row with quotes behind": ('"x1\t"b"\nx2\tc\n', [['"x1', "b"], ["x2", "c"]]),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [*QUOTED.values(), *LINES.values(), *LONE.values()],
    ids=[*QUOTED, *(f"lines, {name}" for name in LINES), *(f"lone, {name}" for name in LONE)],
)
def test_quotes_of_cells(text: str, expected: list[list[str]]) -> None:
    assert read(HEAD + text) == [["gene", "note"], *expected]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"gene"\t"note"', ["gene", "note"]),
        ('"gene"\tnote', ["gene", "note"]),
        ('"gene ""id"""\tnote', ['gene "id"', "note"]),
        ('"gene\tid"\tnote', ["gene\tid", "note"]),
        ('"gene\nid"\tnote', ["gene\nid", "note"]),
        ('gene "id"\tnote', ['gene "id"', "note"]),
        ('"gene\tnote', ['"gene', "note"]),
        ('""\tnote', ["", "note"]),
        ('"gene" id\tnote', ['"gene" id', "note"]),
        ("gene\t", ["gene", ""]),
    ],
)
def test_quotes_of_the_header(header: str, expected: list[str]) -> None:
    assert read(f"{header}\n1\t2\n") == [expected, ["1", "2"]]


def test_rows_have_the_number_of_their_last_line() -> None:
    text = HEAD + 'x1\t"a\nb"\nx2\t"c\nx3\t"d\n\ne"\n'
    rows = tsv_rows(io.StringIO(text, newline="\n"), Path("a.tsv"), longest=1 << 20)
    assert list(rows) == [
        (1, ["gene", "note"]), (3, ["x1", "a\nb"]), (4, ["x2", '"c']), (7, ["x3", "d\n\ne"])
    ]  # fmt: skip


def test_carriage_returns_outside_quotes_are_told() -> None:
    with pytest.raises(
        TableError, match=r"a.tsv, line 2: expected lines that end in .n or .r.n, found an .r"
    ):
        read(HEAD + "a\rb\tc\n")


def test_an_open_quote_looks_ahead_only_so_far() -> None:
    text = "note\n" + '"a\n' + "b\n" * 10 + 'c"\n'
    assert read(text, longest=400) == [["note"], ["a\n" + "b\n" * 10 + "c"]]
    assert read(text, longest=300) == [["note"], ['"a'], *[["b"]] * 10, ['c"']]

    def endless() -> Iterator[str]:
        yield from ("note\n", '"a\n')
        for number in range(1000):
            assert number < 100, "all lines are looked at"
            yield "b\n"

    rows = tsv_rows(endless(), Path("a.tsv"), longest=1500)
    assert [next(rows)[1] for _ in range(3)] == [["note"], ['"a'], ["b"]]


@given(st.lists(st.tuples(CELL, CELL), max_size=4))
@example([('"', 'a"'), ("b", '"')])
@example([('"a', "b"), ("c", '"')])
def test_cells_that_are_written_are_read(rows: list[tuple[str, str]]) -> None:
    text = "".join("\t".join(map(tsv_cell, row)) + "\n" for row in [("gene", "note"), *rows])
    assert read(text)[1:] == [list(row) for row in rows]


@given(st.lists(st.tuples(CELL, CELL), max_size=4), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_cells_that_others_write_are_read(rows: list[tuple[str, str]], quoting: int) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter="\t", quoting=quoting, lineterminator="\r\n")  # type: ignore[arg-type]
    writer.writerows([("gene", "note"), *rows])
    assert read(file.getvalue())[1:] == [list(row) for row in rows]


@given(st.lists(st.text(st.sampled_from('a"\t\r\n')), min_size=1, max_size=6))
def test_no_line_is_lost(lines: list[str]) -> None:
    text = "a\tb\n" + "".join(line.replace("\r", "") for line in lines)
    found = list(tsv_rows(io.StringIO(text, newline="\n"), Path("a.tsv"), longest=1 << 20))
    read_letters = "".join("".join(cells) for _, cells in found).count("a")
    assert read_letters == text.count("a")
    assert found[-1][0] == len(io.StringIO(text, newline="\n").readlines())


def rule(text: str) -> list[list[str]]:
    """Read as the rule says, word by word, however long that takes."""

    def record(rest: str) -> tuple[list[str], str]:
        cells = []
        while True:
            if quoted := re.match(r'"((?:[^"]|"")*)"(?=\t|\n|\Z)', rest):
                cells.append(quoted[1].replace('""', '"'))
            else:
                quoted = re.match(r"[^\t\n]*", rest)
                assert quoted
                cells.append(quoted[0])
            rest = rest[quoted.end() :]
            if not rest.startswith("\t"):
                return cells, rest[1:]
            rest = rest[1:]

    rows: list[list[str]] = []
    while text:
        cells, after = record(text)
        if rows and len(cells) != len(rows[0]):
            line, _, after = text.partition("\n")
            cells, more = record(line)
            if more or len(cells) != len(rows[0]):
                cells = line.split("\t")
        rows.append(cells)
        text = after
    return rows


@some(1000)
@given(
    st.sampled_from(["a", "a\tb", "a\tb\tc", "\t" * 5]),
    st.lists(
        st.sampled_from(["a", '"', '""', "\t", "\n", '"\n', '\t"', '"\t', '\n"', "b", "\n"]), max_size=40
    ),
)
def test_rows_are_those_of_the_rule(header: str, pieces: list[str]) -> None:
    text = header + "\n" + "".join(pieces)
    assert read(text) == rule(text)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("plain", "plain"),
        ("", ""),
        ('5" end', '5" end'),
        ('"gate" of', '"gate" of'),
        ('"gate"', '"""gate"""'),
        ('"gate', '"""gate"'),
        ('"', '""""'),
        ("a\tb", '"a\tb"'),
        ("a\nb", '"a\nb"'),
        ("a\rb", '"a\rb"'),
        ("a\r", '"a\r"'),
        ('say "a\tb"', '"say ""a\tb"""'),
    ],
)
def test_only_cells_that_need_quotes_get_them(cell: str, written: str) -> None:
    assert tsv_cell(cell) == written


def test_written_rows_have_a_line_each(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    write_tsv(path, [("gene", "note"), ("x\t1\r\n2", '"gate"'), ("", "a\ud800\u2028 b")])
    assert path.read_bytes().decode() == 'gene\tnote\nx 1 2\t"""gate"""\n\ta\ufffd b\n'
    assert read(path.read_text(encoding="utf-8"))[1:] == [["x 1 2", '"gate"'], ["", "a\ufffd b"]]


@given(st.lists(st.tuples(CELL, CELL), max_size=5), st.sampled_from([("gene,note", ","), ("gene;note", ";")]))
def test_csv_that_python_writes_is_read(rows: list[tuple[str, str]], head: tuple[str, str]) -> None:
    header, separator = head
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    lines = io.StringIO(f"{header}\n{file.getvalue()}", newline="\n")
    found = csv_rows(lines, Path("a.csv"), separator_of(header), longest=1 << 20)
    assert [cells for _, cells in found] == [["gene", "note"], *map(list, rows)]
