"""``gotune label``: unlabelled text becomes sentences with the labels that the ontology gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gotune.aspects import ASPECTS
from gotune.cli.console import Screen
from gotune.cli.options import Json, Offline, Quiet
from gotune.cli.texts import ArticleColumn, Sources, TextColumn, Texts


def label(
    sources: Sources,
    output: Annotated[Path, typer.Option("--output", "-o", help="A .jsonl file to write.")],
    release: Annotated[
        str, typer.Option(help="Date of a pinned release, or an OBO file (.obo, .gz, .xz).")
    ] = "2021-12-15",
    text_column: TextColumn = None,
    article_column: ArticleColumn = None,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Label sentences by the names of terms in them, with a model of how often that is wrong.

    One JSON object a sentence: its text and article, the aspects, the probability of each, and every mention
    with its term and the kind of evidence. `gotune train --sentences` learns from it; no person has labelled
    anything, so look into it first.
    """
    from gotune.corpus.documents import split_documents
    from gotune.datasets.weak_labels import label_weakly, weak_label_tables, write_weak_labels
    from gotune.files import check_file
    from gotune.ontology.loading import load_ontology

    check_file(output, (".jsonl",), do="Rename it, for example to weak.jsonl; the labels are JSON lines.")
    screen = Screen(quiet=quiet, as_json=as_json)
    texts, articles = split_documents(Texts(sources, text_column, article_column, screen))
    with screen.doing(f"reading {release}"):
        ontology = load_ontology(release, offline=offline)
        names = {term.id: term.name for term in ontology.terms()}
    with screen.doing("labelling"):
        labels = label_weakly(texts, articles, ontology)
    write_weak_labels(labels, names, output)
    screen.show(*weak_label_tables(labels))
    screen.say(f"Written to {output}")
    screen.result(
        {
            "path": str(output),
            "release": ontology.release,
            "sentences": len(labels.texts),
            "articles": len(set(labels.articles)),
            "expected": {
                aspect.value: float(labels.probabilities[:, aspect.label].sum()) for aspect in ASPECTS
            },
        }
    )
