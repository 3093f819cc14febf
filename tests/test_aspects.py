from __future__ import annotations

import pytest

from gotune.aspects import ASPECTS, ASPECTS_BY_NAME, Aspect, Head


def test_label_order_is_that_of_saved_models() -> None:
    assert [aspect.value for aspect in ASPECTS] == [
        "biological_process",
        "cellular_component",
        "molecular_function",
    ]
    assert [aspect.label for aspect in ASPECTS] == [0, 1, 2]


def test_names() -> None:
    assert [aspect.short for aspect in ASPECTS] == ["BP", "CC", "MF"]
    assert Aspect.BIOLOGICAL_PROCESS.words == "biological process"
    assert Aspect("molecular_function") is Aspect.MOLECULAR_FUNCTION
    assert [name for name, aspect in ASPECTS_BY_NAME.items() if aspect is Aspect.CELLULAR_COMPONENT] == [
        "cc",
        "cellular_component",
        "cellular component",
    ]


def test_colours_are_those_of_okabe_and_ito() -> None:
    assert [aspect.colour for aspect in ASPECTS] == ["#0072B2", "#E69F00", "#009E73"]


def test_unknown_namespace() -> None:
    with pytest.raises(ValueError, match="'external' is not a valid Aspect"):
        Aspect("external")


def test_transformers_knows_the_kinds_by_these_names() -> None:
    assert [head.problem_type for head in Head] == [
        "single_label_classification",
        "multi_label_classification",
    ]


def test_the_meaning_is_told() -> None:
    assert "add up to one" in Head.SINGLE.meaning
    assert "none, one or several" in Head.MULTI.meaning
