"""Corpus runs on a local Ray of two processes, which are really killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pyarrow.parquet as pq
import pytest

from gotune.cli.console import Screen
from gotune.cli.shards import run_on
from gotune.errors import WorkerError
from gotune.model.shipped import locate_model
from gotune.scale.files import Columns, Corpus
from gotune.scale.manifest import Run, read_run
from gotune.scale.run import Progress, run_corpus
from gotune.scale.work import ClassifyTask
from tests.scale.lengths import Lengths

pytest.importorskip("ray", reason="needs gotune[ray]")

ROOT = Path(__file__).parents[2]
N = 5200


@pytest.fixture(autouse=True)
def ray_of_its_own() -> Iterator[None]:
    """Have Ray leave nothing behind, neither files nor settings of this process."""
    before = signal.getsignal(signal.SIGTERM)
    # In the folder of the test the names of its sockets would be too long. Processes may still be ending.
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        own = {
            "RAY_TMPDIR": folder,
            "RAY_AUTH_TOKEN": "0" * 64,  # or it writes one into the home folder
            # By which processes of the cluster find the task.
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        with patch.dict(os.environ, own):
            yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(json.dumps({"text": "a" * (1 + n % 97)}) for n in range(N)))
    return Corpus([file], Columns("text"))


def lengths(run: Run) -> list[int]:
    assert run.is_complete
    return [length for path in run.paths for length in pq.read_table(path)["length"].to_pylist()]


EXPECTED = [1 + n % 97 for n in range(N)]


def workers() -> list[int]:
    """Return the numbers of the processes that work in the cluster of this test, and in no other."""
    found, own = [], f"RAY_TMPDIR={os.environ['RAY_TMPDIR']}\0".encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            is_worker = path.read_bytes().startswith(b"ray::_RayWorker")
            if is_worker and own in path.with_name("environ").read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # it has ended meanwhile
            continue
    return found


def test_a_worker_that_is_killed_loses_nothing(corpus: Corpus, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if progress.n_texts in (1000, 3000):
            killed.append(workers()[0])
            os.kill(killed[-1], signal.SIGKILL)

    run = run_corpus(
        Lengths(), corpus, tmp_path / "out", workers=2, cluster="local", texts_of_shard=1000, on_piece=kill
    )
    assert len(set(killed)) == 2
    assert lengths(run) == EXPECTED


@pytest.mark.parametrize("name", ["fast", "papers"])
def test_models_answer_on_a_cluster_as_they_do_here(name: str, tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(json.dumps({"text": "Hsp70 binds unfolded proteins in the cytosol."}) + "\n")
    task = ClassifyTask(locate_model(name))
    there, here = (
        run_corpus(task, Corpus([file], Columns("text")), tmp_path / (cluster or "here"), cluster=cluster)
        for cluster in ("local", None)
    )
    assert pq.read_table(there.paths[0]).equals(pq.read_table(here.paths[0]))


def test_a_run_whose_driver_is_killed_goes_on(corpus: Corpus, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "tests.scale.lengths",
        str(tmp_path / "texts.jsonl"),
        str(out),
        "2",
        "local",
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, start_new_session=True
    )
    assert process.stdout is not None
    for _ in range(5):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.killpg(process.pid, signal.SIGKILL)  # what is left of the cluster that it had started
    process.stdout.close()
    assert len(read_run(out).shards) >= 2
    # The same folder goes on without a cluster: shards are the same.
    assert lengths(run_corpus(Lengths(), corpus, out, workers=1, texts_of_shard=1000)) == EXPECTED


def test_what_ray_prints_of_a_worker_that_died_is_in_no_result(
    corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = Lengths(deadly="aaa", survived=str(tmp_path / "survived"))
    screen = Screen(quiet=True, as_json=True)
    source = tmp_path / "texts.jsonl"
    run_on(task, [source], corpus.columns, tmp_path / "out", screen, workers=1, cluster="local")
    told = capsys.readouterr()
    assert json.loads(told.out)["texts"] == N
    assert "(raylet)" in told.err


def test_gpus_are_given_out_one_a_worker(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    left = []
    monkeypatch.setattr(ray, "init", partial(ray.init, num_cpus=1, num_gpus=2))
    run = run_corpus(
        Lengths(needs_gpu=True),
        corpus,
        tmp_path / "out",
        cluster="local",
        on_piece=lambda _: left.append(ray.available_resources().get("GPU", 0)),
    )
    assert lengths(run) == EXPECTED
    assert left[-1] == 0


def test_of_more_workers_than_a_cluster_has_room_for_there_are_as_many_as_it_has(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    monkeypatch.setattr(ray, "init", partial(ray.init, num_cpus=1))
    seen: list[int] = []
    run = run_corpus(
        Lengths(),
        corpus,
        tmp_path / "out",
        workers=5000,
        cluster="local",
        on_piece=lambda _: seen.append(len(workers())),
    )
    assert lengths(run) == EXPECTED
    assert set(seen) == {1}


def test_a_cluster_in_which_nothing_is_free_is_refused(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gotune.scale.workers._PATIENCE", 0.5)
    message = r"cluster local: expected a GPU that is free, found none of 0\. Wait .* or take --device cpu\."
    with pytest.raises(WorkerError, match=message):
        run_corpus(Lengths(needs_gpu=True), corpus, tmp_path / "out", cluster="local")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("127.0.0.1:9", "refused"),
        ("ray://127.0.0.1:9", "refused"),
        ("[::1]:9", ""),
        ("127.0.0.1:" + "9" * 20, "port 9"),
        ("auto", "refused"),
    ],
)
def test_an_address_where_nothing_answers_is_refused_at_once(
    corpus: Corpus, tmp_path: Path, address: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:9")
    message = rf"cluster {re.escape(address)}: expected the address of a Ray cluster, found .*{found}"
    with pytest.raises(WorkerError, match=message):
        run_corpus(Lengths(), corpus, tmp_path / "out", cluster=address)


def test_a_cluster_that_is_not_there_is_told(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match=r"cluster nowhere: expected the address of a Ray cluster, found"):
        run_corpus(Lengths(), corpus, tmp_path / "out", cluster="nowhere")
