r"""Lines of OBO that can mean one thing only, but are not written as OBO 1.4 wants them, and how it does.

The releases of GO and of other ontologies break the syntax in a few ways again and again: an id with a blank
that is not escaped (``xref: EC 2.7.1.190``, ``[IntAct: EBI-1]``), a quote within a text, qualifiers without
quotes, tags of OBO 1.0. `repair` writes such a line right, with all in it that gotune reads, and only a line
that fastobo has refused is given to it. What could be meant in two ways stays as it is, to be an error: two
references in an ``xref``, a list that is not closed, words without a tag.

A tag that OBO does not know is no error by the guide of OBO 1.4, which leaves room for new ones that way; a
tag that is nearly one we read is rather a slip, and would lose what stands behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches

from gotune.aspects import ASPECTS
from gotune.ontology.terms import TAXON_RELATIONS

_TAG = re.compile(r"([A-Za-z][\w-]*+)\s*+:(?!//)\s*+(.*+)", re.DOTALL)

_OLD_TAGS = {
    "exact_synonym": ("synonym", "EXACT"),
    "narrow_synonym": ("synonym", "NARROW"),
    "broad_synonym": ("synonym", "BROAD"),
    "related_synonym": ("synonym", "RELATED"),
    "xref_analog": ("xref", ""),
    "xref_unknown": ("xref", ""),
    "xref_unk": ("xref", ""),
    "use_term": ("consider", ""),
    "definition": ("def", ""),
}
"""Tags of OBO 1.0, and the word that `def` is short for, with the tag and the scope that they have now."""

_NEAR = 0.75  # a letter too many, too few or in the wrong place, even in short tags: nmae, xrefs, is_aa

_STRING = r'"(?:[^"\\]|\\.)*+"'
_QUALIFIERS = r"(?:\{[^{}]*+\})?+"
_COMMENT = r"(?:!.*+)?+"
_TAIL = rf"\s*+{_QUALIFIERS}\s*+{_COMMENT}"

# The quote that ends a text: only blanks are between it and what has to follow it.
_END_OF_DEFINITION = re.compile(r'(\\.)|"\s*+(?=\[)')
_END_OF_SYNONYM = re.compile(r'(\\.)|"\s*+(?=\[|(?:EXACT|NARROW|BROAD|RELATED)\b)', re.IGNORECASE)
_SCOPE = re.compile(r"(EXACT|NARROW|BROAD|RELATED)\b\s*+", re.IGNORECASE)
_SYNONYM_TYPE = re.compile(r"([^\s\[\]{}!]++)\s*+")
_LIST = re.compile(rf"\[((?:{_STRING}|\\.|\[[^\[\]]*+\]|[^\[\]])*+)\]{_TAIL}", re.DOTALL)
_REFERENCE = re.compile(rf"(?:{_STRING}|\\.|[^,])++", re.DOTALL)

_ID = r"[^\s{}!,]++"
_SPLIT_ID = re.compile(r"\b([A-Za-z]++): (\d{7})\b")
_PREFIXED = r"[^\s{}!,:]++:[^\s{}!,]++"
_WORDS = r"\s++(?![^!]*?\w:\w)[^\s{!,].*+"  # a comment without its mark, which holds no other id
_ID_LINE = re.compile(rf"({_PREFIXED}(?={_WORDS}\Z)|{_ID}(?={_TAIL}\Z)).*", re.DOTALL)
_EDGE_LINE = re.compile(rf"({_ID}\s++(?:{_PREFIXED}(?={_WORDS}\Z)|{_ID}(?={_TAIL}\Z))).*", re.DOTALL)

_OF_TAXON = re.compile("|".join([*TAXON_RELATIONS, *TAXON_RELATIONS.values()]))

_BOOLEANS = {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}
_DAY_FIRST = re.compile(r"(\d{1,2})[:/.-](\d{1,2})[:/.-](\d{4})(?!\d).*", re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d).*", re.DOTALL)
_DECEMBER = 12


def repair(line: str, *, in_header: bool = False) -> str:
    r"""Return the line of a header or of a [Term] as OBO 1.4 writes it.

    A line that nothing is read from, for its tag is none that matters here or it has no value, becomes an
    empty one. One that may mean something else, or whose tag seems a slip, comes back as it is.

    >>> repair("xref: EC 2.7.1.190")
    'xref: EC\\ 2.7.1.190'
    >>> repair('synonym: "a "b" c" [GOC:me]')
    'synonym: "a \\"b\\" c" RELATED [GOC:me]'
    """
    match = _TAG.fullmatch(line.strip())
    if match is None:
        return line
    written, value = match.groups()
    tag = written.lower().replace("-", "_")
    tag, scope = _OLD_TAGS.get(tag, (tag, ""))
    rule = (_HEADER_RULES if in_header else _TERM_RULES).get(tag)
    if rule is None:
        return line if not in_header and _seems_a_slip(tag) else ""
    if not value or (tag == "property_value" and not _OF_TAXON.match(value)):
        return ""
    if scope:
        value = _with_scope(value, scope)
    repaired = rule(value)
    if repaired is None:
        return "" if in_header else line
    return f"{tag}: {repaired}"


def _seems_a_slip(tag: str) -> bool:
    return tag not in _OTHER_TAGS and bool(get_close_matches(tag, _TAGS_READ, 1, _NEAR))


def _with_scope(value: str, scope: str) -> str:
    text, rest = _text_and_rest(value, _END_OF_SYNONYM)
    return value if text is None else f"{text} {scope} {rest}"


def _ends(pattern: re.Pattern[str], value: str) -> list[int]:
    """Return where the text of a line may end: behind quotes that are followed by what follows a text."""
    return [match.start() + 1 for match in pattern.finditer(value, 1) if match.group(1) is None]


def _definition(value: str) -> str | None:
    text, rest = _text_and_rest(value, _END_OF_DEFINITION)
    references = _references(rest)
    return None if text is None or references is None else f"{text} {references}"


def _synonym(value: str) -> str | None:
    text, rest = _text_and_rest(value, _END_OF_SYNONYM)
    if text is None:
        return None
    scope = "RELATED"  # what OBO 1.2 means if it is not said
    kind = ""
    if match := _SCOPE.match(rest):
        scope = match.group(1).upper()
        rest = rest[match.end() :]
        if match := _SYNONYM_TYPE.match(rest):
            kind = match.group(1) + " "
            rest = rest[match.end() :]
    references = _references(rest)
    return None if references is None else f"{text} {scope} {kind}{references}"


def _text_and_rest(value: str, end: re.Pattern[str]) -> tuple[str | None, str]:
    """Return the quoted text that a value starts with, with the quotes within it escaped, and what follows.

    The text is None if there is none, or if it is not certain where it ends.
    """
    if not value.startswith('"'):
        return None, ""
    ends = _ends(end, value)
    if not ends and (match := re.fullmatch(rf"({_STRING}){_TAIL}", value, re.DOTALL)):
        ends = [match.end(1)]
    if len(ends) != 1:
        return None, ""
    inner = re.sub(r'(\\.)|(")', _with_backslash, value[1 : ends[0] - 1], flags=re.DOTALL)
    return f'"{inner}"', value[ends[0] :].strip()


def _references(rest: str) -> str | None:
    """Return the list of references; what describes and qualifies them is not read and left out."""
    if re.fullmatch(_TAIL, rest):
        return "[]"
    match = _LIST.fullmatch(rest)
    if match is None:
        return None
    pieces = [_without_description(piece) for piece in _REFERENCE.findall(match.group(1))]
    return f"[{', '.join(_escaped(piece) for piece in pieces if piece)}]"


def _without_description(reference: str) -> str:
    """Return the id of a reference, without a text in quotes, qualifiers or line ends that follow it."""
    reference = reference.replace(r"\n", " ").strip()
    start = reference.find(' "')
    if start < 0 and reference.endswith("}"):
        start = reference.rfind(" {")
    return reference[:start].rstrip() if start > 0 else reference


def _xref(value: str) -> str | None:
    identifier = re.split(r"\s!", _without_description(value), maxsplit=1)[0].rstrip()
    return None if ", " in identifier else _escaped(identifier)  # perhaps two


def _escaped(identifier: str) -> str:
    """Return an id in which a blank or bracket is none of the syntax, nor the colon of an address."""
    escaped = re.sub(r"(\\.)|([\s\[\]{}!,])", _with_backslash, identifier, flags=re.DOTALL)
    return re.sub(r"^([A-Za-z]++):(?=//)", r"\1\\:", escaped)


def _id(value: str) -> str | None:
    match = _ID_LINE.fullmatch(_SPLIT_ID.sub(r"\1:\2", value, count=1))
    return match.group(1) if match else None


def _edge(value: str) -> str | None:
    match = _EDGE_LINE.fullmatch(_SPLIT_ID.sub(r"\1:\2", value, count=1))
    return match.group(1) if match else None


def _plain(value: str) -> str:
    """Return a text with its braces escaped: what they hold are no qualifiers."""
    return re.sub(r"(\\.)|([{}])", _with_backslash, value, flags=re.DOTALL)


def _with_backslash(match: re.Match[str]) -> str:
    return match.group(1) or f"\\{match[2]}"


def _namespace(value: str) -> str | None:
    name = value.strip('"').lower().replace(" ", "_")
    return name if name in ASPECTS else None


def _is_obsolete(value: str) -> str | None:
    return _BOOLEANS.get(value.partition(" ")[0].lower())


def _date(value: str) -> str | None:
    """Return a date as OBO writes it, ``15:12:2021 00:00``: only the day matters here."""
    if match := _YEAR_FIRST.fullmatch(value):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(value):
        day, month, year = match.groups()
        if int(month) > _DECEMBER:  # as Americans write it
            day, month = month, day
    else:
        return None
    return f"{day:0>2}:{month:0>2}:{year} 00:00"


_Rule = Callable[[str], str | None]

_TERM_RULES: dict[str, _Rule] = {
    "id": _id,
    "name": _plain,
    "namespace": _namespace,
    "def": _definition,
    "comment": _plain,
    "is_obsolete": _is_obsolete,
    "synonym": _synonym,
    "xref": _xref,
    "subset": _id,
    "alt_id": _id,
    "is_a": _id,
    "relationship": _edge,
    "property_value": _edge,
    "union_of": _id,
    "replaced_by": _id,
    "consider": _id,
}
"""How to write the value of each tag that is read; None if it is not certain."""

_OTHER_TAGS = {
    "builtin", "created_by", "creation_date", "disjoint_from", "equivalent_to", "intersection_of",
    "is_anonymous",
}  # fmt: skip
"""The other tags of a [Term], of which nothing is read."""

_TAGS_READ = [*_TERM_RULES, *_OLD_TAGS]

_HEADER_RULES: dict[str, _Rule] = {"date": _date}
