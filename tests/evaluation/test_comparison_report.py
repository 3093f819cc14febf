from __future__ import annotations

from dataclasses import replace

from gotune.estimates import Estimate, Interval
from gotune.evaluation.comparison import Comparison, Difference, comparison_tables, describe_comparison


def test_comparison() -> None:
    difference = Difference("accuracy", 0.8, 0.75, Estimate(-0.05, Interval(-0.1, 0.01)), 0.0004)
    found = Comparison(
        "old/", "new/", 1500, "article", 13, (difference,), 90, 15, 0.0123, "Unseen.", (9, 8, 7)
    )
    figures, alone = comparison_tables(found)
    assert figures.title == "Difference on 1,500 texts (judged: BP 9, CC 8, MF 7)"
    assert alone.title == "Texts that one model alone has right (judged: BP 9, CC 8, MF 7)"
    assert figures.header == ("figure", "old/", "new/", "difference", "p")
    assert figures.rows == (
        ("accuracy", "0.800", "0.750", "-0.050 (-0.100–+0.010)", "<0.001"),  # noqa: RUF001
    )
    assert alone.rows == (("McNemar, exact", "90", "15", "0.012"),)
    assert "by article (13 in all)" in describe_comparison(found)
    assert describe_comparison(found).startswith("Unseen. The difference is")
    assert "so few" in describe_comparison(found)
    assert "so few" not in describe_comparison(replace(found, n_units=67))
