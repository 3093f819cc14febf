"""A small ontology, a document and scores to draw and to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import networkx as nx
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from gotune.aspects import ASPECTS, Aspect
from gotune.estimates import Estimate, Interval
from gotune.evaluation.definitions.results import AspectScores, ModelScores
from gotune.named import NamedTerm, NamedTerms
from gotune.records import AspectProbabilities, ClassifiedDocument, ClassifiedSentence, Sentence
from tests.models_said import MULTI, SINGLE

Row = tuple[float, float, float]

BP, CC, MF = (aspect.value for aspect in ASPECTS)

TERMS = {
    "GO:1": ("biological_process", BP),
    "GO:2": ("metabolic process", BP),
    "GO:3": ("regulation of metabolic process", BP),
    "GO:4": ("positive regulation of the metabolic process of a compound with a $long_name^", BP),
    "GO:5": ("carbohydrate metabolic process", BP),
    "GO:6": ("monosaccharide metabolic process", BP),
    "GO:7": ("lipid metabolic process", BP),
    "GO:8": ("steroid metabolic process", BP),
    "GO:11": ("cellular_component", CC),
    "GO:12": ("membrane", CC),
    "GO:13": ("plasma membrane", CC),
    "GO:21": ("molecular_function", MF),
    "GO:22": ("catalytic activity", MF),
    "GO:23": ("kinase activity", MF),
}
EDGES = [
    ("GO:2", "GO:1", "is_a"),
    ("GO:3", "GO:1", "is_a"),
    ("GO:3", "GO:2", "regulates"),
    ("GO:4", "GO:3", "is_a"),
    ("GO:4", "GO:2", "positively_regulates"),
    ("GO:5", "GO:2", "is_a"),
    ("GO:6", "GO:5", "is_a"),
    ("GO:7", "GO:2", "is_a"),
    ("GO:8", "GO:7", "is_a"),
    ("GO:12", "GO:11", "is_a"),
    ("GO:13", "GO:12", "is_a"),
    ("GO:13", "GO:12", "part_of"),
    ("GO:22", "GO:21", "is_a"),
    ("GO:23", "GO:22", "is_a"),
    ("GO:23", "GO:5", "part_of"),
]


@pytest.fixture
def term_graph() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for term, (name, namespace) in TERMS.items():
        graph.add_node(term, name=name, namespace=namespace)
    for child, parent, relation in EDGES:
        graph.add_edge(child, parent, key=relation)
    return graph


class MakeDocument(Protocol):
    def __call__(
        self,
        *texts: str,
        name: str = ...,
        rows: Sequence[Row] = ...,
        carried: Sequence[tuple[Aspect, ...]] | None = ...,
    ) -> ClassifiedDocument: ...


@pytest.fixture(scope="session")
def make_document() -> MakeDocument:
    """Return a maker of documents: sentences one space apart, with ``rows`` of probabilities in turn.

    With ``carried`` they come from a head that may find none, one or several aspects: these, in turn.
    """

    def make(
        *texts: str,
        name: str = "paper.txt",
        rows: Sequence[Row] = ((0.5, 0.25, 0.25),),
        carried: Sequence[tuple[Aspect, ...]] | None = None,
    ) -> ClassifiedDocument:
        sentences = []
        start = 0
        for index, text in enumerate(texts):
            probabilities = AspectProbabilities(*rows[index % len(rows)])
            aspects = (probabilities.aspect,) if carried is None else carried[index % len(carried)]
            sentence = Sentence(((start, start + len(text)),), text)
            sentences.append(ClassifiedSentence(sentence, probabilities, aspects))
            start += len(text) + 1
        model = SINGLE if carried is None else MULTI
        return ClassifiedDocument(name, tuple(sentences), " ".join(texts), model, truncated=1)

    return make


@pytest.fixture
def document(make_document: MakeDocument) -> ClassifiedDocument:
    rows = ((0.125, 0.125, 0.75), (0.25, 0.5, 0.25))
    return make_document("Kinases bind ATP.", "=1+1 is the membrane.", rows=rows)


@pytest.fixture
def tagged(make_document: MakeDocument) -> ClassifiedDocument:
    """A document of a multi head: sentences with two aspects, with none and with one."""
    process, component, function = ASPECTS
    return make_document(
        "ATP is hydrolysed in the matrix.",
        "Samples were frozen.",
        "Kinases bind ATP.",
        "It was cold.",
        rows=((0.75, 0.625, 0.25), (0.125, 0.0, 0.25), (0.25, 0.125, 0.875), (0.0, 0.0, 0.0)),
        carried=((process, component), (), (function,), ()),
    )


@pytest.fixture
def named(tagged: ClassifiedDocument) -> ClassifiedDocument:
    """The same, of which the first sentence names two terms, the third one of them, and the others none."""
    process, component, _ = ASPECTS
    matrix = NamedTerm("GO:0005759", "mitochondrial matrix", component, 0.75, contexts=("negated",))
    atp = NamedTerm("GO:0046034", "ATP metabolic process, of a kind", process, 0.5)
    whole = (replace(atp, score=0.996, places=2), matrix)
    return replace(tagged, named=NamedTerms("2021-12-15", whole, ((atp, matrix), (), (atp,), ())))


@pytest.fixture
def scores() -> ModelScores:
    estimate = Estimate(0.934, Interval(0.907, 0.955))
    confusion = ((80, 15, 5), (0, 0, 0), (1, 2, 197))
    aspects = tuple(
        AspectScores(aspect, estimate, estimate, estimate, estimate, sum(row))
        for aspect, row in zip(ASPECTS, confusion, strict=True)
    )
    return ModelScores("mini_$LM$_^2", estimate, estimate, estimate, aspects, confusion)


@pytest.fixture
def draw() -> Callable[[Figure], FigureCanvasAgg]:
    """Return what lays a figure out and draws it, so that extents are known and warnings come up."""

    def draw(figure: Figure) -> FigureCanvasAgg:
        canvas = FigureCanvasAgg(figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        return canvas

    return draw


@pytest.fixture
def texts_of(draw: Callable[[Figure], FigureCanvasAgg]) -> Callable[[Figure], list[str]]:
    """Return what lists all texts of a figure, once it is drawn."""

    def texts_of(figure: Figure) -> list[str]:
        draw(figure)
        return [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]

    return texts_of


@pytest.fixture
def assert_fits(draw: Callable[[Figure], FigureCanvasAgg]) -> Callable[[Figure], None]:
    """Return what draws a figure and sees that nothing reaches over its edge."""

    def assert_fits(figure: Figure) -> None:
        inside = figure.get_tightbbox(draw(figure).get_renderer())  # type: ignore[no-untyped-call]
        width, height = figure.get_size_inches()
        assert min(inside.x0, inside.y0) >= 0
        assert inside.x1 <= width
        assert inside.y1 <= height

    return assert_fits
