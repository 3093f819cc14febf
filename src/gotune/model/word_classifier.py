"""The classifier without its encoder: words and names alone, which need no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Head, Prefer
from gotune.errors import InputError
from gotune.lexicon.dictionary import Mention
from gotune.lines import name_as_text
from gotune.model.calibration import Said
from gotune.model.evidence import Evidence
from gotune.model.learned import Remembered
from gotune.model.light_bundle import LightBundle, load_light
from gotune.model.shipped import locate_model
from gotune.model.spec import ModelSpec, WordSpec
from gotune.model.words import Phrase
from gotune.protocols import Track, untracked
from gotune.records import Learned, ModelInfo, Witness

_TEXTS_AT_ONCE = 2048

Floats = NDArray[np.float64]


class WordClassifier:
    """Words and names as a model of its own; see `gotune.model.evidence.Accountable`.

    Args:
        name: Of the model's folder.
        spec: Of the model whose encoder is left out.
        evidence: Its names and words.
        learned: What it has learned from.

    Raises:
        InputError: The model has neither words nor names, or does not tell how they decide alone.
    """

    def __init__(self, name: str, spec: ModelSpec, evidence: Evidence, learned: Learned | Remembered) -> None:
        if spec.words is None or evidence == Evidence():
            raise InputError(
                f"model {name}",
                expected="words or names that can judge a text without the encoder",
                found="none" if spec.words is None else "both left out",
                do="Leave out less, or train a model with words (the papers preset).",
            )
        self.name = name
        self.spec = spec
        self.evidence = evidence
        self.remembered = Remembered.of(learned)

    @classmethod
    def load(cls, folder: Path | str, *, verify: bool = True) -> WordClassifier:
        """Load the words and the names of a bundle, without its encoder and the libraries that this needs.

        Args:
            folder: The bundle, or the name of a model that comes with gotune.
            verify: Refuse files that are not as they were saved; those of the encoder are not read.

        Raises:
            BundleError: Not a bundle, a damaged one, or one of a newer format.
            InputError: The model has no words.
        """
        folder = locate_model(folder)
        return cls.of(load_light(folder, verify=verify), folder)

    @classmethod
    def of(cls, bundle: LightBundle, folder: Path) -> WordClassifier:
        """Return the words and the names of a bundle that is read, as a model with the name of its folder.

        Raises:
            InputError: The model has no words.
        """
        name = name_as_text(folder.resolve().name)
        return cls(name, bundle.manifest.spec, Evidence(bundle.lexicon, bundle.words), bundle.remembered)

    @property
    def info(self) -> ModelInfo:
        """What results tell of the model."""
        info = replace(self.spec.info(self.name), encoder=" and ".join(reversed(self.witnesses)))
        return replace(info, thresholds=self._alone.thresholds)

    @property
    def learned(self) -> Learned:
        """What it has learned from."""
        return self.remembered.learned

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """What its probabilities stand on."""
        return self.evidence.beside_encoder()

    @property
    def _alone(self) -> WordSpec:
        assert self.spec.words is not None  # noqa: S101 (checked when it is made)
        return self.spec.words

    def predict_proba(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> Floats:
        """Return aspect probabilities of shape ``(len(texts), 3)``, columns in label order.

        Args:
            texts: Whole texts, or sentences of articles.
            articles: The article of each, "" where it is unknown.
            track: Shows progress.

        Raises:
            TypeError: ``texts`` is one string, or one of them is none.
            ValueError: There are not as many articles as texts.
        """
        read = self.evidence.read(texts, articles)
        rows = [np.zeros((0, len(ASPECTS)))]
        starts = range(0, len(read), _TEXTS_AT_ONCE)
        for start in track(starts, description="classifying", total=len(starts)):
            logits, names = self._asked(read[start : start + _TEXTS_AT_ONCE])
            rows.append(self._alone.calibration.apply(logits, Head.MULTI, names))
        return np.concatenate(rows)

    def predict_and_count(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> tuple[Floats, int]:
        """Return what `predict_proba` does, and 0: no text is too long.

        Raises:
            TypeError, ValueError: As for `predict_proba`.
        """
        return self.predict_proba(texts, articles=articles, track=track), 0

    def preferring(self, prefer: Prefer) -> WordClassifier:
        """Return the same model with the thresholds for a use.

        Raises:
            InputError: It knows none for this use.
        """
        return WordClassifier(self.name, self.spec.preferring(prefer), self.evidence, self.remembered)

    def without(self, *witnesses: Witness) -> WordClassifier:
        """Return the same model without its names, or without its words.

        Raises:
            InputError: Nothing would be left.
        """
        return WordClassifier(self.name, self.spec, self.evidence.without(witnesses), self.remembered)

    def uncalibrated(
        self, probabilities: Floats, texts: Sequence[str], articles: Sequence[str] | None = None
    ) -> Floats:
        """Return what probabilities of texts were by the words alone, before calibration."""
        _, names = self._asked(self.evidence.read(texts, articles))
        return self._alone.calibration.undo(probabilities, Head.MULTI, names)

    def names_in(self, text: str) -> tuple[Floats, list[tuple[Mention, float]]]:
        """Return the log-odds that names add for each aspect, and each name with its reliability."""
        return self.evidence.names_in(text, self._alone.calibration.name_weights)

    def phrases_in(self, text: str) -> tuple[Floats, list[Phrase]]:
        """Return the log-odds that words add for each aspect, and what each word and pair of words adds.

        Their sum and what belongs to no single word make it up; without words that is all there is.
        """
        calibration = self._alone.calibration
        added, phrases = self.evidence.phrases_in(text, calibration.slopes)
        return added + np.array(calibration.intercepts), phrases

    def _asked(self, read: Sequence[str]) -> tuple[Floats, Said]:
        """Return what words say of texts, in the place of an encoder's logits, and what names add."""
        said = self.evidence.said_of(read)
        words = np.zeros((len(read), len(ASPECTS))) if said.words is None else said.words
        return words, said._replace(words=None)
