"""Evaluations, releases and datasets as tables of text, for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gotune.aspects import ASPECTS
from gotune.data.data_card import DataCard
from gotune.results import Estimate, Evaluation, ModelScores

_ASPECT_NAMES = tuple(aspect.words for aspect in ASPECTS)


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
        f"{evaluation.n_test:,} definitions of the {evaluation.part} part, which no model has seen. "
        f"All models learned from the same {evaluation.n_train:,} definitions. In brackets: 95 % bootstrap "
        f"intervals over definitions; one without width means that no error was among them, not that none "
        "is possible. "
        f"{evaluation.truncated:,} of the texts were longer than the model reads "
        "and were cut. "
        "The split is random, so near-copies of many test definitions are among the training rows: these "
        "figures say nothing about sentences of papers."
    )


def evaluation_tables(evaluation: Evaluation) -> tuple[TextTable, ...]:
    """Return the models side by side, then the aspects and the confusions of the model itself."""
    model = evaluation.model
    return (
        TextTable(
            "All models",
            ("model", "accuracy", "macro F1", "macro ROC-AUC"),
            tuple(
                (row.model, *map(_figure, (row.accuracy, row.macro_f1, row.macro_roc_auc)))
                for row in evaluation.rows
            ),
        ),
        _aspect_table(model),
        TextTable(
            f"Confusions of {model.model} (rows: true aspect, columns: predicted)",
            ("true", *_ASPECT_NAMES),
            tuple(
                (aspect.words, *(f"{count:,}" for count in counts))
                for aspect, counts in zip(ASPECTS, model.confusion, strict=True)
            ),
        ),
    )


def dataset_tables(card: DataCard) -> tuple[TextTable, ...]:
    """Return the rows of each part by aspect, and the definitions that stand on both sides of the split."""
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
    return counts, overlap


def _aspect_table(scores: ModelScores) -> TextTable:
    figures = {
        "precision": [_figure(row.precision) for row in scores.aspects],
        "recall": [_figure(row.recall) for row in scores.aspects],
        "F1": [_figure(row.f1) for row in scores.aspects],
        "ROC-AUC": [_figure(row.roc_auc) for row in scores.aspects],
        "support": [f"{row.support:,}" for row in scores.aspects],
    }
    rows = tuple((name, *cells) for name, cells in figures.items())
    return TextTable(f"Aspects, {scores.model}", ("figure", *_ASPECT_NAMES), rows)


def _figure(estimate: Estimate) -> str:
    # Without a blank inside, so that a narrow terminal breaks before the interval and not in it.
    return f"{estimate.value:.4f} ({estimate.interval.low:.4f}–{estimate.interval.high:.4f})"  # noqa: RUF001


def _markdown_table(table: TextTable) -> str:
    rule = ("---",) * len(table.header)
    rows = "\n".join(f"| {' | '.join(row)} |" for row in (table.header, rule, *table.rows))
    return f"## {table.title}\n\n{rows}\n"
