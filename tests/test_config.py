from __future__ import annotations

import json
from typing import Any

import pytest

from gotune.aspects import Head
from gotune.config import Loop, Precision, TrainConfig
from gotune.errors import ConfigError


def test_defaults_are_the_recipe_of_the_case_study() -> None:
    assert TrainConfig().to_dict() == {
        "head": "single",
        "loop": "native",
        "encoder": "all-MiniLM-L6-v2",
        "train_size": None,
        "validation_size": 1000,
        "opening_cut": 0.0,
        "rationale_weight": 0.0,
        "source_intercepts": False,
        "lexicon": False,
        "words": False,
        "epochs": 3,
        "batch_size": 8,
        "learning_rate": 5e-5,
        "warmup_share": 0.0,
        "weight_decay": 0.0,
        "max_tokens": 128,
        "class_weights": False,
        "precision": "auto",
        "device": "auto",
        "seed": 42,
        "report_to": (),
    }


def test_round_trip_through_json() -> None:
    config = TrainConfig(
        loop=Loop.TRAINER, precision=Precision.BF16, train_size=2000, report_to=("tensorboard",)
    )
    again = TrainConfig.from_dict(json.loads(json.dumps(config.to_dict())))
    assert again == config
    assert again.loop is Loop.TRAINER
    assert again.precision is Precision.BF16


def test_missing_settings_take_their_defaults() -> None:
    assert TrainConfig.from_dict({"epochs": 1}) == TrainConfig(epochs=1)


@pytest.mark.parametrize(
    ("name", "lowest", "below"),
    [
        ("epochs", 1, 0),
        ("batch_size", 1, 0),
        ("max_tokens", 3, 2),
        ("train_size", 3, 2),
        ("validation_size", 3, 2),
    ],
)
def test_whole_numbers_have_a_least(name: str, lowest: int, below: int) -> None:
    assert getattr(TrainConfig.from_dict({name: lowest}), name) == lowest
    with pytest.raises(ConfigError, match=rf"^{name}: expected .*at least {lowest}.*, found {below}\. "):
        TrainConfig.from_dict({name: below})


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("learning_rate", 0.0),
        ("learning_rate", 1.5),
        ("warmup_share", -0.1),
        ("warmup_share", 1.0),
        ("weight_decay", 1.0),
    ],
)
def test_shares_and_rates_have_bounds(name: str, bad: float) -> None:
    with pytest.raises(ConfigError, match=rf"^{name}: expected .*, found {bad}\. Change that setting\.$"):
        TrainConfig.from_dict({name: bad})


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_settings_are_finite(bad: float) -> None:
    with pytest.raises(ConfigError, match=f"learning_rate: a finite number, found {bad}"):
        TrainConfig.from_dict({"learning_rate": bad})
    with pytest.raises(ConfigError, match=f"learning_rate: expected a rate above 0 .*, found {bad}"):
        TrainConfig(learning_rate=bad)


def test_native_loop_has_no_trackers() -> None:
    with pytest.raises(ConfigError, match=r"^report_to: expected no tracker with the native loop"):
        TrainConfig(report_to=("wandb",))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"epoch": 3, "lr": 1}, "settings: expected known keys alone, found the key epoch. Mend them"),
        ({"loop": "jax"}, "settings: expected loop: 'native' or 'trainer', found 'jax'"),
        ({"precision": "fp8"}, "precision: 'auto', 'fp32' or 'bf16', found 'fp8'"),
        ({"epochs": "three"}, "settings: expected epochs: a valid integer, found 'three'"),
        ({"epochs": 2.5}, "settings: expected epochs: a valid integer, found 2.5"),
        ({"report_to": 1}, "report_to: a valid array, found 1"),
    ],
)
def test_settings_of_an_unreadable_file(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        TrainConfig.from_dict(values)


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_seed_fits_every_generator(seed: int) -> None:
    with pytest.raises(ConfigError, match="expected a whole number from 0 to 2147483647"):
        TrainConfig(seed=seed)


def test_trainer_takes_no_single_gpu() -> None:
    with pytest.raises(ConfigError, match="CUDA_VISIBLE_DEVICES"):
        TrainConfig(loop=Loop.TRAINER, device="cuda:1")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"opening_cut": 1.5}, "a share from 0 to 1"),
        ({"rationale_weight": -1.0}, "a weight from 0 to 1000"),
        ({"head": Head.MULTI, "loop": Loop.TRAINER, "rationale_weight": 1.0}, "0 with the trainer loop"),
        ({"head": Head.MULTI, "class_weights": True}, "no class weights with three independent aspects"),
        ({"lexicon": True}, "no lexicon with the single head"),
    ],
)
def test_settings_that_do_not_go_together(settings: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        TrainConfig(**settings)
