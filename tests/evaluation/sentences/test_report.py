from __future__ import annotations

from dataclasses import replace

import pytest

from gotune.aspects import ASPECTS
from gotune.estimates import Estimate, Interval
from gotune.evaluation.reliability import Reliability
from gotune.evaluation.sentences.report import describe_tagging, render_tagging, tagging_tables
from gotune.evaluation.sentences.results import AspectTagging, RiskCoverage, TaggingEvaluation, TaggingScores

FIGURE = Estimate(0.9344, Interval(0.9071, 0.955))


def scores(model: str, *, exists: bool = True) -> TaggingScores:
    aspects = tuple(
        AspectTagging(
            aspect, FIGURE, FIGURE, FIGURE, FIGURE, FIGURE, threshold=0.25, support=1234, judged=20_000
        )
        for aspect in ASPECTS
    )
    maybe = FIGURE if exists else None
    return TaggingScores(model, FIGURE, FIGURE, FIGURE, maybe, maybe, maybe, FIGURE, aspects)


@pytest.fixture
def evaluation() -> TaggingEvaluation:
    baselines = (scores("dictionary"), scores("majority", exists=False))
    reliability = Reliability((), (), 0.02)
    return TaggingEvaluation(
        split="Five folds by article.",
        n_sentences=21_000,
        n_articles=67,
        n_groups=67,
        model=scores("tagger"),
        baselines=baselines,
        uncalibrated=reliability,
        calibrated=reliability,
        risk_coverage=RiskCoverage((0.9, 0.6), (0.4, 1.0), (0.015, 0.04)),
    )


def test_models_stand_side_by_side(evaluation: TaggingEvaluation) -> None:
    decisions, profiles, aspects, abstaining = tagging_tables(evaluation)
    cell = "0.934 (0.907–0.955)"  # noqa: RUF001
    assert decisions.rows[0] == ("tagger", cell, cell, cell, cell)
    assert decisions.rows[2] == ("majority", cell, cell, cell, "-")
    assert profiles.rows[1] == ("dictionary", cell, cell, cell)
    assert profiles.rows[2] == ("majority", "-", "-", cell)
    assert aspects.title == 'Aspects, model "tagger"'
    assert aspects.header == ("figure", *(aspect.words for aspect in ASPECTS))
    assert aspects.rows[0] == ("ROC-AUC", cell, cell, cell)
    assert aspects.rows[-3:] == (
        ("threshold", *["0.250"] * 3),
        ("support", *["1,234"] * 3),
        ("judged", *["20,000"] * 3),
    )
    assert abstaining.rows == (
        ("all sentences", "-", "100.0%", "4.00%"),
        ("at most 2% wrong", "0.900", "40.0%", "1.50%"),
        ("at most 1% wrong", "-", "0.0%", "-"),
    )


def test_the_page_says_how_it_was_measured(evaluation: TaggingEvaluation) -> None:
    page = render_tagging(evaluation)
    assert "21,000 sentences of 67 articles. Five folds by article." in describe_tagging(evaluation)
    assert describe_tagging(evaluation) in page
    assert "| majority | -" in page
    assert evaluation.to_dict()["baselines"][0]["model"] == "dictionary"
    assert [row.model for row in evaluation.rows] == ["tagger", "dictionary", "majority"]
    assert scores("m").aspects[0].to_dict()["threshold"] == 0.25


def test_all_tables_say_how_many_sentences_are_judged(evaluation: TaggingEvaluation) -> None:
    process, component, function = evaluation.model.aspects
    nobody = AspectTagging(component.aspect, None, None, None, None, None, 0.5, support=0, judged=0)
    never = AspectTagging(function.aspect, None, None, None, None, None, 0.5, support=0, judged=700)
    model = replace(evaluation.model, aspects=(process, nobody, never))
    decisions, profiles, aspects, abstaining = tagging_tables(replace(evaluation, model=model))
    for table in (decisions, profiles, abstaining):
        assert table.title.endswith(" (judged: BP 20,000, CC 0, MF 700)")
    assert [row[2:] for row in aspects.rows[:5]] == [("not judged", "-")] * 5
    assert aspects.rows[-1] == ("judged", "20,000", "0", "700")
