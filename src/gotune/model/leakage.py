"""Nothing is measured on what a model has learned from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS
from gotune.corpus.plain_text import LEAST_WORDS
from gotune.corpus.reading import text_keys
from gotune.errors import DatasetError, InputError
from gotune.protocols import Classifier, Trained
from gotune.records import NOTHING_LEARNED, Learned, Witness
from gotune.render.wording import counted

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 60
"""Characters of a text."""


def learned_by(classifier: Classifier) -> Learned:
    """Return what a model says that it has learned from; nothing if it is none that can tell."""
    return classifier.learned if isinstance(classifier, Trained) else NOTHING_LEARNED


def describe_unseen(what: str, *classifiers: Classifier) -> str:
    """Return in a sentence whether models are known to have learned from none of what they are measured on.

    It stands beside every figure.

    Args:
        what: What they are measured on, such as ``these sentences``.
        classifiers: Those whose lists of what they have learned from have been held against it.
    """
    silent = [classifier.info.name for classifier in classifiers if not learned_by(classifier).is_whole]
    if silent:
        names = " and ".join(f'"{name}"' for name in silent)
        return (
            f"Beware: it is not known for sure what {names} learned from. If that includes {what}, the "
            "figures are too good."
        )
    who = {1: "The model has not", 2: "Neither model has"}.get(len(classifiers), "None of the models has")
    return f"{who} learned from {what}."


def without_names(classifier: Classifier) -> Classifier:
    """Return a model for the test of terms held out, whose names it must not know."""
    return classifier.without(Witness.NAMES) if isinstance(classifier, Trained) else classifier


def check_unseen_terms(part: str, go_ids: Sequence[str], known: Collection[str]) -> None:
    """Refuse terms whose definitions a model has learned from.

    Args:
        part: Name of the test part.
        go_ids: Its terms.
        known: Terms that it has learned from, or that chose its epoch.

    Raises:
        DatasetError: Some are.
    """
    learned = set(known)
    seen = [go_id for go_id in go_ids if go_id in learned]
    if seen:
        raise DatasetError(
            part,
            expected="terms that the model has not learned from",
            found=f"{len(seen):,} of {len(go_ids):,} that it has, such as {seen[0]}",
            do="Evaluate on the dataset that the model was trained on.",
        )


def check_unseen_sentences(classifier: Classifier, table: pd.DataFrame, *, where: str = "sentences") -> None:
    """Refuse sentences that a model has learned from, and other sentences of the same articles.

    Short texts and those without an aspect, such as headings and declarations of interests, are the same in
    many papers and do not count.

    Args:
        classifier: The model.
        table: A sentence table.
        where: What is at fault if they are not, for the message.

    Raises:
        DatasetError: Some sentences are, or are of articles that it has learned from.
    """
    learned = learned_by(classifier)
    articles = sorted(learned.articles & set(table["article"]) - {""})
    if articles:
        raise _seen(
            where, f"sentences of {counted(len(articles), 'article')} that it has, such as {articles[0]}"
        )
    carries = (table[[aspect.value for aspect in ASPECTS]] >= 0.5).any(axis=1)
    telling = [text for text in table["text"][carries] if len(text.split()) >= LEAST_WORDS]
    texts = [text for text in telling if text_keys(text) & learned.texts]
    if texts:
        raise _seen(where, f"{len(texts):,} of {len(table):,} that it has, such as {texts[0][:_SHOWN]!r}")


def check_beside(beside: Mapping[str, Classifier], table: pd.DataFrame, taken: Collection[str]) -> None:
    """Refuse models that are shown beside another, by name, and have learned from the sentences.

    Args:
        beside: The models.
        table: A sentence table.
        taken: Names that other rows of the table of figures have.

    Raises:
        DatasetError: One has learned from them.
        InputError: One has the name of another row.
    """
    for name, model in beside.items():
        if name in taken:
            raise InputError(
                name,
                expected=f"a model under another name than {', '.join(sorted(taken))}",
                found="one of that name",
                do="Give it another name.",
            )
        check_unseen_sentences(model, table, where=name)


def _seen(where: str, found: str) -> DatasetError:
    return DatasetError(
        where,
        expected="sentences, and articles, that the model has not learned from",
        found=found,
        do="Take them out, or train the model without them.",
    )
