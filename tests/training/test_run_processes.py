"""Training in several processes, as on several GPUs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.errors import ConfigError
from gotune.training.recipes import Material
from gotune.training.run import fit
from tests.provenances import provenance_of


def test_two_processes_train_one_model(dataset_folder: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += ["-m", "gotune", "train", str(dataset_folder), "-o", str(tmp_path / "model")]
    command += ["--loop", "trainer", "--encoder", str(tiny_encoder), "--device", "cpu"]
    command += ["--epochs", "2", "--set", "max_tokens=48"]
    done = subprocess.run(
        command,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    starts = [line.split(":")[0].split(";")[0] for line in done.stdout.splitlines()]
    assert starts[:2] == ["epoch 1/2", "epoch 2/2"]
    assert len(starts) == 4  # each epoch, the texts cut, the epoch kept: once each
    assert len(provenance_of(tmp_path / "model").history) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_native_engine_is_for_one_process(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ConfigError, match=r"found native in 2 processes\. Take --loop trainer"):
        fit(Material(dataset), tiny_config, tmp_path / "model")
    assert not list(tmp_path.iterdir())
