"""How good suggestions are for genes of which experiments told later, beside simple methods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import InputError
from gotune.evaluation.reliability import Reliability, reliability_of
from gotune.genes.annotator import GeneAnnotator
from gotune.genes.clues import Clue, Clues
from gotune.genes.families import families_of
from gotune.genes.gene import Gene
from gotune.genes.joiner import LEAST
from gotune.genes.measures import GeneMeasures, measure_genes
from gotune.genes.reference import Basis, Reference
from gotune.genes.scores import GeneScores
from gotune.genes.space import values_at
from gotune.genes.truth import Knowledge, Targets, cafa_targets, live_terms
from gotune.ontology.ontology import Ontology
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

NEW = "none in the aspect before"
"""The targets without knowledge and with limited knowledge together."""
JOINED = "gotune"
WITHOUT_OWN = "gotune, own annotations left out"
NAIVE = "naive: frequency in the species"
_ALONE = {
    "genes of like names": Clue.LIKE_NAMES,
    "genes with the same symbol": Clue.SAME_SYMBOL,
    "own electronic annotations": Clue.ELECTRONIC,
}
"""Clues that are methods by themselves."""

TargetsOf = Mapping[str, Mapping[Aspect, Targets]]


@dataclass(frozen=True, slots=True)
class GeneRow:
    """Figures of a method.

    Attributes:
        method: Its name.
        knowledge: What experiments had told of the genes before, a `Knowledge` or `NEW`.
        measures: The figures, of an aspect.
    """

    method: str
    knowledge: str
    measures: GeneMeasures


@dataclass(frozen=True, slots=True)
class SuggestedShare:
    """Of the suggestions that `GeneAnnotator.annotate` makes for targets `NEW`, which experiments told.

    Attributes:
        aspect: Theirs.
        threshold: Least score.
        suggestions: How many there are.
        told: How many of them experiments told later, the term itself or one below it.
        genes: Of the targets.
        covered: How many of them have a suggestion.
    """

    aspect: Aspect
    threshold: float
    suggestions: int
    told: int
    genes: int
    covered: int


@dataclass(frozen=True, slots=True)
class GeneEvaluation:
    """How good suggestions are.

    Attributes:
        release: Of the terms.
        genes: How many were annotated before.
        rows: Figures by knowledge, aspect and method, where the targets are of several families.
        reliability: Scores of `JOINED` for targets `NEW` against what experiments told, by aspect; of scores
            of .1 and more.
        shares: Of suggestions, by aspect.
    """

    release: str
    genes: int
    rows: tuple[GeneRow, ...]
    reliability: Reliability
    shares: tuple[SuggestedShare, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return {
            "release": self.release,
            "genes": self.genes,
            "rows": [
                {"method": row.method, "knowledge": row.knowledge, **row.measures.to_dict()}
                for row in self.rows
            ],
            "reliability": self.reliability.to_dict(),
            "suggestions": [{**asdict(one), "aspect": one.aspect.value} for one in self.shares],
        }


def targets_of(
    reference: Reference, later: Mapping[str, Collection[str]], ontology: Ontology
) -> dict[str, dict[Aspect, Targets]]:
    """Return what experiments told later of the genes of a reference, by what was known and aspect.

    Args:
        reference: What was known before.
        later: Terms from experiments of each gene, of any release, those known before too.
        ontology: The release.
    """
    of_reference = {gene: terms for gene, terms in later.items() if gene in reference.number_of}
    told = {gene: terms for gene, terms in live_terms(of_reference, ontology)[0].items() if terms}
    ids, direct = reference.space.ids, reference.direct[Basis.EXPERIMENT]
    known = {gene: [ids[one] for one in direct[[reference.number_of[gene]]].indices] for gene in told}
    found = cafa_targets(known, told, reference.space)
    new = {
        aspect: found[Knowledge.NONE][aspect].and_those(found[Knowledge.LIMITED][aspect])
        for aspect in ASPECTS
    }
    return {NEW: new, **{kind.value: of_kind for kind, of_kind in found.items()}}


def evaluate_genes(
    annotator: GeneAnnotator,
    later: Mapping[str, Collection[str]],
    *,
    track: Track = untracked,
) -> GeneEvaluation:
    """Measure suggestions for genes by what experiments told of them later.

    Args:
        annotator: Its reference is what was known before, with the names of that time.
        later: Terms from experiments of each gene, of any release, those known before too.
        track: Shows progress.

    Raises:
        InputError: Of no gene, experiments told anything new, or of one family alone.
    """
    reference = annotator.reference
    targets = targets_of(reference, later, annotator.ontology)
    ids = sorted({gene for of in targets.values() for one in of.values() for gene in one.genes})
    if not ids:
        raise InputError(
            "later annotations",
            expected="a gene with an experiment on something new",
            found=f"none of {len(later):,} genes",
            do="Give annotations of the same genes that are of a later date.",
        )
    genes = [reference.genes[reference.number_of[one]] for one in ids]
    methods, shown = _said(annotator, genes, track)
    families = families_of(genes)
    asked = [
        (kind, one)
        for kind, of in targets.items()
        for one in of.values()
        if len({families[gene] for gene in one.genes}) > 1  # else there is no interval
    ]
    if not any(kind == NEW for kind, _ in asked):
        raise InputError(
            "later annotations",
            expected="experiments that are the first in an aspect, on genes of several families",
            found=f"none, among {len(ids):,} genes of which experiments told something new",
            do="Give annotations of more genes, or of a later date.",
        )
    space, information = reference.space, reference.information
    rows = tuple(
        GeneRow(name, kind, measure_genes(said, one, space, information, families=families))
        for kind, one in track(asked, description="measuring")
        for name, said in methods.items()
    )
    new = targets[NEW]
    pairs = [_scored(methods[JOINED], new[aspect], reference) for aspect in ASPECTS]
    shares = tuple(_share(annotator, shown, new[aspect]) for aspect in ASPECTS)
    return GeneEvaluation(
        annotator.ontology.release, len(reference.genes), rows, reliability_of(pairs), shares
    )


def _said(
    annotator: GeneAnnotator, genes: Sequence[Gene], track: Track
) -> tuple[dict[str, GeneScores], dict[str, list[int]]]:
    """Return the scores of each method, and the columns of the terms that are suggested for each gene."""
    from scipy.sparse import csr_matrix, vstack

    reference = annotator.reference
    parts: dict[str, list[csr_matrix]] = {}
    shown: dict[str, list[int]] = {}
    for some, clues, scores in annotator.batches(track(genes, description="suggesting terms")):
        parts.setdefault(JOINED, []).append(scores)
        for name, clue in _ALONE.items():
            parts.setdefault(name, []).append(_alone(clues.values(), clue))
        naive = np.array([reference.frequency(gene.taxon) for gene in some])
        parts.setdefault(NAIVE, []).append(csr_matrix(naive))
        for row, gene in enumerate(some):
            shown[gene.id] = [*annotator.chosen(gene, scores[[row]])]
    ids = tuple(gene.id for gene in genes)
    found = {name: GeneScores(ids, vstack(tables, format="csr")) for name, tables in parts.items()}
    found[WITHOUT_OWN] = annotator.scores(genes, own=False, track=track)
    return {name: found[name] for name in (JOINED, WITHOUT_OWN, *_ALONE, NAIVE)}, shown


def _alone(clues: Iterable[Clues], clue: Clue) -> csr_matrix:
    return sum(of_aspect.tables[clue] for of_aspect in clues).tocsr()


def _scored(
    said: GeneScores, targets: Targets, reference: Reference
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which of the terms that are scored experiments told, and their scores."""
    scores = said.rows(targets.genes).tocoo()
    kept = (scores.data >= LEAST) & reference.space.of_aspect(targets.aspect)[scores.col]
    rows, columns = scores.row[kept].astype(np.int64), scores.col[kept].astype(np.int64)
    return values_at(targets.terms, rows, columns) > 0, scores.data[kept].astype(np.float64)


def _share(annotator: GeneAnnotator, shown: Mapping[str, Sequence[int]], targets: Targets) -> SuggestedShare:
    of_aspect = annotator.reference.space.of_aspect(targets.aspect)
    counts = [*_counts(shown, targets, of_aspect)]
    suggestions, told = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0)
    return SuggestedShare(
        aspect=targets.aspect,
        threshold=annotator.thresholds[targets.aspect],
        suggestions=suggestions,
        told=told,
        genes=len(counts),
        covered=sum(n > 0 for n, _ in counts),
    )


def _counts(
    shown: Mapping[str, Sequence[int]], targets: Targets, of_aspect: NDArray[np.bool_]
) -> Iterator[tuple[int, int]]:
    """Yield how many terms are suggested for each gene, and how many of them experiments told."""
    for row, gene in enumerate(targets.genes):
        columns = [one for one in shown[gene] if of_aspect[one]]
        true = set(targets.terms[[row]].indices.tolist())
        yield len(columns), sum(one in true for one in columns)
