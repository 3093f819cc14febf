"""The classifier that people use: texts, sentences and documents to aspect probabilities."""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.config import Precision
from gotune.corpus.documents import Document
from gotune.corpus.screening import assess
from gotune.corpus.sentences import split_sentences
from gotune.errors import InputError
from gotune.model.bundle import Bundle, load_bundle
from gotune.model.decisions import decide
from gotune.model.devices import choose_device, computes_bf16
from gotune.model.manifest import Manifest
from gotune.model.prediction import predict_logits, to_probabilities
from gotune.model.tokens import encode_texts
from gotune.protocols import Track, untracked
from gotune.records import (
    AspectProbabilities,
    ClassifiedDocument,
    ClassifiedSentence,
    ClassifiedText,
    ModelInfo,
)

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_TEXTS_AT_ONCE = 512
"""Texts whose word pieces are in memory together."""


class AspectClassifier:
    """A fine-tuned model ready for texts.

    Attributes:
        name: Of its folder, for tables and pages.
        head: What its probabilities mean. With `Head.SINGLE` one aspect is chosen for every text, also for
            one that has nothing to do with any; with `Head.MULTI` a text may carry none, one or several.
        thresholds: Probability from which a text is said to carry an aspect, in label order; for
            `Head.MULTI` only.
        manifest: Where the model came from.
        bf16: Whether matrix products run in bfloat16.
        model: The encoder with its head, in evaluation mode.
        tokenizer: Its word pieces.
        training_ids: GO ids of the definitions that it has seen.
        training_sentences: The sentences that it has seen.
        lexicon: The names whose evidence is added to what the encoder says, if any.
    """

    def __init__(
        self, bundle: Bundle, name: str, *, device: str = "auto", precision: Precision = Precision.AUTO
    ) -> None:
        self.name = name
        self.model: PreTrainedModel = bundle.model.to(choose_device(device))  # type: ignore[arg-type]
        self.tokenizer = bundle.tokenizer
        self.bf16 = computes_bf16(precision, self.model.device)
        self.manifest: Manifest = bundle.manifest
        self.head: Head = bundle.manifest.config.head
        self.thresholds = bundle.manifest.thresholds
        self.training_ids = bundle.training_ids
        self.training_sentences = bundle.training_sentences
        self.lexicon = bundle.lexicon

    @classmethod
    def load(
        cls, folder: Path | str, *, device: str = "auto", precision: Precision = Precision.AUTO
    ) -> AspectClassifier:
        """Load a bundle.

        Raises:
            BundleError: Not a bundle, a damaged one, or one of a newer format.
            ConfigError: The device cannot be used here.
        """
        # The name of a folder may be any bytes; results hold text that can be written.
        name = os.fsencode(Path(folder).resolve().name).decode("utf-8", "replace")
        return cls(load_bundle(Path(folder)), name, device=device, precision=precision)

    @property
    def info(self) -> ModelInfo:
        """What results tell of the model."""
        return ModelInfo(
            self.name,
            self.manifest.config.encoder,
            self.manifest.release,
            self.head,
            None if self.head is Head.SINGLE else self.thresholds,
        )

    def predict_proba(self, texts: Sequence[str], *, track: Track = untracked) -> NDArray[np.float64]:
        """Return aspect probabilities of shape ``(len(texts), 3)``, columns in label order.

        With `Head.SINGLE` each row adds up to one.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
        """
        return self.predict_and_count(texts, track=track)[0]

    def predict_and_count(
        self, texts: Sequence[str], *, track: Track = untracked
    ) -> tuple[NDArray[np.float64], int]:
        """Return what `predict_proba` does, and how many texts were cut because the model reads less.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
        """
        rows = []
        truncated = 0
        starts = range(0, len(texts), _TEXTS_AT_ONCE)
        for start in track(starts, description="classifying", total=len(starts)):
            encoded = encode_texts(
                self.tokenizer, texts[start : start + _TEXTS_AT_ONCE], self.manifest.config.max_tokens
            )
            rows.append(predict_logits(self.model, encoded.ids, self.tokenizer.pad_token_id, bf16=self.bf16))
            truncated += encoded.truncated
        logits = np.concatenate(rows) if rows else np.zeros((0, len(ASPECTS)))
        calibration = self.manifest.calibration
        if self.lexicon is not None and calibration is not None:
            logits = calibration.with_names(logits, self.lexicon.evidence(texts))
        return to_probabilities(logits, self.head), truncated

    def spell_out(self, texts: Sequence[str], articles: Sequence[str]) -> list[str]:
        """Return sentences of articles as they are best put to `predict_proba`.

        With a lexicon, abbreviations that an article defines and GO has a name for are written out.

        Args:
            texts: Sentences.
            articles: The article of each, "" where it is unknown.
        """
        return list(texts) if self.lexicon is None else self.lexicon.spell_out(texts, articles)

    def in_float32(self) -> AspectClassifier:
        """Return the same model computing in full precision, for what compares small differences."""
        exact = copy(self)
        exact.bf16 = False
        return exact

    def without_names(self) -> AspectClassifier:
        """Return the same model with what its encoder says alone.

        A lexicon has the names of all terms of a release, so it must not help with definitions of terms that
        were held out.
        """
        alone = copy(self)
        alone.lexicon = None
        return alone

    def aspects_of(self, probabilities: AspectProbabilities) -> tuple[Aspect, ...]:
        """Return the aspects that a text carries by its probabilities, in label order; none is possible."""
        (carried,) = decide(np.array([tuple(probabilities)]), self.head, self.thresholds)
        return tuple(aspect for aspect in ASPECTS if carried[aspect.label])

    def classify_text(self, text: str) -> ClassifiedText:
        """Classify one text as a whole.

        Raises:
            InputError: The text is empty or only white space.
        """
        if not text.strip():
            raise InputError(
                "text", expected="some words", found="an empty or blank text", do="Give a sentence."
            )
        (row,), truncated = self.predict_and_count([text])
        probabilities = AspectProbabilities(*row.tolist())
        return ClassifiedText(
            text,
            probabilities,
            self.aspects_of(probabilities),
            self.info,
            truncated=bool(truncated),
            doubts=tuple(doubt.value for doubt in assess(text)),
        )

    def classify_document(self, document: Document, *, track: Track = untracked) -> ClassifiedDocument:
        """Classify the sentences of a document, in order."""
        sentences = split_sentences(document.text)
        texts = self.spell_out([s.text for s in sentences], ["document"] * len(sentences))
        rows, truncated = self.predict_and_count(texts, track=track)
        probabilities = [AspectProbabilities(*row) for row in rows.tolist()]
        return ClassifiedDocument(
            name=document.name,
            sentences=tuple(
                ClassifiedSentence(sentence, found, self.aspects_of(found))
                for sentence, found in zip(sentences, probabilities, strict=True)
            ),
            text=document.text,
            model=self.info,
            truncated=truncated,
            doubts=tuple(doubt.value for doubt in assess(document.text)),
        )
