from __future__ import annotations

from dataclasses import replace

from gotune.explanation.attribution.report import describe_chance
from gotune.records import AspectProbabilities
from tests.explanation.explanations import make_explanation


def test_a_probability_just_below_its_threshold_does_not_look_the_same() -> None:
    found = make_explanation()
    below = replace(found, probabilities=AspectProbabilities(0.1, 0.1, 0.74996))
    assert describe_chance(below) == "Molecular function: probability 0.74996, carried from 0.75000 on."
    assert describe_chance(found) == "Molecular function: probability 0.750, carried from 0.750 on."
