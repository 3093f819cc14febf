"""``gotune corpus``: annotated corpora of others become sentences to learn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import Json, OutputFolder, Quiet, group, refuse_options
from gotune.errors import SaveError

if TYPE_CHECKING:
    from gotune.datasets.corpora.annotated import AnnotatedCorpus
    from gotune.datasets.corpora.labelling import CorpusCard, TypeCount
    from gotune.datasets.corpora.type_map import TypeMap
    from gotune.protocols import Track

corpus = group("Make labelled sentences of annotated corpora.")

MapName = Annotated[
    str | None,
    typer.Option(
        "--map",
        metavar="NAME|FILE",
        help="genia, cancer-genetics, anatem, or a TOML file that says what the types mean. Without it, the "
        "types are shown and a map to begin with.",
    ),
]
Table = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Table of sentences to write: .tsv or .tsv.gz."),
]
NewMap = Annotated[
    Path | None,
    typer.Option("--write-map", metavar="FILE", help="Write the map to begin with there: .toml."),
]
IgnoreUnmapped = Annotated[
    bool, typer.Option("--ignore-unmapped", help="Ignore types that the map does not name.")
]


@corpus.command(epilog="Example: gotune corpus craft CRAFT-5.0.2/ --articles ids.txt -o craft/")
def craft(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="The release, unpacked."),
    ],
    articles: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Ids of the articles to read, one a line: CRAFT has articles/ids/craft-ids-train.txt. "
            "Keep its 30 test articles apart, which are for the final measurement.",
        ),
    ],
    output: OutputFolder,
    without_noncommercial: Annotated[
        bool,
        typer.Option(
            "--without-noncommercial",
            help="Leave out the three articles that may be used for non-commercial purposes only.",
        ),
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read articles of the CRAFT corpus into labelled sentences.

    CRAFT is at https://github.com/UCDenver-ccp/CRAFT/releases. The table is for `gotune train --sentences`,
    of the articles that are named and no others.
    """
    from gotune.datasets.craft import FOLDER, TABLE, read_article_ids, read_craft, save_craft
    from gotune.files import check_replaceable

    screen = Screen(quiet=quiet, as_json=as_json)
    check_replaceable(output, FOLDER)
    sentences = read_craft(
        folder,
        read_article_ids(articles),
        with_non_commercial=not without_noncommercial,
        track=screen.track,
    )
    save_craft(sentences, output)
    card = sentences.card
    rows = [
        ("CRAFT version", card.craft_version),
        ("articles", f"{len(card.articles):,}"),
        ("sentences", f"{card.n_sentences:,}"),
        *((code, f"{count:,}") for code, count in card.counts.items()),
        ("none of them", f"{card.n_none:,}"),
    ]
    screen.show_rows(("what", "value"), rows)
    if card.test_articles:
        screen.warn(f"{len(card.test_articles)} of them are CRAFT's test articles: never train on these")
    if card.non_commercial:
        screen.explain(f"For non-commercial use only: {', '.join(card.non_commercial)}")
    screen.explain(f"Please cite the {card.citation.rstrip('.')}.")
    screen.say(f"Written to {output / TABLE}")
    screen.result({"folder": str(output), **asdict(card)})


def _format(epilog: str) -> Callable[[Callable[..., AnnotatedCorpus]], Callable[..., AnnotatedCorpus]]:
    """Make a command of what reads a format: its sources, and the options that all formats have.

    Args:
        epilog: Stands below the help, which is the docstring of the reader.
    """

    def register(read: Callable[..., AnnotatedCorpus]) -> Callable[..., AnnotatedCorpus]:
        def command(
            sources: list[Path],
            type_map: MapName = None,
            output: Table = None,
            write_map: NewMap = None,
            ignore_unmapped: IgnoreUnmapped = False,
            quiet: Quiet = False,
            as_json: Json = False,
        ) -> None:
            screen = Screen(quiet=quiet, as_json=as_json)
            _Options(type_map, output, write_map, ignore_unmapped).run(read, sources, screen)

        command.__annotations__["sources"] = read.__annotations__["sources"]
        corpus.command(read.__name__, help=read.__doc__, epilog=epilog)(command)
        return read

    return register


@_format("Example: gotune corpus standoff my_brat/ --map map.toml -o mine.tsv.gz")
def standoff(
    sources: Annotated[
        list[Path], typer.Argument(metavar="FOLDER...", help="Texts (.txt) with .ann, or .a1 and .a2.")
    ],
    track: Track,
) -> AnnotatedCorpus:
    """Read texts annotated in brat, or for a BioNLP shared task.

    Entities and triggers of events are mentions of their types. The map says which types mean which aspect,
    and on which aspects a sentence without them is judged. The table is for `gotune train --sentences`.
    """
    from gotune.datasets.corpora.standoff import read_standoff

    return read_standoff(sources, track=track)


@_format("Example: gotune corpus bioc collection.xml --map map.toml -o mine.tsv.gz")
def bioc(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|FOLDER...", help="Collections: .xml or .json, each also with .gz."),
    ],
    track: Track,
) -> AnnotatedCorpus:
    """Read BioC collections, in XML or JSON.

    Annotations are mentions of their infon `type`. The map says which types mean which aspect, and on which
    aspects a sentence without them is judged. The table is for `gotune train --sentences`.
    """
    from gotune.datasets.corpora.bioc import read_bioc

    return read_bioc(sources, track=track)


@_format("Example: gotune corpus genia GENIAcorpus_event/ --map genia -o genia.tsv.gz")
def genia(
    sources: Annotated[
        list[Path], typer.Argument(metavar="FILE|FOLDER...", help="The XML files of the corpus.")
    ],
    track: Track,
) -> AnnotatedCorpus:
    """Read the GENIA event corpus, in its own XML.

    Terms and events are mentions of their classes. The map says which classes mean which aspect, and on which
    aspects a sentence without them is judged. The table is for `gotune train --sentences`.
    """
    from gotune.datasets.corpora.genia import read_genia

    return read_genia(sources, track=track)


@dataclass(frozen=True, slots=True)
class _Options:
    """What is done with a corpus of any format."""

    type_map: str | None
    output: Path | None
    write_map: Path | None
    ignore_unmapped: bool

    def run(self, read: Callable[..., AnnotatedCorpus], sources: Sequence[Path], screen: Screen) -> None:
        """Show the types and a map to begin with, or write the sentences by a map that is there."""
        from gotune.datasets.corpora.labelling import check_sentences_name
        from gotune.datasets.corpora.type_map import read_map

        if self.type_map is None:
            refuse_options(
                {"-o": self.output, "--ignore-unmapped": self.ignore_unmapped}, without="--map NAME|FILE"
            )
            self._check_new_map()
            self._show_types(read(sources, screen.track), screen)
            return
        if self.output is None or self.write_map is not None:
            raise typer.BadParameter("--map: expected -o FILE with it, and no --write-map")
        check_sentences_name(self.output)
        chosen = read_map(self.type_map)
        self._write(read(sources, screen.track), chosen, self.output, screen)

    def _check_new_map(self) -> None:
        from gotune.files import check_file

        if self.write_map is None:
            return
        check_file(self.write_map, (".toml",), do="Rename it, for example to map.toml.")
        if self.write_map.exists():
            raise SaveError(
                str(self.write_map),
                expected="a new file",
                found="one, which may hold somebody's work",
                do="Choose another name, or remove it.",
            )

    def _show_types(self, found: AnnotatedCorpus, screen: Screen) -> None:
        from gotune.datasets.corpora.labelling import count_kept_out, count_types, draft_map
        from gotune.files import write_text

        types, kept_out = count_types(found), count_kept_out(found)
        draft = draft_map(types)
        _show_types(types, None, screen)
        _tell_rest(kept_out, len(found.unread), screen)
        if self.write_map is None:
            for line in draft.splitlines():
                screen.say(line)
        else:
            write_text(self.write_map, draft)
            screen.say(f"Written to {self.write_map}: say there what the types mean, then give it as --map.")
        screen.result(
            {
                "documents": len(found.documents),
                "types": [asdict(one) for one in types],
                "kept_out": kept_out,
                "map": draft,
            }
        )

    def _write(self, found: AnnotatedCorpus, chosen: TypeMap, output: Path, screen: Screen) -> None:
        from gotune.datasets.corpora.labelling import label_corpus, write_sentences

        sentences = label_corpus(
            found,
            chosen,
            ignore_unmapped=self.ignore_unmapped,
            track=screen.track,
            # The map may not name all of them.
            on_types=lambda types: _show_types(types, chosen, screen),
        )
        write_sentences(sentences, output)
        _tell_card(sentences.card, screen)
        screen.say(f"Written to {output}")
        screen.result({"path": str(output), **sentences.card.to_dict()})


def _show_types(types: Sequence[TypeCount], chosen: TypeMap | None, screen: Screen) -> None:
    rows = [
        (
            one.type,
            *([] if chosen is None else [chosen.meaning(one.type)]),
            f"{one.n_mentions:,}",
            f"{one.n_documents:,}",
            "; ".join(one.examples),
        )
        for one in types
    ]
    meaning = [] if chosen is None else ["means"]
    screen.show_rows(("type", *meaning, "annotations", "documents", "such as"), rows)


def _tell_card(card: CorpusCard, screen: Screen) -> None:
    from gotune.render.wording import counted

    screen.show_rows(
        ("aspect", "sentences judged", "that carry it"),
        [(code, f"{n:,}", f"{card.carried[code]:,}") for code, n in card.judged.items()],
    )
    screen.say(f"{counted(card.n_sentences, 'sentence')} of {counted(card.n_documents, 'document')}.")
    if card.n_crossing:
        screen.explain(
            f"{counted(card.n_crossing, 'mention')} over the end of a sentence, counted on both sides of it, "
            f"such as {'; '.join(card.crossing)}."
        )
    _tell_rest(card.kept_out, card.n_unread, screen)
    if card.missing:
        screen.explain(f"In the map and not in the corpus: {', '.join(card.missing)}.")
    for code, n in card.carried.items():
        if not n:
            screen.warn(f"No sentence carries {code}, on which {card.judged[code]:,} are judged")
    if card.citation:
        screen.explain(f"Please cite the {card.citation.rstrip('.')}.")


def _tell_rest(kept_out: Mapping[str, int], n_unread: int, screen: Screen) -> None:
    """Say what is in the corpus and was not read."""
    from gotune.render.wording import counted

    if kept_out:
        listed = ", ".join(counted(n, kind) for kind, n in kept_out.items())
        screen.explain(f"Not read, as they have no place in a text: {listed}.")
    if n_unread:
        screen.explain(f"{counted(n_unread, 'file')} beside the annotated documents not read.")
