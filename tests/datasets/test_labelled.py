from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.table_sources import open_source
from gotune.datasets import labelled
from gotune.datasets.label_cells import BadCellError, Span, parse_aspects, parse_probabilities, parse_spans
from gotune.datasets.label_conflicts import OnConflict
from gotune.datasets.label_rows import ANY_TABLE, PROBABILITIES, LabelReader, TableKind, find_columns
from gotune.datasets.labelled import article_folds, check_overlap, read_source
from gotune.errors import DatasetError, TableError
from tests.examples import some

THREE = "text\taspects\nCells divide.\tBP\nThe nucleus is round.\tCC\nIt binds zinc.\tMF\n"
SUFFIXES = (".tsv", ".csv", ".csv.gz", ".jsonl", ".parquet")


def write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def labels_of(table: pd.DataFrame) -> list[list[float]]:
    labels: list[list[float]] = table[list(PROBABILITIES)].to_numpy().tolist()
    return labels


def sentences(rows: Sequence[tuple[str, str, str]]) -> pd.DataFrame:
    """Make a sentence table of (text, aspects, article)."""
    labels = [parse_aspects(aspects) or () for _, aspects, _ in rows]
    columns = {name: [row[label] for row in labels] for label, name in enumerate(PROBABILITIES)}
    return pd.DataFrame({"text": [row[0] for row in rows], **columns, "article": [row[2] for row in rows]})


def test_a_labelled_file(tmp_path: Path) -> None:
    path = write(
        tmp_path / "mine.tsv",
        THREE + "Zinc enters the nucleus.\t cc , molecular_function\nThe mice were fed.\tnone\nNot yet.\t?\n",
    )
    source = read_source(path)
    assert list(source.table.columns) == ["text", *PROBABILITIES, "article", "spans"]
    assert source.table["text"].tolist()[-2:] == ["Zinc enters the nucleus.", "The mice were fed."]
    assert labels_of(source.table) == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1], [0, 0, 0]]
    assert source.table["article"].tolist() == [""] * 5
    assert source.table["spans"].tolist() == [None] * 5
    assert source.card.to_dict() == {
        "name": "mine.tsv",
        "sha256": source.card.sha256,
        "n_rows": 5,
        "counts": {"biological_process": 1, "cellular_component": 2, "molecular_function": 2},
        "n_none": 1,
        "n_articles": 0,
        "n_skipped": 1,
        "n_duplicates": 0,
        "n_conflicts": 0,
        "citation": "",
        "judged": {"biological_process": 5, "cellular_component": 5, "molecular_function": 5},
    }
    assert len(source.card.sha256) == 64


def test_another_kind_of_table_tells_its_rationale_in_its_own_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_words(row: dict[str, Any], text: str) -> list[Span]:
        return [(text.index(row["word"]), text.index(row["word"]) + len(row["word"]), 0)]

    kind = TableKind(frozenset({"word", "codes"}), ("codes",), of_words, explained="codes", citation="Us.")
    monkeypatch.setattr(labelled, "KINDS", (kind, *labelled.KINDS))
    rows = "Cells divide.\tBP\tdivide\tCC\nThe wall is thin.\tCC\twall\tMF\nIt binds zinc.\tMF\tzinc\tBP\n"
    path = write(tmp_path / "theirs.tsv", "text\tcodes\tword\tother\n" + rows)
    source = read_source(path)
    assert labels_of(source.table) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert source.table["spans"].tolist() == [[(6, 12, 0)], [(4, 8, 0)], [(9, 13, 0)]]
    assert source.card.citation == "Us."
    other = read_source(path, aspects_column="other")
    assert labels_of(other.table) == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert other.table["spans"].isna().all()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n\r"), min_size=1)
ROWS = st.lists(
    st.tuples(TEXT.filter(lambda text: VISIBLE.search(text) is not None), st.sets(st.sampled_from("012"))),
    max_size=6,
    unique_by=lambda row: " ".join(row[0].casefold().split()),
)


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    buffer = io.StringIO()
    match path.name.removeprefix("table"):
        case ".jsonl":
            buffer.write("".join(json.dumps(row) + "\n" for row in rows))
        case ".parquet":
            return pd.DataFrame(rows).to_parquet(path)
        case suffix:
            delimiter = "\t" if suffix == ".tsv" else ","
            writer = csv.DictWriter(buffer, list(rows[0]), delimiter=delimiter, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    data = buffer.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return None


@pytest.mark.parametrize("suffix", SUFFIXES)
@some(15)  # each one waits for the disk
@given(drawn=ROWS)
def test_any_text_survives(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, drawn: list[tuple[str, set[str]]]
) -> None:
    codes = {"0": "BP", "1": "CC", "2": "MF"}
    rows = [("one kinase two mice three cells", {"0", "1", "2"}), *drawn]
    if len({" ".join(text.casefold().split()) for text, _ in rows}) < len(rows):
        return
    path = tmp_path_factory.getbasetemp() / f"table{suffix}"
    write_rows(
        path,
        [
            {"text": text, "aspects": ",".join(codes[one] for one in sorted(labels)), "pmid": number}
            for number, (text, labels) in enumerate(rows)
        ],
    )
    table = read_source(path).table
    assert table["text"].tolist() == [text for text, _ in rows]
    assert labels_of(table) == [[float(label in labels) for label in "012"] for _, labels in rows]
    assert table["article"].tolist() == [str(number) for number in range(len(rows))]


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("", (0, 0, 0)),
        (None, (0, 0, 0)),
        (" NONE ", (0, 0, 0)),
        ("?", None),
        ("mf,Bp", (1, 0, 1)),
        ("biological process, cellular_component", (1, 1, 0)),
        (["CC", "MF"], (0, 1, 1)),
        ([], (0, 0, 0)),
    ],
)
def test_aspects(cell: object, labels: tuple[float, ...] | None) -> None:
    assert parse_aspects(cell) == labels


@pytest.mark.parametrize("cell", ["P", "BP,", "BP;CC", "none,BP", "?,BP", 1, ["BP", None]])
def test_unknown_aspects(cell: object) -> None:
    with pytest.raises(BadCellError):
        parse_aspects(cell)


def test_probabilities() -> None:
    assert parse_probabilities(["0", " 0.25", 1]) == (0.0, 0.25, 1.0)
    assert parse_probabilities([True, 0, 1e-9]) == (1.0, 0.0, 1e-9)
    assert parse_probabilities(["", None, " "]) is None
    assert repr(parse_probabilities(["0.5", "", None])) == "(0.5, nan, nan)"
    for bad in ("1.01", "-0.1", "nan", "inf", "x"):
        with pytest.raises(BadCellError):
            parse_probabilities(["0", bad, "1"])


def test_spans() -> None:
    text = "zinc binds"
    assert parse_spans('[[0, 4, 2], [5, 10, "mf"], [5, 10, "molecular_function"]]', text) == [
        (0, 4, 2), (5, 10, 2), (5, 10, 2),
    ]  # fmt: skip
    assert parse_spans([[0, 4, 0]], text) == [(0, 4, 0)]
    assert parse_spans("[]", text) == []
    assert parse_spans("", text) is None
    assert parse_spans(None, text) is None
    for bad in ("x", "{}x", "[1]", "[[0, 4]]", "[[0, 11, 0]]", "[[4, 4, 0]]", "[[-1, 4, 0]]", "[[0, 4, 3]]",
                '[[0, 4, "XY"]]', "[[0, 4.0, 0]]", "[[true, 4, 0]]", 7, "[" * 100_000):  # fmt: skip
        with pytest.raises(BadCellError, match=r"^'"):
            parse_spans(bad, text)


LABELS = {
    "quoted cells": ("a.tsv", '"text"\t"aspects"\n"A ""door""."\t"BP,CC"\n', 'A "door".', "BP,CC"),
    "tab": ("a.tsv", 'text\taspects\n"A\tdoor."\tMF\n', "A\tdoor.", "MF"),
    "lines": ("a.tsv", 'text\taspects\n"A\ndoor."\tnone\n', "A\ndoor.", "none"),
    "lone quote": ("a.tsv", 'text\taspects\n"A door.\tBP\n', '"A door.', "BP"),
    "quote inside": ("a.tsv", 'text\taspects\nA 5" door.\tBP\n', 'A 5" door.', "BP"),
    "semicolons": ("a.csv", "text;aspects\nA door, open.;BP,MF\n", "A door, open.", "BP,MF"),
    "blank lines": ("a.csv", "text,aspects\n\nA door.,CC\n\n", "A door.", "CC"),
    "blank lines of TSV": ("a.tsv", "text\taspects\nA door.\tCC\n\n\n", "A door.", "CC"),
    "blank lines of JSON": ("a.jsonl", '\n{"text": "A door.", "aspects": "MF"}\n\n', "A door.", "MF"),
    "NaN as label": ("a.jsonl", '{"text": "A door.", "aspects": NaN}\n', "A door.", "none"),
    "NaN beside": ("a.jsonl", '{"text": "A", "aspects": "MF", "pmid": NaN, "spans": NaN}\n', "A", "MF"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "text", "aspects"), LABELS.values(), ids=LABELS)
def test_labelled_tables_are_read_as_all_tables(
    name: str, data: str, text: str, aspects: str, tmp_path: Path
) -> None:
    path = write(tmp_path / name, data)
    reader = LabelReader(find_columns(path, ["text", "aspects", "pmid"], "text", None, [ANY_TABLE]))
    source = open_source(path)
    for place, row in source.numbered_rows():
        reader.add(place, row)
    (found,) = reader.rows(name)
    assert (found.text, found.aspects, found.article, found.spans) == (text, aspects, "", None)
    assert source.n_blank == sum(not line for line in data.split("\n")[:-1])


def test_rows_that_pandas_left_without_a_label(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = [("One.", 1, 0, 0), ("Two.", 0, 1, 0), ("Three.", 0, 0, 1), ("Four.", None, None, None)]
    pd.DataFrame(rows, columns=["text", *PROBABILITIES]).assign(seen=pd.Timestamp(7, tz="UTC")).to_parquet(
        path
    )
    source = read_source(path)
    assert source.table["text"].tolist() == ["One.", "Two.", "Three."]
    assert (source.card.n_skipped, source.n_read, source.n_blank) == (1, 4, 0)
    frame = pd.DataFrame({"text": [*"abc", float("nan")], "aspects": ["BP", "CC", "MF", "BP"]})
    frame.to_parquet(path)
    with pytest.raises(TableError, match="a text in every labelled row, found nothing in row 4"):
        read_source(path)


def test_columns_that_are_not_asked_for_are_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    far = pa.array([2**60, None, 1], pa.timestamp("us", "Moon/Base"))
    pq.write_table(pa.table({"text": list("abc"), "aspects": ["BP", "CC", "MF"], "seen": far}), path)
    assert read_source(path).card.n_rows == 3


def test_columns_of_probabilities(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"sentence": "One.", "biological_process": 0.9, "cellular_component": 0.5, "molecular_function": 0,
         "aspects": "MF", "article": 7, "spans": [[0, 3, "BP"]], "mentions": []},
        {"sentence": "Two.", "biological_process": 0.49, "cellular_component": 0.1, "molecular_function": 1,
         "aspects": "MF", "article": " 8 ", "spans": []},
        {"sentence": "Three.", "aspects": "BP,CC"},
    ]  # fmt: skip
    path = tmp_path / "weak.jsonl"
    path.write_text("".join(json.dumps(row) + "\n\n" for row in rows))
    with pytest.raises(
        TableError, match="'MF' beside probabilities of BP,CC in line 1, 'BP,CC' beside empty"
    ):
        read_source(path, text_column="sentence")
    # The column that a user names wins over the probabilities.
    chosen = read_source(path, text_column="sentence", aspects_column="aspects").table
    assert labels_of(chosen) == [[0, 0, 1], [0, 0, 1], [1, 1, 0]]
    assert chosen["article"].tolist() == ["7", "8", ""]
    for row in rows:
        del row["aspects"]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    source = read_source(path, text_column="sentence")
    assert labels_of(source.table) == [[0.9, 0.5, 0], [0.49, 0.1, 1]]
    assert source.table["article"].tolist() == ["7", "8"]
    assert source.table["spans"].tolist() == [[(0, 3, 0)], []]
    assert (source.card.n_skipped, source.card.n_articles) == (1, 2)
    assert list(source.card.counts.values()) == [1, 1, 1]


BAD: dict[str, tuple[str, str, str]] = {
    "unknown aspects": (
        "a.tsv",
        THREE + "One.\tBP,XY\nTwo.\tprocess\n",
        r"expected aspects out of BP, CC, MF, or none, or \?.*, found 'XY' in line 5, 'process' in line 6\. ",
    ),
    "many": ("a.tsv", THREE + "One.\tx\n" * 9, "'x' in line 9 and 4 more"),
    "long": ("a.tsv", THREE + f"One.\t{'x' * 99}\n", "'x{40}…' in line 5"),
    "no aspects": ("a.tsv", "text\tlabel\nA.\tBP\n", "a column 'aspects', found the columns text, label"),
    "no text column": ("a.tsv", "sentence\taspects\nOne.\tBP\n", "expected a column 'text'"),
    "blank text": ("a.tsv", THREE + " \tBP\n", "a text in every labelled row, found nothing in line 5"),
    "number": ("a.jsonl", '{"text": 5, "aspects": "BP"}', "found a int in line 1"),
    "no text": ("a.csv", "text,aspects\n", "expected labelled texts, found 0 rows, none of them labelled"),
    "all open": ("a.csv", "text,aspects\na,?\nb,?\n", "found 2 rows, none of them labelled"),
    "none and empty": (
        "a.tsv",
        THREE + "One.\tnone\nTwo.\t\n",
        r"expected either 'none' or empty cells .*found both; empty in line 6\. Write \? where nobody",
    ),
    "no positive": (
        "a.csv",
        "text,aspects\nOne.,none\nTwo.,none\n",
        "at least one text that carries an aspect, found none in 2 labelled rows",
    ),
    "one probability": ("a.csv", "text,molecular_function\nA.,1\n", "or none of them, found molecular_func"),
    "probability": (
        "a.csv",
        "text,biological_process,cellular_component,molecular_function\nOne.,1,2,0\n",
        "expected a probability from 0 to 1 for each aspect, found '2' in line 2",
    ),
    "spans": (
        "a.tsv",
        "text\taspects\tspans\nOne.\tBP\t[[0, 9, 0]]\n",
        r"expected a list of \[start, end, aspect\] inside the text.* found '\[\[0, 9, 0\]\]' in line 2",
    ),
    "contradiction": (
        "a.tsv",
        THREE + "cells  divide.\tMF\n",
        r"the same labels .*, found 1 texts with contradicting ones: 'Cells divide\.' is BP in line 2, MF in "
        r"line 5\. Mend them, or choose what to do with them by --on-conflict: first, union, drop",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "message"), BAD.values(), ids=BAD)
def test_bad_files(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_source(write(tmp_path / name, content))


def test_many_contradictions_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"Text {n}.\t{aspects}\n" for n in range(7) for aspects in ("BP", "CC", "BP"))
    with pytest.raises(
        TableError, match=r"found 7 texts .*'Text 0\.' is BP in line 5, CC in line 6;.*; and 2 more"
    ):
        read_source(write(tmp_path / "a.tsv", THREE + rows))


@pytest.mark.parametrize(
    ("on_conflict", "labels", "texts"),
    [
        ("first", [[1, 0, 0]], ["Cells divide."]),
        (OnConflict.UNION, [[1, 1, 0]], ["Cells divide."]),
        ("drop", [], []),
    ],
)
def test_choices_for_contradictions(
    tmp_path: Path, on_conflict: str, labels: list[list[float]], texts: list[str]
) -> None:
    lines = (
        "Cells divide.\tBP\t[[0,5,0]]\nA.\tBP,CC,MF\t\nCELLS divide.\tCC\t[[0,5,1]]\nCells divide.\tBP\t\n"
    )
    path = write(tmp_path / "a.tsv", "text\taspects\tspans\n" + lines)
    source = read_source(path, on_conflict=on_conflict)
    assert labels_of(source.table) == [*labels, [1, 1, 1]]
    assert source.table["text"].tolist() == [*texts, "A."]
    # Spans that no longer say all are dropped.
    assert source.table["spans"].tolist() == (
        [[(0, 5, 0)], None] if on_conflict == "first" else [None] * len(source.table)
    )
    assert source.card.n_conflicts == 1
    assert source.card.n_duplicates == (0 if on_conflict == "drop" else 2)


def test_the_article_is_read_as_other_tables_have_it(tmp_path: Path) -> None:
    rows = "12345678.0\tCells divide.\tBP\nNA\tIt binds zinc.\tMF\n"
    source = read_source(write(tmp_path / "r.tsv", f"PMID\ttext\taspects\n{rows}"))
    assert source.table["article"].tolist() == ["12345678", ""]
    # The index of pandas has no name, and is no article.
    source = read_source(
        write(tmp_path / "pandas.csv", ",text,aspects\n0,Cells divide.,BP\n1,It grows.,none\n")
    )
    assert source.table["article"].tolist() == ["", ""]


def test_repeated_texts_merge_only_where_no_article_names_them(tmp_path: Path) -> None:
    plain = read_source(write(tmp_path / "a.tsv", THREE + "CELLS divide. \tBP\n"))
    assert (len(plain.table), plain.card.n_duplicates) == (3, 1)
    lines = "Results\tBP,CC,MF\t1\nresults\tBP,CC,MF\t1\nResults\tBP,CC,MF\t2\n"
    named = read_source(write(tmp_path / "b.tsv", "text\taspects\tarticle\n" + lines))
    assert (len(named.table), named.card.n_duplicates) == (3, 0)


def test_texts_of_a_test_part_are_refused(tmp_path: Path) -> None:
    source = read_source(write(tmp_path / "mine.tsv", THREE))
    check_overlap(source, ["Cells divide in two.", "It binds"])
    with pytest.raises(
        DatasetError,
        match=r"mine\.tsv: expected no text that is a definition of a test part .*found 2: 'Cells divide\.'; "
        r"'It binds zinc\.'\. Take them out",
    ):
        check_overlap(source, ["CELLS  divide.", "it binds zinc.", "Another."])


BOTH = "biological_process,cellular_component,molecular_function,text,aspects"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ('.9,.6,0,One.,"BP,MF"', "'BP,MF' beside probabilities of BP,CC in line 3"),
        (".9,.1,0,One.,none", "'none' beside probabilities of BP in line 3"),
        (".9,.1,0,One.,?", r"'\?' beside probabilities of BP in line 3"),
        (".1,.1,0,One.,dorsal", "'dorsal' beside probabilities of none in line 3"),
        (",,,One.,BP", "'BP' beside empty probabilities in line 3"),
    ],
)
def test_probabilities_and_aspects_that_differ_are_refused(tmp_path: Path, row: str, found: str) -> None:
    path = write(tmp_path / "a.csv", f'{BOTH}\n1,.5,.7,All.,"BP,CC,MF"\n{row}\n')
    with pytest.raises(
        TableError,
        match=rf"expected a column 'aspects' that says the same .*found {found}\. Say which holds "
        "the labels: --aspects-column aspects, or remove the other",
    ):
        read_source(path)


def test_probabilities_and_aspects_that_agree_are_read(tmp_path: Path) -> None:
    labelled = '1,.5,.7,All.,"molecular_function, BP,CC"\n.1,.1,.1,None.,none\n.1,0,0,Empty.,\n'
    rows = labelled + ",,,Blank.,\n,,,Open.,?\n"
    source = read_source(write(tmp_path / "a.csv", f"{BOTH}\n{rows}"))
    assert labels_of(source.table) == [[1, 0.5, 0.7], [0.1, 0.1, 0.1], [0.1, 0, 0]]
    assert source.card.n_skipped == 2


def test_a_named_column_wins_over_probabilities_and_craft_has_its_own(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f'{BOTH},aspects_rec\n.9,0,0,All.,BP,"BP,CC,MF"\n')
    assert labels_of(read_source(path, aspects_column="aspects_rec").table) == [[1, 1, 1]]
    with pytest.raises(TableError, match="--aspects-column aspects_rec, or remove the other"):
        read_source(path)


@given(sizes=st.lists(st.integers(1, 9), min_size=2, max_size=12), data=st.data())
@some(30)
def test_folds_hold_whole_articles(sizes: list[int], data: st.DataObject) -> None:
    n_folds = data.draw(st.integers(2, len(sizes)))
    table = sentences([("A.", "BP", f"a{number}") for number, size in enumerate(sizes) for _ in range(size)])
    folds = article_folds(table, n_folds)
    assert set(folds) == set(range(n_folds))
    assert table.assign(fold=folds).groupby("article")["fold"].nunique().max() == 1
    counts = pd.Series(folds).value_counts()
    assert counts.max() - counts.min() <= max(sizes)
    assert (folds == article_folds(table, n_folds)).all()


def test_folds_that_cannot_be() -> None:
    table = sentences([("A.", "BP", "1"), ("B.", "CC", "1")])
    with pytest.raises(DatasetError, match="to as many as there are articles, 1, found 5"):
        article_folds(table, 5)
    with pytest.raises(DatasetError, match="2 folds"):
        article_folds(sentences([("A.", "BP", "1"), ("B.", "CC", "2")]), 1)
    with pytest.raises(DatasetError, match="found 1 of 2 without one"):
        article_folds(sentences([("A.", "BP", "1"), ("B.", "CC", "")]), 2)


def test_whom_to_cite_is_told_once_and_no_longer_than_a_card_holds(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    cited = ["Us\u2028|2026", "", "Us\u2028|2026", "x" * 1000, "You", "They", "He", "She"]
    rows = [f"a cell grows {number}\tBP\t{one}" for number, one in enumerate(cited)]
    path.write_text("\n".join(["text\taspects\tcitation", *rows]), encoding="utf-8")
    assert read_source(path).card.citation == f"Us |2026; {'x' * 500}; You; They; He"
