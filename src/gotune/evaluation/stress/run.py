"""Stress tests: does a model know what a text is about, or only how such texts are worded?

Behavioural tests in the sense of Ribeiro et al. 2020 (doi:10.18653/v1/2020.acl-main.442). Nothing is chosen
on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import truth_of
from gotune.datasets.splits import cut_opening
from gotune.errors import DatasetError
from gotune.evaluation.baselines import tfidf_scores
from gotune.evaluation.sentences.scores import check_tagging
from gotune.evaluation.stress.results import CutScores, NoneScores, PairScores, PerturbedScores, StressReport
from gotune.evaluation.stress.texts import (
    PAIRS,
    StressSentence,
    add_typos,
    load_stress_sentences,
    swap_entities,
    upper_case,
    without_mentions,
)
from gotune.model.decisions import carried, judged_columns
from gotune.model.leakage import (
    check_unseen_sentences,
    check_unseen_terms,
    describe_unseen,
    learned_by,
    without_names,
)
from gotune.protocols import Classifier, Track, untracked

if TYPE_CHECKING:
    import pandas as pd

CUTS = range(13)
"""Numbers of words cut from the opening of a definition."""

MAX_DEFINITIONS = 2000
MAX_SENTENCES = 5000

UNPERTURBED = "as they are"
PERTURBATIONS: Mapping[str, Callable[[str], str]] = {
    "names swapped": swap_entities,
    "typos": add_typos,
    "upper case": upper_case,
}
"""What is done to labelled sentences, by name for tables."""

_SEED = 0

Floats = NDArray[np.float64]


def run_stress_tests(
    classifier: Classifier,
    dataset: LabelledDataset,
    *,
    sentences: pd.DataFrame | None = None,
    others: Mapping[str, Sequence[str]] | None = None,
    max_definitions: int = MAX_DEFINITIONS,
    max_sentences: int = MAX_SENTENCES,
    track: Track = untracked,
) -> StressReport:
    """Measure a model under stress.

    Args:
        classifier: A fine-tuned model.
        dataset: Its test part is cut; usually the one that the model was trained on.
        sentences: A sentence table that the model has not learned from.
        others: Definitions of other ontologies, by title for tables.
        max_definitions: Take at most that many: the first of the test part (they are in random order), and a
            random draw from each other ontology.
        max_sentences: Take at most that many labelled sentences, drawn at random.
        track: Shows progress.

    Raises:
        DatasetError: The model learned from definitions of the test part or from the sentences; the dataset
            lacks those that it learned from; or no aspect has sentences that are judged to have it, and not
            to have it.
    """
    train, _ = _definitions(classifier, dataset, max_definitions)
    drawn = None if sentences is None else _draw(classifier, sentences, max_sentences)
    return StressReport(
        model=classifier.info,
        release=dataset.card.release,
        n_train=len(train),
        cuts=score_cuts(classifier, dataset, max_definitions=max_definitions, track=track),
        n_sentences=0 if drawn is None else len(drawn),
        judged=() if drawn is None else tuple((~np.isnan(truth_of(drawn))).sum(axis=0).tolist()),
        sentences=() if drawn is None else tuple(_perturbed_scores(classifier, drawn, track)),
        pairs=tuple(_pair_scores(classifier, load_stress_sentences())),
        none=tuple(_none_scores(classifier, dataset, others or {}, max_definitions)),
        split=describe_unseen("these definitions and sentences", classifier),
    )


def score_cuts(
    classifier: Classifier,
    dataset: LabelledDataset,
    *,
    max_definitions: int = MAX_DEFINITIONS,
    track: Track = untracked,
) -> tuple[CutScores, ...]:
    """Measure a model, beside TF-IDF, on definitions of the random test part without their first words.

    Args:
        classifier: A fine-tuned model.
        dataset: Its test part is cut.
        max_definitions: Take at most that many of it, the first.
        track: Shows progress.

    Returns:
        By the number of words cut, from 0 to 12, or as far as any definition has words left.

    Raises:
        DatasetError: The model learned from definitions of the test part, or the dataset lacks those that it
            learned from.
    """
    train, test = _definitions(classifier, dataset, max_definitions)
    # The names include those of the terms held out.
    return tuple(_cut_scores(without_names(classifier), train, test, track))


def _definitions(
    classifier: Classifier, dataset: LabelledDataset, max_definitions: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the definitions that the model learned from, and those to test it on."""
    test, train = dataset.parts["test"].iloc[:max_definitions], dataset.parts["train"]
    learned = learned_by(classifier).go_ids
    check_unseen_terms("test part", test["go_id"].tolist(), learned)
    if learned:
        train = train[train["go_id"].isin(learned)]
    if set(train["label"]) != set(range(len(ASPECTS))):
        raise DatasetError(
            "training part",
            expected="the definitions that the model learned from, for the baselines to learn from too",
            found=f"{len(train):,} such definitions, not of all three aspects",
            do="Take the dataset that the model was trained on.",
        )
    return train, test


def _cut_scores(
    classifier: Classifier, train: pd.DataFrame, test: pd.DataFrame, track: Track
) -> Iterator[CutScores]:
    labels, truth = train["label"].tolist(), test["label"].to_numpy()
    # Learned once, asked about every cut.
    whole = tfidf_scores(
        train["definition"].tolist(), labels, [text for k in CUTS for text in _cut(test, k)]
    ).reshape(len(CUTS), len(test), len(ASPECTS))
    for k in track(CUTS, description="definitions cut", total=len(CUTS)):
        texts = _cut(test, k)
        left = np.array([bool(text) for text in texts])
        if not left.any():
            return
        scores = {
            "model": classifier.predict_proba(texts),
            "baseline": whole[k],
            "baseline_cut": tfidf_scores(_cut(train, k), labels, texts),
        }
        accuracies = {
            name: float((rows.argmax(axis=1) == truth)[left].mean()) for name, rows in scores.items()
        }
        yield CutScores(words=k, n=int(left.sum()), **accuracies)


def _cut(rows: pd.DataFrame, k: int) -> list[str]:
    return [cut_opening(text, k) for text in rows["definition"]]


def _draw(classifier: Classifier, sentences: pd.DataFrame, size: int) -> pd.DataFrame:
    check_unseen_sentences(classifier, sentences)
    return sentences.sample(n=min(size, len(sentences)), random_state=_SEED)


def _perturbed_scores(
    classifier: Classifier, sentences: pd.DataFrame, track: Track
) -> Iterator[PerturbedScores]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    def macro(score: Callable[[NDArray[np.bool_], Floats], float], found: Floats) -> float:
        columns = zip(measured, judged_columns(truth, found), strict=True)
        return float(np.mean([score(positive, p) for has_figure, (_, positive, p) in columns if has_figure]))

    texts, articles = sentences["text"].tolist(), sentences["article"].tolist()
    truth = truth_of(sentences)
    clean = classifier.predict_proba(texts, articles=articles)
    measured = check_tagging(truth, clean, classifier.info.name)
    for name in track([UNPERTURBED, *PERTURBATIONS], description="sentences perturbed"):
        perturbed = [PERTURBATIONS[name](text) for text in texts] if name in PERTURBATIONS else texts
        found = classifier.predict_proba(perturbed, articles=articles) if name in PERTURBATIONS else clean
        yield PerturbedScores(
            perturbation=name,
            changed=float(np.mean([one != other for one, other in zip(texts, perturbed, strict=True)])),
            macro_auroc=macro(roc_auc_score, found),
            macro_average_precision=macro(average_precision_score, found),
            same=_share_of_same(classifier, clean, found),
        )


def _pair_scores(classifier: Classifier, sentences: Sequence[StressSentence]) -> Iterator[PairScores]:
    for kind in PAIRS:
        pairs = [sentence for sentence in sentences if sentence.kind == kind]
        first, second = (
            classifier.predict_proba(texts)
            for texts in ([pair.text for pair in pairs], [pair.variant for pair in pairs])
        )
        carried = np.array([[aspect in pair.aspects for aspect in ASPECTS] for pair in pairs])
        yield PairScores(
            kind=kind,
            n=len(pairs),
            same=_share_of_same(classifier, first, second),
            change=float(np.abs(first - second).mean()),
            recall=(
                float(_decide(classifier, first)[carried].mean()),
                float(_decide(classifier, second)[carried].mean()),
            ),
        )


def _none_scores(
    classifier: Classifier,
    dataset: LabelledDataset,
    others: Mapping[str, Sequence[str]],
    max_definitions: int,
) -> Iterator[NoneScores]:
    by_kind: dict[str, list[str]] = {}
    for sentence in load_stress_sentences():
        if sentence.kind not in PAIRS:
            by_kind.setdefault(sentence.kind, []).append(sentence.text)
    for kind, texts in by_kind.items():
        yield _flagged(classifier, kind, texts, 0)
    generator = np.random.default_rng(_SEED)
    for title, definitions in others.items():
        texts = without_mentions(definitions, dataset.terms["name"])
        n_left_out = len(definitions) - len(texts)
        if len(texts) > max_definitions:
            texts = [texts[row] for row in generator.choice(len(texts), max_definitions, replace=False)]
        if texts:
            yield _flagged(classifier, title, texts, n_left_out)


def _flagged(classifier: Classifier, source: str, texts: Sequence[str], n_left_out: int) -> NoneScores:
    flags = _decide(classifier, classifier.predict_proba(texts))
    return NoneScores(
        source=source,
        n=len(texts),
        n_left_out=n_left_out,
        flagged=tuple(flags.mean(axis=0).tolist()),
        flagged_any=float(flags.any(axis=1).mean()),
    )


def _share_of_same(classifier: Classifier, first: Floats, second: Floats) -> float:
    same = _decide(classifier, first) == _decide(classifier, second)
    return float(same.all(axis=1).mean())


def _decide(classifier: Classifier, probabilities: Floats) -> NDArray[np.bool_]:
    return carried(classifier.info, probabilities)
