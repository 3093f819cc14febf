"""Weights of words: that they add up, and that occlusion finds the exact weights of a linear model."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline

import gotune.explanation.attribution.gradients
from gotune.aspects import ASPECTS, Aspect
from gotune.config import Precision
from gotune.datasets.definitions import LabelledDataset
from gotune.errors import InputError, MissingExtraError
from gotune.evaluation.baselines import TfidfTagger
from gotune.explanation.attribution.results import Explanation, Method
from gotune.explanation.attribution.run import explain
from gotune.lexicon.lexicon import Lexicon
from gotune.model.calibration import Calibration, log_odds
from gotune.model.classifier import TransformerClassifier
from gotune.model.evidence import Evidence
from gotune.ontology.loading import example_ontology
from gotune.records import Witness
from gotune.testing import FakeClassifier

TEXT = "The enzyme moves sugar (glucose) across the plasma membrane."
HOSTILE = [
    "<script>alert(1)</script> & <b>bold</b>",
    "\u05e9\u05dc\u05d5\u05dd \u202egnp.exe\u202c",
    "cell\u200bwall\u200d\ufeff",
    "\U0001f469\u200d\U0001f52c\U0001f9ec",
    "x",
    "[MASK] [SEP] [PAD]",
    "e\u0301\u0301\u0301",
]


@pytest.fixture(scope="module")
def single(bundle_folder: Path) -> TransformerClassifier:
    return TransformerClassifier.load(bundle_folder, device="cpu", precision=Precision.FP32)


@pytest.fixture(scope="module")
def multi(tagger_folder: Path) -> TransformerClassifier:
    return TransformerClassifier.load(tagger_folder, device="cpu", precision=Precision.FP32)


@pytest.fixture(scope="module")
def witnesses(witnesses_folder: Path) -> TransformerClassifier:
    return TransformerClassifier.load(witnesses_folder, device="cpu", precision=Precision.FP32)


def total(explanation: Explanation) -> float:
    assert explanation.completeness is not None
    return explanation.completeness.baseline + sum(word.weight for word in explanation.words)


@pytest.mark.parametrize("aspect", [None, *ASPECTS])
def test_weights_add_up_to_the_log_odds(single: TransformerClassifier, aspect: Aspect | None) -> None:
    found = explain(single, TEXT, aspect=aspect)
    probabilities = single.predict_proba([TEXT])
    assert found.aspect is (aspect or ASPECTS[probabilities.argmax()])
    assert found.score == pytest.approx(log_odds(probabilities)[0, found.aspect.label], abs=1e-4)
    assert list(found.probabilities) == pytest.approx(probabilities[0])
    assert found.completeness is not None
    assert found.completeness.error <= 0.05
    assert total(found) == pytest.approx(
        found.score, abs=0.05 * abs(found.score - found.completeness.baseline)
    )
    assert (found.text, found.method) == (TEXT, Method.GRADIENTS)
    assert found.model is not None
    assert (found.model.name, found.model.thresholds) == ("model", None)


def test_words_are_those_of_the_text(single: TransformerClassifier) -> None:
    words = explain(single, TEXT).words
    expected = "The enzyme moves sugar ( glucose ) across the plasma membrane .".split()
    assert [word.word for word in words] == expected
    assert all(TEXT[word.start : word.end] == word.word for word in words)


def test_the_score_of_a_masked_text_is_the_baseline(single: TransformerClassifier) -> None:
    n_pieces = len(single.engine.tokenizer(TEXT)["input_ids"]) - 2
    found = explain(single, TEXT)
    masked = single.predict_proba(["[MASK]" * n_pieces])
    assert found.completeness is not None
    assert found.completeness.baseline == pytest.approx(log_odds(masked)[0, found.aspect.label], abs=1e-4)


def test_a_word_gets_what_its_pieces_get(multi: TransformerClassifier) -> None:
    """Against a sum over many small steps, without captum."""
    encoding = multi.engine.tokenizer(TEXT, return_offsets_mapping=True, return_tensors="pt")
    embedding = multi.engine.model.get_input_embeddings()
    ids = encoding["input_ids"]
    inner = torch.tensor([start < end for start, end in encoding["offset_mapping"][0].tolist()])
    blank = torch.where(inner, multi.engine.tokenizer.mask_token_id, ids[0])[None]
    start, end = embedding(blank).detach(), embedding(ids).detach()
    steps = 400
    points = torch.cat([start + (end - start) * (n + 0.5) / steps for n in range(steps)]).requires_grad_()
    multi.engine.model(inputs_embeds=points).logits[:, 1].sum().backward()
    assert points.grad is not None
    pieces = (points.grad.mean(dim=0) * (end - start)[0]).sum(dim=1)
    found = explain(multi, TEXT, aspect=ASPECTS[1])
    for word in found.words:
        own = [
            piece
            for piece, (first, last) in zip(pieces, encoding["offset_mapping"][0].tolist(), strict=True)
            if word.start <= first < last <= word.end
        ]
        assert own
        assert word.weight == pytest.approx(float(sum(own)), abs=2e-3)


def test_steps_are_doubled_until_the_error_is_small(
    single: TransformerClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    monkeypatch.setattr(gotune.explanation.attribution.gradients, "_ENOUGH", -1.0)
    monkeypatch.setattr(gotune.explanation.attribution.gradients, "_STEPS", (1, 2, 4))
    found = explain(single, "A cell wall.")
    assert found.completeness is not None
    steps.append(found.completeness.steps)
    monkeypatch.setattr(gotune.explanation.attribution.gradients, "_ENOUGH", 1e9)
    found = explain(single, "A cell wall.")
    assert found.completeness is not None
    assert [*steps, found.completeness.steps] == [4, 1]


def test_names_are_told_apart_from_the_encoder(multi: TransformerClassifier) -> None:
    with_names = copy(multi)
    lexicon = Lexicon.from_ontology(example_ontology())
    with_names.evidence = Evidence(lexicon)
    assert multi.spec.calibration is not None
    calibration: Calibration = replace(multi.spec.calibration, name_weights=(3.0, 2.0, 1.0))
    with_names.spec = replace(multi.spec, calibration=calibration)
    term = next(term for term in example_ontology().terms() if term.aspect is ASPECTS[1] and term.is_a)
    text = f"It is seen in the {term.name}."
    found = explain(with_names, text, aspect=ASPECTS[1])
    assert found.account is not None
    names = found.account.names
    assert names is not None
    assert term.name in [stretch.text for stretch in names.stretches]
    assert all(text[one.start : one.end] == one.text for one in names.stretches)
    assert names.weight == pytest.approx(2 * lexicon.evidence([text])[0, 1])
    assert found.score == pytest.approx(log_odds(with_names.predict_proba([text]))[0, 1], abs=1e-4)
    # The encoder's part is what it was without.
    alone = explain(multi, text, aspect=ASPECTS[1])
    assert [word.weight for word in found.words] == pytest.approx([word.weight for word in alone.words])
    assert alone.account is not None
    assert alone.account.parts == (("encoder", alone.score),)
    assert found.account.encoder == pytest.approx(alone.score, abs=1e-5)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("aspect", ASPECTS)
def test_witnesses_add_up_to_the_score(
    method: Method, aspect: Aspect, witnesses: TransformerClassifier
) -> None:
    text = "Cells showed less kinase activity in the cell wall."
    found = explain(witnesses, text, aspect=aspect, method=method)
    account = found.account
    assert account is not None
    assert [name for name, _ in account.parts] == ["encoder", "names", "words", "constant"]
    assert found.score == pytest.approx(log_odds(witnesses.predict_proba([text]))[0, aspect.label], abs=1e-4)
    assert found.score == pytest.approx(account.total)
    alone = witnesses.without(Witness.NAMES, Witness.WORDS)
    encoder = log_odds(alone.predict_proba([text]))[0, aspect.label]
    assert account.encoder == pytest.approx(encoder, abs=1e-4)
    assert account.words is not None
    assert account.words.weight == pytest.approx(sum(phrase.weight for phrase in account.words.phrases))
    added = witnesses.phrases_in(text)[0][aspect.label]
    assert account.words.weight + account.constant == pytest.approx(added)
    if method is Method.GRADIENTS:
        assert found.completeness is not None
        assert found.completeness.error <= 0.05
        assert total(found) == pytest.approx(
            encoder, abs=0.05 * abs(encoder - found.completeness.baseline) + 1e-3
        )


def test_a_model_without_its_encoder_is_explained(witnesses: TransformerClassifier) -> None:
    text = "Cells showed less kinase activity."
    fast = witnesses.without(Witness.ENCODER)
    with pytest.raises(InputError, match=r"which has gradients, found a model of names and words, without"):
        explain(fast, text)
    found = explain(fast, text, method="occlusion", aspect=ASPECTS[2])
    account = found.account
    assert account is not None
    assert account.encoder is None
    assert [name for name, _ in account.parts] == ["names", "words", "constant"]
    assert account.total == found.score
    assert found.score == pytest.approx(log_odds(fast.predict_proba([text]))[0, 2])
    assert max(found.words, key=lambda word: word.weight).word in ("kinase", "activity")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("method", Method)
def test_any_visible_text_is_explained(method: Method, text: str, single: TransformerClassifier) -> None:
    found = explain(single, text, method=method)
    assert np.isfinite([word.weight for word in found.words]).all()
    assert len(found.words) > 0
    assert (found.completeness is None) == (method is Method.OCCLUSION)


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u202e"])
def test_nothing_visible_is_refused(text: str, single: TransformerClassifier) -> None:
    with pytest.raises(InputError, match="found nothing that can be seen"):
        explain(single, text)


@pytest.mark.parametrize("method", Method)
def test_a_text_that_would_be_cut_is_refused(method: Method, single: TransformerClassifier) -> None:
    with pytest.raises(InputError, match=r"at most 48 word pieces.*found 602\. Explain it sentence by"):
        explain(single, "cell " * 600, method=method)


def test_a_model_that_only_tells_that_it_cuts_is_asked() -> None:
    assert explain(FakeClassifier(longest=len(TEXT)), TEXT, method="occlusion").words
    with pytest.raises(InputError, match=r"as many word pieces as the model reads, found more\. Explain it"):
        explain(FakeClassifier(longest=len(TEXT) - 1), TEXT, method="occlusion")


def test_more_words_than_can_be_left_out_in_turn_are_refused() -> None:
    with pytest.raises(InputError, match=r"expected at most 2,000 words, found 2,001"):
        explain(FakeClassifier(), "cell " * 2001, method="occlusion")


def test_half_a_surrogate_pair_is_refused(single: TransformerClassifier) -> None:
    with pytest.raises(InputError, match="half a surrogate pair"):
        explain(single, "a \ud800 b")


def test_without_captum_it_is_told_what_to_install(
    single: TransformerClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "captum.attr", None)
    with pytest.raises(MissingExtraError, match=r'pip install "gotune\[explain\]"'):
        explain(single, TEXT)
    assert explain(single, TEXT, method="occlusion").words


@pytest.fixture(scope="module")
def truth(dataset: LabelledDataset) -> tuple[list[str], np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    rows = dataset.parts["train"]
    labels = rows["label"].to_numpy()
    return rows["definition"].tolist(), labels[:, None] == np.arange(len(ASPECTS))


Truth = tuple[list[str], np.ndarray[tuple[int, int], np.dtype[np.bool_]]]


def asked(model: Pipeline | TfidfTagger) -> FakeClassifier:
    """Put a model of scikit-learn behind the protocol."""
    return FakeClassifier(lambda text: model.predict_proba([text])[0])


def test_occlusion_finds_the_weights_of_a_linear_model(truth: Truth) -> None:
    """Without scaling to length one, a word's part of the log-odds is coefficient times TF-IDF."""
    model: Pipeline = make_pipeline(
        TfidfVectorizer(norm=None), OneVsRestClassifier(LogisticRegression(C=0.01, max_iter=1000))
    )
    model.fit(*truth)
    text = max(truth[0], key=len)
    vectorizer = model[0]
    for aspect in ASPECTS:
        found = explain(asked(model), text, aspect=aspect, method="occlusion")
        coefficients = model[1].estimators_[aspect.label].coef_[0]
        for word in found.words:
            column = vectorizer.vocabulary_.get(word.word.lower())
            exact = 0.0 if column is None else coefficients[column] * vectorizer.idf_[column]
            assert word.weight == pytest.approx(exact, abs=1e-6), word


def test_occlusion_is_exact_for_the_baseline(truth: Truth) -> None:
    """Word pairs that the word is in go, a new pair comes, and all is scaled to length one again."""
    model = TfidfTagger(*truth)
    vectorizer, analyse = model.vectorizer, model.vectorizer.build_analyzer()

    def exact(words: list[str], label: int) -> float:
        counts: dict[int, int] = {}
        for term in analyse(" ".join(words)):
            if term in vectorizer.vocabulary_:
                column = vectorizer.vocabulary_[term]
                counts[column] = counts.get(column, 0) + 1
        values = {column: (1 + np.log(n)) * vectorizer.idf_[column] for column, n in counts.items()}
        length = np.sqrt(sum(value**2 for value in values.values()))
        linear = model.models[label]
        assert linear is not None
        parts = (linear.coef_[0, column] * value / length for column, value in values.items())
        return float(linear.intercept_[0] + sum(parts))

    text = max(truth[0], key=len)
    found = explain(asked(model), text, method=Method.OCCLUSION)
    label = found.aspect.label
    words = [word.word for word in found.words]
    assert found.score == pytest.approx(exact(words, label))
    for number, word in enumerate(found.words):
        without = exact(words[:number] + words[number + 1 :], label)
        assert word.weight == pytest.approx(found.score - without, abs=1e-9)


def test_gradients_of_a_linear_model_are_refused_with_what_to_use(truth: Truth) -> None:
    model = TfidfTagger(*truth)
    with pytest.raises(InputError, match=r"which has gradients, found FakeClassifier\. Use occlusion"):
        explain(asked(model), TEXT)


def test_log_odds_are_finite() -> None:
    assert np.isfinite(log_odds(np.array([0.0, 0.5, 1.0]))).all()
    assert log_odds(np.array([0.5, 0.75])) == pytest.approx([0, np.log(3)])
