"""The bundle: a saved model that is a plain Hugging Face folder plus a manifest.

``AutoModelForSequenceClassification.from_pretrained(folder)`` works on it; weights are safetensors, all
else is JSON or text.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gotune.aspects import ASPECTS
from gotune.errors import BundleError, EncoderError, InputError
from gotune.files import FolderKind, atomic_folder, bring_back, check_replaceable
from gotune.lexicon.lexicon import Lexicon
from gotune.lines import encodable
from gotune.model.card import render_model_card
from gotune.model.encoders import import_transformers, load_finished_model, load_tokenizer
from gotune.model.learned import LEARNED_FILES, read_learned, write_learned
from gotune.model.manifest import (
    AGAIN,
    FIRST_SEALED,
    FORMAT_VERSION,
    MANIFEST,
    LearnedCounts,
    Manifest,
    manifest_of,
)
from gotune.model.quarantine import SHARDS, TOKENIZER_FILES, WEIGHTS, matching
from gotune.model.spec import NO_ENCODER
from gotune.model.tokenizer_inspection import check_vocabulary
from gotune.model.tokens import most_tokens
from gotune.model.words import WordModel
from gotune.records import NOTHING_LEARNED, Learned
from gotune.seals import check_files, check_seal, write_sealed
from gotune.typed_json import read_json

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_LEXICON = "lexicon.safetensors"
_WORDS = "words.safetensors"
_VECTORS = "definitions.safetensors"
_CARD = "README.md"
_OLD_LEXICON = "lexicon.json"
"""Names in bundles of formats before 6."""
_FIRST_WITH_ARRAYS = 6
_LIGHT = (*LEARNED_FILES, _LEXICON, _OLD_LEXICON, _WORDS)
"""Files that need no encoder."""
_READ = (
    *_LIGHT,
    _VECTORS,
    *TOKENIZER_FILES,
    *WEIGHTS,
    SHARDS,
)
"""Patterns of the files that are read, by gotune or by transformers."""
FOLDER = FolderKind(MANIFEST, key="format_version", files=(_CARD, *_READ))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LightBundle:
    """A model without its encoder.

    Attributes:
        manifest: What is needed to use it, and how it was made.
        learned: What it must not be measured on.
        lexicon: The names whose evidence is added to the logits, if there are any.
        words: The words whose log-odds are added, if there are any.
    """

    manifest: Manifest
    learned: Learned = NOTHING_LEARNED
    lexicon: Lexicon | None = None
    words: WordModel | None = None


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
                _write_arrays(temporary / _VECTORS, {"vectors": bundle.vectors.astype(np.float16)})
        bundle.tokenizer.save_pretrained(temporary)
        _write_light(bundle, temporary)


def save_light(bundle: LightBundle, folder: Path) -> None:
    """Write a bundle folder of words and names alone, as `save_bundle` does.

    Raises:
        InputError: There are no words, or the model does not tell how they decide alone.
        SaveError: The folder holds something else, or cannot be written.
    """
    spec = replace(bundle.manifest.spec, kind=NO_ENCODER)
    with atomic_folder(folder, FOLDER) as temporary:
        _write_light(replace(bundle, manifest=replace(bundle.manifest, spec=spec)), temporary)


def leave_out_encoder(model: Path, folder: Path) -> LightBundle:
    """Save a model again, as words and names alone.

    Args:
        model: Its bundle, which stays as it is.
        folder: The folder to write.

    Returns:
        What was saved.

    Raises:
        BundleError: It is no bundle.
        InputError: It has no words, or the folder is its own.
        SaveError: The folder holds something else, or cannot be written.
    """
    if folder.resolve() == model.resolve():
        raise InputError(
            str(folder),
            expected="another folder than that of the model, which stays as it is",
            found="the same",
            do="Name another one.",
        )
    check_replaceable(folder, FOLDER)
    light = load_light(model)
    save_light(light, folder)
    return light


def _write_light(bundle: LightBundle, folder: Path) -> None:
    """Write what needs no encoder, and last the manifest, which knows all files."""
    learned = LearnedCounts.of(bundle.learned)
    manifest = replace(bundle.manifest, format_version=FORMAT_VERSION, learned=learned)
    with tensor_errors():
        if bundle.lexicon is not None:
            _write_arrays(folder / _LEXICON, bundle.lexicon.to_arrays())
        if bundle.words is not None:
            # Half the bytes; log-odds stay the same to two decimals.
            _write_arrays(folder / _WORDS, {"weights": bundle.words.weights.astype(np.float16)})
    write_learned(bundle.learned, folder)
    _write_text(folder / _CARD, render_model_card(manifest).rstrip())
    write_sealed(folder / MANIFEST, manifest.to_dict(), exempt=(_CARD,))


def read_manifest(folder: Path, *, verify: bool = True) -> Manifest:
    """Read the manifest of a bundle without loading the model.

    Args:
        folder: The bundle.
        verify: Refuse a manifest that is not as it was saved.

    Raises:
        BundleError: Not a bundle, a damaged one, or one of a newer format.
    """
    return _manifest_and_values(folder, verify=verify)[0]


def _manifest_and_values(folder: Path, *, verify: bool) -> tuple[Manifest, dict[str, Any]]:
    """Return the manifest, and what its file holds, hashes as well."""
    path = folder / MANIFEST
    try:
        bring_back(folder)
        is_there, is_folder = path.is_file(), folder.is_dir()
    except (OSError, ValueError):  # no name of a folder: too long, or with a NUL
        is_there = is_folder = False
    if not is_there:
        raise BundleError(
            str(folder),
            expected=f"a model folder of gotune, with a {MANIFEST}",
            found="a folder without it" if is_folder else "no such folder",
            do="Give the folder that `gotune train -o` wrote.",
        )
    try:
        values = read_json(path)
        manifest = manifest_of(values, str(path))
        if verify and manifest.format_version >= FIRST_SEALED:
            check_seal(values)
    except (OSError, ValueError) as exc:
        raise _damaged(folder, f"{MANIFEST} with {exc}") from exc
    return manifest, values


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
    manifest, values = _manifest_and_values(folder, verify=verify)
    if not manifest.spec.has_encoder:
        raise BundleError(
            str(folder),
            expected="a model with its encoder",
            found="words and names alone",
            do="Ask it for what needs no encoder (classify, evaluate, explain), or take another model.",
        )
    import_transformers()
    with _damage_told(folder):
        light = _read_light(folder, manifest, values, whole=True, verify=verify)
        tokenizer = load_tokenizer(str(folder))
        model = load_finished_model(str(folder))
        check_vocabulary(model, tokenizer)
        vectors = _read_vectors(folder / _VECTORS, light.learned, int(model.config.hidden_size))
    most = most_tokens(tokenizer, getattr(model.config, "max_position_embeddings", None))
    if manifest.spec.max_tokens > most:
        found = f"max_tokens {manifest.spec.max_tokens} in {MANIFEST}, of an encoder that reads {most}"
        raise _damaged(folder, found)
    labels = [(model.config.id2label or {}).get(aspect.label) for aspect in ASPECTS]  # type: ignore[call-overload]
    if labels != [aspect.value for aspect in ASPECTS]:
        raise _damaged(folder, f"the labels {labels} in config.json")
    if model.config.problem_type not in (None, manifest.spec.head.problem_type):
        raise _damaged(folder, f"the problem type {model.config.problem_type} in config.json")
    return Bundle(
        model.eval(),
        tokenizer,
        vectors,
        manifest=manifest,
        learned=light.learned,
        lexicon=light.lexicon,
        words=light.words,
    )


def load_light(folder: Path, *, verify: bool = True) -> LightBundle:
    """Load what a bundle holds beside its encoder, whose files are not read, with no need of torch.

    Args:
        folder: The bundle.
        verify: Refuse files that are not as they were saved, of those that are read.

    Raises:
        BundleError: Not a bundle, a damaged one, or one of a newer format.
    """
    manifest, values = _manifest_and_values(folder, verify=verify)
    with _damage_told(folder):
        return _read_light(folder, manifest, values, whole=False, verify=verify)


def _read_light(
    folder: Path, manifest: Manifest, values: dict[str, Any], *, whole: bool, verify: bool
) -> LightBundle:
    """Read what needs no encoder, once all files that the caller reads are as they were saved."""
    patterns = _READ if whole else _LIGHT
    matching(folder, patterns)
    if manifest.format_version < FIRST_SEALED:
        _log.warning(
            "%s: its files are not checked, as bundle format %d has no hashes of them.",
            folder,
            manifest.format_version,
        )
    elif verify:
        check_files(folder, values, patterns, whole=whole)
    is_checked = verify and manifest.format_version >= FIRST_SEALED
    learned = read_learned(folder, manifest)
    return LightBundle(
        manifest=manifest,
        learned=replace(learned, is_whole=learned.is_whole and is_checked),
        lexicon=_read_lexicon(folder, manifest.format_version) if manifest.spec.lexicon else None,
        words=None if manifest.spec.words is None else _read_words(folder / _WORDS),
    )


@contextmanager
def _damage_told(folder: Path) -> Iterator[None]:
    """Turn what goes wrong with the files of a bundle into an error that tells of the bundle."""
    try:
        yield
    except (OSError, ValueError, InputError) as exc:
        told = f"{exc.found}, expected {exc.expected}" if isinstance(exc, InputError) else str(exc)
        raise _damaged(folder, exc.found if isinstance(exc, EncoderError) else told) from exc


def _read_lexicon(folder: Path, format_version: int) -> Lexicon:
    if format_version < _FIRST_WITH_ARRAYS:
        return Lexicon.from_json((folder / _OLD_LEXICON).read_text(encoding="utf-8"))
    with _named(_LEXICON):
        return Lexicon.from_arrays(_read_arrays(folder / _LEXICON))


def _write_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    from safetensors.numpy import save_file

    save_file(arrays, path)


def _read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except (SafetensorError, LookupError, TypeError) as exc:  # cut, or not ours
        raise ValueError(str(exc)) from exc


def _read_array(path: Path, name: str) -> NDArray[np.float32]:
    arrays = _read_arrays(path)
    if name not in arrays:
        raise ValueError(f"no array {name}")
    return arrays[name].astype(np.float32)


def _read_words(path: Path) -> WordModel:
    with _named(path.name):
        return WordModel(_read_array(path, "weights"))


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Tell of which file it is that it is not as it should be."""
    try:
        yield
    except ValueError as exc:
        raise ValueError(f"{name}: {exc}") from exc


def _read_vectors(path: Path, learned: Learned, width: int) -> NDArray[np.float32] | None:
    if not path.is_file():
        return None
    with _named(path.name):
        vectors = _read_array(path, "vectors")
        if vectors.ndim != 2 or vectors.shape[1] != width or len(vectors) > len(learned.go_ids):
            raise ValueError(f"embeddings of shape {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("embeddings that are not finite")
    return vectors


def _write_text(path: Path, text: str) -> None:
    path.write_text(encodable(text) + "\n", encoding="utf-8")


def _damaged(folder: Path, found: str) -> BundleError:
    return BundleError(
        str(folder),
        expected="a model folder as `gotune train` wrote it",
        found=found,
        do=AGAIN,
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
