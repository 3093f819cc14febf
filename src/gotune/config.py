"""The settings of a training run: the only place where their defaults stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from gotune.aspects import Aspect, Head
from gotune.errors import ConfigError
from gotune.typed_json import as_record

MAX_SEED = 2**31 - 1
"""What every generator of random numbers takes, with room for the number of an epoch."""

MAX_WEIGHT = 1000
"""The largest weight of rows in the loss, or of a part of it."""

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


class Setting(NamedTuple):
    """What a setting does, in a line, and which values it may have, in words and as a test."""

    what: str
    expected: str
    holds: Callable[[Any], bool] = lambda value: True


def _whole(what: str, least: int) -> Setting:
    return Setting(what, f"a whole number of at least {least}", lambda value: value >= least)


def _rows(what: str) -> Setting:
    return Setting(
        what, f"at least {len(Aspect)}, or all", lambda value: value is None or value >= len(Aspect)
    )


def _choice(what: str, kind: type[StrEnum]) -> Setting:
    return Setting(what, " or ".join(kind))


def _switch(what: str) -> Setting:
    return Setting(what, "true or false")


SETTINGS = {
    "head": _choice("One aspect for every text, or each aspect by itself.", Head),
    "loop": _choice("gotune's own PyTorch loop, or Hugging Face Trainer.", Loop),
    "encoder": Setting("What to begin from.", "a Hugging Face name, or a folder"),
    "train_size": _rows("Definitions to learn from."),
    "validation_size": _rows("Definitions that choose the epoch."),
    "opening_cut": Setting(
        "Share of the definitions that lose their first words.",
        "a share from 0 to 1",
        lambda value: 0 <= value <= 1,
    ),
    "rationale_weight": Setting(
        "How much to learn where in a sentence its label stands.",
        f"a weight from 0 to {MAX_WEIGHT}",
        lambda value: 0 <= value <= MAX_WEIGHT,
    ),
    "source_intercepts": _switch("Let each source of sentences have a bias of its own while training lasts."),
    "lexicon": _switch("Add what the names of terms in a text say."),
    "words": _switch("Add what words and their parts say, by a linear model."),
    "epochs": _whole("Passes over the rows.", 1),
    "batch_size": _whole("Texts a step.", 1),
    "learning_rate": Setting(
        "Peak rate of AdamW.", "a rate above 0 and at most 1", lambda value: 0 < value <= 1
    ),
    "warmup_share": Setting(
        "Share of the steps in which the rate rises.",
        "a share from 0 to below 1",
        lambda value: 0 <= value < 1,
    ),
    "weight_decay": Setting(
        "Weight decay of AdamW.", "a decay from 0 to below 1", lambda value: 0 <= value < 1
    ),
    "max_tokens": _whole("Word pieces a text may have; longer ones are cut.", 3),
    "class_weights": _switch("Weigh the loss by inverse class frequency."),
    "precision": _choice("Number format of the matrix products.", Precision),
    "device": Setting("Where to compute.", "auto, cpu, cuda, cuda:1 or mps"),
    "seed": Setting(
        "Governs everything that is drawn at random.",
        f"a whole number from 0 to {MAX_SEED}",
        lambda value: 0 <= value <= MAX_SEED,
    ),
    "report_to": Setting("Experiment trackers of transformers.", "names, with commas between them"),
}
"""The fields of `TrainConfig`, by name; what they do is told there at more length."""


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
        source_intercepts: Let each source of sentences, and the definitions, have an intercept for each
            aspect while training lasts: people differ in how often they call something an aspect.
        lexicon: Add what the names of terms in a text say to what the encoder says; the names go into the
            bundle.
        words: Learn a linear model over words and their parts from the same sentences, and add what it says;
            it goes into the bundle.
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
    source_intercepts: bool = False
    lexicon: bool = False
    words: bool = False
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
        for name, setting in SETTINGS.items():
            self._check(name, setting.holds(getattr(self, name)), setting.expected)
        self._check(
            "rationale_weight",
            self.rationale_weight == 0 or self.loop is Loop.NATIVE,
            "0 with the trainer loop, which learns from whole sentences alone",
        )
        self._check(
            "source_intercepts",
            not self.source_intercepts or (self.loop is Loop.NATIVE and self.head is Head.MULTI),
            "no intercepts of sources with the trainer loop or the single head",
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
            "words",
            not self.words or self.head is Head.MULTI,
            "no words with the single head, whose aspects are not judged each by itself",
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

    def check_takes_sentences(self) -> None:
        """Refuse a head that would have to give an aspect to sentences without any.

        Raises:
            ConfigError: It is the single one.
        """
        if self.head is Head.SINGLE:
            raise ConfigError(
                "head",
                expected="multi, as sentences may carry none, one or several aspects",
                found="single",
                do="Take the multi head (--head multi), or leave the sentences out.",
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
        return as_record(dict(values), cls, "settings", do="Mend them, or leave them out.", error=ConfigError)


def newer_names(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings under the names that they have now."""
    return {_OLD_NAMES.get(name, name): value for name, value in values.items()}
