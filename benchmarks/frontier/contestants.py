"""gotune's engines, and what people use in their place with what gotune is installed with.

A contestant has a function that learns from rows and writes a folder, and one that loads the folder and
returns a function from texts to scores of shape ``(len(texts), 3)``. Rows have ``text``, the three aspects as
0, 1 or not a number where nobody judged, and ``weight``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

LABELS = ["biological_process", "cellular_component", "molecular_function"]
Score = Callable[[Sequence[str]], NDArray[np.float64]]


@dataclass(frozen=True)
class Contestant:
    """One row of the table.

    Attributes:
        title: As the table has it.
        fit: Learns from rows, in a folder; None if the run makes it beforehand.
        load: Loads the folder; told whether names of terms may be asked, which know every definition.
        unread: Patterns of files in the folder that ``load`` does not read.
        beside: Files elsewhere in the work folder that it reads.
        reads_encoder: Whether it reads the pretrained encoder, which is in no folder of its own.
    """

    title: str
    fit: Callable[[pd.DataFrame, Path], None] | None
    load: Callable[[Path, bool], Score]
    unread: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    reads_encoder: bool = False

    def files(self, folder: Path, encoder: Path) -> list[Path]:
        """Return the files that ``load`` reads of its folder, of the one around it, and of an encoder."""
        left = {path for pattern in self.unread for path in folder.glob(pattern)}
        read = [path for path in folder.rglob("*") if path not in left]
        read += [folder.parent / name for name in self.beside]
        read += encoder.rglob("*") if self.reads_encoder else []
        return [path for path in read if path.is_file()]


_UNREAD = ("gotune.json", "README.md", "learned.json", "lexicon.*", "words.*", "definitions.*")
"""What transformers does not read of a bundle."""


def linear_heads(features: Any, rows: pd.DataFrame, **options: Any) -> NDArray[np.float64]:  # noqa: ANN401
    """Return weights of shape ``(features + 1, 3)`` of a logistic regression for each aspect."""
    from sklearn.linear_model import LogisticRegression

    found = []
    for name in LABELS:
        judged = rows[name].notna().to_numpy()
        model = LogisticRegression(**{"solver": "liblinear", "C": 1.0, **options})
        model.fit(features[judged], rows[name][judged] >= 0.5, sample_weight=rows["weight"][judged])
        found.append([*model.coef_[0], *model.intercept_])
    return np.array(found).T


def save_tfidf(vectorizer: Any, heads: NDArray[np.float64], folder: Path) -> None:  # noqa: ANN401
    folder.mkdir(parents=True, exist_ok=True)
    words = {word: int(column) for word, column in vectorizer.vocabulary_.items()}
    (folder / "words.json").write_text(json.dumps(words))
    np.savez_compressed(
        folder / "weights.npz", idf=vectorizer.idf_.astype(np.float32), heads=heads.astype(np.float32)
    )


def vectorizer_of(vocabulary: dict[str, int] | None = None) -> Any:  # noqa: ANN401
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, vocabulary=vocabulary)


def fit_tfidf(rows: pd.DataFrame, folder: Path) -> None:
    """Learn a logistic regression for each aspect over words and pairs of words."""
    vectorizer = vectorizer_of()
    features = vectorizer.fit_transform(rows["text"])
    save_tfidf(vectorizer, linear_heads(features, rows, C=10.0), folder)


def fit_svm(rows: pd.DataFrame, folder: Path) -> None:
    """Learn a linear SVM for each aspect over words and pairs of words."""
    from sklearn.svm import LinearSVC

    vectorizer = vectorizer_of()
    features = vectorizer.fit_transform(rows["text"])
    found = []
    for name in LABELS:
        judged = rows[name].notna().to_numpy()
        model = LinearSVC(C=0.3, random_state=0)
        model.fit(features[judged], rows[name][judged] >= 0.5, sample_weight=rows["weight"][judged])
        found.append([*model.coef_[0], *model.intercept_])
    save_tfidf(vectorizer, np.array(found).T, folder)


def load_tfidf(folder: Path, with_names: bool) -> Score:
    del with_names
    vectorizer = vectorizer_of(json.loads((folder / "words.json").read_text()))
    with np.load(folder / "weights.npz") as arrays:
        vectorizer.idf_ = arrays["idf"].astype(float)
        heads = arrays["heads"].astype(float)
    return lambda texts: vectorizer.transform(texts) @ heads[:-1] + heads[-1]


def load_tfidf_with_names(folder: Path, with_names: bool) -> Score:
    """Add three times the log-odds of names, as gotune's TF-IDF has none of its own to weigh them by."""
    words = load_tfidf(folder, with_names)
    if not with_names:
        return words
    from gotune.model.light_bundle import load_light

    lexicon = load_light(folder.parent / "papers-int8").lexicon
    assert lexicon is not None
    return lambda texts: words(texts) + 3 * lexicon.evidence(list(texts))


def load_gotune(folder: Path, with_names: bool) -> Score:
    import gotune
    from gotune.records import Witness

    model = gotune.load_model(folder)
    if not with_names:
        model = model.without(Witness.NAMES)
    return lambda texts: model.predict_proba(list(texts))


def load_pipeline(batch_size: int) -> Callable[[Path, bool], Score]:
    """Ask the same weights through transformers alone: no names, no words."""

    def load(folder: Path, with_names: bool) -> Score:
        del with_names
        from transformers import pipeline

        ask = pipeline(
            "text-classification",
            str(folder.parent / "papers-torch"),
            top_k=None,
            function_to_apply="sigmoid",
        )

        def score(texts: Sequence[str]) -> NDArray[np.float64]:
            found = ask(list(texts), batch_size=batch_size, truncation=True)
            return np.array(
                [[{one["label"]: one["score"] for one in row}[name] for name in LABELS] for row in found]
            )

        return score

    return load


def fit_case_study(rows: pd.DataFrame, folder: Path) -> None:
    """Fine-tune on 2,000 definitions with the case study's recipe, one aspect for each text."""
    import gotune

    del rows
    shutil.rmtree(folder, ignore_errors=True)
    gotune.train(gotune.Recipe.case_study(), folder)


def load_case_study(folder: Path, with_names: bool) -> Score:
    """Ask for one text after the other, as its notebook does."""
    del with_names
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()

    def score(texts: Sequence[str]) -> NDArray[np.float64]:
        found = []
        for text in texts:
            with torch.no_grad():
                logits = model(**tokenizer(text, return_tensors="pt", truncation=True)).logits
            found.append(torch.softmax(logits, dim=1)[0].numpy())
        return np.array(found, dtype=float)

    return score


CONTESTANTS = {
    "papers-int8": Contestant("gotune papers (ONNX, 8 bits)", None, load_gotune),
    "papers-torch": Contestant("gotune papers (torch)", None, load_gotune),
    "fast": Contestant("gotune fast", None, load_gotune),
    "pipeline-32": Contestant("transformers pipeline, 32 texts", None, load_pipeline(32), _UNREAD),
    "pipeline-1": Contestant("transformers pipeline, 1 text", None, load_pipeline(1), _UNREAD),
    "case-study": Contestant("case study's loop", fit_case_study, load_case_study, _UNREAD),
    "tfidf": Contestant("TF-IDF + logistic regression", fit_tfidf, load_tfidf),
    "tfidf-names": Contestant(
        "TF-IDF + gotune's names",
        fit_tfidf,
        load_tfidf_with_names,
        beside=("papers-int8/lexicon.safetensors",),
    ),
    "tfidf-svm": Contestant("TF-IDF + linear SVM", fit_svm, load_tfidf),
}
