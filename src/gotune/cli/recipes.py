"""What `gotune train` and `gotune crossval` learn from: a recipe, made of their options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from gotune.cli.console import Screen
from gotune.cli.options import DEFAULTS
from gotune.config import MAX_WEIGHT, SETTINGS, TrainConfig
from gotune.errors import ConfigError
from gotune.training.recipes import CASE_STUDY, NAME_SENTENCES, PAPERS, Recipe

KEYS = {**SETTINGS, "name_sentences": NAME_SENTENCES}
"""What may be given with ``--set``."""

_DEFAULTS: Mapping[str, object] = {**DEFAULTS.to_dict(), "name_sentences": 0}
_ALL = "all"
_SWITCH = {"true": True, "false": False}


class Preset(StrEnum):
    """A recipe by its name."""

    CASE_STUDY = "case-study"
    PAPERS = "papers"


_PRESETS = {Preset.CASE_STUDY: CASE_STUDY, Preset.PAPERS: PAPERS}


def _list_settings(entries: list[str] | None) -> list[str] | None:
    if entries and "help" in entries:
        screen = Screen()
        for line in _listed():
            screen.say(line)
        raise typer.Exit
    return entries


Data = Annotated[
    str | None,
    typer.Argument(
        metavar="DATA",
        help="Folder made by `gotune dataset`, or the date of a pinned release; GO 2021-12-15 if left out.",
    ),
]
Encoder = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="all-MiniLM-L6-v2, a Hugging Face name, or a folder with an encoder."),
]
TrainSize = Annotated[int | None, typer.Option(metavar="N", help=SETTINGS["train_size"].what)]
Epochs = Annotated[int | None, typer.Option(metavar="N", help=SETTINGS["epochs"].what)]
Seed = Annotated[int | None, typer.Option(metavar="N", help=SETTINGS["seed"].what)]
Device = Annotated[str | None, typer.Option(metavar="NAME", help="auto, cpu, cuda, cuda:1 or mps.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        callback=_list_settings,
        is_eager=True,
        help="Any other setting, as often as wanted; --set help lists them.",
    ),
]


def make_recipe(
    preset: Preset | None,
    data: str | None,
    sentences: Sequence[str] | None,
    options: Mapping[str, object],
    settings: Sequence[str] | None,
) -> Recipe:
    """Make a recipe of a preset, or of the default settings, and of what was given instead.

    Args:
        preset: Where to start from.
        data: The dataset.
        sentences: Files of labelled sentences, as ``FILE`` or ``FILE=WEIGHT``.
        options: Values of options by the name of the setting; None for those not given.
        settings: What was given with ``--set``.

    Raises:
        typer.BadParameter: A setting is unknown, given twice or out of range.
        InputError: The recipe needs labelled sentences and there are none.
    """
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    written = {name: f"--{name.replace('_', '-')}" for name in options}
    for name, value in map(_setting, settings or ()):
        if name in given:
            raise typer.BadParameter(f"--set {name}: expected once, found {written[name]} as well")
        given[name] = value
        written[name] = f"--set {name}"
    if data is not None:
        given["data"] = data
    given["sentences"] = [_file_and_weight(entry) for entry in sentences or ()]
    try:
        match preset:
            case Preset.PAPERS:
                return Recipe.papers(**given)
            case Preset.CASE_STUDY:
                return Recipe.case_study(**given)
            case None:  # the published recipe, but of all definitions
                return Recipe.case_study(**{"train_size": None, **given})
    except ConfigError as exc:
        where = written.get(exc.where, f"--set {exc.where}")
        raise typer.BadParameter(f"{where}: expected {exc.expected}, found {exc.found}. {exc.do}") from exc


def _setting(entry: str) -> tuple[str, object]:
    """Read ``KEY=VALUE``."""
    name, equals, text = entry.partition("=")
    if name not in KEYS:
        near = get_close_matches(name, KEYS, n=1)
        do = f"Did you mean {near[0]}?" if near else "--set help lists them."
        raise typer.BadParameter(f"--set {entry}: expected the name of a setting, found {name!r}. {do}")
    expected = KEYS[name].expected
    if not equals:
        raise typer.BadParameter(f"--set {entry}: expected {name}=VALUE, {expected}")
    try:
        return name, _value(name, text)
    except (ValueError, KeyError) as exc:
        raise typer.BadParameter(f"--set {name}: expected {expected}, found {text!r}.") from exc


def _value(name: str, text: str) -> object:
    """Read a value as the type of its setting has it.

    Raises:
        ValueError, KeyError: It is none.
    """
    hint = get_type_hints(TrainConfig).get(name, int)
    if get_origin(hint) is tuple:
        return tuple(name.strip() for name in text.split(",") if name.strip() not in ("", "none"))
    if type(None) in get_args(hint):
        return None if text == _ALL else int(text)
    if hint is bool:
        return _SWITCH[text]
    read: Callable[[str], Any] = hint
    value = read(text)
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(text)
    return value


def _listed() -> Iterator[str]:
    """Yield two lines a setting: what it may be, its default and what presets have instead; what it does."""
    for name, setting in KEYS.items():
        own = [f"; {preset}: {_shown(of[name])}" for preset, of in _PRESETS.items() if name in of]
        yield f"{name}: {setting.expected} [default: {_shown(_DEFAULTS[name])}{''.join(own)}]"
        yield f"    {setting.what}"


def _shown(value: object) -> str:
    """Write a value as ``--set`` reads it."""
    match value:
        case None:
            return _ALL
        case bool():
            return str(value).lower()
        case ():
            return "none"
        case _:
            return str(value)


def _file_and_weight(entry: str) -> tuple[str, float]:
    name, equals, weight = entry.rpartition("=")
    if not equals or Path(entry).exists():
        return entry, 1.0
    try:
        value = float(weight)
    except ValueError:
        value = 0.0
    if not 0 < value <= MAX_WEIGHT:
        raise typer.BadParameter(f"--sentences {entry}: expected a weight above 0 behind =, found {weight!r}")
    return name, value
