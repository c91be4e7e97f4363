"""Threads of this package for calls that block.

RAS documents that the thread which called RasDial must not end while that dial is in progress
(https://learn.microsoft.com/windows/win32/rras/asynchronous-operations). A pool that shrinks when it
likes is no place for such a call: here a thread stays as long as a dial of its own runs.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

_logger = logging.getLogger(__name__)

IDLE_SECONDS = 5.0


class Worker(threading.Thread):
    """A thread that runs one job at a time and stays while it is kept."""

    def __init__(self, pool: ThreadPool, number: int) -> None:
        super().__init__(name=f"{pool.name}-{number}", daemon=True)
        self._pool = pool
        self.keepers = 0  # dials whose RasDial this thread called, still in progress

    def run(self) -> None:
        while job := self._pool.next_job(self):
            try:
                job()
            except BaseException:
                _logger.exception("a job of %s failed", self.name)


class ThreadPool:
    """Runs jobs on daemon threads: a new one while none is idle, up to `limit`, then they queue.

    Jobs handle their own results and errors. Idle threads end after a while unless they are kept.
    """

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self._limit = limit
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.RLock()  # a __del__ may come in anywhere
        self._idle = 0
        self._workers: set[Worker] = set()
        self._started = 0
        self._closed = False

    def run(self, job: Callable[[], None]) -> None:
        with self._lock:
            self._jobs.put(job)
            if self._idle >= self._jobs.qsize() or len(self._workers) >= self._limit:
                return
            self._started += 1
            worker = Worker(self, self._started)
            self._workers.add(worker)
        worker.start()

    def next_job(self, worker: Worker) -> Callable[[], None] | None:
        waited = False
        while True:
            with self._lock:
                if (waited or self._closed) and self._jobs.empty() and not worker.keepers:
                    self._workers.discard(worker)
                    return None
                self._idle += 1
            try:
                return self._jobs.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                waited = True
            finally:
                with self._lock:
                    self._idle -= 1

    def keep(self) -> Callable[[], None]:
        """Called by a job: its thread stays until the returned function is called, from anywhere."""
        worker = threading.current_thread()
        assert isinstance(worker, Worker)
        with self._lock:
            worker.keepers += 1

        def let_go() -> None:
            with self._lock:
                worker.keepers -= 1
                if self._closed:
                    self._jobs.put(_nothing)

        return let_go

    def close(self) -> None:
        """Idle threads end now, the others as soon as they are; jobs are run all the same."""
        with self._lock:
            self._closed = True
            for _ in self._workers:
                self._jobs.put(_nothing)

    def __len__(self) -> int:
        return len(self._workers)

    def forget(self) -> None:
        """In a forked child: the parent's threads do not exist here."""
        self.__init__(self.name, self._limit)  # type: ignore[misc]


def _nothing() -> None:
    """Wakes a thread that waits for a job."""
