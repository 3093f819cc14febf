"""What a cell of an Excel workbook holds, and what all workbooks of ours have in common.

Nothing in a text becomes a formula, a link, a number or markup, whatever it begins with.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

MOST_ROWS = 1_048_576
"""Rows of an Excel sheet, the header included."""

MOST_UNITS = 32_767
"""UTF-16 code units that an Excel cell holds; a character outside the basic plane takes two."""

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold, https://www.w3.org/TR/xml/#charsets."""

TEXT_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Of xlsxwriter's `Workbook`: a text stays one."""

CREATED = {"created": datetime(2000, 1, 1)}
"""Properties of a workbook: the same result gives the same bytes, so it does not say when it was made."""

SCORE = '[=1]0.00;[>=0.995]">0.99";0.00'
"""Number format of a probability, as `gotune.render.wording.shown_score` tells it."""

_CUT = " [… cut: a cell holds no more]"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_LINE_HEIGHT = 15
_MOST_HEIGHT = 408.75
"""Points; Excel has no higher rows."""


def cell_text(text: str) -> str:
    """Return ``text`` as one cell can hold it, with line feeds as the only line ends.

    Characters that a workbook cannot hold become U+FFFD; a text that is too long is cut and says so.
    """
    legal = ILLEGAL.sub(_REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))
    if legal.startswith("<r>") and legal.endswith("</r>"):
        legal += " "  # xlsxwriter takes what begins and ends so for markup of its own, and writes it as it is
    if not is_long(legal):
        return legal
    # A cut inside a pair of units leaves half a character, which is dropped.
    encoded = legal.encode("utf-16-le")
    return encoded[: 2 * (MOST_UNITS - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def is_long(text: str) -> bool:
    """Whether a text is too long for a cell."""
    # Only texts of half the units are worth counting, as no character has more than two.
    return 2 * len(text) > MOST_UNITS and len(text.encode("utf-16-le", "surrogatepass")) > 2 * MOST_UNITS


def lines_of(text: str, width: int) -> int:
    """Return the lines of a text that is wrapped at so many characters."""
    return sum(max(1, math.ceil(len(line) / width)) for line in text.split("\n"))


def row_height(lines: int) -> float:
    """Return the height of a row of so many lines, as not every program fits it by itself."""
    return min(lines * _LINE_HEIGHT, _MOST_HEIGHT)


def header_format(workbook: Workbook) -> Format:
    """Return the format of a name above a column."""
    return workbook.add_format({"bold": True, "bottom": 1, "valign": "top"})
