"""Whether explanations add up and point at the words that matter, over test definitions.

The figures of the documentation::

    python benchmarks/explanations.py model/ data/ --texts 200

It prints the mean completeness error of integrated gradients, and for each method how far the probability of
the explained aspect falls without the words of most weight, against words drawn at random, with 95 %
bootstrap intervals over the texts. Definitions that the model would cut are left out. Minutes on one core.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import gotune
from gotune.estimates import Estimate
from gotune.explanation.attribution.report import plot_deletion
from gotune.explanation.attribution.results import DeletionCurve, Explanation, Method
from gotune.explanation.deletion import deletion_curve
from gotune.model.leakage import check_unseen_terms
from gotune.model.tokens import count_tokens
from gotune.records import Witness


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--picture", type=Path, help="a .png or .svg of the curves")
    arguments = parser.parse_args()
    classifier = gotune.AspectClassifier.load(arguments.model).without(
        Witness.NAMES
    )  # they include terms held out
    rows = gotune.load_dataset(arguments.data).parts["test"]
    n_pieces = count_tokens(classifier.engine.tokenizer, rows["definition"].tolist())
    fits = [n <= classifier.spec.max_tokens for n in n_pieces]
    rows = rows[fits].iloc[: arguments.texts]
    check_unseen_terms("test", rows["go_id"].tolist(), classifier.learned.go_ids)
    curves = []
    for method in Method:
        begun = time.perf_counter()
        explanations = [gotune.explain(classifier, text, method=method) for text in rows["definition"]]
        seconds = (time.perf_counter() - begun) / len(explanations)
        print(f"\n{method}: {len(explanations)} texts, {seconds:.2f} s each")
        print_completeness(explanations)
        curves.append(deletion_curve(classifier, explanations))
        print_curve(curves[-1])
    if arguments.picture:
        gotune.save_figure(plot_deletion(curves), arguments.picture)


def print_completeness(explanations: list[Explanation]) -> None:
    found = [one.completeness for one in explanations if one.completeness]
    if found:
        errors = [one.error for one in found]
        print(f"completeness error: mean {statistics.mean(errors):.2%}, largest {max(errors):.2%}")
        print(f"steps: mean {statistics.mean(one.steps for one in found):.0f}")


def print_curve(curve: DeletionCurve) -> None:
    print("| words left out | drop, words of most weight | drop, random words |\n| --- | --- | --- |")
    rows = [*zip(map(str, curve.counts), curve.ranked, curve.random, strict=True)]
    for name, ranked, random in [*rows, ("mean", curve.ranked_area, curve.random_area)]:
        print(f"| {name} | {summary(ranked)} | {summary(random)} |")
    print(f"difference of the means: {summary(curve.difference)}")


def summary(value: Estimate) -> str:
    return f"{value.value:.3f} ({value.interval.low:.3f} to {value.interval.high:.3f})"


if __name__ == "__main__":
    main()
