"""Helpers of the tests of watching."""

from __future__ import annotations

import asyncio

from rasdial_async import ChangeKind

SECONDS = 10.0
CONNECTED, DISCONNECTED = ChangeKind.CONNECTED, ChangeKind.DISCONNECTED


async def changes_of(watch, count):
    async with asyncio.timeout(SECONDS):
        return [await anext(watch) for _ in range(count)]


def kinds(changes):
    return [(change.kind, change.connection.entry) for change in changes]


def lookouts(client):
    return client.backend.session.lookouts
