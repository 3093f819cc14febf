"""What weights of 8 bits cost: the models of a cross-validation, each on the articles that it has not seen.

::

    python benchmarks/engine_folds.py ../shared/data crossval/models

Takes the models that `gotune crossval --sentences craft_dev.tsv.gz ... -o crossval/` has left. Each is
exported for ONNX Runtime with the word pieces of a release alone (the models that come with gotune keep those
of their sentences, too), and both say what the sentences left out carry, the parent in float32. The mean
figures over the folds, and the largest loss of one, go to benchmarks/results/engine_folds.json.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import gotune
from gotune.datasets.labelled import article_folds, read_source
from gotune.export.pieces import texts_of
from gotune.export.run import export
from gotune.model.exported import Agreement, Target

RESULTS = Path(__file__).parent / "results" / "engine_folds.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with craft_dev.tsv.gz")
    parser.add_argument("models", type=Path, help="folder with fold-1, fold-2, ...")
    arguments = parser.parse_args()
    source = read_source(arguments.data / "craft_dev.tsv.gz")
    texts = texts_of(gotune.load_ontology("2021-12-15"))
    n_folds = sum(path.suffix != ".training" for path in arguments.models.glob("fold-*"))
    models = [arguments.models / f"fold-{number + 1}" for number in range(n_folds)]
    folds = article_folds(source.table, len(models))
    found: list[Agreement] = []
    for number, model in enumerate(models):
        left_out = replace(source, table=source.table[folds == number].reset_index(drop=True))
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "small"
            made = export(
                model, target, Target.ONNX_INT8, measured_on=[left_out], pieces_of=texts, force=True
            )
        found += made.agreements
        print(model.name, made.agreements[0].figures, flush=True)
    figures = {
        name: [fmean(one.figures[name][when] for one in found) for when in (0, 1)]
        for name in found[0].figures
    }
    told = {
        "folds": len(found),
        "sentences": sum(one.n_texts for one in found),
        "figures": figures,
        "largest_loss_of_a_fold": max(one.loss for one in found),
        "mean_difference": fmean(one.mean for one in found),
        "largest_difference": max(one.largest for one in found),
    }
    print(json.dumps(told, indent=1))
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
