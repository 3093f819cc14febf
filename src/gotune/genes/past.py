"""What was known of genes at a date, and what experiments told of them later: to measure suggestions by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gotune.genes import later, species
from gotune.genes.annotator import GeneAnnotator
from gotune.genes.associations import Association
from gotune.genes.gaf import read_gaf
from gotune.genes.joiner import LEARNED_UNTIL
from gotune.genes.reference import Reference
from gotune.genes.space import TermSpace
from gotune.genes.truth import noting_experiments, told_by_experiments
from gotune.ontology.ontology import Ontology
from gotune.protocols import Track, untracked


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """What was known, and what came later.

    Attributes:
        annotator: Goes by what was known.
        later: Terms from experiments of each gene later, of any release, those known before too.
        known: What was known, in a few words.
        n_bad: How many rows of what came later were left out, as they are bad.
    """

    annotator: GeneAnnotator
    later: Mapping[str, Collection[str]]
    known: str
    n_bad: int = 0


def human_in_2019(ontology: Ontology, *, offline: bool = False, track: Track = untracked) -> Past:
    """Return what was known in January 2019, of human proteins as genes, and what by September 2022.

    Args:
        ontology: The release.
        offline: Use the cache and nothing else.
        track: Shows progress.

    Raises:
        DownloadError: A file is not in the cache and cannot be had.
    """
    found = later.human_later(offline=offline)
    known = f"annotations of seven species of {species.DATE}, and human genes of {later.DATE} as later ones"
    rows = map(found.as_gene, species.read_species(offline=offline, track=track))
    reference = Reference.of(rows, ontology, TermSpace(ontology))
    return Past(GeneAnnotator.of(ontology, reference, known, track=track), found.told, known)


def known_before(
    day: str, path: Path, ontology: Ontology, *, lenient: bool = False, track: Track = untracked
) -> Past:
    """Return what rows of a GAF from before a day say, and what experiments tell in all of them.

    The names of genes are those of the file, and may tell what was found later; the date of a row is that of
    its last change, so what was looked at again since counts as later, as do most electronic annotations. An
    older file knows better, see `known_in`.

    Args:
        day: Such as ``2019-01-29``, or ``2019-01`` for its first.
        path: The GAF.
        ontology: The release.
        lenient: Leave out bad rows.
        track: Shows progress.

    Raises:
        GeneError: The file is no GAF, a row of it is bad, or there is none from before the day.
    """
    told: dict[str, set[str]] = {}

    def early(rows: Iterable[Association]) -> Iterator[Association]:
        return (one for one in noting_experiments(rows, told) if one.date < day)

    reference = Reference.read(path, ontology, TermSpace(ontology), take=early, lenient=lenient)
    known = f"rows of {path.name} from before {day}, with the names of today{_caveat(reference, day)}"
    annotator = GeneAnnotator.of(ontology, reference, known, track=track)
    return Past(annotator, told, known)


def known_in(
    before: Path, after: Path, ontology: Ontology, *, lenient: bool = False, track: Track = untracked
) -> Past:
    """Return what a GAF says, and what experiments tell in a later one of the same genes.

    Args:
        before: The GAF of what was known.
        after: The later one.
        ontology: The release.
        lenient: Leave out bad rows.
        track: Shows progress.

    Raises:
        GeneError: One of the files is no GAF, or a row of it is bad.
    """
    newest = ""

    def dated(rows: Iterable[Association]) -> Iterator[Association]:
        nonlocal newest
        for one in rows:
            newest = max(newest, one.date)
            yield one

    reference = Reference.read(before, ontology, TermSpace(ontology), take=dated, lenient=lenient)
    annotator = GeneAnnotator.of(ontology, reference, before, track=track)
    rows = read_gaf(after, lenient=lenient)
    told = told_by_experiments(rows)
    known = f"{before.name}, and {after.name} as later one{_caveat(reference, newest)}"
    return Past(annotator, told, known, sum(bad.count for bad in rows.skipped.values()))


def _caveat(reference: Reference, day: str) -> str:
    """Return what is to be told where the model has learned from what came after a day."""
    taxa = {gene.taxon for gene in reference.genes}
    seen = [until for taxon, until in LEARNED_UNTIL.items() if taxon in taxa and day < until]
    if not seen:
        return ""
    return (
        f" (the model has learned from what experiments told of these genes until {max(seen)}: figures are "
        "better than those of a time that it has not seen)"
    )
