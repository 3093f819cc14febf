"""What a run resumes from: the newest checkpoint that is as it was saved, or a clear error."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from gotune.config import Loop, TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.errors import ConfigError
from gotune.model.manifest import EpochRecord
from gotune.training.checkpoints import RunFolder
from gotune.training.recipes import Material
from gotune.training.run import fit
from tests.sealing import edit, seal_again
from tests.training.test_run import Stop, StopAt, assert_same, weights

CONFIG = TrainConfig(epochs=9)


def model_and_optimizer(value: float) -> tuple[torch.nn.Linear, torch.optim.Optimizer]:
    """A model whose weights are all one value, and an optimizer that has made no step of length."""
    model = torch.nn.Linear(2, 2)
    torch.nn.init.constant_(model.weight, value)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.0, weight_decay=0.0)
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    return model, optimizer


def record(epoch: int, f1: float) -> EpochRecord:
    return EpochRecord(epoch, 0.5, 0.5, 0.5, f1)


def saved(folder: Path, f1s: tuple[float, ...]) -> RunFolder:
    """A run of as many epochs, of these figures; the weights are the number of the epoch."""
    run = RunFolder.open(folder / "model", CONFIG, "data", resume=False)
    history: tuple[EpochRecord, ...] = ()
    for epoch, f1 in enumerate(f1s, start=1):
        history = (*history, record(epoch, f1))
        run.save(*model_and_optimizer(epoch), history)  # type: ignore[arg-type]  # any model has tensors
    return run


def restored(run: RunFolder) -> tuple[float, int]:
    """Return the weight that a run goes on with, and how many epochs are done."""
    model, optimizer = model_and_optimizer(0.0)
    history = run.restore(model, optimizer)  # type: ignore[arg-type]
    return model.weight[0, 0].item(), len(history)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "flipped weight": lambda path: flip(path / "model.safetensors"),
    "flipped optimizer": lambda path: flip(path / "optimizer.safetensors"),
    "no weights": lambda path: (path / "model.safetensors").unlink(),
    "cut optimizer": lambda path: (path / "optimizer.safetensors").write_bytes(b""),
    "empty history": lambda path: edit(path / "state.json", lambda state: state.update(history=[])),
    "no history": lambda path: edit(path / "state.json", lambda state: state.pop("history")),
    "sealed without a history": lambda path: seal_without_history(path / "state.json"),
    "cut state": lambda path: (path / "state.json").write_text("{"),
    "nested state": lambda path: (path / "state.json").write_text("[" * 100_000),
}


def seal_without_history(path: Path) -> None:
    edit(path, lambda state: state.update(history=[]))
    seal_again(path)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_the_newest_is_taken(tmp_path: Path) -> None:
    assert restored(saved(tmp_path, (0.5, 0.9, 0.7))) == (3.0, 3)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_one_is_left_out_and_told(
    damage: Callable[[Path], object], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = saved(tmp_path, (0.5, 0.9, 0.7))
    damage(run.path / "epoch-3")
    assert restored(run) == (2.0, 2)
    history = (record(1, 0.5), record(2, 0.9), record(3, 0.95))
    run.save(*model_and_optimizer(4.0), history)  # type: ignore[arg-type]
    assert restored(run) == (4.0, 3)
    assert caplog.messages[0].startswith(f"{run.path / 'epoch-3'} is damaged and left out: ")
    assert caplog.messages[1:] == [f"Going on from {run.path / 'epoch-2'}"]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_where_none_is_left_it_is_an_error(damage: Callable[[Path], object], tmp_path: Path) -> None:
    run = saved(tmp_path, (0.5, 0.9, 0.7))
    damage(run.path / "epoch-2")  # the best one, whose weights would be kept in the end
    with pytest.raises(ConfigError, match=r"as it was saved, found none; epoch-3: .*; epoch-2: "):
        restored(run)


def test_one_of_another_epoch_is_left_out(tmp_path: Path) -> None:
    run = saved(tmp_path, (0.5, 0.9, 0.7))
    shutil.copytree(run.path / "epoch-2", run.path / "epoch-4")
    assert restored(run) == (3.0, 3)


@pytest.mark.parametrize("loop", [Loop.NATIVE, Loop.TRAINER])
def test_a_run_goes_on_from_the_one_before_to_the_same_weights(
    loop: Loop,
    dataset: LabelledDataset,
    tiny_config: TrainConfig,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    config = replace(tiny_config, loop=loop, epochs=3)
    whole = fit(Material(dataset), config, tmp_path / "whole")
    with pytest.raises(Stop):
        fit(Material(dataset), config, tmp_path / "model", track=StopAt(epoch=2))
    run = RunFolder.of(tmp_path / "model")
    (first,) = run.checkpoints()
    kept = Path(shutil.copytree(first, tmp_path / "kept"))
    with pytest.raises(Stop):
        fit(Material(dataset), config, tmp_path / "model", resume=True, track=StopAt(epoch=3))
    newest = run.checkpoints()[-1]
    flip(newest / "model.safetensors")
    if not first.exists():  # the second epoch was the best one
        shutil.copytree(kept, first)
    resumed = fit(Material(dataset), config, tmp_path / "model", resume=True)
    assert f"Going on from {first}" in caplog.messages
    assert resumed.history == whole.history
    assert_same(weights(tmp_path / "model"), weights(tmp_path / "whole"))


def test_one_of_trainer_without_a_seal_was_not_finished(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(tiny_config, loop=Loop.TRAINER)
    with pytest.raises(Stop):
        fit(Material(dataset), config, tmp_path / "model", track=StopAt(epoch=2))
    run = RunFolder.of(tmp_path / "model")
    (checkpoint,) = run.checkpoints()
    seal = json.loads((checkpoint / "gotune_seal.json").read_text())
    assert {"model.safetensors", "optimizer.pt", "trainer_state.json"} <= set(seal["files"])
    (checkpoint / "gotune_seal.json").unlink()
    assert run.checkpoints() == []
