"""A web service that keeps a VPN up, with a page at http://127.0.0.1:8000 that shows how it stands.

python examples/status_page.py                 on the simulator, anywhere; its line is lost every 3 seconds
python examples/status_page.py "Office VPN"    on Windows: keeps that entry connected for real

Needs FastAPI and uvicorn: pip install fastapi uvicorn
"""

import asyncio
import contextlib
import sys
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

import fastapi
import uvicorn
from fastapi.responses import FileResponse

import rasdial_async as ras

PAGE = Path(__file__).with_suffix(".html")


def service(client: ras.RasClient, entry: str) -> fastapi.FastAPI:
    keeper = ras.keep_connected(entry, client=client, timeout=60, stable=1)
    history: deque[ras.KeeperChange] = deque(maxlen=12)

    async def note() -> None:
        with contextlib.suppress(ras.RasError):  # the reason to stop is in the last change too
            async for change in keeper.changes():
                history.append(change)

    @contextlib.asynccontextmanager
    async def lifespan(app: fastapi.FastAPI) -> AsyncIterator[None]:
        async with keeper:
            noting = asyncio.create_task(note())
            yield
            noting.cancel()

    app = fastapi.FastAPI(lifespan=lifespan)
    app.add_api_route("/", lambda: FileResponse(PAGE))

    @app.get("/status")
    async def status() -> dict[str, object]:
        lines = [{"at": change.at, "text": str(change)} for change in reversed(history)]
        return {"entry": entry, "state": keeper.state, "simulated": client.simulated, "history": lines}

    return app


if __name__ == "__main__":
    if sys.argv[1:]:
        uvicorn.run(service(ras.default_client(), sys.argv[1]))
    else:
        with ras.Simulator() as simulator:
            simulator.add_entry("Office VPN")
            steps = [ras.Step(ras.ConnectionState.CONNECTED, after=1), ras.Drop(after=3)]
            simulator.script("Office VPN", steps)
            uvicorn.run(service(ras.RasClient(simulator), "Office VPN"))
