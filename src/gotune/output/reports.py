"""Evaluations, releases and datasets as tables of text, for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gotune.aspects import ASPECTS
from gotune.data.data_card import DataCard
from gotune.data.splits import CUT_PART, NEW_TERMS, UNSEEN_LINEAGES, UNSEEN_OPENINGS, WORDS_CUT
from gotune.results.estimates import Estimate
from gotune.results.evaluation import Evaluation, ModelScores, SplitAccuracy

_ASPECT_NAMES = tuple(aspect.words for aspect in ASPECTS)

_SPLIT_NAMES = {
    "test": "random",
    NEW_TERMS: "new terms",
    UNSEEN_OPENINGS: "unseen openings",
    UNSEEN_LINEAGES: "unseen lineages",
    CUT_PART: f"random, first {WORDS_CUT} words cut",
}


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table whose cells are text; the first column names the row."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def render_markdown(tables: Sequence[TextTable]) -> str:
    """Return tables as Markdown, each under its title."""
    return "\n".join(_markdown_table(table) for table in tables)


def render_evaluation(evaluation: Evaluation) -> str:
    """Return an evaluation as a Markdown page."""
    return f"""# Evaluation on GO release {evaluation.release}

{describe_evaluation(evaluation)}

{render_markdown(evaluation_tables(evaluation))}"""


def describe_evaluation(evaluation: Evaluation) -> str:
    """Return what was measured and how, in a few sentences."""
    return (
        f"No model has seen a definition of any test part; all learned from the same {evaluation.n_train:,}. "
        "In brackets: 95 % bootstrap intervals over families of definitions, which are those with the same "
        "three opening words or, for unseen lineages, those in the same subtree; one without width means "
        "that no error was among them, not that none is possible. "
        f"The tables below the first are about the {evaluation.n_test:,} definitions of the random part, of "
        f"which {evaluation.truncated:,} were longer than the model reads and were cut. Near-copies of many "
        "of them are among the training rows: look at the other parts first. No figure here says anything "
        "about sentences of papers."
    )


def evaluation_tables(evaluation: Evaluation) -> tuple[TextTable, ...]:
    """Return the models side by side on all test parts, then figures of the random part in detail."""
    model = evaluation.model
    return (
        _split_table(evaluation),
        *_absent_tables("Test parts that were not scored", evaluation.absent),
        TextTable(
            "All models, random part",
            ("model", "accuracy", "macro F1", "macro ROC-AUC"),
            tuple(
                (row.model, *map(_figure, (row.accuracy, row.macro_f1, row.macro_roc_auc)))
                for row in evaluation.rows
            ),
        ),
        _aspect_table(model),
        TextTable(
            f"Confusions of {model.model}, random part (rows: true aspect, columns: predicted)",
            ("true", *_ASPECT_NAMES),
            tuple(
                (aspect.words, *(f"{count:,}" for count in counts))
                for aspect, counts in zip(ASPECTS, model.confusion, strict=True)
            ),
        ),
    )


def dataset_tables(card: DataCard) -> tuple[TextTable, ...]:
    """Return the rows of each part by aspect, what is not there, and what stands on both sides of a split."""
    counts = TextTable(
        f"GO release {card.release}: {card.n_terms:,} live terms, "
        f"{card.n_without_definition:,} without definition left out",
        ("part", *_ASPECT_NAMES, "all"),
        tuple(
            (part, *(f"{by_aspect[aspect]:,}" for aspect in ASPECTS), f"{sum(by_aspect.values()):,}")
            for part, by_aspect in card.counts.items()
        ),
    )
    overlap = TextTable(
        "Definitions that stand in the training part too",
        ("part", "definitions", "word for word", "nearly"),
        tuple(
            (part, f"{found.n:,}", f"{found.exact:,}", f"{found.near:,} ({found.near / found.n:.1%})")
            for part, found in card.overlap.items()
        ),
    )
    return counts, *_absent_tables("Harder test parts that were not made", card.absent), overlap


def _split_table(evaluation: Evaluation) -> TextTable:
    header = ("model", *map(_split_header, evaluation.splits))
    rows = tuple(
        (row.model, *(_figure(split.accuracies[number], decimals=3) for split in evaluation.splits))
        for number, row in enumerate(evaluation.rows)
    )
    return TextTable("Accuracy on all test parts, and the families that intervals are over", header, rows)


def _split_header(split: SplitAccuracy) -> str:
    return f"{_SPLIT_NAMES[split.part]}: {split.n:,} in {split.n_families:,} {split.family}s"


def _absent_tables(title: str, absent: Mapping[str, str]) -> tuple[TextTable, ...]:
    rows = tuple((f"{part} ({_SPLIT_NAMES[part]})", reason) for part, reason in absent.items())
    return (TextTable(title, ("part", "reason"), rows),) if rows else ()


def _aspect_table(scores: ModelScores) -> TextTable:
    figures = {
        "precision": [_figure(row.precision) for row in scores.aspects],
        "recall": [_figure(row.recall) for row in scores.aspects],
        "F1": [_figure(row.f1) for row in scores.aspects],
        "ROC-AUC": [_figure(row.roc_auc) for row in scores.aspects],
        "support": [f"{row.support:,}" for row in scores.aspects],
    }
    rows = tuple((name, *cells) for name, cells in figures.items())
    return TextTable(f"Aspects, {scores.model}, random part", ("figure", *_ASPECT_NAMES), rows)


def _figure(estimate: Estimate, decimals: int = 4) -> str:
    figures = (estimate.value, estimate.interval.low, estimate.interval.high)
    value, low, high = (f"{figure:.{decimals}f}" for figure in figures)
    # Without a blank inside, so that a narrow terminal breaks before the interval and not in it.
    return f"{value} ({low}–{high})"  # noqa: RUF001


def _markdown_table(table: TextTable) -> str:
    rule = ("---",) * len(table.header)
    rows = "\n".join(
        f"| {' | '.join(map(_markdown_cell, row))} |" for row in (table.header, rule, *table.rows)
    )
    return f"## {flat(table.title)}\n\n{rows}\n"


def flat(text: str) -> str:
    """Return a text on one line, for a heading."""
    return " ".join(text.split())


def _markdown_cell(text: str) -> str:
    return flat(text).replace("|", r"\|")
