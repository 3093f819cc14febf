"""The labelled dataset of definitions: build it from a release, save it, load it.

A dataset folder is read by ``datasets.load_dataset(folder)`` as a DatasetDict with the parts train,
validation, test and those of the harder test parts that could be made; ``dataset.json`` stamps it with the
release it came from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.table_sources import ParquetSource
from gotune.datasets.data_card import LICENCE, DataCard, DuplicateIndex, render_data_card
from gotune.datasets.held_out import hold_out, new_rows
from gotune.datasets.splits import HARD_PARTS, PARTS, split_rows
from gotune.errors import DatasetError, InputError
from gotune.files import FolderKind, atomic_folder, bring_back
from gotune.lines import one_line
from gotune.ontology.graph import TERM_COLUMNS, count_aspects, term_table
from gotune.seals import check_files, check_seal, unsealed, write_sealed
from gotune.typed_json import as_record, read_json

if TYPE_CHECKING:
    import pandas as pd

    from gotune.ontology.ontology import Ontology

MANIFEST = "dataset.json"
FORMAT_VERSION = 3
_STAMP = ("format_version", "fingerprint", "licence")
"""Keys of the manifest beside those of the card."""
_CARD = "README.md"
_COLUMNS = ("go_id", "name", "definition", "label")
_EDGE_COLUMNS = ("child", "relation", "parent")
_AGAIN = "Make it again with `gotune dataset`."
FOLDER = FolderKind(
    MANIFEST,
    key="fingerprint",
    files=(
        _CARD,
        "terms.csv",
        "terms.parquet",
        "edges.parquet",
        *(f"{part}.parquet" for part in (*PARTS, *HARD_PARTS)),
    ),
)


@dataclass(frozen=True)
class LabelledDataset:
    """Definitions with their aspects, in parts to learn from and parts to be measured on.

    Attributes:
        card: Provenance and counts.
        terms: The term table of the release, live terms in file order.
        edges: The edges between them, with the columns ``child``, ``relation`` and ``parent``.
        parts: By name in `PARTS` and, where they could be made, `HARD_PARTS`: rows in random order with the
            columns ``go_id``, ``name``, ``definition`` and ``label`` (0, 1, 2 as in `ASPECTS`). Nobody
            changes them once they are here.
    """

    card: DataCard
    terms: pd.DataFrame
    edges: pd.DataFrame
    parts: dict[str, pd.DataFrame]

    @cached_property
    def fingerprint(self) -> str:
        """A sha256 over the rows of every part, in order: the same for the same data."""
        digest = hashlib.sha256()
        for part, rows in self.parts.items():
            lines = rows["go_id"] + "\t" + rows["label"].astype(str) + "\t" + rows["definition"]
            digest.update((part + "\n" + "\n".join(lines) + "\n").encode())
        return digest.hexdigest()


def build_dataset(
    ontology: Ontology,
    *,
    earlier: Ontology | None = None,
    seed: int = 42,
    train_size: int | None = None,
    test_size: int | None = None,
) -> LabelledDataset:
    """Make the dataset of a release: every live term that has a definition, labelled by aspect.

    The random test part is a fifth of all rows. What remains loses the rows of the harder test parts
    (`gotune.datasets.held_out`) and is training and validation part.

    Args:
        ontology: The release.
        earlier: An earlier release: terms that it did not have are a test part of their own.
        seed: Governs the split and the subsets.
        train_size: Keep that many rows of the training part, drawn at random; None keeps all.
        test_size: The same for the random test part. The case study took 2,000 and 1,000.

    Raises:
        DatasetError: Too few terms of an aspect, or a subset larger than its part.
    """
    terms = term_table(ontology)
    defined = terms[terms["definition"].notna()]
    rows = defined[list(_COLUMNS[:-1])].assign(
        label=defined["aspect"].map({aspect.value: aspect.label for aspect in ASPECTS}).astype("int64")
    )
    new = None if earlier is None else new_rows(rows["go_id"], ontology, earlier)
    edges = ontology.edges
    split = hold_out(rows, edges, split_rows(rows["label"].tolist(), seed), new, seed)
    parts = {part: rows.iloc[numbers].reset_index(drop=True) for part, numbers in split.parts.items()}
    # The parts are in random order already, so their first rows are a random draw.
    parts["train"] = first_rows(parts["train"], train_size, "training part")
    parts["test"] = first_rows(parts["test"], test_size, "test part")
    index = DuplicateIndex(parts["train"]["definition"])
    card = DataCard(
        release=ontology.release,
        obo_sha256=ontology.sha256,
        earlier=None if earlier is None else earlier.release,
        seed=seed,
        n_terms=len(terms),
        n_without_definition=len(terms) - len(defined),
        n_skipped=ontology.skipped.count,
        n_repaired=ontology.repaired.count,
        counts={part: _count_labels(rows) for part, rows in parts.items()},
        overlap={
            part: index.count(rows["definition"].tolist()) for part, rows in parts.items() if part != "train"
        },
        lineage_roots=split.lineage_roots,
        absent=split.absent,
    )
    return LabelledDataset(card=card, terms=terms, edges=edges, parts=parts)


def first_rows(rows: pd.DataFrame, size: int | None, name: str) -> pd.DataFrame:
    """Return the first ``size`` rows, or all of them for None.

    Raises:
        DatasetError: There are fewer.
    """
    if size is None:
        return rows
    if not 0 < size <= len(rows):
        raise DatasetError(
            name,
            expected=f"a size from 1 to {len(rows):,}",
            found=f"{size:,}",
            do="Ask for a size in that range.",
        )
    return rows.iloc[:size].reset_index(drop=True)


def save_dataset(dataset: LabelledDataset, folder: Path | str) -> None:
    """Write a dataset folder: Parquet parts, terms and edges, manifest and data card.

    An older dataset there is replaced only once the new one is complete.

    Raises:
        SaveError: The folder holds something else, or cannot be written.
    """
    with atomic_folder(Path(folder), FOLDER) as temporary:
        for part, rows in dataset.parts.items():
            _write_part(rows, temporary / f"{part}.parquet")
        dataset.terms.to_parquet(temporary / "terms.parquet", index=False)
        dataset.terms.to_csv(temporary / "terms.csv", index=False)
        dataset.edges.to_parquet(temporary / "edges.parquet", index=False)
        (temporary / _CARD).write_text(render_data_card(dataset.card), encoding="utf-8")
        stamp = {"format_version": FORMAT_VERSION, "fingerprint": dataset.fingerprint, "licence": LICENCE}
        write_sealed(temporary / MANIFEST, {**stamp, **asdict(dataset.card)}, exempt=(_CARD,))


def load_dataset(folder: Path | str) -> LabelledDataset:
    """Read what `save_dataset` wrote.

    Raises:
        DatasetError: Not a dataset folder, one of another format, or one whose files are not as they were
            saved.
    """
    import pandas as pd
    from pyarrow import ArrowException

    folder = Path(folder)
    stamp = read_stamp(folder)
    try:
        check_files(folder, read_json(folder / MANIFEST), FOLDER.files[1:])
        if odd := sorted(set(stamp.card.absent) - set(HARD_PARTS)):
            raise ValueError(f"{MANIFEST} without the part {odd[0]}")
        names = [part for part in (*PARTS, *HARD_PARTS) if part not in stamp.card.absent]
        tables = {}
        for name in (*names, "terms", "edges"):
            ParquetSource(folder / f"{name}.parquet").check_whole()
            tables[name] = pd.read_parquet(folder / f"{name}.parquet")
        terms, edges, parts = tables["terms"], tables["edges"], {name: tables[name] for name in names}
        _check_tables(parts, terms, edges)
        dataset = LabelledDataset(card=stamp.card, terms=terms, edges=edges, parts=parts)
        is_whole = dataset.fingerprint == stamp.fingerprint
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError, ArrowException) as exc:
        raise _damaged(folder, one_line(str(exc))) from exc
    if not is_whole:
        raise _damaged(folder, "rows that do not match the fingerprint in " + MANIFEST)
    return dataset


def _check_tables(parts: Mapping[str, pd.DataFrame], terms: pd.DataFrame, edges: pd.DataFrame) -> None:
    """Refuse tables that are not what they stand for, whoever has written them.

    Raises:
        ValueError: One lacks a column, has another, or has labels of no aspect.
    """
    for part, rows in parts.items():
        if tuple(rows.columns) != _COLUMNS:
            raise ValueError(f"{part} with the columns {', '.join(rows.columns)}, not {', '.join(_COLUMNS)}")
        if not rows["label"].isin([aspect.label for aspect in ASPECTS]).all():
            raise ValueError(f"{part} with a label that is none of 0, 1, 2")
    for name, table, columns in (("terms", terms, TERM_COLUMNS), ("edges", edges, _EDGE_COLUMNS)):
        if missing := [column for column in columns if column not in table]:
            raise ValueError(f"{name} without the column {missing[0]}")


def draw_training_rows(dataset: LabelledDataset, size: int | None, seed: int) -> pd.DataFrame:
    """Return the training part, or ``size`` of its rows drawn without replacement by ``seed``.

    Raises:
        DatasetError: The part has fewer rows.
    """
    rows = dataset.parts["train"]
    if size is None:
        return rows
    return first_rows(rows.sample(frac=1.0, random_state=seed), size, "training part")


def _count_labels(rows: pd.DataFrame) -> dict[Aspect, int]:
    return count_aspects(rows.assign(aspect=rows["label"].map(lambda label: ASPECTS[label].value)))


def _write_part(rows: pd.DataFrame, path: Path) -> None:
    """Write Parquet whose schema tells the datasets library that ``label`` is a ClassLabel."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    features: dict[str, Any] = {name: {"dtype": "string", "_type": "Value"} for name in _COLUMNS[:-1]}
    features["label"] = {"names": [aspect.value for aspect in ASPECTS], "_type": "ClassLabel"}
    schema = pa.schema(
        [(name, pa.int64() if name == "label" else pa.string()) for name in features],
        metadata={"huggingface": json.dumps({"info": {"features": features}})},
    )
    table = pa.Table.from_pandas(rows, schema=schema, preserve_index=False)
    pq.write_table(table.replace_schema_metadata(schema.metadata), path)


@dataclass(frozen=True, slots=True)
class DatasetStamp:
    """What a dataset folder says of itself, without its rows.

    Attributes:
        card: Provenance and counts.
        fingerprint: That of `LabelledDataset`.
    """

    card: DataCard
    fingerprint: str


def read_stamp(folder: Path) -> DatasetStamp:
    """Read what a dataset folder says of itself, without its rows.

    Raises:
        DatasetError: Not a dataset folder, one of another format, or one that says something else than was
            saved.
    """
    bring_back(folder)
    path = folder / MANIFEST
    try:
        values = read_json(path)
    except FileNotFoundError as exc:
        raise DatasetError(
            str(folder),
            expected=f"a dataset folder, with a {MANIFEST}",
            found="none",
            do="Make one with `gotune dataset`.",
        ) from exc
    except (OSError, ValueError) as exc:
        raise _damaged(folder, f"{MANIFEST} with {exc}") from exc
    version = values.get("format_version") if isinstance(values, dict) else None
    if not isinstance(version, int):
        raise _damaged(folder, f"{MANIFEST} without a format_version")
    if version != FORMAT_VERSION:
        raise DatasetError(
            str(folder),
            expected=f"dataset format {FORMAT_VERSION}",
            found=f"format {version}",
            do="Update gotune." if version > FORMAT_VERSION else "Make it again with `gotune dataset`.",
        )
    try:
        check_seal(values)
    except ValueError as exc:
        raise _damaged(folder, f"{MANIFEST} with {exc}") from exc
    card = {key: value for key, value in unsealed(values).items() if key not in _STAMP}
    return as_record(
        {"card": card, "fingerprint": values.get("fingerprint")},
        DatasetStamp,
        str(path),
        do=_AGAIN,
        error=DatasetError,
    )


def _damaged(folder: Path, found: str) -> DatasetError:
    return DatasetError(
        str(folder),
        expected="a dataset folder as `gotune dataset` wrote it",
        found=found,
        do=_AGAIN,
    )
