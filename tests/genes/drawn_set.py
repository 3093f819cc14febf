"""Annotations and scores drawn at random, and the files that cafaeval wants of them.

What ``cafaeval.json`` has are figures of cafaeval 1.3.0 of the files that `write` makes of `draw` of the
example ontology, before it rounded them: ``cafa_eval(obo, "said", "truth.tsv", ia="information.tsv",
no_orphans=True, norm=...)``.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gotune.genes.space import TermSpace

DEFAULT_ASPECT = "GO:9000026"
"""A term of the example ontology without an aspect of its own; cafaeval leaves such terms out."""

Annotations = dict[str, set[str]]
Scores = dict[str, dict[str, float]]


def draw(space: TermSpace, n_genes: int) -> tuple[Annotations, Scores]:
    """Draw terms of genes, and scores for most of the genes: terms above the true ones, and others.

    Half of the scores are thresholds. The generator is Python's, whose numbers stay the same.
    """
    generator = random.Random(2013)  # noqa: S311 (no secret)
    ids = [
        go_id
        for go_id, is_root in zip(space.ids, space.is_root, strict=True)
        if not is_root and go_id != DEFAULT_ASPECT
    ]
    annotations: Annotations = {}
    scores: Scores = {}
    for gene in (f"gene{number}" for number in range(n_genes)):
        terms = [_one_of(ids, generator) for _ in range(1 + int(6 * generator.random()))]
        annotations[gene] = set(terms)
        if generator.random() < 0.15:
            continue
        said = [_one_of(_lineage(one, space), generator) for one in terms]
        said += [_one_of(ids, generator) for _ in range(int(8 * generator.random()))]
        scores[gene] = {}
        for go_id in said:
            score = generator.random()
            scores[gene][go_id] = round(score, 2) if generator.random() < 0.5 else score
    return annotations, scores


def _lineage(go_id: str, space: TermSpace) -> list[str]:
    return [space.ids[number] for number in space.lineages[space.number_of[go_id]].indices]


def _one_of(ids: list[str], generator: random.Random) -> str:
    return ids[int(len(ids) * generator.random())]


def write(
    folder: Path,
    annotations: Annotations,
    scores: Scores,
    space: TermSpace,
    information: NDArray[np.float64],
) -> None:
    """Write ``truth.tsv``, ``said/scores.tsv`` and ``information.tsv``."""
    (folder / "said").mkdir(parents=True)
    lines = [f"{gene}\t{go_id}\n" for gene, terms in annotations.items() for go_id in sorted(terms)]
    (folder / "truth.tsv").write_text("".join(lines), encoding="utf-8")
    lines = [f"{gene}\t{go_id}\t{score!r}\n" for gene, of in scores.items() for go_id, score in of.items()]
    (folder / "said" / "scores.tsv").write_text("".join(lines), encoding="utf-8")
    lines = [f"{go_id}\t{float(bits)!r}\n" for go_id, bits in zip(space.ids, information, strict=True)]
    (folder / "information.tsv").write_text("".join(lines), encoding="utf-8")
