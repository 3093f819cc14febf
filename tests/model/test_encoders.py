"""Encoders from the catalogue, from folders and from the hub, for which a loopback server stands in here."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import BertWordPieceTokenizer
from transformers import BertConfig, BertForPreTraining, BertTokenizer

from gotune.aspects import Head
from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.downloads import PinnedFile, PinnedSet
from gotune.errors import DownloadError, EncoderError
from gotune.files import sha256_of
from gotune.model import encoders
from gotune.model.classifier import AspectClassifier
from gotune.model.encoders import ENCODERS, load_model, load_tokenizer, locate_encoder, recorded_name
from gotune.training.recipes import Recipe, train
from tests.model.hub import Hub

MULTILINGUAL = "bert-base-multilingual-uncased"
OTHER_LANGUAGES = "Die Größe einer Zelle. La naïveté du café. Клеточная мембрана. 細胞膜 细胞核 세포막"
ADVICE = "Take an encoder that has them; gotune reads no pickles such as pytorch_model.bin."


@pytest.fixture(scope="module")
def repositories(dataset: LabelledDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small multilingual BERT, the same with pickled weights only, and one that brings its own code."""
    root = tmp_path_factory.mktemp("repositories")
    _make_multilingual(root / "google-bert" / MULTILINGUAL, [*dataset.terms["definition"].dropna()])
    pickled = Path(shutil.copytree(root / "google-bert" / MULTILINGUAL, root / "someone/pickled"))
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    custom = Path(shutil.copytree(root / "google-bert" / MULTILINGUAL, root / "someone/custom"))
    _bring_code(custom, root / "executed", model_type="custom")
    return root


@pytest.fixture(scope="module")
def hub(repositories: Path) -> Iterator[Hub]:
    with Hub(repositories, renamed={MULTILINGUAL: f"google-bert/{MULTILINGUAL}"}) as hub:
        yield hub


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Return what lets this process ask the hub at an address; the cache is ``huggingface/hub``."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "huggingface" / "hub"))

    def ask(url: str) -> None:
        template = url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", url)
        monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)

    return ask


def train_as_a_user_does(data: Path, output: Path, url: str, cache: Path) -> tuple[int, str]:
    """Train on the command line with the hub at an address, and return the exit code and what went wrong."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSF"))
    }
    environment |= {"HF_ENDPOINT": url, "HF_HOME": str(cache), "NO_PROXY": "127.0.0.1,localhost"}
    settings = ["--encoder", MULTILINGUAL, "--epochs", "1", "--set", "max_tokens=48", "--device", "cpu"]
    command = [sys.executable, "-m", "gotune", "train", str(data), "-o", str(output), "-q", *settings]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stderr


def test_model_of_the_hub_is_trained_and_then_needs_no_hub(
    repositories: Path, dataset_folder: Path, ask: Callable[[str], None], tmp_path: Path
) -> None:
    model, served = tmp_path / "model", repositories / "google-bert" / MULTILINGUAL
    with Hub(repositories, renamed={MULTILINGUAL: f"google-bert/{MULTILINGUAL}"}) as hub:
        assert train_as_a_user_does(dataset_folder, model, hub.url, tmp_path / "huggingface") == (0, "")
    assert hub.fetched == {"config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"} | {
        "model.safetensors"
    }
    classifier = AspectClassifier.load(model, device="cpu")
    assert classifier.spec.encoder == MULTILINGUAL
    assert classifier.predict_proba([OTHER_LANGUAGES, ""]).sum(axis=1) == pytest.approx(1)
    _check_that_weights_are_those_served(model, served)

    # The server is gone: offline nothing is asked, otherwise the cache stands in.
    ask(hub.url)
    folder = locate_encoder(MULTILINGUAL, offline=True)
    assert folder == locate_encoder(MULTILINGUAL)
    assert sha256_of(Path(folder) / "model.safetensors") == sha256_of(served / "model.safetensors")
    pieces = load_tokenizer(folder).tokenize("Größe CAFÉ 細胞")
    assert "".join(piece.removeprefix("##") for piece in pieces) == "großecafe細胞"


def _check_that_weights_are_those_served(bundle: Path, served: Path) -> None:
    """Compare what an epoch at a low rate cannot have changed, or hardly."""
    before, after = load_file(served / "model.safetensors"), load_file(bundle / "model.safetensors")
    unseen = load_tokenizer(str(bundle)).convert_tokens_to_ids("細")
    words = "bert.embeddings.word_embeddings.weight"
    assert torch.equal(before[words][unseen], after[words][unseen])
    model = load_model(str(bundle), head=Head.SINGLE, seed=1)
    norm, pooler = "bert.encoder.layer.1.output.LayerNorm.", "bert.pooler.dense.weight"
    assert torch.allclose(before[norm + "gamma"], model.get_parameter(norm + "weight"), atol=0.01)
    assert torch.allclose(before[pooler], model.get_parameter(pooler), atol=0.01)


def test_without_a_hub_and_a_cache_nothing_is_trained(
    ask: Callable[[str], None], dataset: LabelledDataset, tmp_path: Path, repositories: Path
) -> None:
    with Hub(repositories) as gone:
        ask(gone.url)
    with pytest.raises(EncoderError) as caught:
        train(Recipe(TrainConfig(encoder=MULTILINGUAL), dataset), tmp_path / "model")
    assert re.fullmatch(
        f"{MULTILINGUAL}: expected an encoder on the Hugging Face hub or in its cache, "
        r"found .*refused.*\. Check the name and the network; --offline needs it in the cache\.",
        str(caught.value),
    )
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("someone/missing", "found Repository Not Found for url: http"),
        ("someone/pickled", f"expected weights in model.safetensors, found none there. {ADVICE}"),
        ("someone/custom", "found auto_map in tokenizer_config.json, which names code of others. "),
    ],
)
def test_repository_that_cannot_be_used(
    name: str, found: str, hub: Hub, ask: Callable[[str], None], dataset: LabelledDataset, tmp_path: Path,
    repositories: Path,
) -> None:  # fmt: skip
    hub.requests.clear()
    ask(hub.url)
    with pytest.raises(EncoderError) as caught:
        train(Recipe(TrainConfig(encoder=name), dataset), tmp_path / "model")
    message = str(caught.value)
    assert name in message.replace("--", "/")  # or the folder of the cache that holds it
    assert found in message
    assert "\n" not in message
    assert hub.fetched.isdisjoint({"pytorch_model.bin", "own.py"})
    assert not (repositories / "executed").exists()


def test_code_in_a_folder_is_never_run(tiny_encoder: Path, tmp_path: Path) -> None:
    for model_type in ("bert", "custom"):
        folder = Path(shutil.copytree(tiny_encoder, tmp_path / model_type))
        _bring_code(folder, tmp_path / "executed", model_type=model_type)
        with pytest.raises(EncoderError, match=r"found auto_map in tokenizer_config\.json, which names code"):
            load_model(str(folder), head=Head.SINGLE, seed=1)
        with pytest.raises(EncoderError, match=r"found auto_map in tokenizer_config\.json, which names code"):
            load_tokenizer(str(folder))
    assert not (tmp_path / "executed").exists()


def test_pinned_encoder_is_kept_in_the_cache(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path))
    pinned = PinnedSet(
        tuple(PinnedFile(path.name, sha256_of(path), "", "") for path in tiny_encoder.iterdir()),
        "no-wheel==0",
    )
    monkeypatch.setitem(ENCODERS, "all-MiniLM-L6-v2", pinned)
    folder = tmp_path / "encoders" / "all-MiniLM-L6-v2"
    with pytest.raises(DownloadError, match=f"{folder}: expected .*config.json.* in the cache"):
        locate_encoder("all-MiniLM-L6-v2", offline=True)
    shutil.copytree(tiny_encoder, folder)
    assert locate_encoder("all-MiniLM-L6-v2", offline=True) == str(folder)


def test_folder_is_taken_as_it_is(tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert locate_encoder(str(tiny_encoder)) == str(tiny_encoder)
    monkeypatch.chdir(tiny_encoder.parent)
    assert locate_encoder(tiny_encoder.name) == tiny_encoder.name
    monkeypatch.setenv("HOME", str(tiny_encoder.parent))
    assert locate_encoder(f"~/{tiny_encoder.name}") == str(tiny_encoder)


def test_folder_without_safetensors_serves_for_its_tokenizer(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_encoder, tmp_path / "encoder"))
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(EncoderError) as caught:
        locate_encoder(str(folder))
    assert str(caught.value) == f"{folder}: expected weights in model.safetensors, found none there. {ADVICE}"
    assert load_tokenizer(locate_encoder(str(folder), weights=False)).is_fast


@pytest.mark.parametrize("name", ["./missing", "/missing", "~/missing", "a/b/c", "..", r"C:\encoder", "made"])
def test_path_without_an_encoder_is_never_asked_for_on_the_hub(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "made").mkdir()
    with pytest.raises(EncoderError) as caught:
        locate_encoder(name)
    found = "no config.json in it" if name in ("..", "made") else "no such folder"
    assert str(caught.value) == (
        f"{name}: expected an encoder folder with config.json, model.safetensors and a tokenizer, "
        f"found {found}. Check the path, or take all-MiniLM-L6-v2."
    )


def test_a_name_that_no_file_could_have_is_told() -> None:
    with pytest.raises(EncoderError, match=r"found no such folder\. Check the path"):
        locate_encoder(f"./{'a' * 5000}")
    assert recorded_name("a" * 5000) == "a" * 5000


def test_what_begins_with_a_folder_that_is_here_is_not_asked_for_on_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    with pytest.raises(EncoderError, match=r"no such folder\. Check the path \(the hub is not asked "):
        locate_encoder("mine/encoder")


def test_the_name_of_a_folder_is_recorded_as_a_path(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny_encoder, tmp_path / "mine" / "encoder")
    monkeypatch.chdir(tmp_path)
    assert recorded_name("mine/encoder") == "./mine/encoder"
    assert recorded_name("./mine/encoder") == "./mine/encoder"
    assert recorded_name(str(tiny_encoder)) == str(tiny_encoder)
    for name in ("all-MiniLM-L6-v2", "owner/name"):
        assert recorded_name(name) == name


@pytest.mark.parametrize("name", ["a b", "owner/", "-name"])
def test_name_that_no_hub_can_have(name: str) -> None:
    with pytest.raises(EncoderError, match="expected an encoder on the Hugging Face hub or in its cache"):
        locate_encoder(name)


def test_name_that_is_not_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EncoderError) as caught:
        locate_encoder("owner/name", offline=True)
    assert str(caught.value) == (
        "owner/name: expected an encoder on the Hugging Face hub or in its cache, found Cannot find an "
        "appropriate cached snapshot folder for the specified revision on the local disk and outgoing "
        "traffic has been disabled. Check the name and the network; --offline needs it in the cache."
    )


def test_hub_that_never_answers_is_given_up(
    ask: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "_TIMEOUT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        ask(f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(EncoderError, match=r"found .*timed out\. Check the name and the network"):
            locate_encoder("owner/name")


def _make_multilingual(folder: Path, texts: list[str]) -> None:
    """Write what the hub has of bert-base-multilingual-uncased, small and of random weights."""
    folder.mkdir(parents=True)
    words = BertWordPieceTokenizer(lowercase=True)
    words.train_from_iterator([*texts, OTHER_LANGUAGES], vocab_size=500, min_frequency=1, show_progress=False)
    words.save_model(str(folder))
    BertTokenizer(str(folder / "vocab.txt"), do_lower_case=True).save_pretrained(folder)
    # As published in 2018: hardly any settings, the old names of the weights, a head for words and sentences.
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": true, "model_max_length": 512}')
    config = BertConfig(
        vocab_size=words.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        architectures=["BertForMaskedLM"],
    )
    torch.manual_seed(0)
    model = BertForPreTraining(config)
    renamed = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): (
            torch.full_like(tensor, 1.5) if name.endswith("LayerNorm.weight") else tensor.clone()
        )
        for name, tensor in model.state_dict().items()
        if not name.startswith("cls.predictions.decoder")
    }
    save_file(renamed, folder / "model.safetensors", metadata={"format": "pt"})
    config.to_json_file(folder / "config.json")


def _bring_code(folder: Path, executed: Path, *, model_type: str) -> None:
    """Let an encoder folder ask for code of its own, which leaves a trace where it is run."""
    (folder / "own.py").write_text(f"open({str(executed)!r}, 'w').close()\n")
    for name, own in (
        ("config.json", {"AutoConfig": "own.Config", "AutoModelForSequenceClassification": "own.Model"}),
        ("tokenizer_config.json", {"AutoTokenizer": [None, "own.Tokenizer"]}),
    ):
        settings = json.loads((folder / name).read_text())
        settings |= {"auto_map": own} | ({"model_type": model_type} if name == "config.json" else {})
        (folder / name).write_text(json.dumps(settings))


def test_a_fine_tuned_model_is_no_pretrained_encoder(bundle_folder: Path) -> None:
    with pytest.raises(EncoderError, match=r"found a model that gotune has fine-tuned, with a gotune\.json"):
        locate_encoder(str(bundle_folder))
    assert locate_encoder(str(bundle_folder), weights=False) == str(bundle_folder)
