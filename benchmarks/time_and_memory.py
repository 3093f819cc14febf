"""Time and peak memory of whole commands: start, first and second read of a release, dataset, classify.

::

    python benchmarks/time_and_memory.py [--models papers fast] [--runs 5]

The releases must have been fetched once. Every figure is that of a whole process, as the operating system
accounts for it: the median of the runs, after one that is not counted. Each model classifies one sentence, a
table of 5,000 texts and a text of 10 MB without a full stop. The figures go to
benchmarks/results/time_and_memory.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from gotune.ontology.releases import fetch_release

RESULTS = Path(__file__).parent / "results" / "time_and_memory.json"
GOTUNE = [sys.executable, "-m", "gotune"]
_BARE = """
import os, sys, time
null = os.open(os.devnull, os.O_WRONLY)
start = time.perf_counter()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
_, status, usage = os.wait4(pid, 0)
print(status, time.perf_counter() - start, usage.ru_maxrss)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--models", nargs="+", default=["papers", "fast"], help="those of classify")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    obo = str(fetch_release("2021-12-15"))
    print("| what | seconds | peak memory, MB |\n| --- | --- | --- |")
    rows: list[dict[str, str | float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["GOTUNE_CACHE"] = str(folder / "cache")
        load = [sys.executable, "-c", f"import gotune; gotune.load_ontology({obo!r})"]

        def report(what: str, command: list[str], *, runs: int = arguments.runs, cold: bool = False) -> None:
            figures = [measure(command, folder / "cache" if cold else None) for _ in range(runs + 1)][1:]
            seconds, memory = (statistics.median(column) for column in zip(*figures, strict=True))
            print(f"| {what} | {seconds:.2f} | {memory:.0f} |", flush=True)
            rows.append({"what": what, "seconds": seconds, "megabytes": memory})

        report("python -c 'import gotune'", [sys.executable, "-c", "import gotune"])
        report("python -c pass, for comparison", [sys.executable, "-c", "pass"])
        report("gotune --help", [*GOTUNE, "--help"])
        report("load_ontology, first time", load, cold=True, runs=3)
        report("load_ontology, second time", load)
        data = str(folder / "data")
        report("gotune dataset", [*GOTUNE, "dataset", "--release", obo, "-o", data], runs=1)
        table, long = make_inputs(folder, Path(data))
        to = ["-q", "-o", str(folder / "out.tsv")]
        for model in arguments.models:
            classify = [*GOTUNE, "classify", "-m", model]
            told = f"gotune classify -m {model}"
            report(f"{told}, one sentence", [*classify, "A part of a cell."])
            report(
                f"{told}, a table of 5,000 rows",
                [*classify, table, "--text-column", "definition", *to],
                runs=1,
            )
            report(f"{told}, 10 MB without a full stop", [*classify, long, *to], runs=1)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def make_inputs(folder: Path, data: Path) -> tuple[str, str]:
    import pandas as pd

    table, long = folder / "table.tsv", folder / "long.txt"
    texts = pd.read_parquet(data / "train.parquet").head(5_000)[["go_id", "definition"]]
    texts["definition"] = texts["definition"].str.replace(r"\s+", " ", regex=True)
    table.write_text("go_id\tdefinition\n" + "".join(f"{i}\t{t}\n" for i, t in texts.itertuples(index=False)))
    long.write_text("protein " * 1_250_000)
    return str(table), str(long)


def measure(command: list[str], remove: Path | None) -> tuple[float, float]:
    """Return wall seconds and peak memory in MB of a process."""
    if remove is not None:
        import shutil

        shutil.rmtree(remove, ignore_errors=True)
    # Memory of a process counts that of the one which it was started from: a bare one, of 10 MB.
    bare = [sys.executable, "-S", "-E", "-c", _BARE, *command]
    status, seconds, peak = subprocess.run(bare, check=True, capture_output=True, text=True).stdout.split()
    if int(status):
        raise SystemExit(f"{' '.join(command)} failed with status {status}")
    return float(seconds), int(peak) / 1024


if __name__ == "__main__":
    main()
