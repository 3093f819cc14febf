"""Hook of mkdocs: files of the repository, or sections of them, as a part of a page.

``<!-- include README.md: How fast -->`` stands for the text under that heading, and
``<!-- include CHANGELOG.md -->`` for the whole file; so nothing that the repository says stands in the docs a
second time.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

_INCLUDE = re.compile(r"^<!-- include (\S+?)(?:: (.+?))? -->$", re.MULTILINE)
_LINK = re.compile(r"(?<=\]\()(?!https?:|#)([^)\s]+)")
_PAGES = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "README.md": "index.md",
    "SECURITY.md": "security.md",
}


def on_page_markdown(markdown: str, config: MkDocsConfig, **_: object) -> str:
    """Put the files in."""
    root = Path(config.config_file_path).parent
    return _INCLUDE.sub(lambda found: include(root / found[1], found[2]), markdown)


def include(path: Path, heading: str | None = None) -> str:
    """Return a file of the root of the repository, or a section, as a page at the root of the docs has it.

    Args:
        path: A Markdown file.
        heading: Of the section; it is left out itself. A section ends at the next heading of level 1 or 2.

    Raises:
        PluginError: There is no such heading.
    """
    text = path.read_text(encoding="utf-8")
    if heading is not None:
        text = _section(text, heading, path.name)
    return _LINK.sub(lambda link: _PAGES.get(link[1], link[1].removeprefix("docs/")), text).strip()


def _section(text: str, heading: str, name: str) -> str:
    inside = fenced = False
    lines = []
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        if not fenced and re.match("##? ", line):
            inside = line.lstrip("# ") == heading
        elif inside:
            lines.append(line)
    if not lines:
        raise PluginError(f"{name} has no section {heading!r}: mend the page that includes it.")
    return "\n".join(lines)
