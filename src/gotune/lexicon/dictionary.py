"""Finding the terms of a release in text by the ways their names are written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import Aspect
from gotune.lexicon.matching import Matcher, Runs, key_of, offsets_of, split_words
from gotune.lexicon.variants import Evidence, as_symbol, head_word, is_symbol, name_variants
from gotune.lexicon.word_forms import bare_words, stem

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

_FEWEST_NAMES = 2
"""Names that a head word must head."""

_SHORTEST_HEAD = 4
"""Letters in the stem of a head word; shorter ones, such as "ion", are too common."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that may name a term.

    Attributes:
        start: Offset of the first character.
        end: Offset behind the last character.
        aspect: The term's.
        go_id: The term; None for the head word of several names.
        evidence: What ties the text to it.
        stems: Stems of the words of the variant found, by which its other mentions are known. For an
            abbreviation, those of what it stands for.
    """

    start: int
    end: int
    aspect: Aspect
    go_id: str | None
    evidence: Evidence
    stems: tuple[str, ...]


class Meaning(NamedTuple):
    """What a variant may stand for; the fields are those of `Mention`."""

    aspect: Aspect
    go_id: str | None
    evidence: Evidence
    stems: tuple[str, ...]


Meanings = Mapping[tuple[str, ...], tuple[Meaning, ...]]
"""What variants, by their words, may stand for; an empty tuple hides what they stand for elsewhere."""

_Gathered = dict[tuple[str, ...], dict[Aspect, Meaning]]


class _Row(NamedTuple):
    """Words in a row that are a variant: those of `Runs`, and what the choice among them needs to know."""

    place: int
    length: int
    variant: int
    is_name: bool
    whole: bool
    aspects: int
    number: int = -1


class Dictionary:
    """All variants of the names of a release.

    Words are compared by their stems, so that case, hyphens, Greek letters and most endings make no
    difference, but acronyms and symbols letter by letter. Where terms share a variant, those count for which
    it is the strongest evidence.

    Args:
        matcher: Finds variants.
        meanings: What each may stand for, by its number.
        aspects: Aspects of these meanings, as the sum of `bit_of` each.
        is_name: Whether they are names enough to count inside of a longer variant.

    Attributes:
        matcher: The same.
        meanings: The same.
    """

    def __init__(
        self,
        matcher: Matcher,
        meanings: Sequence[tuple[Meaning, ...]],
        aspects: NDArray[np.uint8],
        is_name: NDArray[np.bool_],
    ) -> None:
        self.matcher = matcher
        self.meanings = meanings
        self._aspects = aspects
        self._is_name = is_name

    @classmethod
    def of(cls, words: Meanings, symbols: Meanings) -> Dictionary:
        """Make one of what the stems of variants may stand for, and symbols by their words as written."""
        by_key: dict[int, tuple[Meaning, ...]] = {}
        longest: dict[str, int] = {}
        for symbol, meanings in symbols.items():
            by_key[key_of(symbol, symbol=True)] = meanings
        for stems, meanings in words.items():
            by_key[key_of(stems, symbol=False)] = meanings
            longest[stems[0]] = max(longest.get(stems[0], 0), len(stems))
        keys = sorted(by_key)
        by_number = [by_key[key] for key in keys]
        return cls(
            Matcher.of(keys, longest),
            by_number,
            np.array([_bits(meanings) for meanings in by_number], np.uint8),
            np.array([counts_inside(meanings[0].evidence) for meanings in by_number], np.bool_),
        )

    @classmethod
    def from_ontology(cls, ontology: Ontology) -> Dictionary:
        """Gather the variants of all live terms but the three roots, which say nothing."""
        words: _Gathered = defaultdict(dict)
        symbols: _Gathered = defaultdict(dict)
        heads: dict[str, Counter[Aspect]] = defaultdict(Counter)
        roots = set(ontology.roots)
        for term in ontology.terms():
            if term.id in roots:
                continue
            for variant in name_variants(term):
                stems = tuple(map(stem, variant.words))
                meaning = Meaning(term.aspect, term.id, variant.evidence, stems)
                if is_symbol(variant.words):
                    _keep_strongest(symbols[as_symbol(variant.words)], meaning)
                else:
                    _keep_strongest(words[stems], meaning)
            if head := head_word(term.name):
                heads[head][term.aspect] += 1
        for head, counts in heads.items():
            if counts.total() >= _FEWEST_NAMES and len(head) >= _SHORTEST_HEAD and (head,) not in words:
                aspect = counts.most_common(1)[0][0]
                words[(head,)] = {aspect: Meaning(aspect, None, Evidence.HEAD, (head,))}
        return cls.of(_strongest(words), _strongest(symbols))

    def __len__(self) -> int:
        return len(self.meanings)

    def find(self, text: str, abbreviations: Meanings | None = None) -> tuple[Mention, ...]:
        """Find the terms that a text names, in time proportional to its length.

        Of variants that overlap the first counts, and of those that begin together the longest. Inside of it
        only whole names of another aspect are found: the axon in "axon guidance".

        Args:
            text: Any text.
            abbreviations: What abbreviations mean in this article, from `abbreviations`.

        Returns:
            The mentions in order of their start; several at the same place where a variant is ambiguous.
        """
        found = self._rows(self.matcher.runs([text]))
        defined: list[tuple[Meaning, ...]] = []
        if abbreviations:
            short = list(self._abbreviated(split_words(text), abbreviations))
            defined = [meanings for _, meanings in short]
            # The same place and length: what this article says comes first.
            found = sorted([*(row for row, _ in short), *found], key=lambda row: (row.place, -row.length))
        offsets = offsets_of(text)
        return tuple(
            mention_of(offsets, row.place, row.length, meaning)
            for row, taken in _chosen(found)
            for meaning in (defined[~row.variant] if row.variant < 0 else self.meanings[row.variant])
            if not taken & bit_of(meaning.aspect)
        )

    def chosen(self, runs: Runs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which runs count, as `find` tells, by number and in order.

        Returns:
            The numbers, and for each the aspects, as the sum of `bit_of` each, whose meanings do not count.
        """
        chosen = _chosen(self._rows(runs))
        return (
            np.array([row.number for row, _ in chosen], np.int64),
            np.array([taken for _, taken in chosen], np.int64),
        )

    def _rows(self, runs: Runs) -> list[_Row]:
        names = ~runs.symbols & self._is_name[runs.variants]
        columns = (runs.places, runs.lengths, runs.variants, names, runs.whole, self._aspects[runs.variants])
        lists = (column.tolist() for column in columns)
        return list(map(_Row._make, zip(*lists, range(len(names)), strict=True)))

    def means(self, long_form: str) -> tuple[Meaning, ...]:
        """Return what an abbreviation means, by what it stands for.

        It means the term that ends its long form, if that is a name or exact synonym, or whatever the whole
        long form means; otherwise nothing that is in GO.
        """
        return tuple(
            Meaning(mention.aspect, mention.go_id, mention.evidence, mention.stems)
            for mention in self.find(long_form)
            if mention.end == len(long_form)
            and (
                mention.evidence.rank <= Evidence.SHORTENED.rank
                or (mention.start == 0 and mention.evidence is not Evidence.HEAD)
            )
        )

    def abbreviations(self, long_forms: Mapping[str, str]) -> Meanings:
        """Return what abbreviations mean, for `find`, by what each stands for."""
        found: dict[tuple[str, ...], tuple[Meaning, ...]] = {}
        for short, long in long_forms.items():
            found.setdefault(as_symbol(bare_words(short)), self.means(long))
        return found

    def _abbreviated(
        self, parts: Sequence[str], abbreviations: Meanings
    ) -> Iterator[tuple[_Row, tuple[Meaning, ...]]]:
        """Yield the abbreviations of a split text, numbered -1, -2 and so on, with what they mean."""
        between, words = parts[::2], parts[1::2]
        free = [place == 0 or place == len(words) or bool(one) for place, one in enumerate(between)]
        count, longest = 0, max(map(len, abbreviations), default=0)
        for place in range(len(words)):
            most = min(longest, len(words) - place) if free[place] else 0
            for end in range(place + 1, place + most + 1):
                meanings = abbreviations.get(as_symbol(words[place:end])) if free[end] else None
                if meanings is not None:
                    count += 1
                    yield _Row(place, end - place, -count, False, True, _bits(meanings)), meanings


def _chosen(rows: Sequence[_Row]) -> list[tuple[_Row, int]]:
    """Return what counts of the variants in texts, each with the aspects whose meanings do not."""
    found = []
    behind = 0
    for number, row in enumerate(rows):
        if row.whole and row.place >= behind:
            behind = row.place + row.length
            found.append((row, 0))
            if row.length > 1 and row.aspects:
                found += [(inner, row.aspects) for inner in _inside(row, rows, number + 1)]
    return found


def _inside(outer: _Row, rows: Sequence[_Row], start: int) -> Iterator[_Row]:
    """Yield names within a longer variant, of the rows that begin behind it or are shorter."""
    end, behind = outer.place + outer.length, outer.place
    for number in range(start, len(rows)):
        row = rows[number]
        if row.place >= end:
            return
        fits = behind <= row.place and row.place + row.length <= end and row.length < outer.length
        if fits and row.is_name:
            behind = row.place + row.length
            yield row


def bit_of(aspect: Aspect) -> int:
    """Return the number of an aspect in a sum of several."""
    return 1 << aspect.label


def counts_inside(evidence: Evidence) -> bool:
    """Whether such a name is one inside of a longer variant, too."""
    return evidence.rank <= Evidence.SHORTENED.rank


def _bits(meanings: Iterable[Meaning]) -> int:
    found = 0
    for meaning in meanings:
        found |= bit_of(meaning.aspect)
    return found


def mention_of(offsets: Sequence[int], place: int, length: int, meaning: Meaning) -> Mention:
    """Return a mention of a text whose words have these offsets, see `offsets_of`."""
    return Mention(offsets[2 * place + 1], offsets[2 * (place + length)], *meaning)


def _keep_strongest(meanings: dict[Aspect, Meaning], meaning: Meaning) -> None:
    known = meanings.get(meaning.aspect)
    if known is None or meaning.evidence.rank < known.evidence.rank:
        meanings[meaning.aspect] = meaning


def _strongest(gathered: _Gathered) -> dict[tuple[str, ...], tuple[Meaning, ...]]:
    """Leave each variant only the aspects of which it is the strongest evidence."""
    found = {}
    for words, meanings in gathered.items():
        least = min(meaning.evidence.rank for meaning in meanings.values())
        found[words] = tuple(meaning for meaning in meanings.values() if meaning.evidence.rank == least)
    return found
