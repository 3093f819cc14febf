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
    from gotune.data.neighbourhood import find_neighbourhood
    from gotune.data.terms import term_table
    from gotune.errors import GotuneError
    from gotune.heads import Head
    from gotune.inference.attention import attention_of
    from gotune.inference.attribution import explain
    from gotune.inference.audit import audit_labels
    from gotune.inference.classifier import AspectClassifier
    from gotune.inference.comparison import Contender, compare_on_definitions, compare_on_sentences
    from gotune.inference.cross_validation import cross_validate
    from gotune.inference.embedding import TextEncoder
    from gotune.inference.evaluation import evaluate
    from gotune.inference.neighbours import NearestDefinitions
    from gotune.inference.sentence_evaluation import evaluate_sentences
    from gotune.inference.stress import run_stress_tests
    from gotune.inference.suggestion import suggest
    from gotune.inference.term_map import map_terms
    from gotune.labels.labelled import LabelledSource, article_folds, read_source
    from gotune.labels.stress_sentences import load_stress_sentences
    from gotune.models.encoders import load_tokenizer, locate_encoder
    from gotune.models.encoding import count_tokens, tokens_of
    from gotune.names.dictionary import Dictionary
    from gotune.names.lexicon import Lexicon
    from gotune.names.name_source import name_source
    from gotune.names.weak_labels import label_weakly
    from gotune.ontology.example import example_ontology
    from gotune.ontology.loading import load_ontology
    from gotune.ontology.ontology import Ontology
    from gotune.output.attention_page import render_attention
    from gotune.output.attention_plot import plot_attention
    from gotune.output.audit_report import render_audit
    from gotune.output.document_report import render_document_report
    from gotune.output.explanation_page import render_explanation
    from gotune.output.explanation_plot import plot_explanation
    from gotune.output.figures import save_figure
    from gotune.output.model_report import render_model_report
    from gotune.output.plots import plot_aspect_counts, plot_confusion, plot_definition_lengths, plot_shares
    from gotune.output.reports import evaluation_tables, render_evaluation
    from gotune.output.stress_report import plot_cuts, render_stress
    from gotune.output.tables import document_frame, write_document
    from gotune.output.tagging_report import render_tagging
    from gotune.output.term_graph import plot_term_graph
    from gotune.output.term_map import plot_term_map
    from gotune.output.term_neighbourhood import plot_neighbourhood
    from gotune.output.training_plots import plot_history
    from gotune.output.word_cloud import TEMPLATE_WORDS, plot_word_cloud
    from gotune.presets import Preset
    from gotune.results.term_map import Projection
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
    "NearestDefinitions": "inference.neighbours",
    "Ontology": "ontology.ontology",
    "Precision": "config",
    "Preset": "presets",
    "Projection": "results.term_map",
    "TEMPLATE_WORDS": "output.word_cloud",
    "TextEncoder": "inference.embedding",
    "TrainConfig": "config",
    "annotate_table": "text.text_tables",
    "article_folds": "labels.labelled",
    "assess": "text.competence",
    "attention_of": "inference.attention",
    "audit_labels": "inference.audit",
    "build_dataset": "data.dataset",
    "compare_on_definitions": "inference.comparison",
    "compare_on_sentences": "inference.comparison",
    "count_tokens": "models.encoding",
    "cross_validate": "inference.cross_validation",
    "document_frame": "output.tables",
    "evaluate": "inference.evaluation",
    "evaluate_sentences": "inference.sentence_evaluation",
    "evaluation_tables": "output.reports",
    "example_ontology": "ontology.example",
    "explain": "inference.attribution",
    "find_neighbourhood": "data.neighbourhood",
    "label_weakly": "names.weak_labels",
    "load_dataset": "data.dataset",
    "load_ontology": "ontology.loading",
    "load_stress_sentences": "labels.stress_sentences",
    "load_tokenizer": "models.encoders",
    "locate_encoder": "models.encoders",
    "map_terms": "inference.term_map",
    "name_source": "names.name_source",
    "plot_aspect_counts": "output.plots",
    "plot_attention": "output.attention_plot",
    "plot_confusion": "output.plots",
    "plot_cuts": "output.stress_report",
    "plot_definition_lengths": "output.plots",
    "plot_explanation": "output.explanation_plot",
    "plot_history": "output.training_plots",
    "plot_neighbourhood": "output.term_neighbourhood",
    "plot_shares": "output.plots",
    "plot_term_graph": "output.term_graph",
    "plot_term_map": "output.term_map",
    "plot_word_cloud": "output.word_cloud",
    "read_document": "text.documents",
    "read_source": "labels.labelled",
    "render_attention": "output.attention_page",
    "render_audit": "output.audit_report",
    "render_document_report": "output.document_report",
    "render_evaluation": "output.reports",
    "render_explanation": "output.explanation_page",
    "render_model_report": "output.model_report",
    "render_stress": "output.stress_report",
    "render_tagging": "output.tagging_report",
    "run_stress_tests": "inference.stress",
    "save_dataset": "data.dataset",
    "save_figure": "output.figures",
    "split_sentences": "text.sentences",
    "suggest": "inference.suggestion",
    "term_table": "data.terms",
    "tokens_of": "models.encoding",
    "train": "training.run",
    "write_document": "output.tables",
}

__all__ = [
    "ASPECTS",
    "TEMPLATE_WORDS",
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
    "NearestDefinitions",
    "Ontology",
    "Precision",
    "Preset",
    "Projection",
    "TextEncoder",
    "TrainConfig",
    "annotate_table",
    "article_folds",
    "assess",
    "attention_of",
    "audit_labels",
    "build_dataset",
    "compare_on_definitions",
    "compare_on_sentences",
    "count_tokens",
    "cross_validate",
    "document_frame",
    "evaluate",
    "evaluate_sentences",
    "evaluation_tables",
    "example_ontology",
    "explain",
    "find_neighbourhood",
    "label_weakly",
    "load_dataset",
    "load_ontology",
    "load_stress_sentences",
    "load_tokenizer",
    "locate_encoder",
    "map_terms",
    "name_source",
    "plot_aspect_counts",
    "plot_attention",
    "plot_confusion",
    "plot_cuts",
    "plot_definition_lengths",
    "plot_explanation",
    "plot_history",
    "plot_neighbourhood",
    "plot_shares",
    "plot_term_graph",
    "plot_term_map",
    "plot_word_cloud",
    "read_document",
    "read_source",
    "render_attention",
    "render_audit",
    "render_document_report",
    "render_evaluation",
    "render_explanation",
    "render_model_report",
    "render_stress",
    "render_tagging",
    "run_stress_tests",
    "save_dataset",
    "save_figure",
    "split_sentences",
    "suggest",
    "term_table",
    "tokens_of",
    "train",
    "write_document",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'gotune' has no attribute {name!r}")
    return getattr(import_module(f"gotune.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
