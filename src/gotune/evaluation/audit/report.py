"""The label audit as a page, as tables of text and as a TSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from gotune.aspects import ASPECTS
from gotune.evaluation.audit.results import AuditedTerm, LabelAudit, Reason
from gotune.evaluation.stress.report import cut_table, plot_cuts
from gotune.files import write_text
from gotune.lines import guard_formula, one_line
from gotune.records import AspectProbabilities
from gotune.render.pages import image_address, read_asset, render_page
from gotune.render.tables import TextTable
from gotune.render.wording import describe_probabilities

COLUMNS = (
    "rank",
    "go_id",
    "name",
    "aspect",
    "likely_aspect",
    "label_quality",
    "reasons",
    *(f"p_{aspect.value}" for aspect in ASPECTS),
    *(f"model_{aspect.value}" for aspect in ASPECTS),
    "doubted_twice",
    "foreign_neighbours",
    "neighbours",
    "link",
    "definition",
)
"""The columns of the table of all flagged terms."""

_DECIMALS = 4
_SHOWN = 100


def render_audit(audit: LabelAudit, limit: int = _SHOWN) -> str:
    """Return the audit as one HTML page, complete in itself.

    Args:
        audit: All of it.
        limit: How many flagged terms the page shows, the most suspect; `write_audit` has them all.
    """
    shown = audit.flagged[:limit]
    counts = Counter(term.aspect for term in shown)
    return render_page(
        "audit.html.j2",
        title="Label audit of GO release {}",
        named=audit.release,
        scripts=[read_asset("audit.js")],
        about=describe_audit(audit),
        model=audit.model,
        meaning=describe_probabilities(audit.model),
        cases=shown,
        n_flagged=len(audit.flagged),
        filters=[(aspect, counts[aspect]) for aspect in ASPECTS],
        n_twice=sum(term.doubted_twice for term in shown),
        tables={"flagged": _flagged_table(audit), "boundary": _boundary_table(audit.boundary)},
        cuts=cut_table(audit.model.name, audit.cuts),
        openings=_openings_table(audit),
        picture=image_address(plot_cuts(audit.model.name, audit.cuts)),
    )


def write_audit(audit: LabelAudit, path: Path | str) -> None:
    """Write all flagged terms as a TSV, the most suspect first, whole or not at all.

    Runs of white space in texts are one blank. A text that a spreadsheet program would take for a formula
    gets an apostrophe before it.

    Raises:
        SaveError: It cannot be written; an old one is untouched.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(rank, term) for rank, term in enumerate(audit.flagged, start=1))
    write_text(Path(path), stream.getvalue())


def describe_audit(audit: LabelAudit) -> str:
    """Return what was done and found, in a few sentences."""
    low, high = audit.accuracy.interval.low, audit.accuracy.interval.high
    return (
        f"All {audit.n_terms:,} definitions of GO release {audit.release} were judged by models that had "
        f"seen neither them nor a term of their {audit.n_families:,} families: {audit.n_folds} folds of a "
        f"logistic regression on words, word pairs and embeddings ({audit.encoder}). They agree with the "
        f"ontology on {audit.accuracy.value:.2%} of the definitions (95 % interval by family {low:.2%} to "
        f"{high:.2%}). {len(audit.flagged):,} terms are flagged. That is a reason to read them, not a "
        "verdict: many are right where they are, and unusually worded."
    )


def audit_tables(audit: LabelAudit, limit: int) -> tuple[TextTable, ...]:
    """Return the figures of the audit, with the ``limit`` most suspect terms."""
    cases = TextTable(
        f"The {min(limit, len(audit.flagged)):,} most suspect of {len(audit.flagged):,} flagged terms",
        ("term", "name", "aspect", "likely", "label quality", "neighbours elsewhere"),
        tuple(
            (
                term.go_id,
                term.name,
                term.aspect.short,
                term.likely.short,
                f"{term.quality:.{_DECIMALS}f}",
                f"{term.n_foreign} of {len(term.neighbours)}",
            )
            for term in audit.flagged[:limit]
        ),
    )
    return (
        _flagged_table(audit),
        cases,
        _boundary_table(audit.boundary),
        cut_table(audit.model.name, audit.cuts),
        _openings_table(audit),
    )


def _flagged_table(audit: LabelAudit) -> TextTable:
    kinds = {
        "text alone": (Reason.TEXT,),
        "neighbours alone": (Reason.NEIGHBOURS,),
        "both": (Reason.TEXT, Reason.NEIGHBOURS),
    }
    counts = Counter((term.reasons, term.aspect) for term in audit.flagged)
    return TextTable(
        "Flagged terms by the aspect that they have, and why",
        ("flagged for", *(aspect.words for aspect in ASPECTS), "all"),
        tuple(
            (name, *_counted([counts[reasons, aspect] for aspect in ASPECTS]))
            for name, reasons in kinds.items()
        ),
    )


def _counted(counts: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"{count:,}" for count in (*counts, sum(counts)))


def _boundary_table(terms: Iterable[AuditedTerm]) -> TextTable:
    return TextTable(
        "The terms nearest to the boundary",
        ("term", "name", "aspect", *(f"p {aspect.short}" for aspect in ASPECTS), "margin"),
        tuple(
            (
                term.go_id,
                term.name,
                term.aspect.short,
                *(f"{value:.3f}" for value in term.probabilities),
                f"{term.margin:.{_DECIMALS}f}",
            )
            for term in terms
        ),
    )


def _openings_table(audit: LabelAudit) -> TextTable:
    return TextTable(
        "The commonest openings",
        ("first three words", "definitions", "share of all", "aspect of most", "share of that aspect"),
        tuple(
            (row.words, f"{row.n:,}", f"{row.n / audit.n_terms:.1%}", row.aspect.words, f"{row.share:.1%}")
            for row in audit.openings
        ),
    )


def _row(rank: int, term: AuditedTerm) -> tuple[str, ...]:
    return (
        str(rank),
        term.go_id,
        guard_formula(one_line(term.name)),
        term.aspect.value,
        term.likely.value,
        f"{term.quality:.{_DECIMALS}f}",
        ",".join(term.reasons),
        *_figures(term.probabilities),
        *_figures(term.opinion),
        "yes" if term.doubted_twice else "no",
        str(term.n_foreign),
        " ".join(f"{neighbour.go_id}={neighbour.aspect.short}" for neighbour in term.neighbours),
        term.link,
        guard_formula(one_line(term.definition)),
    )


def _figures(probabilities: AspectProbabilities | None) -> tuple[str, ...]:
    if probabilities is None:
        return ("",) * len(ASPECTS)
    return tuple(f"{value:.{_DECIMALS}f}" for value in probabilities)
