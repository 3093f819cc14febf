"""The CRAFT corpus as a table of labelled sentences: made of its distribution, read with its rationale.

CRAFT (https://github.com/UCDenver-ccp/CRAFT) has full articles of mouse genetics with the concepts they
name. ``aspects`` and ``aspects_ext`` say which aspects a sentence's core and extension annotations are of;
``aspects_rec`` is the target to learn: biological processes and cellular components from the core set,
molecular functions from the extension set, where CRAFT has nearly all of them, and without laboratory
techniques and reagents.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS
from gotune.corpus.readers.text import read_document
from gotune.corpus.table_values import Row, as_text
from gotune.datasets.craft_files import ARTICLE_ID, GAP, Annotation, CraftFolder
from gotune.datasets.label_cells import BadCellError, Span
from gotune.datasets.label_rows import TableKind
from gotune.errors import DatasetError
from gotune.files import FolderKind, atomic_folder, write_json
from gotune.lines import one_line
from gotune.protocols import Track, untracked
from gotune.typed_json import json_text

if TYPE_CHECKING:
    import pandas as pd

TABLE = "craft.tsv.gz"
CARD = "craft.json"
FOLDER = FolderKind(CARD, key="craft_version", files=(TABLE,))

NON_COMMERCIAL = frozenset({"15917436", "16221973", "16870721"})
"""Articles of Nucleic Acids Research whose text may be used for non-commercial purposes only."""

TECHNIQUES = frozenset(
    {
        "GO:0009294",  # transfection
        "GO:0042571",  # antibody
        "GO:0097617",  # hybridization
        "GO_EXT:reverse_transcription_or_reverse_transcriptase",  # RT-PCR
        "CHEBI_GO_EXT:neomycin_or_neomycin_phosphotransferase",
        "GO_EXT:beta_geo",
        "GO_EXT:0004565",  # beta-galactosidase
        "GO_EXT:0015925",  # gal
        "GO_EXT:0045289",  # luciferase
        "GO_EXT:recombinase",  # Cre
        "GO_EXT:phosphoglycerate_kinase",  # the PGK promoter
    }
)
"""Classes that CRAFT's articles name mostly as a technique or reagent; no target to learn."""

CITATION = (
    "CRAFT corpus, annotations CC BY 3.0: Bada et al. 2012, doi:10.1186/1471-2105-13-161; "
    "Verspoor et al. 2012, doi:10.1186/1471-2105-13-207; the licences of the articles differ, "
    "and 3 of the articles are for non-commercial use only"
)

_CODES = tuple(aspect.short for aspect in ASPECTS)
_LABELS = {aspect.short: aspect.label for aspect in ASPECTS}
_FUNCTION = "MF"
_SHOWN = 5
_MOST_LOST = 1000
"""Characters of white space by which a sentence is shorter; of more no annotation is sought."""
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class CraftCard:
    """What a table of CRAFT sentences is made of.

    Attributes:
        craft_version: The version that the distribution names.
        articles: Ids, in the order of the table.
        n_sentences: Rows of the table.
        counts: Sentences of each aspect in ``aspects_rec``.
        n_none: Sentences without any.
        n_crossing: Annotations that reach beyond the sentence they begin in, where they are counted.
        test_articles: Those that CRAFT itself lists as test articles.
        non_commercial: Those whose text may be used for non-commercial purposes only.
        citation: Whom to cite, and the licence of the annotations.
    """

    craft_version: str
    articles: tuple[str, ...]
    n_sentences: int
    counts: dict[str, int]
    n_none: int
    n_crossing: int
    test_articles: tuple[str, ...]
    non_commercial: tuple[str, ...]
    citation: str = CITATION


@dataclass(frozen=True, slots=True)
class CraftSentences:
    """The table and its card; `read_craft` tells the columns."""

    table: pd.DataFrame
    card: CraftCard


def read_article_ids(path: Path) -> list[str]:
    """Read a list of article ids, one a line.

    Raises:
        DocumentError: It is no text file.
        DatasetError: A line is no id, or an id stands there twice.
    """
    ids = [line.strip() for line in read_document(path).text.splitlines() if line.strip()]
    bad = [name for name in ids if not ARTICLE_ID.fullmatch(name)]
    bad += sorted(name for name, n in Counter(ids).items() if n > 1)
    if bad:
        raise DatasetError(
            str(path),
            expected="PubMed ids such as 11532192, one a line, each once",
            found=", ".join(repr(name[:40]) for name in bad[:_SHOWN]),
            do="Mend the list.",
        )
    return ids


def read_craft(
    folder: Path | str,
    articles: Sequence[str],
    *,
    with_non_commercial: bool = True,
    track: Track = untracked,
) -> CraftSentences:
    """Read articles of a CRAFT distribution into a table of labelled sentences.

    Its columns: ``pmid``, ``sent_id`` (from 0 in each article), ``start``, ``end`` (offsets in the article),
    ``text`` (runs of white space joined); ``aspects``, ``go_ids``, ``spans`` of the core annotations
    (comma-joined, comma-joined, JSON list of ``[start, end, class, aspect, surface]``); the same with
    ``_ext`` for the sets with extension classes; ``aspects_rec``, ``go_ids_rec``, ``counts_rec`` (annotations
    of each aspect) of the recommended target.

    Args:
        folder: The distribution.
        articles: Ids, in the order wanted.
        with_non_commercial: Keep the articles in `NON_COMMERCIAL`.
        track: Shows how far the articles are.

    Raises:
        DatasetError: No distribution, an article that it does not have, or a file that does not fit.
    """
    import pandas as pd

    source = CraftFolder(Path(folder))
    kept = [name for name in articles if with_non_commercial or name not in NON_COMMERCIAL]
    missing = [name for name in kept if not source.has(name)]
    if missing or not kept:
        raise DatasetError(
            str(folder),
            expected="the articles that are asked for",
            found=f"no {', '.join(missing[:_SHOWN])}" if missing else "a list without any",
            do="Check the ids, and that the distribution is whole.",
        )
    related = source.related_classes()
    rows: list[dict[str, object]] = []
    n_crossing = 0
    for article in track(kept, description="Reading articles", total=len(kept)):
        text = source.text(article)
        sentences = source.sentences(article, text)
        core = _by_sentence(_all_aspects(source, article, text, extended=False), sentences)
        extended = _by_sentence(_all_aspects(source, article, text, extended=True), sentences)
        for number, (start, end) in enumerate(sentences):
            rows.append(
                {
                    "pmid": article,
                    "sent_id": number,
                    "start": start,
                    "end": end,
                    "text": one_line(text[start:end]),
                    **_columns(core[number], ""),
                    **_columns(extended[number], "_ext"),
                    **_recommended(core[number], extended[number], related),
                }
            )
            n_crossing += sum(one.end > end for one in (*core[number], *extended[number]))
    table = pd.DataFrame(rows)
    aspects = table["aspects_rec"].str.split(",")
    card = CraftCard(
        craft_version=source.version(),
        articles=tuple(kept),
        n_sentences=len(table),
        counts={code: int(aspects.map(lambda found, code=code: code in found).sum()) for code in _CODES},
        n_none=int((table["aspects_rec"] == "").sum()),
        n_crossing=n_crossing,
        test_articles=tuple(name for name in kept if name in source.listed("test")),
        non_commercial=tuple(name for name in kept if name in NON_COMMERCIAL),
    )
    return CraftSentences(table, card)


def save_craft(sentences: CraftSentences, folder: Path | str) -> None:
    """Write a folder with the table and its card.

    Raises:
        SaveError: The folder holds something else, or cannot be written.
    """
    with atomic_folder(Path(folder), FOLDER) as temporary:
        # Without the time in it, the same table is the same file.
        compression = {"method": "gzip", "mtime": 0}
        sentences.table.to_csv(temporary / TABLE, sep="\t", index=False, compression=compression)
        write_json(temporary / CARD, asdict(sentences.card))


def _all_aspects(source: CraftFolder, article: str, text: str, *, extended: bool) -> Iterator[Annotation]:
    for code in _CODES:
        yield from source.annotations(article, text, code, extended=extended)


def _by_sentence(
    annotations: Iterable[Annotation], sentences: Sequence[tuple[int, int]]
) -> list[list[Annotation]]:
    """Give each sentence the annotations that begin in it, in order."""
    starts = [start for start, _ in sentences]
    found: list[list[Annotation]] = [[] for _ in sentences]
    for annotation in sorted(annotations):
        found[max(bisect_right(starts, annotation.start) - 1, 0)].append(annotation)
    return found


def _columns(annotations: Sequence[Annotation], suffix: str) -> dict[str, str]:
    spans = [[one.start, one.end, one.go_class, one.aspect, one.surface] for one in annotations]
    return {
        f"aspects{suffix}": _joined_aspects(annotations),
        f"go_ids{suffix}": ",".join(dict.fromkeys(one.go_class for one in annotations)),
        f"spans{suffix}": json_text(spans, ascii_only=False),
    }


def _recommended(
    core: Sequence[Annotation], extended: Sequence[Annotation], related: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Return the target: processes and components as they are, functions by their related GO ids."""
    kept = [one for one in core if one.aspect != _FUNCTION and one.go_class not in TECHNIQUES]
    go_ids = [one.go_class for one in kept]
    for one in extended:
        if one.aspect != _FUNCTION or one.go_class in TECHNIQUES:
            continue
        # The few molecular functions that CRAFT uses as they are need no relation.
        related_ids = (one.go_class,) if one.go_class.startswith("GO:") else related.get(one.go_class, ())
        go_ids += related_ids
        kept += [one] * bool(related_ids)
    return {
        "aspects_rec": _joined_aspects(kept),
        "go_ids_rec": ",".join(dict.fromkeys(go_ids)),
        "counts_rec": ",".join(str(sum(one.aspect == code for one in kept)) for code in _CODES),
    }


def _joined_aspects(annotations: Iterable[Annotation]) -> str:
    found = {one.aspect for one in annotations}
    return ",".join(code for code in _CODES if code in found)


def find_rationale(row: Row, text: str) -> list[Span] | None:
    """Return the annotations behind ``aspects_rec`` of a row, with offsets in its text.

    These are the core annotations of processes and components and the extension annotations of functions,
    without `TECHNIQUES`, in their order. An annotation whose words are not found where it says is left out.
    None where the row has none of these columns.

    Raises:
        BadCellError: An offset is no number, or a list of annotations is not one.
    """
    cells = [as_text(row.get(name)) for name in ("start", "end", "spans", "spans_ext")]
    if not any(cells):  # a row of another table, behind those of the corpus
        return None
    start, end, core, extended = cells
    try:
        kept = [one for one in _read_annotations(core) if one.aspect != _FUNCTION]
        kept += [one for one in _read_annotations(extended) if one.aspect == _FUNCTION]
        first, lost = int(start), int(end) - int(start) - len(text)
    except (ValueError, TypeError, RecursionError, OverflowError) as exc:
        raise BadCellError(
            expected="offsets, and lists of [start, end, class, aspect, surface]",
            found=f"{start!r}, {end!r}, {core[:_LONGEST_SHOWN]!r}, {extended[:_LONGEST_SHOWN]!r}",
            do="Make the table again with `gotune corpus craft`.",
        ) from exc
    return [span for one in kept if (span := _placed(text, first, lost, one))]


def _read_annotations(cell: str) -> list[Annotation]:
    """Read a list of annotations, without those that are no target to learn."""
    found: list[Annotation] = []
    for start, end, go_class, aspect, surface in json.loads(cell):
        if aspect not in _LABELS:
            raise ValueError(aspect)
        if go_class not in TECHNIQUES:
            found.append(Annotation(int(start), int(end), aspect, str(go_class), str(surface)))
    return found


def _placed(text: str, first: int, lost: int, annotation: Annotation) -> Span | None:
    """Find an annotation in a sentence that begins at ``first`` and is ``lost`` characters shorter there.

    Runs of white space were joined, so an annotation may stand a little before its offset and be shorter.
    """
    # A discontinuous annotation runs from its first to its last piece.
    pieces = [one_line(piece) for piece in annotation.surface.split(GAP)]
    opening, ending = pieces[0], pieces[-1]
    lost = min(lost, _MOST_LOST)
    begin = annotation.start - first
    lowest = max(begin - lost, 0)
    while begin >= lowest and (begin := text.rfind(opening, lowest, begin + len(opening))) >= 0:
        stop = begin + annotation.end - annotation.start
        least = max(stop - lost, begin + max(len(ending), 1))
        found = text.rfind(ending, least - len(ending), stop) if stop >= least else -1
        if found >= 0:
            return begin, found + len(ending), _LABELS[annotation.aspect]
        begin -= 1
    return None


CRAFT = TableKind(
    known_by=frozenset({"start", "end", "text", "aspects_rec", "spans", "spans_ext"}),
    aspects=("aspects_rec",),
    rationale=find_rationale,
    explained="aspects_rec",
    citation=CITATION,
)
"""Its table, as `save_craft` writes it."""
