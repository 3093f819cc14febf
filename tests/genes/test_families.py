from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gotune.genes.families import families_of, folds_of
from gotune.genes.gene import Gene


def test_genes_of_like_symbols_or_names_are_a_family() -> None:
    genes = [
        Gene("1", "Or19a", "odorant receptor 19a"),
        Gene("2", "Or-22b", ""),
        Gene("3", "xyz", "Odorant receptor 5"),
        Gene("4", "CG100", "box"),
        Gene("5", "CG101", "lid"),
        Gene("6", "", ""),
    ]
    assert families_of(genes) == {"1": "1", "2": "1", "3": "1", "4": "4", "5": "5", "6": "6"}


def test_numbers_of_genes_are_no_family() -> None:
    symbols = "AT1G01010 AT1G01020 Gm12345 Gm12346 YAL001C YAL002W LOC100 loc101 Os01g0100 Os01g0200".split()
    genes = [Gene(symbol, symbol) for symbol in symbols]
    assert families_of(genes) == {symbol: symbol for symbol in symbols}


@given(st.lists(st.integers(0, 8), max_size=40))
def test_families_stay_whole_and_folds_are_even(numbers: list[int]) -> None:
    families = {str(place): str(number) for place, number in enumerate(numbers)}
    folds = folds_of(families, 3)
    assert folds.keys() == families.keys()
    assert all(
        folds[one] == folds[other]
        for one in families
        for other in families
        if families[one] == families[other]
    )
    sizes = [list(folds.values()).count(fold) for fold in range(3)]
    largest = max((numbers.count(number) for number in numbers), default=0)
    assert max(sizes) - min(sizes) <= largest
