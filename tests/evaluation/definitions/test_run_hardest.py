from __future__ import annotations

import numpy as np
import pandas as pd

from gotune.aspects import Aspect
from gotune.evaluation.definitions.results import HardExample
from gotune.evaluation.definitions.run import hardest_examples
from gotune.records import AspectProbabilities

ROWS = pd.DataFrame(
    {
        "go_id": ["GO:1", "GO:2", "GO:3", "GO:4"],
        "name": ["one", "two", "three", "four"],
        "definition": ["First.", "Second.", "Third.", "Fourth."],
        "label": [0, 1, 2, 0],
    }
)
PROBABILITIES = np.array([[0.2, 0.5, 0.3], [0.1, 0.8, 0.1], [0.9, 0.0, 0.1], [0.0, 0.5, 0.5]])


def test_the_most_confident_errors_come_first() -> None:
    found = hardest_examples(ROWS, PROBABILITIES)
    assert [hard.go_id for hard in found] == ["GO:3", "GO:1", "GO:4"]
    assert found[0] == HardExample(
        "GO:3", "three", "Third.", Aspect.MOLECULAR_FUNCTION, AspectProbabilities(0.9, 0.0, 0.1)
    )


def test_only_so_many_are_given() -> None:
    assert [hard.go_id for hard in hardest_examples(ROWS, PROBABILITIES, size=1)] == ["GO:3"]
    assert hardest_examples(ROWS.iloc[1:2], PROBABILITIES[1:2]) == ()
