"""A model measured on all test parts, beside its baselines, with intervals."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.datasets.definitions import LabelledDataset, first_rows
from gotune.datasets.splits import CUT_PART, HARD_PARTS, UNSEEN_LINEAGES, WORDS_CUT, cut_opening, opening
from gotune.errors import DatasetError
from gotune.evaluation.baselines import MAJORITY, TFIDF, majority_scores, tfidf_scores
from gotune.evaluation.definitions.results import Evaluation, HardExample, SplitAccuracy
from gotune.evaluation.definitions.scores import Scorer, check_aspects
from gotune.evaluation.reliability import reliability
from gotune.model.classification import predict_and_count
from gotune.model.leakage import check_unseen_terms, describe_unseen, learned_by, without_names
from gotune.ontology.graph import root_by_term
from gotune.protocols import Classifier, Track, untracked
from gotune.records import AspectProbabilities, Learned

if TYPE_CHECKING:
    import pandas as pd


def evaluate(
    classifier: Classifier,
    dataset: LabelledDataset,
    *,
    test_size: int | None = None,
    track: Track = untracked,
) -> Evaluation:
    """Measure a classifier on the test parts of a dataset, and baselines that learned from the same rows.

    Intervals are over families of terms, as the definitions of one are alike: those with the same opening,
    and for unseen lineages those of the same subtree.

    Args:
        classifier: A fine-tuned model.
        dataset: Usually the one it was trained on.
        test_size: Score only that many rows of each part, the first (they are in random order).
        track: Shows progress.

    Raises:
        DatasetError: The model learned from rows of a test part, or the dataset lacks the rows that it
            learned from, so that the baselines cannot learn from the same.
    """
    parts = {"test": first_rows(dataset.parts["test"], test_size, "test part")}
    parts |= {part: dataset.parts[part][:test_size] for part in HARD_PARTS if part in dataset.parts}
    learned = learned_by(classifier)
    classifier = without_names(classifier)  # they include those of the terms held out
    for part, rows in parts.items():
        check_unseen_terms(f"{part} part", rows["go_id"].tolist(), learned.go_ids)
    train = _training_rows(dataset, learned)
    random, *harder = (_exam(part, rows, dataset) for part, rows in parts.items())
    check_aspects(random.truth)
    absent = dict(dataset.card.absent)
    if len((cut := _cut(random)).texts) > 1:
        harder.append(cut)
    else:
        absent[CUT_PART] = f"the definitions have {WORDS_CUT} words or less"
    start = time.perf_counter()
    probabilities, truncated = predict_and_count(classifier, random.texts, track=track)
    seconds = time.perf_counter() - start
    others = [text for exam in harder for text in exam.texts]
    train_texts, labels = train["definition"].tolist(), train["label"].tolist()
    texts = [*random.texts, *others]
    said = np.concatenate([probabilities, classifier.predict_proba(others, track=track)])
    scores = (
        (classifier.info.name, said),
        (TFIDF, tfidf_scores(train_texts, labels, texts)),
        (MAJORITY, majority_scores(labels, len(texts))),
    )
    scorer = Scorer(random.truth, random.families)
    model, *baselines = (
        scorer.score(name, rows[: len(random.texts)])
        for name, rows in track(scores, description="baselines and intervals", total=len(scores))
    )
    return Evaluation(
        release=dataset.card.release,
        part="test",
        n_test=len(random.texts),
        n_train=len(train),
        truncated=truncated,
        model=model,
        baselines=tuple(baselines),
        seconds=seconds,
        splits=_splits([random, *harder], scores),
        absent=absent,
        reliability=reliability(np.eye(len(ASPECTS), dtype=bool)[random.truth], probabilities),
        hardest=hardest_examples(parts["test"], probabilities),
        split=describe_unseen("a definition of any test part", classifier),
    )


@dataclass(frozen=True, slots=True)
class _Exam:
    """The texts of a test part with their labels, and the family of each term."""

    part: str
    texts: list[str]
    truth: NDArray[np.int64]
    families: list[str]
    family: str


def _exam(part: str, rows: pd.DataFrame, dataset: LabelledDataset) -> _Exam:
    texts = rows["definition"].tolist()
    if part == UNSEEN_LINEAGES:
        roots = root_by_term(dataset.edges, dataset.card.lineage_roots)
        families, family = [roots.get(go_id, "") for go_id in rows["go_id"]], "subtree"
    else:
        families, family = [opening(text) for text in texts], "opening"
    return _Exam(part, texts, rows["label"].to_numpy(dtype=np.int64), families, family)


def _cut(random: _Exam) -> _Exam:
    """Return the texts without their first words; those of which nothing remains are left out."""
    texts = [cut_opening(text, WORDS_CUT) for text in random.texts]
    kept = [number for number, text in enumerate(texts) if text]
    return _Exam(
        CUT_PART,
        [texts[number] for number in kept],
        random.truth[kept],
        [random.families[number] for number in kept],
        random.family,
    )


def _splits(
    exams: Sequence[_Exam], scores: Sequence[tuple[str, NDArray[np.float64]]]
) -> tuple[SplitAccuracy, ...]:
    """Return the accuracy of every model on each part; rows of scores are those of all parts in order."""
    splits = []
    end = 0
    for exam in exams:
        start, end = end, end + len(exam.texts)
        scorer = Scorer(exam.truth, exam.families)
        splits.append(
            SplitAccuracy(
                part=exam.part,
                n=len(exam.texts),
                n_families=scorer.n_families,
                family="definition" if scorer.by_row else exam.family,
                accuracies=tuple(scorer.accuracy(name, rows[start:end]) for name, rows in scores),
            )
        )
    return tuple(splits)


def _training_rows(dataset: LabelledDataset, learned: Learned) -> pd.DataFrame:
    """Return the rows of the training part that the model learned from; all, if it does not tell."""
    train = dataset.parts["train"]
    if not learned.go_ids:
        return train
    rows = train[train["go_id"].isin(learned.go_ids)]
    if len(rows) != learned.n_definitions:
        raise DatasetError(
            "training part",
            expected=f"the {learned.n_definitions:,} rows that the model learned from, for the baselines to "
            "learn from too",
            found=f"{len(rows):,} such rows",
            do="Evaluate on the dataset that the model was trained on.",
        )
    return rows


def hardest_examples(
    rows: pd.DataFrame, probabilities: NDArray[np.float64], size: int = 20
) -> tuple[HardExample, ...]:
    """Return the errors of a model, those with the highest probability of a wrong aspect first.

    Args:
        rows: Definitions, with the columns ``go_id``, ``name``, ``definition`` and ``label``.
        probabilities: What the model says of them, of shape ``(rows, 3)``.
        size: How many at most.
    """
    predicted = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(predicted != rows["label"].to_numpy())
    order = wrong[np.argsort(-probabilities[wrong, predicted[wrong]], kind="stable")][:size]
    taken = rows.iloc[order]
    return tuple(
        HardExample(go_id, name, definition, ASPECTS[label], AspectProbabilities(*row))
        for go_id, name, definition, label, row in zip(
            taken["go_id"],
            taken["name"],
            taken["definition"],
            taken["label"],
            probabilities[order].tolist(),
            strict=True,
        )
    )
