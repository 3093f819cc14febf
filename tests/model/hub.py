"""A Hugging Face hub on the loopback interface: as much of its protocol as huggingface_hub asks for."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """Serves folders as repositories until the ``with`` block ends.

    Like the real one, it redirects the old names of repositories, and sends large files from elsewhere.

    Args:
        root: Holds ``owner/name/file``.
        renamed: New names, by old ones.
    """

    def __init__(self, root: Path, renamed: dict[str, str] | None = None) -> None:
        self.root = root
        self.renamed = renamed or {}
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._elsewhere = f"http://localhost:{self._server.server_port}/cdn"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,)).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def fetched(self) -> set[str]:
        """The files whose content was asked for."""
        asked = [line for line in self.requests if line.startswith("GET ")]
        return {line.rpartition("/")[2] for line in asked if "/resolve/" in line or "/cdn/" in line}

    def answer(self, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body."""
        self.requests.append(f"{method} {path}")
        for old, new in self.renamed.items():
            for before in ("/", "/api/models/"):
                if f"{path}/".startswith(f"{before}{old}/"):
                    return 307, {"Location": path.replace(old, new, 1)}, b""
        if path.startswith("/cdn/"):
            return 200, {}, (self.root / path.removeprefix("/cdn/")).read_bytes()
        if path.startswith("/api/models/"):
            return self._describe("/".join(path.split("/")[3:5]), path.split("/")[5:])
        repository, resolve, name = path.strip("/").partition(f"/resolve/{COMMIT}/")
        file = self.root / repository / name
        if not resolve or not file.is_file():
            return _missing("EntryNotFound")
        head = {"X-Repo-Commit": COMMIT, "ETag": f'"{_sha1(file)}"'}
        if _is_large(file):
            linked = {"X-Linked-Size": str(file.stat().st_size), "X-Linked-Etag": f'"{_sha256(file)}"'}
            return 302, head | linked | {"Location": f"{self._elsewhere}/{repository}/{name}"}, b""
        return 200, head, file.read_bytes()

    def _describe(self, repository: str, what: list[str]) -> tuple[int, dict[str, str], bytes]:
        if not (self.root / repository).is_dir():
            return _missing("RepoNotFound")
        if what in ([], ["revision", "main"]):
            return _json({"id": repository, "sha": COMMIT, "private": False})
        if what == ["tree", COMMIT]:
            return _json([_entry(file) for file in sorted((self.root / repository).iterdir())])
        return _missing("RevisionNotFound")


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            status, headers, body = hub.answer(self.command, self.path.partition("?")[0])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def _entry(file: Path) -> dict[str, object]:
    entry: dict[str, object] = {
        "type": "file",
        "path": file.name,
        "size": file.stat().st_size,
        "oid": _sha1(file),
    }
    if _is_large(file):
        entry["lfs"] = {"oid": _sha256(file), "size": file.stat().st_size, "pointerSize": 134}
    return entry


def _is_large(file: Path) -> bool:
    return file.suffix in (".safetensors", ".bin")


def _sha1(file: Path) -> str:
    return hashlib.sha1(file.read_bytes(), usedforsecurity=False).hexdigest()


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _json(value: object) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


def _missing(code: str) -> tuple[int, dict[str, str], bytes]:
    return 404, {"X-Error-Code": code, "X-Error-Message": "Not found"}, b""
