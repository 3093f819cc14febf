"""``gotune label`` and ``gotune ask``: unlabelled text becomes sentences to learn from."""

from __future__ import annotations

from itertools import compress
from pathlib import Path
from typing import Annotated

import typer

from gotune.aspects import ASPECTS
from gotune.cli.console import Screen
from gotune.cli.options import (
    RELEASE,
    Device,
    Json,
    ModelFolder,
    NoVerify,
    Offline,
    PrecisionOption,
    Quiet,
    Release,
)
from gotune.cli.texts import ArticleColumn, Sources, TextColumn, Texts, keep_sources
from gotune.config import Precision
from gotune.errors import InputError
from gotune.model.shipped import DEFAULT_MODEL
from gotune.records import Role

_PROSE = (Role.SENTENCE, Role.HEADING, Role.CAPTION)
"""What `label` labels: names of terms in references and addresses tell of no aspect."""


def label(
    sources: Sources,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .jsonl file to write.")],
    release: Release = RELEASE,
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
    documents = Texts(sources, text_column, article_column, screen)
    keep_sources([output], sources, text_column)
    with screen.doing(f"reading {release}"):
        ontology = load_ontology(release, offline=offline)
        names = {term.id: term.name for term in ontology.terms()}
    texts, articles, roles = split_documents(documents)
    is_prose = [role in _PROSE for role in roles]
    texts, articles = list(compress(texts, is_prose)), list(compress(articles, is_prose))
    if not texts:
        raise InputError(
            ", ".join(sources), expected="some prose", found="none", do="Name other text, or another column."
        )
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


def ask(
    sources: Sources,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .tsv file to write.")],
    model: ModelFolder = DEFAULT_MODEL,
    n: Annotated[int, typer.Option("--number", "-n", min=1, metavar="N", help="How many sentences.")] = 50,
    text_column: TextColumn = None,
    article_column: ArticleColumn = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    no_verify: NoVerify = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Choose the sentences that a model is least certain about, for a person to label.

    The column `aspects` of the table has a question mark in each row: write BP, CC and MF there, with commas
    between them, or none; leave the question mark where you cannot tell. Then train on it with `gotune train
    --sentences`, and ask again. Headings, references, what is said twice and what the model has learned from
    are never chosen.
    """
    from gotune.corpus.documents import split_documents
    from gotune.model.classifier import AspectClassifier
    from gotune.render.wording import counted
    from gotune.training.ask import ask as choose
    from gotune.training.ask import check_questions_name, write_questions

    check_questions_name(output)
    screen = Screen(quiet=quiet, as_json=as_json)
    documents = Texts(sources, text_column, article_column, screen)
    keep_sources([output], sources, text_column)
    texts, articles, roles = split_documents(documents)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision, verify=not no_verify)
    found = choose(classifier, texts, articles, n, roles=roles, track=screen.track)
    if not found:
        raise InputError(
            ", ".join(sources),
            expected="sentences worth labelling",
            found=f"none among {len(texts):,}: headings, references, no English, no biology, or "
            "learned from already",
            do="Give other text.",
        )
    write_questions(found, output)
    n_articles = len({question.article for question in found})
    screen.show_rows(
        ("unsure of", "sentences"),
        [(aspect.words, f"{sum(aspect in one.unsure_of for one in found):,}") for aspect in ASPECTS],
    )
    screen.say(f"{len(found):,} of {counted(len(texts), 'sentence')}, of {counted(n_articles, 'article')}.")
    if n_articles == 1:
        screen.warn("All are of one article; training needs labelled sentences of two or more.")
    screen.say(f"Written to {output}")
    screen.result(
        {
            "model": classifier.info.to_dict(),
            "path": str(output),
            "sentences": [question.to_dict() for question in found],
        }
    )
