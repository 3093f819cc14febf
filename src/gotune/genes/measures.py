"""How good suggested terms are, measured as CAFA does, with intervals.

At each threshold, a gene is said to have the terms with at least this score and all above them. Fmax is the
best F1 of any threshold, from precision that is the mean over genes with a term and recall that is the mean
over all (Radivojac et al. 2013, doi:10.1038/nmeth.2340). Weighted Fmax counts each term by its information
content; the weighted AUPR is the area under precision and recall so weighted, as a step at each threshold
(the average precision of the curve). Smin is the least distance from the truth, in bits: of what is missed
(remaining uncertainty) and what is wrong (misinformation), each the mean over genes (Clark and Radivojac
2013, doi:10.1093/bioinformatics/btt228).

The figures are those of cafaeval 1.3 (Piovesan et al. 2024, doi:10.1093/bioadv/vbae043) with
``-no_orphans``: as the root of an aspect is true of every gene, it is not scored. Its column ``s_w`` is what
Smin is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import Aspect
from gotune.errors import InputError
from gotune.estimates import Estimate, estimate
from gotune.evaluation.resampling import resample_groups
from gotune.genes.scores import GeneScores
from gotune.genes.space import TermSpace, of_columns, values_without
from gotune.genes.truth import Targets

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

THRESHOLDS = np.arange(0.01, 1, 0.01)
"""At which scores are cut, to the last bit those of cafaeval."""

Figures = NDArray[np.float64]


class Norm(StrEnum):
    """What means are over, by the names of cafaeval."""

    CAFA = "cafa"
    """Precision: genes with a term at the threshold. All others: all targets."""
    PREDICTED = "pred"
    """Genes with a term at the threshold."""
    TARGETS = "gt"
    """All targets."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Figures at each threshold, of shape ``(thresholds,)``, or ``(resamples, thresholds)``.

    Attributes:
        coverage: Share of targets with a term.
        precision: Of terms that are said, which share is true.
        recall: Of terms that are true, which share is said.
        weighted_coverage: Share of targets with a term that has information.
        weighted_precision: Terms counted by their information content.
        weighted_recall: Likewise.
        misinformation: Bits that are said and not true.
        remaining: Bits that are true and not said.
    """

    coverage: Figures
    precision: Figures
    recall: Figures
    weighted_coverage: Figures
    weighted_precision: Figures
    weighted_recall: Figures
    misinformation: Figures
    remaining: Figures

    @property
    def f1(self) -> Figures:
        """The harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)

    @property
    def weighted_f1(self) -> Figures:
        """That of the weighted ones."""
        return _harmonic(self.weighted_precision, self.weighted_recall)

    @property
    def distance(self) -> Figures:
        """From the truth, in bits; infinite where nothing is said of any gene, as Smin is not there."""
        found: Figures = np.hypot(self.misinformation, self.remaining)
        return np.where(self.coverage > 0, found, np.inf)


@dataclass(frozen=True, slots=True)
class GeneMeasures:
    """How good a method is in an aspect.

    Attributes:
        aspect: That.
        genes: Number of targets.
        coverage: Share of them of which anything is said.
        fmax: The best F1 of any threshold.
        threshold: That at which it stands.
        weighted_fmax: The same with terms counted by their information content.
        weighted_aupr: Area under precision against recall, so weighted.
        smin: The least distance from the truth, in bits; if nothing is said of any gene, all that is true.
        curve: All thresholds.
    """

    aspect: Aspect
    genes: int
    coverage: float
    fmax: Estimate
    threshold: float
    weighted_fmax: Estimate
    weighted_aupr: Estimate
    smin: Estimate
    curve: Curve

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON, without the curve."""
        found = {name: getattr(self, name) for name in ("genes", "coverage", "threshold")}
        estimates = {name: asdict(getattr(self, name)) for name in _ESTIMATES}
        return {"aspect": self.aspect.value, **found, **estimates}


_ESTIMATES = ("fmax", "weighted_fmax", "weighted_aupr", "smin")


def measure_genes(
    said: GeneScores,
    targets: Targets,
    space: TermSpace,
    information: NDArray[np.float64],
    *,
    families: Mapping[str, str] | None = None,
    norm: Norm = Norm.CAFA,
) -> GeneMeasures:
    """Measure a method on the targets of an aspect.

    Args:
        said: By the method; a target that is not there has no term.
        targets: Genes with what is true of them.
        space: Of the terms.
        information: Content of each term, as `gotune.genes.information.information_content` has it.
        families: Of genes; resamples draw them whole, as methods succeed or fail on all of them. A gene that
            is not there is one by itself.
        norm: What means are over.

    Raises:
        InputError: There are no targets.
        DatasetError: All of them are of one family, so that there is no interval.
    """
    if not targets.genes:
        raise InputError(
            f"targets of {targets.aspect.words}",
            expected="at least one gene",
            found="none",
            do="Measure where there are targets.",
        )
    resamples = resample_groups([(families or {}).get(gene, "") for gene in targets.genes])
    by_gene = _by_gene(said, targets, space, information)
    n_genes = resamples.sums(np.ones((len(targets.genes), 1)))
    curves = _means({name: resamples.sums(table) for name, table in by_gene.items()}, n_genes, norm)
    curve = Curve(**{field.name: getattr(curves, field.name)[0] for field in fields(Curve)})
    return GeneMeasures(
        aspect=targets.aspect,
        genes=len(targets.genes),
        coverage=float(curve.coverage[0]),
        fmax=_estimate(curves.f1.max(axis=1)),
        threshold=float(THRESHOLDS[curve.f1.argmax()]),
        weighted_fmax=_estimate(curves.weighted_f1.max(axis=1)),
        weighted_aupr=_estimate(_area(curves.weighted_precision, curves.weighted_recall)),
        smin=_estimate(_least_distance(curves)),
        curve=curve,
    )


def _by_gene(
    said: GeneScores, targets: Targets, space: TermSpace, information: NDArray[np.float64]
) -> dict[str, Figures]:
    """Return the figures of each target at each threshold, of shape ``(targets, thresholds)``."""
    columns = space.of_aspect(targets.aspect)
    each, bits = columns.astype(np.float64), columns * information
    # What rises within an aspect stays in it, so the others can be left out before.
    scores = of_columns(said.rows(targets.genes), space.aspects == targets.aspect.label)
    found: dict[str, list[Figures]] = {field.name: [] for field in fields(Curve)}
    for rows, risen in space.risen(scores):
        counted = values_without(of_columns(risen, columns), targets.known[rows])
        terms = targets.terms[rows]
        right = counted.multiply(terms).tocsr()
        figures = dict(_figures("", counted, right, terms @ each, each))
        figures |= _figures("weighted_", counted, right, terms @ bits, bits)
        figures |= {
            "misinformation": _sums(counted, bits) - _sums(right, bits),
            "remaining": (terms @ bits)[:, None] - _sums(right, bits),
        }
        for name, table in figures.items():
            found[name].append(table)
    return {name: np.concatenate(tables) for name, tables in found.items()}


def _figures(
    prefix: str, said: csr_matrix, right: csr_matrix, true: Figures, weights: Figures
) -> Iterator[tuple[str, Figures]]:
    n_said, n_right = _sums(said, weights), _sums(right, weights)
    yield f"{prefix}coverage", (n_said > 0).astype(np.float64)
    yield f"{prefix}precision", _ratio(n_right, n_said)
    yield f"{prefix}recall", _ratio(n_right, true[:, None])


def _sums(scores: csr_matrix, weights: Figures) -> Figures:
    """Return the weights of terms with at least each threshold as score, of shape ``(genes, thresholds)``."""
    n_genes, width = scores.shape[0], len(THRESHOLDS) + 1
    genes = np.repeat(np.arange(n_genes), np.diff(scores.indptr))
    passed = np.searchsorted(THRESHOLDS, scores.data, side="right")
    sums = np.bincount(genes * width + passed, weights[scores.indices], n_genes * width)
    # As numbers with a point also where there is no score.
    falling = sums.reshape(n_genes, width)[:, :0:-1].astype(np.float64)
    return np.cumsum(falling, axis=1)[:, ::-1]


def _means(sums: Mapping[str, Figures], n_genes: Figures, norm: Norm) -> Curve:
    """Return means of sums over genes, of shape ``(resamples, thresholds)``.

    Args:
        sums: Of that shape.
        n_genes: Number of targets in each resample, of shape ``(resamples, 1)``.
        norm: What means are over.
    """
    found = {}
    for name, total in sums.items():
        covered = sums["weighted_coverage" if name in _WEIGHTED else "coverage"]
        by_said = norm is Norm.PREDICTED or (norm is Norm.CAFA and name.endswith("precision"))
        of_said = by_said and not name.endswith("coverage")
        # Where nothing is said of any gene, all of them miss what is true.
        found[name] = _ratio(total, np.where(covered > 0, covered, n_genes) if of_said else n_genes)
    return Curve(**found)


_WEIGHTED = ("weighted_precision", "weighted_recall", "misinformation", "remaining")


def _area(precision: Figures, recall: Figures) -> Figures:
    """Return the area under steps; recall falls from threshold to threshold, and in the end to nothing."""
    following = np.concatenate([recall[:, 1:], np.zeros((len(recall), 1))], axis=1)
    found: Figures = ((recall - following) * precision).sum(axis=1)
    return found


def _least_distance(curves: Curve) -> Figures:
    least = curves.distance.min(axis=1)
    return np.where(np.isfinite(least), least, curves.remaining[:, 0])


def _ratio(part: Figures, whole: Figures) -> Figures:
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _harmonic(one: Figures, other: Figures) -> Figures:
    return _ratio(2 * one * other, one + other)


def _estimate(replicates: Figures) -> Estimate:
    """Join the first figure, that of the data itself, with the interval of the others."""
    return estimate(replicates[0], replicates[1:])
