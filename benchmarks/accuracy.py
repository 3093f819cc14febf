"""Accuracy on all held-out definitions of GO 2021-12-15, by training size, loop and seed.

Figures of docs/science.md::

    python benchmarks/accuracy.py --train-size 2000 --seeds 0 1 2 --loops native trainer
    python benchmarks/accuracy.py --train-size all --seeds 0 --loops native

The split is always that of seed 42 (8,758 test definitions); the seeds here draw the training rows, the new
head, the order and the dropout. Nothing is chosen on the test part: the epoch is chosen on the first 1,000
validation definitions. Each run writes its line of benchmarks/results/accuracy.jsonl anew.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

import gotune
from gotune.config import Loop, TrainConfig

RESULTS = Path(__file__).parent / "results" / "accuracy.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--train-size", default="2000", help="a number, or all")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--loops", nargs="+", type=Loop, default=list(Loop))
    arguments = parser.parse_args()
    size = None if arguments.train_size == "all" else int(arguments.train_size)
    dataset = gotune.build_dataset(
        gotune.load_ontology("2021-12-15"), earlier=gotune.load_ontology("2020-01-01")
    )
    runs = [
        run(dataset, TrainConfig(loop=loop, train_size=size, seed=seed))
        for loop in arguments.loops
        for seed in arguments.seeds
    ]
    print("| loop | seeds | accuracy | macro F1 | TF-IDF + linear SVM, same rows |\n" + "| --- " * 5 + "|")
    for loop in arguments.loops:
        rows = [row for row in runs if row["loop"] == loop.value]
        figures = " | ".join(
            summary([row[name] for row in rows]) for name in ("accuracy", "macro_f1", "tfidf")
        )
        print(f"| {loop.value} | {len(rows)} | {figures} |")


def run(dataset: gotune.LabelledDataset, config: TrainConfig) -> dict[str, Any]:
    key = {"loop": config.loop.value, "train_size": config.train_size, "seed": config.seed}
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        gotune.train(gotune.Recipe(config, dataset), model)
        evaluation = gotune.evaluate(gotune.AspectClassifier.load(model), dataset)
    row = {
        **key,
        "n_train": evaluation.n_train,
        "n_test": evaluation.n_test,
        "accuracy": evaluation.model.accuracy.value,
        "macro_f1": evaluation.model.macro_f1.value,
        "macro_roc_auc": evaluation.model.macro_roc_auc.value,
        "tfidf": evaluation.baselines[0].accuracy.value,
    }
    before = [json.loads(line) for line in RESULTS.read_text(encoding="utf-8").splitlines()]
    others = [one for one in before if {name: one[name] for name in key} != key]
    lines = [json.dumps(one) + "\n" for one in (*others, row)]
    RESULTS.write_text("".join(lines), encoding="utf-8")
    return row


def summary(values: list[float]) -> str:
    mean = statistics.mean(values)
    spread = f" (from {min(values):.4f} to {max(values):.4f})" if len(values) > 1 else ""
    return f"{mean:.4f}{spread}"


if __name__ == "__main__":
    main()
