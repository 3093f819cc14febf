from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gotune.evaluation.corpora.report import corpus_tables, render_corpora
from gotune.evaluation.corpora.results import CorpusEvaluation
from gotune.evaluation.sentences.resampled import ResampledTagging, mean_tagging
from gotune.evaluation.sentences.results import TaggingEvaluation
from gotune.evaluation.sentences.run import EVEN, Predictions, assemble_resampled
from gotune.render.tables import estimate_cell

LABELS = ["biological_process", "cellular_component", "molecular_function"]


@pytest.fixture(scope="module")
def evaluation() -> CorpusEvaluation:
    (one, of_one), (two, of_two) = made(0), made(1)
    means = tuple(map(mean_tagging, zip(of_one, of_two, strict=True)))
    return CorpusEvaluation({"one": one, "two": two}, means, ("three",))


def made(seed: int) -> tuple[TaggingEvaluation, list[ResampledTagging]]:
    """Return figures of drawn sentences; the second corpus does not judge components."""
    generator = np.random.default_rng(seed)
    truth = (generator.random((40, 3)) < 0.4).astype(float)
    if seed:
        truth[:, 1] = np.nan
    table = pd.DataFrame(truth, columns=LABELS).assign(
        text="A text.", article=[f"article {row % 5}" for row in range(40)]
    )
    predictions = {name: Predictions(generator.random((40, 3)), EVEN) for name in ("model", "names | exact")}
    predictions["always the same"] = Predictions(np.full((40, 3), 0.25), EVEN)
    return assemble_resampled(
        "Left out.", table, predictions, uncalibrated=predictions["model"].probabilities
    )


def test_a_row_a_corpus_and_their_mean(evaluation: CorpusEvaluation) -> None:
    table, *beside = corpus_tables(evaluation)
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    assert [row["corpus"] for row in rows] == ["one", "two", "mean"]
    assert [row["judged CC"] for row in rows] == ["40", "0", ""]
    one, two = (found.model for found in evaluation.corpora.values())
    mean = evaluation.means[0]
    assert [row["macro ROC-AUC"] for row in rows] == [
        estimate_cell(scores.macro_auroc) for scores in (one, two, mean)
    ]
    assert rows[2]["macro ROC-AUC"].startswith(f"{(one.macro_auroc.value + two.macro_auroc.value) / 2:.3f} (")
    assert [row["ROC-AUC CC"] for row in rows] == [
        estimate_cell(one.aspects[1].auroc), "not judged", estimate_cell(mean.aspects[1].auroc)
    ]  # fmt: skip
    shares = [[row.support / 40 for row in scores.aspects if row.judged] for scores in (one, two)]
    chances = [float(np.mean(found)) for found in shares]
    assert [row["at chance"].split()[0] for row in rows] == [
        f"{share:.3f}" for share in (*chances, sum(chances) / 2)
    ]
    assert [row["at chance BP"].split()[0] for row in rows[:2]] == [f"{share[0]:.3f}" for share in shares]
    assert rows[1]["one-aspect accuracy"] == estimate_cell(two.balanced_accuracy)
    assert [found.title.partition(",")[0] for found in beside] == [
        "Macro ROC-AUC", "Macro average precision", "Macro F1", "One-aspect accuracy", "Calibration error"
    ]  # fmt: skip
    for found in beside:
        assert found.header == ("corpus", "model", "names | exact", "always the same")
    assert beside[2].rows[1] == (
        "two", *(estimate_cell(scores.macro_f1) for scores in evaluation.corpora["two"].rows)
    )  # fmt: skip


def test_the_page_tells_what_was_left_out(evaluation: CorpusEvaluation) -> None:
    page = render_corpora(evaluation)
    assert page.startswith("# Evaluation by corpus\n\nEach of 2 corpora was left out once")
    assert "Only learned from, as it judges no aspect both ways: three." in page
    assert r"| corpus | model | names \| exact |" in page
    assert "Only learned from" not in render_corpora(CorpusEvaluation(evaluation.corpora, evaluation.means))
