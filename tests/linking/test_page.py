from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import ASPECTS
from gotune.corpus.documents import Document
from gotune.corpus.sentences import split_sentences
from gotune.lines import printable
from gotune.linking.annotator import Annotator
from gotune.linking.results import AnnotatedDocument, Annotation
from gotune.linking.writing import open_terms
from gotune.records import Span
from tests.examples import some

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NAMES = ("GO:0000001", "GO:0000002", "GO:0000003")
PAPER = """Where nuclei divide

Abstract. A nucleus divides \U0001f9ec in an outer
cell mem-
brane, <b>nucleus</b> & all.

Figure 1. The nucleus of a yeast cell.

Nuclei (the cell nucleus, CN) divide; a CN does not.
"""
HOSTILE = """<h1>Results</h1>

</p></mark><script>alert(1)</script> was shown. <img src=x onerror=alert(2)> binds ATP & GTP.

javascript:alert(3) stands here. A
\u202eright-to-left override\u200b and \u05e9\u05dc\u05d5\u05dd. \U0001f9ec\u200d\U0001f52c divides.
"'` --> <!-- done."""


def place(text: str, go_id: str, *spans: Span, name: str = "a term", score: float = 0.75) -> Annotation:
    """Return a place of a text; its aspect goes by the last digit of the id."""
    surface = " ".join(text[start:end] for start, end in spans)
    return Annotation(1, spans, surface, go_id, name, ASPECTS[int(go_id[-1]) % 3], score)


def document_of(text: str, places: Sequence[Annotation], name: str = "paper.txt") -> AnnotatedDocument:
    return AnnotatedDocument(name, text, split_sentences(text), "2024-02-29", tuple(places))


def hostile() -> AnnotatedDocument:
    words = [(HOSTILE.index(word), word) for word in ("script>alert", "onerror", "javascript", "override")]
    places = [
        place(HOSTILE, go_id, (start, start + len(word)), name='"><script>alert(4)</script>\u202e')
        for go_id, (start, word) in zip(cycle(['GO:"><b>1', "GO:0000002"]), words, strict=False)
    ]
    return document_of(HOSTILE, places, "</title><script>alert(0)</script>\u202e")


def write(documents: Sequence[AnnotatedDocument], folder: Path) -> Path:
    path = folder / "terms.html"
    with open_terms(path) as add:
        for document in documents:
            add(document)
    return path


def parse(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def texts(nodes: Sequence[lxml.html.HtmlElement]) -> list[str]:
    return [" ".join(node.text_content().split()) for node in nodes]


def marked(tree: lxml.html.HtmlElement, number: int, document: AnnotatedDocument) -> Iterator[str]:
    """Give what stands in the marks of each place, without what only joins its parts."""
    for place_number in range(1, len(document.annotations) + 1):
        name = f"d{number}p{place_number}"
        parts = tree.xpath("//mark[@id=$name or @data-of=$name]", name=name)
        yield "".join(part.text_content() for part in parts)


def at_places(document: AnnotatedDocument) -> list[str]:
    return ["".join(document.text[start:end] for start, end in one.spans) for one in document.annotations]


@pytest.fixture(scope="module")
def paper(annotator: Annotator) -> AnnotatedDocument:
    return annotator.annotate(Document("paper.txt", PAPER), threshold=0.0)


@pytest.fixture
def three(paper: AnnotatedDocument, annotator: Annotator, tmp_path: Path) -> Path:
    empty = annotator.annotate(Document("empty.txt", "Nothing of this kind."))
    other = annotator.annotate(Document("other.txt", "A chromosome."), threshold=0.0)
    return write([paper, empty, other], tmp_path)


def test_text_stands_in_its_order_with_marks(paper: AnnotatedDocument, tmp_path: Path) -> None:
    tree = parse(write([paper], tmp_path))
    (text,) = tree.find_class("text")
    assert text.text_content() == PAPER
    assert [(node.tag, node.get("class")) for node in text] == [
        ("h3", None),
        ("p", None),
        ("p", "caption"),
        ("p", None),
    ]
    assert texts(text.xpath(".//p/b")) == ["Abstract."]
    assert text.xpath("count(.//mark)") == len(paper.annotations)
    assert list(marked(tree, 1, paper)) == [one.surface for one in paper.annotations]
    assert "outer\ncell mem-\nbrane" in list(marked(tree, 1, paper))
    first = text.xpath(".//mark")[0]
    score = paper.annotations[0].score
    assert dict(first.attrib) == {
        "id": "d1p1",
        "data-score": str(score),
        "class": "cc",
        "data-term": "d1t1",
        "title": f"nucleus, GO:9000033, score {score:.2f}",
    }


def test_terms_are_ranked_and_lead_to_their_places(paper: AnnotatedDocument, tmp_path: Path) -> None:
    tree = parse(write([paper], tmp_path))
    rows = tree.xpath("//tbody/tr")
    assert [texts(row) for row in rows] == [
        [
            f"{term.name} {term.go_id}",
            term.aspect.short,
            str(len(term.places)),
            f"{term.score:.2f}",
        ]
        for term in paper.terms
    ]
    assert [row.get("id") for row in rows] == [f"d1t{number}" for number in range(1, len(rows) + 1)]
    addresses = [row.xpath(".//a/@href") for row in rows]
    firsts = [paper.annotations.index(term.places[0]) + 1 for term in paper.terms]
    assert addresses == [
        [f"#d1p{first}", f"https://amigo.geneontology.org/amigo/term/{term.go_id}"]
        for first, term in zip(firsts, paper.terms, strict=True)
    ]


def test_head_counts_documents_places_and_terms(three: Path, paper: AnnotatedDocument) -> None:
    tree = parse(three)
    n_places, n_terms = len(paper.annotations) + 1, len(paper.terms) + 1
    (lead,) = tree.xpath("//header/p")
    assert lead.text_content().startswith(
        f"3 documents, {n_places} places that name {n_terms} terms of GO release 2024-02-29. "
    )
    assert tree.xpath("//title/text()") == ["Terms named in 3 documents"]
    assert texts(tree.xpath("//nav//li")) == [
        f"paper.txt {n_places - 1} places, {n_terms - 1} terms",
        "empty.txt 0 places",
        "other.txt 1 place, 1 term",
    ]
    assert tree.xpath("//nav//a/@href") == [f"#{one}" for one in tree.xpath("//article/@id")]
    counts = [text.rpartition("(")[2].rstrip(")") for text in texts(tree.xpath("//label"))[:3]]
    assert sum(map(int, counts)) == n_places
    (slider,) = tree.xpath("//input[@type='range']")
    least = min(one.score for one in paper.annotations)
    assert least - 0.01 < float(slider.get("min")) <= least


def test_a_document_without_a_place_says_so(three: Path, tmp_path: Path) -> None:
    tree = parse(three)
    said = "No place of this document was found to name a term."
    assert [said in article.text_content() for article in tree.xpath("//article")] == [False, True, False]
    assert texts(tree.xpath("//*[@id='d2']//*[@class='text']")) == ["Nothing of this kind."]
    assert "No document was read." in parse(write([], tmp_path)).text_content()
    alone = parse(write([document_of("", [])], tmp_path))
    assert (said in alone.text_content(), alone.xpath("//form | //nav")) == (True, [])


def test_ids_are_unique_and_links_lead_somewhere(three: Path) -> None:
    tree = parse(three)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inside = [address[1:] for address in tree.xpath("//a/@href") if address.startswith("#")]
    assert set(inside) | set(tree.xpath("//@data-term | //@data-of | //@aria-labelledby")) <= set(ids)


def test_places_may_be_divided_and_overlap(tmp_path: Path) -> None:
    text = "The regulation of growth and\n\n12\n\ndivision of cells."
    growth, division = text.index("growth"), text.index("division")
    document = document_of(
        text,
        [
            place(text, NAMES[0], (4, growth + 6)),
            place(text, NAMES[1], (4, growth), (division, division + 8)),
            place(text, NAMES[2], (growth, growth + 6)),
            place(text, NAMES[2], (growth, growth + 6)),
        ],
    )
    tree = parse(write([document], tmp_path))
    assert tree.find_class("text")[0].text_content() == text
    assert [one.tag for one in tree.find_class("text")[0]] == ["p"] * 3
    assert list(marked(tree, 1, document)) == at_places(document)
    assert len(tree.xpath("//mark[@id]")) == 4


def test_blanks_before_the_text_are_kept(tmp_path: Path) -> None:
    text = "\n \nAbstract. A nucleus divides."
    tree = parse(write([document_of(text, [place(text, NAMES[0], (15, 22))])], tmp_path))
    assert tree.find_class("text")[0].text_content() == text
    assert (texts(tree.xpath("//p/b")), texts(tree.xpath("//mark"))) == (["Abstract."], ["nucleus"])


def test_the_same_documents_give_the_same_page(paper: AnnotatedDocument, tmp_path: Path) -> None:
    first, second = (write([paper, hostile()], tmp_path / name).read_bytes() for name in "ab")
    assert first == second


LAYOUT = ("\n", "\n\n", "\r\n", "-\n", "e\u0301", "\U0001f9ec", "<b>", "&amp;", "</p>", "<!--", ". A")
LETTERS = st.one_of(st.characters(exclude_categories=("Cs", "Cc")), st.sampled_from(LAYOUT))


@st.composite
def documents(draw: st.DrawFn) -> AnnotatedDocument:
    """Any text with any places in it, divided or overlapping ones, too."""
    text = draw(st.lists(LETTERS, min_size=1, max_size=40).map("".join))
    cut = st.lists(st.integers(0, len(text)), min_size=2, max_size=4, unique=True).map(sorted)
    cuts = draw(st.lists(cut, max_size=6))
    places = [
        place(text, go_id, *zip(ends[::2], ends[1::2], strict=False), name=text)
        for ends, go_id in zip(cuts, cycle(NAMES), strict=False)
    ]
    return document_of(text, places, text)


@given(document=documents())
@some(60)
def test_marks_have_what_stands_at_their_places(
    document: AnnotatedDocument, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tree = parse(write([document], tmp_path_factory.mktemp("page")))
    (text,) = tree.find_class("text")
    assert text.text_content() == document.text
    assert list(marked(tree, 1, document)) == at_places(document)
    assert tree.xpath("//h2/bdi")[0].text_content() == printable(document.name)
    assert len(tree.xpath("//script")) == 1


def test_what_no_page_can_hold_is_replaced(tmp_path: Path) -> None:
    text = "Half \ud83e a\0pair."
    document = document_of(text, [place(text, NAMES[0], (0, 6), name="\ud83e")], "a\0\ud83eb")
    page = write([document], tmp_path).read_text(encoding="utf-8")
    assert ">Half \ufffd</mark> a\ufffdpair." in page
    assert r"<h1>Terms named in <bdi>a\x00\ud83eb</bdi></h1>" in page


def test_page_of_a_long_paper_is_small(tmp_path: Path) -> None:
    sentence = "The ring of two times seven subunits encloses <one> chain at a time & lets it fold alone. "
    text = "\n\n".join(sentence * 10 for _ in range(30))
    places = [place(text, NAMES[0], (start, start + 4)) for start in range(0, len(text), 30)]
    assert len(places) == 902
    assert write([document_of(text, places)], tmp_path).stat().st_size < 250_000


@pytest.fixture
def opened(page: Page, three: Path) -> Page:
    page.goto(three.as_uri())
    return page


def shown(page: Page) -> list[str]:
    """Return what is marked."""
    return page.locator("mark:not(.out)").all_inner_texts()


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def test_filters_hide_places_and_say_how_many(opened: Page, paper: AnnotatedDocument) -> None:
    n_places = len(paper.annotations) + 1
    n_nuclei = len(paper.terms[0].places)
    everything = f"all {n_places} places"
    assert (status(opened), len(shown(opened))) == (everything, n_places)
    opened.get_by_label("CC cellular component").uncheck()
    left = shown(opened)
    assert left == ["divide", "divides", "divide"]
    assert status(opened) == f"3 of {n_places} places, {n_places - 3} hidden"
    assert opened.locator("#d1 tbody tr:visible").count() == 1
    assert opened.locator("nav li").first.inner_text() == (
        f"paper.txt 3 of {n_places - 1} places, 1 of {len(paper.terms)} terms"
    )
    nothing = opened.locator("#d3").get_by_text("The filters hide all places")
    assert nothing.is_visible()
    assert opened.locator("mark").first.evaluate("node => getComputedStyle(node).backgroundColor") == (
        "rgba(0, 0, 0, 0)"
    )
    opened.get_by_role("button", name="show all").click()
    opened.locator(".out").first.wait_for(state="detached")
    assert (status(opened), nothing.is_visible()) == (everything, False)
    for words in ("NUCLEUS", " go_9000033"):
        opened.get_by_label("term or id").fill(words)
        opened.get_by_label("term or id").press("Enter")
        assert status(opened) == f"{n_nuclei} of {n_places} places, {n_places - n_nuclei} hidden"


def test_the_slider_hides_what_is_less_sure(page: Page, tmp_path: Path) -> None:
    text = "one two three"
    places = [
        place(text, NAMES[0], (0, 3), score=0.25),
        place(text, NAMES[0], (4, 7), score=0.5),
        place(text, NAMES[1], (8, 13), score=0.9996),
    ]
    page.goto(write([document_of(text, places)], tmp_path).as_uri())
    slider = page.get_by_label("least score")
    assert slider.input_value() == "0.25"
    slider.fill("0.5")
    assert (shown(page), status(page)) == (["two", "three"], "2 of 3 places, 1 hidden")
    assert page.locator("tr", has_text=NAMES[0]).locator("td").nth(1).inner_text() == "1 of 2"
    assert page.locator("#least").inner_text() == "0.50"
    page.get_by_text("three").hover()
    assert "score >0.99, place 1 of 1" in page.get_by_role("dialog").inner_text()
    slider.press("End")
    assert shown(page) == []


def test_only_a_whole_score_reads_as_one(tmp_path: Path) -> None:
    text = "one two three"
    scores = (0.994, 0.996, 1.0)
    places = [
        place(text, go_id, span, score=score)
        for go_id, span, score in zip(NAMES, ((0, 3), (4, 7), (8, 13)), scores, strict=True)
    ]
    tree = parse(write([document_of(text, places)], tmp_path))
    assert [mark.get("title").rpartition(" ")[2] for mark in tree.xpath("//mark")] == [
        "0.99",
        ">0.99",
        "1.00",
    ]
    assert texts(tree.xpath("//tbody/tr/td[3]")) == ["1.00", ">0.99", "0.99"]


def test_each_of_several_documents_begins_a_printed_page(page: Page, three: Path, tmp_path: Path) -> None:
    breaks = "all => all.map(one => getComputedStyle(one).breakBefore)"
    page.emulate_media(media="print")
    page.goto(three.as_uri())
    assert page.locator("article").evaluate_all(breaks) == ["page"] * 3
    page.goto(write([document_of("It divides.", [])], tmp_path).as_uri())
    assert page.locator("article").evaluate_all(breaks) == ["auto"]


def test_what_is_only_supposed_can_be_hidden(page: Page, annotator: Annotator, tmp_path: Path) -> None:
    text = "There may be a nucleus. Here is a nucleus, but no chromosome."
    page.goto(write([annotator.annotate(Document("x", text), threshold=0.0)], tmp_path).as_uri())
    first, _, third = page.locator("mark").all()
    assert [mark.get_attribute("data-context") for mark in (first, third)] == ["supposed", "negated"]
    first.hover()
    assert page.get_by_role("dialog").inner_text().splitlines()[2].endswith("place 1 of 2, supposed")
    page.get_by_label("negated, supposed or of a method (2)").uncheck()
    assert (shown(page), status(page)) == (["nucleus"], "1 of 3 places, 2 hidden")


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id")
    return found


def test_keys_go_through_places_and_into_the_tip(opened: Page) -> None:
    tip = opened.get_by_role("dialog")
    assert not tip.is_visible()
    opened.locator("nav a").last.focus()
    opened.keyboard.press("Tab")  # the link to the terms
    opened.keyboard.press("Tab")
    assert focused(opened) == "d1p1"
    assert tip.is_visible()
    assert "nucleus\n\nCC, score" in tip.inner_text()
    opened.keyboard.press("ArrowRight")
    assert focused(opened) == "d1p2"
    assert "cell division\n\nBP, score" in tip.inner_text()
    opened.keyboard.press("ArrowLeft")
    opened.keyboard.press("ArrowDown")
    assert focused(opened) == "d1p3"
    assert "place 2 of" in tip.inner_text()
    assert opened.locator("mark.same").count() == opened.locator("mark[data-term=d1t1]").count()
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.href").endswith("/GO:9000033")
    opened.keyboard.press("Escape")
    assert focused(opened) == "d1p3"
    assert not tip.is_visible()
    opened.keyboard.press("Tab")
    opened.keyboard.press("Shift+Tab")
    assert focused(opened) == "d1p3"


def is_within(one: Locator, page: Page) -> bool:
    box, size = one.bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    is_wide = 0 <= box["x"] and box["x"] + box["width"] <= size["width"]
    return is_wide and 0 <= box["y"] and box["y"] + box["height"] <= size["height"]


@pytest.mark.parametrize("width", [1200, 360])
def test_a_pointer_shows_the_term_and_may_move_to_it(width: int, opened: Page) -> None:
    opened.set_viewport_size({"width": width, "height": 500})
    tip = opened.get_by_role("dialog")
    opened.locator("#d1p5").hover()
    assert tip.is_visible()
    assert is_within(tip, opened)
    tip.get_by_role("link", name="in the table").hover()
    opened.wait_for_timeout(400)
    assert tip.is_visible()
    tip.get_by_role("link", name="in the table").click()
    assert "#d1t" in opened.url
    opened.keyboard.press("Escape")
    assert not tip.is_visible()


def test_a_name_in_the_table_leads_from_place_to_place(opened: Page, paper: AnnotatedDocument) -> None:
    opened.set_viewport_size({"width": 1200, "height": 400})
    ids = [f"d1p{1 + paper.annotations.index(one)}" for one in paper.terms[0].places]
    assert len(ids) > 3
    for wanted in (*ids, ids[0]):
        opened.locator("#d1t1 .name").click()
        assert focused(opened) == wanted
        assert is_within(opened.locator(f"#{wanted}"), opened)


def test_hostile_text_is_shown_and_nothing_runs(page: Page, tmp_path: Path) -> None:
    document = hostile()
    path = write([document], tmp_path)
    page.goto(path.as_uri())
    assert page.locator(".text").text_content() == HOSTILE
    assert page.title() == "Terms named in </title><script>alert(0)</script>\\u202e"
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    assert page.locator("mark").all_text_contents() == at_places(document)
    page.locator("#d1p1").hover()
    assert '"><script>alert(4)</script>\\u202e' in page.get_by_role("dialog").inner_text()


def test_carriage_returns_are_kept_by_a_browser(page: Page, tmp_path: Path) -> None:
    text = "A line.\r\nAnother\tline.\rA third.\x0b\x85"
    page.goto(write([document_of(text, [place(text, NAMES[0], (2, 16))])], tmp_path).as_uri())
    assert page.locator(".text").text_content() == text
    assert "".join(page.locator("mark").all_text_contents()) == "line.\r\nAnother"


def test_narrow_windows_need_no_sideways_scrolling(opened: Page) -> None:
    opened.set_viewport_size({"width": 360, "height": 640})
    assert opened.evaluate("document.documentElement.scrollWidth") == 360
