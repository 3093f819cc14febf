"""How often text is rightly and wrongly flagged as outside competence.

Run ``python benchmarks/competence.py [craft_dev.tsv.gz]`` from the repository. It needs GO 2021-12-15 and the
ontologies of `gotune.evaluation.stress.texts`, from the cache or a package index.

A flag on the texts of the first block is a false alarm, and no flag on those of the second is a miss. The
words that the flag knows were chosen while reading the development sentences of CRAFT and of other corpora
(``other_dev.tsv.gz``), ``competence_texts.tsv``, definitions of GO and what is written about Python: for
other text, trust the Cell and Disease Ontology more. The time of a sentence is told for the first 20,000 of
CRAFT, at first and when their words are known.
"""

from __future__ import annotations

import argparse
import ast
import csv
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from pydoc_data.topics import topics

import pandas as pd

from gotune.corpus.screening import LEAST_WORDS, Doubt, assess
from gotune.corpus.sentences import split_sentences
from gotune.evaluation.stress.texts import OTHER_ONTOLOGIES, load_other_definitions
from gotune.ontology.loading import load_ontology

OWN = Path(__file__).with_name("competence_texts.tsv")
LONG = 100  # words of a docstring that counts as a document


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the flag for text outside competence.")
    parser.add_argument("craft", nargs="?", type=Path)
    path: Path | None = parser.parse_args().craft
    if path is not None:
        print_times(path)
    print("| biology in English: a flag is a false alarm | texts |", " | ".join(Doubt), "| any |")
    print("| --- " * 6 + "|")
    if path is not None:
        print_craft(path)
    print_row("GO definitions", load_ontology("2021-12-15").frame["definition"].dropna().tolist())
    for name, ontology in OTHER_ONTOLOGIES.items():
        print_row(f"definitions, {ontology.title}", load_other_definitions(name))
    print("| **anything else: no flag is a miss** | | | | | |")
    print_own()
    print_python()
    return 0


def print_times(path: Path) -> None:
    texts = pd.read_csv(path, sep="\t", keep_default_na=False, usecols=["text"])["text"][:20_000].tolist()
    times = []
    for _ in range(3):
        start = time.process_time()
        for text in texts:
            assess(text)
        times.append(1e6 * (time.process_time() - start) / len(texts))
    print(f"µs a sentence of CRAFT: {times[0]:.1f} at first, then {min(times[1:]):.1f}\n")


def print_craft(path: Path) -> None:
    table = pd.read_csv(path, sep="\t", keep_default_na=False)
    print_row("CRAFT, sentences", table["text"])
    long = [text for text in table["text"] if len(text.split()) >= LEAST_WORDS]
    print_row(f"CRAFT, sentences of {LEAST_WORDS} words and more", long)
    print_row("CRAFT, sentences that carry an aspect", table["text"][table["aspects_rec"] != ""])
    print_row("CRAFT, articles", [" ".join(rows["text"]) for _, rows in table.groupby("pmid")])


def print_own() -> None:
    with OWN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for topic, name in (("other", "everyday life, law and news"), ("science", "other sciences")):
        english = [row["text"] for row in rows if row["language"] == "en" and row["topic"] == topic]
        print_row(f"own sentences on {name}", english)
        print_row("the same, joined", [" ".join(english)])
    foreign = dict.fromkeys(row["language"] for row in rows if row["language"] != "en")
    by_language = [[row["text"] for row in rows if row["language"] == language] for language in foreign]
    print_row(f"own sentences in {', '.join(foreign)}", [text for texts in by_language for text in texts])
    print_row("the same, joined by language", [" ".join(texts) for texts in by_language])


def print_python() -> None:
    documents = list(topics.values())
    print_row("Python's help topics", documents)
    print_row("their sentences", [part.text for document in documents for part in split_sentences(document)])
    docstrings = list(read_docstrings(Path(sysconfig.get_paths()["stdlib"])))
    print_row("Python's long docstrings", [text for text in docstrings if len(text.split()) >= LONG])
    print_row("first sentences of all docstrings", [split_sentences(text)[0].text for text in docstrings])


def read_docstrings(folder: Path) -> Sequence[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = (
        node
        for path in sorted(folder.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, kinds)
    )
    found = (ast.get_docstring(node) for node in nodes)
    return [text for text in found if text and text.strip()]


def print_row(name: str, texts: Sequence[str]) -> None:
    counts = Counter(doubt for text in texts for doubt in assess(text))
    print(
        f"| {name} | {len(texts):,} |",
        " | ".join(f"{counts[doubt] / len(texts):.2%}" for doubt in Doubt),
        f"| {sum(counts.values()) / len(texts):.2%} |",
    )


if __name__ == "__main__":
    sys.exit(main())
