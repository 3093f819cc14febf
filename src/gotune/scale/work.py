"""What a corpus run makes of texts: their aspects, or the places that name terms, as typed tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from gotune.aspects import ASPECTS, Aspect, Prefer
from gotune.config import Precision
from gotune.corpus.documents import Document
from gotune.corpus.readers.text import read_bytes
from gotune.corpus.screening import assess
from gotune.errors import BundleError, MissingExtraError, WorkerError
from gotune.files import sha256_of
from gotune.lines import encodable, name_as_text
from gotune.model.devices import usable_cores
from gotune.model.shipped import DEFAULT_MODEL
from gotune.model.spec import TRANSFORMER
from gotune.records import Reads, Witness
from gotune.scale.records import Rejected, Text

if TYPE_CHECKING:
    from gotune.linking.annotator import Annotator
    from gotune.linking.results import AnnotatedDocument
    from gotune.protocols import Classifier

_CARD = "README.md"
_PLACE = [
    pa.field("file", pa.string(), nullable=False),
    pa.field("line", pa.int64(), nullable=False),
    pa.field("offset", pa.int64()),
    pa.field("article", pa.string(), nullable=False),
]
"""Where a text stands, as `gotune.scale.records.Text` tells."""
_SPAN = pa.struct([pa.field("start", pa.int32()), pa.field("end", pa.int32())])
_CARRIED = [
    pa.field("aspects", pa.list_(pa.string()), nullable=False),
    *(pa.field(aspect.value, pa.float32(), nullable=False) for aspect in ASPECTS),
    pa.field("doubts", pa.list_(pa.string()), nullable=False),
]
_SENTENCE = [
    pa.field("sentence", pa.int32(), nullable=False),
    pa.field("start", pa.int32(), nullable=False),
    pa.field("end", pa.int32(), nullable=False),
    pa.field("role", pa.string(), nullable=False),
    pa.field("text", pa.string(), nullable=False),
]
_NAMED = [
    *_SENTENCE[:3],
    pa.field("spans", pa.list_(_SPAN), nullable=False),
    pa.field("surface", pa.string(), nullable=False),
    pa.field("go_id", pa.string(), nullable=False),
    pa.field("name", pa.string(), nullable=False),
    pa.field("aspect", pa.string(), nullable=False),
    pa.field("score", pa.float32(), nullable=False),
    pa.field("contexts", pa.list_(pa.string()), nullable=False),
]

Rows = list[dict[str, Any]]
Answer = Callable[[Sequence[Text]], tuple[Rows, int]]
"""Makes rows of texts, and counts what was longer than a model reads."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What was made of some texts.

    Attributes:
        batch: Rows.
        rejected: Texts on which the work failed.
        truncated: How many texts, or sentences, were longer than the model reads.
    """

    batch: pa.RecordBatch
    rejected: tuple[Rejected, ...] = ()
    truncated: int = 0


class Task(Protocol):
    """What is made of texts; it goes to every worker, which opens it once."""

    @property
    def schema(self) -> pa.Schema:
        """The columns of what is made."""
        ...

    @property
    def n_workers(self) -> int:
        """How many processes suit it here."""
        ...

    @property
    def needs_gpu(self) -> bool:
        """Whether each process of a cluster has to have a GPU of its own."""
        ...

    def settings(self) -> dict[str, Any]:
        """Return all that a result depends on, with hashes of files."""
        ...

    def shared_by(self, n_workers: int | None) -> Task:
        """Return the same for each of several processes, which share the cores.

        Args:
            n_workers: How many; None where each has a core, or a GPU, of a cluster to itself.
        """
        ...

    def open(self) -> Answer:
        """Load what is needed, and return what makes rows of texts."""
        ...


def work_on(task: Task, answer: Answer, texts: Sequence[Text]) -> Worked:
    """Make rows of texts; a text on which that fails is rejected, and stops no other.

    Raises:
        GotuneError, OSError, MemoryError: It is not the texts that fail: it does on all of several, or on
            what a text has no part in.
    """
    worked = _as_far_as_it_goes(task, answer, texts)
    if len(texts) > 1 and len(worked.rejected) == len(texts):
        raise WorkerError(
            f"{texts[0].file}, line {texts[0].line} and {len(texts) - 1:,} texts behind it",
            expected="work that can be done on some of them",
            found=worked.rejected[0].reason,
            do="Start again when that is mended: what was written is kept.",
        )
    return worked


def _as_far_as_it_goes(task: Task, answer: Answer, texts: Sequence[Text]) -> Worked:
    try:
        rows, truncated = answer(texts)
        return Worked(pa.RecordBatch.from_pylist(rows, schema=task.schema), (), truncated)
    except (BundleError, MissingExtraError, OSError, MemoryError):
        raise
    except Exception as exc:  # whatever one text does, the others go on
        if lacks_memory(exc):
            raise MemoryError(str(exc)) from exc
        reason = f"expected a text that can be worked on, found {type(exc).__name__}: {exc}"
        if len(texts) == 1:
            rejected = Rejected.of(texts[0].file, texts[0].line, reason)
            return Worked(pa.RecordBatch.from_pylist([], schema=task.schema), (rejected,))
    articles = [list(together) for _, together in groupby(texts, key=lambda text: text.article or text)]
    several = [
        _as_far_as_it_goes(task, answer, some)
        for some in (articles if len(articles) > 1 else [[one] for one in texts])
    ]
    return Worked(
        pa.concat_batches([one.batch for one in several]),
        tuple(rejected for one in several for rejected in one.rejected),
        sum(one.truncated for one in several),
    )


def lacks_memory(exc: Exception) -> bool:
    """Whether a library says that there was no memory: torch and ONNX Runtime have no `MemoryError`."""
    return re.search("out of memory|bad_alloc|failed to allocate", str(exc), re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class ClassifyTask:
    """The aspects that texts carry, a row a text, or a row a sentence.

    Attributes:
        model: The folder of the model.
        by_sentence: Make a row of each sentence.
        without: Witnesses that are not asked.
        prefer: What the thresholds are for.
        device: Where an encoder computes.
        precision: Number format of its matrix products.
        threads: How many it computes with.
        verify: Refuse files that are not as they were saved.
    """

    model: Path = DEFAULT_MODEL
    by_sentence: bool = False
    without: tuple[Witness, ...] = ()
    prefer: Prefer = Prefer.BALANCE
    device: str = "auto"
    precision: Precision = Precision.AUTO
    threads: int | None = None
    verify: bool = True

    @property
    def schema(self) -> pa.Schema:
        """The columns: where the text stands, the sentence if there is a row of each, and what it carries."""
        return pa.schema([*_PLACE, *(_SENTENCE if self.by_sentence else ()), *_CARRIED])

    @property
    def n_workers(self) -> int:
        """One a core; torch by itself takes all of them, or a GPU."""
        return 1 if self._kind == TRANSFORMER else usable_cores()

    @property
    def needs_gpu(self) -> bool:
        """If it is told to compute on one."""
        return self.device.partition(":")[0] == "cuda"

    def shared_by(self, n_workers: int | None) -> ClassifyTask:
        """Return the same for each of several processes, which share the cores, or those of a cluster."""
        if self._kind is None or n_workers == 1:
            return self
        if n_workers is None:
            # Ray shows a process the one GPU that it has been given, or all of them if it has none.
            return replace(self, threads=self.threads or 1, device="cuda" if self.needs_gpu else "cpu")
        return replace(self, threads=self.threads or max(1, usable_cores() // n_workers))

    @property
    def _kind(self) -> str | None:
        """What the encoder is made for, None if there is none or it is not asked."""
        from gotune.model.light_bundle import read_manifest

        spec = read_manifest(self.model, verify=self.verify).spec
        return spec.kind if spec.has_encoder and Witness.ENCODER not in self.without else None

    def settings(self) -> dict[str, Any]:
        """Return all that a result depends on; where it is computed counts as no part of it."""
        return {
            "command": "classify",
            "model": name_as_text(self.model.resolve().name),
            "model sha256": hash_of_folder(self.model),
            "by sentence": self.by_sentence,
            "without": sorted(self.without),
            "prefer": self.prefer.value,
            "precision": self.precision.value,
        }

    def open(self) -> Answer:
        """Load the model."""
        from gotune.model.loading import load_model

        classifier = load_model(
            self.model,
            without=self.without,
            prefer=self.prefer,
            device=self.device,
            precision=self.precision,
            threads=self.threads,
            verify=self.verify,
        )
        return partial(_classified, classifier, self.by_sentence)


def _classified(classifier: Classifier, by_sentence: bool, texts: Sequence[Text]) -> tuple[Rows, int]:
    from gotune.model.classification import classify_parts, join_parts

    by_article = by_sentence or classifier.info.reads is Reads.SENTENCE
    parts_of_texts, truncated = classify_parts(
        classifier,
        [text.text for text in texts],
        articles=[text.article for text in texts] if by_article else (),
        by_sentence=by_sentence,
    )
    rows: Rows = []
    for text, parts in zip(texts, parts_of_texts, strict=True):
        place = _place_of(text)
        if by_sentence:
            rows += [
                {**place, "sentence": number, **part.to_dict(), "doubts": part.doubts}
                for number, part in enumerate(parts, start=1)
            ]
        else:
            probabilities, aspects = join_parts(parts)
            carried = {aspect.value: probabilities[aspect] for aspect in ASPECTS}
            doubts = [doubt.value for doubt in assess(text.text)]
            rows.append({**place, "aspects": [one.value for one in aspects], **carried, "doubts": doubts})
    return rows, truncated


@dataclass(frozen=True, slots=True)
class AnnotateTask:
    """The places of texts that name terms, a row a place.

    Attributes:
        index: The folder of the index; None takes the one that comes with gotune.
        threshold: Least score of a name; None takes what development articles chose.
        aspect: Terms of this one alone.
        slim: Terms of a slim: its name, or ids.
        decisions: A file with what curators decided.
    """

    index: Path | None = None
    threshold: float | None = None
    aspect: Aspect | None = None
    slim: str | tuple[str, ...] | None = None
    decisions: Path | None = None

    @property
    def schema(self) -> pa.Schema:
        """The columns: where the text stands, the place in it, and the term."""
        return pa.schema([*_PLACE, *_NAMED])

    @property
    def n_workers(self) -> int:
        """One a core."""
        return usable_cores()

    @property
    def needs_gpu(self) -> bool:
        """Names are looked up, which no GPU does."""
        return False

    def shared_by(self, n_workers: int | None) -> AnnotateTask:
        """Return the same: none of them has threads."""
        del n_workers
        return self

    def settings(self) -> dict[str, Any]:
        """Return all that a result depends on."""
        from gotune.linking.folder import SHIPPED_INDEX

        return {
            "command": "annotate",
            "index sha256": hash_of_folder(self.index or SHIPPED_INDEX),
            "threshold": self.threshold,
            "aspect": self.aspect and self.aspect.value,
            "slim": self.slim,
            "decisions sha256": self.decisions and hashlib.sha256(read_bytes(self.decisions)).hexdigest(),
        }

    def open(self) -> Answer:
        """Load the index."""
        from gotune.linking.annotator import Annotator
        from gotune.linking.changes import changes_of

        annotator = Annotator.load(self.index)
        changes = changes_of(annotator.index, self.decisions, self.slim, self.aspect)
        return partial(_annotated, annotator, self.threshold, changes)


def _annotated(
    annotator: Annotator,
    threshold: float | None,
    changes: Iterable[Callable[[AnnotatedDocument], AnnotatedDocument]],
    texts: Sequence[Text],
) -> tuple[Rows, int]:
    documents = [Document(text.file, text.text, text.article) for text in texts]
    rows: Rows = []
    found = annotator.annotate_all(documents, threshold=threshold)
    for text, document in zip(texts, found, strict=True):
        for change in changes:
            document = change(document)
        for one in document.annotations:
            spans = [{"start": start, "end": end} for start, end in one.spans]
            contexts = [context.value for context in one.contexts]
            rows.append({**_place_of(text), **one.to_dict(), "spans": spans, "contexts": contexts})
    return rows, 0


def _place_of(text: Text) -> Mapping[str, object]:
    return {"file": text.file, "line": text.line, "offset": text.offset, "article": text.article}


def hash_of_folder(folder: Path) -> str:
    """Return a hash of the names and the contents of the files of a model or an index, but for its card.

    Raises:
        BundleError: There is no such folder, or it cannot be read.
    """
    if not folder.is_dir():
        raise BundleError(str(folder), expected="a folder", found="none", do="Check the name.")
    try:
        files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name != _CARD]
        hashes = [f"{encodable(path.name)} {sha256_of(path)}" for path in files]
    except OSError as exc:
        raise BundleError(
            str(exc.filename or folder),
            expected="a file that can be read",
            found=exc.strerror or str(exc),
            do="Check who may read it.",
        ) from exc
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
