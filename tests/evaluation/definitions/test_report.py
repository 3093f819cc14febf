from __future__ import annotations

from gotune.aspects import ASPECTS
from gotune.datasets.data_card import DataCard, dataset_tables
from gotune.datasets.duplicates import Overlap
from gotune.estimates import Estimate, Interval
from gotune.evaluation.definitions.report import describe_evaluation, evaluation_tables, render_evaluation
from gotune.evaluation.definitions.results import Evaluation, ModelScores, SplitAccuracy
from gotune.evaluation.reliability import Reliability
from gotune.render.tables import TextTable, render_markdown

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
    assert "all learned from the same 2,000." in text
    assert "the 300 definitions of the random part, of which 7 were longer" in text
    page = render_evaluation(evaluation)
    assert page.index("unseen lineages: 1,200 in 49 subtrees") < page.index("## All models, random part")


def test_dataset_tables_show_every_part_and_what_is_missing() -> None:
    card = DataCard(
        release="2021-12-15",
        obo_sha256="0" * 64,
        earlier=None,
        seed=42,
        n_terms=4000,
        n_without_definition=1,
        n_skipped=0,
        counts={"train": dict.fromkeys(ASPECTS, 1000), "test_opening": dict.fromkeys(ASPECTS, 10)},
        overlap={"test_opening": Overlap(n=30, exact=1, near=3)},
        lineage_roots=(),
        absent={"test_lineage": "too small"},
    )
    counts, absent, overlap = dataset_tables(card)
    assert counts.rows == (
        ("train", "1,000", "1,000", "1,000", "3,000"),
        ("test_opening", "10", "10", "10", "30"),
    )
    assert absent == TextTable(
        "Harder test parts that were not made",
        ("part", "reason"),
        (("test_lineage (unseen lineages)", "too small"),),
    )
    assert overlap.rows == (("test_opening", "30", "1", "3 (10.0%)"),)


def test_names_from_outside_break_no_table() -> None:
    table = TextTable("a\n# b", ("x|y", "z"), (("1\n2", "|"),))
    assert render_markdown([table]) == "## a # b\n\n| x\\|y | z |\n| --- | --- |\n| 1 2 | \\| |\n"
