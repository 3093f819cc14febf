"""Annotations and gene products for tests: made-up ones, and strategies for any that a format holds."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from gotune.aspects import Aspect
from gotune.genes.associations import ECO_IDS, Association, GeneProduct, Relation

OPENS = Association(
    database="MadeUpKB",
    id="H01",
    symbol="Hng1",
    name="Hinge 1, opening",
    synonyms=("Hng", "hinge-1"),
    type="protein",
    taxon=10090,
    relation=Relation.ENABLES,
    go_id="GO:9000001",
    aspect=Aspect.MOLECULAR_FUNCTION,
    references=("PMID:1",),
    evidence="IDA",
    date="2026-01-02",
    assigned_by="MadeUp",
)
HINGE = GeneProduct(
    database="MadeUpKB",
    id="H01",
    symbol="Hng1",
    name="Hinge 1, opening",
    synonyms=("Hng", "hinge-1"),
    types=("PR:000000001",),
    taxon=10090,
)

_BROKEN = [*map(chr, range(0x7F, 0xA0)), "\u2028", "\u2029"]
_ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="|")
_ANY = st.characters(codec="utf-8", min_codepoint=0x20, exclude_characters=["|", *_BROKEN])
_PLAIN = st.sampled_from("ABab019_.-")


def _text(letters: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.text(letters, min_size=1, max_size=8).filter(lambda text: text.strip(" ") != "")


def _word(letters: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.text(letters, min_size=1, max_size=8).filter(lambda text: len(text.split()) == 1)


_words = _word(_ANY).map(str.strip)
_databases = st.builds(str.__add__, st.sampled_from("MmX"), st.text(_PLAIN, max_size=4))
_strict_ids = st.builds(
    "{}:{}".format, _databases, st.text(st.sampled_from("ABab019_.-:/"), min_size=1, max_size=6)
)
_ids = st.builds("{}:{}".format, _databases, _words.map(lambda word: word.replace(",", ";")))
_numbers = st.integers(1, 999_999_999)
_days = st.dates(date(1900, 1, 1)).map(date.isoformat)
_times = st.datetimes(datetime(1900, 1, 1)).map(lambda time: time.isoformat(timespec="milliseconds") + "Z")
_go_ids = st.integers(0, 9_999_999).map("GO:{:07}".format)
_relations = st.sampled_from(Relation)


def _several(one: SearchStrategy[str], least: int = 0) -> SearchStrategy[tuple[str, ...]]:
    return st.lists(one, min_size=least, max_size=3).map(tuple)


def _grouped(one: SearchStrategy[str]) -> SearchStrategy[tuple[tuple[str, ...], ...]]:
    return st.lists(_several(one, 1), max_size=2).map(tuple)


def _properties(*names: str) -> SearchStrategy[tuple[tuple[str, str], ...]]:
    return st.lists(st.tuples(st.sampled_from(names), _text(_ASCII)), max_size=2).map(tuple)


def _optional(text: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.one_of(st.just(""), text)


in_gaf = _relations.flatmap(
    lambda relation: st.builds(
        Association,
        database=_databases,
        id=_words,
        symbol=_text(_ANY),
        name=_optional(_text(_ANY)),
        synonyms=_several(_text(_ANY)),
        type=_words,
        taxon=_numbers,
        interacting_taxa=st.lists(_numbers, max_size=1).map(tuple),
        form=_optional(_ids),
        relation=st.just(relation),
        negated=st.booleans(),
        go_id=_go_ids,
        aspect=st.just(relation.aspect),
        references=_several(_ids, 1),
        evidence=st.sampled_from(list(ECO_IDS)),
        with_from=_grouped(_ids),
        date=_days,
        assigned_by=_databases,
        extensions=_grouped(st.builds("{}({})".format, st.sampled_from(["part_of", "RO:1"]), _strict_ids)),
    )
)
"""Any annotation that a GAF holds."""

in_gpad = _relations.flatmap(
    lambda relation: st.builds(
        Association,
        database=_databases,
        id=_strict_ids,
        interacting_taxa=st.lists(_numbers, max_size=2).map(tuple),
        relation=st.just(relation),
        negated=st.booleans(),
        go_id=_go_ids,
        aspect=st.just(relation.aspect),
        references=_several(_strict_ids, 1),
        evidence=st.one_of(st.sampled_from(list(ECO_IDS)), st.integers(0, 9_999_999).map("ECO:{:07}".format)),
        with_from=_grouped(_strict_ids),
        date=st.one_of(_days, _times),
        assigned_by=_databases,
        extensions=_grouped(st.builds("{}({})".format, _strict_ids, _strict_ids)),
        properties=_properties("comment", "contributor-id"),
    )
)
"""Any annotation that a GPAD holds."""

in_gpi = st.builds(
    GeneProduct,
    database=_databases,
    id=_strict_ids,
    symbol=_word(_ASCII).map(str.strip),
    name=_optional(_text(_ASCII)),
    synonyms=_several(_text(_ASCII)),
    types=_several(_strict_ids, 1),
    taxon=_numbers,
    encoded_by=_several(_strict_ids),
    canonical=_several(_strict_ids),
    members=_several(_strict_ids),
    xrefs=_several(_strict_ids),
    properties=_properties("db-subset", "go-annotation-summary"),
)
"""Any gene product that a GPI holds."""
