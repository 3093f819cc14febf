"""Annotations of other releases of GO brought to the one in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gotune.errors import UnknownTermError
from gotune.genes.associations import Association
from gotune.ontology.ontology import Ontology

UNKNOWN = "the release does not have it"
GONE = "it is obsolete and nothing takes its place"
SEVERAL = "it is obsolete and several terms take its place"
OTHER_ASPECT = "it is of another aspect than the annotation"


class Updated:
    """Annotations with terms of a release: old ids become those that take their place for sure.

    That is the term into which another was merged, or the one that an obsolete term is ``replaced_by``; what
    its editors only propose to consider is for a person to judge. Annotations of terms without such a place,
    and of terms that the release has in another aspect, are left out. All others come as they are, in order,
    those with NOT too.

    Args:
        associations: They are iterated over each time that this is, and not held.
        ontology: The release.

    Attributes:
        mapped: How many annotations had an old id for each pair of old and new.
        left_out: How many were left out for each pair of an id and the reason.
    """

    def __init__(self, associations: Iterable[Association], ontology: Ontology) -> None:
        self.mapped: Counter[tuple[str, str]] = Counter()
        self.left_out: Counter[tuple[str, str]] = Counter()
        self._associations = associations
        self._ontology = ontology
        self._known: dict[str, tuple[str, str]] = {}

    def __iter__(self) -> Iterator[Association]:
        self.mapped.clear()
        self.left_out.clear()
        for one in self._associations:
            new, aspect_or_reason = self._in_release(one.go_id)
            if new and aspect_or_reason != one.aspect:
                new, aspect_or_reason = "", OTHER_ASPECT
            if not new:
                self.left_out[one.go_id, aspect_or_reason] += 1
            elif new == one.go_id:
                yield one
            else:
                self.mapped[one.go_id, new] += 1
                yield replace(one, go_id=new)

    def _in_release(self, go_id: str) -> tuple[str, str]:
        """Return the id in the release with its aspect, or "" with the reason why there is none."""
        if go_id not in self._known:
            self._known[go_id] = self._looked_up(go_id)
        return self._known[go_id]

    def _looked_up(self, go_id: str) -> tuple[str, str]:
        try:
            found = self._ontology.resolve(go_id, consider=False)
        except UnknownTermError:
            return "", UNKNOWN
        if len(found) != 1:
            return "", SEVERAL if found else GONE
        return found[0], self._ontology[found[0]].aspect
