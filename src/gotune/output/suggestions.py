"""Sentences to label as a table that a person fills in, and `gotune train --sentences` reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from gotune.aspects import ASPECTS, Aspect
from gotune.files import check_file, write_text
from gotune.labels.label_cells import NONE, NOT_LABELLED
from gotune.results.suggestion import Suggestion
from gotune.text.plain_text import FORMULA_STARTS

# Columns of probabilities under the bare names of the aspects would be taken for the labels.
COLUMNS = (
    "article",
    "sentence",
    "text",
    "aspects",
    "model_says",
    "unsure_of",
    "uncertainty",
    *(f"p_{aspect.value}" for aspect in ASPECTS),
)
"""The columns of the table; ``aspects`` is for the person, what follows is from the model."""

_DECIMALS = 3


def write_suggestions(suggestions: Iterable[Suggestion], path: Path | str) -> None:
    """Write a TSV, a line a sentence, whole or not at all.

    The column ``aspects`` has a question mark in each row. The person writes BP, CC and MF there, with commas
    between them, or ``none``; rows left with the question mark are not learned from. Runs of white space in
    texts are one blank. A cell that begins with a quote is put into quotes, as spreadsheet programs expect.
    An article that such a program would take for a formula gets an apostrophe before it.

    Raises:
        InputError: The name does not end in ``.tsv``.
        SaveError: It cannot be written; an old one is untouched.
    """
    path = Path(path)
    check_suggestions_name(path)
    lines = ["\t".join(COLUMNS), *("\t".join(map(_cell, _cells(found))) for found in suggestions)]
    write_text(path, "\n".join(lines) + "\n")


def check_suggestions_name(path: Path) -> None:
    """Refuse a name that is not that of a TSV, before any work is done.

    Raises:
        InputError: The name does not end in ``.tsv``.
        SaveError: It cannot be written there.
    """
    check_file(path, (".tsv",), do="Rename it, for example to to_label.tsv; spreadsheet programs open it.")


def _cells(found: Suggestion) -> tuple[str, ...]:
    return (
        _article(found.article),
        str(found.sentence),
        found.text,
        NOT_LABELLED,
        _codes(found.aspects),
        _codes(found.unsure_of),
        f"{found.uncertainty:.{_DECIMALS}f}",
        *(f"{probability:.{_DECIMALS}f}" for probability in found.probabilities),
    )


def _codes(aspects: Sequence[Aspect]) -> str:
    """Return aspects as a person writes them into the table: ``BP,CC``, or ``none``."""
    return ",".join(aspect.short for aspect in aspects) or NONE


def _article(name: str) -> str:
    return "'" + name if name.lstrip().startswith(FORMULA_STARTS) else name


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    return '"' + flat.replace('"', '""') + '"' if flat.startswith('"') else flat
