"""A recipe's figures corpus by corpus, as tables of text."""

from __future__ import annotations

from statistics import fmean

from gotune.evaluation.corpora.results import MEANS, CorpusEvaluation
from gotune.evaluation.sentences.results import TaggingScores
from gotune.render.tables import TextTable, estimate_cell, render_markdown
from gotune.render.wording import count_aspects


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
        f"from the others.{unmeasured} In brackets: 95 % bootstrap intervals over articles. Figures are "
        "means over the aspects that the corpus judges; average precision at chance is the share of "
        "sentences with the aspect. One-aspect accuracy is the balanced accuracy on sentences that are "
        "judged on two aspects or three, of which one has to be chosen, and carry exactly one. The last row "
        "is the mean over the corpora that have the figure."
    )


def corpus_tables(evaluation: CorpusEvaluation) -> tuple[TextTable, ...]:
    """Return the recipe's figures, a row a corpus, and the ranking of all models beside it."""
    model, *_ = evaluation.models
    ranking, decisions = [], []
    for name, found in evaluation.corpora.items():
        scores = found.model
        ranking.append(
            (
                name,
                count_aspects(found.judged),
                estimate_cell(scores.macro_auroc),
                estimate_cell(scores.macro_average_precision),
                f"{_chance(scores):.3f}",
            )
        )
        figures = (scores.macro_f1, scores.balanced_accuracy, scores.calibration_error)
        decisions.append((name, *map(estimate_cell, figures)))
    means = {figure: _mean_cell(evaluation.mean(figure, model)) for figure in MEANS}
    auroc, precision, f1, accuracy, error = means.values()
    chance = fmean(_chance(found.model) for found in evaluation.corpora.values())
    return (
        TextTable(
            "Ranking, of the corpus left out",
            ("corpus", "sentences judged", "macro ROC-AUC", "macro average precision", "at chance"),
            (*ranking, ("mean", "", auroc, precision, f"{chance:.3f}")),
        ),
        TextTable(
            "Decisions and calibration, of the corpus left out",
            ("corpus", "macro F1", "one-aspect accuracy", "calibration error"),
            (*decisions, ("mean", f1, accuracy, error)),
        ),
        TextTable(
            "Macro ROC-AUC beside others",
            ("corpus", *evaluation.models),
            (
                *(
                    (name, *(estimate_cell(row.macro_auroc) for row in found.rows))
                    for name, found in evaluation.corpora.items()
                ),
                ("mean", *(_mean_cell(evaluation.mean("macro_auroc", each)) for each in evaluation.models)),
            ),
        ),
    )


def _chance(scores: TaggingScores) -> float:
    """Return what a model without knowledge reaches as macro average precision."""
    return fmean(row.support / row.judged for row in scores.aspects if row.average_precision is not None)


def _mean_cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
