"""Old spellings are answered with the new ones, and files that cannot be written are refused first."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from gotune.cli.options import check_outputs, renamed
from gotune.errors import InputError
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("suggest papers/ -m model/ -o a.tsv", "suggest is now gotune ask"),
        ("report paper a.txt", "report paper is now gotune classify FILE -o page.html"),
        ("classify a.txt -m model --pie=a.png", "--pie is now -o picture.png"),
        ("attention text --picture a.png", "--picture is now -o picture.png"),
        ("train data --engine trainer -o model", "--engine is now --loop"),
        ("evaluate model/ data/", "evaluate MODEL is now evaluate -m MODEL"),
        ("stress model/ data/ -o stress/", "stress MODEL is now stress -m MODEL"),
        ("audit model/ data/ --max-definitions 9", "audit MODEL is now audit -m MODEL"),
        ("compare a/ b/ data/", "compare MODEL is now compare -m MODEL"),
        ("report model model/ data/ -o a.html", "report model MODEL is now report model -m MODEL"),
    ],
)
def test_an_old_spelling_is_answered_in_one_line(line: str, told: str, run: Run) -> None:
    assert run(*line.split()) == (2, "", f"error: {told}\n")


@pytest.mark.parametrize(
    "line",
    [
        "evaluate",
        "evaluate data/ -o evaluation/",
        "evaluate --sentences mine.tsv",
        "evaluate --model=m d",
        "compare -m a -mb d",
        "audit -h",
        "stress -qm a d",
    ],
)
def test_what_is_spelled_right_is_read(line: str) -> None:
    assert renamed(line.split()) is None


def test_several_files_each_of_its_kind(tmp_path: Path) -> None:
    page, picture = tmp_path / "a.html", tmp_path / "A.PNG"
    check_outputs([page, picture], (".html", ".png"))
    with pytest.raises(typer.BadParameter, match=r"every file to write once, found \S+a\.html twice"):
        check_outputs([page, picture, page], (".html", ".png"))
    with pytest.raises(InputError, match=r"found the suffix '\.pdf'\. Rename it, for example to a\.html\."):
        check_outputs([page, tmp_path / "a.pdf"], (".png", ".html"))
