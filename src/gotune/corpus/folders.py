"""The files of folders: what all rooms that read folders take of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from gotune.errors import DocumentError


def files_in(folder: Path) -> Iterator[Path]:
    """Yield what a folder has and its subfolders have, in the order of names, but for what is hidden.

    Links to files are files, also those that lead nowhere; links to folders are left alone.

    Raises:
        DocumentError: A folder cannot be read.
    """
    for above, folders, files in os.walk(folder, onerror=refuse_folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(above, name) for name in sorted(files) if not name.startswith("."))


def refuse_folder(problem: OSError) -> NoReturn:
    """Refuse a folder that cannot be looked into: its texts would be missed by nobody."""
    raise DocumentError(
        str(problem.filename),
        expected="a folder that can be read, with the files in it",
        found=problem.strerror or str(problem),
        do="Check who may read it.",
    ) from problem
