"""What a model has learned from, beside its weights: it must not be measured on that."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from gotune.errors import BundleError
from gotune.lines import encodable
from gotune.model.manifest import AGAIN, MANIFEST, LearnedCounts, Manifest
from gotune.records import Learned
from gotune.typed_json import as_record, json_text, parse_json, read_json

_LEARNED = "learned.json"
_OLD_IDS, _OLD_SENTENCES = "training_ids.txt", "training_sentences.json"
"""What a model had learned from in bundles of format 2; in format 1 there were the ids alone."""
LEARNED_FILES = (_LEARNED, _OLD_IDS, _OLD_SENTENCES)
_OLDEST_WITH_SENTENCES = 2
_FIRST_IN_ONE_FILE = 3


class Remembered:
    """What a model has learned from, made of its file when it is first asked for.

    Who classifies does not ask, and the file takes as long as names and words together.

    Args:
        read: Returns it.
    """

    def __init__(self, read: Callable[[], Learned]) -> None:
        self._read = cache(read)

    @classmethod
    def of(cls, learned: Learned | Remembered) -> Remembered:
        """Return what is known already, to be asked for like what is not."""
        return learned if isinstance(learned, Remembered) else cls(lambda: learned)

    @property
    def learned(self) -> Learned:
        """It, the same each time.

        Raises:
            BundleError: The file holds something else than was saved, which its hash did not tell.
        """
        return self._read()

    def __reduce__(self) -> tuple[Callable[[Learned], Remembered], tuple[Learned]]:
        # A copy in another process knows it, and needs no file.
        return Remembered.of, (self.learned,)


def write_learned(learned: Learned, folder: Path) -> None:
    """Write what a model has learned from."""
    values = {
        "n_definitions": learned.n_definitions,
        "go_ids": list(learned.go_ids),
        "texts": sorted(learned.texts),
        "articles": sorted(learned.articles),
        "is_whole": learned.is_whole,
    }
    text = json_text(values, indent=1, ascii_only=False)
    (folder / _LEARNED).write_text(encodable(text) + "\n", encoding="utf-8")


def read_learned(folder: Path, manifest: Manifest) -> Callable[[], Learned]:
    """Read the file of what a model has learned from, and return what makes that of it.

    So it is of the same moment as all else that is read, whatever becomes of the folder.

    Raises:
        OSError: A file cannot be read.
        ValueError, BundleError: An old file holds something else than was saved; the function raises that of
            a newer one.
    """
    if manifest.format_version < _FIRST_IN_ONE_FILE:
        learned = _checked(_read_old(folder, manifest), manifest)
        return lambda: learned
    content = (folder / _LEARNED).read_bytes()
    return lambda: _checked(_typed(parse_json(content), _LEARNED), manifest)


def _read_old(folder: Path, manifest: Manifest) -> Learned:
    made, version = manifest.provenance, manifest.format_version
    ids = (folder / _OLD_IDS).read_text(encoding="utf-8").split()
    own = {"n_definitions": made.n_train if made else 0, "go_ids": ids}
    if version >= _OLDEST_WITH_SENTENCES:
        own |= _object(read_json(folder / _OLD_SENTENCES), _OLD_SENTENCES)
    elif (folder / _OLD_SENTENCES).exists():
        raise ValueError(f"format {version} in {MANIFEST}, which has no {_OLD_SENTENCES}")
    return _typed(own, _OLD_SENTENCES)


def _checked(learned: Learned, manifest: Manifest) -> Learned:
    made = manifest.provenance
    if manifest.learned not in (None, LearnedCounts.of(learned)):
        raise ValueError(f"{_LEARNED} with {LearnedCounts.of(learned)}, saved with {manifest.learned}")
    if made and len(learned.go_ids) < max(made.n_train, learned.n_definitions):
        raise ValueError(f"{len(learned.go_ids):,} training terms of {made.n_train:,}")
    return learned


def _object(values: object, where: str) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise ValueError(f"{where} without an object")
    return values


def _typed(values: object, where: str) -> Learned:
    return as_record(values, Learned, where, do=AGAIN, error=BundleError)
