"""``gotune explain``: which words speak for an aspect, and what the model has read that is like them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.aspects import ASPECTS
from gotune.cli.console import Screen, printable
from gotune.cli.options import Device, Json, ModelFolder, Offline, PrecisionOption, Quiet
from gotune.config import Precision
from gotune.errors import DatasetError, DownloadError, OboError, UnknownReleaseError
from gotune.explanation.attribution.results import Explanation, Method, Neighbour

if TYPE_CHECKING:
    from rich.text import Text

    from gotune.model.classifier import AspectClassifier

_SHOWN_WORDS = 10
_SUFFIXES = (".html", ".png", ".svg", ".json")
_ASPECTS = {aspect.short: aspect for aspect in ASPECTS}


def explain(
    text: Annotated[str, typer.Argument(help="One sentence or definition.")],
    model: ModelFolder,
    aspect: Annotated[
        str | None,
        typer.Option(help="BP, CC or MF: the aspect to explain; else the most probable one carried."),
    ] = None,
    method: Annotated[
        Method, typer.Option(help="Integrated gradients, or leaving words out in turn.")
    ] = Method.GRADIENTS,
    neighbours: Annotated[
        int,
        typer.Option(
            "--neighbours", "-n", min=0, help="Definitions to show; the first time takes minutes, 0 skips it."
        ),
    ] = 5,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A .html, .png, .svg or .json file to write.")
    ] = None,
    release: Annotated[
        str | None,
        typer.Option(help="OBO file that the model learned from, if it was not a pinned release."),
    ] = None,
    offline: Offline = False,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell which words of a text speak for and against an aspect, and which definitions it is like.

    Weights are in log-odds. Those of integrated gradients add up to the score, but for the completeness
    error; those of occlusion are a second opinion that knows nothing of how the model works inside.
    """
    from gotune.explanation.attribution.run import explain as explain_text
    from gotune.files import check_file
    from gotune.model.classifier import AspectClassifier

    chosen = None if aspect is None else _ASPECTS.get(aspect.upper())
    if aspect is not None and chosen is None:
        raise typer.BadParameter(f"--aspect is one of {', '.join(_ASPECTS)}, found {aspect}")
    if output is not None:
        check_file(output, _SUFFIXES, do="Rename it, for example to explanation.html.")
    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision)
    with screen.doing("explaining"):
        explanation = explain_text(classifier, text, aspect=chosen, method=method)
    _show(explanation, screen)  # at once, as embedding the definitions may take minutes
    found = _neighbours(classifier, text, neighbours, release, screen, offline=offline)
    _show_neighbours(found, screen)
    explanation = explanation.with_neighbours(found)
    if output is not None:
        _write(explanation, output)
        screen.say(f"Written to {output}")
    screen.result(explanation.to_dict())


def _neighbours(
    classifier: AspectClassifier, text: str, n: int, release: str | None, screen: Screen, *, offline: bool
) -> tuple[Neighbour, ...]:
    """Return the nearest definitions; without the release of the model all else still says a lot."""
    from gotune.explanation.neighbours import NearestDefinitions
    from gotune.ontology.loading import load_ontology
    from gotune.ontology.releases import RELEASES

    if n == 0:
        return ()
    if release is None and classifier.info.release not in RELEASES:
        # A name in a bundle is not taken for the path of a file.
        screen.warn("Similar definitions are left out; --release names an OBO file.")
        return ()
    try:
        with screen.doing("reading the release"):
            ontology = load_ontology(release or classifier.info.release, offline=offline)
        nearest = NearestDefinitions.of(classifier, ontology, track=screen.track)
    except (DownloadError, UnknownReleaseError, OboError, DatasetError) as exc:
        if release is not None:
            raise
        screen.warn(f"Similar definitions are left out; --release names an OBO file. {exc}")
        return ()
    return nearest.nearest(text, n)


def _show(explanation: Explanation, screen: Screen) -> None:
    from gotune.explanation.attribution.report import (
        describe_answer,
        describe_chance,
        describe_method,
        describe_sum,
        name_table,
        word_table,
    )
    from gotune.render.wording import describe_probabilities

    screen.say(f"Why {explanation.aspect.words}:")
    screen.show_text(_tinted(explanation))
    screen.say("")
    for sentence in (describe_answer(explanation), describe_chance(explanation), describe_sum(explanation)):
        if sentence:
            screen.explain(sentence)
    screen.show(word_table(explanation, _SHOWN_WORDS))
    screen.explain(describe_method(explanation.method))
    if (names := name_table(explanation)) is not None:
        screen.show(names)
    screen.explain(describe_probabilities(explanation.model))


def _show_neighbours(neighbours: Sequence[Neighbour], screen: Screen) -> None:
    if neighbours:
        rows = [(f"{one.go_id}  {one.name}", one.aspect.short, f"{one.similarity:.4f}") for one in neighbours]
        title = "The most similar definitions that the model has learned from"
        screen.show_rows(("term", "aspect", "similarity"), rows, title)


def _tinted(explanation: Explanation) -> Text:
    """Return the text in the colours of the page; what speaks against the aspect is underlined."""
    from rich.text import Text

    from gotune.explanation.attribution.report import tinted_stretches

    text = Text()
    for stretch in tinted_stretches(explanation):
        # All on white: on a dark terminal the palest tints would be the brightest.
        style = f"{stretch.ink} on {stretch.colour or '#ffffff'}"
        text.append(printable(stretch.text), f"{style} underline" if stretch.against else style)
    return text


def _write(explanation: Explanation, path: Path) -> None:
    from gotune.files import write_text

    suffix = path.suffix.lower()
    if suffix == ".html":
        from gotune.explanation.attribution.report import render_explanation

        write_text(path, render_explanation(explanation))
    elif suffix == ".json":
        write_text(path, json.dumps(explanation.to_dict(), indent=2) + "\n")
    else:
        from gotune.explanation.attribution.report import plot_explanation
        from gotune.render.figures import save_figure

        save_figure(plot_explanation(explanation), path)
