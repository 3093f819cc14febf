from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from gotune.aspects import Aspect
from gotune.errors import OboError, UnknownReleaseError
from gotune.ontology import loading as cache_module
from gotune.ontology import obo
from gotune.ontology.loading import cache_path, check_source, load_ontology, read_cache, write_cache
from gotune.ontology.ontology import SCHEMA, Ontology, iterate_terms, to_table
from gotune.ontology.releases import RELEASES
from gotune.ontology.terms import CountedLines, Scope, Synonym, Term
from tests.examples import some
from tests.sealing import edit, seal_again

WriteObo = Callable[[str], Path]
TERM = "[Term]\nid: GO:1\nname: one\nnamespace: biological_process\n\n"

texts = st.text(st.characters(codec="utf-8"), max_size=20)
many = st.lists(texts, max_size=3).map(tuple)
optional = st.none() | texts
synonym = st.builds(Synonym, texts, st.sampled_from(Scope), optional, many)
synonyms = st.lists(synonym, max_size=3).map(tuple)
pairs = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)
terms = st.builds(
    Term,
    id=texts,
    name=texts,
    namespace=st.none() | st.sampled_from(Aspect),
    definition=optional,
    definition_xrefs=many,
    synonyms=synonyms,
    xrefs=many,
    subsets=many,
    alt_ids=many,
    comment=optional,
    is_a=many,
    relationships=pairs,
    obsolete=st.booleans(),
    replaced_by=many,
    consider=many,
)


@given(st.lists(terms, max_size=5))
def test_terms_survive_the_table(given_terms: list[Term]) -> None:
    assert list(iterate_terms(to_table(given_terms))) == given_terms


@some(25)
@given(given_terms=st.lists(terms, max_size=5), release=texts, taxa=st.dictionaries(texts, many, max_size=3))
def test_terms_survive_the_cache(
    given_terms: list[Term],
    release: str,
    taxa: dict[str, tuple[str, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOTUNE_CACHE", str(tmp_path_factory.mktemp("cache")))
        write_cache(to_table(given_terms), release, CountedLines(2, (3, 7)), taxa, "0" * 64)
        read = read_cache("0" * 64)
    assert read is not None
    assert (list(iterate_terms(read[0])), *read[1:]) == (given_terms, release, CountedLines(2, (3, 7)), taxa)


def test_second_loading_reads_the_cache(write_obo: WriteObo, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_obo(TERM)
    first = load_ontology(path)
    monkeypatch.setattr(obo, "parse_obo", None)
    second = load_ontology(str(path))
    assert first == second
    assert list(first.terms()) == list(second.terms())
    assert (second.release, second.source) == ("2030-01-31", "small.obo")


def test_compressed_file_is_the_same_ontology(write_obo: WriteObo, tmp_path: Path) -> None:
    path = write_obo(TERM)
    packed = tmp_path / "packed.obo.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert load_ontology(packed) == load_ontology(path)
    assert load_ontology(packed).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def _foreign(folder: Path) -> None:
    parquet.write_table(pa.table({"x": [1]}), folder / "terms.parquet")
    seal_again(folder / "parsed.json")


def _other_content(folder: Path) -> None:
    edit(folder / "parsed.json", lambda values: values.update(obo_sha256="1" * 64))
    seal_again(folder / "parsed.json")


def _flipped(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "terms.parquet").write_bytes(b""),
        lambda folder: (folder / "terms.parquet").unlink(),
        lambda folder: _flipped(folder / "terms.parquet", 10),
        lambda folder: _flipped(folder / "terms.parquet", -20),
        lambda folder: _flipped(folder / "parsed.json", 30),
        lambda folder: (folder / "parsed.json").write_text("[" * 100_000),
        lambda folder: edit(folder / "parsed.json", lambda values: values.update(release="2001-01-01")),
        _foreign,
        _other_content,
    ],
    ids=["empty", "gone", "flipped", "metadata", "seal", "nested", "release", "foreign", "other content"],
)
def test_damaged_cache_is_made_anew(
    damage: Callable[[Path], object], example: Ontology, caplog: pytest.LogCaptureFixture
) -> None:
    from gotune.ontology.loading import example_ontology

    folder = cache_path(example.sha256)
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    damage(folder)
    assert example_ontology() == example
    (message,) = caplog.messages
    assert message.startswith(f"The cached release in {folder} is damaged and made anew: ")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole


def test_cache_that_cannot_be_written_is_no_error(
    write_obo: WriteObo, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.write_text("a file where the folder should be")
    assert len(load_ontology(write_obo(TERM))) == 1
    assert "parsed again next time" in caplog.text


def test_lenient_reading_with_losses_is_not_cached(write_obo: WriteObo) -> None:
    path = write_obo(TERM[:-1] + "bad line\n\n")
    ontology = load_ontology(path, lenient=True)
    assert (ontology.skipped.count, ontology.skipped.first) == (1, (8,))
    with pytest.raises(OboError, match=r"small\.obo, line 8: expected OBO syntax"):
        load_ontology(path)


def test_edge_to_another_ontology_is_kept_on_the_term_only(write_obo: WriteObo) -> None:
    ontology = load_ontology(write_obo(TERM[:-1] + "relationship: has_part CL:0000000\n\n"))
    assert ontology["GO:1"].relationships == (("has_part", "CL:0000000"),)
    assert ontology.parents("GO:1", ("has_part",)) == ()
    assert list(ontology.to_networkx()) == ["GO:1"]


def test_unknown_date(cache: Path) -> None:
    with pytest.raises(UnknownReleaseError, match="2020-01-01, 2021-07-02, 2021-12-15") as caught:
        load_ontology("2019-06-01")
    assert "any OBO file" in caught.value.do


@pytest.mark.parametrize("source", ["2021-12-5", "2021", "2021.12.15", "2022-1"])
def test_what_looks_like_a_date_is_answered_with_the_catalogue(source: str) -> None:
    with pytest.raises(UnknownReleaseError, match="expected one of 2020-01-01, 2021-07-02, 2021-12-15"):
        check_source(source)


@pytest.mark.parametrize("source", ["a.obo", "2021-12-15.obo", "x" * 5000, "a\0b", Path("2021")])
def test_what_does_not_is_a_file_that_is_missing(source: str | Path) -> None:
    with pytest.raises(OboError, match="found no such file"):
        check_source(source)


def test_what_can_be_loaded_is_not_read_yet(write_obo: WriteObo) -> None:
    check_source("2021-12-15")
    check_source(write_obo("no OBO at all"))


def test_file_named_like_a_date(write_obo: WriteObo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_obo(TERM).rename(tmp_path / "2030-01-31")
    monkeypatch.chdir(tmp_path)
    assert load_ontology("2030-01-31").source == "2030-01-31"


def test_missing_file(cache: Path) -> None:
    with pytest.raises(OboError, match="Check the path, or give one of 2020-01-01, 2021-07-02, 2021-12-15"):
        load_ontology("nowhere.obo")


def test_schema_has_the_fields_of_a_term() -> None:
    assert SCHEMA.names == list(Term.__slots__)
    assert cache_module.FORMAT == 4


def test_cached_loading_imports_neither_pandas_nor_fastobo(example: Ontology) -> None:
    code = (
        "import sys; from gotune.ontology.loading import example_ontology as e; e(); "
        "sys.exit(', '.join({'pandas', 'fastobo', 'networkx', 'requests'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.network
def test_real_release(real_release: Ontology) -> None:
    assert real_release.sha256 == RELEASES["2021-12-15"].sha256
    assert real_release.release == real_release.source == "2021-12-15"
    assert not real_release.skipped
    assert len(real_release) == 43_789
    assert len(list(real_release.obsolete())) == 3_472
    assert real_release.frame["aspect"].value_counts().to_dict() == {
        "biological_process": 28_429,
        "molecular_function": 11_177,
        "cellular_component": 4_183,
    }
    assert real_release.roots == ("GO:0003674", "GO:0005575", "GO:0008150")
    assert "EC 2.7.1.190" in real_release["GO:0034071"].xrefs
    assert real_release.resolve("GO:0000013") == ("GO:0003756", "GO:0015036")
    assert load_ontology("2021-12-15") == real_release


@pytest.mark.network
@pytest.mark.parametrize("date", RELEASES)
def test_header_says_what_the_catalogue_says(date: str) -> None:
    assert load_ontology(date).release == date
