"""Terms for genes, from what is known of like genes and from what is written about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.screening import Doubt, assess
from gotune.errors import GeneError
from gotune.genes.associations import Relation
from gotune.genes.clues import LIKE, OWN, Clue, ClueFinder, Clues, Said, telling_name, telling_symbol
from gotune.genes.gene import Gene
from gotune.genes.joiner import LEAST, Joiner
from gotune.genes.reference import Reference
from gotune.genes.scores import GeneScores
from gotune.genes.space import GENES_AT_ONCE, TermSpace
from gotune.genes.species import load_species
from gotune.genes.suggestions import AnnotatedGene, LikeGene, Place, Suggestion, relation_to
from gotune.genes.taxa import TaxonConstraints, Taxonomy
from gotune.genes.truth import PROTEIN_BINDING
from gotune.linking.annotator import Annotator
from gotune.linking.labels import terms_to_suggest
from gotune.ontology.loading import load_ontology
from gotune.ontology.ontology import Ontology
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

MIN_DEPTH = 2
"""Least number of steps from the root to a term that is suggested: its children say little."""
_LIKE_GENES = 3


@dataclass(frozen=True, slots=True)
class _Term:
    """What suggestions tell of a term, see `Suggestion`."""

    name: str
    aspect: Aspect
    relation: Relation
    above: tuple[tuple[str, str], ...]


class GeneAnnotator:
    """Suggests terms for genes.

    Args:
        ontology: The release.
        reference: Annotated genes, with terms of it.
        annotator: Finds the terms that texts name, of the same release.
        joiner: Of all that speaks for a term.
        taxonomy: To hold the taxon constraints of the release against, see `TaxonConstraints`.

    Attributes:
        ontology: The same.
        reference: The same.
        constraints: What a gene cannot have is neither suggested nor scored.
        thresholds: Least score of a suggestion in each aspect: those that the joiner has learned.
    """

    def __init__(
        self,
        ontology: Ontology,
        reference: Reference,
        annotator: Annotator,
        joiner: Joiner,
        taxonomy: Taxonomy | None = None,
    ) -> None:
        self.ontology, self.reference = ontology, reference
        self.constraints = TaxonConstraints(ontology, reference.space, taxonomy)
        self.thresholds = joiner.thresholds
        self._joiner = joiner
        self._finder = ClueFinder(reference, annotator)
        asked_for = {term.id for term in terms_to_suggest(ontology)} - {PROTEIN_BINDING}
        self._least = np.array([self.thresholds[aspect] for aspect in ASPECTS])[reference.space.aspects]
        depths = _depths(reference.space)
        self._depths = np.where([one in asked_for for one in reference.space.ids], depths, 0)
        self._parents = _nearest_the_root(reference.space, depths)
        self._terms: dict[int, _Term] = {}

    @classmethod
    def load(
        cls,
        ontology: Ontology | None = None,
        *,
        reference: Path | str | None = None,
        taxonomy: Path | str | None = None,
        lenient: bool = False,
        offline: bool = False,
        track: Track = untracked,
    ) -> GeneAnnotator:
        """Make one of annotated genes.

        Args:
            ontology: The release to suggest terms of; that of the index that comes with gotune if left out.
            reference: A GAF; the genes of seven species in January 2019 if left out, 43 MB to fetch once.
            taxonomy: ``nodes.dmp`` of NCBI, to hold the taxon constraints of the release against, if it has
                any.
            lenient: Leave out bad rows of the GAF, and count them as `Reference.left_out`.
            offline: Fetch nothing.
            track: Shows progress.

        Raises:
            DownloadError: The genes are not in the cache and cannot be had.
            GeneError: The GAF is none, has no annotation with a term of the release, or a row of it is bad;
                or the taxonomy is none.
        """
        annotator = Annotator.load()
        if ontology is None:
            ontology = load_ontology(annotator.index.info.release, offline=offline)
        tree = None if taxonomy is None else Taxonomy.read(taxonomy)
        space = TermSpace(ontology)
        if reference is None:
            known = load_species(ontology, space, offline=offline, track=track)
        else:
            known = Reference.read(reference, ontology, space, lenient=lenient)
        where = reference or "annotated genes"
        return cls.of(ontology, known, where, annotator=annotator, taxonomy=tree, track=track)

    @classmethod
    def of(
        cls,
        ontology: Ontology,
        known: Reference,
        where: Path | str,
        *,
        annotator: Annotator | None = None,
        taxonomy: Taxonomy | None = None,
        track: Track = untracked,
    ) -> GeneAnnotator:
        """Make one of a reference, with what comes with gotune.

        Args:
            ontology: The release to suggest terms of.
            known: Annotated genes, with terms of it.
            where: They are from, for messages.
            annotator: Finds the terms that texts name; the one that comes with gotune if left out.
            taxonomy: To hold the taxon constraints of the release against.
            track: Shows progress.

        Raises:
            GeneError: There are none.
        """
        if not known.genes:
            raise GeneError(
                str(where),
                expected=f"annotations with terms of release {ontology.release}",
                found="none",
                do="Give another release or reference.",
            )
        annotator = Annotator.load() if annotator is None else annotator
        if annotator.index.info.release != ontology.release:
            annotator = annotator.of_release(ontology, track=track)
        return cls(ontology, known, annotator, Joiner.load(), taxonomy)

    def scores(self, genes: Sequence[Gene], *, own: bool = True, track: Track = untracked) -> GeneScores:
        """Return the probabilities of all terms, as they are measured.

        Args:
            genes: Any, each once.
            own: Whether annotations of the genes themselves count.
            track: Shows progress.
        """
        from scipy.sparse import csr_matrix, vstack

        parts = [csr_matrix((0, len(self.reference.space)))]
        asked = track(genes, description="scoring terms")
        parts += [scores for _, _, scores in self.batches(asked, own=own)]
        return GeneScores(tuple(gene.id for gene in genes), vstack(parts, format="csr"))

    def annotate(
        self,
        genes: Iterable[Gene],
        *,
        threshold: float | None = None,
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
            threshold: Least probability of a term; `thresholds` if left out.
            min_depth: Least number of steps between it and the root.
            own: Whether annotations of the genes themselves count.
            track: Shows progress.

        Raises:
            ValueError: ``threshold`` is no probability.
        """
        if threshold is not None and not 0 <= threshold <= 1:
            raise ValueError(f"threshold: expected a probability, found {threshold}")
        for some, clues, scores in self.batches(track(genes, description="suggesting terms"), own=own):
            for row, gene in enumerate(some):
                terms = self.chosen(gene, scores[[row]], threshold, min_depth, own=own)
                yield self._told(gene, row, terms, clues)

    def batches(
        self, genes: Iterable[Gene], *, own: bool = True
    ) -> Iterator[tuple[list[Gene], dict[Aspect, Clues], csr_matrix]]:
        """Yield genes, `GENES_AT_ONCE` together, with what speaks for their terms and the scores of these.

        Args:
            genes: Any.
            own: Whether annotations of the genes themselves count.
        """
        rest = iter(genes)
        while some := list(islice(rest, GENES_AT_ONCE)):
            if own:
                some = list(map(self.completed, some))
            clues = self._finder.find(some, own=own)
            yield some, clues, self._joiner.scores(some, clues, self.reference, self.constraints)

    def completed(self, gene: Gene) -> Gene:
        """Return a gene with the symbol, name and organism that the reference has, where it has none."""
        number = self._finder.number_of(gene)
        # A number may be the id of another gene in each database.
        if number is None or gene.id.isdecimal():
            return gene
        known = self.reference.genes[number]
        return replace(
            gene,
            symbol=gene.symbol or known.symbol,
            name=gene.name or known.name,
            taxon=known.taxon if gene.taxon is None else gene.taxon,
        )

    def chosen(
        self,
        gene: Gene,
        scores: csr_matrix,
        threshold: float | None = None,
        min_depth: int = MIN_DEPTH,
        *,
        own: bool = True,
    ) -> dict[int, float]:
        """Return the columns of the terms to suggest with their scores, the most probable first.

        Args:
            gene: That.
            scores: Of all terms, of shape ``(1, terms)``.
            threshold: See `annotate`, as for the others.
            min_depth: Likewise.
            own: Likewise.
        """
        space = self.reference.space
        least = self._least[scores.indices] if threshold is None else threshold
        kept = scores.indices[(scores.data >= least) & (self._depths[scores.indices] >= min_depth)]
        told_of = sorted(self._finder.told_of(gene)) if own else []
        if told_of:
            kept = np.setdiff1d(kept, self.reference.of_experiments[told_of].indices)
            denied = np.unique(self.reference.denied[told_of].indices)
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
            term = self._term(column)
            of_aspect = clues[term.aspect]
            own = tuple(basis for basis, clue in OWN.items() if _has(of_aspect.tables[clue], row, column))
            suggestions.append(
                Suggestion(
                    space.ids[column],
                    term.name,
                    term.aspect,
                    term.relation,
                    score,
                    self._like(of_aspect, row, column),
                    self._places(of_aspect.said[row], column),
                    own,
                    term.above,
                )
            )
        return AnnotatedGene(gene, tuple(suggestions), _doubts(gene, row, clues))

    def _term(self, column: int) -> _Term:
        """Return what is told of a term, which is looked up once."""
        space, waiting = self.reference.space, [column]
        while waiting[-1] not in self._terms and (parent := int(self._parents[waiting[-1]])) >= 0:
            waiting.append(parent)
        for one in reversed(waiting):  # parents before their children
            if one in self._terms:
                continue
            parent = int(self._parents[one])
            above = (
                ()
                if parent < 0
                else (*self._terms[parent].above, (space.ids[parent], self._terms[parent].name))
            )
            term = self.ontology[space.ids[one]]
            lineage = {space.ids[each] for each in space.lineages[[one]].indices}
            self._terms[one] = _Term(term.name, term.aspect, relation_to(lineage, term.aspect), above)
        return self._terms[column]

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

    def _places(self, said: Said, column: int) -> tuple[Place, ...]:
        """Return where a term, or one below it, is named; else the sentence that comes nearest to it."""
        space = self.reference.space
        named, meant = (
            [
                one
                for one in places
                if one.go_id in space.number_of and _has(space.lineages, space.number_of[one.go_id], column)
            ]
            for places in (said.named, said.meant)
        )
        nearest = max(meant, key=lambda one: one.score, default=None)
        if named or nearest is None or nearest.score < LEAST:
            return tuple(named)
        return (nearest,)


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
    found = {doubt for text, _ in gene.texts for doubt in assess(text) if doubt is not Doubt.TOO_SHORT}
    if found:
        return tuple(f"a text of it is {doubt}" for doubt in Doubt if doubt in found)
    if telling_symbol(gene) or telling_name(gene) or gene.texts:
        return ()
    if any(one.has[Clue.LIKE_ANNOTATIONS][row] for one in clues.values()):
        return ()
    return ("no symbol, no name that tells anything, and no text: nothing but how frequent terms are",)


def _nearest_the_root(space: TermSpace, depths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the parent of each term that is nearest to the root, the first in the file of several, or -1."""
    above = space.parents
    return np.array(
        [
            min(above.indices[start:end].tolist(), key=lambda one: (depths[one], one), default=-1)
            for start, end in zip(above.indptr[:-1], above.indptr[1:], strict=True)
        ]
    )


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
