"""A dial while it runs. It knows nothing of the Dialing that users hold, so that this can be dropped.

All of it runs on the loop's thread, as callbacks and not as a task: asyncio.run cancels every task at
its end, and a dial that is being hung up has to see that through.
"""

from __future__ import annotations

import asyncio
import logging

from ._attempt import Attempt, Phase
from ._request import DialRequest
from .backends.base import Backend, DialCall, Link
from .connection import Connection
from .errors import DialError, DialTimeoutError, HungUpError
from .events import ConnectionInfo, DialEvent

_logger = logging.getLogger(__name__)

HANG_UP_SECONDS = 10.0


class DialRun:
    """One dial from RasDial to its Connection or its DialError.

    Attributes:
        attempt: The events and the rules.
        over: It has its outcome, and no handle or port is left of a failure.
        finished: A future that is done from then on; wait for it, do not cancel it.
        connection: The outcome of a success.
        error: The outcome of a failure.
        taken: Somebody has the connection and answers for it.
    """

    def __init__(
        self, backend: Backend, request: DialRequest, timeout: float | None, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.loop = loop
        self.attempt = Attempt()
        self.over = False
        self.connection: Connection | None = None
        self.error: DialError | None = None
        self.taken = False
        self._backend = backend
        self._entry = request.entry or f".{request.phone_number}"
        self._phonebook = request.phonebook or ""
        self.finished: asyncio.Future[None] = loop.create_future()
        self._waiters: set[asyncio.Future[None]] = set()
        self._held = False
        self._asked = False
        self._ending = False
        self._dropped = False
        self._call: DialCall = backend.dial(request, self, loop)
        self._timer = None if timeout is None else loop.call_later(timeout, self._time_out, timeout)

    @property
    def handle(self) -> int:
        return self._call.handle

    # --- what the backend tells ---

    def on_event(self, event: DialEvent, held: bool) -> None:
        if not self.attempt.feed(event):
            if not self._held:  # else this one is held as well, until the consumer asks
                self._call.proceed()
            return
        self._held = held
        if self.attempt.over:
            self._finish()
        self._changed()

    def on_returned(self, code: int, message: str = "") -> None:
        if code != 0 and not self.attempt.over:
            self.attempt.refuse(code, message)
            self._finish()
            self._changed()

    # --- what users ask ---

    def ask(self) -> None:
        """The consumer wants what comes next: RAS need not be held at an error any longer."""
        if not self._asked:
            self._asked = True
            self._call.ask()
        if self._held:
            self._held = False
            self._call.proceed()
            self._finish()

    def end(self, error: DialError) -> None:
        """Ends the dial with this error, unless it has failed by itself or is connected."""
        if self.attempt.phase is Phase.FAILED:
            self.ask()
        elif not self._ending:
            self._end(error)

    def drop(self) -> None:
        """Nobody holds the Dialing any more: hang up whatever came or comes of it."""
        self._dropped = True
        if self.connection is not None:
            self._backend.drop(self.connection.link)
        elif not self.over:
            self.end(HungUpError(function="RasDialW", message="nobody waits for the dial any more"))

    def drop_without_loop(self) -> None:
        """The same when the loop has closed. From any thread."""
        self._backend.sweep()
        if self.connection is not None:
            self._backend.drop(self.connection.link)

    async def changed(self) -> None:
        """Returns at the next event, or when the dial is over."""
        waiter: asyncio.Future[None] = self.loop.create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)

    # --- how it ends ---

    def _finish(self) -> None:
        """The attempt is over: it connected, or failed and RAS may go on."""
        if self._ending or (self._held and not self._asked):
            return
        self._ending = True
        self._stop_timer()
        if self.attempt.phase is Phase.CONNECTED:
            self._call.connected(self._connected)
        else:
            code = self.attempt.error_code
            self._call.close(code, HANG_UP_SECONDS, lambda text: self._over(error=self.attempt.error(text)))

    def _end(self, error: DialError) -> None:
        self._ending = True
        self._stop_timer()
        self._call.close(error.code, HANG_UP_SECONDS, lambda text: self._over(error=error))

    def _time_out(self, timeout: float) -> None:
        error = DialTimeoutError(
            function="RasDialW",
            message=f"the dial was not done within {timeout:g} seconds",
            state=self.attempt.state,
        )
        self.end(error)

    def _connected(self, link: Link, info: ConnectionInfo | None) -> None:
        if info is None:
            device_type, device_name = self.attempt.device
            info = ConnectionInfo(link.handle, self._entry, device_type, device_name, self._phonebook)
        self._over(connection=Connection(self._backend, link, info))

    def _over(self, *, connection: Connection | None = None, error: DialError | None = None) -> None:
        self.over = True
        self.connection = connection
        self.error = error
        _logger.info("%s: %s", self._entry, error or "connected")
        self.finished.set_result(None)
        self._changed()
        if self._dropped and connection is not None:
            self._backend.drop(connection.link)

    def _changed(self) -> None:
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
