from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.roles import LONGEST_HEADING, find_blocks
from gotune.records import Role

BODY = "Rings fold long chains, one at a time."


def headings(text: str) -> list[str]:
    return [text[slice(*block.spans[0])] for block in find_blocks(text) if block.role is Role.HEADING]


def test_headings_stand_between_paragraphs() -> None:
    text = (
        f"How rings fold chains\n\nAbstract\n\n{BODY}\n\n{BODY} {BODY}\n\n"
        f"2. Results\n{BODY}\n\nWhy?\r\n\r\n{BODY}"
    )
    assert headings(text) == ["How rings fold chains", "Abstract", "2. Results", "Why?"]


@pytest.mark.parametrize(
    "line",
    [
        "It was seen.",
        'He called it "new."',
        "First of all,",
        "as follows",
        "12",
        "A" * (LONGEST_HEADING + 1),
        "The rings, as in:",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    assert headings(f"{line}\n\n{BODY}") == []


@pytest.mark.parametrize(
    "line",
    [
        "Received 12 March 2019",
        "Received: 12 March 2019 / Accepted: 3 May 2019",
        "March 12th, 2019",
        "2019-03-12",
        "Available online May 2019",
        "A. B. Smith, C. Jones and D. E. Miller",
        "A.B. Smith1,2*, C. Jones1 & D.-E. van der Miller3\u2020",
        "\u00d3. O\u2019Neill, L. Garc\u00eda-L\u00f3pez, PhD",
        "1 Department of Biology, University of Somewhere",
        "Correspondence: smith@example.org",
        "Keywords: heat shock, chaperone, yeast",
        "\u00a9 2019 The Authors",
        "https://doi.org/10.1000/1",
    ],
)
def test_front_matter_is_no_heading(line: str) -> None:
    assert headings(f"How rings fold\n\n{line}\n\nAbstract\n\n{BODY}") == ["How rings fold", "Abstract"]
    assert headings(f"{BODY}\n\n{line}\n\n{BODY}") == []


@pytest.mark.parametrize(
    "line",
    [
        "Yeast Strains, Growth Media and Plasmids",
        "E. coli, C. elegans and S. cerevisiae",
        "E. Coli",
        "Human Hsp70 and Yeast Hsp104",
        "Golgi Bodies and Plasma Membranes",
        "Received signals and their meaning",
        "Cholera in Haiti, October 2010",
        "May the force be with you",
        "University life",
        "Keywords",
    ],
)
def test_headings_that_look_like_front_matter(line: str) -> None:
    assert headings(f"{BODY}\n\n{line}\n\n{BODY}") == [line]


@pytest.mark.parametrize(
    "line", ["John Smith, Carol Jones and David Miller", "Smith AB, Jones C, Miller DE", "A. B. Smith"]
)
def test_names_without_initials_are_authors_below_the_title_only(line: str) -> None:
    assert headings(f"How rings fold\n\n{line}\n\nAbstract\n\n{BODY}") == ["How rings fold", "Abstract"]
    assert headings(f"{BODY}\n\n{line}\n\n{BODY}") == [line]
    assert headings(f"{line}\n\n{BODY}") == [line]  # nobody but the title is first


def test_dates_between_headings_do_not_make_a_list_of_them() -> None:
    front = "How rings fold\n\nA. B. Smith, C. Jones\n\nReceived 12 March 2019\n\nAbstract"
    assert headings(f"{front}\n\n{BODY}") == ["How rings fold", "Abstract"]


def test_a_list_and_a_last_line_are_no_headings() -> None:
    listed = "\n".join(["Actin", "Tubulin", "Keratin", "Septin"])
    assert headings(f"{listed}\n\n{BODY}\n\nThe authors") == []
    assert headings("Actin\n\nTubulin") == []


def test_wrapped_paragraphs_are_one_block() -> None:
    line = "rings of two times seven subunits enclose one chain at a time"
    text = f"Folding\n\nThe {line}\n{line}\n{line}\n{line}\n{line}.\n"
    assert [block.role for block in find_blocks(text)] == [Role.HEADING, Role.SENTENCE]


@given(st.text(alphabet="aB. \n\r,\u200b1", max_size=60))
def test_blocks_are_in_order_and_hold_all_but_blanks(text: str) -> None:
    blocks = find_blocks(text)
    assert [block.spans for block in blocks] == sorted(block.spans for block in blocks)
    spans = sorted(span for block in blocks for span in block.spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    bounds = [0, *(bound for span in spans for bound in span), len(text)]
    outside = "".join(text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True))
    assert outside.strip("\u200b \n\r") == ""


def roles(text: str) -> list[tuple[str, str]]:
    return [(block.role.value, text[slice(*block.spans[0])]) for block in find_blocks(text)]


@pytest.mark.parametrize(
    ("block", "role"),
    [
        ("Figure 2. Rings of septins. Bar, 1 \u00b5m.", "caption"),
        ("Fig. S3 | Rings of septins", "caption"),
        ("Table 4 Strains of this study", "caption"),
        ("Supplementary Figure 1: Rings.", "caption"),
        ("\\caption{Rings of septins.}", "caption"),
        ("![Rings](rings.png)", "caption"),
        ("Figure 2 shows rings, as does Fig. 3.", "sentence"),
        ("Table 4 was made by hand.", "sentence"),
        ("[4] Doe J, Roe A. Rings. J Example. 2001;3:4-9.", "reference"),
        ("5. A. Roe and B. Doe, Rings, Example Lett. 3 (1999) 1-8.", "reference"),
        ("Doe, J. & Roe, A. Rings. J. Example 4, 1\u20139 (2001).", "reference"),
        ("J Example Biol. 2015 Mar 3;12(4):345-51.", "reference"),
        ("\\bibitem{doe} J. Doe, Rings, 2001.", "reference"),
        ("Doe, J. saw rings in 2001 and chains in 2002.", "sentence"),
        ("Smith J and Doe A. Rings. Example 2001;3:4-9.", "reference"),
        ("Cyclin A and cyclin B were purified [12,13\u201315] and spun at 2000 g.", "sentence"),
        ("Cyclin A, B and D were purified [3,12,13\u201315] and spun at 2000 g.", "sentence"),
        ("Cyclin A, B and D were purified [3, 12, 13\u201315] and spun at 2000 g.", "sentence"),
        ("Vitamin D (calcitriol) was given in 2001 to 12, 13-15 of them.", "sentence"),
        ("Published work (Smith, 2004) shows that Hsp70 binds ATP. It then opens.", "sentence"),
        ("Received 3 May 2011", "other"),
        ("wild type\t0.5\t12", "other"),
        ("- Rings open in G1", "sentence"),
        ("\u2022 Rings open in G1", "sentence"),
        ("> Rings open in G1", "sentence"),
        ("### Rings, 3 May 2011", "heading"),
        ("\\section{Rings}", "heading"),
        ("3.2 Rings of septins", "heading"),
        ("Rings of septins in\nthe bud neck", "heading"),
    ],
)
def test_what_a_block_between_paragraphs_is(block: str, role: str) -> None:
    assert roles(f"{BODY}\n\n{block}\n\n{BODY}") == [("sentence", BODY), (role, block), ("sentence", BODY)]


@pytest.mark.parametrize(
    "heading",
    [
        "Online Methods",
        "STAR\u2605METHODS",
        "Experimental procedures",
        "Supporting Information",
        "Figure legends",
    ],
)
def test_a_section_behind_the_references_ends_them(heading: str) -> None:
    text = f"References\n\nDoe, Rings, a book\n\n{heading}\n\n{BODY}"
    assert [role for role, _ in roles(text)] == ["heading", "reference", "heading", "sentence"]


def test_all_below_the_heading_of_a_list_of_references_is_one() -> None:
    listed = "Doe, Rings, a book\n\nIt is said that rings fold."
    text = f"References\n\n{listed}\n\nFigure 1. Rings.\n\nMethods\n\n{BODY}"
    assert [role for role, _ in roles(text)] == [
        "heading", "reference", "reference", "caption", "heading", "sentence"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "heading", ["REFERENCES", "## References", "6. Literature cited", "\\section*{References}"]
)
def test_headings_of_lists_of_references(heading: str) -> None:
    assert [role for role, _ in roles(f"{BODY}\n\n{heading}\n\nDoe, Rings, 2001")][1:] == [
        "heading",
        "reference",
    ]


def test_what_stands_below_a_label_alone_is_its_legend() -> None:
    text = f"Figure 1\n\nRings of septins\n\n{BODY}\n\n(B) {BODY}\n\n{BODY}\n\nTable 2\n\n{BODY}\n\n{BODY}"
    assert [role for role, _ in roles(text)] == [
        "caption", "caption", "caption", "caption", "sentence", "caption", "caption", "sentence"
    ]  # fmt: skip
    assert roles(f"Figure 1\n\nDiscussion\n\n{BODY}")[1:] == [("heading", "Discussion"), ("sentence", BODY)]


@pytest.mark.parametrize(
    ("between", "joined"),
    [
        ("12", True),
        ("Doe et al.\n\n12", True),
        ("12\n\nFigure 3. Rings of septins.", True),
        ("Rings of septins  3\n\nRings of septins  5", True),
        ("Rings of septins\n\n3", True),  # only once, but beside the number of the page
        (BODY.removesuffix("."), False),  # once, and no number
        ("Discussion", False),
        ("It is so.", False),
        ("Table 1. Rings.\n\nring\tlength\tn\n\nseptin\t5\t2", True),
    ],
)
def test_a_sentence_goes_on_behind_what_is_no_prose_only(between: str, joined: bool) -> None:
    first, second = "Rings enclose one chain of many subunits", "and let it fold alone."
    blocks = find_blocks(f"{BODY} {first}\n\n{between}\n\n{second}\n\n{BODY}")
    assert ([len(block.spans) for block in blocks if len(block.spans) > 1] == [2]) is joined


@pytest.mark.parametrize(
    "half", ["When rings enclose a chain in the cell,", "Rings enclose a chain in the cell;"]
)
def test_a_sentence_goes_on_behind_a_comma(half: str) -> None:
    text = f"{half}\n\nFigure 2. Rings of septins.\n\nit folds alone. {BODY}"
    assert [[text[slice(*span)] for span in block.spans] for block in find_blocks(text)] == [
        [half, f"it folds alone. {BODY}"],
        ["Figure 2. Rings of septins."],
    ]
    assert len(find_blocks(text.replace(half, "Rings enclose a chain in the cell:"))) == 3
    assert len(find_blocks(text.replace("it folds", "It folds"))) == 3


def test_a_short_half_goes_on_if_its_last_word_ends_no_sentence() -> None:
    text = "Rings of the\n\n214 | MAY 2011 | VOLUME 6\n\nyeast fold chains."
    assert [len(block.spans) for block in find_blocks(text)] == [2, 1]
    assert [len(block.spans) for block in find_blocks(text.replace("of the", "fold"))] == [1, 1, 1]
    assert [len(block.spans) for block in find_blocks("Rings of the\n\nyeast fold chains.")] == [2]


def test_a_head_without_a_number_that_comes_twice_stands_amid_a_sentence() -> None:
    title, first, second = "Rings of septins", "Rings enclose one chain of many subunits", "and let it fold."
    assert roles(f"{title}\n\n{first}\n\n{title}\n\n{second}") == [
        ("heading", title),
        ("sentence", first),
        ("other", title),
    ]
    above_prose = f"{title}\n\n{first}.\n\n{title}\n\n{BODY}"
    assert [role for role, _ in roles(above_prose)] == ["heading", "sentence", "heading", "sentence"]


def test_sections_may_have_the_same_heading() -> None:
    text = f"Statistical analysis\n\n{BODY}\n\nStatistical analysis\n\n{BODY}\n\nResults\n\n{BODY}\n\nResults"
    assert [role for role, _ in roles(f"{text}\n\n{BODY}")] == ["heading", "sentence"] * 4


def test_the_name_of_a_section_below_a_full_line_is_none_of_the_paragraph() -> None:
    lines = "\n".join(["Rings are made of subunits that form when chains", "are made and of", "many more."])
    assert roles(f"{lines} {BODY}\nResults\n{lines}")[1] == ("heading", "Results")


@pytest.mark.parametrize(
    "lines",
    [
        "Driven by light.1,2 The ring opens and its sub-\nunits let the chain go\n(Fig. 1A). It then\nends",
        "Driven by light.[3] The ring opens and its sub-\nunits let the chain go",
        "Driven by light.(4) The ring opens and its sub-\nunits let the chain go",
        "Driven by light.\u00b9 The ring opens and its sub-\nunits let the chain go",
        "Driven by light. The ring opens and its sub-\nunits let the chain go",
        "Driven by light.[3] The ring opens",
    ],
)
def test_lines_with_the_end_of_a_sentence_are_no_heading(lines: str) -> None:
    assert headings(f"{lines}\n\n{BODY}") == []


@pytest.mark.parametrize("line", ["Rings of E. coli and\nof S. pombe", "Experiment 2. Rings", "3. Rings"])
def test_stops_that_end_no_sentence_stand_in_headings(line: str) -> None:
    assert headings(f"{line}\n\n{BODY}") == [line]


def latex(text: str) -> list[tuple[str, list[str]]]:
    whole = f"\\begin{{document}}\n{text}"
    return [
        (block.role.value, [whole[slice(*span)] for span in block.spans]) for block in find_blocks(whole)[1:]
    ]


def test_comments_of_latex_are_beside_the_sentence() -> None:
    assert latex("Rings fold % really?\nchains of\n  % TODO % twice\n%\nall kinds. % Yes.\n\nThey open.") == [
        ("sentence", ["Rings fold", "chains of", "all kinds."]),
        ("other", ["% really?"]),
        ("other", ["% TODO % twice"]),
        ("other", ["%"]),
        ("other", ["% Yes."]),
        ("sentence", ["They open."]),
    ]
    assert latex("% a note\r\nRings fold.\r\n% a note\r\n\\section{Rings} % a note\r\nThey open.") == [
        ("other", ["% a note"]),
        ("sentence", ["Rings fold."]),
        ("other", ["% a note"]),
        ("heading", ["\\section{Rings}"]),
        ("other", ["% a note"]),
        ("sentence", ["They open."]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "About 5\\% of rings open.",
        "About 5\\\\% of rings open.",
        "About 5% of rings open.",
        "About 5 % CO2 was there, so rings open.",
        "It is at \\url{https://www.example.org/a%20b} and free.",
    ],
)
def test_signs_of_per_cent_are_no_comments(text: str) -> None:
    assert latex(text) == [("sentence", [text])]
    assert roles(f"Rings of x % y\nopen. {BODY}")[0][1].startswith("Rings of x % y")


def test_a_formula_does_not_make_a_text_latex() -> None:
    formula = "\\documentclass[12pt]{minimal}\n\\begin{document}$$x$$\n\\end{document}"
    for shown in (formula, "\\begin{equation}\nx\n\\end{equation}", "\\begin{bmatrix}\nx\n\\end{bmatrix}"):
        text = f"{BODY}\n\nRings were kept at x\n{shown}\n\nThey got x % more, and so they opened."
        assert roles(text)[-1] == ("sentence", "They got x % more, and so they opened.")


def test_rows_of_latex_are_no_prose() -> None:
    rows = "\\begin{tabular}{lr}\nring & n \\\\ \\hline\nseptin & 5 \\\\\n\\end{tabular}"
    assert latex(f"Rings are below.\n{rows}\nThey open.") == [
        ("sentence", ["Rings are below."]),
        *(("other", [row]) for row in rows.split("\n")),
        ("sentence", ["They open."]),
    ]


def test_fields_of_medline_begin_blocks() -> None:
    text = "PMID- 1\nOWN - NLM\nTI  - Rings fold\n      Chains.\nAB  - Rings open\n      in G1.\nAU  - Doe J"
    assert roles(text) == [
        ("other", "PMID- 1"),
        ("other", "OWN - NLM"),
        ("sentence", "TI  - Rings fold\n      Chains."),
        ("sentence", "AB  - Rings open\n      in G1."),
        ("other", "AU  - Doe J"),
    ]


def test_lines_of_latex_belong_together_but_for_its_commands() -> None:
    text = (
        "\\begin{abstract}\nRings fold\nchains of all\nkinds.\n\\end{abstract}\n\\section{Rings}\nThey\nopen."
    )
    assert roles(text) == [
        ("other", "\\begin{abstract}"),
        ("sentence", "Rings fold\nchains of all\nkinds."),
        ("other", "\\end{abstract}"),
        ("heading", "\\section{Rings}"),
        ("sentence", "They\nopen."),
    ]
