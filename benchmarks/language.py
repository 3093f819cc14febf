"""Is a text English? The words that `gotune.corpus.screening` counts, against libraries that tell languages.

::

    pip install py3langid lingua-language-detector simplemma
    python benchmarks/language.py craft_dev.tsv.gz

Texts: benchmarks/competence_texts.tsv (55 English, 60 in six other languages), and every tenth CRAFT
development sentence of four words and more, all of them English. What is not installed is left out.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from gotune.corpus.screening import Doubt, assess

TEXTS = Path(__file__).parent / "competence_texts.tsv"
IsEnglish = Callable[[str], bool]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("craft", type=Path, help="CRAFT development sentences, a table with a column text")
    arguments = parser.parse_args()
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    table = pd.read_csv(arguments.craft, sep="\t", keep_default_na=False)
    sentences = [text for text in table["text"] if len(text.split()) >= 4][::10]
    print("| by | foreign texts found | English texts kept | sentences doubted | µs each |")
    print("| --- " * 5 + "|")
    for name, is_english in {"gotune": own, **libraries()}.items():
        is_english("Some words, so that what is loaded late is loaded.")
        found = [(row["language"] == "en", is_english(row["text"])) for row in rows]
        foreign, english = ([said for true, said in found if true is kind] for kind in (False, True))
        start = time.perf_counter()
        doubted = sum(not is_english(text) for text in sentences) / len(sentences)
        seconds = (time.perf_counter() - start) / len(sentences)
        print(
            f"| {name} | {foreign.count(False)} of {len(foreign)} | {english.count(True)} of {len(english)} "
            f"| {doubted:.2%} | {1e6 * seconds:.0f} |"
        )


def own(text: str) -> bool:
    return Doubt.NOT_ENGLISH not in assess(text)


def libraries() -> dict[str, IsEnglish]:
    """Return what is installed."""
    found: dict[str, IsEnglish] = {}
    try:
        import py3langid

        found["py3langid"] = lambda text: py3langid.classify(text)[0] == "en"
    except ImportError:
        pass
    try:
        from lingua import Language, LanguageDetectorBuilder

        lingua = LanguageDetectorBuilder.from_all_languages().build()
        found["lingua"] = lambda text: lingua.detect_language_of(text) == Language.ENGLISH
    except ImportError:
        pass
    try:
        from simplemma.language_detector import in_target_language

        found["simplemma, at least .4"] = lambda text: in_target_language(text, lang="en") >= 0.4
    except ImportError:
        pass
    return found


if __name__ == "__main__":
    main()
