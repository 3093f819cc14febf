from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gotune.adaptation.run import adapt
from gotune.aspects import ASPECTS
from gotune.config import Precision
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, card_of
from gotune.errors import DatasetError, InputError, SaveError
from gotune.export.run import export
from gotune.model.bundle import load_bundle
from gotune.model.calibration import log_odds
from gotune.model.classifier import AspectClassifier
from gotune.model.exported import Target
from gotune.model.loading import load_model
from gotune.model.shipped import locate_model
from gotune.model.word_classifier import WordClassifier
from gotune.records import Witness

LABELS = ["biological_process", "cellular_component", "molecular_function"]


def mine(n_articles: int = 8, n_each: int = 10) -> LabelledSource:
    """Return sentences of people who call everything with a fox in it a function, and nothing else."""
    rows = [
        (f"Trial {article} with {'a fox' if number % 2 else 'no bird'} was {number} of all.", f"my {article}")
        for article in range(n_articles)
        for number in range(n_each)
    ]  # fmt: skip
    texts, articles = zip(*rows, strict=True)
    table = pd.DataFrame({"text": texts, "article": articles, "spans": None}).assign(
        biological_process=0.0,
        cellular_component=np.nan,
        molecular_function=[float("fox" in text) for text in texts],
    )
    return LabelledSource(table, card_of(table, name="mine.tsv", sha256="1" * 64))


@pytest.fixture(scope="module")
def adapted_folder(witnesses_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adapted") / "mine"
    adaptation = adapt(witnesses_folder, mine(), folder, device="cpu")
    assert [aspect.short for aspect in adaptation.adapted] == ["MF"]
    assert [aspect.short for aspect in adaptation.left] == ["BP", "CC"]
    assert adaptation.unit == "article"
    assert {gain.name: gain.verdict for gain in adaptation.gains}["calibration error"] == "gain"
    assert [gain.aspect for gain in adaptation.gains] == [None] * 3 + [ASPECTS[2]] * 3
    return folder


def test_a_folder_is_adapted_though_a_shipped_model_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(locate_model("fast"), "papers")
    adapt("papers/", mine(), "of_a_name")
    adapt(Path("papers"), mine(), "of_a_path")
    for made in ("of_a_name", "of_a_path"):
        assert isinstance(load_model(made), WordClassifier)


def test_words_learn_what_the_sentences_say(adapted_folder: Path, witnesses_folder: Path) -> None:
    before, after = (
        AspectClassifier.load(folder, device="cpu") for folder in (witnesses_folder, adapted_folder)
    )
    texts = ["A fox was counted.", "A bird was counted."]
    shift = log_odds(after.predict_proba(texts)) - log_odds(before.predict_proba(texts))
    assert shift[0, 2] > shift[1, 2] + 1
    assert shift[:, :2] == pytest.approx(np.zeros((2, 2)), abs=1e-4)
    assert after.info.thresholds is not None
    assert before.info.thresholds is not None
    assert after.info.thresholds[:2] == before.info.thresholds[:2]
    assert after.info.thresholds[2] != before.info.thresholds[2]
    table = mine().table
    decided = after.predict_proba(table["text"].tolist())[:, 2] >= after.info.thresholds[2]
    assert (decided == table["molecular_function"]).mean() > 0.9


def test_it_fits_without_its_encoder_too(adapted_folder: Path, witnesses_folder: Path) -> None:
    texts = mine().table["text"].tolist()
    before, after = (
        WordClassifier.load(folder).predict_proba(texts) for folder in (witnesses_folder, adapted_folder)
    )
    assert after[:, :2] == pytest.approx(before[:, :2], abs=1e-3)
    assert after[1::2, 2].min() > after[::2, 2].max()


def test_what_was_done_goes_along(adapted_folder: Path, witnesses_folder: Path) -> None:
    made, shipped = load_bundle(adapted_folder), load_bundle(witnesses_folder)
    assert made.learned.articles == shipped.learned.articles | {f"my {article}" for article in range(8)}
    assert made.learned.go_ids == shipped.learned.go_ids
    (adaptation,) = made.manifest.adaptations
    assert adaptation.source == mine().card
    assert shipped.manifest.adaptations == ()
    assert made.manifest.provenance == shipped.manifest.provenance
    card = (adapted_folder / "README.md").read_text(encoding="utf-8")
    assert (
        "Adapted to 80 sentences of mine.tsv: molecular function. As it was: biological process and" in card
    )
    assert "| calibration error |" in card
    assert "| calibration error, molecular function |" in card
    with pytest.raises(DatasetError, match="sentences of 8 articles that it has"):
        adapt(adapted_folder, mine(), adapted_folder.parent / "again", device="cpu")


def test_all_aspects_can_be_adapted(witnesses_folder: Path, tmp_path: Path) -> None:
    source = mine()
    function = source.table["molecular_function"]
    whole = replace(source, table=source.table.assign(**dict.fromkeys(LABELS, function)))
    adaptation = adapt(witnesses_folder, whole, tmp_path / "mine", device="cpu")
    assert (adaptation.adapted, adaptation.left) == (ASPECTS, ())
    card = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    assert (
        "Adapted to 80 sentences of mine.tsv: biological process, cellular component and molecular function. "
        "Figures are cross-validated, by article" in card
    )


def test_sentences_without_articles_stand_by_themselves(witnesses_folder: Path, tmp_path: Path) -> None:
    source = mine()
    loose = replace(source, table=source.table.assign(article=""))
    assert adapt(witnesses_folder, loose, tmp_path / "mine", device="cpu").unit == "sentence"


def test_what_cannot_be_adapted_is_refused(
    witnesses_folder: Path, tagger_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    with pytest.raises(InputError, match="expected another folder than that of the model"):
        adapt(witnesses_folder, mine(), witnesses_folder)
    with pytest.raises(
        InputError, match="expected one with words, which the papers preset makes, found one without"
    ):
        adapt(tagger_folder, mine(), folder)
    few, one = mine(4, 12), mine(1, 60)
    with pytest.raises(DatasetError, match=r"mine\.tsv: expected at least 50 labelled sentences, found 48"):
        adapt(witnesses_folder, few, folder)
    with pytest.raises(DatasetError, match="sentences of two articles or more"):
        adapt(witnesses_folder, one, folder)
    same = mine().table.assign(molecular_function=1.0)
    with pytest.raises(
        DatasetError, match=r"found biological process 0 and 80; .* molecular function 80 and 0"
    ):
        adapt(witnesses_folder, replace(mine(), table=same), folder)
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(SaveError, match="found something else in it"):
        adapt(witnesses_folder, mine(), folder)
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_model_that_needs_no_torch_is_adapted_as_its_parent(
    adapted_folder: Path, witnesses_folder: Path, dataset: LabelledDataset, tmp_path: Path
) -> None:
    export(witnesses_folder, tmp_path / "small", Target.ONNX_FP32, measured_on=[dataset])
    adaptation = adapt(tmp_path / "small", mine(), tmp_path / "mine")
    texts = mine().table["text"].tolist()
    expected = load_model(adapted_folder, device="cpu", precision=Precision.FP32).predict_proba(texts)
    found = load_model(tmp_path / "mine")
    assert found.predict_proba(texts) == pytest.approx(expected, abs=0.02)
    assert found.without(Witness.ENCODER).predict_proba(texts) == pytest.approx(
        WordClassifier.load(adapted_folder).predict_proba(texts), abs=0.02
    )
    (before, after) = ((tmp_path / name / "README.md").read_text() for name in ("small", "mine"))
    assert "definitions (10): accuracy" in before
    assert "definitions (10): accuracy" not in after  # of the model before it was adapted
    assert ", before it was adapted." in after
    assert " The weights have this but for what it was adapted by: slopes" in after
    assert (tmp_path / "mine/model.onnx").read_bytes() == (tmp_path / "small/model.onnx").read_bytes()
    assert adaptation.adapted == (ASPECTS[2],)
    twice = replace(mine(), table=mine().table.assign(article=lambda t: "again " + t["article"]))
    twice.table["text"] = "Once more: " + twice.table["text"]
    assert adapt(tmp_path / "mine", twice, tmp_path / "twice").adapted == (ASPECTS[2],)


def test_words_and_names_alone_are_adapted(witnesses_folder: Path, tmp_path: Path) -> None:
    export(witnesses_folder, tmp_path / "fast", Target.NO_ENCODER)
    adaptation = adapt(tmp_path / "fast", mine(), tmp_path / "mine")
    assert {gain.name: gain.verdict for gain in adaptation.gains}["calibration error"] == "gain"
    before, after = load_model(tmp_path / "fast"), load_model(tmp_path / "mine")
    texts = ["A fox was counted.", "A bird was counted."]
    shift = log_odds(after.predict_proba(texts)) - log_odds(before.predict_proba(texts))
    assert shift[0, 2] > shift[1, 2] + 1
    assert shift[:, :2] == pytest.approx(np.zeros((2, 2)), abs=1e-3)
    assert after.info.thresholds is not None
    assert before.info.thresholds is not None
    assert after.info.thresholds[2] != before.info.thresholds[2]
