"""OBO to terms. With `obo_stanzas` the only place that knows the syntax."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from fastobo import header, term

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import OboError
from gotune.lines import one_line
from gotune.ontology.obo_stanzas import OboText, Problems
from gotune.ontology.terms import (
    IS_A,
    TAXON,
    TAXON_RELATIONS,
    TAXON_UNION,
    CountedLines,
    Scope,
    Synonym,
    Term,
)

if TYPE_CHECKING:
    import networkx as nx

    from gotune.ontology.ontology import Ontology

# As GO writes it, with other separators or none, or as OBO writes it in `date`.
_DAY = re.compile(
    r"(?<!\d)(?:(?P<year>(?:19|20)\d\d)(?P<between>[-/._:]?)(?P<month>\d\d)(?P=between)(?P<day>\d\d)"
    r"|(?P<day_last>\d\d):(?P<month_last>\d\d):(?P<year_last>\d{4}))(?!\d)"
)
_NAMESPACES = ", ".join(ASPECTS)


@dataclass(frozen=True, slots=True)
class ParsedObo:
    """What an OBO file says.

    Attributes:
        release: Date of the release, ``YYYY-MM-DD``, as the header has it in ``data-version``, in
            ``versionInfo`` or in ``date``; otherwise the ``data-version`` as it is, otherwise ``unknown``.
        terms: Every term, obsolete ones included, in file order.
        taxa: What the file has of taxa, see `gotune.ontology.ontology.Ontology.taxa`.
        skipped: What a lenient reading left out.
        repaired: What was read as it is meant, though it is not written so; nothing of it is lost.
    """

    release: str
    terms: tuple[Term, ...]
    taxa: dict[str, tuple[str, ...]]
    skipped: CountedLines
    repaired: CountedLines


def parse_obo(raw: bytes, where: str, *, lenient: bool = False) -> ParsedObo:
    """Read the text of an OBO file.

    Args:
        raw: UTF-8, without byte order mark.
        where: Name of the file for messages.
        lenient: Leave out bad lines, terms without a usable id, name or namespace, and edges that lead
            nowhere, and count them, instead of raising. Lines that can mean one thing only are repaired and
            counted in either case.

    Raises:
        OboError: The text is not OBO, or something in it is bad; the message says the line.
    """
    problems = Problems(where, lenient)
    text = OboText(raw, problems)
    clauses = text.header()
    taxa: dict[str, tuple[str, ...]] = {}
    stanzas = _without_taxa(text, taxa, problems)
    numbered = dict(_read_terms(stanzas, text, _default_aspect(clauses), problems))
    terms = tuple(_without_lost_edges(numbered, text, problems))
    if all(term.obsolete for term in terms):
        raise OboError(
            where,
            expected="at least one [Term] of the Gene Ontology that is not obsolete",
            found="none",
            do="Give the OBO file of a release, such as go-basic.obo.",
        )
    return ParsedObo(_release(clauses), terms, taxa, problems.skipped, problems.repaired)


def quoted(text: str) -> str:
    r"""Return the text as OBO writes it: in quotes, with ``\`` and ``"`` escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _release(clauses: list[header.BaseHeaderClause]) -> str:
    versions = [one_line(each.version) for each in clauses if isinstance(each, header.DataVersionClause)]
    infos = [str(each) for each in clauses if isinstance(each, header.PropertyValueClause)]
    dates = [str(each.date.date()) for each in clauses if isinstance(each, header.DateClause)]
    said = [*versions, *(info for info in infos if "versionInfo" in info), *dates]
    return next(filter(None, map(_day, said)), next(iter(versions), "unknown"))


def _day(text: str) -> str | None:
    """Return the first day in a text, ``YYYY-MM-DD``, however it is written there.

    >>> _day("http://purl.obolibrary.org/obo/go/releases/2019-06-09/go.owl"), _day("releases_20190609")
    ('2019-06-09', '2019-06-09')
    """
    for match in _DAY.finditer(text):
        year, month, day = (match[name] or match[f"{name}_last"] for name in ("year", "month", "day"))
        with suppress(ValueError):
            return date(int(year), int(month), int(day)).isoformat()
    return None


def _default_aspect(clauses: list[header.BaseHeaderClause]) -> Aspect | None:
    for clause in clauses:
        if isinstance(clause, header.DefaultNamespaceClause):
            return _aspect(_id(clause.namespace))
    return None


def _aspect(namespace: str) -> Aspect | None:
    return Aspect(namespace) if namespace in ASPECTS else None


_Stanzas = Iterable[tuple[int, term.TermFrame]]


def _without_taxa(text: OboText, taxa: dict[str, tuple[str, ...]], problems: Problems) -> _Stanzas:
    """Yield the stanzas of terms, and put what those of taxa say into ``taxa``."""
    for number, frame in text.terms():
        identifier = _id(frame.id)
        if identifier.startswith((TAXON, TAXON_UNION)):
            kind = term.IsAClause if identifier.startswith(TAXON) else term.UnionOfClause
            told = tuple(_id(clause.term) for clause in frame if isinstance(clause, kind))
            if taxa.setdefault(identifier, told) != told:
                line = text.line_of(number, "id:")
                problems.report(line, expected="each id once", found=f"{identifier} a second time")
        else:
            yield number, frame


def _read_terms(
    stanzas: _Stanzas, text: OboText, default: Aspect | None, problems: Problems
) -> Iterator[tuple[int, Term]]:
    """Yield the good terms with the numbers of their stanzas."""
    seen: dict[str, Term | None] = {}
    for number, frame in stanzas:
        identifier = _id(frame.id)
        read = _term(identifier, _fields(number, frame, text, problems), default)
        if identifier in seen:
            line = text.line_of(number, "id:")
            if read == seen[identifier]:
                problems.repair(line)  # the same stanza again
            else:
                problems.report(line, expected="each id once", found=f"{identifier} a second time")
        elif isinstance(read, Term):
            seen[identifier] = read
            if read.namespace is None:
                problems.repair(text.line_of(number, "namespace:"))
            yield number, read
        else:
            seen[identifier] = None
            problems.report(text.line_of(number, read.tag), expected=read.expected, found=read.found)


def _fields(number: int, frame: term.TermFrame, text: OboText, problems: Problems) -> dict[str, Any]:
    """Return the values of a stanza by field of `Term`: one value, or a list where a tag may be repeated."""
    fields: dict[str, Any] = {}
    for clause in frame:
        rule = _RULES.get(type(clause))
        if rule is None:
            continue  # a tag that no one downstream reads, such as created_by
        if rule.many:
            if (value := rule.value(clause)) is not None:
                fields.setdefault(rule.field, []).append(value)
        elif rule.field in fields:
            line = text.line_of(number, f"{clause.raw_tag()}:")
            if rule.value(clause) == fields[rule.field]:
                problems.repair(line)  # the same line again
            else:
                problems.report(line, expected=f"{clause.raw_tag()} once in a term", found="it again")
        else:
            fields[rule.field] = rule.value(clause)
    return fields


class _Fault(NamedTuple):
    tag: str  # of the line at fault
    expected: str
    found: str


def _term(identifier: str, fields: dict[str, Any], default: Aspect | None) -> Term | _Fault:
    namespace = fields.pop("namespace", None)
    aspect = default if namespace is None else _aspect(namespace)
    if aspect is None and not fields.get("obsolete"):
        found = f"{namespace or 'no namespace'} in {identifier}"
        return _Fault("namespace:", f"one of the namespaces {_NAMESPACES}", found)
    name = fields.pop("name", "")
    if not name and not fields.get("obsolete"):
        return _Fault("id:", "a name for every term that is not obsolete", f"{identifier} without one")
    definition, references = fields.pop("definition", (None, ()))
    rest: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()
    }
    return Term(identifier, name, aspect, definition=definition or None, definition_xrefs=references, **rest)


def _without_lost_edges(terms: dict[int, Term], text: OboText, problems: Problems) -> Iterator[Term]:
    """Yield the terms, each edge of a live term leading to a live term of the file or to another ontology.

    An edge to a term that the file should have is the one sign of a file that was cut off between two
    stanzas, so it is not passed over. Ids such as ``CL:0000000`` are of another ontology and stay.
    """
    live = {term.id for term in terms.values() if not term.obsolete}
    for number, term_ in terms.items():
        edges = [(IS_A, target) for target in term_.is_a] + list(term_.relationships)
        lost = [edge for edge in edges if edge[1] not in live and _same_space(edge[1], term_.id)]
        if term_.obsolete or not lost:
            yield term_
            continue
        for relation, target in lost:
            start = f"is_a: {target}" if relation == IS_A else f"relationship: {relation} {target}"
            problems.report(
                text.line_of(number, start),
                expected="a term of this file that is not obsolete",
                found=f"{target}, as if the file was cut off or is a part of an ontology",
            )
        gone = set(lost)
        yield replace(
            term_,
            is_a=tuple(target for target in term_.is_a if (IS_A, target) not in gone),
            relationships=tuple(edge for edge in term_.relationships if edge not in gone),
        )


def _same_space(one: str, other: str) -> bool:
    return one.partition(":")[0] == other.partition(":")[0]


def _id(ident: Any) -> str:  # noqa: ANN401 - fastobo's bindings have no types
    """Return an id with its escapes undone; ``str()`` of fastobo's prefixed ids leaves them in.

    For fastobo a no-break space around an id is a part of it.
    """
    prefix = getattr(ident, "prefix", None)
    return (str(ident) if prefix is None else f"{prefix}:{ident.local}").strip()


def _references(xrefs: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(_id(xref.id) for xref in xrefs)


def _synonym(clause: term.SynonymClause) -> Synonym:
    synonym = clause.synonym
    kind = None if synonym.type is None else _id(synonym.type)
    return Synonym(one_line(synonym.desc), Scope(synonym.scope), kind, _references(synonym.xrefs))


def _relationship(clause: term.RelationshipClause) -> tuple[str, str]:
    relation = _id(clause.typedef)
    return TAXON_RELATIONS.get(relation, relation), _id(clause.term)


def _taxon_constraint(clause: term.PropertyValueClause) -> tuple[str, str] | None:
    """Return a property as the relationship that it is, None if it is no taxon constraint."""
    said = clause.property_value
    relation = _id(said.relation)
    relation = TAXON_RELATIONS.get(relation, relation)
    return (relation, _id(said.value)) if relation in TAXON_RELATIONS.values() else None


class _Rule(NamedTuple):
    field: str
    value: Callable[[Any], Any]  # None is nothing
    many: bool = False


_RULES: dict[type, _Rule] = {
    term.NameClause: _Rule("name", lambda clause: one_line(clause.name)),
    term.NamespaceClause: _Rule("namespace", lambda clause: _id(clause.namespace)),
    term.DefClause: _Rule(
        "definition", lambda clause: (one_line(clause.definition), _references(clause.xrefs))
    ),
    term.CommentClause: _Rule("comment", lambda clause: one_line(clause.comment) or None),
    term.IsObsoleteClause: _Rule("obsolete", lambda clause: clause.obsolete),
    term.SynonymClause: _Rule("synonyms", _synonym, many=True),
    term.XrefClause: _Rule("xrefs", lambda clause: _id(clause.xref.id), many=True),
    term.SubsetClause: _Rule("subsets", lambda clause: _id(clause.subset), many=True),
    term.AltIdClause: _Rule("alt_ids", lambda clause: _id(clause.alt_id), many=True),
    term.IsAClause: _Rule("is_a", lambda clause: _id(clause.term), many=True),
    term.RelationshipClause: _Rule("relationships", _relationship, many=True),
    term.PropertyValueClause: _Rule("relationships", _taxon_constraint, many=True),
    term.ReplacedByClause: _Rule("replaced_by", lambda clause: _id(clause.term), many=True),
    term.ConsiderClause: _Rule("consider", lambda clause: _id(clause.term), many=True),
}


def to_networkx(ontology: Ontology) -> nx.MultiDiGraph[str]:
    """Return the live terms with edges from child to parent, keyed by relation.

    Attributes are named after the OBO tags and present only where the term has the tag, as in obonet
    (https://github.com/dhimmel/obonet, ``read_obo``). On GO 2021-12-15 nodes, edges and attributes are the
    same but for two things: runs of blanks in texts are one blank, and an ``xref`` is its id alone, without a
    description.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="go", release=ontology.release)
    for one in ontology.terms():
        graph.add_node(one.id, **_attributes(one))
        edges = [("is_a", target) for target in one.is_a] + list(one.relationships)
        graph.add_edges_from((one.id, target, relation) for relation, target in edges if target in ontology)
    return graph


def _attributes(term: Term) -> dict[str, Any]:
    definition = None if term.definition is None else _with_references(term.definition, term.definition_xrefs)
    attributes = {
        "name": term.name,
        "namespace": term.aspect.value,
        "alt_id": list(term.alt_ids),
        "def": definition,
        "comment": term.comment,
        "subset": list(term.subsets),
        "synonym": [_synonym_text(synonym) for synonym in term.synonyms],
        "xref": list(term.xrefs),
        "is_a": list(term.is_a),
        "relationship": [f"{relation} {target}" for relation, target in term.relationships],
    }
    return {tag: value for tag, value in attributes.items() if value}


def _synonym_text(synonym: Synonym) -> str:
    kind = f" {synonym.type}" if synonym.type else ""
    return _with_references(synonym.text, synonym.xrefs, between=f"{synonym.scope}{kind} ")


def _with_references(text: str, xrefs: tuple[str, ...], between: str = "") -> str:
    return f"{quoted(text)} {between}[{', '.join(xrefs)}]"
