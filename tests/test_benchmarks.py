"""Benchmarks whose figures are chosen by: that they leave out what they say, on a tiny encoder."""

from __future__ import annotations

import ast
import runpy
import sys
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from gotune.aspects import ASPECTS
from gotune.config import TrainConfig
from gotune.datasets.labelled import LabelledSource, article_folds, card_of, read_source, truth_of
from gotune.model.classifier import AspectClassifier
from gotune.protocols import Classifier
from gotune.records import Witness
from gotune.training.recipes import Recipe
from tests.labelled_sentences import write_sentences

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "sources.py"
UNJUDGED = {"genia": [1], "cg": [], "anatem": [0, 2]}
"""Labels that a corpus says nothing of."""

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="the benchmarks are not here")


def test_what_benchmarks_take_of_gotune_is_there() -> None:
    missing = [
        f"{path.name}: {node.module}.{alias.name}"
        for path in sorted(SCRIPT.parent.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "gotune"
        for alias in node.names
        if not _has(node.module or "", alias.name)
    ]
    assert missing == []


def _has(module: str, name: str) -> bool:
    try:
        return hasattr(import_module(module), name) or find_spec(f"{module}.{name}") is not None
    except ModuleNotFoundError:
        return False


@pytest.fixture(scope="module")
def sources() -> dict[str, Any]:
    """What benchmarks/sources.py defines."""
    return runpy.run_path(str(SCRIPT))


@pytest.fixture(scope="module")
def craft(tmp_path_factory: pytest.TempPathFactory) -> LabelledSource:
    """Eleven articles: two or three a fold."""
    path = tmp_path_factory.mktemp("craft") / "craft.jsonl"
    path.write_text(write_sentences(n_articles=11), encoding="utf-8")
    return read_source(path)


@pytest.fixture(scope="module")
def others(sentences: LabelledSource) -> list[LabelledSource]:
    """Three corpora with sentences of their own, two of which judge some aspects only."""
    return [corpus(sentences.table, name, unjudged) for name, unjudged in UNJUDGED.items()]


def corpus(rows: pd.DataFrame, name: str, unjudged: list[int]) -> LabelledSource:
    spans = [[span for span in spans if span[2] not in unjudged] for spans in rows["spans"]]
    table = rows.assign(
        text=rows["text"].str[:-1] + f" of {name}.",
        article=f"{name}:" + rows["article"],
        spans=pd.Series(spans, dtype=object),
        **{ASPECTS[label].value: np.nan for label in unjudged},
    )
    return LabelledSource(table, card_of(table, name=name, sha256="0" * 64))


def split_of(craft: LabelledSource, others: list[LabelledSource], split: int) -> list[pd.DataFrame]:
    """Return what a split leaves out: a fold and a corpus."""
    folds = article_folds(craft.table, 5)
    return [craft.table[folds == split], others[split].table]


def test_a_fold_and_a_corpus_are_left_out_and_measured(
    sources: dict[str, Any], craft: LabelledSource, others: list[LabelledSource],
    multi_config: TrainConfig, example_release: Path, tmp_path: Path,
) -> None:  # fmt: skip
    small = {**multi_config.to_dict(), "train_size": 12, "epochs": 1, "lexicon": True, "words": True}
    small["name_sentences"] = 5
    asked = ["base"], [0, 2], craft, others, tmp_path
    found = list(sources["run"](*asked, **small))
    rows = [line.strip("| ").split(" | ") for line in found[2:]]
    assert [row[:3] for row in rows] == [
        ["base", left_out, witnesses]
        for left_out in ("fold 0, genia", "fold 2, anatem", "mean of 2")
        for witnesses in ("encoder", "and names", "and names, words")
    ]
    *by_split, means = np.array([row[3:] for row in rows], dtype=float).reshape(3, 3, 3)
    assert means == pytest.approx(np.mean(by_split, axis=0), abs=1.01e-4)
    articles = {article for source in (craft, *others) for article in source.table["article"]}
    for split, measured in zip((0, 2), by_split, strict=True):
        fold, other = split_of(craft, others, split)
        bundle = tmp_path / "base" / f"fold-{split}-{others[split].card.name}"
        model = AspectClassifier.load(bundle, device="cpu")
        assert model.learned.articles == articles - set(fold["article"]) - set(other["article"])
        left_out: tuple[tuple[Witness, ...], ...] = ((Witness.NAMES, Witness.WORDS), (Witness.WORDS,), ())
        for witnesses, row in zip(left_out, measured, strict=True):
            rest = model.without(*witnesses)
            assert row == pytest.approx([*areas_of(rest, fold), areas_of(rest, other)[0]], abs=5.1e-5)
    made = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*/gotune.json")}
    assert len(made) == 2
    assert list(sources["run"](*asked, **small)) == found
    assert {path: path.stat().st_mtime_ns for path in made} == made


def areas_of(model: Classifier, table: pd.DataFrame) -> tuple[float, float]:
    """Return macro ROC-AUC and average precision over the aspects judged."""
    said = model.predict_proba(table["text"].tolist(), articles=table["article"].tolist())
    truth = truth_of(table)
    pairs = [(truth[:, label], said[:, label]) for label in range(3) if not np.isnan(truth[:, label]).any()]
    areas = [(roc_auc_score(*pair), average_precision_score(*pair)) for pair in pairs]
    auroc, precision = np.mean(areas, axis=0)
    return float(auroc), float(precision)


def test_variants_differ_from_the_papers_recipe_in_what_they_say(
    sources: dict[str, Any], craft: LabelledSource, others: list[LabelledSource]
) -> None:
    left_out = split_of(craft, others, 1)

    def recipe_of(variant: str) -> Recipe:
        recipe: Recipe = sources["recipe_of"](craft, others, left_out, **sources["VARIANTS"][variant])
        return recipe

    def read(recipe: Recipe) -> list[LabelledSource]:
        return [source for source in recipe.sentences if isinstance(source, LabelledSource)]

    base = recipe_of("base")
    plain = Recipe.papers(base.sentences)
    assert base == plain
    assert [(source.card.name, source.weight) for source in read(base)] == [
        ("craft.jsonl", 1.0), ("genia", 0.7), ("anatem", 0.7)
    ]  # fmt: skip
    weights = {
        "craft-alone": [1.0],
        "weight-0.5": [1.0, 0.5, 0.5],
        "weight-1": [1.0, 1.0, 1.0],
        "no-spans": [1.0, 0.7, 0.7],
    }
    for variant, expected in weights.items():
        recipe = recipe_of(variant)
        assert [source.weight for source in read(recipe)] == expected
        assert recipe.config == base.config
    known = [source.table["spans"].notna().any() for source in read(recipe_of("no-spans"))]
    assert known == [True, False, False]
    settings: dict[str, dict[str, Any]] = {
        "no-intercepts": {"source_intercepts": False},
        "seed-7": {"seed": 7},
        "mpnet": {"encoder": "all-mpnet-base-v2", "batch_size": 32, "learning_rate": 5e-5},
        "three-epochs": {"epochs": 3},
    }
    for variant, changed in settings.items():
        assert recipe_of(variant).config == replace(base.config, **changed)
    assert {"base", *weights, *settings} == set(sources["VARIANTS"])


def test_what_is_absent_is_named(
    sources: dict[str, Any], sentence_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = tmp_path / "no.tsv.gz"
    for files, message in (
        ([absent, sentence_file], r"no\.tsv\.gz: no such file; it is craft_dev\.tsv\.gz of the CRAFT"),
        ([sentence_file, absent], r"no\.tsv\.gz: no such file; it is other_dev\.tsv\.gz, sentences of genia"),
        ([sentence_file, sentence_file], r"articles named as genia:article, found those of mine\.jsonl\."),
    ):
        monkeypatch.setattr(sys, "argv", ["sources.py", *map(str, files)])
        with pytest.raises(SystemExit, match=message):
            sources["main"]()


@pytest.mark.parametrize("name", ["tfidf", "tfidf-svm"])
def test_contestants_of_the_frontier_learn_what_is_judged(
    name: str, craft: LabelledSource, tmp_path: Path
) -> None:
    contestants = runpy.run_path(str(SCRIPT.parent / "frontier" / "contestants.py"))
    rows = craft.table.assign(weight=1.0)
    rows.loc[::7, ASPECTS[1].value] = np.nan
    one = contestants["CONTESTANTS"][name]
    one.fit(rows, tmp_path / name)
    scores = one.load(tmp_path / name, True)(rows["text"].tolist())
    for label, aspect in enumerate(ASPECTS):
        judged = rows[aspect.value].notna()
        assert roc_auc_score(rows[aspect.value][judged], scores[judged.to_numpy(), label]) > 0.9


def test_a_speed_is_of_texts_that_were_not_asked_before() -> None:
    worker = runpy.run_path(str(SCRIPT.parent / "frontier" / "worker.py"))
    seen: list[str] = []

    def ask(texts: list[str]) -> None:
        seen.extend(texts)

    found = worker["speed"](ask, [f"definition {number}" for number in range(400)], ["a sentence"] * 3)
    assert len(seen) == len(set(seen)) + 2  # the sentence, asked three times
    assert found["per_second"] > 0
    assert found["p50_ms"] <= found["p99_ms"]


def test_a_work_folder_of_the_frontier_is_of_one_split(tmp_path: Path) -> None:
    run = runpy.run_path(str(SCRIPT.parent / "frontier" / "run.py"))
    run["keep_split"](1, tmp_path)
    run["keep_split"](1, tmp_path)
    with pytest.raises(SystemExit, match=r"expected a work folder of split 0, found one of split 1$"):
        run["keep_split"](0, tmp_path)
    (tmp_path / "split.json").unlink()
    (tmp_path / "frontier.json").write_text('{"left_out": {"fold": 2}}')  # as older runs left it
    with pytest.raises(SystemExit, match="found one of split 2"):
        run["keep_split"](1, tmp_path)


def test_sizes_of_the_frontier_are_of_what_is_read(tmp_path: Path) -> None:
    run = runpy.run_path(str(SCRIPT.parent / "frontier" / "run.py"))
    sizes = {
        "st-onnx-int8/heads.npy": 1, "st-onnx-int8/encoder/onnx/model.onnx": 100,
        "st-onnx-int8/encoder/onnx/model_qint8_avx2.onnx": 20, "setfit/model.safetensors": 3,
        "setfit/run/checkpoint-500/model.safetensors": 300, "papers-torch/model.safetensors": 4,
        "papers-torch/lexicon.safetensors": 400, "tfidf-names/words.json": 5,
        "papers-int8/lexicon.safetensors": 50, "papers-int8/model.onnx": 7,
    }  # fmt: skip
    for name, size in sizes.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"0" * size)
    wanted = {"st-onnx-int8": 21, "setfit": 3, "pipeline-1": 4, "papers-torch": 404, "papers-int8": 57}
    wanted["tfidf-names"] = 55
    assert {name: round(run["megabytes"](name, tmp_path) * 1e6) for name in wanted} == wanted
