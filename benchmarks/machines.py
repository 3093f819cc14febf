"""The machine that benchmarks run on, and environments of their own for programs that are measured."""

from __future__ import annotations

import os
import platform
import subprocess
import venv
from pathlib import Path


def processor() -> str:
    """Return the name of the processor."""
    info = Path("/proc/cpuinfo")
    for line in info.read_text(encoding="utf-8").splitlines() if info.exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def machine() -> str:
    """Return how many cores of which processor a run may use."""
    return f"{len(os.sched_getaffinity(0))} cores ({processor()})"


def python_with(folder: Path, *requirements: str) -> Path:
    """Return the Python of an environment, which is made of what `pip install` takes if it is not there."""
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], check=True)
        (folder / "made").touch()
    return python
