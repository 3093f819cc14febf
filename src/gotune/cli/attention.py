"""``gotune attention``: which word pieces of a text look at which, in every layer and head."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import Device, Json, ModelFolder, OutputPage, PrecisionOption, Quiet
from gotune.config import Precision
from gotune.explanation.attention.report import AttentionView


def attention(
    text: Annotated[str, typer.Argument(help="One sentence or definition.")],
    model: ModelFolder,
    output: OutputPage,
    view: Annotated[
        AttentionView, typer.Option(help="The heads of a layer in full, or all of the model in small.")
    ] = AttentionView.HEAD,
    layer: Annotated[int, typer.Option(min=0, help="Layer to show first, counted from 0.")] = 0,
    head: Annotated[
        int | None, typer.Option(min=0, help="Head to show first, counted from 0; all if left out.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Picture of --layer and --head for print: .png or .svg.")
    ] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show the attention of a model over one text as a page that opens anywhere, with the network off.

    It is drawn by BertViz; layers and heads can be chosen in it. They are counted from 0, as in BertViz.
    """
    from gotune.explanation.attention.report import plot_attention, render_attention
    from gotune.explanation.attention.run import attention_of
    from gotune.files import write_text
    from gotune.model.classifier import AspectClassifier
    from gotune.render.figures import check_figure_name, save_figure
    from gotune.render.pages import check_page_name
    from gotune.render.wording import describe_doubts

    if picture is not None and head is None:
        raise typer.BadParameter("--picture shows one head: name it, --head N")
    check_page_name(output)
    if picture is not None:
        check_figure_name(picture)
    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision)
    found = attention_of(classifier, text)
    page = render_attention(found, view=view, layer=layer, head=head)
    # Both are made before one is written, so that a text that is too long for one leaves nothing behind.
    pictures = {} if picture is None or head is None else {picture: plot_attention(found, layer, head)}
    write_text(output, page)
    for path, figure in pictures.items():
        save_figure(figure, path)
    if found.classified.doubts:
        screen.warn(describe_doubts(found.classified.doubts))
    screen.say(f"{len(found.pieces):,} word pieces, {found.n_layers} layers of {found.n_heads} heads.")
    for written in (output, *pictures):
        screen.say(f"Written to {written}")
    screen.result(found.to_dict())
