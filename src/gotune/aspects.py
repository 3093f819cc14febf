"""The three aspects of the Gene Ontology, and nothing else."""

from __future__ import annotations

from enum import StrEnum


class Aspect(StrEnum):
    """One of GO's three aspects, in label order: 0, 1, 2.

    The value is the OBO namespace, which is also the label name inside saved models.
    """

    BIOLOGICAL_PROCESS = "biological_process"
    CELLULAR_COMPONENT = "cellular_component"
    MOLECULAR_FUNCTION = "molecular_function"

    @property
    def label(self) -> int:
        """Class index of the aspect in datasets, logits and probability rows."""
        return ASPECTS.index(self)

    @property
    def words(self) -> str:
        """Name for people: ``biological process``."""
        return self.value.replace("_", " ")

    @property
    def short(self) -> str:
        """Two-letter code: ``BP``, ``CC`` or ``MF``."""
        return "".join(word[0] for word in self.value.split("_")).upper()

    @property
    def colour(self) -> str:
        """Hex colour in every picture and workbook (Okabe-Ito, safe for colour-blind readers)."""
        return _COLOURS[self]


ASPECTS: tuple[Aspect, ...] = tuple(Aspect)
"""The aspects in label order."""

_COLOURS = {
    Aspect.BIOLOGICAL_PROCESS: "#0072B2",
    Aspect.CELLULAR_COMPONENT: "#E69F00",
    Aspect.MOLECULAR_FUNCTION: "#009E73",
}
