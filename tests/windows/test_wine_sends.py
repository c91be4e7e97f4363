"""Wine refuses sends that Windows takes, and asyncio loses wake-ups by it: see sitecustomize.py of the lane.

Nothing of this package is used here.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import threading

import pytest

THREADS = 4
WAKES_EACH = 500
WSAEWOULDBLOCK = 10035

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="about sockets of Windows, and of Wine")


class NotingSocket:
    """The socket that wakes a loop, with a list of the wakes that were refused."""

    def __init__(self, inner):
        self._inner = inner
        self.refused = []

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def send(self, data):
        try:
            return self._inner.send(data)
        except OSError as error:
            self.refused.append(error.winerror)  # type: ignore[attr-defined]  # Windows alone has it
            raise


def at_once(work):
    """Runs it in several threads."""
    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("kind", ["ProactorEventLoop", "SelectorEventLoop"])
def test_no_thread_that_wakes_a_loop_is_refused(kind):
    def wake():
        for _ in range(WAKES_EACH):
            loop.call_soon_threadsafe(ran.append, 1)

    loop, ran = getattr(asyncio, kind)(), []
    waker = loop._csock = NotingSocket(loop._csock)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(asyncio.to_thread(at_once, wake))
    assert waker.refused == []
    assert len(ran) == THREADS * WAKES_EACH


def test_what_wine_does():
    """The cause, without asyncio: a socket with nearly all its room is said to have none."""

    def send():
        for _ in range(WAKES_EACH):
            noting.send(b"x")

    def send_on():
        for _ in range(WAKES_EACH):
            try:
                noting.send(b"x")
            except BlockingIOError:
                continue

    reader, sender = socket.socketpair()
    with reader, sender:
        sender.setblocking(False)
        noting = NotingSocket(sender)
        send()
        assert noting.refused == []
        at_once(send_on)
    if not noting.refused:
        pytest.skip("these sockets take sends from several threads: nothing to be mended here")
    assert set(noting.refused) == {WSAEWOULDBLOCK}
