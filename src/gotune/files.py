"""Whole files and folders or none: atomic writes, hashes, the cache folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from gotune.errors import InputError, SaveError
from gotune.lines import encodable
from gotune.typed_json import json_text, read_json

_HASH_BLOCK = 1 << 20


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` that replaces it when the block ends well.

    Args:
        path: The file to write; its folder is made if need be.

    Yields:
        Where to write. If the block raises, the temporary file is removed and ``path`` is untouched.

    Raises:
        SaveError: On any OSError inside the block, such as a full disk.
    """
    with saving(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Writers such as pandas and matplotlib choose the format by the suffix, so it stays last.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        try:
            temporary.chmod(0o666 & ~_umask())
            yield temporary
            _flush(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def check_file(path: Path, suffixes: Collection[str], *, do: str) -> None:
    """Refuse a name that cannot become a file of its kind, before any work is done.

    Args:
        path: The file to write.
        suffixes: Those that it may have, in any case.
        do: What to do about another suffix, for the message.

    Raises:
        InputError: Another suffix, or none.
        SaveError: A folder has that name, or nothing can be written there.
    """
    if path.suffix.lower() not in suffixes:
        raise InputError(
            str(path),
            expected=f"a file name that ends in {(' or ' if len(suffixes) == 2 else ', ').join(suffixes)}",
            found=f"the suffix {path.suffix!r}" if path.suffix else "no suffix",
            do=do,
        )
    with saving(path):
        if path.is_dir():
            raise SaveError(str(path), expected="a file to write", found="a folder", do="Name a file.")
        check_place(path)


def check_folder(path: Path) -> None:
    """Refuse what cannot be a folder to write into, before any work is done.

    Raises:
        SaveError: There is something else of that name, or nothing can be written there.
    """
    with saving(path):
        if path.exists() and not path.is_dir():
            raise SaveError(str(path), expected="a folder to write", found="a file", do="Name a folder.")
        check_place(path)


def check_place(path: Path) -> None:
    """Refuse a place where a file or a folder, and the folders that lead to it, cannot be made.

    Raises:
        SaveError: The nearest folder above that is there may not be written, or is a file.
    """
    with saving(path):
        above = next(folder for folder in path.absolute().parents if folder.exists())
        if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
            raise SaveError(
                str(path),
                expected="a place that can be written",
                found=f"{above}, which {'may not be written' if above.is_dir() else 'is a file'}",
                do="Choose another place.",
            )


@dataclass(frozen=True, slots=True)
class FolderKind:
    """A kind of folder that gotune writes, and by which it knows its own.

    Attributes:
        marker: Name of a JSON file that every folder of this kind holds.
        key: A key of that file that other programs' files of the same name do not have.
        files: Patterns of all names that may be in such a folder.
    """

    marker: str
    key: str
    files: tuple[str, ...]

    def owns(self, path: Path) -> bool:
        """Whether the folder is of this kind and holds nothing else, so that it may be replaced."""
        try:
            marked = self.key in read_json(path / self.marker)
        except (OSError, ValueError, TypeError):
            return False
        patterns = (self.marker, ".DS_Store", *self.files)
        return marked and all(
            any(fnmatchcase(entry.name, pattern) for pattern in patterns) for entry in path.iterdir()
        )


@contextmanager
def atomic_folder(path: Path, kind: FolderKind) -> Iterator[Path]:
    """Give an empty temporary folder that replaces ``path`` when the block ends well.

    Args:
        path: The folder to write.
        kind: What will be in it. A folder that is there already is replaced only if it is of this kind and
            holds nothing else, so that a mistyped ``-o`` never deletes anything.

    Yields:
        Where to write. If the block raises, it is removed and ``path`` is untouched.

    Raises:
        SaveError: ``path`` holds something else, or any OSError inside the block, such as a full disk.
    """
    if path.exists():
        path = path.resolve()  # through a link, so that its target is replaced and the link stays
    check_replaceable(path, kind)
    with saving(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-"))
        try:
            temporary.chmod(0o777 & ~_umask())
            yield temporary
            for file in temporary.rglob("*"):
                if file.is_file():
                    # Some writers, safetensors among them, make files that only their owner can read.
                    file.chmod(0o666 & ~_umask())
                    _flush(file)
            _swap(temporary, path)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def saving(path: Path) -> Iterator[None]:
    """Report what keeps the block from writing, such as a full disk, as a SaveError about ``path``."""
    try:
        yield
    except OSError as exc:
        raise SaveError(
            str(path),
            expected="a place that can be written",
            found=exc.strerror or str(exc),
            do="Free some space or choose another place; what was there before is untouched.",
        ) from exc
    except UnicodeEncodeError as exc:
        if encodable(str(path)) == str(path):
            raise
        # pyarrow takes no other, while the system and the other writers do.
        raise SaveError(
            str(path),
            expected="a name in UTF-8, as this kind of file needs one",
            found="bytes that are none",
            do="Choose another name.",
        ) from exc


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file, whole or not at all; half a surrogate pair becomes U+FFFD.

    Raises:
        SaveError: It cannot be written; an old one is untouched.
    """
    with atomic_file(path) as temporary:
        temporary.write_text(encodable(text), encoding="utf-8")


def write_json(path: Path, value: object) -> None:
    """Write a result as JSON, whole or not at all.

    Raises:
        SaveError: It cannot be written; an old one is untouched.
    """
    write_text(path, json_text(value, indent=2) + "\n")


def check_replaceable(path: Path, kind: FolderKind) -> None:
    """Refuse an output folder that holds something else, before any work is done.

    Raises:
        SaveError: ``path`` is a file, or a folder with content that is not of this kind alone; or nothing can
            be written there.
    """
    with saving(path):
        check_place(path)
        if path.is_dir() and (kind.owns(path) or not any(path.iterdir())):
            return
        if path.exists() or path.is_symlink():
            raise SaveError(
                str(path),
                expected=f"a new folder, an empty one, or one that gotune wrote, with a {kind.marker}",
                found="something else in it" if path.is_dir() else "a file or a broken link",
                do="Choose another output folder; nothing was changed.",
            )


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def cache_folder() -> Path:
    """Return where downloads and parsed releases are kept.

    It is ``$GOTUNE_CACHE`` if set, otherwise the user cache folder of the system.
    """
    import platformdirs

    chosen = os.environ.get("GOTUNE_CACHE")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("gotune"))


def _swap(new: Path, path: Path) -> None:
    """Put ``new`` in the place of ``path``, and ``path`` back if that fails."""
    if not path.exists():
        new.replace(path)
        return
    old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-old-"))
    path.replace(old)
    try:
        new.replace(path)
    except BaseException:  # also Ctrl-C between the two
        old.replace(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
