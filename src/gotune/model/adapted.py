"""How a model was adapted to sentences of its user, and what that gained: kept with the bundle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gotune.aspects import ASPECTS, Aspect
from gotune.datasets.source_card import SourceCard
from gotune.estimates import Estimate
from gotune.render.tables import TextTable, estimate_cell, render_markdown
from gotune.render.wording import count_aspects, describe_judged


@dataclass(frozen=True, slots=True)
class Gain:
    """A figure before and after, both on sentences that the change was not fitted to.

    Attributes:
        figure: Name for tables, such as ``macro F1``.
        before: By the model as it was.
        after: By models that were adapted to the other sentences.
        difference: The second less the first; of an error less is better.
        is_error: Whether it is one.
        aspect: What it is of; None for a mean over the adapted aspects, and all that older bundles have.
    """

    figure: str
    before: float
    after: float
    difference: Estimate
    is_error: bool = False
    aspect: Aspect | None = None

    @property
    def name(self) -> str:
        """What it is and of which aspect, such as ``F1, molecular function``."""
        return self.figure if self.aspect is None else f"{self.figure}, {self.aspect.words}"

    @property
    def verdict(self) -> str:
        """``gain``, ``loss``, or ``no gain`` where the interval includes zero."""
        low, high = self.difference.interval.low, self.difference.interval.high
        if low <= 0 <= high:
            return "no gain"
        return "gain" if (high < 0) is self.is_error else "loss"


@dataclass(frozen=True, slots=True)
class Adaptation:
    """One adaptation of a model.

    Attributes:
        source: The sentences.
        adapted: The aspects that changed.
        left: Those that did not, as too few sentences are judged to have them, or not to have them.
        gains: Cross-validated figures, first as means over the adapted aspects, then of each of these.
        unit: What was left out as a whole to measure them: ``article`` or ``sentence``.
    """

    source: SourceCard
    adapted: tuple[Aspect, ...]
    left: tuple[Aspect, ...]
    gains: tuple[Gain, ...]
    unit: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return asdict(self)


def adaptation_table(adaptation: Adaptation) -> TextTable:
    """Return the figures before and after, with what was gained."""
    return TextTable(
        "Before and after, on sentences left out",
        ("figure", "before", "after", "difference", ""),
        tuple(
            (
                gain.name,
                f"{gain.before:.3f}",
                f"{gain.after:.3f}",
                estimate_cell(gain.difference, sign="+"),
                gain.verdict,
            )
            for gain in adaptation.gains
        ),
    )


def render_adaptation(adaptation: Adaptation) -> str:
    """Return what was done, and what it gained, as Markdown."""
    source = adaptation.source
    carried = count_aspects(source.counts.get(aspect.value, 0) for aspect in ASPECTS)
    judged = describe_judged(map(source.n_judged, ASPECTS))
    file = f"Sentences {judged}; that carry it: {carried}. The file has the sha256 `{source.sha256}`."
    cited = f"Whom to cite: {source.citation.rstrip('.')}." if source.citation else ""
    parts = (describe_adaptation(adaptation), file, cited, describe_verdict(adaptation))
    told = " ".join(filter(None, parts))
    return f"{told}\n\n{render_markdown([adaptation_table(adaptation)])}"


def describe_adaptation(adaptation: Adaptation) -> str:
    """Return what was done, in a few sentences."""
    source = adaptation.source
    left = adaptation.left
    rest = f" As it was: {_listed(left)}; too few sentences have it, or have it not." if left else ""
    return (
        f"Adapted to {source.n_rows:,} sentences of {source.name}: {_listed(adaptation.adapted)}."
        f"{rest} Figures are cross-validated, by {adaptation.unit}, and means over the adapted aspects where "
        "they name none; in brackets 95 % bootstrap intervals."
    )


def describe_verdict(adaptation: Adaptation) -> str:
    """Return which figures are worse than before, or that no mean is better; "" if neither holds."""
    lost = [gain.name for gain in adaptation.gains if gain.verdict == "loss"]
    if lost:
        return f"Loss: the model as it was does better in {'; '.join(lost)}. Label more, or keep it."
    # Of a dozen figures of aspects one is easily better by chance.
    if any(gain.verdict == "gain" for gain in adaptation.gains if gain.aspect is None):
        return ""
    return "No gain on the mean: the model as it was does as well on such sentences. Label more, or keep it."


def _listed(aspects: Sequence[Aspect]) -> str:
    *first, last = (aspect.words for aspect in aspects)
    return f"{', '.join(first)} and {last}" if first else last
