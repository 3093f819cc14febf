from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from gotune.datasets.corpora.annotated import Mention
from gotune.datasets.corpora.standoff import read_standoff
from gotune.errors import DatasetError, DocumentError
from tests.datasets.corpora.written import MENTIONS, TEXT, annotated, standoff, write_standoff
from tests.examples import some


def test_brat(tmp_path: Path) -> None:
    write_standoff(tmp_path / "brat" / "inner")
    write_standoff(tmp_path / "brat", "empty", "Nothing here.", ())
    (tmp_path / "brat" / "annotation.conf").write_text("[entities]\nProtein\n")
    (tmp_path / "brat" / "README.txt").write_text("No document.")
    (tmp_path / "brat" / ".stats_cache").write_text("hidden")
    corpus = read_standoff([tmp_path / "brat"])
    assert [document.name for document in corpus.documents] == ["empty", "inner/one"]
    (passage,) = corpus.documents[1].passages
    assert (passage.text, passage.mentions, passage.is_sentence) == (TEXT, MENTIONS, False)
    assert [passage.words_of(mention) for mention in passage.mentions[3:5]] == [
        "nuclear membrane",
        "plasma membrane",
    ]
    assert corpus.documents[0].passages[0].mentions == ()
    assert corpus.documents[1].files == {".ann"}
    assert corpus.unread == (str(tmp_path / "brat/README.txt"), str(tmp_path / "brat/annotation.conf"))


def test_shared_task(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Mkk9 binds zinc.")
    (tmp_path / "a.a1").write_text("T1\tProtein 0 4\tMkk9\n\n*\tEquiv T1 T1\n")
    (tmp_path / "a.a2").write_text(
        "T2\tBinding 5 10\tbinds\nE1\tBinding:T2 Theme:T1 \nE2\tBinding:T2\nM1\tNegation E1\nA1\tSure E1\n"
        "R1\tPart Arg1:T1 Arg2:T1\t\nN1\tReference T1 UniProt:1\tMkk9\n#1\tAnnotatorNotes T1\ta\u2028b\n"
    )
    (tmp_path / "b.txt").write_text("Mkk9.")
    (tmp_path / "b.a1").write_text("")
    first, second = read_standoff([tmp_path]).documents
    assert first.passages[0].mentions == (Mention("Protein", ((0, 4),)), Mention("Binding", ((5, 10),)))
    assert first.files == {".a1", ".a2"}
    assert second.files == {".a1"}
    assert first.kept_out == {
        "equivalence": 1, "attribute": 2, "relation": 1, "normalization": 1, "note": 1,
    }  # fmt: skip


def test_the_joined_file_is_read_alone(tmp_path: Path) -> None:
    write_standoff(tmp_path)
    (tmp_path / "one.a1").write_text("T1\tProtein 0 4\tnot so\n")
    assert read_standoff([tmp_path]).documents[0].passages[0].mentions == MENTIONS


def test_line_ends_and_marks_count_as_in_brat(tmp_path: Path) -> None:
    """Both characters of a line end of two are counted, and a byte order mark of the text is."""
    text = "\ufeffHeading\r\nMkk9 binds\r\nzinc."
    start = text.index("Mkk9")
    (tmp_path / "a.txt").write_bytes(text.encode())
    (tmp_path / "a.ann").write_bytes(
        f"\ufeffT1\tProtein {start} {start + 4}\tMkk9\r\n"
        f"T2\tBinding {start + 5} {len(text) - 1}\tbinds  zinc\r\n".encode()
    )
    (passage,) = read_standoff([tmp_path]).documents[0].passages
    assert passage.text == text
    assert [passage.words_of(mention) for mention in passage.mentions] == ["Mkk9", "binds zinc"]


LINES = {
    "other words": (
        "T1\tProtein 0 4\tMkk8",
        "expected the words of the text at 0-4, 'Mkk9', found 'Mkk8'",
    ),
    "behind the end": (
        "T1\tProtein 12 99\tzinc.",
        "expected a stretch of the text, which has 16 characters, found characters 12 to 99",
    ),
    "empty": ("T1\tProtein 4 4\t", "found characters 4 to 4"),
    "no offsets": ("T1\tProtein\tMkk9", "expected a line of standoff: an id, a type, offsets"),
    "no words": ("T1\tProtein 0 4", "expected a line of standoff: an id, a type, offsets"),
    "beyond numbers": (
        f"T1\tProtein 0 {'9' * 5000}\tMkk9",
        "expected a line of standoff: an id, a type",
    ),
    "half an event": (f"E1\t{'a:' * 200_000}\tx", "expected a line of standoff: an id, and a type with its"),
    "negative": ("T1\tProtein -1 4\tMkk9", "expected a line of standoff: an id, a type, offsets"),
    "unknown": ("X1\tThing T1", "an id that begins with T, E, R, A, M, N, #, *, divided by tabs, found 'X1"),
    "prose": ("Note that this is no file of annotations", "expected a line of standoff: an id that begins"),
    "no trigger": ("E1\tBinding Theme:T1", "expected a line of standoff: an id, and a type with its trigger"),
    "lost trigger": (
        "E1\tBinding:T9",
        "expected a trigger of the type Binding, found T9, which is not there",
    ),
}


@pytest.mark.parametrize("name", sorted(LINES))
def test_bad_lines(name: str, tmp_path: Path) -> None:
    line, message = LINES[name]
    (tmp_path / "a.txt").write_text("Mkk9 binds zinc.")
    (tmp_path / "a.ann").write_text(f"\n{line}\n")
    with pytest.raises(DatasetError) as caught:
        read_standoff([tmp_path])
    assert f"{tmp_path / 'a.ann'}, line 2: " in str(caught.value)
    assert message in str(caught.value)


def test_an_event_is_of_the_type_of_its_trigger(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Mkk9 binds zinc.")
    (tmp_path / "a.ann").write_text("T1\tProtein 0 4\tMkk9\nE1\tBinding:T1\n")
    with pytest.raises(DatasetError, match="found T1, which is a Protein"):
        read_standoff([tmp_path])
    (tmp_path / "a.ann").write_text("T1\tProtein 0 4\tMkk9\nT1\tBinding 5 10\tbinds\n")
    with pytest.raises(DatasetError, match="expected each id once in a document, found T1 again"):
        read_standoff([tmp_path])


def test_folders_that_do_not_fit(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="wrap it in a list"):
        read_standoff(str(tmp_path))
    with pytest.raises(DatasetError, match="expected a file or a folder, found none of that name"):
        read_standoff([tmp_path / "missing"])
    (tmp_path / "a.txt").write_text("Mkk9.")
    with pytest.raises(DatasetError, match=r"found none, but 1 other files, such as .*a\.txt"):
        read_standoff([tmp_path])
    (tmp_path / "b.ann").write_text("")
    with pytest.raises(DatasetError, match=r"found 1 without it, such as .*b\.ann"):
        read_standoff([tmp_path])
    (tmp_path / "b.txt").write_bytes(b"Mkk9 \xe9.")
    with pytest.raises(DocumentError, match="Windows-1252"):
        read_standoff([tmp_path])


def test_a_document_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    for part in ("all", "train"):
        write_standoff(tmp_path / part)
    with pytest.raises(DatasetError, match=r"every document once.*found 'all/one', 'train/one'"):
        read_standoff([tmp_path])
    with pytest.raises(DatasetError, match=r"every document once.*found 'one' twice"):
        read_standoff([tmp_path / "all", tmp_path / "train"])
    write_standoff(tmp_path / "train", "one", "Another text.", ())
    assert len(read_standoff([tmp_path]).documents) == 2


@some(60)
@given(annotated())
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, tuple[Mention, ...]]
) -> None:
    text, mentions = drawn
    folder = tmp_path_factory.getbasetemp() / "drawn"
    folder.mkdir(exist_ok=True)
    (folder / "a.txt").write_text(text, encoding="utf-8", newline="")
    (folder / "a.ann").write_text(standoff(text, mentions), encoding="utf-8", newline="")
    (document,) = read_standoff([folder]).documents
    assert (document.passages[0].text, document.passages[0].mentions) == (text, mentions)
