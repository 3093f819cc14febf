"""`make check` runs the tests nearest to a change."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import cast

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "check.py"))


def nearest(*changed: str) -> list[str]:
    found: list[Path] = SCRIPT["nearest_first"]({Path(name) for name in changed})
    return [str(path) for path in found]


def test_tests_of_a_module_come_before_those_of_its_users() -> None:
    found = nearest("src/gotune/corpus/sentences.py")
    assert found[:2] == ["tests/corpus/test_sentences.py", "tests/corpus/test_sentences_probes.py"]
    assert found.index("tests/render/test_document_page.py") < found.index("tests/cli/test_usage.py")
    assert "tests/ontology/test_obo.py" not in found
    assert len(found) == len(set(found))


def test_what_all_use_is_tested_nearest_first() -> None:
    found = nearest("src/gotune/errors.py")
    assert found[0] == "tests/test_errors.py"
    assert len(found) > 50


def test_a_changed_test_and_those_that_share_its_helpers() -> None:
    assert nearest("tests/lexicon/test_variants.py") == ["tests/lexicon/test_variants.py"]
    assert set(nearest("tests/model/hub.py")) == {"tests/model/test_encoders.py"}


def test_a_template_is_tested_with_the_modules_around_it() -> None:
    found = nearest("src/gotune/render/templates/vendor/d3.min.js")
    assert "tests/render/test_pages_vendor.py" in found


def test_pages_and_the_makefile_are_tested_by_those_that_read_them() -> None:
    assert "tests/test_docs.py" in nearest("README.md")
    assert "tests/test_forge.py" in nearest("Makefile")


def test_what_comes_too_late_is_left_out_and_counted() -> None:
    item = cast(pytest.Item, None)
    assert SCRIPT["Budget"](60).pytest_runtest_protocol(item) is None
    late = SCRIPT["Budget"](0)
    assert [late.pytest_runtest_protocol(item) for _ in range(2)] == [True, True]
    assert late.left_out == 2


def test_a_base_that_is_not_there_is_told() -> None:
    with pytest.raises(SystemExit, match="--base nowhere: expected a branch or commit"):
        SCRIPT["changed_files"]("nowhere")
