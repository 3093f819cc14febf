"""One training run, whichever the engine: data in, bundle out."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.config import Loop, TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import truth_of
from gotune.errors import BundleError, ConfigError
from gotune.files import check_replaceable
from gotune.lexicon.lexicon import Lexicon
from gotune.model import bundle as bundles
from gotune.model.decisions import has_both
from gotune.model.embedding import TextEncoder
from gotune.model.encoders import (
    import_transformers,
    load_pretrained,
    locate_encoder,
    recorded_name,
)
from gotune.model.engines.torch import TorchEngine
from gotune.model.learned import Remembered
from gotune.model.light_bundle import FOLDER
from gotune.model.manifest import (
    MANIFEST,
    LearnedSource,
    Manifest,
    Provenance,
    choose_best,
    describe_environment,
)
from gotune.model.spec import ModelSpec
from gotune.model.tokens import check_max_tokens, positions_of
from gotune.protocols import Track, untracked
from gotune.records import Reads
from gotune.training.checkpoints import RunFolder, count_processes, same_run
from gotune.training.examples import Examples, choose_examples, encode_rows, fingerprint_of
from gotune.training.recipes import Material
from gotune.training.task import OnEpoch, TrainingOutcome, TrainingTask, compact_vocabulary
from gotune.training.witnesses import balanced, join_witnesses

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


MOST_EMBEDDED = 4000
"""Definitions whose embeddings go into a bundle."""
_log = logging.getLogger(__name__)


def check_start(config: TrainConfig, folder: Path, *, resume: bool) -> None:
    """Refuse a run that could not begin or end, before anything is read.

    Raises:
        SaveError: The folder, or that of the checkpoints, holds something else or cannot be written.
        ConfigError: An interrupted run is in the way; or several processes run the native loop.
    """
    if config.loop is Loop.NATIVE and count_processes() > 1:
        raise ConfigError(
            "loop",
            expected="trainer, which shares out the work among processes",
            found=f"native in {count_processes()} processes",
            do="Take --loop trainer, or run without torchrun.",
        )
    check_replaceable(folder, FOLDER)
    RunFolder.of(folder).check(resume=resume)


def fit(
    material: Material,
    config: TrainConfig,
    folder: Path | str,
    *,
    resume: bool = False,
    offline: bool = False,
    track: Track = untracked,
    on_epoch: OnEpoch = lambda record: None,
) -> Provenance:
    """Fine-tune an encoder on material that is gathered, and save the bundle, as `train` tells.

    Args:
        material: What to learn from; sentences for `Head.MULTI` only, a lexicon if ``config.lexicon`` is on.
        config: All settings.
        folder: The bundle folder to write.
        resume: Go on from the last checkpoint of an interrupted run.
        offline: Fetch nothing.
        track: Shows progress.
        on_epoch: Called with the figures after each epoch.

    Returns:
        How it was made, as the bundle tells it too.

    Raises:
        DatasetError: The training part is too small, or lacks an aspect; or a source has one article only.
        EncoderError, DownloadError: The encoder cannot be had.
        ConfigError: Sentences for the single head; a resumed run has other settings or data, or an
            interrupted one is in the way; or several processes run the native loop.
        SaveError: The bundle cannot be written.
    """
    import_transformers()
    folder = Path(folder)
    dataset, sources, lexicon = material.dataset, material.sources, material.lexicon
    check_start(config, folder, resume=resume)
    _check_lexicon(config, lexicon)
    fingerprint = fingerprint_of(dataset, sources)
    if resume and (finished := _finished(folder, config, fingerprint)) is not None:
        RunFolder.of(folder).remove()  # of a run that was killed before its first checkpoint
        return finished
    examples = choose_examples(dataset, sources, config)
    encoder = locate_encoder(config.encoder, offline=offline)
    model, tokenizer = load_pretrained(encoder, head=config.head, seed=config.seed)
    check_max_tokens(tokenizer, positions_of(model), config.max_tokens)
    run_folder = RunFolder.open(folder, config, fingerprint, resume=resume)
    try:
        task = TrainingTask(
            model=model,
            tokenizer=tokenizer,
            train=encode_rows(tokenizer, examples.train, config),
            validation=encode_rows(tokenizer, examples.validation, config),
            config=config,
            run_folder=run_folder,
            track=track,
            on_epoch=on_epoch,
        )
        used = task.train.ids.used() | task.validation.ids.used()
        with compact_vocabulary(model, tokenizer.all_special_ids, used) as numbers:
            outcome = _run_loop(task.renumbered(numbers))
    except BaseException:
        if not run_folder.checkpoints():  # nothing to go on with
            run_folder.remove()
        raise
    joined = join_witnesses(model, tokenizer, examples, config, lexicon, bf16=outcome.bf16, track=track)
    provenance = Provenance(
        dataset_fingerprint=fingerprint,
        n_train=examples.learned.n_definitions,
        n_sentences=len(task.train) - examples.learned.n_definitions,
        n_validation=len(task.validation),
        n_truncated=task.train.truncated,
        config=config,
        sources=tuple(LearnedSource(**source.card.to_dict(), weight=source.weight) for source in sources),
        history=outcome.history,
        best_epoch=choose_best(outcome.history),
        n_calibration=len(examples.calibration),
        not_calibrated=_not_calibrated(examples.calibration, config.head),
        environment=describe_environment(outcome.device, outcome.bf16),
    )
    if outcome.saves:
        spec = ModelSpec(
            encoder=recorded_name(config.encoder),
            head=config.head,
            release=dataset.card.release,
            obo_sha256=dataset.card.obo_sha256,
            max_tokens=config.max_tokens,
            reads=Reads.SENTENCE if sources else Reads.TEXT,
            calibration=joined.calibration,
            thresholds=balanced(joined.uses),
            uses=joined.uses if config.head is Head.MULTI else (),
            lexicon=config.lexicon,
            words=joined.alone,
        )
        tokenizer.model_max_length = config.max_tokens  # for plain transformers, told to truncate
        bundle = bundles.Bundle(
            model.cpu(),
            tokenizer,
            _embed_definitions(
                TorchEngine(model, tokenizer, config.max_tokens, outcome.bf16), dataset, examples
            ),
            manifest=Manifest(spec, provenance),
            remembered=Remembered.of(examples.learned),
            lexicon=lexicon,
            words=joined.words,
        )
        bundles.save_bundle(bundle, folder)
        run_folder.remove()
    return provenance


def _embed_definitions(
    engine: TorchEngine, dataset: LabelledDataset, examples: Examples
) -> NDArray[np.float32]:
    """Return embeddings of the first definitions learned from, with which texts are compared later."""
    definitions = dataset.terms.set_index("go_id")["definition"]
    count = min(examples.learned.n_definitions, MOST_EMBEDDED)
    first = definitions.loc[list(examples.learned.go_ids[:count])]
    return TextEncoder("fine-tuned", engine).embed(first.tolist())


def _finished(folder: Path, config: TrainConfig, fingerprint: str) -> Provenance | None:
    """Return the provenance of a bundle that this very run has made before, and that is still whole."""
    if RunFolder.of(folder).checkpoints() or not (folder / MANIFEST).is_file():
        return None
    try:
        manifest = bundles.load_bundle(folder).manifest
    except BundleError as exc:
        _log.warning("%s It is made anew.", exc)
        return None
    made = manifest.provenance
    if made is None or manifest.adaptations or made.dataset_fingerprint != fingerprint:
        return None
    return made if same_run(made.config, config) else None


def _not_calibrated(rows: pd.DataFrame, head: Head) -> tuple[Aspect, ...]:
    """Return the aspects that rows cannot calibrate; a head that chooses one has one slope for all."""
    calibrated = has_both(truth_of(rows))
    return tuple(aspect for aspect in ASPECTS if head is Head.MULTI and not calibrated[aspect.label])


def _check_lexicon(config: TrainConfig, lexicon: Lexicon | None) -> None:
    if config.lexicon != (lexicon is not None):
        raise ConfigError(
            "lexicon",
            expected="the names of the release (Lexicon.from_ontology) if, and only if, config.lexicon is on",
            found="none" if lexicon is None else "names that the settings do not ask for",
            do="Give the material a lexicon, or change the setting.",
        )


def _run_loop(task: TrainingTask) -> TrainingOutcome:
    if task.config.loop is Loop.NATIVE:
        from gotune.training.loop import run_native

        return run_native(task)
    from gotune.training.trainer import run_trainer

    return run_trainer(task)
