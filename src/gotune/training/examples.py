"""The rows of a run: which it learns from, which it is chosen and calibrated by, and what they weigh."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gotune.aspects import ASPECTS
from gotune.config import TrainConfig
from gotune.corpus.reading import text_keys
from gotune.datasets.definitions import LabelledDataset, draw_training_rows
from gotune.datasets.labelled import LabelledSource, check_overlap
from gotune.datasets.sources import HELD_OUT, as_models_read, definition_rows, hold_out, without
from gotune.errors import DatasetError
from gotune.model.tokens import encode_parts, encode_whole, mark_pieces
from gotune.records import Learned
from gotune.training.mapped import MappedRows
from gotune.training.task import LabelledTexts
from gotune.typed_json import json_text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from transformers import PreTrainedTokenizerBase

_LABELS = [aspect.value for aspect in ASPECTS]
_LEARNED_PARTS = ("train", "validation")
_EVEN_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Examples:
    """The rows of a run; sentence tables with the further columns ``weight`` and ``source``, its number.

    Attributes:
        train: Rows to learn from.
        validation: Rows that choose the epoch.
        calibration: Those of them that calibration and thresholds are fitted to: the sentences where there
            are any, but for those that weigh less than ``least``, and the definitions otherwise.
        least: See `least_weight`.
        taught: Those of the rows to learn from that are of the same kind: labelled sentences, or definitions.
        definitions: The definitions to learn from beside them, with their openings; none if they are all that
            is taught.
        learned: What is in train and validation.
    """

    train: pd.DataFrame
    validation: pd.DataFrame
    calibration: pd.DataFrame
    least: float
    taught: pd.DataFrame
    definitions: pd.DataFrame
    learned: Learned


def choose_examples(
    dataset: LabelledDataset, sources: Sequence[LabelledSource], config: TrainConfig
) -> Examples:
    """Draw definitions, set articles of the other sources apart, and put all together.

    Args:
        dataset: Definitions; those of its test parts are not learned from.
        sources: Sentences, labelled or made up.
        config: All settings.

    Raises:
        ConfigError: Sentences for a head that cannot say "none".
        DatasetError: A part is too small, an aspect is missing, a source has one article only, or its texts
            stand in a test part.
    """
    import pandas as pd

    if sources:
        config.check_takes_sentences()
    definitions = draw_training_rows(dataset, config.train_size, config.seed)
    chosen_by = dataset.parts["validation"].iloc[: config.validation_size]
    learned = definition_rows(definitions, opening_cut=config.opening_cut, seed=config.seed)
    weight = _class_weights(learned) if config.class_weights else 1.0
    train = [learned.assign(weight=weight, source=0)]
    validation = [definition_rows(chosen_by).assign(weight=1.0, source=0)]
    tested = [rows for part, rows in dataset.parts.items() if part not in _LEARNED_PARTS]
    for source in sources:
        if not source.made_up:
            check_overlap(source, [text for rows in tested for text in rows["definition"]])
    for number, (rest, apart) in enumerate(_split_sources(sources, config.seed), start=1):
        train.append(rest.assign(source=number))
        validation.append(apart.assign(source=number))
    rows = pd.concat(train, ignore_index=True)
    _check_aspects(rows)
    sentences = pd.concat(validation[1:], ignore_index=True) if len(validation) > 1 else validation[0]
    if not len(sentences):
        sentences = validation[0]
    least = least_weight(sentences["weight"])
    labelled = [rest for rest, source in zip(train[1:], sources, strict=True) if not source.made_up]
    return Examples(
        train=rows,
        validation=pd.concat(validation, ignore_index=True),
        calibration=sentences[sentences["weight"] >= least].reset_index(drop=True),
        least=least,
        taught=pd.concat(labelled or train[:1], ignore_index=True),
        definitions=definition_rows(definitions if labelled else definitions[:0]).assign(weight=weight),
        learned=_learned(definitions, chosen_by, sources),
    )


def least_weight(weights: Iterable[float]) -> float:
    """Return the weight from which sources calibrate: half of the heaviest, or of 1 if that is more."""
    return min(_EVEN_WEIGHT, max(weights)) / 2


def fingerprint_of(dataset: LabelledDataset, sources: Sequence[LabelledSource]) -> str:
    """Return a sha256 over all that a run may learn from: the same for the same data.

    It is of rows, not of files: other folds or another column of labels of the same file are other data.
    """
    parts = [dataset.fingerprint, *map(_content, sources)]
    return parts[0] if len(parts) == 1 else hashlib.sha256("\n".join(parts).encode()).hexdigest()


def encode_rows(tokenizer: PreTrainedTokenizerBase, rows: pd.DataFrame, config: TrainConfig) -> LabelledTexts:
    """Turn the texts of a table into word pieces, with what is to be learned from each."""
    texts = rows["text"].tolist()
    targets = rows[_LABELS].to_numpy(dtype=np.float32)
    spans = rows["spans"].tolist() if config.rationale_weight > 0 else [None] * len(rows)
    truncated = 0

    def ids() -> Iterator[list[int]]:
        nonlocal truncated
        for part in encode_parts(
            partial(encode_whole, tokenizer, config.max_tokens), texts, config.max_tokens
        ):
            truncated += part.truncated
            yield from part.ids

    marks = mark_pieces(tokenizer, texts, spans, config.max_tokens)
    return LabelledTexts(
        ids=MappedRows.of(ids(), np.int32),
        targets=targets,
        weights=rows["weight"].to_numpy(dtype=np.float32),
        rationale=MappedRows.of(
            (
                () if marked is None else np.where(_is_unknown(row, marked), np.nan, marked)
                for row, marked in zip(targets, marks, strict=True)
            ),
            np.float16,
            (len(ASPECTS),),
        ),
        sources=rows["source"].to_numpy(dtype=np.int64),
        truncated=truncated,
    )


def _is_unknown(targets: NDArray[np.float32], marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return for each aspect of a text whether it is unknown where in it that stands.

    It is if nobody has judged it; and if the text has it, but none of the pieces that are read is marked.
    """
    found: NDArray[np.bool_] = np.isnan(targets) | ((targets >= 0.5) & (marked == 0).all(axis=0))
    return found


def _split_sources(sources: Sequence[LabelledSource], seed: int) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Return of each source the rows to learn from and those set apart, both with their weight.

    Sources may have articles and sentences in common, and two articles of one source a sentence: what is set
    apart is learned from nowhere.
    """
    parts = [
        (table, table[:0]) if source.made_up else hold_out(table, HELD_OUT, seed)
        for source in sources
        for table in (as_models_read(source.table),)
    ]
    found = []
    for source, (rest, apart) in zip(sources, parts, strict=True):
        for _, apart_of_any in parts:
            rest = without(rest, apart_of_any)
        found.append((rest.assign(weight=source.weight), apart.assign(weight=source.weight)))
    return found


def _content(source: LabelledSource) -> str:
    """Return all that is learned from a source, as one line of JSON; what is not judged is null."""
    table = source.table
    columns = [table[name].tolist() for name in ("text", "article", "spans")]
    labels = table[_LABELS].to_numpy(dtype=float).tolist()
    return json_text([source.weight, source.made_up, labels, *columns])


def _learned(
    definitions: pd.DataFrame, chosen_by: pd.DataFrame, sources: Sequence[LabelledSource]
) -> Learned:
    tables = [source.table for source in sources if not source.made_up]
    return Learned(
        n_definitions=len(definitions),
        go_ids=(*definitions["go_id"], *chosen_by["go_id"]),
        texts=frozenset(key for table in tables for text in table["text"] for key in text_keys(text)),
        articles=frozenset(article for table in tables for article in table["article"]) - {""},
        is_whole=True,
    )


def _check_aspects(rows: pd.DataFrame) -> None:
    missing = [name for name in _LABELS if not (rows[name] >= 0.5).any()]
    if missing:
        raise DatasetError(
            "training rows",
            expected="rows of all three aspects",
            found="none of " + ", ".join(missing),
            do="Take more rows (--train-size).",
        )


def _class_weights(rows: pd.DataFrame) -> pd.Series[float]:
    """Return for each row the inverse frequency of its aspect, 1 on the mean over rows."""
    targets = rows[_LABELS]
    return targets @ (len(rows) / (len(ASPECTS) * targets.sum().clip(lower=1)))
