"""Sheets of workbooks, looked at."""

from __future__ import annotations

from typing import Any


def hidden_columns(sheet: Any) -> list[int]:  # noqa: ANN401 (openpyxl has no types)
    """Return the numbers of the columns that are hidden, from 1."""
    groups = [one for one in sheet.column_dimensions.values() if one.hidden]
    return sorted(column for one in groups for column in range(one.min, one.max + 1))
