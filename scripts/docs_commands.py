"""Hook of mkdocs: the reference of the command line, out of the help that the program itself gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from typer.core import TyperGroup

from gotune.cli.app import app_with

Command = Any  # typer has no public name for what it makes of a function

PAGE = "reference/commands.md"

_EXTRAS = re.compile(r"  \[(.+)\]$")
_HEADER = ("| option | meaning | default |", "| --- | --- | --- |")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page."""
    files.append(File.generated(config, PAGE, content=render_commands()))
    return files


def render_commands() -> str:
    """Return the page: a table of all commands, then each with its usage, options and example."""
    program = typer.main.get_group(app_with())
    lines = [
        "# Commands",
        "",
        f"{program.help} {program.epilog}",
        "",
        "| command | what it does |",
        "| --- | --- |",
        *(
            f"| [`{path}`](#{path.replace(' ', '-')}) | {_cell(_paragraphs(command)[0])} |"
            for path, command in _walk(program, "gotune")
            if not isinstance(command, TyperGroup)
        ),
        "",
        "Each has `--help` (or `-h`), which says the same; `gotune --version` tells the version. The exit "
        "code is 0 if all went well, 1 after an error and 2 after a wrong usage.",
    ]
    for path, command in _walk(program, "gotune"):
        lines += ["", *_describe(path, command)]
    return "\n".join(lines) + "\n"


def _walk(group: TyperGroup, path: str) -> Iterator[tuple[str, Command]]:
    """Give every command under its full name, a group before what is in it."""
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if isinstance(command, TyperGroup):
            yield from _walk(command, f"{path} {name}")


def _describe(path: str, command: Command) -> Iterator[str]:
    yield f"{'#' * path.count(' ')}# {path}"
    for paragraph in _paragraphs(command):
        yield from ("", paragraph)
    if isinstance(command, TyperGroup):
        return
    context = command.make_context(path, [], resilient_parsing=True)
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield from ("", "```text", re.sub(r"\{([^{}]+)\}", r"\1", usage), "```", "", *_HEADER)
    # Arguments come first, as on the command line.
    for parameter in sorted(command.params, key=lambda one: one.param_type_name != "argument"):
        record = parameter.get_help_record(context)
        if record is not None:
            yield _row(*record)
    example = (command.epilog or "").removeprefix("Example: ")
    if example:
        yield from ("", "```sh", example, "```")


def _row(names: str, meaning: str) -> str:
    found = _EXTRAS.search(meaning)
    return f"| `{names}` | {_cell(_EXTRAS.sub('', meaning))} | {_default(found[1]) if found else ''} |"


def _default(extras: str) -> str:
    """Return what a help has in brackets: ``default: 30; 2<=x<=60`` as ``30, 2<=x<=60``."""
    if extras == "required":
        return extras
    parts = [part.removeprefix("default: ").strip("()") for part in extras.split("; ")]
    return ", ".join(f"`{part}`" for part in parts)


def _paragraphs(command: Command) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in cleandoc(command.help or "").split("\n\n")]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
