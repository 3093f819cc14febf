from __future__ import annotations

import fastobo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import Aspect
from gotune.errors import OboError
from gotune.lines import one_line
from gotune.ontology.obo import parse_obo, quoted
from gotune.ontology.obo_stanzas import repair
from gotune.ontology.terms import Scope, SkippedLines, Synonym, Term

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
    assert parsed.skipped == SkippedLines()
    assert parsed.terms == (
        Term(
            id="GO:0000001",
            name="tip {of a} caf\u00e9",
            aspect=Aspect.CELLULAR_COMPONENT,
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


@pytest.mark.parametrize(
    ("header", "release"),
    [
        ("data-version: releases/2020-01-01\n", "2020-01-01"),
        ("data-version: 4.2\n", "4.2"),
        ("format-version: 1.4\n", "unknown"),
        ("", "unknown"),
    ],
)
def test_release(header: str, release: str) -> None:
    assert parse_obo((header + "\n" + TERM).encode(), "x").release == release


TWO = TERM.replace("GO:1", "GO:2")
BAD = [
    pytest.param("Dear reader,\nthis is prose.\n", 1, "OBO syntax", "'Dear reader,'", id="prose"),
    pytest.param('{"graphs": []}\n', 1, "OBO syntax", "graphs", id="json"),
    pytest.param(HEADER, None, "at least one [Term]", "none", id="no terms"),
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
    pytest.param(HEADER + TERM + TERM, 10, "each id once", "GO:1 a second time", id="duplicate id"),
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
    assert parsed.skipped == SkippedLines(8, (2, 8, 9, 11, 14))


@pytest.mark.parametrize(
    "blank", ["", "\t ", "\r", "\f", "\u0085", "\u1680", "\u200a", "\u2028", "\u205f", "\u3000"]
)
def test_line_numbers_hold_after_a_stanza_with_odd_blanks(blank: str) -> None:
    text = HEADER + TERM + blank + "[Trem]\n\n" + TWO.replace("_process", "_magic")
    parsed = parse_obo((text + TERM.replace("GO:1", "GO:3")).encode(), "x", lenient=True)
    assert [term.id for term in parsed.terms] == ["GO:1", "GO:3"]
    assert parsed.skipped == SkippedLines(2, (9, 14))


def test_lenient_reading_gives_up_a_stanza_that_is_all_bad() -> None:
    text = HEADER + TERM[:-1] + "bad\n" * 150 + "\n" + TWO
    parsed = parse_obo(text.encode(), "x", lenient=True)
    assert [term.id for term in parsed.terms] == ["GO:2"]
    assert parsed.skipped.first == (4, 8, 9, 10, 11)


def test_lenient_reading_of_prose_still_raises() -> None:
    with pytest.raises(OboError, match="at least one"):
        parse_obo(b"Dear reader,\n", "x", lenient=True)


@pytest.mark.parametrize(
    ("line", "repaired"),
    [
        ("xref: EC 2.7.1.190", r"xref: EC\ 2.7.1.190"),
        ('def: "a" [EC: 1.14.20.13, RHEA:12797]', r'def: "a" [EC:\ 1.14.20.13, RHEA:12797]'),
        ('synonym: "a" EXACT [EC: 1.1, EC: 1.2]', r'synonym: "a" EXACT [EC:\ 1.1, EC:\ 1.2]'),
    ],
)
def test_repair_escapes_the_blank(line: str, repaired: str) -> None:
    assert repair(line.encode()) == repaired.encode()


@pytest.mark.parametrize(
    "line",
    [
        'def: "see [EC: 1.1] there" [GOC:a]',
        'def: "says \\" [EC: 1.1]" [GOC:a]',
        "xref: GOC:a, GOC:b",
        "xref: EC two words",
        "name: EC 1.1",
        'def: "no list EC: 1"',
    ],
)
def test_repair_leaves_other_lines(line: str) -> None:
    assert repair(line.encode()) == line.encode()


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
