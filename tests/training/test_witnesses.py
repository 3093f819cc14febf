"""Words that go along with a model: what it says with them, and without its encoder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from gotune.aspects import Head, Prefer
from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, truth_of
from gotune.errors import BundleError, ConfigError, InputError
from gotune.model.calibration import Said, fit_calibration, log_odds
from gotune.model.classifier import AspectClassifier
from gotune.model.word_classifier import WordClassifier
from gotune.model.words import CONSTANT, WordModel
from gotune.records import Witness
from gotune.training.examples import choose_examples
from gotune.training.recipes import Material
from gotune.training.run import fit
from gotune.training.words import Rows, cross_fit, feature_matrix

TEXTS = ["Cells showed less kinase activity.", "Larvae were counted twice.", ""]


def test_a_model_asks_all_three(witnesses_folder: Path) -> None:
    model = AspectClassifier.load(witnesses_folder)
    assert model.witnesses == (Witness.ENCODER, Witness.NAMES, Witness.WORDS)
    calibration = model.spec.calibration
    words = model.evidence.words
    assert calibration is not None
    assert words is not None
    assert min(calibration.word_weights) > 0
    assert model.without(Witness.NAMES, Witness.WORDS).info == replace(
        model.info, encoder=f"{model.spec.encoder} without names and words"
    )
    assert model.info.encoder == model.spec.encoder
    found = log_odds(model.predict_proba(TEXTS))
    alone = log_odds(model.without(Witness.WORDS).predict_proba(TEXTS))
    added = calibration.evidence(Said(words=words.log_odds(TEXTS)))
    assert found - alone == pytest.approx(added, abs=1e-5)
    for text, row in zip(TEXTS, added, strict=True):
        whole, phrases = model.phrases_in(text)
        assert whole == pytest.approx(row)
        constant = calibration.evidence(Said(words=constant_of(words, text)))
        assert sum((phrase.log_odds for phrase in phrases), constant) == pytest.approx(row)
    assert model.uncalibrated(model.predict_proba(TEXTS), TEXTS) == pytest.approx(
        model.without(Witness.WORDS).uncalibrated(model.without(Witness.WORDS).predict_proba(TEXTS), TEXTS)
    )


def test_words_are_weighed_by_what_they_say_of_other_articles(
    dataset: LabelledDataset, sentences: LabelledSource, multi_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(multi_config, words=True, epochs=1, rationale_weight=0.0)
    fit(Material(dataset, [sentences]), config, tmp_path / "model")
    examples = choose_examples(dataset, [sentences], config)
    rows = pd.concat([examples.taught, examples.calibration], ignore_index=True)
    lesson, definitions = (
        Rows(one["text"].tolist(), truth_of(one), one["weight"].to_numpy(float))
        for one in (rows, examples.definitions)
    )
    words, honest = cross_fit(lesson, rows["article"].tolist(), definitions)
    spec = AspectClassifier.load(tmp_path / "model").spec
    assert spec.words is not None
    for said, is_used in ((honest, True), (words.log_odds(lesson.texts), False)):
        slopes = fit_calibration(said, lesson.truth, Head.MULTI).slopes
        assert (spec.words.calibration.slopes == pytest.approx(slopes)) is is_used


def constant_of(words: WordModel, text: str) -> NDArray[np.float64]:
    """Return what no word says, mixed by how much a text reads as a definition."""
    assert words.of_definitions is not None
    (reads_as_one,) = feature_matrix([text]) @ words.of_definitions[:, 3]
    share = 1 / (1 + np.exp(-reads_as_one))
    found: NDArray[np.float64] = (1 - share) * words.weights[CONSTANT] + share * words.of_definitions[
        CONSTANT, :3
    ]
    return found


def test_without_its_encoder_it_is_a_model_of_its_own(witnesses_folder: Path) -> None:
    model = AspectClassifier.load(witnesses_folder)
    fast = model.without(Witness.ENCODER)
    assert isinstance(fast, WordClassifier)
    assert model.spec.words is not None
    assert fast.info.thresholds == model.spec.words.thresholds
    assert fast.learned == model.learned
    rows = fast.predict_proba(TEXTS)
    assert rows[0, 2] > rows[1, 2]
    assert (fast.without(Witness.NAMES).predict_proba(TEXTS[1:]) == rows[1:]).all()


def test_words_that_were_not_learned_cannot_judge_alone(tagger: AspectClassifier) -> None:
    assert tagger.witnesses == (Witness.ENCODER,)
    assert not tagger.phrases_in(TEXTS[0])[0].any()
    with pytest.raises(InputError, match="or train a model with words"):
        tagger.without(Witness.ENCODER)


def test_definitions_teach_words_where_there_are_no_sentences(
    dataset: LabelledDataset, multi_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(multi_config, words=True, epochs=1, rationale_weight=0.0)
    fit(Material(dataset), config, tmp_path / "model")
    model = AspectClassifier.load(tmp_path / "model")
    part = dataset.parts["train"]
    rows = model.without(Witness.ENCODER).predict_proba(part["definition"].tolist())
    assert np.mean(rows.argmax(axis=1) == part["label"]) > 0.8


def test_another_array_of_words_is_refused(witnesses_folder: Path, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    small: NDArray[np.float16] = np.zeros((3, 3), np.float16)
    for number, values in enumerate(({"weights": small}, {"other": small})):
        copy = tmp_path / str(number)
        copy.mkdir()
        for file in witnesses_folder.iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
        save_file(values, copy / "words.safetensors")
        with pytest.raises(BundleError, match=r"found words\.safetensors"):
            AspectClassifier.load(copy)
        with pytest.raises(BundleError, match=r"found words\.safetensors: "):
            AspectClassifier.load(copy, verify=False)


def test_words_need_the_multi_head() -> None:
    with pytest.raises(ConfigError, match="words: expected no words with the single head"):
        TrainConfig(head=Head.SINGLE, words=True)


def test_thresholds_for_a_use_go_along(witnesses_folder: Path, tagger_folder: Path) -> None:
    model = AspectClassifier.load(witnesses_folder)
    spec = model.spec
    assert spec.words is not None
    for prefer, use, alone in zip(Prefer, spec.uses, spec.words.uses, strict=True):
        assert (use.prefer, alone.prefer) == (prefer, prefer)
        preferring = model.preferring(prefer)
        assert preferring.info.thresholds == use.thresholds
        assert preferring.without(Witness.ENCODER).info.thresholds == alone.thresholds
        fast = WordClassifier.load(witnesses_folder).preferring(prefer)
        assert fast.info.thresholds == alone.thresholds
    assert model.info.thresholds == model.preferring(Prefer.BALANCE).info.thresholds
    card = (witnesses_folder / "README.md").read_text(encoding="utf-8")
    assert f"| precision | {spec.uses[2].thresholds[0]:.3f}: " in card
    older = AspectClassifier.load(tagger_folder)
    older.spec = replace(older.spec, uses=())
    with pytest.raises(InputError, match=r"^prefer recall: expected a model with thresholds for this use"):
        older.preferring(Prefer.RECALL)
    assert older.preferring(Prefer.BALANCE).info == older.info
