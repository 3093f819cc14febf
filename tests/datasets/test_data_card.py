from __future__ import annotations

from gotune.aspects import ASPECTS
from gotune.datasets.data_card import DataCard, Overlap, dataset_tables
from gotune.render.tables import TextTable


def test_dataset_tables_show_every_part_and_what_is_missing() -> None:
    card = DataCard(
        release="2021-12-15",
        obo_sha256="0" * 64,
        earlier=None,
        seed=42,
        n_terms=4000,
        n_without_definition=1,
        n_skipped=0,
        counts={"train": dict.fromkeys(ASPECTS, 1000), "test_opening": dict.fromkeys(ASPECTS, 10)},
        overlap={"test_opening": Overlap(n=30, exact=1, near=3)},
        lineage_roots=(),
        absent={"test_lineage": "too small"},
    )
    counts, absent, overlap = dataset_tables(card)
    assert counts.rows == (
        ("train", "1,000", "1,000", "1,000", "3,000"),
        ("test_opening", "10", "10", "10", "30"),
    )
    assert absent == TextTable(
        "Harder test parts that were not made",
        ("part", "reason"),
        (("test_lineage (unseen lineages)", "too small"),),
    )
    assert overlap.rows == (("test_opening", "30", "1", "3 (10.0%)"),)
