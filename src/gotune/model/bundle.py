"""The bundle: a saved model that is a plain Hugging Face folder plus a manifest.

``AutoModelForSequenceClassification.from_pretrained(folder)`` works on it; weights are safetensors, all
else is JSON or text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS
from gotune.errors import BundleError, ConfigError, EncoderError
from gotune.files import FolderKind, atomic_folder
from gotune.lexicon.lexicon import Lexicon
from gotune.lines import one_line
from gotune.model.card import render_model_card
from gotune.model.encoders import import_transformers, load_tokenizer
from gotune.model.manifest import FORMAT_VERSION, MANIFEST, Manifest

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_TRAINING_IDS = "training_ids.txt"
_TRAINING_SENTENCES = "training_sentences.json"
_LEXICON = "lexicon.json"
_CARD = "README.md"
FOLDER = FolderKind(
    MANIFEST,
    key="dataset_fingerprint",
    files=(
        _CARD,
        _TRAINING_IDS,
        _TRAINING_SENTENCES,
        _LEXICON,
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
class TrainingSentences:
    """The labelled sentences that a model has seen, so that it is never measured on them.

    Attributes:
        texts: The key of each text, from `gotune.corpus.plain_text.text_key`.
        articles: The articles that they are from.
    """

    texts: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model with its tokenizer and its provenance.

    Attributes:
        model: In evaluation mode, on the CPU, float32.
        tokenizer: The encoder's fast tokenizer.
        manifest: Where the model came from.
        training_ids: GO ids of the terms that it learned from or that chose its epoch.
        training_sentences: The same of labelled sentences.
        lexicon: The names whose evidence is added to the logits; None if the model has the encoder alone.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    manifest: Manifest
    training_ids: tuple[str, ...]
    training_sentences: TrainingSentences = TrainingSentences()
    lexicon: Lexicon | None = None


def save_bundle(bundle: Bundle, folder: Path) -> None:
    """Write a bundle folder; an older bundle there is replaced only once the new one is complete.

    Raises:
        SaveError: The folder holds something else, or cannot be written.
    """
    with atomic_folder(folder, FOLDER) as temporary:
        with tensor_errors():
            bundle.model.save_pretrained(temporary)
        bundle.tokenizer.save_pretrained(temporary)
        _write_lines(temporary / _TRAINING_IDS, bundle.training_ids)
        _write_sentences(temporary / _TRAINING_SENTENCES, bundle.training_sentences)
        if bundle.lexicon is not None:
            _write_lines(temporary / _LEXICON, [bundle.lexicon.to_json()])
        _write_lines(temporary / _CARD, [render_model_card(bundle.manifest).rstrip()])
        _write_lines(temporary / MANIFEST, [json.dumps(bundle.manifest.to_dict(), indent=2)])


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a bundle without loading the model.

    Raises:
        BundleError: Not a bundle, a damaged one, or one of a newer format.
    """
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
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ConfigError) as exc:
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
        training_ids = (folder / _TRAINING_IDS).read_text(encoding="utf-8").split()
        sentences = _read_sentences(folder / _TRAINING_SENTENCES, manifest.format_version)
        lexicon = _read_lexicon(folder / _LEXICON) if manifest.config.lexicon else None
    except (
        OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, SafetensorError,
        EncoderError,
    ) as exc:  # fmt: skip
        raise _damaged(folder, one_line(str(exc))[:300]) from exc
    # transformers would fill up missing weights at random and say so only in its log.
    incomplete = sorted({*loading["missing_keys"], *map(str, loading["mismatched_keys"])})
    if incomplete:
        raise _damaged(folder, "weights without " + ", ".join(incomplete[:3]))
    labels = [model.config.id2label.get(aspect.label) for aspect in ASPECTS]
    if labels != [aspect.value for aspect in ASPECTS]:
        raise _damaged(folder, f"the labels {labels} in config.json")
    if model.config.problem_type not in (None, manifest.config.head.problem_type):
        raise _damaged(folder, f"the problem type {model.config.problem_type} in config.json")
    return Bundle(model.eval(), tokenizer, manifest, tuple(training_ids), sentences, lexicon)


def _read_lexicon(path: Path) -> Lexicon:
    return Lexicon.from_json(path.read_text(encoding="utf-8"))


def _write_sentences(path: Path, sentences: TrainingSentences) -> None:
    values = {"texts": sorted(sentences.texts), "articles": sorted(sentences.articles)}
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def _read_sentences(path: Path, format_version: int) -> TrainingSentences:
    if format_version < 2:  # models were made of definitions alone
        return TrainingSentences()
    values = json.loads(path.read_text(encoding="utf-8"))
    return TrainingSentences(frozenset(values["texts"]), frozenset(values["articles"]))


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


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
