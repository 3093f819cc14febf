from __future__ import annotations

import sys

import numpy as np
import pytest

from gotune.errors import MissingExtraError
from gotune.evaluation.audit.run import find_issues, import_cleanlab, label_quality

LABELS = np.array([0, 1, 2, 0, 1, 2, 0])
PROBABILITIES = np.eye(3)[[0, 1, 2, 0, 1, 2, 1]] * 0.8 + 0.2 / 3


def test_a_row_that_all_others_speak_against_is_an_issue() -> None:
    assert find_issues(LABELS, PROBABILITIES).tolist() == [False] * 6 + [True]
    assert label_quality(LABELS, PROBABILITIES) == pytest.approx([0.8 + 0.2 / 3] * 6 + [0.2 / 3])


def test_without_cleanlab_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cleanlab", None)
    with pytest.raises(MissingExtraError, match=r'pip install "gotune\[explain\]"'):
        import_cleanlab()
