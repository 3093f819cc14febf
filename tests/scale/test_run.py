from __future__ import annotations

import errno
import io
import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, cast

import pyarrow.parquet as pq
import pytest

from gotune.errors import BundleError, InputError, SaveError, WorkerError
from gotune.scale.files import Columns, Corpus
from gotune.scale.journal import JOURNAL, REJECTED
from gotune.scale.manifest import MANIFEST, Run, merge_shards, read_run
from gotune.scale.run import Progress, run_corpus
from gotune.workspaces import lock
from tests.scale.lengths import Lengths

N = 5200
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have worker processes find the task."""
    monkeypatch.syspath_prepend(ROOT)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Texts of different lengths, of which one is none, in two files."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    rows = [json.dumps({"text": "a" * (1 + n % 97)}) for n in range(N)]
    rows[2500] = "{"
    (folder / "a.jsonl").write_text("\n".join(rows[:3000]))
    (folder / "b.jsonl").write_text("\n".join(rows[3000:]))
    return folder


def run(corpus: Path, out: Path, task: Lengths | None = None, *, workers: int = 1) -> Run:
    texts = Corpus([corpus], Columns("text"))
    return run_corpus(task or Lengths(), texts, out, workers=workers, texts_of_shard=1000)


def lengths(found: Run) -> list[int]:
    assert found.is_complete
    return [length for path in found.paths for length in pq.read_table(path)["length"].to_pylist()]


EXPECTED = [1 + n % 97 for n in range(N) if n != 2500]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_text_has_its_row_in_order(workers: int, corpus: Path, tmp_path: Path) -> None:
    found = run(corpus, tmp_path / "out", workers=workers)
    assert lengths(found) == EXPECTED
    assert [shard.rows for shard in found.shards.values()] == [1000, 1000, 999, 1000, 1000, 200]
    assert read_run(tmp_path / "out").to_dict() == found.to_dict()
    (rejected,) = (tmp_path / "out" / REJECTED).read_text().splitlines()
    assert json.loads(rejected)["line"] == 2501
    metadata = pq.read_schema(found.paths[0]).metadata
    assert json.loads(metadata[b"gotune"])["command"] == "lengths"


def test_a_run_that_is_complete_reads_nothing_more(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.parquet")}
    assert lengths(run(corpus, tmp_path / "out")) == EXPECTED
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.parquet")} == before


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_goes_on(workers: int, corpus: Path, tmp_path: Path) -> None:
    """Killed after some pieces again and again, it loses at most the shard that it was at."""
    out, kept = tmp_path / "out", 0
    command = [sys.executable, "-m", "tests.scale.lengths", str(corpus), str(out), str(workers)]
    for n_pieces in (1, 3, 4):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
        assert process.stdout is not None
        for _ in range(n_pieces):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        now = len(read_run(out).shards)
        assert now >= kept + n_pieces // 2  # two pieces are a shard
        kept = now
    found = run(corpus, out, workers=workers)
    assert lengths(found) == EXPECTED
    assert len((out / REJECTED).read_text().splitlines()) == 1
    assert {path.name for path in out.iterdir()} == {
        MANIFEST, JOURNAL, REJECTED, *(path.name for path in found.paths),
    }  # fmt: skip


def test_a_damaged_shard_is_made_anew_and_no_other(corpus: Path, tmp_path: Path) -> None:
    found = run(corpus, tmp_path / "out")
    content = bytearray(found.paths[2].read_bytes())
    content[len(content) // 2] ^= 1
    found.paths[2].write_bytes(content)
    found.paths[4].unlink()
    assert read_run(tmp_path / "out").damaged == (2, 4)
    with pytest.raises(InputError, match="expected a run that is complete, found 4 whole shards, 2 damaged"):
        merge_shards(read_run(tmp_path / "out"), tmp_path / "one.parquet")
    times = {path: path.stat().st_mtime_ns for path in found.paths if path.exists()}
    again = run(corpus, tmp_path / "out")
    assert lengths(again) == EXPECTED
    assert (again.damaged, again.to_dict()["damaged"]) == ((), [])
    changed = [path for path in times if path.stat().st_mtime_ns != times[path]]
    assert changed == [found.paths[2]]
    assert len((tmp_path / "out" / REJECTED).read_text().splitlines()) == 1


def test_a_journal_that_is_cut_or_damaged_costs_shards_not_the_run(corpus: Path, tmp_path: Path) -> None:
    journal = tmp_path / "out" / JOURNAL
    run(corpus, tmp_path / "out")
    lines = journal.read_bytes().splitlines(keepends=True)
    another = lines[1].replace(b'"texts": 1000', b'"texts": 1001')
    assert another != lines[1]
    journal.write_bytes(b"".join([lines[0], another, lines[2], b"\xff" + lines[3], lines[4][:40]]))
    assert sorted(read_run(tmp_path / "out").shards) == [0, 2]
    assert lengths(run(corpus, tmp_path / "out")) == EXPECTED
    assert read_run(tmp_path / "out").is_complete


def test_a_lost_journal_lets_no_other_run_take_the_folder(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(corpus, out)
    (out / JOURNAL).unlink()
    with pytest.raises(InputError, match="found unit 2, not 1"):
        run(corpus, out, Lengths(unit=2))
    assert lengths(run(corpus, out)) == EXPECTED


def test_how_far_a_run_is_ends_with_the_first_shard_that_is_missing(corpus: Path, tmp_path: Path) -> None:
    found = run(corpus, tmp_path / "out")
    found.paths[2].unlink()
    assert read_run(tmp_path / "out").n_read == found.shards[1].n_read
    found.paths[0].unlink()
    assert read_run(tmp_path / "out").n_read == 0


def test_several_may_look_at_a_run_at_once(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    with (tmp_path / "out" / JOURNAL).open("rb") as file:
        assert lock(file.fileno(), shared=True) is not False
        assert not read_run(tmp_path / "out").is_at_work


def test_what_was_rejected_is_told_once_after_a_shard_was_made_anew(corpus: Path, tmp_path: Path) -> None:
    for _ in range(2):
        run(corpus, tmp_path / "out").paths[2].unlink()
    assert run(corpus, tmp_path / "out").n_rejected == 1
    assert run(corpus, tmp_path / "out").n_rejected == 1
    assert len((tmp_path / "out" / REJECTED).read_text().splitlines()) == 1


def test_other_settings_or_texts_are_refused_with_what_differs(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(corpus, out)
    with pytest.raises(InputError, match=r"was begun with, found unit 2, not 1\. Give another output"):
        run(corpus, out, Lengths(unit=2))
    (corpus / "b.jsonl").rename(corpus / "c.jsonl")
    with pytest.raises(InputError, match=r"found a file c\.jsonl more; no file b\.jsonl\."):
        run(corpus, out)
    (corpus / "c.jsonl").write_text("{}")
    (corpus / "c.jsonl").rename(corpus / "b.jsonl")
    with pytest.raises(InputError, match=r"found b\.jsonl changed\."):
        run(corpus, out)


def test_a_run_that_has_written_nothing_may_begin_with_other_settings(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError):
        run(corpus, tmp_path / "out", Lengths(broken=True, unit=2))
    assert lengths(run(corpus, tmp_path / "out")) == EXPECTED


def test_a_newer_manifest_and_a_damaged_one_are_refused(corpus: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "out" / MANIFEST
    run(corpus, tmp_path / "out")
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(InputError, match=r"format 1, or an older one, found format 2\. Update gotune"):
        run(corpus, tmp_path / "out")
    manifest.write_text(
        manifest.read_text().replace('"format": 2', '"format": 1').replace("b.json", "c.json")
    )
    with pytest.raises(InputError, match="found other values than were saved, by their hash"):
        read_run(tmp_path / "out")
    manifest.write_text("{")
    with pytest.raises(InputError, match=r"expected the folder of a corpus run, with its run\.json"):
        read_run(tmp_path / "out")


def test_a_folder_with_something_else_in_it_is_left_alone(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("x")
    with pytest.raises(SaveError, match="found something else in it"):
        run(corpus, out)
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_a_second_process_on_the_same_folder_is_refused(corpus: Path, tmp_path: Path) -> None:
    texts = Corpus([corpus], Columns("text"))
    refused: list[SaveError] = []

    def again(progress: Progress) -> None:
        if not refused:
            with pytest.raises(SaveError, match="found one that a process is at work on") as caught:
                run(corpus, tmp_path / "out")
            refused.append(caught.value)
            assert read_run(tmp_path / "out").is_at_work

    run_corpus(Lengths(), texts, tmp_path / "out", texts_of_shard=1000, on_piece=again)
    assert len(refused) == 1


def test_a_full_disk_stops_the_run_which_goes_on_later(corpus: Path, tmp_path: Path) -> None:
    """No file may grow beyond 4,000 bytes, as if the disk was full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, before[1]))
    try:
        with pytest.raises(SaveError, match="File too large"):
            run(corpus, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not read_run(tmp_path / "out").is_complete
    assert lengths(run(corpus, tmp_path / "out")) == EXPECTED


def test_a_text_on_which_the_work_fails_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("text\nA.\nbad\nB cell.\n")
    found = run(path, tmp_path / "out", Lengths(bad="bad"))
    assert lengths(found) == [2, 7]
    rejected = json.loads((tmp_path / "out" / REJECTED).read_text())
    assert (rejected["line"], found.n_texts, found.n_rejected) == (3, 2, 1)
    assert rejected["reason"] == "expected a text that can be worked on, found ValueError: a bad text"


def test_a_text_that_ends_processes_ends_the_run_in_the_end(tmp_path: Path) -> None:
    """The shards before it are there, and the piece that it is in is named."""
    path = tmp_path / "a.tsv"
    path.write_text("text\n" + "A.\n" * 2100 + "deadly\n" + "A.\n" * 2000)
    with pytest.raises(WorkerError, match=r"a\.tsv, line 2002 and 499 texts behind it: expected workers"):
        run(path, tmp_path / "out", Lengths(deadly="deadly"), workers=2)
    assert len(read_run(tmp_path / "out").shards) == 2


def test_a_corpus_without_a_text_is_one_empty_shard(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("")
    found = run(path, tmp_path / "out")
    assert (lengths(found), found.n_rejected, len(found.shards)) == ([], 0, 1)


def test_shards_are_merged(corpus: Path, tmp_path: Path) -> None:
    found = run(corpus, tmp_path / "out")
    with pytest.raises(SaveError, match="expected a file outside the folder of the run"):
        merge_shards(found, tmp_path / "out" / ".." / "out" / "shard-000000.parquet")
    assert merge_shards(found, tmp_path / "one.parquet") == N - 1
    table = pq.read_table(tmp_path / "one.parquet")
    assert table["length"].to_pylist() == EXPECTED
    assert json.loads(table.schema.metadata[b"gotune"])["unit"] == 1


def test_a_column_whose_name_is_no_utf8_is_the_same_when_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(b"caf\xe9\nA cell.\n")
    corpus = Corpus([tmp_path / "a.tsv"], Columns("caf\udce9"))
    first = run_corpus(Lengths(), corpus, tmp_path / "out", workers=1)
    again = run_corpus(Lengths(), corpus, tmp_path / "out", workers=1)
    assert (first.n_texts, again.to_dict()) == (1, first.to_dict())


def test_a_full_disk_at_the_journal_is_told_of_it(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def full(path: Path, mode: str = "r", **told: Any) -> IO[Any]:  # noqa: ANN401 (as it has them)
        if (path.name, mode) != (JOURNAL, "a+b"):
            return real(path, mode, **told)
        return cast(IO[Any], _Full(cast(io.RawIOBase, real(path, mode, buffering=0))))

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(SaveError, match=rf"{JOURNAL}: expected a place that can be written, found No space"):
        run(corpus, tmp_path / "out")


class _Full(io.BufferedRandom):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")
