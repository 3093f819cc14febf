"""Both loops: same seed same tensors, resume to the same weights, refusals."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import numpy as np
import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from gotune.aspects import ASPECTS, Head
from gotune.config import Loop, TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource
from gotune.errors import BundleError, ConfigError, DatasetError, EncoderError, SaveError
from gotune.lexicon.lexicon import Lexicon
from gotune.model.bundle import load_bundle
from gotune.model.classifier import AspectClassifier
from gotune.ontology.loading import example_ontology
from gotune.records import Witness
from gotune.training import run, trainer
from gotune.training.checkpoints import RunFolder
from gotune.training.losses import METRICS
from gotune.training.recipes import Material
from gotune.training.run import fit
from tests.provenances import provenance_of
from tests.sealing import edit

T = TypeVar("T")
LOOPS = pytest.mark.parametrize("loop", list(Loop))


def weights(folder: Path) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = load_file(folder / "model.safetensors")
    return found


def assert_same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        assert torch.equal(tensor, other[name]), name


class Stop(BaseException):
    """Ends a run as a kill would."""


class StopAt:
    """A Track that stops the run in the given epoch, after some steps."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def __call__(self, items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
        for number, item in enumerate(items):
            if description.startswith(f"epoch {self.epoch}/") and number == 2:
                raise Stop
            yield item


@LOOPS
@pytest.mark.parametrize("setting", [{"warmup_share": 0.5}, {"weight_decay": 0.5}])
def test_warmup_and_decay_change_what_is_learned(
    loop: Loop, setting: dict[str, Any], dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(tiny_config, loop=loop, epochs=1)
    fit(Material(dataset), config, tmp_path / "plain")
    fit(Material(dataset), replace(config, **setting), tmp_path / "other")
    head = "classifier.weight"
    assert not torch.equal(weights(tmp_path / "plain")[head], weights(tmp_path / "other")[head])


@LOOPS
def test_same_seed_gives_the_same_tensors(
    loop: Loop, dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(tiny_config, loop=loop)
    for name, seed in (("one", 1), ("two", 1), ("other", 2)):
        fit(Material(dataset), replace(config, seed=seed), tmp_path / name)
    assert_same(weights(tmp_path / "one"), weights(tmp_path / "two"))
    head = "classifier.weight"
    assert not torch.equal(weights(tmp_path / "one")[head], weights(tmp_path / "other")[head])


@LOOPS
def test_interrupted_run_resumes_to_the_same_weights(
    loop: Loop, dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(tiny_config, loop=loop, epochs=3)
    whole = fit(Material(dataset), config, tmp_path / "whole")
    with pytest.raises(Stop):
        fit(Material(dataset), config, tmp_path / "model", track=StopAt(epoch=3))
    assert not (tmp_path / "model").exists()
    with pytest.raises(ConfigError, match="--resume"):
        fit(Material(dataset), config, tmp_path / "model")
    with pytest.raises(ConfigError, match="expected the settings and the dataset of the interrupted run"):
        fit(Material(dataset), replace(config, seed=9), tmp_path / "model", resume=True)
    resumed = fit(Material(dataset), config, tmp_path / "model", resume=True)
    assert resumed.history == whole.history
    assert_same(weights(tmp_path / "model"), weights(tmp_path / "whole"))
    assert not (tmp_path / "model.training").exists()


@LOOPS
def test_kept_weights_are_those_of_the_best_epoch(
    loop: Loop, dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    # A rate this high ruins the model sooner or later, so the last epoch is not the best one.
    config = replace(tiny_config, loop=loop, epochs=4, learning_rate=0.05)
    manifest = fit(Material(dataset), config, tmp_path / "model")
    assert manifest.best.validation_macro_f1 == max(r.validation_macro_f1 for r in manifest.history)
    from gotune.model.engines.torch import predict_logits
    from gotune.model.tokens import encode_texts
    from gotune.training.losses import score_logits

    bundle = load_bundle(tmp_path / "model")
    rows = dataset.parts["validation"]
    ids = encode_texts(bundle.tokenizer, rows["definition"].tolist(), config.max_tokens).ids
    bf16 = manifest.environment["matrix_products"] == "bfloat16"
    logits = predict_logits(bundle.model, ids, bundle.tokenizer.pad_token_id, bf16=bf16)
    calibration = bundle.manifest.spec.calibration
    assert calibration is not None
    raw = logits / calibration.slopes  # the weights that are saved are calibrated
    scores = score_logits(raw, np.eye(3)[rows["label"].to_numpy()], Head.SINGLE)
    assert scores["validation_accuracy"] == manifest.best.validation_accuracy
    assert scores["validation_loss"] == pytest.approx(manifest.best.validation_loss, abs=0.02)


@LOOPS
def test_a_run_that_goes_astray_is_told(
    loop: Loop, dataset: LabelledDataset, tiny_encoder: Path, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(tiny_encoder, tmp_path / "encoder"))
    tensors = load_file(broken / "model.safetensors")
    name = next(name for name in tensors if name.endswith("word_embeddings.weight"))
    tensors[name] *= 1e38  # finite, and beyond what the squares of a layer norm can hold
    save_file(tensors, broken / "model.safetensors", metadata={"format": "pt"})
    config = replace(tiny_config, loop=loop, encoder=str(broken))
    with pytest.raises(ConfigError, match=r"^epoch 1: expected a finite number .*, found \w+_loss (nan|inf)"):
        fit(Material(dataset), config, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_run_stopped_in_its_first_epoch_simply_begins_anew(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    with pytest.raises(Stop):
        fit(Material(dataset), tiny_config, tmp_path / "model", track=StopAt(epoch=1))
    assert len(fit(Material(dataset), tiny_config, tmp_path / "model").history) == 2


def test_a_finished_run_is_not_repeated(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    first = fit(Material(dataset), tiny_config, tmp_path / "model")
    written = (tmp_path / "model/model.safetensors").stat().st_mtime_ns
    killed = RunFolder.open(tmp_path / "model", tiny_config, first.dataset_fingerprint, resume=False)
    assert fit(Material(dataset), tiny_config, tmp_path / "model", resume=True) == first
    assert (tmp_path / "model/model.safetensors").stat().st_mtime_ns == written
    assert not killed.path.exists()
    other = fit(Material(dataset), replace(tiny_config, seed=8), tmp_path / "model", resume=True)
    assert other.config.seed == 8


@pytest.mark.parametrize("damage", ["gone", "cut", "other manifest"])
def test_a_finished_run_whose_bundle_is_damaged_is_repeated(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path, damage: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    fit(Material(dataset), tiny_config, tmp_path / "model")
    first = {name: tensor.clone() for name, tensor in weights(tmp_path / "model").items()}
    path = tmp_path / "model/model.safetensors"
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    else:
        edit(tmp_path / "model/gotune.json", lambda manifest: manifest["provenance"].update(n_train=1))
    fit(Material(dataset), tiny_config, tmp_path / "model", resume=True)
    assert_same(weights(tmp_path / "model"), first)
    assert f"{tmp_path / 'model'}: expected a model folder as `gotune train` wrote it" in caplog.text
    assert "It is made anew." in caplog.text


def test_a_run_folder_comes_and_goes_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = TrainConfig()

    def stop(*args: object) -> None:
        raise Stop

    with monkeypatch.context() as patched:
        patched.setattr("gotune.training.checkpoints.json_text", stop)
        with pytest.raises(Stop):
            RunFolder.open(tmp_path / "model", config, "data", resume=False)
    assert not list(tmp_path.iterdir())
    run = RunFolder.open(tmp_path / "model", config, "data", resume=False)
    (run.path / "epoch-1").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr("gotune.workspaces._clear", stop)
        with pytest.raises(Stop):
            run.remove()
    assert not run.path.exists()
    RunFolder.open(tmp_path / "model", config, "data", resume=False)
    assert [path.name for path in tmp_path.iterdir()] == ["model.training"]


def test_the_model_learns(dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path) -> None:
    manifest = fit(Material(dataset), replace(tiny_config, epochs=40), tmp_path / "model")
    losses = [record.train_loss for record in manifest.history]
    assert losses[-1] < losses[0] / 2


def test_an_older_bundle_is_replaced_and_anything_else_is_not(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(tiny_config, epochs=1)
    fit(Material(dataset), config, tmp_path / "model")
    fit(Material(dataset), replace(config, seed=5), tmp_path / "model")
    assert provenance_of(tmp_path / "model").config.seed == 5
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/a.txt").write_text("a")
    with pytest.raises(SaveError, match="nothing was changed"):
        fit(Material(dataset), config, tmp_path / "notes")


def test_a_folder_of_the_user_is_no_run_folder(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    (tmp_path / "model.training").mkdir()
    (tmp_path / "model.training/notes.txt").write_text("years of work")
    with pytest.raises(SaveError, match="nothing was changed"):
        fit(Material(dataset), tiny_config, tmp_path / "model")
    assert [path.name for path in (tmp_path / "model.training").iterdir()] == ["notes.txt"]


@LOOPS
def test_disk_that_is_full_at_a_checkpoint(
    loop: Loop, dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fail(*args: object, **kwargs: object) -> None:
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr("safetensors.torch.save_file", fail)
    monkeypatch.setattr("transformers.modeling_utils.safe_save_file", fail)
    with pytest.raises(SaveError, match="No space left on device"):
        fit(Material(dataset), replace(tiny_config, loop=loop), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_unknown_tracker_is_refused(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(tiny_config, loop=Loop.TRAINER, report_to=("smoke-signals",))
    with pytest.raises(ConfigError, match="found smoke-signals"):
        fit(Material(dataset), config, tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_there_are_is_refused(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    with pytest.raises(DatasetError, match="expected a size from 1 to"):
        fit(Material(dataset), replace(tiny_config, train_size=10_000), tmp_path / "model")


def test_more_tokens_than_the_encoder_reads_is_refused(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    with pytest.raises(EncoderError, match="that reads 65 word pieces of a text, found one that reads 64"):
        fit(Material(dataset), replace(tiny_config, max_tokens=65), tmp_path / "model")


def test_folder_that_is_no_encoder_is_refused(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    with pytest.raises(EncoderError, match=r"no config.json in it"):
        fit(Material(dataset), replace(tiny_config, encoder=str(tmp_path)), tmp_path / "model")
    with pytest.raises(EncoderError, match="no such folder"):
        fit(Material(dataset), replace(tiny_config, encoder="./missing/encoder"), tmp_path / "model")


def test_class_weights_change_the_loss(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    # The whole training part is balanced; twenty of its rows are not.
    one = replace(tiny_config, epochs=1, class_weights=True, train_size=20)
    weighted = [
        fit(Material(dataset), replace(one, loop=loop), tmp_path / loop.value).history[0].train_loss
        for loop in Loop
    ]
    plain = (
        fit(Material(dataset), replace(one, class_weights=False), tmp_path / "plain").history[0].train_loss
    )
    assert weighted[0] != plain
    assert weighted[0] == pytest.approx(weighted[1], rel=0.2)  # other batches, the same weights


def test_a_tagger_learns_from_definitions_and_sentences(
    dataset: LabelledDataset, sentences: LabelledSource, tagger_folder: Path, multi_config: TrainConfig
) -> None:
    bundle = load_bundle(tagger_folder)
    manifest = provenance_of(bundle.manifest)
    assert bundle.model.config.problem_type == "multi_label_classification"
    assert (manifest.n_train, manifest.n_sentences) == (len(dataset.parts["train"]), 40)
    assert manifest.n_calibration == 8  # one article of six, set apart
    assert manifest.n_validation == len(dataset.parts["validation"]) + 8
    assert manifest.sources[0].n_rows == 48
    assert manifest.sources[0].weight == 1.0
    assert bundle.learned.articles == set(sentences.table["article"])
    assert len(bundle.learned.texts) == sentences.table["text"].nunique()
    assert not [name for name in weights(tagger_folder) if "rationale" in name]


def test_a_resumed_tagger_has_the_same_weights(
    dataset: LabelledDataset, sentences: LabelledSource, tagger_folder: Path, multi_config: TrainConfig,
    tmp_path: Path,
) -> None:  # fmt: skip
    # The head for word pieces is in the checkpoint too.
    with pytest.raises(Stop):
        fit(Material(dataset, [sentences]), multi_config, tmp_path / "model", track=StopAt(epoch=2))
    fit(Material(dataset, [sentences]), multi_config, tmp_path / "model", resume=True)
    assert_same(weights(tmp_path / "model"), weights(tagger_folder))


def test_a_resumed_tagger_needs_the_same_sentences(
    dataset: LabelledDataset, sentences: LabelledSource, multi_config: TrainConfig, tmp_path: Path
) -> None:
    with pytest.raises(Stop):
        fit(Material(dataset, [sentences]), multi_config, tmp_path / "model", track=StopAt(epoch=2))
    lighter = replace(sentences, weight=0.5)
    with pytest.raises(ConfigError, match="the dataset of the interrupted run"):
        fit(Material(dataset, [lighter]), multi_config, tmp_path / "model", resume=True)


def test_a_run_goes_on_on_another_device_but_not_with_other_settings(
    dataset: LabelledDataset, multi_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(multi_config, rationale_weight=0.0, epochs=2)
    with pytest.raises(Stop):
        fit(Material(dataset), config, tmp_path / "model", track=StopAt(epoch=2))
    with pytest.raises(ConfigError, match=r"found another learning_rate, seed\. Repeat"):
        fit(Material(dataset), replace(config, seed=7, learning_rate=1e-6), tmp_path / "model", resume=True)
    made = fit(Material(dataset), replace(config, device="auto"), tmp_path / "model", resume=True)
    assert fit(Material(dataset), config, tmp_path / "model", resume=True) == made


def test_trainer_has_the_best_epoch_where_its_folder_was_moved(
    dataset: LabelledDataset, multi_config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(multi_config, rationale_weight=0.0, epochs=2, loop=Loop.TRAINER)
    scores = iter((0.9, 0.1))
    monkeypatch.setattr(trainer, "score_logits", lambda *_: dict.fromkeys(METRICS, next(scores)))
    monkeypatch.setattr(run, "join_witnesses", _stop)
    with pytest.raises(Stop):
        fit(Material(dataset), config, tmp_path / "one" / "model")
    (best, _) = RunFolder.of(tmp_path / "one" / "model").checkpoints()
    kept = load_file(best / "model.safetensors")
    (tmp_path / "one").rename(tmp_path / "two")
    monkeypatch.undo()
    made = fit(Material(dataset), config, tmp_path / "two" / "model", resume=True)
    assert made.best_epoch == 1
    name = next(name for name in kept if name.endswith("query.weight"))
    assert torch.equal(load_file(tmp_path / "two" / "model" / "model.safetensors")[name], kept[name])


def _stop(*_: object, **__: object) -> None:
    raise Stop


def test_an_adapted_model_is_no_finished_run(
    dataset: LabelledDataset, multi_config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(multi_config, rationale_weight=0.0, epochs=1)
    made = fit(Material(dataset), config, tmp_path / "model")
    assert run._finished(tmp_path / "model", config, made.dataset_fingerprint) == made
    adapted = SimpleNamespace(provenance=made, adaptations=("to other sentences",))
    monkeypatch.setattr("gotune.model.bundle.load_bundle", lambda folder: SimpleNamespace(manifest=adapted))
    assert run._finished(tmp_path / "model", config, made.dataset_fingerprint) is None


def test_both_loops_learn_from_sentences(
    dataset: LabelledDataset, sentences: LabelledSource, multi_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(multi_config, rationale_weight=0.0, epochs=1, opening_cut=0.0)
    losses = [
        fit(Material(dataset, [sentences]), replace(config, loop=loop), tmp_path / loop).best.train_loss
        for loop in Loop
    ]
    assert losses[0] == pytest.approx(losses[1], rel=0.1)  # other batches, the same rows


def test_rationale_and_weights_change_what_is_learned(
    dataset: LabelledDataset, sentences: LabelledSource, multi_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(multi_config, epochs=1)
    runs = {
        "with": (config, sentences),
        "without": (replace(config, rationale_weight=0.0), sentences),
        "light": (config, replace(sentences, weight=0.1)),
        "made up": (config, replace(sentences, made_up=True)),
    }
    found = {
        name: fit(Material(dataset, [source]), settings, tmp_path / name)
        for name, (settings, source) in runs.items()
    }
    first = [manifest.best.validation_loss for manifest in found.values()]
    assert len(set(first)) == len(first)
    # Nothing is set apart of made-up sentences, so the definitions calibrate.
    n_definitions = len(dataset.parts["validation"])
    assert (found["made up"].n_sentences, found["made up"].n_calibration) == (48, n_definitions)
    assert found["light"].best.train_loss < found["with"].best.train_loss


def test_intercepts_of_sources_are_learned_and_left_behind(
    dataset: LabelledDataset, sentences: LabelledSource, multi_config: TrainConfig, tmp_path: Path
) -> None:
    # The second source calls everything a process that the first calls nothing.
    labels = dict(zip((aspect.value for aspect in ASPECTS), (1.0, 0.0, 0.0), strict=True))
    table = sentences.table.assign(**labels, article="other " + sentences.table["article"], spans=None)
    material = Material(dataset, [sentences, replace(sentences, table=table)])
    config = replace(multi_config, source_intercepts=True, epochs=3)
    whole = fit(material, config, tmp_path / "whole")
    with pytest.raises(Stop):
        fit(material, config, tmp_path / "model", track=StopAt(epoch=3))
    assert fit(material, config, tmp_path / "model", resume=True).history == whole.history
    assert_same(weights(tmp_path / "model"), weights(tmp_path / "whole"))
    plain = fit(material, replace(config, source_intercepts=False), tmp_path / "plain")
    assert sorted(weights(tmp_path / "plain")) == sorted(weights(tmp_path / "whole"))
    assert whole.best.train_loss < plain.best.train_loss


def test_sentences_need_the_multi_head(
    dataset: LabelledDataset, sentences: LabelledSource, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="Take the multi head"):
        fit(Material(dataset, [sentences]), tiny_config, tmp_path / "model")


def test_sentences_of_one_article_cannot_be_set_apart(
    dataset: LabelledDataset, sentences: LabelledSource, multi_config: TrainConfig, tmp_path: Path
) -> None:
    one = replace(sentences, table=sentences.table.assign(article="article 1"))
    with pytest.raises(DatasetError, match="48 sentences of one"):
        fit(Material(dataset, [one]), multi_config, tmp_path / "model")


def test_a_lexicon_goes_along(
    dataset: LabelledDataset, sentences: LabelledSource, multi_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(multi_config, lexicon=True, epochs=1)
    with pytest.raises(ConfigError, match=r"Lexicon\.from_ontology"):
        fit(Material(dataset, [sentences]), config, tmp_path / "model")
    lexicon = Lexicon.from_ontology(example_ontology())
    fit(Material(dataset, [sentences], lexicon), config, tmp_path / "model")
    classifier = AspectClassifier.load(tmp_path / "model")
    names = [term.name for term in example_ontology().terms()]
    name = names[lexicon.evidence(names)[:, 1].argmax()]
    named, alone = (made.predict_proba([name]) for made in (classifier, classifier.without(Witness.NAMES)))
    assert named[0, 1] > alone[0, 1]
    assert classifier.predict_proba(["Mice sat."]) == pytest.approx(
        classifier.without(Witness.NAMES).predict_proba(["Mice sat."])
    )
    (tmp_path / "model/lexicon.safetensors").write_bytes(b"cut")
    with pytest.raises(BundleError, match="as `gotune train` wrote it"):
        AspectClassifier.load(tmp_path / "model")
