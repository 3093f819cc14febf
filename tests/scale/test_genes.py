from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gotune.errors import GeneError, InputError
from gotune.genes.annotator import GeneAnnotator
from gotune.genes.gene import Gene
from gotune.genes.reading import read_genes
from gotune.ontology.loading import load_ontology
from gotune.scale.genes import GeneCorpus, GenesTask
from gotune.scale.manifest import Run
from gotune.scale.records import Text
from gotune.scale.run import run_corpus
from gotune.scale.work import work_on
from tests.genes.annotated import write_reference
from tests.genes.conftest import constrained_release, small_release, write_nodes

ROWS = (
    "id\tsymbol\tname\ttaxon\tdescription\n"
    "a\tLid9\tlid opener 9\t7\tIt opens.\n"
    "b\t\tunknown protein\t\t\n"
    "c\tBox2\tyellow box 2\t8\t\n"
    "a\t\t\t\tIt closes.\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "genes.tsv"
    path.write_text(ROWS)
    return path


@pytest.fixture
def task(tmp_path: Path) -> GenesTask:
    release, reference = small_release(tmp_path), write_reference(tmp_path / "known.gaf")
    return GenesTask(str(release), reference, threshold=0.3, min_depth=1)


def run(task: GenesTask, table: Path, folder: Path) -> Run:
    return run_corpus(task, GeneCorpus(table), folder, texts_of_shard=2)


def test_a_gene_is_a_record(table: Path) -> None:
    corpus = GeneCorpus(table)
    records = [*corpus]
    assert [(one.file, one.line, one.article) for one in records if isinstance(one, Text)] == [
        ("genes.tsv", 1, "a"), ("genes.tsv", 2, "b"), ("genes.tsv", 3, "c"),
    ]  # fmt: skip
    assert corpus.n_read == corpus.files[0].size == len(ROWS)
    with pytest.raises(GeneError, match="a column 'Function'"):
        GeneCorpus(table, {"description": "Function"})


def test_rows_are_what_the_annotator_suggests(task: GenesTask, table: Path, tmp_path: Path) -> None:
    done = run(task, table, tmp_path / "out")
    assert (done.is_complete, done.n_texts, done.n_rejected, len(done.shards)) == (True, 3, 0, 2)
    rows = [row for path in done.paths for row in pq.read_table(path).to_pylist()]
    annotator = GeneAnnotator.load(load_ontology(task.release), reference=task.reference)
    expected: list[tuple[object, ...]] = []
    for one in annotator.annotate(read_genes(table), threshold=0.3, min_depth=1):
        start = (one.gene.id, one.gene.symbol, one.gene.taxon, [*one.doubts])
        nothing: tuple[object, ...] = (*start, None, None, None, None, one.why_nothing, [])
        expected += [
            (
                *(*start, term.go_id, term.name, term.aspect, term.relation, term.evidence),
                [like.id for like in term.like],
            )
            for term in one.suggestions
        ] or [nothing]
    keys = ("id", "symbol", "taxon", "doubts", "go_id", "name", "aspect", "relation", "evidence", "like")
    assert [tuple(row[key] for key in keys) for row in rows] == expected
    assert {row["id"] for row in rows} == {"a", "b", "c"}
    assert all((row["score"] is None) == (row["go_id"] is None) for row in rows)


def test_a_run_goes_on_where_it_was(task: GenesTask, table: Path, tmp_path: Path) -> None:
    first, second = run(task, table, tmp_path / "out").paths
    before = [path.read_bytes() for path in (first, second)]
    changed = first.stat().st_mtime_ns
    second.unlink()
    assert run(task, table, tmp_path / "out").is_complete
    assert [path.read_bytes() for path in (first, second)] == before
    assert first.stat().st_mtime_ns == changed
    with pytest.raises(InputError, match=r"threshold None, not 0\.3"):
        run(GenesTask(task.release, task.reference, min_depth=1), table, tmp_path / "out")
    table.write_text(ROWS + "d\tLid8\t\t\t\n")
    with pytest.raises(InputError, match=r"genes\.tsv changed"):
        run(task, table, tmp_path / "out")


def test_settings_tell_what_a_result_depends_on(task: GenesTask, tmp_path: Path) -> None:
    settings = task.settings()
    assert settings["species sha256"] is None
    assert settings["taxonomy sha256"] is None
    assert all(len(settings[f"{what} sha256"]) == 64 for what in ("index", "joiner", "release", "reference"))
    with Path(str(task.reference)).open("a") as file:
        file.write("! a remark\n")
    assert task.settings() != settings
    nodes = write_nodes(tmp_path / "nodes.dmp", {1: 1})
    assert GenesTask(task.release, task.reference, nodes).settings()["taxonomy sha256"] is not None
    assert len(GenesTask(task.release).settings()["species sha256"]) == 7


def test_what_cannot_be_read_or_changes_meanwhile_is_refused(
    task: GenesTask, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(GeneError, match=r"nope\.gaf: expected a file that can be read, found No such file"):
        run(GenesTask(task.release, tmp_path / "nope.gaf"), table, tmp_path / "out")

    def read(path: Path, columns: object) -> list[Gene]:
        path.write_text(ROWS + "d\tLid8\t\t\t\n")
        return []

    monkeypatch.setattr("gotune.scale.genes.read_genes", read)
    with pytest.raises(InputError, match="changed meanwhile"):
        GeneCorpus(table)


def test_constraints_are_held_and_told(table: Path, tmp_path: Path) -> None:
    said = {"GO:0000011": ("relationship: only_in_taxon NCBITaxon:8",)}
    release, reference = constrained_release(tmp_path, said), write_reference(tmp_path / "known.gaf")
    nodes = write_nodes(tmp_path / "nodes.dmp", {1: 1, 7: 1, 8: 1})
    task = GenesTask(str(release), reference, nodes, threshold=0.01, min_depth=1)
    corpus = GeneCorpus(table)
    assert [line[:29] for line in task.constraints().caveats(corpus.genes)] == [
        "The lineage of 1 gene is not "
    ]
    texts = [one for one in corpus if isinstance(one, Text)]
    rows = work_on(task, task.open(), texts).batch.to_pylist()
    processes = {row["id"] for row in rows if row["go_id"] in ("GO:0000011", "GO:0000012", "GO:0000013")}
    assert "a" not in processes
    assert "c" in processes
