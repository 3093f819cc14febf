"""Run the notebook from top to bottom, and write it with its outputs.

Usage: python scripts/run_notebook.py [-o FILE] [NAME=VALUE ...]

The source is ``notebooks/case_study.py``. A NAME=VALUE sets a name of its cell of parameters, for a smaller
run; the value is Python. The time of each section goes to standard output; a cell that fails ends the run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
import psutil
from nbclient import NotebookClient
from nbformat import NotebookNode

SOURCE = Path(__file__).parents[1] / "notebooks" / "case_study.py"
_TAG = "parameters"
_LONGEST_CELL = 1800
"""Seconds; on a busy machine a training run takes many times as long as on a free one."""


def run_notebook(path: Path, parameters: list[str]) -> None:
    """Run the source with other parameters, and write the notebook to ``path``."""
    notebook = jupytext.read(SOURCE)
    given = next(cell for cell in notebook.cells if _TAG in cell.metadata.get("tags", ()))
    if parameters:
        given.source += "\n" + "\n".join(parameters)
    client = NotebookClient(
        notebook,
        timeout=_LONGEST_CELL,
        kernel_name="python3",
        coalesce_streams=True,
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(SOURCE.parent)}},
    )
    with client.setup_kernel():
        for heading, cells in _sections(notebook):
            start, processor = time.perf_counter(), _processor_time(client)
            for number, cell in cells:
                client.execute_cell(cell, number)
            seconds, used = time.perf_counter() - start, _processor_time(client) - processor
            print(f"{seconds:7.1f} s, {used:6.1f} s of processor time: {heading}", flush=True)
    _tidy(notebook)
    nbformat.write(notebook, path)


def _sections(notebook: NotebookNode) -> Iterator[tuple[str, list[tuple[int, NotebookNode]]]]:
    """Yield the headings of the second level with the cells under them."""
    heading, cells = "start", []
    for number, cell in enumerate(notebook.cells):
        cells.append((number, cell))
        found = [line[3:] for line in cell.source.splitlines() if line.startswith("## ")]
        if cell.cell_type == "markdown" and found:
            yield heading, cells
            heading, cells = found[-1], []
    yield heading, cells


def _processor_time(client: NotebookClient) -> float:
    """Return the seconds that the kernel has had of all processors."""
    times = psutil.Process(client.km.provisioner.pid).cpu_times()
    return times.user + times.system


def _tidy(notebook: NotebookNode) -> None:
    """Leave nothing that differs from run to run, but for the outputs."""
    notebook.metadata["language_info"] = {"name": "python"}
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number:02}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=SOURCE.with_suffix(".ipynb"))
    parser.add_argument("parameters", nargs="*", metavar="NAME=VALUE")
    arguments = parser.parse_args()
    run_notebook(arguments.output, arguments.parameters)
