from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.datasets.corpora.annotated import AnnotatedCorpus, AnnotatedDocument, Mention, Passage, gather
from gotune.datasets.corpora.genia import read_genia
from gotune.datasets.corpora.labelling import (
    TypeCount,
    count_types,
    draft_map,
    label_corpus,
    write_sentences,
)
from gotune.datasets.corpora.standoff import read_standoff
from gotune.datasets.corpora.type_map import AspectRule, TypeMap, read_map
from gotune.datasets.labelled import read_source
from gotune.errors import DatasetError, SaveError
from tests.datasets.corpora.written import GENIA, MENTIONS, TEXT, find

MAP = TypeMap(
    BP=AspectRule(types=("Localization", "Expression"), doubtful_types=("Regulation",)),
    CC=AspectRule(types=("Component",)),
    MF=AspectRule(types=("Binding",), doubtful_words=("kinase",)),
    ignored=("Protein", "Organism"),
)


def corpus_of(text: str, *mentions: Mention, files: frozenset[str] = frozenset()) -> AnnotatedCorpus:
    return gather([AnnotatedDocument("one", (Passage(text, mentions),), files)], "here")


def words_of(table: pd.DataFrame) -> list[list[tuple[str, str]]]:
    """Return the words of the spans of each sentence with their aspects."""
    return [
        [(text[start:end], aspect) for start, end, aspect in json.loads(spans)]
        for text, spans in zip(table["text"], table["spans"], strict=True)
    ]


def test_the_table_says_whom_to_cite(tmp_path: Path) -> None:
    sentences = label_corpus(corpus_of(TEXT, *MENTIONS), replace(MAP, citation="Us 2026,\nCC BY 4.0"))
    write_sentences(sentences, tmp_path / "mine.tsv.gz")
    assert read_source(tmp_path / "mine.tsv.gz").card.citation == "Us 2026, CC BY 4.0"


def test_the_table() -> None:
    sentences = label_corpus(corpus_of(TEXT, *MENTIONS), MAP)
    table = sentences.table
    assert list(table.columns) == ["article", "sent_id", "text", "aspects", "judged", "spans", "citation"]
    assert table[["article", "sent_id", "aspects", "judged"]].to_numpy().tolist() == [
        ["one", 0, "none", "BP,CC"],
        ["one", 1, "BP,CC,MF", "BP,CC,MF"],
        ["one", 2, "BP", "BP,CC,MF"],
        ["one", 3, "none", "BP,CC,MF"],
    ]
    assert table["text"].tolist() == [
        "A made-up kinase",
        "Mkk9 binds zinc and moves into the nuclear and the plasma membrane.",
        "Its expression mediates growth.",
        "Nobody looked at E. coli further.",
    ]
    assert words_of(table) == [
        [],
        [
            ("binds", "MF"),
            ("moves", "BP"),
            ("nuclear", "CC"),
            ("plasma membrane", "CC"),
            ("membrane", "CC"),
        ],
        [("expression", "BP")],
        [],
    ]
    card = sentences.card
    assert (card.n_documents, card.n_sentences, card.n_crossing) == (1, 4, 0)
    assert card.carried == {"BP": 2, "CC": 1, "MF": 1}
    assert card.judged == {"BP": 4, "CC": 4, "MF": 3}
    assert (card.unmapped, card.missing) == ((), ())


def test_what_is_doubtful_concerns_sentences_without_the_aspect() -> None:
    text = "It mediates growth. It mediates expression."
    mentions = [find(text, "Regulation", "mediates"), Mention("Regulation", ((23, 31),))]
    table = label_corpus(corpus_of(text, *mentions, find(text, "Expression", "expression")), MAP).table
    assert table["judged"].tolist() == ["CC,MF", "BP,CC,MF"]
    assert table["aspects"].tolist() == ["none", "BP"]


def test_where_nothing_is_judged() -> None:
    only = TypeMap(BP=AspectRule(types=("A",), only_with_types=("A",)))
    table = label_corpus(corpus_of("It grows. It waits.", Mention("A", ((3, 8),))), only).table
    assert table[["aspects", "judged", "spans"]].to_numpy().tolist() == [
        ["BP", "BP", '[[3, 8, "BP"]]'],
        ["none", "none", "[]"],
    ]


def test_a_mention_over_the_end_of_a_sentence_counts_on_both_sides() -> None:
    text = "It binds the plasma.\n\nMembrane proteins move."
    mention = Mention("Component", ((13, 30),))
    sentences = label_corpus(corpus_of(text, mention), MAP)
    assert words_of(sentences.table) == [[("plasma.", "CC")], [("Membrane", "CC")]]
    assert (sentences.card.n_crossing, sentences.card.crossing) == (1, ("one: plasma. Membrane",))


def test_places_are_those_of_the_text_as_it_is_read() -> None:
    """Line ends, broken words and runs of blanks are not as they were in the document."""
    text = "\ufeffIn these cells of roots the  lyso-\nsome \U0001d6fc   of all of them takes\r\nup  zinc."
    kinds = (find(text, "Component", "lyso-\nsome"), find(text, "Localization", "takes\r\nup"))
    table = label_corpus(corpus_of(text, *kinds, find(text, "Binding", " zinc")), MAP).table
    assert table["text"].tolist() == [
        "In these cells of roots the lysosome \U0001d6fc of all of them takes up zinc."
    ]
    assert words_of(table) == [[("lysosome", "CC"), ("takes up", "BP"), ("zinc", "MF")]]


def test_an_aspect_without_a_place_has_no_spans(tmp_path: Path) -> None:
    (tmp_path / "7.xml").write_text(GENIA)
    sentences = label_corpus(read_genia([tmp_path]), read_map("genia"))
    assert sentences.table[["aspects", "judged", "spans"]].to_numpy().tolist() == [
        ["none", "BP", "[]"],  # a kinase by name
        ["MF", "MF", '[[33, 53, "MF"]]'],  # raises, which is bare regulation
        ["BP", "BP,MF", ""],  # expression is somewhere in it
    ]


def test_the_map_of_cancer_genetics(tmp_path: Path) -> None:
    texts = {
        "a": (
            "Mkk9 is expressed in nuclei. Tumours grew. DNA was cut. Mkk9 binds. It is found there. It waits."
        ),
        "b": "Mitochondria swell.",
    }
    mentions = {
        "a.a1": ["Gene_or_gene_product Mkk9", "Cellular_component nuclei", "Cellular_component DNA"],
        "a.a2": ["Gene_expression expressed", "Growth grew", "Binding binds", "Localization found"],
        "b.a1": ["Cellular_component Mitochondria"],
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text)
    number = 0
    for name, found in mentions.items():
        lines = []
        for kind, words in map(str.split, found):
            number += 1
            start = texts[name[0]].index(words)
            lines.append(f"T{number}\t{kind} {start} {start + len(words)}\t{words}\n")
        (tmp_path / name).write_text("".join(lines))
    table = label_corpus(read_standoff([tmp_path]), read_map("cancer-genetics")).table
    assert table[["aspects", "judged"]].to_numpy().tolist() == [
        ["BP,CC", "BP,CC,MF"],
        ["none", "CC,MF"],  # tumours grow
        ["none", "BP,MF"],  # DNA is marked as a component
        ["MF", "BP,CC,MF"],
        ["none", "CC,MF"],  # found there, which is no movement
        ["none", "BP,CC,MF"],
        ["CC", "CC"],  # no events, as in the test part
    ]


def test_the_map_of_anatem() -> None:
    text = "Mitochondria swell. Hearts fail."
    corpus = corpus_of(text, find(text, "Cellular_component", "Mitochondria"), find(text, "Organ", "Hearts"))
    table = label_corpus(corpus, read_map("anatem")).table
    assert table[["aspects", "judged"]].to_numpy().tolist() == [["CC", "CC"], ["none", "CC"]]


def test_types_that_the_map_does_not_name() -> None:
    corpus = corpus_of("It binds zinc.", Mention("Binding", ((3, 8),)), Mention("Ion", ((9, 13),)))
    shown: list[Sequence[TypeCount]] = []
    with pytest.raises(DatasetError, match=r"here: .*found others: Ion \(1\)\. Add .*--ignore-unmapped"):
        label_corpus(corpus, MAP, on_types=shown.append)
    assert shown == [count_types(corpus)]
    card = label_corpus(corpus, MAP, ignore_unmapped=True).card
    assert card.unmapped == ("Ion",)
    assert card.missing == ("Component", "Expression", "Localization", "Organism", "Protein", "Regulation")
    assert card.carried == {"BP": 0, "CC": 0, "MF": 1}


def test_a_map_of_another_corpus() -> None:
    corpus = corpus_of("It binds zinc.", Mention("Protein", ((0, 2),)))
    with pytest.raises(
        DatasetError, match="a type that means an aspect, such as Localization, found Protein"
    ):
        label_corpus(corpus, MAP)
    with pytest.raises(DatasetError, match="such as Localization, found none at all"):
        label_corpus(corpus_of("It binds zinc."), MAP)
    unseen = TypeMap(
        BP=AspectRule(types=("Protein",)), MF=AspectRule(types=("Binding",), only_with_file=".a2")
    )
    with pytest.raises(DatasetError, match=r"judged on each aspect of the map, found none on MF\. Check"):
        label_corpus(corpus, unseen)


def test_types_are_counted_with_examples() -> None:
    text = "Mkk9 binds, bound and bonds Mkk9 " + "x" * 50
    mentions = [find(text, "B", words) for words in ("binds", "bound", "bonds", "Mkk9", "x" * 50)]
    corpus = corpus_of(text, Mention("A", ((28, 32),)), *mentions, Mention("C", ()))
    assert count_types(corpus) == (
        TypeCount("B", 5, 1, ("binds", "bound", "bonds")),
        TypeCount("A", 1, 1, ("Mkk9",)),
        TypeCount("C", 1, 1, ()),
    )
    assert count_types(corpus_of(text, mentions[4]))[0].examples == ("x" * 40,)


def test_a_draft_names_all_types_and_leaves_them_to_be_said(tmp_path: Path) -> None:
    types = (TypeCount('Odd"type', 1200, 3, ("a\x1bb",)), TypeCount("Plain", 1, 1, ()))
    draft = draft_map(types)
    lines = draft.splitlines()
    assert '#   "Odd\\"type",  # 1,200 times, such as a\\x1bb' in lines
    assert '#   "Plain",  # 1 times' in lines
    assert tomllib.loads(draft)["ignored"] == []
    (tmp_path / "map.toml").write_text(draft)
    with pytest.raises(DatasetError, match=r"BP\.types: at least one type"):
        read_map(tmp_path / "map.toml")
    filled = draft.replace("ignored = [\n", "ignored = [\n" + lines[1].lstrip("# ").split("  #")[0] + "\n")
    (tmp_path / "map.toml").write_text(filled.replace("types = [\n", 'types = [\n"A",\n', 1).split("[CC]")[0])
    assert read_map(tmp_path / "map.toml").known() == {'Odd"type', "A"}


def test_written_and_read_as_labelled_sentences(tmp_path: Path) -> None:
    text = TEXT + 'A 5" end.\n'
    sentences = label_corpus(corpus_of(text, *MENTIONS), MAP)
    for name in ("a.tsv", "a.tsv.gz", "b.tsv.gz"):
        write_sentences(sentences, tmp_path / name)
    plain = (tmp_path / "a.tsv").read_bytes()
    assert gzip.decompress((tmp_path / "a.tsv.gz").read_bytes()) == plain
    assert (tmp_path / "a.tsv.gz").read_bytes() == (tmp_path / "b.tsv.gz").read_bytes()
    source = read_source(tmp_path / "a.tsv.gz")
    assert source.table["text"].tolist() == sentences.table["text"].tolist()
    assert source.table["article"].tolist() == ["one"] * 5
    assert source.table["spans"][2] == [(4, 14, 0)]
    with pytest.raises(DatasetError, match=r"ends in \.tsv or \.tsv\.gz, found the suffix '\.csv'"):
        write_sentences(sentences, tmp_path / "a.csv")
    with pytest.raises(DatasetError, match="found no suffix"):
        write_sentences(sentences, tmp_path / "a")
    (tmp_path / "c.tsv").mkdir()
    with pytest.raises(SaveError, match="found a folder"):
        write_sentences(sentences, tmp_path / "c.tsv")
    with pytest.raises(SaveError, match="name too long"):
        write_sentences(sentences, tmp_path / f"{'d' * 300}.tsv")


@given(st.data(), st.text(st.sampled_from("ab\U0001d6fc. \n"), min_size=1, max_size=80))
def test_every_character_of_a_mention_is_marked(data: st.DataObject, drawn: str) -> None:
    text = drawn + "b"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    table = label_corpus(
        corpus_of(text, Mention("Binding", ((start, end),)), Mention("Binding", ((len(drawn), len(text)),))),
        MAP,
    ).table
    whole = label_corpus(corpus_of(text, Mention("Binding", ((0, len(text)),))), MAP).table
    # What stands amid a sentence without being of it (here a line of one stop) is a sentence behind it.
    assert sorted("".join("".join(whole["text"]).split())) == sorted("".join(text.split()))
    # The last letter is always marked, so that there is something to mark.
    marked = [
        sum(
            1
            for offset in range(len(row))
            if row[offset] != " " and any(a <= offset < b for a, b, _ in json.loads(spans))
        )
        for row, spans in zip(table["text"], table["spans"], strict=True)
    ]
    visible = [offset for offset in {*range(start, end), len(text) - 1} if not text[offset].isspace()]
    assert sum(marked) == len(visible)
