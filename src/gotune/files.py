"""Whole files and folders or none: atomic writes, hashes, the cache folder."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from gotune.errors import InputError, SaveError
from gotune.lines import encodable
from gotune.typed_json import json_text, read_json
from gotune.workspaces import NEW, PREFIX, new_mode, put_back, replace_folder, workspace

_HASH_BLOCK = 1 << 20
_MOST_LINKS = 40  # that lead from one to the next, as in Linux
_LONGEST_SUFFIX = 32
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")
"""An open file or pipe, such as standard output and what a shell makes of ``>(command)``."""


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Give a temporary path that replaces ``path`` when the block ends well.

    A link stays, and what it leads to is replaced. What is there already keeps its permissions. Into a pipe
    or a device, such as ``/dev/stdout``, the whole content is written when the block has ended well.

    Args:
        path: The file to write; its folder is made if need be.

    Yields:
        Where to write, with the suffix of ``path``. If the block raises, it is removed and ``path`` is
        untouched.

    Raises:
        SaveError: On any OSError inside the block, such as a full disk; or ``path`` is a link that leads
            nowhere.
    """
    with saving(path):
        place = _follow(path)
        streams = is_stream(place)
        if not streams:
            _make_folder(place.parent)
        with workspace(Path(tempfile.gettempdir(), place.name) if streams else place) as folder:
            # Writers such as pandas and matplotlib choose the format by the suffix.
            suffix = path.suffix if len(os.fsencode(path.suffix)) <= _LONGEST_SUFFIX else ""
            temporary = folder / (NEW + suffix)
            temporary.touch()
            yield temporary
            if streams:
                _pour(temporary, place)
                return
            _settle(temporary, place, new_mode(folder))
            temporary.replace(place)
        _flush_folder(place.parent)


def check_file(
    path: Path, suffixes: Collection[str], *, do: str, error: type[InputError] = InputError
) -> None:
    """Refuse a name that cannot become a file of its kind, before any work is done.

    Args:
        path: The file to write.
        suffixes: Those that it may have, in any case, behind a name; they may have two parts: ``.tsv.gz``.
        do: What to do about another suffix, for the message.
        error: Kind of the error about the suffix.

    Raises:
        InputError: Of the kind ``error``: another suffix, or none.
        SaveError: A folder has that name, or nothing can be written there.
    """
    name = path.name.lower()
    if not any(name.endswith(suffix) and name != suffix for suffix in suffixes):
        raise error(
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
        if not path.exists():
            check_place(path)
        elif not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
            found = "one that may not be written" if path.is_dir() else "a file"
            raise SaveError(str(path), expected="a folder to write", found=found, do="Choose another place.")


def is_there(path: Path, test: Callable[[Path], bool] = Path.exists) -> bool:
    """Whether there is something of a name, also of one that no file could have, such as a whole text.

    Args:
        path: The name.
        test: What it has to be, such as `Path.is_dir`.
    """
    try:
        return test(path)
    except (OSError, ValueError):  # too long for a file name, or with a NUL
        return False


def check_place(path: Path) -> None:
    """Refuse a place where a file or a folder, and the folders that lead to it, cannot be made.

    Raises:
        SaveError: The nearest folder above that is there may not be written, or is a file; or ``path`` is a
            pipe or device that may not be written, or a link that leads nowhere.
    """
    with saving(path):
        place = _follow(path)
        if is_stream(place):
            above, is_right = place, os.access(place, os.W_OK)
        else:
            above = next(folder for folder in place.absolute().parents if folder.exists())
            is_right = above.is_dir() and os.access(above, os.W_OK | os.X_OK)
        if not is_right:
            raise SaveError(
                str(path),
                expected="a place that can be written",
                found=f"{above}, which {'is a file' if above.is_file() else 'may not be written'}",
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
            values = read_json(path / self.marker)
        except (OSError, ValueError):
            return False
        marked = isinstance(values, dict) and self.key in values
        patterns = (self.marker, ".DS_Store", PREFIX + "*", *self.files)
        return marked and all(
            any(fnmatchcase(entry.name, pattern) for pattern in patterns) for entry in path.iterdir()
        )


@contextmanager
def atomic_folder(path: Path, kind: FolderKind) -> Iterator[Path]:
    """Give an empty temporary folder that replaces ``path`` when the block ends well.

    A link stays, and the folder that it leads to is replaced, in one step where the system has that. What is
    there already keeps its permissions.

    Args:
        path: The folder to write.
        kind: What will be in it. A folder that is there already is replaced only if it is of this kind and
            holds nothing else, so that a mistyped ``-o`` never deletes anything.

    Yields:
        Where to write. If the block raises, it is removed and ``path`` is untouched.

    Raises:
        SaveError: ``path`` holds something else, or any OSError inside the block, such as a full disk.
    """
    check_replaceable(path, kind)
    with saving(path):
        place = _follow(path)
        _make_folder(place.parent)
        with workspace(place) as folder:
            new = folder / NEW
            new.mkdir()
            yield new
            for written in (*new.rglob("*"), new):
                _settle(written, place / written.relative_to(new), new_mode(folder))
            replace_folder(new, place)
        _flush_folder(place.parent)


def bring_back(path: Path) -> None:
    """Bring back a folder that is about to be read, if a run was killed just when it was replacing it."""
    with suppress(OSError, SaveError):
        place = _follow(path)
        if not place.exists():
            put_back(place)


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
    check_place(path)
    with saving(path):
        if not path.exists():
            return
        if path.resolve() == Path.cwd():  # a shell that stands in it would be left in the old one
            raise SaveError(
                str(path), expected="another folder than you are in", found="that", do="Name one inside it."
            )
        if not path.is_dir() or not (kind.owns(path) or not any(path.iterdir())):
            found = "something else in it" if path.is_dir() else "a file"
        elif not os.access(path, os.W_OK):
            found = "one that may not be written"
        else:
            return
        raise SaveError(
            str(path),
            expected=f"a new folder, an empty one, or one that gotune wrote, with a {kind.marker}",
            found=found,
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

    Raises:
        InputError: It begins with the home folder of a user who has none.
    """
    import platformdirs

    chosen = os.environ.get("GOTUNE_CACHE") or platformdirs.user_cache_dir("gotune")
    return expand_home(chosen, where="GOTUNE_CACHE")


def expand_home(path: str, *, where: str) -> Path:
    """Return a path whose first part may be ``~`` or ``~user``, for the home folder of a user.

    Args:
        path: What the user gave.
        where: Where it was given, for the message.

    Raises:
        InputError: There is no such user, or nobody knows the user's home folder.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as exc:
        raise InputError(
            where,
            expected="a folder",
            found=f"{path!r}, and no home folder of {path.partition('/')[0]!r}",
            do="Give the whole path, without ~.",
        ) from exc


def _follow(path: Path) -> Path:
    """Return what is written where ``path`` is a link, which stays: the file or folder that it leads to.

    Raises:
        SaveError: The link leads round in a circle, or into a folder that is not there.
    """
    place = path
    for _ in range(_MOST_LINKS):
        if _DESCRIPTOR.fullmatch(str(place)) or not place.is_symlink():
            break
        place = place.parent / place.readlink()
    else:
        raise SaveError(
            str(path),
            expected="a link that leads to one place",
            found="one that leads round in a circle",
            do="Remove it, or choose another place.",
        )
    if place != path and not place.parent.is_dir():
        raise SaveError(
            str(path),
            expected="a link into a folder that is there",
            found=f"one to {place}",
            do=f"Make {place.parent}, remove the link, or choose another place.",
        )
    return place


def _make_folder(path: Path) -> None:
    _follow(path).mkdir(parents=True, exist_ok=True)


def is_stream(path: Path) -> bool:
    """Whether something is there that can be written to but not replaced, such as a pipe or a device."""
    is_other = path.exists() and not path.is_file() and not path.is_dir()
    return is_other or _DESCRIPTOR.fullmatch(str(path)) is not None


def _pour(source: Path, stream: Path) -> None:
    """Write the content of a file into a stream."""
    found = _DESCRIPTOR.fullmatch(str(stream))
    # Opened anew, a file that a shell has opened would be written from its start, over what is there.
    target = os.dup(int(found[1])) if found else os.open(stream, os.O_WRONLY)
    with os.fdopen(target, "wb") as output, source.open("rb") as content:
        shutil.copyfileobj(content, output)


def _settle(written: Path, place: Path, mode: int) -> None:
    """Bring what was written to the disk, and give it the permissions of what it replaces.

    Args:
        written: A file or folder.
        place: Where it goes.
        mode: Of a new file. Some writers, safetensors among them, make files that only their owner can read.
    """
    if written.is_dir():
        _flush_folder(written)
        if place.is_dir():
            written.chmod(stat.S_IMODE(place.stat().st_mode))
    elif written.is_file():
        with written.open("rb+") as file:
            os.fsync(file.fileno())
        written.chmod(stat.S_IMODE(place.stat().st_mode) if place.is_file() else mode)


def _flush_folder(path: Path) -> None:
    """Bring the names in a folder to the disk, on systems and disks that can do that."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
