from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gotune.aspects import Aspect, Prefer
from gotune.errors import BundleError, DocumentError, InputError, WorkerError
from gotune.model.shipped import locate_model
from gotune.records import Witness
from gotune.scale.records import Rejected, Text
from gotune.scale.work import AnnotateTask, ClassifyTask, Rows, work_on
from tests.scale.lengths import Lengths

FAST = locate_model("fast")


def texts(*given: str, article: str = "") -> list[Text]:
    return [Text("a.tsv", line, 0, article, text) for line, text in enumerate(given, 2)]


def test_only_a_text_that_fails_is_rejected() -> None:
    task = Lengths(bad="bad")
    worked = work_on(task, task.open(), texts("one", "bad", "three"))
    assert worked.batch["length"].to_pylist() == [3, 5]
    assert worked.rejected == (
        Rejected("a.tsv", 3, "expected a text that can be worked on, found ValueError: a bad text"),
    )


def test_where_all_texts_fail_it_is_not_the_texts() -> None:
    task = Lengths(bad="bad")
    with pytest.raises(WorkerError, match=r"a\.tsv, line 2 and 1 texts behind it: expected work that can be"):
        work_on(task, task.open(), texts("bad", "bad"))
    assert len(work_on(task, task.open(), texts("bad")).rejected) == 1


def test_no_text_makes_no_row() -> None:
    for task in (ClassifyTask(FAST), AnnotateTask()):
        assert work_on(task, task.open(), []).batch.num_rows == 0


def test_abbreviations_count_in_other_texts_of_the_article() -> None:
    given = ("The synaptic vesicle (SV) is large.", "It is in the SV.")
    task = AnnotateTask()
    answer = task.open()
    found = [work_on(task, answer, texts(*given, article=article)).batch for article in ("", "7")]
    assert [batch["line"].to_pylist().count(3) for batch in found] == [0, 1]
    assert found[1]["article"].to_pylist() == ["7"] * found[1].num_rows


def test_terms_of_one_aspect_or_of_a_slim() -> None:
    given = texts("Autophagy is induced in the nucleus by kinase activity.")
    for task, expected in (
        (AnnotateTask(aspect=Aspect.CELLULAR_COMPONENT), {"GO:0005634"}),
        (AnnotateTask(slim=("GO:0043226",)), {"GO:0043226"}),
    ):
        assert set(work_on(task, task.open(), given).batch["go_id"].to_pylist()) == expected
    with pytest.raises(InputError, match="no_such_slim"):
        AnnotateTask(slim="no_such_slim").open()


def test_settings_tell_what_a_result_depends_on(tmp_path: Path) -> None:
    task = ClassifyTask(FAST)
    assert task.settings() == replace(task, threads=1, device="cpu", verify=False).settings()
    for other in (
        replace(task, by_sentence=True),
        replace(task, prefer=Prefer.RECALL),
        replace(task, without=(Witness.NAMES,)),
    ):
        assert task.settings() != other.settings()
    copy = tmp_path / "fast"
    shutil.copytree(FAST, copy)
    (copy / "README.md").write_text("Mine.")  # the card is free
    assert replace(task, model=copy).settings() == task.settings()
    (copy / "learned.json").write_text("{}")
    assert replace(task, model=copy).settings() != task.settings()


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="expected a folder, found none"):
        ClassifyTask(tmp_path / "no").settings()
    with pytest.raises(DocumentError, match="expected a file, found nothing"):
        AnnotateTask(decisions=tmp_path / "no").settings()


def test_threads_are_shared_by_processes_that_have_an_encoder() -> None:
    assert ClassifyTask(FAST).shared_by(2).threads is None
    assert ClassifyTask().shared_by(1 << 10).threads == 1
    assert ClassifyTask(threads=3).shared_by(2).threads == 3
    assert ClassifyTask(without=(Witness.ENCODER,)).shared_by(2).threads is None


@pytest.mark.parametrize(
    ("asked", "needs_gpu", "device"),
    [
        ("auto", False, "cpu"),
        ("cpu", False, "cpu"),
        ("mps", False, "cpu"),
        ("cuda", True, "cuda"),
        ("cuda:1", True, "cuda"),
    ],
)
def test_a_process_of_a_cluster_computes_on_its_own_gpu_or_on_none(
    asked: str, needs_gpu: bool, device: str
) -> None:
    task = ClassifyTask(device=asked)
    assert task.needs_gpu is needs_gpu
    shared = task.shared_by(None)
    assert (shared.device, shared.threads) == (device, 1)
    assert shared.settings() == task.settings()
    assert ClassifyTask(FAST).shared_by(None) == ClassifyTask(FAST)


def test_torch_has_one_worker(bundle_folder: Path) -> None:
    assert ClassifyTask(bundle_folder).n_workers == 1


class Answers:
    """Gives the number of texts that it was asked about together, and fails where one is bad."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.asked: list[int] = []

    def __call__(self, given: Sequence[Text]) -> tuple[Rows, int]:
        if any(text.text == "bad" for text in given):
            raise self.error
        self.asked.append(len(given))
        return [{"line": text.line, "length": 0} for text in given], 0


def test_a_text_that_fails_leaves_other_articles_together() -> None:
    answer = Answers(ValueError("no"))
    given = [*texts("a", "b", article="1"), *texts("c", "bad", "d", article="2"), *texts("e", "f")]
    worked = work_on(Lengths(), answer, given)
    assert (answer.asked, worked.batch.num_rows, len(worked.rejected)) == ([2, 1, 1, 1, 1], 6, 1)


def test_articles_that_fail_as_a_whole_stop_no_other() -> None:
    answer = Answers(ValueError("no"))
    given = [*texts("bad", "bad", article="1"), *texts("bad", "c", article="2"), *texts("e")]
    worked = work_on(Lengths(), answer, given)
    assert (worked.batch.num_rows, len(worked.rejected)) == (2, 3)
    with pytest.raises(
        WorkerError, match="found expected a text that can be worked on, found ValueError: no"
    ):
        work_on(Lengths(), answer, given[:2])


@pytest.mark.parametrize(
    "told",
    [
        "CUDA out of memory. Tried to allocate 2 GiB",
        "std::bad_alloc",
        "Failed to allocate memory for requested",
    ],
)
def test_want_of_memory_is_no_fault_of_a_text(told: str) -> None:
    with pytest.raises(MemoryError, match=re.escape(told)):
        work_on(Lengths(), Answers(RuntimeError(told)), texts("a", "bad"))


def test_a_model_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("")

    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("gotune.scale.work.sha256_of", refuse)
    with pytest.raises(BundleError, match=r"a: expected a file that can be read, found Permission denied"):
        ClassifyTask(tmp_path).settings()
