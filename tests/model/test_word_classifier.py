from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from scipy.special import expit

from gotune.aspects import Head
from gotune.errors import BundleError, InputError
from gotune.lexicon.lexicon import Lexicon
from gotune.model.calibration import Calibration, log_odds
from gotune.model.classifier import AspectClassifier, Transparent
from gotune.model.evidence import Accountable, Evidence
from gotune.model.shipped import locate_model
from gotune.model.spec import ModelSpec, WordSpec
from gotune.model.word_classifier import WordClassifier
from gotune.model.words import BUCKETS, CONSTANT, WordModel
from gotune.records import NOTHING_LEARNED, Witness
from tests.lexicon.named_terms import named_ontology
from tests.sealing import edit, seal_again
from tests.together import asked_together, each_as_often

CALIBRATION = Calibration((0.5, 1.0, 2.0), (0.1, 0.0, -1.0), (3.0, 3.0, 3.0))
SPEC = ModelSpec("tiny", Head.MULTI, "2024-02-29", "0" * 64, 96, words=WordSpec(CALIBRATION, (0.3, 0.4, 0.5)))
WEIGHTS = np.random.default_rng(0).normal(size=(BUCKETS, 3)).astype(np.float32)
WORDS = WordModel(WEIGHTS)
LEXICON = Lexicon.from_ontology(named_ontology())
TEXTS = ["The sugar kinase is bound.", "It moves away."]


def model(lexicon: Lexicon | None = LEXICON, words: WordModel | None = WORDS) -> WordClassifier:
    return WordClassifier("mine", SPEC, Evidence(lexicon, words), NOTHING_LEARNED)


def test_words_are_scaled_and_names_added() -> None:
    logits = WORDS.log_odds(TEXTS) * [0.5, 1.0, 2.0] + [0.1, 0.0, -1.0]
    names = LEXICON.evidence(TEXTS)
    assert names.any()
    found, truncated = model().predict_and_count(TEXTS)
    assert found == pytest.approx(expit(logits + 3 * names))
    assert truncated == 0
    assert model().predict_proba([]).shape == (0, 3)
    assert model().info == replace(SPEC.info("mine"), encoder="words and names", thresholds=(0.3, 0.4, 0.5))


def test_each_can_be_left_out_but_not_both() -> None:
    names = model().without(Witness.WORDS).predict_proba(TEXTS)
    assert names == pytest.approx(expit(np.array([0.1, 0.0, -1.0]) + 3 * LEXICON.evidence(TEXTS)))
    words = model().without(Witness.NAMES).predict_proba(TEXTS)
    assert model().without(Witness.NAMES).info.encoder == "words"
    assert words == pytest.approx(model(lexicon=None).predict_proba(TEXTS))
    with pytest.raises(InputError, match=r"^model mine: .*found both left out\. Leave out less"):
        model().without(Witness.NAMES, Witness.WORDS)
    with pytest.raises(InputError, match=r"^model mine: expected words or names .* found none\."):
        WordClassifier("mine", replace(SPEC, words=None), Evidence(LEXICON), NOTHING_LEARNED)


def test_several_threads_are_answered_as_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotune.lexicon.known_texts._MOST_KEPT", 30)
    texts = [f"The sugar kinase {number}{'abcdefg'[number % 7]} moves by {number}." for number in range(150)]
    questions = [texts[start : start + 2] for start in range(0, 150, 2)]

    def fresh() -> WordClassifier:
        return model(Lexicon.from_arrays(LEXICON.to_arrays()), WordModel(WEIGHTS))

    alone, together = fresh(), fresh()
    found = asked_together(lambda question: together.predict_proba(question).tolist(), questions)
    assert found == each_as_often([alone.predict_proba(question).tolist() for question in questions])


def test_a_copy_answers_alike() -> None:
    again: WordClassifier = pickle.loads(pickle.dumps(model()))  # noqa: S301 (its own)
    assert (again.predict_proba(TEXTS) == model().predict_proba(TEXTS)).all()


def test_calibration_can_be_undone() -> None:
    found = model().uncalibrated(model().predict_proba(TEXTS), TEXTS)
    assert found == pytest.approx(expit(WORDS.log_odds(TEXTS)))


def test_what_is_said_adds_up_to_the_log_odds() -> None:
    both = model()
    assert isinstance(both, Accountable)
    assert not isinstance(both, Transparent)
    assert both.witnesses == (Witness.NAMES, Witness.WORDS)
    names, mentions = both.names_in(TEXTS[0])
    words, phrases = both.phrases_in(TEXTS[0])
    assert names + words == pytest.approx(log_odds(both.predict_proba(TEXTS))[0])
    assert [mention.end for mention, _ in mentions] == [16]
    constant = WEIGHTS[CONSTANT] * [0.5, 1.0, 2.0] + [0.1, 0.0, -1.0]
    assert sum((phrase.log_odds for phrase in phrases), constant) == pytest.approx(words)
    assert [phrase.text for phrase in phrases[-2:]] == ["kinase is", "is bound"]
    alone = both.without(Witness.WORDS)
    assert alone.witnesses == (Witness.NAMES,)
    constant, none = alone.phrases_in(TEXTS[0])
    assert (constant.tolist(), none) == ([0.1, 0.0, -1.0], [])
    nothing, none_found = both.without(Witness.NAMES).names_in(TEXTS[0])
    assert (nothing.tolist(), none_found) == ([0.0, 0.0, 0.0], [])


def test_a_saved_model_is_loaded_without_its_encoder(witnesses_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(witnesses_folder, tmp_path / "mine"))
    whole = AspectClassifier.load(folder, device="cpu")
    (folder / "model.safetensors").write_bytes(b"no weights")
    found = WordClassifier.load(folder)
    assert found.info == whole.without(Witness.ENCODER).info
    assert found.learned == whole.learned
    assert (found.predict_proba(TEXTS) == whole.without(Witness.ENCODER).predict_proba(TEXTS)).all()
    with pytest.raises(BundleError, match=r"model\.safetensors with other content"):
        AspectClassifier.load(folder)
    (folder / "words.safetensors").write_bytes(b"no words")
    with pytest.raises(BundleError, match=r"words\.safetensors with other content than was saved"):
        WordClassifier.load(folder)
    with pytest.raises(BundleError, match=r"words\.safetensors: "):
        WordClassifier.load(folder, verify=False)


def test_names_of_a_stranger_that_cannot_be_read_are_told_when_they_are_shown(
    witnesses_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(witnesses_folder, tmp_path / "mine"))
    arrays = load_file(folder / "lexicon.safetensors")
    save_file(arrays | {"lines": np.zeros(8, np.uint8)}, folder / "lexicon.safetensors")
    seal_again(folder / "gotune.json")
    found = WordClassifier.load(folder)
    text = "It takes part in a metabolic process."
    assert found.predict_proba([text]).shape == (1, 3)
    with pytest.raises(BundleError, match=r"mine/lexicon\.safetensors: expected names .* cannot be unpacked"):
        found.names_in(text)


def test_what_was_learned_is_kept_with_the_model_and_told_when_asked(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(locate_model("fast"), tmp_path / "mine"))
    file = folder / "learned.json"
    kept = WordClassifier.load(folder)
    edit(file, lambda values: values.update(go_ids=[]))
    assert kept.without(Witness.NAMES).learned == kept.learned == WordClassifier.load("fast").learned
    assert kept.learned.is_whole
    with pytest.raises(BundleError, match=r"learned\.json with other content than was saved"):
        WordClassifier.load(folder)
    seal_again(folder / "gotune.json")
    theirs = WordClassifier.load(folder)
    assert theirs.predict_proba(TEXTS).tolist() == kept.predict_proba(TEXTS).tolist()
    with pytest.raises(BundleError, match=r"mine: expected .* found learned\.json with Learned"):
        _ = theirs.learned


def test_what_was_saved_without_words_cannot_be_loaded_so(tagger_folder: Path) -> None:
    with pytest.raises(InputError, match=r"^model model: .*or train a model with words"):
        WordClassifier.load(tagger_folder)


@pytest.mark.parametrize("command", [True, False])
def test_nothing_heavy_is_loaded(witnesses_folder: Path, *, command: bool) -> None:
    heavy = "print({'torch', 'transformers', 'pandas', 'pyarrow', 'scipy', 'sklearn'} & set(sys.modules))"
    ask = (
        f"from gotune.cli import main; sys.argv[1:] = ['classify', '--without', 'encoder', '-q', '-m', "
        f"sys.argv[1], {TEXTS[0]!r}]\ntry: main()\nexcept SystemExit as done: assert not done.code"
        if command
        else "from gotune.model.word_classifier import WordClassifier\n"
        f"print(WordClassifier.load(sys.argv[1]).predict_proba([{TEXTS[0]!r}]).shape)"
    )
    code = f"import sys\n{ask}\n{heavy}"
    done = subprocess.run(
        [sys.executable, "-c", code, witnesses_folder], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("set()\n"), done.stdout


def test_an_article_tells_its_abbreviations() -> None:
    texts = ["The sugar kinase (SK) is bound.", "SK moves away."]
    spelled = ["The sugar kinase (sugar kinase) is bound.", "sugar kinase moves away."]
    assert (model().predict_proba(texts, articles=["1", "1"]) == model().predict_proba(spelled)).all()
    with pytest.raises(ValueError, match="2 texts and 1 articles"):
        model().predict_proba(texts, articles=["1"])
    with pytest.raises(TypeError, match="wrap it in a list"):
        model().predict_proba("a text")
