"""What follows the training of an encoder: words are learned, and all witnesses joined on rows set apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gotune.aspects import Head, Prefer
from gotune.config import TrainConfig
from gotune.datasets.labelled import truth_of
from gotune.lexicon.lexicon import Lexicon
from gotune.model.calibration import Calibration, Said, fit_calibration, fold_calibration
from gotune.model.decisions import Use, uses_of
from gotune.model.engines.torch import predict_logits
from gotune.model.spec import WordSpec
from gotune.model.words import WordModel
from gotune.protocols import Track
from gotune.training.examples import Examples, encode_rows
from gotune.training.words import Rows, cross_fit

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True, slots=True)
class Joined:
    """How the witnesses of a model decide together, and without the encoder.

    Attributes:
        calibration: What scales the logits, and what names and words add.
        uses: Thresholds for each use.
        words: The linear model over words; None if the settings ask for none.
        alone: How it decides with the names, but without the encoder; None without words.
    """

    calibration: Calibration
    uses: tuple[Use, ...]
    words: WordModel | None = None
    alone: WordSpec | None = None


def join_witnesses(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: Examples,
    config: TrainConfig,
    lexicon: Lexicon | None,
    *,
    bf16: bool,
    track: Track,
) -> Joined:
    """Learn words, calibrate the model in place on rows that it has not learned from, and choose thresholds.

    What words say of a row is said by words learned from other articles, so that their weight beside the
    encoder is honest.
    """
    rows = _spelled_out(examples.calibration, lexicon)
    words, alone, log_odds = _learn_words(examples, rows, lexicon, track) if config.words else (None,) * 3
    texts = encode_rows(tokenizer, rows, replace(config, rationale_weight=0.0))
    logits = predict_logits(model, texts.ids, tokenizer.pad_token_id, bf16=bf16)
    truth, said = truth_of(rows), Said(_names_in(rows, lexicon), log_odds)
    calibration = fit_calibration(logits, truth, config.head, said)
    fold_calibration(model, calibration)
    uses = uses_of(truth, calibration.apply(logits, config.head, said))
    return Joined(calibration, uses, words, alone)


def _learn_words(
    examples: Examples, apart: pd.DataFrame, lexicon: Lexicon | None, track: Track
) -> tuple[WordModel, WordSpec, NDArray[np.float64]]:
    """Learn words from all rows; return with them how they decide alone, and what they say of rows apart."""
    rows = pd.concat([_spelled_out(examples.taught, lexicon), apart], ignore_index=True)
    definitions = _lesson(examples.definitions) if len(examples.definitions) else None
    words, log_odds = cross_fit(_lesson(rows), rows["article"].tolist(), definitions, track=track)
    counts = (rows["weight"] >= examples.least).to_numpy()
    truth, honest = truth_of(rows[counts]), log_odds[counts]
    said = Said(_names_in(rows[counts], lexicon))
    calibration = fit_calibration(honest, truth, Head.MULTI, said)
    uses = uses_of(truth, calibration.apply(honest, Head.MULTI, said))
    return words, WordSpec(calibration, balanced(uses), uses), log_odds[len(examples.taught) :]


def _lesson(rows: pd.DataFrame) -> Rows:
    return Rows(rows["text"].tolist(), truth_of(rows), rows["weight"].to_numpy(float))


def balanced(uses: tuple[Use, ...]) -> tuple[float, ...]:
    """Return the thresholds of a model that nothing is preferred of."""
    return next(use.thresholds for use in uses if use.prefer is Prefer.BALANCE)


def _spelled_out(rows: pd.DataFrame, lexicon: Lexicon | None) -> pd.DataFrame:
    if lexicon is None:
        return rows
    return rows.assign(text=lexicon.spell_out(rows["text"].tolist(), rows["article"].tolist()))


def _names_in(rows: pd.DataFrame, lexicon: Lexicon | None) -> NDArray[np.float64] | None:
    return None if lexicon is None else lexicon.evidence(rows["text"].tolist())
