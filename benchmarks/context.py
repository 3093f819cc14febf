"""What a sentence says of what it names, beside what people marked as denied in the cancer genetics corpus.

::

    python benchmarks/context.py ORIGINAL_DATA

ORIGINAL_DATA is that folder of the corpus of BioNLP-ST 2013 (``train`` and ``devel`` with .txt and .a2 files;
Pyysalo et al. 2015, doi:10.1186/1471-2105-16-S10-S2). Places are the triggers of its events, all and those of
processes; a place is denied if one of its events is. The rules were made while looking at ``train``.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gotune.corpus.sentences import split_sentences
from gotune.linking.context import Context, contexts

RESULT = Path(__file__).parent / "results" / "context.json"
NO_PROCESS = ("Planned_process", "Regulation", "Positive_regulation", "Negative_regulation", "Pathway")


class Place(NamedTuple):
    """A trigger in its sentence."""

    kind: str
    text: str
    start: int
    end: int
    is_denied: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    rows = {}
    for part in ("train", "devel"):
        places = [place for path in sorted((data / part).glob("*.a2")) for place in places_of(path)]
        rows[f"{part}, all"] = score(places)
        rows[f"{part}, processes"] = score([place for place in places if place.kind not in NO_PROCESS])
    for name, row in rows.items():
        print(f"{name:20}", *(f"{key} {value:.3f}" for key, value in row.items()))
    RESULT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def places_of(path: Path) -> Iterator[Place]:
    """Yield the triggers of a document that stand within a sentence."""
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    triggers, events, denied = {}, defaultdict(set), set()
    for line in path.read_text(encoding="utf-8").splitlines():
        id_, told, *_ = line.split("\t")
        words = told.split(" ")
        if id_.startswith("T"):
            triggers[id_] = (words[0], int(words[1]), int(words[-1]))
        elif id_.startswith("E"):
            events[words[0].split(":")[1]].add(id_)
        elif id_.startswith("M") and words[0] == "Negation":
            denied.add(words[1])
    whole = [sentence for sentence in split_sentences(text) if len(sentence.spans) == 1]
    for trigger, of_trigger in events.items():
        kind, start, end = triggers[trigger]
        for sentence in whole:
            first, last = sentence.spans[0]
            if first <= start and end <= last:
                yield Place(kind, text[first:last], start - first, end - first, bool(of_trigger & denied))


def score(places: list[Place]) -> dict[str, float]:
    """Return how many are denied, and precision and recall of finding them."""
    found = [Context.NEGATED in contexts(one.text, [(one.start, one.end)])[0] for one in places]
    right = sum(one.is_denied and is_found for one, is_found in zip(places, found, strict=True))
    n_denied = sum(one.is_denied for one in places)
    return {
        "places": len(places),
        "denied": n_denied,
        "precision": right / max(sum(found), 1),
        "recall": right / max(n_denied, 1),
    }


if __name__ == "__main__":
    main()
