"""A small ontology of our own, shipped with the package for tests, examples and docs."""

from __future__ import annotations

from importlib.resources import as_file, files

from gotune.ontology.loading import load_ontology
from gotune.ontology.ontology import Ontology


def example_ontology() -> Ontology:
    """Return a made-up ontology in the style of GO, read from the package.

    Its ids start with ``GO:9``, which GO does not use, and its definitions are ours: it is no part of GO.
    """
    with as_file(files("gotune.ontology") / "example.obo") as path:
        return load_ontology(path)
