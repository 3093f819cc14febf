from __future__ import annotations

from collections.abc import Iterator

import pytest

from gotune.scale.records import Record, Rejected, Text, checked, pieces_of


class Stream:
    """Texts of so many characters each, none of 0."""

    def __init__(self, *lengths: int) -> None:
        self._lengths = lengths
        self.n_read = 0

    def __iter__(self) -> Iterator[Record]:
        for line, length in enumerate(self._lengths, 1):
            self.n_read += length
            yield checked("a" * length, "", "a.txt", line, 0)


def shards_of(*lengths: int, texts_of_shard: int = 1000) -> list[list[int]]:
    """Return how many records each piece of each shard has."""
    shards: dict[int, list[int]] = {}
    for piece in pieces_of(Stream(*lengths), texts_of_shard):
        shards.setdefault(piece.shard, []).append(len(piece.texts) + len(piece.rejected))
    return list(shards.values())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A cell.", None),
        ("", "expected a text, found nothing that can be seen"),
        (" \u200b\n", "expected a text, found nothing that can be seen"),
        (None, "expected a text, found none"),
        (7, "expected a text, found a int"),
        ("a" * 1_000_001, "expected a text of at most 1,000,000 characters, found 1,000,001"),
        ("caf\udce9", "expected UTF-8, found the byte 0xe9"),
        ("half \ud800", "expected characters, found half a surrogate pair"),
        ("\udfff\n", "expected lines of at most 8,388,608 bytes, found a longer one"),
    ],
)
def test_a_text_is_checked(text: object, reason: str | None) -> None:
    found = checked(text, "", "a.tsv", 3, 9)
    if reason is None:
        assert found == Text("a.tsv", 3, 9, "", "A cell.")
    else:
        assert found == Rejected("a.tsv", 3, reason)


def test_an_article_is_checked_too() -> None:
    assert checked("A cell.", "\udce9", "a.tsv", 3, 9) == Rejected(
        "a.tsv", 3, "expected UTF-8, found the byte 0xe9"
    )


def test_an_article_is_short() -> None:
    for length, expected in ((1000, "a" * 1000), (1001, "")):
        found = checked("A.", "a" * length, "a", 1, 0)
        assert isinstance(found, Text)
        assert found.article == expected


def test_a_reason_can_be_written_whatever_is_in_it() -> None:
    found = Rejected.of("a.tsv", 1, "found \udce9" + "x" * 10_000)
    assert found.reason.startswith("found \ufffdxxx")
    assert len(found.reason) == 600


def test_pieces_are_cut_by_number() -> None:
    assert shards_of(*[5] * 2600) == [[500, 500], [500, 500], [500, 100]]
    assert shards_of(*[5] * 2000) == [[500, 500], [500, 500]]
    assert shards_of(*[5] * 8, texts_of_shard=3) == [[3], [3], [2]]


def test_what_is_rejected_counts() -> None:
    assert shards_of(*[5, 0] * 4, texts_of_shard=3) == [[3], [3], [2]]


def test_long_texts_make_short_pieces_and_shards() -> None:
    assert shards_of(*[1_000_000] * 80) == [[5] * 14, [5, 5]]


def test_the_last_piece_knows_that_it_is() -> None:
    ends = [(piece.ends_shard, piece.ends_corpus) for piece in pieces_of(Stream(*[5] * 1000), 500)]
    assert ends == [(True, False), (True, True)]
    ends = [(piece.ends_shard, piece.ends_corpus) for piece in pieces_of(Stream(*[5] * 700), 600)]
    assert ends == [(False, False), (True, False), (True, True)]


def test_no_record_is_one_empty_piece() -> None:
    (piece,) = pieces_of(Stream(), 10)
    assert (piece.texts, piece.rejected, piece.ends_shard, piece.ends_corpus) == ((), (), True, True)


class Rows:
    """Texts of articles, of which each has so many."""

    n_read = 0

    def __init__(self, *counts: int) -> None:
        self._counts = counts

    def __iter__(self) -> Iterator[Record]:
        for article, count in enumerate(self._counts):
            yield from [Text("a.tsv", 1, 0, str(article), "A cell.")] * count


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((300, 300, 300), [600, 300]),
        ((499, 2, 499), [501, 499]),
        ((5000,), [1000] * 5),
        ((600, 395, 10, 5), [600, 405, 5]),
    ],
)
def test_pieces_and_shards_end_between_articles(counts: tuple[int, ...], expected: list[int]) -> None:
    pieces = [*pieces_of(Rows(*counts), 1000)]
    assert [len(piece.texts) for piece in pieces] == expected
    assert sum(piece.ends_shard for piece in pieces) == max(1, sum(counts) // 1000 + (sum(counts) % 1000 > 0))
