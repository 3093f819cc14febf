"""What a model sees in a text and why it says what it says: `gotune explain`, `attention` and `tokens`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.aspects import Aspect
from gotune.cli.console import Screen
from gotune.cli.options import (
    DEFAULTS,
    Device,
    Encoder,
    Json,
    MaxTokens,
    ModelFolder,
    NoVerify,
    Offline,
    PrecisionOption,
    Quiet,
    Transformer,
    Without,
    aspect_named,
    check_outputs,
    refuse_options,
)
from gotune.cli.sentences import load_model, load_transformer
from gotune.config import Precision
from gotune.errors import DatasetError, DownloadError, OboError, UnknownReleaseError
from gotune.explanation.attention.results import AttentionView
from gotune.explanation.attribution.results import Explanation, Method, Neighbour
from gotune.lines import printable
from gotune.model.shipped import DEFAULT_MODEL
from gotune.records import Witness

if TYPE_CHECKING:
    from rich.text import Text

    from gotune.model.classifier import TransformerClassifier

_SHOWN_WORDS = 10
_NEIGHBOURS = 5
_PAGE, _PICTURES = ".html", (".png", ".svg")

Sentence = Annotated[str, typer.Argument(metavar="TEXT", help="One sentence or definition.")]


def explain(
    text: Sentence,
    model: ModelFolder = DEFAULT_MODEL,
    aspect: Annotated[
        Aspect | None,
        typer.Option(
            metavar="NAME",
            parser=aspect_named,
            help="The aspect to explain, BP, CC, MF or its name; else the most probable one carried.",
        ),
    ] = None,
    method: Annotated[
        Method | None,
        typer.Option(
            help="Integrated gradients of the encoder, which are taken if there is one, or leaving words out "
            "in turn."
        ),
    ] = None,
    neighbours: Annotated[
        int | None,
        typer.Option(
            "--neighbours",
            "-n",
            min=0,
            metavar="N",
            help=f"Similar definitions to show, {_NEIGHBOURS} if left out; 0 skips them.",
        ),
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Page (.html), picture (.png, .svg) or .json to write, as often as wanted.",
        ),
    ] = None,
    release: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="OBO file that the model learned from, if it was not a pinned release."
        ),
    ] = None,
    offline: Offline = False,
    without: Without = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    no_verify: NoVerify = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell which words of a text speak for and against an aspect.

    And what each witness of the model says, and which definitions, of those that the model has learned from,
    the text is like. Weights are in log-odds. Those of integrated gradients add up to what the encoder says,
    but for the completeness error; those of occlusion are a second opinion that knows nothing of how the
    model works inside.
    """
    if Witness.ENCODER in (without or ()):
        refuse_options({"--neighbours": neighbours or None}, without="the encoder")
    if neighbours == 0:
        refuse_options({"--release": release}, without="--neighbours above 0")
    from gotune.explanation.attribution.run import explain as explain_text
    from gotune.model.classifier import TransformerClassifier
    from gotune.ontology.loading import check_source

    outputs = output or []
    check_outputs(outputs, (_PAGE, *_PICTURES, ".json"))
    if release is not None:
        check_source(release)
    screen = Screen(quiet=quiet, as_json=as_json)
    classifier = load_model(model, screen, without, device=device, precision=precision, verify=not no_verify)
    transformer = classifier if isinstance(classifier, TransformerClassifier) else None
    if transformer is None:
        refuse_options(
            {"--neighbours": neighbours or None, "--release": release}, without="an encoder for torch"
        )
    way = method or (Method.OCCLUSION if transformer is None else Method.GRADIENTS)
    with screen.doing("explaining"):
        explanation = explain_text(classifier, text, aspect=aspect, method=way)
    _show(explanation, screen)  # at once, as embedding the definitions may take a while
    if transformer is not None:
        n_neighbours = _NEIGHBOURS if neighbours is None else neighbours
        found = _neighbours(transformer, text, n_neighbours, release, screen, offline=offline)
        _show_neighbours(found, screen)
        explanation = explanation.with_neighbours(found)
    for path in outputs:
        _write(explanation, path)
        screen.say(f"Written to {path}")
    screen.result(explanation.to_dict())


def _neighbours(
    classifier: TransformerClassifier,
    text: str,
    n: int,
    release: str | None,
    screen: Screen,
    *,
    offline: bool,
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
    from gotune.explanation.attribution.wording import (
        account_table,
        describe_answer,
        describe_chance,
        describe_encoder,
        describe_method,
        describe_sum,
        name_table,
        phrase_table,
        word_table,
    )
    from gotune.render.wording import describe_probabilities

    screen.say(f"Why {explanation.aspect.words}:")
    screen.show_text(_tinted(explanation))
    screen.say("")
    account = account_table(explanation)
    screen.explain(describe_answer(explanation))
    screen.explain(describe_chance(explanation))
    if account is None:
        screen.explain(describe_sum(explanation))
    else:
        screen.show(account)
    if encoder := describe_encoder(explanation):
        screen.explain(encoder)
    screen.show(word_table(explanation, _SHOWN_WORDS))
    screen.explain(describe_method(explanation))
    beside = (name_table(explanation), phrase_table(explanation, _SHOWN_WORDS))
    screen.show(*(table for table in beside if table is not None))
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
        shown = printable(re.sub(r"\s", " ", stretch.text))
        text.append(shown, f"{style} underline" if stretch.against else style)
    return text


def _write(explanation: Explanation, path: Path) -> None:
    from gotune.files import write_json, write_text

    suffix = path.suffix.lower()
    if suffix == _PAGE:
        from gotune.explanation.attribution.report import render_explanation

        write_text(path, render_explanation(explanation))
    elif suffix == ".json":
        write_json(path, explanation.to_dict())
    else:
        from gotune.explanation.attribution.report import plot_explanation
        from gotune.render.figures import save_figure

        save_figure(plot_explanation(explanation), path)


def attention(
    text: Sentence,
    model: Transformer,
    output: Annotated[
        list[Path],
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Page (.html), or picture of one head for print (.png, .svg), as often as wanted.",
        ),
    ],
    view: Annotated[
        AttentionView | None,
        typer.Option(
            help="On the page: head shows the heads of a layer in full, as it does if left out, and model "
            "all of the model in small.",
        ),
    ] = None,
    layer: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Layer to show first; 0, the lowest, if left out.")
    ] = None,
    head: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Head to show first, from 0; all if left out.")
    ] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    no_verify: NoVerify = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show which word pieces look at which, layer by layer.

    A page that opens anywhere, with the network off: BertViz draws, and layers and heads can be chosen in it.
    They are counted from 0, as in BertViz.
    """
    check_outputs(output, (_PAGE, *_PICTURES))
    pages = [path for path in output if path.suffix.lower() == _PAGE]
    _check_attention(output, pages, view, layer, head)
    from gotune.explanation.attention.report import plot_attention, render_attention
    from gotune.explanation.attention.run import attention_of
    from gotune.files import write_text
    from gotune.render.figures import save_figure
    from gotune.render.wording import describe_doubts

    screen = Screen(quiet=quiet, as_json=as_json)
    classifier = load_transformer(model, screen, device=device, precision=precision, verify=not no_verify)
    found = attention_of(classifier, text)
    # All are made before one is written, so that a text that is too long for one leaves nothing behind.
    writes = [
        partial(
            write_text,
            path,
            render_attention(found, view=view or AttentionView.HEAD, layer=layer or 0, head=head),
        )
        for path in pages
    ]
    if head is not None:
        writes += [
            partial(save_figure, plot_attention(found, layer or 0, head), path)
            for path in output
            if path not in pages
        ]
    for write in writes:
        write()
    if found.classified.doubts:
        screen.warn(describe_doubts(found.classified.doubts))
    screen.say(f"{len(found.pieces):,} word pieces, {found.n_layers} layers of {found.n_heads} heads.")
    for path in output:
        screen.say(f"Written to {path}")
    screen.result(found.to_dict())


def _check_attention(
    output: Sequence[Path],
    pages: Sequence[Path],
    view: AttentionView | None,
    layer: int | None,
    head: int | None,
) -> None:
    """Refuse a picture of no head, and what does nothing to a page or a picture."""
    if not pages:
        refuse_options({"--view": view}, without="-o FILE.html")
    if head is not None:
        return
    if len(pages) < len(output):
        raise typer.BadParameter("-o: a picture shows one head: name it, --head N")
    if view is AttentionView.MODEL and layer is not None:
        raise typer.BadParameter("--layer: expected --head N with it, as the model view shows every layer")


def tokens(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Any text.")],
    encoder: Encoder = DEFAULTS.encoder,
    max_tokens: MaxTokens = DEFAULTS.max_tokens,
    offline: Offline = False,
    as_json: Json = False,
) -> None:
    """Show the word pieces that an encoder sees of a text.

    With their ids, type ids and attention mask: what the first layer gets.
    """
    from gotune.model.encoders import load_tokenizer, locate_encoder
    from gotune.model.tokens import tokens_of

    screen = Screen(as_json=as_json)
    tokenizer = load_tokenizer(locate_encoder(encoder, offline=offline, weights=False))
    found = tokens_of(tokenizer, text, max_tokens)
    screen.show_rows(
        ("piece", "id", "type id", "mask"),
        [(token.piece, str(token.id), str(token.type_id), str(token.mask)) for token in found],
    )
    screen.result({"encoder": encoder, "tokens": [asdict(token) for token in found]})
