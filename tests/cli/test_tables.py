"""Tables of the terminal: they fit, and no word and no figure in them is broken."""

from __future__ import annotations

import itertools

import pytest

from gotune.cli.console import Screen, column_widths, fit_table
from gotune.render.tables import TextTable

INTERVAL = "0.986 (0.980–0.991)"  # noqa: RUF001
SMALL = TextTable("", ("model", "accuracy"), (("tiny", INTERVAL), ("other", "-")))
PATH = "/home/somebody/experiments/second/models/minilm-papers-epoch-3/"


def wide(n_rows: int, n_columns: int, name: str = "model") -> TextTable:
    """A table of intervals, each of two words, the longer of 13 letters."""
    header = ("figure", *(f"split {number}" for number in range(n_columns)))
    return TextTable("", header, tuple((f"{name} {row}", *[INTERVAL] * n_columns) for row in range(n_rows)))


def test_what_fits_stays_as_it_is() -> None:
    assert fit_table(SMALL, 40) == [SMALL]
    assert column_widths(SMALL, 40) == [5, 19]


def test_cells_come_before_headers_and_the_first_column_before_all() -> None:
    table = TextTable("", ("first three words", "aspect of most"), (("a protein complex", "CC"),))
    assert column_widths(table, 17 + 7 + 7) == [17, 7]
    assert column_widths(table, 7 + 6 + 7) == [7, 6]  # as wide as their longest words
    assert column_widths(table, 7 + 6 + 6) is None


def test_more_columns_than_there_is_room_for_are_turned() -> None:
    (turned,) = fit_table(wide(2, 5), 80)
    assert turned.header == ("", "model 0", "model 1")
    assert turned.rows[0] == ("split 0", INTERVAL, INTERVAL)
    assert [row[0] for row in turned.rows] == [f"split {number}" for number in range(5)]


def test_long_words_lose_their_middle_but_numbers_do_not() -> None:
    table = TextTable("", ("figure", PATH, PATH + "b"), (("accuracy", INTERVAL, "1" * 27),))
    (short,) = fit_table(table, 80)
    assert short.rows == table.rows
    assert short.header == ("figure", "/home/somebo…pers-epoch-3/", "/home/somebo…ers-epoch-3/b")
    assert [len(name) for name in short.header[1:]] == [26, 26]


def test_what_fits_in_no_shape_is_cut_between_columns() -> None:
    parts = fit_table(wide(9, 9), 80)
    assert [len(part.header) for part in parts] == [5, 5, 2]
    assert [name for part in parts for name in part.header[1:]] == [f"split {n}" for n in range(9)]
    assert {tuple(row[0] for row in part.rows) for part in parts} == {tuple(f"model {n}" for n in range(9))}


@pytest.mark.parametrize(
    ("rows", "columns", "width"), [*itertools.product((0, 1, 3, 12), (1, 4, 7, 12), (48, 80, 132))]
)
def test_the_terminal_shows_every_word_whole(
    rows: int, columns: int, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    table = wide(rows, columns, "a wide-cell\u4e2d\u6587 name [bold]")
    Screen().show(TextTable("Title", table.header, table.rows))
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0] == "Title"
    assert max(map(len, lines)) <= width
    words = set(out.replace("│", " ").replace("┃", " ").split())
    assert {word for row in (table.header[1:], *table.rows) for cell in row for word in cell.split()} <= words
