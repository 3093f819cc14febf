from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from gotune.aspects import ASPECTS
from gotune.estimates import Estimate, Interval
from gotune.evaluation.definitions.report import (
    describe_evaluation,
    evaluation_tables,
    plot_confusion,
    render_evaluation,
)
from gotune.evaluation.definitions.results import Evaluation, ModelScores, SplitAccuracy
from gotune.evaluation.reliability import Reliability
from gotune.render.figures import tint

LOW, HIGH = Estimate(0.5, Interval(0.25, 0.75)), Estimate(1.0, Interval(1.0, 1.0))


def evaluation_of(scores: ModelScores) -> Evaluation:
    return Evaluation(
        release="2021-12-15",
        part="test",
        n_test=300,
        n_train=2000,
        truncated=7,
        model=scores,
        baselines=(scores,),
        seconds=1.5,
        splits=(
            SplitAccuracy("test", 300, 120, "opening", (HIGH, LOW)),
            SplitAccuracy("test_lineage", 1200, 49, "subtree", (LOW, LOW)),
            SplitAccuracy("test_cut", 299, 299, "definition", (LOW, HIGH)),
        ),
        absent={"test_release": "no earlier release was given"},
        reliability=Reliability((), (), 0.0),
        hardest=(),
        split="Unseen.",
    )


def test_all_test_parts_come_first(scores: ModelScores) -> None:
    splits, absent, models, *_ = evaluation_tables(evaluation_of(scores))
    low, high = "0.500 (0.250\N{EN DASH}0.750)", "1.000 (1.000\N{EN DASH}1.000)"
    assert splits.header == (
        "model",
        "random: 300 in 120 openings",
        "unseen lineages: 1,200 in 49 subtrees",
        "random, first 8 words cut: 299 in 299 definitions",
    )
    assert splits.rows == ((scores.model, high, low, low), (scores.model, low, low, high))
    assert absent.rows == (("test_release (new terms)", "no earlier release was given"),)
    assert models.title == "All models, random part"


def test_page_states_what_was_measured(scores: ModelScores) -> None:
    evaluation = evaluation_of(scores)
    text = describe_evaluation(evaluation)
    assert "Unseen. Model and baselines learned from the same 2,000 definitions." in text
    assert "the 300 definitions of the random part, of which 7 were longer" in text
    page = render_evaluation(evaluation)
    assert page.index("unseen lineages: 1,200 in 49 subtrees") < page.index("## All models, random part")


def test_confusion(scores: ModelScores, texts_of: Callable[[Figure], list[str]]) -> None:
    figure = plot_confusion(scores)
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == [
        "80\n80.0%", "15\n15.0%", "5\n5.0%",
        "0\n-", "0\n-", "0\n-",
        "1\n0.5%", "2\n1.0%", "197\n98.5%",
    ]  # fmt: skip
    assert [text.get_fontweight() for text in axes.texts] == ["bold", *["normal"] * 3] * 2 + ["bold"]
    cells = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_fill()]
    wrong = "#CC79A7"  # of no aspect
    assert [to_hex(cell.get_facecolor()) for cell in cells] == [
        tint(ASPECTS[0].colour, 0.8), tint(wrong, 0.15**0.5), tint(wrong, 0.05**0.5),
        "#ffffff", "#ffffff", "#ffffff",
        tint(wrong, 0.005**0.5), tint(wrong, 0.01**0.5), tint(ASPECTS[2].colour, 0.985),
    ]  # fmt: skip
    frames = [patch for patch in axes.patches if not patch.get_fill()]
    assert [frame.get_center().tolist() for frame in frames if isinstance(frame, Rectangle)] == [
        pytest.approx([row, row]) for row in range(3)
    ]
    # The first row stands on top, and rows are the truth.
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert axes.get_ylabel() == "true aspect"
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "biological\nprocess\nn = 100",
        "cellular\ncomponent\nn = 0",
        "molecular\nfunction\nn = 200",
    ]
    texts = texts_of(figure)
    assert 'model "mini_$LM$_^2"\naccuracy 0.934 (95 % interval 0.907 to 0.955), n = 300' in texts
    note = "Framed: right. Per cent: of the definitions of that true aspect, so that a row adds up to 100 %."
    assert note in texts


def test_a_long_name_keeps_its_quotes(scores: ModelScores, texts_of: Callable[[Figure], list[str]]) -> None:
    texts = texts_of(plot_confusion(replace(scores, model="case study of November, " * 9)))
    (title,) = (text.splitlines()[0] for text in texts if text.startswith("model"))
    assert title == 'model "case study of November, case study of November, case…"'


def test_no_confusion_is_clipped(scores: ModelScores, assert_fits: Callable[[Figure], None]) -> None:
    assert_fits(plot_confusion(scores))
