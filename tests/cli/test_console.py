from __future__ import annotations

import pytest

from gotune.cli.console import Screen, printable

HOSTILE = "a\tb\x1b]0;title\x07\x9b31m \u202ec\u200b\r[red]"


def test_nothing_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert printable(HOSTILE) == "a b]0;title31m c [red]"
    assert printable("two\nlines") == "two\nlines"
    screen = Screen()
    screen.say(HOSTILE)
    screen.explain(HOSTILE)
    screen.show_rows((HOSTILE,), [(HOSTILE,)], HOSTILE)
    screen.warn(HOSTILE)
    told = capsys.readouterr()
    assert told.err == "a b]0;title31m c [red]\n"
    assert told.out.startswith("a b]0;title31m c [red]\n" * 2)
    assert not set("\x1b\x07\x9b\u202e\u200b\t\r") & set(told.out)
