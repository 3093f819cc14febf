"""Sentences written for the tests, with their aspects and where the evidence stands."""

from __future__ import annotations

import json
import random

SUBJECTS = ("Cells", "The mutants", "Young seedlings", "Both strains", "Treated larvae")
PROCESSES = ("membrane fusion", "cell division", "sugar transport")
COMPONENTS = ("cell wall", "nucleus", "plasma membrane")
FUNCTIONS = ("kinase activity", "ion binding", "lipase activity")
PLAIN = ("were kept at room temperature", "were counted twice", "are shown in the figure")


def write_sentences(n_articles: int = 6, n_each: int = 8) -> str:
    """Return JSON lines of some articles, in which every aspect and none of them occur."""
    generator = random.Random(5)  # noqa: S311 (no secret)
    lines = []
    for article in range(n_articles):
        for number in range(n_each):
            subject = generator.choice(SUBJECTS)
            kind = number % 4
            if kind == 3:
                text, names = f"{subject} {generator.choice(PLAIN)}.", []
            else:
                name = generator.choice((PROCESSES, COMPONENTS, FUNCTIONS)[kind])
                text, names = f"{subject} showed less {name} in trial {article}{number}.", [name]
            spans = [
                [text.index(name), text.index(name) + len(name), ("BP", "CC", "MF")[kind]] for name in names
            ]
            row = {"text": text, "aspects": ",".join(span[2] for span in spans), "spans": spans}
            lines.append(json.dumps({**row, "article": f"article {article}"}))
    return "\n".join(lines) + "\n"
