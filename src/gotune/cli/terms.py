"""``gotune index``, ``search``, ``annotate``: the terms that texts mean and name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.aspects import Aspect
from gotune.cli.console import Screen
from gotune.cli.options import (
    RELEASE,
    Json,
    Lenient,
    Offline,
    OutputFolder,
    Quiet,
    Release,
    aspect_named,
    check_outputs,
    refuse_options,
)
from gotune.cli.shards import Cluster, Workers, folder_of, run_on
from gotune.cli.texts import FOLDERS, ArticleColumn, TextColumn, Texts, keep_sources, paths_of
from gotune.errors import InputError
from gotune.files import is_there

if TYPE_CHECKING:
    from gotune.corpus.documents import Document
    from gotune.linking.annotator import Annotator
    from gotune.linking.results import AnnotatedDocument, Annotation

Index = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="FOLDER",
        help="Made by `gotune index`; the one that comes with gotune if left out.",
    ),
]
AspectOption = Annotated[
    Aspect | None,
    typer.Option(
        "--aspect",
        metavar="NAME",
        parser=aspect_named,
        help="Of one aspect alone: BP, CC, MF or its name.",
    ),
]

_SHOWN_TERMS = 20
_SHOWN_CHARACTERS = 44


def index(
    output: OutputFolder,
    release: Release = RELEASE,
    lenient: Lenient = False,
    before: Index = None,
    changes: Annotated[
        Path | None,
        typer.Option(
            "--drift", metavar="FILE", help="Write what changed since the release of --index: a .tsv file."
        ),
    ] = None,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make the terms of a release ready for search and annotate.

    What gotune has learned of words and names goes with it. For the default release this comes with gotune.
    """
    from gotune.files import check_replaceable
    from gotune.linking.annotator import Annotator
    from gotune.linking.drift import Change, drift, write_drift
    from gotune.linking.folder import KIND, save_index
    from gotune.ontology.loading import load_ontology

    check_replaceable(output, KIND)
    check_outputs([changes] if changes else [], (".tsv",))
    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing(f"reading {release}"):
        ontology = load_ontology(release, offline=offline, lenient=lenient)
    known = Annotator.load(before)
    made = known.of_release(ontology, track=screen.track)
    differences = drift(known.index, made.index)
    save_index(made, output)
    if changes is not None:
        write_drift(differences, changes)
    found = made.index
    suggested = found.terms.suggested.nonzero()[0].tolist()
    n_terms, n_labels = len(suggested), sum(len(found.labels_of(number)) for number in suggested)
    screen.say(f"{n_terms:,} terms with {n_labels:,} labels of release {ontology.release}.")
    counts = Counter(one.change for one in differences)
    told = ", ".join(f"{counts[change]:,} {change}" for change in Change)
    screen.say(f"Since release {known.index.info.release}: {told}.")
    for path in filter(None, (output, changes)):
        screen.say(f"Written to {path}")
    screen.result(
        {
            "release": ontology.release,
            "terms": n_terms,
            "labels": n_labels,
            "since": known.index.info.release,
            **{change.value: counts[change] for change in Change},
            "folder": str(output),
        }
    )


def search(
    queries: Annotated[list[str], typer.Argument(metavar="QUERY", help="Words, a name or a GO id.")],
    index: Index = None,
    top: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="Terms to give of each.")] = 10,
    threshold: Annotated[
        float, typer.Option(min=0.0, max=1.0, metavar="P", help="Least score of a term that is given.")
    ] = 0.0,
    aspect: AspectOption = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Search for the terms that words mean.

    The score is the probability that a term is meant, if the query is a name of one. Of an obsolete or merged
    id, the terms are given that take its place.
    """
    from gotune.render.wording import shown_score

    screen = Screen(quiet=quiet, as_json=as_json)
    annotator = load_annotator(index, screen)
    results = []
    for query, found in zip(queries, annotator.search(queries, top=top, aspect=aspect), strict=True):
        matches = [match for match in found if match.score >= threshold]
        rows = [
            (match.go_id, match.name, match.aspect.short, shown_score(match.score), match.label)
            for match in matches
        ]
        screen.show_rows(("term", "name", "aspect", "score", "nearest label"), rows, title=query)
        _tell_of_query(query, annotator, bool(matches), screen)
        results.append({"query": query, "matches": [match.to_dict() for match in matches]})
    screen.explain(f"Terms of GO release {annotator.index.info.release}.")
    screen.result(results)


def annotate(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT|SOURCE",
            help=f"A sentence; or text files, {FOLDERS}, - for standard input; or tables with --text-column.",
        ),
    ],
    outputs: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write, as often as wanted: .tsv .jsonl .bioc.json .xlsx (to tick), .html (page); "
            "or, without a suffix, a folder of shards for a corpus of any size.",
        ),
    ] = None,
    index: Index = None,
    threshold: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, metavar="P", help="Least score of a name; .4 if left out."),
    ] = None,
    aspect: AspectOption = None,
    slim: Annotated[
        str | None,
        typer.Option(
            "--slim",
            metavar="NAME|FILE",
            help="Give the terms of a slim: one of the release, such as goslim_generic, or a file of ids.",
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What curators decided, of `gotune curated --decisions`."),
    ] = None,
    text_column: TextColumn = None,
    article_column: ArticleColumn = None,
    workers: Workers = None,
    cluster: Cluster = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find the places of texts that name terms of GO, each with its id.

    Offsets count the code points of the text, the end is exclusive. The score is how often these words meant
    the term in annotated papers, or in how many places words like them do.
    """
    from gotune.linking.changes import changes_of
    from gotune.linking.writing import WRITERS, open_terms
    from gotune.scale.files import Columns
    from gotune.scale.work import AnnotateTask

    written = outputs or []
    screen = Screen(quiet=quiet, as_json=as_json)
    paths = paths_of(sources)
    if (folder := folder_of(written)) is not None:
        task = AnnotateTask(index, threshold, aspect, _slim(slim, written), decisions)
        return run_on(
            task,
            paths,
            Columns(text_column, article_column),
            folder,
            screen,
            workers=workers,
            cluster=cluster,
        )
    refuse_options({"--workers": workers, "--cluster": cluster}, without="-o FOLDER")
    check_outputs(written, WRITERS)
    read: list[str | Path] = [*(paths or []), *([decisions] if decisions else []), *([slim] if slim else [])]
    keep_sources(written, read, text_column)
    wanted = _slim(slim, written)
    texts = _texts(sources, paths, text_column, article_column, screen)
    annotator = load_annotator(index, screen)
    changes = changes_of(annotator.index, decisions, wanted, aspect)
    documents: list[dict[str, object]] = []
    first: AnnotatedDocument | None = None
    n_documents = 0
    with ExitStack() as stack:
        writers = [stack.enter_context(open_terms(path)) for path in written]
        for document in annotator.annotate_all(texts, threshold=threshold):
            for change in changes:
                document = change(document)
            for write in writers:
                write(document)
            n_documents += 1
            if as_json:
                documents.append(_summary(document))
            first = first or document
    if first is not None:  # a folder may lose its files meanwhile
        _tell(first, n_documents, screen)
    for output in written:
        screen.say(f"Written to {output}")
    screen.result({"release": annotator.index.info.release, "documents": documents})


def _texts(
    sources: Sequence[str],
    paths: Sequence[Path] | None,
    text_column: str | None,
    article_column: str | None,
    screen: Screen,
) -> Iterable[Document]:
    if paths is None and text_column is None:
        return [_sentence(sources[0], article_column)]
    return Texts(sources, text_column, article_column, screen)


def _sentence(text: str, article_column: str | None) -> Document:
    from gotune.corpus.documents import Document
    from gotune.corpus.plain_text import VISIBLE

    refuse_options({"--article-column": article_column}, without="a table")
    if not VISIBLE.search(text):
        raise InputError("text", expected="some words", found="none", do="Give a sentence, or files.")
    return Document("text", text)


def _slim(wanted: str | None, outputs: Iterable[Path]) -> str | tuple[str, ...] | None:
    """Return the name of a slim, or the ids of a file, the first word of each line.

    Raises:
        typer.BadParameter: An output is a workbook, whose ticks would be of terms that no text has named.
    """
    from gotune.corpus.readers.text import read_document

    if wanted is not None and any(output.suffix.lower() == ".xlsx" for output in outputs):
        raise typer.BadParameter(
            "--slim: expected no workbook beside it, which is to tick the terms themselves, found one. "
            "Leave --slim out; it may stand beside --decisions afterwards."
        )
    if wanted is None or not is_there(path := Path(wanted), Path.is_file):
        return wanted
    lines = [line.strip() for line in read_document(path).text.splitlines()]
    return tuple(line.split()[0] for line in lines if line and not line.startswith(("#", "!")))


def load_annotator(folder: Path | None, screen: Screen) -> Annotator:
    """Load the index of a folder, or the one that comes with gotune."""
    from gotune.linking.annotator import Annotator

    with screen.doing("loading the index"):
        return Annotator.load(folder)


def _tell_of_query(query: str, annotator: Annotator, is_answered: bool, screen: Screen) -> None:
    from gotune.corpus.screening import Doubt, assess
    from gotune.linking.labels import as_id
    from gotune.render.wording import describe_doubts

    index, go_id = annotator.index, as_id(query)
    if go_id in index.successors and go_id not in index.number_of:
        screen.warn(f"{go_id} is obsolete or was merged; shown is what to use instead, if there is anything.")
    elif go_id is not None and not index.of_id(go_id):
        screen.warn(
            f"{go_id} is not in release {index.info.release}, or no term to annotate with (a root, or one "
            "that GO asks not to use): check the id, or search for words."
        )
    elif not is_answered:
        screen.warn("No term is near, or none of the aspect and score that were asked for.")
    elif len(query.split()) > 1 and Doubt.NOT_ENGLISH in assess(query):
        screen.warn(describe_doubts([Doubt.NOT_ENGLISH.value]))


def _summary(document: AnnotatedDocument) -> dict[str, object]:
    return {
        "document": document.name,
        "annotations": [one.to_dict() for one in document.annotations],
        "terms": [
            {"go_id": term.go_id, "name": term.name, "aspect": term.aspect.value, "score": term.score}
            for term in document.terms
        ],
    }


def _shown(place: Annotation) -> str:
    from gotune.lines import one_line

    surface = one_line(place.surface)[:_SHOWN_CHARACTERS]
    return f"{surface} ({', '.join(place.contexts)})" if place.contexts else surface


def _tell(document: AnnotatedDocument, n_documents: int, screen: Screen) -> None:
    from gotune.render.wording import counted, describe_named, shown_score

    if n_documents > 1:
        screen.say(f"{counted(n_documents, 'document')}; of the first, {document.name}:")
    terms = document.terms
    rows = [
        (
            term.go_id,
            term.name,
            term.aspect.short,
            str(len(term.places)),
            shown_score(term.score),
            _shown(term.first),
        )
        for term in terms[:_SHOWN_TERMS]
    ]
    screen.show_rows(("term", "name", "aspect", "places", "score", "first place"), rows)
    more = f" Shown are the {_SHOWN_TERMS} surest." if len(terms) > _SHOWN_TERMS else ""
    screen.explain(f"{describe_named(document.named)}{more}")
