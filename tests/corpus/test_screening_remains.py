from __future__ import annotations

import pytest

from gotune.corpus.screening import EXAMPLES, Remains, find_remains

PROSE = [
    "Mice were 6 to 12 weeks old (n = 14), and p < 0.05 was taken as significant.",
    "The Smith lab, in 1998, 12 years before, found x < 5 and y > 3.",
    "Tickets cost $5 and $6.",
    "Figure 1",
    "24 h",
    "R&D; AT&T",
    "",
]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("HTML", "the <i>Abc1</i> gene"),
        ("HTML", 'see <a href="x">here'),
        ("HTML", "p &lt; 0.05"),
        ("HTML", "10 &#956;M and &#x3bc;M"),
        ("LaTeX", r"of \textit{E. coli} cells"),
        ("LaTeX", r"at $10^{-3}$ M"),
        ("LaTeX", r"\begin {table}"),
        ("reference", "Doe J, Roe A. Kinases in mice. J Made Up. 1998;12(3):456-60."),
        ("reference", "[12] Doe JA, Roe B: Kinases. Made 2001, 3:12."),
        ("reference", "doi:10.1000/xyz123"),
        ("reference", "PMID: 123456"),
        ("table", "WT 12.5 13.2 ± 0.1 14 15%"),
        ("table", "Gene\tWT\tKO"),
        ("table", "| gene | wild type |"),
        ("table", "1 2 3 - n/a 5"),
    ],
)
def test_remains(kind: str, text: str) -> None:
    assert find_remains([*PROSE, text]) == {kind: Remains(1, (text,))}


def test_counts_and_examples_are_cut() -> None:
    found = find_remains(["<b>" + "x" * 100] * 9)
    assert found == {"HTML": Remains(9, ("<b>" + "x" * 77 + "…",) * EXAMPLES)}
    assert find_remains(PROSE) == {}


@pytest.mark.parametrize("beginning", ["$", "doi:10.1000/", "<a ", r"\alph", "2000;1(1"])
@pytest.mark.parametrize("piece", ["\\", ".", "1", " ", "a"])
def test_a_beginning_without_an_end_is_looked_at_once(beginning: str, piece: str) -> None:
    """With patterns that go back, one of these texts takes an hour."""
    assert set(find_remains([beginning + piece * 1_000_000 + " é"])) <= {"table"}
