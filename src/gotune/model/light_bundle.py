"""What a bundle holds beside its encoder: the manifest, names, words, and what was learned from.

It is saved and read without torch; weights are safetensors, all else is JSON or text.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from gotune.arrays import named, read_arrays, write_arrays
from gotune.errors import BundleError, EncoderError, InputError
from gotune.files import FolderKind, atomic_folder, bring_back, check_replaceable
from gotune.lexicon.lexicon import Lexicon
from gotune.lines import encodable
from gotune.model.card import render_model_card
from gotune.model.learned import LEARNED_FILES, Remembered, read_learned, write_learned
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
from gotune.model.shipped import SHIPPED
from gotune.model.spec import NO_ENCODER, ONNX, TRANSFORMER
from gotune.model.words import WordModel
from gotune.records import Learned
from gotune.seals import check_files, check_seal, write_sealed
from gotune.typed_json import read_json

_LEXICON = "lexicon.safetensors"
_WORDS = "words.safetensors"
VECTORS = "definitions.safetensors"
_CARD = "README.md"
_OLD_LEXICON = "lexicon.json"
"""Names in bundles of formats before 6."""
_FIRST_WITH_ARRAYS = 6
_LIGHT = (*LEARNED_FILES, _LEXICON, _OLD_LEXICON, _WORDS)
"""Files that need no encoder."""
GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
ENCODER_FILES: dict[str, tuple[str, ...]] = {
    TRANSFORMER: (VECTORS, *TOKENIZER_FILES, *WEIGHTS, SHARDS),
    ONNX: (GRAPH, TOKENIZER),
    NO_ENCODER: (),
}
"""Patterns of the files that an encoder of each kind is read from, by gotune or by transformers."""
FOLDER = FolderKind(
    MANIFEST, key="format_version", files=(_CARD, *_LIGHT, *ENCODER_FILES[TRANSFORMER], GRAPH)
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LightBundle:
    """A model without its encoder.

    Attributes:
        manifest: What is needed to use it, and how it was made.
        remembered: What it must not be measured on.
        lexicon: The names whose evidence is added to the logits, if there are any.
        words: The words whose log-odds are added, if there are any.
    """

    manifest: Manifest
    remembered: Remembered
    lexicon: Lexicon | None = None
    words: WordModel | None = None

    @property
    def learned(self) -> Learned:
        """What it must not be measured on, as `Remembered` has it."""
        return self.remembered.learned


def save_light(bundle: LightBundle, folder: Path, *, encoder: Mapping[str, bytes] | None = None) -> None:
    """Write a bundle folder that needs no torch; an older bundle there stays until the new one is complete.

    Args:
        bundle: What is saved beside the encoder.
        folder: The folder to write.
        encoder: The files of an encoder for ONNX Runtime; None leaves words and names alone.

    Raises:
        InputError: There are no words, or the model does not tell how they decide alone.
        SaveError: The folder holds something else, or cannot be written.
    """
    spec = replace(bundle.manifest.spec, kind=ONNX if encoder else NO_ENCODER)
    with atomic_folder(folder, FOLDER) as temporary:
        for name, content in (encoder or {}).items():
            (temporary / name).write_bytes(content)
        write_parts(replace(bundle, manifest=replace(bundle.manifest, spec=spec)), temporary)


def check_target(model: Path, folder: Path) -> None:
    """Refuse a folder in which another model cannot be made of this one, before any work is done.

    Raises:
        InputError: It is the model's own.
        SaveError: It holds something else, or cannot be written.
    """
    if folder.resolve() == model.resolve():
        raise InputError(
            str(folder),
            expected="another folder than that of the model, which stays as it is",
            found="the same",
            do="Name another one.",
        )
    check_replaceable(folder, FOLDER)


def write_parts(bundle: LightBundle, folder: Path) -> None:
    """Write what needs no encoder, and last the manifest, which knows all files."""
    learned = LearnedCounts.of(bundle.learned)
    manifest = replace(bundle.manifest, format_version=FORMAT_VERSION, learned=learned)
    if bundle.lexicon is not None:
        write_arrays(folder / _LEXICON, bundle.lexicon.to_arrays())
    if bundle.words is not None:
        # Half the bytes; log-odds stay the same to two decimals.
        half = {name: array.astype(np.float16) for name, array in bundle.words.to_arrays().items()}
        write_arrays(folder / _WORDS, half)
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
    return manifest_and_values(folder, verify=verify)[0]


def manifest_and_values(folder: Path, *, verify: bool) -> tuple[Manifest, dict[str, Any]]:
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
            do=f"Give the folder that `gotune train -o` wrote, or {' or '.join(SHIPPED)} of gotune itself.",
        )
    try:
        values = read_json(path)
        manifest = manifest_of(values, str(path))
        if verify and manifest.format_version >= FIRST_SEALED:
            check_seal(values)
    except (OSError, ValueError) as exc:
        raise damaged(folder, f"{MANIFEST} with {exc}") from exc
    return manifest, values


def load_light(folder: Path, *, whole: bool = False, verify: bool = True) -> LightBundle:
    """Load what a bundle holds beside its encoder, with no need of torch.

    Args:
        folder: The bundle.
        whole: Whether the files of its encoder are read as well, by others.
        verify: Refuse files that are not as they were saved, of those that are read.

    Raises:
        BundleError: Not a bundle, a damaged one, or one of a newer format.
    """
    manifest, values = manifest_and_values(folder, verify=verify)
    with damage_told(folder):
        return read_parts(folder, manifest, values, whole=whole, verify=verify)


def read_parts(
    folder: Path, manifest: Manifest, values: dict[str, Any], *, whole: bool, verify: bool
) -> LightBundle:
    """Read what needs no encoder, once all files that the caller reads are as they were saved."""
    patterns = (*_LIGHT, *ENCODER_FILES[manifest.spec.kind]) if whole else _LIGHT
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
    read = read_learned(folder, manifest)

    def recall() -> Learned:
        with damage_told(folder):
            learned = read()
        return replace(learned, is_whole=learned.is_whole and is_checked)

    return LightBundle(
        manifest=manifest,
        remembered=Remembered(recall),
        lexicon=_read_lexicon(folder, manifest.format_version) if manifest.spec.lexicon else None,
        words=None if manifest.spec.words is None else _read_words(folder / _WORDS),
    )


@contextmanager
def damage_told(folder: Path) -> Iterator[None]:
    """Turn what goes wrong with the files of a bundle into an error that tells of the bundle."""
    try:
        yield
    except (OSError, ValueError, InputError) as exc:
        told = f"{exc.found}, expected {exc.expected}" if isinstance(exc, InputError) else str(exc)
        raise damaged(folder, exc.found if isinstance(exc, EncoderError) else told) from exc


def _read_lexicon(folder: Path, format_version: int) -> Lexicon:
    if format_version < _FIRST_WITH_ARRAYS:
        return Lexicon.from_json((folder / _OLD_LEXICON).read_text(encoding="utf-8"))
    with named(_LEXICON):
        return Lexicon.from_arrays(read_arrays(folder / _LEXICON), where=str(folder / _LEXICON))


def _read_words(path: Path) -> WordModel:
    with named(path.name):
        return WordModel.from_arrays(read_arrays(path))


def _write_text(path: Path, text: str) -> None:
    path.write_text(encodable(text) + "\n", encoding="utf-8")


def damaged(folder: Path | str, found: str) -> BundleError:
    """Return the error that tells what is wrong with a bundle."""
    return BundleError(
        str(folder),
        expected="a model folder as `gotune train` wrote it",
        found=found,
        do=AGAIN,
    )
