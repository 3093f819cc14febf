"""What `gotune annotate` takes for a paper: a whole process, from its start to the table of terms.

::

    python benchmarks/annotating.py DATA [--runs 5]

The paper is made of `SENTENCES` sentences of CRAFT's development articles, drawn from all of them, in
paragraphs of five. Nothing is kept from run to run but what the operating system keeps of files. Figures are
medians, after a run that is not counted.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import statistics
import tempfile
from pathlib import Path

from machines import machine
from time_and_memory import GOTUNE, measure

SENTENCES = 300
OF_PARAGRAPH = 5
RESULT = Path(__file__).parent / "results" / "annotating.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with gzip.open(asked.data / "craft_dev.tsv.gz", "rt", encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file, delimiter="\t")]
    texts = random.Random(0).sample(texts, SENTENCES)  # noqa: S311
    paragraphs = [
        " ".join(texts[first : first + OF_PARAGRAPH]) for first in range(0, SENTENCES, OF_PARAGRAPH)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["GOTUNE_CACHE"] = str(folder / "cache")
        paper, found = folder / "paper.txt", folder / "terms.tsv"
        paper.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
        command = [*GOTUNE, "annotate", str(paper), "-o", str(found)]
        runs = [measure(command, None) for _ in range(asked.runs + 1)][1:]
        with found.open(encoding="utf-8", newline="") as file:
            places = sum(1 for _ in csv.DictReader(file, delimiter="\t"))
    seconds, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    row = {
        "machine": machine(),
        "sentences": SENTENCES,
        "places": places,
        "seconds": seconds,
        "megabytes": memory,
    }
    print(json.dumps(row))
    RESULT.write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
