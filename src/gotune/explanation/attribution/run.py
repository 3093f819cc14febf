"""Why a text gets its score for an aspect: the weight of each word, and what each witness says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.reading import as_read
from gotune.errors import InputError
from gotune.explanation.attribution.gradients import integrate_gradients
from gotune.explanation.attribution.results import (
    Account,
    Explanation,
    Method,
    NamedStretch,
    NameEvidence,
    PhraseWeight,
    WordEvidence,
    WordWeight,
)
from gotune.explanation.words import Place, find_words, leave_out
from gotune.model.calibration import log_odds
from gotune.model.classification import classify_as_one
from gotune.model.classifier import Transparent
from gotune.model.evidence import Accountable
from gotune.model.tokens import check_fits
from gotune.protocols import Classifier
from gotune.records import Witness

_MOST_WORDS = 2000
"""Occlusion asks about a text for each word, and each is as long as all of them."""
_BY_SENTENCE = "Explain it sentence by sentence."


def explain(
    classifier: Classifier,
    text: str,
    *,
    aspect: Aspect | None = None,
    method: Method | str = Method.GRADIENTS,
) -> Explanation:
    """Share out the log-odds of an aspect over the words of a text.

    Args:
        classifier: Anything that gives probabilities; integrated gradients need a `Transparent` one.
        text: One sentence or definition; what is explained is its reading, see `gotune.corpus.reading`.
        aspect: The one to explain; None takes the most probable one that the text is said to carry, or the
            most probable one if it carries none.
        method: ``gradients`` or ``occlusion``.

    Raises:
        InputError: The text has nothing visible in it, more word pieces than the model reads, or more than
            2,000 words; or gradients of a classifier that has none.
        MissingExtraError: captum is not installed, which gradients need.
    """
    method = Method(method)
    text = as_read(text)
    words = find_words(text)
    if not words:
        raise InputError(
            "text", expected="some words", found="nothing that can be seen", do="Give a sentence."
        )
    _check_fits(classifier, text, len(words), method)
    transformer = classifier.in_float32() if isinstance(classifier, Transparent) else None
    classifier = transformer or classifier
    classified = classify_as_one(classifier, text)
    if classified.truncated:
        raise _too_long("as many word pieces as the model reads", "more")
    probabilities, carried = classified.probabilities, classified.aspects
    chosen = aspect or max(carried or ASPECTS, key=lambda one: probabilities[one])
    if method is Method.GRADIENTS and transformer is not None:
        weights, encoder, completeness = integrate_gradients(transformer, text, words, chosen)
    else:
        weights, encoder, completeness = occlude(classifier, text, words, chosen), None, None
    score = float(log_odds(np.array(probabilities[chosen])))
    account = None
    if isinstance(classifier, Accountable):
        account = _account(classifier, text, chosen, score, encoder)
    return Explanation(
        text=text,
        aspect=chosen,
        score=account.total if account else score,
        method=method,
        words=tuple(
            WordWeight(start, end, text[start:end], weight)
            for (start, end), weight in zip(words, weights.tolist(), strict=True)
        ),
        probabilities=probabilities,
        model=classifier.info,
        carried=carried,
        completeness=completeness,
        account=account,
    )


def _check_fits(classifier: Classifier, text: str, n_words: int, method: Method) -> None:
    if n_words > _MOST_WORDS:
        raise _too_long(f"at most {_MOST_WORDS:,} words", f"{n_words:,}")
    if not isinstance(classifier, Transparent):
        if method is Method.GRADIENTS:
            raise InputError(
                "classifier",
                expected="a transformer, which has gradients",
                found=_who(classifier),
                do="Use occlusion, which needs probabilities alone: --method occlusion.",
            )
        return
    engine = classifier.engine
    check_fits(engine.tokenizer, text, engine.max_tokens, do=_BY_SENTENCE)


def _too_long(expected: str, found: str) -> InputError:
    return InputError("text", expected=expected, found=found, do=_BY_SENTENCE)


def _who(classifier: Classifier) -> str:
    if isinstance(classifier, Accountable):
        if Witness.ENCODER in classifier.witnesses:
            return "a model that was exported to ONNX Runtime"
        return f"a model of {' and '.join(classifier.witnesses)}, without its encoder"
    return type(classifier).__name__


def _account(
    classifier: Accountable, text: str, aspect: Aspect, score: float, encoder: float | None
) -> Account:
    """Return what each witness says of a text.

    Args:
        classifier: The one that is asked.
        text: As it is read.
        aspect: The one that is explained.
        score: Its log-odds.
        encoder: What the encoder says, if that is known; else it is what the others leave of the score.
    """
    by_names, mentions = classifier.names_in(text)
    by_words, found = classifier.phrases_in(text)
    names, words = float(by_names[aspect.label]), float(by_words[aspect.label])
    phrases = tuple(PhraseWeight(phrase.text, float(phrase.log_odds[aspect.label])) for phrase in found)
    added = sum((phrase.weight for phrase in phrases), 0.0)
    if encoder is None and Witness.ENCODER in classifier.witnesses:
        encoder = score - names - words
    stretches = (
        NamedStretch(
            mention.start, mention.end, text[mention.start : mention.end], mention.evidence.value, reliability
        )
        for mention, reliability in mentions
        if mention.aspect is aspect
    )
    return Account(
        encoder=encoder,
        names=NameEvidence(names, tuple(stretches)) if Witness.NAMES in classifier.witnesses else None,
        words=WordEvidence(added, phrases) if Witness.WORDS in classifier.witnesses else None,
        constant=words - added,
    )


Floats = NDArray[np.float64]


def occlude(classifier: Classifier, text: str, words: Sequence[Place], aspect: Aspect) -> Floats:
    """Return by how much the log-odds of the aspect fall without each word, of shape ``(len(words),)``."""
    texts = [text, *(leave_out(text, [word]) for word in words)]
    scores = log_odds(classifier.predict_proba(texts)[:, aspect.label])
    weights: Floats = scores[0] - scores[1:]
    return weights
