"""The examples that run until somebody ends them: a web page, a program in the terminal, a service."""

from __future__ import annotations

import asyncio
import importlib.util
import queue
import runpy
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from support import ROOT

import rasdial_async as ras

EXAMPLES = ROOT / "examples"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- dial_in_a_service.py ---


def test_a_job_of_a_service_dials_with_what_is_stored(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with ras.Simulator(pace=0) as simulator:
        simulator.add_entry("Office VPN", username="ada", password="right")
        client = ras.RasClient(simulator)
        asyncio.run(client.set_credentials("Office VPN", ras.Credentials("ada", "right")))
        monkeypatch.setattr(ras, "default_client", lambda: client)
        monkeypatch.setattr(sys, "argv", ["dial_in_a_service.py", "Office VPN"])
        runpy.run_path(str(EXAMPLES / "dial_in_a_service.py"), run_name="__main__")
    assert "sending the report" in capsys.readouterr().out


# --- status_page.py ---


@pytest.fixture
def status_page() -> ModuleType:
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    pytest.importorskip("uvicorn", reason="uvicorn is not installed")
    return load("status_page")


@pytest.mark.asyncio
async def test_the_status_tells_what_the_keeper_does(status_page: ModuleType) -> None:
    httpx = pytest.importorskip("httpx", reason="httpx is not installed")
    with ras.Simulator() as simulator:
        simulator.add_entry("Office VPN")
        simulator.script("Office VPN", [ras.Step(ras.ConnectionState.CONNECTED)])
        client = ras.RasClient(simulator)
        app = status_page.service(client, "Office VPN")
        web = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
        async with app.router.lifespan_context(app), web, client.watch(existing=True) as changes:
            assert "<title>VPN</title>" in (await web.get("/")).text
            await anext(changes)
            simulator.drop("Office VPN")
            kinds = [(await anext(changes)).kind for _ in range(2)]
            assert kinds == ["disconnected", "connected"]
            answer = await web.get("/status")
        assert simulator.counts.open_ports == 0
    status = answer.json()
    assert (answer.status_code, status["state"], status["error"]) == (200, "connected", None)
    assert status["entry"] == "Office VPN"
    assert status["simulated"] is True
    assert "lost (attempt 1)" in [change["text"] for change in status["history"]]


@pytest.mark.asyncio
async def test_the_status_says_why_the_keeper_has_stopped(status_page: ModuleType) -> None:
    httpx = pytest.importorskip("httpx", reason="httpx is not installed")
    with ras.Simulator(pace=0) as simulator:
        simulator.add_entry("Office VPN")
        simulator.script("Office VPN", [ras.Fail(691)])
        app = status_page.service(ras.RasClient(simulator), "Office VPN")
        web = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
        async with app.router.lifespan_context(app), web:
            with pytest.raises(ras.AuthenticationError):
                await app.state.keeper.wait()
            answer = await web.get("/status")
    assert answer.status_code == 503
    assert answer.json()["error"].startswith("ERROR_AUTHENTICATION_FAILURE (691)")


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Uvicorn in a thread, on a port of its own; gives the address."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    started = threading.Event()
    startup = server.startup

    async def told(*arguments: Any, **more: Any) -> None:
        await startup(*arguments, **more)
        started.set()

    server.startup = told  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(20)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def test_the_page_follows_the_connection_in_a_browser(status_page: ModuleType) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with ras.Simulator(pace=0.1) as simulator:
        simulator.add_entry("Office VPN")
        app = status_page.service(ras.RasClient(simulator), "Office VPN")
        with serving(app) as address, playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(address)
            state = page.locator("#state")
            playwright.expect(state).to_have_text("connected", timeout=20_000)
            playwright.expect(page.locator("#entry")).to_have_text("Office VPN (simulated)")
            simulator.drop("Office VPN")
            playwright.expect(page.locator("li", has_text="lost")).to_be_visible(timeout=20_000)
            playwright.expect(state).to_have_text("connected", timeout=20_000)
            assert errors == []
            browser.close()
        assert simulator.counts.open_ports == 0


# --- dial_board.py ---


def test_the_board_dials_and_hangs_up() -> None:
    pytest.importorskip("textual", reason="Textual is not installed")
    module = load("dial_board")

    async def use(client: ras.RasClient) -> None:
        app = module.Board(client)
        async with app.run_test() as pilot, client.watch() as changes:
            assert app.title == "<RasClient simulator simulated>"

            await pilot.press("d")
            await app.workers.wait_for_complete()
            assert app.table.get_row("Depot")[1] == "[red]676 ERROR_LINE_BUSY"

            await pilot.press("down", "d")
            assert (await anext(changes)).kind == "connected"
            await pilot.pause()
            assert app.table.get_row("Office VPN")[1].endswith("CONNECTED")

            await pilot.press("h")
            assert (await anext(changes)).kind == "disconnected"

            await pilot.press("d")
            assert (await anext(changes)).kind == "connected"

    with ras.Simulator(pace=0) as simulator:
        for entry in ("Depot", "Office VPN"):
            simulator.add_entry(entry)
        simulator.script("Depot", [ras.Step(ras.ConnectionState.OPEN_PORT), ras.Fail(676)])
        asyncio.run(use(ras.RasClient(simulator)))  # it ends with a connection up
        assert simulator.counts.open_ports == 0


# --- windows_service.py ---


class ServiceFramework:
    """Stands in for pywin32's: what the service manager does, as far as the example uses it."""

    def __init__(self, arguments: list[str]) -> None:
        self.reported: list[tuple[int, int]] = []

    def ReportServiceStatus(self, status: int, waitHint: int = 5000) -> None:  # noqa: N802, N803
        self.reported.append((status, waitHint))


@pytest.fixture
def simulator() -> Iterator[ras.Simulator]:
    with ras.Simulator(pace=0) as simulator:
        yield simulator
        assert simulator.counts.open_ports == 0


class EventLog:
    """Stands in for pywin32's servicemanager."""

    def __init__(self) -> None:
        self.infos: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.errors: list[str] = []
        self.LogInfoMsg = self.infos.put
        self.LogErrorMsg = self.errors.append


@pytest.fixture
def event_log(simulator: ras.Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> EventLog:
    """Stand-ins for what the example imports on Windows, and the entry in the phonebook of all users."""
    log = EventLog()
    monkeypatch.setitem(sys.modules, "servicemanager", log)
    monkeypatch.setitem(sys.modules, "win32service", SimpleNamespace(SERVICE_STOP_PENDING=3))
    monkeypatch.setitem(sys.modules, "win32serviceutil", SimpleNamespace(ServiceFramework=ServiceFramework))
    book = str(tmp_path / "rasphone.pbk")
    simulator.add_phonebook(book, all_users=True)
    simulator.add_entry("Office VPN", username="ada", password="right", phonebook=book)
    client = ras.RasClient(simulator)
    monkeypatch.setattr(ras, "default_client", lambda: client)
    monkeypatch.setattr(ras, "all_users_phonebook", lambda: book)
    monkeypatch.setattr(ras, "set_credentials", client.set_credentials)
    return log


def stored(module: ModuleType, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda prompt: "ada")
    monkeypatch.setattr("getpass.getpass", lambda: password)
    module.store()


def test_the_service_keeps_connected_until_it_is_stopped(
    event_log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load("windows_service")
    stored(module, "right", monkeypatch)
    service = module.KeepVpn(["KeepVpn"])
    running = threading.Thread(target=service.SvcDoRun)
    running.start()
    while "Office VPN: connected" not in event_log.infos.get(timeout=20):
        pass
    service.SvcStop()
    running.join(20)
    assert not running.is_alive()
    assert service.reported == [(3, 15_000)]
    assert event_log.errors == []


def test_the_service_logs_why_it_has_failed(event_log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load("windows_service")
    stored(module, "wrong", monkeypatch)
    with pytest.raises(ras.AuthenticationError):
        module.KeepVpn(["KeepVpn"]).SvcDoRun()
    assert len(event_log.errors) == 1
    assert "ERROR_AUTHENTICATION_FAILURE (691)" in event_log.errors[0]
