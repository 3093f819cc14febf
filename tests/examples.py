"""How many examples a property is tried on."""

from __future__ import annotations

from typing import Any

from hypothesis import settings


def some(number: int, **others: Any) -> settings:  # noqa: ANN401
    """Return settings for so many examples, and for ten times as many in `make explore`."""
    return settings(max_examples=number * settings().max_examples // 100, **others)
