"""How fast the names of terms are found, on one core.

    python benchmarks/names.py craft_dev.tsv.gz other_dev.tsv.gz

prints how long the lexicon of GO takes to load and how many bytes it has, how many sentences a second get the
evidence of their names (all at once, with words met for the first time and met before; one after the other),
and how many runs of letters a second a regular expression finds in them, to hold other machines against it.
Figures are medians of five.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from safetensors.numpy import load_file, save_file

import gotune
from gotune.lexicon.lexicon import Lexicon
from gotune.ontology.loading import load_ontology
from gotune.training.recipes import RELEASE

REPEATS = 5
ONE_BY_ONE = 2000


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sentences", nargs="+", type=Path)
    texts = [
        text for path in parser.parse_args().sentences for text in gotune.read_source(path).table["text"]
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lexicon.safetensors"
        save_file(Lexicon.from_ontology(load_ontology(RELEASE)).to_arrays(), path)
        size = path.stat().st_size
        loads = [seconds(lambda: Lexicon.from_arrays(load_file(path))) for _ in range(REPEATS)]
        lexicons = [Lexicon.from_arrays(load_file(path)) for _ in range(REPEATS)]
    first, again = ([seconds(partial(one.evidence, texts)) for one in lexicons] for _ in range(2))
    few = texts[:ONE_BY_ONE]
    single = [seconds(partial(one_by_one, one, few)) for one in lexicons]
    letters = re.compile(r"[^\W\d_]+")
    plain = [seconds(lambda: [letters.findall(text) for text in texts]) for _ in range(REPEATS)]
    rows = {
        f"{len(texts):,} sentences, words met for the first time": f"{per_second(texts, first)} sentences/s",
        "words met before": f"{per_second(texts, again)} sentences/s",
        "one sentence at a time": f"{statistics.median(single) / len(few) * 1e3:.3f} ms",
        "runs of letters alone (`re`)": f"{per_second(texts, plain)} sentences/s",
        "loading": f"{statistics.median(loads) * 1e3:.0f} ms",
        "file": f"{size / 1e6:.1f} MB",
    }
    print("| what | figure |\n| --- | --- |")
    for what, figure in rows.items():
        print(f"| {what} | {figure} |")


def one_by_one(lexicon: Lexicon, texts: list[str]) -> None:
    """Ask for the evidence in one text after the other."""
    for text in texts:
        lexicon.evidence([text])


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def per_second(texts: list[str], times: list[float]) -> str:
    """Return how many texts a second, by the median time."""
    return f"{len(texts) / statistics.median(times):,.0f}"


if __name__ == "__main__":
    main()
