"""How far to trust a mention, learned from unlabelled text.

Whole names can be trusted; part of a name ("expression" for "gene expression") only where it is used as short
for the whole. Text shows that without labels, because who shortens a name also writes it out. So the model
counts, for each word and aspect, which share of the word's occurrences is the head of a longer name of that
aspect, once in the text to be labelled and once in the definitions of the release: "expression" in a twelfth
of its occurrences in papers and in most in definitions, "target" in next to none, although there is a
"protein targeting". Only the agreement of the short and the long is counted; no word is listed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from gotune.aspects import ASPECTS
from gotune.lexicon.dictionary import Mention
from gotune.lexicon.variants import Evidence, head_place
from gotune.lexicon.word_forms import bare_words, stem

_HALF = 0.2
"""Share of longer names among a word's occurrences that makes half of what agreement can do."""

_HEAD = 0.6
"""Most that agreement can do for a head word, which also heads names that GO does not have."""

_SMOOTHING = 2
"""Occurrences without a longer name that are added to those of each word, for words that are rare."""


class WordUse:
    """How often the words of a text head a longer name.

    Args:
        texts: Sentences.
        mentions: What the dictionary found in each.
    """

    def __init__(self, texts: Iterable[str], mentions: Iterable[Sequence[Mention]]) -> None:
        self._occurrences = Counter(stem(word) for text in texts for word in bare_words(text))
        self._heads = Counter(
            (_head(mention), mention.aspect)
            for row in mentions
            for mention in row
            if len(mention.stems) > 1 and _vouches(mention.evidence)
        )

    def share(self, mention: Mention) -> float:
        """Return which share of the occurrences of its head word heads a longer name of its aspect."""
        head = _head(mention)
        occurrences = self._occurrences[head] + _SMOOTHING
        # What an abbreviation stands for may hardly ever be written out.
        return min(1.0, self._heads[head, mention.aspect] / occurrences)


class NoiseModel:
    """Reliability of mentions, from the agreement of short and long names.

    Args:
        text: Use of words in the text to be labelled.
        definitions: Use of words in the definitions of the release.
    """

    def __init__(self, text: WordUse, definitions: WordUse) -> None:
        self._uses = (text, definitions)

    def reliability(self, mention: Mention) -> float:
        """Return the probability that the mention is right."""
        share = sum(use.share(mention) for use in self._uses) / len(self._uses)
        agreement = share / (share + _HALF)
        if mention.evidence is Evidence.HEAD:
            agreement *= _HEAD
        return 1 - (1 - mention.evidence.trust) * (1 - agreement)

    def probabilities(self, mentions: Sequence[Mention]) -> list[float]:
        """Return the probability of each aspect for a sentence: that not all its mentions are wrong.

        Repeated mentions of one variant count once: they are right or wrong together.
        """
        wrong = dict.fromkeys(ASPECTS, 1.0)
        for mention in {(mention.aspect, mention.stems): mention for mention in mentions}.values():
            wrong[mention.aspect] *= 1 - self.reliability(mention)
        return [1 - wrong[aspect] for aspect in ASPECTS]


def _head(mention: Mention) -> str:
    return mention.stems[head_place(mention.stems)]


def _vouches(evidence: Evidence) -> bool:
    return evidence.rank <= Evidence.BROAD.rank
