from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.table_lines import RawLine, table_blocks, table_lines
from gotune.errors import TableError


@given(st.lists(st.text("ab\n\r").map(str.encode)), st.integers(1, 9))
def test_lines_are_those_of_the_whole_wherever_it_is_cut(blocks: list[bytes], longest: int) -> None:
    whole = b"".join(blocks)
    expected, offset = [], 0
    for number, line in enumerate(whole.split(b"\n"), 1):
        raw = line + b"\n" * (offset + len(line) < len(whole))
        if raw:
            expected.append(RawLine(number, offset, raw if len(raw) <= longest else None))
        offset += len(raw)
    assert list(table_lines(blocks, "a.tsv", longest)) == expected


def test_a_line_that_is_too_long_is_told_before_it_ends() -> None:
    def endless() -> Iterator[bytes]:
        yield b"id\n"
        while True:
            yield b"x" * 10

    lines = table_lines(endless(), "a.tsv", 20)
    assert [next(lines), next(lines)] == [RawLine(1, 0, b"id\n"), RawLine(2, 3, None)]


def test_the_mark_of_a_file_is_no_part_of_its_first_line() -> None:
    assert [*table_lines([b"\xef\xbb", b"\xbfid\n", b"\xef\xbb\xbf1"], "a.tsv")] == [
        RawLine(1, 0, b"id\n"),
        RawLine(2, 6, b"\xef\xbb\xbf1"),
    ]


@pytest.mark.parametrize("longest", [4, 1000])
def test_another_kind_of_file_is_told(longest: int) -> None:
    with pytest.raises(TableError, match=r"a\.tsv: expected a table in UTF-8, found a PDF"):
        next(table_lines([b"%PDF-1.7 without an end of a line"], "a.tsv", longest))


def test_what_is_packed_by_its_name_is_unpacked(tmp_path: Path) -> None:
    for name, content in (("a.tsv", b"id\n"), ("a.tsv.GZ", gzip.compress(b"id\n"))):
        path = tmp_path / name
        path.write_bytes(content)
        with path.open("rb") as file:
            assert b"".join(table_blocks(file, path)) == b"id\n"
