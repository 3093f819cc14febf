from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import pytest

from gotune.aspects import ASPECTS, Aspect
from gotune.results import (
    AspectProbabilities,
    AspectScores,
    ClassifiedDocument,
    ClassifiedSentence,
    ClassifiedText,
    Estimate,
    Evaluation,
    Interval,
    ModelScores,
    Sentence,
    mean_probabilities,
)

PROCESS = AspectProbabilities(0.5, 0.25, 0.25)
FUNCTION = AspectProbabilities(0.0, 0.25, 0.75)


def test_probabilities_by_aspect_in_label_order() -> None:
    assert FUNCTION[Aspect.MOLECULAR_FUNCTION] == 0.75
    assert tuple(FUNCTION) == (0.0, 0.25, 0.75)
    assert FUNCTION.aspect is Aspect.MOLECULAR_FUNCTION
    assert list(FUNCTION.to_dict().items()) == [
        ("biological_process", 0.0),
        ("cellular_component", 0.25),
        ("molecular_function", 0.75),
    ]


def test_first_aspect_wins_a_tie() -> None:
    assert AspectProbabilities(0.25, 0.375, 0.375).aspect is Aspect.CELLULAR_COMPONENT


def test_classified_text() -> None:
    assert ClassifiedText("A kinase.", FUNCTION).to_dict() == {
        "text": "A kinase.",
        "aspect": "molecular_function",
        "biological_process": 0.0,
        "cellular_component": 0.25,
        "molecular_function": 0.75,
        "truncated": False,
    }


def test_classified_document() -> None:
    document = ClassifiedDocument(
        "paper.txt",
        (
            ClassifiedSentence(Sentence(0, 2, "A."), PROCESS),
            ClassifiedSentence(Sentence(3, 5, "B."), FUNCTION),
        ),
        truncated=1,
    )
    assert document.mean == AspectProbabilities(0.25, 0.25, 0.5)
    values = document.to_dict()
    assert json.loads(json.dumps(values)) == values
    assert values == {
        "name": "paper.txt",
        "mean": {"biological_process": 0.25, "cellular_component": 0.25, "molecular_function": 0.5},
        "truncated": 1,
        "sentences": [
            {"start": 0, "end": 2, "text": "A.", "aspect": "biological_process", **PROCESS.to_dict()},
            {"start": 3, "end": 5, "text": "B.", "aspect": "molecular_function", **FUNCTION.to_dict()},
        ],
    }


def test_mean_of_one_row_is_the_row() -> None:
    assert mean_probabilities([tuple(PROCESS)]) == PROCESS


def test_evaluation() -> None:
    figure = Estimate(0.5, Interval(0.25, 0.75))
    scores = tuple(AspectScores(aspect, figure, figure, figure, figure, 2) for aspect in ASPECTS)
    confusion = ((2, 0, 0), (0, 2, 0), (1, 0, 1))
    model, majority = (
        ModelScores(name, figure, figure, figure, scores, confusion) for name in ("MiniLM", "majority")
    )
    evaluation = Evaluation("2021-12-15", "test", 6, 20, 0, model, (majority,), 0.125)
    assert evaluation.rows == (model, majority)
    values = json.loads(json.dumps(evaluation.to_dict()))
    assert (values["n_test"], values["n_train"], values["seconds"]) == (6, 20, 0.125)
    assert values["model"]["accuracy"] == {"value": 0.5, "interval": {"low": 0.25, "high": 0.75}}
    assert values["baselines"][0]["model"] == "majority"
    assert values["model"]["aspects"][1]["aspect"] == "cellular_component"
    assert values["model"]["confusion"] == [[2, 0, 0], [0, 2, 0], [1, 0, 1]]


def test_results_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        PROCESS.biological_process = 1.0  # type: ignore[misc]


def test_results_load_no_heavy_package() -> None:
    code = "import sys, gotune.results; print({'torch', 'numpy', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
