from __future__ import annotations

from gotune.render.tables import TextTable, render_markdown


def test_names_from_outside_break_no_table() -> None:
    table = TextTable("a\n# b", ("x|y", "z"), (("1\n2", "|"),))
    assert render_markdown([table]) == "## a # b\n\n| x\\|y | z |\n| --- | --- |\n| 1 2 | \\| |\n"
