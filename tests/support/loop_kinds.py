"""The loops and wakes that this system has."""

from __future__ import annotations

import asyncio
import sys

from rasdial_async.backends import marshal

if sys.platform == "win32":
    LOOPS = {"proactor": asyncio.ProactorEventLoop, "selector": asyncio.SelectorEventLoop}
    WAKES = [marshal.SocketWake, marshal.CallWake]
else:
    import uvloop

    LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    WAKES = [marshal.DescriptorWake, marshal.SocketWake, marshal.CallWake]
