"""How time grows with length: every reader and every rule of text at 1, 2, 4 and 8 times a length.

::

    python benchmarks/growth.py [--only NAME]

A rule gets texts that are bad for rules of text: one piece again and again, some of them behind a beginning
that never ends. Of each rule the text with the largest exponent is shown, the slope of time against length
with both as logarithms: 1 where time is in proportion, 2 where it grows with the square. What is above 1.5 is
marked, after it was measured three times. Lengths begin where a call takes some milliseconds. The figures go
to benchmarks/results/growth.json.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import io
import json
import math
import os
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gotune.corpus.delimited import tsv_rows
from gotune.corpus.documents import read_documents
from gotune.corpus.plain_text import text_key
from gotune.corpus.reading import as_read
from gotune.corpus.roles import find_blocks
from gotune.corpus.screening import assess, find_remains
from gotune.corpus.sentences import split_sentences
from gotune.corpus.tables import NewRow, add_columns, open_table
from gotune.lexicon.abbreviations import find_abbreviations, spell_out
from gotune.lexicon.dictionary import Dictionary
from gotune.lexicon.matching import split_words
from gotune.lexicon.variants import head_word
from gotune.lexicon.word_forms import stem
from gotune.lines import one_line
from gotune.ontology.loading import example_ontology, read_raw
from gotune.ontology.obo import parse_obo, quoted
from gotune.ontology.obo_repairs import repair
from gotune.render.document_table import encodable
from gotune.render.lettering import drawable, fitted
from gotune.render.term_graph.layout import wrap

RESULTS = Path(__file__).parent / "results" / "growth.json"
TIMES = (1, 2, 4, 8)
LEAST_SECONDS = 0.01
"""Of the shortest length, so that the clock can tell."""
LONGEST = 200_000
"""Of the shortest length, in characters, lines or columns."""
MOST = 1.5
HALF_A_STANZA = 900_000
"""Characters of a text that is whole in a stanza, of up to four bytes each; a cut one would be repaired."""
DICTIONARY = Dictionary.from_ontology(example_ontology())

PIECES = (
    "a", "A", "(", ")", "[", "{", "<", "&", "$", "@", ".", " ", "\n", "\t", "|", "-", "'", '"', "\\", "1",
    "\u00e9", "\u200b", "\U0001f600", "\r\n", "\u2028", "-\n", "A. ", "A.B.", "a.", "word ", "Word word\n",
    "word.\n", "Word word.\n\n", "1 ", "((a", "(a)", "(AB) ", "a b c (ABC) ", "(AB; x ", "[](", "<a ", "</a",
    "$^", "\\a ", "a@", "a-", "A'", "1998;", "2000 ", "Jan 1, ", "and ", "A B, ", "dna", "asease", "Tbx15 ",
    'a"\t"b\n', '"a\n', '"a\t', '""a\t"\n', "http://", "10.1000/", "a" * 600 + " ",
)  # fmt: skip
BEGINNINGS = ("", "$", "(", "[", '"', "<a ", "\\a", "doi:10.1000/", "2000;1", "Smith, A. ", "A B (AB; ")
ENDLESS = ("a", " ", "\\", ".", "1", "(")
"""What stands again and again behind each beginning."""

RULES: dict[str, Callable[[str], object]] = {
    "as_read": as_read,
    "split_sentences": split_sentences,
    "find_blocks": find_blocks,
    "assess": assess,
    "find_remains": lambda text: find_remains([text]),
    "text_key": text_key,
    "one_line": one_line,
    "split_words": split_words,
    "stem": lambda text: stem.__wrapped__(text),
    "head_word": head_word,
    "find_abbreviations": lambda text: find_abbreviations([text]),
    "spell_out": lambda text: spell_out([text], ["x"], DICTIONARY),
    "Dictionary.find": DICTIONARY.find,
    "rows of TSV": lambda text: rows_of_tsv(f"a\n{text}"),
    "rows of TSV below many columns": lambda text: rows_of_tsv("a\t" * len(text) + f"\n{text}"),
    "drawable": drawable,
    "fitted": lambda text: fitted(text, 5.0, size=9),
    "wrap": lambda text: wrap(drawable(text), 30),
    "encodable": encodable,
    "name of OBO": lambda text: parse(f"name: {one_line(text)}"),
    "definition of OBO": lambda text: parse(f"name: a\ndef: {quoted(text[:HALF_A_STANZA])} [GOC:a]"),
    "open definition of OBO": lambda text: parse(f'name: a\ndef: "{one_line(text)}'),
    "synonym of OBO": lambda text: parse(f"name: a\nsynonym: {quoted(text[:HALF_A_STANZA])} EXACT []"),
    "references of OBO": lambda text: parse(f'name: a\ndef: "a" [{one_line(text)}]'),
    "repaired definition of OBO": lambda text: repair(f"def: {text}"),
    "repaired quotes of OBO": lambda text: repair(f'def: "a{text}" [GOC:a]'),
    "repaired list of OBO": lambda text: repair(f'def: "a" [{text}]'),
    "repaired synonym of OBO": lambda text: repair(f'exact_synonym: "{text} EXACT b'),
    "repaired xref of OBO": lambda text: repair(f"xref: {text}"),
    "repaired id of OBO": lambda text: repair(f"is_a: GO:1 {text}"),
    "repaired edge of OBO": lambda text: repair(f"relationship: {text} GO:1 {text}"),
    "repaired tag of OBO": lambda text: repair(f"{text}: GO:1"),
    "repaired name of OBO": lambda text: repair(f"name: {text}"),
    "repaired date of OBO": lambda text: repair(f"date: {text}", in_header=True),
    "lines of OBO": lambda text: parse(f"name: a\n{text}"),
}


def rows_of_tsv(text: str) -> object:
    lines = io.StringIO(text, newline="\n")
    return deque(tsv_rows(lines, Path("a.tsv"), longest=len(text)), maxlen=0)


def parse(lines: str) -> object:
    term = "[Term]\nid: GO:1\nname: one\nnamespace: biological_process\n\n"
    raw = f"format-version: 1.4\n\n{term}[Term]\nid: GO:2\nnamespace: biological_process\n{lines}"
    # A longer stanza is refused.
    return parse_obo(raw.encode()[:4_000_000].decode(errors="ignore").encode() + b"\n", "x", lenient=True)


def texts() -> dict[str, Callable[[int], str]]:
    return {
        repr((beginning + piece)[:16]): lambda n, beginning=beginning, piece=piece: (
            beginning + piece * (n // len(piece) + 1)
        )[: n + len(beginning)]
        for piece in PIECES
        for beginning in (BEGINNINGS if piece in ENDLESS else ("",))
    }


def terms(n: int) -> str:
    return "".join(f"[Term]\nid: GO:{i}\nname: n{i}\nnamespace: biological_process\n\n" for i in range(n))


ONE = "[Term]\nid: GO:1\nname: one\nnamespace: biological_process\n"
OBO: dict[str, Callable[[int], str]] = {
    "OBO, terms": terms,
    "OBO, empty lines": lambda n: ONE + "\n" * n,
    "OBO, comments": lambda n: "! a\n" * n + ONE,
    "OBO, empty and other lines": lambda n: ONE + "xref: A:1\n\n" * min(n, 300_000),
    "OBO, synonyms of a term": lambda n: ONE + 'synonym: "a" EXACT [A:1]\n' * min(n, 130_000),
    "OBO, lost edges of a term": lambda n: ONE + "".join(f"is_a: GO:9{i}\n" for i in range(min(n, 200_000))),
    "OBO, names of a term": lambda n: ONE + "name: a\n" * min(n, 400_000),
    "OBO, bad lines of a term": lambda n: ONE + "bad\n" * n,
    "OBO, lines of unknown tags": lambda n: ONE + "".join(f"tag{i}: a\n" for i in range(min(n, 300_000))),
    "OBO, repaired lines of a term": lambda n: ONE + "xref: A: 1\n" * min(n, 300_000),
    "OBO, broken definitions of a term": lambda n: ONE + 'def: "a\nb" [A: 1]\n' * min(n, 200_000),
    "OBO, repaired stanzas": lambda n: terms(n).replace("\n\n", "\nxref: A: 1\n\n"),
    "OBO, bad stanzas": lambda n: ONE + "[Term]\nid: GO:2\nbad\n" * n,
    "OBO, the same id": lambda n: ONE * n,
}


def columns(n: int, separator: str) -> str:
    header = separator.join(["text", *(f"c{i}" for i in range(n))])
    return f"{header}\n{f'a{separator}' * n}a\n"


TABLES: dict[str, tuple[str, Callable[[int], str]]] = {
    "TSV, rows": (".tsv", lambda n: "text\n" + "a text\n" * n),
    "TSV, empty rows": (".tsv.gz", lambda n: "text\na\n" + "\n" * n),
    "TSV, columns": (".tsv", lambda n: columns(n, "\t")),
    "TSV, a long cell": (".tsv", lambda n: "text\tb\na\t" + "a" * min(n, 1_000_000) + "\n"),
    "TSV, cells of many lines": (".tsv", lambda n: "text\tb\n" + '"a\n\n"\t"b"\n' * n),
    "TSV, a cell of many lines": (".tsv", lambda n: 'text\tb\na\t"' + "a\n" * min(n, 200_000) + '"\n'),
    "TSV, an open quote": (".tsv", lambda n: 'text\n"a\n' + "a text\n" * n),
    "TSV, open quotes": (".tsv", lambda n: "text\n" + '"a text\n' * n),
    "CSV, rows": (".csv", lambda n: "text\n" + "a text\n" * n),
    "CSV, columns": (".csv", lambda n: columns(n, ",")),
    "CSV, a long cell": (".csv", lambda n: 'text,b\na,"' + '""\n' * n + '"\n'),
    "JSON lines, rows": (".jsonl", lambda n: '{"text": "a"}\n' * n),
    "JSON lines, empty lines": (".jsonl", lambda n: '{"text": "a"}\n' + "\n" * n),
    "JSON lines, columns": (".jsonl", lambda n: json.dumps({"text": "a"} | {f"c{i}": i for i in range(n)})),
    "JSON lines, other keys in each": (
        ".jsonl",
        lambda n: "".join(json.dumps({"text": "a", f"c{i}": i}) + "\n" for i in range(n)),
    ),
    "JSON lines, a list": (".jsonl", lambda n: json.dumps({"text": "a", "b": [[]] * min(n, 1_000_000)})),
}  # fmt: skip


def copied(path: Path, rows_at_once: int) -> object:
    table = open_table(path, text_column="text")
    target = path.with_name("copy.parquet")
    return add_columns(
        table, [target], {"n": int}, lambda cells: [[NewRow((1,))] for _ in cells], rows_at_once=rows_at_once
    )


def readers(folder: Path) -> dict[str, tuple[Callable[[int], Path], Callable[[Path], object]]]:
    """Return by name what makes a file of some length, and what reads it."""

    def written(suffix: str, make: Callable[[int], str]) -> Callable[[int], Path]:
        def write(n: int) -> Path:
            path = folder / f"file{suffix}"
            data = make(n).encode()
            path.write_bytes(gzip.compress(data) if suffix.endswith(".gz") else data)
            return path

        return write

    def parquet(make: Callable[[int], pa.Table]) -> Callable[[int], Path]:
        def write(n: int) -> Path:
            pq.write_table(make(n), folder / "file.parquet")
            return folder / "file.parquet"

        return write

    def read_table(path: Path) -> object:
        return open_table(path, text_column="text")

    def read_obo(path: Path) -> object:
        return parse_obo(read_raw(path), "x", lenient=True)

    def read_text(path: Path) -> object:
        return [split_sentences(document.text) for document in read_documents([path])]

    found = {name: (written(suffix, make), read_table) for name, (suffix, make) in TABLES.items()}
    found |= {name: (written(".obo", make), read_obo) for name, make in OBO.items()}
    found["Parquet, rows"] = (parquet(lambda n: pa.table({"text": [f"a{i}" for i in range(n)]})), read_table)
    found["Parquet, columns"] = (
        parquet(lambda n: pa.table({"text": ["a"]} | {f"c{i}": ["a"] for i in range(min(n, 2_000))})),
        read_table,
    )
    found["text file, words"] = (written(".txt", lambda n: "word " * n), read_text)
    found["text file, lines"] = (written(".txt", lambda n: "Word word\n" * n), read_text)
    found["columns added, 16 rows at once"] = (
        written(".tsv", lambda n: "text\n" + "a\n" * n),
        lambda path: copied(path, 16),
    )
    found["columns added, all of one article"] = (
        written(".tsv", lambda n: "article\ttext\n" + "x\ta\n" * n),
        lambda path: copied(path, 16),
    )
    return found


def seconds(call: Callable[[], object], *, runs: int = 1) -> float:
    taken = []
    for _ in range(runs):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return min(taken)


def growth(prepare: Callable[[int], Callable[[], object]]) -> dict[str, float | list[float]]:
    """Return the shortest length, the seconds of each, and the exponent."""
    n = 250
    prepare(n)()  # what is loaded at the first call is not counted
    while n < LONGEST and seconds(prepare(n)) < LEAST_SECONDS:
        n *= 2
    for runs in (1, 3):
        taken = [seconds(prepare(n * times), runs=runs) for times in TIMES]
        exponent = slope(taken)
        if exponent <= MOST:
            break
    return {"length": n, "seconds": [round(each, 4) for each in taken], "exponent": round(exponent, 2)}


def slope(taken: list[float]) -> float:
    return statistics.linear_regression(
        [math.log(times) for times in TIMES],
        [math.log(max(each, 1e-4)) for each in taken],
    ).slope


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", help="what the names of readers and rules have to hold")
    only = parser.parse_args().only
    # A full collection walks through all that the imports made: a step in time, wherever it happens to fall.
    gc.freeze()
    rows = []
    print("| what | worst text | shortest | seconds at 1, 2, 4, 8 times it | exponent |")
    print("| --- | --- | --- | --- | --- |")

    def report(what: str, text: str, found: dict[str, float | list[float]]) -> None:
        mark = " **!**" if found["exponent"] > MOST else ""
        times = ", ".join(f"{each:.3f}" for each in found["seconds"])
        print(
            f"| {what} | {text} | {found['length']:,} | {times} | {found['exponent']:.2f}{mark} |", flush=True
        )
        rows.append({"what": what, "text": text, **found})

    with tempfile.TemporaryDirectory() as name:
        os.environ["GOTUNE_CACHE"] = name
        os.environ["GOTUNE_MAX_UNPACKED"] = str(1 << 40)
        for what, (make, read) in readers(Path(name)).items():
            if only in what:
                report(what, "", growth(lambda n, make=make, read=read: prepared(read, make(n))))
    for what, rule in RULES.items():
        if only in what:
            found = {
                text: growth(lambda n, make=make, rule=rule: prepared(rule, make(n)))
                for text, make in texts().items()
            }
            worst = max(found, key=lambda text: found[text]["exponent"])
            report(what, worst.replace("|", "\\|"), found[worst])
    if not only:
        RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def prepared(call: Callable, given: object) -> Callable[[], object]:
    return lambda: call(given)


if __name__ == "__main__":
    main()
