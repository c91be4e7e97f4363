"""The start of every process of the lane's Pythons: it makes up for what Wine does to asyncio's wake-ups.

Wine refuses a send on a non-blocking socket (WSAEWOULDBLOCK) while another thread is inside a send on the
same one, however much room there is: `send_socket` in its server/sock.c takes "a send is queued" for "no
room". Windows does not. call_soon_threadsafe wakes the loop that way, from any thread, and takes a refusal
for "full, so the loop is about to wake": it sleeps on until its next timer. So here threads take turns.
A signal's handler, which sends on the same socket, cannot wait for its turn: Python does not warn of its
refusal here, and the thread that is inside a send wakes the loop anyway.

tests/windows/test_wine_sends.py shows both, without a line of this package.
"""

from __future__ import annotations

import _signal
import functools
import sys
import threading
from importlib.machinery import PathFinder

LOOPS = {
    "asyncio.selector_events": "BaseSelectorEventLoop",
    "asyncio.proactor_events": "BaseProactorEventLoop",
}


class MendedLoader:
    """Loads a module as its own loader does, then mends the loop in it."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def exec_module(self, module):
        self._loader.exec_module(module)
        import signal  # as asyncio did

        signal.set_wakeup_fd = functools.partial(_signal.set_wakeup_fd, warn_on_full_buffer=False)
        let_threads_take_turns(getattr(module, LOOPS[module.__name__]))


def let_threads_take_turns(loop):
    wake = loop._write_to_self
    turn = threading.RLock()  # a __del__ may wake a loop in the middle of it

    @functools.wraps(wake)
    def wake_in_turn(self):
        with turn:
            wake(self)

    loop._write_to_self = wake_in_turn


class Finder:
    """Mends when asyncio is imported, so that a program without it stays one."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        spec = PathFinder.find_spec(name, path) if name in LOOPS else None
        if spec is not None:
            spec.loader = MendedLoader(spec.loader)
        return spec


sys.meta_path.insert(0, Finder)
