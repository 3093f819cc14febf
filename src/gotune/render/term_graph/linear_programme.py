"""Linear programmes, as the layout of graphs needs them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

Condition = tuple[tuple[tuple[int, int], ...], float]
"""Pairs of a variable and its factor, and what their sum is at least."""


def minimise(
    costs: Sequence[float], conditions: Sequence[Condition], least: Sequence[float]
) -> NDArray[np.float64]:
    """Return the values of the variables that cost least, a corner of what the conditions allow.

    Args:
        costs: Of each variable; the conditions keep their sum from falling without end.
        conditions: What can be met by all together.
        least: The smallest value of each variable.

    Raises:
        RuntimeError: The conditions contradict each other, or the costs fall without end; neither is so for a
            graph without cycles.
    """
    cells = [(row, *pair) for row, (pairs, _) in enumerate(conditions) for pair in pairs]
    rows, columns, factors = (np.array(column, dtype=int) for column in zip(*cells, strict=True))
    solution = linprog(
        costs,
        A_ub=csr_array((-factors, (rows, columns)), shape=(len(conditions), len(costs))),
        b_ub=[-bound for _, bound in conditions],
        bounds=[(low, None) for low in least],
        method="highs-ds",
    )
    if not solution.success:
        raise RuntimeError(f"a linear programme of {len(costs):,} variables: {solution.message}")
    values: NDArray[np.float64] = solution.x
    return values
