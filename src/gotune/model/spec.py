"""What a saved model needs in order to answer, whoever made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any

from gotune.aspects import ASPECTS, Head
from gotune.errors import InputError
from gotune.model.calibration import Calibration
from gotune.records import ModelInfo, Reads

TRANSFORMER = "transformer"
"""The kind of encoder that a bundle holds: a Hugging Face model for sequence classification."""


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
        calibration: What logits were scaled by; saved weights have it in them. None if nothing was.
        thresholds: Probability from which a text carries an aspect, in label order; not used with a head that
            chooses one aspect.
        lexicon: Whether the names of terms go along, whose evidence is added to what the encoder says.
        kind: Kind of the encoder.
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
    kind: str = TRANSFORMER

    def info(self, name: str) -> ModelInfo:
        """Return what results tell of a model of this name."""
        thresholds = None if self.head is Head.SINGLE else self.thresholds
        return ModelInfo(name, self.encoder, self.release, self.head, thresholds, self.reads)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelSpec:
        """Make a spec from `to_dict`'s values.

        Raises:
            InputError: A key is unknown or missing, or a value is not what it stands for.
        """
        check_keys("model", values, cls)
        try:
            converted = dict(values) | {
                "head": Head(values["head"]),
                "reads": Reads(values.get("reads", Reads.TEXT)),
                "thresholds": _thresholds(values.get("thresholds", (0.5, 0.5, 0.5))),
            }
            if values.get("calibration") is not None:
                converted["calibration"] = Calibration.from_dict(values["calibration"])
            spec = cls(**converted)
        except (KeyError, TypeError, ValueError) as exc:
            raise _bad("model", "values of the right type", str(exc)) from exc
        if spec.kind != TRANSFORMER:
            raise _bad("model", f"an encoder of the kind {TRANSFORMER!r}", repr(spec.kind))
        if not isinstance(spec.max_tokens, int) or spec.max_tokens < len(ASPECTS):
            raise _bad("model", "max_tokens of at least 3", repr(spec.max_tokens))
        return spec


def check_keys(where: str, values: Mapping[str, Any], kind: type) -> None:
    """Refuse values that have a key which no field of a dataclass has.

    Raises:
        InputError: Some have.
    """
    known = {field.name for field in fields(kind)}
    if unknown := sorted(set(values) - known):
        raise _bad(where, f"none but the keys {', '.join(sorted(known))}", ", ".join(unknown))


def _bad(where: str, expected: str, found: str) -> InputError:
    return InputError(where, expected=expected, found=found, do="Update gotune, or save the model again.")


def _thresholds(values: Any) -> tuple[float, ...]:  # noqa: ANN401 (whatever stands in the file)
    found = tuple(map(float, values))
    if len(found) != len(ASPECTS) or not all(map(isfinite, found)):
        raise ValueError(f"thresholds: not {len(ASPECTS)} numbers: {found}")
    return found
