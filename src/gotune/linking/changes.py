"""What is done with annotated documents once their places are found: decisions, a slim, one aspect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from gotune.aspects import Aspect
from gotune.linking.curation import Decisions
from gotune.linking.index import TermIndex
from gotune.linking.results import AnnotatedDocument
from gotune.linking.slims import Slim

Change = Callable[[AnnotatedDocument], AnnotatedDocument]


def changes_of(
    index: TermIndex, decisions: Path | None, slim: str | Iterable[str] | None, aspect: Aspect | None
) -> list[Change]:
    """Return what is done with each document, in order.

    Args:
        index: The terms of its release.
        decisions: A file with what curators decided.
        slim: The name of a slim, or ids, whose terms are given in the place of others.
        aspect: Terms of this one alone are given.

    Raises:
        InputError: The file cannot be read, or the release has no such slim.
    """
    found: list[Change] = []
    if decisions is not None:
        remembered = Decisions.read(decisions)
        found.append(lambda document: remembered.applied(document, index))
    if slim is not None:
        found.append(Slim(index, slim).rolled_up)
    if aspect is not None:
        found.append(lambda document: document.of_aspect(aspect))
    return found
