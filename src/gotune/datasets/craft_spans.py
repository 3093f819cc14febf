"""Where the evidence for the aspects stands in CRAFT's sentences."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS
from gotune.datasets.label_cells import Span
from gotune.errors import TableError
from gotune.lines import one_line

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("start", "end", "text", "aspects_rec", "spans", "spans_ext")
"""Columns by which CRAFT's table is known; the evidence for ``aspects_rec`` is read from the others."""

TECHNIQUES = frozenset(
    {
        "GO:0009294",  # transfection
        "GO:0042571",  # antibody
        "GO:0097617",  # hybridization
        "GO_EXT:reverse_transcription_or_reverse_transcriptase",  # RT-PCR
        "CHEBI_GO_EXT:neomycin_or_neomycin_phosphotransferase",
        "GO_EXT:beta_geo",
        "GO_EXT:0004565",  # beta-galactosidase
        "GO_EXT:0015925",  # gal
        "GO_EXT:0045289",  # luciferase
        "GO_EXT:recombinase",  # Cre
        "GO_EXT:phosphoglycerate_kinase",  # the PGK promoter
    }
)
"""Classes that CRAFT's articles name mostly as a technique or reagent; no target to learn."""

CITATION = (
    "CRAFT corpus, annotations CC BY 3.0: Bada et al. 2012, doi:10.1186/1471-2105-13-161; "
    "Verspoor et al. 2012, doi:10.1186/1471-2105-13-207; the licences of the articles differ, "
    "and 3 of the articles are for non-commercial use only"
)

_Annotation = tuple[int, int, str, str, str]
"""First character and character after the last in the article, class, aspect, and the words."""

_LABELS = {aspect.short: aspect.label for aspect in ASPECTS}
_GAP = " ... "


def evidence_spans(table: pd.DataFrame) -> list[list[Span]]:
    """Return the annotations behind ``aspects_rec``, sentence by sentence, with offsets in the sentence.

    These are the core annotations of processes and components and the extension annotations of functions,
    without `TECHNIQUES`.

    Args:
        table: CRAFT's table, with `COLUMNS`; all values are text or what text becomes when pandas reads it.

    Returns:
        For each row its spans, in the order of the annotations. An annotation whose words are not found
        where it says is left out.

    Raises:
        TableError: A list of spans is not one.
    """
    columns = (table[name].astype(str) for name in ("start", "end", "text", "spans", "spans_ext"))
    found: list[list[Span]] = []
    for number, (start, end, text, core, extended) in enumerate(zip(*columns, strict=True), 1):
        try:
            kept = [one for one in _annotations(core) if one[3] != "MF"]
            kept += [one for one in _annotations(extended) if one[3] == "MF"]
            first, lost = int(start), int(end) - int(start) - len(text)
        except (ValueError, TypeError, RecursionError) as exc:
            raise TableError(
                f"row {number} of CRAFT's table",
                expected="offsets, and lists of [start, end, class, aspect, surface]",
                found=f"{start!r}, {end!r}, {core[:60]!r}, {extended[:60]!r}",
                do="Make the table again with `gotune corpus craft`.",
            ) from exc
        found.append([span for one in kept if (span := _placed(text, first, lost, one))])
    return found


def _annotations(cell: str) -> list[_Annotation]:
    """Read a list of annotations, without those that are no target to learn."""
    found: list[_Annotation] = []
    for start, end, go_class, aspect, surface in json.loads(cell):
        if aspect not in _LABELS:
            raise ValueError(aspect)
        if go_class not in TECHNIQUES:
            found.append((int(start), int(end), str(go_class), aspect, str(surface)))
    return found


def _placed(text: str, first: int, lost: int, annotation: _Annotation) -> Span | None:
    """Find an annotation in a sentence that begins at ``first`` and is ``lost`` characters shorter there.

    Runs of white space were joined, so an annotation may stand a little before its offset and be shorter.
    """
    start, end, _, aspect, surface = annotation
    # A discontinuous annotation runs from its first to its last piece.
    pieces = [one_line(piece) for piece in surface.split(_GAP)]
    for begin in _downwards(start - first, lost, text):
        if not text.startswith(pieces[0], begin):
            continue
        for stop in _downwards(begin + end - start, lost, text):
            if stop > begin and text.endswith(pieces[-1], begin, stop):
                return begin, stop, _LABELS[aspect]
    return None


def _downwards(offset: int, lost: int, text: str) -> range:
    return range(min(offset, len(text)), max(offset - lost, 0) - 1, -1)
