"""Models for ONNX Runtime answer as those of torch do, need none, and say what they lost."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import BPE
from transformers import AutoConfig, AutoModelForSequenceClassification, PreTrainedModel

from gotune.aspects import ASPECTS
from gotune.config import Precision
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource
from gotune.errors import BundleError, ConfigError, DatasetError, EncoderError, InputError
from gotune.explanation.attention.run import attention_of
from gotune.explanation.attribution.results import Method
from gotune.explanation.attribution.run import explain
from gotune.export.graph import draw_graph
from gotune.export.pieces import few_pieces, texts_of
from gotune.export.run import export
from gotune.model.bundle import load_bundle
from gotune.model.classifier import AspectClassifier
from gotune.model.engines.onnx import INPUT, open_session
from gotune.model.exported import Target
from gotune.model.light_bundle import read_manifest
from gotune.model.word_classifier import WordClassifier
from gotune.ontology.loading import load_ontology
from gotune.records import Witness

TEXTS = ["Catalysis of the reaction of glucose.", "A part of the cell wall.", "[SEP] a", "growth " * 80]


@pytest.fixture(scope="module")
def onnx_folder(
    witnesses_folder: Path, dataset: LabelledDataset, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("onnx") / "small"
    export(witnesses_folder, folder, Target.ONNX_FP32, measured_on=[dataset])
    return folder


def test_it_answers_as_the_model_does(onnx_folder: Path, witnesses_folder: Path) -> None:
    # Where a processor has matrix products in bf16, the model would take these.
    model = AspectClassifier.load(witnesses_folder, device="cpu", precision=Precision.FP32)
    small = AspectClassifier.load(onnx_folder)
    expected, n_cut = model.predict_and_count(TEXTS)
    found, n_cut_too = small.predict_and_count(TEXTS)
    assert n_cut == n_cut_too == 1
    assert np.abs(found - expected).max() < 1e-4
    assert small.info.encoder == model.info.encoder
    assert small.witnesses == model.witnesses


def test_the_answer_to_a_text_is_the_same_whatever_stands_beside_it(
    witnesses_folder: Path, dataset: LabelledDataset, tmp_path: Path
) -> None:
    export(witnesses_folder, tmp_path / "small", Target.ONNX_INT8, measured_on=[dataset], force=True)
    together = AspectClassifier.load(tmp_path / "small", threads=2).predict_proba(TEXTS)
    alone = AspectClassifier.load(tmp_path / "small", threads=1)
    for text, expected in zip(TEXTS, together, strict=True):
        assert alone.predict_proba([text])[0] == pytest.approx(expected, abs=1e-12)  # of sums of words
    assert alone.predict_proba([]).shape == (0, len(ASPECTS))
    assert (alone.predict_proba(TEXTS) != AspectClassifier.load(witnesses_folder).predict_proba(TEXTS)).all()


def test_the_bundle_says_what_was_lost(
    onnx_folder: Path,
    dataset: LabelledDataset,
    sentences: LabelledSource,
    bundle_folder: Path,
    tmp_path: Path,
) -> None:
    manifest = read_manifest(onnx_folder)
    assert manifest.spec.kind == "onnx"
    assert manifest.export is not None
    (agreement,) = manifest.export.agreements
    assert (agreement.texts, agreement.n_texts) == ("definitions", len(dataset.parts["test"]))
    assert agreement.largest < 1e-4
    assert agreement.loss == pytest.approx(0, abs=1e-9)
    card = (onnx_folder / "README.md").read_text(encoding="utf-8")
    assert "Made for ONNX Runtime, its weights as they were." in card
    assert "Probabilities moved: those of definitions by 0.0000 on the mean" in card
    assert "| definitions (" in card
    assert (
        "gotune adds what names of terms (`lexicon.safetensors`) and words (`words.safetensors`) in" in card
    )
    assert "transformers" not in card.partition("## Settings")[0]
    # A model that has not learned from the sentences is measured on these as well.
    found = export(bundle_folder, tmp_path / "small", Target.ONNX_FP32, measured_on=[sentences])
    assert [one.texts for one in found.agreements] == ["mine.jsonl"]
    assert list(found.agreements[0].figures) == [
        "macro ROC-AUC",
        "macro average precision",
        "balanced accuracy",
        "calibration error",
    ]


@pytest.mark.parametrize("target", [Target.ONNX_FP32, Target.ONNX_INT8])
def test_a_graph_tells_nothing_of_the_machine_that_drew_it(bundle_folder: Path, target: Target) -> None:
    graph = draw_graph(load_bundle(bundle_folder).model, 48, target)
    for told in (b".py", str(Path(__file__).parents[2]).encode(), b"site-packages"):
        assert told not in graph


def test_a_loss_is_refused(
    witnesses_folder: Path, dataset: LabelledDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gotune.export.run.MOST_LOST", -0.5)
    with pytest.raises(InputError, match=r"expected a loss of at most -0\.5 in each figure, found "):
        export(witnesses_folder, tmp_path / "small", Target.ONNX_FP32, measured_on=[dataset])
    assert not (tmp_path / "small").exists()


def test_there_has_to_be_something_to_measure_on(witnesses_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="definitions or labelled sentences, on which the new model"):
        export(witnesses_folder, tmp_path / "small")


def test_what_was_learned_from_measures_nothing(
    witnesses_folder: Path, sentences: LabelledSource, tmp_path: Path
) -> None:
    with pytest.raises(DatasetError, match="that the model has not learned from"):
        export(witnesses_folder, tmp_path / "small", measured_on=[sentences])


def test_it_is_exported_once(onnx_folder: Path, dataset: LabelledDataset, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"found one for ONNX Runtime\. Ask it to classify"):
        export(onnx_folder, tmp_path / "again", measured_on=[dataset])


def test_device_and_precision_are_settled(onnx_folder: Path) -> None:
    with pytest.raises(ConfigError, match="device: expected auto or cpu for a model that was exported"):
        AspectClassifier.load(onnx_folder, device="cuda")
    with pytest.raises(ConfigError, match="precision: expected auto for a model"):
        AspectClassifier.load(onnx_folder, precision=Precision.BF16)


def test_its_words_and_names_answer_alone_too(onnx_folder: Path, witnesses_folder: Path) -> None:
    expected = WordClassifier.load(witnesses_folder).predict_proba(TEXTS)
    assert WordClassifier.load(onnx_folder).predict_proba(TEXTS).tolist() == expected.tolist()
    without = AspectClassifier.load(onnx_folder).without(Witness.ENCODER)
    assert without.predict_proba(TEXTS).tolist() == expected.tolist()


def test_it_is_explained_by_occlusion(onnx_folder: Path) -> None:
    small = AspectClassifier.load(onnx_folder)
    found = explain(small, TEXTS[0], method=Method.OCCLUSION)
    assert found.account is not None
    assert found.account.total == pytest.approx(found.score)
    with pytest.raises(InputError, match=r"found a model that was exported to ONNX Runtime\. Use occlusion"):
        explain(small, TEXTS[0], method=Method.GRADIENTS)
    with pytest.raises(InputError, match="attention"):
        attention_of(small, TEXTS[0])


def test_it_needs_no_torch(onnx_folder: Path) -> None:
    code = (
        "import sys; sys.modules['torch'] = sys.modules['transformers'] = None\n"
        "from gotune import AspectClassifier\n"
        f"model = AspectClassifier.load({str(onnx_folder)!r})\n"
        "print(model.predict_proba(['A part of the cell wall.']).shape)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "(1, 3)\n"


def test_a_model_saved_without_its_encoder_answers_the_same(witnesses_folder: Path, tmp_path: Path) -> None:
    export(witnesses_folder, tmp_path / "fast", Target.NO_ENCODER)
    assert sorted(path.name for path in (tmp_path / "fast").iterdir()) == [
        "README.md",
        "gotune.json",
        "learned.json",
        "lexicon.safetensors",
        "words.safetensors",
    ]
    before, after = (WordClassifier.load(folder) for folder in (witnesses_folder, tmp_path / "fast"))
    assert np.array_equal(after.predict_proba(TEXTS), before.predict_proba(TEXTS))
    assert (after.spec.has_encoder, replace(after.spec, kind=before.spec.kind)) == (False, before.spec)
    assert after.learned == before.learned
    card = (tmp_path / "fast/README.md").read_text(encoding="utf-8")
    assert "\nof words and names alone, from " in card
    assert "WordClassifier.load" in card
    assert "transformers" not in card.partition("## Settings")[0]
    # Once more is the same, and an encoder is asked for in vain.
    export(tmp_path / "fast", tmp_path / "again", Target.NO_ENCODER)
    for path in (tmp_path / "fast").iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()
    with pytest.raises(
        BundleError, match="which has attention, gradients and vectors, found words and names alone"
    ):
        AspectClassifier.load(tmp_path / "fast")


def test_an_encoder_is_left_out_of_another_folder_alone(
    witnesses_folder: Path, bundle_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="another folder than that of the model"):
        export(witnesses_folder, witnesses_folder, Target.NO_ENCODER)
    with pytest.raises(
        InputError, match="words or names that can judge a text without the encoder, found none"
    ):
        export(bundle_folder, tmp_path / "fast", Target.NO_ENCODER)
    assert not (tmp_path / "fast").exists()


def test_a_model_with_fewer_word_pieces_reads_what_has_them_as_before(
    bundle_folder: Path, dataset: LabelledDataset, tmp_path: Path
) -> None:
    texts = ["Catalysis of the reaction of glucose.", "A part of the cell wall."]
    folder = tmp_path / "small"
    export(bundle_folder, folder, Target.ONNX_FP32, measured_on=[dataset], pieces_of=texts, force=True)
    whole, small = AspectClassifier.load(bundle_folder, device="cpu"), AspectClassifier.load(folder)
    assert np.abs(small.predict_proba(texts) - whole.predict_proba(texts)).max() < 1e-4
    before, after = (Tokenizer.from_file(str(one / "tokenizer.json")) for one in (bundle_folder, folder))
    assert after.get_vocab_size() < before.get_vocab_size()
    assert (folder / "model.onnx").stat().st_size < (bundle_folder / "model.safetensors").stat().st_size
    # What it lacks is read as shorter pieces, down to characters, and nothing as unknown.
    lost = sorted(word for word in before.get_vocab() if word.isalpha() and after.token_to_id(word) is None)
    other = f"{lost[0]} kinases"
    pieces = after.encode(other).tokens
    assert len(pieces) > len(before.encode(other).tokens)
    assert "".join(piece.removeprefix("##") for piece in pieces[1:-1]) == other.replace(" ", "")
    assert np.isfinite(small.predict_proba([other])).all()


def test_pieces_that_were_added_are_kept_or_left_out_like_others(bundle_folder: Path) -> None:
    bundle = load_bundle(bundle_folder)
    bundle.tokenizer.add_tokens(["foxgene", "oxgene"])
    bundle.model.resize_token_embeddings(len(bundle.tokenizer))
    whole = bundle.model.get_input_embeddings().weight.detach().clone()  # type: ignore[operator]
    text = "A foxgene of the cell wall."
    before = bundle.tokenizer.backend_tokenizer.encode(text)
    with few_pieces(bundle.model, bundle.tokenizer, [text]) as small:
        after = Tokenizer.from_str(small)
        rows = bundle.model.get_input_embeddings().weight.detach()  # type: ignore[operator]
        assert after.encode(text).tokens == before.tokens
        assert torch.equal(rows[after.encode(text).ids], whole[before.ids])
        assert after.token_to_id("oxgene") is None
        assert max(after.get_vocab().values()) == len(rows) - 1


def test_pieces_of_another_kind_are_all_kept(bundle_folder: Path) -> None:
    bundle = load_bundle(bundle_folder)
    bundle.tokenizer.backend_tokenizer.model = BPE()
    with (
        pytest.raises(EncoderError, match=r"^the tokenizer: expected WordPiece.* found BPE"),
        few_pieces(bundle.model, bundle.tokenizer, TEXTS),
    ):
        pass


def make_model(kind: str) -> PreTrainedModel:
    config = AutoConfig.for_model(
        kind, vocab_size=50, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64, num_labels=len(ASPECTS),
        pad_token_id=0, eos_token_id=2, sep_token_id=2,
    )  # fmt: skip
    model: PreTrainedModel = AutoModelForSequenceClassification.from_config(config).eval()
    return model


@pytest.mark.parametrize("kind", ["mpnet", "modernbert"])
def test_other_encoders_than_bert_are_drawn(kind: str) -> None:
    model = make_model(kind)
    graph = draw_graph(model, 48, Target.ONNX_FP32)
    ids = np.arange(5, 40)[None]
    (found,) = open_session(graph).run(None, {INPUT: ids})
    expected = model(input_ids=torch.from_numpy(ids)).logits.detach().numpy()
    assert np.abs(found - expected).max() < 1e-4


def test_a_graph_is_held_against_the_model_at_the_length_that_it_reads() -> None:
    model = make_model("bert")
    assert draw_graph(model, 64, Target.ONNX_FP32)
    with pytest.raises(EncoderError, match=r"^BertFor\w+: expected layers that torch can draw"):
        draw_graph(model, 80, Target.ONNX_FP32)  # of 64 positions


def test_names_and_definitions_of_a_release_are_texts_of_it(example_release: Path) -> None:
    ontology = load_ontology(example_release)
    texts = texts_of(ontology)
    for term in ontology.terms():
        assert {term.name, *(synonym.text for synonym in term.synonyms)} <= set(texts)
        assert term.definition is None or term.definition in texts
    assert None not in texts
