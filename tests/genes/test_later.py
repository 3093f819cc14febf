from __future__ import annotations

import io
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from gotune.errors import DownloadError
from gotune.genes import later
from gotune.genes.later import Later, read_later
from tests.genes.annotated import association

TOLD = {"NCBIGene:71": frozenset({"GO:0000012", "GO:0000021"}), "NCBIGene:72": frozenset({"GO:0000032"})}
OF = {"UniProtKB:P1": "NCBIGene:71", "UniProtKB:P2": "NCBIGene:71"}


def base(path: Path) -> Path:
    """Write a database as Bioconductor has it, with what is read of it."""
    with closing(sqlite3.connect(path)) as made:
        made.executescript(
            """
            create table genes (_id integer, gene_id text);
            insert into genes values (1, '71'), (2, '72');
            create table uniprot (_id integer, uniprot_id text);
            insert into uniprot values (1, 'P1'), (1, 'P2');
            create table go_bp (_id integer, go_id text, evidence text, ontology text);
            create table go_mf (_id integer, go_id text, evidence text, ontology text);
            create table go_cc (_id integer, go_id text, evidence text, ontology text);
            insert into go_bp values (1, 'GO:0000012', 'IDA', 'BP'), (1, 'GO:0000011', 'IEA', 'BP');
            insert into go_mf values (2, 'GO:0000032', 'IMP', 'MF'), (2, 'GO:0000031', 'TAS', 'MF');
            insert into go_cc values (1, 'GO:0000021', 'HDA', 'CC');
            """
        )
    return path


def package(path: Path, member: str, content: bytes) -> Path:
    """Write a Debian package: an `ar` of what it is, and of files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:xz") as archive:
        entry = tarfile.TarInfo(member)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    parts = {"debian-binary": b"2.0\n", "control.tar.xz": b"odd", "data.tar.xz": stream.getvalue()}
    raw = b"!<arch>\n"
    for name, data in parts.items():
        raw += f"{name:16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n".encode() + data
        raw += b"\n" * (len(data) % 2)
    path.write_bytes(raw)
    return path


def test_what_experiments_told_of_genes(tmp_path: Path) -> None:
    assert read_later(base(tmp_path / "a b#?.sqlite")) == Later(TOLD, OF)


def test_annotations_of_proteins_become_those_of_genes() -> None:
    found = Later(TOLD, {"Made:Lid1": "NCBIGene:71"})
    assert found.as_gene(association("Lid1", "12")).gene == "NCBIGene:71"
    assert found.as_gene(association("Lid2", "12")).gene == "Made:Lid2"


def test_the_database_is_taken_out_of_its_package(tmp_path: Path) -> None:
    content = base(tmp_path / "base.sqlite").read_bytes()
    packed = package(tmp_path / "base.deb", later._MEMBER, content)
    with later._unpacked(packed) as path:
        assert read_later(path) == Later(TOLD, OF)
    assert not path.exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["base.deb", "base.sqlite"]


@pytest.mark.parametrize("cut", [False, True])
def test_another_package_is_refused(cut: bool, tmp_path: Path) -> None:
    packed = package(tmp_path / "base.deb", "./usr/share/doc/copyright", b"text" * 1000)
    if cut:
        packed.write_bytes(packed.read_bytes()[:-200])
    with pytest.raises(DownloadError, match=r"expected \./usr/lib/R"), later._unpacked(packed):
        pass
