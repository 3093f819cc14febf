"""A tiny distribution in CRAFT's layout, with texts of our own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

TEXT = (
    "A made-up kinase\n\nThe kinase binds zinc, and  moves\u2009into the nuclear and the plasma membrane.\n"
    "It was found with an antibody & by RT.\n\nNobody looked further.\n"
)
SENTENCES = (
    "A made-up kinase",
    "The kinase binds zinc, and moves into the nuclear and the plasma membrane.",
    "It was found with an antibody & by RT.",
    "Nobody looked further.",
)

Named = tuple[str, Sequence[str]]
"""Class, and the words that name it, each piece the first of its kind behind the one before."""

CORE: dict[str, list[Named]] = {
    "BP": [("GO:0006810", ["moves"])],
    "CC": [("GO:0031965", ["nuclear", "membrane"]), ("GO:0042571", ["antibody"])],
    "MF": [],
}
EXTENDED: dict[str, list[Named]] = {
    "BP": [("GO:0006810", ["moves"]), ("GO_EXT:finding", ["found"])],
    "CC": CORE["CC"],
    "MF": [
        ("GO_EXT:0016301", ["kinase"]),
        ("GO_EXT:both", ["binds"]),
        ("GO:0005515", ["binds zinc"]),
        ("GO_EXT:reverse_transcription_or_reverse_transcriptase", ["RT"]),
        ("GO_EXT:unrelated", ["looked"]),
    ],
}
RELATED = (
    "GO_EXT:0016301\tGO:0016301\nGO_EXT:both\tGO:0005488\tGO:0005515\n"
    "GO_EXT:reverse_transcription_or_reverse_transcriptase\tGO:0003964\n"
)


def write_release(folder: Path, articles: Sequence[str]) -> Path:
    """Write a distribution in which all articles have the same text."""
    mapping = "GO_MF_extension_classes_and_related_GO_MF_classes.txt"
    write(folder / "concept-annotation/GO_MF/GO_MF+extensions" / mapping, RELATED)
    write(folder / "CHANGES.md", "# Changes\n\n## Version 9.8.7\n* Made up.\n\n## Version 9\n")
    write(folder / "articles/ids/craft-ids-test.txt", "2\n")
    for article in articles:
        write(folder / f"articles/txt/{article}.txt", TEXT)
        write(conllu_path(folder, article), conllu(SENTENCES))
        for aspect in CORE:
            write(xml_path(folder, article, aspect), xml(CORE[aspect]))
            write(xml_path(folder, article, aspect, extended=True), xml(EXTENDED[aspect]))
    return folder


def conllu(sentences: Sequence[str]) -> str:
    return "# newdoc id = 1\n" + "".join(
        f"# sent_id = {number}\n# text = {sentence}\n1\t{sentence.split()[0]}\t_\n\n"
        for number, sentence in enumerate(sentences, 361)
    )


def xml(named: Sequence[Named], text: str = TEXT) -> str:
    annotations, mentions = [], []
    for number, (go_class, pieces) in enumerate(named):
        spans, place = [], 0
        for piece in pieces:
            start = text.index(piece, place)
            place = start + len(piece)
            spans.append(f'<span start="{start}" end="{place}" />')
        annotations.append(
            f'<annotation><mention id="m{number}" />{"".join(spans)}'
            f"<spannedText>{escape(' ... '.join(pieces))}</spannedText></annotation>\n"
        )
        mentions.append(
            f'<classMention id="m{number}"><mentionClass id={quoteattr(go_class)}>its name</mentionClass>'
            "</classMention>\n"
        )
    body = "".join(annotations + mentions[::-1])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<annotations textSource="1.txt">\n{body}</annotations>\n'


def conllu_path(folder: Path, article: str) -> Path:
    return folder / f"structural-annotation/dependency/conllu/{article}.conllu"


def xml_path(folder: Path, article: str, aspect: str, *, extended: bool = False) -> Path:
    kind = f"GO_{aspect}{'+extensions' if extended else ''}"
    return folder / f"concept-annotation/GO_{aspect}/{kind}/knowtator/{article}.txt.knowtator.xml"


def write(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path
