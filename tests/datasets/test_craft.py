from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gotune
from gotune.datasets import craft_files
from gotune.datasets.craft import (
    NON_COMMERCIAL,
    find_rationale,
    read_article_ids,
    read_craft,
    save_craft,
)
from gotune.datasets.craft_files import CraftFolder
from gotune.datasets.label_cells import BadCellError, Span
from gotune.datasets.label_rows import PROBABILITIES
from gotune.datasets.labelled import read_source
from gotune.errors import DatasetError, GotuneError
from tests.datasets.craft_release import (
    SENTENCES,
    TEXT,
    conllu,
    conllu_path,
    write,
    write_release,
    xml,
    xml_path,
)
from tests.examples import some

SHARED = Path(gotune.__file__).parents[3] / "shared" / "data" / "craft_dev.tsv.gz"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path / "CRAFT", ["1", "2", "15917436"])


def spans_of(cell: object) -> list[list[object]]:
    spans: list[list[object]] = json.loads(str(cell))
    return spans


def rationales(table: pd.DataFrame) -> list[list[Span]]:
    rows = [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]
    return [find_rationale(row, row["text"]) or [] for row in rows]


def test_the_table(release: Path) -> None:
    table = read_craft(release, ["1"]).table
    assert table["pmid"].tolist() == ["1"] * 4
    assert table["sent_id"].tolist() == [0, 1, 2, 3]
    assert table["text"].tolist() == list(SENTENCES)
    cut = [TEXT[start:end] for start, end in table[["start", "end"]].to_numpy().tolist()]
    assert [" ".join(text.split()) for text in cut] == table["text"].tolist()
    assert table["aspects"].tolist() == ["", "BP,CC", "CC", ""]
    assert table["go_ids"].tolist() == ["", "GO:0006810,GO:0031965", "GO:0042571", ""]
    assert table["aspects_ext"].tolist() == ["MF", "BP,CC,MF", "BP,CC,MF", "MF"]
    assert table["go_ids_ext"][1] == "GO_EXT:both,GO:0005515,GO:0006810,GO:0031965"
    start = TEXT.index("nuclear")
    end = TEXT.index("membrane") + len("membrane")
    assert spans_of(table["spans"][1]) == [
        [TEXT.index("moves"), TEXT.index("moves") + 5, "GO:0006810", "BP", "moves"],
        [start, end, "GO:0031965", "CC", "nuclear ... membrane"],
    ]
    # Techniques, reagents and classes without a related molecular function are no target.
    assert table["aspects_rec"].tolist() == ["MF", "BP,CC,MF", "", ""]
    assert table["go_ids_rec"].tolist() == [
        "GO:0016301",
        "GO:0006810,GO:0031965,GO:0005488,GO:0005515",
        "",
        "",
    ]
    assert table["counts_rec"].tolist() == ["0,0,1", "1,1,2", "0,0,0", "0,0,0"]


def test_the_card(release: Path) -> None:
    card = read_craft(release, ["2", "15917436", "1"]).card
    assert card.craft_version == "9.8.7"
    assert card.articles == ("2", "15917436", "1")
    assert (card.n_sentences, card.n_none, card.n_crossing) == (12, 6, 0)
    assert card.counts == {"BP": 3, "CC": 3, "MF": 6}
    assert card.test_articles == ("2",)
    assert card.non_commercial == ("15917436",)
    assert "doi:10.1186/1471-2105-13-161" in card.citation
    commercial = read_craft(release, ["15917436", "1"], with_non_commercial=False)
    assert commercial.card.articles == ("1",)
    assert len(NON_COMMERCIAL) == 3


def test_a_distribution_without_its_lists(release: Path) -> None:
    (release / "CHANGES.md").unlink()
    (release / "articles/ids/craft-ids-test.txt").unlink()
    card = read_craft(release, ["2"]).card
    assert (card.craft_version, card.test_articles) == ("unknown", ())


def test_saved_and_read_as_labelled_sentences(release: Path, tmp_path: Path) -> None:
    sentences = read_craft(release, ["1", "2"])
    for name in ("a", "b", "a"):
        save_craft(sentences, tmp_path / name)
    path = tmp_path / "a" / "craft.tsv.gz"
    assert path.read_bytes() == (tmp_path / "b" / "craft.tsv.gz").read_bytes()
    card = json.loads((tmp_path / "a" / "craft.json").read_text())
    assert card["craft_version"] == "9.8.7"
    read = pd.read_csv(path, sep="\t", keep_default_na=False, dtype={"pmid": str})
    pd.testing.assert_frame_equal(read, sentences.table, check_dtype=False)

    source = read_source(path)
    assert source.table["article"].tolist() == ["1"] * 4 + ["2"] * 4
    assert source.table[list(PROBABILITIES)].to_numpy()[:4].tolist() == [
        [0, 0, 1], [1, 1, 1], [0, 0, 0], [0, 0, 0],
    ]  # fmt: skip
    named = [[source.table["text"][row][a:b] for a, b, _ in source.table["spans"][row]] for row in range(4)]
    assert named == [
        ["kinase"],
        ["moves", "nuclear and the plasma membrane", "binds", "binds zinc"],
        [],
        ["looked"],
    ]
    assert source.card.citation == sentences.card.citation
    # For other columns of labels the rationale is not known.
    assert read_source(path, aspects_column="aspects_ext").table["spans"].isna().all()


def test_an_annotation_that_leaves_its_sentence_counts_where_it_begins(release: Path) -> None:
    write(xml_path(release, "1", "BP"), xml([("GO:0006810", ["moves", "found"])]))
    sentences = read_craft(release, ["1"])
    assert sentences.card.n_crossing == 1
    assert sentences.table["aspects"].tolist() == ["", "BP,CC", "CC", ""]
    assert [label for _, _, label in rationales(sentences.table)[1]] == [1, 2, 2]


WORDS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=5)
BLANKS = st.text(" \n\t\u2009", min_size=1, max_size=3)


@some(40)
@given(st.lists(st.lists(st.tuples(WORDS, BLANKS), min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_white_space_is_bridged(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[list[tuple[str, str]]]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "aligned"
    text = "".join(word + blank for sentence in drawn for word, blank in sentence)
    sentences = [" ".join(word for word, _ in sentence) for sentence in drawn]
    write(folder / "articles/txt/1.txt", text)
    write(conllu_path(folder, "1"), conllu(sentences))
    found = CraftFolder(folder).sentences("1", text)
    assert [" ".join(text[start:end].split()) for start, end in found] == sentences
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in found)


def table_row(text: str, start: int, end: int, *annotations: tuple[int, int, str, str, str]) -> pd.DataFrame:
    spans = json.dumps(annotations)
    return pd.DataFrame(
        {"start": [start], "end": [end], "text": [text], "aspects_rec": ["BP"], "spans": [spans],
         "spans_ext": [spans]}
    )  # fmt: skip


def test_rationale_is_found_behind_joined_white_space() -> None:
    # In the article, at 100: "cells  move \n away  now"
    text = "cells move away now"
    table = table_row(
        text,
        100,
        123,
        (107, 111, "GO:1", "BP", "move"),
        (107, 118, "GO:2", "CC", "move \n away"),
        (107, 123, "GO:3", "BP", "move ... now"),
        (107, 111, "GO_EXT:1", "MF", "move"),
        (107, 111, "GO:0009294", "BP", "move"),
        (107, 111, "GO:4", "BP", "stay"),
        (90, 111, "GO:4", "BP", "before the cells move"),
        (119, 130, "GO:4", "BP", "now and then"),
    )
    assert rationales(table) == [[(6, 10, 0), (6, 15, 1), (6, 19, 0), (6, 10, 2)]]


def test_a_row_of_another_table_has_no_rationale() -> None:
    assert find_rationale({"text": "A cell.", "aspects_rec": "CC", "start": None}, "A cell.") is None


def test_long_white_space_takes_no_time() -> None:
    text = "a" * 100_000
    table = table_row(text, 0, 300_000, *[(100_000, 200_000, "GO:1", "BP", "a ... b")] * 50)
    assert rationales(table) == [[]]


@pytest.mark.parametrize(
    "spans",
    [
        '[[1e999, 3, "GO:1", "BP", "x"]]',
        "x",
        "[1]",
        '[[1, 2, "a", "XY", "b"]]',
        '[["a", 2, "a", "BP", "b"]]',
        "{",
    ],
)
def test_rationale_of_bad_tables(spans: str) -> None:
    table = table_row("A cell.", 0, 7).assign(spans=spans)
    with pytest.raises(BadCellError) as caught:
        rationales(table)
    assert caught.value.expected == "offsets, and lists of [start, end, class, aspect, surface]"


@pytest.mark.skipif(not SHARED.exists(), reason="needs the CRAFT sentences in ../shared/data")
def test_the_rationale_is_what_the_target_counts() -> None:
    table = pd.read_csv(SHARED, sep="\t", keep_default_na=False, dtype=str)
    spans = rationales(table)
    counts = [",".join(str(sum(one[2] == label for one in found)) for label in range(3)) for found in spans]
    assert counts == table["counts_rec"].tolist()
    assert all(
        0 <= start < end <= len(text)
        for text, found in zip(table["text"], spans, strict=True)
        for start, end, _ in found
    )


def test_article_ids(tmp_path: Path) -> None:
    path = tmp_path / "ids.txt"
    path.write_text("12\n\n 3 \n")
    assert read_article_ids(path) == ["12", "3"]
    path.write_text("12\n../3\n12\nPMC4\n")
    with pytest.raises(DatasetError, match=r"PubMed ids .*, found '\.\./3', 'PMC4', '12'"):
        read_article_ids(path)


def test_articles_that_are_not_there(release: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="expected the articles that are asked for, found no 3, 4"):
        read_craft(release, ["1", "3", "4"])
    with pytest.raises(DatasetError, match=r"found no \.\./txt/1"):
        read_craft(release, ["../txt/1"])
    for articles in ([], ["15917436"]):
        with pytest.raises(DatasetError, match="found a list without any"):
            read_craft(release, articles, with_non_commercial=False)
    for folder, found in ((tmp_path / "none", "no folder"), (tmp_path, "none")):
        with pytest.raises(DatasetError, match=f"with a folder articles/txt, found {found}"):
            read_craft(folder, ["1"])


ENTITY = '<!DOCTYPE annotations [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
BAD: dict[str, tuple[str, str | None, str]] = {
    "no sentences": ("conllu", None, "expected this file of the distribution, found none"),
    "other sentences": (
        "conllu",
        conllu(["A made-up kinase", "The phosphatase"]),
        r"line 7: expected the article's text at character 22, 'kinase binds .*', found 'The phosphatase'",
    ),
    "too few": ("conllu", conllu(SENTENCES[:1]), "up to the end .*from character 16 on, 'The kinase"),
    "too many": ("conllu", conllu([*SENTENCES, "More."]), "text at character 157, '', found 'More.'"),
    "no annotations": ("xml", None, "expected this file of the distribution, found none"),
    "no XML": ("xml", "text", "expected annotations in Knowtator's XML, found Start tag expected"),
    "other XML": ("xml", "<html/>", "XML, found <html>"),
    "entities": ("xml", f"{ENTITY}<annotations>&e;</annotations>", "found a document type with declarations"),
    "deep": ("xml", "<annotations>" + "<a>" * 9999, "found Excessive depth"),
    "no class": (
        "xml",
        '<annotations>\n<annotation><mention id="m"/><span start="0" end="1"/></annotation></annotations>',
        "line 2: expected an annotation with a class.*, found class None",
    ),
    "no span": (
        "xml",
        '<annotations><annotation><mention id="m"/></annotation>'
        '<classMention id="m"><mentionClass id="GO:1"/></classMention></annotations>',
        r"found class GO:1, spans \[\]",
    ),
    "outside": ("xml", xml([("GO:1", ["kinase"])]).replace('end="16"', 'end="999"'), "'end': '999'"),
    "no number": ("xml", xml([("GO:1", ["kinase"])]).replace('end="16"', 'end="x"'), "'end': 'x'"),
    "other words": (
        "xml",
        xml([("GO:1", ["kinase"])]).replace(">kinase<", ">lipase<"),
        "the words of the article there, 'kinase', found 'lipase'",
    ),
    "no mapping": ("mapping", None, "expected this file of the distribution, found none"),
    "bad mapping": ("mapping", "GO_EXT:a\tGO:1\n", r"line 1: expected an extension class .* found 'GO_EXT:a"),
    "half a mapping": ("mapping", "GO_EXT:a\n", r"line 1: expected an extension class"),
    "bytes": ("text", "A made-up\0kinase", "found binary data"),
}  # fmt: skip


@pytest.mark.parametrize(("which", "content", "message"), BAD.values(), ids=BAD)
def test_bad_distributions(release: Path, which: str, content: str | None, message: str) -> None:
    path = {
        "conllu": conllu_path(release, "1"),
        "xml": xml_path(release, "1", "BP"),
        "mapping": release / "concept-annotation/GO_MF/GO_MF+extensions" / craft_files.RELATED_CLASSES,
        "text": release / "articles/txt/1.txt",
    }[which]
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(GotuneError, match=message):
        read_craft(release, ["1"])


def test_large_files_are_not_read(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(craft_files, "MAX_BYTES", 10)
    with pytest.raises(DatasetError, match="expected at most 10 bytes, found a larger file"):
        read_craft(release, ["1"])
