"""Reading the files of a CRAFT distribution: articles, sentences, annotations, related classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gotune.corpus.documents import Document
from gotune.corpus.readers.text import read_document
from gotune.errors import DatasetError
from gotune.ontology.terms import TERM_ID
from gotune.safe_xml import parse_xml

MAX_BYTES = 64_000_000
"""The largest file that is read; CRAFT's own have a few MB."""

GAP = " ... "
"""Stands between the pieces of a discontinuous annotation."""

RELATED_CLASSES = "GO_MF_extension_classes_and_related_GO_MF_classes.txt"

ARTICLE_ID = re.compile(r"[0-9]{1,12}")
"""A PubMed id."""

_AS_RELEASED = "Give the folder of a whole CRAFT release, as it was downloaded."


@dataclass(frozen=True, slots=True, order=True)
class Annotation:
    """A concept named in an article.

    Attributes:
        start: Its first character in the article.
        end: The character after its last.
        aspect: ``BP``, ``CC`` or ``MF``: the set of annotations it is in.
        go_class: GO id, or id of an extension class of CRAFT.
        surface: The words; the pieces of a discontinuous annotation are joined with " ... ".
    """

    start: int
    end: int
    aspect: str
    go_class: str
    surface: str


class CraftFolder:
    """A CRAFT distribution on disk, in the layout of version 3.1 and later."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not (folder / "articles" / "txt").is_dir():
            raise DatasetError(
                str(folder),
                expected="a CRAFT distribution, with a folder articles/txt",
                found="none" if folder.is_dir() else "no folder",
                do=_AS_RELEASED,
            )

    def has(self, article: str) -> bool:
        """Whether this is the id of an article, and its text is there."""
        return bool(ARTICLE_ID.fullmatch(article)) and self._text_path(article).is_file()

    def text(self, article: str) -> str:
        """Return the text of an article, to which all offsets refer."""
        return read_document(self._text_path(article)).text

    def sentences(self, article: str, text: str) -> list[tuple[int, int]]:
        """Return where the sentences of an article start and end, from CRAFT's dependency treebank.

        Raises:
            DatasetError: The file is missing, or its sentences are not those of the text.
        """
        path = self._folder / "structural-annotation" / "dependency" / "conllu" / f"{article}.conllu"
        lines = _read(path).text.split("\n")  # a sentence can hold other characters that end lines
        sentences = [
            (number, line.removeprefix("# text = "))
            for number, line in enumerate(lines, 1)
            if line.startswith("# text = ")
        ]
        return list(_aligned(sentences, text, path))

    def annotations(self, article: str, text: str, aspect: str, *, extended: bool) -> list[Annotation]:
        """Return the annotations of an article from one set, sorted by where they stand.

        Args:
            article: Its id.
            text: Its text, against which the annotations are checked.
            aspect: ``BP``, ``CC`` or ``MF``.
            extended: Take the set with CRAFT's extension classes.

        Raises:
            DatasetError: The file is missing or no Knowtator XML, or does not fit the text.
        """
        module = f"GO_{aspect}"
        kind = f"{module}+extensions" if extended else module
        name = f"{article}.txt.knowtator.xml"
        path = self._folder / "concept-annotation" / module / kind / "knowtator" / name
        return sorted(set(_annotations(path, text, aspect)))

    def related_classes(self) -> dict[str, tuple[str, ...]]:
        """Return the GO molecular functions to which CRAFT relates each of its extension classes.

        Raises:
            DatasetError: The file is missing or something else.
        """
        path = self._folder / "concept-annotation" / "GO_MF" / "GO_MF+extensions" / RELATED_CLASSES
        related = {}
        for number, line in enumerate(_read(path).text.strip().splitlines(), 1):
            go_class, *go_ids = line.split("\t")
            go_ids = [go_id for go_id in go_ids if go_id]
            if not go_ids or not all(map(TERM_ID.fullmatch, go_ids)):
                raise DatasetError(
                    f"{path}, line {number}",
                    expected="an extension class and GO ids, divided by tabs",
                    found=repr(line[:60]),
                    do=_AS_RELEASED,
                )
            related[go_class] = tuple(go_ids)
        return related

    def listed(self, part: str) -> frozenset[str]:
        """Return the ids in CRAFT's own list of its train, dev or test articles; none if it is missing."""
        path = self._folder / "articles" / "ids" / f"craft-ids-{part}.txt"
        return frozenset(_read(path).text.split()) if path.is_file() else frozenset()

    def version(self) -> str:
        """Return the version that the list of changes names first, or ``unknown``."""
        path = self._folder / "CHANGES.md"
        found = re.search(r"^## Version (\S+)", _read(path).text, re.MULTILINE) if path.is_file() else None
        return found[1] if found else "unknown"

    def _text_path(self, article: str) -> Path:
        return self._folder / "articles" / "txt" / f"{article}.txt"


def _aligned(sentences: list[tuple[int, str]], text: str, path: Path) -> Iterator[tuple[int, int]]:
    """Find the sentences in the text one after the other; only white space may differ."""
    place = 0
    for number, sentence in sentences:
        start = _next_visible(text, place)
        place = start
        for character in filter(lambda character: not character.isspace(), sentence):
            place = _next_visible(text, place)
            if text[place : place + 1] != character:
                raise DatasetError(
                    f"{path}, line {number}",
                    expected=f"the article's text at character {place}, {text[place : place + 20]!r}",
                    found=repr(sentence[:60]),
                    do=_AS_RELEASED,
                )
            place += 1
        yield start, place
    if rest := text[place:].strip():
        raise DatasetError(
            str(path),
            expected="sentences up to the end of the article",
            found=f"none from character {place} on, {rest[:20]!r}",
            do=_AS_RELEASED,
        )


def _next_visible(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _annotations(path: Path, text: str, aspect: str) -> Iterator[Annotation]:
    root = _parsed(path)
    classes = {
        mention.get("id"): mention_class.get("id")
        for mention in root.iterfind("classMention")
        for mention_class in mention.iterfind("mentionClass")
    }
    for annotation in root.iterfind("annotation"):
        where = f"{path}, line {annotation.sourceline}"
        mention = annotation.find("mention")
        go_class = None if mention is None else classes.get(mention.get("id"))
        pieces = _pieces(annotation, text)
        if not go_class or not pieces:
            spans = [dict(span.attrib) for span in annotation.iterfind("span")]
            raise DatasetError(
                where,
                expected="an annotation with a class, and with spans inside the article",
                found=f"class {go_class}, spans {str(spans)[:80]}",
                do=_AS_RELEASED,
            )
        surface = GAP.join(text[start:end] for start, end in pieces)
        named = annotation.findtext("spannedText") or ""
        if _words(named) != _words(surface):
            raise DatasetError(
                where,
                expected=f"the words of the article there, {surface[:60]!r}",
                found=repr(named[:60]),
                do="Take texts and annotations of the same release.",
            )
        yield Annotation(pieces[0][0], pieces[-1][1], aspect, go_class, surface)


def _pieces(annotation: Any, text: str) -> list[tuple[int, int]]:  # noqa: ANN401 (lxml has no types)
    """Return the spans of an annotation in order, or none if one is no stretch of the text."""
    try:
        pieces = sorted(
            (int(span.get("start")), int(span.get("end"))) for span in annotation.iterfind("span")
        )
    except (TypeError, ValueError):
        return []
    return pieces if all(0 <= start < end <= len(text) for start, end in pieces) else []


def _words(surface: str) -> list[str]:
    return sorted(surface.replace(GAP, " ").split())


def _parsed(path: Path) -> Any:  # noqa: ANN401 (lxml has no types)
    """Parse a file of annotations."""
    return parse_xml(
        _read(path).text,
        str(path),
        root="annotations",
        what="annotations in Knowtator's XML",
        do=_AS_RELEASED,
        error=DatasetError,
    )


def _read(path: Path) -> Document:
    """Read a text file of the distribution."""
    if not path.is_file():
        raise DatasetError(str(path), expected="this file of the distribution", found="none", do=_AS_RELEASED)
    if path.stat().st_size > MAX_BYTES:
        raise DatasetError(
            str(path), expected=f"at most {MAX_BYTES:,} bytes", found="a larger file", do=_AS_RELEASED
        )
    return read_document(path)
