"""How the bundles of tests were made."""

from __future__ import annotations

from pathlib import Path

from gotune.model.classifier import AspectClassifier
from gotune.model.light_bundle import read_manifest
from gotune.model.manifest import Manifest, Provenance


def provenance_of(made: Path | Manifest | AspectClassifier) -> Provenance:
    """Return how a bundle was made, which those of tests all tell."""
    provenance = (read_manifest(made) if isinstance(made, Path) else made).provenance
    assert provenance is not None
    return provenance
