"""How the sentences of a document spread over the aspects, with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from gotune.aspects import ASPECTS, Aspect
from gotune.results.estimates import Estimate, Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_N_RESAMPLES = 2000
_SEED = 0
_TAILS = (2.5, 97.5)
"""Percentiles."""


@dataclass(frozen=True, slots=True)
class DocumentShares:
    """How the sentences of a document spread over the aspects.

    The intervals tell how much the shares would vary with as many other sentences of the same kind, taken
    as independent of each other. They know nothing of the sentences that the model takes wrongly, and one
    without width means that all sentences agree, not that no other outcome is possible.

    Attributes:
        aspects: Share of each aspect, in label order, among the sentences that carry any. A sentence with
            several counts in equal parts for each, so the shares add up to one. None if no sentence
            carries an aspect: then there are no shares.
        none: Share of all sentences that carry no aspect.
        n_carrying: Sentences that carry at least one aspect.
        n_sentences: All sentences.
    """

    aspects: tuple[Estimate, ...] | None
    none: Estimate
    n_carrying: int
    n_sentences: int

    def to_dict(self) -> dict[str, Any]:
        """Return the shares by name as plain values; null for aspects where there are none."""
        estimates = self.aspects or (None,) * len(ASPECTS)
        return {
            **{
                aspect.value: estimate and asdict(estimate)
                for aspect, estimate in zip(ASPECTS, estimates, strict=True)
            },
            "none": asdict(self.none),
            "n_carrying": self.n_carrying,
            "n_sentences": self.n_sentences,
        }


def aspect_shares(carried: Iterable[tuple[Aspect, ...]]) -> DocumentShares:
    """Compute the shares of a document from what each of its sentences carries.

    Intervals are 95 % bootstrap percentile intervals over sentences (Efron and Tibshirani 1993,
    doi:10.1201/9780429246593); those of the aspects come from the resamples in which a sentence carries
    any. The order of the sentences changes nothing.

    Args:
        carried: The aspects of each sentence, empty for one that carries none; at least one sentence.
    """
    import numpy as np

    # Sentences are of few kinds, so a resample is a draw of how many there are of each.
    kinds, numbers = zip(*sorted(Counter(carried).items()), strict=True)
    n = sum(numbers)
    drawn = np.random.default_rng(_SEED).multinomial(n, np.array(numbers) / n, size=_N_RESAMPLES)
    # The first row is the document itself, so that one pass gives the shares and their replicates.
    parts = np.vstack([np.array(numbers), drawn]) @ np.array([_parts(kind) for kind in kinds])
    none = parts[:, -1]
    carrying = n - none
    shares = parts[carrying > 0, :-1] / carrying[carrying > 0, None]
    return DocumentShares(
        aspects=tuple(map(_estimate, shares.T)) if carrying[0] else None,
        none=_estimate(none / n),
        n_carrying=int(carrying[0]),
        n_sentences=n,
    )


def _parts(kind: tuple[Aspect, ...]) -> list[float]:
    """Return for how much a sentence counts with each aspect, and with none."""
    return [*(kind.count(aspect) / len(kind) if kind else 0.0 for aspect in ASPECTS), float(not kind)]


def _estimate(values: NDArray[np.float64]) -> Estimate:
    """Join a share, which comes first, with the percentile interval of its replicates."""
    import numpy as np

    low, high = np.percentile(values[1:], _TAILS)
    return Estimate(float(values[0]), Interval(float(low), float(high)))
