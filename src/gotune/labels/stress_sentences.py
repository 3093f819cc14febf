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

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gotune.aspects import ASPECTS, Aspect


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
    text = (files("gotune.labels") / "stress_sentences.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    return tuple(
        StressSentence(kind, tuple(by_name[name] for name in aspects.split(",") if name), first, second)
        for kind, aspects, first, second in rows
    )
