"""Made-up sentences with the names of training terms, as a source to learn from."""

from __future__ import annotations

import hashlib

from gotune.data.dataset import LabelledDataset
from gotune.labels.labelled import LabelledSource, card_of
from gotune.names.dictionary import Dictionary
from gotune.names.name_sentences import name_sentences
from gotune.ontology.ontology import Ontology


def name_source(dataset: LabelledDataset, ontology: Ontology, count: int, *, seed: int) -> LabelledSource:
    """Set names and synonyms of the terms of the training part into sentences.

    Args:
        dataset: Terms of its other parts are not named, so that these stay unseen.
        ontology: The release that the dataset was made of.
        count: How many sentences.
        seed: Governs which.
    """
    table = name_sentences(
        ontology,
        Dictionary.from_ontology(ontology),
        count=count,
        seed=seed,
        go_ids=set(dataset.parts["train"]["go_id"]),
    )
    sha256 = hashlib.sha256("\n".join(table["text"]).encode()).hexdigest()
    card = card_of(
        table,
        name="names of terms in made-up sentences",
        sha256=sha256,
        citation=f"Gene Ontology, release {ontology.release}, CC BY 4.0",
    )
    return LabelledSource(table, card, made_up=True)
