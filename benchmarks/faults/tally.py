"""What damaging and killing things comes to: how a try is counted, and what several kinds of them share."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gotune.errors import GotuneError

WORDS = (
    "the kinase binds calcium in membrane of nucleus and protein transport is required for cell cycle "
    "transcription factor complex ribosome catalyses hydrolysis regulates signalling"
).split()
REFUSED, SAME, TAKEN, FAULT = "refused", "same", "taken", "fault"
"""Refused clearly; the same result as before; read as what it may well be; at fault."""


@dataclass
class Tally:
    """What came of the tries of one kind, and what each fault was."""

    kind: str
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, outcome: str, told: str = "") -> None:
        """Count a try."""
        self.counts[outcome] += 1
        if outcome == FAULT:
            self.faults.append(told)
            print(f"FAULT {self.kind}: {told}", file=sys.stderr)

    def row(self) -> dict[str, Any]:
        """Return the counts for the table."""
        tried = sum(self.counts.values())
        return {
            "kind": self.kind,
            "tried": tried,
            **{name: self.counts[name] for name in (REFUSED, SAME, TAKEN, FAULT)},
        }


Load = Callable[[Path], object]
"""Reads what lies at a path, and returns all of it that a result can depend on, ready to be compared."""


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """Give a copy of a file or folder that may be damaged."""
    with tempfile.TemporaryDirectory(prefix="gotune-faults-") as folder:
        place = Path(folder) / path.name
        if path.is_dir():
            shutil.copytree(path, place)
        else:
            shutil.copyfile(path, place)
        yield place


def flip(path: Path, generator: random.Random) -> None:
    content = bytearray(path.read_bytes())
    if content:
        content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
        path.write_bytes(content)


def outcome(tally: Tally, name: str, load: Load, path: Path, expected: list[object] | None) -> None:
    """Count what comes of loading: the same as before (any result, for None), a clear refusal, or a fault."""
    try:
        found = load(path)
    except GotuneError as exc:
        tally.add(REFUSED) if is_clear(str(exc)) else tally.add(FAULT, f"{name}: unclear message {exc!r}")
    except Exception as exc:  # noqa: BLE001 (that is what is looked for)
        tally.add(FAULT, f"{name}: {type(exc).__name__}: {str(exc)[:200]}")
    else:
        if expected is None:
            tally.add(TAKEN)
        elif found in expected:
            tally.add(SAME)
        else:
            tally.add(FAULT, f"{name}: another result")


def is_clear(message: str) -> bool:
    return len(message) < 1000 and "expected" in message and "found" in message and message.isprintable()


def entries(folder: Path) -> set[str]:
    """Return all files and folders below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def killed(command: list[str], seconds: float, **where: Any) -> list[int] | None:  # noqa: ANN401 (of Popen)
    """Kill a command after some seconds; return the processes below it, or None if it had ended."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **where)
    below = None
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        below = list(below_of(process.pid))
        process.send_signal(signal.SIGKILL)
    _, told = process.communicate()
    if process.returncode not in (0, -signal.SIGKILL):
        raise SystemExit(f"{' '.join(command)} failed by itself: {told[-500:]!r}")
    return below if process.returncode else None


def below_of(pid: int) -> Iterator[int]:
    """Yield the processes that a process has begun, and those that they have."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    try:
        children = [int(child) for path in tasks for child in path.read_text().split()]
    except OSError:  # it has ended meanwhile
        return
    for child in children:
        yield child
        yield from below_of(child)
