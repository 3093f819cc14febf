"""What is loaded is what was saved: a folder's manifest knows every other file of it, and itself, by hash.

A seal tells accidents, such as a flipped bit, a cut file or a hand's edit. It is no signature: whoever can
write the folder can seal it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from gotune.files import sha256_of
from gotune.typed_json import json_text, parse_json

_FILES = "files"
_SEAL = "sha256"
_TOLD = 8
"""Digits of a hash that are told."""
SEALED_KEYS = frozenset({_FILES, _SEAL})
"""Keys of a manifest that is sealed, beside its own."""


def write_sealed(path: Path, values: Mapping[str, Any], *, exempt: Collection[str] = ()) -> None:
    """Write the manifest of a folder, once all of its other files are there.

    Args:
        path: The file to write.
        values: What it says beside hashes.
        exempt: Patterns of the names of files that may change, and that nothing depends on.
    """
    others = sorted(file for file in path.parent.iterdir() if not _matches(file.name, (path.name, *exempt)))
    files = {file.name: _seal_of(file) for file in others}
    text = json_text(sealed({**values, _FILES: files}), indent=2, ascii_only=False)
    path.write_text(text + "\n", encoding="utf-8")


def sealed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with a hash of them, which `check_seal` looks for."""
    # The hash is of what is read again: half a surrogate of a file's name, for one, cannot be written.
    content: dict[str, Any] = parse_json(json_text(values, ascii_only=False))
    return {**content, _SEAL: _hash_of(content)}


def unsealed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says beside hashes."""
    return {key: value for key, value in values.items() if key not in SEALED_KEYS}


def check_seal(values: object) -> None:
    """Refuse a manifest that is not as it was saved.

    Raises:
        ValueError: It is not.
    """
    if not isinstance(values, dict):
        raise ValueError("no object")
    content = {key: value for key, value in values.items() if key != _SEAL}
    if values.get(_SEAL) != _hash_of(content):
        raise ValueError("other values than were saved, by their hash")


def check_files(
    folder: Path, values: Mapping[str, Any], known: Collection[str], *, whole: bool = True
) -> None:
    """Refuse a folder whose files are not as they were saved.

    Args:
        folder: The folder.
        values: Its manifest.
        known: Patterns of the names of files that a reader of the folder may look for: none of these may be
            there beside what was saved.
        whole: Hold all files against their hashes; else only those of known names, for who reads no others.

    Raises:
        ValueError: A file is not as it was saved, or gone, or was not there; the message names it.
        OSError: One cannot be read.
    """
    files = values.get(_FILES)
    if not isinstance(files, dict):
        raise ValueError("no hashes of its files")
    for name, seal in files.items():
        if not whole and not _matches(name, known):
            continue
        path = folder / name
        if Path(name).name != name or not path.is_file():
            raise ValueError(f"no file {name}")
        if seal != (found := _seal_of(path)):
            raise ValueError(f"{name} with other content than was saved: {_told(found)}, saved {_told(seal)}")
    for path in sorted(folder.iterdir()):
        if path.name not in files and _matches(path.name, known):
            raise ValueError(f"{path.name}, which was not there when it was saved")


def _seal_of(path: Path) -> dict[str, object]:
    """Return what is known of a file: its hash, 64 hex digits, and its size in bytes."""
    return {"sha256": sha256_of(path), "size": path.stat().st_size}


def _told(seal: object) -> str:
    """Return what tells a person how two files differ: a size tells a download that was cut."""
    match seal:
        case {"size": int(size), "sha256": str(sha256)}:
            return f"{size:,} bytes, sha256 {sha256[:_TOLD]}…"
    return "without size and sha256"


def _matches(name: str, patterns: Collection[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _hash_of(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
