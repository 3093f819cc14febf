"""A recipe's figures corpus by corpus, as tables of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gotune.estimates import Estimate
from gotune.evaluation.baselines import PREVALENCE
from gotune.evaluation.corpora.results import CorpusEvaluation
from gotune.evaluation.sentences.report import aspect_cell
from gotune.evaluation.sentences.results import TaggingScores
from gotune.render.tables import TextTable, estimate_cell, render_markdown

_MEAN, _JUDGED = "mean", "judged"
_BESIDE = {
    "macro ROC-AUC": "macro_auroc",
    "macro average precision": "macro_average_precision",
    "macro F1": "macro_f1",
    "one-aspect accuracy": "balanced_accuracy",
    "calibration error": "calibration_error",
}
"""Figures in which models stand side by side, and their names in `TaggingScores`."""


def render_corpora(evaluation: CorpusEvaluation) -> str:
    """Return an evaluation by corpus as a Markdown page."""
    return f"""# Evaluation by corpus

{describe_corpora(evaluation)}

{render_markdown(corpus_tables(evaluation))}"""


def describe_corpora(evaluation: CorpusEvaluation) -> str:
    """Return what was measured and how, in a few sentences."""
    left = ", ".join(evaluation.unmeasured)
    unmeasured = f" Only learned from, as it judges no aspect both ways: {left}." if left else ""
    return (
        f"Each of {len(evaluation.corpora)} corpora was left out once and measured by a model that learned "
        f"from the others.{unmeasured} In brackets: 95 % bootstrap intervals over articles. The figures of "
        "an aspect are of the sentences judged on it, macro figures are means over the aspects that have "
        "them; average precision at chance is the share of sentences with the aspect. One-aspect accuracy is "
        "the balanced accuracy on sentences that are judged on two aspects or three, of which one has to be "
        f"chosen, and carry exactly one. The {_MEAN} is over the corpora that have the figure; its interval "
        "tells how much depends on the articles of these corpora, and nothing of others."
    )


def corpus_tables(evaluation: CorpusEvaluation) -> tuple[TextTable, ...]:
    """Return all figures of the recipe, a row a corpus and their mean, then the models side by side."""
    rows = {name: {row.model: row for row in found.rows} for name, found in evaluation.corpora.items()}
    rows[_MEAN] = {row.model: row for row in evaluation.means}
    recipe = evaluation.models[0]
    cells = [dict(_cells(row[recipe], row[PREVALENCE])) for row in rows.values()]
    cells[-1] |= {name: "" for name in cells[-1] if name.startswith(_JUDGED)}  # sums, and no means
    return (
        TextTable(
            "The corpus left out",
            ("corpus", *cells[0]),
            tuple((name, *found.values()) for name, found in zip(rows, cells, strict=True)),
        ),
        *(_beside(title, figure, rows) for title, figure in _BESIDE.items()),
    )


def _cells(scores: TaggingScores, chance: TaggingScores) -> Iterator[tuple[str, str]]:
    """Yield the names of columns and what they hold of a corpus.

    Args:
        scores: Of the recipe.
        chance: Of what says the same of every sentence, whose average precision is that of chance.
    """
    for row in scores.aspects:
        yield f"{_JUDGED} {row.aspect.short}", f"{row.judged:,}"
    for row in scores.aspects:
        yield f"ROC-AUC {row.aspect.short}", aspect_cell(row, row.auroc)
    yield "macro ROC-AUC", estimate_cell(scores.macro_auroc)
    for row, same in zip(scores.aspects, chance.aspects, strict=True):
        yield f"average precision {row.aspect.short}", aspect_cell(row, row.average_precision)
        yield f"at chance {row.aspect.short}", aspect_cell(row, same.average_precision)
    yield "macro average precision", estimate_cell(scores.macro_average_precision)
    yield "at chance", estimate_cell(chance.macro_average_precision)
    yield "macro F1", estimate_cell(scores.macro_f1)
    yield "one-aspect accuracy", estimate_cell(scores.balanced_accuracy)
    yield "calibration error", estimate_cell(scores.calibration_error)


def _beside(title: str, figure: str, rows: Mapping[str, Mapping[str, TaggingScores]]) -> TextTable:
    def cell(scores: TaggingScores) -> str:
        found: Estimate | None = getattr(scores, figure)
        return estimate_cell(found)

    return TextTable(
        f"{title[:1].upper()}{title[1:]}, models side by side",
        ("corpus", *rows[_MEAN]),
        tuple((name, *map(cell, models.values())) for name, models in rows.items()),
    )
