"""A web service that keeps a VPN up, with a page at http://127.0.0.1:8000 that shows its state.

python examples/status_page.py                 on the simulator, anywhere; its line is lost every 3 seconds
python examples/status_page.py "Office VPN"    on Windows: keeps that entry connected

/status answers 200 while the line is up, else 503: ask it as a health check.
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
from fastapi.responses import FileResponse, JSONResponse

import rasdial_async as ras


def service(client: ras.RasClient, entry: str) -> fastapi.FastAPI:
    keeper = ras.keep_connected(entry, client=client, timeout=60, stable=1)
    history: deque[ras.KeeperChange] = deque(maxlen=12)

    async def note() -> None:
        with contextlib.suppress(ras.RasError):  # keeper.error has it too
            async for change in keeper.changes():
                history.append(change)

    @contextlib.asynccontextmanager
    async def lifespan(app: fastapi.FastAPI) -> AsyncIterator[None]:
        async with keeper:
            noting = asyncio.create_task(note())
            yield
            noting.cancel()

    app = fastapi.FastAPI(lifespan=lifespan)
    app.state.keeper = keeper
    app.add_api_route("/", lambda: FileResponse(Path(__file__).with_suffix(".html")))

    @app.get("/status")
    async def status() -> JSONResponse:
        error = keeper.error and f"{keeper.error} {keeper.error.hint}"  # why the keeper has stopped
        lines = [{"at": change.at, "text": str(change)} for change in reversed(history)]
        told = {"entry": entry, "state": keeper.state, "error": error, "simulated": client.simulated}
        return JSONResponse({**told, "history": lines}, status_code=200 if keeper.connection else 503)

    return app


if __name__ == "__main__":
    with ras.Simulator() as simulator:
        simulator.add_entry("Office VPN")
        simulator.script("Office VPN", [ras.Step(ras.ConnectionState.CONNECTED, after=1), ras.Drop(after=3)])
        client = ras.default_client() if sys.argv[1:] else ras.RasClient(simulator)
        uvicorn.run(service(client, sys.argv[1] if sys.argv[1:] else "Office VPN"))
