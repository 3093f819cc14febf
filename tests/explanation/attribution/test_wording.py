from __future__ import annotations

from dataclasses import replace

import pytest

from gotune.explanation.attribution.results import Account, Explanation, Method, PhraseWeight, WordEvidence
from gotune.explanation.attribution.wording import (
    account_table,
    describe_account,
    describe_chance,
    describe_encoder,
    describe_method,
    describe_sum,
    name_table,
    phrase_rows,
    phrase_table,
)
from gotune.records import AspectProbabilities
from tests.explanation.explanations import make_explanation, make_occlusion
from tests.models_said import SINGLE


def of_words(*weights: float) -> Explanation:
    """Return an explanation of a model without its encoder, and without names."""
    phrases = tuple(PhraseWeight(f"w{number}", weight) for number, weight in enumerate(weights))
    account = Account(None, None, WordEvidence(sum(weights), phrases), -1.0)
    return replace(make_occlusion(), account=account, score=account.total)


def test_a_probability_just_below_its_threshold_does_not_look_the_same() -> None:
    found = make_explanation()
    below = replace(found, probabilities=AspectProbabilities(0.1, 0.1, 0.74996))
    assert describe_chance(below) == "Molecular function: probability 0.74996, carried from 0.75000 on."
    assert describe_chance(found) == "Molecular function: probability 0.750, carried from 0.750 on."


def test_what_witnesses_say_adds_up_to_the_score() -> None:
    found = make_explanation()
    assert found.account is not None
    assert found.account.total == found.score == 1.75
    table = account_table(found)
    assert table is not None
    assert table.title == "Log-odds of molecular function by each witness, carried from +1.10 on"
    assert table.rows == (
        ("encoder", "+1.00", "+++++++++"),
        ("names", "+0.50", "+++++"),
        ("words", "+0.50", "+++++"),
        ("constant", "-0.25", "--"),
        ("score", "+1.75", "++++++++++++++++"),
    )
    assert describe_account(replace(found, model=SINGLE)) == "Log-odds of molecular function by each witness"


def test_one_witness_alone_needs_no_table() -> None:
    alone = replace(make_explanation(), account=Account(1.75, None, None, 0.0))
    assert account_table(alone) is None
    assert describe_sum(alone) == "Log-odds +1.75."
    assert describe_encoder(alone).startswith("Encoder +1.75 = masked text -2.50, words unmasked +3.50; ")
    assert (name_table(alone), phrase_table(alone, 3)) == (None, None)


def test_a_model_without_its_encoder_is_told_so() -> None:
    found = of_words(2.0, -0.5)
    assert describe_sum(found) == "Log-odds +0.50 = words +1.50, constant -1.00."
    assert describe_encoder(found) == ""
    assert found.to_dict()["account"] == {
        "encoder": None,
        "names": None,
        "words": {"weight": 1.5, "phrases": ({"text": "w0", "weight": 2.0}, {"text": "w1", "weight": -0.5})},
        "constant": -1.0,
    }


@pytest.mark.parametrize(
    ("n", "rows"),
    [
        (4, [("w1", -3.0), ("w0", 1.0), ("w3", 0.5), ("w2", 0.25)]),
        (3, [("w1", -3.0), ("w0", 1.0), ("w3", 0.5), ("(1 other)", 0.25)]),
        (1, [("w1", -3.0), ("(3 others)", 1.75)]),
    ],
)
def test_phrases_that_say_little_are_summed(n: int, rows: list[tuple[str, float]]) -> None:
    found = of_words(1.0, -3.0, 0.25, 0.5)
    assert phrase_rows(found, n) == rows
    table = phrase_table(found, n)
    assert table is not None
    assert table.rows[0] == ("w1", "-3.00")


def test_a_method_tells_what_is_in_no_weight() -> None:
    found = make_explanation()
    assert describe_method(found).endswith("What names and words add is in no word's weight.")
    assert describe_method(replace(found, method=Method.OCCLUSION)).endswith("when the word is left out.")
    alone = replace(found, account=Account(1.0, None, None, 0.0))
    assert describe_method(alone).endswith("to this one.")
