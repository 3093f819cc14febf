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
    from gotune.data.documents import Document, read_document
    from gotune.data.sentences import split_sentences
    from gotune.data.terms import term_table
    from gotune.data.text_tables import annotate_table
    from gotune.errors import GotuneError
    from gotune.inference.classifier import AspectClassifier
    from gotune.inference.evaluation import evaluate
    from gotune.ontology.example import example_ontology
    from gotune.ontology.loading import load_ontology
    from gotune.ontology.ontology import Ontology
    from gotune.output.figures import save_figure
    from gotune.output.plots import plot_shares
    from gotune.output.reports import render_evaluation
    from gotune.output.tables import write_document
    from gotune.training.run import train

_HOMES = {
    "ASPECTS": "aspects",
    "Aspect": "aspects",
    "AspectClassifier": "inference.classifier",
    "Document": "data.documents",
    "Engine": "config",
    "GotuneError": "errors",
    "LabelledDataset": "data.dataset",
    "Ontology": "ontology.ontology",
    "Precision": "config",
    "TrainConfig": "config",
    "annotate_table": "data.text_tables",
    "build_dataset": "data.dataset",
    "evaluate": "inference.evaluation",
    "example_ontology": "ontology.example",
    "load_dataset": "data.dataset",
    "load_ontology": "ontology.loading",
    "plot_shares": "output.plots",
    "read_document": "data.documents",
    "render_evaluation": "output.reports",
    "save_dataset": "data.dataset",
    "save_figure": "output.figures",
    "split_sentences": "data.sentences",
    "term_table": "data.terms",
    "train": "training.run",
    "write_document": "output.tables",
}

__all__ = [
    "ASPECTS",
    "Aspect",
    "AspectClassifier",
    "Document",
    "Engine",
    "GotuneError",
    "LabelledDataset",
    "Ontology",
    "Precision",
    "TrainConfig",
    "annotate_table",
    "build_dataset",
    "evaluate",
    "example_ontology",
    "load_dataset",
    "load_ontology",
    "plot_shares",
    "read_document",
    "render_evaluation",
    "save_dataset",
    "save_figure",
    "split_sentences",
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
