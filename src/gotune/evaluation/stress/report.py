"""The stress tests as tables of text and a picture."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from gotune.aspects import ASPECTS, Head
from gotune.evaluation.stress.results import CutScores, NoneScores, StressReport
from gotune.lines import one_line
from gotune.render.figures import INK, end_at_one, new_figure
from gotune.render.lettering import fitted
from gotune.render.tables import TextTable, render_markdown
from gotune.render.wording import describe_judged, describe_probabilities, name_model

_BASELINE = "TF-IDF + SVM"
_BASELINE_CUT = f"{_BASELINE}, learned cut"

_LABEL_WIDTH, _LABEL_SIZE = 2.5, 10
"""Inches, and points."""

_PAIRS = {"voice": "active and passive", "negation": "with and without negation"}

# Okabe-Ito, but for the three that stand for aspects everywhere.
_MODEL_COLOUR, _BASELINE_COLOUR, _BASELINE_CUT_COLOUR = "#D55E00", "#56B4E9", "#CC79A7"


def render_stress(report: StressReport) -> str:
    """Return the stress tests as a Markdown page."""
    return f"""# Stress tests of the model {one_line(str(report.model))}

{describe_stress(report)}

{render_markdown(stress_tables(report))}"""


def describe_stress(report: StressReport) -> str:
    """Return what was done, in a few sentences."""
    lines = [
        report.split,
        describe_probabilities(report.model),
        f"Definitions are of the test part of GO release {report.release}; only those with words left are "
        f"scored. {_BASELINE} learned from the {report.n_train:,} definitions that the model learned from, "
        "whole or cut alike.",
    ]
    if report.sentences:
        lines.append(
            f"{report.n_sentences:,} labelled sentences were perturbed; a perturbation changes words, not "
            "labels. Figures are means over the aspects that have them, each of the sentences judged on it."
        )
    lines.append(
        "The sentences of a pair carry the same aspects: a negated mention counts as a mention. "
        "Other ontologies' definitions that mention a concept of GO are left out."
    )
    if report.model.head is Head.SINGLE:
        lines.append('This model cannot say "none": it gives every text an aspect.')
    return " ".join(lines)


def stress_tables(report: StressReport) -> tuple[TextTable, ...]:
    """Return a table for each kind of test that was run."""
    pairs = TextTable(
        "Pairs of sentences that carry the same aspects",
        ("pairs", "number", "same decision", "mean change", "recall, first", "recall, second"),
        tuple(
            (
                _PAIRS[row.kind],
                f"{row.n:,}",
                f"{row.same:.1%}",
                f"{row.change:.4f}",
                *(f"{share:.1%}" for share in row.recall),
            )
            for row in report.pairs
        ),
    )
    none = TextTable(
        "Texts that carry no aspect: share said to carry one",
        ("texts", "number", "left out", *(aspect.short for aspect in ASPECTS), "any"),
        tuple(_none_row(row, report.model.head) for row in report.none),
    )
    return (cut_table(report.model.name, report.cuts), *_sentence_tables(report), pairs, none)


def cut_table(model: str, cuts: Sequence[CutScores]) -> TextTable:
    """Return the accuracy of a model by the number of words cut, beside both baselines."""
    return TextTable(
        "Accuracy on definitions without their first words",
        ("words cut", "definitions", name_model(model), _BASELINE, _BASELINE_CUT),
        tuple(
            (
                str(row.words),
                f"{row.n:,}",
                *(f"{value:.4f}" for value in (row.model, row.baseline, row.baseline_cut)),
            )
            for row in cuts
        ),
    )


def plot_cuts(model: str, cuts: Sequence[CutScores]) -> Figure:
    """Draw the accuracy against the number of words cut, beside both baselines."""
    figure = new_figure(7.5, 4.6)
    axes = figure.subplots()
    words = [row.words for row in cuts]
    lines = (
        (_label(model), [row.model for row in cuts], _MODEL_COLOUR, "o"),
        (_BASELINE, [row.baseline for row in cuts], _BASELINE_COLOUR, "s"),
        (_BASELINE_CUT, [row.baseline_cut for row in cuts], _BASELINE_CUT_COLOUR, "^"),
    )
    for name, accuracies, colour, marker in lines:
        axes.plot(words, accuracies, color=colour, marker=marker, label=name)
    axes.set_xticks(words)
    axes.set_xlabel("words cut from the opening")
    axes.set_ylabel("accuracy")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    end_at_one(axes)
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, labelcolor=INK)
    axes.set_title(f"Definitions without their first words (n = {cuts[0].n:,})", weight="bold")
    return figure


def _label(model: str) -> str:
    return name_model(fitted(model, _LABEL_WIDTH, size=_LABEL_SIZE)).replace("$", r"\$")


def _sentence_tables(report: StressReport) -> tuple[TextTable, ...]:
    if not report.sentences:
        return ()
    rows = tuple(
        (
            row.perturbation,
            f"{row.changed:.1%}",
            f"{row.macro_auroc:.4f}",
            f"{row.macro_average_precision:.4f}",
            f"{row.same:.1%}",
        )
        for row in report.sentences
    )
    header = ("sentences", "changed", "macro ROC-AUC", "macro average precision", "same decision")
    judged = describe_judged(report.judged)
    return (TextTable(f"{report.n_sentences:,} labelled sentences, perturbed ({judged})", header, rows),)


def _none_row(row: NoneScores, head: Head) -> tuple[str, ...]:
    shares = (f"{share:.1%}" for share in row.flagged)
    flagged_any = "cannot say none" if head is Head.SINGLE else f"{row.flagged_any:.1%}"
    return (row.source, f"{row.n:,}", f"{row.n_left_out:,}", *shares, flagged_any)
