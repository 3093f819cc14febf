from __future__ import annotations

import fastobo
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gotune.aspects import Aspect
from gotune.errors import OboError
from gotune.ontology.obo import parse_obo
from gotune.ontology.obo_repairs import repair
from gotune.ontology.terms import CountedLines, Scope, Synonym, Term

START = "format-version: 1.2\n\n[Term]\nid: GO:0000001\n"  # the line that is tested is line 5
END = "name: hinge opening\nnamespace: molecular_function\n\n"
OTHER = "[Term]\nid: GO:0000002\nname: hinge\nnamespace: molecular_function\n\n"


def read(line: str) -> Term:
    """Read a term with one line that is not OBO, strictly, and see that it is said."""
    end = END.replace("name: hinge opening\n", "") if line.lower().startswith("name:") else END
    end = end.replace("namespace: molecular_function\n", "") if line.startswith("namespace:") else end
    parsed = parse_obo(f"{START}{line}\n{end}{OTHER}".encode(), "x")
    assert (parsed.repaired, parsed.skipped) == (CountedLines(1, (5,)), CountedLines())
    return parsed.terms[0]


@pytest.mark.parametrize(
    ("listed", "references"),
    [
        ("GOC:ab, Reactome: R-HSA-5", ("GOC:ab", "Reactome: R-HSA-5")),
        ("PMID: 7, PMID: 8", ("PMID: 7", "PMID: 8")),
        ("ZFA:Smith and Jones 1999", ("ZFA:Smith and Jones 1999",)),
        ("Taken over from URL:http\\://a.org/b", ("Taken over from URL:http://a.org/b",)),
        ("PMID:12<new ref>", ("PMID:12<new ref>",)),
        ("http://a.org/b c.html, GOC:ab", ("http://a.org/b c.html", "GOC:ab")),
        ("http://a.org/b[2], GOC:ab", ("http://a.org/b[2]", "GOC:ab")),
        ('RHEA: 9 "the same [2], of course", GOC:ab', ("RHEA: 9", "GOC:ab")),
        ("GOC:ab {date=today}, GOC:b c", ("GOC:ab", "GOC:b c")),
        ("GOC:ab,", ("GOC:ab",)),
        ("GOC:ab, , GOC:cd", ("GOC:ab", "GOC:cd")),
        ("GOC:a\\,b, X: 1", ("GOC:a,b", "X: 1")),
        ("Wiki page, X:1", ("Wiki page", "X:1")),
        ("X:\t1", ("X:\t1",)),
        ('X: 1, Y:2"', ("X: 1", 'Y:2"')),
    ],
)
@pytest.mark.parametrize("tag", ['def: "A hinge." [', 'synonym: "A hinge." NARROW ['])
def test_blanks_and_other_marks_in_references(tag: str, listed: str, references: tuple[str, ...]) -> None:
    term = read(f"{tag}{listed}]")
    found = [(term.definition, term.definition_xrefs), *((one.text, one.xrefs) for one in term.synonyms)]
    assert ("A hinge.", references) in found


@pytest.mark.parametrize(
    ("value", "xref"),
    [
        ("KEGG REACTION:R01", "KEGG REACTION:R01"),
        ("xref (ILX:7)", "xref (ILX:7)"),
        ("MetaCyc: RXN-7", "MetaCyc: RXN-7"),
        ("EC two words", "EC two words"),
        ("PMID:7 \\n ", "PMID:7"),
        ("http://a.org/b c", "http://a.org/b c"),
        ("http://a.org/Category\\:Hinge", "http://a.org/Category:Hinge"),
        ('CAS NUMBER:7-8-9 "Registry"', "CAS NUMBER:7-8-9"),
        ('Reactome:R-1 "a "hinge" opens"', "Reactome:R-1"),
        ('Wikipedia:Hinge "the hinge', "Wikipedia:Hinge"),
        ("EC: 1.2.3.4 ! a comment", "EC: 1.2.3.4"),
        ("RHEA: 7 {source=b}", "RHEA: 7"),
        ("SO:1 [x]", "SO:1 [x]"),
    ],
)
def test_blanks_in_xref(value: str, xref: str) -> None:
    assert read(f"xref: {value}").xrefs == (xref,)
    assert read(f"xref_analog: {value}").xrefs == (xref,)


@pytest.mark.parametrize(
    ("value", "definition", "references"),
    [
        ('"The "lid" of it." [GOC:ab]', 'The "lid" of it.', ("GOC:ab",)),
        ('"A "lid"" [GOC:ab]', 'A "lid"', ("GOC:ab",)),
        ('""Lid" it is." []', '"Lid" it is.', ()),
        ('"5" long and \\"so\\"." [GOC:ab]', '5" long and "so".', ("GOC:ab",)),
        ('"An [odd] "lid"." [GOC:ab, X: 1]', 'An [odd] "lid".', ("GOC:ab", "X: 1")),
        ('"It says \\" [EC: 1.1]" [X: 1]', 'It says " [EC: 1.1]', ("X: 1",)),
        ('"No list."', "No list.", ()),
        ('"No list, \\"lid\\"." ! a comment', 'No list, "lid".', ()),
        ('"No list." {source=a}', "No list.", ()),
        ('"Qualified." [GOC:ab] {source=a}', "Qualified.", ("GOC:ab",)),
        ('"Qualified." [GOC:ab] {source=a, b=c} ! d', "Qualified.", ("GOC:ab",)),
        ('"A "lid"." [GOC:ab "by "her""]', 'A "lid".', ("GOC:ab",)),
    ],
)
def test_text_of_a_definition(value: str, definition: str, references: tuple[str, ...]) -> None:
    for tag in ("def:", "def: ", "  def:\t", "definition: "):
        term = read(tag + value)
        assert (term.definition, term.definition_xrefs) == (definition, references)


@pytest.mark.parametrize(
    ("line", "synonym"),
    [
        ('synonym: "lid" []', Synonym("lid", Scope.RELATED)),
        ('synonym: "lid" [GOC:ab]', Synonym("lid", Scope.RELATED, None, ("GOC:ab",))),
        ('synonym: "lid"', Synonym("lid", Scope.RELATED)),
        ('synonym: "lid" EXACT', Synonym("lid", Scope.EXACT)),
        ('synonym: "lid" narrow []', Synonym("lid", Scope.NARROW)),
        ('synonym: "lid" BROAD layperson', Synonym("lid", Scope.BROAD, "layperson")),
        ('synonym: "lid" BROAD layperson [X: 1]', Synonym("lid", Scope.BROAD, "layperson", ("X: 1",))),
        ('synonym: "a "lid" here" EXACT []', Synonym('a "lid" here', Scope.EXACT)),
        ('synonym: "lid" EXACT [] {source=a}', Synonym("lid", Scope.EXACT)),
        ('exact_synonym: "lid" [GOC:ab]', Synonym("lid", Scope.EXACT, None, ("GOC:ab",))),
        ('narrow_synonym: "lid" []', Synonym("lid", Scope.NARROW)),
        ('broad_synonym: "lid"', Synonym("lid", Scope.BROAD)),
        ('related_synonym: "a "lid"" []', Synonym('a "lid"', Scope.RELATED)),
    ],
)
def test_synonyms_of_older_versions(line: str, synonym: Synonym) -> None:
    assert read(line).synonyms == (synonym,)


@pytest.mark.parametrize(
    "behind",
    [
        " hinge",
        " hinge of a lid",
        " {is_inferred=true}",
        " {is_inferred=true} ! hinge",
        '{a="b", c=d} ! hinge',
        " {gci_relation=part_of, gci_filler=X:1}",
        " (hinge)",
        " hinge ! hinge",
        "\thinge",
        ' "hinge"',
    ],
)
def test_what_stands_behind_an_id(behind: str) -> None:
    assert read(f"is_a: GO:0000002{behind}").is_a == ("GO:0000002",)
    assert read(f"alt_id: GO: 0000009{behind}").alt_ids == ("GO:0000009",)
    assert read(f"relationship: part_of GO:0000002{behind}").relationships == (("part_of", "GO:0000002"),)
    assert read(f"replaced_by: GO:0000002{behind}").replaced_by == ("GO:0000002",)
    assert read(f"use_term: GO:0000002{behind}").consider == ("GO:0000002",)


@pytest.mark.parametrize("tag", ["is-a", "IS_A", "Is_a", " is-a", "Is-A "])
def test_spelling_of_a_tag(tag: str) -> None:
    assert read(f"{tag}: GO:0000002").is_a == ("GO:0000002",)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("hinge (lid) {open}", "hinge (lid) {open}"),
        ("hinge{2}", "hinge{2}"),
        ("{lid}", "{lid}"),
        ("a } b", "a } b"),
        ("hinge \\{a\\} {b}", "hinge {a} {b}"),
        ("poly{A} tail, 5'-3'", "poly{A} tail, 5'-3'"),
        ("N{6}-lid {x=y}", "N{6}-lid {x=y}"),
        ("{{lid}}", "{{lid}}"),
        ("hinge {open ! a comment", "hinge {open"),
        ("a, b: c {d}", "a, b: c {d}"),
    ],
)
def test_braces_in_a_text(text: str, clean: str) -> None:
    if clean == "a } b":  # a closing brace alone is OBO
        assert parse_obo(f"{START}name: {text}\n{END[20:]}".encode(), "x").terms[0].name == clean
    else:
        assert read(f"name: {text}").name == clean
        assert read(f"comment: {text}").comment == clean


@pytest.mark.parametrize(
    "line",
    [
        "creation_date: 20z2-09-29T15:45:36Z", "created_by:", "comment:", "xref:", "seen_by: nobody else",
        "is_cyclic: perhaps", "property_value: a", "intersection_of: part of it", "disjoint_from: a b",
        "domain: GO:0000002", "subset: ", "Remark: of a person", "is_anonymous: maybe",
        "created_by: [a] {b", "display_name: the hinge", "see_also: A:1", "part_of: GO:0000002",
    ],
)  # fmt: skip
def test_lines_of_which_nothing_is_read(line: str) -> None:
    assert read(line) == Term("GO:0000001", "hinge opening", Aspect.MOLECULAR_FUNCTION)


@pytest.mark.parametrize("value", ["biological process", "Biological Process"])
def test_namespace_in_words(value: str) -> None:
    assert read(f"namespace: {value}").namespace is Aspect.BIOLOGICAL_PROCESS


@pytest.mark.parametrize("value", ["TRUE", "True", "1", "yes", "Yes ! it is"])
def test_words_for_true(value: str) -> None:
    assert read(f"is_obsolete: {value}").obsolete
    assert not read("is_obsolete: FALSE").obsolete


@pytest.mark.parametrize(
    "line",
    [
        'def: "see " [EC: 1.1] there" [GOC:a]',
        'def: "a" [GOC:a',
        'def: "a [GOC:a b]',
        'def: "a" [GOC:a] more',
        "def: a [GOC:a]",
        'synonym: "a" EXACT "b c" []',
        "synonym: a EXACT []",
        "xref: GOC:a, GOC:b",
        "is_a: GO:0000002 GO:0000003",
        "is_a: GO:0000002, GO:0000003",
        "is_a: GO:0000002 or so GO:0000003",
        "consider: hinge of a lid",
        "relationship: part of GO:0000002",
        "relationship: GO:0000002",
        "property_value: RO:0002161 NCBI taxon 2",
        "union_of: a b c",
        "subset: goslim generic",
        "namespace: some other process",
        "is_obsolete: perhaps",
        "nmae: hinge",
        "Names: hinge",
        "is_aa: GO:0000002",
        "i_sa: GO:0000002",
        'deff: "A hinge." [GOC:ab]',
        'synonyms: "lid" EXACT []',
        "xrefs: A:1",
        "alt-ids: GO:0000009",
        "obsolete: true",
        "relation: part_of GO:0000002",
        "nothing",
        "see http://a.org",
        "http://a.org",
    ],
)
def test_what_may_mean_something_else_is_an_error(line: str) -> None:
    assert repair(line) == line
    with pytest.raises(OboError, match="x, line 5: expected OBO syntax"):
        parse_obo(f"{START}{line}\n{END}".encode(), "x")


def test_a_slip_in_a_tag_is_told_without_the_words_of_a_parser() -> None:
    with pytest.raises(
        OboError, match="expected OBO syntax: a tag of OBO and its value, found 'nmae: hinge'"
    ):
        parse_obo(f"{START}nmae: hinge\n{END}".encode(), "x")
    parsed = parse_obo(f"{START}nmae: hinge\n{END}{OTHER}".encode(), "x", lenient=True)
    assert (parsed.repaired, parsed.skipped) == (CountedLines(), CountedLines(1, (5,)))


@pytest.mark.parametrize(
    ("line", "repaired"),
    [
        ("date: 12:17:2018 15:51", "date: 17:12:2018 00:00"),
        ("date: 17:12:2018", "date: 17:12:2018 00:00"),
        ("date: 3:4:2018 9:30", "date: 03:04:2018 00:00"),
        ("date: 2018-12-17", "date: 17:12:2018 00:00"),
        ("date: 2018-12-17T15:51:00Z", "date: 17:12:2018 00:00"),
        ("date: 17/12/2018", "date: 17:12:2018 00:00"),
        ("date: 17.12.2018 15:51", "date: 17:12:2018 00:00"),
        ("date: some day", ""),
        ("data-version:", ""),
        ("subsetdef: goslim a slim", ""),
        ("idspace: GO here", ""),
        ("no tag", "no tag"),
    ],
)
def test_header(line: str, repaired: str) -> None:
    assert repair(line, in_header=True) == repaired


CHARACTERS = st.text(st.sampled_from('"\\[]{}!, :/aEXACT 1\t') | st.characters(codec="utf-8"), max_size=30)
TAGS = st.sampled_from(
    ["", "name:", "def:", "synonym:", "xref:", "is_a: GO:2 ", "relationship: r GO:2 ", "date:"]
)


@example("xref:", "0\n0", False)
@given(TAGS, CHARACTERS, st.booleans())
def test_a_repaired_line_is_one_line_and_needs_no_repair(tag: str, value: str, in_header: bool) -> None:
    once = repair(tag + value, in_header=in_header)
    assert "\n" not in once or "\n" in value
    assert repair(once, in_header=in_header) in (once, "")


WORDS = st.text(st.characters(categories=["L", "N"]) | st.sampled_from(' "[]{}!,'), min_size=1).map(str.strip)


@given(
    WORDS, st.lists(st.from_regex(r"[A-Z]{1,4}: ?[a-z0-9]{1,4}( [a-z]{1,4})?", fullmatch=True), min_size=1)
)
def test_a_definition_comes_back_from_any_text(text: str, references: list[str]) -> None:
    """Whatever quotes are in a text, it is read as it is, or refused where it may end in two places."""
    value = f'"{text}" [{", ".join(references)}]'
    try:
        stanza = fastobo.loads(f"format-version: 1.4\n\n[Term]\nid: GO:1\n{repair(f'def: {value}')}\n")[0]
    except SyntaxError:
        assert '"' in text
        return
    assert stanza[0].definition == text
    assert len(stanza[0].xrefs) == len(references)
