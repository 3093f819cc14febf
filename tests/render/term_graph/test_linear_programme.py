from __future__ import annotations

import pytest

from gotune.render.term_graph.linear_programme import minimise


def test_the_least_values_that_meet_the_conditions() -> None:
    # y is at least 2 above x, and z at least 3 above y; x costs most.
    conditions = [(((1, 1), (0, -1)), 2.0), (((2, 1), (1, -1)), 3.0)]
    assert minimise([3, 1, 1], conditions, [1, 0, 0]).tolist() == [1, 3, 6]


def test_the_least_value_of_each_counts_too() -> None:
    assert minimise([1, 1], [(((0, 1), (1, 1)), 1.0)], [0.25, 2.0]).tolist() == [0.25, 2]


def test_conditions_that_cannot_be_met_are_an_error() -> None:
    impossible = [(((0, 1), (1, -1)), 1.0), (((0, -1), (1, 1)), 1.0)]
    with pytest.raises(RuntimeError, match=r"a linear programme of 2 variables: .*infeasible"):
        minimise([1, 1], impossible, [0, 0])
