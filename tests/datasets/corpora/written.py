"""Little corpora of our own, written in the formats that are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from gotune.datasets.corpora.annotated import Mention

TEXT = (
    "A made-up kinase\n\nMkk9 binds zinc and moves into the nuclear and the plasma membrane. "
    "Its expression mediates growth.\nNobody looked at E. coli further.\n"
)
"""Three sentences and a heading."""


def find(text: str, kind: str, *words: str) -> Mention:
    """Return a mention of words, each piece the first of its kind behind the one before."""
    pieces: list[tuple[int, int]] = []
    end = 0
    for piece in words:
        start = text.index(piece, end)
        end = start + len(piece)
        pieces.append((start, end))
    return Mention(kind, tuple(pieces))


MENTIONS = (
    find(TEXT, "Protein", "Mkk9"),
    find(TEXT, "Binding", "binds"),
    find(TEXT, "Localization", "moves"),
    find(TEXT, "Component", "nuclear", "membrane"),
    find(TEXT, "Component", "plasma membrane"),
    find(TEXT, "Expression", "expression"),
    find(TEXT, "Regulation", "mediates"),
    find(TEXT, "Organism", "E. coli"),
)


_CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0")
_WORDS = st.text(_CHARACTERS, min_size=1, max_size=40)


@st.composite
def annotated(draw: st.DrawFn) -> tuple[str, tuple[Mention, ...]]:
    """A text with letters beyond the basic plane and line ends, and mentions of up to three pieces."""
    text = draw(st.lists(st.sampled_from(["\U0001d6fc", "\n", "a ", "."]) | _WORDS, min_size=1).map("".join))
    text += "x"
    mentions = []
    for kind in draw(st.lists(st.sampled_from(["A", "B-c", "D_e"]), max_size=4)):
        size = 2 * draw(st.integers(1, 3))
        places = draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=size).map(sorted))
        if len(places) % 2:
            places = places[:-1]
        mentions.append(Mention(kind, tuple(zip(places[::2], places[1::2], strict=True))))
    return text, tuple(mentions)


def standoff(text: str, mentions: Sequence[Mention]) -> str:
    """Return mentions as text-bound annotations."""
    lines = []
    for number, mention in enumerate(mentions, 1):
        places = ";".join(f"{start} {end}" for start, end in mention.pieces)
        words = " ".join(text[start:end].replace("\n", " ") for start, end in mention.pieces)
        lines.append(f"T{number}\t{mention.type} {places}\t{words}\n")
    return "".join(lines)


def write_standoff(
    folder: Path, name: str = "one", text: str = TEXT, mentions: Sequence[Mention] = MENTIONS
) -> Path:
    """Write a document as brat does."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    (folder / f"{name}.ann").write_text(standoff(text, mentions), encoding="utf-8", newline="")
    return folder


Passages = Sequence[tuple[str, Sequence[Mention]]]


def collection(passages: Passages, *, name: str = "one", gap: int = 1) -> dict[str, Any]:
    """Return a BioC collection of one document in the form of its JSON."""
    found: list[dict[str, Any]] = []
    offset = 0
    for text, mentions in passages:
        annotations = [
            {
                "id": f"T{number}",
                "infons": {"type": mention.type},
                "text": " ".join(text[start:end] for start, end in mention.pieces),
                "locations": [
                    {"offset": offset + start, "length": end - start} for start, end in mention.pieces
                ],
            }
            for number, mention in enumerate(mentions, 1)
        ]
        passage = {"offset": offset, "infons": {}, "text": text, "sentences": [], "relations": []}
        found.append({**passage, "annotations": annotations})
        offset += len(text) + gap
    document = {"id": name, "infons": {}, "passages": found, "annotations": [], "relations": []}
    return {"source": "made up", "date": "", "key": "", "infons": {}, "documents": [document]}


def as_xml(value: dict[str, Any]) -> str:
    """Return a BioC collection as XML."""
    documents = "".join(f"<document>{_inside(one)}</document>" for one in value["documents"])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE collection SYSTEM "BioC.dtd">\n'
        f"<collection><source>made up</source><date/><key/>\n{documents}</collection>\n"
    )


def _inside(item: dict[str, Any]) -> str:
    parts = [
        f"<infon key={quoteattr(key)}>{escape(text)}</infon>" for key, text in item.get("infons", {}).items()
    ]
    parts += [
        f"<{name}>{escape(str(item[name]), {chr(13): '&#13;'})}</{name}>\n"
        for name in ("id", "offset", "text")
        if name in item and not (name == "id" and "locations" in item)
    ]
    parts += [
        f'<location offset="{one["offset"]}" length="{one["length"]}"/>' for one in item.get("locations", ())
    ]
    for name in ("passage", "sentence", "annotation", "relation"):
        for one in item.get(f"{name}s", ()):
            key = f" id={quoteattr(one['id'])}" if name in ("annotation", "relation") else ""
            parts.append(f"<{name}{key}>{_inside(one)}</{name}>\n")
    return "".join(parts)


def as_json(value: object) -> str:
    return json.dumps(value)


def genia(body: str, pmid: str = "7") -> str:
    """Return an article of the GENIA event corpus with this in its abstract."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<!DOCTYPE Annotation PUBLIC "-//GENIA//DTD GENIA ANNOTATION EVENT 2.0//EN" "../event_20.dtd">\n'
        "<Annotation><PubmedArticleSet><PubmedArticle><MedlineCitation>\n"
        f"<PMID>{pmid}</PMID><Article><ArticleTitle>\n"
        '<sentence id="S1">A made-up kinase.</sentence>\n'
        f"</ArticleTitle><Abstract><AbstractText>\n{body}\n</AbstractText></Abstract></Article>\n"
        "</MedlineCitation></PubmedArticle></PubmedArticleSet></Annotation>\n"
    )


GENIA = genia(
    '<sentence id="S2"><term sem="Protein_molecule" id="T1">Mkk9 &amp; co</term> raises <cons '
    'sem="(AND Other Virus)" id="T2"><frag id="F1">viral</frag> and <frag id="F2">other</frag></cons> '
    '<term sem="Other" id="T3"><term sem="Protein_molecule" id="T4">Mkk9</term> kinase activity</term>.'
    "</sentence>\n"
    '<event id="E1"><type class="Positive_regulation"/><theme idref="T3"/><clue>Mkk9 &amp; co '
    "<clueType>raises</clueType> viral and other Mkk9 kinase activity.</clue></event>\n"
    '<event id="E2"><type/><clue>Mkk9 &amp; co raises viral and other Mkk9 kinase activity.</clue></event>\n'
    '<sentence id="S3"><term id="T5">Growth</term> and splitting need transcription.</sentence>\n'
    '<event id="E3"><type class="Cell_adhesion"/><clue><clueType>Growth</clueType> '
    "<linkTheme>and</linkTheme> <clueType>splitting</clueType> need transcription.</clue></event>\n"
    '<event id="E4"><type class="Gene_expression"/><clue>Growth and splitting need transcription.</clue>'
    "</event>"
)
