from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markupsafe import escape

from gotune.aspects import Aspect
from gotune.estimates import Estimate, Interval
from gotune.evaluation.audit.report import COLUMNS, audit_tables, describe_audit, render_audit, write_audit
from gotune.evaluation.audit.results import AuditedTerm, LabelAudit, OpeningCounts, Reason
from gotune.evaluation.stress.results import CutScores
from gotune.explanation.attribution.results import Neighbour
from gotune.records import AspectProbabilities
from tests.models_said import SINGLE

if TYPE_CHECKING:
    from playwright.sync_api import Page

BP, CC, MF = Aspect
HOSTILE = (
    '</script><script>alert("x")</script><img src=x onerror=alert(1)> '
    "\u202eevil\u200b 🧬 {{ 7 * 7 }} --> &amp;"
)


def term(number: int, aspect: Aspect, *, name: str = "wall", definition: str = "It stands.") -> AuditedTerm:
    values = {each.value: 0.25 for each in Aspect} | {aspect.value: number / 16, "molecular_function": 0.5}
    return AuditedTerm(
        go_id=f"GO:000000{number}",
        name=name,
        definition=definition,
        aspect=aspect,
        probabilities=AspectProbabilities(**values),
        opinion=AspectProbabilities(0.125, 0.75, 0.125) if number % 2 else None,
        carried=(CC,) if number % 2 else None,
        neighbours=(
            Neighbour("GO:0000071", f"{name} opening", BP, definition, 0.75),
            Neighbour("GO:0000072", "door", CC, "It opens.", 0.5),
        )[: number + 1],
        reasons=(Reason.TEXT,) if number else (Reason.TEXT, Reason.NEIGHBOURS),
    )


@pytest.fixture
def audit() -> LabelAudit:
    flagged = (
        term(0, CC, name="a wall", definition=HOSTILE),
        term(1, BP, name="=1+1", definition="It\tstands\nthere."),
        term(2, CC, name=HOSTILE),
    )
    return LabelAudit(
        release="2021-12-15",
        encoder="mini_$LM$",
        model=replace(SINGLE, name="tiny_$M$"),
        n_terms=1200,
        n_families=300,
        n_folds=5,
        seed=42,
        accuracy=Estimate(0.975, Interval(0.95, 0.9875)),
        flagged=flagged,
        boundary=(replace(term(4, BP, name="near"), reasons=()),),
        cuts=(CutScores(words=0, n=1100, model=0.99, baseline=0.96, baseline_cut=0.95),),
        openings=(OpeningCounts("any process that", 300, BP, 0.995),),
    )


def test_names_from_outside_keep_their_letters_to_themselves(audit: LabelAudit) -> None:
    model = replace(audit.model, name="\u202eledom", encoder="\x1b[2J", release="\u2067old")
    page = render_audit(replace(audit, model=model, release="\u202e<new>"))
    assert r"<title>Label audit of GO release \u202e&lt;new&gt;</title>" in page
    assert r"<h1>Label audit of GO release <bdi>\u202e&lt;new&gt;</bdi></h1>" in page
    told = r'"<bdi>\u202eledom</bdi>" (<bdi>\x1b[2J</bdi>, GO release <bdi>\u2067old</bdi>)'
    assert page.count(told) == 2
    assert not {"\x1b", "\u2067"} & set(page)
    assert page.count("\u202e") == page.count(f"{escape(HOSTILE)}</bdi>") == 2  # definitions


def test_the_table_has_all_flagged_terms_in_order(audit: LabelAudit, tmp_path: Path) -> None:
    path = tmp_path / "audit.tsv"
    write_audit(audit, path)
    assert path.read_text(encoding="utf-8").count("\n") == 4  # a line a term, whatever is in its text
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t")
    assert tuple(header) == COLUMNS
    assert rows[0][-1] == HOSTILE
    assert rows[1] == [
        "2", "GO:0000001", "'=1+1", "biological_process", "molecular_function", "0.0625", "text",
        "0.0625", "0.2500", "0.5000", "0.1250", "0.7500", "0.1250",
        "yes", "1", "GO:0000071=BP GO:0000072=CC",
        "https://amigo.geneontology.org/amigo/term/GO:0000001", "It stands there.",
    ]  # fmt: skip
    assert rows[0][6] == "text,neighbours"
    assert rows[2][10:13] == ["", "", ""]


def test_figures_stand_in_their_tables(audit: LabelAudit) -> None:
    flagged, cases, boundary, cuts, openings = audit_tables(audit, 2)
    assert flagged.rows == (
        ("text alone", "1", "1", "0", "2"),
        ("neighbours alone", "0", "0", "0", "0"),
        ("both", "0", "1", "0", "1"),
    )
    assert cases.title == "The 2 most suspect of 3 flagged terms"
    assert cases.rows[1] == ("GO:0000001", "=1+1", "BP", "MF", "0.0625", "1 of 2")
    assert boundary.rows == (("GO:0000004", "near", "BP", "0.250", "0.250", "0.500", "0.2500"),)
    assert cuts.rows == (("0", "1,100", "0.9900", "0.9600", "0.9500"),)
    assert openings.rows == (("any process that", "300", "25.0%", "biological process", "99.5%"),)


def test_what_was_done_is_told(audit: LabelAudit) -> None:
    told = describe_audit(audit)
    assert "All 1,200 definitions of GO release 2021-12-15" in told
    assert "on 97.50% of the definitions (95 % interval by family 95.00% to 98.75%)" in told
    assert "3 terms are flagged" in told


def test_the_page_shows_as_many_as_asked_for(audit: LabelAudit) -> None:
    whole, short = render_audit(audit), render_audit(audit, limit=1)
    assert whole.count('class="case"') == 3
    assert short.count('class="case"') == 1
    assert "The first 1 of 3; audit.tsv has them all." in short
    assert "audit.tsv" not in whole
    assert 'href="https://amigo.geneontology.org/amigo/term/GO:0000001"' in whole
    many = replace(audit, flagged=audit.flagged * 1000)
    assert len(render_audit(many)) < 1_000_000


def test_nothing_of_a_text_becomes_a_part_of_the_page(audit: LabelAudit) -> None:
    page = render_audit(audit)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7 * 7 }}" in page
    assert render_audit(replace(audit, flagged=())).count('class="case"') == 0


def test_in_a_browser_terms_are_filtered_and_sorted(audit: LabelAudit, page: Page, tmp_path: Path) -> None:
    path = tmp_path / "audit.html"
    path.write_text(render_audit(audit), encoding="utf-8")
    page.goto(path.as_uri())
    visible = page.locator(".case:visible")
    ids = page.locator(".case:visible h3 a")
    assert ids.all_inner_texts() == ["GO:0000000", "GO:0000001", "GO:0000002"]
    assert page.locator(".case").first.locator("p bdi").text_content() == HOSTILE

    component = page.get_by_role("button", name="cellular component (2)")
    component.click()
    assert component.get_attribute("aria-pressed") == "true"
    assert ids.all_inner_texts() == ["GO:0000000", "GO:0000002"]
    assert page.get_by_role("status").inner_text() == "2 of 3 terms"
    page.keyboard.press("Space")
    assert visible.count() == 3
    assert page.get_by_role("status").inner_text() == "all 3 terms"

    second = page.get_by_role("button", name="doubted by the model too (1)")
    second.click()
    assert ids.all_inner_texts() == ["GO:0000001"]
    component.click()
    assert visible.count() == 0
    component.click()
    second.click()

    page.get_by_label("Sort by").select_option("name")
    assert ids.all_inner_texts() == ["GO:0000002", "GO:0000001", "GO:0000000"]
    page.get_by_label("Sort by").select_option("foreign")
    assert ids.all_inner_texts() == ["GO:0000000", "GO:0000001", "GO:0000002"]
    page.get_by_label("Sort by").select_option("term")
    assert ids.all_inner_texts() == ["GO:0000000", "GO:0000001", "GO:0000002"]

    first = page.locator("details").first
    assert not first.locator("li").first.is_visible()
    first.locator("summary").press("Enter")
    assert first.locator("li").first.is_visible()
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
