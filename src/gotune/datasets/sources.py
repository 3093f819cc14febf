"""Definitions as a sentence table, and whole articles set apart from one (see `gotune.datasets.labelled`)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS
from gotune.corpus.plain_text import LEAST_WORDS
from gotune.corpus.reading import Reading, as_read, text_keys
from gotune.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd

HELD_OUT = 0.1
"""Share of the sentences of a source that is set apart, in whole articles."""

_MOST_WORDS_CUT = 12
_LEAST_WORDS_LEFT = 4


def definition_rows(definitions: pd.DataFrame, *, opening_cut: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Return definitions as a sentence table, see `as_models_read`.

    Args:
        definitions: With the columns ``definition`` and ``label``.
        opening_cut: Share of them, drawn by ``seed``, that lose their first words: from 1 to 12, but never so
            many that fewer than four are left.
        seed: Governs which ones lose how many.
    """
    generator = random.Random(seed)  # noqa: S311 (no secret)
    texts = [
        _without_opening(text, generator) if generator.random() < opening_cut else text
        for text in definitions["definition"]
    ]
    labels = definitions["label"].to_numpy()
    columns = {aspect.value: (labels == aspect.label).astype(float) for aspect in ASPECTS}
    rows = definitions[[]].assign(text=texts, **columns, article="")
    rows["spans"] = [None] * len(rows)
    return as_models_read(rows.reset_index(drop=True))


def as_models_read(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a sentence table with its texts as models are asked about them, see `gotune.corpus.reading`.

    What is learned from a text must be met in it again. The spans go along.
    """
    texts = rows["text"].tolist()
    odd = [row for row, text in enumerate(texts) if as_read(text) != text]
    if not odd:
        return rows
    spans = rows["spans"].tolist()
    for row in odd:
        inner = texts[row].strip()
        start = texts[row].index(inner)
        reading = Reading(texts[row], [(start, start + len(inner))])
        texts[row] = reading.text
        if spans[row] is not None:
            places = [(reading.find(first, last), label) for first, last, label in spans[row]]
            spans[row] = [(*place, label) for place, label in places if place is not None]
    found = rows.assign(text=texts)
    found["spans"] = spans
    return found


def hold_out(rows: pd.DataFrame, share: float, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set whole articles apart, to choose the epoch, the thresholds and the calibration by.

    Args:
        rows: With the column ``article``; a row without one is an article of its own.
        share: Of the rows, roughly.
        seed: Governs which articles.

    Returns:
        The rows to learn from, and those set apart: at least one article each.

    Raises:
        DatasetError: All rows are of one article.
    """
    groups = rows["article"].where(rows["article"] != "", "row " + rows.index.astype(str))
    names = sorted(groups.unique())
    if len(names) == 1:
        raise DatasetError(
            "labelled sentences",
            expected="sentences of at least two articles, so that whole ones can be set apart",
            found=f"{len(rows):,} sentences of one",
            do="Label some of another article, or leave the article column out to set sentences apart.",
        )
    random.Random(seed).shuffle(names)  # noqa: S311 (no secret)
    counts = groups.value_counts()
    # What most of the rows are of teaches, whatever was drawn first.
    names.sort(key=lambda name: counts[name] * 2 > len(rows))
    apart, n_apart, wanted = {names[0]}, counts[names[0]], share * len(rows)
    for name in names[1:-1]:
        if n_apart >= wanted:
            break
        apart.add(name)
        n_apart += counts[name]
    is_apart = groups.isin(apart)
    return rows[~is_apart].reset_index(drop=True), rows[is_apart].reset_index(drop=True)


def without(rows: pd.DataFrame, apart: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that betray nothing of those set apart elsewhere.

    Left out are rows of the same articles, and those with the words of a row of ``apart``; texts of fewer
    than eight words, such as headings, are the same in many papers and stay.

    Args:
        rows: With the columns ``text`` and ``article``.
        apart: With the same columns.
    """
    articles = set(apart["article"]) - {""}
    telling = (text for text in apart["text"] if len(text.split()) >= LEAST_WORDS)
    keys: set[str] = set().union(*map(text_keys, telling))
    known = rows["text"].map(lambda text: not keys.isdisjoint(text_keys(text)))
    shared = rows["article"].isin(articles) | known
    return rows[~shared].reset_index(drop=True)


def _without_opening(text: str, generator: random.Random) -> str:
    words = text.split()
    most = min(_MOST_WORDS_CUT, len(words) - _LEAST_WORDS_LEFT)
    return " ".join(words[generator.randint(1, most) :]) if most > 0 else text
