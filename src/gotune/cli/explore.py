"""``gotune explore``: pictures of a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import DEFAULTS, DataFolder, Encoder, Json, MaxTokens, Offline, OutputFolder, Quiet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FORMATS = (".png", ".svg")


def explore(
    data: DataFolder,
    output: OutputFolder,
    terms: Annotated[int, typer.Option(min=2, max=60, help="Terms in the graph.")] = 30,
    keep_template_words: Annotated[
        bool, typer.Option("--keep-template-words", help="Leave GO's phrasing in the word cloud.")
    ] = False,
    encoder: Encoder = DEFAULTS.encoder,
    max_tokens: MaxTokens = DEFAULTS.max_tokens,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Draw the best connected terms, the words, the lengths and the aspects of a dataset, as PNG and SVG."""
    from gotune.aspects import Aspect
    from gotune.data.dataset import load_dataset
    from gotune.data.terms import ACYCLIC_RELATIONS, count_aspects, term_graph
    from gotune.models.encoders import load_tokenizer, locate_encoder
    from gotune.models.encoding import count_tokens
    from gotune.output.plots import plot_aspect_counts, plot_definition_lengths
    from gotune.output.term_graph import plot_term_graph
    from gotune.output.word_cloud import TEMPLATE_WORDS, plot_word_cloud

    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing("reading"):
        dataset = load_dataset(data)
        defined = dataset.terms[dataset.terms["definition"].notna()]
        definitions = defined["definition"].tolist()
    written: list[str] = []

    def save(figure: Figure, name: str) -> None:
        written.extend(_save(figure, output, name))

    with screen.doing("drawing the term graph"):
        # The whole go.obo has relations, such as has_part, that run in circles; these do not.
        edges = dataset.edges[dataset.edges["relation"].isin(ACYCLIC_RELATIONS)]
        save(plot_term_graph(term_graph(dataset.terms, edges), terms), "term_graph")
    with screen.doing("drawing the word cloud"):
        save(plot_word_cloud(definitions, () if keep_template_words else TEMPLATE_WORDS), "word_cloud")
    with screen.doing("counting word pieces"):
        tokenizer = load_tokenizer(locate_encoder(encoder, offline=offline, weights=False))
        tokens = count_tokens(tokenizer, definitions)
    aspects = [Aspect(value) for value in defined["aspect"]]
    save(plot_definition_lengths(defined["n_words"], tokens, aspects, max_tokens), "definition_lengths")
    save(plot_aspect_counts(count_aspects(defined)), "aspect_counts")
    for path in written:
        screen.say(path)
    screen.result({"figures": written})


def _save(figure: Figure, folder: Path, name: str) -> list[str]:
    from gotune.output.figures import save_figure

    paths = [folder / (name + suffix) for suffix in _FORMATS]
    for path in paths:
        save_figure(figure, path)
    return [str(path) for path in paths]
