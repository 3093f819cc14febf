"""The GENIA event corpus in its own XML: sentences with terms inside, each followed by its events.

https://doi.org/10.1186/1471-2105-9-10 tells of it. A term is a mention of its class. An event is one of its
class where the words stand that tell of it, ``clueType`` in a copy of the sentence, or somewhere in the
sentence if none are marked. Several coordinated terms, ``cons``, are a mention of each of their classes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gotune.corpus.readers.text import read_document
from gotune.datasets.corpora.annotated import (
    AnnotatedCorpus,
    AnnotatedDocument,
    Mention,
    Passage,
    choose_files,
    gather,
)
from gotune.errors import DatasetError
from gotune.lines import one_line
from gotune.protocols import Track, untracked
from gotune.records import Span
from gotune.safe_xml import parse_xml

UNCLASSIFIED = "UNCLASSIFIED"
"""The class of an event that names none, as the corpus's document type says."""

_AS_RELEASED = "Give the XML files of the GENIA event corpus as they were released."
_MARKED = {"term", "cons"}
_CLASS = re.compile(r"(?<![A-Za-z_])[A-Z_]*+[a-z][A-Za-z_]*+")
"""A class in ``(AND Protein_molecule Protein_complex)``; operators have no small letters."""
_LONGEST_SHOWN = 60


def read_genia(sources: Sequence[Path | str], *, track: Track = untracked) -> AnnotatedCorpus:
    """Read XML files of the GENIA event corpus, named themselves or in folders.

    The sentences are those of the corpus. A document is named by its PubMed id.

    Args:
        sources: Files, and folders whose ``.xml`` are read with those in their subfolders.
        track: Shows how far the files are.

    Raises:
        TypeError: ``sources`` is one name instead of a sequence of them.
        DatasetError: There is none, or a file is no GENIA XML, or an event has another sentence than that
            before it.
        DocumentError: A file is empty or not UTF-8.
    """
    read, others = choose_files(sources, (".xml",))
    documents = (
        document
        for path in track(read, description="Reading documents", total=len(read))
        for document in _documents(path)
    )
    return gather(documents, ", ".join(map(str, sources)), others)


def _documents(path: Path) -> Iterator[AnnotatedDocument]:
    root = parse_xml(
        read_document(path).text,
        str(path),
        root="Annotation",
        what="the XML of the GENIA event corpus",
        do=_AS_RELEASED,
        error=DatasetError,
    )
    for article in root.iter("PubmedArticle"):
        name = one_line(article.findtext(".//PMID") or "")
        if not name:
            raise DatasetError(
                f"{path}, line {article.sourceline}",
                expected="an article with a PMID",
                found="none",
                do=_AS_RELEASED,
            )
        kept_out: Counter[str] = Counter()
        yield AnnotatedDocument(name, tuple(_passages(article, path, kept_out)), kept_out=kept_out)


def _passages(article: Any, path: Path, kept_out: Counter[str]) -> Iterator[Passage]:  # noqa: ANN401 (lxml has no types)
    """Yield the sentences of an article, each with what is marked in it and in the events behind it."""
    text: str | None = None
    mentions: list[Mention] = []
    for element in article.iter("sentence", "event"):
        if element.tag == "sentence":
            if text is not None:
                yield Passage(text, tuple(mentions), is_sentence=True)
            text, places = _text_and_places(element)
            mentions = []
            for mark, place in places:
                if mark.tag in _MARKED:
                    classes = _CLASS.findall(mark.get("sem") or "")
                    kept_out["term without a class"] += not classes
                    mentions += [Mention(name, (place,)) for name in dict.fromkeys(classes)]
        else:
            mentions.append(_event(element, text, f"{path}, line {element.sourceline}"))
    if text is not None:
        yield Passage(text, tuple(mentions), is_sentence=True)


def _event(event: Any, text: str | None, where: str) -> Mention:  # noqa: ANN401 (lxml has no types)
    kind, clue = event.find("type"), event.find("clue")
    if kind is None or clue is None:
        raise DatasetError(
            where, expected="an event with a type and a clue", found="one without", do=_AS_RELEASED
        )
    copy, places = _text_and_places(clue)
    if copy != text:
        raise DatasetError(
            where,
            expected=f"a clue that is the sentence before it, {(text or '')[:_LONGEST_SHOWN]!r}",
            found=repr(copy[:_LONGEST_SHOWN]),
            do=_AS_RELEASED,
        )
    pieces = tuple(place for mark, place in places if mark.tag == "clueType")
    return Mention(kind.get("class") or UNCLASSIFIED, pieces)


def _text_and_places(element: Any) -> tuple[str, list[tuple[Any, Span]]]:  # noqa: ANN401 (lxml has no types)
    """Return the text of an element, and the elements inside that have text, with their places in it."""
    parts: list[str] = []
    places: list[tuple[Any, Span]] = []
    length = 0

    def add(text: str | None) -> None:
        nonlocal length
        parts.append(text or "")
        length += len(text or "")

    def walk(inside: Any) -> None:  # noqa: ANN401 (lxml has no types)
        start = length
        add(inside.text)
        for child in inside:
            walk(child)
            add(child.tail)
        if inside is not element and length > start:
            places.append((inside, (start, length)))

    walk(element)
    return "".join(parts), places
