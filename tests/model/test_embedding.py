from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from gotune.aspects import Head
from gotune.errors import InputError
from gotune.model.classifier import TransformerClassifier
from gotune.model.embedding import TextEncoder, Vectors, nearest
from gotune.model.encoders import load_model, load_tokenizer
from gotune.model.engines.torch import TorchEngine

TEXTS = ["Any process.", "The reactions and pathways by which sugars are taken apart.", "A 🧬.", "‮x", ""]


def encoder_of(classifier: TransformerClassifier) -> TextEncoder:
    return classifier.in_float32().encoder


def embedded(classifier: TransformerClassifier, texts: list[str]) -> Vectors:
    return encoder_of(classifier).embed(texts)


def test_a_vector_is_the_mean_of_the_last_hidden_states(classifier: TransformerClassifier) -> None:
    found = embedded(classifier, TEXTS)
    assert found.shape == (5, 32)
    assert found.dtype == np.float32
    for text, vector in zip(TEXTS, found, strict=True):
        inputs = classifier.engine.tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            states = classifier.engine.model(**inputs, output_hidden_states=True).hidden_states[-1]
        mean = states[0].mean(dim=0).numpy()
        assert vector == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)


def test_a_pretrained_encoder_embeds_too_whatever_its_new_head(classifier: TransformerClassifier) -> None:
    source = classifier.spec.encoder
    one, other = (load_model(source, head=Head.SINGLE, seed=seed) for seed in (0, 1))
    tokenizer = load_tokenizer(source)
    found = TextEncoder("one", TorchEngine(one, tokenizer, 48)).embed(TEXTS)
    assert (found == TextEncoder("other", TorchEngine(other, tokenizer, 48)).embed(TEXTS)).all()
    assert not np.allclose(found, embedded(classifier, TEXTS))


def test_long_texts_are_cut_and_one_string_is_refused(classifier: TransformerClassifier) -> None:
    long = "membrane " * 3000
    assert np.allclose(embedded(classifier, [long]), embedded(classifier, [long[: 9 * 1000]]), atol=1e-6)
    assert embedded(classifier, []).shape == (0, 32)
    with pytest.raises(TypeError, match="wrap it in a list"):
        encoder_of(classifier).embed("text")
    with pytest.raises(InputError, match="half a surrogate pair"):
        embedded(classifier, ["\ud800"])


def test_bfloat16_changes_little(classifier: TransformerClassifier) -> None:
    exact = encoder_of(classifier)
    found = replace(exact, engine=replace(exact.engine, bf16=True)).embed(TEXTS)
    assert found.dtype == np.float32
    assert found != pytest.approx(exact.embed(TEXTS), abs=1e-6)
    assert (found * exact.embed(TEXTS)).sum(axis=1) == pytest.approx(1, abs=1e-3)


POINTS = np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0, 1], [1, 0]], dtype=np.float32)


def test_the_nearest_other_rows_come_first() -> None:
    rows, cosines = nearest(POINTS, 2)
    assert rows.tolist() == [[4, 1], [2, 0], [1, 3], [2, 1], [0, 1]]
    assert cosines[0] == pytest.approx([1, 0.8])
    assert cosines[3] == pytest.approx([0.8, 0.6])
    rows, cosines = nearest(POINTS, 9)
    assert rows.shape == cosines.shape == (5, 4)
    assert rows[3].tolist() == [2, 1, 0, 4]
    assert nearest(POINTS[:1], 3)[0].shape == (1, 0)
    assert nearest(POINTS[:0], 3)[0].shape == (0, 0)


def test_blocks_of_rows_give_what_all_at_once_would() -> None:
    generator = np.random.default_rng(0)
    points = generator.normal(size=(1100, 8)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    rows, cosines = nearest(points, 5)
    products = points @ points.T
    np.fill_diagonal(products, -np.inf)
    assert (rows == np.argsort(-products, axis=1)[:, :5]).mean() > 0.999
    assert cosines == pytest.approx(-np.sort(-products, axis=1)[:, :5], abs=1e-5)
