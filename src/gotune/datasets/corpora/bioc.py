"""BioC, the XML and JSON in which many corpora of biology are passed on (http://bioc.sourceforge.net).

A collection has documents, these have passages with offsets, and annotations with locations. Offsets count
characters (code points), as the large collections of today do. BioC's own description asks for bytes: where a
text is not ASCII, such offsets do not fit the words of the annotations, and are refused.
"""

from __future__ import annotations

import gzip
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.readers.text import MAX_BYTES, read_document, text_of
from gotune.datasets.corpora.annotated import (
    AnnotatedCorpus,
    AnnotatedDocument,
    Mention,
    Passage,
    check_pieces,
    choose_files,
    gather,
)
from gotune.errors import DatasetError
from gotune.lines import encodable, one_line
from gotune.protocols import Track, untracked
from gotune.records import Span
from gotune.safe_xml import parse_xml
from gotune.typed_json import parse_json
from gotune.unpacking import unpacked

SUFFIXES = (".xml", ".json", ".xml.gz", ".json.gz")
"""Of the files that are read."""

_MEND = "Offsets count characters (code points) from the beginning of the document, not bytes."
_WHAT = "a BioC collection"
_GIVE = "Give BioC as XML or JSON, in UTF-8."
_LONGEST_SHOWN = 60

Item = Mapping[str, Any]
"""A document, passage, sentence, annotation or relation, in the form that it has in BioC's JSON."""


def read_bioc(sources: Sequence[Path | str], *, track: Track = untracked) -> AnnotatedCorpus:
    """Read BioC collections.

    The type of an annotation is its infon ``type``. Relations, and annotations without a location, are
    counted. A passage is cut into sentences by itself; where the collection has sentences, these are kept. A
    document is named by its id.

    Args:
        sources: Files in XML or JSON (each also with ``.gz``), and folders with such files.
        track: Shows how far the files are.

    Raises:
        TypeError: ``sources`` is one name instead of a sequence of them.
        DatasetError: There is none; a file is no BioC; an annotation has no type; or its location is not in a
            passage, or has other words there.
        DocumentError: A file is empty, too large or not UTF-8.
    """
    read, others = choose_files(sources, SUFFIXES)
    documents = (
        _Document(item, str(path)).annotated()
        for path in track(read, description="Reading documents", total=len(read))
        for item in _items(path)
    )
    return gather(documents, ", ".join(map(str, sources)), others)


def _items(path: Path) -> Iterator[Item]:
    """Yield the documents of a file."""
    where, text = str(path), _content(path)
    if path.name.lower().endswith((".xml", ".xml.gz")):
        root = parse_xml(text, where, root="collection", what=_WHAT, do=_GIVE, error=DatasetError)
        yield from (_from_xml(element) for element in root.iterfind("document"))
        return
    try:
        found = parse_json(text, finite=False)  # scores of taggers may be NaN
    except ValueError as exc:
        raise DatasetError(where, expected=f"{_WHAT} as JSON", found=str(exc), do=_GIVE) from exc
    # PubMed Central sends a list of collections.
    for collection in found if isinstance(found, list) else [found]:
        yield from _list(collection, "documents", where)


def _content(path: Path) -> str:
    if path.suffix.lower() != ".gz":
        return read_document(path).text
    data = bytearray()
    try:
        with path.open("rb") as file:
            for block in unpacked(file, gzip.open, str(path), DatasetError):
                data += block
                if len(data) > MAX_BYTES:
                    break
    except (OSError, EOFError, zlib.error) as exc:
        raise DatasetError(
            str(path), expected="a whole gzip file", found=f"a damaged one ({exc})", do="Get it again."
        ) from exc
    return text_of(bytes(data[: MAX_BYTES + 1]), str(path))


_PARTS = {
    "passage": "passages",
    "sentence": "sentences",
    "annotation": "annotations",
    "relation": "relations",
}


def _from_xml(element: Any) -> Item:  # noqa: ANN401 (lxml has no types)
    """Return an element of BioC's XML in the form of its JSON, with the line that it is in."""
    item: dict[str, Any] = {"line": element.sourceline, "id": element.get("id")}
    for name in ("id", "offset", "text"):
        if (found := element.find(name)) is not None:
            item[name] = "".join(found.itertext())
    item["infons"] = {infon.get("key"): infon.text for infon in element.iterfind("infon")}
    item["locations"] = [dict(location.attrib) for location in element.iterfind("location")]
    for name, several in _PARTS.items():
        item[several] = [_from_xml(child) for child in element.iterfind(name)]
    return item


def _list(item: object, name: str, where: str) -> list[Item]:
    """Return what an item has several of; nothing if it has no such list."""
    found = item.get(name, []) if isinstance(item, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise DatasetError(where, expected=f"{_WHAT}, with a list of {name}", found=_shown(item), do=_GIVE)
    return found


class _Document:
    """A document that is being read: its stretches of text by offset, and the mentions of each."""

    def __init__(self, item: Item, file: str) -> None:
        self._item = item
        self._file = file
        self._name = one_line(encodable(str(item.get("id") or "")))
        if not self._name:
            raise DatasetError(self._place(item), expected="a document with an id", found="none", do=_GIVE)
        self._kept_out: Counter[str] = Counter()
        self._stretches = [
            (self._offset(stretch), encodable(str(stretch["text"])), is_sentence)
            for passage in _list(item, "passages", file)
            for stretch, is_sentence in self._with_text(passage)
        ]
        self._stretches.sort(key=lambda stretch: stretch[0])
        for (start, text, _), (following, _, _) in pairwise(self._stretches):
            if start + len(text) > following:
                raise DatasetError(
                    self._place(item),
                    expected=f"no passage before {start + len(text)}, where that at {start} ends",
                    found=f"one at {following}",
                    do=_MEND,
                )
        self._starts = [offset for offset, _, _ in self._stretches]
        self._mentions: list[list[Mention]] = [[] for _ in self._stretches]

    def annotated(self) -> AnnotatedDocument:
        """Return the document with its mentions placed."""
        self._gather(self._item)
        passages = tuple(
            Passage(text, tuple(mentions), is_sentence)
            for (_, text, is_sentence), mentions in zip(self._stretches, self._mentions, strict=True)
        )
        return AnnotatedDocument(self._name, passages, kept_out=self._kept_out)

    def _with_text(self, passage: Item) -> Iterator[tuple[Item, bool]]:
        """Yield what has the text of a passage: itself, or its sentences."""
        if isinstance(passage.get("text"), str) and VISIBLE.search(passage["text"]):
            yield passage, False
            return
        for sentence in _list(passage, "sentences", self._place(passage)):
            if isinstance(sentence.get("text"), str) and VISIBLE.search(sentence["text"]):
                yield sentence, True

    def _gather(self, item: Item) -> None:
        """Place the annotations of a document, of its passages and of their sentences."""
        where = self._place(item)
        self._kept_out["relation"] += len(_list(item, "relations", where))
        for annotation in _list(item, "annotations", where):
            if _list(annotation, "locations", self._place(annotation)):
                self._add(annotation)
            else:
                self._kept_out["annotation without a location"] += 1
        for inside in ("passages", "sentences"):
            for part in _list(item, inside, where):
                self._gather(part)

    def _add(self, annotation: Item) -> None:
        where = self._place(annotation)
        infons = annotation.get("infons")
        kind = infons.get("type") if isinstance(infons, Mapping) else None
        if not isinstance(kind, str) or not kind.strip():
            raise DatasetError(where, expected="an infon `type`", found=_shown(infons), do=_GIVE)
        pieces: list[Span] = []
        for location in annotation["locations"]:
            start = self._whole(location, "offset", where)
            pieces.append((start, start + self._whole(location, "length", where)))
        number = max(bisect_right(self._starts, min(pieces)[0]) - 1, 0)
        offset, text, _ = self._stretches[number] if self._stretches else (0, "", False)
        words = annotation.get("text")
        placed = check_pieces(
            [(start - offset, end - offset) for start, end in pieces],
            text,
            encodable(words) if isinstance(words, str) else None,
            where,
            do=_MEND,
        )
        self._mentions[number].append(Mention(kind.strip(), placed))

    def _offset(self, item: Item) -> int:
        return self._whole(item, "offset", self._place(item))

    def _whole(self, item: Item, name: str, where: str) -> int:
        """Return a whole number of an item; XML has it as text."""
        found = item.get(name)
        digits = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
        if not (digits.strip().isdecimal() and len(digits) < 16):
            raise DatasetError(where, expected=f"the {name}, in characters", found=_shown(found), do=_GIVE)
        return int(digits)

    def _place(self, item: Item) -> str:
        line = f", line {item['line']}" if "line" in item else ""
        document = f", document {self._name}" if self._name else ""
        own = f", annotation {item['id']}" if item.get("locations") and item.get("id") else ""
        return f"{self._file}{line}{document}{own}"


def _shown(value: object) -> str:
    return repr(value)[:_LONGEST_SHOWN] if value is not None else "none"
