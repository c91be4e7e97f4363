"""The loops and wakes that this system has."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from rasdial_async.backends import marshal

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]]
if sys.platform == "win32":
    LOOPS = {"proactor": asyncio.ProactorEventLoop, "selector": asyncio.SelectorEventLoop}
    WAKES = [marshal.SocketWake, marshal.CallWake]
else:
    import uvloop

    LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    WAKES = [marshal.DescriptorWake, marshal.SocketWake, marshal.CallWake]
