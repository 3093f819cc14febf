from __future__ import annotations

import inspect
import re

import pytest

from gotune import errors
from gotune.errors import GotuneError, OboError

CLASSES = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__
]


@pytest.mark.parametrize("kind", CLASSES)
def test_message_says_where_expected_found_and_do(kind: type[GotuneError]) -> None:
    error = kind("go.obo", expected="a header", found="nothing", do="Fetch it again.")
    assert str(error) == "go.obo: expected a header, found nothing. Fetch it again."
    assert (error.where, error.expected, error.found, error.do) == (
        "go.obo",
        "a header",
        "nothing",
        "Fetch it again.",
    )


def test_obo_error_has_the_line() -> None:
    error = OboError("go.obo", expected="a tag", found="'x'", do="Mend it.", line=7)
    assert str(error) == "go.obo, line 7: expected a tag, found 'x'. Mend it."
    assert error.line == 7
    assert OboError("go.obo", expected="a tag", found="'x'", do="Mend it.").line is None


def test_a_message_is_short_and_steers_nothing_while_the_error_holds_all() -> None:
    column, path = "\x1b]0;title\x07\u202e" * 2000, "a\nb\udcff.csv"
    error = GotuneError(path, expected="a column 'text'", found=column, do="Name it.")
    assert (error.where, error.found) == (path, column)
    assert len(str(error)) <= 600
    assert str(error).isprintable()
    assert str(error).startswith(r"a\nb\udcff.csv: expected a column 'text', found \x1b]0;title\x07\u202e")
    assert str(error).endswith(r"title\x07\u202e. Name it.")


def test_all_parts_of_a_message_may_be_long() -> None:
    long = GotuneError("a" * 999, expected="b" * 999, found="c" * 999, do="d" * 999)
    assert str(long) == (
        f"{'a' * 69} … {'a' * 68}: expected {'b' * 69} … {'b' * 68}, "
        f"found {'c' * 69} … {'c' * 68}. {'d' * 69} … {'d' * 68}"
    )


def test_tree_in_the_docstring_is_the_real_one() -> None:
    drawn: list[tuple[str, str]] = []
    parents: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"    ([│├└─ ]*)(\w+Error)\b", line):
            depth, name = len(found[1]) // 4, found[2]
            parents[depth] = name
            drawn.append((name, parents.get(depth - 1, "Exception")))
    assert sorted(drawn) == sorted(
        (kind.__name__, kind.__base__.__name__) for kind in CLASSES if kind.__base__
    )
