"""Probabilities that mean what they say: logits scaled on sentences that the weights were not fitted to.

What the names and the words of a text say for an aspect is added to its logit. The weight of names is fixed:
the articles set apart are too few to fit it, and any weight from 2 to 4 will do. That of words is fitted, as
it depends on how much of the same the encoder has learned.

A head of independent aspects gets a slope and an intercept for each (Platt 1999, "Probabilistic outputs for
support vector machines"); a head that chooses one aspect gets one slope, the inverse of the temperature of
Guo et al. (2017, arXiv:1706.04599). On articles held out that beat isotonic regression, which has too many
steps for the few articles there are.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Head
from gotune.errors import InputError
from gotune.model.decisions import Flags, Truth, has_both

if TYPE_CHECKING:
    from transformers import PreTrainedModel

TINY = 1e-12
"""How near to 0 or 1 a probability is taken to be at most."""

_LEAST_SLOPE = 0.01
"""Above zero, so that calibration never changes which of two texts has more of an aspect."""

_PRIOR_WEIGHT = 10
"""Sentences of an article are alike, so the evidence of a few articles is less than their number says."""

_NAME_WEIGHT = 4.0
"""What is added to a logit where names are sure evidence; chosen on three development folds of CRAFT and
three corpora of other people, each left out."""

_LEAST_WORD_WEIGHT = 0.05
"""Above zero, so that what words learn later has a way to be heard."""
_WORD_WEIGHT = 0.4
"""Of words before anything is fitted; best beside an encoder on CRAFT's development folds."""

Floats = NDArray[np.float64]


class Said(NamedTuple):
    """What the witnesses beside the encoder say of texts, each of shape ``(rows, 3)``; None: there is none.

    Attributes:
        names: Probability of each aspect by the names in the text, from `gotune.lexicon.lexicon`.
        words: Log-odds of each aspect by its words, from `gotune.model.words`.
    """

    names: Floats | None = None
    words: Floats | None = None


NOTHING_SAID = Said()
_NONE = (0.0,) * len(ASPECTS)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is done to logits before they become probabilities.

    Attributes:
        slopes: Factor of each aspect's logit.
        intercepts: What is added then.
        name_weights: What is added for a text whose names are sure evidence of the aspect.
        word_weights: Factor of the log-odds by words, which are added.
    """

    slopes: tuple[float, ...]
    intercepts: tuple[float, ...]
    name_weights: tuple[float, ...] = _NONE
    word_weights: tuple[float, ...] = _NONE

    def __post_init__(self) -> None:
        """Refuse values that mean nothing.

        Raises:
            InputError: They are not three finite numbers each, or a slope is not above zero.
        """
        for name, row in asdict(self).items():
            if len(row) != len(ASPECTS) or not np.isfinite(row).all() or (name == "slopes" and min(row) <= 0):
                above = " above 0" if name == "slopes" else ""
                raise InputError(
                    name,
                    expected=f"{len(ASPECTS)} finite numbers{above}",
                    found=repr(row),
                    do="Save the model again.",
                )

    def apply(self, logits: Floats, head: Head, said: Said = NOTHING_SAID) -> Floats:
        """Return calibrated probabilities of logits of shape ``(rows, 3)``.

        Args:
            logits: As the model gave them before it was calibrated.
            head: Kind of its head.
            said: What names and words say of the same texts.
        """
        return to_probabilities(self.scale(logits) + self.evidence(said), head)

    def scale(self, logits: Floats) -> Floats:
        """Return logits of shape ``(rows, 3)`` with slopes and intercepts."""
        scaled: Floats = logits * np.array(self.slopes) + np.array(self.intercepts)
        return scaled

    def evidence(self, said: Said) -> Floats:
        """Return what is added to scaled logits: of shape ``(rows, 3)``, or ``(3,)`` and zero for nothing."""
        weighed = zip((self.name_weights, self.word_weights), said, strict=True)
        added: Floats = np.zeros(len(ASPECTS))
        for weights, log_odds_of in weighed:
            if log_odds_of is not None:
                added = added + np.array(weights) * log_odds_of
        return added

    def undo(self, probabilities: Floats, head: Head, said: Said = NOTHING_SAID) -> Floats:
        """Return what calibrated probabilities of shape ``(rows, 3)`` were before `apply` made them so."""
        # A softmax is the same whatever is added to a row's logits, so their logarithms will do.
        single = head is Head.SINGLE
        scaled = np.log(probabilities.clip(TINY, 1 - TINY)) if single else log_odds(probabilities)
        scaled = scaled - self.evidence(said)
        return to_probabilities((scaled - np.array(self.intercepts)) / np.array(self.slopes), head)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


UNCHANGED = Calibration((1.0,) * len(ASPECTS), (0.0,) * len(ASPECTS))
"""Of a model that nobody has calibrated: nothing is scaled, nothing added."""


def fit_calibration(logits: Floats, truth: Truth, head: Head, said: Said = NOTHING_SAID) -> Calibration:
    """Fit slopes, intercepts and weights of words by penalised likelihood, to what is judged.

    The penalty pulls towards slope 1, intercept 0 and word weight .4 with the weight of some ten texts; it is
    that of a normal prior. With it the answer exists and is the only one for any data: without rows nothing
    is changed, and an aspect that is perfectly told gets finite numbers. With `Head.MULTI` nothing is changed
    either for an aspect that all texts judged on it have, or none: the choice of such texts says nothing of
    others.

    Args:
        logits: Of shape ``(rows, 3)``, for texts that the weights were not fitted to.
        truth: Which aspects each text has, of the same shape; just one a row for `Head.SINGLE`.
        head: Kind of the head. `Head.SINGLE` shares one slope and has no intercepts.
        said: What names and words say of them; for `Head.MULTI` only.
    """
    from scipy.optimize import minimize

    n = len(ASPECTS)
    name_weights = (0.0 if said.names is None else _NAME_WEIGHT,) * n
    named = np.zeros_like(logits) if said.names is None else _NAME_WEIGHT * said.names
    words = np.zeros_like(logits) if said.words is None else said.words
    start = np.array([1.0]) if head is Head.SINGLE else np.repeat([1.0, 0.0, _WORD_WEIGHT], n)
    counts = np.ones_like(truth, bool) if head is Head.SINGLE else ~np.isnan(truth) & has_both(truth)
    positive = (truth == 1) & counts

    def unpack(parameters: Floats) -> tuple[Floats, Floats, Floats]:
        if head is Head.SINGLE:
            return np.broadcast_to(parameters, n), np.zeros(n), np.zeros(n)
        slopes, intercepts, word_weights = np.split(parameters, 3)
        return slopes, intercepts, word_weights

    def loss(parameters: Floats) -> tuple[float, Floats]:
        slopes, intercepts, word_weights = unpack(parameters)
        scaled = logits * slopes + intercepts + named + word_weights * words
        residuals = np.where(counts, to_probabilities(scaled, head) - positive, 0)
        by_slope = (residuals * logits).sum(axis=0)
        if head is Head.SINGLE:
            gradient = np.array([by_slope.sum()])
        else:
            gradient = np.r_[by_slope, residuals.sum(axis=0), (residuals * words).sum(axis=0)]
        away = parameters - start
        value = _log_partition(scaled, head, counts) - scaled[positive].sum()
        value += _PRIOR_WEIGHT * (away @ away) / 2
        return float(value), gradient + _PRIOR_WEIGHT * away

    bounds = (
        [(_LEAST_SLOPE, None)] * min(n, len(start)) + [(None, None)] * n + [(_LEAST_WORD_WEIGHT, None)] * n
    )
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds[: len(start)]).x
    slopes, intercepts, word_weights = (tuple(each.tolist()) for each in unpack(found))
    return Calibration(slopes, intercepts, name_weights, word_weights if said.words is not None else _NONE)


def _log_partition(logits: Floats, head: Head, counts: Flags) -> float:
    """Return what the log-likelihood takes off the logits of the true aspects, in sum."""
    from scipy.special import logsumexp

    values = logsumexp(logits, axis=1) if head is Head.SINGLE else np.logaddexp(0, logits)[counts]
    return float(values.sum())


def fold_calibration(model: PreTrainedModel, calibration: Calibration) -> None:
    """Scale the last layer of a classifier in place, so that its logits come out calibrated."""
    import torch

    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    last = [layer for layer in layers if layer.out_features == len(ASPECTS)][-1]
    slopes = torch.tensor(calibration.slopes).to(last.weight)
    intercepts = torch.tensor(calibration.intercepts).to(last.weight)
    with torch.no_grad():
        last.weight *= slopes[:, None]
        last.bias.mul_(slopes).add_(intercepts)


def log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of ``p / (1 - p)``, finite also at 0 and 1."""
    inside = probabilities.clip(TINY, 1 - TINY)
    found: NDArray[np.float64] = np.log(inside) - np.log1p(-inside)
    return found


def to_probabilities(logits: NDArray[np.float64], head: Head) -> NDArray[np.float64]:
    """Return the probabilities of logits of shape ``(rows, 3)``, as the head means them."""
    # Without scipy, whose import takes longer than all else that a text without an encoder asks for.
    if head is Head.SINGLE:
        logits = logits - logits.max(axis=1, keepdims=True)
        total = np.log(np.exp(logits).sum(axis=1, keepdims=True))
        probabilities: NDArray[np.float64] = np.exp(logits - total)
    else:
        probabilities = np.exp(-np.logaddexp(0, -logits))
    return probabilities
