"""Workers of a corpus run: a thread, or processes that each open the task once.

Reading and writing stay in the process that runs; splitting, looking up and computing are in the workers.
Few pieces are with them at once, so that memory is bounded, and results come back in the order of the corpus.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.connection import wait
from threading import Thread
from typing import cast

from gotune.errors import WorkerError
from gotune.scale.records import Piece, Text
from gotune.scale.work import Answer, Task, Worked, work_on

Work = Callable[[Iterable[Piece]], Iterator[tuple[Piece, Worked]]]
"""Gives what is made of pieces, in their order."""

_WAITING = 2
"""Pieces that are with each worker or wait for it."""
_TRIES = 3
"""How often workers may end before a piece is done."""


@contextmanager
def workers_for(task: Task, n: int) -> Iterator[Work]:
    """Open workers, and close them when the block ends.

    Args:
        task: What they do.
        n: How many processes; with 1 it is a thread of this one.
    """
    workers = _Workers(task, n)
    try:
        yield workers.work
    finally:
        workers.close()


class _Workers:
    """Workers in an order: the first piece that they are given is the first that comes back."""

    def __init__(self, task: Task, n: int) -> None:
        self._task = task
        self._n = n
        self._executor = _open_executor(n)
        self._waiting: deque[tuple[Piece, Future[Worked]]] = deque()

    def work(self, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Worked]]:
        """Yield what is made of pieces, in their order."""
        for piece in pieces:
            self._waiting.append((piece, self._submitted(piece)))
            if len(self._waiting) > _WAITING * self._n:
                yield self._first()
        while self._waiting:
            yield self._first()

    def close(self) -> None:
        """End the workers; what they have not begun is dropped."""
        self._executor.shutdown(cancel_futures=True)
        _answer_of.cache_clear()

    def _submitted(self, piece: Piece) -> Future[Worked]:
        try:
            return self._executor.submit(_worked, self._task, piece.texts)
        except BrokenProcessPool as exc:  # told when it is this piece's turn
            failed: Future[Worked] = Future()
            failed.set_exception(exc)
            return failed

    def _first(self) -> tuple[Piece, Worked]:
        """Wait for the first piece; it is done again if a worker ends, such as for want of memory."""
        for _ in range(_TRIES):
            piece, future = self._waiting[0]
            try:
                worked = future.result()
            except BrokenProcessPool:
                self._begin_anew()
            else:
                self._waiting.popleft()
                return piece, worked
        first = piece.texts[0]
        raise WorkerError(
            f"{first.file}, line {first.line} and {len(piece.texts) - 1:,} texts behind it",
            expected="workers that do their work",
            found=f"processes that the system has ended {_TRIES} times",
            do="Free some memory or take fewer --workers, and start again: what was written is kept.",
        )

    def _begin_anew(self) -> None:
        self._executor.shutdown(cancel_futures=True)
        self._executor = _open_executor(self._n)
        pieces = [piece for piece, _ in self._waiting]
        self._waiting = deque((piece, self._submitted(piece)) for piece in pieces)


def _open_executor(n: int) -> Executor:
    if n == 1:
        return ThreadPoolExecutor(1)
    # A fork would copy the threads and locks of libraries as they happen to be.
    return ProcessPoolExecutor(n, multiprocessing.get_context("spawn"), _end_with_parent)


def _end_with_parent() -> None:
    """Have this process end when the one that runs was killed, which cannot tell it so."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()


@lru_cache(maxsize=1)
def _answer_of(task: Hashable) -> Answer:
    return cast(Task, task).open()


def _worked(task: Task, texts: Sequence[Text]) -> Worked:
    return work_on(task, _answer_of(cast(Hashable, task)), texts)
