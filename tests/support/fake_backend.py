"""A backend that does as a test tells it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import cast

from rasdial_async import Connection
from rasdial_async._native.records.connection import ConnectionInfo
from rasdial_async.backends import Backend, RasHandle, Session

SECONDS = 10.0


def left(sim):
    return sim.counts.connections, sim.counts.open_ports


class FakeBackend(Backend):
    """A backend whose answers a test decides."""

    name = "fake"
    simulated = False

    def __init__(self):
        self.session = cast("Session", SimpleNamespace(lookouts={}))
        self.hang_ups = []
        self.answers = []
        self.status_answers = []

    def hang_up(self, link, timeout, all_references):
        self.hang_ups.append((link, timeout, all_references))
        self.answers.append(asyncio.get_running_loop().create_future())
        return self.answers[-1]

    async def status(self, link):
        answer = self.status_answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def change_signal(self, loop, wake):
        return None


def fake_connection(handle=0x1234):
    backend = FakeBackend()
    return Connection(backend, RasHandle(handle), ConnectionInfo(handle, "Office")), backend
