from __future__ import annotations

import pytest

from gotune.corpus.furniture import FIELD, is_furniture, is_of_page, stands_alone


@pytest.mark.parametrize(
    "line",
    [
        "112",
        "Page 3 of 12",
        "- 7 -",
        "xiv",
        "Doe et al.",
        "44  Doe et al.",
        "Doe and Roe 2004  45",
        "J. Example Biol. 12, 34\u201345 (2019)  37",
        "Example Cell 3(4):12-19 (2001)   REVIEW",
        "Example Letters Vol. 12 No. 3",
        "Journal of Examples 7 (2021) 101\u2013112",
        "Letters in Examples 1203 (1998) e12",
        "Downloaded from www.example.org on 3 May",
        "Doe et al. Example Biology 2012, 13:45",
        "Doe et al. Example Biol (2012) 13:e45 Page 3 of 12",
        "Download figure",
        "Open in a new tab",
        "View larger version",
        "Full size image",
        "Skip to main content",
        "wild type & 0.5 & 12 \\\\",
        "strain & n \\\\ \\hline",
        "\\label{fig:one}",
        "\\begin{figure}[t]",
        "% to be written",
    ],
)
def test_lines_of_pages_and_commands_stand_alone(line: str) -> None:
    assert stands_alone(line)
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "strain\trate\tn",
        "wild type   0.5   12",
        "| a | b | c |",
        "0.5 0.7 0.9",
        "A 4.1 30 5",
        "\\centering\\includegraphics[width=\\linewidth]{fig1}",
        "\\centerline{\\includegraphics[width=3in]{a.eps}}",
        "\\resizebox{\\textwidth}{!}{%",
        "\\hypersetup{pdftitle={Rings},colorlinks}",
        "***",
        "|---|:--|---|",
        "https://www.example.org/rings",
        "doi:10.1000/1",
        "AU  - Doe J",
        "PMID- 123",
    ],
)
def test_rows_and_signs_are_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line", ["TI  - Rings", "AB  - Rings open.", "SO  - J Example. 2001;3:4-9.", "MHDA- 2001"]
)
def test_fields_of_medline(line: str) -> None:
    assert FIELD.match(line)
    assert not is_of_page(line)
    assert is_furniture(line) is line.startswith("MHDA")


@pytest.mark.parametrize(
    "line",
    [
        "The ring has 7 subunits.",
        "Septins form  rings  at the bud neck.",
        "It was 3, 4 and 5.",
        "Cells of 12 mice",
        "\\section{Rings}",
        "\\textit{S. pombe} divides by fission",
        "\\item Septins form rings at the neck.",
        "\\noindent Cells were lysed.",
        "\\ac{ER} stress opens rings",
        "\\ref{fig:1}, septins open",
        "Type IV pili",
        "mix",
        "Doe et al. saw rings in worms",
        "12 mice and 5 rats",
        "Doe et al. counted 12, 13:45 of them",
        "Roe at R\\&D \\\\",
        "Open reading frames",
        "View of the ring",
        "DNA - protein contacts",
        "See https://www.example.org/rings",
    ],
)
def test_prose_and_headings_are_none(line: str) -> None:
    assert not is_furniture(line)
    assert not stands_alone(line)


def test_two_blanks_tell_of_a_row_only_where_lines_are_not_set_to_a_width() -> None:
    assert is_furniture("A  4.1  thirty")
    assert not stands_alone("A  4.1  thirty")
