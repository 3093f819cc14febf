"""Which rows train, select and test: names of the parts, the random split, openings of definitions."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.errors import DatasetError

PARTS = ("train", "validation", "test")
"""The parts of a dataset: to learn from, to choose the epoch by, to be measured on once."""

NEW_TERMS = "test_release"
UNSEEN_OPENINGS = "test_opening"
UNSEEN_LINEAGES = "test_lineage"
HARD_PARTS = (NEW_TERMS, UNSEEN_OPENINGS, UNSEEN_LINEAGES)
"""Harder test parts of a dataset, where they can be made."""

CUT_PART = "test_cut"
"""The random test part with the first words of every definition cut; made when it is measured on."""

WORDS_CUT = 8
"""How many words are cut."""

TEST_SHARE = 0.2
VALIDATION_SHARE = 0.08
LEAST_PER_ASPECT = 5
"""Fewer terms of an aspect can be neither split nor learned."""


def split_rows(labels: Sequence[int], seed: int) -> dict[str, NDArray[np.int64]]:
    """Split row numbers into train (72 %), validation (8 %) and test (20 %), stratified by label.

    The 80/20 cut is the case study's; validation is taken out of the 80, so that the epoch is chosen
    without looking at the test part.

    Args:
        labels: Label of each row.
        seed: Governs the draw and the order of the rows in each part.

    Returns:
        Row numbers by part, each in random order.

    Raises:
        DatasetError: An aspect has fewer than five rows.
    """
    from sklearn.model_selection import train_test_split

    codes = np.asarray(labels)
    for aspect in ASPECTS:
        count = int((codes == aspect.label).sum())
        if count < LEAST_PER_ASPECT:
            raise DatasetError(
                "ontology",
                expected=f"at least {LEAST_PER_ASPECT} defined terms of each aspect",
                found=f"{count} of {aspect.value}",
                do="Take an ontology that covers all three aspects.",
            )
    rows = np.arange(len(codes))
    rest, test = train_test_split(rows, test_size=TEST_SHARE, stratify=codes, random_state=seed)
    n_validation = max(round(VALIDATION_SHARE * len(rows)), len(ASPECTS))
    train, validation = train_test_split(
        rest, test_size=n_validation, stratify=codes[rest], random_state=seed
    )
    return {"train": train, "validation": validation, "test": test}


OPENING_WORDS = 3
"""How many words make an opening."""

_WORD = re.compile(r"\w+")


def opening(text: str) -> str:
    """Return the first three words in lower case without punctuation: ``any process that``.

    A shorter text is its own opening.
    """
    words = (match.group() for match in _WORD.finditer(text.casefold()))
    return " ".join(word for word, _ in zip(words, range(OPENING_WORDS), strict=False))


def cut_opening(text: str, k: int) -> str:
    """Return the text without its first ``k`` words, blanks made one; empty if it has no more words."""
    return " ".join(text.split()[k:])
