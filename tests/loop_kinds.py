"""The loops and wakes that this system has."""

from __future__ import annotations

import asyncio
import sys

from rasdial_async import _marshal

if sys.platform == "win32":
    LOOPS = {"proactor": asyncio.ProactorEventLoop, "selector": asyncio.SelectorEventLoop}
    WAKES = [_marshal.SocketWake, _marshal.CallWake]
else:
    import uvloop

    LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    WAKES = [_marshal.DescriptorWake, _marshal.SocketWake, _marshal.CallWake]
