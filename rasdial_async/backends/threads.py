"""Threads of this package for calls that block.

RAS documents that the thread which called RasDial must not end while that dial is in progress
(https://learn.microsoft.com/windows/win32/rras/asynchronous-operations). A pool that shrinks when it
likes is no place for such a call: here a thread stays as long as a dial of its own runs.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable
from functools import partial

from .fork import in_child, new_lock

_logger = logging.getLogger(__name__)

IDLE_SECONDS = 5.0

Job = Callable[[], None]


class Latch:
    """A threading.Event that is only ever set, without a lock of its own: every dial has one."""

    __slots__ = ("_set",)

    def __init__(self) -> None:
        self._set = False

    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        with _latch_set:
            self._set = True
            _latch_set.notify_all()

    def wait(self, timeout: float) -> bool:
        with _latch_set:
            return _latch_set.wait_for(self.is_set, timeout)


_latch_set = threading.Condition()


def _after_fork_in_child() -> None:
    global _latch_set
    _latch_set = threading.Condition()


in_child(_after_fork_in_child)


class Worker(threading.Thread):
    """A thread that runs one job at a time and stays while it is kept."""

    def __init__(self, pool: ThreadPool, number: int, first: Job) -> None:
        super().__init__(name=f"{pool.name}-{number}", daemon=True)
        self._pool = pool
        self.inbox: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self.inbox.put(first)
        self.keepers = 0  # dials whose RasDial this thread called, still in progress
        self.let_go: Callable[[], None] = partial(pool.let_go, self)  # one object for all of them

    def run(self) -> None:
        job: Job | None = self.inbox.get()
        while job is not None:
            try:
                job()
            except BaseException:
                _logger.exception("a job of %s failed", self.name)
            del job  # or the dial that it was for would live on while this thread waits
            job = self._pool.next_job(self)


class ThreadPool:
    """Runs jobs on daemon threads: a new one while none is idle, up to `limit`, then they queue.

    Jobs handle their own results and errors. Idle threads end after a while unless they are kept.
    A job is handed to one idle thread, not to all of them: so it never waits behind a job that another
    thread has taken in the same moment.
    """

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self._limit = limit
        self._lock = new_lock()
        self._waiting: deque[Job] = deque()  # for a worker, while all of them are busy
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        self._started = 0
        self._held = 0
        self._closed = False

    def hold(self) -> None:
        """From now on `run` never fails: one thread is there, and stays until `unhold`.

        Raises:
            RuntimeError: The system refuses the thread.
        """
        with self._lock:
            if not self._workers:
                self.run(_nothing)
            self._held += 1

    def unhold(self) -> None:
        with self._lock:
            self._held -= 1
            if self._closed:
                self._wake_idle()

    def run(self, job: Job) -> None:
        """Raises RuntimeError where the system refuses the only thread that could run it."""
        with self._lock:
            if self._idle:
                self._idle.pop().inbox.put(job)
                return
            if len(self._workers) < self._limit:
                self._started += 1
                worker = Worker(self, self._started, job)
                self._workers.add(worker)
                try:
                    worker.start()
                    return
                except (RuntimeError, MemoryError):
                    self._workers.discard(worker)
                    if not self._workers:
                        raise
            self._waiting.append(job)

    def next_job(self, worker: Worker) -> Job | None:
        waited = False
        while True:
            with self._lock:
                if self._waiting:
                    return self._waiting.popleft()
                needed = worker.keepers or (self._held and len(self._workers) == 1)
                if (waited or self._closed) and not needed:
                    self._workers.discard(worker)
                    return None
                self._idle.append(worker)
            try:
                return worker.inbox.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                pass
            with self._lock:
                if worker not in self._idle:  # it was given a job in the last moment
                    return worker.inbox.get()
                self._idle.remove(worker)
                waited = True

    def keep(self) -> Callable[[], None]:
        """Called by a job: its thread stays until the returned function is called, from anywhere."""
        worker = threading.current_thread()
        assert isinstance(worker, Worker)
        with self._lock:
            worker.keepers += 1
        return worker.let_go

    def let_go(self, worker: Worker) -> None:
        with self._lock:
            worker.keepers -= 1
            if self._closed:
                self._wake_idle()

    def close(self) -> None:
        """Idle threads end now, the others as soon as they are; jobs are run all the same."""
        if sys.is_finalizing():  # threads stand still wherever they were, perhaps with the lock
            return
        with self._lock:
            self._closed = True
            self._wake_idle()

    def _wake_idle(self) -> None:
        while self._idle:
            self._idle.pop().inbox.put(_nothing)

    def __len__(self) -> int:
        return len(self._workers)

    def forget(self) -> None:
        """In a forked child: the parent's threads do not exist here."""
        self.__init__(self.name, self._limit)  # type: ignore[misc]


def _nothing() -> None:
    """Wakes a thread, which then finds out that it may end."""
