"""Figures of README and docs: they stand once, in ``benchmarks/results``, as the commands wrote them.

What is between ``<!-- figures: NAME -->`` and ``<!-- end of figures -->`` in a page is made here::

    python scripts/figures.py           # fill the pages in
    python scripts/figures.py --check   # name the pages that say something else, exit code 1
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks/results"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "notebooks/case_study.py"]
BLOCK = re.compile(r"^(# |)<!-- figures: (\w+) -->\n.*?<!-- end of figures -->$", re.DOTALL | re.MULTILINE)
PROCESS_FUNCTION_COMPONENT = ("biological_process", "molecular_function", "cellular_component")
"""As studies of suggestions for genes have them."""
NEW_IN_ASPECT = "none in the aspect before"
_ABSTRACTS = 38_000_000
"""Records of PubMed, about; those that have an abstract are fewer."""
_BYTES_OF_ABSTRACT = 1500
_USD_OF_CORE_HOUR = 0.05
"""What a core is taken to cost for an hour."""
_CORES = 64
PARTS = {
    "test": "random, as published",
    "test_release": "terms new since 2020-01-01",
    "test_opening": "unseen openings",
    "test_lineage": "unseen lineages",
    "test_cut": "random, first 8 words cut",
}


def results(name: str) -> Any:  # noqa: ANN401 (whatever the command wrote)
    """Return a file of results; a ``.jsonl`` file as a list."""
    path = RESULTS / name
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)


def number(value: float, decimals: int = 3) -> str:
    """Return a figure without the zero before the point."""
    return f"{value:.{decimals}f}".replace("0.", ".", 1)


def estimate(found: dict[str, Any] | None) -> str:
    """Return a figure with its interval, or a dash."""
    if found is None:
        return "-"
    low, high = found["interval"]["low"], found["interval"]["high"]
    return f"{number(found['value'])} ({number(low)} to {number(high)})"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def sentences() -> str:
    """Return all models on the sentences of CRAFT's development papers."""
    found = results("crossval_papers.json")
    case = results("sentences_case_study.json")["model"]
    names = {
        "model": "`--preset papers`",
        "always the same": "always the shares of the training folds",
        "TF-IDF + logistic regression": "TF-IDF + logistic regression, same sentences",
        "dictionary of GO names": "names and exact synonyms of GO, matched",
    }
    rows = [(names[row["model"]], row) for row in (found["model"], *found["baselines"])]
    rows.append(("the case study's model", case))
    rows.sort(key=lambda row: -row[1]["macro_auroc"]["value"])
    figures = (
        "macro_auroc", "macro_average_precision", "balanced_accuracy", "profile_correlation",
        "calibration_error",
    )  # fmt: skip
    header = (
        "model", "macro ROC-AUC", "macro average precision", "one-aspect accuracy", "profiles of articles",
        "calibration error",
    )  # fmt: skip
    return table(header, [(name, *(estimate(row[figure]) for figure in figures)) for name, row in rows])


def aspects() -> str:
    """Return the papers recipe aspect by aspect."""
    rows = results("crossval_papers.json")["model"]["aspects"]
    figures = ("auroc", "average_precision", "precision", "recall", "f1")
    return table(
        ("aspect", "ROC-AUC", "average precision", "precision", "recall", "F1", "sentences"),
        [
            (
                row["aspect"].replace("_", " "),
                *(estimate(row[name]) for name in figures),
                f"{row['support']:,}",
            )
            for row in rows
        ],
    )


def definitions() -> str:
    """Return both recipes, and TF-IDF on the rows of each, on all test parts of definitions."""
    papers, case = (results(f"definitions_{name}.json")["splits"] for name in ("papers", "case_study"))
    rows = [
        (
            PARTS[one["part"]],
            f"{one['n']:,}",
            *(estimate(split["accuracies"][row]) for split in (one, other) for row in (0, 1)),
        )
        for one, other in zip(papers, case, strict=True)
    ]
    header = (
        "test part", "definitions", "`papers`, which ships", "TF-IDF + linear SVM, same 16,000",
        "`--preset case-study`", "TF-IDF + linear SVM, same 2,000",
    )  # fmt: skip
    return table(header, rows)


def tutorial() -> str:
    """Return what a model of definitions is worth on papers."""
    crossed, case = results("crossval_papers.json"), results("sentences_case_study.json")["model"]
    papers, alone = (results(f"definitions_{name}.json")["splits"][0] for name in ("papers", "case_study"))
    auroc = {row["model"]: row["macro_auroc"] for row in crossed["baselines"]}
    accuracy = [number(found["accuracies"][0]["value"], 2) for found in (alone, papers)]
    rows = [
        ("the case study's recipe, as above", accuracy[0], estimate(case["macro_auroc"])),
        ("names and exact synonyms of GO, matched", "", estimate(auroc["dictionary of GO names"])),
        (
            "TF-IDF, taught by the same sentences as the next", "",
            estimate(auroc["TF-IDF + logistic regression"]),
        ),
        ("gotune's recipe for papers", accuracy[1], f"**{estimate(crossed['model']['macro_auroc'])}**"),
    ]  # fmt: skip
    return table(("model", "accuracy on definitions", "macro ROC-AUC on sentences of papers"), rows)


def seeds() -> str:
    """Return the case study's recipe over seeds, and with all definitions."""
    rows = results("accuracy.jsonl")
    native = [row for row in rows if row["loop"] == "native"]
    few = [row["accuracy"] for row in native if row["train_size"] == 2000]
    (every,) = (row for row in native if row["train_size"] is None)
    return (
        f"Over {len(few)} seeds, and before the harder parts were taken out of the training rows, the case "
        f"study's recipe reached {number(mean(few), 4)} ({number(min(few), 4)} to {number(max(few), 4)}) on "
        f"the random part, and {number(every['accuracy'], 4)} with all {every['n_train']:,} definitions."
    )


def summary() -> str:
    """Return the figures of the README, each with the command that gives it."""
    crossed, case = results("crossval_papers.json"), results("sentences_case_study.json")["model"]
    auroc = {row["model"]: row["macro_auroc"] for row in crossed["baselines"]}
    new = results("definitions_papers.json")["splits"][1]["accuracies"]
    speed = results("training_speed.json")

    def fmax(method: str) -> str:
        rows = results("gene_evaluation.json")["rows"]
        asked = [row for row in rows if (row["knowledge"], row["method"]) == (NEW_IN_ASPECT, method)]
        of = {row["aspect"]: number(row["fmax"]["value"]) for row in asked}
        return " / ".join(of[aspect] for aspect in PROCESS_FUNCTION_COMPONENT)

    rows = [
        (
            "sentences of papers it has not seen, macro ROC-AUC",
            f"**{estimate(crossed['model']['macro_auroc'])}**",
            f"TF-IDF {number(auroc['TF-IDF + logistic regression']['value'])}, names of GO matched "
            f"{number(auroc['dictionary of GO names']['value'])}, a model of definitions alone "
            f"{number(case['macro_auroc']['value'])}",
            "`gotune crossval --sentences craft_dev.tsv.gz --sentences other_dev.tsv.gz=.7 -o crossval/`",
        ),
        (
            "definitions of terms that are new in GO, accuracy",
            f"**{estimate(new[0])}**",
            f"TF-IDF {number(new[1]['value'])}",
            "`gotune evaluate data/ -o evaluation/`",
        ),
        (
            "terms of human genes by what was known in 2019, Fmax of processes / functions / components",
            f"**{fmax('gotune')}**",
            f"genes of like names {fmax('genes of like names')}, own electronic annotations "
            f"{fmax('own electronic annotations')}",
            "`gotune genes --evaluate human -o evaluation/`",
        ),
        (
            "training loop, as a share of the time that `Trainer` takes with its defaults",
            f"**{number(speed['loop'], 2)}**",
            "same encoder, rows, batch size and epochs; sorted by length, in bfloat16, and without the rows "
            "of word pieces that no text has, where `Trainer` is none of it",
            "`python benchmarks/training_speed.py --epochs 1`",
        ),
    ]
    return table(("what", "gotune", "beside it", "command"), rows)


def speed() -> str:
    """Return time and memory of whole commands."""
    rows = results("time_and_memory.json")
    return table(
        ("command", "seconds", "peak memory, MB"),
        [(row["what"], f"{row['seconds']:.2f}", f"{row['megabytes']:.0f}") for row in rows],
    )


def training_speed() -> str:
    """Return what a training takes beside one by `Trainer`."""
    found = results("training_speed.json")
    return (
        f"On {found['machine']}, {found['train_size']:,} definitions and {found['epochs']} "
        f"epoch{'s' if found['epochs'] > 1 else ''}: the training loop takes **{number(found['loop'], 2)}** "
        "of the time of Hugging Face `Trainer` with its defaults in the same run, `gotune train` as a whole, "
        f"with validation, checkpoints and the bundle, {number(found['whole'], 2)}."
    )


def training_profile() -> str:
    """Return where the time of the training loop goes."""
    found = results("training_profile.json")
    parts = {**found["shares"], "all else": 1 - sum(found["shares"].values())}
    rows = [(part, f"{share:.0%}") for part, share in parts.items()]
    return (
        f"{table(('part of the training loop', 'of its time'), rows)}\n\n"
        f"On {found['machine']} in {'bfloat16' if found['bf16'] else 'float32'}. Products run at "
        f"{found['gigaflops']:.0f} thousand million operations a second, where a large one reaches "
        f"{found['best_gigaflops']:.0f}."
    )


def _of_two_digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def frontier() -> str:
    """Return gotune's models beside what people use in their place: how right, and what that takes."""
    found = results("frontier.json")
    corpus, machine = found["left_out"]["corpus"], found["machine"]
    figures = (
        "test accuracy", "test_opening accuracy", "CRAFT auroc", "CRAFT average precision", "corpus auroc",
    )  # fmt: skip
    right = [(row["title"], *(number(row[name]) for name in figures)) for row in found["rows"]]
    takes = [
        (
            row["title"],
            *(f"{row[name]:,.0f}" for name in ("per_second_1", "per_second_2")),
            *(_of_two_digits(row[name]) for name in ("p50_ms", "p99_ms", "cold_seconds")),
            *(f"{row[name]:,.0f}" for name in ("memory_mb", "megabytes")),
            f"{row['train_seconds'] / 60:.1f}" if "train_seconds" in row else "-",
        )
        for row in found["rows"]
    ]
    of_right = (
        "how right", "definitions", "of unseen openings", "new papers: ROC-AUC", "average precision",
        f"a new corpus ({corpus}): ROC-AUC",
    )  # fmt: skip
    of_takes = (
        f"{machine['processor']}, {machine['cores']} cores", "definitions/s, one core", "two", "ms, median",
        "99 of 100", "cold, s", "memory, MB", "disk, MB", "training, min",
    )  # fmt: skip
    return f"{table(of_right, right)}\n\n{table(of_takes, takes)}"


def genes() -> str:
    """Return what suggestions for genes have to beat: Fmax of each aspect."""
    names = {
        "fly": "fly, families kept apart",
        "human": "human, found between 2019-01 and 2022-09",
    }
    rows = []
    for key, name in names.items():
        found: dict[str, list[str]] = {}
        for row in results("genes.json")[key]["rows"]:
            found.setdefault(row["method"], []).append(f"{estimate(row['fmax'])}, {row['genes']:,} genes")
        rows += [(name, method, *figures) for method, figures in found.items()]
    return table(("genes", "method", "processes", "functions", "components"), rows)


def gene_suggestions() -> str:
    """Return how good suggestions for genes are: Fmax of each aspect."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    human = (
        (f"human, {row['knowledge']}", row)
        for row in results("gene_evaluation.json")["rows"]
        if row["knowledge"] == NEW_IN_ASPECT or row["method"].startswith("gotune")
    )
    fly = (("fly", row) for row in results("gene_suggestions.json"))
    for genes_of, row in (*human, *fly):
        cell = f"{estimate(row['fmax'])}, {row['genes']:,} genes"
        found.setdefault((genes_of, row["method"]), {})[row["aspect"]] = cell
    order = PROCESS_FUNCTION_COMPONENT
    rows = [(*key, *(cells[aspect] for aspect in order)) for key, cells in found.items()]
    return table(("genes", "what", "processes", "functions", "components"), rows)


def gene_shares() -> str:
    """Return what became of suggestions for genes of which experiments told nothing in the aspect before."""
    rows = [
        (
            row["aspect"].replace("_", " "),
            f"{row['threshold']:.2f}",
            f"{row['covered']:,} of {row['genes']:,}",
            f"{row['suggestions']:,}",
            f"{row['told'] / row['suggestions']:.0%}",
        )
        for row in results("gene_evaluation.json")["suggestions"]
    ]
    return table(("aspect", "threshold", "genes with any", "suggestions", "told by 2022"), rows)


def linking() -> str:
    """Return how often what searches a release finds the term that got a label later."""
    found = [*results("linking.json"), *results("text2term.json")]
    # Queries are what shares its words with no label.
    found = [row for row in found if row["method"] != "same words"]
    rows = []
    for release in dict.fromkeys(row["index"] for row in found):
        every = [row for row in found if row["index"] == release and row["kind"] == "all"]
        for row in sorted(every, key=lambda row: -row["MRR"]):
            rows.append((f"{release}, all {row['queries']:,}", row))
    kinds = [row for row in found if row["index"] == found[0]["index"] and row["method"] == "gotune"]
    for row in sorted(kinds, key=lambda row: -row["queries"])[1:]:
        what = "names" if row["kind"] == "name" else f"{row['kind']} synonyms"
        rows.append((f"{row['index']}, {row['queries']:,} {what}", row))
    figures = ("hit@1", "hit@1 resolved", "hit@10", "MRR")
    header = (
        "release searched, labels new in 2021-12-15", "method", "first of all", "first, merged ids mapped",
        "among 10", "mean of 1 / place",
    )  # fmt: skip
    return table(
        header,
        [(what, row["method"], *(number(row[name]) for name in figures)) for what, row in rows],
    )


def sentence_search() -> str:
    """Return how well what searches finds the terms that people marked in a sentence."""
    rows = sorted(results("sentence_search.json"), key=lambda row: -row["nDCG@10"])
    return table(("method", "nDCG@10"), [(row["method"], number(row["nDCG@10"])) for row in rows])


def similarity() -> str:
    """Return how near text lies to the graph."""
    found = results("similarity.json")
    rows = []
    for row in found:
        what = row["aspect"].replace("_", " ")
        apart = f"{estimate(row['no word shared'])}, {row['no word shared']['pairs']:,} pairs"
        rows.append((what, row["method"], estimate(row["all"]), apart))
    return table(("aspect", "cosine of names by", "all pairs", "no word shared"), rows)


def annotating() -> str:
    """Return what annotating a paper takes."""
    found = results("annotating.json")
    return (
        f"`gotune annotate` as a whole process, on {found['machine']}: a paper of {found['sentences']} "
        f"sentences, in which {found['places']} places name terms, takes **{found['seconds']:.2f} s** and "
        f"{found['megabytes']:.0f} MB at most."
    )


def faults() -> str:
    """Return what came of damaging things on purpose."""
    header = ("what", "checked", "refused clearly", "the same", "taken", "faults")
    keys = ("tried", "refused", "same", "taken", "fault")
    rows = [(row["kind"], *(f"{row[key]:,}" for key in keys)) for row in results("faults.json")]
    return table(header, rows)


def corpus_runs() -> str:
    """Return time and memory of corpus runs, with their rates beside those of texts in memory."""
    header = (
        "model",
        "texts",
        "minutes",
        "minutes of a core",
        "memory, MB",
        "of 10,000 texts",
        "texts a second of a core",
        "in memory",
    )
    rows = []
    for row in results("corpus_runs.json"):
        memory = row["megabytes"] / row["megabytes_of_10k"]
        rates = (row["texts"] / row["processor_seconds"], row.get("rate_in_memory_of_processor"))
        if rates[1] is not None:
            rates = (row["rate_of_processor"], rates[1])
        rows.append(
            (
                f"`{row['model']}`",
                f"{row['texts']:,}",
                f"{row['seconds'] / 60:.1f}",
                f"{row['processor_seconds'] / 60:.1f}",
                f"{row['megabytes']:,.0f}",
                f"{memory:.2f} times",
                *(f"{rate:,.0f}" if rate else "-" for rate in rates),
            )
        )
    return table(header, rows)


def corpus_runs_on_ray() -> str:
    """Return what corpus runs on a Ray of one machine take beside plain ones."""
    header = ("model", "texts", "rounds", "seconds, plain", "on Ray", "slower", "memory, MB, plain", "on Ray")
    rows = [
        (
            f"`{row['model']}`",
            f"{row['texts']:,}",
            str(row["rounds"]),
            *(f"{row[way]['seconds']:.1f}" for way in ("plain", "ray")),
            f"{row['slower']:.0%}",
            *(f"{row[way]['megabytes']:,.0f}" for way in ("plain", "ray")),
        )
        for row in results("corpus_runs_on_ray.json")
    ]
    return table(header, rows)


def pubmed() -> str:
    """Return what the abstracts of PubMed would take, by the largest corpus run of each model."""
    largest: dict[str, dict[str, Any]] = {}
    for row in sorted(results("corpus_runs.json"), key=lambda row: row["texts"]):
        largest[row["model"]] = row
    rows = []
    for model, row in largest.items():
        bytes_a_second = row["text_megabytes"] * 1e6 / row["processor_seconds"]
        hours = _ABSTRACTS * _BYTES_OF_ABSTRACT / bytes_a_second / 3600
        rows.append(
            (
                f"`{model}`",
                f"{3600 * bytes_a_second / _BYTES_OF_ABSTRACT:,.0f}",
                f"{hours:,.0f}",
                f"{hours / _CORES:.1f}",
                f"{hours * _USD_OF_CORE_HOUR:,.2f}",
                f"{row['shards_megabytes'] / row['texts'] * _ABSTRACTS / 1000:.1f}",
            )
        )
    header = (
        "model", "abstracts a core-hour", "core-hours", f"hours of {_CORES} cores", "USD", "shards, GB"
    )  # fmt: skip
    assumed = (
        f"Taken to be: {_ABSTRACTS:,} records of PubMed, each with an abstract of {_BYTES_OF_ABSTRACT:,} "
        f"bytes (in truth fewer have one), and {_USD_OF_CORE_HOUR:.2f} USD for an hour of a core, which is "
        "no offer of anybody: put in your own."
    )
    return f"{table(header, rows)}\n\n{assumed}"


def engine_folds() -> str:
    """Return what weights of 8 bits, and fewer word pieces, cost on the folds of a cross-validation."""
    found = results("engine_folds.json")
    rows = [(name, *(number(value, 4) for value in pair)) for name, pair in found["figures"].items()]
    worst = number(found["largest_loss_of_a_fold"])
    said = (
        f"Means of {found['folds']} folds, {found['sentences']:,} sentences in all. Probabilities lie "
        f"{number(found['mean_difference'])} apart on average, and {number(found['largest_difference'])} at "
        f"most; of one fold by itself, no figure is worse by more than {worst}."
    )
    return f"{table(('figure', 'torch, float32', 'ONNX Runtime, 8 bits'), rows)}\n\n{said}"


MADE: dict[str, Callable[[], str]] = {
    made.__name__: made
    for made in (
        gene_suggestions,
        gene_shares,
        sentences,
        aspects,
        definitions,
        tutorial,
        seeds,
        summary,
        speed,
        training_speed,
        training_profile,
        frontier,
        engine_folds,
        genes,
        linking,
        sentence_search,
        similarity,
        annotating,
        faults,
        corpus_runs,
        corpus_runs_on_ray,
        pubmed,
    )
}


def filled(text: str) -> str:
    """Return a page with the figures as they are in the results."""

    def block(found: re.Match[str]) -> str:
        prefix, name = found.groups()
        lines = (f"<!-- figures: {name} -->\n\n{MADE[name]()}\n\n<!-- end of figures -->").splitlines()
        return "\n".join(f"{prefix}{line}".rstrip() for line in lines)

    return BLOCK.sub(block, text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the pages in, or check them.

    Returns:
        1 if a page that is checked says something else, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args(arguments).check
    differing = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if filled(text) != text:
            differing.append(str(page.relative_to(ROOT)))
            if not check:
                page.write_text(filled(text), encoding="utf-8")
    if differing:
        what = "differ from" if check else "filled in from"
        sys.stderr.write(f"{what} the results: {', '.join(differing)}\n")
    return int(check and bool(differing))


if __name__ == "__main__":
    sys.exit(main())
