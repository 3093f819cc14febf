"""The encoder with its head as a graph for ONNX Runtime: no torch, and quick on processors."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.arrays import named
from gotune.aspects import ASPECTS
from gotune.errors import MissingExtraError, import_failure
from gotune.lines import one_line
from gotune.model.devices import usable_cores
from gotune.model.engines.graph_file import check_graph
from gotune.model.light_bundle import GRAPH, TOKENIZER, damaged
from gotune.model.tokenizer_inspection import check_special, check_tokenizer_json
from gotune.model.tokens import encode_parts, rust_errors
from gotune.protocols import Track, untracked
from gotune.typed_json import parse_json

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

INPUT = "input_ids"
_TOO_OLD = ("Unsupported model IR version", "Current official support for domain")
"""What ONNX Runtime says of a graph that is newer than it."""
_PROBE = "A probe \N{CUNEIFORM SIGN A}."
"""A text with a letter that hardly a vocabulary knows."""


@dataclass(frozen=True, slots=True)
class OnnxEngine:
    """A graph, ready for texts.

    Each text runs by itself, on one of several threads. So its logits are the same whatever stands beside it,
    also where the graph quantises what it computes by its range; and nothing is padded.

    Attributes:
        session: The graph; several threads may run it.
        tokenizer: Its word pieces, cut to ``max_tokens``.
        max_tokens: Word pieces that it reads of a text, special ones included; the rest is cut.
        threads: How many texts run at once.
        name: Of the model, for messages.
    """

    session: InferenceSession
    tokenizer: Tokenizer
    max_tokens: int
    threads: int
    name: str

    @classmethod
    def load(cls, folder: Path, max_tokens: int, *, threads: int | None = None) -> OnnxEngine:
        """Load the graph of a bundle.

        Args:
            folder: The bundle.
            max_tokens: Word pieces that are read of a text, special ones included; the rest is cut.
            threads: How many texts to run at once, at most the cores that are free; all of them if None.

        Raises:
            ValueError, MissingExtraError: As for `of`.
            OSError: A file cannot be read.
        """
        graph, tokenizer = (folder / GRAPH).read_bytes(), (folder / TOKENIZER).read_text(encoding="utf-8")
        return cls.of(graph, tokenizer, max_tokens, name=str(folder), threads=threads)

    @classmethod
    def of(
        cls, graph: bytes, tokenizer: str, max_tokens: int, *, name: str, threads: int | None = None
    ) -> OnnxEngine:
        """Make an engine of what is in the files of a bundle.

        Args:
            graph: Of its ``model.onnx``.
            tokenizer: Of its ``tokenizer.json``.
            max_tokens: As above.
            name: Of the model, for messages.
            threads: As above.

        Raises:
            ValueError: The graph is damaged, keeps weights elsewhere, has loops, or is of another kind; or
                the tokenizer is damaged, makes ever longer texts of a text, or has word pieces that the graph
                cannot read.
            MissingExtraError: onnxruntime or tokenizers is missing or too old.
        """
        cores = usable_cores()
        with ThreadPoolExecutor(1) as pool:  # each takes a tenth of a second
            session = pool.submit(open_session, graph)
            words = open_tokenizer(tokenizer, max_tokens)
            last = _last_piece(words)
        _check_reads(session.result(), last)
        return cls(session.result(), words, max_tokens, min(threads or cores, cores), name)

    def logits(self, texts: Sequence[str], *, track: Track = untracked) -> tuple[NDArray[np.float64], int]:
        """Return logits of shape ``(len(texts), 3)``, and how many texts were cut to what the model reads.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
            InputError: A text has half a surrogate pair, which is no character.
            BundleError: The tokenizer or the graph fails on a text.
        """
        rows = [np.zeros((0, len(ASPECTS)), dtype=np.float32)]
        truncated = 0
        with ThreadPoolExecutor(self.threads) as pool:
            for encoded in encode_parts(self._encode, texts, self.max_tokens, track=track):
                # With one thread to run them there is none to wait for.
                run = pool.map if self.threads > 1 and len(encoded.ids) > 1 else map
                rows.append(np.concatenate(list(run(self._run, encoded.ids))))
                truncated += encoded.truncated
        return np.concatenate(rows, dtype=np.float64), truncated

    def _encode(self, texts: list[str]) -> list[Encoding]:
        try:
            with rust_errors(TOKENIZER):
                return self.tokenizer.encode_batch(texts)
        except ValueError as exc:
            raise damaged(self.name, str(exc)) from exc

    def _run(self, ids: list[int]) -> NDArray[np.float32]:
        """Return the logits of one text, of shape ``(1, 3)``."""
        try:
            return _run(self.session, ids)
        except ValueError as exc:
            raise damaged(self.name, f"{len(ids):,} word pieces on which it fails: {exc}") from exc


def open_session(graph: bytes) -> InferenceSession:
    """Return a graph ready to run, each run on the thread that asks for it.

    Raises:
        ValueError: It is damaged, keeps weights elsewhere, has loops, or is of another kind.
        MissingExtraError: onnxruntime is missing, or too old.
    """
    try:
        from onnxruntime import InferenceSession, SessionOptions
    except ImportError as exc:
        raise _missing(exc) from exc
    with named(GRAPH):
        needs = check_graph(graph)
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # errors are raised, and written as they are they could steer a terminal
    try:
        session = InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as exc:  # its errors have no class of their own in common
        told = one_line(str(exc))
        if any(too_old in told for too_old in _TOO_OLD):
            raise MissingExtraError(
                "this model",
                expected=f"an onnxruntime that reads IR version {needs.ir_version} and opset {needs.opset}",
                found=f"onnxruntime {version('onnxruntime')}, which does not",
                do="Update it with: pip install --upgrade onnxruntime",
            ) from exc
        raise ValueError(f"{GRAPH}: {told}") from exc
    inputs = [one.name for one in session.get_inputs()]
    shapes = [one.shape for one in session.get_outputs()]
    if inputs != [INPUT] or shapes != [[1, len(ASPECTS)]]:
        raise ValueError(f"{GRAPH} from {', '.join(inputs)} to arrays of shape {shapes}")
    return session


def open_tokenizer(text: str, max_tokens: int) -> Tokenizer:
    """Return a tokenizer that cuts, and reads what a person typed as text.

    Args:
        text: Of its ``tokenizer.json``.
        max_tokens: Word pieces that it leaves of a text, special ones included.

    Raises:
        ValueError: The text is damaged, or would make ever longer texts of a text.
        MissingExtraError: tokenizers is missing.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError as exc:
        raise _missing(exc) from exc
    check_tokenizer_json(parse_json(text), TOKENIZER)
    with rust_errors(TOKENIZER):
        tokenizer = Tokenizer.from_str(text)
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        tokenizer.encode_special_tokens = True  # see `gotune.model.tokens.read_literally`
    return tokenizer


def _last_piece(tokenizer: Tokenizer) -> int:
    """Return the largest number of a word piece that a tokenizer makes, once it has made some of a text.

    Raises:
        ValueError: It makes none, too many special ones, or fails.
    """
    check_special(tokenizer.num_special_tokens_to_add(False))
    with rust_errors(TOKENIZER):
        pieces = tokenizer.encode(_PROBE).ids
    if not pieces:
        raise ValueError("a tokenizer that makes no word piece of a text")
    return max(*pieces, *tokenizer.get_vocab().values())


def _check_reads(session: InferenceSession, last: int) -> None:
    """Refuse a graph that does not know all word pieces, by asking it for the last one.

    A text as long as the model reads would tell more, but takes longer than a tokenizer to open.

    Raises:
        ValueError: It fails.
    """
    try:
        _run(session, [last, last])
    except ValueError as exc:
        raise ValueError(f"{GRAPH} cannot read word piece {last:,}: {exc}") from exc


def _run(session: InferenceSession, ids: list[int]) -> NDArray[np.float32]:
    try:
        (logits,) = session.run(None, {INPUT: np.array([ids], dtype=np.int64)})
    except Exception as exc:  # its errors have no class of their own in common
        raise ValueError(one_line(str(exc))) from exc
    row: NDArray[np.float32] = logits
    return row


def _missing(exc: ImportError) -> MissingExtraError:
    return MissingExtraError(
        "this model",
        expected="onnxruntime and tokenizers, which gotune is installed with",
        found=import_failure(exc),
        do="Install them with: pip install --upgrade gotune",
    )
