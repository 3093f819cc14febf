"""What a saved model needs in order to answer, whoever made it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from gotune.aspects import ASPECTS, Head, Prefer
from gotune.errors import InputError
from gotune.model.calibration import Calibration
from gotune.model.decisions import Use
from gotune.records import ModelInfo, Reads

TRANSFORMER = "transformer"
"""The kind of encoder that a bundle holds: a Hugging Face model for sequence classification."""
ONNX = "onnx"
"""The kind of a bundle whose encoder is a graph for ONNX Runtime, which needs no torch."""
NO_ENCODER = "none"
"""The kind of a bundle of words and names alone."""


@dataclass(frozen=True, slots=True)
class WordSpec:
    """How words and names decide where the encoder is left out.

    Attributes:
        calibration: What the log-odds of words are scaled by, and what names add.
        thresholds: Probability from which a text carries an aspect, in label order.
        uses: Thresholds for each use, of which ``thresholds`` are one.
    """

    calibration: Calibration
    thresholds: tuple[float, ...]
    uses: tuple[Use, ...] = ()

    def __post_init__(self) -> None:
        """Refuse values that mean nothing.

        Raises:
            InputError: A threshold is no probability.
        """
        _check_thresholds(self.thresholds)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """All that inference needs beside weights, word pieces and names; how it came about is `Provenance`.

    Attributes:
        encoder: What the model began from, for people.
        head: What its probabilities mean.
        release: GO release of the definitions that it learned from.
        obo_sha256: Hash of the OBO text of that release.
        max_tokens: Word pieces that it reads of a text, special ones included.
        reads: What it was made to read at once.
        calibration: What logits were scaled by; saved weights have it in them, but for ``rescaled``. None if
            nothing was.
        thresholds: Probability from which a text carries an aspect, in label order; not used with a head that
            chooses one aspect.
        lexicon: Whether the names of terms go along, whose evidence is added to what the encoder says.
        words: How it decides without its encoder; None if no words go along.
        uses: Thresholds for each use, of which ``thresholds`` are one; none in older formats.
        kind: Kind of the encoder.
        rescaled: What the logits of an encoder whose weights cannot be changed are scaled by; None if nothing
            was adapted.
    """

    encoder: str
    head: Head
    release: str
    obo_sha256: str
    max_tokens: int
    reads: Reads = Reads.TEXT
    calibration: Calibration | None = None
    thresholds: tuple[float, ...] = (0.5, 0.5, 0.5)
    lexicon: bool = False
    words: WordSpec | None = None
    uses: tuple[Use, ...] = ()
    kind: str = TRANSFORMER
    rescaled: Calibration | None = None

    def __post_init__(self) -> None:
        """Refuse values that mean nothing.

        Raises:
            InputError: The kind is unknown, too few word pieces are read, or a threshold is no probability.
        """
        if self.kind not in (TRANSFORMER, ONNX, NO_ENCODER):
            raise _bad("kind", f"{TRANSFORMER!r}, {ONNX!r} or {NO_ENCODER!r}", repr(self.kind))
        if self.kind == NO_ENCODER and self.words is None:
            raise _bad("words", "how words decide, where there is no encoder", "nothing")
        if self.max_tokens < len(ASPECTS):
            raise _bad("max_tokens", f"at least {len(ASPECTS)}", repr(self.max_tokens))
        _check_thresholds(self.thresholds)

    @property
    def has_encoder(self) -> bool:
        """Whether the bundle holds an encoder."""
        return self.kind != NO_ENCODER

    def preferring(self, prefer: Prefer) -> ModelSpec:
        """Return the same with the thresholds for a use.

        Raises:
            InputError: The model chooses one aspect, or knows no thresholds for this use.
        """
        if prefer is Prefer.BALANCE:
            return self
        words = self.words and replace(self.words, thresholds=_thresholds_for(prefer, self.words.uses))
        return replace(self, thresholds=_thresholds_for(prefer, self.uses), words=words)

    def info(self, name: str) -> ModelInfo:
        """Return what results tell of a model of this name."""
        thresholds = None if self.head is Head.SINGLE else self.thresholds
        return ModelInfo(name, self.encoder, self.release, self.head, thresholds, self.reads)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def _thresholds_for(prefer: Prefer, uses: tuple[Use, ...]) -> tuple[float, ...]:
    for use in uses:
        if use.prefer is prefer:
            return use.thresholds
    raise InputError(
        f"prefer {prefer}",
        expected="a model with thresholds for this use",
        found="one with a single set of thresholds, or none",
        do="Train it again with the multi head, or prefer balance.",
    )


def _check_thresholds(thresholds: tuple[float, ...]) -> None:
    if len(thresholds) != len(ASPECTS) or not all(0 <= value <= 1 for value in thresholds):
        raise _bad("thresholds", f"{len(ASPECTS)} probabilities", repr(thresholds))


def _bad(where: str, expected: str, found: str) -> InputError:
    return InputError(where, expected=expected, found=found, do="Save the model again.")
