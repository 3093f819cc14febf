"""An index as a folder: its arrays as safetensors, and a manifest that knows them by hash."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from gotune.arrays import named, read_arrays, write_arrays
from gotune.errors import BundleError
from gotune.files import FolderKind, atomic_folder, bring_back
from gotune.linking.annotator import Annotator, Sureness
from gotune.linking.beside import WordsBeside
from gotune.linking.index import IndexInfo, TermIndex
from gotune.linking.names import TermNames
from gotune.linking.vectors import PhraseVectors
from gotune.seals import check_files, check_seal, write_sealed
from gotune.typed_json import as_record, read_json

_MANIFEST = "index.json"
_FORMAT = 2
_VERSION = "index_version"
_ARRAYS = ("vectors.safetensors", "labels.safetensors", "names.safetensors", "beside.safetensors")
KIND = FolderKind(_MANIFEST, key=_VERSION, files=_ARRAYS)
_AGAIN = "Make it again with `gotune index`, or install gotune again if it came with it."
SHIPPED_INDEX = Path(str(files("gotune"))) / "models" / "terms"
"""The index that comes with gotune."""


def save_index(annotator: Annotator, folder: Path) -> None:
    """Write an index; an older one there stays until the new one is complete.

    Raises:
        SaveError: The folder holds something else, or cannot be written.
    """
    index = annotator.index
    vectors, labels, names, beside = _ARRAYS
    with atomic_folder(folder, KIND) as temporary:
        write_arrays(temporary / vectors, index.vectors.to_arrays())
        write_arrays(temporary / labels, {**index.to_arrays(), **annotator.sureness.to_arrays()})
        write_arrays(temporary / names, annotator.names.to_arrays())
        write_arrays(temporary / beside, annotator.names.beside.to_arrays())
        write_sealed(temporary / _MANIFEST, {_VERSION: _FORMAT, "of": asdict(index.info)})


def load_index(folder: Path | str | None = None) -> Annotator:
    """Load the index that comes with gotune, or one of a folder.

    Raises:
        BundleError: It is none, a damaged one, or one of another format.
    """
    path = SHIPPED_INDEX if folder is None else Path(folder)
    try:
        bring_back(path)
        values = read_json(path / _MANIFEST)
    except OSError as exc:
        raise BundleError(
            str(path),
            expected=f"a folder with an {_MANIFEST}",
            found="a folder without it" if path.is_dir() else "no such folder",
            do="Give the folder that `gotune index -o` wrote, or leave it out.",
        ) from exc
    except ValueError as exc:
        raise _damaged(path, f"{_MANIFEST} with {exc}") from exc
    if isinstance(values, dict) and values.get(_VERSION) not in (_FORMAT, None):
        raise BundleError(
            str(path),
            expected=f"an index of format {_FORMAT}",
            found=f"one of format {values[_VERSION]!r}",
            do="Make it again with `gotune index`.",
        )
    try:
        check_seal(values)
        check_files(path, values, _ARRAYS)
        vectors, labels, names, beside = map(_read, (path / name for name in _ARRAYS))
        points = PhraseVectors.from_arrays(vectors)
        index = TermIndex.from_arrays(labels, points, _info(path, values["of"]))
        known = TermNames.from_arrays(names, WordsBeside.from_arrays(beside))
        return Annotator(index, known, Sureness.from_arrays(labels))
    except (OSError, ValueError, LookupError) as exc:
        raise _damaged(path, str(exc)) from exc


def _info(path: Path, values: object) -> IndexInfo:
    return as_record(values, IndexInfo, str(path / _MANIFEST), do=_AGAIN, error=BundleError)


def _read(path: Path) -> dict[str, NDArray[Any]]:
    with named(path.name):
        return read_arrays(path)


def _damaged(path: Path, found: str) -> BundleError:
    return BundleError(
        str(path),
        expected="an index as `gotune index` wrote it",
        found=found,
        do=_AGAIN,
    )
