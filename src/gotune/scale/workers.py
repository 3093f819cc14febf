"""Workers of a corpus run: a thread, processes, or those of a Ray cluster; each opens the task once.

Reading and writing stay in the process that runs; splitting, looking up and computing are in the workers.
Few pieces are with them at once, so that memory is bounded, and results come back in the order of the corpus.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from importlib.metadata import version
from itertools import cycle
from multiprocessing.connection import wait
from threading import Thread
from time import monotonic, sleep
from typing import Any, TypeVar, cast

from gotune.errors import GotuneError, InputError, WorkerError, missing_extra
from gotune.lines import one_line, shortened
from gotune.scale.records import Piece, Text
from gotune.scale.work import Answer, Task, Worked, lacks_memory, work_on
from gotune.typed_json import json_text

Work = Callable[[Iterable[Piece]], Iterator[tuple[Piece, Worked]]]
"""Gives what is made of pieces, in their order."""

T = TypeVar("T")

_WAITING = 2
"""Pieces that are with each worker or wait for it."""
_TRIES = 3
"""How often workers may end before a piece is done."""
_PATIENCE = 10
"""Seconds in which a cluster has to answer."""
_LAST_PORT = (1 << 16) - 1


@contextmanager
def workers_for(
    task: Task, settings: Mapping[str, Any], n: int | None, cluster: str | None = None
) -> Iterator[Work]:
    """Open workers, and close them when the block ends.

    Args:
        task: What they do.
        settings: Of the task, when the run began: a worker that finds others where it opens it does nothing.
        n: How many processes, of which 1 is a thread of this one unless there is a cluster; None takes what
            suits the task. Of a cluster there is at most one for each core, or each GPU, that is free.
        cluster: The address of a Ray cluster, or ``auto`` for the one to which this machine belongs.

    Raises:
        MissingExtraError: Ray is not installed.
        WorkerError: There is no such cluster, or none of its cores, or GPUs, is free.
    """
    workers = _Workers(task, settings, n, cluster)
    try:
        yield workers.work
    finally:
        workers.close()


class _Workers:
    """Workers in an order: the first piece that they are given is the first that comes back."""

    def __init__(self, task: Task, settings: Mapping[str, Any], n: int | None, cluster: str | None) -> None:
        self._told = _told(settings)
        self._open = (
            partial(_open_executor, n or task.n_workers)
            if cluster is None
            else partial(_open_cluster, n, cluster, needs_gpu=task.needs_gpu)
        )
        self._executor, self._n = self._open()
        self._task = task.shared_by(self._n if cluster is None else None)
        self._waiting: deque[tuple[Piece, Future[Worked | GotuneError] | None]] = deque()

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

    def _submitted(self, piece: Piece) -> Future[Worked | GotuneError]:
        try:
            return self._executor.submit(_worked, self._task, self._told, piece.texts)
        except BrokenExecutor as exc:  # told when it is this piece's turn
            failed: Future[Worked | GotuneError] = Future()
            failed.set_exception(exc)
            return failed

    def _first(self) -> tuple[Piece, Worked]:
        """Wait for the first piece; where a worker ends, such as for want of memory, it is done by itself.

        Raises:
            WorkerError: That happens again and again.
            GotuneError: The task cannot be done.
        """
        why = ""
        for _ in range(_TRIES):
            piece, future = self._waiting[0]
            try:
                worked = (future or self._submitted(piece)).result()
            except BrokenExecutor as exc:
                why = one_line(str(exc))
                self._begin_anew()
                continue
            if isinstance(worked, GotuneError):
                raise worked
            self._waiting.popleft()
            return piece, worked
        raise WorkerError(
            _place_of(piece.texts),
            expected="workers that do their work",
            found=f"processes that the system has ended {_TRIES} times{why and f' ({shortened(why)})'}",
            do="Free some memory or take fewer --workers, and start again: what was written is kept.",
        )

    def _begin_anew(self) -> None:
        self._executor.shutdown(cancel_futures=True)
        self._executor, self._n = self._open()
        # One by one, so that the piece that ends workers is known from those beside it.
        self._waiting = deque((piece, None) for piece, _ in self._waiting)


def _place_of(texts: Sequence[Text]) -> str:
    more = f" and {len(texts) - 1:,} texts behind it" if len(texts) > 1 else ""
    return f"{texts[0].file}, line {texts[0].line}{more}" if texts else "a piece without a text"


def _open_executor(n: int) -> tuple[Executor, int]:
    if n == 1:
        return ThreadPoolExecutor(1), n
    # A fork would copy the threads and locks of libraries as they happen to be.
    return ProcessPoolExecutor(n, multiprocessing.get_context("spawn"), _end_with_parent), n


def _end_with_parent() -> None:
    """Have this process end with the one that runs, also if that is killed; Ctrl-C is for that one alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()


class _RayExecutor(Executor):
    """Processes of a Ray cluster, which Ray itself starts again, on another machine if need be."""

    def __init__(self, n: int, n_gpus: int) -> None:
        import ray

        tries = {"max_restarts": _TRIES, "max_task_retries": _TRIES}
        # The core of one with a GPU is not asked for: where there are fewer, it would never begin.
        kind = ray.remote(**tries, num_cpus=1 - n_gpus, num_gpus=n_gpus)(_RayWorker)
        self._actors = [kind.remote() for _ in range(n)]
        self._next = cycle(self._actors)

    def submit(self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:  # noqa: ANN401
        """Give the next process something to do."""
        import ray

        found: Future[T] = Future()

        def tell(done: Future[T]) -> None:
            exc = done.exception()
            if exc is None:
                found.set_result(done.result())
            elif isinstance(exc, ray.exceptions.RayTaskError) and isinstance(exc.cause, Exception):
                found.set_exception(exc.cause)  # the work itself fails, here as there
            else:
                found.set_exception(BrokenExecutor(str(exc)))

        next(self._next).call.remote(function, *arguments, **named).future().add_done_callback(tell)
        return found

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, with which the processes end."""
        import ray

        del wait, cancel_futures
        ray.shutdown()


class _RayWorker:
    """A process of a cluster."""

    def call(self, function: Callable[..., T], *arguments: object) -> T:
        """Do something there."""
        return function(*arguments)


def _open_cluster(n: int | None, address: str, *, needs_gpu: bool) -> tuple[Executor, int]:
    try:
        import ray
    except ModuleNotFoundError as exc:
        raise missing_extra(exc) or exc from exc
    try:
        _reach(os.environ.get("RAY_ADDRESS", address) if address == "auto" else address)
        ray.init(address, log_to_driver=False, logging_level="ERROR")
    except (OSError, ValueError, RuntimeError, ray.exceptions.RayError) as exc:
        raise WorkerError(
            f"cluster {address}",
            expected="the address of a Ray cluster",
            found=one_line(str(exc)),
            do="Start one with `ray start --head`, or leave --cluster out.",
        ) from exc
    kind = "GPU" if needs_gpu else "CPU"
    there = int(ray.cluster_resources().get(kind, 0))
    wanted = max(1, min(n or there, there))
    if not (n := _free(kind, wanted)):  # Ray would wait for ever
        ray.shutdown()
        raise WorkerError(
            f"cluster {address}",
            expected=f"a {'GPU' if needs_gpu else 'core'} that is free",
            found=f"none of {there}",
            do="Wait for what else runs there, add a machine"
            + (", or take --device cpu." * needs_gpu or "."),
        )
    return _RayExecutor(n, int(needs_gpu)), n


def _free(kind: str, wanted: int) -> int:
    """Return how many CPUs or GPUs of the cluster are free, at most so many as are wanted.

    What has just ended, such as workers that are begun anew, is counted as free some seconds later.
    """
    import ray

    free, end = 0, monotonic() + _PATIENCE
    while free < wanted and monotonic() < end:
        free = min(wanted, int(ray.available_resources().get(kind, 0)))
        sleep(0 if free == wanted else 0.1)
    return free


def _reach(address: str) -> None:
    """Refuse a host and port behind which nothing answers: Ray would try them for minutes.

    Raises:
        OSError, ValueError: Nothing does.
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not (host and port.isdecimal()):
        return
    if int(port) > _LAST_PORT:
        raise ValueError(f"port {port}")
    socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()


def _told(settings: Mapping[str, Any]) -> str:
    """Return all that a result depends on here: other files may have the same names on another machine."""
    return json_text({"gotune": version("gotune"), **settings})


@lru_cache(maxsize=1)
def _answer_of(task: Hashable, told: str) -> Answer:
    """Load what a task needs.

    Raises:
        InputError: It is not what the run began with: a model was trained anew, or is another one there.
    """
    answer = cast(Task, task).open()
    if (found := _told(cast(Task, task).settings())) != told:
        raise InputError(
            "worker",
            expected=f"gotune, its models and files as the run began with: {told}",
            found=found,
            do="Bring them back, or give another output folder; what was written is kept.",
        )
    return answer


def _worked(task: Task, told: str, texts: Sequence[Text]) -> Worked | GotuneError:
    """Return what is made of texts, or the error that says why nothing can be: Ray would wrap it.

    Args:
        task: What is done.
        told: What `_told` told of it where the run began.
        texts: Some.
    """
    try:
        return work_on(task, _answer_of(cast(Hashable, task), told), texts)
    except GotuneError as exc:
        return exc
    except Exception as exc:
        if not (isinstance(exc, OSError | MemoryError) or lacks_memory(exc)):
            raise
        return WorkerError(
            _place_of(texts),
            expected="what the work needs of the machine",
            found=f"{type(exc).__name__}: {exc}",
            do="Free it, or take fewer --workers, and start again: what was written is kept.",
        )
