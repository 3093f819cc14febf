from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gotune.evaluation.corpora.report import corpus_tables, render_corpora
from gotune.evaluation.corpora.results import CorpusEvaluation
from gotune.evaluation.sentences.results import TaggingEvaluation
from gotune.evaluation.sentences.run import EVEN, Predictions, assemble

LABELS = ["biological_process", "cellular_component", "molecular_function"]


@pytest.fixture(scope="module")
def evaluation() -> CorpusEvaluation:
    return CorpusEvaluation({"one": made(0), "two": made(1)}, ("three",))


def made(seed: int) -> TaggingEvaluation:
    """Return figures of drawn sentences; the second corpus does not judge components."""
    generator = np.random.default_rng(seed)
    truth = (generator.random((40, 3)) < 0.4).astype(float)
    if seed:
        truth[:, 1] = np.nan
    table = pd.DataFrame(truth, columns=LABELS).assign(
        text="A text.", article=[f"article {row % 5}" for row in range(40)]
    )
    predictions = {name: Predictions(generator.random((40, 3)), EVEN) for name in ("model", "names | exact")}
    return assemble("Left out.", table, predictions, uncalibrated=predictions["model"].probabilities)


def test_a_row_a_corpus_and_their_mean(evaluation: CorpusEvaluation) -> None:
    ranking, decisions, beside = corpus_tables(evaluation)
    assert [row[0] for row in ranking.rows] == ["one", "two", "mean"]
    assert [row[1] for row in ranking.rows] == ["BP 40, CC 40, MF 40", "BP 40, CC 0, MF 40", ""]
    one, two = (found.model for found in evaluation.corpora.values())
    mean = (one.macro_auroc.value + two.macro_auroc.value) / 2
    assert ranking.rows[-1][2] == f"{mean:.3f}"
    shares = [
        sum(row.support for row in one.aspects) / 120,
        (two.aspects[0].support + two.aspects[2].support) / 80,
    ]
    assert [row[4] for row in ranking.rows] == [f"{share:.3f}" for share in (*shares, sum(shares) / 2)]
    assert one.balanced_accuracy is not None
    assert two.balanced_accuracy is not None
    assert decisions.rows[-1][2] == f"{(one.balanced_accuracy.value + two.balanced_accuracy.value) / 2:.3f}"
    assert beside.header == ("corpus", "model", "names | exact")
    assert len(beside.rows) == 3


def test_the_page_tells_what_was_left_out(evaluation: CorpusEvaluation) -> None:
    page = render_corpora(evaluation)
    assert page.startswith("# Evaluation by corpus\n\nEach of 2 corpora was left out once")
    assert "Only learned from, as it judges no aspect both ways: three." in page
    assert r"| corpus | model | names \| exact |" in page
    assert "Only learned from" not in render_corpora(CorpusEvaluation(evaluation.corpora))
