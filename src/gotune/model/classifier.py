"""The classifier that gotune trains: what an engine computes, with the names of terms, as probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.config import Precision
from gotune.corpus.reading import as_read
from gotune.errors import BundleError
from gotune.lexicon.dictionary import Mention
from gotune.lines import name_as_text
from gotune.model.bundle import Bundle, load_bundle
from gotune.model.calibration import to_probabilities
from gotune.model.embedding import TextEncoder, Vectors
from gotune.model.engines.torch import TorchEngine
from gotune.protocols import Track, Trained, untracked
from gotune.records import ModelInfo

Floats = NDArray[np.float64]


@runtime_checkable
class Transparent(Trained, Protocol):
    """A classifier that can be looked into: a transformer with gradients and attention."""

    @property
    def engine(self) -> TorchEngine:
        """What computes the logits that its encoder alone gives."""
        ...

    @property
    def uses_names(self) -> bool:
        """Whether the probabilities include the evidence of names."""
        ...

    def in_float32(self) -> Transparent:
        """Return the same model computing in full precision, for what compares small differences."""
        ...

    def names_in(self, text: str) -> tuple[Floats, list[tuple[Mention, float]]]:
        """Return the log-odds that names add for each aspect, and each name with its reliability."""
        ...


class AspectClassifier:
    """A fine-tuned model ready for texts; see `gotune.protocols.Classifier` and `Transparent`.

    Attributes:
        name: Of its folder, for tables and pages.
        engine: What computes its logits.
        spec: How these become probabilities and decisions.
        learned: What it has learned from.
        provenance: How it was made, if anybody has written it down.
        lexicon: The names whose evidence is added to what the encoder says, if any.
        vectors: Embeddings of the first definitions of ``learned``, if they were saved.
    """

    def __init__(
        self, bundle: Bundle, name: str, *, device: str = "auto", precision: Precision = Precision.AUTO
    ) -> None:
        self.name = name
        self.spec = bundle.manifest.spec
        self.provenance = bundle.manifest.provenance
        self.engine = TorchEngine.on(
            bundle.model, bundle.tokenizer, self.spec.max_tokens, device=device, precision=precision
        )
        self.learned = bundle.learned
        self.lexicon = bundle.lexicon
        self.vectors: Vectors | None = bundle.vectors

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        device: str = "auto",
        precision: Precision = Precision.AUTO,
        verify: bool = True,
    ) -> AspectClassifier:
        """Load a bundle.

        Args:
            folder: The bundle.
            device: Where to compute: ``auto``, or a torch device.
            precision: Number format of the matrix products.
            verify: Refuse files that are not as they were saved, see `gotune.model.bundle.load_bundle`.

        Raises:
            BundleError: Not a bundle, a damaged one, or one of a newer format.
            ConfigError: The device cannot be used here.
        """
        name = name_as_text(Path(folder).resolve().name)
        return cls(load_bundle(Path(folder), verify=verify), name, device=device, precision=precision)

    @property
    def info(self) -> ModelInfo:
        """What results tell of the model."""
        return self.spec.info(self.name)

    @property
    def encoder(self) -> TextEncoder:
        """What makes texts into points: the part below the head."""
        name = f'model "{self.name}" ({self.spec.encoder}, fine-tuned)'
        return TextEncoder(name, self.engine, frozenset(self.learned.go_ids))

    @property
    def uses_names(self) -> bool:
        """Whether the probabilities include the evidence of names."""
        return self.lexicon is not None and self.spec.calibration is not None

    def predict_proba(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> Floats:
        """Return aspect probabilities of shape ``(len(texts), 3)``, columns in label order.

        With `Head.SINGLE` each row adds up to one. Texts are read as `gotune.corpus.reading` tells. With a
        lexicon, abbreviations that an article defines and GO has a name for are read as what they stand for.

        Args:
            texts: Whole texts, or sentences of articles.
            articles: The article of each, "" where it is unknown.
            track: Shows progress.

        Raises:
            TypeError: ``texts`` is one string, or one of them is none.
            ValueError: There are not as many articles as texts.
            BundleError: The model gives NaN or infinity.
        """
        return self.predict_and_count(texts, articles=articles, track=track)[0]

    def predict_and_count(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> tuple[Floats, int]:
        """Return what `predict_proba` does, and how many texts were cut because the model reads less.

        Raises:
            TypeError, ValueError, BundleError: As for `predict_proba`.
        """
        spelled = self._spelled_out(checked_texts(texts), articles)
        logits, truncated = self.engine.logits(spelled, track=track)
        if n_bad := int((~np.isfinite(logits)).any(axis=1).sum()):
            raise BundleError(
                self.name,
                expected="a model that gives finite numbers for every text",
                found=f"NaN or infinity for {n_bad:,} of {len(spelled):,}",
                do="Train the model again, or get it again from where it came; try --precision fp32.",
            )
        if self.lexicon is not None and self.spec.calibration is not None:
            logits = self.spec.calibration.with_names(logits, self.lexicon.evidence(spelled))
        return to_probabilities(logits, self.spec.head), truncated

    def uncalibrated(
        self, probabilities: Floats, texts: Sequence[str], articles: Sequence[str] | None = None
    ) -> Floats:
        """Return what probabilities of texts were before names were added and before calibration."""
        if self.spec.calibration is None:
            return probabilities
        names = None
        if self.lexicon is not None:
            names = self.lexicon.evidence(self._spelled_out(texts, articles))
        return self.spec.calibration.undo(probabilities, self.spec.head, names)

    def names_in(self, text: str) -> tuple[Floats, list[tuple[Mention, float]]]:
        """Return the log-odds that names add for each aspect, and each name with its reliability."""
        nothing = np.zeros(len(ASPECTS))
        if self.lexicon is None or self.spec.calibration is None:
            return nothing, []
        (added,) = self.spec.calibration.with_names(nothing[None], self.lexicon.evidence([text]))
        return added, self.lexicon.mentions(text)

    def in_float32(self) -> AspectClassifier:
        """Return the same model computing in full precision, for what compares small differences."""
        exact = copy(self)
        exact.engine = self.engine.in_float32()
        return exact

    def without_names(self) -> AspectClassifier:
        """Return the same model with what its encoder says alone.

        A lexicon has the names of all terms of a release, so it must not help with definitions of terms that
        were held out.
        """
        alone = copy(self)
        alone.lexicon = None
        return alone

    def _spelled_out(self, texts: Sequence[str], articles: Sequence[str] | None) -> Sequence[str]:
        """Return what encoder and names read of texts."""
        if articles is not None and len(articles) != len(texts):
            raise ValueError(f"{len(texts)} texts and {len(articles)} articles")
        texts = list(map(as_read, texts))
        if self.lexicon is None or articles is None:
            return texts
        return self.lexicon.spell_out(texts, articles)


def checked_texts(texts: Sequence[str]) -> list[str]:
    """Return texts as a list, also those of a column of pandas.

    Raises:
        TypeError: ``texts`` is one string, or one of them is none; the message names its position.
    """
    if isinstance(texts, str):
        raise TypeError("texts: expected a sequence of strings, found one string; wrap it in a list")
    found = list(texts)
    for position, text in enumerate(found):
        if not isinstance(text, str):
            raise TypeError(
                f"texts: expected strings, found {text!r} at position {position}; leave it out or write text"
            )
    return found
