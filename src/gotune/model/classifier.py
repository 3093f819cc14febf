"""The classifier that gotune trains: what an engine computes, with names and words, as probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import Prefer
from gotune.config import Precision
from gotune.errors import BundleError, ConfigError
from gotune.lexicon.dictionary import Mention
from gotune.lines import name_as_text
from gotune.model.bundle import Bundle, load_bundle
from gotune.model.calibration import UNCHANGED, Calibration, to_probabilities
from gotune.model.devices import check_threads
from gotune.model.embedding import TextEncoder, Vectors
from gotune.model.engines.onnx import OnnxEngine
from gotune.model.engines.torch import TorchEngine
from gotune.model.evidence import Accountable, Evidence
from gotune.model.light_bundle import LightBundle, damage_told, load_light, read_manifest
from gotune.model.shipped import locate_model
from gotune.model.spec import ONNX
from gotune.model.word_classifier import WordClassifier
from gotune.model.words import Phrase
from gotune.protocols import Engine, Track, untracked
from gotune.records import Learned, ModelInfo, Witness

Floats = NDArray[np.float64]


@runtime_checkable
class Transparent(Accountable, Protocol):
    """A classifier that can be looked into: a transformer with gradients and attention."""

    @property
    def engine(self) -> TorchEngine:
        """What computes the logits that its encoder alone gives."""
        ...

    def in_float32(self) -> Transparent:
        """Return the same model computing in full precision, for what compares small differences."""
        ...


class AspectClassifier:
    """A fine-tuned model ready for texts; see `gotune.protocols.Classifier`.

    Attributes:
        name: Of its folder, for tables and pages.
        engine: What computes its logits.
        spec: How these become probabilities and decisions.
        remembered: What it has learned from, see ``learned``.
        provenance: How it was made, if anybody has written it down.
        evidence: The names and the words whose evidence is added to what the encoder says, if any.
    """

    engine: Engine

    def __init__(self, bundle: LightBundle, engine: Engine, name: str) -> None:
        self.name = name
        self.spec = bundle.manifest.spec
        self.provenance = bundle.manifest.provenance
        self.engine = engine
        self.remembered = bundle.remembered
        self.evidence = Evidence(bundle.lexicon, bundle.words)

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        device: str = "auto",
        precision: Precision = Precision.AUTO,
        threads: int | None = None,
        verify: bool = True,
    ) -> AspectClassifier:
        """Load a bundle, whichever engine it is made for.

        Args:
            folder: The bundle, or the name of a model that comes with gotune.
            device: Where to compute: ``auto``, or a torch device.
            precision: Number format of the matrix products.
            threads: How many to compute with on the CPU; all cores that are free if None.
            verify: Refuse files that are not as they were saved, see `gotune.model.bundle.load_bundle`.

        Raises:
            BundleError: Not a bundle, a damaged one, one of a newer format, or one without an encoder.
            ConfigError: Threads are less than one; or the device cannot be used here, or the engine leaves no
                choice of it.
            MissingExtraError: What the engine needs is missing.
        """
        folder = locate_model(folder)
        check_threads(threads)
        if read_manifest(folder, verify=verify).spec.kind == ONNX:
            return _load_onnx(folder, device=device, precision=precision, threads=threads, verify=verify)
        return TransformerClassifier.load(
            folder, device=device, precision=precision, threads=threads, verify=verify
        )

    @property
    def info(self) -> ModelInfo:
        """What results tell of the model, and what it is asked without."""
        info = self.spec.info(self.name)
        saved = {Witness.NAMES: self.spec.lexicon, Witness.WORDS: self.spec.words is not None}
        left_out = [witness for witness, there in saved.items() if there and witness not in self.witnesses]
        if not left_out:
            return info
        return replace(info, encoder=f"{info.encoder} without {' and '.join(left_out)}")

    @property
    def learned(self) -> Learned:
        """What it has learned from."""
        return self.remembered.learned

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """What its probabilities stand on, the encoder first."""
        return (Witness.ENCODER, *self.evidence.beside_encoder())

    def predict_proba(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> Floats:
        """Return aspect probabilities of shape ``(len(texts), 3)``, columns in label order.

        With `Head.SINGLE` each row adds up to one. Texts are read as `gotune.model.evidence` tells.

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
        read = self.evidence.read(texts, articles)
        logits, truncated = self.engine.logits(read, track=track)
        if n_bad := int((~np.isfinite(logits)).any(axis=1).sum()):
            raise BundleError(
                self.name,
                expected="a model that gives finite numbers for every text",
                found=f"NaN or infinity for {n_bad:,} of {len(read):,}",
                do="Train the model again, or get it again from where it came; try --precision fp32.",
            )
        if self.spec.rescaled is not None:
            logits = self.spec.rescaled.scale(logits)
        added = self._calibration.evidence(self.evidence.said_of(read))
        return to_probabilities(logits + added, self.spec.head), truncated

    def uncalibrated(
        self, probabilities: Floats, texts: Sequence[str], articles: Sequence[str] | None = None
    ) -> Floats:
        """Return what probabilities of texts were by the encoder alone, before calibration."""
        if self.spec.calibration is None:
            return probabilities
        said = self.evidence.said_of(self.evidence.read(texts, articles))
        return self.spec.calibration.undo(probabilities, self.spec.head, said)

    def names_in(self, text: str) -> tuple[Floats, list[tuple[Mention, float]]]:
        """Return the log-odds that names add for each aspect, and each name with its reliability."""
        return self.evidence.names_in(text, self._calibration.name_weights)

    def phrases_in(self, text: str) -> tuple[Floats, list[Phrase]]:
        """Return the log-odds that words add for each aspect, and what each word and pair of words adds.

        Their sum and what belongs to no single word make it up.
        """
        return self.evidence.phrases_in(text, self._calibration.word_weights)

    def preferring(self, prefer: Prefer) -> Self:
        """Return the same model with the thresholds for a use.

        Raises:
            InputError: It knows none for this use.
        """
        other = copy(self)
        other.spec = self.spec.preferring(prefer)
        return other

    def without(self, *witnesses: Witness) -> AspectClassifier | WordClassifier:
        """Return the same model without some of its witnesses.

        A lexicon has the names of all terms of a release, so it must not help with definitions of terms that
        were held out. Without the encoder it is a model of its own, with thresholds of its own.

        Raises:
            InputError: Nothing would be left that it can judge a text by.
        """
        if Witness.ENCODER in witnesses:
            return WordClassifier(self.name, self.spec, self.evidence.without(witnesses), self.remembered)
        left = copy(self)
        left.evidence = self.evidence.without(witnesses)
        return left

    @property
    def _calibration(self) -> Calibration:
        """What scales its witnesses; that of the encoder is in the saved weights."""
        return self.spec.calibration or UNCHANGED


class TransformerClassifier(AspectClassifier):
    """A model whose encoder computes in torch, so that it can be looked into; see `Transparent`.

    Attributes:
        vectors: Embeddings of the first definitions of ``learned``, if they were saved.
    """

    engine: TorchEngine

    def __init__(
        self,
        bundle: Bundle,
        name: str,
        *,
        device: str = "auto",
        precision: Precision = Precision.AUTO,
        threads: int | None = None,
    ) -> None:
        check_threads(threads)
        engine = TorchEngine.on(
            bundle.model,
            bundle.tokenizer,
            bundle.manifest.spec.max_tokens,
            device=device,
            precision=precision,
            threads=threads,
        )
        super().__init__(bundle, engine, name)
        self.vectors: Vectors | None = bundle.vectors

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        device: str = "auto",
        precision: Precision = Precision.AUTO,
        threads: int | None = None,
        verify: bool = True,
    ) -> TransformerClassifier:
        """Load a bundle as `AspectClassifier.load` does, but refuse one whose encoder is not for torch."""
        folder = locate_model(folder)
        bundle = load_bundle(folder, verify=verify)
        name = _name_of(folder)
        return cls(bundle, name, device=device, precision=precision, threads=threads)

    @property
    def encoder(self) -> TextEncoder:
        """What makes texts into points: the part below the head."""
        name = f'model "{self.name}" ({self.spec.encoder}, fine-tuned)'
        return TextEncoder(name, self.engine, frozenset(self.learned.go_ids))

    def in_float32(self) -> TransformerClassifier:
        """Return the same model computing in full precision, for what compares small differences."""
        exact = copy(self)
        exact.engine = self.engine.in_float32()
        return exact


def _load_onnx(
    folder: Path, *, device: str, precision: Precision, threads: int | None, verify: bool
) -> AspectClassifier:
    for name, found, fixed in (("device", device, ("auto", "cpu")), ("precision", precision, ("auto",))):
        if found not in fixed:
            raise ConfigError(
                name,
                expected=f"{' or '.join(fixed)} for a model that was exported to ONNX Runtime",
                found=found,
                do="Leave it out, or take the model that it was exported from.",
            )
    bundle = load_light(folder, whole=True, verify=verify)
    with damage_told(folder):
        engine = OnnxEngine.load(folder, bundle.manifest.spec.max_tokens, threads=threads)
    return AspectClassifier(bundle, engine, _name_of(folder))


def _name_of(folder: Path) -> str:
    return name_as_text(folder.resolve().name)
