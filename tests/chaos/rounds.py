"""One round: loops on threads, users on loops, and what is left when all of it is over."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import random
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from support import odd_ras
from support.odd_ras.log import Happening, Record

import rasdial_async as ras
from chaos.invariants import attempts_of, findings
from chaos.users import LEFT, User
from rasdial_async.backends import threads as package_threads

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]]
if sys.platform == "win32":
    LOOPS = {
        "proactor": asyncio.ProactorEventLoop,
        "selector": asyncio.SelectorEventLoop,
    }
else:
    import uvloop

    LOOPS = {"asyncio": asyncio.SelectorEventLoop, "uvloop": uvloop.new_event_loop}

ENDINGS = ("orderly", "orderly", "orderly", "cancels", "closes")


@dataclass
class Outcome:
    """A round that is over.

    Attributes:
        seed: The round.
        findings: What did not hold.
        log: Of the library.
        story: Who was on which loop, and what the programs were.
        dials: How many there were.
        skips: How many records of a log that was repeated did not come in time.
        at_rest: The library can play another round.
    """

    seed: int
    findings: list[str]
    log: list[Record]
    story: list[str]
    dials: int
    skips: int = 0
    at_rest: bool = True


@dataclass
class Stage:
    """The things that a round runs on.

    Attributes:
        limit: Seconds that nothing may take longer than.
        forks: The round may fork.
        odd: The library, at rest.
        only: The tags of the users that take part; None = all.
        order: A log to repeat.
    """

    limit: float = 5.0
    forks: bool = False
    odd: odd_ras.Odd = field(init=False)
    only: frozenset[int] | None = None
    order: list[Record] = field(default_factory=list)


def warm_up() -> None:
    """libuv opens descriptors with its first loop that stay as long as the process."""
    for new_loop in LOOPS.values():
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(asyncio.sleep(0))


class Complaints(logging.Handler):
    """The log of asyncio and of the package, and Python's words on errors that nobody caught."""

    EXPECTED = (
        "could not be hung up",  # RAS refused, as it may
        "Executing ",  # a busy loop, in asyncio's debug mode
        "Task was destroyed but it is pending",  # a loop that was closed around it
    )

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name} logged: {self.format(record)}"
        if not any(expected in text for expected in self.EXPECTED):
            self.texts.append(text)

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        def unraisable(hook: sys.UnraisableHookArgs) -> None:
            if "coroutine already executing" in str(hook.exc_value):  # a user whose end collects garbage
                return
            self.texts.append(f"unraisable: {hook.exc_value!r} in {hook.object!r}: {hook.err_msg}")

        def in_thread(hook: threading.ExceptHookArgs) -> None:
            self.texts.append(f"a thread ended with {hook.exc_value!r}")

        before = sys.unraisablehook, threading.excepthook
        sys.unraisablehook, threading.excepthook = unraisable, in_thread
        loggers = [logging.getLogger(name) for name in ("asyncio", "rasdial_async")]
        for logger in loggers:
            logger.addHandler(self)
            logger.propagate = False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        finally:
            sys.unraisablehook, threading.excepthook = before
            for logger in loggers:
                logger.removeHandler(self)
                logger.propagate = True


class LoopThread(threading.Thread):
    """A thread with a loop of its own, and the users on it."""

    def __init__(self, kind: str, ending: str, users: list[User], seconds: float, odd: odd_ras.Odd) -> None:
        super().__init__(name=f"loop-{kind}", daemon=True)
        self.kind = kind
        self.ending = ending
        self.users = users
        self.complaints: list[str] = []
        self._seconds = seconds
        self._odd = odd

    def run(self) -> None:
        if self.ending == "closes":
            self._close_around_them()
            return
        with asyncio.Runner(loop_factory=LOOPS[self.kind]) as runner:
            runner.run(self._main())

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [user.start(user.run()) for user in self.users]

    async def _main(self) -> None:
        tasks = self._tasks()
        if self.ending == "cancels":
            await asyncio.wait(tasks, timeout=self._seconds)
            self._cut_off(tasks)
            return
        await asyncio.wait(tasks)
        for user, task in zip(self.users, tasks, strict=True):
            if task.exception() is not None:
                self.complaints.append(f"{user.account}: its user got {task.exception()!r}")
        await asyncio.sleep(0)
        mine = {asyncio.current_task(), *tasks}
        left = [task for task in asyncio.all_tasks() if task not in mine]
        if left:  # what ends a dropped dial may take its time
            await asyncio.wait(left, timeout=1.0)
        self.complaints += [f"{task} is left" for task in left if not task.done()]

    def _close_around_them(self) -> None:
        loop = LOOPS[self.kind]()
        asyncio.set_event_loop(loop)
        tasks = [loop.create_task(user.run(), name=f"user-{user.account.tag}") for user in self.users]
        loop.run_until_complete(asyncio.sleep(self._seconds))
        self._cut_off(tasks)
        left = [task.get_coro() for task in asyncio.all_tasks(loop)]
        loop.close()
        del tasks
        while left:
            # Left to the garbage collector, which may close one of them while another one is being closed,
            # CPython 3.11 reads freed memory (gen_close), without any code of this package on the stack.
            with contextlib.suppress(RuntimeError):  # one that waits while it is closed
                left.pop().close()
        asyncio.set_event_loop(None)

    def _cut_off(self, tasks: list[asyncio.Task[None]]) -> None:
        for user, task in zip(self.users, tasks, strict=True):
            if not task.done() or user.connection is not None:
                user.account.cut_off = True
                user.wants_the_end()
        self._odd.note(0, LEFT)


def play(stage: Stage, seed: int) -> Outcome:
    """Plays the round of this number."""
    odd, rng = stage.odd, random.Random(seed)
    complaints = Complaints()
    package_threads.IDLE_SECONDS = 0.01
    texts: list[str] = []
    with complaints.listening():
        client = ras.RasClient(library=odd.path)
        before = _descriptors()
        odd.pause_lists(rng.choice((0, 0, 500, 20_000)))
        if stage.order:
            odd.replay(stage.order)
        users = [User(client, odd, seed, tag, stage.limit) for tag in range(1, rng.randint(4, 24) + 1)]
        threads = _threads(rng, users, stage)
        forks = stage.forks and rng.random() < 0.2
        fork_after = rng.uniform(0, 0.1)
        for thread in threads:
            thread.start()
        if forks:
            time.sleep(fork_after)
            texts += _fork(stage.limit)
        deadline = time.monotonic() + 4 * stage.limit
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                texts.append(f"{thread.name} never ended: {_stack_of(thread)}")
            texts += thread.complaints
        users = [user for thread in threads for user in thread.users]
        story = _story(threads)
        stuck = any(thread.is_alive() for thread in threads)
        del threads, thread
        if not stuck:
            texts += _clean_up(stage, client, users)
        log = odd.log()
        accounts = [user.account for user in users]
        texts += findings(log, accounts)
        if not stuck:
            texts += _at_rest(stage, client, log)
            del client, users
            gc.collect()
            texts += _more_descriptors(before)
    return Outcome(seed, texts + complaints.texts, log, story, len(accounts), odd.skips(), odd.reset())


def _threads(rng: random.Random, users: list[User], stage: Stage) -> list[LoopThread]:
    count = rng.choices((1, 2, 3), (60, 25, 15))[0]
    groups: list[list[User]] = [[] for _ in range(count)]
    for user in users:
        group = rng.choice(groups)
        if stage.only is None or user.account.tag in stage.only:
            group.append(user)
    return [
        LoopThread(rng.choice(list(LOOPS)), rng.choice(ENDINGS), group, rng.uniform(0.01, 0.3), stage.odd)
        for group in groups
        if group
    ]


def _story(threads: list[LoopThread]) -> list[str]:
    story = []
    for thread in threads:
        story.append(f"{thread.kind}, {thread.ending}:")
        story += [f"  {user.account}: {user.account.program}" for user in thread.users]
    return story


def _clean_up(stage: Stage, client: ras.RasClient, users: list[User]) -> list[str]:
    """A connection that users had when the loop closed is theirs to hang up; the rest ends by itself."""

    async def hang_up() -> None:
        for user in users:
            if user.connection is not None:
                await user.hang_up()
        with contextlib.suppress(ras.DialError):
            await client.dial("nothing return:633 |")  # the next dial ends those of closed loops

    for user in users:
        user.leave()
    del user
    gc.collect()
    try:
        asyncio.run(hang_up())
    except Exception as error:
        return [f"a connection of a closed loop could not be hung up: {error!r}"]
    gc.collect()
    odd, deadline = stage.odd, time.monotonic() + stage.limit
    while time.monotonic() < deadline:
        left = [attempt for mine in attempts_of(odd.log()).values() for attempt in mine]
        refused = [
            attempt
            for attempt in left
            if attempt.has_handle
            and not attempt.released
            and any(one.kind == Happening.HANG_UP_ENDED and one.value for one in attempt.records)
        ]
        if odd.count("handles") <= len(refused):
            break
        time.sleep(0.002)
    return []


def _at_rest(stage: Stage, client: ras.RasClient, log: list[Record]) -> list[str]:
    """Nothing is left of the round in the library and in the package."""
    odd = stage.odd
    odd.allow_hang_up()
    for number in {one.tag for one in log if one.tag}:
        odd.drop_tag(number)
    deadline = time.monotonic() + stage.limit
    while (odd.count("threads") or odd.count("inside")) and time.monotonic() < deadline:
        time.sleep(0.001)
    counts = {name: odd.count(name) for name in ("threads", "inside", "lost_callers", "null_hang_ups")}
    texts = [f"the library counts {count} {name}" for name, count in counts.items() if count]
    while client.backend.session.calls() and time.monotonic() < deadline:
        time.sleep(0.001)
    texts += [f"the package still has the dial {call.entry}" for call in client.backend.session.calls()]
    for worker in [one for one in threading.enumerate() if isinstance(one, package_threads.Worker)]:
        worker.join(max(0.0, deadline - time.monotonic()))
        if worker.is_alive():
            texts.append(f"{worker.name} is left: {_stack_of(worker)}")
    return texts


def _fork(limit: float) -> list[str]:
    """The child dials a simulated line, and ends."""
    pid = os.fork()
    if pid == 0:
        try:
            asyncio.run(_dial_in_the_child())
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(1)
    deadline = time.monotonic() + 4 * limit
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return [f"the child of a fork ended with {status}"] if status else []
        time.sleep(0.001)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return ["the child of a fork never ended"]


async def _dial_in_the_child() -> None:
    with ras.Simulator(pace=0) as simulator:
        simulator.add_entry("Office")
        async with ras.RasClient(simulator).dial("Office"):
            pass


def _descriptors() -> Counter[str]:
    """The number of each kind that is open; the wakes of notify.c stay as long as the process."""
    found: Counter[str] = Counter()
    if sys.platform == "linux":
        for name in os.listdir("/proc/self/fd"):
            with contextlib.suppress(FileNotFoundError):
                target = os.readlink(f"/proc/self/fd/{name}").split(":")[0]
                if target != "anon_inode":
                    found[target] += 1
    return found


def _more_descriptors(before: Counter[str]) -> list[str]:
    deadline = time.monotonic() + 2.0
    while _descriptors() - before and time.monotonic() < deadline:
        time.sleep(0.01)
    more = _descriptors() - before
    return [f"descriptors are left: {dict(more)}"] if more else []


def _stack_of(thread: threading.Thread) -> str:
    import traceback

    frame = sys._current_frames().get(thread.ident or 0)
    return "".join(traceback.format_stack(frame)) if frame is not None else "no frame"
