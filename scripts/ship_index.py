"""Make the index of terms that the package carries, from pinned releases and annotated sentences.

::

    python scripts/ship_index.py DATA --work work/ -o src/gotune/models/terms

DATA is a folder with ``craft_dev.tsv.gz`` and ``craft_dev_articles.tsv``. Vectors are learned from the
release of 2020-01-01 alone, so that the labels which came later measure what is shipped
(``benchmarks/linking.py``); that takes some five minutes on two cores, and what stands in the work folder is
taken again.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
from ship_models import ALLOWED
from sklearn.linear_model import LogisticRegression

import gotune
from gotune.arrays import read_arrays, write_arrays
from gotune.linking.annotator import Annotator, Sureness, clues
from gotune.linking.folder import save_index
from gotune.linking.index import TermIndex
from gotune.linking.labels import Kind, labels_of, live_term, terms_to_suggest
from gotune.linking.learning import is_held_out, learn_vectors
from gotune.linking.trust import AnnotatedText, learn_names
from gotune.linking.vectors import PhraseVectors, words_of
from gotune.ontology.ontology import Ontology
from gotune.training.recipes import EARLIER, RELEASE

OTHERS = ("CL_GO_EXT:cell", "GO_EXT:biological_routing_or_transport")
"""Classes of CRAFT's extensions that are no term's, though their words are names: "cellular", "delivery"."""
MOST_QUERIES = 2500
NEAREST = 10


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="where the vectors stay")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the index goes")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    earlier, release = (gotune.load_ontology(date) for date in (EARLIER, RELEASE))
    vectors = learned_vectors(earlier, arguments.work / "vectors.safetensors")
    sureness = learn_sureness(earlier, vectors)
    names = learn_names(release, [*craft_sentences(arguments.data, release)["annotated"]])
    save_index(Annotator(TermIndex.of(release, vectors), names, sureness), arguments.output)
    print({path.name: path.stat().st_size for path in sorted(arguments.output.iterdir())})


def learned_vectors(release: Ontology, path: Path) -> PhraseVectors:
    """Return the vectors of a file, which are learned first if it is not there."""
    if not path.exists():
        write_arrays(path, learn_vectors(release).to_arrays())
    return PhraseVectors.from_arrays(read_arrays(path))


def craft_sentences(data: Path, release: Ontology, allowed: tuple[str, ...] = ALLOWED) -> pd.DataFrame:
    """Return ``article`` and ``annotated`` of the sentences, their terms as those of a release.

    Functions are those of the extensions that have a number of GO. Places that only other classes of the
    extensions mark, such as "transcription" and "binding", say nothing either way, but for `OTHERS`; marks
    around a gap are left out.
    """
    articles = pd.read_csv(data / "craft_dev_articles.tsv", sep="\t", dtype=str, keep_default_na=False)
    wanted = set(articles.loc[articles["license"].isin(allowed), "pmid"])
    table = pd.read_csv(data / "craft_dev.tsv.gz", sep="\t", dtype=str, keep_default_na=False)
    rows = []
    for row in table[table["pmid"].isin(wanted)].itertuples():
        first = int(row.start)
        core = [mark for mark in json.loads(row.spans) if mark[3] != "MF"]
        spans, unjudged = [], set()
        for start, end, go_id, _, surface in [*core, *json.loads(row.spans_ext)]:
            place = (start - first, end - first)
            live = live_term(release, go_id.replace("GO_EXT:", "GO:"))
            if row.text[slice(*place)] == surface:
                if live is None and go_id not in OTHERS:
                    unjudged.add(place)
                elif live is not None and (*place, live) not in spans:
                    spans.append((*place, live))
        marked = {span[:2] for span in spans}
        rows.append((row.pmid, AnnotatedText(row.text, tuple(spans), frozenset(unjudged - marked), row.pmid)))
    return pd.DataFrame(rows, columns=["article", "annotated"])


def learn_sureness(release: Ontology, vectors: PhraseVectors) -> Sureness:
    """Learn how probable a near term is, from the synonyms that the vectors have not seen."""
    index, queries = without_held_out(release, vectors)
    features, right = [], []
    for text, go_id in Random(0).sample(queries, min(len(queries), MOST_QUERIES)):  # noqa: S311
        nearness = index.nearness(index.vectors.embed([text])[0])
        of_terms = index.of_terms(nearness)
        best = np.argsort(-of_terms)[:NEAREST]
        features.append(clues(of_terms[best]))
        right.append(np.array([index.terms.ids[number] == go_id for number in best]))
    fitted = LogisticRegression(C=1e3, max_iter=1000).fit(np.concatenate(features), np.concatenate(right))
    return Sureness(fitted.coef_[0], float(fitted.intercept_[0]))


def without_held_out(release: Ontology, vectors: PhraseVectors) -> tuple[TermIndex, list[tuple[str, str]]]:
    """Return the index of a release without the synonyms that were held out, and these with their terms.

    Those that only differ by case and marks from a label that stays are no queries.
    """
    index = TermIndex.of(release, vectors, leave_out=is_held_out)
    known = {words_of(text) for text in index.texts}
    queries = [
        (label.text, label.go_id)
        for term in terms_to_suggest(release)
        for label in labels_of(term)
        if label.kind is not Kind.NAME and is_held_out(label.text) and words_of(label.text) not in known
    ]
    return index, queries


if __name__ == "__main__":
    main()
