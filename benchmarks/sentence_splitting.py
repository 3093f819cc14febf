"""How well and how fast the sentence splitter finds the sentences of papers.

Run ``python benchmarks/sentence_splitting.py craft_dev_sentences.jsonl.gz`` from the repository.

Reference marks stand before the full stop in CRAFT; they are moved behind it in two layouts, as most
journals print them. ``sentence_probes.jsonl`` holds made-up texts of the kinds that splitters fail at, each
with the pieces and roles that a person would cut; half of them were written before the rules were.

The gold sentences are those of CRAFT's treebank, 67 development articles with one paragraph a line. The
same articles are also laid out in other ways; a boundary is the number of visible characters before a
sentence, so that layout does not move it. The first sentence of an article begins for free and is not
counted. Plain nupunkt, with and without its own layout rules, stands beside gotune.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

import nupunkt

from gotune.corpus.sentences import split_sentences

LARGE = 10_000_000
PROBES = Path(__file__).with_name("sentence_probes.jsonl")
_MARK = re.compile(r"\s*(\[\d+[\d,;\s\u2013-]*\])\.(?=\s|$)")

Splitter = Callable[[str], list[int]]


def gotune_starts(text: str) -> list[int]:
    return [sentence.start for sentence in split_sentences(text)]


def blank_line_starts(text: str) -> list[int]:
    return [start for start, _ in nupunkt.load("default").spans(text)]


def layout_starts(text: str) -> list[int]:
    return [start for start, _ in nupunkt.load("default").spans(text, line_breaks=True)]


def filled(text: str, width: int) -> str:
    return "\n\n".join(textwrap.fill(part, width, break_long_words=False) for part in text.split("\n\n"))


def ragged(text: str) -> str:
    """Wrap at a width that differs from line to line, as text taken from a PDF is."""
    generator = random.Random(0)  # noqa: S311 (no secret is made here)
    lines = []
    for paragraph in text.split("\n\n"):
        words = paragraph.split(" ")
        while words:
            width = generator.randint(70, 95)
            line = [words.pop(0)]
            while words and sum(map(len, line)) + len(line) + len(words[0]) <= width:
                line.append(words.pop(0))
            lines.append(" ".join(line))
        lines.append("")
    return "\n".join(lines)


SPLITTERS: dict[str, Splitter] = {
    "gotune": gotune_starts,
    "nupunkt": blank_line_starts,
    "nupunkt, line_breaks": layout_starts,
}


def bare(text: str) -> str:
    """Move marks behind their stops and leave their brackets out."""
    return _MARK.sub(lambda mark: "." + mark[1][1:-1].replace(" ", ""), text)


LAYOUTS: dict[str, Callable[[str], str]] = {
    "as in CRAFT": str,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no blank lines": lambda text: text.replace("\n\n", "\n"),
    "marks behind the stops": lambda text: _MARK.sub(r".\1", text),
    "wrapped at 80": lambda text: filled(text, 80),
    "wrapped at 40": lambda text: filled(text, 40),
    "wrapped at 70 to 95": ragged,
    "wrapped at 80, no blank lines": lambda text: filled(text, 80).replace("\n\n", "\n"),
}
GIANTS = {
    "words": "cell protein ",
    "lines": "cell protein\n",
    "one word": "a",
    "only '!'": "!",
    "blanks": " ",
}


def boundaries(text: str, starts: Sequence[int]) -> set[int]:
    visible = [0, *accumulate(not character.isspace() for character in text)]
    return {visible[start] for start in starts[1:]}


def f1(found: Sequence[set[int]], gold: Sequence[set[int]]) -> float:
    both = sum(len(one & other) for one, other in zip(found, gold, strict=True))
    return 2 * both / (sum(map(len, found)) + sum(map(len, gold)))


def print_agreement(articles: Sequence[dict[str, object]]) -> None:
    texts = [str(article["text"]) for article in articles]
    spans = [article["sentences"] for article in articles]
    gold = [
        boundaries(text, [start for start, _ in pairs])  # type: ignore[attr-defined]
        for text, pairs in zip(texts, spans, strict=True)
    ]
    print(f"{'F1 of boundaries':32}", *(f"{name:>22}" for name in SPLITTERS))
    for name, layout in LAYOUTS.items():
        laid_out = [layout(text) for text in texts]
        scores = (
            f1([boundaries(text, split(text)) for text in laid_out], gold) for split in SPLITTERS.values()
        )
        print(f"{name:32}", *(f"{score:22.4f}" for score in scores))
    print_bare_marks(texts, spans)
    start = time.perf_counter()
    count = sum(len(split_sentences(text)) for text in texts)
    seconds = time.perf_counter() - start
    print(f"\n{count:,} sentences, {sum(map(len, texts)):,} characters in {seconds:.1f} s")


def print_bare_marks(texts: Sequence[str], spans: Sequence[object]) -> None:
    """Measure the same where brackets go too, so that visible characters before a sentence are fewer."""
    laid_out, gold = [], []
    n_moved = 0
    for text, pairs in zip(texts, spans, strict=True):
        moved = bare(text)
        n_moved += len(_MARK.findall(text))
        laid_out.append(moved)
        # A mark lies within one sentence, so what is before each sentence is moved as a whole.
        starts = [len(bare(text[:start])) for start, _ in pairs]  # type: ignore[attr-defined]
        gold.append(boundaries(moved, starts))
    scores = (f1([boundaries(text, split(text)) for text in laid_out], gold) for split in SPLITTERS.values())
    print(f"{'marks behind, no brackets':32}", *(f"{score:22.4f}" for score in scores))
    print(f"({n_moved:,} marks were moved)")


def print_probes() -> None:
    right: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for line in PROBES.read_text(encoding="utf-8").splitlines():
        probe = json.loads(line)
        pieces = [[piece.role.value, piece.text] for piece in split_sentences(probe["text"])]
        tried[probe["kind"]] += 1
        right[probe["kind"]] += pieces == probe["pieces"]
    print(f"\n{right.total()} of {tried.total()} probes right:", end=" ")
    print(", ".join(f"{kind} {right[kind]}/{n}" for kind, n in tried.items()))


def print_giants() -> None:
    print(f"\n{LARGE:,} characters without a sentence end")
    for name, unit in GIANTS.items():
        text = unit * (LARGE // len(unit))
        start = time.perf_counter()
        pieces = split_sentences(text)
        seconds = time.perf_counter() - start
        longest = max((len(piece.text) for piece in pieces), default=0)
        print(f"{name:10} {seconds:6.2f} s, {len(pieces):8,} pieces, the longest of {longest:,}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the sentence splitter.")
    parser.add_argument("articles", type=Path)
    path: Path = parser.parse_args().articles
    if not path.is_file():
        print(f"{path}: no such file; it is craft_dev_sentences.jsonl.gz of the CRAFT development data.")
        return 1
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        print_agreement([json.loads(line) for line in lines])
    print_probes()
    print_giants()
    return 0


if __name__ == "__main__":
    sys.exit(main())
