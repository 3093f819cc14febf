"""Suggestions for genes as one HTML page: a section a gene, with what speaks for each of its terms."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gotune.files import atomic_file
from gotune.genes.suggestions import AnnotatedGene, Suggestion
from gotune.ontology.terms import term_page
from gotune.render.pages import page_of_parts, render_part
from gotune.render.wording import counted

_PAGES = (
    # Without what tells an isoform or a chain: they have no page of their own.
    (re.compile(r"UniProtKB:([A-Z0-9]+)([-:].*)?"), "https://www.uniprot.org/uniprotkb/"),
    (re.compile(r"PMID:([0-9]+)"), "https://pubmed.ncbi.nlm.nih.gov/"),
    (re.compile(r"NCBIGene:([0-9]+)"), "https://www.ncbi.nlm.nih.gov/gene/"),
    (re.compile(r"FB:(FBgn[0-9]+)"), "https://flybase.org/reports/"),
    (re.compile(r"MGI:(MGI:[0-9]+)"), "https://www.informatics.jax.org/accession/"),
    (re.compile(r"SGD:(S[0-9]+)"), "https://www.yeastgenome.org/locus/"),
    (re.compile(r"ZFIN:(ZDB-[A-Z0-9-]+)"), "https://zfin.org/"),
)


def write_gene_page(path: Path, genes: Iterable[AnnotatedGene], release: str) -> None:
    """Write a page of genes, of which one at a time is held; their parts wait in a file beside it.

    Raises:
        SaveError: The file cannot be written; an old one is untouched.
    """
    totals = _Totals(release)
    with (
        atomic_file(path) as temporary,
        page_of_parts(temporary, "genes", title="Terms suggested for {}", totals=totals) as add,
    ):
        for one in genes:
            totals.add(one)
            add(_part_of(one, len(totals.genes)))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A gene in the list of all."""

    name: str
    more: str
    n_suggestions: int


@dataclass(slots=True)
class _Totals:
    """What the head of the page tells of all genes."""

    release: str
    genes: list[_Entry] = field(default_factory=list)
    terms: set[str] = field(default_factory=set)
    of_aspects: Counter[str] = field(default_factory=Counter)
    least: float = 1.0

    def add(self, one: AnnotatedGene) -> None:
        gene, suggestions = one.gene, one.suggestions
        self.genes.append(_Entry(gene.symbol or gene.id, gene.name, len(suggestions)))
        self.terms |= {term.go_id for term in suggestions}
        self.of_aspects.update(term.aspect.short for term in suggestions)
        self.least = min([self.least, *(math.floor(term.score * 100) / 100 for term in suggestions)])

    @property
    def n_suggestions(self) -> int:
        return self.of_aspects.total()

    @property
    def n_without(self) -> int:
        return sum(not one.n_suggestions for one in self.genes)

    @property
    def title(self) -> str:
        return self.genes[0].name if len(self.genes) == 1 else counted(len(self.genes), "gene")


@dataclass(slots=True)
class _Node:
    """A term in the tree of those of a gene."""

    id: str
    name: str
    suggested: Suggestion | None = None
    below: dict[str, _Node] = field(default_factory=dict)


@dataclass(slots=True)
class _Line:
    """A term in the tree, as it is written: those below it come next."""

    name: str
    suggested: Suggestion | None
    has_below: bool
    n_ends: int = 0
    """How many lists of terms end behind it."""


def _tree_lines(suggestions: Sequence[Suggestion]) -> list[_Line]:
    """Return the trees of suggested terms line by line, however deep; lone ways are one node long."""
    lines: list[_Line] = []
    open_lists = [iter(_trees(suggestions))]
    while open_lists:
        node = next(open_lists[-1], None)
        if node is None:
            open_lists.pop()
            if open_lists:
                lines[-1].n_ends += 1
            continue
        lines.append(_Line(node.name, node.suggested, bool(node.below)))
        if node.below:
            open_lists.append(map(_shortened, node.below.values()))
    return lines


def _trees(suggestions: Sequence[Suggestion]) -> list[_Node]:
    """Return suggested terms below those above them, a tree an aspect."""
    roots: dict[str, _Node] = {}
    for one in suggestions:
        level = roots
        for go_id, name in (*one.above, (one.go_id, one.name)):
            node = level.setdefault(go_id, _Node(go_id, name))
            level = node.below
        node.suggested = one
    return [*roots.values()]


def _shortened(node: _Node) -> _Node:
    """Return a term, or that below it which it leads to if it is not suggested and leads to one alone."""
    while node.suggested is None and len(node.below) == 1:
        (node,) = node.below.values()
    return node


def _part_of(one: AnnotatedGene, number: int) -> str:
    return render_part(
        "annotated_gene.html.j2",
        id=f"g{number}",
        gene=one.gene,
        suggestions=one.suggestions,
        tree=_tree_lines(one.suggestions),
        doubts=one.doubts,
        nothing=one.why_nothing,
        term_page=term_page,
        page_of=_page_of,
        counted=counted,
    )


def _page_of(identifier: str) -> str:
    """Return the address of what a database has under an id; "" for ids of others than `_PAGES`."""
    for pattern, address in _PAGES:
        if found := pattern.fullmatch(identifier):
            return f"{address}{found[1]}"
    return ""
