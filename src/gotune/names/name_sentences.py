"""Names of terms set into made-up sentences: text with exact labels, for which nobody read a paper."""

from __future__ import annotations

import random
import re
from collections.abc import Collection
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from gotune.aspects import ASPECTS, Aspect
from gotune.names.dictionary import Dictionary
from gotune.names.name_variants import Evidence
from gotune.names.sentence_templates import FILLERS, WITH_NAMES, WITHOUT_NAMES
from gotune.ontology.ontology import Ontology
from gotune.ontology.terms import Scope

if TYPE_CHECKING:
    import pandas as pd

_WITHOUT = 0.25
"""Share of the sentences without a name."""

_LONGEST = 6
"""Words in a name; papers do not write longer ones out."""

_WEIGHTS = {Scope.EXACT: 1.0, Scope.NARROW: 0.5, Scope.BROAD: 0.25, Scope.RELATED: 0.25}
"""How often synonyms are drawn against names, by how near they are to them."""

_BARE = 0.5
"""Share of the functions named without "activity", as papers do: "kinase" for "kinase activity"."""

_PLACE = re.compile(r"\{(\w+)\}")
_PLAIN = re.compile(r"[^\W\d_][^()\[\],;:]*")

_Span = tuple[int, int, int]


class _Names(NamedTuple):
    """Names of one aspect, with the sums of their weights up to each."""

    texts: list[str]
    weights: list[float]


def name_sentences(
    ontology: Ontology,
    dictionary: Dictionary,
    *,
    count: int,
    seed: int,
    go_ids: Collection[str] | None = None,
) -> pd.DataFrame:
    """Set names and synonyms of terms into sentences.

    Short names are drawn more often, and names more often than synonyms. A quarter of the sentences has
    no name. Where a name has that of another aspect inside, such as the axon in "axon guidance", the
    sentence is labelled with both.

    Args:
        ontology: The release that gives the names.
        dictionary: Of the same release.
        count: How many sentences.
        seed: The same gives the same sentences.
        go_ids: Take the names of these terms alone, such as those of a training part; None takes all.

    Returns:
        A sentence table: ``text``, a column of labels 0 or 1 an aspect, ``article`` (empty) and ``spans``.
    """
    import pandas as pd

    draw = random.Random(seed)  # noqa: S311
    names = _names(ontology, go_ids)
    templates = [text for text in WITH_NAMES if _aspects(text) <= names.keys()]
    rows = []
    for _ in range(count):
        bare = not templates or draw.random() < _WITHOUT
        text, spans = _filled(draw.choice(WITHOUT_NAMES if bare else templates), names, dictionary, draw)
        found = {label for _, _, label in spans}
        labels = {aspect.value: float(aspect.label in found) for aspect in ASPECTS}
        rows.append({"text": text, **labels, "article": "", "spans": spans})
    return pd.DataFrame(rows, columns=["text", *(aspect.value for aspect in ASPECTS), "article", "spans"])


def _filled(
    template: str, names: dict[str, _Names], dictionary: Dictionary, draw: random.Random
) -> tuple[str, list[_Span]]:
    text = ""
    spans: list[_Span] = []
    done = 0
    for place in _PLACE.finditer(template):
        text += template[done : place.start()]
        done = place.end()
        kind = place.group(1)
        if kind in FILLERS:
            word = draw.choice(FILLERS[kind])
        else:
            word = _name(names[kind], Aspect(kind), draw)
            spans.append((len(text), len(text) + len(word), Aspect(kind).label))
            spans += _inside(word, Aspect(kind), len(text), dictionary)
        text += word
    text += template[done:]
    return _capitalized(text), spans


def _capitalized(text: str) -> str:
    """Begin with a capital, unless the first word has one elsewhere, such as mRNA."""
    return text[0].upper() + text[1:] if text.split()[0].islower() else text


def _name(names: _Names, aspect: Aspect, draw: random.Random) -> str:
    (name,) = draw.choices(names.texts, cum_weights=names.weights)
    if aspect is Aspect.MOLECULAR_FUNCTION and draw.random() < _BARE:
        return name.removesuffix(" activity")
    return name


def _inside(name: str, aspect: Aspect, offset: int, dictionary: Dictionary) -> list[_Span]:
    """Return where a name has whole names of other aspects inside."""
    return [
        (offset + mention.start, offset + mention.end, mention.aspect.label)
        for mention in dictionary.find(name)
        if mention.aspect is not aspect
        and mention.evidence.rank <= Evidence.SHORTENED.rank
        and mention.end - mention.start < len(name)
    ]


def _names(ontology: Ontology, go_ids: Collection[str] | None) -> dict[str, _Names]:
    """Return the names and synonyms that fit into a sentence, by aspect; none for an aspect without any."""
    found: dict[str, dict[str, float]] = {aspect.value: {} for aspect in ASPECTS}
    roots = set(ontology.roots)
    for term in ontology.terms():
        if term.id in roots or (go_ids is not None and term.id not in go_ids):
            continue
        weighted = [(term.name, 1.0)]
        weighted += [(synonym.text, _WEIGHTS[synonym.scope]) for synonym in term.synonyms]
        for text, weight in weighted:
            words = len(text.split())
            if words <= _LONGEST and len(text) > 3 and _PLAIN.fullmatch(text):
                found[term.aspect.value].setdefault(text, weight / words**2)
    return {
        aspect: _Names(list(weights), list(accumulate(weights.values())))
        for aspect, weights in found.items()
        if weights
    }


def _aspects(template: str) -> set[str]:
    return set(_PLACE.findall(template)) - FILLERS.keys()
