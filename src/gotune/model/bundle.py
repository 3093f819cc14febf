"""The bundle: a saved model that is a plain Hugging Face folder plus a manifest.

``AutoModelForSequenceClassification.from_pretrained(folder)`` works on it; weights are safetensors, all
else is JSON or text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gotune.arrays import named, read_array, tensor_errors, write_arrays
from gotune.aspects import ASPECTS
from gotune.errors import BundleError
from gotune.files import atomic_folder
from gotune.model.encoders import import_transformers, load_finished_model, load_tokenizer
from gotune.model.light_bundle import (
    FOLDER,
    VECTORS,
    LightBundle,
    damage_told,
    damaged,
    manifest_and_values,
    read_parts,
    write_parts,
)
from gotune.model.manifest import MANIFEST
from gotune.model.spec import NO_ENCODER, ONNX, TRANSFORMER
from gotune.model.tokenizer_inspection import check_vocabulary
from gotune.model.tokens import most_tokens, positions_of
from gotune.records import Learned

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True, slots=True)
class Bundle(LightBundle):
    """A model with its tokenizer, what it has learned from and how it was made.

    Attributes:
        model: In evaluation mode, on the CPU, float32.
        tokenizer: The encoder's fast tokenizer.
        vectors: Embeddings of the first definitions of ``learned``, of length one; None if nobody made them.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    vectors: NDArray[np.float32] | None = None


_FOUND = {ONNX: "one for ONNX Runtime", NO_ENCODER: "words and names alone"}


def save_bundle(bundle: Bundle, folder: Path) -> None:
    """Write a bundle folder; an older bundle there is replaced only once the new one is complete.

    Raises:
        SaveError: The folder holds something else, or cannot be written.
    """
    with atomic_folder(folder, FOLDER) as temporary:
        with tensor_errors():
            bundle.model.save_pretrained(temporary)
            if bundle.vectors is not None:
                # Half the bytes; cosines stay the same to three decimals.
                write_arrays(temporary / VECTORS, {"vectors": bundle.vectors.astype(np.float16)})
        bundle.tokenizer.save_pretrained(temporary)
        write_parts(bundle, temporary)


def load_bundle(folder: Path, *, verify: bool = True) -> Bundle:
    """Load a bundle.

    Every file is held against the hash that the manifest has of it; bundles of formats before 4 have none,
    which is logged as a warning. The weights have to be those that ``config.json`` tells of, all of them and
    no others, and finite.

    Args:
        folder: The bundle.
        verify: Refuse files that are not as they were saved. Without it they are read as they are.

    Raises:
        BundleError: Not a bundle, a damaged one, one of a newer format, or one without an encoder.
        MissingExtraError: torch or transformers is missing.
    """
    manifest, values = manifest_and_values(folder, verify=verify)
    if manifest.spec.kind != TRANSFORMER:
        raise BundleError(
            str(folder),
            expected="a model with its encoder for torch, which has attention, gradients and vectors",
            found=_FOUND[manifest.spec.kind],
            do="Ask it to classify, evaluate or explain, or take the model that it was exported from.",
        )
    import_transformers()
    with damage_told(folder):
        light = read_parts(folder, manifest, values, whole=True, verify=verify)
        tokenizer = load_tokenizer(str(folder))
        model = load_finished_model(str(folder))
        check_vocabulary(model, tokenizer)
        vectors = _read_vectors(folder / VECTORS, light.learned, int(model.config.hidden_size))
    most = most_tokens(tokenizer, positions_of(model))
    if manifest.spec.max_tokens > most:
        found = f"max_tokens {manifest.spec.max_tokens} in {MANIFEST}, of an encoder that reads {most}"
        raise damaged(folder, found)
    labels = [(model.config.id2label or {}).get(aspect.label) for aspect in ASPECTS]  # type: ignore[call-overload]
    if labels != [aspect.value for aspect in ASPECTS]:
        raise damaged(folder, f"the labels {labels} in config.json")
    if model.config.problem_type not in (None, manifest.spec.head.problem_type):
        raise damaged(folder, f"the problem type {model.config.problem_type} in config.json")
    return Bundle(
        model.eval(),
        tokenizer,
        vectors,
        manifest=manifest,
        remembered=light.remembered,
        lexicon=light.lexicon,
        words=light.words,
    )


def _read_vectors(path: Path, learned: Learned, width: int) -> NDArray[np.float32] | None:
    if not path.is_file():
        return None
    with named(path.name):
        vectors = read_array(path, "vectors")
        if vectors.ndim != 2 or vectors.shape[1] != width or len(vectors) > len(learned.go_ids):
            raise ValueError(f"embeddings of shape {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("embeddings that are not finite")
    return vectors
