"""The figures of cafaeval (GPL-3: it is run as a program, and neither imported nor installed with gotune)."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from gotune.aspects import ASPECTS
from gotune.genes.information import information_content
from gotune.genes.measures import THRESHOLDS, GeneMeasures, Norm, measure_genes
from gotune.genes.scores import GeneScores
from gotune.genes.space import TermSpace
from gotune.genes.truth import Knowledge, cafa_targets
from gotune.ontology.loading import load_ontology
from gotune.ontology.releases import fetch_release
from tests.genes.drawn_set import draw, write

RELEASE = "2021-12-15"
N_GENES = 60
COLUMNS = {
    "coverage": "cov",
    "precision": "pr",
    "recall": "rc",
    "weighted_coverage": "cov_w",
    "weighted_precision": "pr_w",
    "weighted_recall": "rc_w",
    "misinformation": "mi_w",
    "remaining": "ru_w",
    "f1": "f",
    "weighted_f1": "f_w",
    "distance": "s_w",
}
ROUNDED = 5.1e-4
"""cafaeval writes three digits."""


def measured(space: TermSpace, n_genes: int, norm: Norm) -> dict[str, GeneMeasures]:
    annotations, scores = draw(space, n_genes)
    targets = cafa_targets({}, annotations, space)[Knowledge.NONE]
    information = information_content(annotations.values(), space)
    said = GeneScores.of(scores, space)
    return {
        aspect.value: measure_genes(said, targets[aspect], space, information, norm=norm)
        for aspect in ASPECTS
    }


@pytest.mark.parametrize("norm", list(Norm))
def test_figures_are_those_that_cafaeval_gave(example_space: TermSpace, norm: Norm) -> None:
    written = json.loads((Path(__file__).parent / "cafaeval.json").read_text(encoding="utf-8"))
    places = np.searchsorted(THRESHOLDS, np.array(written["thresholds"]) - 1e-9)
    for aspect, found in measured(example_space, N_GENES, norm).items():
        expected = written["norms"][norm.value][aspect]
        for name in ("fmax", "weighted_fmax", "smin"):
            assert getattr(found, name).value == pytest.approx(expected.pop(name), abs=1e-9)
        for name, values in expected.items():
            assert getattr(found.curve, name)[places] == pytest.approx(values, abs=1e-9)


@pytest.mark.skipif(shutil.which("cafaeval") is None, reason="there is no program cafaeval on the PATH")
@pytest.mark.parametrize(
    ("release", "n_genes"),
    [("example", N_GENES), pytest.param(RELEASE, 300, marks=pytest.mark.network)],
)
@pytest.mark.parametrize("norm", list(Norm))
def test_figures_are_those_of_cafaeval(
    example_space: TermSpace, tmp_path: Path, release: str, n_genes: int, norm: Norm
) -> None:
    space, obo = example_space, Path(str(files("gotune.ontology") / "example.obo"))
    if release != "example":
        space, obo = TermSpace(load_ontology(release)), fetch_release(release)
    annotations, scores = draw(space, n_genes)
    write(tmp_path, annotations, scores, space, information_content(annotations.values(), space))
    names = (obo, "said", "truth.tsv", "-ia", "information.tsv", "-out_dir", "out")
    command = ["cafaeval", *map(str, names), "-no_orphans", "-norm", norm.value, "-threads", "1"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    with (tmp_path / "out" / "evaluation_all.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for aspect, found in measured(space, n_genes, norm).items():
        of_aspect = [row for row in rows if row["ns"] == aspect]
        places = [round(100 * float(row["tau"])) - 1 for row in of_aspect]
        # Thresholds at which nothing is said are not there.
        assert places == np.flatnonzero(found.curve.coverage).tolist()
        for ours, theirs in COLUMNS.items():
            values = [float(row[theirs]) for row in of_aspect]
            assert getattr(found.curve, ours)[places] == pytest.approx(values, abs=ROUNDED)
