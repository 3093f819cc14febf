from __future__ import annotations

import gzip
import json
import textwrap
import time
from collections.abc import Iterator
from itertools import accumulate, islice, pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gotune.corpus import sentences
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.reading import Reading
from gotune.corpus.sentences import LONGEST_SENTENCE, LONGEST_WORD, split_sentences
from gotune.records import Role, Sentence

CRAFT = Path(__file__).parents[3] / "shared" / "data" / "craft_dev_sentences.jsonl.gz"

# Few letters and many stops, blanks and breaks: what splitters stumble over.
PROSE = st.text(st.sampled_from("aB1.!?…)\"' \t\n\r\u2028\u200b\xa0"), max_size=200)
PARTS = (
    "Cells grow|membrane| Fig| A| kinase B|1|,|[2]|\\cite{a}|\u00b9|-|\n|\n\n|\u00ad|\ufb01|. |.| 12| et al|"
    "# |\t|References|Received 2001|\\begin{a}\n|% b|5%|(Fig.|)|, "
)
MARKED = st.lists(st.sampled_from(PARTS.split("|")), max_size=30).map("".join)


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text)]


@given(st.text() | PROSE | MARKED)
@example("")
@example('?"' * 40)
@example(".) ) . \n)")
@example("x" * (LONGEST_WORD + 1) + ". A b. C")
def test_every_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    pieces = split_sentences(text)
    for piece in pieces:
        assert Reading(text, piece.spans).text == piece.text
        assert VISIBLE.match(piece.text[0])
        assert VISIBLE.match(piece.text[-1])
    assert [piece.start for piece in pieces] == sorted(piece.start for piece in pieces)
    spans = sorted(span for piece in pieces for span in piece.spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    bounds = [0, *(bound for span in spans for bound in span), len(text)]
    gaps = zip(bounds[::2], bounds[1::2], strict=True)
    assert not any(VISIBLE.search(text, start, end) for start, end in gaps)


@given(PROSE | MARKED)
def test_splitting_a_sentence_again_changes_nothing(text: str) -> None:
    for piece in split_sentences(text):
        if piece.role is Role.SENTENCE:
            assert texts(piece.text) == [piece.text]


def test_a_sentence_goes_on_behind_the_end_of_a_page() -> None:
    text = "Septins form a ring at the neck of the\n\nDoe et al.\n\n12\n\nbud. It opens.\n"
    whole, head, number, after = split_sentences(text)
    assert whole == Sentence(
        ((0, 38), (56, 60)), "Septins form a ring at the neck of the bud.", Role.SENTENCE
    )
    assert [text[start:end] for start, end in whole.spans] == [
        "Septins form a ring at the neck of the",
        "bud.",
    ]
    assert (whole.start, whole.end) == (0, 60)
    assert (head.text, head.role, number.text, number.role) == ("Doe et al.", Role.OTHER, "12", Role.OTHER)
    assert after == Sentence(((61, 70),), "It opens.", Role.SENTENCE)


def test_places_are_those_of_what_is_written() -> None:
    text = "The e\ufb04ux pump is in the lyso-\nsome. It needs\u00a0ATP.1 Next"
    assert [(text[piece.start : piece.end], piece.text) for piece in split_sentences(text)] == [
        ("The e\ufb04ux pump is in the lyso-\nsome.", "The efflux pump is in the lysosome."),
        ("It needs\u00a0ATP.1", "It needs ATP.1"),
        ("Next", "Next"),
    ]


def test_full_stops() -> None:
    assert texts("  Fig. 1 shows it, e.g. in S. cerevisiae. Is it (p < 0.05)? Yes!  ") == [
        "Fig. 1 shows it, e.g. in S. cerevisiae.",
        "Is it (p < 0.05)?",
        "Yes!",
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028"])
def test_each_line_of_unwrapped_text_ends_a_sentence(line_break: str) -> None:
    lines = ["Cell cycle control", "Background", "Cyclins bind kinases. They vary", "And so on"]
    assert texts(line_break.join(lines)) == [
        "Cell cycle control",
        "Background",
        "Cyclins bind kinases.",
        "They vary",
        "And so on",
    ]


WRAPPED = """\
Materials and methods
Cells were grown in medium with serum and then
washed twice in cold buffer. The pellets were kept
at room temperature until they were used by
Western blotting for the kinase

Results
No change was seen.
"""


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_wrapped_lines_are_joined_and_headings_are_not(line_break: str) -> None:
    text = WRAPPED.replace("\n", line_break)
    assert texts(text) == [
        "Materials and methods",
        "Cells were grown in medium with serum and then washed twice in cold buffer.",
        "The pellets were kept at room temperature until they were used by Western blotting for the kinase",
        "Results",
        "No change was seen.",
    ]


def test_list_of_lower_case_words_is_not_wrapped_text() -> None:
    assert texts("nucleus\ncytosol\nmembrane") == ["nucleus", "cytosol", "membrane"]


def test_blank_line_ends_a_sentence_even_before_lower_case() -> None:
    assert texts("the equation\n \t\nor another") == ["the equation", "or another"]


@pytest.mark.parametrize("text", ["", " \n\u3000", "\ufeff\u200b"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert split_sentences(text) == ()


def test_long_sentence_is_divided_at_blanks() -> None:
    text = "kinase " * 1000
    pieces = texts(text)
    # 285 times "kinase " and one blank less is the longest that fits into 2,000.
    assert [len(piece) for piece in pieces] == [1994, 1994, 1994, 1014]
    assert " ".join(pieces) == text.strip()


def test_long_word_stands_alone_in_pieces() -> None:
    assert texts(f"It is {'ACGT' * 1000} here. So.") == [
        "It is",
        "ACGT" * 500,
        "ACGT" * 500,
        "here.",
        "So.",
    ]
    assert texts(f"It is {'A' * LONGEST_WORD} here.") == [f"It is {'A' * LONGEST_WORD} here."]


def test_windows_change_no_boundary(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"Kinase no. {n} binds cyclin, i.e. p{n}. It stops (Fig. {n})." for n in range(300))
    whole = split_sentences(text)
    assert len(whole) == 600
    monkeypatch.setattr(sentences, "_WINDOW", 500)
    assert split_sentences(text) == whole


@pytest.mark.parametrize(
    ("unit", "size"),
    [
        ("cell protein ", 10_000_000),
        ("a", 10_000_000),
        ("\n", 10_000_000),
        ('?"', 10_000_000),
        ("cell protein\n", 500_000),
        (f"{'!' * LONGEST_WORD} ", 500_000),
        (". ", 1_000_000),
        (f"cells.{'*' * 60} and ", 500_000),
        (f"cells.{'¹⁰,' * 60} and ", 500_000),
        (f"cells.{'^1' * 60} and ", 500_000),
        (f"cells.{'1</sup>' * 60} and ", 500_000),
        (f"cells.{'[1]' * 60} and ", 500_000),
        (f"cells.{'(A 2001)' * 30} and ", 500_000),
    ],
)
def test_large_text_without_a_sentence_end_takes_seconds(unit: str, size: int) -> None:
    text = unit * (size // len(unit))
    start = time.process_time()
    longest = max((len(sentence.text) for sentence in split_sentences(text)), default=0)
    assert time.process_time() - start < 10
    assert longest <= LONGEST_SENTENCE


def craft_articles() -> Iterator[tuple[str, list[list[int]]]]:
    if not CRAFT.exists():
        pytest.skip(f"the CRAFT development articles are not at {CRAFT}")
    with gzip.open(CRAFT, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 8):
            article = json.loads(line)
            yield article["text"], article["sentences"]


def starts(text: str, spans: list[int]) -> set[int]:
    """Starts of all sentences but the first, in visible characters, which wrapping leaves alone."""
    visible = [0, *accumulate(not character.isspace() for character in text)]
    return {visible[start] for start in spans[1:]}


def wrapped(text: str) -> str:
    return "\n\n".join(textwrap.fill(part, 80, break_long_words=False) for part in text.split("\n\n"))


@pytest.mark.parametrize(("wrap", "floor"), [(False, 0.99), (True, 0.99)])
def test_boundaries_of_real_articles(wrap: bool, floor: float) -> None:
    both = found_only = gold_only = 0
    for text, gold_spans in craft_articles():
        gold = starts(text, [start for start, _ in gold_spans])
        layout = wrapped(text) if wrap else text
        found = starts(layout, [sentence.start for sentence in split_sentences(layout)])
        both += len(found & gold)
        found_only += len(found - gold)
        gold_only += len(gold - found)
    assert 2 * both / (2 * both + found_only + gold_only) >= floor
