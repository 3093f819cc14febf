"""What a model keeps of the labelled sentences that it has learned from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from gotune.aspects import Aspect


@dataclass(frozen=True, slots=True)
class SourceCard:
    """What was read from a labelled table.

    Attributes:
        name: File name.
        sha256: Hash of the file.
        n_rows: Rows of the sentence table.
        counts: Texts of each aspect, by its name; a probability of at least .5 counts.
        n_none: Texts that are judged on all three and have none of them.
        n_articles: Articles that are named.
        n_skipped: Rows left out because nobody has labelled them.
        n_duplicates: Rows left out because their text stood in the table before, either of no article or, of
            the same one, judged on other aspects.
        n_conflicts: Texts whose labels contradicted each other.
        citation: Whom to cite and what the licence is, where it is known.
        judged: Texts that are judged on each aspect, by its name; empty in older bundles, which learned from
            texts that are judged on all three.
    """

    name: str
    sha256: str
    n_rows: int
    counts: dict[str, int]
    n_none: int
    n_articles: int
    n_skipped: int = 0
    n_duplicates: int = 0
    n_conflicts: int = 0
    citation: str = ""
    judged: dict[str, int] = field(default_factory=dict)

    def n_judged(self, aspect: Aspect) -> int:
        """Return how many texts are judged on an aspect."""
        return self.judged.get(aspect.value, self.n_rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the card as plain values."""
        return asdict(self)
