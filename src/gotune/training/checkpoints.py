"""Where an interrupted run stands: one complete folder an epoch, whose files are known by their hashes.

The native loop writes safetensors and JSON only. ``Trainer`` writes its own checkpoints, in which the state
of the optimizer is a torch file; they are deleted when the bundle is saved and not meant to be passed on.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.arrays import tensor_errors
from gotune.config import Loop, TrainConfig
from gotune.errors import ConfigError, InputError
from gotune.files import FolderKind, atomic_folder, check_replaceable
from gotune.lines import one_line
from gotune.model.manifest import EpochRecord, choose_best
from gotune.seals import check_files, check_seal, unsealed, write_sealed
from gotune.typed_json import as_record, json_text, parse_json, read_json
from gotune.workspaces import workspace

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

_RUN = "run.json"
_STATE = "state.json"
_WEIGHTS = "model.safetensors"
_OPTIMIZER = "optimizer.safetensors"
_SEAL = "gotune_seal.json"
"""What knows the files of a checkpoint of Trainer."""
_TRAINER_STATE = "trainer_state.json"
_FOLDER = FolderKind(_RUN, key="dataset", files=("epoch-*", "checkpoint-*", "runs", "README.md"))
_EPOCH_FOLDER = FolderKind(_STATE, key="history", files=(_WEIGHTS, _OPTIMIZER))
_ELSEWHERE = ("device", "report_to")
"""Settings of where a run is and what it tells; Trainer's batches are as large as there are devices."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of a run in progress, beside the bundle that it will become."""

    path: Path

    @classmethod
    def of(cls, bundle: Path) -> RunFolder:
        """Return the run folder of a bundle, which need not exist."""
        bundle = bundle.absolute()
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
        stamp = parse_json(json_text({"config": config.to_dict(), "dataset": fingerprint}))
        earlier = folder._read_stamp()
        if earlier is not None and folder.checkpoints():
            folder._check_same(earlier, stamp)
            return folder
        with atomic_folder(folder.path, _FOLDER) as temporary:
            (temporary / _RUN).write_text(json_text(stamp, indent=2) + "\n", encoding="utf-8")
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
        """Return the complete checkpoints of either loop, oldest first."""
        found = [path for path in self.path.glob("epoch-*") if (path / _STATE).is_file()]
        found += [path for path in self.path.glob("checkpoint-*") if (path / _SEAL).is_file()]
        numbered = [path for path in found if path.name.rpartition("-")[2].isdecimal()]
        return sorted(numbered, key=_number)

    def newest(self) -> Path | None:
        """Return the newest checkpoint that is as it was saved.

        Later ones, which are damaged, are told in the log, and removed to make room for their epochs.

        Raises:
            ConfigError: There are checkpoints, but none of them is as it was saved.
        """
        damaged: dict[Path, str] = {}
        for path in reversed(self.checkpoints()):
            try:
                self._check(path)
            except (OSError, ValueError, InputError) as exc:
                damaged[path] = one_line(str(exc))
                continue
            if damaged and is_first_process():
                for later, problem in damaged.items():
                    _log.warning("%s is damaged and left out: %s", later, problem)
                    shutil.rmtree(later, ignore_errors=True)
                _log.warning("Going on from %s", path)
            return path
        if damaged:
            raise ConfigError(
                str(self.path),
                expected="a checkpoint as it was saved",
                found="none; " + "; ".join(f"{path.name}: {problem}" for path, problem in damaged.items()),
                do="Delete that folder and begin anew.",
            )
        return None

    def _check(self, path: Path) -> None:
        """Refuse a checkpoint that is not as it was saved, or whose best epoch is not.

        Raises:
            OSError, ValueError, InputError: It is not.
        """
        if path.name.startswith("checkpoint-"):
            _check_seals(path / _SEAL)
            best = read_json(path / _TRAINER_STATE).get("best_model_checkpoint")
            if best and Path(best).name != path.name:
                _check_seals(self.path / Path(best).name / _SEAL)
            return
        _check_seals(path / _STATE)
        best = self._epoch(choose_best(_read_history(path)))
        if best != path:
            _check_seals(best / _STATE)
            _read_history(best)

    def save(
        self, model: PreTrainedModel, optimizer: torch.optim.Optimizer, history: tuple[EpochRecord, ...]
    ) -> None:
        """Write the checkpoint of the last epoch in ``history``; keep only that and the best epoch."""
        from safetensors.torch import save_file

        with atomic_folder(self._epoch(history[-1].epoch), _EPOCH_FOLDER) as temporary:
            with tensor_errors():
                save_file(_contiguous(model.state_dict()), temporary / _WEIGHTS)
                save_file(_flatten(optimizer.state_dict()), temporary / _OPTIMIZER)
            write_sealed(temporary / _STATE, {"history": [asdict(record) for record in history]})
        keep = {self._epoch(history[-1].epoch), self._epoch(choose_best(history))}
        self._keep(keep)

    def seal_trainers(self, name: str, best: str | None) -> None:
        """Note the hashes of a checkpoint of Trainer, once it is complete; keep only that and the best one.

        Args:
            name: Name of its folder.
            best: The best one so far.
        """
        write_sealed(self.path / name / _SEAL, {})
        self._keep({self.path / name, self.path / Path(best or name).name})

    def _keep(self, kept: Collection[Path]) -> None:
        for path in self.checkpoints():
            if path not in kept:
                shutil.rmtree(path)

    def restore(self, model: PreTrainedModel, optimizer: torch.optim.Optimizer) -> tuple[EpochRecord, ...]:
        """Load the newest whole checkpoint into model and optimizer.

        Returns:
            The records of the epochs that are done, none where there is no checkpoint.

        Raises:
            ConfigError: There are checkpoints, but none of them is as it was saved.
        """
        from safetensors.torch import load_file

        newest = self.newest()
        if newest is None:
            return ()
        model.load_state_dict(load_file(newest / _WEIGHTS))
        state = optimizer.state_dict()
        state["state"] = _unflatten(load_file(newest / _OPTIMIZER))
        optimizer.load_state_dict(state)
        return _read_history(newest)

    def load_best(self, model: PreTrainedModel, history: tuple[EpochRecord, ...]) -> None:
        """Load the weights of the best epoch into the model."""
        from safetensors.torch import load_file

        model.load_state_dict(load_file(self._epoch(choose_best(history)) / _WEIGHTS))

    def remove(self) -> None:
        """Delete the folder, if it is a run's and nothing else is in it.

        It goes in one step: what is left of half a folder would be nobody's, and in the way of the next run.
        """
        if _FOLDER.owns(self.path):
            with workspace(self.path) as folder:
                self.path.replace(folder / self.path.name)

    def _epoch(self, epoch: int) -> Path:
        return self.path / f"epoch-{epoch}"

    def _read_stamp(self) -> object:
        try:
            return read_json(self.path / _RUN)
        except (OSError, ValueError):
            return None

    def _check_same(self, earlier: object, stamp: object) -> None:
        before, now = (_told(one) for one in (earlier, stamp))
        if others := sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name)):
            raise ConfigError(
                str(self.path),
                expected="the settings and the dataset of the interrupted run",
                found=f"another {', '.join(others)}",
                do="Repeat its command with --resume, or delete that folder to begin anew.",
            )


def same_run(one: TrainConfig, other: TrainConfig) -> bool:
    """Whether two runs have the same settings, but for where the native loop runs and reports to."""
    first, second = (_told({"config": config.to_dict()}) for config in (one, other))
    return first == second


def _told(stamp: object) -> dict[str, object]:
    """Return what makes a run what it is, by name."""
    found = dict(stamp) if isinstance(stamp, dict) else {"run": stamp}
    config = found.pop("config", {})
    settings = config.items() if isinstance(config, dict) else [("config", config)]
    left = _ELSEWHERE if dict(settings).get("loop") == Loop.NATIVE else ()
    return {**found, **{name: value for name, value in settings if name not in left}}


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


def _check_seals(path: Path) -> None:
    """Refuse a sealed JSON file that is not as it was saved, or has a file beside it that is not.

    Raises:
        OSError, ValueError: One is not.
    """
    values = read_json(path)
    check_seal(values)
    check_files(path.parent, values, ())


@dataclass(frozen=True, slots=True)
class _State:
    history: tuple[EpochRecord, ...]


def _read_history(checkpoint: Path) -> tuple[EpochRecord, ...]:
    """Return the records of the epochs of a checkpoint of the native loop."""
    values = unsealed(read_json(checkpoint / _STATE))
    history = as_record(values, _State, _STATE, do="Begin anew.", error=ConfigError).history
    if len(history) != _number(checkpoint):
        raise ValueError(f"{_STATE} with {len(history)} epochs")
    return history


def _number(checkpoint: Path) -> int:
    """Return what a checkpoint is numbered by: its epoch, or its step for Trainer."""
    return int(checkpoint.name.rpartition("-")[2])


def count_processes() -> int:
    """Return how many processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first_process() -> bool:
    """Whether this is the process that writes and reports."""
    return os.environ.get("RANK", "0") == "0"
