"""Parsed releases, kept as Parquet by the hash of the OBO text, so that a release is parsed once."""

from __future__ import annotations

import logging
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from gotune.errors import SaveError
from gotune.files import atomic_file, cache_folder
from gotune.ontology.table import SCHEMA

FORMAT = 1
"""To be raised whenever `SCHEMA` or the meaning of a column changes; older caches are then not looked at."""

_SHA256 = b"gotune.sha256"
_RELEASE = b"gotune.release"


def cache_path(sha256: str) -> Path:
    """Return where the parsed form of an OBO text of this hash is kept."""
    return cache_folder() / "parsed" / f"{sha256}-v{FORMAT}" / "terms.parquet"


def read_cache(sha256: str) -> tuple[pa.Table, str] | None:
    """Return the table and the release of an OBO text that was parsed before, otherwise None.

    A file that is damaged, or of another content or format, counts as missing: it is made anew.
    """
    try:
        # Not parquet.read_table: it imports pandas, which is half of the loading time.
        with parquet.ParquetFile(cache_path(sha256), page_checksum_verification=True) as file:
            table = file.read()
    except (OSError, pa.ArrowException):
        return None
    metadata = table.schema.metadata or {}
    if (
        metadata.get(_SHA256) != sha256.encode()
        or _RELEASE not in metadata
        or not table.schema.equals(SCHEMA)
    ):
        return None
    return table.replace_schema_metadata(None), metadata[_RELEASE].decode()


def write_cache(table: pa.Table, release: str, sha256: str) -> None:
    """Keep the table; where that is not possible, log why and go on without."""
    stamped = table.replace_schema_metadata({_SHA256: sha256, _RELEASE: release})
    try:
        with atomic_file(cache_path(sha256)) as temporary:
            parquet.write_table(stamped, temporary, compression="zstd", write_page_checksum=True)
    except SaveError as exc:
        logging.getLogger(__name__).warning("The release is parsed again next time. %s", exc)
