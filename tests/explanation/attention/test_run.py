from __future__ import annotations

from copy import copy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from gotune.aspects import Head
from gotune.errors import InputError
from gotune.evaluation.baselines import DictionaryTagger
from gotune.explanation.attention.run import attention_of
from gotune.lexicon.dictionary import Dictionary
from gotune.lexicon.lexicon import Lexicon
from gotune.model.classification import classify_as_one
from gotune.model.classifier import TransformerClassifier
from gotune.model.evidence import Evidence
from gotune.ontology.loading import example_ontology
from gotune.records import Witness

TEXT = "The enzyme moves sugar across the membrane."


def test_weights_are_those_of_plain_transformers(
    classifier: TransformerClassifier, bundle_folder: Path
) -> None:
    found = attention_of(classifier, TEXT)
    model = AutoModelForSequenceClassification.from_pretrained(bundle_folder, attn_implementation="eager")
    inputs = AutoTokenizer.from_pretrained(bundle_folder)(TEXT, return_tensors="pt")
    with torch.inference_mode():
        layers = model.eval()(**inputs, output_attentions=True).attentions
    assert found.weights.shape == (2, 2, len(found.pieces), len(found.pieces))
    assert (found.n_layers, found.n_heads) == (2, 2)
    assert found.weights == pytest.approx(torch.cat(layers).numpy(), abs=1e-6)
    assert found.weights.sum(axis=-1) == pytest.approx(np.ones((2, 2, len(found.pieces))), abs=1e-5)
    assert found.weights.dtype == np.float32
    assert not found.weights.flags.writeable


def test_pieces_are_as_the_model_reads_them(classifier: TransformerClassifier) -> None:
    found = attention_of(classifier, TEXT)
    assert found.pieces[0] == "[CLS]"
    assert found.pieces[-1] == "[SEP]"
    assert list(found.pieces) == classifier.engine.tokenizer.convert_ids_to_tokens(
        classifier.engine.tokenizer(TEXT).input_ids
    )
    assert found.classified == classify_as_one(classifier, TEXT)


def test_several_sentences_are_classified_as_they_are_drawn(tagger: TransformerClassifier) -> None:
    both = f"{TEXT} A part of a cell."
    found = attention_of(tagger, both).classified.probabilities
    assert list(found) == pytest.approx(tagger.predict_proba([both])[0])


def test_the_classifier_stays_as_it_was(classifier: TransformerClassifier) -> None:
    texts = [TEXT, "A part of a cell."]
    before = classifier.predict_proba(texts)
    implementation = classifier.engine.model.config._attn_implementation
    assert implementation == "sdpa"
    attention_of(classifier, TEXT)
    assert classifier.engine.model.config._attn_implementation == implementation
    assert classifier.predict_proba(texts).tolist() == before.tolist()


def test_a_tagger_has_attention_too(tagger: TransformerClassifier) -> None:
    found = attention_of(tagger, TEXT)
    assert found.classified.model.head is Head.MULTI
    assert found.beside == ()
    plain = found.to_dict()
    assert plain["text"] == TEXT
    assert np.shape(plain["weights"]) == (2, 2, len(plain["pieces"]), len(plain["pieces"]))


def test_names_beside_the_encoder_are_told(tagger: TransformerClassifier) -> None:
    with_names = copy(tagger)
    with_names.evidence = Evidence(Lexicon.from_ontology(example_ontology()))
    assert attention_of(with_names, TEXT).beside == (Witness.NAMES,)


@pytest.mark.parametrize("text", ["a", "\U0001f9ec", "<script>", "\u05e9\u05dc\u05d5\u05dd"])
def test_odd_text_has_attention(text: str, classifier: TransformerClassifier) -> None:
    found = attention_of(classifier, text)
    assert found.weights.sum(axis=-1) == pytest.approx(np.ones(found.weights.shape[:3]), abs=1e-5)


@pytest.mark.parametrize("text", ["", " \n"])
def test_blank_text_is_refused(text: str, classifier: TransformerClassifier) -> None:
    with pytest.raises(InputError, match="found an empty or blank text"):
        attention_of(classifier, text)


def test_text_longer_than_the_model_reads_is_refused(classifier: TransformerClassifier) -> None:
    assert len(attention_of(classifier, "x " * 46).pieces) == 48
    message = "expected at most 48 word pieces, which is what the model reads, found {}. Give one sentence."
    with pytest.raises(InputError, match=message.format(49)):
        attention_of(classifier, "x " * 47)
    with pytest.raises(InputError, match=message.format("20,002")):
        attention_of(classifier, "x " * 20_000)


def test_what_has_no_attention_is_told_what_it_can_have() -> None:
    tagger = DictionaryTagger(Dictionary.from_ontology(example_ontology()), "2021-12-15")
    with pytest.raises(InputError, match=r"found DictionaryTagger\. .*gotune explain --method occlusion"):
        attention_of(tagger, TEXT)


@pytest.mark.parametrize("attentions", [(), None, (None, None), (torch.ones(1, 2, 3, 3),), "ones"])
def test_an_encoder_without_weights_for_each_pair_is_refused(
    attentions: object, classifier: TransformerClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forward(input_ids: torch.Tensor, **_: object) -> SimpleNamespace:
        n = input_ids.shape[1]
        found = (torch.ones(1, 2, n, n),) if attentions == "ones" else attentions
        return SimpleNamespace(attentions=found, logits=torch.zeros(len(input_ids), 3))

    monkeypatch.setattr(classifier.engine.model, "forward", forward)
    with pytest.raises(InputError, match=r"found BertForSequenceClassification, .*--method occlusion"):
        attention_of(classifier, TEXT)
    assert classifier.engine.model.config._attn_implementation == "sdpa"
