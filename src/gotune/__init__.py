"""Read biology text and lists of genes with the Gene Ontology, and fine-tune text transformers on it.

The names below are the public interface. Each is imported when it is first used, so that
``import gotune`` is quick and loads no torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gotune.adaptation.run import adapt
    from gotune.aspects import ASPECTS, Aspect
    from gotune.config import TrainConfig
    from gotune.corpus.documents import Document, read_documents
    from gotune.datasets.definitions import LabelledDataset, build_dataset, load_dataset, save_dataset
    from gotune.datasets.labelled import read_source
    from gotune.errors import GotuneError
    from gotune.evaluation.cross_validation import cross_validate
    from gotune.evaluation.definitions.run import evaluate
    from gotune.evaluation.sentences.run import evaluate_sentences
    from gotune.explanation.attribution.run import explain
    from gotune.linking.annotator import Annotator
    from gotune.model.classification import classify_document, classify_text
    from gotune.model.classification_tables import classify_table
    from gotune.model.classifier import AspectClassifier
    from gotune.model.loading import load_model
    from gotune.model.word_classifier import WordClassifier
    from gotune.ontology.loading import example_ontology, load_ontology
    from gotune.ontology.ontology import Ontology
    from gotune.protocols import Classifier, Encoder
    from gotune.render.document_table import write_document
    from gotune.render.figures import save_figure
    from gotune.render.plots import plot_shares
    from gotune.training.recipes import Recipe, train

_HOMES = {
    "ASPECTS": "aspects",
    "Annotator": "linking.annotator",
    "Aspect": "aspects",
    "AspectClassifier": "model.classifier",
    "Classifier": "protocols",
    "Document": "corpus.documents",
    "Encoder": "protocols",
    "GotuneError": "errors",
    "LabelledDataset": "datasets.definitions",
    "Ontology": "ontology.ontology",
    "Recipe": "training.recipes",
    "TrainConfig": "config",
    "WordClassifier": "model.word_classifier",
    "adapt": "adaptation.run",
    "build_dataset": "datasets.definitions",
    "classify_document": "model.classification",
    "classify_table": "model.classification_tables",
    "classify_text": "model.classification",
    "cross_validate": "evaluation.cross_validation",
    "evaluate": "evaluation.definitions.run",
    "evaluate_sentences": "evaluation.sentences.run",
    "example_ontology": "ontology.loading",
    "explain": "explanation.attribution.run",
    "load_dataset": "datasets.definitions",
    "load_model": "model.loading",
    "load_ontology": "ontology.loading",
    "plot_shares": "render.plots",
    "read_documents": "corpus.documents",
    "read_source": "datasets.labelled",
    "save_dataset": "datasets.definitions",
    "save_figure": "render.figures",
    "train": "training.recipes",
    "write_document": "render.document_table",
}

__all__ = [
    "ASPECTS",
    "Annotator",
    "Aspect",
    "AspectClassifier",
    "Classifier",
    "Document",
    "Encoder",
    "GotuneError",
    "LabelledDataset",
    "Ontology",
    "Recipe",
    "TrainConfig",
    "WordClassifier",
    "adapt",
    "build_dataset",
    "classify_document",
    "classify_table",
    "classify_text",
    "cross_validate",
    "evaluate",
    "evaluate_sentences",
    "example_ontology",
    "explain",
    "load_dataset",
    "load_model",
    "load_ontology",
    "plot_shares",
    "read_documents",
    "read_source",
    "save_dataset",
    "save_figure",
    "train",
    "write_document",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version  # a tenth of the time that the package takes to import

        return version("gotune")
    if name not in _HOMES:
        raise AttributeError(f"module 'gotune' has no attribute {name!r}")
    return getattr(import_module(f"gotune.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
