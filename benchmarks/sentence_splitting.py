"""How well and how fast the sentence splitter finds the sentences of papers.

Run ``python benchmarks/sentence_splitting.py craft_dev_sentences.jsonl.gz`` from the repository.

The gold sentences are those of CRAFT's treebank, 67 development articles with one paragraph a line. The
same articles are also laid out in other ways; a boundary is the number of visible characters before a
sentence, so that layout does not move it. The first sentence of an article begins for free and is not
counted. Plain nupunkt, with and without its own layout rules, stands beside gotune.

Reference marks stand before the stop in most of these articles. They are moved behind it, in each of the
styles that journals have, and the boundaries measured again. The probes of ``sentence_probes.jsonl`` were
made up for gotune: texts of the kinds that splitters stumble over, with the pieces and roles that a person
would see in them, half of them written before the rules were.
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
from typing import Any

import nupunkt

from gotune.corpus.sentences import split_sentences

LARGE = 10_000_000
PROBES = Path(__file__).parent / "sentence_probes.jsonl"

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
LAYOUTS: dict[str, Callable[[str], str]] = {
    "as in CRAFT": str,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no blank lines": lambda text: text.replace("\n\n", "\n"),
    "wrapped at 80": lambda text: filled(text, 80),
    "wrapped at 40": lambda text: filled(text, 40),
    "wrapped at 70 to 95": ragged,
    "wrapped at 80, no blank lines": lambda text: filled(text, 80).replace("\n\n", "\n"),
}
MARK = re.compile(r"\s?\[(\d+(?:\s?[,\u2013-]\s?\d+)*)\]([.?!])$")
SUPERSCRIPTS = str.maketrans(
    "0123456789-", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b"
)
STYLES: dict[str, Callable[[re.Match[str]], str]] = {
    ".[1]": lambda mark: f"{mark[2]}[{mark[1]}]",
    ". [1]": lambda mark: f"{mark[2]} [{mark[1]}]",
    ".1": lambda mark: f"{mark[2]}{mark[1]}",
    ".(1)": lambda mark: f"{mark[2]}({mark[1]})",
    ".\u00b9": lambda mark: mark[2] + mark[1].replace(" ", "").translate(SUPERSCRIPTS),
    ".<sup>1</sup>": lambda mark: f"{mark[2]}<sup>{mark[1]}</sup>",
    ".1</sup>": lambda mark: f"{mark[2]}{mark[1]}</sup>",
    ".\\cite{ref1}": lambda mark: f"{mark[2]}\\cite{{ref{mark[1]}}}",
}
"""What stands for a mark before a stop, ``[1].``."""
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


def with_marks_moved(article: dict[str, Any], style: Callable[[re.Match[str]], str]) -> tuple[str, list[int]]:
    """Return the text of an article with its marks behind the stops, and where its sentences begin."""
    text, starts, end = "", [], 0
    for start, stop in article["sentences"]:
        text += article["text"][end:start]
        starts.append(len(text))
        text += MARK.sub(style, article["text"][start:stop])
        end = stop
    return text + article["text"][end:], starts


def print_marks(articles: Sequence[dict[str, Any]]) -> None:
    sentences = (article["text"][start:end] for article in articles for start, end in article["sentences"])
    n_moved = sum(MARK.search(sentence) is not None for sentence in sentences)
    print(f"\n{f'with {n_moved:,} marks moved to':32}", *(f"{name:>22}" for name in SPLITTERS))
    for name, style in STYLES.items():
        moved = [with_marks_moved(article, style) for article in articles]
        gold = [boundaries(text, starts) for text, starts in moved]
        scores = (
            f1([boundaries(text, split(text)) for text, _ in moved], gold) for split in SPLITTERS.values()
        )
        print(f"{name:32}", *(f"{score:22.4f}" for score in scores))


def print_probes() -> None:
    kinds, right = Counter[str](), Counter[str]()
    for line in PROBES.read_text(encoding="utf-8").splitlines():
        probe = json.loads(line)
        found = [[piece.role.value, piece.text] for piece in split_sentences(probe["text"])]
        kinds[probe["kind"]] += 1
        right[probe["kind"]] += found == probe["pieces"]
    for kind, count in kinds.items():
        print(f"{kind:14} {right[kind]:4} of {count}")
    print(f"{'all probes':14} {right.total():4} of {kinds.total()}: {right.total() / kinds.total():.1%}\n")


def print_agreement(articles: Sequence[dict[str, Any]]) -> None:
    texts = [article["text"] for article in articles]
    gold = [boundaries(article["text"], [start for start, _ in article["sentences"]]) for article in articles]
    print(f"{'F1 of boundaries':32}", *(f"{name:>22}" for name in SPLITTERS))
    for name, layout in LAYOUTS.items():
        laid_out = [layout(text) for text in texts]
        scores = (
            f1([boundaries(text, split(text)) for text in laid_out], gold) for split in SPLITTERS.values()
        )
        print(f"{name:32}", *(f"{score:22.4f}" for score in scores))
    start = time.process_time()
    count = sum(len(split_sentences(text)) for text in texts)
    seconds = time.process_time() - start
    print(f"\n{count:,} pieces, {sum(map(len, texts)):,} characters: {count / seconds:,.0f} a second")


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
        articles = [json.loads(line) for line in lines]
    print_probes()
    print_agreement(articles)
    print_marks(articles)
    print_giants()
    return 0


if __name__ == "__main__":
    sys.exit(main())
