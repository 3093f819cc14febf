from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.errors import TableError
from gotune.scale.files import Columns
from gotune.scale.records import Record, Text
from gotune.scale.rows import Line, _Table, delimited_rows, json_rows


def lines_of(text: str) -> Iterator[Line]:
    offset = 0
    for number, line in enumerate(re.findall(r"[^\n]*\n", text), 1):
        yield Line(number, offset, line)
        offset += len(line)


def read(text: str, *, tabs: bool = True, article: str | None = None) -> list[Record]:
    return list(delimited_rows(lines_of(text), "text", Columns("text", article).article_of, "a", tabs=tabs))


def told(records: list[Record]) -> list[tuple[int, str]]:
    """Return the line of each record, and its text or why it is none."""
    return [(one.line, one.text if isinstance(one, Text) else f"! {one.reason}") for one in records]


def test_rows_tell_where_they_begin() -> None:
    text = 'pmid\ttext\n1\tA cell.\n\n2\t"two\nlines"\n3\tThe end.\n'
    assert read(text) == [
        Text("a", 2, 10, "1", "A cell."),
        Text("a", 4, 21, "2", "two\nlines"),
        Text("a", 6, 35, "3", "The end."),
    ]


def test_what_r_writes_for_nothing_is_no_article() -> None:
    found = read("pmid\ttext\nNA\tA cell.\n7\tB.\n")
    assert [one.article for one in found if isinstance(one, Text)] == ["", "7"]


def test_a_bad_row_stops_no_other() -> None:
    bad = "expected 2 cells, as in the first line, found"
    assert told(read("id\ttext\n1\n2\tA cell.\n3\tx\ty\n4\tB.\n")) == [
        (2, f"! {bad} 1"),
        (3, "A cell."),
        (4, f"! {bad} 3"),
        (5, "B."),
    ]
    found = told(read("id\ttext\n1\ta\rb\n2\tA cell.\n"))
    assert (found[0][1].startswith("! expected lines that end in"), found[1:]) == (True, [(3, "A cell.")])


@pytest.mark.parametrize("quote", ['1,"open\n', '1,"open" more\n'])
def test_a_lone_quote_costs_one_line(quote: str) -> None:
    found = told(read(f'id,text\n{quote}2,"A cell."\n3,"B, or C."\n', tabs=False))
    assert [line for line, _ in found] == [2, 3, 4]
    assert found[0][1].startswith("! expected CSV as in RFC 4180, found")
    assert found[1:] == [(3, "A cell."), (4, "B, or C.")]


def test_a_quote_that_is_never_closed_costs_one_line() -> None:
    found = told(read('id,text\n1,"open\n2,A.\n3,B.\n', tabs=False))
    assert [line for line, _ in found] == [2, 3, 4]
    assert found[1:] == [(3, "A."), (4, "B.")]


def test_bad_bytes_in_another_column_are_no_matter() -> None:
    assert told(read("note\ttext\ncaf\udce9\tA cell.\nx\tcaf\udce9\n")) == [
        (2, "A cell."),
        (3, "! expected UTF-8, found the byte 0xe9"),
    ]


def test_a_line_that_was_too_long_is_told_so() -> None:
    assert told(read("id\ttext\n\udfff\n1\tA.\n")) == [
        (2, "! expected lines of at most 8,388,608 bytes, found a longer one"),
        (3, "A."),
    ]


@pytest.mark.parametrize(
    ("header", "found"),
    [("id\tbody\n1\tx\n", "id, body"), ("text\ttext\n1\tx\n", r"twice \['text'\]"), ("", "none")],
)
def test_a_table_without_the_column_is_refused(header: str, found: str) -> None:
    with pytest.raises(TableError, match=f"distinct columns, text among them, found {found}"):
        read(header)


def test_the_article_column_has_to_be_there() -> None:
    with pytest.raises(TableError, match="doi and text among them"):
        read("id\ttext\n1\tx\n", article="doi")


cells = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1).filter(
    lambda text: text.strip() and text.isprintable()
)


@given(st.lists(st.tuples(cells, cells), min_size=1))
def test_what_csv_writes_is_read(rows: list[tuple[str, str]]) -> None:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([("id", "text"), *rows])
    found = read(file.getvalue(), tabs=False, article="id")
    assert [(one.article, one.text) for one in found if isinstance(one, Text)] == [
        (article.strip(), text) for article, text in rows
    ]


@given(st.text(alphabet='ab",;\t\n\r', max_size=60), st.booleans())
def test_no_line_is_lost_whatever_stands_there(text: str, tabs: bool) -> None:
    """The good row at the end is read, and every record begins on a line of its own, in order."""
    separator = "\t" if tabs else ","
    found = read(f"id{separator}text\n{text}\n9{separator}The end.\n", tabs=tabs)
    lines = [one.line for one in found]
    assert lines == sorted(set(lines))
    assert isinstance(found[-1], Text)
    assert "The end." in found[-1].text


def test_json_lines() -> None:
    rows = [
        '{"text": "A cell.", "PMID": 7}',
        "",
        "[1]",
        "{",
        '{"other": "x"}',
        '{"text": null}',
        '{"text": "half \\ud800"}',
        '{"text": NaN}',
        '{"text": "caf\udce9"}',
        '{"text": "B.", "note": "caf\udce9"}',
    ]
    lines = (Line(number, 0, f"{row}\n") for number, row in enumerate(rows, 1))
    found = list(json_rows(lines, "text", Columns("text").article_of, "a"))
    assert found[0] == Text("a", 1, 0, "7", "A cell.")
    assert told(found[1:]) == [
        (3, "! expected a JSON object, found list"),
        (4, f"! expected JSON, found {json_problem('{')}"),
        (5, "! expected a text, found none"),
        (6, "! expected a text, found none"),
        (7, "! expected characters, found half a surrogate pair"),
        (8, "! expected a text, found none"),
        (9, "! expected UTF-8, found the byte 0xe9"),
        (10, "B."),
    ]


def json_problem(text: str) -> str:
    try:
        json.loads(f"{text}\n")
    except ValueError as exc:
        return str(exc)
    raise AssertionError


def test_an_article_of_json_that_is_not_named_counts_in_any_case() -> None:
    lines = iter([Line(1, 0, '{"text": "A.", "Pmid": 1, "ARTICLE": " x "}\n')])
    assert list(json_rows(lines, "text", Columns("text").article_of, "a")) == [Text("a", 1, 0, "x", "A.")]


def test_an_article_that_no_row_has_is_told() -> None:
    lines = [Line(1, 0, '{"text": "A.", "pmid": 7}\n'), Line(2, 30, '{"text": "B."}\n')]
    for key, told in (("pmid", []), ("pmdi", ["expected the key 'pmdi' in some row, found it in none"])):
        found = list(json_rows(iter(lines), "text", Columns("text", key).article_of, "a"))
        assert [one.reason for one in found if not isinstance(one, Text)] == told
    assert list(json_rows(iter([]), "text", Columns("text", "pmdi").article_of, "a")) == []


@pytest.mark.parametrize(("line", "tabs"), [('a",x,"\n', False), ('x"\t"y\rz\n', True)])
def test_odd_quotes_in_every_line_cost_few_looks_each(
    line: str, tabs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in (("LONGEST_LINE", 4000), ("_LEAST_ROW", 100), ("_LEAST_QUOTED", 100)):
        monkeypatch.setattr(f"gotune.scale.rows.{name}", size)
    given_out, looks = _Table._given, []

    def counted(self: _Table) -> Iterator[str]:
        for text in given_out(self):
            looks.append(text)
            yield text

    monkeypatch.setattr(_Table, "_given", counted)
    assert read(("id\ttext\n" if tabs else "id,text\n") + line * 2000, tabs=tabs)
    assert 2000 <= len(looks) < 200 * 2000  # each line anew for each before it: 2,000,000


@pytest.mark.parametrize(("header", "tabs"), [('"pmid\ttext\n', True), ('"pmid" \ttext\n', True)])
def test_an_open_quote_in_the_header_costs_no_row(header: str, tabs: bool) -> None:
    assert told(read(f"{header}1\tA cell.\n2\tThe end.\n", tabs=tabs)) == [(2, "A cell."), (3, "The end.")]


def test_a_long_header_and_long_rows_are_read_when_much_was_looked_through_in_vain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, size in (("LONGEST_LINE", 4000), ("_LEAST_ROW", 100)):
        monkeypatch.setattr(f"gotune.scale.rows.{name}", size)
    columns = ",".join(f"column {number}" for number in range(100))
    cells = "," * 100
    found = read(f"text,{columns}\nA.{cells}\n" + '"open\n' * 1000 + f"{'B' * 200}{cells}\n", tabs=False)
    assert [one.line for one in found if isinstance(one, Text)] == [2, 1003]


def test_rows_behind_odd_quotes_are_read_again() -> None:
    good = "".join(f'{n},"A cell."\n' for n in range(3000)) + f'9,"{"B" * 40_000}\n{"C" * 40_000}"\n'
    found = told(read("id,text\n" + 'a",x,"\n' * 3 + good, tabs=False))
    assert len(found[-1][1]) > 80_000
