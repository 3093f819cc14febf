from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus import table_sources, table_targets
from gotune.corpus import tables as module
from gotune.corpus.delimited import tsv_rows
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.table_targets import ColumnType
from gotune.corpus.tables import Answer, Cell, Copied, NewRow, add_columns, open_table
from gotune.errors import SaveError, TableError
from tests.examples import some

NAMES = ("id", "text", "note")
SUFFIXES = [".tsv", ".csv", ".jsonl", ".parquet"]
# No lone surrogates: they are not text, and no file of text can hold them.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text(st.sampled_from('ab "\t\n\r;,'))


MEASURES: dict[str, ColumnType] = {"length": float, "third": float}


def measure(cells: Sequence[Cell]) -> list[list[NewRow]]:
    """Give each text its length and a third, but never an empty one."""
    assert all(cell.text for cell in cells)
    return [[NewRow((float(len(cell.text)), 1 / 3))] for cell in cells]


def run(source: Path, target: Path, text_column: str = "text", rows_at_once: int = 4096) -> int:
    table = open_table(source, text_column=text_column)
    return add_columns(table, [target], MEASURES, measure, rows_at_once=rows_at_once).n_rows


def fill(
    source: Path, target: Path, columns: dict[str, ColumnType], answer: Answer, rows: int = 4096
) -> Copied:
    table = open_table(source, text_column="text")
    return add_columns(table, [target], columns, answer, rows_at_once=rows)


def write_table(path: Path, rows: list[dict[str, str]]) -> None:
    """Write a table of text without gotune."""
    names = list(rows[0])
    match path.suffix:
        case ".tsv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter="\t").writerows([names, *(row.values() for row in rows)])
        case ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([names, *(row.values() for row in rows)])
        case ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        case ".parquet":
            pq.write_table(pa.Table.from_pylist(rows), path)


def read_table(path: Path) -> list[dict[str, Any]]:
    """Read a table without gotune, but for the quotes of TSV; text formats give text."""
    match path.suffix:
        case ".tsv":
            lines = io.StringIO(path.read_bytes().decode(), newline="\n")
            names, *rows = [cells for _, cells in tsv_rows(lines, path, longest=1 << 20)]
            return [dict(zip(names, row, strict=True)) for row in rows]
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                names, *rows = list(csv.reader(file, strict=True))
            return [dict(zip(names, row, strict=True)) for row in rows]
        case ".jsonl":
            return [json.loads(line) for line in path.read_bytes().decode().split("\n")[:-1]]
        case _:
            rows_read: list[dict[str, Any]] = pq.read_table(path).to_pylist()
            return rows_read


@pytest.mark.parametrize("target_suffix", SUFFIXES)
@pytest.mark.parametrize("source_suffix", SUFFIXES)
@some(15)  # each one waits for the disk
@given(data=st.data())
def test_any_cells_survive_any_way(
    tmp_path_factory: pytest.TempPathFactory, source_suffix: str, target_suffix: str, data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), max_size=5))
    rows = [dict(zip(NAMES, row, strict=True)) for row in [("007", "a kinase", "NA"), *drawn]]
    folder = tmp_path_factory.getbasetemp()
    source, target = folder / f"source{source_suffix}", folder / f"target{target_suffix}"
    write_table(source, rows)

    assert run(source, target, rows_at_once=2) == len(rows)

    written = read_table(target)
    assert [list(row) for row in written] == [[*NAMES, "length", "third"]] * len(rows)
    assert [{name: row[name] for name in NAMES} for row in written] == rows
    third = 1 / 3 if target_suffix == ".parquet" else 0.333333
    for row in written:
        found = [float(row[name]) for name in ("length", "third") if row[name] not in (None, "")]
        assert found == ([len(row["text"]), third] if VISIBLE.search(row["text"]) else [])


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "genes.tsv",
            'gene\ttext\tscore\r\n5"\t"quoted" 3\' end\t1e5\n007\tNA\t \n',
            'gene\ttext\tscore\tlength\tthird\n5"\t"quoted" 3\' end\t1e5\t15.000000\t0.333333\n'
            "007\tNA\t \t2.000000\t0.333333\n",
        ),
        (
            "genes.csv",
            '\ufeffid,text\n1,"two\r\nlines, ""quoted"""\n',
            'id,text,length,third\r\n1,"two\r\nlines, ""quoted""",20.000000,0.333333\r\n',
        ),
        ("one.csv", 'text\na\n\n""\n', "text,length,third\r\na,1.000000,0.333333\r\n,,\r\n,,\r\n"),
        (
            "genes.jsonl",
            '{"text": "β", "x": [1, {"y": null}], "n": 123456789012345678901234567890}\n\n{"text": null}\n'
            '{"n": 1.50}',
            '{"text": "β", "x": [1, {"y": null}], "n": 123456789012345678901234567890, '
            '"length": 1.0, "third": 0.333333}\n{"text": null, "length": null, "third": null}\n'
            '{"n": 1.5, "length": null, "third": null}\n',
        ),
    ],
)
def test_exact_output(tmp_path: Path, name: str, before: str, after: str) -> None:
    source = tmp_path / name
    source.write_bytes(before.encode())
    run(source, source)
    assert source.read_bytes().decode() == after


def test_gzipped_tables(tmp_path: Path) -> None:
    source = tmp_path / "TABLE.TSV.GZ"
    source.write_bytes(gzip.compress(b"text\nkinase\n"))
    targets = [tmp_path / "one.csv.gz", tmp_path / "two.csv.gz"]
    for target in targets:
        assert run(source, target) == 1
    assert gzip.decompress(targets[0].read_bytes()) == (b"text,length,third\r\nkinase,6.000000,0.333333\r\n")
    assert targets[0].read_bytes() == targets[1].read_bytes()


def rich_parquet(path: Path) -> pa.Table:
    table = pa.table(
        {
            "day": pa.array([date(2020, 1, 2), None], pa.date32()),
            "price": pa.array([Decimal("1.10"), Decimal("-2.00")], pa.decimal128(9, 2)),
            "kind": pa.array(["x", "y"]).dictionary_encode(),
            "nanos": pa.array([1, None], pa.timestamp("ns", tz="UTC")),
            "tags": pa.array([["a", None], []], pa.list_(pa.string())),
            "pair": pa.array([{"p": 1}, None], pa.struct([("p", pa.int8())])),
            "text": pa.array(["kinase", None], pa.large_string()),
        }
    )
    pq.write_table(table.replace_schema_metadata({"made by": "a curator"}), path)
    return pq.read_table(path)


def test_parquet_keeps_types_and_metadata(tmp_path: Path) -> None:
    source, target = tmp_path / "a.parquet", tmp_path / "b.parquet"
    table = rich_parquet(source)
    run(source, target, rows_at_once=1)
    written = pq.read_table(target)
    assert written.select(table.column_names).equals(table, check_metadata=True)
    assert written.schema.field("third").type == pa.float64()
    assert written.column("third").to_pylist() == [1 / 3, None]


def test_parquet_of_pandas_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pandas = pytest.importorskip("pandas")
    pandas.DataFrame({"text": ["kinase"]}, index=["row"]).to_parquet(path)
    run(path, path)
    frame = pandas.read_parquet(path)
    assert frame.to_dict("index") == {"row": {"text": "kinase", "length": 6.0, "third": 1 / 3}}


def test_rich_values_in_text_formats(tmp_path: Path) -> None:
    source, target = tmp_path / "a.parquet", tmp_path / "b.csv"
    rich_parquet(source)
    source_table = pq.read_table(source).drop_columns(["nanos"])
    pq.write_table(source_table, source)
    run(source, target)
    assert target.read_text().splitlines() == [
        "day,price,kind,tags,pair,text,length,third",
        '2020-01-02,1.10,x,"[""a"", null]","{""p"": 1}",kinase,6.000000,0.333333',
        ",-2.00,y,[],,,,",
    ]
    run(source, target.with_suffix(".jsonl"))
    assert read_table(target.with_suffix(".jsonl"))[0] == {
        "day": "2020-01-02", "price": "1.10", "kind": "x", "tags": ["a", None], "pair": {"p": 1},
        "text": "kinase", "length": 6.0, "third": 0.333333,
    }  # fmt: skip


def test_json_lines_hold_no_figure_that_is_none(tmp_path: Path) -> None:
    source, target = tmp_path / "a.parquet", tmp_path / "a.jsonl"
    nan, inf = float("nan"), float("inf")
    pq.write_table(pa.table({"text": ["a", "b"], "x": [nan, 0.5], "y": [[inf, 1.0], None]}), source)
    run(source, target)
    rows = [json.loads(line, parse_constant=pytest.fail) for line in target.read_text().splitlines()]
    assert [(row["x"], row["y"]) for row in rows] == [(None, [None, 1.0]), (0.5, None)]
    run(source, tmp_path / "a.csv")
    assert [(row["x"], row["y"]) for row in read_table(tmp_path / "a.csv")] == [
        ("", "[null, 1.0]"),
        ("0.5", ""),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_parquet_of_a_name_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.parquet")
    path.write_bytes(b"")
    with pytest.raises(
        TableError, match=r"a\\udcff\.parquet: expected a readable parquet file, found 'utf-8'"
    ):
        open_table(path, text_column="text")


def test_json_values_in_parquet(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jsonl", tmp_path / "b.parquet"
    first = {"text": "a", "whole": 2**60, "real": 1, "yes": True, "mixed": 1, "nested": [1], "late": None}
    second = {"text": "b", "whole": 1, "real": 0.5, "yes": False, "mixed": "x", "big": 2**64, "none": None}
    source.write_text(json.dumps(first) + "\n" + json.dumps(second))
    run(source, target)
    added = {"length": 1.0, "third": 1 / 3}
    # Text where no column type holds all values exactly.
    assert read_table(target) == [
        {**first, "real": 1.0, "mixed": "1", "nested": "[1]", "big": None, "none": None, **added},
        {"text": "b", "whole": 1, "real": 0.5, "yes": False, "mixed": "x", "nested": None, "late": None,
         "big": "18446744073709551616", "none": None, **added},
    ]  # fmt: skip
    assert [str(kind) for kind in pq.read_schema(target).types[:4]] == ["string", "int64", "double", "bool"]


def test_each_text_is_asked_about_once(tmp_path: Path) -> None:
    source = tmp_path / "a.tsv"
    source.write_text("text\n\na\nd\nb\n \nc\n\n")
    seen: list[list[Cell]] = []

    def record(cells: Sequence[Cell]) -> list[list[NewRow]]:
        seen.append(list(cells))
        return [[NewRow((float(ord(cell.text) - 96),))] for cell in cells]

    assert fill(source, source, {"p": float}, record, rows=3) == Copied(7, 0)
    assert seen == [[Cell(2, "a"), Cell(3, "d")], [Cell(4, "b"), Cell(6, "c")]]
    assert source.read_text() == (
        "text\tp\n\t\na\t1.000000\nd\t4.000000\nb\t2.000000\n \t\nc\t3.000000\n\t\n"
    )


def test_row_groups_are_joined_but_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "a.tsv", tmp_path / "b.parquet"
    source.write_text("text\n" + "kinase\n" * 10)
    run(source, target, rows_at_once=2)
    assert pq.ParquetFile(target).num_row_groups == 1
    for rows, groups in ((4, [4, 4, 2]), (5, [6, 4]), (10, [10])):
        monkeypatch.setattr(table_targets, "_ROW_GROUP_ROWS", rows)
        run(source, target, rows_at_once=2)
        metadata = pq.read_metadata(target)
        assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == groups


def test_cell_longer_than_the_limit_of_the_csv_module(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text(f'text\n"{"kinase " * 30_000}"\n')
    run(source, source)
    assert read_table(source)[0]["length"] == "210000.000000"


BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.tsv", b"", "a.tsv: expected a line of column names, found none"),
    "no rows": ("a.csv", b"text\n", "column 'text': expected at least one text, found 0 rows without any"),
    "only blanks": ("a.tsv", "text\n \n\u200b\n".encode(), "found 2 rows without any"),
    "missing column": ("a.tsv", b"id\tTEXT\n", "expected a column 'text', found the columns id, TEXT"),
    "missing key": ("a.jsonl", b'{"id": 1}', "expected a column 'text', found the columns id"),
    "clash": ("a.csv", b"third,text\n1,a\n", r"columns to add \(length, third\), found third"),
    "double name": ("a.csv", b"text,text\na,b\n", r"distinct column names, found twice \['text'\]"),
    "ragged tsv": ("a.tsv", b"id\ttext\n1\ta\n2\n", "line 3: expected 2 cells.*found 1"),
    "ragged csv": ("a.csv", b'id,text\n1,"a\nb"\n2,b,c\n', "line 4: expected 2 cells.*found 3"),
    "open quote": ("a.csv", b'id,text\n1,"a\n', "line 2: expected CSV as in RFC 4180, found unexpected end"),
    "late quote": ("a.csv", b'id,text\n1,"a"b\n', "line 2: expected CSV as in RFC 4180"),
    "mac lines": ("a.tsv", b"text\ra\rb", r"line 1: expected lines that end in .n or .r.n, found an .r"),
    "mac csv": ("a.csv", b"text\ra\rb", "line 1: expected CSV as in RFC 4180, found new-line character"),
    "latin-1": ("a.tsv", b"text\na\ncaf\xe9\n", "line 3: expected a table in UTF-8, found the byte 0xe9"),
    "utf-16": ("a.tsv", "text\na\n".encode("utf-16"), "found UTF-16 text"),
    "excel": ("a.csv", b"PK\x03\x04\x00", "found a zip archive"),
    "not gzip": ("a.tsv.gz", b"text\na\n", "expected a readable tsv file, found Not a gzipped file"),
    "cut gzip": ("a.tsv.gz", gzip.compress(b"text\na\n")[:-9], "expected a readable tsv file"),
    "gzip unnamed": ("a.tsv", gzip.compress(b"text\na\n"), "found gzip-compressed data"),
    "bad json": ("a.jsonl", b'{"text": "a"}\n{"text": \n', "line 2: expected JSON, found Expecting value"),
    "deep json": ("a.jsonl", b"[" * 100_000, "line 1: expected JSON, found"),
    "half character": ("a.jsonl", b'{"text": "\\ud83d"}', "line 1: expected JSON, found .*surrogates"),
    "not an object": ("a.jsonl", b'{"text": "a"}\n["a"]\n', "line 2: expected a JSON object, found list"),
    "no object": ("a.jsonl", b"\n{}\n", "expected a JSON object a line, found none"),
    "number": ("a.jsonl", b'{"text": "a"}\n{"text": 5}', "row 2, column 'text': expected text or null"),
    "not parquet": ("a.parquet", b"text\na\n", "expected a readable parquet file, found"),
    "suffix": ("a.txt", b"", r"expected a name that ends in .tsv, .csv, .* found '.txt'. Convert"),
    "spreadsheet": ("a.xlsx", b"", r"found '.xlsx'. Save the sheet as .csv"),
    "giant": ("a.csv", b'text\na\n"' + b"a\n" * 500_001 + b'"\n',
              "row 2, column 'text': expected a text of at most 1,000,000 characters, found 1,000,002"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "message"), BAD.values(), ids=BAD)
def test_bad_tables(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    source, target = tmp_path / name, tmp_path / "target.parquet"
    source.write_bytes(data)
    with pytest.raises(TableError, match=message):
        run(source, target)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_missing_table_and_folder(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(TableError, match="expected a table, found nothing"):
        run(tmp_path / f"none{suffix}", tmp_path / "b.tsv")
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    with pytest.raises(TableError, match="folder"):
        run(folder, tmp_path / "b.tsv")


def test_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_sources, "LONGEST_LINE", 10)
    source = tmp_path / "a.tsv"
    source.write_text("text\n12345678901")
    with pytest.raises(TableError, match="expected lines of at most 10 bytes, found a longer one"):
        run(source, source)


NESTED = pa.struct([("a", pa.list_(pa.timestamp("s")))])
FAR = {
    "far date": (pa.array([2**31 - 1], pa.date32()), "5881580-07-11"),
    "early date": (pa.array([-1_000_000], pa.date32()), "-768-02-04"),
    "far milliseconds": (pa.array([86_400_000 * 10**7], pa.date64()), "29349-01-26"),
    "far second": (pa.array([2**40], pa.timestamp("s")), "36812-02-20T00:36:16.000"),
    "early second": (pa.array([-(2**40)], pa.timestamp("s")), "-32873-11-12T23:23:44.000"),
    "far instant": (pa.array([2**60], pa.timestamp("us", "UTC")), "38504-08-17T21:30:06.846976+00:00"),
    "near": (pa.array([1], pa.timestamp("s")), "1970-01-01T00:00:01"),
    "zone of hours": (pa.array([0], pa.timestamp("s", "+05:30")), "1970-01-01T05:30:00+05:30"),
    "zone of a city": (pa.array([0], pa.timestamp("s", "Asia/Tokyo")), "1970-01-01T09:00:00+09:00"),
    "unknown zone": (pa.array([1], pa.timestamp("s", "Moon/Base")), "1970-01-01T00:00:01.000+00:00"),
    "wrong zone": (pa.array([1], pa.timestamp("ms", "CEST?")), "1970-01-01T00:00:00.001+00:00"),
    "nanoseconds": (pa.array([1], pa.timestamp("ns")), "1970-01-01T00:00:00.000000001"),
    "long duration": (pa.array([2**60], pa.duration("s")), "1152921504606846976 seconds"),
    "decimal": (pa.array([Decimal("1e-30")], pa.decimal256(60, 30)), "1E-30"),
    "list": (pa.array([[2**40, None]], pa.list_(pa.timestamp("s"))), '["36812-02-20T00:36:16.000", null]'),
    "nested": (pa.array([{"a": [2**40, None]}], NESTED), '{"a": ["36812-02-20T00:36:16.000", null]}'),
    "dictionary": (
        pa.DictionaryArray.from_arrays([0], pa.array([2**40], pa.timestamp("s"))),
        "36812-02-20T00:36:16.000",
    ),
    "map": (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int8())), '[["a", 1]]'),
}  # fmt: skip


@pytest.mark.parametrize(("values", "text"), FAR.values(), ids=FAR)
def test_values_of_parquet_beyond_those_of_python(values: pa.Array, text: str, tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a"], "x": values}), source)
    for suffix in SUFFIXES:
        assert run(source, tmp_path / f"b{suffix}") == 1
    assert read_table(tmp_path / "b.tsv")[0]["x"] == text
    assert read_table(tmp_path / "b.csv")[0]["x"] == text
    in_json = read_table(tmp_path / "b.jsonl")[0]["x"]
    assert (in_json if isinstance(in_json, str) else json.dumps(in_json)) == text
    kept = pq.read_table(tmp_path / "b.parquet", columns=["x"])
    assert kept.equals(pq.read_table(source, columns=["x"]))


def test_nan_is_no_text_and_no_article(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"text": NaN, "pmid": 7}\n{"text": "a", "pmid": NaN}\n{"text": "b", "pmid": 7.5}\n')
    table = open_table(source, text_column="text")
    assert (table.n_rows, table.n_texts) == (3, 2)
    assert [cell for _, cell in table.texts()] == [Cell(2, "a", ""), Cell(3, "b", "7.5")]
    assert run(source, tmp_path / "b.csv") == 3
    pq.write_table(pa.table({"text": [float("nan")] * 2}), tmp_path / "a.parquet")
    with pytest.raises(TableError, match="expected at least one text, found 2 rows without any"):
        open_table(tmp_path / "a.parquet", text_column="text")


BINARY = {
    "bytes": pa.array([None, None, b"a"]),
    "large": pa.array([None, None, b"a"], pa.large_binary()),
    "fixed": pa.array([None, None, b"a"], pa.binary(1)),
    "list": pa.array([[], None, [b"a"]]),
    "struct": pa.array([{"a": None}, None, {"a": b"a"}]),
}


@pytest.mark.parametrize("values", BINARY.values(), ids=BINARY)
def test_bytes_have_no_text(values: pa.Array, tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a", "b", "c"], "x": values}), source)
    message = (
        r"a\.parquet, row 3, column 'x': expected values that text can hold, found a value of type bytes"
    )
    for suffix in SUFFIXES[:3]:
        with pytest.raises(TableError, match=message):
            run(source, tmp_path / f"b{suffix}")
    assert run(source, tmp_path / "b.parquet") == 3


@pytest.mark.parametrize(
    ("name", "text", "n_blank"),
    [
        ("a.csv", "id,text\n1,a\n\n", 1),
        ("a.csv", "id,text\n\n1,a\n", 1),
        ("a.csv", "id,text\r\n1,a\r\n\r\n\r\n", 2),
        ("a.csv", "id,text\n1,a\n   \n", 1),
        ("a.csv", "id,text\n1,a\n,,,\n", 1),
        ("a.csv", "id,text\n1,a\n,\n", 0),
        ("a.csv", 'id,text\n1,"a\n\n"\n', 0),
        ("a.csv", "id;text\n1;a\n;;;\n\n", 2),
        ("a.tsv", "id\ttext\n1\ta\n\n", 1),
        ("a.tsv", "id\ttext\n\n\n1\ta\n", 2),
        ("a.tsv", "id\ttext\n1\ta\n\t\t\n", 1),
        ("a.tsv", "id\ttext\n1\ta\n\t\n", 0),
        ("a.tsv", 'id\ttext\n1\t"a\n\n"\n\n', 1),
        ("a.tsv", "text\na\n\n", 0),
        ("a.jsonl", '\n{"id": "1", "text": "a"}\n \n\n', 3),
    ],
)
def test_blank_lines_are_counted_and_no_rows(name: str, text: str, n_blank: int, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    table = open_table(path, text_column="text")
    assert (table.n_texts, table.source.n_blank) == (1, n_blank)
    assert next(table.texts())[1].text.strip() == "a"


def test_parquet_with_unusable_columns(tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a"], "raw": [b"\x00"]}), source)
    with pytest.raises(TableError, match="expected values that text can hold, found a value of type bytes"):
        run(source, tmp_path / "b.csv")
    with pytest.raises(TableError, match="row 1, column 'raw': expected text or null, found a bytes"):
        run(source, tmp_path / "b.parquet", text_column="raw")
    pq.write_table(pa.Table.from_arrays([pa.array(["a"])] * 2, names=["text", "text"]), source)
    with pytest.raises(TableError, match="distinct column names"):
        run(source, tmp_path / "b.parquet")


def test_target_that_is_a_folder_is_refused_before_any_work(tmp_path: Path) -> None:
    target = tmp_path / "b.tsv"
    target.mkdir()
    (tmp_path / "a.tsv").write_text("text\nkinase\n")
    with pytest.raises(SaveError, match="expected a file, found a folder"):
        run(tmp_path / "a.tsv", target)


def test_failure_on_the_way_leaves_the_target_alone(tmp_path: Path) -> None:
    source = tmp_path / "a.tsv"
    source.write_text("text\na\nb\n")

    def fail(cells: Sequence[Cell]) -> list[list[NewRow]]:
        if cells[0].text == "b":
            raise RuntimeError("no memory")
        return [[NewRow((0.0,))]]

    with pytest.raises(RuntimeError, match="no memory"):
        fill(source, source, {"p": float}, fail, rows=1)
    assert source.read_text() == "text\na\nb\n"
    assert list(tmp_path.iterdir()) == [source]


def test_an_answer_that_loses_a_row_is_a_bug_of_the_caller(tmp_path: Path) -> None:
    source = tmp_path / "a.tsv"
    source.write_text("text\na\nb\nc\n")
    with pytest.raises(ValueError, match="3 texts and 1 answers"):
        fill(source, source, {"p": float}, lambda cells: [[NewRow((0.0,))]])


def test_csv_writer_quotes_as_the_standard_says() -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["\r", "\n", '"', ",", "plain"])
    assert file.getvalue() == '"\r","\n","""",",",plain\r\n'


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_new_columns_may_hold_text(suffix: str, tmp_path: Path) -> None:
    source, target = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    write_table(source, [{"text": "kinase"}, {"text": ""}, {"text": "membrane"}])
    names = iter(["a,b", "none"])
    fill(source, target, {"names": str}, lambda cells: [[NewRow((next(names),))] for _ in cells])
    empty = "" if suffix in {".tsv", ".csv"} else None
    assert [row["names"] for row in read_table(target)] == ["a,b", empty, "none"]


def test_what_tsv_cannot_hold_is_quoted(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.tsv"
    source.write_text('{"text": "a\\nb", "a\\tb": "\\"x\\""}')
    fill(source, target, {"names": str}, lambda cells: [[NewRow(("c\td",))] for _ in cells])
    assert target.read_bytes() == b'text\t"a\tb"\tnames\n"a\nb"\t"""x"""\t"c\td"\n'


def divide(cells: Sequence[Cell]) -> list[list[NewRow]]:
    """Give each word a row."""
    return [[NewRow((cell.row, len(word) / 2), word) for word in cell.text.split()] for cell in cells]


@pytest.mark.parametrize("target_suffix", SUFFIXES)
@pytest.mark.parametrize("source_suffix", SUFFIXES)
def test_a_text_may_give_several_rows(source_suffix: str, target_suffix: str, tmp_path: Path) -> None:
    source, target = tmp_path / f"in{source_suffix}", tmp_path / f"out{target_suffix}"
    write_table(
        source, [{"id": "1", "text": "a bc"}, {"id": "2", "text": " "}, {"id": "3", "text": "d e fgh"}]
    )
    assert fill(source, target, {"row": int, "half": float}, divide, rows=2) == Copied(6, 0)
    found = [tuple(row.values()) for row in read_table(target)]
    if target_suffix in {".tsv", ".csv"}:
        assert found == [
            ("1", "a", "1", "0.500000"),
            ("1", "bc", "1", "1.000000"),
            ("2", " ", "", ""),
            ("3", "d", "3", "0.500000"),
            ("3", "e", "3", "0.500000"),
            ("3", "fgh", "3", "1.500000"),
        ]
    else:
        assert found == [
            ("1", "a", 1, 0.5),
            ("1", "bc", 1, 1.0),
            ("2", " ", None, None),
            ("3", "d", 3, 0.5),
            ("3", "e", 3, 0.5),
            ("3", "fgh", 3, 1.5),
        ]


def test_rows_of_parquet_keep_their_types_when_they_are_repeated(tmp_path: Path) -> None:
    source, target = tmp_path / "a.parquet", tmp_path / "b.parquet"
    table = rich_parquet(source)
    texts = pa.array(["a bc", "d"]).dictionary_encode()
    table = table.set_column(table.schema.get_field_index("text"), "text", texts)
    pq.write_table(table, source)
    fill(source, target, {"row": int, "half": float}, divide)
    written = pq.read_table(target)
    assert written.schema.field("row").type == pa.int64()
    assert written.column("text").to_pylist() == ["a", "bc", "d"]
    kept = table.drop_columns(["text"]).take([0, 0, 1])
    assert written.select(kept.column_names).equals(kept)
    assert written.schema.field("text").type == texts.type


def test_several_targets_are_written_at_once(tmp_path: Path) -> None:
    source, targets = tmp_path / "a.tsv", [tmp_path / "b.csv", tmp_path / "b.jsonl"]
    source.write_text("text\nkinase\n")
    asked = 0

    def count(cells: Sequence[Cell]) -> list[list[NewRow]]:
        nonlocal asked
        asked += len(cells)
        return measure(cells)

    add_columns(open_table(source, text_column="text"), targets, MEASURES, count)
    assert asked == 1
    assert [read_table(target)[0]["third"] for target in targets] == ["0.333333", 0.333333]


@pytest.mark.parametrize("name", ["b.xlsx", "b.json", "b.html", "b"])
def test_a_table_becomes_a_table(name: str, tmp_path: Path) -> None:
    source = tmp_path / "a.tsv"
    source.write_text("text\nkinase\n")
    with pytest.raises(TableError, match=r"expected a table, with a name that ends in \.tsv, .* Name one"):
        run(source, tmp_path / name)


def asked_of(articles: Sequence[str], tmp_path: Path, suffix: str = ".tsv") -> tuple[list[str], Copied]:
    """Return the articles that were asked about together, three rows at once, and what was copied."""
    source = tmp_path / f"a{suffix}"
    write_table(
        source,
        [{"id": str(n), "text": "kinase", "pmid": article} for n, article in enumerate(articles, start=1)],
    )
    seen: list[str] = []
    rows: list[int] = []

    def record(cells: Sequence[Cell]) -> list[list[NewRow]]:
        seen.append("".join(cell.article or "." for cell in cells))
        rows.extend(cell.row for cell in cells)
        return measure(cells)

    target = tmp_path / f"b{suffix}"
    copied = fill(source, target, MEASURES, record, rows=3)
    assert rows == list(range(1, len(articles) + 1))
    assert [row["id"] for row in read_table(target)] == list(map(str, rows))
    return seen, copied


@pytest.mark.parametrize(
    ("articles", "groups", "scattered"),
    [
        ("aabbccdd", ["aa", "bb", "ccdd"], 0),  # the last article of three rows is held for the next
        ("abcdef", ["ab", "cdef"], 0),
        ("aaabbbccc", ["aaa", "bbbccc"], 0),
        ("abbb.cdd", ["a", "bbb.", "cdd"], 0),
        ("a......", ["a..", "...", "."], 0),
        ("aaaaaaab", ["aaaaaa", "ab"], 1),  # more rows than are held: the article is cut
        ("abcaxbyz", ["ab", "cax", "byz"], 2),
        ("aba", ["aba"], 0),
    ],
)
@pytest.mark.parametrize("suffix", [".tsv", ".parquet"])
def test_rows_of_an_article_are_asked_about_together(
    articles: str, groups: list[str], scattered: int, suffix: str, tmp_path: Path
) -> None:
    named = [article.replace(".", "") for article in articles]
    assert asked_of(named, tmp_path, suffix) == (groups, Copied(len(articles), scattered))


@some(50)
@given(lengths=st.lists(st.integers(1, 3), min_size=1, max_size=12))
def test_no_article_is_cut_that_fits(lengths: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    articles = [chr(97 + n) for n, length in enumerate(lengths) for _ in range(length)]
    groups, copied = asked_of(articles, tmp_path_factory.getbasetemp())
    assert copied == Copied(len(articles), 0)
    assert max(map(len, groups)) <= 2 * 3


def test_only_so_many_articles_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 2)
    assert asked_of(list("abcdefghabcdefgh"), tmp_path)[1].n_scattered == 2


@pytest.mark.parametrize(
    ("header", "named", "expected"),
    [
        ("id,text", None, None),
        ("PMID,text", None, "PMID"),
        ("pmid,text,article", None, "article"),
        ("pmid,text,paper", "paper", "paper"),
    ],
)
def test_the_column_of_articles(header: str, named: str | None, expected: str | None, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text(f"{header}\n{','.join('x' for _ in header.split(','))}\n")
    assert open_table(source, text_column="text", article_column=named).article_column == expected
