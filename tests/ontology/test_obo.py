from __future__ import annotations

from pathlib import Path

import fastobo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import Aspect
from gotune.errors import OboError
from gotune.lines import one_line
from gotune.ontology.obo import parse_obo, quoted
from gotune.ontology.terms import CountedLines, Scope, Synonym, Term

HEADER = "format-version: 1.4\ndata-version: releases/2030-01-31\n\n"  # 3 lines
TERM = "[Term]\nid: GO:1\nname: one\nnamespace: biological_process\n\n"  # 5 lines

AWKWARD = (
    "! a comment before all\n"
    "format-version: 1.4\n"
    "data-version: go/2030-01-31/go.owl\n"
    "default-namespace: cellular_component\n"
    "\n"
    "[Term]\n"
    "id: GO:0000001 ! the id\n"
    "! a comment inside a stanza\n"
    "name: tip \\{of a\\} caf\u00e9  {comment=\"x\"} ! nothing\n"
    'def: "  The \\"tip\\" [sic],\\n  with \\\\ and two  blanks. " '
    '[GOC:a\\,b, PMID:1 "a, b", http://x.org/y] '
    '{comment="first", xref="a:b"} ! note\n'
    'synonym: "a \\"tip\\"" NARROW layperson [GOC:c] {comment="y"}\n'
    'synonym: "end" RELATED []\n'
    "comment: See https://x.org. \n"
    "xref: EC 2.7.1.190\n"
    'xref: Wikipedia:Tip_(end) "the tip"\n'
    "alt_id: GO:0000009\n"
    "subset: goslim_x\n"
    "is_a: GO:0000002 {source=\"z\"} ! whole\n"
    "relationship: part_of GO:0000002 ! whole\n"
    "relationship: has_part CL:0000000\n"
    "created_by: me\n"
    "\n"
    "[Term]\r\n"
    "id: GO:0000002\r\n"
    "name: whole\r\n"
    "namespace: molecular_function\r\n"
    'def: "" []\r\n'
    "\n"
    "[Instance]\n"
    "id: GO:0000007\n"
    "instance_of: GO:0000002\n"
    "\n"
    "[Term]\n"
    "id: GO:0000003\n"
    "is_obsolete: true\n"
    "replaced_by: GO:0000001\n"
    "consider: GO:0000002\n"
    "\n"
    "[Typedef]\n"
    "id: part_of\n"
    "name: part of\n"
    "\n"
)  # fmt: skip


def test_awkward_text_gives_clean_terms() -> None:
    parsed = parse_obo(AWKWARD.encode(), "awkward.obo")
    assert parsed.release == "2030-01-31"
    assert parsed.skipped == CountedLines()
    assert parsed.terms == (
        Term(
            id="GO:0000001",
            name="tip {of a} caf\u00e9",
            namespace=Aspect.CELLULAR_COMPONENT,
            definition='The "tip" [sic], with \\ and two blanks.',
            definition_xrefs=("GOC:a,b", "PMID:1", "http://x.org/y"),
            synonyms=(
                Synonym('a "tip"', Scope.NARROW, "layperson", ("GOC:c",)),
                Synonym("end", Scope.RELATED),
            ),
            xrefs=("EC 2.7.1.190", "Wikipedia:Tip_(end)"),
            subsets=("goslim_x",),
            alt_ids=("GO:0000009",),
            comment="See https://x.org.",
            is_a=("GO:0000002",),
            relationships=(("part_of", "GO:0000002"), ("has_part", "CL:0000000")),
        ),
        Term("GO:0000002", "whole", Aspect.MOLECULAR_FUNCTION),
        Term(
            "GO:0000003",
            "",
            Aspect.CELLULAR_COMPONENT,
            obsolete=True,
            replaced_by=("GO:0000001",),
            consider=("GO:0000002",),
        ),
    )


def test_taxon_constraints_are_relationships_however_they_are_written() -> None:
    lines = (
        "relationship: only_in_taxon NCBITaxon:2 ! two",
        "relationship: RO:0002162 NCBITaxon:3",
        "property_value: RO:0002161 NCBITaxon_Union:0000004",
        'property_value: RO:0002160 NCBITaxon:5 {source="PMID:1"} ! five',
        'property_value: never_in_taxon "NCBITaxon:6" xsd:string',
        "property_value: RO:0002175 NCBITaxon:7",
        'property_value: term_tracker_item "https://x.org/1" xsd:anyURI',
        "property_value: RO:0002161 NCBITaxon:8 eight",
    )
    taxa = (
        "[Term]\nid: NCBITaxon:2\nname: two\nis_a: NCBITaxon:1 ! root\n\n"
        "[Term]\nid: NCBITaxon_Union:0000004\nunion_of: NCBITaxon:2\nunion_of: NCBITaxon:3\n\n"
    )
    text = HEADER + taxa + TERM[:-1] + "\n".join([*lines, "", ""])
    parsed = parse_obo(text.encode(), "x")
    (one,) = parsed.terms
    assert one.relationships == (
        ("only_in_taxon", "NCBITaxon:2"),
        ("in_taxon", "NCBITaxon:3"),
        ("never_in_taxon", "NCBITaxon_Union:0000004"),
        ("only_in_taxon", "NCBITaxon:5"),
        ("never_in_taxon", "NCBITaxon:6"),
        ("never_in_taxon", "NCBITaxon:8"),
    )
    assert parsed.taxa == {
        "NCBITaxon:2": ("NCBITaxon:1",),
        "NCBITaxon_Union:0000004": ("NCBITaxon:2", "NCBITaxon:3"),
    }
    assert (parsed.skipped, parsed.repaired) == (CountedLines(), CountedLines())


def test_a_taxon_told_of_in_two_ways_is_refused() -> None:
    two = "[Term]\nid: NCBITaxon:2\nis_a: NCBITaxon:1\n\n"
    assert parse_obo((HEADER + two + two + TERM).encode(), "x").taxa == {"NCBITaxon:2": ("NCBITaxon:1",)}
    with pytest.raises(OboError, match="expected each id once, found NCBITaxon:2 a second time"):
        parse_obo((HEADER + two + "[Term]\nid: NCBITaxon:2\n\n" + TERM).encode(), "x")


@pytest.mark.parametrize(
    ("header", "release"),
    [
        ("data-version: releases/2020-01-01\n", "2020-01-01"),
        ("data-version: go/2021-11-16/go-basic.obo\n", "2021-11-16"),
        ("data-version: go/releases/2021-11-16/subsets/goslim.obo\n", "2021-11-16"),
        ("data-version: 2021-11-16\n", "2021-11-16"),
        ("data-version: http://purl.obolibrary.org/obo/go/releases/2018-10-08/go.owl\n", "2018-10-08"),
        ("data-version: v2021-11-16 ! of autumn\n", "2021-11-16"),
        ("data-version: 2021_11_16\n", "2021-11-16"),
        ("data-version: releases/20211116\n", "2021-11-16"),
        ("data-version: 2021/11/16\n", "2021-11-16"),
        ("data-version: 2021.11.16\n", "2021-11-16"),
        ("data-version: 16:11:2021 09:30\n", "2021-11-16"),
        ("date: 16:11:2021 09:30\n", "2021-11-16"),
        ("date: 16:11:2021 09:30\nsaved-by: me\ndata-version: 1.1.2178\n", "2021-11-16"),
        ("date: 16:11:2021 09:30\ndata-version: releases/2021-11-15\n", "2021-11-15"),
        ("date: 16:11:2021\n", "2021-11-16"),
        ("date: 11:16:2021 09:30\n", "2021-11-16"),
        ("date: 16:11:2021 09:30 ! at home\n", "2021-11-16"),
        ('property_value: owl:versionInfo "2021-11-16" xsd:string\ndate: 17:11:2021 10:00\n', "2021-11-16"),
        (
            'property_value: http://www.w3.org/2002/07/owl#versionInfo "2021-11-16" xsd:string\n',
            "2021-11-16",
        ),
        ("data-version:\ndate: 16:11:2021 09:30\n", "2021-11-16"),
        ("data-version: 4.2\n", "4.2"),
        ("data-version: 2021-11\n", "2021-11"),
        ("data-version: 2021-13-45\n", "2021-13-45"),
        ("data-version: 120211116\n", "120211116"),
        ("remark: of 2021-11-16\n", "unknown"),
        ("date: yesterday\n", "unknown"),
        ("format-version: 1.4\n", "unknown"),
        ("", "unknown"),
    ],
)
def test_release(header: str, release: str) -> None:
    assert parse_obo((header + "\n" + TERM).encode(), "x").release == release


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize(
    ("header", "lines", "namespace"),
    [
        ("", "", None),
        ("", "namespace: gene_ontology\n", None),
        ("", "namespace: obsolete_function\n", None),
        ("default-namespace: gene_ontology\n", "", None),
        ("default-namespace: file:/home/someone/go.obo\n", "", None),
        ("default-namespace: cellular_component\n", "", Aspect.CELLULAR_COMPONENT),
        ("default-namespace: cellular_component\n", "namespace: gene_ontology\n", None),
        ("default-namespace: gene_ontology\n", "namespace: molecular_function\n", Aspect.MOLECULAR_FUNCTION),
        ("", "name: obsolete hinge\n", None),
        ("", 'def: "OBSOLETE. A hinge." [GOC:ab]\ncomment: No hinge.\n', None),
        ("", "replaced_by: GO:1\nconsider: GO:1\n", None),
        ("", "is_a: GO:404\n", None),
    ],
)
def test_an_obsolete_term_needs_no_namespace(
    header: str, lines: str, namespace: Aspect | None, lenient: bool
) -> None:
    text = f"{header}\n{TERM}[Term]\nid: GO:2\n{lines}is_obsolete: true\n\n"
    parsed = parse_obo(text.encode(), "x", lenient=lenient)
    assert [(term.id, term.namespace) for term in parsed.terms] == [
        ("GO:1", Aspect.BIOLOGICAL_PROCESS),
        ("GO:2", namespace),
    ]
    assert (parsed.skipped.count, parsed.repaired.count) == (0, int(namespace is None))


TWO = TERM.replace("GO:1", "GO:2")
BAD = [
    pytest.param("Dear reader,\nthis is prose.\n", 1, "OBO syntax", "'Dear reader,'", id="prose"),
    pytest.param('{"graphs": []}\n', 1, "OBO syntax", "graphs", id="json"),
    pytest.param(HEADER, None, "at least one [Term]", "none", id="no terms"),
    pytest.param(HEADER + TERM[:-1] + "is_obsolete: true\n\n", None, "is not obsolete", "none", id="no live"),
    pytest.param(
        HEADER + "[Typedef]\nid: part_of\n\n", None, "at least one [Term]", "none", id="typedefs only"
    ),
    pytest.param(
        HEADER + TERM + '[Term]\nid: GO:2\ndef: "cut o', 11, "a line end", "def:", id="cut in a line"
    ),
    pytest.param(
        HEADER + TERM + "[Term]\nid: GO:2\nname: x\n", 9, "one of the namespaces", "no", id="cut in a term"
    ),
    pytest.param(
        HEADER + TERM + TWO + "[Term]\nid: GO:3\nname: x\nnamespace: biological_process\nis_a: GO:4 ! y\n\n",
        18,
        "a term of this file",
        "GO:4, as if the file was cut off",
        id="cut between terms",
    ),
    pytest.param(
        HEADER + TERM + TWO.replace("_process", "_magic"),
        12,
        "biological_process, cellular_component, molecular_function",
        "biological_magic in GO:2",
        id="unknown namespace",
    ),
    pytest.param(
        HEADER + TERM + TERM.replace("one", "two"),
        10,
        "each id once",
        "GO:1 a second time",
        id="duplicate id",
    ),
    pytest.param(HEADER + TERM + TWO.replace("name: one\n", ""), 10, "a name", "GO:2 without", id="no name"),
    pytest.param(HEADER + TERM.replace("id: GO:1\n", ""), 5, "OBO syntax", "name: one", id="no id"),
    pytest.param(HEADER + TERM[:-1] + "name: two\n\n", 8, "name once", "again", id="two names"),
    pytest.param(HEADER + TERM[:-1] + 'def: "open []\n\n', 8, "QuotedString", "open", id="open quote"),
    pytest.param(HEADER + TERM[:-1] + "xref: GOC:a, GOC:b\n\n", 8, "EOL", "GOC:a, GOC:b", id="two xrefs"),
    pytest.param(HEADER + TERM + "[Trem]\nid: GO:2\n\n", 9, "EntityFrame", "[Trem]", id="unknown stanza"),
]


@pytest.mark.parametrize(("text", "line", "expected", "found"), BAD)
def test_bad_text(text: str, line: int | None, expected: str, found: str) -> None:
    with pytest.raises(OboError) as caught:
        parse_obo(text.encode(), "bad.obo")
    assert caught.value.line == line
    assert str(caught.value).startswith("bad.obo: " if line is None else f"bad.obo, line {line}: ")
    assert expected in caught.value.expected
    assert found in caught.value.found


CASES = Path(__file__).parents[3] / "shared" / "cases"


@pytest.mark.skipif(not CASES.exists(), reason="needs the inputs that failed, in ../shared/cases")
@pytest.mark.parametrize(
    ("name", "line", "ids", "references"),
    [
        ("12_ref_space.obo", 8, ["GO:0000001"], ("GOC:me", "IntAct: EBI-1")),
        ("13_obsolete_no_namespace.obo", 10, ["GO:0000001", "GO:0044711"], ("GOC:me",)),
    ],
)
def test_inputs_that_failed(name: str, line: int, ids: list[str], references: tuple[str, ...]) -> None:
    parsed = parse_obo((CASES / name).read_bytes(), name)
    assert parsed.release == "2023-05-10"
    assert [term.id for term in parsed.terms] == ids
    assert parsed.terms[0].definition_xrefs == references
    assert (parsed.skipped, parsed.repaired) == (CountedLines(), CountedLines(1, (line,)))


THREE = TERM.replace("GO:1", "GO:3")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(TERM + TWO + THREE + TERM, (20,), id="the same stanza again"),
        pytest.param(TERM + TWO + THREE.replace("name: one\n", "name: one\n" * 3), (18, 18), id="line again"),
        pytest.param(
            TERM + TWO + THREE.replace("id: GO:3\nname: one", "name: one\nid: GO:3"), (16,), id="id"
        ),
        pytest.param(TERM + TWO + THREE + "[Typedef]\nid: a\nxref: a b\n\n", (21,), id="Typedef"),
        pytest.param("[Typedef]\nid: a b\nxref: a b\n\n" + TERM + TWO + THREE, (5,), id="Typedef first"),
        pytest.param(TERM + "[Instance]\nid: a b\n\n" + TWO + THREE, (10,), id="Instance"),
        pytest.param(TERM + "[Annotation]\nsubject: GO:1\n\n" + TWO + THREE, (9,), id="Annotation"),
        pytest.param(TERM + TWO + THREE + "[Typedef]\nid: part_of", (20,), id="Typedef without line end"),
        pytest.param(TERM + TWO + THREE[:-2], (17,), id="namespace without line end"),
        pytest.param(TERM + TWO + THREE + "! saved on a Sunday", (19,), id="comment without line end"),
        pytest.param((TERM + TWO + THREE[:-1] + "xref: A: 1\n").replace("\n", "\r\n"), (18,), id="CRLF"),
        pytest.param(TERM + TWO + "\n! note\n\n" + THREE[:-1] + "xref: A: 1\n", (21,), id="empty lines"),
    ],
)
def test_what_whole_stanzas_are_repaired_in(text: str, lines: tuple[int, ...]) -> None:
    parsed = parse_obo((HEADER + text).encode(), "x")
    assert [term.id for term in parsed.terms] == ["GO:1", "GO:2", "GO:3"]
    assert {(term.name, term.namespace) for term in parsed.terms} == {("one", Aspect.BIOLOGICAL_PROCESS)}
    assert parsed.repaired == CountedLines(len(lines), lines)
    assert parsed.skipped == CountedLines()


@pytest.mark.parametrize(
    ("last", "whole"),
    [
        ('def: "A hinge." [GOC:ab]', True),
        ('synonym: "hinge" EXACT []', True),
        ("is_obsolete: true", True),
        ("is_a: GO:0000002", True),
        ("is_a: GO:0000002 ! a hin", True),
        ("relationship: part_of GO:0000002", True),
        ("alt_id: GO:0000007", True),
        ("\t", True),
        ("is_a: GO:00000", False),
        ("name: hinge op", False),
        ('def: "A hin', False),
        ('def: "A hinge." [GOC:ab', False),
        ('def: "A hinge."', False),
        ("subset: goslim_gen", False),
        ("comment: See [1]", False),
        ("namespace: molecular_fun", False),
    ],
)
def test_last_line_without_end(last: str, whole: bool) -> None:
    other = "[Term]\nid: GO:0000002\nname: hinge\nnamespace: biological_process\n\n"
    stanza = "[Term]\nid: GO:0000001\nname: x\nnamespace: biological_process\n"
    text = (other + stanza + last).encode()
    parsed = parse_obo(text, "x", lenient=True)
    assert parsed.skipped.count == (0 if whole else 1)
    if whole:
        assert parsed.terms == parse_obo(text + b"\n", "x").terms
    else:
        with pytest.raises(OboError, match="x, line 10: expected a line end after the last line"):
            parse_obo(text, "x")


@pytest.mark.parametrize(
    ("lines", "repaired"),
    [
        ('def: "The hinge\nof a lid." [GOC:ab]', ()),
        ('def: "The\nhinge\nof\na\nlid." [GOC:ab]', ()),
        ('def: "The hinge of\n\na lid." [GOC:ab]', ()),
        ('def: "The hinge \\\nof a lid." [GOC:ab]', ()),
        ('def: "The hinge   \n   of a lid." [GOC:ab]\nxref: A: 1', (10,)),
        ('def: "The hinge of a lid." [GOC:ab,\nGOC:cd]', (8,)),
        ('xref: A: 1\ndef: "The hinge of\r\na lid." [GOC:ab]', (8,)),
        ('xref: A: 1\ndef: "The hinge\nof\na lid." [GOC:ab]\nxref: A: 2', (8, 12)),
        ('def: "The hinge\nof a lid." [GOC:ab, GOC: cd]', (8,)),
        ('def: "The hinge of a lid." [\nGOC:ab]', (8,)),
    ],
)
def test_definition_over_several_lines(lines: str, repaired: tuple[int, ...]) -> None:
    parsed = parse_obo((HEADER + TERM[:-1] + lines + "\ncomment: A lid.\n\n" + TWO).encode(), "x")
    term = parsed.terms[0]
    assert (term.definition, term.definition_xrefs[0]) == ("The hinge of a lid.", "GOC:ab")
    assert term.comment == "A lid."
    assert parsed.repaired == CountedLines(len(repaired), repaired)
    assert parsed.terms[1].id == "GO:2"


def test_lenient_reading_counts_what_it_leaves_out() -> None:
    text = (
        "format-version: 1.4\nno tag\n\n"  # line 2
        + TERM[:-1]
        + 'nonsense\nxref: a, b\nsynonym: "uno" EXACT []\nis_a: GO:404\n\n'  # lines 8, 9, 11
        + TERM  # line 14: a duplicate
        + "[Term]\nname: without id\n\n"  # line 19
        + TWO.replace("_process", "_magic")  # line 24
        + TERM.replace("GO:1", "GO:3")
        + "name: cut o"  # line 31
    )
    parsed = parse_obo(text.encode(), "x", lenient=True)
    assert [term.id for term in parsed.terms] == ["GO:1", "GO:3"]
    assert parsed.terms[0].synonyms == (Synonym("uno", Scope.EXACT),)
    assert parsed.terms[0].is_a == ()
    assert parsed.skipped == CountedLines(8, (2, 8, 9, 11, 14))


def test_line_ends_of_old_macs() -> None:
    text = HEADER + TERM.replace("\n\n", "\nxref: A: 1\n\n")
    parsed = parse_obo(text.replace("\n", "\r").encode(), "x")
    assert parsed == parse_obo(text.encode(), "x")
    assert parsed.repaired == CountedLines(1, (8,))


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", " \u00a0 "])
def test_no_break_space_around_an_id(blank: str) -> None:
    other = TERM.replace("GO:1", "GO:2")
    edges = "is_a: GO:2 ! two\nrelationship: part_of GO:2\nalt_id: GO:3\n"
    text = HEADER + other + TERM[:-1] + edges
    parsed = parse_obo(text.replace("GO:2 !", f"GO:2{blank}!").replace(": GO:", f":{blank}GO:").encode(), "x")
    assert parsed.terms == parse_obo(text.encode(), "x").terms


@pytest.mark.parametrize(
    "blank", ["", "\t ", "\r", "\f", "\u0085", "\u1680", "\u200a", "\u2028", "\u205f", "\u3000"]
)
def test_line_numbers_hold_after_a_stanza_with_odd_blanks(blank: str) -> None:
    text = HEADER + TERM + blank + "[Trem]\n\n" + TWO.replace("_process", "_magic")
    parsed = parse_obo((text + TERM.replace("GO:1", "GO:3")).encode(), "x", lenient=True)
    assert [term.id for term in parsed.terms] == ["GO:1", "GO:3"]
    assert parsed.skipped == CountedLines(2, (9, 14))


def test_lenient_reading_keeps_what_is_good_of_a_stanza() -> None:
    text = HEADER + TERM[:-1] + "bad\n" * 150 + 'synonym: "uno" EXACT []\n\n' + TWO
    parsed = parse_obo(text.encode(), "x", lenient=True)
    assert [term.id for term in parsed.terms] == ["GO:1", "GO:2"]
    assert parsed.terms[0].synonyms == (Synonym("uno", Scope.EXACT),)
    assert parsed.skipped == CountedLines(150, (8, 9, 10, 11, 12))


def test_lenient_reading_of_prose_still_raises() -> None:
    with pytest.raises(OboError, match="at least one"):
        parse_obo(b"Dear reader,\n", "x", lenient=True)


# What a quoted string of a UTF-8 file can hold: no control characters but the line end, which is escaped.
# fastobo 0.14 reads no string that ends in a backslash, not even as it writes it itself.
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"))
TEXTS = st.text(CHARACTERS | st.sampled_from('\n\\"')).filter(lambda text: not text.endswith("\\"))


@given(TEXTS)
def test_definition_survives_quoting(text: str) -> None:
    raw = HEADER + TERM[:-1] + f"def: {quoted(text)} [GOC:a]\n\n"
    (term,) = parse_obo(raw.encode(), "x").terms
    assert term.definition == (one_line(text) or None)
    assert term.definition_xrefs == ("GOC:a",)


@given(TEXTS)
def test_quoted_is_undone_by_fastobo(text: str) -> None:
    line = f"format-version: 1.4\n\n[Term]\nid: GO:1\ndef: {quoted(text)} []\n"
    assert fastobo.loads(line)[0][0].definition == text
