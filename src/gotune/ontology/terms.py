"""What a release says about one term: frozen values, clean text, no syntax."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from gotune.aspects import Aspect
from gotune.errors import OboError

TERM_ID = re.compile("GO:[0-9]{7}")
"""An id of GO, as releases and files of annotations write it."""

IS_A = "is_a"
"""Name of the relation between a term and its more general terms."""

TAXON_RELATIONS = {
    "RO:0002160": "only_in_taxon",
    "RO:0002161": "never_in_taxon",
    "RO:0002162": "in_taxon",
}
"""The relations that say which organisms may have a term, by their ids in the Relation Ontology.

They are GO's taxon constraints (doi:10.1186/1471-2105-11-530,
https://geneontology.org/docs/taxon-constraints/). All but ``never_in_taxon`` mean in this taxon alone.
"""

TAXON, TAXON_UNION = "NCBITaxon:", "NCBITaxon_Union:"
"""What the ids of taxa begin with, and those of several taxa together."""


class Scope(StrEnum):
    """How the meaning of a synonym relates to that of its term."""

    EXACT = "EXACT"
    NARROW = "NARROW"
    BROAD = "BROAD"
    RELATED = "RELATED"


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another wording of a term's name.

    Attributes:
        text: The wording.
        scope: How its meaning relates to the term's.
        type: Kind of synonym, such as ``systematic_synonym``, where the release says one.
        xrefs: Where it comes from.
    """

    text: str
    scope: Scope
    type: str | None = None
    xrefs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a release. Ids are as in the file; text has its escapes undone and single blanks.

    Attributes:
        id: Such as ``GO:0015986``.
        name: Empty only for an obsolete term that has none.
        namespace: Which of the three parts of GO it belongs to; None for an obsolete term of which the file
            does not say it.
        definition: The text alone, or None where the release has none.
        definition_xrefs: Sources of the definition.
        synonyms: In file order.
        xrefs: Ids of the same thing in other databases.
        subsets: Slims and flags that the term is in.
        alt_ids: Ids of terms that were merged into this one.
        comment: The editors' comment, or None.
        is_a: Ids of the more general terms.
        relationships: Pairs of a relation, such as ``part_of``, and the id of the other term; taxon
            constraints (`TAXON_RELATIONS`) as well, whichever way the file writes them.
        obsolete: Whether the term is kept only so that its id is not lost.
        replaced_by: For an obsolete term, ids that replace it.
        consider: For an obsolete term, ids that may replace it, to be judged by a person.
    """

    id: str
    name: str
    namespace: Aspect | None
    definition: str | None = None
    definition_xrefs: tuple[str, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    xrefs: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    alt_ids: tuple[str, ...] = ()
    comment: str | None = None
    is_a: tuple[str, ...] = ()
    relationships: tuple[tuple[str, str], ...] = ()
    obsolete: bool = False
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()

    @property
    def aspect(self) -> Aspect:
        """The namespace, which every term has that is not obsolete.

        Raises:
            OboError: It is an obsolete term without one.
        """
        if self.namespace is None:
            raise OboError(
                self.id,
                expected="a term with a namespace",
                found="an obsolete one without",
                do="Look at namespace, which is None there, or at terms that are not obsolete.",
            )
        return self.namespace

    def is_called(self, name: str) -> bool:
        """Whether this is its name or an exact synonym of it, whatever the case."""
        exact = (synonym.text for synonym in self.synonyms if synonym.scope is Scope.EXACT)
        return name.casefold() in (found.casefold() for found in (self.name, *exact))


@dataclass(frozen=True, slots=True)
class CountedLines:
    """Lines of a file that something was done to, such as leaving them out.

    Attributes:
        count: How many lines, or whole stanzas.
        first: Line numbers of the first few, from 1.
    """

    count: int = 0
    first: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return self.count > 0


_AMIGO = "https://amigo.geneontology.org/amigo/term/"


def term_page(go_id: str) -> str:
    """Return the address of a term's page in AmiGO, which shows the current release."""
    return _AMIGO + quote(go_id, safe=":")
