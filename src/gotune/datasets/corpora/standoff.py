"""Standoff: a text and its annotations in files beside it, as brat and the BioNLP shared tasks have them.

The format is told at https://brat.nlplab.org/standoff.html. Offsets count characters (code points) of the
file as it is. So does brat: a line end of two characters is two, and a byte order mark is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from gotune.corpus.plain_text import BYTE_ORDER_MARK
from gotune.corpus.readers.text import read_bytes, text_of
from gotune.datasets.corpora.annotated import (
    AnnotatedCorpus,
    AnnotatedDocument,
    Mention,
    Passage,
    check_pieces,
    gather,
    list_files,
)
from gotune.errors import DatasetError
from gotune.lines import name_as_text
from gotune.protocols import Track, untracked
from gotune.records import Span

JOINED = ".ann"
"""Suffix of brat's own file, which has all annotations of a text; where it is, no other is read."""

PARTS = (".a1", ".a2", ".rel", ".co", ".his")
"""Suffixes of files that have some of the annotations of a text each."""

_BOUND = re.compile(r"(T\S+)\t(\S+) (\d{1,15} \d{1,15}(?:;\d{1,15} \d{1,15})*)\t(.*)")
_EVENT = re.compile(r"(E\S+)\t([^\s:]++):(\S++)(?: .*)?")
_KEPT_OUT = {
    "R": "relation",
    "A": "attribute",
    "M": "attribute",
    "N": "normalization",
    "#": "note",
    "*": "equivalence",
}
_OTHER = re.compile(r"([RAMN#*])\S*\t.*")
_MEND = (
    "Take text and annotations of the same release; offsets count characters of the file as it is, "
    "two for a line end of two, one for a byte order mark."
)
_LONGEST_SHOWN = 60
_SHOWN = 3


def read_standoff(sources: Sequence[Path | str], *, track: Track = untracked) -> AnnotatedCorpus:
    """Read the annotated texts of folders.

    A document is a ``.txt`` with a ``.ann``, or with some of ``.a1``, ``.a2``, ``.rel``, ``.co``, ``.his``,
    of the same name. Its mentions are the text-bound annotations, with the triggers that stand for events;
    relations, attributes, normalizations, notes and equivalences are counted. It is named after its place in
    the folder, without the suffix.

    Args:
        sources: Folders, read with their subfolders, but for hidden files.
        track: Shows how far the documents are.

    Raises:
        TypeError: ``sources`` is one name instead of a sequence of them.
        DatasetError: There is no annotated text, or annotations without their text, a line that is none of
            the format, or a mention whose words are not those of the text.
        DocumentError: A text is empty or not UTF-8.
    """
    texts: dict[Path, Path] = {}
    names: dict[Path, str] = {}
    annotations: dict[Path, dict[str, Path]] = {}
    unread: list[Path] = []
    for path, folder in list_files(sources):
        suffix, stem = path.suffix.lower(), path.with_suffix("")
        if suffix == ".txt":
            texts[stem], names[stem] = path, name_as_text(stem.relative_to(folder).as_posix())
        elif suffix in (JOINED, *PARTS):
            annotations.setdefault(stem, {})[suffix] = path
        else:
            unread.append(path)
    where = ", ".join(map(str, sources))
    if astray := [
        path for stem, found in annotations.items() if stem not in texts for path in found.values()
    ]:
        raise DatasetError(
            where,
            expected="the text of all annotations, in a .txt of the same name beside them",
            found=f"{len(astray):,} without it, such as {', '.join(map(str, astray[:_SHOWN]))}",
            do="Put the texts there.",
        )
    unread += [path for stem, path in texts.items() if stem not in annotations]
    documents = (
        _document(names[stem], texts[stem], files)
        for stem, files in track(annotations.items(), description="Reading documents", total=len(annotations))
    )
    return gather(documents, where, sorted(unread))


def _document(name: str, path: Path, files: dict[str, Path]) -> AnnotatedDocument:
    text = _text(path)
    read = [JOINED] if JOINED in files else [suffix for suffix in PARTS if suffix in files]
    lines = [line for suffix in read for line in _lines(files[suffix])]
    bound: dict[str, Mention] = {}
    for where, line in lines:
        if line.startswith("T"):
            key, mention = _mention(where, line, text)
            if key in bound:
                raise DatasetError(
                    where, expected="each id once in a document", found=f"{key} again", do="Mend the line."
                )
            bound[key] = mention
    kept_out: Counter[str] = Counter()
    for where, line in lines:
        if line.startswith("E"):
            _check_event(where, line, bound)
        elif not line.startswith("T"):
            kept_out[_kind(where, line)] += 1
    passage = Passage(text, tuple(bound.values()))
    return AnnotatedDocument(name, (passage,), frozenset(read), kept_out)


def _text(path: Path) -> str:
    data = read_bytes(path)
    text = text_of(data, str(path))
    return "\ufeff" + text if data.startswith(BYTE_ORDER_MARK) else text


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines of a file of annotations that are not blank, with their places; it may be empty."""
    data = read_bytes(path)
    if not data.removeprefix(BYTE_ORDER_MARK).strip():
        return
    # Texts have other characters that end lines for Python.
    for number, line in enumerate(text_of(data, str(path)).split("\n"), 1):
        if line.strip():
            yield f"{path}, line {number}", line.removesuffix("\r")


def _mention(where: str, line: str, text: str) -> tuple[str, Mention]:
    """Read a line such as ``T1<tab>Protein 0 5;8 12<tab>alpha beta``."""
    found = _BOUND.fullmatch(line)
    if not found:
        raise _no_line(where, line, "an id, a type, offsets such as `0 5` or `0 5;8 12`, and the words")
    key, kind, places, words = found.groups()
    pieces: list[Span] = []
    for place in places.split(";"):
        start, end = place.split(" ")
        pieces.append((int(start), int(end)))
    return key, Mention(kind, check_pieces(pieces, text, words, where, do=_MEND))


def _check_event(where: str, line: str, bound: dict[str, Mention]) -> None:
    """Hold a line such as ``E1<tab>Binding:T3 Theme:T1`` against its trigger, which is the mention."""
    found = _EVENT.fullmatch(line)
    if not found:
        raise _no_line(where, line, "an id, and a type with its trigger, such as `Binding:T3`")
    _, kind, trigger = found.groups()
    mention = bound.get(trigger)
    if mention is None or mention.type != kind:
        raise DatasetError(
            where,
            expected=f"a trigger of the type {kind}",
            found=f"{trigger}, "
            + ("which is not there" if mention is None else f"which is a {mention.type}"),
            do="Take all files of a document of the same release.",
        )


def _kind(where: str, line: str) -> str:
    if found := _OTHER.fullmatch(line):
        return _KEPT_OUT[found[1]]
    raise _no_line(where, line, f"an id that begins with {', '.join(('T', 'E', *_KEPT_OUT))}")


def _no_line(where: str, line: str, parts: str) -> DatasetError:
    return DatasetError(
        where,
        expected=f"a line of standoff: {parts}, divided by tabs",
        found=repr(line[:_LONGEST_SHOWN]),
        do="Mend or remove the line.",
    )
