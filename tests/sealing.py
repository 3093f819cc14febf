"""Sealed folders with something else in them than was saved: by accident, or sealed again by a stranger."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gotune.seals import unsealed, write_sealed


def edit(path: Path, change: Callable[[Any], object]) -> None:
    """Change the values of a JSON file in place, as by hand."""
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def seal_again(manifest: Path) -> None:
    """Have a manifest hold the hashes of what is in its folder now, as a stranger would who made it."""
    write_sealed(manifest, unsealed(json.loads(manifest.read_text(encoding="utf-8"))), exempt=("README.md",))
