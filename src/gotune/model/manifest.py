"""What a bundle says of itself: where it came from and how it was made."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import isfinite
from typing import Any

from gotune.aspects import ASPECTS
from gotune.config import TrainConfig
from gotune.model.calibration import Calibration

FORMAT_VERSION = 2
MANIFEST = "gotune.json"
"""Name of its file, by which a folder is known as a bundle."""
_LIBRARIES = ("gotune", "torch", "transformers", "tokenizers", "safetensors", "numpy")


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """Figures after one epoch, counted from 1; losses are in nats, as in `gotune.training`."""

    epoch: int
    train_loss: float
    validation_loss: float
    validation_accuracy: float
    validation_macro_f1: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """Provenance of a bundle.

    Attributes:
        release: GO release of the training definitions.
        obo_sha256: Hash of the OBO text.
        dataset_fingerprint: Hash of the rows of the dataset.
        n_train: Definitions that the model learned from.
        n_sentences: Labelled and made-up sentences that it learned from beside them.
        n_validation: Rows by which the epoch was chosen.
        n_truncated: Training texts that were cut to ``config.max_tokens``.
        config: All settings.
        sources: Cards of the sources of sentences, with the weight of each.
        history: One record an epoch.
        best_epoch: The epoch whose weights are in the bundle.
        calibration: What the logits of the encoder's new head were scaled by; the saved weights have it in
            them. None if nothing was.
        n_calibration: Rows that calibration and thresholds were fitted to.
        thresholds: Probability from which a text is said to carry an aspect, in label order; not used with a
            head that chooses one aspect.
        environment: Versions of Python and libraries, the platform, the device and the number format.
        format_version: Format of the bundle folder.
    """

    release: str
    obo_sha256: str
    dataset_fingerprint: str
    n_train: int
    n_validation: int
    n_truncated: int
    config: TrainConfig
    history: tuple[EpochRecord, ...]
    best_epoch: int
    environment: Mapping[str, str]
    n_sentences: int = 0
    sources: tuple[Mapping[str, Any], ...] = ()
    calibration: Calibration | None = None
    n_calibration: int = 0
    thresholds: tuple[float, ...] = (0.5, 0.5, 0.5)
    format_version: int = FORMAT_VERSION

    @property
    def best(self) -> EpochRecord:
        """Figures of the epoch that was kept."""
        return self.history[self.best_epoch - 1]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Manifest:
        """Make a manifest from `to_dict`'s values.

        Raises:
            KeyError, TypeError, ValueError, ConfigError: They are not a manifest's.
        """
        converted = dict(values)
        converted["config"] = TrainConfig.from_dict(values["config"])
        converted["history"] = tuple(EpochRecord(**record) for record in values["history"])
        if values.get("calibration") is not None:
            converted["calibration"] = Calibration.from_dict(values["calibration"])
        if "sources" in values:
            converted["sources"] = tuple(values["sources"])
        if "thresholds" in values:
            converted["thresholds"] = _thresholds(values["thresholds"])
        return cls(**converted)


def _thresholds(values: Iterable[Any]) -> tuple[float, ...]:
    found = tuple(map(float, values))
    if len(found) != len(ASPECTS) or not all(map(isfinite, found)):
        raise ValueError(f"thresholds: not {len(ASPECTS)} numbers: {found}")
    return found


def describe_environment(device: str, bf16: bool) -> dict[str, str]:
    """Return what a run depends on beside data and settings."""
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "device": device,
        "matrix_products": "bfloat16" if bf16 else "float32",
        **{library: version(library) for library in _LIBRARIES},
    }


def choose_best(history: tuple[EpochRecord, ...]) -> int:
    """Return the epoch with the highest validation macro F1, the earliest of equals."""
    return max(history, key=lambda record: (record.validation_macro_f1, -record.epoch)).epoch
