from __future__ import annotations

import json
import math

import pytest

from gotune.cli.console import Screen

HOSTILE = "a\tb\x1b]0;title\x07\x9b31m \u202ec\u200b\r\n[red] :smile: \udcff"
SHOWN = r"a\tb\x1b]0;title\x07\x9b31m \u202ec\u200b\r\n[red] :smile: \udcff"


def test_nothing_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    screen.say(HOSTILE)
    screen.explain(HOSTILE)
    screen.warn(HOSTILE)
    assert capsys.readouterr() == (f"{SHOWN}\n{SHOWN}\n", f"{SHOWN}\n")
    screen.show_rows((HOSTILE,), [(HOSTILE,)], HOSTILE)
    title, _, header, _, cell, _ = capsys.readouterr().out.splitlines()
    assert (title, header[2:-2], cell[2:-2]) == (SHOWN,) * 3


@pytest.mark.parametrize("columns", ["0", "1", "19"])
def test_a_terminal_of_no_width_is_written_to(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    screen = Screen()
    screen.warn("Beware.")
    screen.explain("one two three four five")
    screen.show_rows(("aspect", "F1"), [("function", "0.92")])
    told = capsys.readouterr()
    assert told.err == "Beware.\n"
    assert [line.rstrip() for line in told.out.splitlines()[:2]] == ["one two three four", "five"]
    assert "0.92" in told.out


def test_a_warning_is_short_and_a_path_whole(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    screen.say("/" + "a" * 1000)
    screen.warn("b" * 1000 + " Do it.")
    told = capsys.readouterr()
    assert told.out == "/" + "a" * 1000 + "\n"
    assert told.err == "b" * 299 + " … " + "b" * 291 + " Do it.\n"


def test_a_figure_that_does_not_exist_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(as_json=True).result([{"f1": math.nan, "name": "\udcff"}, (-math.inf, 0.5)])
    out = capsys.readouterr().out
    assert json.loads(out) == [{"f1": None, "name": "\udcff"}, [None, 0.5]]
    assert out.isascii()


class Clock:
    """Time that passes only when somebody works."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def work(screen: Screen, clock: Clock, seconds: list[float], **options: object) -> None:
    for pause in screen.track(seconds, **options):  # type: ignore[arg-type]
        clock.now += pause


def test_without_a_terminal_long_work_tells_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    screen = Screen(as_json=True, clock=clock)
    work(screen, clock, [4.0] * 1000, description="Reading", total=1000)
    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert told.out == ""
    assert len(lines) == 333  # a line every third item, as the second is too early
    assert lines[:2] == [
        "Reading: 3 of 1,000, 15.0 a minute, 1:06:28 left",
        "Reading: 6 of 1,000, 15.0 a minute, 1:06:16 left",
    ]
    assert lines[-1] == "Reading: 999 of 1,000, 15.0 a minute, 0:00:04 left"


def test_rates_above_one_are_by_the_second(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    screen = Screen(clock=clock)
    work(screen, clock, [0.001] * 25_000, description="Finding", total=25_000)
    work(screen, clock, [0.001] * 12_000, description="Counting")
    assert capsys.readouterr().err.splitlines() == [
        "Finding: 10,000 of 25,000, 1,000.0 a second, 0:00:15 left",
        "Finding: 20,000 of 25,000, 1,000.0 a second, 0:00:05 left",
        "Counting: 10,000, 1,000.0 a second",
    ]


def test_nothing_is_told_of_short_work_or_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    work(Screen(clock=clock), clock, [9.9, 0.0], description="Reading", total=2)
    work(Screen(clock=clock), clock, [60.0], description="Reading", total=1)
    work(Screen(quiet=True, clock=clock), clock, [60.0] * 9, description="Reading", total=9)
    assert capsys.readouterr() == ("", "")


def test_work_that_nobody_has_counted_is_told_by_its_share(capsys: pytest.CaptureFixture[str]) -> None:
    """Every ten seconds; rate and time left are those since the first time: what was there is passed over."""
    clock = Clock()
    with Screen(clock=clock).meter("Working on texts") as show:
        for done, share in ((500, 0.4), (1000, 0.45), (1500, 0.5), (2000, 0.55)):
            clock.now += 6
            show(done, share)
    assert capsys.readouterr().err.splitlines() == [
        "Working on texts: 1,000, 45.0%, 83.3 a second, 0:01:06 left",
        "Working on texts: 2,000, 55.0%, 83.3 a second, 0:00:54 left",
    ]


def test_a_quiet_screen_meters_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Screen(quiet=True, clock=clock).meter("Working") as show:
        clock.now += 60
        show(1, 0.5)
    assert capsys.readouterr().err == ""


def test_a_bar_on_a_terminal_tells_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    clock = Clock()
    with Screen(clock=clock).meter("Working on [b]texts") as show:
        show(500, 0.4)
        clock.now += 6
        show(1000, 0.5)
    assert "Working on [b]texts: 1,000, 50.0%, 83.3 a second, 0:00:30 left" in capsys.readouterr().err
