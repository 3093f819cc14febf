from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.config import TrainConfig
from gotune.datasets.data_card import DataCard, Overlap
from gotune.estimates import Estimate, Interval
from gotune.evaluation.definitions.results import Evaluation, HardExample, ModelScores, SplitAccuracy
from gotune.evaluation.model_report import render_model_report
from gotune.evaluation.reliability import Reliability, ReliabilityBin
from gotune.evaluation.sentences.results import AspectTagging, RiskCoverage, TaggingEvaluation, TaggingScores
from gotune.model.calibration import Calibration
from gotune.model.manifest import EpochRecord, LearnedSource, Manifest, Provenance
from gotune.model.spec import ModelSpec
from gotune.records import AspectProbabilities

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIGURE = Estimate(0.9344, Interval(0.9071, 0.955))
BINS = (ReliabilityBin(0.25, 0.2, 50), ReliabilityBin(0.75, 0.8, 50))
RELIABILITY = Reliability((BINS, BINS, BINS), BINS, 0.05)
HARD = HardExample(
    "GO:0000001",
    "door <b>activity</b>",
    "<script>alert(1)</script> Opens \u202ea door & javascript:alert(2).",
    Aspect.MOLECULAR_FUNCTION,
    AspectProbabilities(0.9375, 0.0, 0.0625),
)
CARD = DataCard(
    release="2021-12-15",
    obo_sha256="0" * 64,
    earlier=None,
    seed=42,
    n_terms=4000,
    n_without_definition=1,
    n_skipped=0,
    counts={"train": dict.fromkeys(ASPECTS, 1000)},
    overlap={"test": Overlap(n=300, exact=1, near=30)},
    lineage_roots=(),
    absent={"test_release": "no earlier release was given"},
)


@pytest.fixture
def evaluation(scores: ModelScores) -> Evaluation:
    return Evaluation(
        release="2021-12-15",
        part="test",
        n_test=300,
        n_train=2000,
        truncated=7,
        model=scores,
        baselines=(replace(scores, model="majority"),),
        seconds=1.5,
        splits=(SplitAccuracy("test", 300, 120, "opening", (FIGURE, FIGURE)),),
        absent={},
        reliability=RELIABILITY,
        hardest=(HARD,),
        split="The model has not learned from them.",
    )


@pytest.fixture
def tagging() -> TaggingEvaluation:
    aspects = tuple(
        AspectTagging(aspect, FIGURE, FIGURE, FIGURE, FIGURE, FIGURE, threshold=0.25, support=12, judged=2100)
        for aspect in ASPECTS
    )
    return TaggingEvaluation(
        split="The model has not learned from them.",
        n_sentences=2100,
        n_articles=67,
        n_groups=67,
        model=TaggingScores("model", FIGURE, FIGURE, FIGURE, FIGURE, FIGURE, FIGURE, FIGURE, aspects),
        baselines=(),
        uncalibrated=RELIABILITY,
        calibrated=RELIABILITY,
        risk_coverage=RiskCoverage((0.9, 0.6), (0.4, 1.0), (0.015, 0.04)),
    )


def manifest(head: Head = Head.SINGLE, calibration: Calibration | None = None, **changes: Any) -> Manifest:  # noqa: ANN401 (of any field)
    spec = ModelSpec("all-MiniLM-L6-v2", head, "2021-12-15", "a" * 64, 128, calibration=calibration)
    made = Provenance(
        dataset_fingerprint="b" * 64,
        n_train=2000,
        n_validation=1000,
        n_truncated=26,
        config=TrainConfig(head=head, seed=7),
        history=(EpochRecord(1, 0.5, 0.25, 0.875, 0.75), EpochRecord(2, 0.25, 0.25, 0.9375, 0.9)),
        best_epoch=2,
        environment={"python": "3.11.7"},
    )
    return Manifest(spec, replace(made, **changes))


def tables(page: str) -> dict[str, list[list[str]]]:
    """Return the cells of each table by its caption."""
    tree = lxml.html.document_fromstring(page)
    return {
        table.xpath("string(caption)"): [
            [cell.text_content() for cell in row] for row in table.xpath("./tbody/tr")
        ]
        for table in tree.xpath("//table")
    }


def test_page_of_a_model(evaluation: Evaluation) -> None:
    page = render_model_report("model", manifest(), CARD, evaluation)
    found = tables(page)
    cell = "0.934 (0.907\N{EN DASH}0.955)"
    assert found["Accuracy on all test parts, and the families that intervals are over"] == [
        ["mini_$LM$_^2", cell],
        ["majority", cell],
    ]
    assert found["Figures by epoch"] == [
        ["1", "0.5000", "0.2500", "0.8750", "0.7500"],
        ["2 (kept)", "0.2500", "0.2500", "0.9375", "0.9000"],
    ]
    provenance = dict(found["Where it came from"])
    assert provenance["sha256 of the OBO file"] == "a" * 64
    assert provenance["training definitions"] == "2,000"
    assert provenance["seed"] == "7"
    assert not [name for name in provenance if "slopes" in name or "threshold" in name]
    settings = dict(found["Settings"])
    assert (settings["learning_rate"], settings["lexicon"], settings["train_size"]) == ("5e-05", "no", "-")
    assert found["Environment"] == [["python", "3.11.7"]]
    assert found["Definitions that stand in the training part too"] == [["test", "300", "1", "30 (10.0%)"]]
    assert page.count("data:image/svg+xml;base64,") == 3
    assert "1 of 23 errors among 300" in page
    assert 'id="sentences"' not in page
    assert "was calibrated on texts like those" not in page


def test_page_of_a_tagger(evaluation: Evaluation, tagging: TaggingEvaluation) -> None:
    source = LearnedSource(
        "mine.tsv",
        "a" * 64,
        1234,
        {},
        600,
        12,
        citation="Us 2024",
        judged={"cellular_component": 40},
        weight=0.5,
    )
    calibration = Calibration((0.5, 1.0, 1.25), (0.0, -1.5, 0.0))
    values = manifest(Head.MULTI, sources=(source,), n_calibration=500, calibration=calibration)
    page = render_model_report("tagger", values, CARD, evaluation, tagging)
    found = tables(page)
    judged = "BP 1,234, CC 40, MF 1,234"
    assert found["Sentences"] == [["mine.tsv", "1,234", judged, "12", "600", "0.5", "Us 2024"]]
    provenance = dict(found["Where it came from"])
    assert provenance["calibration, slopes"] == "0.5, 1, 1.25"
    assert provenance["calibration, name weights"] == "0, 0, 0"
    assert "carried from this probability on: BP 0.500, CC 0.500, MF 0.500." in page
    assert provenance["not calibrated"] == "-"
    assert "Ranking and decisions (judged: BP 2,100, CC 2,100, MF 2,100)" in found
    assert "2,100 sentences of 67 articles." in page
    assert page.count("data:image/svg+xml;base64,") == 5
    assert "was calibrated on texts like those" in page


def test_without_errors_there_are_no_hardest_examples(evaluation: Evaluation) -> None:
    page = render_model_report("model", manifest(), CARD, replace(evaluation, hardest=()))
    assert "The model makes no error among the 300 definitions" in page


def test_hostile_names_and_definitions_are_shown(evaluation: Evaluation, page: Page, tmp_path: Path) -> None:
    path = tmp_path / "model.html"
    bad = "<img src=x onerror=alert(3)>"
    hard = replace(HARD, go_id='GO:1" onclick="alert(4)')
    values = manifest(environment={"python": bad})
    report = render_model_report(bad, values, CARD, replace(evaluation, hardest=(HARD, hard)))
    path.write_bytes(report.encode())
    page.goto(path.as_uri())
    assert page.title() == f'Model "{bad}"'
    first, second = page.locator(".hard li").all()
    assert first.locator("p").last.text_content() == HARD.definition
    assert first.locator("strong").text_content() == HARD.name
    assert first.locator(".verdict").inner_text() == (
        "is a molecular function, taken for a biological process with probability 0.938"
    )
    link = first.get_by_role("link")
    assert link.get_attribute("href") == "https://amigo.geneontology.org/amigo/term/GO:0000001"
    assert second.get_by_role("link").get_attribute("onclick") is None
    assert page.locator("script").count() == 0
    assert page.locator("img").count() == 3
    page.get_by_role("link", name="Hardest examples").click()
    assert page.url.endswith("#hardest")


def test_names_from_outside_keep_their_letters_to_themselves(evaluation: Evaluation) -> None:
    made = manifest()
    spec = replace(made.spec, encoder="\u202eredocne", release="\x1b[2J\u2067")
    page = render_model_report("\u202eledom", replace(made, spec=spec), CARD, evaluation)
    assert r"<title>Model &#34;\u202eledom&#34;</title>" in page
    assert r'<h1>Model "<bdi>\u202eledom</bdi>"</h1>' in page
    assert r"<p><bdi>\u202eredocne</bdi>, fine-tuned on GO release <bdi>\x1b[2J\u2067</bdi>." in page
    assert r'<th scope="row" dir="auto">encoder</th><td dir="auto">\u202eredocne</td>' in page
    assert page.count("\u202e") == page.count("Opens \u202ea door") == 1  # a definition, as it is


def test_wide_tables_scroll_and_the_page_does_not(
    evaluation: Evaluation, tagging: TaggingEvaluation, page: Page
) -> None:
    page.set_viewport_size({"width": 400, "height": 700})
    page.set_content(render_model_report("model", manifest(), CARD, evaluation, tagging))
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    ends = "[...document.querySelectorAll('caption')].map(one => one.getBoundingClientRect().right)"
    assert max(page.evaluate(ends)) <= 400
