"""Terms as an Arrow table and back: the form that is cached, and that ontologies answer from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from gotune.aspects import Aspect
from gotune.ontology.terms import Scope, Synonym, Term

_TEXT = pa.string()
_TEXTS = pa.list_(_TEXT)
_SYNONYM = pa.struct([("text", _TEXT), ("scope", _TEXT), ("type", _TEXT), ("xrefs", _TEXTS)])
_RELATIONSHIP = pa.struct([("relation", _TEXT), ("target", _TEXT)])
_BATCH = 4096

SCHEMA = pa.schema(
    [
        ("id", _TEXT),
        ("name", _TEXT),
        ("aspect", _TEXT),
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
    row["aspect"] = Aspect(row["aspect"])
    row["synonyms"] = tuple(
        Synonym(s["text"], Scope(s["scope"]), s["type"], tuple(s["xrefs"])) for s in row["synonyms"]
    )
    row["relationships"] = tuple((edge["relation"], edge["target"]) for edge in row["relationships"])
    for name in _LISTS:
        row[name] = tuple(row[name])
    return Term(**row)
