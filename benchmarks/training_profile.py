"""Where the time of the training loop goes, and how near its matrix products come to the processor's best.

::

    python benchmarks/training_profile.py

The loop of the case study runs for an epoch of 400 definitions under PyTorch's profiler; what the profiler
itself costs is in the rest. Products are counted in floating-point operations, and set beside the rate of one
large product of the same precision: what a faster product could save at most is its share of the time. The
shares go to benchmarks/results/training_profile.json.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import torch
from machines import machine
from torch.profiler import ProfilerActivity, profile

import gotune
from gotune.config import Precision, TrainConfig
from gotune.model.devices import computes_bf16

T = TypeVar("T")
RESULTS = Path(__file__).parent / "results" / "training_profile.json"
ROWS = 400
LARGE = 2048
PRODUCTS = ("aten::mm", "aten::addmm", "aten::bmm", "aten::baddbmm")
PARTS = {
    "matrix products": PRODUCTS,
    "random numbers of dropout": ("aten::bernoulli_",),
    "AdamW": ("aten::_fused_adamw_",),
    "norm of the gradient": ("aten::linalg_vector_norm", "aten::_foreach_norm", "aten::mul_"),
    "copies, most of them between precisions": ("aten::copy_",),
    "zeros for new gradients": ("aten::fill_",),
}
"""Operators of PyTorch, by what they do in the loop."""


class ProfiledLoop:
    """A Track that profiles the training loop and nothing beside it."""

    def __init__(self) -> None:
        self.profiler = profile(activities=[ProfilerActivity.CPU], with_flops=True)
        self.seconds = 0.0

    def __call__(self, items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
        """Yield the items of a loop, with the profiler on if it is that of an epoch."""
        if not description.startswith("epoch "):
            yield from items
            return
        with self.profiler:
            start = time.perf_counter()
            yield from items
            self.seconds = time.perf_counter() - start


def main() -> None:
    config = TrainConfig(train_size=ROWS, epochs=1)
    dataset = gotune.build_dataset(gotune.load_ontology("2021-12-15"))
    loop = ProfiledLoop()
    with tempfile.TemporaryDirectory() as folder:
        gotune.train(gotune.Recipe(config, dataset), Path(folder) / "model", track=loop)
    rows = {row.key: row for row in loop.profiler.key_averages()}
    seconds = {
        part: sum(rows[name].self_cpu_time_total for name in names if name in rows) / 1e6
        for part, names in PARTS.items()
    }
    operations = sum(rows[name].flops for name in PRODUCTS if name in rows)
    found = {
        "machine": machine(),
        "bf16": computes_bf16(Precision.AUTO, torch.device("cpu")),
        "shares": {part: taken / loop.seconds for part, taken in seconds.items()},
        "gigaflops": operations / seconds["matrix products"] / 1e9,
        "best_gigaflops": best_rate(),
    }
    print(json.dumps(found, indent=1))
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def best_rate() -> float:
    """Return how many thousand million operations a second a large product has, the best of several."""
    is_bf16 = computes_bf16(Precision.AUTO, torch.device("cpu"))
    square = torch.randn(LARGE, LARGE, dtype=torch.bfloat16 if is_bf16 else torch.float32)
    taken = []
    for _ in range(10):
        start = time.perf_counter()
        square @ square
        taken.append(time.perf_counter() - start)
    return 2 * LARGE**3 / min(taken) / 1e9


if __name__ == "__main__":
    main()
