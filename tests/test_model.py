from __future__ import annotations

from gotune.aspects import ASPECTS
from tests.models_said import MULTI, SINGLE


def test_a_model_is_told_in_words_and_by_its_thresholds() -> None:
    assert str(SINGLE) == '"tiny" (MiniLM, GO release 2021-12-15)'
    assert [MULTI.threshold(aspect) for aspect in ASPECTS] == [0.5, 0.25, 0.75]
    assert SINGLE.threshold(ASPECTS[0]) is None


def test_plain_values_name_the_thresholds() -> None:
    assert MULTI.to_dict() == {
        "name": "tiny",
        "encoder": "MiniLM",
        "release": "2021-12-15",
        "head": "multi",
        "thresholds": {"biological_process": 0.5, "cellular_component": 0.25, "molecular_function": 0.75},
    }
    assert (SINGLE.to_dict()["head"], SINGLE.to_dict()["thresholds"]) == ("single", None)
