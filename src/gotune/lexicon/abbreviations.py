"""Abbreviations that an article defines in its text, "epidermal growth factor (EGF)".

The algorithm of Schwartz & Hearst 2003, doi:10.1142/9789812776303_0042: the letters of the short form are
sought from right to left in the words before the bracket, and its first one must begin a word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from gotune.lexicon.dictionary import Dictionary
from gotune.lexicon.word_forms import singular_of

_LONGEST = 80
"""Characters in a long form; bounds the search."""

_SHORT = re.compile(r"\((\w[\w/-]{1,9})(?:[;,][^()]{0,100})?\)")
_WORD_END = re.compile(r"s?(?![^\W_])")
_NOT_IN_A_NAME = re.compile(r"[();:]")


def find_abbreviations(sentences: Iterable[str]) -> dict[str, str]:
    """Return the long form of each abbreviation that the sentences of one article define.

    Of two definitions of the same abbreviation the first counts. It needs a capital letter, which keeps
    out remarks in brackets.
    """
    found: dict[str, str] = {}
    for sentence in sentences:
        for match in _SHORT.finditer(sentence):
            short = match.group(1)
            if short not in found and any(letter.isupper() for letter in short):
                # Cut before the blanks are, for a text with many brackets would be copied for each.
                before = sentence[max(0, match.start() - 2 * _LONGEST) : match.start()].rstrip()
                long = _long_form(before[-_LONGEST:], short)
                if long:
                    found[short] = long
    return found


def _long_form(before: str, short: str) -> str | None:
    letters = [letter for letter in short.lower() if letter.isalnum()]
    text = before.replace("\u0130", "I").lower()  # the one letter that is two in lower case
    place = len(text)
    for left, letter in reversed(list(enumerate(letters))):
        place = text.rfind(letter, 0, place)
        while left == 0 and place > 0 and text[place - 1].isalnum():
            place = text.rfind(letter, 0, place)
        if place < 0:
            return None
    long = before[place:]
    few = len(long.split()) <= min(len(letters) + 5, 2 * len(letters))
    return long if few and len(long) > len(short) and not _NOT_IN_A_NAME.search(long) else None


def spell_out(texts: Sequence[str], articles: Sequence[str], dictionary: Dictionary) -> list[str]:
    """Return texts in which the abbreviations that name terms are written out.

    Args:
        texts: Sentences.
        articles: The article of each, whose sentences define its abbreviations; a text without one ("")
            stays as it is.
        dictionary: The names.

    Raises:
        ValueError: There are not as many articles as texts.
    """
    if len(texts) != len(articles):
        raise ValueError(f"{len(texts)} texts and {len(articles)} articles")
    spell = {
        article: _speller({short: long for short, long in long_forms.items() if dictionary.means(long)})
        for article, long_forms in long_forms_of(texts, articles).items()
    }
    return [spell[article](text) if article else text for text, article in zip(texts, articles, strict=True)]


def long_forms_of(texts: Sequence[str], articles: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return by article what the abbreviations stand for that its texts define."""
    sentences = defaultdict(list)
    for text, article in zip(texts, articles, strict=True):
        sentences[article].append(text)
    return {article: find_abbreviations(of_article) for article, of_article in sentences.items()}


class ShortForms:
    """Finds the abbreviations of an article in its texts.

    Args:
        shorts: The abbreviations.
    """

    def __init__(self, shorts: Iterable[str]) -> None:
        self._by_singular = {singular_of(short): short for short in shorts}
        self._lengths = sorted(set(map(len, self._by_singular)), reverse=True)
        firsts = "".join(sorted({re.escape(short[0]) for short in self._by_singular}))
        self._starts = re.compile(rf"(?<![^\W_])[{firsts}]") if firsts else None

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start and end of the longest abbreviation at each place, and which one it is.

        They are looked up, as an article may define thousands.
        """
        end = 0
        for match in self._starts.finditer(text) if self._starts else ():
            start = match.start()
            for length in self._lengths if start >= end else ():
                short = self._by_singular.get(text[start : start + length])
                # MCADs is more than one MCAD, and MCAD-/- one without it; MCADH is something else.
                behind = None if short is None else _WORD_END.match(text, start + length)
                if short is not None and behind is not None:
                    end = behind.end()
                    yield start, end, short
                    break


def _speller(long_forms: Mapping[str, str]) -> Callable[[str], str]:
    """Return what writes abbreviations out."""
    shorts = ShortForms(long_forms)

    def spell(text: str) -> str:
        pieces: list[str] = []
        behind = 0
        for start, end, short in shorts.find(text):
            long = long_forms[short]
            plural = text[start + len(singular_of(short)) : end]
            pieces += [text[behind:start], long, "" if long.endswith("s") else plural]
            behind = end
        return "".join([*pieces, text[behind:]])

    return spell
