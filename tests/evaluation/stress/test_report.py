from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.figure import Figure

from gotune.evaluation.stress.report import plot_cuts, render_stress, stress_tables
from gotune.evaluation.stress.results import CutScores, NoneScores, PairScores, PerturbedScores, StressReport
from tests.models_said import MULTI, SINGLE
from tests.render.test_plots import TextsOf


@pytest.fixture
def report() -> StressReport:
    return StressReport(
        model=replace(MULTI, name="mini_$LM$"),
        release="2021-12-15",
        n_train=2000,
        cuts=(
            CutScores(words=0, n=1500, model=0.99, baseline=0.96, baseline_cut=0.96),
            CutScores(words=1, n=1490, model=0.9, baseline=0.8, baseline_cut=0.95),
        ),
        n_sentences=1200,
        judged=(1200, 30, 0),
        sentences=(PerturbedScores("typos", 0.835, 0.95, 0.84, 0.925),),
        pairs=(PairScores("voice", 32, 0.75, 0.05, (0.5, 0.25)),),
        none=(NoneScores("Cell Ontology", 942, 868, (0.01, 0.1, 0.0), 0.105),),
        split="Unseen.",
    )


def test_every_figure_stands_in_its_table(report: StressReport) -> None:
    page = render_stress(report)
    assert page.startswith('# Stress tests of the model "mini_$LM$" (MiniLM, GO release 2021-12-15)\n')
    assert "\n\nUnseen. Each aspect is judged" in page
    assert "1,200 labelled sentences were perturbed" in page
    assert "## 1,200 labelled sentences, perturbed (judged: BP 1,200, CC 30, MF 0)\n" in page
    assert "cannot say" not in page
    for row in (
        "| 0 | 1,500 | 0.9900 | 0.9600 | 0.9600 |",
        "| 1 | 1,490 | 0.9000 | 0.8000 | 0.9500 |",
        "| typos | 83.5% | 0.9500 | 0.8400 | 92.5% |",
        "| active and passive | 32 | 75.0% | 0.0500 | 50.0% | 25.0% |",
        "| Cell Ontology | 942 | 868 | 1.0% | 10.0% | 0.0% | 10.5% |",
    ):
        assert row in page


def test_a_model_that_cannot_say_none_is_told_so(report: StressReport) -> None:
    single = replace(report, model=SINGLE, none=(NoneScores("methods", 12, 0, (0.5, 0.5, 0.0), 1.0),))
    page = render_stress(single)
    assert "| methods | 12 | 0 | 50.0% | 50.0% | 0.0% | cannot say none |" in page
    assert 'This model cannot say "none"' in page


def test_without_sentences_there_is_no_table_of_them(report: StressReport) -> None:
    bare = replace(report, n_sentences=0, sentences=())
    assert [table.title for table in stress_tables(bare)] == [
        "Accuracy on definitions without their first words",
        "Pairs of sentences that carry the same aspects",
        "Texts that carry no aspect: share said to carry one",
    ]
    assert "perturbed" not in render_stress(bare)


def test_accuracy_is_drawn_against_the_words_cut(report: StressReport, texts_of: TextsOf) -> None:
    figure: Figure = plot_cuts(report.model.name, report.cuts)
    lines = figure.axes[0].lines
    assert [list(line.get_ydata()) for line in lines] == [[0.99, 0.9], [0.96, 0.8], [0.96, 0.95]]  # type: ignore[arg-type]
    assert [line.get_color() for line in lines] == ["#D55E00", "#56B4E9", "#CC79A7"]
    assert len({line.get_marker() for line in lines}) == 3
    texts = texts_of(figure)
    assert "Definitions without their first words (n = 1,500)" in texts
    assert "words cut from the opening" in texts


@pytest.mark.parametrize("name", ["_best", "a$b$", "\U0001f9ec", "x" * 300])
def test_any_model_stands_in_the_legend(name: str, report: StressReport) -> None:
    legend = plot_cuts(name, report.cuts).axes[0].get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    assert len(labels) == 3
    assert (labels[0][:7], labels[0][-1]) == ('model "', '"')
    assert len(labels[0]) < 80
