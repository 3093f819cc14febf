from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gotune.aspects import Aspect
from gotune.corpus.documents import Document
from gotune.datasets.labelled import read_source
from gotune.errors import TableError
from gotune.linking.annotator import Annotator
from gotune.linking.curation import CuratedSentence, Decisions, curated_sentences, settled, write_curated
from gotune.linking.index import TermIndex
from gotune.linking.ticked import Ticked, read_ticked
from gotune.render.tick_sheets import Verdict
from tests.linking.ticking import ticked

BP, CC, MF = Aspect
PROCESS, NUCLEUS, MEMBRANE, ROOT = "GO:9000018", "GO:9000033", "GO:9000031", "GO:9000001"
R, W, OTHER, U = Verdict.RIGHT, Verdict.WRONG, Verdict.OTHER, Verdict.UNSURE


@pytest.fixture(scope="session")
def index(annotator: Annotator) -> TermIndex:
    found = annotator.index
    assert [found.aspect(found.number_of[go_id]) for go_id in (PROCESS, NUCLEUS, MEMBRANE)] == [BP, CC, CC]
    return found


def row(
    start: int, go_id: str, verdict: Verdict | None, other: str | None = None, surface: str = "words"
) -> Ticked:
    return Ticked("a", "a.txt", 1, "A text.", start, start + 5, surface, go_id, verdict, other)


@pytest.mark.parametrize(
    ("rows", "carried", "judged"),
    [
        pytest.param([row(0, NUCLEUS, R)], {CC}, {CC}, id="right"),
        pytest.param([row(0, NUCLEUS, W)], set(), {CC}, id="all of the aspect are wrong"),
        pytest.param([row(0, NUCLEUS, W), row(9, MEMBRANE, None)], set(), set(), id="one is not decided"),
        pytest.param([row(0, NUCLEUS, W), row(9, MEMBRANE, U)], set(), set(), id="one is unsure"),
        pytest.param([row(0, NUCLEUS, R), row(9, MEMBRANE, U)], {CC}, {CC}, id="one is right, one unsure"),
        pytest.param([row(0, NUCLEUS, OTHER, MEMBRANE)], {CC}, {CC}, id="another one of the aspect"),
        pytest.param([row(0, NUCLEUS, OTHER, PROCESS)], {BP}, {BP, CC}, id="one of another aspect"),
        pytest.param([row(0, NUCLEUS, W), row(9, PROCESS, None)], set(), {CC}, id="others do not matter"),
        pytest.param([row(0, NUCLEUS, R), row(0, NUCLEUS, W)], set(), set(), id="a tie"),
        pytest.param([row(0, NUCLEUS, W), row(0, NUCLEUS, U)], set(), {CC}, id="unsure is no vote"),
        pytest.param([row(0, NUCLEUS, n) for n in (R, W, W)], set(), {CC}, id="most votes"),
        pytest.param([row(0, NUCLEUS, None)], set(), set(), id="nothing"),
        pytest.param([replace(row(0, NUCLEUS, W), n_places=2)], set(), set(), id="one was deleted"),
        pytest.param([replace(row(0, NUCLEUS, R), n_places=2)], {CC}, {CC}, id="one right, one deleted"),
    ],
)
def test_aspects_follow_from_decisions(
    rows: list[Ticked], carried: set[Aspect], judged: set[Aspect], index: TermIndex
) -> None:
    found = curated_sentences(rows, index)
    expected = CuratedSentence("a", "a.txt", 1, "A text.", frozenset(carried), frozenset(judged))
    assert found == ((expected,) if judged else ())


def test_the_table_is_read_as_labelled_sentences(index: TermIndex, tmp_path: Path) -> None:
    sentences = [
        CuratedSentence("a", "a.txt", 1, 'Nuclei "divide".', frozenset({BP, CC}), frozenset({BP, CC})),
        CuratedSentence("=b", "=b", 2, "Nothing\tis here.", frozenset(), frozenset({MF})),
    ]
    path = tmp_path / "mine.tsv"
    write_curated(sentences, path)
    source = read_source(path)
    assert source.table["text"].tolist() == ['Nuclei "divide".', "Nothing is here."]
    assert source.table["article"].tolist() == ["a", "'=b"]
    truth = source.table[["biological_process", "cellular_component", "molecular_function"]]
    assert truth.fillna(-1).to_numpy().tolist() == [[1, 1, -1], [-1, -1, 0]]
    with pytest.raises(TableError, match="decisions from which the aspects of a sentence follow, found none"):
        write_curated([], path)


def test_there_and_back(annotator: Annotator, tmp_path: Path) -> None:
    """What is suggested, ticked and read back changes what is suggested next."""
    text = "The nuclei are copied. A nucleus lies at the eyespot. The NUCLEI lie at a membrane."
    document = annotator.annotate(Document("a.txt", text), threshold=0.0)
    decisions: dict[str, dict[str, Any]] = {
        "nuclei": {"decision": "wrong"},
        "copied": {"decision": "right"},
        "nucleus": {"decision": "unsure"},
        "eyespot": {"decision": "other term", "other term": MEMBRANE},
        "NUCLEI": {"decision": "wrong"},
        "membrane": {},
    }
    path = ticked(tmp_path / "terms.xlsx", [document], lambda cells: decisions[cells["surface"]])
    rows = read_ticked(path, annotator.index)
    assert [
        (one.number, set(one.carried), set(one.judged)) for one in curated_sentences(rows, annotator.index)
    ] == [
        (1, {BP}, {BP, CC}),
        (2, {CC}, {CC}),
    ]
    Decisions.of(rows).write(tmp_path / "decisions.tsv")
    assert (tmp_path / "decisions.tsv").read_text() == (
        "surface\tgo_id\tdecision\tother term\tvotes\n"
        "copied\tGO:9000018\tright\t\t1\n"
        "eyespot\tGO:9000045\tother term\tGO:9000031\t1\n"
        "nuclei\tGO:9000033\twrong\t\t2\n"
    )
    remembered = Decisions.read(tmp_path / "decisions.tsv")
    assert remembered == Decisions.of(rows)
    scores = {one.surface: one.score for one in document.annotations}
    applied = remembered.applied(document, annotator.index)
    assert [(one.surface, one.go_id, one.score) for one in applied.annotations] == [
        ("copied", PROCESS, (scores["copied"] + 1) / 2),
        ("nucleus", NUCLEUS, scores["nucleus"]),
        ("eyespot", MEMBRANE, 0.5),
        ("membrane", MEMBRANE, scores["membrane"]),
    ]
    assert applied.annotations[2].name == "membrane"


def test_most_votes_count_and_ties_change_nothing() -> None:
    right, wrong, other = (R, ""), (W, ""), (OTHER, NUCLEUS)
    assert settled(Counter()) is None
    assert settled(Counter({right: 2, wrong: 1})) == right
    assert settled(Counter({right: 2, wrong: 2, other: 1})) is None
    assert settled(Counter({right: 2, wrong: 2, other: 3})) == other


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ({(R, ""): 1}, ("GO:9000033", 0.875)),
        ({(R, ""): 7, (W, ""): 5}, ("GO:9000033", 0.75)),  # a score never falls
        ({(R, ""): 1, (W, ""): 1}, ("GO:9000033", 0.75)),
        ({(OTHER, PROCESS): 3}, (PROCESS, 0.75)),
        ({(OTHER, "GO:9000091"): 3}, ("GO:9000010", 0.75)),  # was merged into it
        ({(OTHER, "GO:1234567"): 3}, ("GO:9000033", 0.75)),
        ({(OTHER, ROOT): 3}, None),  # right, and too broad
        ({(W, ""): 1}, None),
    ],
)
def test_decisions_change_suggestions(
    votes: dict[Any, int], expected: tuple[str, float] | None, annotator: Annotator
) -> None:
    document = annotator.annotate(Document("a", "The nuclei."), threshold=0.0)
    assert [one.score for one in document.annotations] == [0.75]
    applied = Decisions({("nuclei", NUCLEUS): Counter(votes)}).applied(document, annotator.index)
    assert [(one.go_id, one.score) for one in applied.annotations] == ([expected] if expected else [])


def test_votes_of_files_put_together_are_added(tmp_path: Path) -> None:
    path = tmp_path / "decisions.tsv"
    Decisions.of([row(0, NUCLEUS, W, surface="=Nuclei"), row(9, NUCLEUS, U)]).write(path)
    lines = path.read_text().splitlines()
    assert lines[1] == f"'=nuclei\t{NUCLEUS}\twrong\t\t1"
    path.write_text("\n".join([*lines, lines[1], ""]))
    assert Decisions.read(path).votes == {("=nuclei", NUCLEUS): Counter({(W, ""): 2})}
    with pytest.raises(TableError, match="expected decisions, found none"):
        Decisions.of([row(9, NUCLEUS, U)]).write(path)


@pytest.mark.parametrize(
    "line",
    [
        "\tGO:9000033\twrong\t\t1",
        "nuclei\tnucleus\twrong\t\t1",
        "nuclei\tGO:9000033\tunsure\t\t1",
        "nuclei\tGO:9000033\twrong\tGO:9000031\t1",
        "nuclei\tGO:9000033\tother term\t\t1",
        "nuclei\tGO:9000033\twrong\t\t0.5",
        "nuclei\tGO:9000033\twrong\t\t",
        "nuclei\tGO:9000033\twrong\t\t1000000000000",
    ],
)
def test_bad_lines_are_told(line: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions.tsv"
    path.write_text(f"surface\tgo_id\tdecision\tother term\tvotes\n{line}\n")
    with pytest.raises(TableError, match=r"expected words, an id, a decision .* in line 2\. Mend"):
        Decisions.read(path)
    path.write_text("surface\tgo_id\n")
    with pytest.raises(TableError, match="found no decision, other term, votes"):
        Decisions.read(path)
