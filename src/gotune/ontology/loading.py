"""The one way in: a date of the catalogue or an OBO file becomes an `Ontology`."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gotune.ontology.cache import read_cache, write_cache
from gotune.ontology.ontology import Ontology
from gotune.ontology.rawfile import read_raw
from gotune.ontology.releases import RELEASES, fetch_release
from gotune.ontology.terms import SkippedLines

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def load_ontology(source: str | Path, *, offline: bool = False, lenient: bool = False) -> Ontology:
    """Load a release of GO, from the cache of parsed releases where it is there.

    Args:
        source: A date of the catalogue, such as ``2021-12-15``, or the path of any OBO file of GO, plain,
            gzip or xz.
        offline: Never download; a release must be in the cache.
        lenient: Leave out bad lines and count them in ``skipped``, instead of raising at the first.

    Raises:
        UnknownReleaseError: A date that is not in the catalogue, and no file has that name.
        DownloadError: The release is not in the cache and cannot be had.
        OboError: The file is not OBO, or a line of it is bad.
    """
    path, name = _locate(source, offline=offline)
    raw = read_raw(path)
    sha256 = hashlib.sha256(raw).hexdigest()
    cached = read_cache(sha256)
    if cached is not None:
        # Only clean readings are cached, and in those a lenient reading would skip nothing.
        table, release = cached
        return Ontology(table, release=release, sha256=sha256, source=name, skipped=SkippedLines())

    # fastobo and all that knows OBO is needed only now.
    from gotune.ontology.obo import parse_obo
    from gotune.ontology.table import to_table

    with _collection_paused():
        parsed = parse_obo(raw, str(path), lenient=lenient)
        table = to_table(parsed.terms)
    if not parsed.skipped:
        write_cache(table, parsed.release, sha256)
    return Ontology(table, release=parsed.release, sha256=sha256, source=name, skipped=parsed.skipped)


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Pause the garbage collector: a million new objects, none of them garbage, cost it a second in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _locate(source: str | Path, *, offline: bool) -> tuple[Path, str]:
    """Return the file and the name to show for it."""
    path = Path(source)
    is_date = isinstance(source, str) and _DATE.fullmatch(source) is not None
    if is_date and (source in RELEASES or not path.exists()):
        return fetch_release(str(source), offline=offline), str(source)
    return path, path.name
