"""Fine-tune text transformers on the Gene Ontology, and use them on real biology text.

The names below are the public interface. Each is imported when it is first used, so that
``import gotune`` is quick and loads no torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gotune.aspects import ASPECTS, Aspect
    from gotune.config import Engine, Precision, TrainConfig
    from gotune.data.dataset import LabelledDataset, build_dataset, load_dataset, save_dataset
    from gotune.data.terms import term_table
    from gotune.errors import GotuneError
    from gotune.heads import Head
    from gotune.inference.classifier import AspectClassifier
    from gotune.inference.comparison import Contender, compare_on_definitions, compare_on_sentences
    from gotune.inference.cross_validation import cross_validate
    from gotune.inference.evaluation import evaluate
    from gotune.inference.sentence_evaluation import evaluate_sentences
    from gotune.inference.stress import run_stress_tests
    from gotune.inference.suggestion import suggest
    from gotune.labels.labelled import LabelledSource, article_folds, read_source
    from gotune.names.dictionary import Dictionary
    from gotune.names.lexicon import Lexicon
    from gotune.names.name_source import name_source
    from gotune.names.weak_labels import label_weakly
    from gotune.ontology.example import example_ontology
    from gotune.ontology.loading import load_ontology
    from gotune.ontology.ontology import Ontology
    from gotune.output.figures import save_figure
    from gotune.output.plots import plot_shares
    from gotune.output.reports import render_evaluation
    from gotune.output.stress_report import render_stress
    from gotune.output.tables import write_document
    from gotune.output.tagging_report import render_tagging
    from gotune.presets import Preset
    from gotune.text.competence import assess
    from gotune.text.documents import Document, read_document
    from gotune.text.sentences import split_sentences
    from gotune.text.text_tables import annotate_table
    from gotune.training.run import train

_HOMES = {
    "ASPECTS": "aspects",
    "Aspect": "aspects",
    "AspectClassifier": "inference.classifier",
    "Contender": "inference.comparison",
    "Dictionary": "names.dictionary",
    "Document": "text.documents",
    "Engine": "config",
    "GotuneError": "errors",
    "Head": "heads",
    "LabelledDataset": "data.dataset",
    "LabelledSource": "labels.labelled",
    "Lexicon": "names.lexicon",
    "Ontology": "ontology.ontology",
    "Precision": "config",
    "Preset": "presets",
    "TrainConfig": "config",
    "annotate_table": "text.text_tables",
    "article_folds": "labels.labelled",
    "assess": "text.competence",
    "build_dataset": "data.dataset",
    "compare_on_definitions": "inference.comparison",
    "compare_on_sentences": "inference.comparison",
    "cross_validate": "inference.cross_validation",
    "evaluate": "inference.evaluation",
    "evaluate_sentences": "inference.sentence_evaluation",
    "example_ontology": "ontology.example",
    "label_weakly": "names.weak_labels",
    "load_dataset": "data.dataset",
    "load_ontology": "ontology.loading",
    "name_source": "names.name_source",
    "plot_shares": "output.plots",
    "read_document": "text.documents",
    "read_source": "labels.labelled",
    "render_evaluation": "output.reports",
    "render_stress": "output.stress_report",
    "render_tagging": "output.tagging_report",
    "run_stress_tests": "inference.stress",
    "save_dataset": "data.dataset",
    "save_figure": "output.figures",
    "split_sentences": "text.sentences",
    "suggest": "inference.suggestion",
    "term_table": "data.terms",
    "train": "training.run",
    "write_document": "output.tables",
}

__all__ = [
    "ASPECTS",
    "Aspect",
    "AspectClassifier",
    "Contender",
    "Dictionary",
    "Document",
    "Engine",
    "GotuneError",
    "Head",
    "LabelledDataset",
    "LabelledSource",
    "Lexicon",
    "Ontology",
    "Precision",
    "Preset",
    "TrainConfig",
    "annotate_table",
    "article_folds",
    "assess",
    "build_dataset",
    "compare_on_definitions",
    "compare_on_sentences",
    "cross_validate",
    "evaluate",
    "evaluate_sentences",
    "example_ontology",
    "label_weakly",
    "load_dataset",
    "load_ontology",
    "name_source",
    "plot_shares",
    "read_document",
    "read_source",
    "render_evaluation",
    "render_stress",
    "render_tagging",
    "run_stress_tests",
    "save_dataset",
    "save_figure",
    "split_sentences",
    "suggest",
    "term_table",
    "train",
    "write_document",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'gotune' has no attribute {name!r}")
    return getattr(import_module(f"gotune.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
