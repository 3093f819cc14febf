"""The immutable ontology: what other modules ask about terms and how they are connected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import UnknownTermError
from gotune.ontology.terms import IS_A, TAXON_RELATIONS, CountedLines, Scope, Synonym, Term

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

_Edges = dict[str, tuple[tuple[str, str], ...]]


class Ontology:
    """The terms of one release and the edges between them.

    Edges point from the more specific to the more general, as OBO writes them: a ``child`` is_a ``parent``, a
    part is part_of its whole. So parents and ancestors are the more general terms, children and descendants
    the more specific ones, and a term is never its own ancestor or descendant.

    Length, membership, and iteration over ids or by `terms` are about live terms, those that are not
    obsolete. Of obsolete and alternative ids, `resolve` tells what to use instead.

    Args:
        table: The terms, as `gotune.ontology.ontology` writes them.
        release: Date of the release, otherwise the ``data-version`` of its header, otherwise ``unknown``.
        sha256: Hash of the OBO text in UTF-8, decompressed, so that a file and its .gz have the same.
        source: Where it was read from: the date or the file name that was asked for.
        skipped: What a lenient reading left out; empty after a strict one.
        repaired: Lines that are not written as OBO wants it but were read as they are meant, strict or not.
        taxa: Ids of the taxa that the file has stanzas of, such as ``NCBITaxon:2``, each with those right
            above it; of several taxa together, such as ``NCBITaxon_Union:0000004``, with its members.
    """

    def __init__(
        self,
        table: pa.Table,
        *,
        release: str,
        sha256: str,
        source: str,
        skipped: CountedLines,
        repaired: CountedLines,
        taxa: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._table = table
        self.release = release
        self.sha256 = sha256
        self.source = source
        self.skipped = skipped
        self.repaired = repaired
        self.taxa = {} if taxa is None else taxa
        ids = table["id"].to_pylist()
        obsolete = table["obsolete"].to_pylist()
        self._live = {id_: row for row, id_ in enumerate(ids) if not obsolete[row]}
        self._obsolete = {id_: row for row, id_ in enumerate(ids) if obsolete[row]}

    def __len__(self) -> int:
        return len(self._live)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._live

    def __iter__(self) -> Iterator[str]:
        """Yield the ids of live terms in file order, as those of a dictionary."""
        return iter(self._live)

    def __getitem__(self, id_: str) -> Term:
        """Return the live term of this id.

        Raises:
            UnknownTermError: No live term has it; the message says what to use instead of an old id.
        """
        self._check(id_)
        return next(iterate_terms(self._table.slice(self._live[id_], 1)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ontology):
            return NotImplemented
        same = (self.release, self.sha256, self.skipped) == (other.release, other.sha256, other.skipped)
        return same and bool(self._table.equals(other._table))

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"<Ontology {self.release}: {len(self):,} terms, {len(self._obsolete):,} obsolete>"

    def terms(self) -> Iterator[Term]:
        """Yield the live terms in file order."""
        return (term for term in iterate_terms(self._table) if not term.obsolete)

    def obsolete(self) -> Iterator[Term]:
        """Yield the obsolete terms in file order."""
        return (term for term in iterate_terms(self._table) if term.obsolete)

    @property
    def frame(self) -> pd.DataFrame:
        """A new table of the live terms in file order.

        Columns: ``go_id``, ``name``, ``aspect`` (categorical, in label order) and ``definition`` (None where
        missing).
        """
        import pandas as pd

        live = self._table.select(["id", "name", "namespace", "definition"]).take(
            pa.array(self._live.values(), pa.int64())
        )
        return pd.DataFrame(
            {
                "go_id": live["id"].to_pylist(),
                "name": live["name"].to_pylist(),
                "aspect": pd.Categorical(live["namespace"].to_pylist(), categories=[str(a) for a in ASPECTS]),
                # As objects, because pandas turns None into NaN in a column of strings.
                "definition": pd.Series(live["definition"].to_pylist(), dtype=object),
            }
        )

    @property
    def edges(self) -> pd.DataFrame:
        """A new table of the edges between live terms, in file order of the child.

        Columns: ``child``, ``relation`` (``is_a`` or the typed relationship), ``parent``.
        """
        import pandas as pd

        rows = [(child, *edge) for child, edges in self._up.items() for edge in edges]
        return pd.DataFrame(rows, columns=["child", "relation", "parent"], dtype=str)

    def search(self, words: str) -> list[Term]:
        """Return the live terms that a person may mean by some words, whatever their case.

        These are the terms with the words in their name, and those that have just them for an exact synonym.
        Terms of just this name come first, then the synonyms, then the shortest names.
        """
        wanted = words.casefold()
        found = [term for term in self.terms() if wanted in term.name.casefold() or term.is_called(words)]
        return sorted(
            found,
            key=lambda term: (term.name.casefold() != wanted, not term.is_called(words), len(term.name)),
        )

    def resolve(self, id_: str, *, consider: bool = True) -> tuple[str, ...]:
        """Return the live terms to use for an id of this or an older release.

        A live id stands for itself, an alternative id for the term it was merged into, an obsolete one for
        what it is ``replaced_by`` and, only if that gives nothing, for what to ``consider``. Empty if the
        release names no live term.

        Args:
            id_: The id.
            consider: Whether to go on to what an editor only proposes, for a person to judge.

        Raises:
            UnknownTermError: The release has never had this id.
        """
        if id_ not in self._live and id_ not in self._successors:
            raise _unknown(id_, self.release)
        return self._resolve(id_, None if consider else 1)

    def parents(self, id_: str, relations: Iterable[str] = (IS_A,)) -> tuple[str, ...]:
        """Return the more general terms one edge away, in file order."""
        return self._neighbours(id_, self._up, relations)

    def children(self, id_: str, relations: Iterable[str] = (IS_A,)) -> tuple[str, ...]:
        """Return the more specific terms one edge away, in file order."""
        return self._neighbours(id_, self._down, relations)

    def ancestors(self, id_: str, relations: Iterable[str] = (IS_A,)) -> frozenset[str]:
        """Return all more general terms that these relations lead to, without the term itself."""
        return self._reach(id_, self._up, relations)

    def descendants(self, id_: str, relations: Iterable[str] = (IS_A,)) -> frozenset[str]:
        """Return all more specific terms that lead here over these relations, without the term itself."""
        return self._reach(id_, self._down, relations)

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The live terms that are a kind of nothing else, in file order; three in a whole release."""
        return tuple(id_ for id_ in self._live if not self._neighbours(id_, self._up, (IS_A,)))

    def taxon_constraints(self) -> list[tuple[str, str, str]]:
        """Return the taxon constraints that stand at live terms; what is below such a term has them, too.

        Returns:
            Id of the term, ``only_in_taxon``, ``in_taxon`` or ``never_in_taxon``, and id of the taxon.
        """
        relationships, relations = self._table["relationships"].to_pylist(), TAXON_RELATIONS.values()
        return [
            (id_, edge["relation"], edge["target"])
            for id_, row in self._live.items()
            for edge in relationships[row]
            if edge["relation"] in relations
        ]

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return the live terms as obonet does: edges from child to parent, keyed by relation.

        Node attributes have the names and the form of the OBO tags, as obonet's have; taxon constraints that
        a file writes as properties stand among the relationships.
        """
        from gotune.ontology.obo import to_networkx

        return to_networkx(self)

    @cached_property
    def _up(self) -> _Edges:
        """Edges of every live term to live terms, as pairs of relation and parent."""
        is_a = self._table["is_a"].to_pylist()
        relationships = self._table["relationships"].to_pylist()
        edges = {}
        for id_, row in self._live.items():
            pairs = [(IS_A, target) for target in is_a[row]]
            pairs += [(edge["relation"], edge["target"]) for edge in relationships[row]]
            edges[id_] = tuple(pair for pair in pairs if pair[1] in self._live)
        return edges

    @cached_property
    def _down(self) -> _Edges:
        """The same edges from the other end, as pairs of relation and child."""
        edges: dict[str, list[tuple[str, str]]] = {id_: [] for id_ in self._live}
        for child, pairs in self._up.items():
            for relation, parent in pairs:
                edges[parent].append((relation, child))
        return {id_: tuple(pairs) for id_, pairs in edges.items()}

    @cached_property
    def _successors(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """What each id that is not live stands for: groups of ids, the better ones first."""
        table = self._table.select(["id", "alt_ids", "replaced_by", "consider"])
        successors: dict[str, tuple[tuple[str, ...], ...]] = {}
        for row in table.take(pa.array(self._obsolete.values(), pa.int64())).to_pylist():
            successors[row["id"]] = (tuple(row["replaced_by"]), tuple(row["consider"]))
        for row in table.select(["id", "alt_ids"]).to_pylist():
            for alternative in row["alt_ids"]:
                (merged,) = successors.get(alternative, ((),))[:1]
                successors[alternative] = ((*merged, row["id"]),)
        return successors

    def _resolve(self, id_: str, n_groups: int | None) -> tuple[str, ...]:
        # Successors can be obsolete or merged themselves. Each is looked at once, whatever leads to it, and
        # after those that it names, but for a circle of them.
        found: dict[str, tuple[str, ...]] = {}
        met: set[str] = set()
        waiting = [(id_, False)]
        while waiting:
            one, is_ready = waiting.pop()
            groups = self._successors.get(one, ())[:n_groups]
            if one in self._live:
                found[one] = (one,)
            elif is_ready:
                live = ([each for other in group for each in found.get(other, ())] for group in groups)
                found[one] = tuple(dict.fromkeys(next(filter(None, live), ())))
            elif one not in met:
                met.add(one)
                waiting.append((one, True))
                waiting += [(other, False) for group in groups for other in group][::-1]
        return found[id_]

    def _neighbours(self, id_: str, edges: _Edges, relations: Iterable[str]) -> tuple[str, ...]:
        wanted = _relations(relations)
        self._check(id_)
        return tuple(dict.fromkeys(other for relation, other in edges[id_] if relation in wanted))

    def _reach(self, id_: str, edges: _Edges, relations: Iterable[str]) -> frozenset[str]:
        wanted = _relations(relations)
        self._check(id_)
        found = {id_}
        waiting = [id_]
        while waiting:
            for relation, other in edges[waiting.pop()]:
                if relation in wanted and other not in found:
                    found.add(other)
                    waiting.append(other)
        return frozenset(found - {id_})

    def _check(self, id_: str) -> None:
        if id_ not in self._live:
            raise _not_live(id_, self)


def _relations(relations: Iterable[str]) -> frozenset[str]:
    if isinstance(relations, str):
        raise TypeError(f"relations is a collection of names, such as ({relations!r},)")
    return frozenset(relations)


def _not_live(id_: str, ontology: Ontology) -> UnknownTermError:
    try:
        instead = ontology.resolve(id_)
    except UnknownTermError as unknown:
        return unknown
    return UnknownTermError(
        id_,
        expected=f"a live term of release {ontology.release}",
        found="an obsolete or alternative id",
        do=f"Use {' or '.join(instead)} instead." if instead else "The release names no replacement.",
    )


def _unknown(id_: str, release: str) -> UnknownTermError:
    return UnknownTermError(
        id_,
        expected=f"a term of release {release}",
        found="an id that the release does not have",
        do="Check the id (such as GO:0015986), or load a newer release.",
    )


_TEXT = pa.string()
_TEXTS = pa.list_(_TEXT)
_SYNONYM = pa.struct([("text", _TEXT), ("scope", _TEXT), ("type", _TEXT), ("xrefs", _TEXTS)])
_RELATIONSHIP = pa.struct([("relation", _TEXT), ("target", _TEXT)])
_BATCH = 4096

SCHEMA = pa.schema(
    [
        ("id", _TEXT),
        ("name", _TEXT),
        ("namespace", _TEXT),
        ("definition", _TEXT),
        ("definition_xrefs", _TEXTS),
        ("synonyms", pa.list_(_SYNONYM)),
        ("xrefs", _TEXTS),
        ("subsets", _TEXTS),
        ("alt_ids", _TEXTS),
        ("comment", _TEXT),
        ("is_a", _TEXTS),
        ("relationships", pa.list_(_RELATIONSHIP)),
        ("obsolete", pa.bool_()),
        ("replaced_by", _TEXTS),
        ("consider", _TEXTS),
    ]
)
"""One column for each field of `Term`, one row for each term, in file order."""

_LISTS = [field.name for field in SCHEMA if field.type == _TEXTS]


def to_table(terms: Sequence[Term]) -> pa.Table:
    """Return the terms as a table of `SCHEMA`."""
    columns = [_column(terms, field) for field in SCHEMA]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def iterate_terms(table: pa.Table) -> Iterator[Term]:
    """Yield the rows of a table of `SCHEMA` as terms, a batch at a time to keep memory small."""
    for batch in table.to_batches(max_chunksize=_BATCH):
        for row in batch.to_pylist():
            yield _term(row)


def _column(terms: Sequence[Term], field: pa.Field) -> pa.Array:
    values: list[Any] = [getattr(term, field.name) for term in terms]
    if field.name == "synonyms":
        values = [[(s.text, s.scope, s.type, s.xrefs) for s in synonyms] for synonyms in values]
    return pa.array(values, type=field.type)


def _term(row: dict[str, Any]) -> Term:
    row["namespace"] = None if row["namespace"] is None else Aspect(row["namespace"])
    row["synonyms"] = tuple(
        Synonym(s["text"], Scope(s["scope"]), s["type"], tuple(s["xrefs"])) for s in row["synonyms"]
    )
    row["relationships"] = tuple((edge["relation"], edge["target"]) for edge in row["relationships"])
    for name in _LISTS:
        row[name] = tuple(row[name])
    return Term(**row)
