"""Slims: a few terms of a release, in the place of the many that documents name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gotune.datasets.label_cells import examples
from gotune.errors import InputError
from gotune.lines import one_line
from gotune.linking.index import TermIndex
from gotune.linking.results import AnnotatedDocument


class Slim:
    """Some terms of a release.

    Args:
        index: The release.
        wanted: The name of one of its slims, such as ``goslim_generic``, or ids.

    Raises:
        InputError: The release has no such slim, or not all of the ids, or there are none.
    """

    def __init__(self, index: TermIndex, wanted: str | Iterable[str]) -> None:
        self._index = index
        self._terms = _named(index, wanted) if isinstance(wanted, str) else _listed(index, wanted)

    def rolled_up(self, document: AnnotatedDocument) -> AnnotatedDocument:
        """Return a document with these terms in the place of its own.

        Each place gets the nearest of them that its term is or lies below of, by ``is_a`` and ``part_of``; it
        is left out if there is none.
        """
        index = self._index
        return replace(
            document,
            annotations=tuple(
                replace(one, go_id=index.terms.ids[term], name=index.name(term), aspect=index.aspect(term))
                for one in document.annotations
                for term in index.ancestry.nearest(index.number_of[one.go_id], self._terms)
            ),
        )


def _named(index: TermIndex, name: str) -> frozenset[int]:
    slims = index.ancestry.slims
    if name not in slims:
        raise InputError(
            "slim",
            expected=f"one of release {index.info.release}: {', '.join(slims) or 'it has none'}",
            found=one_line(name),
            do="Name one of these, or give ids of your own.",
        )
    return slims[name]


def _listed(index: TermIndex, ids: Iterable[str]) -> frozenset[int]:
    wanted = dict.fromkeys(ids)
    wrong = [go_id for go_id in wanted if go_id not in index.number_of]
    if wrong or not wanted:
        raise InputError(
            "slim",
            expected=f"ids of live terms of release {index.info.release}",
            found=one_line(examples(wrong)) if wrong else "none",
            do="Correct them; `gotune search ID` tells what to use instead of an old one.",
        )
    return frozenset(index.number_of[go_id] for go_id in wanted)
