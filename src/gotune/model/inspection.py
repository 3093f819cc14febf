"""A model's files, looked at before and after transformers builds it: a stranger's may say anything.

A configuration can name code of strangers, ask for more memory than there is, or describe another model than
the weights are of; transformers would fetch, allocate, or fill up with random numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gotune.model.quarantine import CONFIG, SHARDS, WEIGHTS
from gotune.typed_json import objects_in, read_json

if TYPE_CHECKING:
    from transformers import PreTrainedConfig, PreTrainedModel

KINDS = frozenset(
    """
    albert bert camembert convbert data2vec-text deberta-v2 distilbert electra ernie eurobert gte
    megatron-bert mobilebert modernbert mpnet nomic_bert rembert roberta roberta-prelayernorm
    squeezebert xlm-roberta xlm-roberta-xl
    """.split()
)
"""Model types that are built: encoders of text alone, on whose like every part of gotune is tested."""
_OF_STRANGERS = (
    "auto_map",
    "quantization_config",
    "compression_config",
    "custom_pipelines",
    "configuration_files",
    "transformers_weights",
)
"""Keys of a configuration that have transformers look for code, kernels, or other files."""
_ATTENTION = ("eager", "sdpa", None)
"""How attention may be computed; transformers fetches kernels for other names."""
_LARGEST = 10_000_000
"""Any whole number of a configuration; the largest vocabularies have a million."""
_MOST_LABELS = 1000
"""Of a head; transformers gives each a name."""
_REPEATED = re.compile(r"(^|_)(n_)?(layers|groups|group_num|networks)$")
"""Keys that say how often a part is built, each of which takes time and memory even without weights."""
_MOST_REPEATED = 200
"""The deepest encoders of text have 48 layers."""
_SPARE_BYTES = 64 << 20
"""What a model may need beyond its file: a new head, buffers."""
_DIGITS = re.compile(r"\d+")


def check_config(folder: Path) -> None:
    """Refuse a model that must not, or cannot, be built from its folder.

    Raises:
        ValueError: ``config.json`` is damaged, is of no encoder of text, names code or files of others, or
            has a number out of bounds.
        OSError: It cannot be read.
    """
    values = read_json(folder / CONFIG)
    if not isinstance(values, dict):
        raise ValueError(f"{CONFIG} without an object")
    for key, value in (entry for held in objects_in(values) for entry in held.items()):
        if key in _OF_STRANGERS and value:
            raise ValueError(f"{key} in {CONFIG}, which names code or files of others")
        if "_implementation" in key and value not in _ATTENTION:
            raise ValueError(f"{key} {value!r} in {CONFIG}, expected eager or sdpa")
        if type(value) is int:
            _check_number(key, value)
    if str(kind := values.get("model_type")) not in KINDS:
        raise ValueError(f"model_type {kind!r} in {CONFIG}, expected one of {', '.join(sorted(KINDS))}")
    if found := [key for key in ("is_decoder", "add_cross_attention") if values.get(key)]:
        raise ValueError(f"{found[0]} in {CONFIG}, expected an encoder")


def _check_number(key: str, value: int) -> None:
    if _REPEATED.search(key):
        if not 1 <= value <= _MOST_REPEATED:
            raise ValueError(f"{key} {value:,} in {CONFIG}, expected 1 to {_MOST_REPEATED}")
        return
    most = _MOST_LABELS if key == "num_labels" else _LARGEST
    if abs(value) > most:
        raise ValueError(f"{key} {value:,} in {CONFIG}, expected at most {most:,}")


def check_size(folder: Path, config: PreTrainedConfig) -> None:
    """Refuse a configuration of a model that is larger than its weights, before memory is taken.

    Raises:
        ValueError: It is.
        Exception: Whatever transformers raises where it cannot build it.
    """
    import torch
    from transformers import AutoModelForSequenceClassification

    with torch.device("meta"):
        model = AutoModelForSequenceClassification.from_config(config, trust_remote_code=False)
    needed = sum(tensor.numel() for tensor in (*model.parameters(), *model.buffers()))
    # A text model has one number for each weight, whatever their format.
    there = sum(prod(shape) for shape in _shapes(folder).values())
    if needed > there + _SPARE_BYTES // 4:
        raise ValueError(f"{CONFIG} of a model of {needed:,} weights, and a file of {there:,}")


def check_weights(model: PreTrainedModel, loading: Mapping[str, Any], *, new_head: bool) -> None:
    """Refuse weights that are not those of the configuration, or not finite.

    Args:
        model: As transformers loaded it.
        loading: What it says of that.
        new_head: The head may be new, and may take the place of another; all below it must be there.

    Raises:
        ValueError: Some are missing, too many, of another shape, NaN or infinite.
    """
    import torch

    missing, unexpected = set(loading["missing_keys"]), set(loading["unexpected_keys"])
    mismatched = {name for name, *_ in loading["mismatched_keys"]}
    if new_head:
        missing = {name for name in missing if _is_of_encoder(name, model)}
        mismatched = {name for name in mismatched if _is_of_encoder(name, model)}
        unexpected = set(_layers_beyond(unexpected, model.state_dict()))
    if mismatched:
        raise ValueError(f"weights of another shape than {CONFIG} tells of, in {_listed(mismatched)}")
    if missing:
        raise ValueError(f"weights without {_listed(missing)}, which {CONFIG} tells of")
    if unexpected:
        raise ValueError(f"weights with {_listed(unexpected)}, of which {CONFIG} tells nothing")
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise ValueError(f"weights that are not finite, in {name}")


def _shapes(folder: Path) -> dict[str, list[int]]:
    """Return the shape of every tensor of a folder, without reading any.

    Raises:
        ValueError: There are two of one name; of old names, gamma is weight and beta is bias.
    """
    from safetensors import safe_open

    found: dict[str, list[int]] = {}
    single = folder / WEIGHTS[0]
    for path in [single] if single.exists() else sorted(folder.glob(SHARDS)):
        with safe_open(path, framework="pt") as file:
            for key in file.keys():
                name = re.sub(r"\bgamma$", "weight", re.sub(r"\bbeta$", "bias", key))
                if name in found:
                    raise ValueError(f"weights with {name} twice")
                found[name] = file.get_slice(key).get_shape()
    return found


def _is_of_encoder(name: str, model: PreTrainedModel) -> bool:
    """Whether a weight belongs to the part below the head; a pooler is part of the head."""
    return name.startswith(f"{model.base_model_prefix}.") and "pooler" not in name


def _layers_beyond(unexpected: Collection[str], known: Collection[str]) -> Iterator[str]:
    """Return the weights that have their like in other layers of the model, so that layers are too few."""
    alike = {_DIGITS.sub("#", name) for name in known}
    for name in unexpected:
        pattern = _DIGITS.sub("#", name)
        if "#" in pattern and any(one.endswith(pattern) for one in alike):
            yield name


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)[:3])
