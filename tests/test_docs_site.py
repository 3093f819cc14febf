"""The site that mkdocs builds: whole, up to date, and nothing in its pages is loaded from elsewhere."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import typer
from lxml import html
from typer.core import TyperGroup

import gotune
from gotune.cli.app import app_with

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
Command = Any  # typer has no public name for what it makes of a function
LOADS = (
    "//@src | //@data | //@poster | //*[not(self::a)]/@xlink:href"
    " | //link[not(@rel='canonical' or @rel='next' or @rel='prev')]/@href"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does: a warning fails."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stdout + built.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = type("Silent", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def text_of(path: Path) -> str:
    return str(html.fromstring(path.read_text(encoding="utf-8")).text_content())


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    for page in pages:
        document = html.fromstring(page.read_text(encoding="utf-8"))
        space = {"xlink": "http://www.w3.org/1999/xlink"}
        loaded = [str(found) for found in document.xpath(LOADS, namespaces=space)]
        assert loaded
        files = [name.partition("?")[0].partition("#")[0] for name in loaded]
        places = [site / name[1:] if name.startswith("/") else page.parent / name for name in files]
        assert [str(place) for place in places if not place.is_file()] == [], page.name
    assert len(pages) > 10


def test_styles_load_nothing_from_elsewhere(site: Path) -> None:
    styles = [*site.rglob("*.css"), *site.rglob("*.html")]
    for path in styles:
        text = path.read_text(encoding="utf-8")
        addresses = re.findall(r"(?:url\(\s*|@import\s+)[\"']?(?!data:)([^\"')\s]+)", text)
        assert [one for one in addresses if re.match(r"(?:\w+:)?//", one)] == [], path.name


def test_a_browser_asks_for_nothing_from_elsewhere(address: str, browser: Browser) -> None:
    """Also what scripts ask for: the search works, and finds."""
    context = browser.new_context()
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: told.extend([] if request.url.startswith(address) else [request.url]))
    page.goto(f"{address}index.html")
    page.get_by_role("textbox", name="Search").focus()
    page.get_by_text("Type to start searching").wait_for(state="attached")  # the index is there
    page.get_by_role("textbox", name="Search").press_sequentially("integrated gradients")
    page.locator(".md-search-result__link[href*='science.html']").first.wait_for(state="attached")
    page.goto(f"{address}reference/python.html")
    context.close()
    assert told == []


def test_the_commands_are_those_of_the_program(site: Path) -> None:
    text = text_of(site / "reference/commands.html")

    def check(command: Command, path: str) -> None:
        assert path in text
        for parameter in command.params:
            assert all(option in text for option in parameter.opts if option.startswith("-"))
        if isinstance(command, TyperGroup):
            for name, inner in command.commands.items():
                check(inner, f"{path} {name}")

    check(typer.main.get_group(app_with()), "gotune")


def test_every_public_name_is_there_once(site: Path) -> None:
    source = (ROOT / "docs/reference/python.md").read_text(encoding="utf-8")
    names = re.findall(r"^::: gotune\.(\w+)$", source, re.MULTILINE)
    assert set(names) ^ set(gotune.__all__) == set()
    assert len(names) == len(gotune.__all__)
    ids = set(html.fromstring((site / "reference/python.html").read_text(encoding="utf-8")).xpath("//@id"))
    assert {f"gotune.{name}" for name in gotune.__all__} <= ids


def test_google_sections_are_rendered(site: Path) -> None:
    text = text_of(site / "reference/python.html")
    assert re.search(r"^ *(?:Args|Raises|Returns|Attributes):\n {4,}\w", text, re.MULTILINE) is None
    assert all(f"{section}:" in text for section in ("Parameters", "Returns", "Raises", "Attributes"))


def test_every_result_module_is_there(site: Path) -> None:
    ids = html.fromstring((site / "reference/results.html").read_text(encoding="utf-8")).xpath("//@id")
    package = ROOT / "src" / "gotune"
    classes = [
        ".".join((*path.relative_to(package.parent).with_suffix("").parts, name))
        for path in (package / "records.py", *package.rglob("results.py"))
        for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert len(classes) > 20
    assert [name for name in classes if ids.count(name) != 1] == []


def test_a_section_is_included(tmp_path: Path) -> None:
    include = runpy.run_path(str(ROOT / "scripts/docs_include.py"))["include"]
    path = tmp_path / "README.md"
    path.write_text(
        "# Top\n\nA [page](docs/a.md), [rules](CONTRIBUTING.md), [far](https://a.b/docs/c).\n\n"
        "```sh\n# no heading\n```\n\n## Next\n\nmore\n\n### Deeper\n\nend\n",
        encoding="utf-8",
    )
    top = "A [page](a.md), [rules](contributing.md), [far](https://a.b/docs/c).\n\n```sh\n# no heading\n```"
    assert include(path, "Top") == top
    assert include(path, "Next") == "more\n\n### Deeper\n\nend"
    assert include(path).endswith("end")
    with pytest.raises(Exception, match="no section 'Last'"):
        include(path, "Last")


def test_a_notebook_becomes_a_page() -> None:
    render = runpy.run_path(str(ROOT / "scripts/docs_notebook.py"))["render_notebook"]
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["\x1b[1mbold\x1b[0m ``` fence\n"]},
        {"output_type": "stream", "name": "stderr", "text": "100 %"},
        {"output_type": "display_data", "data": {"image/png": "iVBORw==", "text/plain": "<Figure>"}},
        {
            "output_type": "execute_result",
            "data": {
                "text/html": '<style>x</style><table border="1"><tr style="y"><td>1</td></tr></table>',
                "text/plain": "1",
            },
        },
        {"output_type": "execute_result", "data": {"text/plain": ["a\n", "b"]}},
    ]
    page, pictures = render(
        {
            "cells": [
                {"cell_type": "markdown", "source": ["# Title\n", "\n", "[tried](../docs/experiments.md)"]},
                {"cell_type": "code", "source": "run()", "outputs": outputs},
                {"cell_type": "code", "source": " ", "outputs": []},
            ]
        }
    )
    assert pictures == {"tutorial/1.png": b"\x89PNG"}
    assert page == (
        "# Title\n\n[tried](experiments.md)\n\n"
        "```python\nrun()\n```\n\n"
        "````{ .text .no-copy }\nbold ``` fence\n````\n\n"
        "![What the cell above draws](tutorial/1.png)\n\n"
        "<table><tr><td>1</td></tr></table>\n\n"
        "```{ .text .no-copy }\na\nb\n```\n"
    )
