"""The words in which every table and picture tells what a text carries and what probabilities mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.estimates import Estimate
from gotune.named import NamedTerm, NamedTerms
from gotune.records import ModelInfo, Reads

NONE = "none"
"""Stands where a text carries no aspect."""

NONE_COLOUR = "#767676"
"""Grey that is legible on white, for what carries no aspect."""

NOTHING_CARRIED = "no sentence carries an aspect"
"""Stands where a document has no shares."""

EQUAL_PARTS = "A sentence with several aspects counts in equal parts for each."
"""Stands beside shares of a model that may find several."""


def join_names(names: Iterable[str]) -> str:
    """Return names of aspects on one line, or ``none``."""
    return ", ".join(names) or NONE


def name_model(name: str) -> str:
    """Return what a model is called, ``model "papers"``: its folder may have any name, such as model."""
    return f'model "{name}"'


def describe_head(head: Head, thresholds: Sequence[float] | None = None) -> str:
    """Return what probabilities of this head mean, and from which of them on a text carries an aspect."""
    meaning = f"{head.meaning[0].upper()}{head.meaning[1:]} ({head} head)."
    if thresholds is None:
        return meaning
    listed = ", ".join(
        f"{aspect.short} {value:.3f}" for aspect, value in zip(ASPECTS, thresholds, strict=True)
    )
    return f"{meaning} An aspect is carried from this probability on: {listed}."


def describe_probabilities(model: ModelInfo) -> str:
    """Return what the probabilities of a model mean, and from which of them on a text carries an aspect."""
    return describe_head(model.head, model.thresholds)


def describe_interval(estimate: Estimate) -> str:
    """Return the interval of a share in percent, ``12.5% to 60.0%``."""
    return f"{estimate.interval.low:.1%} to {estimate.interval.high:.1%}"


def count_sentences(n: int) -> str:
    """Return a number of sentences in words: ``1 sentence``, ``1,200 sentences``."""
    return counted(n, "sentence")


def describe_uncounted(n: int) -> str:
    """Return how many pieces of documents do not count for their shares."""
    pieces = counted(n, "piece")
    return f"Not counted: {pieces} beside the sentences (headings, captions, references and other)."


def counted(n: int, what: str) -> str:
    """Return a number of things in words, such as ``1 row`` or ``1,200 rows``."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def shown_score(score: float) -> str:
    """Return a probability with two decimals; what is less than 1 never reads as that: ``>0.99``."""
    shown = f"{score:.2f}"
    return ">0.99" if shown == "1.00" and score < 1 else shown


def count_aspects(counts: Iterable[int]) -> str:
    """Return a number for each aspect, given in label order: ``BP 1,200, CC 45, MF 0``."""
    return ", ".join(f"{aspect.short} {count:,}" for aspect, count in zip(ASPECTS, counts, strict=True))


def describe_judged(counts: Iterable[int]) -> str:
    """Return how many texts are judged on each aspect: ``judged: BP 1,200, CC 45, MF 0``."""
    return f"judged: {count_aspects(counts)}"


_FEW = 40
"""Groups below which a bootstrap of them is seen to be too sure."""


def describe_few(n_groups: int, consequence: str) -> str:
    """Return a sentence, to stand behind others, if there are few groups to draw from; else ""."""
    return f" There are so few to draw from that {consequence}." if n_groups < _FEW else ""


def describe_not_calibrated(aspects: Sequence[Aspect]) -> str:
    """Return which aspects of a model are not calibrated, and why; "" if there are none."""
    if not aspects:
        return ""
    return (
        f"Not calibrated: {' and '.join(aspect.words for aspect in aspects)}. All texts set apart that are "
        "judged on it have it, or none has; so its threshold is one half, and its probabilities are as they "
        "were learned."
    )


def describe_named(named: NamedTerms) -> str:
    """Return how many terms are named: ``3 places name 2 terms of GO release 2021-12-15``."""
    if not named.terms:
        return f"No term of GO release {named.release} is named."
    n_places = sum(term.places for term in named.terms)
    places = f"{counted(n_places, 'place')} name{'s' if n_places == 1 else ''}"
    return f"{places} {counted(len(named.terms), 'term')} of GO release {named.release}."


def name_term(term: NamedTerm) -> str:
    """Return what a term is called, and what is said of it: ``autophagy (negated)``."""
    return f"{term.name} ({', '.join(term.contexts)})" if term.contexts else term.name


def describe_rows(n_rows: int, n_blank: int) -> str:
    """Return how much of a table was read: ``3 rows read`` or ``3 rows read, 1 blank line skipped``."""
    skipped = f", {counted(n_blank, 'blank line')} skipped" if n_blank else ""
    return f"{counted(n_rows, 'row')} read{skipped}"


def describe_doubts(doubts: Sequence[str]) -> str:
    """Return what to think of the figures of a text that seems out of a model's depth."""
    found = " and ".join(doubts)
    return f"Doubtful: the text seems {found}. The models are made for English prose about biology."


def describe_doubtful(doubts: Mapping[str, int], n: int, what: str, where: str) -> str:
    """Return how many of some rows or sentences are doubtful, and why; "" if none is.

    Args:
        doubts: How many have each doubt; one has at most one.
        n: How many there are.
        what: What they are, such as "row".
        where: What tells which ones, such as "the column doubt".
    """
    if not doubts:
        return ""
    most_first = sorted(doubts.items(), key=lambda item: (-item[1], item[0]))
    reasons = ", ".join(f"{count:,} {doubt}" for doubt, count in most_first)
    return f"Doubtful: {sum(doubts.values()):,} of {counted(n, what)} ({reasons}), see {where}."


JOINED = "A text of several sentences carries what any of them carries; the probability is their largest."
"""Stands where sentences were read one by one, and told of as a whole."""

_TAKE_SENTENCES = "a model that reads sentences (gotune train --preset papers)"


def describe_unfit(model: ModelInfo, n_sentences: int) -> str:
    """Return why a model of whole texts is not made for a document, and what to take; "" if it is."""
    if model.reads is not Reads.TEXT or n_sentences < 2:
        return ""
    limit = ", and has to choose an aspect for each: it cannot say none" if model.head is Head.SINGLE else ""
    return (
        f"Unfit: this model was made for whole texts, such as definitions{limit}. "
        f"For the sentences of a document take {_TAKE_SENTENCES}."
    )


def describe_cut(model: ModelInfo, n_cut: int, max_tokens: int) -> str:
    """Return how many texts were longer than a model reads, and what to do about it; "" if none was."""
    if not n_cut:
        return ""
    what = counted(n_cut, "text" if model.reads is Reads.TEXT else "sentence")
    cut = f"{what} {'was' if n_cut == 1 else 'were'} longer than the model reads and cut"
    longer = "one trained with a larger max_tokens"
    way = f"Take {longer}, or {_TAKE_SENTENCES}" if model.reads is Reads.TEXT else f"Take {longer}"
    return f"{cut}: only the first {max_tokens:,} word pieces count (max_tokens). {way}."
