"""What a page has around its text and amid it: numbers, running heads, buttons, rows of tables, commands."""

from __future__ import annotations

import re

STOPS = (".", "!", "?", ",", ";", ":", "\u2026", "\u3002")
"""With what lines of prose end that go on, or are complete."""

_LONGEST_ROW = 1_000
"""Characters."""

_PAGE = re.compile(
    r"(?:page\s+|p\.\s?)?\d{1,5}(?:\s?(?:/|of)\s?\d{1,5})?|[\u2013\u2014-]\s?\d{1,5}\s?[\u2013\u2014-]|[ivxl]{1,6}",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"(?:\d{1,5}\s+)?[A-Z][\w'\u2019-]+(?:\sand\s[A-Z][\w'\u2019-]+|\set\sal\.?),?"
    r"(?:\s+\(?(?:19|20)\d\d\)?)?\s+\d{1,5}"
    r"|(?:\d{1,5}\s+)?[A-Z][\w'\u2019-]+\set\sal\.?(?:\s+\d{1,5})?"
    r"|[A-Z][^.]{0,40}\.?.{0,60}\s\d+\s?(?:\(\d+\))?\s?[,:]\s?[A-Za-z]?\d+(?:\s?[\u2013-]\s?[A-Za-z]?\d+)?\s?"
    r"\(?(?:19|20)\d\d\)?(?:\s+\d{1,5}|\s{3,}.*)?"
    r"|[A-Z][\w'\u2019-]+\set\sal\.?,?\s.{0,60}\b(?:19|20)\d\d\)?,?\s\d+(?:\(\d+\))?:\s?[A-Za-z]?\d+"
    r"(?:\s?[\u2013-]\s?\d+)?(?:\s+(?:Page\s)?\d+\sof\s\d+)?"
    r"|[A-Z].{0,80}\s\d{1,4}\s\((?:19|20)\d\d\)\s[A-Za-z]?\d+(?:\s?[\u2013-]\s?[A-Za-z]?\d+)?"
    r"|.{0,80}\b(?:Vol(?:ume|\.)?|No\.|ISSN|Issue)\s?\d[^a-z]{0,60}|Downloaded from .{0,120}"
)
"""Authors, or the journal with its volume, beside the number of a page."""
_SIGN_OF_PAGE = re.compile(r"\d|et al|Downloaded|\A[ivxl]+\Z")
_LONGEST_HEAD = 150
_A_LETTER = re.compile(r"[^\W\d_]")
_MARKUP = re.compile(
    r"\\(?:documentclass|usepackage|begin|end|label|includegraphics|(?:re)?newcommand|def|let|setlength|author|affil\w*"
    r"|address|date|thanks|email|input|include|bibliography\w*)\b.*"
    r"|(?:\\(?!(?:sub)*section|title|chapter|paragraph|caption|bibitem|cite|emph|textit|textbf|text)[a-zA-Z]+\*?"
    r"(?:\s*(?:\[[^\]\n]*\]|\{(?:[^{}\n]++|\{[^{}\n]*\})*+\}))*+\s*)+\{?%?\s*|%.*"
)
"""A command of LaTeX that shows no prose, on a line of its own with what it is given, or a comment."""
_BUTTON = re.compile(
    r"(?:download|open|view) (?:(?:all|as|full|in|a|new|larger|original|powerpoint|this)\s)*"
    r"(?:article|figures?|image|inline|popup|powerpoint|slides?|tab|table|version|window)"
    r"|full[ -]size (?:image|table)|google scholar|crossref|pubmed(?: central)?"
    r"|(?:skip|back) to (?:main content|top)",
    re.IGNORECASE,
)
"""What pages of journals have to be clicked."""
FIELD = re.compile(
    r"(?=.{4}- )(?:AB|AD|AID|AU|AUID|CI|CN|COIS|CRDT|DCOM|DEP|DP|EDAT|FAU|GR|IP|IS|JID|JT|LA|LID|LR|MH|MHDA"
    r"|OAB|OT|OTO|OWN|PG|PHST|PL|PMC|PMCR|PMID|PST|PT|RN|SB|SI|SO|STAT|TA|TI|TT|VI) {0,2}- "
)
"""The beginning of a field of MEDLINE."""
_PROSE_OR_SOURCE = ("AB ", "OAB ", "SO ", "TI ", "TT ")
"""Fields that are more than furniture."""
_WEB_ADDRESS = re.compile(r"(?:(?:https?|ftp)://|www\.|doi:\s?10\.)\S+", re.IGNORECASE)
_ROW_OF_LATEX = re.compile(r"\\\\(?:\[[^\]]*\])?(?:\s*\\[a-z]+)*\Z")
"""The end of one."""
_AMPERSAND = re.compile(r"(?<!\\)&")
_GAP = re.compile(r"\t|\s\s|\|")
_CELLS = re.compile(r"\s*\|\s*|\s*\t\s*|\s\s+")
_FEWEST_CELLS = 3
_LONGEST_CELL = 60
_A_LABEL = re.compile(r"\W*(?:(?:[A-Z][a-z]+\.?\s)?[\dIVX]+(?:\.\d+)*[.:)]?|[A-Za-z][.)])?", re.ASCII)
"""What a tab may part from a heading or an entry: ``2.1``, ``Table 3.``"""
_NUMBER = re.compile(r"[^\w\s]*\d[^A-Za-z\s]*[a-z%]{0,3}")
_NUMBERS_SHARE = 0.6


def is_furniture(block: str) -> bool:
    """Tell whether a block is what pages have around their text, a row of a table, or nothing but signs."""
    if _is_row(block) or (FIELD.match(block) and not block.startswith(_PROSE_OR_SOURCE)):
        return True
    return len(block) <= _LONGEST_HEAD and (
        is_of_page(block)
        or _MARKUP.fullmatch(block) is not None
        or _WEB_ADDRESS.fullmatch(block) is not None
        or _A_LETTER.search(block) is None
    )


def stands_alone(line: str) -> bool:
    """Tell whether a line amid others is of no paragraph, whatever the layout."""
    # Two blanks do not tell: lines that are set to the same width have them.
    is_wide = "\t" in line or "   " in line or line.startswith("|") or "\\\\" in line
    return is_of_page(line) or _MARKUP.fullmatch(line) is not None or (is_wide and _is_row(line))


def is_of_page(line: str) -> bool:
    """Tell whether a line is the number of a page, the journal or authors beside it, or a button."""
    if len(line) > _LONGEST_HEAD:
        return False
    if _SIGN_OF_PAGE.search(line) and (_PAGE.fullmatch(line) or _HEAD.fullmatch(line)):
        return True
    return _BUTTON.fullmatch(line) is not None


def _is_row(line: str) -> bool:
    """Tell whether a line is a row of a table: cells with room between them, or mostly numbers."""
    if len(line) > _LONGEST_ROW or line.endswith(STOPS) or len(line.splitlines()) > 1:
        return False
    if "&" in line and _ROW_OF_LATEX.search(line) and _AMPERSAND.search(line):
        return True
    if _GAP.search(line):
        cells = _CELLS.split(line)
        # A tab alone parts cells, but for those of a heading or an entry, and unless one has a sentence.
        is_table = "\t" in line.strip() and not _A_LABEL.fullmatch(cells[0]) and ". " not in line
        fewest = 2 if is_table else _FEWEST_CELLS
        if len(cells) >= fewest and max(map(len, cells)) <= _LONGEST_CELL:
            return True
    words = line.split()
    numbers = sum(_NUMBER.fullmatch(word) is not None for word in words)
    return numbers >= _FEWEST_CELLS and numbers >= _NUMBERS_SHARE * len(words)
