from __future__ import annotations

from itertools import pairwise

import pytest

from gotune.corpus.full_stops import RULES, Before, sentence_starts


def cut(text: str) -> list[str]:
    """Return the sentences of a paragraph without the blanks behind them."""
    starts = [*sentence_starts(text), len(text)]
    return [text[start:end].rstrip() for start, end in pairwise(starts)]


def cut_at(marked: str) -> None:
    """Hold the cuts of a text against those that are marked in it."""
    assert cut(marked.replace("|", "")) == [part.rstrip() for part in marked.split("|")]


@pytest.mark.parametrize(
    "marked",
    [
        "Spindles align.31 |Asters pull.",
        "Spindles align.31,32\u201335 |Asters pull.",
        "Spindles align.3a,c |Asters pull.",
        "Spindles align.[31] |Asters pull.",
        "Spindles align. [31,32] |Asters pull.",
        "Spindles align.[31][32] |Asters pull.",
        "Spindles align.[^1] |Asters pull.",
        "Spindles align.(31) |Asters pull.",
        "Spindles align.(Doe et al., 2001) |Asters pull.",
        "Spindles align.[Doe 2001] |Asters pull.",
        "Spindles align.\u2074 |Asters pull.",
        "Spindles align.\u00b9\u207b\u00b3 |Asters pull.",
        "Spindles align.<sup>31</sup> |Asters pull.",
        "Spindles align.31</sup> |Asters pull.",
        "Spindles align.</sup> |Asters pull.",
        r"Spindles align.\cite{doe01} |Asters pull.",
        r"Spindles align.~\citep[p.~3]{doe01} |Asters pull.",
        "Spindles align.$^{31}$ |Asters pull.",
        "Spindles align (pH 7.2).31 |Asters pull.",
        "Do spindles align?31 |Asters pull.",
        'Spindles "align."31 |Asters pull.',
        "Spindles align.31|Asters pull.",
        "Spindles align.31 32 |Asters pull.",
        "Spindles align.^31,32^ |Asters pull.",
        "Spindles align.[@doe2001; @roe2002] |Asters pull.",
        "Spindles align. [@doe2001] |Asters pull.",
        "Spindles align.[[31]](#ref-31) |Asters pull.",
        "Spindles align.[31](https://www.example.org/31) |Asters pull.",
        "Spindles align.\\[31\\] |Asters pull.",
        "Spindles bind Ca2+.31 |Asters pull.",
        "Spindles align as in Fig. 7d and v. 2.1.",
        "Spindles align at pH 7.4 and 0.5 mM.",
        "Spindles need IL-2. |Asters pull.",
        "Doe et al. [2004] found spindles.",
        "Doe et al.31 found spindles.",
        "The version is no.31 and of 2.31 GB.",
        "Spindles align.1999 of them were seen.",
    ],
)
def test_reference_marks_belong_to_the_sentence_before(marked: str) -> None:
    cut_at(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "They lack protein S. |Clots form.",
        "Cells were in stage G. |None divided.",
        "It is of type II. |The other is of type III.",
        "They bind cyclins A and B. |Both fall.",
        "Gametes have an X or a Y. |Eggs have an X.",
        "Forms are named D, E, or an F. |Form D is the first.",
        "It was kept in 2 M. |The rest was water.",
        "The plate read 0.3 A. |Cells grew.",
        "Ions were freed at 90 keV. |Their mass is known.",
        "There were 12. |Most died.",
        "We saw it in 1999. |Others did so later.",
        "C. D. Doe and E. Roe saw it.",
        "It was given by F. Doe. |We thank her.",
        "The mice of Dr. G. Roe were used.",
        "With J. Doe, K. Roe and L. Poe we saw it.",
        "A.T.C.C. strains and the U.S. ones differ.",
    ],
)
def test_letters_and_numbers_at_the_end(marked: str) -> None:
    cut_at(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Leaves had X. campestris pv. vesicatoria on them.",
        "It is large (cf. also the next).",
        "It took ca. 40 min and approx. 3 ml.",
        "We name it Examplea doei sp. nov. after Doe.",
        "They had 3 and 4 copies, resp. |The rest had none.",
        "B. subtilis subsp. subtilis and C. albicans var. stellata grew.",
        "M. musculus Cdc20p and E. coli FtsZ were made.",
        "It binds rings, i.e. septins, e.g. Cdc3.",
        "See Figs. 3 and 4, Eq. 5, ref. 6 and vol. 7.",
        "Reagents (cat. no. B77, Doe Inc., Town) were used.",
        "It was 5 vs. 6 with an s.d. of 1.",
        "Mice were given it i.p. daily at 3 p.m. on the day.",
        "They are motors, pumps, etc. |Many are large.",
        "Doe et al. |The others did not see it.",
        "J. Example Biol. Chem. is a journal.",
        "It was seen (Doe, pers. comm. and unpubl. data).",
        "Cells were lysed acc. to Doe (incl. washes).",
        "It took max. 4 and min. 2 h (excl. washes).",
        "The rel. and abs. lengths of the chrom. are in a tab. of ours.",
    ],
)
def test_abbreviations(marked: str) -> None:
    cut_at(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Cells enter mitosis.|The envelope breaks down.",
        "Do cells move?|They do so slowly.",
        "It was closed (Fig. 3).|However, it opened.",
        "The dose was 2.5.|It was doubled.",
        "Cells were lysed [31].|Rings were kept.",
        "Cells were lysed (lane 2B).|Cdc-42 was kept.",
        "Reads were mapped to hg19.|Copies were left out.",
        "The ring Msh2.Msh6 and the strain Rad5.1 are new.",
        "It is no. 3.2.Protein of the list.",
        "Some, e.g.the last, were lost.",
        "The pair Msh2.Msh6 slides.",
        "Read www.example.org/Page.Two for more.",
        "Ask jane.Doe@example.org for it.",
        "Open Figure.S3.Pdf with care.",
        "The pump (EC 7.1.2.2) turns.",
        "It was injected i.v.and i.p. on that day.",
        "C:\\Data.Set is a folder.",
    ],
)
def test_stops_without_a_blank(marked: str) -> None:
    cut_at(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Is it so? |Yes! |It is.",
        "os, outer segment. |is, inner segment.",
        'He said "no." |She did not.',
        "It grew (a lot). |It died...",
        "1. Cells were washed. |2. They were lysed.",
        "Fig. 2. Cells of worms. |Bar, 2 \u00b5m.",
        "FIG. 2. Cells of worms. |Bar, 2 \u00b5m.",
        "Plate S2a. Cells of worms. |Bar, 2 \u00b5m.",
        "Experiment 2. Cells of worms. |Part 3. Cells of flies.",
        "It was seen in the cap. |Cells of the fin. |Pups of 3 mo. |Rings do so. |Chains did.",
        "Fig. 2. Cells of worms. |(A) Day one. |(b) Day two. |(n = 3) All.",
        "",
        "...",
    ],
)
def test_plain_stops(marked: str) -> None:
    cut_at(marked)


def test_each_kind_of_word_has_rules() -> None:
    assert set(RULES) == set(Before)
    assert all(lines for lines in RULES.values())
