"""From annotated documents and a map of their types to sentences with labels."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gotune.aspects import ASPECTS
from gotune.corpus.plain_text import BLANKS
from gotune.corpus.reading import Reading
from gotune.corpus.sentences import split_sentences
from gotune.datasets.corpora.annotated import AnnotatedCorpus, AnnotatedDocument, Passage
from gotune.datasets.corpora.type_map import TypeMap
from gotune.datasets.label_cells import NONE
from gotune.errors import DatasetError
from gotune.files import atomic_file, check_file
from gotune.lines import one_line, printable
from gotune.protocols import Track, untracked
from gotune.records import Sentence, Span
from gotune.typed_json import json_text

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("article", "sent_id", "text", "aspects", "judged", "spans", "citation")
"""Of the table that `label_corpus` makes."""

SUFFIXES = (".tsv", ".tsv.gz")
"""Of the files that `write_sentences` writes."""

_VISIBLE_PART = re.compile(rf"[^{BLANKS}](?:.*[^{BLANKS}])?", re.DOTALL)
_EXAMPLES = 3
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class TypeCount:
    """How often a corpus has a type.

    Attributes:
        type: As the corpus calls it.
        n_mentions: How many annotations.
        n_documents: In how many documents.
        examples: Words of some mentions, distinct, on one line each.
    """

    type: str
    n_mentions: int
    n_documents: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorpusCard:
    """What a table of sentences was made of.

    Attributes:
        n_documents: Annotated documents.
        n_sentences: Rows of the table.
        carried: Sentences that carry each aspect which the map has.
        judged: Sentences that are judged on each of these, those that carry it among them.
        types: All types of the corpus, the most frequent first.
        unmapped: Types that the map does not name.
        missing: Types that the map names and the corpus does not have.
        kept_out: How many annotations of which kind were not read, as they have no place in the text.
        n_crossing: Mentions that reach over the end of a sentence; each sentence has its part of them.
        crossing: Examples of these, with their documents.
        n_unread: Files beside the documents.
        citation: Whom to cite, from the map.
    """

    n_documents: int
    n_sentences: int
    carried: dict[str, int]
    judged: dict[str, int]
    types: tuple[TypeCount, ...]
    unmapped: tuple[str, ...]
    missing: tuple[str, ...]
    kept_out: dict[str, int]
    n_crossing: int
    crossing: tuple[str, ...]
    n_unread: int
    citation: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the card as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CorpusSentences:
    """The table, with `COLUMNS`, and its card."""

    table: pd.DataFrame
    card: CorpusCard


def count_types(corpus: AnnotatedCorpus) -> tuple[TypeCount, ...]:
    """Return the types of a corpus, the most frequent first."""
    n_mentions: Counter[str] = Counter()
    n_documents: Counter[str] = Counter()
    examples: dict[str, dict[str, None]] = {}
    for document in corpus.documents:
        found = [(mention, passage) for passage in document.passages for mention in passage.mentions]
        n_documents.update({mention.type for mention, _ in found})
        for mention, passage in found:
            n_mentions[mention.type] += 1
            words = examples.setdefault(mention.type, {})
            if mention.pieces and len(words) < _EXAMPLES:
                words[passage.words_of(mention)[:_LONGEST_SHOWN].rstrip()] = None
    return tuple(
        TypeCount(kind, n, n_documents[kind], tuple(examples[kind]))
        for kind, n in sorted(n_mentions.items(), key=lambda item: (-item[1], item[0]))
    )


def count_kept_out(corpus: AnnotatedCorpus) -> dict[str, int]:
    """Return how many annotations of which kind were not read."""
    found: Counter[str] = Counter()
    for document in corpus.documents:
        found.update(document.kept_out)
    return {kind: n for kind, n in found.most_common() if n}


def draft_map(types: Sequence[TypeCount]) -> str:
    """Return a map to begin with, in which no type means anything yet."""
    found = "\n".join(
        f"#   {json_text(one.type)},  # {one.n_mentions:,} times"
        + (f", such as {printable(one.examples[0])}" if one.examples else "")
        for one in types
    )
    tables = "\n".join(
        f"[{aspect.short}]  # {aspect.words}\ntypes = [\n]\ndoubtful_types = [\n]\ndoubtful_words = [\n]\n"
        for aspect in ASPECTS
    )
    return (
        "# What the annotation types of this corpus mean. Put each of these into one of the lists below:\n"
        f"{found}\n"
        "# A sentence carries an aspect if it has one of its types. With none it is judged not to carry it,\n"
        "# unless it has a doubtful type or doubtful words (regular expressions). Remove the table of an\n"
        "# aspect that the corpus does not mark wherever it stands.\n\n"
        f'citation = ""\n\nignored = [\n]\n\n{tables}'
    )


def label_corpus(
    corpus: AnnotatedCorpus,
    type_map: TypeMap,
    *,
    ignore_unmapped: bool = False,
    track: Track = untracked,
    on_types: Callable[[Sequence[TypeCount]], None] = lambda types: None,
) -> CorpusSentences:
    """Make a table of the sentences of a corpus.

    Its columns: ``article`` (the document), ``sent_id`` (from 0 in each), ``text`` (as models read it, on one
    line), ``aspects`` (comma-joined, or ``none``), ``judged`` (those on which the sentence is judged, or
    ``none``), ``spans`` (JSON list of ``[start, end, aspect]`` with offsets in ``text``; empty if the corpus
    does not say of all mentions where they stand), ``citation`` (that of the map, the same in each row).

    Texts are cut as documents are when a model reads them. A mention that reaches over the end of a sentence
    counts in each sentence that has a part of it: joined, they would be a text that no model meets later.

    Args:
        corpus: Documents with mentions.
        type_map: What their types mean.
        ignore_unmapped: Take types that the map does not name for ignored.
        track: Shows progress.
        on_types: Called with the types of the corpus before they are held against the map.

    Raises:
        DatasetError: The map does not name a type of the corpus; the corpus has no type that means an aspect;
            or no sentence is judged on one.
    """
    import pandas as pd

    types = count_types(corpus)
    on_types(types)
    _check_types(corpus.where, types, type_map, ignore_unmapped)
    rows: list[tuple[object, ...]] = []
    crossing: list[str] = []
    carried, judged = Counter[str](), Counter[str]()
    for document in track(corpus.documents, description="labelling", total=len(corpus.documents)):
        for number, (text, labels, spans) in enumerate(_labelled(document, type_map, crossing)):
            carries = [code for code, has in labels.items() if has]
            carried.update(carries)
            judged.update(labels.keys())
            cells = (",".join(carries) or NONE, ",".join(labels) or NONE, spans)
            rows.append((document.name, number, text, *cells, one_line(type_map.citation)))
    codes = [aspect.short for aspect, _ in type_map.rules()]
    if never := [code for code in codes if not judged[code]]:
        raise DatasetError(
            corpus.where,
            expected="sentences that are judged on each aspect of the map",
            found=f"none on {', '.join(never)}",
            do="Check its only_with_file, only_with_types and what is doubtful, or remove its table.",
        )
    found, known = {one.type for one in types}, type_map.known()
    card = CorpusCard(
        n_documents=len(corpus.documents),
        n_sentences=len(rows),
        carried={code: carried[code] for code in codes},
        judged={code: judged[code] for code in codes},
        types=types,
        unmapped=tuple(one.type for one in types if one.type not in known),
        missing=tuple(sorted(known - found)),
        kept_out=count_kept_out(corpus),
        n_crossing=len(crossing),
        crossing=tuple(crossing[:_EXAMPLES]),
        n_unread=len(corpus.unread),
        citation=type_map.citation,
    )
    return CorpusSentences(pd.DataFrame(rows, columns=list(COLUMNS)), card)


def write_sentences(sentences: CorpusSentences, path: Path | str) -> None:
    """Write the table, whole or not at all; the same table gives the same file.

    Raises:
        DatasetError: The name ends in none of `SUFFIXES`.
        SaveError: It cannot be written; an old one is untouched.
    """
    path = Path(path)
    check_sentences_name(path)
    is_packed = path.name.lower().endswith(".gz")
    with atomic_file(path) as temporary:
        sentences.table.to_csv(
            temporary,
            sep="\t",
            index=False,
            compression={"method": "gzip", "mtime": 0} if is_packed else None,
        )


def check_sentences_name(path: Path) -> None:
    """Refuse a name under which no table can be written, before any work is done.

    Raises:
        DatasetError: It ends in none of `SUFFIXES`.
        SaveError: It is that of a folder, or nothing can be written there.
    """
    check_file(path, SUFFIXES, do="Rename it, for example to corpus.tsv.gz.", error=DatasetError)


def _check_types(where: str, types: Sequence[TypeCount], type_map: TypeMap, ignore_unmapped: bool) -> None:
    known = type_map.known()
    unmapped = [one for one in types if one.type not in known]
    if unmapped and not ignore_unmapped:
        raise DatasetError(
            where,
            expected="types that the map names",
            found="others: " + ", ".join(f"{one.type} ({one.n_mentions:,})" for one in unmapped),
            do="Add them to the map, for example to `ignored`, or take all of them for ignored "
            "(--ignore-unmapped).",
        )
    found = {one.type for one in types}
    meant = [kind for _, rule in type_map.rules() for kind in (*rule.types, *rule.types_with_words)]
    if found.isdisjoint(meant):
        raise DatasetError(
            where,
            expected=f"annotations of a type that means an aspect, such as {meant[0]}",
            found=", ".join(one.type for one in types[:_EXAMPLES]) or "none at all",
            do="Take the map of this corpus.",
        )


def _labelled(
    document: AnnotatedDocument, type_map: TypeMap, crossing: list[str]
) -> Iterator[tuple[str, dict[str, bool], str]]:
    """Yield each sentence, whether it carries each aspect on which it is judged, and where these stand."""
    for passage in document.passages:
        n_met: Counter[int] = Counter()
        words_of = cache(lambda number: passage.words_of(passage.mentions[number]))  # noqa: B023 (used here alone)
        sentences = _sentences(passage)
        for sentence, near in zip(sentences, _by_sentence(passage, sentences), strict=True):
            text, found = _read(passage.text, sentence, near)
            n_met.update(one.number for one in found)
            labels: dict[str, bool] = {}
            spans: list[tuple[int, int, str]] | None = []
            for aspect, rule in type_map.rules():
                meant = [one.pieces or [] for one in found if rule.means(one.type, words_of(one.number))]
                if meant or rule.is_judged(text, [one.type for one in found], document.files):
                    labels[aspect.short] = bool(meant)
                placed = [(*place, aspect.short) for places in meant for place in places]
                # Some places without the others would say that the aspect stands nowhere else.
                spans = None if spans is None or not all(meant) else spans + placed
            told = "" if spans is None else json_text([list(span) for span in sorted(set(spans))])
            yield text, labels, told
        crossing += [
            f"{document.name}: {words_of(number)[:_LONGEST_SHOWN].rstrip()}"
            for number, n in n_met.items()
            if n > 1
        ]


def _sentences(passage: Passage) -> Sequence[Sentence]:
    if not passage.is_sentence:
        return split_sentences(passage.text)
    visible = _VISIBLE_PART.search(passage.text)
    return [Sentence((visible.span(),), passage.text)] if visible else []


class _Found(NamedTuple):
    """A mention in a sentence.

    Attributes:
        number: Of the mention in its passage.
        type: Its type.
        pieces: Those that the sentence may have a part of, or where these stand in its text once it is read;
            None if the corpus does not say where it stands.
    """

    number: int
    type: str
    pieces: list[Span] | None


def _by_sentence(passage: Passage, sentences: Sequence[Sentence]) -> list[list[_Found]]:
    """Return the mentions that may have a part of each sentence, as they stand in the passage."""
    starts = [sentence.start for sentence in sentences]
    # A sentence may go on behind others, at the next page.
    ends = list(accumulate((sentence.end for sentence in sentences), max))
    near: list[list[_Found]] = [[] for _ in sentences]
    for number, mention in enumerate(passage.mentions):
        pieces_of: dict[int, list[Span]] = {}
        for piece in mention.pieces or ((0, len(passage.text)),):
            for sentence in range(bisect_right(ends, piece[0]), bisect_left(starts, piece[1])):
                pieces_of.setdefault(sentence, []).append(piece)
        for sentence, pieces in pieces_of.items():
            near[sentence].append(_Found(number, mention.type, pieces if mention.pieces else None))
    return near


def _read(whole: str, sentence: Sentence, near: Iterable[_Found]) -> tuple[str, list[_Found]]:
    """Return a sentence as it is read, on one line, and the mentions of which it has a part."""
    reading = Reading(whole, sentence.spans)
    lost = [blank.start() for blank in re.finditer(" (?= )", reading.text)]
    text = re.sub(" +", " ", reading.text)

    def place(piece: Span) -> Span | None:
        found = reading.find(*piece)
        if found is None:
            return None
        start, end = (offset - bisect_left(lost, offset) for offset in found)
        visible = _VISIBLE_PART.search(text, start, end)
        return visible.span() if visible else None

    found: list[_Found] = []
    for one in near:
        places = [placed for piece in one.pieces or () if (placed := place(piece))]
        if places or one.pieces is None:
            found.append(one._replace(pieces=places))
    return text, found
