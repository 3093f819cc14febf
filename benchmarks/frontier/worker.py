"""One contestant in a process of its own: what it learns, says and takes, as a line of JSON.

``python worker.py fit|score|speed|one MODULE NAME WORK``, see ``run.py``.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path

import numpy as np

SECONDS = 10.0
"""How long a speed is measured, about."""
SENTENCE = "The kinase phosphorylates its substrate in the nucleus."


def main() -> None:
    action, module, name, work = *sys.argv[1:4], Path(sys.argv[4])
    sys.path.insert(0, str(Path(__file__).parent))
    contestant = import_module(module).CONTESTANTS[name]
    folder = work / name
    if action == "fit":
        import pandas as pd

        rows = pd.read_parquet(work / "train.parquet")
        start = time.perf_counter()
        contestant.fit(rows, folder)
        print(json.dumps({"train_seconds": time.perf_counter() - start}))
    elif action == "score":
        import pandas as pd

        tests = pd.read_parquet(work / "tests.parquet")
        for with_names in (False, True):
            ask = contestant.load(folder, with_names)
            rows = tests[tests["is_sentence"] == with_names]
            np.save(work / "scores" / f"{name}-{int(with_names)}.npy", ask(rows["text"].tolist()))
        print("{}")
    elif action == "speed":
        texts = json.loads((work / "texts.json").read_text())
        print(json.dumps(speed(contestant.load(folder, True), texts["definitions"], texts["sentences"])))
    else:
        contestant.load(folder, True)([SENTENCE])


def speed(ask, definitions: list[str], sentences: list[str]) -> dict[str, float]:  # noqa: ANN001
    """Return definitions a second, milliseconds for one sentence, and the peak of the memory in MB."""
    ask(definitions[:64])
    start = time.perf_counter()
    ask(definitions[64:192])
    each = (time.perf_counter() - start) / 128
    some = definitions[192 : 192 + max(128, int(SECONDS / each))]
    start = time.perf_counter()
    ask(some)
    rate = len(some) / (time.perf_counter() - start)
    alone = []
    for text in sentences:
        start = time.perf_counter()
        ask([text])
        alone.append(time.perf_counter() - start)
    return {
        "per_second": rate,
        "p50_ms": float(np.percentile(alone, 50)) * 1e3,
        "p99_ms": float(np.percentile(alone, 99)) * 1e3,
        "memory_mb": peak_memory(),
    }


def peak_memory() -> float:
    """Return the peak in MB; what ``getrusage`` says counts the process that this one was started from."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
