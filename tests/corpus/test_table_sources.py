from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gotune.corpus import table_sources
from gotune.corpus.table_sources import ParquetSource, open_source
from gotune.errors import TableError

BREAKS = 1 << 20


@pytest.mark.parametrize(
    ("name", "beginning"),
    [("a.tsv.gz", b"text\na\n"), ("a.csv.gz", b'text\na\n"'), ("a.jsonl.gz", b'{"text": "a"}\n')],
)
def test_bomb_is_refused(
    name: str, beginning: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(beginning + b"\n" * BREAKS + b'"' * (beginning[-1:] == b'"')))
    with pytest.raises(TableError, match=r"at most 100 times its size, or to 16,777,216 bytes") as caught:
        [*open_source(path).numbered_rows()]
    assert caught.value.where == str(path)
    monkeypatch.setenv("GOTUNE_MAX_UNPACKED", "40000000")
    assert next(open_source(path).numbered_rows())[1] == {"text": "a"}


def test_parquet_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a" * 100_000] * 200}), path, compression="zstd", use_dictionary=False)
    with pytest.raises(TableError, match="at most 100 times its size"):
        open_source(path)
    monkeypatch.setenv("GOTUNE_MAX_UNPACKED", "40000000")
    assert open_source(path).schema.names == ["text"]
    monkeypatch.delenv("GOTUNE_MAX_UNPACKED")
    pq.write_table(pa.table({"text": pa.nulls(2 << 20, pa.string())}), path)
    with pytest.raises(TableError, match="at most 100 times its size"):
        open_source(path)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_a_text_that_parquet_holds_once_is_held_in_few_rows(kind: pa.DataType, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table(
        {"n": list(range(5000)), "text": pa.array(["a" * 10_000] * 5000, pa.string()).cast(kind)}
    )
    pq.write_table(table, path)
    assert path.stat().st_size < 100_000
    source = open_source(path)
    batches = list(source.batches(4096))
    assert {len(batch) for batch in batches[:-1]} == {(1 << 24) // 10_000}
    assert pa.Table.from_batches(batches).equals(table)
    assert source.schema.equals(table.schema)
    assert [len(batch) for batch in source.batches(2)][:3] == [2, 2, 2]


def test_ordinary_rows_are_held_as_many_as_asked_for(tmp_path: Path) -> None:
    texts = [f"{number} " + "word " * 200 for number in range(5000)]
    pq.write_table(pa.table({"text": texts, "none": pa.nulls(5000)}), tmp_path / "a.parquet")
    (tmp_path / "a.tsv").write_text("text\n" + "\n".join(texts))
    for name in ("a.parquet", "a.tsv"):
        assert [len(batch) for batch in open_source(tmp_path / name).batches(4096)] == [4096, 904]


@pytest.mark.parametrize("name", ["a.tsv", "a.csv", "a.jsonl"])
def test_of_large_rows_fewer_are_held(name: str, tmp_path: Path) -> None:
    text = "a" * 2_000_000
    row = json.dumps({"text": text}) if name == "a.jsonl" else text
    (tmp_path / name).write_text("\n".join([*["text"] * (name != "a.jsonl"), *[row] * 20]))
    source = open_source(tmp_path / name)
    assert [len(batch) for batch in source.batches(4096)] == [9, 9, 2]
    assert {row["text"] for _, row in source.numbered_rows()} == {text}


def test_a_row_of_csv_has_its_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_sources, "LONGEST_LINE", 20)
    path = tmp_path / "a.csv"
    path.write_text("text\n" + '"a\nb\n"\n' * 10)
    assert len([*open_source(path).numbered_rows()]) == 10
    path.write_text('text\n"' + "a\n" * 10)
    with pytest.raises(TableError, match=r"line 10: expected CSV .* found a row of more than 20 characters"):
        [*open_source(path).numbered_rows()]
    assert csv.field_size_limit() > 20


@pytest.mark.parametrize(
    ("name", "row"), [("a.tsv", "\t"), ("a.csv", ","), ("a.jsonl", '{"text": [0,0,0,0,0]}')]
)
def test_a_line_has_so_many_cells(
    name: str, row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_sources, "_MOST_CELLS", 3)
    path = tmp_path / name
    path.write_text((row * 4 if len(row) == 1 else row) + "\n")
    with pytest.raises(TableError, match="line 1: expected at most 3 cells, found more"):
        open_source(path)


def test_a_header_of_many_columns(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(100_000)]
    path = tmp_path / "a.csv"
    path.write_text(",".join(names) + "\n" + "," * 99_999 + "\n")
    source = open_source(path)
    assert source.schema.names == names
    assert [row for _, row in source.numbered_rows()] == [dict.fromkeys(names, "")]
    path.write_text(",".join([*names, "c7"]) + "\n")
    with pytest.raises(TableError, match=r"found twice \['c7'\]"):
        open_source(path)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[0] * 30_000_000], pa.list_(pa.int8())),
        pa.array([bytes(1_000_000)] * 40, pa.binary(1_000_000)),
        pa.array([[["a" * 100] * 9] * 300_000], pa.list_(pa.list_(pa.string()))),
    ],
    ids=["list", "fixed", "lists"],
)
def test_values_within_values_count(column: pa.Array, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["A cell."] * len(column), "more": column}), path, compression="zstd")
    assert path.stat().st_size < 100_000
    with pytest.raises(TableError, match="data that unfolds to at most 100 times its size"):
        open_source(path)


def test_a_whole_table_is_no_larger_than_its_file_tells(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a" * 100_000] * 1_000}), path)
    source = open_source(path)
    assert isinstance(source, ParquetSource)
    with pytest.raises(TableError, match="found 100,000,000 or more out of"):
        source.check_whole()


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        ("id;text", "1;a, b", [["1", "a, b"]]),
        ("id;text", '1;"a; b"', [["1", "a; b"]]),
        ('"id";"text"', '"1";"a ""b"""', [["1", 'a "b"']]),
        ("id;text;score", "1;a;0,5", [["1", "a", "0,5"]]),
        ("id;text, in English;year", "1;a;2020", [["1", "a", "2020"]]),
        ("\ufeffid;text", "1;a", [["1", "a"]]),
        ("id;text\r", '1;"a\nb"\r', [["1", "a\nb"]]),
        ('"a, b, c";text', "1;a", [["1", "a"]]),
        ("id,text", "1,a; b; c", [["1", "a; b; c"]]),
        ('id,"a; b; c"', "1,a", [["1", "a"]]),
        ("id;x,text", "1,a", [["1", "a"]]),
        ("text", "a; b", [["a; b"]]),
    ],
)
def test_separators_of_csv(header: str, rows: str, expected: list[list[str]], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"{header}\n{rows}\n".encode())
    found = [list(row.values()) for _, row in open_source(path).numbered_rows()]
    assert found == expected


def test_a_line_has_so_many_cells_between_semicolons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_sources, "_MOST_CELLS", 3)
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1,,,,,;2\n3;;;;4\n")
    with pytest.raises(TableError, match="line 3: expected at most 3 cells, found more"):
        list(open_source(path).numbered_rows())


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('{"text": "a", "text": "b"}', "text"),
        ('{"text": "a", "text": "a"}', "text"),
        ('{"text": null, "text": "a"}', "text"),
        ('{"id": 1, "text": "a", "id": 1}', "id"),
        ('{"text": "a", "": 1, "": 2}', ""),
        ('{"text": "a", "te\\u0078t": "b"}', "text"),
        ('{"text": "a", "more": {"x": 1, "x": 2}}', "x"),
        ('{"text": "a", "more": [{"y": 1}, {"y": 1, "y": 2}]}', "y"),
        ('{"text": "a", "b": 1, "c": 2, "b": 3, "c": 4}', "b"),
        ('{"β": "a", "text": "a", "β": "b"}', "β"),
    ],
)
def test_a_key_stands_once_in_an_object(line: str, key: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a", "Text": "b", "more": [{"text": 1}, {"text": 1}]}\n\n' + line)
    with pytest.raises(TableError) as caught:
        open_source(path)
    assert caught.value.where == f"{path}, line 3"
    assert caught.value.found == f"the key {key!r} twice in one object"


@pytest.mark.parametrize("column", ["text", "note"])
def test_texts_of_parquet_are_utf8(column: str, tmp_path: Path) -> None:
    offsets = pa.array([0, 3, 6], pa.int32()).buffers()[1]
    bad = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"ab\xffcde")])
    good = pa.array(["A cell.", "A door."])
    table = {"text": bad, "note": good} if column == "text" else {"text": good, "note": bad}
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    with pytest.raises(TableError, match=r"expected a readable parquet file, found .*Invalid UTF8") as caught:
        list(open_source(tmp_path / "a.parquet").numbered_rows())
    assert caught.value.where == f"{tmp_path / 'a.parquet'}, row 1, column {column!r}"


@pytest.mark.parametrize("row", [1, 2, 7, 4096, 4097, 5000])
def test_the_row_of_what_is_not_utf8(row: int, tmp_path: Path) -> None:
    texts = [b"A cell."] * 5000
    texts[row - 1] = b"caf\xe9"
    notes = pa.array(texts, pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": ["a"] * 5000, "note": notes}), tmp_path / "a.parquet")
    with pytest.raises(TableError, match="Write that column anew, or drop it") as caught:
        list(open_source(tmp_path / "a.parquet").batches(4096))
    assert caught.value.where == f"{tmp_path / 'a.parquet'}, row {row}, column 'note'"


@pytest.mark.parametrize("name", ["a.tsv", "a.csv.gz", "a.jsonl", "a.parquet", "a.txt"])
def test_a_pipe_is_refused(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(TableError, match=r"a table is read more than once, found a pipe or a device\. Write"):
        open_source(tmp_path / name)


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="File name too long"):
        open_source(tmp_path / f"{'a' * 300}.tsv")
