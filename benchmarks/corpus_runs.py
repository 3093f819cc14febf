"""Time and memory of corpus runs, beside the same texts in memory.

::

    python benchmarks/corpus_runs.py ../shared/data --texts 1000000 --save        # memory and time
    python benchmarks/corpus_runs.py ../shared/data --texts 50000 --rounds 3 --save  # the rate, too
    python benchmarks/corpus_runs.py ../shared/data --model papers --texts 50000 --rounds 1 --save
    python benchmarks/corpus_runs.py ../shared/data --texts 200000 --cluster --rounds 3 --save  # on Ray

Texts are two pieces each, drawn from sentences of development papers and definitions of a release, so that
no text is there twice but for chance. A run is a whole process, ``gotune classify``, with its start and its
workers; its memory is the largest that it and all below it have together (Pss), looked at twice a second.
Beside it a run of 10,000 texts is measured for memory. With rounds, a process that has the same texts in
memory splits, screens and predicts them, in turn with the run, whose rate counts its start as well; medians
are told. Seconds of processors are told beside, which other work on the machine hardly changes. With
``--cluster`` runs on a Ray of this machine (``--cluster local``) and runs without take turns instead, with
as many workers; their memory is that of a round before, as to look at ten processes takes time of a core.
The figures go to benchmarks/results/corpus_runs.json and corpus_runs_on_ray.json, a row for each model and
number of texts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
FEW = 10_000
IN_MEMORY = """
import json, sys, time
from gotune.corpus.screening import assess
from gotune.model.classification import classify_parts, join_parts
from gotune.model.loading import load_model
texts = [json.loads(line)["text"] for line in open(sys.argv[2], encoding="utf-8")]
model = load_model(sys.argv[1])
start, of_processor = time.perf_counter(), time.process_time()
for first in range(0, len(texts), 10_000):
    some = texts[first : first + 10_000]
    parts, _ = classify_parts(model, some)
    found = [(join_parts(part), assess(text)) for part, text in zip(parts, some, strict=True)]
print(time.perf_counter() - start, time.process_time() - of_processor)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with craft_dev.tsv.gz")
    parser.add_argument("--model", default="fast")
    parser.add_argument("--texts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=0, help="of what is measured in turn")
    parser.add_argument("--cluster", action="store_true", help="on a Ray of this machine, and without")
    parser.add_argument("--save", action="store_true", help="write the results")
    arguments = parser.parse_args()
    model, n, rounds = arguments.model, arguments.texts, arguments.rounds
    row = {"model": model, "texts": n, "cores": len(os.sched_getaffinity(0))}
    with tempfile.TemporaryDirectory(prefix="gotune-corpus-") as name:
        out = Path(name) / "out"
        pieces = pieces_of(arguments.data)
        corpus = write(Path(name) / "many.jsonl", pieces, n)
        if arguments.cluster:
            row |= on_ray(model, corpus, out, max(rounds, 1))
        else:
            few = write(Path(name) / "few.jsonl", pieces, FEW)
            row |= {"megabytes_of_10k": measure(command_of(model, few, out))["megabytes"]}
            row |= measure(command_of(model, corpus, out))
            row |= {"text_megabytes": text_megabytes(corpus)}
            row |= rates(model, corpus, out, n, rounds) if rounds else {}
    print(json.dumps(row, indent=1))
    if arguments.save:
        save(row, RESULTS / ("corpus_runs_on_ray.json" if arguments.cluster else "corpus_runs.json"))


def save(row: dict[str, Any], path: Path) -> None:
    rows = json.loads(path.read_text()) if path.exists() else []
    kept = [one for one in rows if any(one[key] != row[key] for key in ("model", "texts"))]
    path.write_text(json.dumps([*kept, row], indent=1) + "\n", encoding="utf-8")


def pieces_of(data: Path) -> list[str]:
    """Return sentences of papers and definitions."""
    import pandas as pd

    from gotune.ontology.loading import load_ontology

    with gzip.open(data / "craft_dev.tsv.gz") as file:
        sentences = pd.read_csv(file, sep="\t", keep_default_na=False)["text"].tolist()
    definitions = [term.definition for term in load_ontology("2021-12-15").terms() if term.definition]
    return [*sentences, *definitions]


def write(path: Path, pieces: list[str], n: int) -> Path:
    generator = random.Random(n)  # noqa: S311 (no secret)
    with path.open("w", encoding="utf-8") as file:
        for number in range(n):
            text = " ".join(generator.choices(pieces, k=2))
            file.write(json.dumps({"pmid": number, "text": text}) + "\n")
    return path


def text_megabytes(corpus: Path) -> float:
    """Return how large the texts are, without what JSON has about them."""
    with corpus.open(encoding="utf-8") as file:
        return sum(len(json.loads(line)["text"].encode()) for line in file) / 1e6


def command_of(model: str, corpus: Path, out: Path) -> list[str]:
    gotune = [sys.executable, "-m", "gotune", "classify", str(corpus), "--text-column", "text"]
    return [*gotune, "-m", model, "-o", str(out), "-q"]


def measure(command: list[str], *, looks: bool = True) -> dict[str, float]:
    """Return seconds of a run, of its processors, its peak memory in MB, and the MB of its shards.

    Without looks at its memory, which take time of a core, that is 0.
    """
    out = Path(command[command.index("-o") + 1])
    shutil.rmtree(out, ignore_errors=True)
    start, before = time.perf_counter(), processor_seconds()
    with subprocess.Popen(command) as process:
        most = 0.0
        while process.poll() is None:
            if looks:
                most = max(most, sum(map(megabytes_of, family(process.pid))))
            with suppress(subprocess.TimeoutExpired):  # returns as soon as it ends
                process.wait(0.5 if looks else None)
    if process.returncode:
        raise SystemExit(f"exit code {process.returncode}")
    found = {
        "seconds": time.perf_counter() - start,
        "processor_seconds": processor_seconds() - before,
        "megabytes": most,
        "shards_megabytes": sum(path.stat().st_size for path in out.glob("*.parquet")) / 1e6,
    }
    print(found, file=sys.stderr, flush=True)
    return found


def processor_seconds() -> float:
    """Return what processes that have ended have taken of all cores."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def family(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def megabytes_of(pid: int) -> float:
    """Return the memory of a process, of what it shares its part."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(rollup.split("Pss:")[1].split()[0]) / 1024 if "Pss:" in rollup else 0.0


def rates(model: str, corpus: Path, out: Path, n: int, rounds: int) -> dict[str, Any]:
    """Return texts a second, and a second of a processor, of runs and in memory, measured in turn."""
    runs, in_memory = [], []
    for _ in range(rounds):
        asked = [sys.executable, "-c", IN_MEMORY, model, str(corpus)]
        done = subprocess.run(asked, check=True, capture_output=True, text=True)
        in_memory.append([n / float(seconds) for seconds in done.stdout.split()])
        run = measure(command_of(model, corpus, out))
        runs.append([n / run["seconds"], n / run["processor_seconds"]])
        print(f"in memory {in_memory[-1]}, run {runs[-1]} a second", file=sys.stderr, flush=True)
    rate, rate_of_processor = map(statistics.median, zip(*runs, strict=True))
    in_memory_rate, in_memory_of_processor = map(statistics.median, zip(*in_memory, strict=True))
    return {
        "rounds": rounds,
        "rate": rate,
        "rate_in_memory": in_memory_rate,
        "rate_of_processor": rate_of_processor,
        "rate_in_memory_of_processor": in_memory_of_processor,
    }


def on_ray(model: str, corpus: Path, out: Path, rounds: int) -> dict[str, Any]:
    """Return medians of runs on a Ray of this machine and of plain ones, measured in turn."""
    ways: dict[str, list[str]] = {"plain": [], "ray": ["--cluster", "local"]}
    workers = ["--workers", str(len(os.sched_getaffinity(0)))]
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    # Ray leaves its logs; further down the names of its sockets would be too long.
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"RAY_TMPDIR": folder, "RAY_AUTH_TOKEN": "0" * 64}
        for number in range(rounds + 1):
            for way, options in ways.items():
                command = [*command_of(model, corpus, out), *workers, *options]
                found[way].append(measure(command, looks=not number))
    megabytes = {way: runs.pop(0)["megabytes"] for way, runs in found.items()}
    return {
        "rounds": rounds,
        **{
            # Nobody waits for Ray's processes, so the system adds up no seconds of processors.
            way: {"seconds": statistics.median(one["seconds"] for one in runs), "megabytes": megabytes[way]}
            for way, runs in found.items()
        },
        "slower": statistics.median(
            ray["seconds"] / plain["seconds"] - 1
            for ray, plain in zip(found["ray"], found["plain"], strict=True)
        ),
    }


if __name__ == "__main__":
    main()
