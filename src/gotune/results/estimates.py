"""Figures with their intervals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % bootstrap percentile interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval."""

    value: float
    interval: Interval
