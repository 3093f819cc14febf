"""Choosing the sentences that a person should label next.

The most uncertain ones are chosen: those with the highest entropy of the probabilities, summed over the
aspects (uncertainty sampling, Lewis & Gale 1994, doi:10.1007/978-1-4471-2099-5_1).
``benchmarks/active_learning.py`` measures it against drawing at random.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.corpus.plain_text import LEAST_WORDS, text_key
from gotune.corpus.screening import assess, find_remains
from gotune.corpus.table_sources import DelimitedSource
from gotune.datasets.label_cells import NONE, NOT_LABELLED
from gotune.errors import InputError
from gotune.files import check_file, write_text
from gotune.lines import guard_formula, is_formula, one_line
from gotune.model.decisions import aspects_of
from gotune.model.leakage import learned_by
from gotune.protocols import Classifier, Track, untracked
from gotune.records import AspectProbabilities, Role

_Floats = NDArray[np.float64]

_ENDS = (".", "!", "?", ":", ";")
_CLOSING = "\"')]}\u201d\u2019\u00bb "
_UNSURE = 0.5
"""Bits of one aspect from which a model is unsure of it; probabilities from .11 to .89 have more."""


def ask(
    classifier: Classifier,
    texts: Sequence[str],
    articles: Sequence[str],
    n: int,
    *,
    roles: Sequence[Role] | None = None,
    track: Track = untracked,
) -> list[Question]:
    """Choose the sentences of which a label teaches a model most.

    Left out is what `worth_labelling` leaves out, and what the model has learned from.

    Args:
        classifier: The model to improve, with any head.
        texts: Sentences, in order within their article.
        articles: The article of each.
        n: How many to choose.
        roles: What each is, where that is known: sentences alone are chosen.
        track: Shows how far the model is.

    Returns:
        The most uncertain first; less than ``n`` if there are not so many.

    Raises:
        TypeError: ``texts`` is one string instead of a sequence of them.
        ValueError: There are not as many articles or roles as texts, or ``n`` is less than 1.
    """
    if isinstance(texts, str):
        raise TypeError("texts: expected a sequence of strings, found one string; wrap it in a list")
    what = [Role.SENTENCE] * len(texts) if roles is None else roles
    if not len(texts) == len(articles) == len(what) or n < 1:
        raise ValueError(f"{len(texts)} texts, {len(articles)} articles, {len(what)} roles, {n} to choose")
    sentences = [row for row, role in enumerate(what) if role is Role.SENTENCE]
    worth = worth_labelling([texts[row] for row in sentences], learned_by(classifier).texts)
    rows = [sentences[place] for place in worth]
    # All are put to the model: a sentence that is no use to label may define an abbreviation of others.
    probabilities = classifier.predict_proba(texts, articles=articles, track=track)[rows]
    uncertainty = entropies(probabilities, classifier.info.head)
    chosen = np.argsort(-uncertainty, kind="stable")[:n]
    numbers = _numbers(articles)
    questions = []
    for place in chosen.tolist():
        row, values = rows[place], AspectProbabilities(*probabilities[place].tolist())
        unsure = _bits(probabilities[place])
        questions.append(
            Question(
                row=row,
                article=articles[row],
                sentence=numbers[row],
                text=texts[row],
                aspects=aspects_of(classifier.info, values),
                probabilities=values,
                uncertainty=float(uncertainty[place]),
                unsure_of=tuple(a for a in ASPECTS if unsure[a.label] >= min(_UNSURE, unsure.max())),
            )
        )
    return questions


def worth_labelling(texts: Sequence[str], known: Collection[str] = ()) -> list[int]:
    """Return the rows of texts that may be put before a person, in order.

    Left out are texts outside competence, such as most headings; short ones that do not end as a sentence
    does; references, rows of tables and remains of HTML or LaTeX; texts that a spreadsheet program would take
    for a formula; and all but the first of texts with the same words.

    Args:
        texts: Sentences.
        known: Keys, from `text_key`, of texts that need no label.
    """
    first = {text_key(text): row for row, text in reversed(list(enumerate(texts)))}
    return sorted(row for key, row in first.items() if key not in known and _is_askable(texts[row]))


def entropies(probabilities: _Floats, head: Head) -> _Floats:
    """Return the entropy of each row in bits: of the one choice, or the sum of three yes-or-no decisions.

    Args:
        probabilities: Of shape ``(rows, 3)``.
        head: What they mean.
    """
    if head is Head.SINGLE:
        terms = -probabilities * np.log2(np.maximum(probabilities, np.finfo(float).tiny))
        found: _Floats = terms.sum(axis=1)
    else:
        found = _bits(probabilities).sum(axis=1)
    return found


def _bits(probabilities: _Floats) -> _Floats:
    """Return the entropy of each yes-or-no decision."""
    least = np.finfo(float).tiny
    no = 1 - probabilities
    bits: _Floats = -probabilities * np.log2(np.maximum(probabilities, least)) - no * np.log2(
        np.maximum(no, least)
    )
    return bits


def _is_askable(text: str) -> bool:
    stripped = text.strip()
    is_heading = len(stripped.split()) < LEAST_WORDS and not stripped.rstrip(_CLOSING).endswith(_ENDS)
    return not (is_heading or is_formula(text) or assess(text) or find_remains([text]))


def _numbers(articles: Sequence[str]) -> list[int]:
    """Return the number of each sentence in its article, from 1."""
    counts: Counter[str] = Counter()
    numbers = []
    for article in articles:
        counts[article] += 1
        numbers.append(counts[article])
    return numbers


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence that is worth labelling, and what a model makes of it.

    Attributes:
        row: Its position among the texts that were given, from 0.
        article: The article that it is from.
        sentence: Its number in the article, from 1.
        text: The sentence.
        aspects: The aspects that it carries, as the model says; empty for none.
        probabilities: What they mean depends on the model's head.
        uncertainty: Entropy of what the model says, in bits, from 0 to the number of aspects: the higher,
            the more there is to learn from a label.
        unsure_of: The aspects that the uncertainty comes from, in label order; at least one.
    """

    row: int
    article: str
    sentence: int
    text: str
    aspects: tuple[Aspect, ...]
    probabilities: AspectProbabilities
    uncertainty: float
    unsure_of: tuple[Aspect, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, ready for JSON."""
        return {
            "article": self.article,
            "sentence": self.sentence,
            "text": self.text,
            "aspects": [aspect.value for aspect in self.aspects],
            **self.probabilities.to_dict(),
            "uncertainty": self.uncertainty,
            "unsure_of": [aspect.value for aspect in self.unsure_of],
        }


# Columns of probabilities under the bare names of the aspects would be taken for the labels.
COLUMNS = (
    "article",
    "sentence",
    "text",
    "aspects",
    "model_says",
    "unsure_of",
    "uncertainty",
    *(f"p_{aspect.value}" for aspect in ASPECTS),
)
"""The columns of the table; ``aspects`` is for the person, what follows is from the model."""

_DECIMALS = 3


def write_questions(questions: Iterable[Question], path: Path | str) -> None:
    """Write a TSV, a line a sentence, whole or not at all.

    The column ``aspects`` has a question mark in each row. The person writes BP, CC and MF there, with commas
    between them, or ``none``; rows left with the question mark are not learned from. Runs of white space in
    texts are one blank. A cell that begins with a quote is put into quotes, as spreadsheet programs expect.
    An article that such a program would take for a formula gets an apostrophe before it.

    Raises:
        InputError: As for `check_questions_name`.
        SaveError: It cannot be written; an old one is untouched.
    """
    path = Path(path)
    check_questions_name(path)
    lines = ["\t".join(COLUMNS), *("\t".join(map(_cell, _cells(found))) for found in questions)]
    write_text(path, "\n".join(lines) + "\n")


def check_questions_name(path: Path) -> None:
    """Refuse a name that is not that of a TSV, or that of labels of a person, before any work is done.

    Raises:
        InputError: The name does not end in ``.tsv``; or there is a table of that name whose column
            ``aspects`` has something else than question marks.
        SaveError: It cannot be written there.
    """
    check_file(path, (".tsv",), do="Rename it, for example to to_label.tsv; spreadsheet programs open it.")
    if path.is_file() and not _is_unlabelled(path):
        raise InputError(
            str(path),
            expected="a new file, or questions that nobody has answered",
            found="one that may hold somebody's work",
            do="Name another, or remove it.",
        )


def _is_unlabelled(path: Path) -> bool:
    try:
        rows = DelimitedSource(path, tabs=True).numbered_rows()
        return all(row.get("aspects") == NOT_LABELLED for _, row in rows)
    except InputError:
        return path.stat().st_size == 0


def _cells(found: Question) -> tuple[str, ...]:
    return (
        guard_formula(found.article),
        str(found.sentence),
        found.text,
        NOT_LABELLED,
        _codes(found.aspects),
        _codes(found.unsure_of),
        f"{found.uncertainty:.{_DECIMALS}f}",
        *(f"{probability:.{_DECIMALS}f}" for probability in found.probabilities),
    )


def _codes(aspects: Sequence[Aspect]) -> str:
    """Return aspects as a person writes them into the table: ``BP,CC``, or ``none``."""
    return ",".join(aspect.short for aspect in aspects) or NONE


def _cell(text: str) -> str:
    flat = one_line(text)
    return '"' + flat.replace('"', '""') + '"' if flat.startswith('"') else flat
