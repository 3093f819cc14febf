from __future__ import annotations

from gotune.aspects import Head


def test_transformers_knows_the_kinds_by_these_names() -> None:
    assert [head.problem_type for head in Head] == [
        "single_label_classification",
        "multi_label_classification",
    ]


def test_the_meaning_is_told() -> None:
    assert "add up to one" in Head.SINGLE.meaning
    assert "none, one or several" in Head.MULTI.meaning
