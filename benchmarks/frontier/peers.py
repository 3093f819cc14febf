"""Libraries that need another transformers than gotune, each as its documentation has it used.

They begin from the same encoder, all-MiniLM-L6-v2, whose folder is in the environment variable ``ENCODER``.
This file is run by an environment that has what ``peers.txt`` names, and no gotune.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from contestants import LABELS, Contestant, Score, linear_heads
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

ENCODER = os.environ.get("ENCODER", "sentence-transformers/all-MiniLM-L6-v2")


def encoder_of(backend: str, folder: Path):  # noqa: ANN201 (of a library that is not here)
    """Load the encoder, made for a backend in the folder where that is not there yet."""
    from sentence_transformers import SentenceTransformer

    if backend == "torch":
        return SentenceTransformer(ENCODER)
    made = folder / "encoder"
    if not made.exists():
        from sentence_transformers.backend import export_dynamic_quantized_onnx_model

        model = SentenceTransformer(ENCODER, backend="onnx", model_kwargs={"export": True})
        model.save_pretrained(str(made))
        export_dynamic_quantized_onnx_model(model, "avx2", str(made))
    (file,) = (path.name for path in (made / "onnx").glob("*int8*.onnx"))
    return SentenceTransformer(str(made), backend="onnx", model_kwargs={"file_name": f"onnx/{file}"})


def fit_embedded(backend: str):  # noqa: ANN201
    def fit(rows: pd.DataFrame, folder: Path) -> None:
        """Learn a logistic regression for each aspect over embeddings."""
        vectors = encoder_of(backend, folder).encode(rows["text"].tolist(), batch_size=32)
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "heads.npy", linear_heads(vectors, rows, C=10.0, solver="lbfgs", max_iter=1000))

    return fit


def load_embedded(backend: str):  # noqa: ANN201
    def load(folder: Path, with_names: bool) -> Score:
        del with_names
        encoder, heads = encoder_of(backend, folder), np.load(folder / "heads.npy")
        return lambda texts: encoder.encode(list(texts), batch_size=32) @ heads[:-1] + heads[-1]

    return load


def fit_setfit(rows: pd.DataFrame, folder: Path) -> None:
    """Fine-tune on pairs of 64 texts of each aspect, as SetFit is meant to be used."""
    import pandas as pd
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments

    judged = rows.dropna(subset=LABELS)
    drawn = pd.concat([judged[judged[name] == 1].sample(64, random_state=0) for name in LABELS])
    data = Dataset.from_dict(
        {"text": drawn["text"].tolist(), "label": drawn[LABELS].astype(int).values.tolist()}
    )
    model = SetFitModel.from_pretrained(ENCODER, multi_target_strategy="one-vs-rest")
    arguments = TrainingArguments(
        str(folder / "run"), batch_size=32, num_epochs=1, max_steps=500, report_to="none"
    )
    Trainer(model, arguments, train_dataset=data).train()
    model.save_pretrained(str(folder))


def load_setfit(folder: Path, with_names: bool) -> Score:
    del with_names
    from setfit import SetFitModel

    model = SetFitModel.from_pretrained(str(folder))
    return lambda texts: np.asarray(model.predict_proba(list(texts), batch_size=32), dtype=float)


def fit_model2vec(rows: pd.DataFrame, folder: Path) -> None:
    """Make a table of words of the encoder, and learn a logistic regression for each aspect over it."""
    from model2vec.distill import distill

    model = distill(ENCODER, pca_dims=256)
    model.save_pretrained(str(folder))
    vectors = model.encode(rows["text"].tolist())
    np.save(folder / "heads.npy", linear_heads(vectors, rows, C=10.0, solver="lbfgs", max_iter=1000))


def load_model2vec(folder: Path, with_names: bool) -> Score:
    del with_names
    from model2vec import StaticModel

    model, heads = StaticModel.from_pretrained(str(folder)), np.load(folder / "heads.npy")
    return lambda texts: model.encode(list(texts)) @ heads[:-1] + heads[-1]


def fit_fasttext(rows: pd.DataFrame, folder: Path) -> None:
    """Learn one against all, words and pairs of words with their parts; only texts judged on all aspects.

    It has 200,000 places for pairs and parts, a tenth of its default, which would take 440 MB.
    """
    import fasttext

    folder.mkdir(parents=True, exist_ok=True)
    judged = rows.dropna(subset=LABELS)
    with (folder / "train.txt").open("w") as file:
        for text, labels in zip(judged["text"], judged[LABELS].to_numpy(), strict=True):
            marks = [f"__label__{name}" for name, value in zip(LABELS, labels, strict=True) if value >= 0.5]
            file.write(f"{' '.join(marks or ['__label__none'])} {' '.join(text.split())}\n")
    options = {"loss": "ova", "wordNgrams": 2, "minn": 3, "maxn": 5, "dim": 50, "epoch": 15, "lr": 0.3}
    model = fasttext.train_supervised(str(folder / "train.txt"), bucket=200_000, thread=2, **options)
    model.save_model(str(folder / "model.bin"))
    (folder / "train.txt").unlink()


def load_fasttext(folder: Path, with_names: bool) -> Score:
    del with_names
    import fasttext

    model = fasttext.load_model(str(folder / "model.bin"))

    def score(texts: Sequence[str]) -> NDArray[np.float64]:
        found = np.zeros((len(texts), len(LABELS)))
        labels, values = model.predict([" ".join(text.split()) for text in texts], k=4)
        for row, (names, likely) in enumerate(zip(labels, values, strict=True)):
            known = dict(zip(names, likely, strict=True))
            found[row] = [known.get(f"__label__{name}", 0.0) for name in LABELS]
        return found

    return score


CONTESTANTS = {
    "st-torch": Contestant(
        "sentence-transformers (torch)", fit_embedded("torch"), load_embedded("torch"), reads_encoder=True
    ),
    "st-onnx-int8": Contestant(
        "sentence-transformers (ONNX, 8 bits)",
        fit_embedded("onnx-int8"),
        load_embedded("onnx-int8"),
        unread=("encoder/onnx/model.onnx",),  # which that in 8 bits is made of
    ),
    "setfit": Contestant("SetFit", fit_setfit, load_setfit, unread=("run/**/*",)),
    "model2vec": Contestant("model2vec", fit_model2vec, load_model2vec),
    "fasttext": Contestant("fastText", fit_fasttext, load_fasttext),
}
