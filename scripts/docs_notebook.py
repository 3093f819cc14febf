"""Hook of mkdocs: the notebook of the case study as a page, with the outputs that are saved in it."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

NOTEBOOK = "notebooks/case_study.ipynb"
PAGE = "tutorial.md"

_PRINTED = "{ .text .no-copy }"
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_TABLE = re.compile(r"<table\b[^>]*>.*?</table>", re.DOTALL)
_PICTURES = {"image/png": ".png", "image/svg+xml": ".svg"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page and its pictures."""
    path = Path(config.config_file_path).parent / NOTEBOOK
    page = f"# Tutorial\n\n`{NOTEBOOK}` is not in this copy.\n"
    pictures: dict[str, bytes] = {}
    if path.is_file():
        page, pictures = render_notebook(json.loads(path.read_text(encoding="utf-8")))
    files.append(File.generated(config, PAGE, content=page))
    for name, content in pictures.items():
        files.append(File.generated(config, name, content=content))
    return files


def render_notebook(notebook: Mapping[str, Any]) -> tuple[str, dict[str, bytes]]:
    """Return a notebook as Markdown, and its pictures by their names, which the Markdown links to.

    What went to standard error (progress bars, warnings) is left out. Tables of pandas lose their styles, as
    the page has some for all tables alike.
    """
    pictures: dict[str, bytes] = {}
    parts: list[str] = []
    for cell in notebook["cells"]:
        source = _joined(cell["source"])
        if cell["cell_type"] == "markdown":
            # Links are from the folder of the notebook; the page is at the root of the docs.
            parts.append(source.replace("](../docs/", "]("))
        elif cell["cell_type"] == "code" and source.strip():
            parts.append(_fenced(source, "python"))
            for output in cell["outputs"]:
                parts += _output(output, pictures)
    return "\n\n".join(parts) + "\n", pictures


def _output(output: Mapping[str, Any], pictures: dict[str, bytes]) -> Iterator[str]:
    if output["output_type"] == "stream":
        if output["name"] == "stdout":
            yield _fenced(_ANSI.sub("", _joined(output["text"])), _PRINTED)
        return
    data = output.get("data", {})
    for kind, suffix in _PICTURES.items():
        if kind in data:
            name = f"tutorial/{len(pictures) + 1}{suffix}"
            content = _joined(data[kind])
            pictures[name] = b64decode(content) if suffix == ".png" else content.encode()
            yield f"![What the cell above draws]({name})"
            return
    if table := _TABLE.search(_joined(data.get("text/html", ""))):
        yield re.sub(r"<(table|tr|th)\b[^>]*>", r"<\1>", table[0])
    elif "text/markdown" in data:
        yield _joined(data["text/markdown"])
    elif "text/plain" in data:
        yield _fenced(_joined(data["text/plain"]), _PRINTED)


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`{3,}", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
