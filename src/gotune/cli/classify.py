"""``gotune classify``: a sentence, a document or a table to aspect probabilities and what it carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.aspects import ASPECTS, Head
from gotune.cli.console import Screen
from gotune.cli.options import Device, Json, ModelFolder, PrecisionOption, Quiet
from gotune.config import Precision
from gotune.errors import InputError
from gotune.lines import one_line

if TYPE_CHECKING:
    from gotune.model.classifier import AspectClassifier
    from gotune.records import ClassifiedDocument

_SHOWN_SENTENCES = 20
_SHOWN_CHARACTERS = 38


def classify(
    source: Annotated[
        str,
        typer.Argument(metavar="TEXT|FILE", help="A sentence, a text file, or a table with --text-column."),
    ],
    model: ModelFolder,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Sentences of a document: .xlsx .csv .tsv .parquet .json; or a table."
        ),
    ] = None,
    text_column: Annotated[
        str | None, typer.Option(help="Column with the texts of a .tsv, .csv, .jsonl or .parquet table.")
    ] = None,
    pie: Annotated[
        Path | None, typer.Option(help="Pie chart of a document's aspect shares: .png or .svg.")
    ] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell which aspects texts carry, with probabilities and what these mean for the model at hand."""
    from gotune.model.classifier import AspectClassifier

    screen = Screen(quiet=quiet, as_json=as_json)
    path = _as_file(source)
    _check_usage(path, output, text_column, pie)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision)
    if path is None:
        _classify_text(classifier, source, screen)
    elif text_column is not None and output is not None:
        _classify_table(classifier, path, output, text_column, screen)
    else:
        _classify_document(classifier, path, output, pie, screen)


def _as_file(source: str) -> Path | None:
    """Return the file that is meant, or None for a text."""
    path = Path(source)
    if not source.strip():
        return None
    try:
        if path.exists():
            return path
    except (OSError, ValueError):  # too long for a file name, or with a NUL
        return None
    if (path.suffix or "/" in source) and not any(blank in source for blank in " \t\n"):
        raise InputError(
            source, expected="a file", found="none of that name", do="Check the name, or give a sentence."
        )
    return None


def _check_usage(path: Path | None, output: Path | None, text_column: str | None, pie: Path | None) -> None:
    from gotune.corpus.table_sources import SUFFIXES, table_kind
    from gotune.files import check_place
    from gotune.render.document_table import check_table_name
    from gotune.render.figures import check_figure_name

    if path is None and (output or text_column or pie):
        raise typer.BadParameter("--output, --text-column and --pie need a file, found a text")
    if text_column is not None and (output is None or pie is not None):
        raise typer.BadParameter("a table needs --output and takes no --pie")
    is_table = path is not None and path.name.lower().endswith(SUFFIXES)
    if is_table and text_column is None:
        raise typer.BadParameter(f"{path} is a table: name the column with the texts, --text-column NAME")
    # Names that cannot be written are refused before the model is loaded.
    if output is not None and text_column is not None:
        table_kind(output)
        check_place(output)
    elif output is not None:
        check_table_name(output)
    if pie is not None:
        check_figure_name(pie)


def _classify_text(classifier: AspectClassifier, text: str, screen: Screen) -> None:
    from gotune.model.classification import classify_text
    from gotune.render.wording import describe_doubts, describe_probabilities

    found = classify_text(classifier, text)
    if found.truncated:
        screen.say("The text is longer than the model reads; only its start was looked at.")
    rows = [(aspect.words, f"{found.probabilities[aspect]:.4f}") for aspect in ASPECTS]
    screen.show_rows(("aspect", "probability"), rows)
    carried = ", ".join(aspect.words for aspect in found.aspects)
    screen.say(f"carries: {carried or 'none of the three'}")
    screen.explain(describe_probabilities(found.model))
    if found.doubts:
        screen.warn(describe_doubts(found.doubts))
    screen.result(found.to_dict())


def _classify_document(
    classifier: AspectClassifier, path: Path, output: Path | None, pie: Path | None, screen: Screen
) -> None:
    from gotune.corpus.documents import read_document
    from gotune.model.classification import classify_document
    from gotune.render.document_table import write_document
    from gotune.render.figures import save_figure
    from gotune.render.plots import plot_shares
    from gotune.render.wording import describe_doubts

    document = classify_document(classifier, read_document(path), track=screen.track)
    if output is not None:
        write_document(document, output)
    if pie is not None:
        save_figure(plot_shares(document), pie)
    if output is None:
        _show_sentences(document, screen)
    _show_shares(document, screen)
    if document.doubts:
        screen.warn(describe_doubts(document.doubts))
    if document.truncated:
        screen.say(f"{document.truncated:,} sentences were longer than the model reads and were cut.")
    for written in filter(None, (output, pie)):
        screen.say(f"Written to {written}")
    screen.result(document.to_dict())


def _classify_table(
    classifier: AspectClassifier, path: Path, output: Path, text_column: str, screen: Screen
) -> None:
    from gotune.corpus.tables import annotate_table
    from gotune.model.decisions import aspects_of
    from gotune.records import AspectProbabilities
    from gotune.render.wording import NONE, describe_probabilities

    columns = {"aspects": str, **{aspect.value: float for aspect in ASPECTS}}
    truncated = 0

    def annotate(texts: Sequence[str]) -> Mapping[str, Sequence[float | str]]:
        nonlocal truncated
        probabilities, cut = classifier.predict_and_count(texts)
        truncated += cut
        carried = (aspects_of(classifier.info, AspectProbabilities(*row)) for row in probabilities.tolist())
        names = [",".join(aspects) or NONE for aspects in carried]
        return dict(zip(columns, (names, *probabilities.T.tolist()), strict=True))

    rows = annotate_table(
        path, output, text_column=text_column, columns=columns, annotate=annotate, track=screen.track
    )
    screen.say(f"{rows:,} rows, {truncated:,} texts longer than the model reads were cut.")
    info = classifier.info
    screen.explain(describe_probabilities(info))
    screen.say(f"Written to {output}")
    screen.result({"model": info.to_dict(), "rows": rows, "truncated": truncated, "path": str(output)})


def _show_sentences(document: ClassifiedDocument, screen: Screen) -> None:
    from gotune.render.wording import join_names

    rows = []
    for number, found in enumerate(document.sentences[:_SHOWN_SENTENCES], start=1):
        text = one_line(found.sentence.text)
        shown = text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
        carried = join_names(aspect.short for aspect in found.aspects)
        figures = (f"{value:.3f}" for value in found.probabilities)
        rows.append((f"{number}  {shown}", carried, *figures))
    screen.show_rows(("sentence", "aspects", *(aspect.short for aspect in ASPECTS)), rows)
    more = len(document.sentences) - len(rows)
    if more > 0:
        screen.say(f"and {more:,} more; -o sentences.xlsx writes all.")


def _show_shares(document: ClassifiedDocument, screen: Screen) -> None:
    from gotune.render.wording import (
        EQUAL_PARTS,
        NOTHING_CARRIED,
        count_sentences,
        describe_interval,
        describe_probabilities,
    )

    shares = document.shares
    sentences = count_sentences(shares.n_sentences)
    if shares.aspects:
        rows = [
            (aspect.words, f"{estimate.value:.1%}", describe_interval(estimate))
            for aspect, estimate in zip(ASPECTS, shares.aspects, strict=True)
        ]
        title = f"{document.name}: {sentences}, {shares.n_carrying:,} of them with an aspect"
        screen.show_rows(("aspect", "share of those", "95 % interval"), rows, title)
    else:
        screen.say(f"{document.name}: {sentences}, {NOTHING_CARRIED}")
    if document.model.head is Head.MULTI:
        screen.explain(
            f"none: {shares.none.value:.1%} of {sentences} (95 % interval {describe_interval(shares.none)}). "
            f"{EQUAL_PARTS}"
        )
    screen.explain(describe_probabilities(document.model))
