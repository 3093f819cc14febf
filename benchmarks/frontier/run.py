"""gotune beside what people use in its place: how right, how fast, how large, in one run on the same texts.

::

    python benchmarks/frontier/run.py DATA --work work/ [--only NAME ...] [--split 0] [--save]

DATA is the folder of the development data. All learn from the same rows: 16,000 definitions, and the
sentences of CRAFT's development papers and of two other corpora (weight .7) but for one of five folds of
CRAFT and one whole corpus (``SPLITS`` of ``benchmarks/sources.py``). They are measured on definitions of the
test parts, random and of unseen openings (accuracy; without names of terms, which know them), on the fold
(macro ROC-AUC and average precision) and on the corpus (macro ROC-AUC over the aspects that it judges). No
setting of the others was chosen on any of these.

Peers that need another transformers get an environment of their own in the work folder, of ``peers.txt``.
What is trained and measured stays there too, and the same line goes on where it stopped; another split needs
another folder. Sizes are of the files that are read to answer. The papers model takes half an hour to an hour
on two cores, all else longer. Texts are given without their article, in which gotune would look for
abbreviations. Speeds are of whole definitions, on one core and on two, each contestant by itself; cold start
is a whole process from its start to the answer about one sentence, the median of three.

Figures stay in the work folder; with ``--save`` those of split 0 go to ``benchmarks/results/frontier.json``,
the picture to ``docs/images/frontier.png``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import contestants  # noqa: E402
import peers  # noqa: E402
from machines import processor, python_with  # noqa: E402
from sources import N_FOLDS, SPLITS, recipe_of  # noqa: E402
from words import figures  # noqa: E402

import gotune  # noqa: E402
from gotune.datasets.labelled import LabelledSource, article_folds, truth_of  # noqa: E402
from gotune.datasets.sources import definition_rows  # noqa: E402
from gotune.datasets.splits import UNSEEN_OPENINGS  # noqa: E402
from gotune.evaluation.corpora.run import split_corpora  # noqa: E402
from gotune.export.pieces import texts_of  # noqa: E402
from gotune.export.run import export  # noqa: E402
from gotune.model.encoders import locate_encoder  # noqa: E402
from gotune.model.exported import Target  # noqa: E402
from gotune.training.examples import choose_examples  # noqa: E402
from gotune.training.recipes import RELEASE, gather  # noqa: E402

RESULTS = HERE.parent / "results" / "frontier.json"
PICTURE = HERE.parents[1] / "docs" / "images" / "frontier.png"
CONTESTANTS = {**contestants.CONTESTANTS, **peers.CONTESTANTS}
SAME_WEIGHTS = {"pipeline-1": "pipeline-32"}
"""Contestants whose scores are those of another one."""
FOLDERS = {"pipeline-1": "papers-torch", "pipeline-32": "papers-torch"}
"""Whose files are those of another one."""
TRAINED = {**FOLDERS, "papers-int8": "papers-torch", "fast": "papers-torch"}
"""What is made of the training of another one."""
DEFINITIONS = ("test", UNSEEN_OPENINGS)
MOST = {"test": 3000, "corpus": 3000}
"""Texts of a part, the first ones, where there are more: some take a second for forty."""
COLD_STARTS = 3
DEFINITIONS_READ = 16_000
"""Of the rows that are learned from, the first ones, for those that read more than the test part has."""
SINGLE = 200
"""Sentences that are asked about one by one."""
PLACES = {
    "papers-torch": (-20, 9), "papers-int8": (8, -3), "pipeline-32": (-4, -15), "pipeline-1": (-4, -27),
    "fast": (-14, 9), "tfidf-svm": (-108, -3), "tfidf": (-120, -27), "fasttext": (-30, -15),
    "st-torch": (-12, -16),
}  # fmt: skip
"""Where labels stand that would meet others, in points."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    names = list(CONTESTANTS)
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--split", type=int, choices=range(len(SPLITS)), default=0)
    parser.add_argument("--save", action="store_true", help="write the results and the picture")
    arguments = parser.parse_args()
    if arguments.save and arguments.split:
        parser.error("--save is for split 0, of which the published figures are")
    work = arguments.work.resolve()
    (work / "scores").mkdir(parents=True, exist_ok=True)
    keep_split(arguments.split, work)
    if not (work / "tests.parquet").exists():
        prepare(arguments.data, arguments.split, work)
    write_texts(work)
    kept = work / "frontier.json"
    rows = {row["name"]: row for row in (json.loads(kept.read_text())["rows"] if kept.exists() else [])}
    for name in arguments.only:
        if name in rows:
            continue
        rows[name] = {**measure(name, work), "processor": processor()}
        print(json.dumps(rows[name]), flush=True)
        made = {
            "machine": {"processor": processor(), "cores": len(os.sched_getaffinity(0))},
            "left_out": {"fold": arguments.split, "corpus": SPLITS[arguments.split]},
            "rows": [rows[one] for one in names if one in rows],
        }
        kept.write_text(json.dumps(made, indent=1) + "\n")
    if arguments.save:
        RESULTS.write_text(kept.read_text())
        draw([rows[name] for name in names if name in rows], PICTURE)


def keep_split(split: int, work: Path) -> None:
    """Write down of which split a work folder is; models and figures of one are none of another."""
    kept = work / "split.json"
    before = json.loads(kept.read_text()) if kept.exists() else split
    if not kept.exists() and (work / "frontier.json").exists():
        before = json.loads((work / "frontier.json").read_text())["left_out"]["fold"]
    if before != split:
        raise SystemExit(f"{work}: expected a work folder of split {split}, found one of split {before}")
    kept.write_text(json.dumps(split))


def megabytes(name: str, work: Path) -> float:
    """Return the size of what a contestant reads to answer."""
    encoder = Path(locate_encoder("all-MiniLM-L6-v2")) if CONTESTANTS[name].reads_encoder else work
    files = CONTESTANTS[name].files(work / FOLDERS.get(name, name), encoder)
    return sum(path.stat().st_size for path in files) / 1e6


def prepare(data: Path, split: int, work: Path) -> None:
    """Train gotune's models, and write what the others learn from and all are asked."""
    craft = gotune.read_source(data / "craft_dev.tsv.gz")
    others = split_corpora(gotune.read_source(data / "other_dev.tsv.gz"))
    fold = craft.table[article_folds(craft.table, N_FOLDS) == split]
    corpus = next(source.table for source in others if source.card.name == SPLITS[split])
    recipe = recipe_of(craft, others, [fold, corpus])
    start, begun = time.perf_counter(), (work / "papers-torch.training").exists()
    gotune.train(recipe, work / "papers-torch", resume=True)
    if not begun:
        seconds = time.perf_counter() - start
        (work / "papers-torch.json").write_text(json.dumps({"train_seconds": seconds}))
    material = gather(recipe)
    examples = choose_examples(material.dataset, material.sources, recipe.config)
    # What the papers model sets apart to be calibrated by teaches the others as well.
    learned = pd.concat([examples.definitions, examples.taught, examples.calibration], ignore_index=True)
    columns = ["text", *contestants.LABELS, "weight"]
    learned[columns].to_parquet(work / "train.parquet", index=False)
    parts = {part: definition_rows(material.dataset.parts[part]) for part in DEFINITIONS}
    parts |= {"CRAFT": fold, "corpus": corpus}
    tests = [
        table[["text", *contestants.LABELS]]
        .head(MOST.get(part, len(table)))
        .assign(part=part, is_sentence=part not in DEFINITIONS)
        for part, table in parts.items()
    ]
    measured_on = [material.dataset, LabelledSource(fold.reset_index(drop=True), craft.card)]
    texts = [*learned["text"], *texts_of(gotune.load_ontology(RELEASE))]
    for name, target in (("papers-int8", Target.ONNX_INT8), ("fast", Target.NO_ENCODER)):
        made = export(work / "papers-torch", work / name, target, measured_on=measured_on, pieces_of=texts)
        print(*made.agreements, sep="\n", flush=True)
    pd.concat(tests, ignore_index=True).to_parquet(work / "tests.parquet", index=False)


def write_texts(work: Path) -> None:
    """Write what speed is measured on, as a file for which no contestant has to load pandas."""
    tests, learned = (pd.read_parquet(work / f"{name}.parquet") for name in ("tests", "train"))
    definitions = [*tests.loc[tests["part"] == "test", "text"], *learned["text"].head(DEFINITIONS_READ)]
    sentences = tests.loc[tests["part"] == "CRAFT", "text"].head(SINGLE).tolist()
    (work / "texts.json").write_text(json.dumps({"definitions": definitions, "sentences": sentences}))


def measure(name: str, work: Path) -> dict[str, Any]:
    """Return all figures of a contestant; what it has learned and said before is taken as it is."""
    is_peer = name in peers.CONTESTANTS
    module = "peers" if is_peer else "contestants"
    python = python_with(work / "peers", "-r", str(HERE / "peers.txt")) if is_peer else Path(sys.executable)
    environment = environment_of_workers()
    same = SAME_WEIGHTS.get(name, name)

    def ask(action: str, cores: int, contestant: str = name) -> dict[str, Any]:
        command = [str(python), str(HERE / "worker.py"), action, module, contestant, str(work)]
        found = run(command, cores, environment)
        return json.loads(found) if found else {}

    trained = work / f"{TRAINED.get(name, name)}.json"
    if not trained.exists():
        trained.write_text(json.dumps({} if CONTESTANTS[name].fit is None else ask("fit", 2, same)))
    scores = [work / "scores" / f"{same}-{int(with_names)}.npy" for with_names in (False, True)]
    if not all(path.exists() for path in scores):
        ask("score", 2, same)
    row = {"name": name, "title": CONTESTANTS[name].title}
    row |= {**accuracy(work, scores), **json.loads(trained.read_text())}
    row["megabytes"] = megabytes(name, work)
    for cores in (1, 2):
        found = ask("speed", cores)
        row[f"per_second_{cores}"] = found["per_second"]
        if cores == 2:
            row |= {key: found[key] for key in ("p50_ms", "p99_ms", "memory_mb")}
    starts = []
    for _ in range(COLD_STARTS):
        start = time.perf_counter()
        ask("one", 2)
        starts.append(time.perf_counter() - start)
    row["cold_seconds"] = statistics.median(starts)
    return row


def accuracy(work: Path, scores: Sequence[Path]) -> dict[str, float]:
    """Return how right the saved scores are."""
    tests = pd.read_parquet(work / "tests.parquet")
    found: dict[str, float] = {}
    for is_sentence, path in zip((False, True), scores, strict=True):
        rows, values = tests[tests["is_sentence"] == is_sentence], np.load(path)
        for part in rows["part"].unique():
            chosen = (rows["part"] == part).to_numpy()
            truth, said = truth_of(rows[chosen]), values[chosen]
            if is_sentence:
                found[f"{part} auroc"], found[f"{part} average precision"] = figures(truth, said)
            else:
                found[f"{part} accuracy"] = float((truth.argmax(axis=1) == said.argmax(axis=1)).mean())
    return found


def environment_of_workers() -> dict[str, str]:
    encoder = str(locate_encoder("all-MiniLM-L6-v2"))
    return {**os.environ, "ENCODER": encoder, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}


def run(command: Sequence[str], cores: int, environment: Mapping[str, str]) -> str:
    """Return what a command wrote last, run on so many cores."""
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    threads = {name: str(cores) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")}
    done = subprocess.run(
        command,
        check=True,
        env={**environment, **threads},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
    )
    return done.stdout.strip().rpartition("\n")[2]


def draw(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw how right each is on papers against how many texts it reads a second."""
    from gotune.render.figures import INK, new_figure, save_figure

    figure = new_figure(8, 4.6)
    axes = figure.subplots()
    for row in rows:
        own = row["title"].startswith("gotune")
        x, y = row["per_second_2"], row["CRAFT average precision"]
        axes.scatter(x, y, s=60, color="#0072B2" if own else "#999999", zorder=3)
        axes.annotate(
            row["title"],
            (x, y),
            xytext=PLACES.get(row["name"], (8, -3)),
            textcoords="offset points",
            fontsize=8,
            color=INK,
            fontweight="bold" if own else "normal",
        )
    axes.set_xscale("log")
    axes.set_xlabel("definitions a second on two cores")
    axes.set_ylabel("average precision on sentences of new papers")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#EEEEEE", zorder=0)
    save_figure(figure, path)


if __name__ == "__main__":
    main()
