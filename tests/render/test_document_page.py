from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import lxml.html
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from gotune.aspects import ASPECTS
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.sentences import split_sentences
from gotune.lines import printable
from gotune.records import AspectProbabilities, ClassifiedDocument, ClassifiedSentence
from gotune.render.document_page import render_document_report
from gotune.render.figures import tint
from gotune.render.wording import describe_unfit
from tests.drawn import MakeDocument
from tests.examples import some
from tests.models_said import MULTI

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROCESS, COMPONENT, FUNCTION = ASPECTS
KINDS = (
    (AspectProbabilities(0.1, 0.2, 0.3), ()),
    (AspectProbabilities(0.6, 0.2, 0.95), (PROCESS, FUNCTION)),
    (AspectProbabilities(0.1, 0.8, 0.3), (COMPONENT,)),
)
PAPER = """How cells fold chains

Abstract

Chains are long. Rings fold them. They stand in the matrix.

Results

Rings turn twice. Nothing else was seen.
The end"""
HOSTILE = """<h1>Results</h1>

<script>alert(1)</script> was shown. <img src=x onerror=alert(2)> binds ATP & GTP. See &lt;b&gt; and ]]>.

javascript:alert(3) stands here. A
\u202eright-to-left override\u200b and \u05e9\u05dc\u05d5\u05dd. \U0001f9ec\u200d\U0001f52c divides.
"'` --> <!-- done."""


def document_of(text: str, *, name: str = "paper.txt") -> ClassifiedDocument:
    """Return the document of a text whose sentences are of the three kinds in turn."""
    found = tuple(
        ClassifiedSentence(sentence, probabilities, aspects)
        for sentence, (probabilities, aspects) in zip(split_sentences(text), cycle(KINDS), strict=False)
    )
    return ClassifiedDocument(name, found, text, MULTI)


def parse(page: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def texts(nodes: list[lxml.html.HtmlElement]) -> list[str]:
    return [" ".join(node.text_content().split()) for node in nodes]


@pytest.fixture(scope="module")
def paper() -> str:
    return render_document_report(document_of(PAPER))


@pytest.fixture(scope="module")
def tree(paper: str) -> lxml.html.HtmlElement:
    return parse(paper)


def test_text_stands_in_paragraphs_under_its_headings(tree: lxml.html.HtmlElement) -> None:
    (text,) = tree.xpath("//*[@id='text']")
    assert [node.tag for node in text] == ["h3", "h3", "p", "h3", "p", "p"]
    assert texts(text) == [
        "How cells fold chains",
        "Abstract",
        "Chains are long. Rings fold them. They stand in the matrix.",
        "Results",
        "Rings turn twice. Nothing else was seen.",
        "The end",
    ]
    assert text.text_content() == PAPER


def test_sentences_say_what_they_carry_in_letters_and_tints(tree: lxml.html.HtmlElement) -> None:
    sentences = tree.xpath("//*[@id='text']//bdi")
    assert [node.get("data-carries") for node in sentences[:3]] == ["none", "BP MF", "CC"]
    assert [node.get("class") for node in sentences[:3]] == ["", "bp2 mf4", "cc3"]
    assert [node.get("data-lead") for node in sentences[:3]] == [None, "MF", "CC"]
    assert [node.get("data-also") for node in sentences[:3]] == [None, "BP", None]
    assert [node.get("id") for node in sentences] == [f"s{number}" for number in range(1, 10)]


def test_strip_has_a_link_for_each_sentence_by_section(tree: lxml.html.HtmlElement) -> None:
    sections = tree.xpath("//ol[@class='strip']/li")
    assert texts(tree.xpath("//ol[@class='strip']//bdi")) == ["How cells fold chains", "Abstract", "Results"]
    assert texts(tree.xpath("//ol[@class='strip']//small")) == [
        "none 1",
        "BP 2, CC 1, MF 2, none 1",
        "BP 1, CC 2, MF 1, none 1",
    ]
    assert [len(section.xpath(".//*[@class='cells']")) for section in sections] == [1, 2, 3]
    cells = tree.xpath("//ol[@class='strip']//a")
    assert [cell.get("href") for cell in cells] == [f"#s{number}" for number in range(1, 10)]
    assert (cells[1].text_content(), cells[1].get("class")) == ("2: BP MF", "bp2 mf4")


def test_a_heading_of_two_lines_names_its_section_in_one() -> None:
    text = (
        "The vacuolar pumps set the pace of flower-\ning in plants and of much else\n\n"
        "The pump was found in the membrane of the vacuole. It needs no light.\n\n"
        "Results\n\nNo pump was found elsewhere.\n"
    )
    tree = parse(render_document_report(document_of(text)))
    assert texts(tree.xpath("//ol[@class='strip']//bdi")) == [
        "The vacuolar pumps set the pace of flowering in plants and of much else",
        "Results",
    ]


def test_table_of_sentences(tree: lxml.html.HtmlElement) -> None:
    found = tree.xpath("//table[@id='sentences']/tbody/tr")
    rows = [texts(row) for row in found]
    assert rows[1] == ["2", "Abstract", "heading", "BP MF", "0.600", "0.200", "0.950", ""]
    assert len(rows) == 9
    assert tree.xpath("//table[@id='sentences']/tbody/tr[2]//a/@href") == ["#s2"]
    carried = [row.xpath("./td[contains(@class, 'carried')]/text()") for row in found]
    assert carried[:3] == [[], ["0.600", "0.950"], ["0.800"]]


def test_terms_are_listed_and_stand_at_their_sentences(
    named: ClassifiedDocument, tagged: ClassifiedDocument
) -> None:
    tree = parse(render_document_report(named))
    assert [texts(row) for row in tree.xpath("//table[@class='terms']//tr")] == [
        ["term", "aspect", "places", "score"],
        ["ATP metabolic process, of a kind GO:0046034", "BP", "2", ">0.99"],
        ["mitochondrial matrix (negated) GO:0005759", "CC", "1", "0.75"],
    ]
    (section,) = tree.xpath("//section[.//table[@class='terms']]")
    assert "3 places name 2 terms of GO release 2021-12-15. " in section.text_content()
    assert "listed are" not in section.text_content()
    both = "ATP metabolic process, of a kind, mitochondrial matrix (negated)"
    names = [both, "", "ATP metabolic process, of a kind", ""]
    assert texts(tree.xpath("//table[@id='sentences']/tbody/tr/td[last()]")) == names
    assert texts(tree.xpath("//*[@id='text']//span[@class='named']")) == [names[0], names[2]]
    (link, *_) = tree.xpath("//*[@id='text']//span[@class='named']/a")
    assert link.get("href") == "https://amigo.geneontology.org/amigo/term/GO:0046034"
    assert link.get("title") == "GO:0046034, biological process, score 0.50"
    without = parse(render_document_report(tagged))
    assert without.xpath("//*[@class='terms' or @class='named' or @id='terms-heading']") == []


def test_of_many_terms_the_surest_are_listed(named: ClassifiedDocument) -> None:
    assert named.named is not None
    many = replace(named.named, terms=named.named.terms * 11)
    tree = parse(render_document_report(replace(named, named=many)))
    assert len(tree.xpath("//table[@class='terms']/tbody/tr")) == 20
    assert "part of a method; listed are the first 20. " in tree.text_content()
    none = parse(render_document_report(replace(named, named=replace(many, terms=()))))
    assert none.xpath("//table[@class='terms']") == []


def test_head_tells_shares_model_and_doubts(tagged: ClassifiedDocument) -> None:
    tree = parse(render_document_report(tagged))
    (lead,) = tree.xpath("//header")
    said = " ".join(lead.text_content().split())
    assert said.startswith(
        'paper.txt 4 sentences, classified by the model "tiny" (MiniLM, GO release 2021-12-15). Each aspect '
    )
    assert "carried from this probability on: BP 0.500, CC 0.250, MF 0.750." in said
    assert (
        "counts in equal parts for each"
        in tree.xpath("//section[@aria-labelledby='shares-heading']")[0].text_content()
    )
    assert said.endswith("1 of them longer than the model reads; of these only the beginning was looked at.")
    assert "oubtful" not in said
    rows = [texts(row) for row in tree.xpath("//table[1]/tbody/tr")][:4]
    assert [row[:2] for row in rows] == [
        ["biological process (BP)", "25.0%"],
        ["cellular component (CC)", "25.0%"],
        ["molecular function (MF)", "50.0%"],
        ["none, of all sentences", "50.0%"],
    ]
    assert texts(tree.xpath("//button[@data-filter]")) == [
        "BP biological process (1)",
        "CC cellular component (1)",
        "MF molecular function (1)",
        "none (2)",
    ]
    assert tree.xpath("//img/@alt") == [
        "The shares of the table as a pie, and as a bar how many sentences carry none."
    ]


def test_doubts_stand_beside_their_sentence(document: ClassifiedDocument) -> None:
    first, second = document.sentences
    tree = parse(
        render_document_report(replace(document, sentences=(first, replace(second, doubts=("odd",)))))
    )
    assert texts(tree.xpath("//table[@id='sentences']//tr/*[last()]")) == ["doubt", "", "odd"]


def test_a_model_of_whole_texts_is_called_unfit(
    document: ClassifiedDocument, tagged: ClassifiedDocument
) -> None:
    said = [
        texts(parse(render_document_report(one)).xpath("//p[@class='doubts']")) for one in (document, tagged)
    ]
    assert said == [[describe_unfit(document.model, 2)], []]


def test_a_head_that_always_chooses_has_no_none(document: ClassifiedDocument) -> None:
    tree = parse(render_document_report(document))
    assert tree.xpath("//button/@data-filter") == ["BP", "CC", "MF"]
    assert len(tree.xpath("//table[1]/tbody/tr")[:5]) == 5  # three shares, two sentences
    assert texts(tree.xpath("//ol[@class='strip']//bdi")) == ["The text"]


def test_document_without_an_aspect_has_no_shares(make_document: MakeDocument) -> None:
    tree = parse(render_document_report(make_document("It was cold.", carried=((),))))
    (table,) = tree.xpath("//table[caption='Share among the 0 sentences with an aspect']")
    assert texts(table.xpath("./tbody/tr/th")) == ["none, of all sentences"]


@pytest.fixture(scope="module")
def no_pictures() -> Iterator[None]:
    with patch("gotune.render.document_page.image_address", return_value="data:,"):
        yield


LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
LAYOUT = st.sampled_from(
    ["\n", "\r\n", "\n\n", "\r", "\t", ". A", "<", "&", "&amp;", "</bdi>", "<!--", "]]>"]
)


@given(text=st.lists(st.one_of(LETTERS, LAYOUT), min_size=1).map("".join).filter(VISIBLE.search))
@some(30)
@pytest.mark.usefixtures("no_pictures")
def test_every_text_comes_back_as_it_was(text: str) -> None:
    document = document_of(text, name=text)
    assume(all(len(found.sentence.spans) == 1 for found in document.sentences))
    tree = parse(render_document_report(document))
    (shown,) = tree.xpath("//*[@id='text']")
    assert shown.text_content() == text
    assert [node.text_content() for node in shown.xpath(".//bdi")] == [
        text[found.sentence.start : found.sentence.end] for found in document.sentences
    ]
    assert tree.xpath("//h1/bdi")[0].text_content() == printable(text)
    assert len(tree.xpath("//script")) == 1


def test_what_no_page_can_hold_is_replaced(make_document: MakeDocument) -> None:
    page = render_document_report(make_document("Half \ud83e a pair.", name="a\0b"))
    assert "Half \ufffd a pair." in page
    assert r"<h1><bdi>a\x00b</bdi></h1>" in page
    page.encode()


def test_page_of_a_long_paper_is_small() -> None:
    sentence = "The ring of two times seven subunits encloses <one> chain at a time & lets it fold alone. "
    paragraphs = "\n\n".join(sentence * 10 for _ in range(30))
    document = document_of(paragraphs)
    assert len(document.sentences) == 300
    assert len(render_document_report(document).encode()) < 2_000_000


def test_long_sentences_are_cut_in_the_table_between_characters() -> None:
    text = "x" * 7 + "&" * 300
    (row,) = parse(render_document_report(document_of(text))).xpath("//table[@id='sentences']/tbody/tr")
    assert texts(row)[1] == "x" * 7 + "&" * 130 + "..."


@pytest.fixture
def opened(page: Page, paper: str, tmp_path: Path) -> Page:
    path = tmp_path / "paper.html"
    path.write_text(paper, encoding="utf-8")
    page.goto(path.as_uri())
    return page


def left(page: Page, where: str) -> list[str]:
    """Return which parts are not filtered out, by number or letters."""
    found: list[str] = page.eval_on_selector_all(
        f"{where} [data-carries]:not(.out)", "nodes => nodes.map((node) => node.dataset.carries)"
    )
    return found


def test_filters_change_text_strip_and_table(opened: Page) -> None:
    button = opened.get_by_role("button", name="CC cellular component (3)")
    assert len(left(opened, "#text")) == len(left(opened, "#sentences")) == 9
    tinted = "getComputedStyle(document.getElementById('s2')).backgroundImage"
    assert "gradient" in opened.evaluate(tinted)
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    for where in ("#text", ".strip", "#sentences"):
        assert left(opened, where) == ["CC"] * 3
    assert opened.evaluate(tinted) == "none"
    assert opened.locator("#sentences tbody tr:visible").count() == 3
    assert opened.locator(".cells a").first.evaluate("node => getComputedStyle(node).opacity") == "0.18"
    assert opened.get_by_role("status").inner_text() == "3 of 9 pieces"
    opened.get_by_role("button", name="none (3)").press("Enter")
    assert left(opened, "#text") == ["none", "CC"] * 3
    button.click()
    opened.get_by_role("button", name="none (3)").click()
    assert opened.get_by_role("status").inner_text() == "all 9 pieces"
    assert opened.locator(".out").count() == 0


def test_terms_of_sentences_that_do_not_stand_out_are_hidden(
    page: Page, named: ClassifiedDocument, tmp_path: Path
) -> None:
    path = tmp_path / "paper.html"
    path.write_bytes(render_document_report(named).encode())
    page.goto(path.as_uri())
    terms = page.locator("#text .named")
    assert [one.is_visible() for one in terms.all()] == [True, True]
    page.get_by_role("button", name="CC cellular component").click()
    assert [one.is_visible() for one in terms.all()] == [True, False]
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_of_several_aspects_one_is_the_tint_and_the_others_are_lines(
    page: Page, make_document: MakeDocument, tmp_path: Path
) -> None:
    document = make_document(
        "Rings fold long chains, one at a time. " * 9, rows=((0.6, 0.95, 0.8),), carried=(ASPECTS,)
    )
    path = tmp_path / "paper.html"
    path.write_text(render_document_report(document), encoding="utf-8")
    page.goto(path.as_uri())

    def style(name: str) -> str:
        found: str = page.evaluate(f"getComputedStyle(document.getElementById('s1')).{name}")
        return found

    red, green, blue = to_rgb(tint(COMPONENT.colour, 0.42))
    assert style("backgroundColor") == f"rgb({red * 255:.0f}, {green * 255:.0f}, {blue * 255:.0f})"
    # From the bottom up: molecular function, a gap, biological process, a gap.
    assert style("backgroundSize") == "100% 3px, 100% 1px, 100% 3px, 100% 1px"
    heights = [f"0px calc(100% - {bottom}px)" for bottom in (0, 3, 4, 7)]
    assert style("backgroundPosition").replace("0px 100%", heights[0]) == ", ".join(heights)
    boxes = page.evaluate(
        "[...document.getElementById('s1').getClientRects()].map((box) => [box.top, box.bottom])"
    )
    assert len(boxes) > 3
    assert all(above[1] < below[0] for above, below in pairwise(boxes))


def test_a_cell_of_the_strip_leads_to_its_sentence(opened: Page) -> None:
    opened.set_viewport_size({"width": 420, "height": 300})
    sentence = opened.locator("#s8")
    top, bottom = (f"node => node.getBoundingClientRect().{side}" for side in ("top", "bottom"))
    assert sentence.evaluate(top) > 300
    opened.get_by_role("link", name="8: BP MF").click()
    assert opened.url.endswith("#s8")
    assert opened.locator(".controls").evaluate(bottom) <= sentence.evaluate(top)
    assert sentence.evaluate(bottom) <= 300
    opened.locator("#sentences").get_by_role("link", name="2", exact=True).click()
    assert opened.url.endswith("#s2")


def test_the_strip_is_one_stop_of_the_tab_key(opened: Page) -> None:
    focused = "document.activeElement.hash"
    opened.get_by_role("button", name="none (3)").focus()
    opened.keyboard.press("Tab")
    assert opened.evaluate(focused) == "#s1"
    for key, goal in (("ArrowRight", "#s2"), ("End", "#s9"), ("ArrowRight", "#s9"), ("ArrowLeft", "#s8")):
        opened.keyboard.press(key)
        assert opened.evaluate(focused) == goal
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Tab")
    assert opened.evaluate(focused) == "#s8"


@pytest.mark.parametrize(
    ("column", "once", "twice"),
    [
        ("MF", ["2", "5", "8", "1", "3"], ["1", "3", "4", "6", "7"]),
        ("no.", ["9", "8", "7", "6", "5"], ["1", "2", "3", "4", "5"]),
    ],
)
def test_table_is_sorted(column: str, once: list[str], twice: list[str], opened: Page) -> None:
    header = opened.locator("#sentences th", has=opened.get_by_role("button", name=column))
    for numbers in (once, twice):
        header.get_by_role("button").click()
        assert opened.locator("#sentences tbody td:first-child").all_inner_texts()[:5] == numbers
        assert opened.locator("th[aria-sort]").count() == 1
        assert header.get_attribute("aria-sort") in ("ascending", "descending")


def test_hostile_text_is_shown_and_nothing_runs(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    name = "</title><script>alert(0)</script>"
    path.write_bytes(render_document_report(document_of(HOSTILE, name=name)).encode())
    page.goto(path.as_uri())
    assert page.locator("#text").text_content() == HOSTILE
    assert page.locator("h1").text_content() == page.title() == name
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 1
    assert page.locator("a[href^=javascript]").count() == 0
    page.get_by_role("button", name="CC cellular component").click()
    assert set(left(page, "#text")) == {"CC"}


def test_carriage_returns_are_kept_by_a_browser(page: Page) -> None:
    text = "A line.\r\nAnother\tline.\rA third.\x0b\x85"
    page.set_content(render_document_report(document_of(text)))
    assert page.locator("#text").text_content() == text


def test_narrow_windows_need_no_sideways_scrolling(opened: Page) -> None:
    opened.set_viewport_size({"width": 360, "height": 640})
    assert opened.evaluate("document.documentElement.scrollWidth") == 360


def test_bands_of_a_cell_are_in_the_order_that_is_told(paper: str) -> None:
    places = [paper.index(f"var(--{aspect.short.lower()}-deep, transparent)") for aspect in ASPECTS]
    assert places == sorted(places)
    assert "from top to bottom BP, CC, MF" in paper
