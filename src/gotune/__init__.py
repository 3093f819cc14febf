"""Fine-tune text transformers on the Gene Ontology, and use them on real biology text.

The names below are the public interface. Each is imported when it is first used, so that
``import gotune`` is quick and loads no torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gotune.aspects import ASPECTS, Aspect, Head
    from gotune.config import Engine, Precision, TrainConfig
    from gotune.corpus.documents import Document, read_document
    from gotune.corpus.screening import assess
    from gotune.corpus.sentences import split_sentences
    from gotune.corpus.tables import annotate_table
    from gotune.datasets.definitions import LabelledDataset, build_dataset, load_dataset, save_dataset
    from gotune.datasets.labelled import LabelledSource, article_folds, read_source
    from gotune.datasets.name_sentences import name_source
    from gotune.datasets.weak_labels import label_weakly
    from gotune.datasets.word_cloud import (
        TEMPLATE_WORDS,
        plot_aspect_counts,
        plot_definition_lengths,
        plot_word_cloud,
    )
    from gotune.errors import GotuneError
    from gotune.evaluation.audit.report import render_audit
    from gotune.evaluation.audit.run import audit_labels
    from gotune.evaluation.comparison.run import Contender, compare_on_definitions, compare_on_sentences
    from gotune.evaluation.cross_validation import cross_validate
    from gotune.evaluation.definitions.report import evaluation_tables, plot_confusion, render_evaluation
    from gotune.evaluation.definitions.run import evaluate
    from gotune.evaluation.model_report import plot_history, render_model_report
    from gotune.evaluation.sentences.report import render_tagging
    from gotune.evaluation.sentences.run import evaluate_sentences
    from gotune.evaluation.stress.report import plot_cuts, render_stress
    from gotune.evaluation.stress.run import run_stress_tests
    from gotune.evaluation.stress.texts import load_stress_sentences
    from gotune.explanation.attention.report import plot_attention, render_attention
    from gotune.explanation.attention.run import attention_of
    from gotune.explanation.attribution.report import plot_explanation, render_explanation
    from gotune.explanation.attribution.run import explain
    from gotune.explanation.neighbours import NearestDefinitions
    from gotune.explanation.term_map.report import plot_term_map
    from gotune.explanation.term_map.results import Projection
    from gotune.explanation.term_map.run import map_terms
    from gotune.lexicon.dictionary import Dictionary
    from gotune.lexicon.lexicon import Lexicon
    from gotune.model.classifier import AspectClassifier
    from gotune.model.embedding import TextEncoder
    from gotune.model.encoders import load_tokenizer, locate_encoder
    from gotune.model.tokens import count_tokens, tokens_of
    from gotune.ontology.graph import find_neighbourhood, term_table
    from gotune.ontology.loading import example_ontology, load_ontology
    from gotune.ontology.ontology import Ontology
    from gotune.render.document_page import render_document_report
    from gotune.render.document_table import document_frame, write_document
    from gotune.render.figures import save_figure
    from gotune.render.plots import plot_shares
    from gotune.render.term_graph.pictures import plot_neighbourhood, plot_term_graph
    from gotune.training.ask import suggest
    from gotune.training.recipes import Preset
    from gotune.training.run import train

_HOMES = {
    "ASPECTS": "aspects",
    "Aspect": "aspects",
    "AspectClassifier": "model.classifier",
    "Contender": "evaluation.comparison.run",
    "Dictionary": "lexicon.dictionary",
    "Document": "corpus.documents",
    "Engine": "config",
    "GotuneError": "errors",
    "Head": "aspects",
    "LabelledDataset": "datasets.definitions",
    "LabelledSource": "datasets.labelled",
    "Lexicon": "lexicon.lexicon",
    "NearestDefinitions": "explanation.neighbours",
    "Ontology": "ontology.ontology",
    "Precision": "config",
    "Preset": "training.recipes",
    "Projection": "explanation.term_map.results",
    "TEMPLATE_WORDS": "datasets.word_cloud",
    "TextEncoder": "model.embedding",
    "TrainConfig": "config",
    "annotate_table": "corpus.tables",
    "article_folds": "datasets.labelled",
    "assess": "corpus.screening",
    "attention_of": "explanation.attention.run",
    "audit_labels": "evaluation.audit.run",
    "build_dataset": "datasets.definitions",
    "compare_on_definitions": "evaluation.comparison.run",
    "compare_on_sentences": "evaluation.comparison.run",
    "count_tokens": "model.tokens",
    "cross_validate": "evaluation.cross_validation",
    "document_frame": "render.document_table",
    "evaluate": "evaluation.definitions.run",
    "evaluate_sentences": "evaluation.sentences.run",
    "evaluation_tables": "evaluation.definitions.report",
    "example_ontology": "ontology.loading",
    "explain": "explanation.attribution.run",
    "find_neighbourhood": "ontology.graph",
    "label_weakly": "datasets.weak_labels",
    "load_dataset": "datasets.definitions",
    "load_ontology": "ontology.loading",
    "load_stress_sentences": "evaluation.stress.texts",
    "load_tokenizer": "model.encoders",
    "locate_encoder": "model.encoders",
    "map_terms": "explanation.term_map.run",
    "name_source": "datasets.name_sentences",
    "plot_aspect_counts": "datasets.word_cloud",
    "plot_attention": "explanation.attention.report",
    "plot_confusion": "evaluation.definitions.report",
    "plot_cuts": "evaluation.stress.report",
    "plot_definition_lengths": "datasets.word_cloud",
    "plot_explanation": "explanation.attribution.report",
    "plot_history": "evaluation.model_report",
    "plot_neighbourhood": "render.term_graph.pictures",
    "plot_shares": "render.plots",
    "plot_term_graph": "render.term_graph.pictures",
    "plot_term_map": "explanation.term_map.report",
    "plot_word_cloud": "datasets.word_cloud",
    "read_document": "corpus.documents",
    "read_source": "datasets.labelled",
    "render_attention": "explanation.attention.report",
    "render_audit": "evaluation.audit.report",
    "render_document_report": "render.document_page",
    "render_evaluation": "evaluation.definitions.report",
    "render_explanation": "explanation.attribution.report",
    "render_model_report": "evaluation.model_report",
    "render_stress": "evaluation.stress.report",
    "render_tagging": "evaluation.sentences.report",
    "run_stress_tests": "evaluation.stress.run",
    "save_dataset": "datasets.definitions",
    "save_figure": "render.figures",
    "split_sentences": "corpus.sentences",
    "suggest": "training.ask",
    "term_table": "ontology.graph",
    "tokens_of": "model.tokens",
    "train": "training.run",
    "write_document": "render.document_table",
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
