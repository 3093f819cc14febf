"""``gotune classify``: a sentence, documents or a table to aspect probabilities and what they carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.aspects import ASPECTS, Prefer
from gotune.cli.console import Screen
from gotune.cli.options import (
    Device,
    Json,
    ModelFolder,
    NoVerify,
    PrecisionOption,
    PreferOption,
    Quiet,
    Threads,
    Without,
    refuse_options,
)
from gotune.cli.sentences import load_model
from gotune.cli.shards import Cluster, Workers, folder_of, run_on
from gotune.cli.terms import load_annotator
from gotune.cli.texts import FOLDERS, ArticleColumn, TextColumn, Texts, chosen_column, keep_sources, paths_of
from gotune.config import Precision
from gotune.model.shipped import DEFAULT_MODEL

if TYPE_CHECKING:
    from gotune.corpus.tables import TextTable
    from gotune.model.classification import NameTerms
    from gotune.model.classification_tables import ClassifiedTable
    from gotune.model.classifier import AspectClassifier
    from gotune.model.word_classifier import WordClassifier
    from gotune.records import ClassifiedDocument


def classify(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT|SOURCE",
            help=f"A sentence; or text files, {FOLDERS}, - for standard input; or a table.",
        ),
    ],
    model: ModelFolder = DEFAULT_MODEL,
    outputs: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write, as often as wanted. Of documents .tsv .csv .jsonl .json .parquet; of one "
            "document also .xlsx, .html (page), .png .svg (shares). Of a table .tsv .csv .jsonl .parquet. "
            "Or, without a suffix, a folder of shards for a corpus of any size.",
        ),
    ] = None,
    text_column: TextColumn = None,
    article_column: ArticleColumn = None,
    by_sentence: Annotated[
        bool, typer.Option("--by-sentence", help="Of a table or a corpus, write a row for each sentence.")
    ] = False,
    all_roles: Annotated[
        bool,
        typer.Option(
            "--all-roles", help="Count headings, captions, references and other pieces for the shares, too."
        ),
    ] = False,
    terms: Annotated[
        bool,
        typer.Option("--terms", help="Find the terms that texts name, too, as `gotune annotate` does."),
    ] = False,
    without: Without = None,
    prefer: PreferOption = Prefer.BALANCE,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    threads: Threads = None,
    workers: Workers = None,
    cluster: Cluster = None,
    no_verify: NoVerify = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell which aspects texts carry, with probabilities and what these mean for the model at hand.

    Documents become tables of their sentences. A table keeps all its rows and columns and gets what each text
    carries. A model of sentences reads a text sentence by sentence: the text carries what any of them does.
    """
    screen = Screen(quiet=quiet, as_json=as_json)
    written = outputs or []
    paths = paths_of(sources)
    if (folder := folder_of(written)) is not None:
        from gotune.scale.files import Columns
        from gotune.scale.work import ClassifyTask

        refuse_options({"--all-roles": all_roles, "--terms": terms}, without="a file to write")
        asked = ClassifyTask(
            model,
            by_sentence=by_sentence,
            without=tuple(without or ()),
            prefer=prefer,
            device=device,
            precision=precision,
            threads=threads,
            verify=not no_verify,
        )
        return run_on(
            asked,
            paths,
            Columns(text_column, article_column),
            folder,
            screen,
            workers=workers,
            cluster=cluster,
        )
    refuse_options({"--workers": workers, "--cluster": cluster}, without="-o FOLDER")
    keep_sources(written, paths or [], text_column)
    columns = {"--text-column": text_column, "--article-column": article_column}
    work: Callable[[AspectClassifier | WordClassifier, NameTerms | None, Screen], None]
    if paths is None:
        if written or any(columns.values()) or by_sentence or all_roles:
            raise typer.BadParameter(
                f"--output, {', '.join(columns)}, --by-sentence, --all-roles need a file, found a text"
            )
        work = partial(_classify_text, sources[0])
    elif _is_one_table(paths, text_column):
        refuse_options({"--all-roles": all_roles or None}, without="documents")
        column = chosen_column(paths[0], text_column)
        task = _open_table(paths[0], written, column, article_column, by_sentence, terms)
        work = partial(_classify_table, task)
    else:
        refuse_options({**columns, "--by-sentence": by_sentence or None}, without="one table")
        work = partial(_classify_documents, _open_documents(paths, written, all_roles, screen))
    classifier = load_model(
        model,
        screen,
        without,
        prefer=prefer,
        device=device,
        precision=precision,
        threads=threads,
        verify=not no_verify,
    )
    work(classifier, load_annotator(None, screen).named if terms else None, screen)


def _is_one_table(paths: Sequence[Path], text_column: str | None) -> bool:
    """Whether a table is given, alone."""
    from gotune.corpus.documents import is_table

    tables = [path for path in paths if is_table(path)]
    if tables and len(paths) > 1:
        raise typer.BadParameter(
            f"expected one table by itself, or documents, found {tables[0]} among others"
        )
    return bool(tables) or (text_column is not None and len(paths) == 1 and paths[0].is_file())


@dataclass(frozen=True, slots=True)
class _DocumentsTask:
    """Documents to classify, of which there may be several."""

    texts: Texts
    several: bool
    outputs: Sequence[Path]
    all_roles: bool


def _open_documents(
    paths: Sequence[Path], outputs: Sequence[Path], all_roles: bool, screen: Screen
) -> _DocumentsTask:
    from gotune.corpus.documents import is_folder
    from gotune.render.document_table import check_document_file

    several = len(paths) > 1 or is_folder(paths[0])
    for output in outputs:
        check_document_file(output, several=several)
    texts = Texts(list(map(str, paths)), None, None, screen, tracked=several)
    return _DocumentsTask(texts, several, outputs, all_roles)


@dataclass(frozen=True, slots=True)
class _TableTask:
    """A table to classify."""

    table: TextTable
    targets: Sequence[Path]
    article_column: str | None
    by_sentence: bool


def _open_table(
    source: Path,
    targets: Sequence[Path],
    text_column: str,
    article_column: str | None,
    by_sentence: bool,
    terms: bool,
) -> _TableTask:
    """Refuse what could not be done, before the model is loaded."""
    from gotune.model.classification_tables import check_table

    if not targets:
        raise typer.BadParameter("a table needs --output, found none")
    table = check_table(
        source,
        targets,
        text_column=text_column,
        article_column=article_column,
        by_sentence=by_sentence,
        terms=terms,
    )
    return _TableTask(table, targets, article_column, by_sentence)


def _classify_text(
    text: str, classifier: AspectClassifier | WordClassifier, name_terms: NameTerms | None, screen: Screen
) -> None:
    from gotune.cli.documents import show_terms
    from gotune.corpus.sentences import split_sentences
    from gotune.model.classification import classify_text
    from gotune.records import Reads
    from gotune.render.wording import JOINED, describe_cut, describe_doubts, describe_probabilities

    found = classify_text(classifier, text, name_terms=name_terms)
    if found.truncated:
        screen.explain(describe_cut(found.model, 1, classifier.spec.max_tokens))
    rows = [(aspect.words, f"{found.probabilities[aspect]:.4f}") for aspect in ASPECTS]
    screen.show_rows(("aspect", "probability"), rows)
    carried = ", ".join(aspect.words for aspect in found.aspects)
    screen.say(f"carries: {carried or 'none of the three'}")
    if found.model.reads is Reads.SENTENCE and len(split_sentences(text)) > 1:
        screen.explain(JOINED)
    screen.explain(describe_probabilities(found.model))
    screen.explain(f"Answered by the model {found.model}.")
    if found.doubts:
        screen.warn(describe_doubts(found.doubts))
    show_terms(found.named, screen)
    screen.result(found.to_dict())


def _classify_documents(
    task: _DocumentsTask,
    classifier: AspectClassifier | WordClassifier,
    name_terms: NameTerms | None,
    screen: Screen,
) -> None:
    from gotune.cli.documents import show_sentences, tell_one, tell_several
    from gotune.render.workbook import describe_losses

    documents = _classified(task, classifier, name_terms, screen)
    if task.several:
        tell_several(documents, classifier, screen)
    else:
        (document,) = documents
        if not task.outputs:
            show_sentences(document, screen)
        tell_one(document, classifier, screen)
        to_workbook = any(path.suffix.lower() == ".xlsx" for path in task.outputs)
        if to_workbook and (losses := describe_losses(document)):
            screen.warn(losses)
    for written in task.outputs:
        screen.say(f"Written to {written}")


def _classified(
    task: _DocumentsTask,
    classifier: AspectClassifier | WordClassifier,
    name_terms: NameTerms | None,
    screen: Screen,
) -> Iterator[ClassifiedDocument]:
    """Classify documents one by one; the files appear when the last one is done."""
    from gotune.model.classification import classify_document
    from gotune.protocols import untracked
    from gotune.render.document_table import open_documents

    with ExitStack() as stack:
        writers = [stack.enter_context(open_documents(path, several=task.several)) for path in task.outputs]
        for text in task.texts:
            # A bar of the documents is shown, or else of the sentences of the one.
            track = untracked if task.several else screen.track
            document = classify_document(
                classifier,
                text,
                all_roles=task.all_roles,
                name_terms=name_terms,
                track=track,
            )
            for write in writers:
                write(document)
            yield document


def _classify_table(
    task: _TableTask,
    classifier: AspectClassifier | WordClassifier,
    name_terms: NameTerms | None,
    screen: Screen,
) -> None:
    from gotune.model.classification_tables import classify_rows
    from gotune.records import Reads
    from gotune.render.wording import (
        JOINED,
        counted,
        describe_cut,
        describe_doubtful,
        describe_probabilities,
        describe_rows,
        describe_unfit,
    )

    info = classifier.info
    reads_whole = info.reads is Reads.TEXT and not task.by_sentence
    if reads_whole and name_terms is None:
        refuse_options({"--article-column": task.article_column}, without="a model of sentences, or --terms")
    found = classify_rows(
        classifier,
        task.table,
        task.targets,
        by_sentence=task.by_sentence,
        name_terms=name_terms,
        track=screen.track,
    )
    screen.say(f"{describe_rows(found.read, found.blank)}.")
    screen.say(_describe_counts(found))
    if not reads_whole and not task.by_sentence:
        screen.explain(JOINED)
    screen.explain(describe_probabilities(info))
    if task.by_sentence and (unfit := describe_unfit(info, found.rows)):
        screen.warn(unfit)
    if found.truncated:
        screen.explain(describe_cut(info, found.truncated, classifier.spec.max_tokens))
    if found.scattered:
        screen.warn(
            f"Rows of {counted(found.scattered, 'article')} are too far apart: an abbreviation that one of "
            "them explains is not known in the others. Sort the table by article."
        )
    if doubtful := describe_doubtful(found.doubts, found.rows, "row", "the column doubt"):
        screen.warn(doubtful)
    for target in task.targets:
        screen.say(f"Written to {target}")
    screen.result({**found.to_dict(), "paths": list(map(str, task.targets))})


def _describe_counts(found: ClassifiedTable) -> str:
    from gotune.render.wording import counted

    counts = f"{counted(found.rows, 'row')}, {counted(found.texts, 'text')}"
    counts = f"{counts}, {counted(found.doubtful, 'row')} with a doubt"
    if found.named is not None:
        counts = f"{counts}, {counted(found.named, 'row')} with terms of GO release {found.release}"
    return f"{counts}."
