from __future__ import annotations

import pytest

from gotune.corpus.front_matter import is_front_matter


@pytest.mark.parametrize(
    "line",
    [
        "Received 2 April 2011",
        "Accepted: June 3rd, 2012",
        "Keywords: ring; septin; budding",
        "Abbreviations: GFP, green fluorescent protein",
        "Correspondence to: doe@example.org",
        "*Corresponding author: J. Doe",
        "PMID: 1234 [Indexed]",
        "Index Terms\u2014ring, septin",
        "Keywords\u2014ring; septin",
        "MeSH terms: Ring; Septin",
        "Comment in",
        "Erratum in: Example Rev. 3",
        "View ORCID Profile Jane Doe",
        "bioRxiv preprint doi: https://doi.org/10.1101/1; this version posted May 3, 2021. It is no paper.",
        "\u00a9 2011 The Authors. Published by Example Press.",
        "Copyright 2011 by the authors",
        "(1)Department of Rings, University of Somewhere. (2)Institute of Chains.",
        "a Faculty of Science, Town",
        "Doe J(1), Roe AB(1)(2), de la Poe C(2).",
        "Doe J, Roe AB.",
        "Doe J(1)",
    ],
)
def test_at_any_length_and_place(line: str) -> None:
    assert is_front_matter(line, is_short=False, opening=False)


@pytest.mark.parametrize(
    "line",
    [
        "3 May 2011",
        "www.example.org, doe@example.org",
        "Hospital of Somewhere, Town",
        "A. Doe, B. Roe and C. D. Poe",
        "School of Rings",
    ],
)
def test_short_lines_only(line: str) -> None:
    assert is_front_matter(line, is_short=True, opening=False)
    assert not is_front_matter(line, is_short=False, opening=False)


def test_names_without_initials_below_the_title_only() -> None:
    assert is_front_matter("Jane Doe1, Ann Roe1,2 and Eve Poe2,*", is_short=True, opening=True)
    assert is_front_matter("Jane A. Doe,1 Ann Roe,1,2 and Eve Poe,*", is_short=True, opening=False)
    assert not is_front_matter("Jane Doe, Ann Roe and Eve Poe", is_short=True, opening=False)


@pytest.mark.parametrize(
    "line",
    [
        "Factor V, Factor X",
        "Genotyping by PCR",
        "Received signals and their meaning",
        "The department of rings is large",
        "Rings, Chains and Folds",
        "Keywords of the cell",
    ],
)
def test_headings_are_none(line: str) -> None:
    assert not is_front_matter(line, is_short=True, opening=False)
