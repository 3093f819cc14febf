"""Several threads that ask the same thing at once, taking turns as often as they can."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

_N_THREADS = 4


def asked_together(ask: Callable[[Question], Answer], questions: Sequence[Question]) -> list[Answer]:
    """Return what each question was answered, when threads asked all of them at once, each in another order.

    Of a question the answers of all threads stand in a row.
    """
    barrier = Barrier(_N_THREADS)

    def run(thread: int) -> dict[int, Answer]:
        start = thread * len(questions) // _N_THREADS
        barrier.wait()
        order = [*range(start, len(questions)), *range(start)]
        return {number: ask(questions[number]) for number in order}

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(_N_THREADS) as pool:
            answers = list(pool.map(run, range(_N_THREADS)))
    finally:
        sys.setswitchinterval(interval)
    return [by_number[number] for number in range(len(questions)) for by_number in answers]


def each_as_often(answers: Sequence[Answer]) -> list[Answer]:
    """Return answers as `asked_together` should give them."""
    return [answer for answer in answers for _ in range(_N_THREADS)]
