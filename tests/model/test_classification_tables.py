from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import ASPECTS
from gotune.corpus.documents import Document
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.sentences import split_sentences
from gotune.errors import TableError
from gotune.lexicon.lexicon import Lexicon
from gotune.model.calibration import Calibration
from gotune.model.classification_tables import ClassifiedTable, check_table, classify_rows, classify_table
from gotune.model.classifier import AspectClassifier
from gotune.model.evidence import Evidence
from gotune.named import NamedTerm, NamedTerms
from gotune.protocols import Classifier
from gotune.records import Reads
from gotune.testing import INFO, FakeClassifier
from tests.examples import some
from tests.lexicon.named_terms import named_ontology

COLD = "It was a cold day, on Sunday."
NAMES = [aspect.value for aspect in ASPECTS]
LOW, HIGH = "0.100000", "0.900000"
FIRST, SECOND, NEITHER = (HIGH, LOW, LOW), (LOW, HIGH, LOW), (LOW, LOW, LOW)
WHOLE = replace(INFO, reads=Reads.TEXT)
ROWS: list[dict[str, object]] = [
    {"id": 1, "text": "The process of the cell was slow. A component of the membrane."},
    {"id": 2, "text": " "},
    {"id": 3, "text": COLD},
]


def write_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def run(model: Classifier, source: Path, target: Path, *, by_sentence: bool = False) -> ClassifiedTable:
    return classify_table(model, source, [target], text_column="text", by_sentence=by_sentence)


def read_rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_row_gets_what_its_sentences_carry(tmp_path: Path) -> None:
    source, target = write_rows(tmp_path / "a.jsonl", ROWS), tmp_path / "b.jsonl"
    found = run(FakeClassifier(longest=30), source, target)
    assert found == ClassifiedTable(
        INFO, rows=3, texts=2, truncated=1, doubts={"not about biology": 1}, scattered=0, read=3, blank=0
    )
    both, none = dict(zip(NAMES, (0.9, 0.9, 0.1), strict=True)), dict.fromkeys(NAMES, 0.1)
    assert read_rows(target) == [
        {**ROWS[0], "aspects": "biological_process,cellular_component", **both, "doubt": ""},
        {**ROWS[1], "aspects": None, **dict.fromkeys(NAMES), "doubt": None},
        {**ROWS[2], "aspects": "none", **none, "doubt": "not about biology"},
    ]


def test_each_sentence_may_get_a_row(tmp_path: Path) -> None:
    source, target = write_rows(tmp_path / "a.jsonl", ROWS), tmp_path / "b.csv"
    found = run(FakeClassifier(), source, target, by_sentence=True)
    assert found == ClassifiedTable(
        INFO, rows=4, texts=2, truncated=0, doubts={"not about biology": 1}, scattered=0, read=3, blank=0
    )
    with target.open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["id", "text", "row", "start", "end", "role", "aspects", *NAMES, "doubt"]
    assert rows == [
        ["1", "The process of the cell was slow.", "1", "0", "33", "sentence", NAMES[0], *FIRST, ""],
        ["1", "A component of the membrane.", "1", "34", "62", "sentence", NAMES[1], *SECOND, ""],
        ["2", " ", *[""] * 9],
        ["3", COLD, "3", "0", "29", "sentence", "none", *NEITHER, "not about biology"],
    ]


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SENTENCES = st.lists(st.sampled_from(["The process. ", "A component! ", "Function\n\n", "Cold. "])).map(
    "".join
)


@some(30)
@given(texts=st.lists(st.one_of(TEXT, SENTENCES), max_size=5))
def test_the_places_of_sentences_give_back_the_text(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    texts = ["One.", *texts]
    folder = tmp_path_factory.getbasetemp()
    source = write_rows(folder / "a.jsonl", [{"text": text} for text in texts])
    with patch("gotune.model.classification_tables.ROWS_AT_ONCE", 2):
        run(FakeClassifier(), source, folder / "b.jsonl", by_sentence=True)
    rows = [row for row in read_rows(folder / "b.jsonl") if row["row"] is not None]
    found = [(row["row"], row["start"], row["end"], row["text"]) for row in rows]
    assert found == [
        (number, sentence.start, sentence.end, sentence.text)
        for number, text in enumerate(texts, start=1)
        for sentence in split_sentences(text)
        if VISIBLE.search(text)
    ]


def test_rows_of_an_article_are_read_together(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"text": "One. Two.", "pmid": 1},
        {"text": "Three.", "pmid": 1},
        {"text": "Four.", "pmid": None},
    ]
    source = write_rows(tmp_path / "a.jsonl", rows)
    model = FakeClassifier()
    run(model, source, tmp_path / "b.jsonl")
    assert model.asked == [[("One.", "1"), ("Two.", "1"), ("Three.", "1"), ("Four.", "")]]


def test_an_abbreviation_counts_in_all_rows_of_its_article(tagger: AspectClassifier, tmp_path: Path) -> None:
    named = copy(tagger)
    named.evidence = Evidence(Lexicon.from_ontology(named_ontology()))
    named.spec = replace(tagger.spec, calibration=Calibration((1.0,) * 3, (0.0,) * 3, (3.0,) * 3))
    assert named.info.reads is Reads.SENTENCE
    texts = ["The sugar kinase (SK) is bound.", "SK moves away.", "SK moves away."]
    expected = named.predict_proba(texts, articles=["1", "1", "2"])
    assert tuple(expected[1]) != tuple(expected[2])
    target = tmp_path / "b.parquet"
    for name in ("article", "pmid", "paper"):
        rows = [{"text": text, name: article} for text, article in zip(texts, "112", strict=True)]
        source = write_rows(tmp_path / "a.jsonl", rows)
        column = "paper" if name == "paper" else None
        classify_table(named, source, [target], text_column="text", article_column=column)
        assert (pd.read_parquet(target)[NAMES].to_numpy() == expected).all()
    alone = write_rows(tmp_path / "a.jsonl", [{"text": text} for text in texts])
    run(named, alone, target)
    assert (pd.read_parquet(target)[NAMES].to_numpy() == named.predict_proba(texts)).all()


@pytest.mark.parametrize("reads", Reads)
def test_whole_texts_and_single_sentences_are_put_to_the_model_as_they_are(
    reads: Reads, classifier: AspectClassifier, tmp_path: Path
) -> None:
    model = copy(classifier)
    model.spec = replace(classifier.spec, reads=reads)
    several = "It binds a small ion. It is found in the cell wall."
    texts = ["A part of a cell.", "  Moves sugar across the membrane. "]
    texts += [several] if reads is Reads.TEXT else []
    source = write_rows(tmp_path / "a.jsonl", [{"text": text, "id": 1} for text in texts])
    run(model, source, tmp_path / "b.parquet")
    assert (pd.read_parquet(tmp_path / "b.parquet")[NAMES].to_numpy() == model.predict_proba(texts)).all()


def test_a_model_of_whole_texts_does_not_ask_for_articles(tmp_path: Path) -> None:
    rows = [{"text": "One. Two.", "article": article} for article in ("x", "x", "y")]
    source = write_rows(tmp_path / "a.jsonl", rows)
    model = FakeClassifier(info=WHOLE)
    with patch("gotune.model.classification_tables.ROWS_AT_ONCE", 1):
        run(model, source, tmp_path / "b.jsonl")
    assert model.asked == [[("One. Two.", "")]] * 3
    by_sentence = FakeClassifier(info=WHOLE)
    assert run(by_sentence, source, tmp_path / "b.jsonl", by_sentence=True).rows == 6
    assert [article for _, article in by_sentence.asked[0]] == ["x", "x", "x", "x", "y", "y"]


def test_terms_are_named_by_article_also_beside_a_model_of_whole_texts(tmp_path: Path) -> None:
    rows = [{"text": "A process.", "article": article} for article in ("x", "y")]
    source, target = write_rows(tmp_path / "a.jsonl", rows), tmp_path / "b.jsonl"
    asked: list[str] = []

    def name(documents: Iterable[Document]) -> Iterator[NamedTerms]:
        known = list(documents)
        asked.extend(one.article for one in known)
        return name_words(known)

    model = FakeClassifier(info=WHOLE)
    classify_rows(model, check_table(source, [target], text_column="text"), [target], name_terms=name)
    assert (asked, model.asked) == (["x", "y"], [[("A process.", "")] * 2])


def test_articles_that_are_far_apart_are_counted(tmp_path: Path) -> None:
    rows = [{"text": "One.", "article": article} for article in "xyzx"]
    source = write_rows(tmp_path / "a.jsonl", rows)
    with patch("gotune.model.classification_tables.ROWS_AT_ONCE", 2):
        assert run(FakeClassifier(), source, tmp_path / "b.jsonl").scattered == 1
    assert run(FakeClassifier(), source, tmp_path / "b.jsonl").scattered == 0


def test_a_table_that_was_classified_before_is_refused(tmp_path: Path) -> None:
    source, target = write_rows(tmp_path / "a.jsonl", ROWS), tmp_path / "b.jsonl"
    run(FakeClassifier(), source, target)
    with pytest.raises(TableError, match=r"columns to add .*, found aspects, .*, doubt\. Rename"):
        run(FakeClassifier(), target, target)


def test_one_target_is_no_sequence(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "a.jsonl", ROWS)
    with pytest.raises(TypeError, match="wrap it in a list"):
        classify_table(FakeClassifier(), source, tmp_path / "b.jsonl", text_column="text")  # type: ignore[arg-type]


def name_words(documents: Iterable[Document]) -> Iterator[NamedTerms]:
    """Name a term for each of the words process and component, sentence by sentence."""

    def found(text: str) -> tuple[NamedTerm, ...]:
        return tuple(
            NamedTerm(f"GO:{number}", f"a {word}", aspect, 0.5)
            for number, (word, aspect) in enumerate(zip(("process", "component"), ASPECTS, strict=False))
            if word in text
        )

    for one in documents:
        sentences = split_sentences(one.text)
        yield NamedTerms("2021-12-15", found(one.text), tuple(found(each.text) for each in sentences))


def test_terms_get_columns_of_their_own(tmp_path: Path) -> None:
    source, target = write_rows(tmp_path / "a.jsonl", ROWS), tmp_path / "b.tsv"
    table = check_table(source, [target], text_column="text", terms=True)
    found = classify_rows(FakeClassifier(), table, [target], name_terms=name_words)
    assert (found.named, found.release) == (1, "2021-12-15")
    assert found.to_dict()["named"] == 1
    rows = list(csv.reader(target.read_text().splitlines(), delimiter="\t"))
    assert [row[-2:] for row in rows] == [
        ["go_ids", "terms"],
        ["GO:0|GO:1", "a process|a component"],
        ["", ""],
        ["", ""],
    ]
    sentences = tmp_path / "c.jsonl"
    found = classify_rows(FakeClassifier(), table, [sentences], by_sentence=True, name_terms=name_words)
    assert found.named == 2
    assert [(row["row"], row["go_ids"], row["terms"]) for row in read_rows(sentences)] == [
        (1, "GO:0", "a process"),
        (1, "GO:1", "a component"),
        (None, None, None),
        (3, "", ""),
    ]
    named = write_rows(tmp_path / "d.jsonl", [{"text": COLD, "terms": ""}])
    assert "named" not in run(FakeClassifier(), named, target).to_dict()
    with pytest.raises(TableError, match="found terms"):
        check_table(named, [target], text_column="text", terms=True)
