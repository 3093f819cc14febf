"""Made-up sentences with the names of training terms, as a source to learn from."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Collection
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from gotune.aspects import ASPECTS, Aspect
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, card_of
from gotune.lexicon.dictionary import Dictionary
from gotune.lexicon.variants import Evidence
from gotune.ontology.ontology import Ontology
from gotune.ontology.terms import Scope

if TYPE_CHECKING:
    import pandas as pd


def name_source(
    dataset: LabelledDataset, ontology: Ontology, dictionary: Dictionary, *, count: int, seed: int
) -> LabelledSource:
    """Set names and synonyms of the terms of the training part into sentences.

    Args:
        dataset: Terms of its other parts are not named, so that these stay unseen.
        ontology: The release that the dataset was made of.
        dictionary: The names of that release.
        count: How many sentences.
        seed: Governs which.
    """
    table = name_sentences(
        ontology,
        dictionary,
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


_WITHOUT = 0.25
"""Share of the sentences without a name."""

_LONGEST = 6
"""Words in a name; papers do not write longer ones out."""

_WEIGHTS = {Scope.EXACT: 1.0, Scope.NARROW: 0.5, Scope.BROAD: 0.25, Scope.RELATED: 0.25}
"""How often synonyms are drawn against names, by how near they are to them."""

_BARE = 0.5
"""Share of the functions named without "activity", as papers do: "kinase" for "kinase activity"."""

_PLACE = re.compile(r"\{(\w+)\}")
_PLAIN = re.compile(r"[^\W\d_][^()\[\],;:]*")

_Span = tuple[int, int, int]


class _Names(NamedTuple):
    """Names of one aspect, with the sums of their weights up to each."""

    texts: list[str]
    weights: list[float]


def name_sentences(
    ontology: Ontology,
    dictionary: Dictionary,
    *,
    count: int,
    seed: int,
    go_ids: Collection[str] | None = None,
) -> pd.DataFrame:
    """Set names and synonyms of terms into sentences.

    Short names are drawn more often, and names more often than synonyms. A quarter of the sentences has
    no name. Where a name has that of another aspect inside, such as the axon in "axon guidance", the
    sentence is labelled with both.

    Args:
        ontology: The release that gives the names.
        dictionary: Of the same release.
        count: How many sentences.
        seed: The same gives the same sentences.
        go_ids: Take the names of these terms alone, such as those of a training part; None takes all.

    Returns:
        A sentence table: ``text``, a column of labels 0 or 1 an aspect, ``article`` (empty) and ``spans``.
    """
    import pandas as pd

    draw = random.Random(seed)  # noqa: S311
    names = _names(ontology, go_ids)
    templates = [text for text in WITH_NAMES if _aspects(text) <= names.keys()]
    rows = []
    for _ in range(count):
        bare = not templates or draw.random() < _WITHOUT
        text, spans = _filled(draw.choice(WITHOUT_NAMES if bare else templates), names, dictionary, draw)
        found = {label for _, _, label in spans}
        labels = {aspect.value: float(aspect.label in found) for aspect in ASPECTS}
        rows.append({"text": text, **labels, "article": "", "spans": spans})
    return pd.DataFrame(rows, columns=["text", *(aspect.value for aspect in ASPECTS), "article", "spans"])


def _filled(
    template: str, names: dict[str, _Names], dictionary: Dictionary, draw: random.Random
) -> tuple[str, list[_Span]]:
    text = ""
    spans: list[_Span] = []
    done = 0
    for place in _PLACE.finditer(template):
        text += template[done : place.start()]
        done = place.end()
        kind = place.group(1)
        if kind in FILLERS:
            word = draw.choice(FILLERS[kind])
        else:
            word = _name(names[kind], Aspect(kind), draw)
            spans.append((len(text), len(text) + len(word), Aspect(kind).label))
            spans += _inside(word, Aspect(kind), len(text), dictionary)
        text += word
    text += template[done:]
    return _capitalized(text), spans


def _capitalized(text: str) -> str:
    """Begin with a capital, unless the first word has one elsewhere, such as mRNA."""
    return text[0].upper() + text[1:] if text.split()[0].islower() else text


def _name(names: _Names, aspect: Aspect, draw: random.Random) -> str:
    (name,) = draw.choices(names.texts, cum_weights=names.weights)
    if aspect is Aspect.MOLECULAR_FUNCTION and draw.random() < _BARE:
        return name.removesuffix(" activity")
    return name


def _inside(name: str, aspect: Aspect, offset: int, dictionary: Dictionary) -> list[_Span]:
    """Return where a name has whole names of other aspects inside."""
    return [
        (offset + mention.start, offset + mention.end, mention.aspect.label)
        for mention in dictionary.find(name)
        if mention.aspect is not aspect
        and mention.evidence.rank <= Evidence.SHORTENED.rank
        and mention.end - mention.start < len(name)
    ]


def _names(ontology: Ontology, go_ids: Collection[str] | None) -> dict[str, _Names]:
    """Return the names and synonyms that fit into a sentence, by aspect; none for an aspect without any."""
    found: dict[str, dict[str, float]] = {aspect.value: {} for aspect in ASPECTS}
    roots = set(ontology.roots)
    for term in ontology.terms():
        if term.id in roots or (go_ids is not None and term.id not in go_ids):
            continue
        weighted = [(term.name, 1.0)]
        weighted += [(synonym.text, _WEIGHTS[synonym.scope]) for synonym in term.synonyms]
        for text, weight in weighted:
            words = len(text.split())
            if words <= _LONGEST and len(text) > 3 and _PLAIN.fullmatch(text):
                found[term.aspect.value].setdefault(text, weight / words**2)
    return {
        aspect: _Names(list(weights), list(accumulate(weights.values())))
        for aspect, weights in found.items()
        if weights
    }


def _aspects(template: str) -> set[str]:
    return set(_PLACE.findall(template)) - FILLERS.keys()


FILLERS = {
    "gene": ("Abc7", "Tmx2", "Krl1", "Dnf3", "Vps9", "Sod7", "Rbx4", "Mtf2", "Plk6", "Zfr1", "Cdx5", "Hnl2"),
    "animal": ("mice", "rats", "flies", "worms", "zebrafish", "chicks", "frogs", "pups"),
    "tissue": ("liver", "kidney", "brain", "retina", "heart", "testis", "skin", "lung", "muscle", "root"),
    "cells": ("fibroblasts", "neurons", "hepatocytes", "keratinocytes", "yeast", "lymphocytes", "HeLa cells"),
    "strain": ("mutant", "wild-type", "heterozygous", "knockout", "transgenic", "control"),
    "drug": ("vehicle", "tamoxifen", "ethanol", "cycloheximide", "rapamycin", "glucose"),
    "assay": ("in situ analysis", "immunostaining", "Western blotting", "real-time PCR", "microarrays"),
    "number": ("two", "three", "six", "12", "24", "48"),
}

WITH_NAMES = (
    "We observed that {biological_process} was impaired in {strain} {animal}.",
    "{gene} is required for {biological_process} in the {tissue}.",
    "Loss of {gene} led to a marked reduction in {biological_process}.",
    "These data point to a role of {gene} in {biological_process}.",
    "How {gene} contributes to {biological_process} is not known.",
    "In {strain} {animal}, {biological_process} began {number} days later than in their littermates.",
    "Genes involved in {biological_process} were among those changed most in the {tissue}.",
    "{biological_process} was followed for {number} hours in {cells} treated with {drug}.",
    "To test whether {biological_process} depends on {gene}, we used {strain} {animal}.",
    "No defect in {biological_process} was seen in {strain} {tissue} (Fig. {number}).",
    "{drug} blocked {biological_process} in cultured {cells}.",
    "Together, these results show that {gene} controls {biological_process}.",
    "A failure of {biological_process} may explain why {strain} {animal} are small.",
    "The rate of {biological_process} was measured in {cells} from {number} {animal}.",
    "It has been suggested that {biological_process} declines with age.",
    "Defects in {biological_process} in the {tissue} of {gene} {strain} {animal}",
    "{gene} was found in the {cellular_component} of {cells}.",
    "By {assay}, most of the signal was seen in the {cellular_component}.",
    "Antibodies against {gene} stained the {cellular_component} in the {tissue}.",
    "The {cellular_component} looked normal in {strain} {animal}.",
    "In {strain} {cells}, the {cellular_component} was enlarged or missing.",
    "A fusion of {gene} with GFP did not reach the {cellular_component}.",
    "{gene} co-purified with components of the {cellular_component}.",
    "Electron micrographs of {strain} {tissue} show an irregular {cellular_component} (arrow).",
    "Fractions enriched in {cellular_component} were collected after {number} hours.",
    "The protein is anchored to the {cellular_component} by its last {number} residues.",
    "Whether {gene} enters the {cellular_component} was examined by {assay}.",
    "Changes of the {cellular_component} in {cells} treated with {drug}",
    "{gene} encodes a protein with {molecular_function}.",
    "Extracts of {strain} {tissue} had less {molecular_function} than controls.",
    "The {molecular_function} of {gene} was lost when {number} residues were changed.",
    "Recombinant {gene} showed {molecular_function} in vitro.",
    "We measured {molecular_function} in lysates of {cells}.",
    "The region of {gene} needed for {molecular_function} lies near its start.",
    "{drug} raised {molecular_function} by {number} fold.",
    "A domain known for {molecular_function} is conserved in {animal}.",
    "Two of the {number} candidates have predicted {molecular_function}.",
    "Sequence comparison suggests {molecular_function} for {gene}.",
    "Mutations in {gene} abolish its {molecular_function} but not its stability.",
    "Tests of {molecular_function} in {cells}",
    "{biological_process} takes place in the {cellular_component} of {cells}.",
    "{gene} links the {cellular_component} to {biological_process}.",
    "The {molecular_function} of {gene} is needed for {biological_process} in {animal}.",
    "{gene}, known for {molecular_function}, was seen at the {cellular_component}.",
    "Neither {biological_process} nor {biological_process} was altered in {strain} {animal}.",
    "In {strain} {tissue}, both the {cellular_component} and the {cellular_component} were affected.",
    "Without {molecular_function} in the {tissue}, {biological_process} came to a halt.",
    "While {molecular_function} fell, the {cellular_component} kept its shape.",
)

WITHOUT_NAMES = (
    "{animal} were kept under a 12 h light and dark schedule with free access to water.",
    "All procedures were approved by the local committee for the use of {animal}.",
    "Slides were rinsed {number} times in buffer and mounted under a coverslip.",
    "Sections of {tissue} were cut at {number} micrometres and dried overnight.",
    "Values are given as mean and standard error of {number} {animal}.",
    "Differences were tested with Student's t test, and P values below 0.05 were called significant.",
    "Primers were designed from the published sequence and are listed in Table {number}.",
    "A fragment of {number} kb was cloned into the vector and sequenced on both strands.",
    "{strain} {animal} were backcrossed for {number} generations.",
    "The {tissue} was removed, weighed and frozen in liquid nitrogen.",
    "Images were taken with a digital camera and prepared with standard software.",
    "Genotypes were determined by {assay} on DNA from tail tips.",
    "Figure {number} shows representative examples.",
    "The {number} {animal} did not differ in body weight or in length.",
    "Further studies with larger numbers of {animal} are needed.",
    "We thank our colleagues for {animal} and for critical comments on the manuscript.",
    "Membranes were blocked with milk and incubated with antibodies for {number} hours.",
    "{gene} lies between two markers on the long arm, about {number} cM apart.",
    "The targeting construct replaced {number} exons of {gene}.",
    "{cells} were plated in {number} wells and given {drug} or nothing.",
    "Total RNA was extracted from the {tissue} and stored at low temperature.",
    "Materials and methods",
    "Analysis of {strain} {animal}",
    "Samples were spun for {number} minutes and the supernatant was discarded.",
    "The authors declare that they have no competing interests.",
    "Of {number} lines tested, one carried the allele of interest.",
    "A similar number was reported by others for {animal} of the same age.",
    "These findings are in line with what is known from {animal}.",
    "Crosses between {strain} {animal} gave offspring in the expected ratio.",
    "The alignment was made with default settings and edited by hand.",
    "Blood was drawn from {number} {animal} and kept on ice.",
    "There was no difference between males and females (data not shown).",
)
