"""An index that is brought from one release to the next in its place, and killed meanwhile."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from tally import FAULT, Tally, entries, killed, outcome

from gotune.linking.folder import load_index


def updates(root: Path, tries: int) -> Iterator[Tally]:
    """Kill ``gotune index`` on the folder that it reads: that is the old index or the new one, and whole.

    The command given again makes of either what it makes undisturbed, and leaves nothing else.
    """
    tally = Tally("killed: index, old release to new")
    generator = random.Random(8)  # noqa: S311 (no secret)
    before, now = releases(root)
    old, out = root / "old-index", root / "updates"
    index = out / "terms"
    out.mkdir()
    command = [sys.executable, "-m", "gotune", "index", "-q", "-o", str(index), "--release"]
    subprocess.run([*command, str(before)], check=True)
    shutil.copytree(index, old)
    expected = [load(index)]
    command += [str(now), "--index", str(index), "--drift", str(out / "drift.tsv")]
    start = time.monotonic()
    subprocess.run(command, check=True)
    seconds = time.monotonic() - start
    expected.append(load(index))
    left, drift = entries(out), (out / "drift.tsv").read_bytes()
    n_killed = 0
    while n_killed < tries:
        restore(old, index)
        (out / "drift.tsv").write_bytes(drift)
        # Most of the writing is at the end.
        share = generator.choice((generator.random(), 0.7 + generator.random() / 3))
        if killed(command, seconds * share) is None:
            continue
        n_killed += 1
        outcome(tally, "killed", load, index, expected)
        if (out / "drift.tsv").read_bytes() != drift:
            tally.add(FAULT, "another drift.tsv")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        extra = entries(out) ^ left
        if done.returncode or extra:
            tally.add(FAULT, f"again: exit code {done.returncode}, {extra}: {done.stderr[-300:]}")
        outcome(tally, "again", load, index, expected[1:])
    yield tally


def releases(root: Path) -> tuple[Path, Path]:
    """Write two releases of the example: of the later one a name is another, a term more, one obsolete."""
    text = (files("gotune.ontology") / "example.obo").read_text(encoding="utf-8")
    changed = text.replace("2024-02-29", "2025-02-28").replace("name: sugar breakdown", "name: sugar decay")
    more = "\n[Term]\nid: GO:9000099\nname: sugar sensing\nnamespace: biological_process\nis_a: GO:9000001\n"
    paths = root / "before.obo", root / "now.obo"
    for path, content in zip(paths, (text, changed + more), strict=True):
        path.write_text(content, encoding="utf-8")
    return paths


def restore(old: Path, index: Path) -> None:
    """Put the old index in its place; what a killed run has left beside it stays."""
    shutil.rmtree(index)
    shutil.copytree(old, index)


def load(folder: Path) -> object:
    """Read an index as commands do, and return all that is in it."""
    load_index(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}
