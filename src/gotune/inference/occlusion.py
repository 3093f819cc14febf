"""Weights of words by leaving each out in turn; needs nothing but probabilities.

After Zeiler and Fergus (2014, doi:10.1007/978-3-319-10590-1_53) and Li et al. (2016, arXiv:1612.08220), who
measure the change of the log-likelihood. The word goes altogether: a mask is a word too to whoever does not
know it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import Aspect
from gotune.models.prediction import log_odds
from gotune.protocols import Classifier
from gotune.text.running_words import Place, leave_out

Floats = NDArray[np.float64]


def occlude(classifier: Classifier, text: str, words: Sequence[Place], aspect: Aspect) -> Floats:
    """Return by how much the log-odds of the aspect fall without each word, of shape ``(len(words),)``."""
    texts = [text, *(leave_out(text, [word]) for word in words)]
    scores = log_odds(classifier.predict_proba(texts)[:, aspect.label])
    weights: Floats = scores[0] - scores[1:]
    return weights
