"""Figures of suggestions for genes as tables, and as a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from gotune.evaluation.sentences.report import plot_reliability
from gotune.files import write_json, write_text
from gotune.genes.evaluation import NEW, GeneEvaluation, GeneRow
from gotune.genes.measures import GeneMeasures
from gotune.render.pages import image_address, render_page
from gotune.render.tables import TextTable, estimate_cell

_COLUMNS = ("coverage", "Fmax", "at threshold", "weighted Fmax", "weighted AUPR", "Smin, bits")


def write_evaluation(evaluation: GeneEvaluation, known: str, folder: Path) -> list[Path]:
    """Write figures as ``evaluation.json`` and as the page ``evaluation.html``, and return their paths.

    Args:
        evaluation: The figures.
        known: What was known before, in a few words.
        folder: Made if need be.

    Raises:
        SaveError: A file cannot be written.
    """
    data, page = folder / "evaluation.json", folder / "evaluation.html"
    write_json(data, {"known": known, **evaluation.to_dict()})
    write_text(page, _page(evaluation, known))
    return [data, page]


def summary_tables(evaluation: GeneEvaluation) -> tuple[TextTable, ...]:
    """Return Fmax of all methods for the targets `NEW`, and what became of the suggestions."""
    rows = [row for row in evaluation.rows if row.knowledge == NEW]
    aspects = dict.fromkeys(row.measures.aspect for row in rows)
    found = {(row.method, row.measures.aspect): estimate_cell(row.measures.fmax) for row in rows}
    return (
        TextTable(
            f"Fmax, genes with {NEW}",
            ("method", *(aspect.words for aspect in aspects)),
            tuple(
                (method, *(found[method, aspect] for aspect in aspects))
                for method in dict.fromkeys(row.method for row in rows)
            ),
        ),
        _share_table(evaluation),
    )


def describe_evaluation(evaluation: GeneEvaluation, known: str) -> str:
    """Return what was measured and how, in a few sentences."""
    return (
        f"What was known: {known}; {evaluation.genes:,} genes, GO release {evaluation.release}. Truth is "
        "what experiments told later and had not told before, without statements of authors and inferences "
        "of curators. In brackets: 95 % bootstrap intervals over families of genes. Genes without knowledge "
        "are those of which no experiment told anything before; with limited knowledge, nothing in the "
        "aspect; with partial knowledge, something in it, to which terms were added."
    )


def _page(evaluation: GeneEvaluation, known: str) -> str:
    diagram = plot_reliability(
        None, evaluation.reliability, texts="scored terms", true="that experiments told"
    )
    return render_page(
        "gene_evaluation.html.j2",
        title="Suggestions for genes, measured",
        release=evaluation.release,
        described=describe_evaluation(evaluation, known),
        summary=summary_tables(evaluation),
        reliability=image_address(diagram),
        bins=_reliability_table(evaluation),
        details=[*_details(evaluation)],
    )


def _share_table(evaluation: GeneEvaluation) -> TextTable:
    rows = (
        (
            one.aspect.words,
            f"{one.threshold:.2f}",
            f"{one.covered:,} of {one.genes:,}",
            f"{one.suggestions:,}",
            f"{one.told:,} ({one.told / one.suggestions:.0%})" if one.suggestions else "-",
        )
        for one in evaluation.shares
    )
    return TextTable(
        "Suggestions for the same genes",
        ("aspect", "threshold", "genes with any", "suggestions", "told by an experiment later"),
        tuple(rows),
    )


def _reliability_table(evaluation: GeneEvaluation) -> TextTable:
    return TextTable(
        "Scores and what came true, all aspects",
        ("mean score", "share told later", "scored terms"),
        tuple(
            (f"{one.predicted:.2f}", f"{one.observed:.2f}", f"{one.count:,}")
            for one in evaluation.reliability.pooled
        ),
    )


def _details(evaluation: GeneEvaluation) -> Iterator[TextTable]:
    """Yield a table for each kind of targets and aspect, with a row a method."""

    def key(row: GeneRow) -> tuple[str, str, int]:
        return row.knowledge, row.measures.aspect.words, row.measures.genes

    for (knowledge, aspect, n_genes), rows in groupby(evaluation.rows, key):
        yield TextTable(
            f"{aspect[:1].upper()}{aspect[1:]}, {knowledge} ({n_genes:,} genes)",
            ("method", *_COLUMNS),
            tuple((row.method, *_cells(row.measures)) for row in rows),
        )


def _cells(found: GeneMeasures) -> Iterator[str]:
    yield f"{found.coverage:.3f}"
    yield estimate_cell(found.fmax)
    yield f"{found.threshold:.2f}"
    yield estimate_cell(found.weighted_fmax)
    yield estimate_cell(found.weighted_aupr)
    yield estimate_cell(found.smin, 2)
