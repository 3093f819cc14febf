"""What the annotation types of a corpus mean: which aspects a sentence carries, and on which it is judged.

A map is a TOML file. Each aspect that the corpus decides on has a table; one without is not judged::

    citation = "Whom to cite."       # optional
    ignored = ["Protein"]            # types that say nothing

    [BP]
    types = ["Gene_expression"]      # a sentence with one of these carries the aspect
    doubtful_types = ["Regulation"]  # one with these alone is not judged on it
    doubtful_words = ["mediates?"]   # nor is one with these words
    only_with_file = ".a2"           # nor one of a document without a file of this suffix
    only_with_types = ["Protein"]    # nor one without any of these

    [MF]
    types = ["Binding"]
    types_with_words = {Other = "activit(y|ies)$"}  # types that mean the aspect in these words only

All other sentences do not carry it. Words are regular expressions, met as whole words in any case.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.readers.text import read_document
from gotune.errors import DatasetError, InputError
from gotune.typed_json import as_record

_MAPS = files("gotune.datasets.corpora") / "maps"
_SUFFIX = ".toml"
READY = tuple(
    sorted(path.name.removesuffix(_SUFFIX) for path in _MAPS.iterdir() if path.name.endswith(_SUFFIX))
)
"""Names of the maps that come with gotune, for corpora as they are distributed."""

_MEND = (
    "Mend the map: beside `ignored` and `citation` it has tables BP, CC, MF with types, types_with_words, "
    "doubtful_types, doubtful_words, only_with_file, only_with_types."
)
_SHOWN = 5


@dataclass(frozen=True)
class AspectRule:
    """How a corpus tells of an aspect.

    A sentence with a type of the aspect carries it, whatever else is in it: all that is doubtful, or a
    condition, concerns those without.

    Attributes:
        types: Those that mean it.
        types_with_words: Others that mean it where their words match a regular expression.
        doubtful_types: Those that leave it open.
        doubtful_words: Regular expressions of words in the sentence that leave it open.
        only_with_file: Suffix of a file without which nobody has looked for it in a document.
        only_with_types: Types without any of which nobody has looked for it in a sentence.
    """

    types: tuple[str, ...] = ()
    types_with_words: dict[str, str] = field(default_factory=dict)
    doubtful_types: tuple[str, ...] = ()
    doubtful_words: tuple[str, ...] = ()
    only_with_file: str = ""
    only_with_types: tuple[str, ...] = ()

    def means(self, kind: str, words: str) -> bool:
        """Whether a mention of this type, in these words, means the aspect."""
        return kind in self.types or (kind in self._worded and bool(self._worded[kind].search(words)))

    def is_judged(self, text: str, types: Iterable[str], doc_files: Iterable[str]) -> bool:
        """Whether a sentence that no mention gives the aspect is known not to carry it.

        Args:
            text: Of the sentence.
            types: Of the mentions in it.
            doc_files: Suffixes of the files with the annotations of its document.
        """
        found = set(types)
        return (
            found.isdisjoint(self.doubtful_types)
            and (not self.only_with_types or not found.isdisjoint(self.only_with_types))
            and (not self.only_with_file or self.only_with_file in doc_files)
            and not any(doubt.search(text) for doubt in self._doubts)
        )

    def telling(self) -> frozenset[str]:
        """Return the types that say something of the aspect where they stand."""
        return frozenset((*self.types, *self.types_with_words, *self.doubtful_types))

    @cached_property
    def _worded(self) -> dict[str, re.Pattern[str]]:
        return {kind: _whole_words(pattern) for kind, pattern in self.types_with_words.items()}

    @cached_property
    def _doubts(self) -> list[re.Pattern[str]]:
        return list(map(_whole_words, self.doubtful_words))


@dataclass(frozen=True, slots=True)
class TypeMap:
    """What the types of a corpus mean.

    Attributes:
        BP: How it tells of biological processes; None if it does not decide on them.
        CC: The same of cellular components.
        MF: The same of molecular functions.
        ignored: Types that say nothing.
        citation: Whom to cite, and what the licence is.
    """

    BP: AspectRule | None = None
    CC: AspectRule | None = None
    MF: AspectRule | None = None
    ignored: tuple[str, ...] = ()
    citation: str = ""

    def __post_init__(self) -> None:
        """Refuse a map that judges nothing or contradicts itself.

        Raises:
            InputError: It has no aspect, or one that no type means; a type stands twice; or a regular
                expression is none.
        """
        if not self.rules():
            raise _bad("the map", f"a table of {', '.join(one.short for one in ASPECTS)}", "none")
        for aspect, rule in self.rules():
            _check_rule(aspect.short, rule)
        telling = [kind for _, rule in self.rules() for kind in rule.telling()]
        _refuse_double("ignored", (*self.ignored, *set(telling).intersection(self.ignored)))

    def rules(self) -> list[tuple[Aspect, AspectRule]]:
        """Return the aspects that the corpus decides on, in label order."""
        pairs = zip(ASPECTS, (self.BP, self.CC, self.MF), strict=True)
        return [(aspect, rule) for aspect, rule in pairs if rule is not None]

    def meaning(self, kind: str) -> str:
        """Return in words what a type means: ``BP``, ``MF in some words``, ``BP doubtful`` or ``ignored``."""
        found = []
        for aspect, rule in self.rules():
            if kind in rule.types:
                found.append(aspect.short)
            if kind in rule.types_with_words:
                found.append(f"{aspect.short} in some words")
            if kind in rule.doubtful_types:
                found.append(f"{aspect.short} doubtful")
        return ", ".join(found) or ("ignored" if kind in self.known() else "not in the map")

    def known(self) -> frozenset[str]:
        """Return all types that it names."""
        named = [kind for _, rule in self.rules() for kind in (*rule.telling(), *rule.only_with_types)]
        return frozenset((*self.ignored, *named))


def read_map(source: Path | str) -> TypeMap:
    """Read a map.

    Args:
        source: A name in `READY`, or a TOML file.

    Raises:
        DatasetError: There is no such map, or it is no TOML, or not such as the module tells.
        DocumentError: The file is empty or not UTF-8.
    """
    is_ready = str(source) in READY
    if not is_ready and not Path(source).is_file():
        raise DatasetError(
            str(source),
            expected=f"one of {', '.join(READY)}, or a file",
            found="none of that name",
            do="Check the name, or write a map: without one, the types of the corpus are shown.",
        )
    path = _MAPS / f"{source}{_SUFFIX}"
    text = path.read_text(encoding="utf-8") if is_ready else read_document(source).text
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as exc:  # also of numbers and nesting beyond what Python reads
        raise DatasetError(str(source), expected="a map in TOML", found=str(exc), do=_MEND) from exc
    try:
        return as_record(values, TypeMap, str(source), do=_MEND, error=DatasetError)
    except RecursionError as exc:
        raise DatasetError(str(source), expected="a map of few levels", found=str(exc), do=_MEND) from exc


def _check_rule(aspect: str, rule: AspectRule) -> None:
    if not rule.types and not rule.types_with_words:
        raise _bad(f"{aspect}.types", "at least one type that means the aspect", "none")
    _refuse_double(f"{aspect}.types", (*rule.types, *rule.types_with_words))
    _refuse_double(f"{aspect}.doubtful_types", (*rule.types, *rule.doubtful_types))
    for pattern in (*rule.doubtful_words, *rule.types_with_words.values()):
        try:
            _whole_words(pattern)
        except (re.error, RecursionError, OverflowError) as exc:
            raise _bad(f"{aspect}, words", "a regular expression", f"{pattern!r} ({exc})") from exc


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def _refuse_double(where: str, types: Iterable[str]) -> None:
    if double := sorted(kind for kind, n in Counter(types).items() if n > 1):
        raise _bad(where, "each type once", f"twice {', '.join(double[:_SHOWN])}")


def _bad(where: str, expected: str, found: str) -> InputError:
    return InputError(where, expected=expected, found=found, do=_MEND)
