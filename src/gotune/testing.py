"""Small fakes of a classifier and an encoder, for tests of code that asks one: no weights, no download."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Head
from gotune.protocols import Track, untracked
from gotune.records import Learned, ModelInfo, Reads, Witness

INFO = ModelInfo("fake", "none", "2021-12-15", Head.MULTI, (0.5, 0.5, 0.5), Reads.SENTENCE)
"""What a fake classifier says of itself, unless it is told otherwise."""

UNTAUGHT = Learned(is_whole=True)
"""What it says that it has learned from: nothing, for sure."""

Answer = Callable[[str], Sequence[float]]


class FakeClassifier:
    """Answers texts by a function; meets `gotune.protocols.Classifier` and `Trained`.

    Args:
        answer: Gives the three probabilities of a text; None finds each of the words "process", "component"
            and "function" in it with probability .9, and .1 where the word is missing.
        info: What it says of itself.
        learned: What it says that it has learned from.
        longest: Characters that it reads; longer texts count as cut.

    Attributes:
        asked: The texts of each call with their articles, "" where these are unknown.
    """

    def __init__(
        self,
        answer: Answer | None = None,
        *,
        info: ModelInfo = INFO,
        learned: Learned = UNTAUGHT,
        longest: int = 1000,
    ) -> None:
        self.info = info
        self.learned = learned
        self.asked: list[list[tuple[str, str]]] = []
        self._answer = answer or _by_keyword
        self._longest = longest

    def predict_proba(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> NDArray[np.float64]:
        """Return the answers, of shape ``(len(texts), 3)``.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
            ValueError: There are not as many articles as texts.
        """
        if isinstance(texts, str):
            raise TypeError("texts: expected a sequence of strings, found one string; wrap it in a list")
        named = [""] * len(texts) if articles is None else articles
        self.asked.append(list(zip(texts, named, strict=True)))
        rows = [self._answer(text) for text in track(texts, description="classifying", total=len(texts))]
        return np.array(rows, dtype=np.float64).reshape(-1, len(ASPECTS))

    def predict_and_count(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> tuple[NDArray[np.float64], int]:
        """Return the answers, and how many texts are longer than it reads."""
        cut = sum(len(text) > self._longest for text in texts)
        return self.predict_proba(texts, articles=articles, track=track), cut

    def without(self, *witnesses: Witness) -> FakeClassifier:
        """Return itself: it asks nobody."""
        del witnesses
        return self

    def uncalibrated(
        self, probabilities: NDArray[np.float64], texts: Sequence[str], articles: Sequence[str] | None = None
    ) -> NDArray[np.float64]:
        """Return the probabilities as they are: nothing calibrates them."""
        del texts, articles
        return probabilities


class FakeEncoder:
    """Puts texts with the same words at the same place; meets `gotune.protocols.Encoder`.

    Args:
        width: Length of the vectors; words that hash alike are the same word to it.
        name: For people.
        known: GO ids that it says it was fine-tuned on.
    """

    def __init__(self, width: int = 64, *, name: str = "fake", known: Collection[str] = ()) -> None:
        self.name = name
        self.known = known
        self._width = width

    def embed(self, texts: Sequence[str], *, track: Track = untracked) -> NDArray[np.float32]:
        """Return the counts of hashed words, scaled to length one, of shape ``(len(texts), width)``.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
        """
        if isinstance(texts, str):
            raise TypeError("texts: expected a sequence of strings, found one string; wrap it in a list")
        vectors: NDArray[np.float32] = np.zeros((len(texts), self._width), dtype=np.float32)
        for row, text in enumerate(track(texts, description="embedding", total=len(texts))):
            for word in text.casefold().split() or [""]:
                vectors[row, zlib.crc32(word.encode()) % self._width] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        found: NDArray[np.float32] = vectors / lengths
        return found


def _by_keyword(text: str) -> tuple[float, ...]:
    words = text.casefold()
    return tuple(0.9 if aspect.value.split("_")[1] in words else 0.1 for aspect in ASPECTS)
