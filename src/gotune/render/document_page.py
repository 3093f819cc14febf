"""A classified document as one HTML page: its shares, its text with the sentences tinted, and their table."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.corpus.plain_text import BLANKS
from gotune.corpus.reading import as_read
from gotune.corpus.roles import find_blocks
from gotune.named import NamedTerm, NamedTerms
from gotune.ontology.terms import term_page
from gotune.records import ClassifiedDocument, ClassifiedSentence, Role
from gotune.render.figures import tint
from gotune.render.pages import image_address, read_asset, render_page
from gotune.render.plots import plot_shares
from gotune.render.tables import TextTable
from gotune.render.wording import (
    EQUAL_PARTS,
    NONE,
    count_sentences,
    counted,
    describe_doubts,
    describe_interval,
    describe_named,
    describe_probabilities,
    describe_uncounted,
    describe_unfit,
    name_term,
)

_STEPS = ((0.0, "below 50 %"), (0.5, "50 % and more"), (0.75, "75 % and more"), (0.9, "90 % and more"))
"""Least probability of each strength, and its name."""
_PALE, _DEEP = (0.12, 0.2, 0.3, 0.42), (0.35, 0.55, 0.78, 1.0)
"""How much colour each strength has: behind the ink of the text, and in lines and the strip."""
_BLANKS = re.compile(f"[{BLANKS}]+")
_LINE, _GAP = 3, 1
_TOP_TERMS = 20
"""Terms of a document that its page lists; all stand beside their sentences."""
_STRIP = _LINE + _GAP
"""Pixels of a line below a sentence and of the gap above it."""


def render_document_report(document: ClassifiedDocument) -> str:
    """Return a page with everything found in a document, complete in itself.

    The text stands whole and in order. What a sentence carries is told by letters, by place and by tint,
    never by colour alone.
    """
    sections = _sections(document)
    is_multi = document.model.head is Head.MULTI
    return render_page(
        "document_report.html.j2",
        title="{}",
        named=document.name,
        scripts=[read_asset("document_report.js")],
        model=document.model,
        size=count_sentences(document.shares.n_sentences),
        pieces=counted(len(document.sentences), "piece" if document.n_uncounted else "sentence"),
        uncounted=describe_uncounted(document.n_uncounted) if document.n_uncounted else "",
        meaning=describe_probabilities(document.model),
        unfit=describe_unfit(document.model, document.shares.n_sentences),
        doubts=describe_doubts(document.doubts) if document.doubts else "",
        truncated=document.truncated,
        shares=_shares_table(document),
        picture=image_address(plot_shares(document)),
        sections=sections,
        sentences=[sentence for section in sections for sentence in section.sentences],
        filters=_filters(document),
        is_multi=is_multi,
        equal_parts=EQUAL_PARTS,
        palette=_palette(),
        lines=_lines(),
        top=_top_terms(document.named) if document.named else None,
        strengths=[name for _, name in _STEPS],
    )


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as the page shows it.

    Attributes:
        number: From 1.
        text: As it was.
        before: The blanks that lead to it, if it is the first.
        after: The blanks behind it.
        carries: Letters of its aspects, or ``none``.
        lead: Letters of the most probable of them, whose tint is behind the text.
        also: Letters of the others, which are lines below.
        tints: Names of style rules, such as ``bp4 cc2``.
        figures: Probability of each aspect, and whether it is carried.
        doubts: Why not to trust them.
        role: What it is, if it is no sentence.
        terms: That it names.
    """

    number: int
    text: str
    before: str
    after: str
    carries: str
    lead: str
    also: str
    tints: str
    figures: tuple[tuple[str, bool], ...]
    doubts: str
    role: str
    terms: tuple[_Term, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """A term as the page shows it.

    Attributes:
        named: The term.
        name: With what is said of it.
        address: Of its page.
    """

    named: NamedTerm
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class _TopTerms:
    """The terms of the document that are listed, and what is said of them all."""

    terms: tuple[_Term, ...]
    counts: str
    is_whole: bool


def _terms(terms: Iterable[NamedTerm]) -> tuple[_Term, ...]:
    return tuple(_Term(term, name_term(term), term_page(term.go_id)) for term in terms)


def _top_terms(named: NamedTerms) -> _TopTerms:
    return _TopTerms(
        _terms(named.terms[:_TOP_TERMS]), describe_named(named), is_whole=len(named.terms) <= _TOP_TERMS
    )


@dataclass(frozen=True, slots=True)
class _Paragraph:
    is_heading: bool
    sentences: tuple[_Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading, if there is one, and the paragraphs up to the next."""

    name: str
    paragraphs: tuple[_Paragraph, ...]
    counts: str

    @property
    def sentences(self) -> list[_Sentence]:
        return [sentence for paragraph in self.paragraphs for sentence in paragraph.sentences]


def _sections(document: ClassifiedDocument) -> list[_Section]:
    groups: list[list[_Paragraph]] = []
    for paragraph in _paragraphs(document):
        if paragraph.is_heading or not groups:
            groups.append([])
        groups[-1].append(paragraph)
    return [_section(paragraphs) for paragraphs in groups]


def _section(paragraphs: Sequence[_Paragraph]) -> _Section:
    first = paragraphs[0]
    name = as_read(" ".join(sentence.text for sentence in first.sentences)) if first.is_heading else ""
    found = Counter(
        letters
        for paragraph in paragraphs
        for sentence in paragraph.sentences
        for letters in sentence.carries.split()
    )
    counts = ", ".join(f"{letters} {found[letters]:,}" for letters in _letters() if found[letters])
    return _Section(name, tuple(paragraphs), counts)


def _paragraphs(document: ClassifiedDocument) -> list[_Paragraph]:
    """Return the blocks of the text that have sentences, each with its own."""
    blocks = find_blocks(document.text)
    groups: dict[int, list[_Sentence]] = {}
    owners = {span: index for index, block in enumerate(blocks) for span in block.spans}
    spans = sorted(owners)
    for sentence, found in zip(_sentences(document), document.sentences, strict=True):
        span = spans[max(0, bisect_right(spans, (found.sentence.start, len(document.text))) - 1)]
        groups.setdefault(owners[span], []).append(sentence)
    return [
        _Paragraph(blocks[index].role is Role.HEADING, tuple(group))
        for index, group in sorted(groups.items())
    ]


def _sentences(document: ClassifiedDocument) -> Iterable[_Sentence]:
    text = document.text
    for number, found in enumerate(document.sentences, start=1):
        lead = max(found.aspects, key=found.probabilities.__getitem__, default=None)
        yield _Sentence(
            number=number,
            text=_as_written(document, found),
            before=text[: found.sentence.start] if number == 1 else "",
            after=_blanks_behind(text, found.sentence.end),
            role="" if found.sentence.role is Role.SENTENCE else found.sentence.role.value,
            carries=" ".join(aspect.short for aspect in found.aspects) or NONE,
            lead=lead.short if lead else "",
            also=" ".join(aspect.short for aspect in found.aspects if aspect is not lead),
            tints=" ".join(_tint_name(aspect, found) for aspect in found.aspects),
            figures=tuple(
                (f"{found.probabilities[aspect]:.3f}", aspect in found.aspects) for aspect in ASPECTS
            ),
            doubts=", ".join(found.doubts),
            terms=_terms(document.named.of_sentences[number - 1] if document.named else ()),
        )


def _as_written(document: ClassifiedDocument, found: ClassifiedSentence) -> str:
    """Return a piece as the text has it; one with a page's end inside as it is read."""
    sentence = found.sentence
    return document.text[sentence.start : sentence.end] if len(sentence.spans) == 1 else sentence.text


def _blanks_behind(text: str, end: int) -> str:
    blanks = _BLANKS.match(text, end)
    return blanks.group() if blanks else ""


def _tint_name(aspect: Aspect, found: ClassifiedSentence) -> str:
    strength = sum(found.probabilities[aspect] >= least for least, _ in _STEPS)
    return f"{aspect.short.lower()}{max(1, strength)}"


def _palette() -> list[tuple[str, str, str, str]]:
    """Return for each tint its name, its aspect's name, and its colours behind the text and in lines."""
    return [
        (
            f"{aspect.short.lower()}{strength}",
            aspect.short.lower(),
            tint(aspect.colour, pale),
            tint(aspect.colour, deep),
        )
        for aspect in ASPECTS
        for strength, (pale, deep) in enumerate(zip(_PALE, _DEEP, strict=True), start=1)
    ]


def _lines() -> list[tuple[str, str, int]]:
    """Return aspects beside the most probable one, the lines for them as CSS layers, and their height."""
    rules = []
    for mask in range(1, 1 << len(ASPECTS)):
        names = [aspect.short for aspect in ASPECTS if mask >> aspect.label & 1]
        layers = []
        for number, name in enumerate(reversed(names)):
            # From the bottom up: a line, and a gap that shows the paper.
            bottom = number * _STRIP
            layers += [_layer(f"{name.lower()}-deep", bottom, _LINE), _layer("paper", bottom + _LINE, _GAP)]
        rules.append((" ".join(names), ", ".join(layers), len(names) * _STRIP))
    return rules


def _layer(colour: str, bottom: int, height: int) -> str:
    return f"linear-gradient(var(--{colour}) 0 0) 0 calc(100% - {bottom}px) / 100% {height}px no-repeat"


def _filters(document: ClassifiedDocument) -> list[tuple[str, str, int]]:
    """Return letters, words and number of sentences of each kind that can be singled out."""
    found = Counter(aspect for sentence in document.sentences for aspect in sentence.aspects)
    filters = [(aspect.short, aspect.words, found[aspect]) for aspect in ASPECTS]
    if document.model.head is Head.MULTI:
        filters.append((NONE, NONE, sum(not sentence.aspects for sentence in document.sentences)))
    return filters


def _letters() -> tuple[str, ...]:
    return (*(aspect.short for aspect in ASPECTS), NONE)


def _shares_table(document: ClassifiedDocument) -> TextTable:
    shares = document.shares
    rows = [
        (f"{aspect.words} ({aspect.short})", f"{estimate.value:.1%}", describe_interval(estimate))
        for aspect, estimate in zip(ASPECTS, shares.aspects or (), strict=bool(shares.aspects))
    ]
    title = f"Share among the {count_sentences(shares.n_carrying)} with an aspect"
    if document.model.head is Head.MULTI:
        none = shares.none
        rows.append((f"{NONE}, of all sentences", f"{none.value:.1%}", describe_interval(none)))
    return TextTable(title, ("aspect", "share", "95 % interval"), tuple(rows))
