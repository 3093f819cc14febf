"""What all tests share: a tiny encoder made here, a dataset of the example ontology, real ones on demand."""

from __future__ import annotations

import hashlib
import re
import string
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import hypothesis
import pytest
import torch
from transformers import BertConfig, BertModel, BertTokenizer

from gotune.aspects import Head
from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset, build_dataset
from gotune.datasets.labelled import LabelledSource, read_source
from gotune.errors import DownloadError
from gotune.lexicon.lexicon import Lexicon
from gotune.model.classifier import TransformerClassifier
from gotune.ontology.loading import example_ontology, load_ontology
from gotune.ontology.releases import FILE_NAME, RELEASES, Release
from gotune.training.recipes import Material
from gotune.training.run import fit
from tests.labelled_sentences import write_sentences

pytest_plugins = ["tests.drawn", "tests.browser"]

# A timing is no test. The same examples in each run, so that what fails was broken by the change at hand;
# `make explore` draws others.
hypothesis.settings.register_profile("gotune", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("gotune")
torch.set_num_threads(1)  # more make tiny models slower, and many times so beside other work
EXAMPLE = "2024-02-29"
"""The release of the example ontology."""
SPECIAL_PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pin", action="store_true", help="write anew what tests/test_pinned.py compares with")


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> LabelledDataset:
    """The dataset of the example ontology: some fifty definitions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOTUNE_CACHE", str(tmp_path_factory.mktemp("cache")))
        return build_dataset(example_ontology())


@pytest.fixture
def example_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the example ontology as it lies in a cache, in which every release is the example."""
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))
    text = (files("gotune.ontology") / "example.obo").read_bytes()
    path = tmp_path / "cache" / "releases" / EXAMPLE / FILE_NAME
    for date in (*RELEASES, EXAMPLE):
        monkeypatch.setitem(RELEASES, date, Release(date, hashlib.sha256(text).hexdigest(), "no-wheel==0"))
        copy = path.parents[1] / date / FILE_NAME
        copy.parent.mkdir(parents=True)
        copy.write_bytes(text)
    return path


@pytest.fixture(scope="session")
def tiny_encoder(dataset: LabelledDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of random weights, two layers and 32 wide, whose word pieces are those of the dataset.

    They are counted here: what ``tokenizers`` learns from so few texts is another vocabulary every time.
    """
    folder = tmp_path_factory.mktemp("encoder")
    words = Counter(re.findall(r"[a-z]+", " ".join(dataset.terms["definition"].dropna()).lower()))
    common = sorted(words, key=lambda word: (-words[word], word))[:250]
    letters = [*string.ascii_lowercase, *string.digits]
    pieces = [*SPECIAL_PIECES, *string.punctuation, *letters, *(f"##{letter}" for letter in letters)]
    vocabulary = list(dict.fromkeys([*pieces, *common]))
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt"), do_lower_case=True, model_max_length=64).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_config(tiny_encoder: Path) -> TrainConfig:
    """Settings with which the tiny encoder learns the dataset in about a second."""
    return TrainConfig(
        encoder=str(tiny_encoder), epochs=2, learning_rate=2e-3, max_tokens=48, device="cpu", seed=1
    )


@pytest.fixture(scope="session")
def dataset_folder(dataset: LabelledDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from gotune.datasets.definitions import save_dataset

    folder = tmp_path_factory.mktemp("dataset") / "data"
    save_dataset(dataset, folder)
    return folder


@pytest.fixture(scope="session")
def bundle_folder(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A bundle of the tiny encoder; tests must not change it."""
    folder = tmp_path_factory.mktemp("bundle") / "model"
    fit(Material(dataset), tiny_config, folder)
    return folder


@pytest.fixture(scope="session")
def classifier(bundle_folder: Path) -> TransformerClassifier:
    return TransformerClassifier.load(bundle_folder, device="cpu")


@pytest.fixture(scope="session")
def sentence_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Labelled sentences of six made-up articles, as a user would bring them."""
    path = tmp_path_factory.mktemp("sentences") / "mine.jsonl"
    path.write_text(write_sentences(), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def sentences(sentence_file: Path) -> LabelledSource:
    return read_source(sentence_file)


@pytest.fixture(scope="session")
def multi_config(tiny_config: TrainConfig) -> TrainConfig:
    """Settings of a tiny tagger of sentences."""
    return replace(tiny_config, head=Head.MULTI, rationale_weight=10.0, opening_cut=0.5)


@pytest.fixture(scope="session")
def tagger_folder(
    dataset: LabelledDataset,
    sentences: LabelledSource,
    multi_config: TrainConfig,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A bundle with three independent aspects; tests must not change it."""
    folder = tmp_path_factory.mktemp("tagger") / "model"
    fit(Material(dataset, [sentences]), multi_config, folder)
    return folder


@pytest.fixture(scope="session")
def tagger(tagger_folder: Path) -> TransformerClassifier:
    return TransformerClassifier.load(tagger_folder, device="cpu")


@pytest.fixture(scope="session")
def witnesses_folder(
    dataset: LabelledDataset,
    sentences: LabelledSource,
    multi_config: TrainConfig,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A bundle that asks names and words as well; tests must not change it."""
    folder = tmp_path_factory.mktemp("witnesses") / "model"
    config = replace(multi_config, lexicon=True, words=True, epochs=1)
    fit(Material(dataset, [sentences], Lexicon.from_ontology(example_ontology())), config, folder)
    return folder


@pytest.fixture(scope="session")
def real_dataset() -> LabelledDataset:
    """The dataset of GO 2021-12-15, from the user's cache or fetched into it."""
    try:
        return build_dataset(load_ontology("2021-12-15"), earlier=load_ontology("2020-01-01"))
    except DownloadError as exc:
        pytest.skip(f"GO 2021-12-15 cannot be had here: {exc}")


@pytest.fixture(scope="session")
def real_bundle(real_dataset: LabelledDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """all-MiniLM-L6-v2 fine-tuned on 150 real definitions, so that the real path is always tested."""
    folder = tmp_path_factory.mktemp("real") / "model"
    config = TrainConfig(train_size=150, validation_size=30, epochs=2, learning_rate=2e-4, max_tokens=64)
    try:
        fit(Material(real_dataset), config, folder)
    except DownloadError as exc:
        pytest.skip(f"all-MiniLM-L6-v2 cannot be had here: {exc}")
    return folder
