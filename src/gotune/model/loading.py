"""Models loaded, whatever they are made of."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gotune.aspects import Prefer
from gotune.config import Precision
from gotune.errors import ConfigError
from gotune.model.devices import check_threads
from gotune.model.light_bundle import read_manifest
from gotune.model.shipped import DEFAULT_NAME, locate_model
from gotune.model.word_classifier import WordClassifier
from gotune.records import Witness

if TYPE_CHECKING:
    from gotune.model.classifier import AspectClassifier

Kind = TypeVar("Kind", bound=StrEnum)


def load_model(
    model: Path | str = DEFAULT_NAME,
    *,
    without: Collection[Witness | str] | str = (),
    prefer: Prefer | str = Prefer.BALANCE,
    device: str = "auto",
    precision: Precision | str = Precision.AUTO,
    threads: int | None = None,
    verify: bool = True,
) -> AspectClassifier | WordClassifier:
    """Load a model, whatever it is made of. Without an encoder neither torch nor ONNX Runtime is loaded.

    Args:
        model: ``papers`` or ``fast``, which come with gotune, or the folder of another; with a
            slash, or as a `Path`, these two names are those of folders as well.
        without: Witnesses that are not asked, or one of them, by their names or as members of `Witness`.
        prefer: What its thresholds are for.
        device: Where an encoder computes: ``auto``, or a torch device.
        precision: Number format of the matrix products of an encoder.
        threads: How many it computes with on the CPU; all cores that are free if None.
        verify: Refuse files that are not as they were saved.

    Raises:
        BundleError: There is no such model, or it is damaged, or of a newer format.
        InputError: Nothing would be left that it can judge a text by; or it knows no thresholds for the use.
        ConfigError: A witness, a use or a precision is none, or threads are less than one; the device cannot
            be used here, or there is no encoder that would use it.
        MissingExtraError: What its encoder needs is missing.
    """
    folder = locate_model(model)
    asked = [without] if isinstance(without, str) else without
    left_out = [_member(Witness, "without", one) for one in asked]
    prefer, precision = _member(Prefer, "prefer", prefer), _member(Precision, "precision", precision)
    check_threads(threads)
    if Witness.ENCODER not in left_out and read_manifest(folder, verify=verify).spec.has_encoder:
        from gotune.model.classifier import AspectClassifier

        whole = AspectClassifier.load(
            folder, device=device, precision=precision, threads=threads, verify=verify
        )
        return whole.preferring(prefer).without(*left_out)
    given = {
        "device": device != "auto",
        "precision": precision is not Precision.AUTO,
        "threads": threads is not None,
    }
    if vain := [name for name, is_given in given.items() if is_given]:
        raise ConfigError(
            vain[0], expected="an encoder, which would use it", found="none, or left out", do="Leave it out."
        )
    return WordClassifier.load(folder, verify=verify).preferring(prefer).without(*left_out)


def _member(kind: type[Kind], name: str, value: str) -> Kind:
    """Return a choice that was given as a member or by its name; a name of nothing would change nothing."""
    try:
        return kind(value)
    except ValueError as exc:
        raise ConfigError(
            name, expected=" or ".join(kind), found=repr(value), do="Check the spelling, or leave it out."
        ) from exc
