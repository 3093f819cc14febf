"""Folders for work in progress: beside what is written, known as ours, swept once their process is gone.

A workspace is a folder ``.gotune-<output>-<random>``. Its process holds the file ``lock`` in it locked, so
that the system tells whether that process still lives: the lock of a killed one is free. A folder that is to
be replaced is exchanged with the new one in one step. Where the system cannot do that, it is set aside in the
workspace first, and put back by whoever finds that no folder has taken its place.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PREFIX = ".gotune-"
"""How the names of all workspaces begin."""
NEW = "new"
"""How the names of the file or folder that is written in a workspace begin."""

_LOCK = "lock"
_OLD = "old"
_LONG_AGO = 86_400  # seconds; after a day without a change nobody is thought to work there
_AT_FOLDER = -100  # AT_FDCWD of Linux
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


@contextmanager
def workspace(path: Path) -> Iterator[Path]:
    """Give an empty folder beside ``path``, for work on it; it is removed when the block ends.

    What earlier processes that were killed left behind of their work on ``path`` is swept first.

    Args:
        path: What is worked on. Its folder is there.

    Raises:
        OSError: The folder cannot be made, or what was set aside cannot be put back.
    """
    for left in workspaces_in(path.parent, of=path):
        sweep(left)
    folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path)))
    with ExitStack() as stack:
        try:
            stack.enter_context(_held(folder))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        stack.callback(_clear, folder)
        yield folder


def new_mode(workspace: Path) -> int:
    """Return the permission bits that a new file gets here; its lock is one, made by no library."""
    return stat.S_IMODE((workspace / _LOCK).stat().st_mode)


def workspaces_in(folder: Path, of: Path | None = None) -> list[Path]:
    """Return the workspaces in a folder, those for work on one path or all, by name."""
    return sorted(
        path
        for path in folder.glob((PREFIX if of is None else _prefix(of)) + "*")
        if path.is_dir() and not path.is_symlink()
    )


def sweep(folder: Path) -> bool:
    """Remove a workspace whose process is gone, and put back what it had set aside.

    Whether a process on another machine is gone cannot be known, nor can it on a disk without locks. There a
    workspace stays until a day after the last change in it.

    Returns:
        Whether it is removed.
    """
    with suppress(OSError), _claimed(folder) as is_left:
        if is_left:
            _clear(folder)
    return not folder.exists()


def put_back(path: Path) -> None:
    """Put back the folder ``path`` that a killed process had set aside, if nothing has taken its place."""
    for folder in workspaces_in(path.parent, of=path):
        with suppress(OSError), _claimed(folder) as is_left:
            if is_left:
                _put_back(folder)


def replace_folder(new: Path, path: Path) -> None:
    """Put the folder ``new`` of a workspace in the place of ``path``, which ends up in the workspace.

    Raises:
        OSError: It cannot be moved; ``path`` is what it was once the workspace is closed.
    """
    if not path.exists():
        new.replace(path)
    elif not _exchange(new, path):
        replace_in_two_steps(new, path)


def replace_in_two_steps(new: Path, path: Path) -> None:
    """Do what `replace_folder` does where two folders cannot change places in one step.

    Between the steps there is no ``path``. If the second one does not come, closing or sweeping the
    workspace puts the old folder back.
    """
    aside = new.parent / _OLD
    aside.mkdir()
    path.replace(aside / path.name)
    new.replace(path)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, or return False."""
    import ctypes

    names = os.fsencode(one.absolute()), os.fsencode(other.absolute())
    try:
        system = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return bool(system.renamex_np(*names, _EXCHANGE) == 0)
        return bool(system.renameat2(_AT_FOLDER, names[0], _AT_FOLDER, names[1], _EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):  # a system without such a call, or without a C library
        return False


def _prefix(path: Path) -> str:
    """Return how the names of workspaces for one path begin; they are short, however long its name is."""
    return f"{PREFIX}{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]}-"


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the lock of a new workspace; it gets its name, by which others know it, once it is held."""
    unnamed = folder / "unlocked"
    with unnamed.open("xb") as file:
        if lock(file.fileno()):
            file.write(_machine())
            file.flush()
            unnamed.rename(folder / _LOCK)
            yield
            return
    unnamed.rename(folder / _LOCK)  # empty: nobody can know whether its process lives
    yield


def _machine() -> bytes:
    return f"{platform.node()}\n".encode()


def lock(handle: int, *, shared: bool = False) -> bool | None:
    """Lock an open file; False if another process holds it, None where files cannot be locked.

    Args:
        handle: The file.
        shared: Only look whether one is at work: several may at once.
    """
    try:
        import fcntl

        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        return None
    return True


@contextmanager
def _claimed(folder: Path) -> Iterator[bool]:
    """Tell whether nobody works in a workspace any more; nobody else can claim it during the block."""
    try:
        handle = os.open(folder / _LOCK, os.O_RDWR)
    except OSError:  # not locked yet, or of another user
        yield _is_old(folder)
        return
    try:
        locked = lock(handle)
        is_free = locked is True and os.read(handle, 1024) == _machine()
        yield is_free or (locked is not False and _is_old(folder))
    finally:
        os.close(handle)


def _is_old(folder: Path) -> bool:
    changes = [path.lstat().st_mtime for path in (folder, *folder.rglob("*"))]
    return time.time() - max(changes) > _LONG_AGO


def _clear(folder: Path) -> None:
    """Remove a workspace, its lock last, so that whoever is killed here has left one that can be swept."""
    _put_back(folder)
    for path in sorted(folder.glob("*")):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != _LOCK:
            with suppress(OSError):
                path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _put_back(folder: Path) -> None:
    """Put back what was set aside in a workspace, unless what should replace it has left the workspace."""
    for old in (folder / _OLD).glob("*"):
        path = folder.parent / old.name
        if (folder / NEW).exists() and not os.path.lexists(path):
            old.replace(path)
