"""The labels of a release against its texts: terms whose definition speaks for another aspect.

A fine-tuned model has learned the labels of its training terms, mistakes included. So a simpler model is
asked, on top of the pretrained encoder, which knows no label; it is cross-fitted over families of terms, so
that no definition is judged by a model that has seen it or one much like it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.splits import opening
from gotune.errors import DatasetError, InputError, MissingExtraError, import_failure
from gotune.evaluation.audit.results import AuditedTerm, LabelAudit, OpeningCounts, Reason
from gotune.evaluation.definitions.scores import Scorer
from gotune.evaluation.stress.run import MAX_DEFINITIONS, score_cuts
from gotune.explanation.attribution.results import Neighbour
from gotune.model.decisions import aspects_of
from gotune.model.embedding import Vectors, nearest
from gotune.model.leakage import learned_by, without_names
from gotune.ontology.graph import LARGEST_FAMILY, term_families
from gotune.protocols import Classifier, Encoder, Track, untracked
from gotune.records import AspectProbabilities

N_NEIGHBOURS = 10
"""A term sits among those of another aspect if all of so many are of another. Terms of its own family count:
without them every small family would seem to."""

N_BOUNDARY = 20
N_OPENINGS = 20

_FAMILY_SHARE = 0.02
"""Share of all terms that a family may have, so that a small ontology has families to cross-fit over too."""


class _Term(NamedTuple):
    """A term with a definition."""

    go_id: str
    name: str
    definition: str
    aspect: Aspect


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is known of every term, row by row.

    Attributes:
        terms: All that have a definition.
        labels: Of shape ``(rows,)``.
        probabilities: Out of fold, of shape ``(rows, 3)``.
        neighbours: Rows of the nearest definitions of other terms, of shape ``(rows, neighbours)``.
        cosines: Their similarities, of the same shape.
    """

    terms: Sequence[_Term]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    neighbours: NDArray[np.int64]
    cosines: Vectors


def audit_labels(
    classifier: Classifier,
    dataset: LabelledDataset,
    encoder: Encoder,
    *,
    seed: int = 42,
    max_definitions: int = MAX_DEFINITIONS,
    track: Track = untracked,
) -> LabelAudit:
    """Look for terms of a release whose definition disagrees with their aspect.

    All live terms with a definition are looked at, those of every part. A term is flagged if confident
    learning (Northcutt et al. 2021, doi:10.1613/jair.1.12125) takes its label for wrong, or if all of its
    nearest neighbours are of another aspect.

    Args:
        classifier: A fine-tuned model. Its opinion is given where it has not learned from the definition.
        dataset: Usually the one that it was trained on.
        encoder: What is cross-fitted on top of, which must know no label: `TextEncoder.pretrained`.
        seed: Governs the folds.
        max_definitions: Definitions of the random test part to cut the first words of, at most.
        track: Shows progress; 40,000 definitions take some ten minutes on one core.

    Raises:
        MissingExtraError: cleanlab is missing.
        InputError: The encoder was fine-tuned on labels.
        DatasetError: Too few families to cross-fit over, or the dataset does not suit the model.
    """
    import_cleanlab()
    if encoder.known:
        raise InputError(
            "encoder",
            expected="a pretrained one, which has learned no label",
            found=f"{encoder.name}, which has learned from {len(encoder.known):,} definitions",
            do="Take TextEncoder.pretrained.",
        )
    terms = _defined(dataset)
    cuts = score_cuts(classifier, dataset, max_definitions=max_definitions, track=track)
    labels = np.array([term.aspect.label for term in terms], dtype=np.int64)
    largest = max(1, min(LARGEST_FAMILY, int(_FAMILY_SHARE * len(terms))))
    families = term_families([term.go_id for term in terms], dataset.edges, largest)
    folds = family_folds(labels, families, seed)
    texts = [term.definition for term in terms]
    vectors = encoder.embed(texts, track=track)
    probabilities = cross_fit(texts, vectors, labels, folds, track=track)
    found = _Evidence(terms, labels, probabilities, *nearest(vectors, N_NEIGHBOURS, track=track))
    reasons = _reasons(found)
    quality = label_quality(labels, probabilities)
    flagged = sorted(reasons, key=lambda row: (quality[row], row))
    margins = np.diff(np.sort(probabilities, axis=1)[:, -2:], axis=1)[:, 0]
    boundary = np.argsort(margins, kind="stable")[:N_BOUNDARY].tolist()
    described = _describe(found, reasons, [*flagged, *boundary], classifier)
    return LabelAudit(
        release=dataset.card.release,
        encoder=encoder.name,
        model=classifier.info,
        n_terms=len(terms),
        n_families=len(set(families)),
        n_folds=N_FOLDS,
        seed=seed,
        accuracy=Scorer(labels, families).accuracy("out of fold", probabilities),
        flagged=tuple(described[: len(flagged)]),
        boundary=tuple(described[len(flagged) :]),
        cuts=cuts,
        openings=common_openings(texts, [term.aspect for term in terms], N_OPENINGS),
    )


def _defined(dataset: LabelledDataset) -> list[_Term]:
    rows = dataset.terms[dataset.terms["definition"].notna()]
    columns = (rows[name].tolist() for name in ("go_id", "name", "definition", "aspect"))
    return [
        _Term(go_id, name, text, Aspect(aspect)) for go_id, name, text, aspect in zip(*columns, strict=True)
    ]


def _reasons(found: _Evidence) -> dict[int, tuple[Reason, ...]]:
    """Return why rows are flagged, by row."""
    foreign = found.labels[found.neighbours] != found.labels[:, None]
    flags = {
        Reason.TEXT: find_issues(found.labels, found.probabilities),
        Reason.NEIGHBOURS: foreign.all(axis=1),
    }
    rows = np.flatnonzero(np.any(list(flags.values()), axis=0)).tolist()
    return {row: tuple(reason for reason, flag in flags.items() if flag[row]) for row in rows}


def _describe(
    found: _Evidence,
    reasons: dict[int, tuple[Reason, ...]],
    wanted: Sequence[int],
    classifier: Classifier,
) -> list[AuditedTerm]:
    """Return all that is known of the wanted rows, in their order."""
    known = set(learned_by(classifier).go_ids)
    unseen = [row for row in dict.fromkeys(wanted) if found.terms[row].go_id not in known]
    # Without names: they include those of the terms that the model has not seen.
    said = without_names(classifier).predict_proba([found.terms[row].definition for row in unseen])
    opinions = {row: AspectProbabilities(*values) for row, values in zip(unseen, said.tolist(), strict=True)}
    return [
        AuditedTerm(
            **found.terms[row]._asdict(),
            probabilities=AspectProbabilities(*found.probabilities[row].tolist()),
            opinion=opinions.get(row),
            carried=aspects_of(classifier.info, opinions[row]) if row in opinions else None,
            neighbours=_neighbours(found, row),
            reasons=reasons.get(row, ()),
        )
        for row in wanted
    ]


def _neighbours(found: _Evidence, row: int) -> tuple[Neighbour, ...]:
    return tuple(
        Neighbour(**found.terms[other]._asdict(), similarity=min(1.0, cosine))
        for other, cosine in zip(found.neighbours[row].tolist(), found.cosines[row].tolist(), strict=True)
    )


def import_cleanlab() -> None:
    """Make sure that the ``explain`` extra is installed.

    Raises:
        MissingExtraError: cleanlab is missing.
    """
    try:
        import cleanlab  # noqa: F401
    except ImportError as exc:
        raise MissingExtraError(
            "gotune[explain]",
            expected="cleanlab",
            found=import_failure(exc),
            do='Install it with: pip install "gotune[explain]"',
        ) from exc


def find_issues(labels: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which labels are more likely wrong than right (Northcutt et al. 2021, doi:10.1613/jair.1.12125).

    How many rows of each label are probably of another is estimated from all rows; of these, the ones least
    like their label are told.

    Args:
        labels: Of shape ``(rows,)``.
        probabilities: Out of fold, of shape ``(rows, 3)``.

    Raises:
        MissingExtraError: cleanlab is missing.
    """
    import_cleanlab()
    from cleanlab.filter import find_label_issues

    found: NDArray[np.bool_] = find_label_issues(labels, probabilities, n_jobs=1)
    return found


def label_quality(labels: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of the label that each row has, 0 to 1; the lower the more suspect.

    It is cleanlab's ``self_confidence``, of the same shape as ``labels``.

    Raises:
        MissingExtraError: cleanlab is missing.
    """
    import_cleanlab()
    from cleanlab.rank import get_label_quality_scores

    scores: NDArray[np.float64] = get_label_quality_scores(labels, probabilities)
    return scores


def common_openings(texts: Sequence[str], aspects: Sequence[Aspect], n: int) -> tuple[OpeningCounts, ...]:
    """Return the ``n`` commonest openings, the commonest first, with the aspect that most of them have.

    Args:
        texts: Definitions.
        aspects: The aspect of each.
        n: How many at most; of equally common ones the first in the alphabet.
    """
    counts: dict[str, Counter[Aspect]] = {}
    for text, aspect in zip(texts, aspects, strict=True):
        counts.setdefault(opening(text), Counter())[aspect] += 1
    commonest = sorted(counts, key=lambda words: (-counts[words].total(), words))[:n]
    return tuple(_count(words, counts[words]) for words in commonest)


def _count(words: str, by_aspect: Counter[Aspect]) -> OpeningCounts:
    aspect = max(ASPECTS, key=lambda aspect: by_aspect[aspect])
    return OpeningCounts(words, by_aspect.total(), aspect, by_aspect[aspect] / by_aspect.total())


N_FOLDS = 5

_MAX_ITERATIONS = 1000
"""Far more than it takes."""

_WEIGHT = 10.0
"""Of the data against the penalty. Unit rows have small values, which scikit-learn's 1.0 would hold down."""


def family_folds(labels: NDArray[np.int64], families: Sequence[str], seed: int) -> NDArray[np.int64]:
    """Return the number of the fold of each row: whole families, with like shares of the aspects.

    Args:
        labels: Of shape ``(rows,)``.
        families: Name of the family of each row.
        seed: Governs the draw.

    Raises:
        DatasetError: An aspect has fewer families than there are folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    names = np.asarray(families)
    for aspect in ASPECTS:
        n_families = len(set(names[labels == aspect.label].tolist()))
        if n_families < N_FOLDS:
            raise DatasetError(
                "dataset",
                expected=f"at least {N_FOLDS} families of terms of each aspect, one a fold",
                found=f"{n_families} of {aspect.value}",
                do="Take a larger ontology.",
            )
    folds = np.zeros(len(labels), dtype=np.int64)
    splitter = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=seed)
    for number, (_, members) in enumerate(splitter.split(labels, labels, names)):
        folds[members] = number
    return folds


def cross_fit(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    *,
    track: Track = untracked,
) -> NDArray[np.float64]:
    """Return aspect probabilities of each text by a logistic regression of the other folds.

    It is learned from TF-IDF of words and word pairs beside the embeddings, each of them of length one.

    Args:
        texts: Definitions.
        vectors: Their embeddings, of shape ``(texts, width)``.
        labels: Of shape ``(texts,)``.
        folds: Number of the fold of each; all aspects are in the other folds of each.
        track: Shows progress.

    Returns:
        Of shape ``(texts, 3)``, each row adding up to one.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    words_of = np.array(texts, dtype=object)
    # The search for the minimum stops too early with the vectors' own float32.
    points = csr_matrix(vectors.astype(np.float64))
    probabilities: NDArray[np.float64] = np.zeros((len(labels), len(ASPECTS)))
    for fold in track(range(N_FOLDS), description="folds", total=N_FOLDS):
        held = folds == fold
        # Words that only held-out texts have would make the others of these texts count for less.
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        learned = hstack([words.fit_transform(words_of[~held]), points[~held]], format="csr")
        asked = hstack([words.transform(words_of[held]), points[held]], format="csr")
        model = LogisticRegression(C=_WEIGHT, max_iter=_MAX_ITERATIONS)
        probabilities[held] = model.fit(learned, labels[~held]).predict_proba(asked)
    return probabilities
