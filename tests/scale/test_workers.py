from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gotune.errors import BundleError, InputError, MissingExtraError
from gotune.scale.records import Piece, Text
from gotune.scale.workers import workers_for
from tests.scale.lengths import Lengths

SETTINGS = Lengths().settings()


def pieces(n: int) -> list[Piece]:
    return [Piece(0, (Text("a.txt", line, 0, "", "a" * line),), (), 0, False) for line in range(1, n + 1)]


@pytest.mark.parametrize("n", [None, 1])
def test_pieces_come_back_in_their_order(n: int | None) -> None:
    with workers_for(Lengths(), SETTINGS, n) as work:
        found = [
            (piece.texts[0].line, worked.batch["length"][0].as_py()) for piece, worked in work(pieces(30))
        ]
    assert found == [(line, line) for line in range(1, 31)]


def test_few_pieces_are_taken_before_the_first_comes_back() -> None:
    taken = []

    def told() -> Piece:
        taken.append(1)
        return pieces(1)[0]

    with workers_for(Lengths(), SETTINGS, 1) as work:
        next(work(told() for _ in range(100)))
    assert len(taken) == 3


def test_a_task_that_cannot_be_opened_says_why() -> None:
    with (
        workers_for(Lengths(broken=True), SETTINGS, 1) as work,
        pytest.raises(BundleError, match="found half of it"),
    ):
        next(work(pieces(1)))


@dataclass(frozen=True)
class OfFile(Lengths):
    """Depends on a file."""

    path: str = ""

    def settings(self) -> dict[str, Any]:
        return {"file": Path(self.path).read_text()}


def test_what_changes_before_a_worker_opens_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model").write_text("one")
    task = OfFile(path=str(tmp_path / "model"))
    with workers_for(task, task.settings(), 1) as work:
        (tmp_path / "model").write_text("another")
        with pytest.raises(InputError, match=r'as the run began with: .*"one".*, found .*"another"'):
            next(work(pieces(1)))


def test_a_cluster_without_ray_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with (
        pytest.raises(MissingExtraError, match=r'pip install "gotune\[ray\]"'),
        workers_for(Lengths(), SETTINGS, 1, "auto"),
    ):
        pass
