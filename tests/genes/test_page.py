from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html
import pytest

from gotune.genes.associations import Relation
from gotune.genes.gene import Gene
from gotune.genes.reference import Basis
from gotune.genes.suggestions import AnnotatedGene, LikeGene, Place, Suggestion
from gotune.genes.writing import write_suggestions
from tests.genes.annotated import COMPONENT, FUNCTION, PROCESS

if TYPE_CHECKING:
    from playwright.sync_api import Page

OPENS = Suggestion(
    "GO:0000012",
    "opening",
    PROCESS,
    Relation.INVOLVED_IN,
    0.9996,
    (LikeGene("UniProtKB:P12346-2", "Lid1", "lid 1", 8, "like name"), LikeGene("x", "", "", 7, "y")),
    (Place("name", "opener", "GO:0000012"), Place("PMID:5", "opens", "GO:0000012")),
    (Basis.PHYLOGENY, Basis.ELECTRONIC),
)
HINGE = Suggestion("GO:0000021", "hinge", COMPONENT, Relation.PART_OF, 0.5)
BINDS = Suggestion("GO:0000032", "binding", FUNCTION, Relation.ENABLES, 0.257, own=(Basis.SIMILARITY,))
LID9 = AnnotatedGene(Gene("UniProtKB:P12345", "Lid9", "lid opener 9", ("L9",), 7), (OPENS, HINGE, BINDS))
GENES = (
    LID9,
    AnnotatedGene(Gene("made:1", ""), (), ("no name",)),
    AnnotatedGene(Gene("made:2", "Lid8"), ()),
    AnnotatedGene(Gene("made:3", "Lid7"), (HINGE,), ("little to go by",)),
)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\0\ud83e'


def hostile() -> AnnotatedGene:
    places = tuple(Place(source, HOSTILE, HOSTILE) for source in (HOSTILE, "PMID:1" + HOSTILE))
    ids = (HOSTILE, "UniProtKB:P1" + HOSTILE, "UniProtKB:P12345:" + HOSTILE, "javascript:alert(3)")
    like = tuple(LikeGene(one, HOSTILE, HOSTILE, 7, HOSTILE) for one in ids)
    term = Suggestion('GO:"><b>1', HOSTILE, PROCESS, Relation.INVOLVED_IN, 0.5, like, places)
    return AnnotatedGene(Gene(HOSTILE, HOSTILE, HOSTILE), (term,), (HOSTILE,))


def write(genes: Iterable[AnnotatedGene], folder: Path) -> Path:
    path = folder / "suggestions.html"
    write_suggestions(path, genes, "2030-01-31")
    return path


def parse(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def texts(nodes: Sequence[lxml.html.HtmlElement]) -> list[str]:
    return [" ".join(node.text_content().split()) for node in nodes]


def test_a_section_a_gene_with_its_suggestions(tmp_path: Path) -> None:
    tree = parse(write(iter(GENES), tmp_path))
    assert texts(tree.xpath("//h2")) == ["Genes", "Lid9 lid opener 9", "made:1", "Lid8", "Lid7"]
    assert texts(tree.xpath("//section/h2/following-sibling::p[1]")) == [
        "UniProtKB:P12345, taxon 7, 3 suggestions",
        "made:1, 0 suggestions",
        "made:2, 0 suggestions",
        "made:3, 1 suggestion",
    ]
    assert [texts(row) for row in tree.xpath("//*[@id='g1']//tbody/tr")] == [
        [
            "opening GO:0000012",
            "BP",
            ">0.99",
            "named in its name: “opener” named in PMID:5: “opens” like Lid1, lid 1 (UniProtKB:P12346-2, "
            "taxon 8, like name) like x (x, y) own annotations: phylogeny, electronic",
        ],
        ["hinge GO:0000021", "CC", "0.50", "inferred of like genes, or frequent in its species"],
        ["binding GO:0000032", "MF", "0.26", "own annotations: similarity"],
    ]


def test_links_lead_to_terms_proteins_and_papers(tmp_path: Path) -> None:
    tree = parse(write([LID9], tmp_path))
    assert tree.xpath("//section//a/@href") == [
        "https://www.uniprot.org/uniprotkb/P12345",
        "https://amigo.geneontology.org/amigo/term/GO:0000012",
        "https://pubmed.ncbi.nlm.nih.gov/5",
        "https://www.uniprot.org/uniprotkb/P12346",
        "https://amigo.geneontology.org/amigo/term/GO:0000021",
        "https://amigo.geneontology.org/amigo/term/GO:0000032",
    ]
    assert set(tree.xpath("//section//a/@rel")) == {"noopener noreferrer"}


def test_a_gene_without_suggestions_says_why(tmp_path: Path) -> None:
    tree = parse(write(GENES, tmp_path))
    assert texts(tree.xpath("//section/p[2][not(@class)]")) == [
        "No term is suggested: no name.",
        "No term is suggested: nothing is probable enough.",
        "Doubtful: little to go by.",
    ]
    assert "No gene was read." in parse(write([], tmp_path)).text_content()
    alone = parse(write([GENES[1]], tmp_path))
    assert (alone.xpath("//title/text()"), alone.xpath("//form | //nav")) == (
        ["Terms suggested for made:1"],
        [],
    )


def test_head_counts_and_lists_genes(tmp_path: Path) -> None:
    tree = parse(write(GENES, tmp_path))
    assert tree.xpath("//title/text()") == ["Terms suggested for 4 genes"]
    (lead,) = tree.xpath("//header/p")
    assert lead.text_content().startswith(
        "4 genes, 4 suggestions of 3 terms, 2 of the genes without any. Terms are those of GO release "
    )
    assert texts(tree.xpath("//nav//li")) == [
        "Lid9 lid opener 9 3 suggestions",
        "made:1 0 suggestions",
        "Lid8 0 suggestions",
        "Lid7 1 suggestion",
    ]
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inside = [address[1:] for address in tree.xpath("//nav//a/@href")]
    assert set(inside) | set(tree.xpath("//@data-of | //@aria-labelledby")) <= set(ids)
    assert [text.rpartition(" ")[2] for text in texts(tree.xpath("//label"))[:3]] == ["(1)", "(2)", "(1)"]
    assert tree.xpath("//input[@type='range']/@min") == ["0.25"]


def test_the_old_page_stays_if_genes_cannot_be_had(tmp_path: Path) -> None:
    path = tmp_path / "suggestions.html"
    path.write_text("old")

    def broken() -> Iterable[AnnotatedGene]:
        yield LID9
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_suggestions(path, broken(), "2030-01-31")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [(path.name, "old")]


def test_terms_stand_in_their_trees(tmp_path: Path) -> None:
    root, process, split = ("GO:1", "process"), ("GO:2", "cellular process"), ("GO:3", "growth")
    found = AnnotatedGene(
        LID9.gene,
        (
            replace(OPENS, above=(root, process, split)),
            replace(OPENS, go_id="GO:0000013", name="closing", score=0.4, above=(root, process, split)),
            replace(HINGE, above=(("GO:4", "component"),)),
        ),
    )
    (tree,) = parse(write([found], tmp_path)).find_class("tree")
    assert [" ".join(item.text_content().split()) for item in tree.xpath("./ul/li")] == [
        "process growth opening >0.99 closing 0.40",  # what leads to one term alone is left out
        "component hinge 0.50",
    ]
    assert [one.text_content() for one in tree.iter("strong")] == ["opening", "closing", "hinge"]


def test_a_tree_may_have_any_depth(tmp_path: Path) -> None:
    """A thousand terms below each other, and one beside each."""
    way = [(f"GO:{number}", f"level {number}") for number in range(1_200)]
    found = [
        replace(OPENS, go_id=f"GO:1{depth:05}", name=f"end {depth}", above=tuple(way[:depth]))
        for depth in range(1, 1_201)
    ]
    text = write([AnnotatedGene(LID9.gene, tuple(found))], tmp_path).read_text()
    tree = text[text.index('class="tree"') :]
    tree = tree[: tree.index("</details>")]
    assert [tree.count(tag) for tag in ("<ul>", "</ul>", "<li>", "</li>")] == [1_200, 1_200, 2_399, 2_399]
    assert tree.count("level 1198<") == 1
    assert "level 1199" not in tree  # leads to one term alone


def test_page_of_many_genes_is_not_large(tmp_path: Path) -> None:
    genes = (replace(LID9, gene=replace(LID9.gene, id=f"made:{number}")) for number in range(1000))
    assert write(genes, tmp_path).stat().st_size < 2_500_000


@pytest.fixture
def opened(page: Page, tmp_path: Path) -> Page:
    page.goto(write(GENES, tmp_path).as_uri())
    return page


def shown(page: Page) -> list[str]:
    """Return the ids of the terms that are shown."""
    return page.locator("tbody tr:visible a.id").all_inner_texts()


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def test_filters_hide_suggestions_and_say_how_many(opened: Page) -> None:
    everything = ["GO:0000012", "GO:0000021", "GO:0000032", "GO:0000021"]
    assert (shown(opened), status(opened)) == (everything, "all 4 suggestions")
    opened.get_by_label("CC cellular component").uncheck()
    assert shown(opened) == ["GO:0000012", "GO:0000032"]
    assert status(opened) == "2 of 4 suggestions, 2 hidden"
    assert opened.locator("nav li").all_inner_texts() == [
        "Lid9 lid opener 9 2 of 3 suggestions",
        "made:1 0 suggestions",
        "Lid8 0 suggestions",
        "Lid7 0 of 1 suggestion",
    ]
    nothing = opened.locator("#g4").get_by_text("The filters hide all suggestions")
    assert (nothing.is_visible(), opened.locator("#g4 table").is_visible()) == (True, False)
    opened.get_by_role("button", name="show all").click()
    nothing.wait_for(state="hidden")
    assert (shown(opened), status(opened)) == (everything, "all 4 suggestions")
    slider = opened.get_by_label("least score")
    slider.fill("0.5")
    assert shown(opened) == ["GO:0000012", "GO:0000021", "GO:0000021"]
    assert opened.locator("#least").inner_text() == "0.50"
    slider.press("ArrowRight")
    assert shown(opened) == ["GO:0000012"]


def test_keys_lead_from_the_list_to_a_gene(opened: Page) -> None:
    opened.locator("nav a").nth(3).focus()
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    assert opened.url.endswith("#g4")
    assert opened.evaluate("document.activeElement.textContent") == "GO:0000021"


def test_all_is_printed(opened: Page) -> None:
    opened.emulate_media(media="print")
    style = "all => all.map(one => getComputedStyle(one).contentVisibility)"
    assert opened.locator("section").evaluate_all(style) == ["visible"] * 4
    assert not opened.get_by_role("button").is_visible()


def test_narrow_windows_need_no_sideways_scrolling(opened: Page) -> None:
    opened.set_viewport_size({"width": 360, "height": 640})
    assert opened.evaluate("document.documentElement.scrollWidth") == 360
    opened.get_by_label("BP biological process").uncheck()
    assert shown(opened) == ["GO:0000021", "GO:0000032", "GO:0000021"]


def test_hostile_values_are_shown_and_nothing_runs(page: Page, tmp_path: Path) -> None:
    page.goto(write([hostile(), LID9], tmp_path).as_uri())
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    page.get_by_label("CC cellular component").uncheck()
    addresses = page.locator("#g1 a").evaluate_all("all => all.map(one => one.href)")
    assert {address.split("/")[2] for address in addresses} == {
        "amigo.geneontology.org",
        "www.uniprot.org",
    }
    assert page.locator("#g1 h2 bdi").first.inner_text() == (
        r'"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\x00\ud83e'
    )
