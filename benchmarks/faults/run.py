"""Damage, hostility and interruptions on purpose: how many are refused, without effect, or at fault.

::

    python benchmarks/faults/run.py                     # everything, half an hour and more on two cores
    python benchmarks/faults/run.py flips mutations     # some kinds
    python benchmarks/faults/run.py kills --tries 40    # fewer or more of each
    python benchmarks/faults/run.py corpora --tries 50  # corpus runs
    python benchmarks/faults/run.py rays --tries 50     # on a Ray of this machine, which has to be installed
    python benchmarks/faults/run.py updates --tries 50  # an index from one release to the next

Everything is made here, small: an encoder of random weights, the dataset of the example ontology, a model
and a tagger that learn from it. Nothing is fetched. A fault is a traceback, another result with exit code 0,
an output that is lost or half-written, a leftover of a killed run after the next one, or an escape that
reaches the terminal. The table goes to ``benchmarks/results/faults.json`` with ``--save``.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import logging
import os
import random
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from corpora import corpora, rays  # noqa: E402
from tally import (  # noqa: E402
    FAULT,
    REFUSED,
    SAME,
    WORDS,
    Load,
    Tally,
    copied,
    entries,
    flip,
    killed,
    outcome,
)
from updates import updates  # noqa: E402

RESULTS = HERE.parent / "results" / "faults.json"
TEXTS = [
    "The kinase phosphorylates the membrane receptor.",
    "Transport of ions across a membrane.",
    "A cell.",
]
# What is damaged ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bench:
    """Small things of every kind, made once."""

    root: Path
    obo: Path
    data: Path
    encoder: Path
    model: Path
    tagger: Path
    sentences: Path
    table: Path


def make(root: Path) -> Bench:
    """Make the things that are damaged."""
    from gotune.cli import main

    bench = Bench(
        root,
        root / "example.obo",
        root / "data",
        root / "encoder",
        root / "model",
        root / "tagger",
        root / "sentences.tsv",
        root / "table.tsv",
    )
    os.environ["FAULTS_DATA"] = str(bench.data)
    bench.obo.write_bytes((files("gotune.ontology") / "example.obo").read_bytes())
    run_quietly(main, "dataset", "--release", bench.obo, "-o", bench.data)
    make_encoder(bench.encoder, bench.obo.read_text(encoding="utf-8"))
    common = ("--encoder", bench.encoder, "--epochs", 2, "--set", "max_tokens=48", "--device", "cpu")
    run_quietly(main, "train", bench.data, "-o", bench.model, *common)
    generator = random.Random(0)  # noqa: S311 (no secret)
    texts = [f"{' '.join(generator.sample(WORDS, 9)).capitalize()}." for _ in range(120)]
    rows = [f"{text}\t{('BP', 'CC', 'MF', 'none')[n % 4]}\tp{n % 9}" for n, text in enumerate(texts)]
    bench.sentences.write_text("text\taspects\tarticle\n" + "\n".join(rows) + "\n", encoding="utf-8")
    pin(bench.obo, root / "cache")
    head = ("--head", "multi", "--sentences", bench.sentences, "--set", "lexicon=true")
    run_quietly(main, "train", bench.data, "-o", bench.tagger, *common, *head)
    bench.table.write_text(
        "id\ttext\n" + "".join(f"{n}\t{row.split(chr(9))[0]}\n" for n, row in enumerate(rows))
    )
    return bench


def pin(obo: Path, cache: Path) -> None:
    """Have the catalogue know the example, so that its names can go along with a tagger."""
    from gotune.files import sha256_of
    from gotune.ontology.releases import FILE_NAME, RELEASES, Release

    date = "2024-02-29"
    RELEASES[date] = Release(date, sha256_of(obo), "no-wheel==0")  # type: ignore[index]
    place = cache / "releases" / date / FILE_NAME
    place.parent.mkdir(parents=True)
    shutil.copy(obo, place)


def make_encoder(folder: Path, text: str) -> None:
    """Save a BERT of random weights, two layers and 32 wide, that knows the words of a text."""
    import re

    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    folder.mkdir()
    letters = [*string.ascii_lowercase, *string.digits]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *string.punctuation, *letters]
    pieces += [f"##{letter}" for letter in letters]
    words = [word for word, _ in Counter(re.findall(r"[a-z]+", text.lower())).most_common(250)]
    vocabulary = list(dict.fromkeys([*pieces, *words]))
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
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


def run_quietly(main: Callable[[list[str]], int], *arguments: object) -> None:
    code = main([*map(str, arguments), "--quiet"])
    if code:
        raise SystemExit(f"gotune {' '.join(map(str, arguments))}: exit code {code}")


# Flipped bits ---------------------------------------------------------------------------------------------


def load_model(path: Path) -> object:
    from gotune.model.classifier import AspectClassifier

    model = AspectClassifier.load(path, device="cpu")
    vectors = None if model.vectors is None else model.vectors.tobytes()
    probabilities = model.predict_proba(TEXTS, articles=["1"] * len(TEXTS)).tobytes()
    return probabilities, model.spec, model.learned, model.provenance, vectors


def load_data(path: Path) -> object:
    from gotune.datasets.definitions import load_dataset

    data = load_dataset(path)
    tables = [table.to_json() for table in (data.terms, data.edges, *data.parts.values())]
    return tables, data.card, data.fingerprint


def load_cached(path: Path) -> object:
    """Load the example with a cache folder of its own."""
    from gotune.ontology.loading import example_ontology

    before, os.environ["GOTUNE_CACHE"] = os.environ["GOTUNE_CACHE"], str(path)
    try:
        ontology = example_ontology()
        return list(ontology.terms()), list(ontology.obsolete()), ontology.release
    finally:
        os.environ["GOTUNE_CACHE"] = before


def load_pinned(path: Path) -> object:
    """Take pinned files out of a folder, offline."""
    from gotune.downloads import PinnedFile, PinnedSet, fetch
    from gotune.files import sha256_of

    original = Path(os.environ["FAULTS_ENCODER"])
    pins = tuple(PinnedFile(file.name, sha256_of(file), "", "") for file in sorted(original.iterdir()))
    folder = fetch(PinnedSet(pins, "no-wheel==0"), path, offline=True)
    return [file.read_bytes() for file in sorted(folder.iterdir())]


def load_run(path: Path) -> object:
    """Restore the run that an interrupted training has left."""
    import torch

    from gotune.aspects import Head
    from gotune.model.encoders import load_model as load_encoder
    from gotune.training.checkpoints import RunFolder

    model = load_encoder(os.environ["FAULTS_ENCODER"], head=Head.SINGLE, seed=1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.0)
    sum(parameter.sum() for parameter in model.parameters()).backward()
    optimizer.step()
    history = RunFolder(path).restore(model, optimizer)
    weights = b"".join(tensor.numpy().tobytes() for tensor in model.state_dict().values())
    moments = [value["exp_avg"].numpy().tobytes() for value in optimizer.state_dict()["state"].values()]
    return history, weights, moments


def make_run(bench: Bench, path: Path) -> None:
    """Leave what a training leaves that was killed after its second epoch: two checkpoints."""
    import torch

    from gotune.aspects import Head
    from gotune.config import TrainConfig
    from gotune.model.encoders import load_model as load_encoder
    from gotune.model.manifest import EpochRecord
    from gotune.training.checkpoints import RunFolder

    run = RunFolder.open(path, TrainConfig(), "data", resume=False)
    model = load_encoder(str(bench.encoder), head=Head.SINGLE, seed=1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    history: tuple[EpochRecord, ...] = ()
    for epoch, f1 in ((1, 0.9), (2, 0.8)):
        sum((parameter**2).sum() for parameter in model.parameters()).backward()
        optimizer.step()
        history = (*history, EpochRecord(epoch, 0.5, 0.5, 0.5, f1))
        run.save(model, optimizer, history)


def flips(bench: Bench, tries: int) -> Iterator[Tally]:
    """Turn one bit of a file at a time, at ``tries`` random places of each file."""
    os.environ["FAULTS_ENCODER"] = str(bench.encoder)
    make_run(bench, bench.root / "killed")
    cache = bench.root / "cache"
    load_cached(cache)
    for kind, path, load, free in (
        ("model", bench.model, load_model, ("README.md",)),
        ("tagger", bench.tagger, load_model, ("README.md",)),
        ("dataset", bench.data, load_data, ("README.md",)),
        ("cache of parsed releases", cache, load_cached, ()),
        ("cache of pinned files", bench.encoder, load_pinned, ()),
        ("checkpoints", bench.root / "killed.training", load_run, ("run.json",)),
    ):
        tally = Tally(f"one flipped bit: {kind}")
        expected = expected_of(kind, path, load)
        generator = random.Random(1)  # noqa: S311 (no secret)
        for name in sorted(str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()):
            if Path(name).name in free:
                continue
            for _ in range(tries):
                with copied(path) as place:
                    flip(place / name, generator)
                    outcome(tally, name, load, place, expected)
        yield tally


def expected_of(kind: str, path: Path, load: Load) -> list[object]:
    """Return what may be loaded: what is there, or of checkpoints the one before the newest."""
    expected = [load(path)]
    if kind == "checkpoints":
        with copied(path) as place:
            shutil.rmtree(place / "epoch-2")
            expected.append(load(place))
    return expected


# Values of another kind, sealed by a stranger ---------------------------------------------------------------

ODD = (
    None, True, False, 0, -1, 1, 3, 4.5, 1e308, 10**9, 10**30, -(10**12), "", "x", "\x1b]0;x\x07", "a" * 5000,
    [], {}, [[]], [None], {"": {}}, "\u202e", [0.5, 0.5, 0.5], ["BP"], "../../etc/passwd", float("nan"),
)  # fmt: skip


def mutations(bench: Bench, tries: int) -> Iterator[Tally]:
    """Change values of JSON files, and seal the folder again as a stranger would: no traceback, no hang."""
    os.environ["FAULTS_ENCODER"] = str(bench.encoder)
    if not (bench.root / "killed.training").exists():
        make_run(bench, bench.root / "killed")
    for kind, path, manifest, names, load in (
        ("manifest", bench.tagger, "gotune.json", ("gotune.json",), load_and_report),
        ("config", bench.tagger, "gotune.json", ("config.json",), load_model),
        ("tokenizer", bench.tagger, "gotune.json", ("tokenizer.json", "tokenizer_config.json"), load_model),
        ("what was learned", bench.tagger, "gotune.json", ("learned.json",), load_model),
        ("dataset", bench.data, "dataset.json", ("dataset.json",), load_data),
        (
            "checkpoint",
            bench.root / "killed.training",
            "epoch-2/state.json",
            ("epoch-2/state.json",),
            load_run,
        ),
    ):
        tally = Tally(f"mutated values, sealed again: {kind}")
        generator = random.Random(2)  # noqa: S311 (no secret)
        for _ in range(tries * 50):
            with copied(path) as place:
                name = generator.choice(names)
                mutate_json(place / name, generator)
                try:
                    seal_again(place / manifest)
                except (ValueError, AttributeError, RecursionError):
                    pass  # no JSON any more
                start = time.monotonic()
                told = (place / name).read_text(encoding="utf-8", errors="replace")[:300]
                outcome(tally, f"{name} {told}", load, place, None)
                if time.monotonic() - start > 20:
                    tally.add(FAULT, f"{name}: {time.monotonic() - start:.0f} s, {told}")
        yield tally


def load_and_report(path: Path) -> object:
    """Load a model, and write its page: what the manifest says goes into both."""
    from gotune.datasets.definitions import load_dataset
    from gotune.evaluation.definitions.run import evaluate
    from gotune.evaluation.model_report import render_model_report
    from gotune.model.light_bundle import read_manifest

    found = load_model(path)
    data = load_dataset(Path(os.environ["FAULTS_DATA"]))
    from gotune.model.classifier import AspectClassifier

    evaluation = evaluate(AspectClassifier.load(path, device="cpu"), data)
    render_model_report("model", read_manifest(path), data.card, evaluation)
    return found


def mutate_json(path: Path, generator: random.Random) -> None:
    """Change one to three values of a JSON file, or now and then its text."""
    text = path.read_text(encoding="utf-8")
    if generator.random() < 0.1:
        place = generator.randrange(len(text))
        path.write_text(
            generator.choice(
                (
                    "[" * 100_000,
                    text[:place],
                    text + "}",
                    "\ufeff" + text,
                    text.replace(":", "=", 1),
                    "null",
                    "",
                )
            ),
            encoding="utf-8",
        )
        return
    values = json.loads(text)
    for _ in range(generator.randint(1, 3)):
        holder, key = generator.choice(list(places(values)) or [(None, None)])
        if holder is None:
            return
        action = generator.random()
        if action < 0.2:
            del holder[key]
        elif action < 0.3 and isinstance(holder, dict):
            holder[generator.choice(("x", "auto_map", "quantization_config", "attn_implementation", ""))] = (
                generator.choice(ODD)
            )
        else:
            holder[key] = copy.deepcopy(generator.choice(ODD))
    path.write_text(json.dumps(values), encoding="utf-8")


def places(values: object, most: int = 400) -> Iterator[tuple[Any, Any]]:
    """Yield the places of values in nested JSON, of long lists the first."""
    if isinstance(values, dict):
        for key in list(values)[:most]:
            yield values, key
            yield from places(values[key], 20)
    elif isinstance(values, list):
        for index in range(min(len(values), 20)):
            yield values, index
            yield from places(values[index], 20)


def seal_again(manifest: Path) -> None:
    from gotune.seals import unsealed, write_sealed

    write_sealed(manifest, unsealed(json.loads(manifest.read_text(encoding="utf-8"))), exempt=("README.md",))


# What a stranger may put into a model's folder -------------------------------------------------------------


def places_of_files(bench: Bench, tries: int) -> Iterator[Tally]:
    """Put a folder, a pipe, a dead link or nothing in the place of each file: no hang, no other result."""
    os.environ["FAULTS_ENCODER"] = str(bench.encoder)
    if not (bench.root / "killed.training").exists():
        make_run(bench, bench.root / "killed")
    swaps: dict[str, Callable[[Path], object]] = {
        "folder": Path.mkdir,
        "pipe": os.mkfifo,
        "dead link": lambda path: path.symlink_to("nowhere"),
        "nothing": lambda path: None,
        "empty": Path.touch,
    }
    for kind, path, load in (
        ("model", bench.tagger, load_model),
        ("model, --no-verify", bench.tagger, load_unverified),
        ("pretrained encoder", bench.encoder, load_encoder),
        ("dataset", bench.data, load_data),
        ("checkpoints", bench.root / "killed.training", load_run),
    ):
        tally = Tally(f"no file in its place: {kind}")
        before = expected_of(kind, path, load)
        for file in sorted(file for file in path.rglob("*") if file.is_file()):
            name = str(file.relative_to(path))
            for what, swap in swaps.items():
                with copied(path) as place:
                    (place / name).unlink()
                    swap(place / name)
                    with alarm(60):
                        # A setting that is not there has its default.
                        taken = "nothing" in what and name in ("special_tokens_map.json", "README.md")
                        outcome(tally, f"{what} for {name}", load, place, None if taken else before)
        yield tally


HOSTILE_CONFIGS: tuple[dict[str, Any], ...] = (
    {"transformers_weights": "pytorch_model.bin"}, {"configuration_files": ["config.4.0.0.json"]},
    {"auto_map": {"AutoConfig": "own.Own"}}, {"quantization_config": {"quant_method": "awq"}},
    {"attn_implementation": "someone/kernels"}, {"num_hidden_layers": 0}, {"num_hidden_layers": 100_000},
    {"hidden_size": 10_000_000}, {"is_decoder": True}, {"return_dict": False}, {"output_attentions": True},
    {"model_type": "albert", "inner_group_num": 10**6}, {"backbone": "someone/backbone"},
    {"vocab_size": 9_000_000}, {"pad_token_id": 10**9}, {"problem_type": "regression"},
)  # fmt: skip
HOSTILE_TOKENIZERS: tuple[dict[str, Any], ...] = (
    {"padding": {"strategy": {"Fixed": 10**18}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
                 "pad_type_id": 0, "pad_token": "[PAD]"}},
    {"normalizer": {"type": "Sequence", "normalizers": [
        {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 10}] * 20}},
    {"normalizer": {"type": "Replace", "pattern": {"Regex": "(a|a)+$"}, "content": ""}},
    {"normalizer": {"type": "Replace", "pattern": {"Regex": "."}, "content": ""}},
    {"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(e*)*x"}, "behavior": "Isolated",
                       "invert": False}},
    {"post_processor": {"type": "TemplateProcessing",
                        "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}] * 20_000,
                        "pair": [], "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2],
                                                                 "tokens": ["[CLS]"]}}}},
    {"model": {"type": "WordPiece", "vocab": {"a": 0}, "unk_token": "[UNK]",
               "continuing_subword_prefix": "##", "max_input_chars_per_word": 100}},
)  # fmt: skip
UNLISTED = (
    "config.4.0.0.json", "tokenizer.5.0.0.json", "tekken.json", "generation_config.json", "own.py",
    "chat_template.jinja", "pytorch_model.bin", "tiktoken.model.old", "processor_config.json",
)  # fmt: skip


def strangers(bench: Bench, tries: int) -> Iterator[Tally]:
    """Load encoders of every model type, with hostile configs and tokenizers, and with files unlisted."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES

    def changed(name: str, values: dict[str, Any]) -> Callable[[Path], object]:
        def change(folder: Path) -> None:
            told = json.loads((folder / name).read_text(encoding="utf-8"))
            (folder / name).write_text(json.dumps({**told, **values}), encoding="utf-8")

        return change

    types = [{"model_type": kind} for kind in MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES]
    fast = changed("tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast"})
    for kind, changes in (
        ("model types", [changed("config.json", values) for values in types]),
        ("configurations", [changed("config.json", values) for values in HOSTILE_CONFIGS]),
        ("tokenizers", [changed("tokenizer.json", values) for values in HOSTILE_TOKENIZERS]),
    ):
        tally = Tally(f"an encoder of strangers: {kind}")
        for number, change in enumerate(changes):
            with copied(bench.encoder) as place, alarm(60):
                fast(place)
                change(place)
                outcome(tally, f"{kind} {number}", load_encoder, place, None)
        yield tally
    tally = Tally("an encoder and a model of strangers: files that are on no list")
    for path, load in ((bench.encoder, load_encoder), (bench.model, load_model)):
        before = [load(path)]
        for name in UNLISTED:
            with copied(path) as place, alarm(60):
                (place / name).write_text("{}", encoding="utf-8")
                outcome(tally, name, load, place, before)
    yield tally


def load_unverified(path: Path) -> object:
    """Load a model as ``--no-verify`` does: whatever it says, but nothing that it does not."""
    from gotune.model.classifier import AspectClassifier

    model = AspectClassifier.load(path, device="cpu", verify=False)
    return model.predict_proba(TEXTS, articles=["1"] * len(TEXTS)).tobytes()


def load_encoder(path: Path) -> object:
    """Embed texts with a pretrained encoder."""
    from gotune.model.embedding import TextEncoder

    encoder = TextEncoder.pretrained(str(path), max_tokens=32, offline=True, device="cpu")
    return encoder.embed([*TEXTS, "a" * 60 + "!", "e" * 60]).tobytes()


@contextmanager
def alarm(seconds: int) -> Iterator[None]:
    """Raise a TimeoutError in what takes longer."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"{seconds} s")

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


# Inputs through every reader ------------------------------------------------------------------------------


def readers(bench: Bench, tries: int) -> Iterator[Tally]:
    """Damage bytes of inputs, and read them as whatever reads them: no traceback, no hang."""
    import pandas as pd

    from gotune.corpus.documents import read_documents
    from gotune.corpus.tables import open_table
    from gotune.datasets.labelled import read_source
    from gotune.ontology.loading import load_ontology

    frame = pd.read_csv(bench.sentences, sep="\t")
    inputs = bench.root / "inputs"
    inputs.mkdir(exist_ok=True)
    frame.to_csv(inputs / "a.csv", index=False)
    frame.to_csv(inputs / "a.tsv", index=False, sep="\t")
    frame.to_json(inputs / "a.jsonl", orient="records", lines=True)
    frame.to_parquet(inputs / "a.parquet")
    (inputs / "a.tsv.gz").write_bytes(gzip.compress((inputs / "a.tsv").read_bytes()))
    (inputs / "a.obo.gz").write_bytes(gzip.compress(bench.obo.read_bytes()))
    shutil.copy(bench.obo, inputs / "a.obo")
    (inputs / "a.txt").write_text("\n\n".join(frame["text"]) + "\n", encoding="utf-8")
    shutil.copy(bench.tagger / "lexicon.safetensors", inputs / "lexicon.safetensors")
    read: dict[str, Load] = {
        "a.obo": lambda path: len(load_ontology(path)),
        "a.obo.gz": lambda path: len(load_ontology(path, lenient=True)),
        "a.txt": lambda path: [document.text for document in read_documents([path])],
        "lexicon.safetensors": load_lexicon,
        **{
            name: lambda path: (
                len(list(open_table(path, text_column="text").texts())),
                read_source(path).card,
            )
            for name in ("a.csv", "a.tsv", "a.jsonl", "a.parquet", "a.tsv.gz")
        },
    }
    for name, load in read.items():
        tally = Tally(f"damaged input: {name}")
        generator = random.Random(3)  # noqa: S311 (no secret)
        for _ in range(tries * 10):
            with copied(inputs / name) as place:
                damage(place, generator)
                start = time.monotonic()
                outcome(tally, name, load, place, None)
                if time.monotonic() - start > 20:
                    tally.add(FAULT, f"{name}: {time.monotonic() - start:.0f} s")
        yield tally


def load_lexicon(path: Path) -> object:
    """Read a lexicon as a bundle does, which reports what is no lexicon as a damaged bundle."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    from gotune.errors import BundleError
    from gotune.lexicon.lexicon import Lexicon

    try:
        lexicon = Lexicon.from_arrays(load_file(path))
        return lexicon.evidence(["cell"]), lexicon.mentions("A cell wall.")
    except (ValueError, SafetensorError, LookupError, TypeError) as exc:
        raise BundleError(path.name, expected="a lexicon", found=str(exc), do="Train again.") from exc


PIECES = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n" * 50, b'"', b'""', b"\t", b",", b"\x1b[2J", b"{" * 500,
    "\u202e".encode(), b"\xed\xa0\x80", b"\\", b"[Term]\n", b"id: ", b"=cmd()", b"9" * 400, b"\x85",
)  # fmt: skip


def damage(path: Path, generator: random.Random) -> None:
    """Flip, cut out, repeat or put in some bytes of a file, or cut it off."""
    content = bytearray(path.read_bytes())
    for _ in range(generator.randint(1, 4)):
        place = generator.randrange(len(content) + 1)
        match generator.randrange(5):
            case 0 if place < len(content):
                content[place] ^= 1 << generator.randrange(8)
            case 1:
                del content[place : place + generator.randint(1, 200)]
            case 2:
                content[place:place] = generator.choice(PIECES)
            case 3:
                content[place:place] = content[max(place - 300, 0) : place]
            case _ if generator.random() < 0.2:
                del content[place:]
    path.write_bytes(content)


# Kills ----------------------------------------------------------------------------------------------------

SAVE = """
import sys; from pathlib import Path
from gotune.model.bundle import load_bundle, save_bundle
save_bundle(load_bundle(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def kills(bench: Bench, tries: int) -> Iterator[Tally]:
    """Kill commands that replace an output, at random moments of their run; then run them to their end.

    At no moment may the output be gone or damaged, and after the last run nothing else may be left.
    """
    gotune = [sys.executable, "-m", "gotune"]
    train = [
        *gotune, "train", str(bench.data), "-o", "out/model", "--encoder", str(bench.encoder),
        "--epochs", "3", "--set", "max_tokens=48", "--device", "cpu", "-q",
    ]  # fmt: skip
    table = [
        *gotune,
        "classify",
        str(bench.table),
        "--text-column",
        "text",
        "-m",
        str(bench.model),
        "-o",
        "out/a.tsv",
        "-q",
    ]
    commands: dict[str, tuple[list[str], list[str], Load]] = {
        "train": (train, [*train, "--resume"], lambda out: load_model(out / "model")),
        "classify": (table, table, lambda out: (out / "a.tsv").read_bytes()),
        "dataset": (
            (make_data := [*gotune, "dataset", "--release", str(bench.obo), "-o", "out/data", "-q"]),
            make_data,
            lambda out: load_data(out / "data"),
        ),
        "release": (
            (info := [*gotune, "release", "info", str(bench.obo), "-q"]),
            info,
            lambda out: load_cached(out.parent / "cache"),
        ),
        "save": (
            (save := [sys.executable, "-c", SAVE, str(bench.model), "out/model"]),
            save,
            lambda out: load_model(out / "model"),
        ),
    }
    for name, (first, again, load) in commands.items():
        tally = Tally(f"killed: {name}")
        generator = random.Random(4)  # noqa: S311 (no secret)
        with tempfile.TemporaryDirectory(prefix="gotune-faults-") as folder:
            place = Path(folder)
            environment = {**os.environ, "GOTUNE_CACHE": str(place / "cache"), "COLUMNS": "80"}
            start = time.monotonic()
            done = subprocess.run(
                first, cwd=place, env=environment, capture_output=True, text=True, check=False
            )
            seconds = time.monotonic() - start
            (place / "out").mkdir(exist_ok=True)
            if done.returncode:
                raise SystemExit(f"{name}: {done.stderr}")
            expected, left = [load(place / "out")], entries(place)
            for _ in range(tries):
                command = again if (place / "out" / "model.training").exists() else first
                # Most of the writing is at the end.
                share = generator.choice((generator.random(), 0.75 + generator.random() / 3))
                # It may have ended, or refused to begin over a killed run.
                if killed(command, seconds * share, cwd=place, env=environment) is not None:
                    outcome(tally, f"{name}, killed", load, place / "out", expected)
            done = subprocess.run(
                again, cwd=place, env=environment, capture_output=True, text=True, check=False
            )
            outcome(tally, f"{name}, run to its end", load, place / "out", expected)
            extra = sorted(entries(place) - left)
            if done.returncode or extra:
                tally.add(
                    FAULT, f"{name}: exit code {done.returncode}, left behind {extra}: {done.stderr[-300:]}"
                )
        yield tally


# Names and bombs ------------------------------------------------------------------------------------------

NAMES = (
    "\x1b]0;owned\x07", "\x1b[2J", "a\nerror: forged", "\u202egnp.exe", "\u2066x", "a" * 5000, "=cmd()",
    "[red]x",
    "[link=http://x]y[/link]", "\x9b31m", "caf\u00e9\u0301",
)  # fmt: skip


def names(bench: Bench, tries: int) -> Iterator[Tally]:
    """Names from outside in what reaches a terminal: columns, files, options."""
    del tries
    tally = Tally("hostile names on the terminal")
    gotune = [sys.executable, "-m", "gotune"]
    for name in NAMES:
        with tempfile.TemporaryDirectory(prefix="gotune-faults-") as folder:
            place = Path(folder)
            cell = '"' + name.replace('"', '""') + '"'
            (place / "columns.csv").write_text(f"{cell},{cell}\n1,2\n", encoding="utf-8", errors="replace")
            (place / "one.csv").write_text(f"{cell}\nA cell.\n", encoding="utf-8", errors="replace")
            commands = [
                [*gotune, "classify", "columns.csv", "-m", str(bench.model), "-o", "a.tsv"],
                [*gotune, "classify", "one.csv", "-m", str(bench.model), "-o", "a.tsv"],
                [*gotune, "classify", "x", "-m", name],
                [*gotune, "train", name, "-o", "model"],
                [*gotune, "release", "info", name],
                [*gotune, "explore", "term", name, "-o", "a.png", "--release", str(bench.obo)],
                [*gotune, "classify", "x", "-m", str(bench.model), "--text-column", name],
                [*gotune, "dataset", "--seed", name],
                [*gotune, name],
            ]
            if len(name) < 200 and "/" not in name:
                (place / f"{name}.txt").write_text("The kinase binds calcium. A cell.\n", encoding="utf-8")
                commands += [
                    [*gotune, "classify", f"{name}.txt", "-m", str(bench.model)],
                    [*gotune, "classify", ".", "-m", str(bench.model), "-o", "a.tsv"],
                ]
            for command in commands:
                done = subprocess.run(command, cwd=place, capture_output=True, check=False)
                said = (done.stdout + done.stderr).decode("utf-8", "replace")
                told = f"{command[3:5]!r}: {said[-200:]!r}"
                bad = [c for c in said if c != "\n" and not c.isprintable()] or "Traceback" in said
                if bad or "\nerror: forged" in said or len(done.stderr) > 5000:
                    tally.add(FAULT, told)
                else:
                    tally.add(REFUSED if done.returncode else SAME)
    yield tally


BOMBED = """
import sys
from pathlib import Path
path = Path(sys.argv[1])
from gotune.errors import GotuneError
try:
    if ".obo" in path.name:
        from gotune.ontology.loading import load_ontology
        load_ontology(path, lenient=True)
    elif path.suffix == ".txt":
        from gotune.corpus.documents import read_documents
        print(sum(len(document.text) for document in read_documents([path])))
    else:
        from gotune.corpus.tables import open_table
        print(sum(1 for _ in open_table(path, text_column="text").texts()))
except GotuneError as exc:
    print("refused", str(exc)[:200], file=sys.stderr)
# Not getrusage, which counts what the process was forked from.
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""
MOST_MEGABYTES = 300
MOST_SECONDS = 60


def bombs(bench: Bench, tries: int) -> Iterator[Tally]:
    """A megabyte or less that unfolds to a gigabyte, for each kind of input: under 300 MB of memory."""
    del tries
    tally = Tally(f"bombs, under {MOST_MEGABYTES} MB")
    for name, write in bombs_of():
        with tempfile.TemporaryDirectory(prefix="gotune-faults-") as folder:
            path = Path(folder) / name
            write(path)
            start = time.monotonic()
            command = [sys.executable, "-c", BOMBED, str(path)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
                megabytes = int(done.stdout.split()[-1]) if done.returncode == 0 else -1
            except subprocess.TimeoutExpired:
                megabytes = -1
            seconds = time.monotonic() - start
            told = f"{name}: {megabytes} MB, {seconds:.1f} s"
            print(f"  {told}", file=sys.stderr)
            if 0 <= megabytes < MOST_MEGABYTES and seconds < MOST_SECONDS:
                tally.add(REFUSED if "refused" in done.stderr else SAME)
            else:
                tally.add(FAULT, told)
    yield tally


def bombs_of() -> Iterator[tuple[str, Callable[[Path], object]]]:
    """Yield names of files, and what writes each."""
    gigabyte, block = 1 << 30, 1 << 20
    for kind, unit in (
        ("breaks", b"\n"), ("blanks", b" "), ("zeros", b"\0"), ("letters", b"a"), ("comments", b"! a\n"),
        ("quotes", b'"'), ("commas", b","), ("tabs", b"\t"), ("brackets", b"["), ("objects", b"{}\n"),
    ):  # fmt: skip
        for suffix in (".obo.gz", ".obo.xz", ".csv.gz", ".tsv.gz", ".jsonl.gz"):
            if suffix == ".obo.xz" and kind not in ("breaks", "letters"):
                continue

            def write(path: Path, unit: bytes = unit) -> None:
                import lzma

                opened = lzma.open(path, "wb", preset=1) if path.suffix == ".xz" else gzip.open(path, "wb", 6)
                head = b"id\ttext\n" if "sv" in path.name else b""
                with opened as file:
                    file.write(head)
                    for _ in range(gigabyte // block):
                        file.write(unit * (block // len(unit)))

            yield f"{kind}{suffix}", write
    yield "bomb.parquet", parquet_bomb
    for name in ("breaks.txt", "letters.txt", "stops.txt"):
        unit = {"breaks.txt": "\n", "letters.txt": "a", "stops.txt": "A. "}[name]
        yield name, lambda path, unit=unit: path.write_text(unit * ((1 << 20) // len(unit)))


def parquet_bomb(path: Path) -> None:
    """One value a billion times, which a dictionary holds once."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("text", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for _ in range(64):
            writer.write_table(pa.table({"text": ["a" * 1000] * 16384}, schema))


MOST_CHECKING = 0.15
"""Seconds that the check of a model of 90 MB may take."""


def loading(bench: Bench, tries: int) -> Iterator[Tally]:
    """Time the loading of a model as large as MiniLM, checked and unchecked in turn."""
    from dataclasses import replace
    from statistics import median

    from transformers import AutoConfig, AutoModelForSequenceClassification

    from gotune.model.bundle import load_bundle, save_bundle

    bundle = load_bundle(bench.model)
    config = AutoConfig.from_pretrained(bench.model)
    config.vocab_size, config.hidden_size, config.intermediate_size = 30522, 384, 1536
    config.num_hidden_layers, config.num_attention_heads = 6, 12
    large = AutoModelForSequenceClassification.from_config(config)
    folder = bench.root / "large"
    save_bundle(replace(bundle, model=large, vectors=None), folder)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(max(tries, 5)):
        for verify in (True, False):
            start = time.perf_counter()
            load_bundle(folder, verify=verify)
            seconds[verify].append(time.perf_counter() - start)
    more = median(seconds[True]) - median(seconds[False])
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    print(f"loaded in {median(seconds[False]):.2f} s, checked in {more:.2f} s more", file=sys.stderr)
    tally = Tally(f"loading a model of {size:.0f} MB, checked or not")
    tally.add(SAME) if more < MOST_CHECKING else tally.add(FAULT, f"{more:.2f} s more")
    yield tally


KINDS: dict[str, Callable[[Bench, int], Iterator[Tally]]] = {
    "flips": flips,
    "mutations": mutations,
    "entries": places_of_files,
    "strangers": strangers,
    "readers": readers,
    "kills": kills,
    "names": names,
    "bombs": bombs,
    "loading": loading,
}
BY_THEMSELVES: dict[str, Callable[[Path, int], Iterator[Tally]]] = {
    "corpora": corpora,
    "rays": rays,
    "updates": updates,
}
"""They need a folder alone."""


def tallies(root: Path, kinds: list[str], tries: int) -> Iterator[Tally]:
    """Yield what comes of each kind; small things of all sorts are made for those that damage them."""
    os.environ["GOTUNE_CACHE"] = str(root / "cache")
    bench = make(root) if set(kinds) & set(KINDS) else None
    for kind in kinds:
        if bench is None or kind in BY_THEMSELVES:
            yield from BY_THEMSELVES[kind](root, tries)
        else:
            yield from KINDS[kind](bench, tries)


def main() -> None:
    every = [*KINDS, *BY_THEMSELVES]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kinds", nargs="*", choices=[[], *every], help="all, if none is named")
    parser.add_argument("--tries", type=int, default=20, help="of each file or command (20)")
    parser.add_argument("--save", action="store_true", help=f"write {RESULTS.name}")
    arguments = parser.parse_args()
    os.environ["RUST_BACKTRACE"] = "0"
    logging.getLogger("gotune").setLevel(logging.ERROR)  # what is damaged is told each time
    rows = []
    with tempfile.TemporaryDirectory(prefix="gotune-faults-") as folder:
        for tally in tallies(Path(folder), arguments.kinds or every, arguments.tries):
            row = tally.row()
            rows.append(row)
            print("| " + " | ".join(f"{value}" for value in row.values()) + " |", flush=True)
    if arguments.save:
        made = {row["kind"] for row in rows}
        kept = [row for row in json.loads(RESULTS.read_text(encoding="utf-8")) if row["kind"] not in made]
        RESULTS.write_text(json.dumps([*kept, *rows], indent=1) + "\n", encoding="utf-8")
    if any(row[FAULT] for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
