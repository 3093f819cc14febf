"""Which genes a method is measured on, and by which terms: the targets of CAFA.

Methods say what they know at one date, and annotations from experiments that came later tell how right they
were (Jiang et al. 2016, doi:10.1186/s13059-016-1037-6; Zhou et al. 2019, doi:10.1186/s13059-019-1835-8).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import UnknownTermError
from gotune.genes.associations import Association
from gotune.genes.space import TermSpace, of_columns
from gotune.ontology.ontology import Ontology

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

EXPERIMENTAL = frozenset("EXP IDA IPI IMP IGI IEP HTP HDA HMP HGI HEP".split())
"""Evidence codes of experiments, of high throughput or not.

CAFA took TAS and IC beside those of low throughput; what an author states or a curator infers is no
experiment.
"""

PROTEIN_BINDING = "GO:0005515"
"""Says little and is on very many gene products. CAFA takes none for a target whose one function it is."""


class Knowledge(StrEnum):
    """What was known of a gene at the earlier date, as CAFA tells targets apart."""

    NONE = "no knowledge"
    """Nothing from an experiment, in any aspect."""
    LIMITED = "limited knowledge"
    """Nothing in this aspect, but something in another."""
    PARTIAL = "partial knowledge"
    """Something in this aspect, to which terms were added."""


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Genes to measure on in an aspect.

    Attributes:
        aspect: That.
        genes: Their ids.
        terms: What there is to be found, with all terms above but for the root, of shape ``(genes, terms)``.
        known: What was known before, likewise: it counts neither for nor against a method.
    """

    aspect: Aspect
    genes: tuple[str, ...]
    terms: csr_matrix
    known: csr_matrix

    def of(self, rows: NDArray[np.int64]) -> Targets:
        """Return those of some rows."""
        genes = tuple(self.genes[row] for row in rows)
        return Targets(self.aspect, genes, self.terms[rows], self.known[rows])

    def and_those(self, others: Targets) -> Targets:
        """Return them and other targets of the aspect."""
        from scipy.sparse import vstack

        pairs = (self.terms, others.terms), (self.known, others.known)
        terms, known = (vstack(pair, format="csr") for pair in pairs)
        return Targets(self.aspect, (*self.genes, *others.genes), terms, known)


def cafa_targets(
    before: Mapping[str, Collection[str]], after: Mapping[str, Collection[str]], space: TermSpace
) -> dict[Knowledge, dict[Aspect, Targets]]:
    """Return the targets of each kind and aspect, genes in order of their ids.

    A gene is a target in an aspect where it has gained a term. Not so in molecular function where protein
    binding is all that it has gained; as something known before, protein binding counts like any other term.
    Nothing known of any gene makes every annotated one a target without knowledge: what genes left out of
    learning are measured on.

    Args:
        before: Live terms from experiments of each gene at the earlier date, as annotated.
        after: The same at the later date.
        space: Of the terms.
    """
    genes = tuple(sorted(after))
    old = space.annotated([before.get(gene, ()) for gene in genes])
    new = space.annotated([after[gene] for gene in genes])
    new = new - new.multiply(old)
    new.eliminate_zeros()
    known = {aspect: of_columns(old, space.of_aspect(aspect)) for aspect in ASPECTS}
    had = {aspect: known[aspect].getnnz(axis=1) > 0 for aspect in ASPECTS}
    had_any = np.any(list(had.values()), axis=0)
    found: dict[Knowledge, dict[Aspect, Targets]] = {kind: {} for kind in Knowledge}
    for aspect in ASPECTS:
        gained = of_columns(new, space.of_aspect(aspect))
        is_target = (gained.getnnz(axis=1) > 0) & ~_only_binds_protein(gained, space)
        of_kind = {
            Knowledge.NONE: ~had_any,
            Knowledge.LIMITED: had_any & ~had[aspect],
            Knowledge.PARTIAL: had[aspect],
        }
        for kind, rows in of_kind.items():
            chosen = np.flatnonzero(is_target & rows)
            names = tuple(genes[row] for row in chosen)
            found[kind][aspect] = Targets(aspect, names, gained[chosen], known[aspect][chosen])
    return found


def _only_binds_protein(gained: csr_matrix, space: TermSpace) -> NDArray[np.bool_]:
    """Return which rows have protein binding and nothing that is not above it."""
    number = space.number_of.get(PROTEIN_BINDING)
    if number is None:
        return np.zeros(gained.shape[0], dtype=bool)
    others = np.ones(len(space), dtype=bool)
    others[space.lineages[number].indices] = False
    binds = gained[:, [number]].toarray()[:, 0] > 0
    found: NDArray[np.bool_] = binds & (of_columns(gained, others).getnnz(axis=1) == 0)
    return found


def told_by_experiments(associations: Iterable[Association]) -> dict[str, set[str]]:
    """Return the terms of each gene that experiments tell of, without rows that say NOT."""
    found: dict[str, set[str]] = {}
    for _ in noting_experiments(associations, found):
        pass
    return found


def noting_experiments(
    associations: Iterable[Association], told: dict[str, set[str]]
) -> Iterator[Association]:
    """Pass annotations on, and note what `told_by_experiments` returns of them.

    Args:
        associations: Any.
        told: Where to.
    """
    for one in associations:
        if one.evidence in EXPERIMENTAL and not one.negated:
            told.setdefault(one.gene, set()).add(one.go_id)
        yield one


def live_terms(
    annotations: Mapping[str, Collection[str]], ontology: Ontology
) -> tuple[dict[str, frozenset[str]], Counter[str]]:
    """Return annotations with ids of live terms, and how many of each id were left out.

    An old id stands for its successor if the release names exactly one for sure, as in `Updated`.

    Args:
        annotations: Terms of each gene, of any release.
        ontology: The release to measure by.
    """
    now = {one: _successor(one, ontology) for terms in annotations.values() for one in terms}
    found = {
        gene: frozenset(live for one in terms if (live := now[one]) is not None)
        for gene, terms in annotations.items()
    }
    left_out = Counter(one for terms in annotations.values() for one in terms if now[one] is None)
    return found, left_out


def _successor(go_id: str, ontology: Ontology) -> str | None:
    try:
        live = ontology.resolve(go_id, consider=False)
    except UnknownTermError:
        return None
    return live[0] if len(live) == 1 else None
