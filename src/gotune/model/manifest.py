"""What a bundle says of itself: where it came from and how it was made."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import isfinite
from typing import Any

from gotune.aspects import Aspect
from gotune.config import TrainConfig, newer_names
from gotune.datasets.source_card import SourceCard
from gotune.errors import BundleError, ConfigError, InputError
from gotune.model.adapted import Adaptation
from gotune.model.exported import Export
from gotune.model.spec import ModelSpec
from gotune.records import Learned, Reads
from gotune.seals import SEALED_KEYS, unsealed
from gotune.typed_json import as_record

FORMAT_VERSION = 8
FIRST_SEALED = 4
"""The first format whose manifest knows every file by its hash."""
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

    def __post_init__(self) -> None:
        """Refuse an epoch in which the training has gone astray.

        Raises:
            ConfigError: A figure is NaN or infinite.
        """
        for name, value in asdict(self).items():
            if not isfinite(value):
                raise ConfigError(
                    f"epoch {self.epoch}",
                    expected="a finite number for every loss and figure",
                    found=f"{name} {value}",
                    do="Train with a lower learning rate, or in full precision (--set precision=fp32).",
                )


@dataclass(frozen=True, slots=True)
class LearnedSource(SourceCard):
    """What was read of a source of sentences, and how much its rows counted in the loss."""

    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a model was made: kept with the bundle, and not needed to use it.

    Attributes:
        dataset_fingerprint: Hash of all that it could learn from.
        n_train: Definitions that the model learned from.
        n_validation: Rows by which the epoch was chosen.
        n_truncated: Training texts that were cut to ``config.max_tokens``.
        config: All settings.
        history: One record an epoch, at least one.
        best_epoch: The epoch whose weights are in the bundle.
        environment: Versions of Python and libraries, the platform, the device and the number format.
        n_sentences: Labelled and made-up sentences that it learned from beside them.
        sources: The sources of sentences, with the weight of each.
        n_calibration: Rows that calibration and thresholds were fitted to.
        not_calibrated: Aspects that these rows could not calibrate, as all that are judged on them have them,
            or none.
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
    sources: tuple[LearnedSource, ...] = ()
    n_calibration: int = 0
    not_calibrated: tuple[Aspect, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an epoch that is not among those recorded.

        Raises:
            InputError: It is not.
        """
        if not 1 <= self.best_epoch <= len(self.history):
            raise InputError(
                "best_epoch",
                expected=f"one of {len(self.history)} epochs, counted from 1",
                found=str(self.best_epoch),
                do="Save the model again.",
            )

    @property
    def best(self) -> EpochRecord:
        """Figures of the epoch that was kept."""
        return self.history[self.best_epoch - 1]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LearnedCounts:
    """How much a model has learned from, so that a list of it that was cut is not taken for the whole."""

    definitions: int
    go_ids: int
    texts: int
    articles: int

    @classmethod
    def of(cls, learned: Learned) -> LearnedCounts:
        """Count what a model has learned from."""
        return cls(learned.n_definitions, len(learned.go_ids), len(learned.texts), len(learned.articles))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        spec: What is needed to use it.
        provenance: How it was made; None where nobody has written it down.
        format_version: Format of the bundle folder.
        learned: How much it has learned from; None in older formats, which do not say.
        adaptations: How it was adapted after that, in order.
        export: What became of its figures when it was made for another engine, if it was.
    """

    spec: ModelSpec
    provenance: Provenance | None = None
    format_version: int = FORMAT_VERSION
    learned: LearnedCounts | None = None
    adaptations: tuple[Adaptation, ...] = ()
    export: Export | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "format_version": self.format_version,
            "model": self.spec.to_dict(),
            "provenance": self.provenance and self.provenance.to_dict(),
            "learned": self.learned and asdict(self.learned),
            "adaptations": [adaptation.to_dict() for adaptation in self.adaptations],
            "export": self.export and self.export.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class _Written:
    """The keys of a manifest's file, hashes apart."""

    format_version: int
    model: ModelSpec
    provenance: Provenance | None
    learned: LearnedCounts | None = None
    adaptations: tuple[Adaptation, ...] = ()
    export: Export | None = None


def manifest_of(values: object, where: str) -> Manifest:
    """Return the manifest that `Manifest.to_dict` wrote, in this format or an older one.

    Args:
        values: From the JSON file, with the hashes or without.
        where: What it is from, for the message.

    Raises:
        BundleError: They are not a manifest's; the message names the key.
    """
    version = values.get("format_version") if isinstance(values, Mapping) else None
    if not isinstance(values, Mapping) or type(version) is not int or version < 1:
        raise _bad(where, "the key format_version with a whole number from 1", repr(version))
    if version > FORMAT_VERSION:
        raise BundleError(
            where,
            expected=f"bundle format {FORMAT_VERSION} or older",
            found=f"format {version}",
            do="Update gotune.",
        )
    newer = sorted(SEALED_KEYS & values.keys())
    if version < FIRST_SEALED and newer:
        raise _bad(where, f"format {FIRST_SEALED} beside the key {newer[0]}", f"format {version}")
    own = unsealed(values)
    if version < _FIRST_WITH_SPEC:
        own = _from_older(own, where)
    elif isinstance(made := own.get("provenance"), Mapping):
        own["provenance"] = _newer_settings(made)
    written = as_record(own, _Written, where, do=AGAIN, error=BundleError)
    if version >= FIRST_SEALED and written.learned is None:
        raise _bad(where, "the key learned, with how much it has learned from", "none")
    return Manifest(
        written.model, written.provenance, version, written.learned, written.adaptations, written.export
    )


AGAIN = "Train the model again, or get it again from where it came."


def _bad(where: str, expected: str, found: str) -> BundleError:
    return BundleError(where, expected=expected, found=found, do=AGAIN)


def _from_older(values: dict[str, Any], where: str) -> dict[str, Any]:
    """Return what formats 1 and 2 had, in which the settings of training told how to use a model, in ours."""
    made = _newer_settings({name: value for name, value in values.items() if name not in _OF_THE_MODEL})
    config = as_record(made.get("config"), TrainConfig, where, do=AGAIN, error=BundleError)
    spec = {name: values[name] for name in _OF_THE_MODEL if name in values}
    spec |= {
        "encoder": config.encoder,
        "head": config.head,
        "max_tokens": config.max_tokens,
        "lexicon": config.lexicon,
        "reads": Reads.SENTENCE if made.get("n_sentences") else Reads.TEXT,
    }
    version = made.pop("format_version")
    return {"format_version": version, "model": spec, "provenance": made}


_OF_THE_MODEL = ("release", "obo_sha256", "calibration", "thresholds")


def _newer_settings(made: Mapping[str, Any]) -> dict[str, Any]:
    """Return a provenance whose settings have the names that they have now."""
    config = made.get("config")
    return {**made, "config": newer_names(config) if isinstance(config, Mapping) else config}


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
