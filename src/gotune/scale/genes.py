"""A run of genes: each is a record, whose text is all that is known of it, and has a row a suggestion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from gotune.files import sha256_of
from gotune.genes.annotator import MIN_DEPTH, GeneAnnotator
from gotune.genes.gene import gene_in, gene_line
from gotune.genes.joiner import SHIPPED_JOINER
from gotune.genes.lines import unreadable
from gotune.genes.reading import read_genes
from gotune.genes.space import TermSpace
from gotune.genes.species import HASHES
from gotune.genes.suggestions import AnnotatedGene
from gotune.genes.taxa import TaxonConstraints, Taxonomy
from gotune.lines import name_as_text
from gotune.linking.folder import SHIPPED_INDEX
from gotune.ontology.loading import load_ontology
from gotune.scale.files import check_unchanged, hashed
from gotune.scale.records import Record, Text
from gotune.scale.work import Answer, Rows, hash_of_folder

_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("symbol", pa.string(), nullable=False),
        pa.field("taxon", pa.int32()),
        pa.field("go_id", pa.string()),
        pa.field("name", pa.string()),
        pa.field("aspect", pa.string()),
        pa.field("relation", pa.string()),
        pa.field("score", pa.float32()),
        pa.field("evidence", pa.string(), nullable=False),
        pa.field("like", pa.list_(pa.string()), nullable=False),
        pa.field("doubts", pa.list_(pa.string()), nullable=False),
    ]
)


class GeneCorpus:
    """The genes of a file, in its order.

    Attributes:
        genes: All of them: rows of one gene may stand anywhere.
        files: The file, which a run is held against when it goes on.
        n_read: Bytes of the file up to the gene that came last, if all took the same.
    """

    def __init__(self, path: Path, columns: Mapping[str, str] | None = None) -> None:
        """Read the genes.

        Raises:
            GeneError, TableError: See `read_genes`.
            InputError: The file was changed meanwhile.
        """
        self._columns = columns
        found = hashed(path, name_as_text(path.name))
        self.genes = read_genes(path, columns=columns)
        check_unchanged(found)
        self.files = (found.file,)
        self.n_read = 0

    def settings(self) -> dict[str, Any]:
        """Return how the file is read."""
        return {"columns": self._columns and dict(self._columns)}

    def __iter__(self) -> Iterator[Record]:
        """Yield the genes as records, with their numbers as lines and their ids as articles."""
        (file,) = self.files
        for number, gene in enumerate(self.genes, start=1):
            self.n_read = file.size * number // len(self.genes)
            yield Text(file.name, number, None, gene.id, gene_line(gene))


@dataclass(frozen=True, slots=True)
class GenesTask:
    """Terms for genes, a row a suggestion; a gene without any has one row, whose evidence says why.

    Attributes:
        release: Of the terms.
        reference: A GAF to go by; the genes of seven species if left out.
        taxonomy: To hold taxon constraints against.
        offline: Fetch nothing.
        threshold: Least probability of a term; None takes those of the aspects.
        min_depth: Least number of steps between it and the root.
    """

    release: str
    reference: Path | None = None
    taxonomy: Path | None = None
    offline: bool = False
    threshold: float | None = None
    min_depth: int = MIN_DEPTH

    @property
    def schema(self) -> pa.Schema:
        """The columns: the gene, the term, and what speaks for it."""
        return _SCHEMA

    @property
    def n_workers(self) -> int:
        """One, which takes all cores where it compares genes; another would hold all annotated genes, too."""
        return 1

    @property
    def needs_gpu(self) -> bool:
        """Clues are compared by the processor."""
        return False

    def shared_by(self, n_workers: int | None) -> GenesTask:
        """Return the same: there is one process."""
        del n_workers
        return self

    def settings(self) -> dict[str, Any]:
        """Return all that a result depends on.

        Raises:
            GeneError: A file cannot be read.
        """
        return {
            "command": "genes",
            "release sha256": load_ontology(self.release, offline=self.offline).sha256,
            "index sha256": hash_of_folder(SHIPPED_INDEX),
            "joiner sha256": sha256_of(SHIPPED_JOINER),
            "species sha256": None if self.reference else dict(HASHES),
            "reference sha256": _hash_of(self.reference),
            "taxonomy sha256": _hash_of(self.taxonomy),
            "threshold": self.threshold,
            "min depth": self.min_depth,
        }

    def constraints(self) -> TaxonConstraints:
        """Return what is held against terms, to tell of it before the run."""
        ontology = load_ontology(self.release, offline=self.offline)
        tree = None if self.taxonomy is None else Taxonomy.read(self.taxonomy)
        return TaxonConstraints(ontology, TermSpace(ontology), tree)

    def open(self) -> Answer:
        """Load the release and the annotated genes."""
        annotator = GeneAnnotator.load(
            load_ontology(self.release, offline=self.offline),
            reference=self.reference,
            taxonomy=self.taxonomy,
            offline=self.offline,
        )
        return partial(_suggested, annotator, self.threshold, self.min_depth)


def _hash_of(path: Path | None) -> str | None:
    try:
        return None if path is None else sha256_of(path)
    except OSError as exc:
        raise unreadable(str(path), exc) from exc


def _suggested(
    annotator: GeneAnnotator, threshold: float | None, min_depth: int, texts: Sequence[Text]
) -> tuple[Rows, int]:
    genes = (gene_in(text.text) for text in texts)
    found = annotator.annotate(genes, threshold=threshold, min_depth=min_depth)
    return [row for one in found for row in _rows(one)], 0


def _rows(one: AnnotatedGene) -> Iterator[dict[str, Any]]:
    gene = one.gene
    told = {"id": gene.id, "symbol": gene.symbol, "taxon": gene.taxon, "doubts": one.doubts}
    for term in one.suggestions:
        yield {
            **told,
            "go_id": term.go_id,
            "name": term.name,
            "aspect": term.aspect.value,
            "relation": term.relation.value,
            "score": term.score,
            "evidence": term.evidence,
            "like": [like.id for like in term.like],
        }
    if not one.suggestions:
        yield {**told, "evidence": one.why_nothing, "like": []}
