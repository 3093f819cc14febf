"""Pictures of a dataset, of a term and its ancestors, and of terms on a map: `gotune explore`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import (
    DEFAULTS,
    RELEASE,
    DataFolder,
    Device,
    Encoder,
    Json,
    Lenient,
    MaxTokens,
    NoVerify,
    Offline,
    OutputFolder,
    PrecisionOption,
    Quiet,
    Release,
    Seed,
    group,
    refuse_options,
)
from gotune.cli.sentences import load_transformer
from gotune.config import Precision
from gotune.errors import UnknownTermError
from gotune.explanation.term_map.results import Projection

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

_ID = re.compile(r"\w+:\d+")
"""What is taken for an id: names of terms have colons, too, but no digits alone behind one."""

explore = group("Draw a dataset, a term with its ancestors, or a map of terms.")

Picture = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="Picture to write: .png or .svg.")
]

_SHOWN_TERMS = 5
"""Of those whose name has the words that were given."""


@explore.command(epilog="Example: gotune explore dataset data/ -o figures/")
def dataset(
    data: DataFolder,
    output: OutputFolder,
    terms: Annotated[int, typer.Option(min=2, max=60, metavar="N", help="Terms in the graph.")] = 30,
    keep_template_words: Annotated[
        bool, typer.Option("--keep-template-words", help="Leave GO's phrasing in the word cloud.")
    ] = False,
    encoder: Encoder = DEFAULTS.encoder,
    max_tokens: MaxTokens = DEFAULTS.max_tokens,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Draw terms, words, lengths and aspects of a dataset.

    Four pictures, each as PNG and SVG: the graph of the terms of highest degree, a word cloud, how long the
    definitions are in words and word pieces, and how many there are of each aspect.
    """
    from gotune.aspects import Aspect
    from gotune.datasets.definitions import load_dataset
    from gotune.datasets.word_cloud import (
        TEMPLATE_WORDS,
        plot_aspect_counts,
        plot_definition_lengths,
        plot_word_cloud,
    )
    from gotune.files import check_folder
    from gotune.model.encoders import load_tokenizer, locate_encoder
    from gotune.model.tokens import count_tokens
    from gotune.ontology.graph import ACYCLIC_RELATIONS, count_aspects, term_graph
    from gotune.render.figures import save_both
    from gotune.render.term_graph.pictures import plot_term_graph

    check_folder(output)
    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing("reading"):
        found = load_dataset(data)
        defined = found.terms[found.terms["definition"].notna()]
        definitions = defined["definition"].tolist()
    written: list[Path] = []
    with screen.doing("drawing the term graph"):
        # The whole go.obo has relations, such as has_part, that run in circles; these do not.
        edges = found.edges[found.edges["relation"].isin(ACYCLIC_RELATIONS)]
        written += save_both(plot_term_graph(term_graph(found.terms, edges), terms), output / "term_graph")
    with screen.doing("drawing the word cloud"):
        cloud = plot_word_cloud(definitions, () if keep_template_words else TEMPLATE_WORDS)
        written += save_both(cloud, output / "word_cloud")
    with screen.doing("counting word pieces"):
        tokenizer = load_tokenizer(locate_encoder(encoder, offline=offline, weights=False))
        tokens = count_tokens(tokenizer, definitions)
    aspects = [Aspect(value) for value in defined["aspect"]]
    lengths = plot_definition_lengths(defined["n_words"], tokens, aspects, max_tokens)
    written += save_both(lengths, output / "definition_lengths")
    written += save_both(plot_aspect_counts(count_aspects(defined)), output / "aspect_counts")
    for path in written:
        screen.say(str(path))
    screen.result({"encoder": encoder, "figures": list(map(str, written))})


@explore.command(epilog="Example: gotune explore term GO:0015986 -o term.svg")
def term(
    which: Annotated[
        str, typer.Argument(metavar="TERM", help="Id or name of a term: GO:0005739, mitochondrion.")
    ],
    output: Picture,
    release: Release = RELEASE,
    children: Annotated[
        int,
        typer.Option(min=0, max=30, metavar="N", help="Children to show, those with most descendants."),
    ] = 0,
    lenient: Lenient = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Draw a term and all its ancestors up to the roots.

    They are those over is_a, part_of and the kinds of regulates. A name is looked for among the names and
    exact synonyms of the release.
    """
    from gotune.ontology.graph import find_neighbourhood
    from gotune.ontology.loading import load_ontology
    from gotune.render.figures import check_figure_name, save_figure
    from gotune.render.term_graph.pictures import plot_neighbourhood

    check_figure_name(output)
    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing(f"reading {release}"):
        ontology = load_ontology(release, offline=offline, lenient=lenient)
        go_id = _live_id(ontology, which, screen) if _ID.fullmatch(which) else _named(ontology, which, screen)
        found = find_neighbourhood(ontology, go_id, children=children)
    with screen.doing("drawing"):
        save_figure(plot_neighbourhood(found), output)
    screen.say(f"{found.term} has {found.n_ancestors:,} ancestors and {found.n_children:,} children.")
    screen.say(f"Written to {output}")
    screen.result(
        {
            "term": found.term,
            "release": found.release,
            "ancestors": found.n_ancestors,
            "children": found.n_children,
            "figure": str(output),
        }
    )


def _live_id(ontology: Ontology, go_id: str, screen: Screen) -> str:
    """Return the id of the one live term that an id stands for; where there are several, a person chooses."""
    instead = ontology.resolve(go_id)
    if go_id in ontology or len(instead) != 1:
        return go_id
    live = ontology[instead[0]]
    screen.warn(f"{go_id} is an obsolete or alternative id; {live.id} ({live.name}) is drawn instead.")
    return live.id


def _named(ontology: Ontology, name: str, screen: Screen) -> str:
    """Return the id of the one term that a name stands for.

    Raises:
        UnknownTermError: There is none, or there are several and none has just this name.
    """
    found = ontology.search(name)
    if found and (len(found) == 1 or found[0].is_called(name)):
        screen.say(f"{name} is {found[0].id} ({found[0].name}).")
        return found[0].id
    shown = ", ".join(f"{one.id} ({one.name})" for one in found[:_SHOWN_TERMS])
    raise UnknownTermError(
        name,
        expected=f"the id or the name of a term of release {ontology.release}",
        found=f"{len(found):,} terms with that in their names: {shown}" if found else "no such name",
        do="Name one of them by its id." if found else "Check the spelling, or give an id: GO:0015986.",
    )


@explore.command("map", epilog="Example: gotune explore map data/ -m model/ -o map.png")
def term_map(
    data: DataFolder,
    output: Picture,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            "-m",
            metavar="MODEL",
            help="Folder made by `gotune train`, whose encoder to take instead of --encoder.",
        ),
    ] = None,
    method: Annotated[
        Projection, typer.Option(help="How the terms come onto the plane; umap needs the extra 'explore'.")
    ] = Projection.PCA,
    terms: Annotated[
        int, typer.Option(min=10, max=10_000, metavar="N", help="Terms to draw, at most.")
    ] = 1500,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=f"Pretrained encoder; {DEFAULTS.encoder} if left out.",
        ),
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            min=3,
            metavar="N",
            help=f"Word pieces of a definition to read; {DEFAULTS.max_tokens} if left out.",
        ),
    ] = None,
    seed: Seed = DEFAULTS.seed,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    no_verify: NoVerify = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Draw terms as points, like definitions near each other.

    Terms of the random test part, coloured by aspect; what a model, or an encoder that has learned nothing
    yet, makes of their definitions.
    """
    if model is not None:
        refuse_options({"--encoder": encoder, "--max-tokens": max_tokens}, without="no --model")
    from gotune.datasets.definitions import load_dataset
    from gotune.explanation.term_map.report import plot_term_map
    from gotune.explanation.term_map.run import map_terms
    from gotune.model.embedding import TextEncoder
    from gotune.model.light_bundle import read_manifest
    from gotune.render.figures import check_figure_name, save_figure

    check_figure_name(output)
    if model is not None:
        read_manifest(model, verify=not no_verify)
    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing("reading"):
        found = load_dataset(data)
    if model is None:
        info = None
        with screen.doing("loading the encoder"):
            points = TextEncoder.pretrained(
                encoder or DEFAULTS.encoder,
                max_tokens=max_tokens or DEFAULTS.max_tokens,
                offline=offline,
                device=device,
                precision=precision,
            )
    else:
        classifier = load_transformer(model, screen, device=device, precision=precision, verify=not no_verify)
        info, points = classifier.info.to_dict(), classifier.encoder
    drawn = map_terms(found, points, n_terms=terms, projection=method, seed=seed, track=screen.track)
    save_figure(plot_term_map(drawn), output)
    screen.say(
        f"{len(drawn.terms):,} terms; the nearest neighbour of {drawn.agreement:.1%} has the same aspect."
    )
    screen.say(f"Written to {output}")
    screen.result({"model": info, **drawn.to_dict(), "figure": str(output)})
