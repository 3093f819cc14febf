"""Models loaded, whatever they are made of."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.aspects import Prefer
from gotune.config import Precision
from gotune.errors import ConfigError
from gotune.model.light_bundle import read_manifest
from gotune.model.shipped import DEFAULT_NAME, locate_model
from gotune.model.word_classifier import WordClassifier
from gotune.records import Witness

if TYPE_CHECKING:
    from gotune.model.classifier import AspectClassifier


def load_model(
    model: Path | str = DEFAULT_NAME,
    *,
    without: Collection[Witness] = (),
    prefer: Prefer = Prefer.BALANCE,
    device: str = "auto",
    precision: Precision = Precision.AUTO,
    threads: int | None = None,
    verify: bool = True,
) -> AspectClassifier | WordClassifier:
    """Load a model, whatever it is made of. Without an encoder neither torch nor ONNX Runtime is loaded.

    Args:
        model: ``papers`` or ``fast``, which come with gotune, or the folder of another; with a
            slash, or as a `Path`, these two names are those of folders as well.
        without: Witnesses that are not asked.
        prefer: What its thresholds are for.
        device: Where an encoder computes: ``auto``, or a torch device.
        precision: Number format of the matrix products of an encoder.
        threads: How many it computes with on the CPU; all cores that are free if None.
        verify: Refuse files that are not as they were saved.

    Raises:
        BundleError: There is no such model, or it is damaged, or of a newer format.
        InputError: Nothing would be left that it can judge a text by; or it knows no thresholds for the use.
        ConfigError: The device cannot be used here, or there is no encoder that would use it.
        MissingExtraError: What its encoder needs is missing.
    """
    folder = locate_model(model)
    if Witness.ENCODER not in without and read_manifest(folder, verify=verify).spec.has_encoder:
        from gotune.model.classifier import AspectClassifier

        whole = AspectClassifier.load(
            folder, device=device, precision=precision, threads=threads, verify=verify
        )
        return whole.preferring(prefer).without(*without)
    asked = {
        "device": device != "auto",
        "precision": precision is not Precision.AUTO,
        "threads": threads is not None,
    }
    if vain := [name for name, given in asked.items() if given]:
        raise ConfigError(
            vain[0], expected="an encoder, which would use it", found="none, or left out", do="Leave it out."
        )
    return WordClassifier.load(folder, verify=verify).preferring(prefer).without(*without)
