"""Texts and names made fit for a line of a table: on one line each, and taken for a formula by no program."""

from __future__ import annotations

import os

_FORMULA_STARTS = ("=", "+", "-", "@")


def one_line(text: str) -> str:
    """Return the text with every run of white space, line ends included, made one blank."""
    return " ".join(text.split())


def name_as_text(name: str) -> str:
    """Return the name of a file as text that can be written: it may hold bytes that are none."""
    return os.fsencode(name).decode("utf-8", "replace")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet program would take the text for a formula, by how it begins.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return text.lstrip().startswith(_FORMULA_STARTS)


def guard_formula(text: str) -> str:
    """Return the text, with an apostrophe before one that a spreadsheet program would take for a formula."""
    return "'" + text if is_formula(text) else text
