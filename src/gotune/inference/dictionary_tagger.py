"""The baseline that knows names and nothing else: a sentence carries an aspect if it names a term of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.names.dictionary import Dictionary
from gotune.names.name_variants import Evidence

_NAMES = (Evidence.NAME, Evidence.EXACT)


class DictionaryTagger:
    """Plain dictionary matching of names and exact synonyms, as a `gotune.protocols.Classifier`."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return 1 for each aspect of which a text names a term, else 0, of shape ``(len(texts), 3)``.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
        """
        if isinstance(texts, str):
            raise TypeError("texts: expected a sequence of strings, found one string; wrap it in a list")
        found = np.zeros((len(texts), len(ASPECTS)))
        for row, text in enumerate(texts):
            for mention in self._dictionary.find(text):
                if mention.evidence in _NAMES:
                    found[row, mention.aspect.label] = 1.0
        return found
