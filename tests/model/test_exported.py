from __future__ import annotations

import pytest

from gotune.model.exported import ACCURACY, CALIBRATION_ERROR, Agreement


@pytest.mark.parametrize(
    ("figures", "loss"),
    [
        ({ACCURACY: (0.9, 0.88), "macro ROC-AUC": (0.9, 0.95)}, 0.02),
        ({ACCURACY: (0.9, 0.9), CALIBRATION_ERROR: (0.01, 0.04)}, 0.03),
        ({ACCURACY: (0.8, 0.9), CALIBRATION_ERROR: (0.04, 0.01)}, -0.03),
        ({}, 0.0),
    ],
)
def test_a_higher_calibration_error_is_a_loss_and_higher_figures_are_none(
    figures: dict[str, tuple[float, float]], loss: float
) -> None:
    assert Agreement("definitions", 10, figures, 0.1, 0.01).loss == pytest.approx(loss)
