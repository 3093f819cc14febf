"""Make the models that the package carries, from pinned inputs and the development sentences.

::

    python scripts/ship_models.py DATA --work work/ -o src/gotune/models/

DATA is a folder with ``craft_dev.tsv.gz``, ``craft_dev_articles.tsv`` and ``other_dev.tsv.gz``. Training
takes one to two hours on two cores and goes on from its last checkpoint if it was interrupted; a model that
stands in the work folder is exported again, in some minutes.

Articles of CRAFT whose notice allows no use like this one are left out: those for non-commercial use only,
and the one that bears a copyright line alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

import gotune
from gotune.datasets.corpora.type_map import read_map
from gotune.export.pieces import texts_of
from gotune.export.run import export
from gotune.model.exported import Target, describe_export
from gotune.training.recipes import EARLIER, RELEASE

ALLOWED = ("CC BY", "BMC verbatim copying", "public domain")
"""Licence classes of CRAFT's articles that may be learned from here."""
LEFT_OUT = "these 3 and one that bears a copyright line alone are left out here"
"""What the card adds to whom to cite of CRAFT."""
CORPORA = {"genia": "genia", "cg": "cancer-genetics", "anatem": "anatem"}
"""The other corpora, as their articles are called, and the ready maps that know whom to cite."""
TARGETS = {"papers": Target.ONNX_INT8, "fast": Target.NO_ENCODER}
"""The models, by their names in `gotune.model.shipped`."""
WEIGHT = 0.7
"""Of a sentence of another corpus beside one of CRAFT; chosen by benchmarks/sources.py."""


def main() -> None:
    """Make them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="where tables and the trained model stay")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the models of the package go")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    craft, *others = write_tables(arguments.data, arguments.work)
    recipe = gotune.Recipe.papers([craft, *((path, WEIGHT) for path in others)])
    trained = arguments.work / "trained"
    gotune.train(recipe, trained, resume=True, on_epoch=print)
    release, earlier = (gotune.load_ontology(date) for date in (RELEASE, EARLIER))
    dataset = gotune.build_dataset(release, earlier=earlier)
    learned = [text for path in (craft, *others) for text in _read(path)["text"]]
    texts = [*texts_of(release), *learned]
    for name, target in TARGETS.items():
        folder = arguments.output / name
        made = export(trained, folder, target, measured_on=[dataset], pieces_of=texts)
        print(name, describe_export(made), *made.agreements, sep="\n")


def write_tables(data: Path, work: Path) -> list[Path]:
    """Write what is learned from, a file for each corpus, CRAFT first."""
    articles = _read(data / "craft_dev_articles.tsv")
    allowed = articles.loc[articles["license"].isin(ALLOWED), "pmid"]
    craft, others = _read(data / "craft_dev.tsv.gz"), _read(data / "other_dev.tsv.gz")
    tables = {"craft": craft[craft["pmid"].isin(allowed)].assign(citation=LEFT_OUT)}
    for name, type_map in CORPORA.items():
        of_corpus = others[others["article"].str.startswith(f"{name}:")]
        tables[name] = of_corpus.assign(citation=" ".join(read_map(type_map).citation.split()))
    paths = [work / f"{name}.tsv" for name in tables]
    for path, table in zip(paths, tables.values(), strict=True):
        table.to_csv(path, sep="\t", index=False)
    return paths


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)


if __name__ == "__main__":
    main()
