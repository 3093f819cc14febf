"""Which rows a run learns from, and that nothing stands on both sides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from transformers import AutoTokenizer

from gotune.aspects import Head
from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, card_of
from gotune.errors import DatasetError
from gotune.training.examples import choose_examples, encode_rows, fingerprint_of

CONFIG = TrainConfig(head=Head.MULTI)


def source(
    rows: Sequence[tuple[str, str]], *, weight: float = 1.0, name: str = "mine.tsv", made_up: bool = False
) -> LabelledSource:
    """Make a source of (text, article)."""
    texts, articles = zip(*rows, strict=True)
    columns = {"biological_process": 1.0, "cellular_component": 0.0, "molecular_function": 0.0}
    table = pd.DataFrame({"text": texts, "article": articles}).assign(**columns, spans=None)
    return LabelledSource(table, card_of(table, name=name, sha256="0" * 64), weight=weight, made_up=made_up)


def papers(prefix: str = "Sentence", n_articles: int = 20) -> list[tuple[str, str]]:
    return [
        (f"{prefix} {number} of article {article} has at least eight words.", f"article {article}")
        for article in range(n_articles)
        for number in range(3)
    ]


def test_what_is_set_apart_of_one_source_is_not_learned_from_another(dataset: LabelledDataset) -> None:
    ours = papers()
    # The second has other sentences of the same articles, the third the same sentences of no article.
    theirs, copies = papers("Another sentence")[::-1], [(text.upper(), "") for text, _ in ours]
    sources = [source(ours), source(theirs), source(copies), source(copies, made_up=True)]
    found = choose_examples(dataset, sources, CONFIG)
    apart = found.calibration
    assert not (set(found.train["article"]) & set(apart["article"])) - {""}
    assert not set(found.train["text"].str.upper()) & set(apart["text"].str.upper())
    assert len(found.train) > found.learned.n_definitions


def test_what_two_articles_of_a_source_say_is_not_on_both_sides(dataset: LabelledDataset) -> None:
    twice = [*papers(), *((text, f"preprint of {article}") for text, article in papers())]
    found = choose_examples(dataset, [source(twice)], CONFIG)
    assert len(found.calibration)
    assert not set(found.train["text"]) & set(found.calibration["text"])


def test_one_source_keeps_all_that_is_not_set_apart(dataset: LabelledDataset) -> None:
    found = choose_examples(dataset, [source(papers())], CONFIG)
    learned = found.train["text"][found.learned.n_definitions :]
    assert sorted([*learned, *found.calibration["text"]]) == sorted(text for text, _ in papers())
    assert len(found.calibration) == 6


def test_texts_of_test_parts_are_refused(dataset: LabelledDataset) -> None:
    definition = {part: rows["definition"].iloc[0] for part, rows in dataset.parts.items()}
    for part, text in definition.items():
        copied = source([*papers(), (text.upper(), "")])
        if part in ("train", "validation"):
            choose_examples(dataset, [copied], CONFIG)
            continue
        with pytest.raises(DatasetError, match=r"mine\.tsv: expected no text that is a definition of a test"):
            choose_examples(dataset, [copied], CONFIG)
        choose_examples(dataset, [replace(copied, made_up=True)], CONFIG)


@pytest.mark.parametrize(
    ("weights", "kept"),
    [((1.0, 5.0), {1.0, 5.0}), ((1.0, 0.5), {1.0, 0.5}), ((0.1, 0.3), {0.3}), ((3.0, 0.4), {3.0})],
)
def test_sources_of_little_weight_do_not_calibrate(
    dataset: LabelledDataset, weights: tuple[float, ...], kept: set[float]
) -> None:
    sources = [source(papers(f"Number {weight}"), weight=weight) for weight in weights]
    assert set(choose_examples(dataset, sources, CONFIG).calibration["weight"]) == kept


def test_definitions_calibrate_where_there_is_no_sentence(dataset: LabelledDataset) -> None:
    for sources in ([], [source(papers(), made_up=True)]):
        found = choose_examples(dataset, sources, CONFIG)
        assert found.calibration.equals(found.validation)


def test_other_rows_of_the_same_file_are_other_data(dataset: LabelledDataset) -> None:
    one = source(papers())
    table = one.table
    spans = [[(0, 3, 0)], *[None] * (len(table) - 1)]
    others = [
        replace(one, table=table[1:]),
        replace(one, table=table.assign(molecular_function=0.5)),
        replace(one, table=table.assign(article="")),
        replace(one, table=table.assign(spans=pd.Series(spans, dtype=object))),
        replace(one, table=table.assign(text=table["text"] + "!")),
        replace(one, weight=2.0),
        replace(one, made_up=True),
    ]
    found = {fingerprint_of(dataset, [other]) for other in (one, *others)}
    assert len(found) == 1 + len(others)
    assert fingerprint_of(dataset, []) == dataset.fingerprint
    assert fingerprint_of(dataset, [source(papers(), name="renamed.tsv")]) == fingerprint_of(dataset, [one])


def test_the_fingerprint_of_texts_that_are_judged_on_all_is_what_it_was(dataset: LabelledDataset) -> None:
    one = source(papers(n_articles=2))
    spans: list[object] = [[(0, 3, 0)], *[None] * 5]
    one = replace(one, table=one.table.assign(spans=pd.Series(spans, dtype=object)))
    content = [
        1.0,
        False,
        [[1.0, 0.0, 0.0]] * 6,
        *(one.table[c].tolist() for c in ("text", "article", "spans")),
    ]
    whole = f"{dataset.fingerprint}\n{json.dumps(content)}"
    assert fingerprint_of(dataset, [one]) == hashlib.sha256(whole.encode()).hexdigest()
    partly = replace(one, table=one.table.assign(cellular_component=float("nan")))
    content[2] = [[1.0, None, 0.0]] * 6
    whole = f"{dataset.fingerprint}\n{json.dumps(content)}"
    assert fingerprint_of(dataset, [partly]) == hashlib.sha256(whole.encode()).hexdigest()


def test_targets_and_rationale_are_nan_where_nobody_has_judged(tiny_encoder: Path) -> None:
    rows = source([("Cells divide.", "a"), ("Cells divide.", "b")]).table
    rows["cellular_component"] = [0.0, np.nan]
    rows["spans"] = pd.Series([[(0, 5, 0)]] * 2, dtype=object)
    rows["weight"], rows["source"] = 1.0, 1
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    found = encode_rows(tokenizer, rows, replace(CONFIG, rationale_weight=1.0))
    assert repr(found.targets.tolist()) == "[[1.0, 0.0, 0.0], [1.0, nan, 0.0]]"
    whole, partly = found.rationale
    assert len(whole) == len(partly) == len(found.ids[0])
    assert partly[:, [0, 2]].tolist() == whole[:, [0, 2]].tolist()
    assert (whole[:, 1] == 0).all()
    assert np.isnan(partly[:, 1]).all()
    assert whole[:, 0].any()
    assert found.sources.tolist() == [1, 1]
    assert found.n_sources == 2


def test_an_aspect_without_a_place_is_not_taught_to_stand_nowhere(tiny_encoder: Path) -> None:
    rows = source([("Cells divide.", "a"), ("Cells divide.", "b"), ("Cells divide.", "c")]).table
    rows["spans"] = pd.Series([[], [(0, 5, 0)], [(0, 5, 1)]], dtype=object)
    rows["weight"], rows["source"] = 1.0, 1
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    found = encode_rows(tokenizer, rows, replace(CONFIG, rationale_weight=1.0)).rationale
    unknown = [np.isnan(np.asarray(marked)).all(axis=0).tolist() for marked in found]
    assert unknown == [[True, False, False], [False, False, False], [True, False, False]]


def test_each_source_has_its_number(dataset: LabelledDataset) -> None:
    sources = [
        source(papers("One")),
        source(papers("Another"), name="other.tsv"),
        source([("A cell.", "")], made_up=True),
    ]
    found = choose_examples(dataset, sources, CONFIG)
    numbers = found.train["source"].to_numpy()
    assert set(numbers[: found.learned.n_definitions]) == {0}
    assert list(dict.fromkeys(numbers)) == [0, 1, 2, 3]
    assert set(found.train["text"][numbers == 3]) == {"A cell."}
    assert set(found.taught["source"]) == {1, 2}
    assert len(found.definitions) == found.learned.n_definitions
    assert set(found.calibration["source"]) == {1, 2}
