from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, card_of, truth_of
from gotune.errors import DatasetError
from gotune.evaluation.corpora.results import CorpusEvaluation
from gotune.evaluation.corpora.run import cross_validate_corpora, split_corpora
from gotune.model.classifier import AspectClassifier
from gotune.training.recipes import Recipe

LABELS = ["biological_process", "cellular_component", "molecular_function"]


def corpus(sentences: LabelledSource, name: str, articles: slice, **labels: Any) -> LabelledSource:  # noqa: ANN401 (columns)
    """Return articles of the sentences as a corpus of their own, with other labels."""
    names = sorted(set(sentences.table["article"]))[articles]
    rows = sentences.table[sentences.table["article"].isin(names)].reset_index(drop=True)
    table = rows.assign(article=f"{name}:" + rows["article"], text=rows["text"] + f" {name}", **labels)
    return LabelledSource(table, card_of(table, name=f"{name}.tsv.gz", sha256="0" * 64))


@pytest.fixture(scope="module")
def recipe(dataset: LabelledDataset, multi_config: TrainConfig, sentences: LabelledSource) -> Recipe:
    processes = {**dict.fromkeys(LABELS, np.nan), "biological_process": 1.0, "spans": None}
    sources = [
        corpus(sentences, "one", slice(0, 3)),
        corpus(sentences, "two", slice(2, 5), cellular_component=np.nan),
        corpus(sentences, "three", slice(3, 6), **processes),
    ]
    return Recipe(replace(multi_config, epochs=1, train_size=12), dataset, sources)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpora")


@pytest.fixture(scope="module")
def found(recipe: Recipe, folder: Path) -> CorpusEvaluation:
    return cross_validate_corpora(recipe, folder, offline=True)


def test_each_corpus_is_measured_by_a_model_of_the_others(
    found: CorpusEvaluation, recipe: Recipe, folder: Path
) -> None:
    assert list(found.corpora) == ["one", "two"]
    assert found.unmeasured == ("three",)
    one, two, three = (source.table for source in recipe.sentences if isinstance(source, LabelledSource))
    for name, table, others in (("one", one, (two, three)), ("two", two, (one, three))):
        model = AspectClassifier.load(folder / name, device="cpu")
        assert model.learned.articles == {article for other in others for article in other["article"]}
        probabilities = model.predict_proba(table["text"].tolist())
        truth = truth_of(table)
        areas = [
            roc_auc_score(truth[:, label], probabilities[:, label])
            for label in range(3)
            if not np.isnan(truth[:, label]).any()
        ]
        assert found.corpora[name].model.macro_auroc.value == pytest.approx(np.mean(areas))
    assert found.corpora["two"].judged == (24, 0, 24)


def test_each_model_has_its_mean(found: CorpusEvaluation) -> None:
    assert found.models == ("model", "always the same", "TF-IDF + logistic regression")
    for number, mean in enumerate(found.means):
        one, two = (evaluation.rows[number] for evaluation in found.corpora.values())
        assert mean.macro_auroc.value == (one.macro_auroc.value + two.macro_auroc.value) / 2
        interval = mean.macro_auroc.interval
        assert interval.low <= mean.macro_auroc.value <= interval.high
    # What says the same of every sentence has the average precision of chance.
    shares = [row.support / row.judged for row in found.corpora["two"].rows[1].aspects if row.judged]
    assert found.corpora["two"].rows[1].macro_average_precision.value == pytest.approx(np.mean(shares))
    written: dict[str, Any] = found.to_dict()
    assert written["means"][0]["macro_auroc"]["value"] == found.means[0].macro_auroc.value
    assert list(written["corpora"]) == ["one", "two"]


def test_models_that_are_there_are_not_trained_again(
    found: CorpusEvaluation, recipe: Recipe, folder: Path
) -> None:
    made = {path: path.stat().st_mtime_ns for path in folder.glob("*/gotune.json")}
    assert len(made) == 2
    assert cross_validate_corpora(recipe, folder, offline=True) == found
    assert {path: path.stat().st_mtime_ns for path in made} == made


def test_what_cannot_be_measured_is_refused_before_training(
    recipe: Recipe, sentences: LabelledSource, tagger: AspectClassifier, tmp_path: Path
) -> None:
    one, _, three = recipe.sentences
    everything = {**dict.fromkeys(LABELS, 1.0), "spans": None}
    refused: list[tuple[list[Any], str]] = [
        (
            [],
            "expected labelled sentences of two corpora or more, each of which is left out once, found none",
        ),
        ([one], r"found one, one\. Give more files"),
        (
            [one, corpus(sentences, "five", slice(0, 1))],
            "at least two articles in each .* those of one in five",
        ),
        ([one, one], "expected a name of its own for each corpus, found the name one twice"),
        ([three, corpus(sentences, "four", slice(0, 2), **everything)], "found none among three, four"),
    ]
    for sources, message in refused:
        with pytest.raises(DatasetError, match=message):
            cross_validate_corpora(replace(recipe, sentences=sources), tmp_path / "models", offline=True)
    known = [corpus(sentences, "", slice(0, 3)), sentences]
    with pytest.raises(DatasetError, match="that it has"):
        cross_validate_corpora(
            replace(recipe, sentences=known), tmp_path / "models", beside={"tagger/": tagger}, offline=True
        )
    assert not (tmp_path / "models").exists()


def test_corpora_of_the_same_articles_cannot_be_told_apart(
    recipe: Recipe, sentences: LabelledSource, tmp_path: Path
) -> None:
    copy = replace(sentences, card=replace(sentences.card, name="copy.tsv"))
    with pytest.raises(DatasetError, match="found the same sentences or articles in all others"):
        cross_validate_corpora(replace(recipe, sentences=[sentences, copy]), tmp_path, offline=True)


def names_of(source: LabelledSource) -> list[str]:
    return [part.card.name for part in split_corpora(source)]


def test_a_file_may_hold_several_corpora(recipe: Recipe, sentences: LabelledSource) -> None:
    one, two, three = (source for source in recipe.sentences if isinstance(source, LabelledSource))
    table = pd.concat([two.table, one.table, three.table, two.table], ignore_index=True)
    whole = replace(one, table=table, weight=0.5, card=replace(one.card, name="all.tsv", citation="work"))
    parts = split_corpora(whole)
    assert [(part.card.name, part.card.n_rows) for part in parts] == [("two", 48), ("one", 24), ("three", 24)]
    assert parts[1].table.equals(one.table)
    assert {(part.weight, part.card.citation) for part in parts} == {(0.5, "work")}
    # One corpus, no colon, an article without one, and sentences that were made up.
    assert names_of(one) == ["one.tsv.gz"]
    assert names_of(sentences) == ["mine.jsonl"]
    unnamed = table["article"].where(table.index > 0, "")
    assert names_of(replace(whole, table=table.assign(article=unnamed))) == ["all.tsv"]
    assert names_of(replace(whole, made_up=True)) == ["all.tsv"]


def test_the_corpora_of_a_file_are_left_out_as_those_of_several(
    recipe: Recipe, folder: Path, found: CorpusEvaluation
) -> None:
    tables = [source.table for source in recipe.sentences if isinstance(source, LabelledSource)]
    table = pd.concat(tables, ignore_index=True)
    whole = LabelledSource(table, card_of(table, name="all.tsv", sha256="0" * 64))
    made = {path: path.stat().st_mtime_ns for path in folder.glob("*/gotune.json")}
    assert cross_validate_corpora(replace(recipe, sentences=[whole]), folder, offline=True) == found
    assert {path: path.stat().st_mtime_ns for path in made} == made
