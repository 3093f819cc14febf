"""Abbreviations written out, so that a sentence by itself says what its article says.

An article defines "MCAD" once and goes on with it; a model that reads sentence by sentence meets letters
that stand for nothing. Only abbreviations of what GO has a name for are written out: the others carry no
aspect, and models know the common ones as they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from gotune.names.abbreviations import find_abbreviations
from gotune.names.dictionary import Dictionary


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


def _speller(long_forms: Mapping[str, str]) -> Callable[[str], str]:
    if not long_forms:
        return str
    by_singular = {_singular(short): long for short, long in long_forms.items()}
    longest_first = sorted(by_singular, key=len, reverse=True)
    # MCADs is more than one MCAD, and MCAD-/- one without it; MCADH is something else.
    pattern = re.compile(rf"(?<![^\W_])({'|'.join(map(re.escape, longest_first))})(s?)(?![^\W_])")

    def long_form(match: re.Match[str]) -> str:
        long = by_singular[match[1]]
        return long if long.endswith("s") else long + match[2]

    return lambda text: pattern.sub(long_form, text)


def _singular(short: str) -> str:
    return short[:-1] if short[-1] == "s" and short[-2].isupper() else short
