"""The package's own threads: reused, bounded, kept as long as a dial needs its thread."""

from __future__ import annotations

import gc
import queue
import threading
import weakref
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from rasdial_async.backends import threads
from rasdial_async.backends.threads import Latch, ThreadPool

SECONDS = 10.0  # a bound for what happens at once


class Watched(queue.SimpleQueue[object]):
    """Queues that tell how often somebody found one empty, and can be stopped in between."""

    timeouts: threading.Semaphore
    before_timeout: Callable[[], object]
    after_get: Callable[[], object]

    def get(self, *arguments, **options):
        try:
            job = super().get(*arguments, **options)
        except queue.Empty:
            self.before_timeout()
            self.timeouts.release()
            raise
        self.after_get()
        return job


@pytest.fixture
def short(monkeypatch):
    """Idle threads end almost at once."""
    monkeypatch.setattr(threads, "IDLE_SECONDS", 0.005)


@pytest.fixture
def watched(monkeypatch):
    """Replace what every queue of the pool does."""
    Watched.timeouts = threading.Semaphore(0)
    Watched.before_timeout = Watched.after_get = staticmethod(lambda: None)
    monkeypatch.setattr(threads, "queue", SimpleNamespace(SimpleQueue=Watched, Empty=queue.Empty))
    return Watched


class Job:
    """A job that says that it runs, and runs until it is let go."""

    def __init__(self, then=lambda: None):
        self.running = threading.Event()
        self.go = threading.Event()
        self.done = threading.Event()
        self.thread = None
        self.then = then

    def __call__(self):
        self.thread = threading.current_thread()
        self.running.set()
        self.go.wait(SECONDS)
        self.then()
        self.done.set()


def run(pool, then=lambda: None):
    """A job from start to end; returns its thread."""
    job = Job(then)
    job.go.set()
    pool.run(job)
    assert job.done.wait(SECONDS)
    return job.thread


def start(pool, count):
    jobs = [Job() for _ in range(count)]
    for job in jobs:
        pool.run(job)
    return jobs


def finish(jobs):
    for job in jobs:
        job.go.set()
    assert all(job.done.wait(SECONDS) for job in jobs)


def test_nothing_is_started_before_there_is_something_to_do():
    assert len(ThreadPool("test", 4)) == 0


def test_jobs_that_block_do_not_wait_for_each_other():
    pool = ThreadPool("test", 16)
    jobs = start(pool, 16)
    assert all(job.running.wait(SECONDS) for job in jobs)
    assert len({job.thread for job in jobs}) == len(pool) == 16
    finish(jobs)


def test_a_thread_that_is_idle_is_used_again():
    pool = ThreadPool("test", 16)
    jobs = start(pool, 2)
    assert all(job.running.wait(SECONDS) for job in jobs)
    finish(jobs)
    for _ in range(50):
        run(pool)
    assert len(pool) <= 3, "a thread that has just finished may not be back yet, others are"


def test_no_more_threads_than_the_limit_and_later_jobs_wait_their_turn():
    pool = ThreadPool("test", 2)
    first = start(pool, 2)
    assert all(job.running.wait(SECONDS) for job in first)
    order = []
    later = [Job(then=lambda number=number: order.append(number)) for number in range(3)]
    for job in later:
        pool.run(job)
    assert len(pool) == 2
    assert not any(job.running.is_set() for job in later)
    first[0].go.set()
    for job in later:
        assert job.running.wait(SECONDS)
        job.go.set()
        assert job.done.wait(SECONDS)
    assert order == [0, 1, 2]
    assert len(pool) == 2
    finish(first)


def test_a_job_does_not_count_on_a_thread_that_has_just_taken_another_one(watched):
    """The thread was idle a moment ago: it has the first job in its hands and is about to block."""
    pool = ThreadPool("test", 4)
    run(pool)
    took, go_on = threading.Event(), threading.Event()

    def pause():
        watched.after_get = staticmethod(lambda: None)
        took.set()
        go_on.wait(SECONDS)

    watched.after_get = staticmethod(pause)
    first, second = Job(), Job()
    pool.run(first)
    assert took.wait(SECONDS)
    pool.run(second)
    go_on.set()
    assert second.running.wait(SECONDS), "it waits for the first one"
    assert first.running.wait(SECONDS)
    finish([first, second])


def test_threads_are_daemons_with_a_name():
    thread = run(ThreadPool("rasdial-test", 4))
    assert thread.daemon
    assert thread.name.startswith("rasdial-test-")


def test_idle_threads_end(short):
    pool = ThreadPool("test", 4)
    jobs = start(pool, 3)
    assert all(job.running.wait(SECONDS) for job in jobs)
    finish(jobs)
    for job in jobs:
        job.thread.join(SECONDS)
        assert not job.thread.is_alive()
    assert len(pool) == 0
    run(pool)


def test_a_kept_thread_stays_until_it_is_let_go(short, watched):
    pool = ThreadPool("test", 4)
    let_go = []
    thread = run(pool, then=lambda: let_go.append(pool.keep()))
    for _ in range(3):
        assert watched.timeouts.acquire(timeout=SECONDS)
    assert thread.is_alive()
    assert len(pool) == 1
    let_go[0]()
    thread.join(SECONDS)
    assert not thread.is_alive()
    assert len(pool) == 0


def test_a_thread_kept_twice_stays_for_both(short, watched):
    pool = ThreadPool("test", 1)
    let_go = []
    thread = run(pool, then=lambda: let_go.append(pool.keep()))
    assert run(pool, then=lambda: let_go.append(pool.keep())) is thread
    let_go.pop()()
    for _ in range(3):
        assert watched.timeouts.acquire(timeout=SECONDS)
    assert thread.is_alive()
    let_go.pop()()
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_a_job_that_comes_while_its_only_thread_is_about_to_end_is_run(short, watched):
    pool = ThreadPool("test", 4)
    job = Job()
    job.go.set()

    def comes_late():
        watched.before_timeout = staticmethod(lambda: None)
        pool.run(job)

    watched.before_timeout = staticmethod(comes_late)
    run(pool)
    assert job.done.wait(SECONDS)


@pytest.mark.parametrize("exception", [ValueError("a mistake"), SystemExit(1), KeyboardInterrupt()])
def test_a_job_that_fails_is_logged_and_its_thread_goes_on(caplog, exception):
    pool = ThreadPool("test", 1)

    def fail():
        raise exception

    pool.run(fail)
    thread = run(pool)
    assert thread.is_alive()
    assert len(pool) == 1
    (record,) = caplog.records
    assert record.name == "rasdial_async.backends.threads"
    assert record.getMessage() == f"a job of {thread.name} failed"
    assert record.exc_info[1] is exception


def test_an_idle_thread_keeps_nothing_of_its_last_job_alive(watched):
    """A dial holds its loop, its channel, its listener."""

    class Held:
        def __init__(self):
            self.done = threading.Event()

        def __call__(self):
            self.done.set()

    pool = ThreadPool("test", 4)
    back = threading.Event()
    held = Held()
    done, gone = held.done, weakref.ref(held)
    pool.run(held)
    del held
    assert done.wait(SECONDS)
    # The same thread runs one more: so it has left the first one behind.
    pool.run(back.set)
    assert back.wait(SECONDS)
    gc.collect()
    assert gone() is None


def test_an_idle_thread_keeps_nothing_alive_while_it_waits(short, watched):
    class Held:
        def __call__(self):
            keep.append(pool.keep())

    pool = ThreadPool("test", 1)
    keep = []
    held = Held()
    gone = weakref.ref(held)
    pool.run(held)
    del held
    for _ in range(2):  # the thread has come back and waits
        assert watched.timeouts.acquire(timeout=SECONDS)
    assert gone() is None
    keep[0]()


def test_a_thread_that_the_system_refuses_is_an_error_and_leaves_nothing_behind(monkeypatch):
    pool = ThreadPool("test", 1)
    ran = []

    def refuse(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threads.Worker, "start", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            pool.run(lambda: ran.append("refused"))
    assert len(pool) == 0
    run(pool)
    assert ran == [], "who was told that it failed does not expect it to run"


def test_a_refused_thread_is_no_error_where_another_one_will_do(monkeypatch):
    pool = ThreadPool("test", 4)
    busy = start(pool, 1)
    assert busy[0].running.wait(SECONDS)

    def refuse(self):
        raise RuntimeError("can't start new thread")

    job = Job()
    job.go.set()
    with monkeypatch.context() as patch:
        patch.setattr(threads.Worker, "start", refuse)
        pool.run(job)
    assert len(pool) == 1
    finish(busy)
    assert job.done.wait(SECONDS)


def test_a_forked_child_begins_afresh():
    pool = ThreadPool("test", 2)
    busy = start(pool, 2)
    assert all(job.running.wait(SECONDS) for job in busy)
    waiting = Job()
    waiting.go.set()
    pool.run(waiting)
    pool.forget()
    assert (pool.name, len(pool)) == ("test", 0)
    assert run(pool) not in {job.thread for job in busy}
    assert not waiting.running.is_set(), "that one is the parent's"
    finish(busy)


def test_a_closed_pool_ends_its_idle_threads_at_once():
    pool = ThreadPool("test", 4)
    jobs = start(pool, 3)
    assert all(job.running.wait(SECONDS) for job in jobs)
    finish(jobs)
    pool.close()
    for job in jobs:
        job.thread.join(SECONDS / 2)
        assert not job.thread.is_alive()
    assert len(pool) == 0


def test_a_closed_pool_ends_busy_threads_when_they_are_done_and_runs_what_waits():
    pool = ThreadPool("test", 1)
    busy, waiting = start(pool, 2)
    assert busy.running.wait(SECONDS)
    pool.close()
    assert busy.thread.is_alive()
    finish([busy, waiting])
    assert waiting.thread is busy.thread
    busy.thread.join(SECONDS)
    assert not busy.thread.is_alive()
    assert run(pool) is not busy.thread, "what comes later is run all the same"


def test_a_closed_pool_leaves_a_kept_thread_until_it_is_let_go(watched):
    pool = ThreadPool("test", 4)
    let_go = []
    thread = run(pool, then=lambda: let_go.append(pool.keep()))
    pool.close()
    assert run(pool, then=lambda: let_go.append(pool.keep())) is not None
    assert thread.is_alive()
    while let_go:
        let_go.pop()()
    thread.join(SECONDS)
    assert not thread.is_alive()


# Latch


def test_a_latch_is_closed_until_it_is_set_and_then_open_for_ever():
    latch = Latch()
    assert not latch.is_set()
    assert latch.wait(0) is latch.wait(0.001) is False
    for _ in range(2):
        latch.set()
        assert latch.is_set()
        assert latch.wait(0) is latch.wait(0) is True


def test_setting_a_latch_wakes_all_who_wait():
    latch, waiting, answers = Latch(), threading.Barrier(6), []

    def wait():
        waiting.wait(SECONDS)
        answers.append(latch.wait(SECONDS))

    threads = [threading.Thread(target=wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    waiting.wait(SECONDS)
    setters = [threading.Thread(target=latch.set) for _ in range(3)]
    for thread in setters:
        thread.start()
    for thread in (*threads, *setters):
        thread.join(SECONDS)
    assert answers == [True] * 5
