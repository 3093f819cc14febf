"""The bundle: a saved model that is a plain Hugging Face folder plus a manifest.

``AutoModelForSequenceClassification.from_pretrained(folder)`` works on it; weights are safetensors, all
else is JSON or text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gotune.aspects import ASPECTS
from gotune.errors import BundleError, EncoderError, InputError
from gotune.files import FolderKind, atomic_folder, bring_back
from gotune.lexicon.lexicon import Lexicon
from gotune.lines import one_line
from gotune.model.encoders import import_transformers, load_tokenizer
from gotune.model.manifest import FORMAT_VERSION, MANIFEST, Manifest, render_model_card
from gotune.model.tokens import most_tokens
from gotune.records import NOTHING_LEARNED, Learned

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_LEARNED = "learned.json"
_LEXICON = "lexicon.json"
_VECTORS = "definitions.safetensors"
_CARD = "README.md"
_OLD_IDS, _OLD_SENTENCES = "training_ids.txt", "training_sentences.json"
"""What a model had learned from in bundles of format 2; in format 1 there were the ids alone."""
_OLDEST_WITH_SENTENCES = 2
FOLDER = FolderKind(
    MANIFEST,
    key="format_version",
    files=(
        _CARD,
        _LEARNED,
        _LEXICON,
        _VECTORS,
        _OLD_IDS,
        _OLD_SENTENCES,
        "config.json",
        "model*.safetensors",
        "model.safetensors.index.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "vocab.*",
        "merges.txt",
        "*.model",
    ),
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model with its tokenizer, what it has learned from and how it was made.

    Attributes:
        model: In evaluation mode, on the CPU, float32.
        tokenizer: The encoder's fast tokenizer.
        manifest: What is needed to use it, and how it was made.
        learned: What it must not be measured on.
        lexicon: The names whose evidence is added to the logits; None if the model has the encoder alone.
        vectors: Embeddings of the first definitions of ``learned``, of length one; None if nobody made them.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    manifest: Manifest
    learned: Learned = NOTHING_LEARNED
    lexicon: Lexicon | None = None
    vectors: NDArray[np.float32] | None = None


def save_bundle(bundle: Bundle, folder: Path) -> None:
    """Write a bundle folder; an older bundle there is replaced only once the new one is complete.

    Raises:
        SaveError: The folder holds something else, or cannot be written.
    """
    with atomic_folder(folder, FOLDER) as temporary:
        with tensor_errors():
            bundle.model.save_pretrained(temporary)
            if bundle.vectors is not None:
                _write_vectors(temporary / _VECTORS, bundle.vectors)
        bundle.tokenizer.save_pretrained(temporary)
        _write_learned(temporary / _LEARNED, bundle.learned)
        if bundle.lexicon is not None:
            _write_text(temporary / _LEXICON, bundle.lexicon.to_json())
        _write_text(temporary / _CARD, render_model_card(bundle.manifest).rstrip())
        _write_text(temporary / MANIFEST, json.dumps(bundle.manifest.to_dict(), indent=2))


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a bundle without loading the model.

    Raises:
        BundleError: Not a bundle, a damaged one, or one of a newer format.
    """
    bring_back(folder)
    if not (folder / MANIFEST).is_file():
        raise BundleError(
            str(folder),
            expected=f"a model folder of gotune, with a {MANIFEST}",
            found="a folder without it" if folder.is_dir() else "no such folder",
            do="Give the folder that `gotune train -o` wrote.",
        )
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version = int(values["format_version"])
        if version > FORMAT_VERSION:
            raise BundleError(
                str(folder),
                expected=f"bundle format {FORMAT_VERSION} or older",
                found=f"format {version}",
                do="Update gotune.",
            )
        return Manifest.from_dict(values)
    except BundleError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError) as exc:
        raise _damaged(folder, f"{MANIFEST}: {exc}") from exc


def load_bundle(folder: Path) -> Bundle:
    """Load a bundle.

    Raises:
        BundleError: Not a bundle, a damaged one, or one of a newer format.
        MissingExtraError: torch or transformers is missing.
    """
    manifest = read_manifest(folder)
    import_transformers()
    from safetensors import SafetensorError
    from transformers import AutoModelForSequenceClassification

    try:
        tokenizer = load_tokenizer(str(folder))
        model, loading = AutoModelForSequenceClassification.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
        learned = _read_learned(folder, manifest)
        lexicon = _read_lexicon(folder / _LEXICON) if manifest.spec.lexicon else None
        vectors = _read_vectors(folder / _VECTORS, learned, int(model.config.hidden_size))
    except (
        OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, SafetensorError,
        EncoderError,
    ) as exc:  # fmt: skip
        raise _damaged(folder, one_line(str(exc))[:300]) from exc
    # transformers would fill up missing weights at random and say so only in its log.
    incomplete = sorted({*loading["missing_keys"], *map(str, loading["mismatched_keys"])})
    if incomplete:
        raise _damaged(folder, "weights without " + ", ".join(incomplete[:3]))
    most = most_tokens(tokenizer, getattr(model.config, "max_position_embeddings", None))
    if manifest.spec.max_tokens > most:
        found = f"max_tokens {manifest.spec.max_tokens} in {MANIFEST}, of an encoder that reads {most}"
        raise _damaged(folder, found)
    labels = [model.config.id2label.get(aspect.label) for aspect in ASPECTS]
    if labels != [aspect.value for aspect in ASPECTS]:
        raise _damaged(folder, f"the labels {labels} in config.json")
    if model.config.problem_type not in (None, manifest.spec.head.problem_type):
        raise _damaged(folder, f"the problem type {model.config.problem_type} in config.json")
    return Bundle(model.eval(), tokenizer, manifest, learned, lexicon, vectors)


def _read_lexicon(path: Path) -> Lexicon:
    return Lexicon.from_json(path.read_text(encoding="utf-8"))


def _write_learned(path: Path, learned: Learned) -> None:
    values = {
        "n_definitions": learned.n_definitions,
        "go_ids": list(learned.go_ids),
        "texts": sorted(learned.texts),
        "articles": sorted(learned.articles),
    }
    _write_text(path, json.dumps(values, indent=1))


def _read_learned(folder: Path, manifest: Manifest) -> Learned:
    if manifest.format_version == FORMAT_VERSION:
        values = json.loads((folder / _LEARNED).read_text(encoding="utf-8"))
        n_definitions, go_ids = int(values["n_definitions"]), values["go_ids"]
    else:
        go_ids = (folder / _OLD_IDS).read_text(encoding="utf-8").split()
        n_definitions = manifest.provenance.n_train if manifest.provenance else 0
        values = {"texts": (), "articles": ()}
        if manifest.format_version >= _OLDEST_WITH_SENTENCES:
            values = json.loads((folder / _OLD_SENTENCES).read_text(encoding="utf-8"))
    return Learned(n_definitions, tuple(go_ids), frozenset(values["texts"]), frozenset(values["articles"]))


def _write_vectors(path: Path, vectors: NDArray[np.float32]) -> None:
    from safetensors.numpy import save_file

    # Half the bytes; cosines stay the same to three decimals.
    save_file({"vectors": vectors.astype(np.float16)}, path)


def _read_vectors(path: Path, learned: Learned, width: int) -> NDArray[np.float32] | None:
    from safetensors.numpy import load_file

    if not path.is_file():
        return None
    vectors: NDArray[np.float32] = load_file(path)["vectors"].astype(np.float32)
    if vectors.ndim != 2 or vectors.shape[1] != width or len(vectors) > len(learned.go_ids):
        raise ValueError(f"{path.name}: embeddings of shape {vectors.shape}")
    return vectors


def _write_text(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")


def _damaged(folder: Path, found: str) -> BundleError:
    return BundleError(
        str(folder),
        expected="a model folder as `gotune train` wrote it",
        found=found,
        do="Train the model again.",
    )


@contextmanager
def tensor_errors() -> Iterator[None]:
    """Turn the errors of tensor writers that cannot write into OSErrors, which `gotune.files` reports."""
    from safetensors import SafetensorError

    try:
        yield
    except SafetensorError as exc:
        raise OSError(str(exc)) from exc
    except RuntimeError as exc:
        if "PytorchStreamWriter" not in str(exc) and "file write failed" not in str(exc):
            raise
        raise OSError("torch could not write a checkpoint") from exc
