"""Weak labels as JSON lines, for people to inspect and for `gotune train --sentences`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gotune.aspects import ASPECTS
from gotune.files import atomic_file
from gotune.labels.label_cells import NONE
from gotune.names.weak_labels import SURE, JudgedMention, WeakLabels
from gotune.output.reports import TextTable

_DECIMALS = 4


def write_weak_labels(labels: WeakLabels, names: Mapping[str, str], path: Path) -> None:
    """Write a JSON object a sentence, whole or not at all.

    Its keys are ``text``, ``article``, ``aspects`` (those of probability .5 or more, such as ``BP,CC``, or
    ``none``), the probability of each aspect under its name, ``spans`` (the evidence that is likelier right
    than wrong) and ``mentions``: all that was found, with offsets, term, kind of evidence and the probability
    that it is right.

    Args:
        labels: What to write.
        names: Name of each term by its id.
        path: A ``.jsonl`` file.

    Raises:
        SaveError: It cannot be written; an old one is untouched.
    """
    spans = labels.table()["spans"]
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for row, text in enumerate(labels.texts):
            # What is read back are the rounded ones, and `aspects` must say the same.
            probabilities = labels.probabilities[row].round(_DECIMALS).tolist()
            content = {
                "text": text,
                "article": labels.articles[row],
                "aspects": ",".join(aspect.short for aspect in ASPECTS if probabilities[aspect.label] >= SURE)
                or NONE,
                **{aspect.value: probabilities[aspect.label] for aspect in ASPECTS},
                "spans": spans[row],
                "mentions": [_mention(text, judged, names) for judged in labels.mentions[row]],
            }
            file.write(json.dumps(content, ensure_ascii=False) + "\n")


def weak_label_tables(labels: WeakLabels) -> tuple[TextTable, ...]:
    """Return how many sentences have each aspect, and how many mentions there are of each kind."""
    sure = labels.probabilities >= SURE
    rows = [
        (
            aspect.words,
            f"{sure[:, aspect.label].sum():,}",
            f"{labels.probabilities[:, aspect.label].sum():,.0f}",
        )
        for aspect in ASPECTS
    ]
    rows.append(
        ("none", f"{(~sure).all(axis=1).sum():,}", f"{(1 - labels.probabilities).prod(axis=1).sum():,.0f}")
    )
    kinds: dict[str, list[float]] = {}
    for judged in (judged for row in labels.mentions for judged in row):
        kinds.setdefault(judged.mention.evidence, []).append(judged.reliability)
    return (
        TextTable(
            f"{len(labels.texts):,} sentences",
            ("aspect", f"probability {SURE:.1f} or more", "sum of probabilities"),
            tuple(rows),
        ),
        TextTable(
            "Mentions",
            ("evidence", "found", "expected to be right"),
            tuple((kind, f"{len(found):,}", f"{sum(found):,.0f}") for kind, found in kinds.items()),
        ),
    )


def _mention(text: str, judged: JudgedMention, names: Mapping[str, str]) -> dict[str, Any]:
    mention = judged.mention
    return {
        "start": mention.start,
        "end": mention.end,
        "text": text[mention.start : mention.end],
        "aspect": mention.aspect.short,
        "go_id": mention.go_id,
        "name": None if mention.go_id is None else names[mention.go_id],
        "evidence": mention.evidence.value,
        "probability": round(judged.reliability, _DECIMALS),
    }
