"""Where an interrupted run stands: one complete folder an epoch.

The native engine writes safetensors and JSON only. ``Trainer`` writes its own checkpoints, in which the state
of the optimizer is a torch file; they are deleted when the bundle is saved and not meant to be passed on.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.config import TrainConfig
from gotune.errors import ConfigError
from gotune.files import FolderKind, atomic_file, atomic_folder, check_replaceable
from gotune.model.bundle import tensor_errors
from gotune.model.manifest import EpochRecord, choose_best

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

_RUN = "run.json"
_STATE = "state.json"
_WEIGHTS = "model.safetensors"
_OPTIMIZER = "optimizer.safetensors"
_FOLDER = FolderKind(_RUN, key="dataset", files=("epoch-*", "checkpoint-*", "runs", "README.md"))
_EPOCH_FOLDER = FolderKind(_STATE, key="history", files=(_WEIGHTS, _OPTIMIZER))


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of a run in progress, beside the bundle that it will become."""

    path: Path

    @classmethod
    def of(cls, bundle: Path) -> RunFolder:
        """Return the run folder of a bundle, which need not exist."""
        return cls(bundle.with_name(bundle.name + ".training"))

    @classmethod
    def open(cls, bundle: Path, config: TrainConfig, fingerprint: str, *, resume: bool) -> RunFolder:
        """Begin a run folder, or go on with the one that is there; of many processes the first one does it.

        Args:
            bundle: The bundle folder that the run will write.
            config: Settings of the run.
            fingerprint: Of the dataset.
            resume: Go on where an earlier run with the same settings and data stopped, if there is one.

        Raises:
            SaveError: Something else has the name of the run folder.
            ConfigError: The earlier run had other settings or data; or it has checkpoints and ``resume``
                is off, so that going on would throw them away.
        """
        folder = cls.of(bundle)
        if not is_first_process():
            return folder
        folder.check(resume=resume)
        stamp = json.loads(json.dumps({"config": config.to_dict(), "dataset": fingerprint}))
        earlier = folder._read_stamp()
        if earlier is not None and folder.checkpoints():
            folder._check_same(earlier == stamp)
            return folder
        folder.remove()
        with atomic_file(folder.path / _RUN) as temporary:
            temporary.write_text(json.dumps(stamp, indent=2), encoding="utf-8")
        return folder

    def check(self, *, resume: bool) -> None:
        """Refuse to begin where something else is; of many processes the first one does it.

        Raises:
            SaveError: Something else has the name of the run folder.
            ConfigError: An interrupted run has checkpoints there and ``resume`` is off, so that going on
                would throw them away.
        """
        if not is_first_process():
            return
        check_replaceable(self.path, _FOLDER)
        if not resume and self._read_stamp() is not None and self.checkpoints():
            raise ConfigError(
                str(self.path),
                expected="no interrupted run in the way",
                found=f"one with {len(self.checkpoints())} checkpoint(s)",
                do="Go on with it (--resume), or delete that folder to begin anew.",
            )

    def checkpoints(self) -> list[Path]:
        """Return the complete checkpoints of either engine, oldest first."""
        found = [path for path in self.path.glob("epoch-*") if (path / _STATE).is_file()]
        # Trainer writes its trainer_state.json last, so a checkpoint that has it is complete.
        found += [path for path in self.path.glob("checkpoint-*") if _is_json(path / "trainer_state.json")]
        return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]))

    def save(
        self, model: PreTrainedModel, optimizer: torch.optim.Optimizer, history: tuple[EpochRecord, ...]
    ) -> None:
        """Write the checkpoint of the last epoch in ``history``; keep only that and the best epoch."""
        from safetensors.torch import save_file

        with atomic_folder(self._epoch(history[-1].epoch), _EPOCH_FOLDER) as temporary:
            with tensor_errors():
                save_file(_contiguous(model.state_dict()), temporary / _WEIGHTS)
                save_file(_flatten(optimizer.state_dict()), temporary / _OPTIMIZER)
            state = {"history": [asdict(record) for record in history]}
            (temporary / _STATE).write_text(json.dumps(state), encoding="utf-8")
        keep = {self._epoch(history[-1].epoch), self._epoch(choose_best(history))}
        for path in self.checkpoints():
            if path not in keep:
                shutil.rmtree(path)

    def restore(self, model: PreTrainedModel, optimizer: torch.optim.Optimizer) -> tuple[EpochRecord, ...]:
        """Load the last checkpoint into model and optimizer.

        Returns:
            The records of the epochs that are done, none where there is no checkpoint.
        """
        from safetensors.torch import load_file

        checkpoints = self.checkpoints()
        if not checkpoints:
            return ()
        last = checkpoints[-1]
        model.load_state_dict(load_file(last / _WEIGHTS))
        state = optimizer.state_dict()
        state["state"] = _unflatten(load_file(last / _OPTIMIZER))
        optimizer.load_state_dict(state)
        records = json.loads((last / _STATE).read_text(encoding="utf-8"))["history"]
        return tuple(EpochRecord(**record) for record in records)

    def load_best(self, model: PreTrainedModel, history: tuple[EpochRecord, ...]) -> None:
        """Load the weights of the best epoch into the model."""
        from safetensors.torch import load_file

        model.load_state_dict(load_file(self._epoch(choose_best(history)) / _WEIGHTS))

    def remove(self) -> None:
        """Delete the folder, if it is a run's and nothing else is in it."""
        if _FOLDER.owns(self.path):
            shutil.rmtree(self.path)

    def _epoch(self, epoch: int) -> Path:
        return self.path / f"epoch-{epoch}"

    def _read_stamp(self) -> object:
        try:
            return json.loads((self.path / _RUN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _check_same(self, same: bool) -> None:
        if not same:
            raise ConfigError(
                str(self.path),
                expected="the settings and the dataset of the interrupted run",
                found="others",
                do="Repeat its command with --resume, or delete that folder to begin anew.",
            )


def _flatten(state: dict[str, dict[int, dict[str, torch.Tensor]]]) -> dict[str, torch.Tensor]:
    """Turn an optimizer's state into named tensors: ``3.exp_avg`` is that of parameter 3."""
    return {
        f"{number}.{name}": tensor.contiguous()
        for number, tensors in state["state"].items()
        for name, tensor in tensors.items()
    }


def _unflatten(tensors: dict[str, torch.Tensor]) -> dict[int, dict[str, torch.Tensor]]:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        number, _, name = key.partition(".")
        state.setdefault(int(number), {})[name] = tensor
    return state


def _contiguous(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.contiguous() for name, tensor in state.items()}


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def count_processes() -> int:
    """Return how many processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first_process() -> bool:
    """Whether this is the process that writes and reports."""
    return os.environ.get("RANK", "0") == "0"
