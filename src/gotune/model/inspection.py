"""A model's files, looked at before and after transformers builds it: a stranger's may say anything.

A configuration can name code of strangers, ask for more memory than there is, or describe another model than
the weights are of; transformers would fetch, allocate, or fill up with random numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gotune.typed_json import read_json

if TYPE_CHECKING:
    from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

_CONFIG = "config.json"
_OF_STRANGERS = ("auto_map", "quantization_config", "compression_config", "custom_pipelines")
"""Keys of a configuration that have transformers look for code, or for kernels, elsewhere."""
_ATTENTION = ("eager", "sdpa", None)
"""How attention may be computed; transformers fetches kernels for other names."""
_LARGEST = 10_000_000
"""Any whole number of a configuration; the largest vocabularies have a million."""
_MOST_LABELS = 1000
"""Of a head; transformers gives each a name."""
_LAYERS = re.compile(r"(^|_)(n_)?(layers?|blocks?)$|depth")
_SPARE_BYTES = 64 << 20
"""What a model may need beyond its file: a new head, buffers."""
_DIGITS = re.compile(r"\d+")


def check_config(folder: Path) -> None:
    """Refuse a model that must not, or cannot, be built from its folder.

    Raises:
        ValueError: ``config.json`` is damaged, names code or kernels of others, or has a number out of
            bounds.
        OSError: It, or the weights, cannot be read.
    """
    values = read_json(folder / _CONFIG)
    if not isinstance(values, dict):
        raise ValueError(f"{_CONFIG} without an object")
    if (folder / "adapter_config.json").exists():
        raise ValueError("adapter_config.json, which names weights elsewhere")
    n_tensors = len(_shapes(folder))
    for key, value in _entries(values):
        if key in _OF_STRANGERS:
            raise ValueError(f"{key} in {_CONFIG}: code of others, which is never run")
        if "_implementation" in key and value not in _ATTENTION:
            raise ValueError(f"{key} {value!r} in {_CONFIG}, expected eager or sdpa")
        if type(value) is int:
            most = _MOST_LABELS if key == "num_labels" else _LARGEST
            most = n_tensors if _LAYERS.search(key) and n_tensors else most
            if abs(value) > most:
                raise ValueError(f"{key} {value:,} in {_CONFIG}, expected at most {most:,}")


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
    there = sum(_product(shape) for shape in _shapes(folder).values())
    if needed > there + _SPARE_BYTES // 4:
        raise ValueError(f"{_CONFIG} of a model of {needed:,} weights, and a file of {there:,}")


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

    missing = {*loading["missing_keys"], *map(str, loading["mismatched_keys"])}
    unexpected = set(loading["unexpected_keys"])
    if new_head:
        missing = {name for name in missing if _is_of_encoder(name, model)}
        unexpected = set(_layers_beyond(unexpected, model.state_dict()))
    if missing:
        raise ValueError(f"weights without {_listed(missing)}, which {_CONFIG} tells of")
    if unexpected:
        raise ValueError(f"weights with {_listed(unexpected)}, of which {_CONFIG} tells nothing")
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise ValueError(f"weights that are not finite, in {name}")


def check_vocabulary(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Refuse a tokenizer whose word pieces the model does not know.

    Raises:
        ValueError: It has more.
    """
    rows = len(model.get_input_embeddings().weight)  # type: ignore[arg-type]
    last = max(tokenizer.get_vocab().values(), default=-1)
    if last >= rows:
        raise ValueError(f"a tokenizer with word piece {last:,}, of a model that knows {rows:,}")


def _shapes(folder: Path) -> dict[str, list[int]]:
    """Return the shape of every tensor of a folder, without reading any."""
    from safetensors import safe_open

    found: dict[str, list[int]] = {}
    for path in sorted(folder.glob("model*.safetensors")):
        with safe_open(path, framework="pt") as file:
            found |= {name: file.get_slice(name).get_shape() for name in file.keys()}
    return found


def _product(shape: Collection[int]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product


def _entries(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Return the keys and values of a configuration, with those of the ones within."""
    for key, value in values.items():
        yield key, value
        if isinstance(value, dict):
            yield from _entries(value)


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
