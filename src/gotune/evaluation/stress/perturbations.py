"""Changes to a text that leave what it says about GO's aspects as it was.

Pure functions, deterministic by seed: the same text and seed give the same result wherever they stand in a
table. They follow the behavioural tests of Ribeiro et al. 2020 (doi:10.18653/v1/2020.acl-main.442).
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

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
