"""What is in the cache folder, and how it is made smaller: nothing that is not ours is touched.

Ours are the files that `gotune.downloads` notes beside them, parsed releases, and workspaces.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gotune.downloads import fetched_files
from gotune.errors import SaveError
from gotune.files import cache_folder
from gotune.workspaces import sweep, workspaces_in

_FETCHED = ("releases/*", "encoders/*", "ontologies", "annotations")
_PARSED = "parsed"
_PARSED_RELEASE = re.compile(r"[0-9a-f]{64}-v\d+/(terms\.parquet|parsed\.json|genes\.safetensors)")


@dataclass(frozen=True, slots=True)
class CachePart:
    """Files of the cache that belong together.

    Attributes:
        name: Where they are, seen from the cache folder.
        n_files: How many they are.
        n_bytes: Their size.
    """

    name: str
    n_files: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class CacheContent:
    """What is in the cache, or was removed from it.

    Attributes:
        folder: The cache folder.
        parts: What can be fetched or made anew.
        unfinished: Workspaces: what runs are at, or what killed ones have left behind.
    """

    folder: Path
    parts: tuple[CachePart, ...]
    unfinished: tuple[CachePart, ...]

    @property
    def n_bytes(self) -> int:
        """The size of it all."""
        return sum(part.n_bytes for part in (*self.parts, *self.unfinished))

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        kinds = {"parts": self.parts, "unfinished": self.unfinished}
        rows = {
            kind: [{"name": part.name, "files": part.n_files, "bytes": part.n_bytes} for part in parts]
            for kind, parts in kinds.items()
        }
        return {"folder": str(self.folder), **rows}


def read_content() -> CacheContent:
    """Look into the cache folder, which need not be there.

    Raises:
        InputError: ``$GOTUNE_CACHE`` names no folder.
    """
    folder = cache_folder()
    parts = (_measure(name, files) for name, files in _kept(folder))
    unfinished = (_measure_workspace(folder, path) for path in _unfinished(folder))
    return CacheContent(folder, tuple(parts), tuple(unfinished))


def clean(*, everything: bool = False) -> CacheContent:
    """Remove what killed runs left in the cache folder.

    Args:
        everything: Remove also all that gotune keeps there. It is fetched or made anew when it is needed.

    Returns:
        What was removed.

    Raises:
        InputError: ``$GOTUNE_CACHE`` names no folder.
        SaveError: A file may not be removed.
    """
    folder = cache_folder()
    measured = [(path, _measure_workspace(folder, path)) for path in _unfinished(folder)]
    unfinished = tuple(part for path, part in measured if sweep(path))
    parts = []
    for name, files in list(_kept(folder)) if everything else ():
        parts.append(_measure(name, files))
        for path in files:
            _remove(path)
        for place in {path.parent for path in files}:
            with suppress(OSError):  # something else is in it
                place.rmdir()
                if place.parent != folder:
                    place.parent.rmdir()
    return CacheContent(folder, tuple(parts), unfinished)


def _kept(folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """Yield the name of each part of a cache, and its files."""
    for pattern in _FETCHED:
        for place in _inside(folder, pattern):
            if files := fetched_files(place):
                yield place.relative_to(folder).as_posix(), files
    parsed = _inside(folder, f"{_PARSED}/*/*")
    if files := [path for path in parsed if _PARSED_RELEASE.fullmatch("/".join(path.parts[-2:]))]:
        yield _PARSED, files


def _inside(folder: Path, pattern: str) -> list[Path]:
    """Return what matches, but for what a link leads to: it may be anybody's."""
    real = folder.resolve()
    return [
        path
        for path in sorted(folder.glob(pattern))
        if not path.is_symlink() and path.resolve() == real / path.relative_to(folder)
    ]


def _unfinished(folder: Path) -> list[Path]:
    places = [place for pattern in (*_FETCHED, _PARSED, f"{_PARSED}/*") for place in _inside(folder, pattern)]
    return [path for place in places for path in workspaces_in(place)]


def _measure_workspace(folder: Path, path: Path) -> CachePart:
    return _measure(path.relative_to(folder).as_posix(), list(path.rglob("*")))


def _measure(name: str, paths: list[Path]) -> CachePart:
    """Count files; one that a run removes meanwhile has no size."""
    sizes = []
    for path in paths:
        with suppress(OSError):
            status = path.lstat()
            if stat.S_ISREG(status.st_mode):
                sizes.append(status.st_size)
    return CachePart(name, len(sizes), sum(sizes))


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as exc:
        raise SaveError(
            str(path),
            expected="a file that can be removed",
            found=exc.strerror or str(exc),
            do="Ask who owns the cache folder, or set GOTUNE_CACHE to one of your own.",
        ) from exc
