"""Training time against Hugging Face ``Trainer`` with its defaults, in one run, in turn.

Same encoder (all-MiniLM-L6-v2), rows, batch size and epochs::

    python benchmarks/training_speed.py --train-size 2000 --epochs 3 --rounds 1

gotune's time is that of its training loop, with gradient clipping as in Trainer, in bfloat16 where the
processor computes in it, sorted by length, and without the rows of word pieces that no text has. "whole" adds
what `gotune train` does besides: loading, word pieces, validation and a checkpoint every epoch, the bundle.
Trainer's time is that of `Trainer.train()` alone: float32, random order, padding to the longest of a batch,
no evaluation, no checkpoint. Quote the ratio; the seconds depend on the machine and on what else it does. The
ratios go to benchmarks/results/training_speed.json.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from machines import machine

import gotune
from gotune.config import TrainConfig
from gotune.datasets.definitions import draw_training_rows
from gotune.model.encoders import import_transformers, load_model, load_tokenizer, locate_encoder

T = TypeVar("T")
RESULTS = Path(__file__).parent / "results" / "training_speed.json"


class LoopTimer:
    """A Track that adds up the time spent inside the training loop."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
        """Yield the items of a loop and note how long an epoch's took."""
        start = time.perf_counter()
        yield from items
        if description.startswith("epoch "):
            self.seconds += time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--train-size", type=int, default=2000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    dataset = gotune.build_dataset(gotune.load_ontology("2021-12-15"))
    config = TrainConfig(train_size=arguments.train_size, epochs=arguments.epochs)
    loops, wholes, trainers = [], [], []
    for _ in range(arguments.rounds):
        loop, whole = time_gotune(dataset, config)
        loops.append(loop)
        wholes.append(whole)
        trainers.append(time_trainer(dataset, config))
    print("| what | seconds (median) | of Trainer's |\n| --- | --- | --- |")
    reference = statistics.median(trainers)
    for name, times in (("Trainer, defaults", trainers), ("gotune, loop", loops), ("gotune, whole", wholes)):
        seconds = statistics.median(times)
        print(f"| {name} | {seconds:.0f} | {seconds / reference:.2f} |")
    found = {
        "machine": machine(),
        "train_size": arguments.train_size,
        "epochs": arguments.epochs,
        "rounds": arguments.rounds,
        "loop": statistics.median(loops) / reference,
        "whole": statistics.median(wholes) / reference,
    }
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def time_gotune(dataset: gotune.LabelledDataset, config: TrainConfig) -> tuple[float, float]:
    timer = LoopTimer()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        gotune.train(gotune.Recipe(config, dataset), Path(folder) / "model", track=timer)
        return timer.seconds, time.perf_counter() - start


def time_trainer(dataset: gotune.LabelledDataset, config: TrainConfig) -> float:
    import_transformers()
    from transformers import Trainer, TrainingArguments

    source = locate_encoder(config.encoder)
    tokenizer, model = load_tokenizer(source), load_model(source, head=config.head, seed=config.seed)
    rows = draw_training_rows(dataset, config.train_size, config.seed)
    ids = tokenizer(rows["definition"].tolist(), truncation=True, max_length=config.max_tokens)["input_ids"]
    examples = [
        {"input_ids": pieces, "labels": label} for pieces, label in zip(ids, rows["label"], strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            num_train_epochs=config.epochs,
            per_device_train_batch_size=config.batch_size,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
        )
        trainer = Trainer(model=model, args=arguments, train_dataset=examples, processing_class=tokenizer)
        start = time.perf_counter()
        trainer.train()
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
