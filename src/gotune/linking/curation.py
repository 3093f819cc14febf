"""What follows from the decisions of curators: labelled sentences, and what later runs remember."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gotune.aspects import Aspect
from gotune.corpus.delimited import write_tsv
from gotune.corpus.reading import as_read
from gotune.datasets.label_cells import BadCellError, BadCells, listed
from gotune.errors import TableError
from gotune.lines import guard_formula, is_formula, one_line
from gotune.linking.results import AnnotatedDocument, Annotation
from gotune.linking.tick_sheet import wording
from gotune.linking.ticked import Ticked
from gotune.ontology.terms import TERM_ID
from gotune.render.tick_sheets import Verdict

if TYPE_CHECKING:
    from gotune.linking.index import TermIndex

Vote = tuple[Verdict, str]
"""What is said of a suggestion, and the other term that is meant, or ""."""


def settled(votes: Counter[Vote]) -> Vote | None:
    """Return what most votes say; None if there is none, or as many say something else."""
    first, second = [*votes.most_common(2), (None, 0), (None, 0)][:2]
    return first[0] if first[1] > second[1] else None


def _votes(rows: Iterable[Ticked]) -> Counter[Vote]:
    return Counter(
        (row.verdict, row.other or "")
        for row in rows
        if row.verdict is not None and row.verdict is not Verdict.UNSURE
    )


@dataclass(frozen=True, slots=True)
class CuratedSentence:
    """A sentence with the aspects that follow from the decisions on its suggestions.

    Attributes:
        article: What its document is a part of.
        document: Name of the document.
        number: Number of the sentence, from 1.
        text: The sentence.
        carried: Aspects that it carries.
        judged: Aspects on which it is judged; it does not carry the others of these.
    """

    article: str
    document: str
    number: int
    text: str
    carried: frozenset[Aspect]
    judged: frozenset[Aspect]

    def to_dict(self) -> dict[str, Any]:
        """Return it as a row of a table of labelled sentences."""
        return {
            "article": self.article,
            "document": self.document,
            "sentence": self.number,
            "text": self.text,
            "aspects": listed({aspect.label for aspect in self.carried}),
            "judged": listed({aspect.label for aspect in self.judged}),
        }


def curated_sentences(rows: Iterable[Ticked], index: TermIndex) -> tuple[CuratedSentence, ...]:
    """Return the sentences of which the decisions tell at least one aspect.

    A sentence carries an aspect if a suggestion of it is right, or another term of it is meant. It is said
    not to carry one if there are suggestions of this aspect, all are there and decided, and the words of none
    mean a term of it. All else is left open: aspects of which nothing was suggested, as the sentence may tell
    of them in words that are no name of a term; and those with a suggestion whose row was deleted, that
    nobody decided on, or about which as many say something else.

    Args:
        rows: Of any number of workbooks. Rows of one suggestion are votes; ties decide nothing.
        index: The terms of their release.
    """
    sentences: dict[tuple[str, str, int, str], list[Ticked]] = defaultdict(list)
    for row in rows:
        sentences[row.article, row.document, row.number, row.text].append(row)
    found = []
    for key, of_sentence in sentences.items():
        carried, judged = _aspects(of_sentence, index)
        if judged:
            found.append(CuratedSentence(*key, carried, judged))
    return tuple(found)


def _aspects(rows: Iterable[Ticked], index: TermIndex) -> tuple[frozenset[Aspect], frozenset[Aspect]]:
    """Return the aspects that a sentence carries, and those on which it is judged."""
    places: dict[tuple[int, int, str], list[Ticked]] = defaultdict(list)
    for row in rows:
        places[row.start, row.end, row.go_id].append(row)
    carried, decided, left_open = set(), set(), set()
    there, written = Counter[Aspect](), Counter[Aspect]()
    for (_, _, go_id), of_place in places.items():
        suggested = index.aspect(index.number_of[go_id])
        there[suggested] += 1
        written[suggested] = max(written[suggested], *(row.n_places for row in of_place))
        match settled(_votes(of_place)):
            case None:
                left_open.add(suggested)
                continue
            case Verdict.RIGHT, _:
                carried.add(suggested)
            case Verdict.OTHER, other:
                carried.add(index.aspect(index.number_of[other]))
        decided.add(suggested)
    left_open |= {aspect for aspect, n in there.items() if n < written[aspect]}
    return frozenset(carried), frozenset(carried | (decided - left_open))


def write_curated(sentences: Iterable[CuratedSentence], path: Path) -> None:
    """Write a TSV of labelled sentences, as training and adaptation read them; whole, or not at all.

    An article or document that a spreadsheet program would take for a formula gets an apostrophe before it.

    Raises:
        TableError: There is no sentence.
        SaveError: It cannot be written; an old one is untouched.
    """
    rows = [sentence.to_dict() for sentence in sentences]
    if not rows:
        raise TableError(
            str(path),
            expected="decisions from which the aspects of a sentence follow",
            found="none",
            do="Fill in the column 'decision' and save the workbook.",
        )
    for row in rows:
        row.update(article=guard_formula(row["article"]), document=guard_formula(row["document"]))
    write_tsv(path, [rows[0], *(map(str, row.values()) for row in rows)])


_COLUMNS = ("surface", "go_id", "decision", "other term", "votes")


@dataclass(frozen=True, slots=True)
class Decisions:
    """What curators said of words that stood for a term.

    Attributes:
        votes: By the words, whatever their case, and the term that was suggested for them.
    """

    votes: Mapping[tuple[str, str], Counter[Vote]]

    @classmethod
    def of(cls, rows: Iterable[Ticked]) -> Decisions:
        """Gather them, a vote a row; what somebody is unsure of is none."""
        together: dict[tuple[str, str], list[Ticked]] = defaultdict(list)
        for row in rows:
            together[_key(row.surface), row.go_id].append(row)
        counted = ((key, _votes(of_words)) for key, of_words in together.items())
        return cls({key: votes for key, votes in counted if votes})

    @classmethod
    def read(cls, path: Path | str) -> Decisions:
        """Read what `write` wrote; the votes of rows that say the same are added.

        Raises:
            TableError: It is no such table. Lists examples with their lines.
        """
        from gotune.corpus.table_sources import open_source

        path = Path(path)
        source = open_source(path)
        if missing := [name for name in _COLUMNS if name not in source.schema.names]:
            raise TableError(
                str(path),
                expected=f"the columns {', '.join(_COLUMNS)}",
                found=f"no {', '.join(missing)}",
                do="Give a file that `gotune curated --decisions` wrote.",
            )
        problems, votes = BadCells(), defaultdict[tuple[str, str], Counter[Vote]](Counter)
        for place, row in source.numbered_rows():
            try:
                key, vote, n = _decision(row)
                votes[key][vote] += n
            except BadCellError as exc:
                problems.add(exc, place)
        problems.check(str(path))
        return cls(votes)

    def write(self, path: Path) -> None:
        """Write a TSV with a row for each thing that was said of words and a term; whole, or not at all.

        Raises:
            TableError: There is no decision.
            SaveError: It cannot be written; an old one is untouched.
        """
        rows = [
            (guard_formula(words), go_id, *vote, str(n))
            for (words, go_id), votes in sorted(self.votes.items())
            for vote, n in sorted(votes.items())
        ]
        if not rows:
            raise TableError(
                str(path), expected="decisions", found="none", do="Fill in the column 'decision'."
            )
        write_tsv(path, [_COLUMNS, *rows])

    def applied(self, document: AnnotatedDocument, index: TermIndex) -> AnnotatedDocument:
        """Return a document as curators would have it, by what most votes say; ties change nothing.

        Words that do not mean the term are left out; those that mean another one get that. The score of a
        term that is right is the share of the votes that say so, where the score before counts as one more;
        it never falls. That of another term is its share, with one vote more against it. Another term that
        the release lacks changes nothing, unless GO says which one to use in its place.

        Args:
            document: With suggestions.
            index: The terms of its release.
        """
        decided = (self._decided(one, index) for one in document.annotations)
        return replace(document, annotations=tuple(one for one in decided if one is not None))

    def _decided(self, one: Annotation, index: TermIndex) -> Annotation | None:
        votes = self.votes.get((_key(wording(one)), one.go_id), Counter[Vote]())
        vote = settled(votes)
        if vote is None:
            return one
        verdict, other = vote
        if verdict is Verdict.WRONG:
            return None
        n, n_all = votes[vote], 1 + votes.total()
        if verdict is Verdict.RIGHT:
            return replace(one, score=max(one.score, (one.score + n) / n_all))
        meant = index.of_id(other)
        if other in index.number_of and not meant:  # right, and too broad to annotate with
            return None
        if len(meant) != 1:
            return one
        (number,) = meant
        return replace(
            one,
            go_id=index.terms.ids[number],
            name=index.name(number),
            aspect=index.aspect(number),
            score=n / n_all,
        )


def _key(words: str) -> str:
    return one_line(as_read(words)).casefold()


def _decision(row: Mapping[str, Any]) -> tuple[tuple[str, str], Vote, int]:
    """Return the words and the term, what is said of them, and how often.

    Raises:
        BadCellError: A cell is not what its column holds.
    """
    surface, go_id, said, other, n = (str(row[name] or "").strip() for name in _COLUMNS)
    if is_formula(surface[1:]):
        surface = surface.removeprefix("'")
    verdict = next((one for one in Verdict if one == said and one is not Verdict.UNSURE), None)
    is_right = (
        surface
        and TERM_ID.fullmatch(go_id)
        and (TERM_ID.fullmatch(other) if verdict is Verdict.OTHER else not other)
        and _COUNT.fullmatch(n)
    )
    if not is_right or verdict is None:
        raise BadCellError(
            expected="words, an id, a decision (right, wrong or other term), the other id, and votes",
            found=repr("; ".join((surface, go_id, said, other, n)))[:_LONGEST_SHOWN],
            do="Mend these lines, or take them out.",
        )
    return (_key(surface), go_id), (verdict, other), int(n)


_COUNT = re.compile("[0-9]{1,9}")
_LONGEST_SHOWN = 120
