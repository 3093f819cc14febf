"""What the terminal is told of classified documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS, Head
from gotune.cli.console import Screen
from gotune.lines import one_line

if TYPE_CHECKING:
    from gotune.model.classifier import AspectClassifier
    from gotune.model.word_classifier import WordClassifier
    from gotune.named import NamedTerms
    from gotune.records import ClassifiedDocument, DocumentShares

_SHOWN = 20
_SHOWN_CHARACTERS = 38
_NAMED = 5
_SHOWN_TERMS = 10


def tell_one(
    document: ClassifiedDocument, classifier: AspectClassifier | WordClassifier, screen: Screen
) -> None:
    """Tell the shares of one document, and what would make them doubtful."""
    from gotune.render.wording import (
        describe_cut,
        describe_doubtful,
        describe_doubts,
        describe_uncounted,
        describe_unfit,
    )

    _show_shares(document, screen)
    if document.n_uncounted:
        screen.explain(describe_uncounted(document.n_uncounted))
    if unfit := describe_unfit(document.model, document.shares.n_sentences):
        screen.warn(unfit)
    if document.doubts:
        screen.warn(describe_doubts(document.doubts))
    doubts = Counter(doubt for sentence in document.counted for doubt in sentence.doubts)
    where = "the column doubt of a table (-o sentences.csv)"
    if doubtful := describe_doubtful(doubts, len(document.counted), "sentence", where):
        screen.explain(doubtful)
    if document.truncated:
        screen.explain(describe_cut(document.model, document.truncated, classifier.spec.max_tokens))
    show_terms(document.named, screen)
    screen.result(document.to_dict())


def tell_several(
    documents: Iterable[ClassifiedDocument], classifier: AspectClassifier | WordClassifier, screen: Screen
) -> None:
    """Tell the shares of several documents, as they come."""
    from gotune.render.wording import EQUAL_PARTS, describe_cut, describe_probabilities, describe_unfit

    shares: list[tuple[str, DocumentShares, NamedTerms | None]] = []
    doubtful, results = [], []
    truncated = uncounted = 0
    for document in documents:
        shares.append((document.name, document.shares, document.named))
        truncated += document.truncated
        uncounted += document.n_uncounted
        if document.doubts:
            doubtful.append(f"{document.name} ({', '.join(document.doubts)})")
        if screen.as_json:
            results.append(document.to_dict())
    info = classifier.info
    _show_documents(shares, uncounted, screen)
    screen.explain(describe_probabilities(info))
    if info.head is Head.MULTI:
        screen.explain(EQUAL_PARTS)
    if unfit := describe_unfit(info, sum(one.n_sentences for _, one, _ in shares)):
        screen.warn(unfit)
    if doubtful:
        more = f" and {len(doubtful) - _NAMED:,} more" if len(doubtful) > _NAMED else ""
        screen.warn(f"Doubtful: {', '.join(doubtful[:_NAMED])}{more}")
    if truncated:
        screen.explain(describe_cut(info, truncated, classifier.spec.max_tokens))
    screen.result(results)


def _show_documents(
    shares: Sequence[tuple[str, DocumentShares, NamedTerms | None]], uncounted: int, screen: Screen
) -> None:
    from gotune.render.wording import describe_uncounted

    rows = []
    for name, one, named in shares[:_SHOWN]:
        aspects = [f"{estimate.value:.1%}" for estimate in one.aspects or ()] or ["-"] * len(ASPECTS)
        counts = (f"{one.n_sentences:,}", f"{one.n_carrying:,}")
        terms = () if named is None else (f"{len(named.terms):,}",)
        rows.append((_shortened(name), *counts, *aspects, *terms))
    release = next((named.release for _, _, named in shares if named), "")
    header = ("document", "sentences", "with any", *(aspect.short for aspect in ASPECTS))
    header = (*header, "terms") if release else header
    screen.show_rows(header, rows, "Shares of the aspects among the sentences with any")
    if len(shares) > len(rows):
        screen.say(f"and {len(shares) - len(rows):,} more; -o sentences.csv writes the sentences of all.")
    if uncounted:
        screen.explain(describe_uncounted(uncounted))
    if release:
        screen.explain(f"Terms of GO release {release}.")


def show_sentences(document: ClassifiedDocument, screen: Screen) -> None:
    """Show the first pieces of a document, with what each carries."""
    from gotune.records import Role
    from gotune.render.wording import join_names, name_term

    rows = []
    for number, found in enumerate(document.sentences[:_SHOWN], start=1):
        carried = join_names(aspect.short for aspect in found.aspects)
        figures = (f"{value:.3f}" for value in found.probabilities)
        piece = found.sentence
        role = "" if piece.role is Role.SENTENCE else f"({piece.role.value}) "
        named = document.named.of_sentences[number - 1] if document.named else ()
        terms = [", ".join(map(name_term, named))] if document.named else []
        rows.append((f"{number}  {_shortened(role + one_line(piece.text))}", carried, *figures, *terms))
    header = ("sentence", "aspects", *(aspect.short for aspect in ASPECTS))
    screen.show_rows((*header, "terms") if document.named else header, rows)
    more = len(document.sentences) - len(rows)
    if more > 0:
        screen.say(f"and {more:,} more; -o sentences.xlsx writes all.")


def show_terms(named: NamedTerms | None, screen: Screen) -> None:
    """Show the terms that a text names, the surest first, if they were looked for."""
    from gotune.render.wording import describe_named, name_term, shown_score

    if named is None:
        return
    terms = named.terms[:_SHOWN_TERMS]
    rows = [
        (term.go_id, name_term(term), term.aspect.short, f"{term.places:,}", shown_score(term.score))
        for term in terms
    ]
    if rows:
        screen.show_rows(("term", "name", "aspect", "places", "score"), rows)
    more = f" Shown are the {_SHOWN_TERMS} surest." if len(named.terms) > len(terms) else ""
    screen.explain(f"{describe_named(named)}{more}")


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def _show_shares(document: ClassifiedDocument, screen: Screen) -> None:
    from gotune.render.wording import (
        EQUAL_PARTS,
        NOTHING_CARRIED,
        count_sentences,
        describe_interval,
        describe_probabilities,
    )

    shares = document.shares
    sentences = count_sentences(shares.n_sentences)
    if shares.aspects:
        rows = [
            (aspect.words, f"{estimate.value:.1%}", describe_interval(estimate))
            for aspect, estimate in zip(ASPECTS, shares.aspects, strict=True)
        ]
        title = f"{document.name}: {sentences}, {shares.n_carrying:,} of them with an aspect"
        screen.show_rows(("aspect", "share of those", "95 % interval"), rows, title)
    else:
        screen.say(f"{document.name}: {sentences}, {NOTHING_CARRIED}")
    if document.model.head is Head.MULTI:
        screen.explain(
            f"none: {shares.none.value:.1%} of {sentences} (95 % interval {describe_interval(shares.none)}). "
            f"{EQUAL_PARTS}"
        )
    screen.explain(describe_probabilities(document.model))
