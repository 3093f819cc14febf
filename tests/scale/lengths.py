"""A task that is quick: how long texts are. As a program it runs on a corpus, a line of output a piece."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from gotune.errors import BundleError
from gotune.scale.files import Columns, Corpus
from gotune.scale.records import Text
from gotune.scale.run import run_corpus
from gotune.scale.work import Answer, Rows


@dataclass(frozen=True)
class Lengths:
    """Gives the line and the length of a text.

    Attributes:
        bad: A text on which it fails.
        deadly: A text that ends the process.
        survived: A file that is made before that; where it is there, the text ends nothing.
        unit: A setting.
        broken: Whether it cannot be opened.
        needs_gpu: Whether its workers have to have one.
    """

    bad: str = ""
    deadly: str = ""
    survived: str = ""
    unit: int = 1
    broken: bool = False
    needs_gpu: bool = False

    n_workers = 1

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([("line", pa.int64()), ("length", pa.int64())])

    def settings(self) -> dict[str, Any]:
        return {"command": "lengths", "unit": self.unit}

    def shared_by(self, n_workers: int | None) -> Lengths:
        assert n_workers is None or n_workers >= 1
        return self

    def open(self) -> Answer:
        if self.broken:
            raise BundleError("model", expected="a whole one", found="half of it", do="Get it again.")
        return self._rows

    def _rows(self, texts: Sequence[Text]) -> tuple[Rows, int]:
        if any(text.text == self.bad for text in texts):
            raise ValueError("a bad text")
        if any(text.text == self.deadly for text in texts) and not Path(self.survived).is_file():
            if self.survived:
                Path(self.survived).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return [{"line": text.line, "length": len(text.text) * self.unit} for text in texts], 0


def main(corpus: str, folder: str, workers: str, cluster: str | None = None) -> None:
    run_corpus(
        Lengths(),
        Corpus([Path(corpus)], Columns("text")),
        Path(folder),
        workers=int(workers),
        cluster=cluster,
        texts_of_shard=1000,
        on_piece=lambda progress: print(progress.n_texts, flush=True),  # noqa: T201
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
