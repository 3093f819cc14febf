"""Sentences written for the tests, with their aspects and where these stand."""

from __future__ import annotations

import json
import random

SUBJECTS = ("Cells", "The mutants", "Young seedlings", "Both strains", "Treated larvae")
PROCESSES = ("membrane fusion", "cell division", "sugar transport")
COMPONENTS = ("cell wall", "nucleus", "plasma membrane")
FUNCTIONS = ("kinase activity", "ion binding", "lipase activity")
CODES = ("BP", "CC", "MF")
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
                text, aspect, spans = f"{subject} {generator.choice(PLAIN)}.", "", []
            else:
                name, aspect = generator.choice((PROCESSES, COMPONENTS, FUNCTIONS)[kind]), CODES[kind]
                text = f"{subject} showed less {name} in trial {article}{number}."
                spans = [[text.index(name), text.index(name) + len(name), aspect]]
            row = {"text": text, "aspects": aspect, "spans": spans, "article": f"article {article}"}
            lines.append(json.dumps(row))
    return "\n".join(lines) + "\n"
