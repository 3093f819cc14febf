"""How many labels `gotune ask` saves: sentences that it asks for against sentences drawn at random.

The figures of ``docs/experiments.md``::

    python benchmarks/active_learning.py craft_dev.tsv.gz

Articles of one of five folds of the CRAFT development sentences are set apart to measure on; the labels of
the others are hidden until they are asked for. Both ways begin with a model that has seen definitions only,
and train anew from the encoder at each size, with the settings below. One way has the model of the size
before choose what to ask next; the other draws from all sentences at random. Nobody marks where the labels
stand, so the sentences come without rationale. Each model adds a line to
``benchmarks/results/active_learning.jsonl``.

The last table says, for each size of the suggested set, how many random labels reach the same average
precision: interpolated between the sizes on a logarithmic scale; with ``>`` if even the largest does not, and
with ``<`` if already the smallest does. Brackets of one repetition are 95 % bootstrap intervals by article,
which leave out how far training and drawing vary; those of several are their lowest and their highest value.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import gotune
from gotune import TrainConfig
from gotune.aspects import ASPECTS, Head
from gotune.datasets.labelled import LabelledSource, article_folds, card_of
from gotune.evaluation.sentences.scores import score_tagging
from gotune.training.ask import ask

RESULTS = Path(__file__).parent / "results" / "active_learning.jsonl"
LABELS = [aspect.value for aspect in ASPECTS]
N_FOLDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("craft", type=Path)
    parser.add_argument("--folds", type=int, nargs="+", default=[0], help="a repetition each, also its seed")
    parser.add_argument("--suggested", type=int, nargs="+", default=[250, 500, 1000])
    parser.add_argument("--random", type=int, nargs="+", default=[250, 500, 1000, 2000])
    parser.add_argument("--pool", type=int, default=8000, help="sentences to choose from, drawn at random")
    parser.add_argument("--test", type=int, default=2500, help="test sentences, drawn at random")
    parser.add_argument("--definitions", type=int, default=600)
    parser.add_argument("--epochs", type=int, default=3)
    arguments = parser.parse_args()
    dataset = gotune.build_dataset(gotune.load_ontology("2021-12-15"))
    table = gotune.read_source(arguments.craft).table.assign(spans=None)
    folds = article_folds(table, N_FOLDS)
    rows = []
    for fold in arguments.folds:
        config = TrainConfig(
            head=Head.MULTI,
            train_size=arguments.definitions,
            validation_size=100,
            epochs=arguments.epochs,
            batch_size=16,
            learning_rate=1e-4,
            warmup_share=0.06,
            max_tokens=96,
            seed=fold,
        )
        pool = draw(table[folds != fold], arguments.pool, fold)
        trial = Trial(dataset, pool, draw(table[folds == fold], arguments.test, fold), config)
        for row in trial.run(arguments.suggested, arguments.random):
            rows.append({"fold": fold, **row})
            keep(rows[-1])
    print_table(rows)


class Trial:
    """One repetition: a pool to ask about, and sentences of other articles to measure on."""

    def __init__(
        self, dataset: gotune.LabelledDataset, pool: pd.DataFrame, test: pd.DataFrame, config: TrainConfig
    ) -> None:
        self._dataset, self._pool, self._test, self._config = dataset, pool, test, config
        self._texts, self._articles = pool["text"].tolist(), pool["article"].tolist()

    def run(self, suggested: Sequence[int], drawn: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Yield the figures of the first model, of those with suggested and of those with random labels."""
        nothing = np.zeros(0, dtype=np.int64)
        model = self._train(nothing)
        yield self._score("start", nothing, model)
        asked = nothing
        for size in suggested:
            found = ask(model, self._texts, self._articles, size - len(asked))
            asked = np.r_[asked, [question.row for question in found]]
            model = self._train(asked)
            yield self._score("suggested", asked, model)
        order = np.random.default_rng(self._config.seed).permutation(len(self._pool))
        for size in drawn:
            yield self._score("random", order[:size], self._train(order[:size]))

    def _train(self, rows: NDArray[np.int64]) -> gotune.AspectClassifier:
        labelled = self._pool.iloc[rows].reset_index(drop=True)
        key = hashlib.sha256(rows.tobytes()).hexdigest()
        card = card_of(labelled, name=f"{len(rows)} labels", sha256=key)
        sources = [LabelledSource(labelled, card)] if len(rows) else []
        with tempfile.TemporaryDirectory() as folder:
            gotune.train(gotune.Recipe(self._config, self._dataset, sources), Path(folder) / "model")
            return gotune.AspectClassifier.load(Path(folder) / "model")

    def _score(self, way: str, rows: NDArray[np.int64], model: gotune.AspectClassifier) -> dict[str, Any]:
        scores = score_tagging(
            way,
            self._test[LABELS].to_numpy() >= 0.5,
            model.predict_proba(self._test["text"].tolist()),
            articles=self._test["article"].tolist(),
            thresholds=(0.5, 0.5, 0.5),
        )
        precision = scores.macro_average_precision
        return {
            "way": way,
            "n": len(rows),
            "macro_average_precision": precision.value,
            "interval": [precision.interval.low, precision.interval.high],
            "macro_auroc": scores.macro_auroc.value,
            "positives": self._pool[LABELS].iloc[rows].sum().tolist(),
            "none": int((self._pool[LABELS].iloc[rows].sum(axis=1) == 0).sum()),
        }


def draw(rows: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """Draw sentences, which stay in order."""
    return rows.sample(min(n, len(rows)), random_state=seed).sort_index().reset_index(drop=True)


def labels_needed(reached: float, sizes: Sequence[int], precisions: Sequence[float]) -> float:
    """Return how many labels reach a precision: 0 for less than the smallest size, infinity beyond."""
    best = np.maximum.accumulate(precisions)
    if reached > best[-1]:
        return math.inf
    return float(np.exp(np.interp(reached, best, np.log(sizes)))) if reached >= best[0] else 0.0


def show_needed(needed: float, n: int, sizes: Sequence[int]) -> str:
    if 0 < needed < math.inf:
        return f"{needed:,.0f} | {needed / n:.1f}"
    sign, bound = (">", sizes[-1]) if needed else ("<", sizes[0])
    return f"{sign} {bound:,} | {sign} {bound / n:.1f}"


def print_table(rows: Sequence[dict[str, Any]]) -> None:
    print("| labels | way | macro average precision | BP, CC, MF, none among them |\n" + "| --- " * 4 + "|")
    means: dict[tuple[str, int], float] = {}
    for way, n in dict.fromkeys((row["way"], row["n"]) for row in rows):
        these = [row for row in rows if (row["way"], row["n"]) == (way, n)]
        values = [row["macro_average_precision"] for row in these]
        means[way, n] = statistics.mean(values)
        low, high = these[0]["interval"] if len(these) == 1 else (min(values), max(values))
        counts = np.mean([[*row["positives"], row["none"]] for row in these], axis=0)
        listed = ", ".join(f"{count:.0f}" for count in counts)
        print(f"| {n:,} | {way} | {means[way, n]:.3f} ({low:.3f} to {high:.3f}) | {listed} |")
    sizes = [n for way, n in means if way == "random"]
    curve = [means["random", n] for n in sizes]
    print("\n| suggested | random labels for the same | ratio |\n" + "| --- " * 3 + "|")
    for n in (n for way, n in means if way == "suggested"):
        needed = labels_needed(means["suggested", n], sizes, curve)
        print(f"| {n:,} | {show_needed(needed, n, sizes)} |")


def keep(row: dict[str, Any]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
