"""Terms for genes, from what is known of like genes and from what is written about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import GeneError
from gotune.genes.associations import Relation
from gotune.genes.clues import LIKE, OWN, Clue, ClueFinder, Clues, NamedIn, telling_name, telling_symbol
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import Gene
from gotune.genes.joiner import Joiner
from gotune.genes.reference import Reference
from gotune.genes.scores import GeneScores
from gotune.genes.space import GENES_AT_ONCE, TermSpace
from gotune.genes.species import load_species
from gotune.genes.suggestions import AnnotatedGene, LikeGene, Place, Suggestion
from gotune.genes.truth import PROTEIN_BINDING
from gotune.linking.annotator import Annotator
from gotune.linking.labels import terms_to_suggest
from gotune.ontology.ontology import Ontology
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

THRESHOLD = 0.25
"""Least score of a suggestion: about where F1 is best on the genes that the joiner has learned from."""
MIN_DEPTH = 2
"""Least number of steps from the root to a term that is suggested: its children say little."""
_LIKE_GENES = 3
_COMPLEX = "GO:0032991"
_RELATIONS = {
    Aspect.BIOLOGICAL_PROCESS: Relation.INVOLVED_IN,
    Aspect.CELLULAR_COMPONENT: Relation.LOCATED_IN,
    Aspect.MOLECULAR_FUNCTION: Relation.ENABLES,
}


class GeneAnnotator:
    """Suggests terms for genes.

    Args:
        ontology: The release.
        reference: Annotated genes, with terms of it.
        annotator: Finds the terms that texts name, of the same release.
        joiner: Of all that speaks for a term.

    Attributes:
        reference: The same.
    """

    def __init__(
        self, ontology: Ontology, reference: Reference, annotator: Annotator, joiner: Joiner
    ) -> None:
        self.reference = reference
        self._ontology, self._joiner = ontology, joiner
        self._finder = ClueFinder(reference, annotator)
        asked_for = {term.id for term in terms_to_suggest(ontology)} - {PROTEIN_BINDING}
        self._depths = np.where(
            [one in asked_for for one in reference.space.ids], _depths(reference.space), 0
        )

    @classmethod
    def load(
        cls,
        ontology: Ontology,
        *,
        reference: Path | str | None = None,
        offline: bool = False,
        track: Track = untracked,
    ) -> GeneAnnotator:
        """Make one of annotated genes.

        Args:
            ontology: The release to suggest terms of.
            reference: A GAF; the genes of seven species in January 2019 if left out, 43 MB to fetch once.
            offline: Fetch nothing.
            track: Shows progress.

        Raises:
            DownloadError: The genes are not in the cache and cannot be had.
            GeneError: The GAF is none, has no annotation with a term of the release, or a row of it is bad.
        """
        space = TermSpace(ontology)
        if reference is None:
            known = load_species(ontology, space, offline=offline, track=track)
        else:
            known = Reference.of(read_gaf(reference), ontology, space)
        if not known.genes:
            raise GeneError(
                str(reference or "annotated genes"),
                expected=f"annotations with terms of release {ontology.release}",
                found="none",
                do="Give another release or reference.",
            )
        annotator = Annotator.load()
        if annotator.index.info.release != ontology.release:
            annotator = annotator.of_release(ontology, track=track)
        return cls(ontology, known, annotator, Joiner.load())

    def scores(self, genes: Sequence[Gene], *, own: bool = True) -> GeneScores:
        """Return the probabilities of all terms, as they are measured.

        Args:
            genes: Any, each once.
            own: Whether annotations of the genes themselves count.
        """
        from scipy.sparse import csr_matrix, vstack

        parts = [csr_matrix((0, len(self.reference.space)))]
        parts += [scores for _, _, scores in self._batches(genes, own)]
        return GeneScores(tuple(gene.id for gene in genes), vstack(parts, format="csr"))

    def annotate(
        self,
        genes: Iterable[Gene],
        *,
        threshold: float = THRESHOLD,
        min_depth: int = MIN_DEPTH,
        own: bool = True,
        track: Track = untracked,
    ) -> Iterator[AnnotatedGene]:
        """Yield genes with the terms that are suggested for them.

        Of terms above each other, the most specific are suggested, and neither those that GO asks not to
        annotate with nor protein binding, which says next to nothing. What experiments on the gene itself
        have told is left out, and so is what an annotation of it with NOT denies, unless ``own`` is False.

        Args:
            genes: Any. `GENES_AT_ONCE` are worked on together.
            threshold: Least probability of a term.
            min_depth: Least number of steps between it and the root.
            own: Whether annotations of the genes themselves count.
            track: Shows progress.

        Raises:
            ValueError: ``threshold`` is no probability.
        """
        if not 0 <= threshold <= 1:
            raise ValueError(f"threshold: expected a probability, found {threshold}")
        for some, clues, scores in self._batches(track(genes, description="suggesting terms"), own):
            for row, gene in enumerate(some):
                terms = self._chosen(gene, scores[[row]], threshold, min_depth, own=own)
                yield self._told(gene, row, terms, clues)

    def _batches(
        self, genes: Iterable[Gene], own: bool
    ) -> Iterator[tuple[list[Gene], dict[Aspect, Clues], csr_matrix]]:
        rest = iter(genes)
        while some := list(islice(rest, GENES_AT_ONCE)):
            clues = self._finder.find(some, own=own)
            yield some, clues, self._joiner.scores(some, clues, self.reference)

    def _chosen(
        self, gene: Gene, scores: csr_matrix, threshold: float, min_depth: int, *, own: bool
    ) -> dict[int, float]:
        """Return the columns of the terms to suggest with their scores, the most probable first."""
        space = self.reference.space
        kept = scores.indices[(scores.data >= threshold) & (self._depths[scores.indices] >= min_depth)]
        number = self._finder.number_of(gene)
        if own and number is not None:
            kept = np.setdiff1d(kept, self.reference.of_experiments[[number]].indices)
            denied = self.reference.denied[[number]].indices
            kept = kept[space.lineages[kept][:, denied].getnnz(axis=1) == 0]  # nor what is below a denied one
        above = space.lineages[kept].sum(axis=0).A1 if len(kept) else np.zeros(len(space))
        specific = kept[above[kept] == 1]  # no term but itself is below it
        values = dict(zip(scores.indices.tolist(), scores.data.tolist(), strict=True))
        found = {int(column): values[int(column)] for column in specific}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def _told(
        self, gene: Gene, row: int, terms: dict[int, float], clues: dict[Aspect, Clues]
    ) -> AnnotatedGene:
        space = self.reference.space
        suggestions = []
        for column, score in terms.items():
            term = self._ontology[space.ids[column]]
            aspect = next(one for one in ASPECTS if one.label == space.aspects[column])
            of_aspect = clues[aspect]
            own = tuple(basis for basis, clue in OWN.items() if _has(of_aspect.tables[clue], row, column))
            suggestions.append(
                Suggestion(
                    term.id,
                    term.name,
                    aspect,
                    self._relation(column, aspect),
                    score,
                    self._like(of_aspect, row, column),
                    self._places(of_aspect.named[row], column),
                    own,
                )
            )
        return AnnotatedGene(gene, tuple(suggestions), _doubts(gene, row, clues))

    def _relation(self, column: int, aspect: Aspect) -> Relation:
        """Return how a gene is related to a term: a part of a complex, located in other components."""
        space = self.reference.space
        complexes = space.number_of.get(_COMPLEX)
        is_complex = complexes is not None and _has(space.lineages, column, complexes)
        return Relation.PART_OF if is_complex else _RELATIONS[aspect]

    def _like(self, clues: Clues, row: int, column: int) -> tuple[LikeGene, ...]:
        """Return the genes that are most like one and have a term, each once."""
        table = self.reference.of_experiments
        found: dict[int, Clue] = {}
        for clue in LIKE:
            near = clues.near[clue]
            place = slice(near.indptr[row], near.indptr[row + 1])
            for number in near.indices[place][np.argsort(-near.data[place], kind="stable")]:
                if len(found) == _LIKE_GENES:
                    break
                if _has(table, number, column):
                    found.setdefault(int(number), clue)
        genes = ((self.reference.genes[number], clue) for number, clue in found.items())
        return tuple(LikeGene(one.id, one.symbol, one.name, one.taxon, _WHY[clue]) for one, clue in genes)

    def _places(self, named: Sequence[NamedIn], column: int) -> tuple[Place, ...]:
        space = self.reference.space
        return tuple(
            Place(source, term.places[0].surface, term.go_id)
            for source, term in named
            if term.go_id in space.number_of and _has(space.lineages, space.number_of[term.go_id], column)
        )


def _has(table: csr_matrix, row: int, column: int) -> bool:
    """Whether something stands at a place; scipy would take a hundred times as long."""
    return column in table.indices[table.indptr[row] : table.indptr[row + 1]]


_WHY = {
    Clue.SAME_SYMBOL: "same symbol or synonym",
    Clue.LIKE_NAMES: "like name",
    Clue.LIKE_TEXTS: "like text",
    Clue.LIKE_ANNOTATIONS: "like annotations",
}


def _doubts(gene: Gene, row: int, clues: dict[Aspect, Clues]) -> tuple[str, ...]:
    if telling_symbol(gene) or telling_name(gene) or gene.texts:
        return ()
    if any(one.has[Clue.LIKE_ANNOTATIONS][row] for one in clues.values()):
        return ()
    return ("no symbol, no name that tells anything, and no text: nothing but how frequent terms are",)


def _depths(space: TermSpace) -> NDArray[np.int64]:
    """Return the least number of steps from the root to each term, 0 for roots."""
    depths = np.where(space.is_root, 0, -1)
    below = space.parents.T.tocsr()
    level = np.flatnonzero(space.is_root)
    depth = 0
    while len(level):
        depth += 1
        level = np.unique(below[level].indices)
        level = level[depths[level] < 0]
        depths[level] = depth
    return depths
