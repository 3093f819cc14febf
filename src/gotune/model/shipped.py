"""Models by name: those that come with gotune, and folders."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from gotune.aspects import ASPECTS, Prefer

SHIPPED = {
    "papers": "encoder, names and words",
    "fast": "names and words alone, for millions of texts",
}
"""Names of the models that come with gotune, each with what it asks."""
_SHIPPED_MODELS = Path(str(files("gotune"))) / "models"
DEFAULT_NAME = "papers"
DEFAULT_MODEL = _SHIPPED_MODELS / DEFAULT_NAME
"""The folder of the model that is asked if none is named."""


def locate_model(model: Path | str) -> Path:
    """Return the folder of a model: one of `SHIPPED`, or a folder, which needs a slash if it has such a name.

    A `Path` is a folder in any case, as it has lost the slash that a person typed; so what was located once
    can be located again. Whether it is there is told where it is read.
    """
    return _SHIPPED_MODELS / model if isinstance(model, str) and model in SHIPPED else Path(model)


def shown_name(folder: Path) -> str:
    """Return what a person asks for a model by: its name, or its folder with the slash of one."""
    return folder.name if folder.parent == _SHIPPED_MODELS else f"{folder}/"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A model that comes with gotune.

    Attributes:
        name: By which it is asked for.
        asks: What it asks about a text.
        size: In bytes, on disk.
        engine: What computes its encoder, ``none`` where it has none.
        accuracy: On definitions of terms that it has not learned from, by its card.
        f1: Of each aspect, in label order, on the sentences that chose its thresholds, by its card.
    """

    name: str
    asks: str
    size: int
    engine: str
    accuracy: float | None
    f1: tuple[float | None, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return asdict(self)


def describe_shipped() -> tuple[Shipped, ...]:
    """Return what the models say of themselves.

    Raises:
        BundleError: One is damaged.
    """
    from gotune.model.exported import ACCURACY
    from gotune.model.light_bundle import read_manifest

    found = []
    for name, asks in SHIPPED.items():
        folder = locate_model(name)
        manifest = read_manifest(folder)
        spec, export = manifest.spec, manifest.export
        uses = spec.uses if spec.has_encoder or spec.words is None else spec.words.uses
        agreements = export.agreements if export else ()
        accuracies = [one.figures[ACCURACY][1] for one in agreements if ACCURACY in one.figures]
        found.append(
            Shipped(
                name,
                asks,
                size=sum(path.stat().st_size for path in folder.iterdir()),
                engine=export.target if export else spec.kind,
                accuracy=accuracies[0] if accuracies else None,
                f1=next((use.f1 for use in uses if use.prefer is Prefer.BALANCE), (None,) * len(ASPECTS)),
            )
        )
    return tuple(found)
