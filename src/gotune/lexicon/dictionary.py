"""Finding the terms of a release in text by the ways their names are written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gotune.aspects import Aspect
from gotune.lexicon.variants import Evidence, head_word, is_symbol, name_variants
from gotune.lexicon.word_forms import Word, bare_words, split_words, stem
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


class Dictionary:
    """All variants of the names of a release.

    Words are compared by their stems, so that case, hyphens, Greek letters and most endings make no
    difference, but acronyms and symbols letter by letter. Where terms share a variant, those count for which
    it is the strongest evidence.

    Attributes:
        words: What the stems of a variant may stand for.
        symbols: The same for acronyms and symbols, by their words as they are written.
    """

    def __init__(self, words: Meanings, symbols: Meanings) -> None:
        self.words = words
        self.symbols = symbols
        self._longest = _longest_by_first(words)

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
                    _keep_strongest(symbols[_literal(variant.words)], meaning)
                else:
                    _keep_strongest(words[stems], meaning)
            if head := head_word(term.name):
                heads[head][term.aspect] += 1
        for head, counts in heads.items():
            if counts.total() >= _FEWEST_NAMES and len(head) >= _SHORTEST_HEAD and (head,) not in words:
                aspect = counts.most_common(1)[0][0]
                words[(head,)] = {aspect: Meaning(aspect, None, Evidence.HEAD, (head,))}
        return cls(_strongest(words), _strongest(symbols))

    def __len__(self) -> int:
        return len(self.words) + len(self.symbols)

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
        words = split_words(text)
        stems = [stem(word.text) for word in words]
        found: list[Mention] = []
        place = 0
        while place < len(words):
            length, meanings = self._match(text, words, stems, place, abbreviations or {})
            found += _mentions(words[place : place + length], meanings)
            if length > 1 and meanings:
                aspects = {meaning.aspect for meaning in meanings}
                found += self._inside(words[place : place + length], aspects)
            place += length
        return tuple(sorted(found, key=lambda mention: mention.start))

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
            found.setdefault(_literal(bare_words(short)), self.means(long))
        return found

    def _match(
        self,
        text: str,
        words: Sequence[Word],
        stems: Sequence[str],
        place: int,
        abbreviations: Meanings,
    ) -> tuple[int, tuple[Meaning, ...]]:
        """Return how many words to go on, and what they mean."""
        start = words[place].start
        if start and text[start - 1].isalnum():
            return 1, ()
        longest = max(self._longest.get(stems[place], 0), 2)
        for length in range(min(longest, len(words) - place), 0, -1):
            end = words[place + length - 1].end
            if end < len(text) and text[end].isalnum():
                continue
            literal = _literal([word.text for word in words[place : place + length]])
            if literal in abbreviations:
                return length, abbreviations[literal]
            meanings = self.symbols.get(literal) or self.words.get(tuple(stems[place : place + length]))
            if meanings:
                return length, meanings
        return 1, ()

    def _inside(self, words: Sequence[Word], taken: set[Aspect]) -> Iterator[Mention]:
        """Yield names of other aspects within a longer variant."""
        stems = tuple(stem(word.text) for word in words)
        place = 0
        while place < len(words):
            step = 1
            for length in range(len(words) - place - (place == 0), 0, -1):
                meanings = self.words.get(stems[place : place + length])
                if meanings and meanings[0].evidence.rank <= Evidence.SHORTENED.rank:
                    step = length
                    others = [meaning for meaning in meanings if meaning.aspect not in taken]
                    yield from _mentions(words[place : place + length], others)
                    break
            place += step


def _literal(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a symbol letter by letter, without the plural of an acronym: EGFR for EGFRs."""
    last = words[-1]
    plural = len(last) > 2 and last.endswith("s") and last[-2].isupper()
    return (*words[:-1], last[:-1]) if plural else tuple(words)


def _mentions(words: Sequence[Word], meanings: Sequence[Meaning]) -> Iterator[Mention]:
    return (Mention(words[0].start, words[-1].end, *meaning) for meaning in meanings)


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


def _longest_by_first(variants: Mapping[tuple[str, ...], object]) -> dict[str, int]:
    """Return the number of words of the longest variant by its first stem."""
    longest: dict[str, int] = {}
    for stems in variants:
        longest[stems[0]] = max(longest.get(stems[0], 0), len(stems))
    return longest
