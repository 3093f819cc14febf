from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.datasets.splits import cut_opening
from gotune.evaluation.stress.texts import add_typos, swap_entities, upper_case

SENTENCE = "We found that Tbx15 and BRCA2 bind p53 in HEK293 cells of mice fed with glucose (Fig7)."


@pytest.mark.parametrize(
    ("k", "expected"), [(0, "It binds DNA ."), (1, "binds DNA ."), (3, "."), (4, ""), (9, "")]
)
def test_openings_are_cut_by_words(k: int, expected: str) -> None:
    assert cut_opening(" It  binds\nDNA . ", k) == expected


def test_upper_case() -> None:
    assert upper_case("The α-subunit of Tbx15") == "THE Α-SUBUNIT OF TBX15"  # noqa: RUF001


def test_names_are_swapped_for_others_of_their_kind() -> None:
    assert swap_entities(SENTENCE) == (
        "We found that Rad51 and GATA6 bind p107 in HepG2 cells of humans fed with nocodazole (Fig7)."
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GFP", {"EGFP", "YFP", "EYFP", "CFP", "RFP", "mCherry", "tdTomato", "DsRed"}),
        ("E. coli", {"M. musculus", "R. norvegicus", "H. sapiens", "D. rerio", "X. laevis", "D. melanogaster",
                     "C. elegans", "S. cerevisiae", "S. pombe", "A. thaliana", "B. subtilis"}),
        ("p21", {"p16", "p27", "p38", "p53", "p63", "p73", "p107", "p130"}),
    ],
)  # fmt: skip
def test_every_seed_keeps_the_kind(text: str, kind: set[str]) -> None:
    assert {swap_entities(text, seed) for seed in range(200)} == kind


def test_one_name_is_always_swapped_for_the_same_and_two_for_different_ones() -> None:
    for seed in range(50):
        first, second, third = swap_entities("Sox9 Sox2 Sox9", seed).split()
        assert first == third != second


def test_a_kind_that_is_used_up_leaves_names_as_they_are() -> None:
    reporters = "GFP EGFP YFP EYFP CFP RFP mCherry tdTomato DsRed"
    assert sorted(swap_entities(reporters).split()) == sorted(reporters.split())


@pytest.mark.parametrize(
    "text",
    [
        "DNA, RNA, ATP and PCR are no names of ours.",
        "Figs3 and Chr12, Ca2 and CO2, HCO3, NH4, IgG2a, Cy3, SV40, CA1",
        "p value, P53x, 15p53, humanity, category, E14.5, mousetrap",
        "",
    ],
)
def test_what_only_looks_like_a_name_stays(text: str) -> None:
    assert swap_entities(text) == text


def test_typos_are_of_four_kinds() -> None:
    assert {add_typos("-a", 1.0, seed) for seed in range(100)} == {"-", "-aa", "-s"}
    typed = {add_typos("ab", 0.5, seed) for seed in range(400)}
    assert {"ab", "ba", "b", "a", "aab", "abb", "sb", "an", "av"} <= typed


def test_typos_keep_the_case_and_what_is_no_letter() -> None:
    assert all(add_typos("Q 12 µ.", 1.0, seed) in {"W 12 µ.", " 12 µ.", "QQ 12 µ."} for seed in range(50))
    assert add_typos(SENTENCE, 0.0) == SENTENCE


def test_typos_are_as_frequent_as_asked_for() -> None:
    text = "e " * 20_000
    typed = add_typos(text, 0.1)
    assert 1800 < 20_000 - typed.split(" ").count("e") < 2200


NAMED = st.lists(st.sampled_from(["Tbx15", "GFP", "E. coli", "p21", "mice", ","]) | st.text()).map(" ".join)


@given(NAMED, st.integers(0, 5))
def test_all_are_deterministic_and_keep_blanks(text: str, seed: int) -> None:
    for change in (swap_entities, lambda text, seed: add_typos(text, seed=seed)):
        assert change(text, seed) == change(text, seed)
    assert add_typos(text, 0.5, seed).count(" ") == text.count(" ")
    assert cut_opening(text, 0) == " ".join(text.split())


@given(st.text(), st.integers(0, 20), st.integers(0, 20))
def test_cutting_twice_is_cutting_the_sum(text: str, first: int, second: int) -> None:
    assert cut_opening(cut_opening(text, first), second) == cut_opening(text, first + second)
