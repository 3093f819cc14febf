"""The settings of a training run: the only place where their defaults stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from gotune.aspects import Head
from gotune.errors import ConfigError

MAX_SEED = 2**31 - 1
"""What every generator of random numbers takes, with room for the number of an epoch."""


_OLD_NAMES = {"engine": "loop", "evidence_weight": "rationale_weight"}
"""What settings were called in bundles of format 2."""


class Loop(StrEnum):
    """What runs the training loop."""

    NATIVE = "native"
    """gotune's own readable PyTorch loop."""
    TRAINER = "trainer"
    """Hugging Face ``Trainer``: many GPUs, experiment trackers."""


class Precision(StrEnum):
    """Number format of the matrix products during training and inference."""

    AUTO = "auto"
    """bfloat16 where the processor computes it natively, float32 elsewhere."""
    FP32 = "fp32"
    BF16 = "bf16"


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """All settings of a training run, with the case study's recipe as defaults.

    Attributes:
        head: Kind of the classification head: one aspect of three, or each aspect by itself.
        loop: What runs the loop.
        encoder: Name in gotune's catalogue, Hugging Face name, or folder of a pretrained encoder.
        train_size: Definitions to learn from, drawn by ``seed``; None takes all of the training part.
        validation_size: Definitions that choose the epoch, at most: the first of the validation part; None
            for all.
        opening_cut: Share of the training definitions, drawn by ``seed``, that lose their first words: from
            1 to 12 of them, as the opening of a definition gives its aspect away.
        rationale_weight: How much it counts, beside the aspects of a sentence, to find the word pieces that
            carry them, where the sources tell the places; 0 looks at whole sentences alone.
        lexicon: Add what the names of terms in a text say to what the encoder says; the names go into the
            bundle.
        epochs: Passes over the rows.
        batch_size: Texts a step, on each device.
        learning_rate: Peak of the linear schedule of AdamW.
        warmup_share: Share of the steps in which the rate rises to its peak, from 0 to below 1.
        weight_decay: Decoupled weight decay of AdamW.
        max_tokens: Word pieces a text may have, specials included; longer ones are cut and counted.
        class_weights: Weigh the loss by inverse class frequency.
        precision: Number format of the matrix products.
        device: ``auto``, or a torch device such as ``cpu``, ``cuda:1``, ``mps``. The ``trainer`` loop takes
            all GPUs that it sees: choose among them with ``CUDA_VISIBLE_DEVICES``.
        seed: Governs the rows drawn, the new head, shuffling and dropout.
        report_to: Experiment trackers as in transformers, ``trainer`` loop only.
    """

    head: Head = Head.SINGLE
    loop: Loop = Loop.NATIVE
    encoder: str = "all-MiniLM-L6-v2"
    train_size: int | None = None
    validation_size: int | None = 1000
    opening_cut: float = 0.0
    rationale_weight: float = 0.0
    lexicon: bool = False
    epochs: int = 3
    batch_size: int = 8
    learning_rate: float = 5e-5
    warmup_share: float = 0.0
    weight_decay: float = 0.0
    max_tokens: int = 128
    class_weights: bool = False
    precision: Precision = Precision.AUTO
    device: str = "auto"
    seed: int = 42
    report_to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse settings out of range.

        Raises:
            ConfigError: A value is out of range, or ``report_to`` is set for the native loop.
        """
        for name, least in (("epochs", 1), ("batch_size", 1), ("max_tokens", 3)):
            self._check(name, getattr(self, name) >= least, f"a whole number of at least {least}")
        for name in ("train_size", "validation_size"):
            size = getattr(self, name)
            self._check(name, size is None or size >= 3, "at least 3 rows")
        self._check("seed", 0 <= self.seed <= MAX_SEED, f"a whole number from 0 to {MAX_SEED}")
        self._check("learning_rate", 0 < self.learning_rate <= 1, "a rate above 0 and at most 1")
        self._check("warmup_share", 0 <= self.warmup_share < 1, "a share from 0 to below 1")
        self._check("weight_decay", 0 <= self.weight_decay < 1, "a decay from 0 to below 1")
        self._check("opening_cut", 0 <= self.opening_cut <= 1, "a share from 0 to 1")
        self._check("rationale_weight", 0 <= self.rationale_weight <= 1000, "a weight from 0 to 1000")
        self._check(
            "rationale_weight",
            self.rationale_weight == 0 or self.loop is Loop.NATIVE,
            "0 with the trainer loop, which learns from whole sentences alone",
        )
        self._check(
            "class_weights",
            not self.class_weights or self.head is Head.SINGLE,
            "no class weights with three independent aspects",
        )
        self._check(
            "lexicon",
            not self.lexicon or self.head is Head.MULTI,
            "no lexicon with the single head, as a text may name terms of several aspects",
        )
        self._check(
            "device",
            self.loop is Loop.NATIVE or ":" not in self.device,
            "no single GPU with the trainer loop, which takes all that CUDA_VISIBLE_DEVICES shows it",
        )
        self._check(
            "report_to",
            not self.report_to or self.loop is Loop.TRAINER,
            "no tracker with the native loop (the trainer loop has them)",
        )

    def _check(self, name: str, holds: bool, expected: str) -> None:
        if not holds:
            raise ConfigError(
                name, expected=expected, found=repr(getattr(self, name)), do="Change that setting."
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainConfig:
        """Make a config from `to_dict`'s values; settings that are missing take their defaults.

        Raises:
            ConfigError: A setting is unknown, of the wrong type or out of range.
        """
        values = {_OLD_NAMES.get(name, name): value for name, value in values.items()}
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise ConfigError(
                "settings", expected="known names", found=", ".join(unknown), do="Leave them out."
            )
        converted = dict(values)
        try:
            if "head" in values:
                converted["head"] = Head(values["head"])
            if "loop" in values:
                converted["loop"] = Loop(values["loop"])
            if "precision" in values:
                converted["precision"] = Precision(values["precision"])
            if "report_to" in values:
                converted["report_to"] = tuple(values["report_to"])
            return cls(**converted)
        except (TypeError, ValueError) as exc:
            raise ConfigError(
                "settings", expected="values of the right type", found=str(exc), do="Mend them."
            ) from exc
