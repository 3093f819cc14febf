"""The data card: what a dataset is made of, and its README.md in the form that the Hugging Face hub reads."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gotune.aspects import ASPECTS, Aspect
from gotune.datasets.splits import (
    CUT_PART,
    HARD_PARTS,
    NEW_TERMS,
    OPENING_WORDS,
    UNSEEN_LINEAGES,
    UNSEEN_OPENINGS,
    WORDS_CUT,
)
from gotune.render.tables import ASPECT_NAMES, TextTable

LICENCE = "CC-BY-4.0"


@dataclass(frozen=True, slots=True)
class DataCard:
    """Where a dataset came from and what is in it.

    Attributes:
        release: GO release, such as ``2021-12-15``.
        obo_sha256: Hash of the OBO text it was read from.
        earlier: Release that tells which terms are new, if one was given.
        seed: Governs the split.
        n_terms: Live terms of the release.
        n_without_definition: Those that have no definition and are left out.
        n_skipped: Bad lines that a lenient reading left out.
        n_repaired: Lines that are not written as OBO wants it but were read as they are meant.
        counts: Rows of each part by aspect.
        overlap: For every other part, definitions that also stand in the training part.
        lineage_roots: Ids of the terms whose subtrees are the test part of unseen lineages.
        absent: Why a harder test part could not be made, by part.
    """

    release: str
    obo_sha256: str
    earlier: str | None
    seed: int
    n_terms: int
    n_without_definition: int
    n_skipped: int
    counts: dict[str, dict[Aspect, int]]
    overlap: dict[str, Overlap]
    lineage_roots: tuple[str, ...]
    absent: dict[str, str]
    n_repaired: int = 0


def render_data_card(card: DataCard) -> str:
    """Return the Markdown of a dataset's card."""
    names = "\n".join(f"          '{aspect.label}': {aspect.value}" for aspect in ASPECTS)
    files = "\n".join(f"  - split: {part}\n    path: {part}.parquet" for part in card.counts)
    header = " | ".join(aspect.value for aspect in ASPECTS)
    counts = "\n".join(
        f"| {part} | {' | '.join(f'{by_aspect[aspect]:,}' for aspect in ASPECTS)} "
        f"| {sum(by_aspect.values()):,} |"
        for part, by_aspect in card.counts.items()
    )
    overlap = "\n".join(
        f"| {part} | {found.n:,} | {found.exact:,} | {found.near:,} |" for part, found in card.overlap.items()
    )
    return f"""---
license: {LICENCE.lower()}
language: en
task_categories: [text-classification]
tags: [biology, gene-ontology, gotune]
configs:
- config_name: default
  data_files:
{files}
dataset_info:
  features:
  - name: go_id
    dtype: string
  - name: name
    dtype: string
  - name: definition
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
{names}
---
# Gene Ontology definitions by aspect, release {card.release}

Every live term of GO release {card.release} that has a definition, labelled by its aspect. Made with gotune;
`datasets.load_dataset("this folder")` gives a DatasetDict.

| part | {header} | all |
| --- | --- | --- | --- | --- |
{counts}

{card.n_terms:,} live terms, of which {card.n_without_definition:,} without definition are left out;
{card.n_skipped:,} bad lines of the file were skipped, {card.n_repaired:,} repaired. A fifth of the terms,
drawn at random and stratified by aspect with seed {card.seed}, is `test`. Where fewer rows of a part were
asked for, they are a plain draw from it. `validation` chooses the epoch, all that begins with `test` is for
the final measurement.

## Harder test parts

{_describe_hard_parts(card)}

None of their rows is in `train` or `validation`. A row may be in several of them, and in `test` as well.

## Definitions that stand in the training part too

| part | definitions | word for word | nearly (Jaccard of 3-word runs at least {NEAR}) |
| --- | --- | --- | --- |
{overlap}

A random split of GO flatters: many definitions follow templates, and near-copies fall on both sides. Read no
figure of `test` without those of the harder parts.

## Source and licence

Gene Ontology, https://geneontology.org, release {card.release}, CC BY 4.0. sha256 of the OBO file:
`{card.obo_sha256}`. Please cite Ashburner et al. 2000 (doi:10.1038/75556) and the Gene Ontology Consortium
2023 (doi:10.1093/genetics/iyad031). `terms.parquet` and `terms.csv` hold the table of all live terms,
`edges.parquet` the edges between them, from child to parent. CSV holds names and definitions to the letter: a
spreadsheet program would take one that begins with `=` for a formula.
"""


def _describe_hard_parts(card: DataCard) -> str:
    """Return a line for each harder part: what is in it, or why it is not there."""
    descriptions = {
        NEW_TERMS: f"terms that release {card.earlier} did not have under any id",
        UNSEEN_OPENINGS: f"all definitions whose first {OPENING_WORDS} words, case and punctuation "
        "apart, are among those that were drawn at random",
        UNSEEN_LINEAGES: f"all terms in {len(card.lineage_roots)} subtrees (by is_a and part_of) that were "
        "drawn at random; `dataset.json` lists their roots",
    }
    return "\n".join(
        f"- `{part}`: {f'not made: {card.absent[part]}' if part in card.absent else descriptions[part]}."
        for part in HARD_PARTS
    )


SPLIT_NAMES = {
    "test": "random",
    NEW_TERMS: "new terms",
    UNSEEN_OPENINGS: "unseen openings",
    UNSEEN_LINEAGES: "unseen lineages",
    CUT_PART: f"random, first {WORDS_CUT} words cut",
}


def dataset_tables(card: DataCard) -> tuple[TextTable, ...]:
    """Return the rows of each part by aspect, what is not there, and what stands on both sides of a split."""
    counts = TextTable(
        f"GO release {card.release}: {card.n_terms:,} live terms, "
        f"{card.n_without_definition:,} without definition left out",
        ("part", *ASPECT_NAMES, "all"),
        tuple(
            (part, *(f"{by_aspect[aspect]:,}" for aspect in ASPECTS), f"{sum(by_aspect.values()):,}")
            for part, by_aspect in card.counts.items()
        ),
    )
    overlap = TextTable(
        "Definitions that stand in the training part too",
        ("part", "definitions", "word for word", "nearly"),
        tuple(
            (part, f"{found.n:,}", f"{found.exact:,}", f"{found.near:,} ({found.near / found.n:.1%})")
            for part, found in card.overlap.items()
        ),
    )
    return counts, *absent_tables("Harder test parts that were not made", card.absent), overlap


def absent_tables(title: str, absent: Mapping[str, str]) -> tuple[TextTable, ...]:
    """Return a table of the parts that are not there and why, if there are any."""
    rows = tuple((f"{part} ({SPLIT_NAMES[part]})", reason) for part, reason in absent.items())
    return (TextTable(title, ("part", "reason"), rows),) if rows else ()


NEAR = 0.8
"""Jaccard similarity of word shingles from which two definitions count as near duplicates."""

_SHINGLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many texts have a twin among the reference texts.

    Attributes:
        n: Texts looked at.
        exact: Texts with the same words, upper and lower case and punctuation apart.
        near: Texts with a near duplicate that is not exact.
    """

    n: int
    exact: int
    near: int


def count_overlap(texts: Sequence[str], reference: Iterable[str]) -> Overlap:
    """Count the texts that have an exact or near duplicate in ``reference``."""
    return DuplicateIndex(reference).count(texts)


class DuplicateIndex:
    """Reference texts in which duplicates of other texts are looked for.

    Near means a Jaccard similarity of three-word shingles of at least `NEAR`. The search is exact, not
    sampled: two sets that similar share one of the rarest shingles of each, so only those are indexed
    (prefix filtering, Chaudhuri et al. 2006, doi:10.1109/ICDE.2006.9).
    """

    def __init__(self, reference: Iterable[str]) -> None:
        self._words = {tuple(_words(text)) for text in reference}
        self._sets = [_shingles(words) for words in self._words]
        self._frequency = Counter(shingle for shingles in self._sets for shingle in shingles)
        self._index: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, shingles in enumerate(self._sets):
            for shingle in _prefix(shingles, self._frequency):
                self._index[shingle].append(number)

    def count(self, texts: Sequence[str]) -> Overlap:
        """Count the texts that have an exact or near duplicate among the reference."""
        exact = near = 0
        for text in texts:
            words = tuple(_words(text))
            if words in self._words:
                exact += 1
            else:
                near += self._has_near(_shingles(words))
        return Overlap(n=len(texts), exact=exact, near=near)

    def _has_near(self, shingles: frozenset[tuple[str, ...]]) -> bool:
        prefix = _prefix(shingles, self._frequency)
        candidates = {number for shingle in prefix for number in self._index.get(shingle, ())}
        return any(_jaccard(shingles, self._sets[number]) >= NEAR for number in candidates)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _shingles(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Return the runs of three words; a shorter text is one shingle."""
    last = max(len(words) - _SHINGLE_WORDS, 0)
    return frozenset(tuple(words[start : start + _SHINGLE_WORDS]) for start in range(last + 1))


def _prefix(
    shingles: frozenset[tuple[str, ...]], frequency: Counter[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """Return the rarest shingles, as many as cannot all be missing from a near duplicate."""
    # A partner shares at least NEAR * size shingles, so it misses at most size - ceil(NEAR * size).
    size = len(shingles)
    keep = size - _ceil(NEAR * size) + 1
    return sorted(shingles, key=lambda shingle: (frequency[shingle], shingle))[:keep]


def _ceil(value: float) -> int:
    # A product that is a hair above a whole number must stay it; rounding down only widens the net.
    return -int(-(value - 1e-9) // 1)


def _jaccard(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
