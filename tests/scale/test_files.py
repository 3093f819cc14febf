from __future__ import annotations

import errno
import gzip
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gotune.corpus.table_lines import LONGEST_LINE
from gotune.errors import DocumentError, InputError, TableError
from gotune.scale.files import Columns, Corpus
from gotune.scale.records import Rejected, Text
from gotune.unpacking import VARIABLE

TEXT = Columns("text")


def texts(*sources: Path, columns: Columns = TEXT) -> list[tuple[str, int, str]]:
    """Return file, line and text of each record, or why it is none."""
    return [
        (one.file, one.line, one.text if isinstance(one, Text) else f"! {one.reason}")
        for one in Corpus(sources, columns)
    ]


def test_all_kinds_of_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.txt").write_text("\ufeffA cell.\n")
    (tmp_path / "b" / ".hidden.txt").write_text("no")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "a.txt").write_text("no")
    (tmp_path / "read.me").write_text("no")
    rows = "id\ttext\n1\tA wall.\n"
    (tmp_path / "c.TSV").write_text(rows)
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(b"text;n\nA pump.;1\n"))
    (tmp_path / "e.jsonl.gz").write_bytes(gzip.compress(b'{"text": "A gene.", "article": 3}\n'))
    (tmp_path / "f.txt.gz").write_bytes(gzip.compress(b"A book."))
    pq.write_table(pa.table({"text": ["A row.", None], "pmid": [7, 8]}), tmp_path / "g.parquet")
    corpus = Corpus([tmp_path], TEXT)
    assert [file.name for file in corpus.files] == [
        "c.TSV", "d.csv.gz", "e.jsonl.gz", "f.txt.gz", "g.parquet", "b/a.txt",
    ]  # fmt: skip
    assert corpus.n_left == 1
    assert list(corpus) == [
        Text("c.TSV", 2, 8, "", "A wall."),
        Text("d.csv.gz", 2, 7, "", "A pump."),
        Text("e.jsonl.gz", 1, 0, "3", "A gene."),
        Text("f.txt.gz", 1, 0, "", "A book."),
        Text("g.parquet", 1, None, "7", "A row."),
        Rejected("g.parquet", 2, "expected a text, found none"),
        Text("b/a.txt", 1, 0, "", "A cell.\n"),
    ]
    assert corpus.n_read == corpus.n_bytes == sum(file.size for file in corpus.files)


def test_files_of_one_name_have_whole_paths(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "a.txt" for folder in "xy"]
    for path in paths:
        path.parent.mkdir()
        path.write_text("A.")
    assert [file.name for file in Corpus(paths).files] == list(map(str, paths))


def test_a_file_that_is_meant_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A.")
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert texts(tmp_path, tmp_path / "a.txt", tmp_path / ".." / tmp_path.name) == [("a.txt", 1, "A.")]


def test_a_folder_that_may_be_listed_but_not_entered_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.stat

    def stat(path: Path, **_: object) -> os.stat_result:
        if path.suffix:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    (tmp_path / "a.txt").write_text("A.")
    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(DocumentError, match=r"a\.txt: expected a folder that can be read, .* Permission"):
        Corpus([tmp_path])


def invalid(*values: bytes | None) -> pa.Array:
    """Return a column of texts that are none."""
    return pa.Array.from_buffers(pa.string(), len(values), pa.array(values, pa.binary()).buffers())


def test_a_bad_value_of_parquet_costs_its_row_alone(tmp_path: Path) -> None:
    good = pa.array(["A.", "B.", "C."])
    bad = invalid(b"A.", b"caf\xe9", b"C.")
    pq.write_table(pa.table({"text": bad, "pmid": good}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": good, "pmid": bad}), tmp_path / "b.parquet")
    pq.write_table(pa.table({"text": bad.dictionary_encode()}), tmp_path / "c.parquet")
    nested = pa.array([[b"1"], None, [b"2"]], pa.list_(pa.binary()))
    pq.write_table(pa.table({"text": good, "pmid": nested}), tmp_path / "d.parquet")
    pq.write_table(pa.table({"text": good, "other": bad}), tmp_path / "e.parquet")
    found = texts(tmp_path)
    assert [(file[0], line) for file, line, _ in found] == [
        (file, line) for file in "abcde" for line in (1, 2, 3)
    ]
    rejected = [(file[0], line) for file, line, text in found if text.startswith("!")]
    assert rejected == [("a", 2), ("b", 2), ("c", 2), ("d", 1), ("d", 3)]
    reasons = [text for *_, text in found if text.startswith("!")]
    assert all("Invalid UTF8" in reason for reason in reasons[:3])
    assert reasons[3] == ("! expected a text and an article that can be read, found a value of type bytes")


def test_parquet_that_unfolds_far_is_read_in_parts_that_fit(tmp_path: Path) -> None:
    text = "A cell. " * 100_000
    pq.write_table(pa.table({"text": [text] * 500}), tmp_path / "a.parquet", compression="zstd")
    before = pa.total_allocated_bytes()
    for record in Corpus([tmp_path], TEXT):
        assert isinstance(record, Text)
        assert pa.total_allocated_bytes() - before < 100_000_000
    pq.write_table(pa.table({"text": ["a" * 30_000_000]}), tmp_path / "a.parquet", compression="zstd")
    assert "expected compressed data that unfolds to at most" in texts(tmp_path)[0][2]


def test_rows_before_a_damage_are_read(tmp_path: Path) -> None:
    rows = b"".join(b'{"text": "%d."}\n' % n for n in range(5000))
    packed = bytearray(gzip.compress(rows))
    packed[-8] ^= 1  # of the checksum
    (tmp_path / "a.jsonl.gz").write_bytes(packed)
    found = texts(tmp_path)
    assert [line for _, line, _ in found] == list(range(1, 5002))
    assert found[-1][2].startswith("! expected a file that can be read to its end, found CRC check failed")


def test_a_name_may_be_anything(tmp_path: Path) -> None:
    (tmp_path / "a\nb.txt").write_text("A.")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("B.")
    assert texts(tmp_path) == [("a\nb.txt", 1, "A."), (r"caf\xe9.txt", 1, "B.")]


def test_links_that_lead_in_circles_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A.")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    assert texts(tmp_path) == [("a.txt", 1, "A.")]
    assert Corpus([tmp_path]).n_left == 2


def test_what_cannot_be_read_is_rejected_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A."}\n')
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b'{"text": "C."}\n' * 9)[:-9])
    (tmp_path / "d.tsv").write_bytes("text\nA cell.\n".encode("utf-16"))
    (tmp_path / "e.tsv").write_text("")
    (tmp_path / "f.txt").write_text("")
    (tmp_path / "g.txt").write_bytes(b"%PDF")
    (tmp_path / "h.txt").write_bytes(b"a" + b"\0" + b"b" * 5000)
    (tmp_path / "i.txt").write_bytes(b"caf\xe9")
    (tmp_path / "j.txt").write_text("a" * 4_000_001)
    pq.write_table(pa.table({"body": ["x"]}), tmp_path / "k.parquet")
    (tmp_path / "l.jsonl").write_text('{"text": "The end."}\n')
    found = texts(tmp_path)
    assert [(file, line) for file, line, text in found if text.startswith("!")] == [
        ("b.parquet", 1), ("c.jsonl.gz", 10), ("d.tsv", 1), ("e.tsv", 1), ("f.txt", 1), ("g.txt", 1),
        ("h.txt", 1), ("i.txt", 1), ("j.txt", 1), ("k.parquet", 1),
    ]  # fmt: skip
    reasons = {file: text for file, _, text in found}
    assert "found Compressed file ended" in reasons["c.jsonl.gz"]
    assert reasons["d.tsv"] == "! expected a table in UTF-8, found UTF-16 text"
    assert reasons["e.tsv"] == "! expected distinct columns, text among them, found none"
    assert reasons["k.parquet"] == "! expected one column 'text', found the columns body"
    assert (found[0][2], found[-1][2]) == ("A.", "The end.")


def test_lines_in_several_encodings(tmp_path: Path) -> None:
    rows = [b'{"text": "A."}', b'{"text": "caf\xe9"}', '{"text": "café"}'.encode()]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(rows))
    assert texts(tmp_path) == [
        ("a.jsonl", 1, "A."),
        ("a.jsonl", 2, "! expected UTF-8, found the byte 0xe9"),
        ("a.jsonl", 3, "café"),
    ]


def test_a_line_of_50_megabytes_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "A."}\n')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b'\n{"text": "B."}\n')
    long = f"! expected lines of at most {LONGEST_LINE:,} bytes, found a longer one"
    assert texts(path) == [("a.jsonl", 1, "A."), ("a.jsonl", 2, long), ("a.jsonl", 3, "B.")]
    assert [one.offset for one in Corpus([path], TEXT) if isinstance(one, Text)] == [0, 50_000_016]


def test_a_long_line_at_the_end_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "A."}\n' + b"x" * (LONGEST_LINE + 2_000_000))
    assert [line for _, line, _ in texts(tmp_path)] == [1, 2]


def test_what_unfolds_too_far_is_not_read_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"a" * 3_000_000))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b"\n" * 30_000_000))
    found = texts(tmp_path)
    assert [file for file, _, _ in found] == ["a.txt.gz", "b.jsonl.gz"]
    assert "expected compressed data that unfolds to at most" in found[1][2]


def test_ids_that_come_twice_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("pmid\ttext\n1\tA.\n1\tB.\n")
    assert [one.article for one in Corpus([tmp_path], TEXT) if isinstance(one, Text)] == ["1", "1"]


@pytest.mark.parametrize("change", ["grows", "is gone"])
def test_a_file_that_changes_meanwhile_ends_the_run(change: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "A."}\n')
    records = iter(Corpus([path], TEXT))
    assert next(records)
    if change == "grows":
        path.write_text('{"text": "A."}\n' * 2)
    else:
        path.unlink()
    with pytest.raises(InputError, match=r"a\.jsonl: expected one of 15 bytes, as it was when the run began"):
        list(records)


def test_a_file_that_is_gone_before_its_turn_ends_the_run(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A.")
    corpus = Corpus([path])
    path.unlink()
    with pytest.raises(InputError, match="found No such file"):
        list(corpus)


def test_what_is_no_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"found nothing\. Rename it, or check"):
        Corpus([tmp_path / "none.txt"])
    (tmp_path / "a.docx").write_text("x")
    with pytest.raises(DocumentError, match=r"a\.docx: expected a folder, or a file that ends in \.txt"):
        Corpus([tmp_path / "a.docx"])
    with pytest.raises(DocumentError, match="expected a corpus with files, found none that is read among 1"):
        Corpus([tmp_path])
    (tmp_path / "a.tsv").write_text("text\nA.\n")
    with pytest.raises(TableError, match="expected the name of the column with the texts"):
        Corpus([tmp_path])


def test_a_file_that_may_not_be_read_is_no_part_of_the_run_and_one_that_cannot_for_now_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("A.")

    def refuse(path: Path) -> str:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr("gotune.scale.files.sha256_of", refuse)
    number = errno.EACCES
    corpus = Corpus([tmp_path])
    number = errno.ESTALE
    with pytest.raises(InputError, match=r"a\.txt: expected a file that can be read, found Stale"):
        Corpus([tmp_path])
    monkeypatch.undo()
    assert [*corpus] == [
        Rejected("a.txt", 1, "expected a file that can be read to its end, found Permission denied")
    ]


def test_files_whose_names_are_no_text_are_told_apart(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"caf\xe8.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("A.")
    for folder in ("a", "b"):
        (tmp_path / folder / "x").mkdir(parents=True)
        (tmp_path / folder / "x" / "a.txt").write_text(folder)
    assert {r"caf\xe8.txt", r"caf\xe9.txt"} <= {file.name for file in Corpus([tmp_path]).files}
    found = Corpus([tmp_path / "a", tmp_path / "b"])
    assert [file.name for file in found.files] == [str(tmp_path / one / "x" / "a.txt") for one in "ab"]


def test_a_column_of_parquet_whose_name_is_no_utf8_costs_its_file_alone(tmp_path: Path) -> None:
    pq.write_table(pa.table({"caf_": ["x"], "text": ["A."]}), tmp_path / "a.parquet", store_schema=False)
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole.replace(b"caf_", b"caf\xe9"))
    (tmp_path / "b.jsonl").write_text('{"text": "B."}')
    (file, _, told), other = texts(tmp_path)
    assert (file, other) == ("a.parquet", ("b.jsonl", 1, "B."))
    assert told.startswith("! expected a readable parquet file, found 'utf-8' codec can't decode")


def test_want_of_memory_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(pa.table({"text": ["A."]}), tmp_path / "a.parquet")

    def fail(*_: object, **__: object) -> None:
        raise pa.ArrowMemoryError("malloc of size 64 failed")

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", fail)
    with pytest.raises(InputError, match="malloc of size 64 failed"):
        texts(tmp_path)


def test_a_limit_of_what_is_unpacked_belongs_to_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("A.")
    before = Corpus([tmp_path]).settings()
    monkeypatch.setenv(VARIABLE, "123456789")
    assert Corpus([tmp_path]).settings() == {**before, VARIABLE: 123456789} != before
