from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from gotune.config import TrainConfig
from gotune.corpus.plain_text import text_key
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, article_folds, read_source
from gotune.errors import DatasetError
from gotune.evaluation import cross_validation
from gotune.evaluation.cross_validation import cross_validate, predict_fold
from gotune.evaluation.sentences.results import TaggingEvaluation
from gotune.evaluation.sentences.run import Predictions
from gotune.model.classifier import AspectClassifier
from gotune.model.light_bundle import read_manifest
from gotune.protocols import Classifier, Trained
from gotune.training.recipes import Recipe
from tests.labelled_sentences import write_sentences

LABELS = ["biological_process", "cellular_component", "molecular_function"]


class Trial(NamedTuple):
    """What is measured, and where its models of two folds are."""

    recipe: Recipe
    source: LabelledSource
    folder: Path

    def validate(
        self, *others: LabelledSource, folder: Path | None = None, **beside: Classifier
    ) -> TaggingEvaluation:
        return cross_validate(
            replace(self.recipe, sentences=[self.source, *others]),
            folder or self.folder,
            n_folds=2,
            beside={f"{name}/": model for name, model in beside.items()},
            offline=True,
        )

    @property
    def folds(self) -> NDArray[np.int64]:
        return np.asarray(article_folds(self.source.table, 2))

    @property
    def truth(self) -> NDArray[np.bool_]:
        return self.source.table[LABELS].to_numpy() >= 0.5


@pytest.fixture(scope="module")
def trial(
    dataset: LabelledDataset, multi_config: TrainConfig, tmp_path_factory: pytest.TempPathFactory
) -> Trial:
    """Articles so long that the sentences of one are enough to choose thresholds by."""
    path = tmp_path_factory.mktemp("folds") / "mine.jsonl"
    path.write_text(write_sentences(n_articles=4, n_each=80), encoding="utf-8")
    config = replace(multi_config, epochs=1, train_size=12)
    return Trial(Recipe(config, dataset), read_source(path), path.parent / "models")


def test_each_fold_is_decided_by_its_own_model_and_thresholds(trial: Trial) -> None:
    found = trial.validate()
    texts = trial.source.table["text"]
    p, levels = np.zeros((2, len(texts), 3))
    for fold in range(2):
        model = AspectClassifier.load(trial.folder / f"fold-{fold + 1}", device="cpu")
        rows = trial.folds == fold
        p[rows], levels[rows] = model.predict_proba(texts[rows].tolist()), model.info.thresholds
    assert len(np.unique(levels[:, 0])) == 2
    assert found.model.macro_f1.value == pytest.approx(f1_score(trial.truth, p >= levels, average="macro"))
    assert [row.threshold for row in found.model.aspects] == pytest.approx(levels.mean(axis=0))
    assert (found.n_sentences, found.n_articles) == (320, 4)


def test_other_sources_lose_what_is_left_out(trial: Trial, tmp_path: Path) -> None:
    source, table = trial.source, trial.source.table
    trial.validate(
        source,
        replace(source, table=table.assign(article="", text=table["text"].str.upper())),
        replace(source, table=table[trial.folds == 0]),
        replace(source, table=table[:9], made_up=True),
        folder=tmp_path,
    )
    for fold, n_sources in enumerate((4, 5)):
        left_out = table[trial.folds == fold]
        model = AspectClassifier.load(tmp_path / f"fold-{fold + 1}", device="cpu")
        seen = model.learned
        assert seen.articles == set(table["article"]) - set(left_out["article"])
        long = {text_key(text) for text in left_out["text"] if len(text.split()) >= 8}
        assert long
        assert not long & seen.texts
        # The source of which nothing remains is gone; the sentences that were made up are all there.
        provenance = read_manifest(tmp_path / f"fold-{fold + 1}").provenance
        assert provenance is not None
        assert len(provenance.sources) == n_sources


def test_what_two_articles_say_is_not_learned_where_it_is_measured(trial: Trial, tmp_path: Path) -> None:
    table = trial.source.table
    names = sorted(table["article"].unique())
    copied = table.assign(article=table["article"].map(dict(zip(names, [*names[1:], names[0]], strict=True))))
    both = pd.concat([table, copied.iloc[:20]], ignore_index=True)
    trial._replace(source=replace(trial.source, table=both)).validate(folder=tmp_path)
    for fold in range(2):
        left_out = both[article_folds(both, 2) == fold]
        seen = AspectClassifier.load(tmp_path / f"fold-{fold + 1}", device="cpu").learned
        assert not {text_key(text) for text in left_out["text"] if len(text.split()) >= 8} & seen.texts


def test_baselines_learn_from_all_that_weigh(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    source = trial.source
    learned: list[int] = []

    def noting(
        classifier: Trained,
        taught: pd.DataFrame,
        left_out: pd.DataFrame,
        beside: Mapping[str, Classifier],
        seed: int,
    ) -> dict[str, Predictions]:
        learned.append(len(taught))
        return predict_fold(classifier, taught, left_out, beside, seed)

    monkeypatch.setattr(cross_validation, "predict_fold", noting)
    names = "other " + source.table["article"]
    other = source.table.assign(article=names, text="So: " + source.table["text"])
    light = replace(source, table=other.assign(article="light"), weight=0.4)
    monkeypatch.setattr(cross_validation, "fit", lambda *_, **__: None)
    trial.validate(replace(source, table=other), light)
    assert learned == [160 + len(other)] * 2


def test_models_of_other_sentences_are_trained_anew(trial: Trial, tmp_path: Path) -> None:
    trial.validate()
    folder = shutil.copytree(trial.folder, tmp_path / "models")
    fewer = trial.source.table.groupby("article").head(48).reset_index(drop=True)
    found = trial._replace(source=replace(trial.source, table=fewer)).validate(folder=folder)
    assert found.n_sentences == 192
    made = [read_manifest(folder / f"fold-{fold}").provenance for fold in (1, 2)]
    assert [one.n_sentences for one in made if one] == [48, 48]


def test_what_cannot_be_measured_is_refused_before_training(
    trial: Trial, tagger: AspectClassifier, tmp_path: Path
) -> None:
    with pytest.raises(DatasetError, match="expected labelled sentences to cut into folds, found none"):
        cross_validate(trial.recipe, tmp_path / "models")
    with pytest.raises(DatasetError, match=r"other/: .* found sentences of 4 articles that it has"):
        trial.validate(folder=tmp_path / "models", other=tagger)
    assert list(tmp_path.iterdir()) == []


def test_a_model_beside_decides_as_its_head_does(trial: Trial, classifier: AspectClassifier) -> None:
    found = trial.validate(single=classifier).baselines[-1]
    chosen = np.eye(3)[classifier.predict_proba(trial.source.table["text"].tolist()).argmax(axis=1)]
    assert found.model == "single/"
    assert found.macro_f1.value == pytest.approx(f1_score(trial.truth, chosen, average="macro"))
