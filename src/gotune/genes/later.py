"""What experiments told of human genes by September 2022, fetched with a hash: to measure what 2019 knew."""

from __future__ import annotations

import lzma
import shutil
import sqlite3
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from gotune.downloads import PinnedFile, PinnedSet, fetch
from gotune.errors import DownloadError
from gotune.files import cache_folder
from gotune.genes.associations import Association
from gotune.genes.truth import EXPERIMENTAL
from gotune.workspaces import workspace

DATE = "2022-09-12"
"""Of the annotations."""
_NAME = "r-bioc-org.hs.eg.db_3.16.0-1_all.deb"
_PINNED = PinnedSet(
    (
        PinnedFile(
            _NAME,
            "0f61810d35b858915b1a9787d8dcab08b7e164c14c20a9e1d86eb9837308c2c2",
            f"https://deb.debian.org/debian/pool/main/r/r-bioc-org.hs.eg.db/{_NAME}",
            "",
        ),
    )
)
_MEMBER = "./usr/lib/R/site-library/org.Hs.eg.db/extdata/org.Hs.eg.sqlite"
_TABLES = ("go_bp", "go_mf", "go_cc")


@dataclass(frozen=True, slots=True)
class Later:
    """Annotations of human genes at a later date.

    Attributes:
        told: Terms from experiments of each gene, such as ``NCBIGene:7157``, of any release. Rows that say
            NOT had been dropped by those who made the file.
        gene_of: The gene of each protein, such as ``UniProtKB:P04637``.
    """

    told: dict[str, frozenset[str]]
    gene_of: dict[str, str]

    def as_gene(self, one: Association) -> Association:
        """Return an annotation of a protein as that of its gene, any other as it is."""
        gene = self.gene_of.get(one.gene)
        if gene is None:
            return one
        database, _, number = gene.partition(":")
        return replace(one, database=database, id=number)


def human_later(*, offline: bool = False) -> Later:
    """Return what was known of human genes in September 2022.

    It is in org.Hs.eg.db 3.16 of Bioconductor (doi:10.18129/B9.bioc.org.Hs.eg.db), which Debian packs; 37 MB.

    Args:
        offline: Use the cache and nothing else.

    Raises:
        DownloadError: The file is not in the cache and cannot be had, or is not what it was.
    """
    folder = fetch(_PINNED, cache_folder() / "annotations", offline=offline)
    with _unpacked(folder / _NAME) as path:
        return read_later(path)


def read_later(path: Path) -> Later:
    """Return what a database of org.Hs.eg.db tells.

    Args:
        path: Its file ``org.Hs.eg.sqlite``.
    """
    told = defaultdict(set)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
        number_of = dict(base.execute("select _id, gene_id from genes"))
        proteins = base.execute("select uniprot_id, _id from uniprot")
        gene_of = {f"UniProtKB:{protein}": f"NCBIGene:{number_of[one]}" for protein, one in proteins}
        for table in _TABLES:
            for one, go_id, code in base.execute(f"select _id, go_id, evidence from {table}"):  # noqa: S608
                if code in EXPERIMENTAL:
                    told[f"NCBIGene:{number_of[one]}"].add(go_id)
    return Later({gene: frozenset(terms) for gene, terms in told.items()}, gene_of)


@contextmanager
def _unpacked(package: Path) -> Iterator[Path]:
    """Give the database in a Debian package as a file; it unfolds to 344 MB."""
    with workspace(package) as folder, package.open("rb") as file:
        path = folder / "base.sqlite"
        try:
            with tarfile.open(fileobj=_data_of(file), mode="r|xz") as archive:
                for member in archive:
                    if member.name == _MEMBER and (content := archive.extractfile(member)):
                        with path.open("wb") as copy:
                            shutil.copyfileobj(content, copy, 1 << 20)
                        break
        except (tarfile.TarError, lzma.LZMAError, EOFError, ValueError) as exc:
            raise _not_there(package, str(exc)) from exc
        if not path.exists():
            raise _not_there(package, "none")
        yield path


def _data_of(file: IO[bytes]) -> IO[bytes]:
    """Move to the files of a Debian package, which is an archive of ``ar``: headers of 60 bytes, even places.

    https://manpages.debian.org/deb.5
    """
    file.seek(len(b"!<arch>\n"))
    while header := file.read(60):
        name, size = header[:16].decode("ascii").strip(), int(header[48:58])
        if name.startswith("data.tar"):
            break
        file.seek(size + size % 2, 1)
    return file


def _not_there(package: Path, found: str) -> DownloadError:
    return DownloadError(str(package), expected=_MEMBER, found=found, do="Remove the file, and run again.")
