"""Pages in a real browser that cannot reach the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page, Request

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OWN = ("file:", "data:", "blob:", "about:")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        # Where all is tested, nothing may be skipped unseen.
        leave = pytest.fail if "CI" in os.environ else pytest.skip
        leave("no Chromium here: install one of " + ", ".join(_NAMES))
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page; at the end nothing may stand in its console, and nothing have been asked for."""
    context = browser.new_context(offline=True)
    opened = context.new_page()
    told: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith(_OWN):
            told.append(f"request: {request.url}")

    def dismiss(dialog: Dialog) -> None:
        told.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    opened.on("console", lambda message: told.append(f"console: {message.text}"))
    opened.on("pageerror", lambda error: told.append(f"error: {error}"))
    opened.on("request", look)
    opened.on("requestfailed", lambda request: told.append(f"failed: {request.url}"))
    opened.on("dialog", dismiss)
    yield opened
    context.close()
    assert told == []
