"""Models of strangers: nothing of theirs is run or fetched, and memory is taken for their weights alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import CONFIG_MAPPING, AutoModel, AutoModelForSequenceClassification

from gotune.aspects import Head
from gotune.errors import EncoderError
from gotune.model.encoders import load_finished_model, load_model
from gotune.model.inspection import KINDS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def encoder(tiny_encoder: Path, tmp_path: Path) -> Path:
    """A pretrained encoder that a test may change."""
    return Path(shutil.copytree(tiny_encoder, tmp_path / "encoder"))


def configure(folder: Path, **changes: object) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


def load(folder: Path) -> Any:  # noqa: ANN401 (a class of transformers)
    return load_model(str(folder), head=Head.SINGLE, seed=1)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"auto_map": {"AutoConfig": "own.Own"}}, "auto_map in .*, which names code"),
        ({"quantization_config": {"quant_method": "awq"}}, "quantization_config in .*, which names code"),
        ({"attn_implementation": "someone/kernels"}, "attn_implementation 'someone/kernels' in config"),
        ({"_attn_implementation": "flash_attention_2"}, "_attn_implementation 'flash_attention_2' in config"),
        ({"text_config": {"attn_implementation": "x/y"}}, "attn_implementation 'x/y' in config"),
        ({"transformers_weights": "pytorch_model.bin"}, "transformers_weights in .*, which names code"),
        ({"configuration_files": ["config.4.0.0.json"]}, "configuration_files in .*, which names code"),
        ({"num_hidden_layers": 10_000_000}, "num_hidden_layers 10,000,000 in .*, expected 1 to 200"),
        ({"num_hidden_layers": 0}, "num_hidden_layers 0 in .*, expected 1 to 200"),
        ({"num_hidden_layers": -1}, "num_hidden_layers -1 in .*, expected 1 to 200"),
        ({"model_type": "albert", "inner_group_num": 100_000}, "inner_group_num 100,000 in .*, expected 1"),
        ({"model_type": "albert", "num_hidden_groups": 201}, "num_hidden_groups 201 in .*, expected 1 to"),
        ({"model_type": "mobilebert", "num_feedforward_networks": 999}, "_networks 999 in .*, expected 1 to"),
        ({"is_decoder": True}, r"is_decoder in config\.json, expected an encoder"),
        ({"add_cross_attention": True}, r"add_cross_attention in config\.json, expected an encoder"),
        ({"model_type": "funnel"}, r"model_type 'funnel' in config\.json, expected one of albert, bert, "),
        ({"model_type": "t5"}, r"model_type 't5' in config\.json, expected one of albert, bert, "),
        ({"model_type": ["bert"]}, r"model_type \['bert'\] in config\.json, expected one of albert, bert, "),
        ({"hidden_size": 1 << 30}, r"hidden_size 1,073,741,824 in config\.json, expected at most 10,000,000"),
        ({"hidden_size": 100_000, "num_attention_heads": 1}, r"of a model of [\d,]+ weights, and a file of"),
        ({"vocab_size": 9_000_000}, r"of a model of [\d,]+ weights, and a file of"),
        ({"intermediate_size": 9_000_000}, r"of a model of [\d,]+ weights, and a file of"),
        ({"max_position_embeddings": 9_000_000}, r"of a model of [\d,]+ weights, and a file of"),
        ({"num_labels": 10_000_000}, r"num_labels 10,000,000 in .*, expected at most 1,000"),
        ({"num_attention_heads": 0}, "."),
        ({"num_attention_heads": 7}, "."),
        ({"hidden_size": "wide"}, "."),
        ({"hidden_act": "none such"}, "."),
        ({"pad_token_id": 900_000}, "."),
        ({"model_type": "no such"}, r"model_type 'no such' in config\.json, expected one of albert, bert, "),
        ({"num_hidden_layers": 1}, r"weights with .*layer\.1.*, of which config\.json tells nothing"),
        ({"num_hidden_layers": 3}, r"weights without .*layer\.2.*, which config\.json tells of"),
    ],
    ids=str,
)  # fmt: skip
def test_a_configuration_that_cannot_be_is_refused(
    encoder: Path, changes: dict[str, object], found: str
) -> None:
    configure(encoder, **changes)
    with pytest.raises(EncoderError, match=rf"an encoder that transformers can load: .*, found .*{found}"):
        load(encoder)


@pytest.mark.parametrize("text", ["[]", "3", "{", "[" * 100_000, '{"hidden_size": NaN}'])
def test_a_configuration_that_is_none_is_refused(encoder: Path, text: str) -> None:
    (encoder / "config.json").write_text(text)
    with pytest.raises(EncoderError, match="expected an encoder that transformers can load"):
        load(encoder)


def test_attention_of_ours_is_taken(encoder: Path) -> None:
    configure(encoder, attn_implementation="eager")
    assert load(encoder).config._attn_implementation == "eager"


def test_weights_named_elsewhere_are_not_fetched(encoder: Path) -> None:
    (encoder / "adapter_config.json").write_text('{"base_model_name_or_path": "someone/else"}')
    with pytest.raises(EncoderError, match=r"adapter_config\.json, which names weights elsewhere"):
        load(encoder)


def test_weights_have_to_be_finite(encoder: Path) -> None:
    weights = load_file(encoder / "model.safetensors")
    name = next(name for name in weights if name.endswith("word_embeddings.weight"))
    weights[name][3, 1] = float("inf")
    save_file(weights, encoder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EncoderError, match=r"weights that are not finite, in .*word_embeddings\.weight"):
        load(encoder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_weights_have_the_shapes_of_the_configuration(encoder: Path, name: str) -> None:
    if name == "config.json":
        configure(encoder, max_position_embeddings=60)
    else:
        weights = load_file(encoder / name)
        weights["embeddings.position_embeddings.weight"] = torch.zeros(60, 32)
        save_file(weights, encoder / name, metadata={"format": "pt"})
    with pytest.raises(EncoderError, match=r"of another shape than config\.json tells of, in .*position_emb"):
        load(encoder)


def test_weights_stand_there_once(encoder: Path) -> None:
    weights = load_file(encoder / "model.safetensors")
    old = {"embeddings.LayerNorm.gamma": torch.zeros(32)}
    save_file(weights | old, encoder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EncoderError, match=r"weights with embeddings\.LayerNorm\.weight twice"):
        load(encoder)
    (encoder / "model.safetensors").unlink()
    index = {"metadata": {"total_size": 1}, "weight_map": dict.fromkeys(weights, "model-1.safetensors")}
    (encoder / "model.safetensors.index.json").write_text(json.dumps(index))
    save_file(weights, encoder / "model-1.safetensors", metadata={"format": "pt"})
    assert load(encoder).config.num_hidden_layers == 2
    save_file({"pooler.dense.bias": torch.ones(32)}, encoder / "model-2.safetensors", {"format": "pt"})
    with pytest.raises(EncoderError, match=r"weights with pooler\.dense\.bias twice"):
        load(encoder)


def test_what_transformers_stumbles_over_is_told_as_its_failure(encoder: Path) -> None:
    configure(encoder, hidden_act="none such")
    with pytest.raises(EncoderError, match=r"found files on which it fails \(KeyError: 'none such'\)"):
        load(encoder)


def test_an_encoder_may_have_had_a_head_of_other_labels(encoder: Path, tmp_path: Path) -> None:
    other = AutoModelForSequenceClassification.from_pretrained(encoder, num_labels=5)
    other.save_pretrained(encoder)
    model = load(encoder)
    assert model.classifier.weight.shape == (3, 32)
    theirs = other.base_model.state_dict()
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in model.base_model.state_dict().items())


def test_a_finished_model_has_its_own_weights_and_no_others(bundle_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bundle_folder, tmp_path / "model"))
    assert load_finished_model(str(folder)).config.num_hidden_layers == 2
    weights = load_file(folder / "model.safetensors")
    save_file({**weights, "extra.weight": torch.zeros(2)}, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(EncoderError, match=r"weights with extra\.weight, of which config\.json"):
        load_finished_model(str(folder))


SMALL = {
    "vocab_size": 300, "hidden_size": 32, "embedding_size": 32, "num_hidden_layers": 2, "head_dim": 16,
    "intermediate_size": 64, "num_attention_heads": 2, "num_key_value_heads": 2, "pad_token_id": 0,
    "max_position_embeddings": 66, "bos_token_id": 1, "eos_token_id": 2, "cls_token_id": 1,
    "sep_token_id": 2,
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_built_learns_and_gives_states_and_attention(
    kind: str, tiny_encoder: Path, tmp_path: Path
) -> None:
    usual = CONFIG_MAPPING[kind]()
    names = {*usual.to_dict(), *usual.attribute_map}
    sizes: dict[str, Any] = {key: size for key, size in SMALL.items() if key in names}
    config = CONFIG_MAPPING[kind](**sizes)
    shutil.copytree(tiny_encoder, tmp_path, dirs_exist_ok=True)
    torch.manual_seed(1)
    AutoModel.from_config(config).save_pretrained(tmp_path)
    model = load(tmp_path)
    pieces = torch.arange(5, 29).reshape(2, 12)
    inputs = {"input_ids": pieces, "attention_mask": torch.ones_like(pieces)}
    states = model.base_model(**inputs).last_hidden_state
    assert states.shape == (2, 12, 32)
    model.set_attn_implementation("eager")
    output = model(**inputs, output_attentions=True)
    assert output.logits.shape == (2, 3)
    assert {tuple(layer.shape[-2:]) for layer in output.attentions} == {(12, 12)}
    output.logits.sum().backward()
    with torch.autocast("cpu", torch.bfloat16):
        assert model(**inputs).logits.isfinite().all()
    model.save_pretrained(tmp_path / "again")
    again = load_finished_model(str(tmp_path / "again")).eval()
    torch.testing.assert_close(again(**inputs).logits, model.eval()(**inputs).logits)


def test_the_page_on_installing_lists_every_kind() -> None:
    page = " ".join((ROOT / "docs" / "install.md").read_text(encoding="utf-8").split())
    assert f"tested on: {', '.join(sorted(KINDS))} (`model_type`" in page
