"""Models of strangers: nothing of theirs is run or fetched, and memory is taken for their weights alone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from gotune.aspects import Head
from gotune.errors import EncoderError
from gotune.model.encoders import load_finished_model, load_model, load_tokenizer
from gotune.model.inspection import check_vocabulary


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
        ({"auto_map": {"AutoConfig": "own.Own"}}, "auto_map in .*: code of others"),
        ({"quantization_config": {"quant_method": "awq"}}, "quantization_config in .*: code of others"),
        ({"attn_implementation": "someone/kernels"}, "attn_implementation 'someone/kernels' in config"),
        ({"_attn_implementation": "flash_attention_2"}, "_attn_implementation 'flash_attention_2' in config"),
        ({"text_config": {"attn_implementation": "x/y"}}, "attn_implementation 'x/y' in config"),
        ({"num_hidden_layers": 10_000_000}, r"num_hidden_layers 10,000,000 in .*, expected at most \d+"),
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
        ({"model_type": "no such"}, "."),
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


def test_a_finished_model_has_its_own_weights_and_no_others(bundle_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bundle_folder, tmp_path / "model"))
    assert load_finished_model(str(folder)).config.num_hidden_layers == 2
    weights = load_file(folder / "model.safetensors")
    save_file({**weights, "extra.weight": torch.zeros(2)}, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(EncoderError, match=r"weights with extra\.weight, of which config\.json"):
        load_finished_model(str(folder))


def test_word_pieces_have_to_be_known(encoder: Path) -> None:
    model = load(encoder)
    check_vocabulary(model, load_tokenizer(str(encoder)))
    config = json.loads((encoder / "tokenizer_config.json").read_text())
    (encoder / "tokenizer_config.json").write_text(json.dumps({**config, "pad_token": "[NONE SUCH]"}))
    rows = len(model.get_input_embeddings().weight)
    with pytest.raises(ValueError, match=f"word piece {rows:,}, of a model that knows {rows:,}"):
        check_vocabulary(model, load_tokenizer(str(encoder)))


@pytest.mark.parametrize("longest", ["long", 0, -1, True, [3], None])
def test_a_tokenizer_reads_a_number_of_word_pieces(encoder: Path, longest: object) -> None:
    config = json.loads((encoder / "tokenizer_config.json").read_text())
    (encoder / "tokenizer_config.json").write_text(json.dumps({**config, "model_max_length": longest}))
    if longest is None:
        assert load_tokenizer(str(encoder)).model_max_length > 10**6
        return
    with pytest.raises(
        EncoderError, match=rf"found model_max_length {re.escape(repr(longest))} in tokenizer_"
    ):
        load_tokenizer(str(encoder))


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"version": "9.9"}', "{", "[" * 100_000, '{"model": {"type": "Nothing"}}']
)
def test_a_tokenizer_of_another_kind_is_refused(encoder: Path, text: str) -> None:
    (encoder / "tokenizer.json").write_text(text)
    with pytest.raises(EncoderError, match="expected an encoder that transformers can load"):
        load_tokenizer(str(encoder))
