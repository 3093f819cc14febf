"""What speaks for a term of a gene: like genes, what its texts name, what else is known of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.documents import Document
from gotune.genes.gene import Gene
from gotune.genes.identities import Identities
from gotune.genes.neighbours import Neighbours, SharedNames, TextVectors, best_of, shares
from gotune.genes.reference import Basis, Reference
from gotune.genes.space import of_columns, ones_at, values_without
from gotune.genes.suggestions import Place
from gotune.linking.context import Context

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from gotune.linking.annotator import Annotator
    from gotune.linking.results import AnnotatedDocument

NEIGHBOURS = 30
"""Of how many like genes a term is taken."""
_MOST_MET = 120
"""How many like genes are looked through for those with annotations of an aspect."""


class Clue(StrEnum):
    """A kind of thing that speaks for a term; what like genes say is the share of them that have it."""

    LIKE_NAMES = "experiments on genes of like names"
    LIKE_NAMES_ANY = "annotations of genes of like names"
    SAME_SYMBOL = "experiments on genes with the same symbol"
    SAME_SYMBOL_ANY = "annotations of genes with the same symbol"
    LIKE_TEXTS = "experiments on genes with like texts"
    LIKE_ANNOTATIONS = "experiments on genes with like annotations"
    PHYLOGENY = "its own annotations by phylogeny"
    STATEMENT = "its own annotations by statements"
    SIMILARITY = "its own annotations by similarity"
    ELECTRONIC = "its own electronic annotations"
    NAMED = "terms that its name and texts name"
    MEANT = "terms that its texts mean"


OWN = {
    Basis.PHYLOGENY: Clue.PHYLOGENY,
    Basis.STATEMENT: Clue.STATEMENT,
    Basis.SIMILARITY: Clue.SIMILARITY,
    Basis.ELECTRONIC: Clue.ELECTRONIC,
}
"""Which clue annotations of the gene itself are."""
LIKE = (Clue.SAME_SYMBOL, Clue.LIKE_NAMES, Clue.LIKE_TEXTS, Clue.LIKE_ANNOTATIONS)
"""The clues that experiments on other genes are."""

_NAME, _TEXT = "name", "text"
_MOST_MEANT = 20
"""How many terms a sentence may mean."""
_MOST_SENTENCES = 30
"""Of a gene that are asked for what they mean."""
_CITED = re.compile(r"(?:PubMed|PMID): ?([0-9]+)")
_UNKNOWN = re.compile(
    r"\b(?:uncharacteri[sz]ed|hypothetical|unknown|predicted|putative|unnamed|novel)\s+"
    r"(?:conserved\s+)?(?:gene|protein|product|transcript)s?\b|\b(?:isoform|product|fragment|homolog|family)\b"
    r"|\b(?:unknown|none)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<![\w-])[^\W\d_]{3,}(?![\w])")
_ENTRY = re.compile(r"[A-Z0-9]{2,10}_[A-Z0-9]{3,5}")
"""Names of entries of UniProt, which stand for the symbol where there is none."""


def telling_name(gene: Gene) -> str:
    """Return the name of a gene, "" if it says that nothing is known, such as "uncharacterized protein"."""
    rest, n_removed = _UNKNOWN.subn(" ", gene.name)
    return "" if n_removed and not _WORD.search(rest) else gene.name


def telling_symbol(gene: Gene) -> str:
    """Return the symbol of a gene, "" if it is but the name of an entry, such as ``A0A024RBG1_HUMAN``."""
    return "" if _ENTRY.fullmatch(gene.symbol) else gene.symbol


@dataclass(frozen=True, slots=True)
class Said:
    """What the name and the texts of a gene say.

    Attributes:
        named: Terms that they name.
        meant: Terms that are near what a sentence of the texts says, whether it names them or not.
    """

    named: tuple[Place, ...]
    meant: tuple[Place, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Clues:
    """What speaks for terms of an aspect.

    Attributes:
        columns: Which terms are of the aspect, without its root, as flags.
        tables: How much of each clue there is, from 0 to 1, of shape ``(genes, terms)``.
        has: Of each gene, whether it has the clue at all: texts, or annotations of its own.
        near: Similarities of genes of the reference, for the clues `LIKE`; of shape ``(genes, reference)``.
        said: What the name and the texts of each gene say, in any aspect.
    """

    columns: NDArray[np.bool_]
    tables: dict[Clue, csr_matrix]
    has: dict[Clue, NDArray[np.bool_]]
    near: dict[Clue, csr_matrix]
    said: Sequence[Said]


@dataclass(frozen=True, slots=True, eq=False)
class _Met:
    """What was met of genes, before it is looked at aspect by aspect."""

    names: dict[bool, csr_matrix]
    symbols: csr_matrix
    texts: csr_matrix
    said: Sequence[Said]
    scores_said: dict[Clue, csr_matrix]
    at: NDArray[np.int64]
    same: csr_matrix


class ClueFinder:
    """Finds what speaks for terms of genes.

    Args:
        reference: Annotated genes.
        annotator: Finds the terms that texts name, of the same release.
    """

    def __init__(self, reference: Reference, annotator: Annotator) -> None:
        self.reference, self.annotator = reference, annotator
        space = reference.space
        self._columns = {aspect: space.of_aspect(aspect) for aspect in ASPECTS}
        tables = {False: reference.of_any, True: reference.of_experiments}
        self._tables = {
            (aspect, by_experiment): of_columns(table, self._columns[aspect])
            for by_experiment, table in tables.items()
            for aspect in ASPECTS
        }
        self._annotated = {key: table.getnnz(axis=1) > 0 for key, table in self._tables.items()}
        self._labels = TextVectors([_label(gene) for gene in reference.genes])
        experiments = np.any([self._annotated[aspect, True] for aspect in ASPECTS], axis=0)
        self._by_label = {
            True: Neighbours(self._labels.known, np.flatnonzero(experiments)),
            False: Neighbours(self._labels.known),
        }
        self._symbols = SharedNames([(gene.symbol, *gene.synonyms) for gene in reference.genes])

    def find(
        self, genes: Sequence[Gene], *, own: bool = True, aspects: Sequence[Aspect] = ASPECTS
    ) -> dict[Aspect, Clues]:
        """Return what speaks for terms of each aspect.

        A gene is the one of the reference with its id, or else the only one with its taxon and symbol. What
        experiments on itself told of the aspect is no clue.

        Args:
            genes: Any.
            own: Whether other annotations of the gene itself are. If not, no gene is looked at that may be
                the same, see `Identities.maybe`.
            aspects: To look at.
        """
        same = self._same(genes, own=own)
        numbers = [self.number_of(gene) if own else None for gene in genes]
        labels = self._labels.of([_label(gene) for gene in genes])
        said = [self.said(gene) for gene in genes]
        met = _Met(
            names={
                key: values_without(by.near(labels, _MOST_MET), same) for key, by in self._by_label.items()
            },
            symbols=values_without(self._symbols.near([(one.symbol, *one.synonyms) for one in genes]), same),
            texts=values_without(self._like_texts(genes), same),
            said=said,
            scores_said={
                Clue.NAMED: self._scores_of([one.named for one in said]),
                Clue.MEANT: self._scores_of([one.meant for one in said]),
            },
            at=np.array([-1 if number is None else number for number in numbers], dtype=np.int64),
            same=same,
        )
        return {aspect: self._of_aspect(aspect, met) for aspect in aspects}

    def _of_aspect(self, aspect: Aspect, met: _Met) -> Clues:
        profiles, neighbours = self._profiles(aspect)
        asked = _rows(profiles, met.at)
        annotated = self._annotated[aspect, True]
        near = {
            Clue.LIKE_NAMES: best_of(met.names[True], NEIGHBOURS, annotated),
            Clue.SAME_SYMBOL: best_of(met.symbols, NEIGHBOURS, annotated),
            Clue.LIKE_TEXTS: best_of(met.texts, NEIGHBOURS, annotated),
            Clue.LIKE_ANNOTATIONS: best_of(
                values_without(neighbours.near(asked, NEIGHBOURS + 1), met.same), NEIGHBOURS, annotated
            ),
        }
        tables = {clue: shares(table, self._tables[aspect, True]) for clue, table in near.items()}
        of_any = self._annotated[aspect, False]
        for clue, table in ((Clue.LIKE_NAMES_ANY, met.names[False]), (Clue.SAME_SYMBOL_ANY, met.symbols)):
            tables[clue] = shares(best_of(table, NEIGHBOURS, of_any), self._tables[aspect, False])
        for basis, clue in OWN.items():
            tables[clue] = of_columns(_rows(self.reference.by_basis[basis], met.at), self._columns[aspect])
        for clue, table in met.scores_said.items():
            tables[clue] = of_columns(table, self._columns[aspect])
        has = {clue: np.ones(len(met.at), dtype=bool) for clue in Clue}
        has |= dict.fromkeys((*OWN.values(), Clue.LIKE_ANNOTATIONS), met.at >= 0)
        has[Clue.LIKE_TEXTS] = met.texts.getnnz(axis=1) > 0
        has[Clue.MEANT] = met.scores_said[Clue.MEANT].getnnz(axis=1) > 0
        return Clues(self._columns[aspect], tables, has, near, met.said)

    def _same(self, genes: Sequence[Gene], *, own: bool) -> csr_matrix:
        """Return which genes of the reference may be those of the rows."""
        found = [self.told_of(gene) for gene in genes]
        if not own:
            maybe = map(self._known.maybe, genes)
            found = [some | others for some, others in zip(found, maybe, strict=True)]
        return ones_at(found, len(self.reference.genes))

    def told_of(self, gene: Gene) -> set[int]:
        """Return the numbers of all genes of the reference that are the gene, by its id or its symbol."""
        return {*self._known.with_id(gene), *self._known.with_symbol(gene)}

    def number_of(self, gene: Gene) -> int | None:
        """Return the number of a gene in the reference, by its id, or else a symbol that is its alone."""
        for found in (self._known.with_id(gene), self._known.with_symbol(gene)):
            if len(found) == 1:
                return found[0]
        return None

    @cached_property
    def _known(self) -> Identities:
        return Identities(self.reference.genes)

    def _like_texts(self, genes: Sequence[Gene]) -> csr_matrix:
        vectors, neighbours = self._texts
        return neighbours.near(vectors.of([_text(gene) for gene in genes]), _MOST_MET)

    @cached_property
    def _texts(self) -> tuple[TextVectors, Neighbours]:
        vectors = TextVectors([_text(gene) for gene in self.reference.genes])
        return vectors, Neighbours(vectors.known)

    def _profiles(self, aspect: Aspect) -> tuple[csr_matrix, Neighbours]:
        """Return the annotations of the reference but for experiments on the aspect, as rows of length 1."""
        if aspect not in self._known_profiles:
            from sklearn.preprocessing import normalize

            space, reference = self.reference.space, self.reference
            others = of_columns(reference.of_experiments, space.aspects != aspect.label)
            table = (reference.inferred + others).tocsr()
            counts = reference.of_any.getnnz(axis=0)
            rarity = np.log((1 + len(reference.genes)) / (1 + counts)).astype(np.float32)
            table.data = rarity[table.indices]
            table = normalize(table)
            among = np.flatnonzero(self._annotated[aspect, True])
            self._known_profiles[aspect] = table, Neighbours(table, among)
        return self._known_profiles[aspect]

    @cached_property
    def _known_profiles(self) -> dict[Aspect, tuple[csr_matrix, Neighbours]]:
        return {}

    def _scores_of(self, said: Sequence[Sequence[Place]]) -> csr_matrix:
        """Return how sure it is that terms are said, with all above them, of shape ``(genes, terms)``."""
        rows: list[dict[str, float]] = []
        for places in said:
            scores: dict[str, float] = {}
            for one in places:
                scores[one.go_id] = max(scores.get(one.go_id, 0), one.score)
            rows.append(scores)
        space = self.reference.space
        return space.all_risen(space.matrix(rows))

    def said(self, gene: Gene) -> Said:
        """Return the terms that the name and the texts of a gene say.

        The name is from "name"; a text is from what `GeneText.source` tells, or else the paper that is cited
        in the sentence, as in "(PubMed:2676709)" of UniProt. What is meant is asked of the first sentences.
        """
        name = telling_name(gene)
        texts = [(_NAME, name)] if name else []
        texts += [(text.source or _TEXT, text.text) for text in gene.texts]
        found = [*self.annotator.annotate_all(Document(source, text) for source, text in texts)]
        named = [
            Place(
                _source(document.name, sentence := document.sentences[term.first.sentence - 1].text),
                term.first.surface,
                term.go_id,
                sentence,
                min(term.score, 1),
            )
            for document in found
            for term in document.terms
            if term.is_said
        ]
        of_texts = (
            (_source(document.name, one.text), one.text, _denied(document, number))
            for document in found
            if document.name != _NAME
            for number, one in enumerate(document.sentences, start=1)
        )
        sentences = list(islice(of_texts, _MOST_SENTENCES))
        matches = self.annotator.search([sentence for _, sentence, _ in sentences], top=_MOST_MEANT)
        meant = [
            Place(source, "", match.go_id, sentence, min(match.score, 1))
            for (source, sentence, denied), of in zip(sentences, matches, strict=True)
            for match in of
            if match.go_id not in denied
        ]
        return Said(tuple(named), tuple(meant))


def _denied(document: AnnotatedDocument, sentence: int) -> frozenset[str]:
    """Return the terms that a sentence names to deny them, and at no other place says."""
    places = [one for one in document.annotations if one.sentence == sentence]
    denied = frozenset(one.go_id for one in places if Context.NEGATED in one.contexts)
    return denied - {one.go_id for one in places if not one.contexts}


def _source(name: str, sentence: str) -> str:
    cited = _CITED.search(sentence) if name == _TEXT else None
    return f"PMID:{cited[1]}" if cited else name


def _label(gene: Gene) -> str:
    return f"{telling_symbol(gene)} {telling_name(gene)}"


def _text(gene: Gene) -> str:
    return " ".join(text for text, _ in gene.texts)


def _rows(table: csr_matrix, numbers: NDArray[np.int64]) -> csr_matrix:
    """Return rows by their numbers, empty ones where a number is below 0."""
    from scipy.sparse import diags

    return (diags((numbers >= 0).astype(table.dtype)) @ table[np.maximum(numbers, 0)]).tocsr()
