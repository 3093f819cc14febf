from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gotune.aspects import Aspect
from gotune.datasets.labelled import read_source
from gotune.datasets.weak_labels import JudgedMention, WeakLabels, weak_label_tables, write_weak_labels
from gotune.lexicon.dictionary import Mention
from gotune.lexicon.variants import Evidence

LABELS = WeakLabels(
    texts=("The axon grew.", "“Nothing”.", "It rained."),
    articles=("a.txt", "b.txt", "b.txt"),
    probabilities=np.array([[0.04, 0.812345, 0.49996], [0.7, 0.0, 0.0], [0.0, 0.0, 0.0]]),
    mentions=(
        (
            JudgedMention(
                Mention(4, 8, Aspect.CELLULAR_COMPONENT, "GO:1", Evidence.NAME, ("axon",)), 0.8123456
            ),
            JudgedMention(Mention(9, 13, Aspect.BIOLOGICAL_PROCESS, None, Evidence.HEAD, ("growth",)), 0.04),
        ),
        (),
        (),
    ),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "weak.jsonl"
    write_weak_labels(LABELS, {"GO:1": "axon"}, path)
    return path


def test_one_object_a_sentence(path: Path) -> None:
    first, second, third = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert first == {
        "text": "The axon grew.",
        "article": "a.txt",
        "aspects": "CC,MF",
        "biological_process": 0.04,
        "cellular_component": 0.8123,
        "molecular_function": 0.5,
        "spans": [[4, 8, 1]],
        "mentions": [
            {
                "start": 4, "end": 8, "text": "axon", "aspect": "CC", "go_id": "GO:1", "name": "axon",
                "evidence": "name", "probability": 0.8123,
            },
            {
                "start": 9, "end": 13, "text": "grew", "aspect": "BP", "go_id": None, "name": None,
                "evidence": "head word of several names", "probability": 0.04,
            },
        ],
    }  # fmt: skip
    assert (second["text"], second["aspects"], second["mentions"]) == ("“Nothing”.", "BP", [])
    assert third["aspects"] == "none"


def test_what_is_written_can_be_learned_from(path: Path) -> None:
    table = read_source(path).table
    assert table["cellular_component"].tolist() == [0.8123, 0.0, 0.0]
    assert table["spans"].tolist() == [[(4, 8, 1)], [], []]
    assert table["article"].tolist() == ["a.txt", "b.txt", "b.txt"]


def test_summary() -> None:
    aspects, kinds = weak_label_tables(LABELS)
    assert aspects.rows == (
        ("biological process", "1", "1"),
        ("cellular component", "1", "1"),
        ("molecular function", "0", "0"),
        ("none", "1", "1"),
    )
    assert kinds.rows == (("name", "1", "1"), ("head word of several names", "1", "0"))
