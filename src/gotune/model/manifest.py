"""What a bundle says of itself: where it came from and how it was made."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from gotune.config import TrainConfig
from gotune.model.spec import ModelSpec, check_keys
from gotune.records import Reads

FORMAT_VERSION = 3
_FIRST_WITH_SPEC = 3
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
class Provenance:
    """How a model was made: kept with the bundle, and not needed to use it.

    Attributes:
        dataset_fingerprint: Hash of all that it could learn from.
        n_train: Definitions that the model learned from.
        n_validation: Rows by which the epoch was chosen.
        n_truncated: Training texts that were cut to ``config.max_tokens``.
        config: All settings.
        history: One record an epoch.
        best_epoch: The epoch whose weights are in the bundle.
        environment: Versions of Python and libraries, the platform, the device and the number format.
        n_sentences: Labelled and made-up sentences that it learned from beside them.
        sources: Cards of the sources of sentences, with the weight of each.
        n_calibration: Rows that calibration and thresholds were fitted to.
    """

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
    n_calibration: int = 0

    @property
    def best(self) -> EpochRecord:
        """Figures of the epoch that was kept."""
        return self.history[self.best_epoch - 1]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Provenance:
        """Make a provenance from `to_dict`'s values.

        Raises:
            KeyError, TypeError, ValueError, InputError: They are not a provenance's.
        """
        check_keys("provenance", values, cls)
        converted = dict(values)
        converted["config"] = TrainConfig.from_dict(values["config"])
        converted["history"] = tuple(EpochRecord(**record) for record in values["history"])
        converted["sources"] = tuple(values.get("sources", ()))
        return cls(**converted)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        spec: What is needed to use it.
        provenance: How it was made; None where nobody has written it down.
        format_version: Format of the bundle folder.
    """

    spec: ModelSpec
    provenance: Provenance | None = None
    format_version: int = FORMAT_VERSION

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "format_version": self.format_version,
            "model": self.spec.to_dict(),
            "provenance": self.provenance and self.provenance.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Manifest:
        """Make a manifest from `to_dict`'s values, or from those of an older format.

        Raises:
            KeyError, TypeError, ValueError, AttributeError, InputError: They are not a manifest's.
        """
        version = int(values["format_version"])
        if version < _FIRST_WITH_SPEC:
            return cls(*_read_older(values), version)
        if unknown := sorted(set(values) - {"format_version", "model", "provenance"}):
            raise ValueError(f"the unknown key {unknown[0]}")
        found = values.get("provenance")
        provenance = None if found is None else Provenance.from_dict(found)
        return cls(ModelSpec.from_dict(values["model"]), provenance, version)


def _read_older(values: Mapping[str, Any]) -> tuple[ModelSpec, Provenance]:
    """Read formats 1 and 2, in which the settings of training told how to use a model."""
    config = TrainConfig.from_dict(values["config"])
    n_sentences = values.get("n_sentences", 0)
    spec = {
        "encoder": config.encoder,
        "head": config.head,
        "max_tokens": config.max_tokens,
        "lexicon": config.lexicon,
        "reads": Reads.SENTENCE if n_sentences else Reads.TEXT,
    }
    shared = ("release", "obo_sha256", "calibration", "thresholds")
    spec |= {name: values[name] for name in shared if name in values}
    made = {name: value for name, value in values.items() if name not in (*shared, "format_version")}
    return ModelSpec.from_dict(spec), Provenance.from_dict(made)


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
