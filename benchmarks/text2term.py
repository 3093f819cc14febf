"""Labels that a release does not have yet, by text2term: which terms do they mean?

::

    python benchmarks/text2term.py --work work/

Queries and figures are those of ``benchmarks/linking.py``. text2term (MIT; Gonçalves et al. 2024,
arXiv:2407.02626) is run as a program, in an environment of its own in the work folder: its mapper by
character TF-IDF, which is the default, the ten best terms whatever their scores. It reads OWL, so the terms
that gotune suggests from are written as such, with their names and synonyms of all scopes, of which it
reads the exact ones. Milliseconds are those of the whole program, shared out over the queries.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from linking import EARLIER, LATER, RESULTS, Scores, measured, new_labels
from machines import python_with
from numpy.typing import NDArray

import gotune
from gotune.linking.annotator import Annotator
from gotune.linking.index import TermIndex
from gotune.linking.labels import Kind, labels_of, terms_to_suggest
from gotune.ontology.ontology import Ontology

VERSION = "4.6.0"
OBO = "http://purl.obolibrary.org/obo/"
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SYNONYM = "http://www.geneontology.org/formats/oboInOwl#has{}Synonym"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="where the environment and its files stay")
    work = parser.parse_args().work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    later, vectors, rows = gotune.load_ontology(LATER), Annotator.load().index.vectors, []
    for date in EARLIER:
        earlier = gotune.load_ontology(date)
        index = TermIndex.of(earlier, vectors)
        queries = new_labels(index, later)
        scores = text2term(earlier, index, [query.text for query in queries], work)
        rows += measured("text2term", scores, index, queries, later)
    (RESULTS / "text2term.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def text2term(release: Ontology, index: TermIndex, texts: Sequence[str], work: Path) -> Scores:
    """Return the search by text2term, which looks for all texts together when it is first asked."""
    python = python_with(work / "environment", f"text2term=={VERSION}")
    path = work / release.release
    path.with_suffix(".nt").write_text("".join(triples(release)), encoding="utf-8")
    path.with_suffix(".txt").write_text(
        "".join(f"{text}\n" for text in dict.fromkeys(texts)), encoding="utf-8"
    )

    @cache
    def found() -> dict[str, NDArray[np.float64]]:
        return mapped(python, path, index)

    return lambda query: found()[query]


def triples(release: Ontology) -> Iterator[str]:
    """Yield a release as OWL in N-Triples: its terms with their labels."""
    for kind in Kind:
        if kind is not Kind.NAME:
            yield f"<{SYNONYM.format(kind.title())}> <{RDF}type> <{OWL}AnnotationProperty> .\n"
    for term in terms_to_suggest(release):
        iri = f"<{OBO}{term.id.replace(':', '_')}>"
        yield f"{iri} <{RDF}type> <{OWL}Class> .\n"
        for label in labels_of(term):
            says = LABEL if label.kind is Kind.NAME else SYNONYM.format(label.kind.title())
            yield f"{iri} <{says}> {json.dumps(label.text)} .\n"


def mapped(python: Path, path: Path, index: TermIndex) -> dict[str, NDArray[np.float64]]:
    """Return the scores of terms that text2term gives to each text."""
    (program,) = python.parents[1].glob("lib/*/site-packages/text2term")
    asked, release, answer = (path.with_suffix(suffix) for suffix in (".txt", ".nt", ".csv"))
    options = ["-s", asked, "-t", release.as_uri(), "-o", answer, "-top", "10", "-min", "0", "-md"]
    subprocess.run([python, program, *options], check=True, cwd=path.parent)
    found: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros(len(index)))
    with answer.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            go_id = row["Mapped Term IRI"].removeprefix(OBO).replace("_", ":")
            found[row["Source Term"]][index.number_of[go_id]] = float(row["Mapping Score"])
    return found


if __name__ == "__main__":
    main()
