from __future__ import annotations

import json

from gotune.aspects import ASPECTS, Aspect
from gotune.estimates import Estimate, Interval
from gotune.evaluation.definitions.results import (
    AspectScores,
    Evaluation,
    HardExample,
    ModelScores,
    SplitAccuracy,
)
from gotune.evaluation.reliability import Reliability
from gotune.records import AspectProbabilities

FUNCTION = AspectProbabilities(0.0, 0.25, 0.75)


def test_evaluation() -> None:
    figure = Estimate(0.5, Interval(0.25, 0.75))
    scores = tuple(AspectScores(aspect, figure, figure, figure, figure, 2) for aspect in ASPECTS)
    confusion = ((2, 0, 0), (0, 2, 0), (1, 0, 1))
    model, majority = (
        ModelScores(name, figure, figure, figure, scores, confusion) for name in ("MiniLM", "majority")
    )
    split = SplitAccuracy("test_opening", 6, 3, "opening", (figure, figure))
    absent = {"test_release": "no earlier release was given"}
    reliability = Reliability((), (), 0.25)
    hard = HardExample("GO:0000001", "door", "Opens a cell.", Aspect.CELLULAR_COMPONENT, FUNCTION)
    evaluation = Evaluation(
        "2021-12-15",
        "test",
        6,
        20,
        0,
        model,
        (majority,),
        0.125,
        (split,),
        absent,
        reliability,
        (hard,),
        "Yes.",
    )
    assert evaluation.rows == (model, majority)
    values = json.loads(json.dumps(evaluation.to_dict()))
    assert (values["n_test"], values["n_train"], values["seconds"]) == (6, 20, 0.125)
    assert values["model"]["accuracy"] == {"value": 0.5, "interval": {"low": 0.25, "high": 0.75}}
    assert values["baselines"][0]["model"] == "majority"
    assert values["model"]["aspects"][1]["aspect"] == "cellular_component"
    assert values["splits"][0]["family"] == "opening"
    assert values["splits"][0]["accuracies"][1] == {"value": 0.5, "interval": {"low": 0.25, "high": 0.75}}
    assert values["absent"] == absent
    assert values["reliability"]["calibration_error"] == 0.25
    assert values["hardest"][0]["aspect"] == "cellular_component"
    assert values["model"]["confusion"] == [[2, 0, 0], [0, 2, 0], [1, 0, 1]]
