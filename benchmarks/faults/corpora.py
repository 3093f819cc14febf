"""Corpus runs, here and on Ray: killed, on a full disk, damaged, two at once; in the end all rows are there.

Rows are held against those of a run that nothing has disturbed, one by one.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq
from tally import FAULT, REFUSED, SAME, WORDS, Tally, below_of, entries, flip, is_clear, killed

from gotune.scale.manifest import read_run

SHARDS = 2
BAD_RECORD = 12_345
"""Of the corpus, from 0; it is no text."""


@dataclass(frozen=True)
class CorpusRun:
    """A corpus run that is made again and again.

    Attributes:
        name: What it is, for the table.
        command: It, less the folder that it writes.
        calm: What it wrote when nothing disturbed it.
        out: What it writes.
        seconds: What it took.
    """

    name: str
    command: list[str]
    calm: Path
    out: Path
    seconds: float

    def start(self) -> subprocess.Popen[str]:
        """Begin it, or go on with it."""
        where = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        return subprocess.Popen([*self.command, str(self.out)], text=True, **where)

    def finish(self) -> subprocess.CompletedProcess[str]:
        """Bring it to its end."""
        return subprocess.run([*self.command, str(self.out)], capture_output=True, text=True, check=False)


Disturb = Callable[[CorpusRun, Tally, random.Random], bool]
"""Disturbs a run at a moment, and tells whether it could: some have ended before."""


def corpora(root: Path, tries: int) -> Iterator[Tally]:
    """Disturb runs of both commands, on both kinds of tables."""
    for run in (
        calm_run(root, "classify", write_json(root / "texts.jsonl"), "-m", "fast"),
        calm_run(root, "annotate", write_tabs(root / "texts.tsv.gz")),
    ):
        few = max(1, tries // 10)  # each is a whole run
        yield disturbed(run, "killed", kill_run, tries)
        yield disturbed(run, "disk full", fill_disk, few)
        yield disturbed(run, "two processes", start_another, few)
        yield disturbed(run, "one flipped bit", damage_run, max(1, tries // 2))


def rays(root: Path, tries: int) -> Iterator[Tally]:
    """Kill runs on a Ray of two processes, or one of these; rows are those of a run without Ray."""
    plain = calm_run(root, "classify", write_json(root / "texts.jsonl"), "-m", "fast")
    # In a folder further down the names of its sockets would be too long. Processes may still be ending.
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"RAY_TMPDIR": folder, "RAY_AUTH_TOKEN": "0" * 64}
        command = [*plain.command[:-1], "--cluster", "local", "--workers", "2", "-o"]
        run = replace(plain, name="corpus run on Ray, classify", command=command)
        start = time.monotonic()
        if (done := run.finish()).returncode:
            raise SystemExit(done.stderr)
        run = replace(run, seconds=time.monotonic() - start)
        yield disturbed(run, "killed", kill_run, tries)
        yield disturbed(run, "a worker killed", kill_worker, tries)


def write_json(path: Path) -> Path:
    rows = [json.dumps({"pmid": number, "text": text}) for number, text in enumerate(texts())]
    rows[BAD_RECORD] = "{"
    path.write_text("\n".join(rows))
    return path


def write_tabs(path: Path) -> Path:
    rows = [f"{number}\t{text}" for number, text in enumerate(texts())]
    rows[BAD_RECORD] = "a cell less"
    path.write_bytes(gzip.compress("\n".join(["pmid\ttext", *rows]).encode()))
    return path


def texts() -> Iterator[str]:
    generator = random.Random(6)  # noqa: S311 (no secret)
    return (f"{' '.join(generator.sample(WORDS, 9)).capitalize()}." for _ in range(SHARDS * 10_000))


def calm_run(root: Path, command: str, corpus: Path, *options: str) -> CorpusRun:
    """Make a run that nothing disturbs."""
    asked = [sys.executable, "-m", "gotune", command, str(corpus), "--text-column", "text", *options]
    calm = root / f"calm-{command}"
    shutil.rmtree(calm, ignore_errors=True)
    start = time.monotonic()
    subprocess.run([*asked, "-q", "-o", str(calm)], check=True)
    seconds = time.monotonic() - start
    return CorpusRun(f"corpus run, {command}", [*asked, "-q", "-o"], calm, root / f"out-{command}", seconds)


def disturbed(run: CorpusRun, what: str, disturb: Disturb, tries: int) -> Tally:
    """Disturb a run again and again, and let it come to its end."""
    tally = Tally(f"{what}: {run.name}")
    generator = random.Random(7)  # noqa: S311 (no secret)
    shutil.rmtree(run.out, ignore_errors=True)
    before = 0
    for _ in range(tries):
        while not disturb(run, tally, generator):
            shutil.rmtree(run.out)  # it had ended
            before = 0
        before = check_shards(run, tally, before)
    end_run(run, tally)
    return tally


def kill_run(run: CorpusRun, tally: Tally, generator: random.Random) -> bool:
    """Kill a run at a moment; all processes below it have to end with it, but for Ray's agents.

    These take a minute to see it, and have no part in the work.
    """
    below = killed([*run.command, str(run.out)], run.seconds * generator.random())
    if below is None:
        return False
    limit = time.monotonic() + 20
    while any(is_alive(pid) and b"agent" not in name_of(pid).lower() for pid in below):
        if time.monotonic() > limit:
            tally.add(FAULT, "workers outlive the run")
            break
        time.sleep(0.1)
    return True


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def name_of(pid: int) -> bytes:
    """Return how a process is called: those of Ray call themselves something; nothing if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def kill_worker(run: CorpusRun, tally: Tally, generator: random.Random) -> bool:
    """Kill a process of Ray that works, at a moment; the run has to come to its end all the same."""
    shutil.rmtree(run.out, ignore_errors=True)
    process = run.start()
    while process.poll() is None and not ray_workers(process.pid):
        time.sleep(0.02)
    with suppress(subprocess.TimeoutExpired):
        process.wait(run.seconds / 2 * generator.random())  # half of it goes into the start
    found = ray_workers(process.pid)
    if found:
        with suppress(ProcessLookupError):
            os.kill(generator.choice(found), signal.SIGKILL)
    told = process.communicate()[1]
    if process.returncode or not read_run(run.out).is_complete:
        tally.add(FAULT, f"exit code {process.returncode}: {told[-300:]}")
    return bool(found)


def ray_workers(pid: int) -> list[int]:
    """Return the processes of Ray below another that work on texts."""
    return [below for below in below_of(pid) if name_of(below).startswith(b"ray::_RayWorker")]


def fill_disk(run: CorpusRun, tally: Tally, generator: random.Random) -> bool:
    """Have no file grow beyond some bytes, as on a full disk: the run stops, and says so."""
    most = 1000 + int(generator.random() * 10_000)
    shutil.rmtree(run.out, ignore_errors=True)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        done = run.finish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    count_refusal(done, tally)
    return True


def count_refusal(done: subprocess.CompletedProcess[str], tally: Tally) -> None:
    if done.returncode == 1 and is_clear(done.stderr.strip()):
        tally.add(REFUSED)
    else:
        tally.add(FAULT, f"exit code {done.returncode}: {done.stderr[-300:]}")


def start_another(run: CorpusRun, tally: Tally, generator: random.Random) -> bool:
    """Start a second run on the output of one that is at work."""
    del generator
    shutil.rmtree(run.out, ignore_errors=True)
    first = run.start()
    while not (run.out / "run.json").exists() and first.poll() is None:
        time.sleep(0.05)
    second = run.finish()
    is_refused = second.returncode == 1 and "at work on" in second.stderr
    tally.add(REFUSED) if is_refused else tally.add(FAULT, f"{second.returncode}: {second.stderr[-300:]}")
    first.communicate()
    return True


def damage_run(run: CorpusRun, tally: Tally, generator: random.Random) -> bool:
    """Turn a bit of a file of a run: it is made anew; what tells what the run is, is refused."""
    if not run.out.exists():
        run.finish()
    place = generator.choice([path for path in sorted(run.out.iterdir()) if path.stat().st_size])
    whole = place.read_bytes()
    flip(place, generator)
    done = run.finish()
    if place.name == "run.json":
        count_refusal(done, tally)
        place.write_bytes(whole)
    elif done.returncode:
        tally.add(FAULT, f"{place.name}, exit code {done.returncode}: {done.stderr[-300:]}")
    return True


def check_shards(run: CorpusRun, tally: Tally, before: int) -> int:
    """Hold the shards that count against those of the calm run; return how many they are."""
    if not (run.out / "run.json").exists():  # stopped before it had begun
        tally.add(SAME)
        return 0
    paths = read_run(run.out).paths
    wrong = [
        path.name for path in paths if not pq.read_table(path).equals(pq.read_table(run.calm / path.name))
    ]
    if wrong or len(paths) < before:
        tally.add(FAULT, f"other rows in {wrong}, {len(paths)} shards after {before}")
    else:
        tally.add(SAME)
    return len(paths)


def end_run(run: CorpusRun, tally: Tally) -> None:
    """Run to the end: all shards are those of the calm run, and nothing else is left."""
    done = run.finish()
    extra = entries(run.out) ^ entries(run.calm)
    rejected, expected = ((folder / "rejected.jsonl").read_bytes() for folder in (run.out, run.calm))
    if done.returncode or extra or rejected != expected:
        tally.add(FAULT, f"run to its end: exit code {done.returncode}, {extra}: {done.stderr[-300:]}")
    elif check_shards(run, tally, SHARDS) != SHARDS:
        tally.add(FAULT, "rows are lost")
    shutil.rmtree(run.out)
