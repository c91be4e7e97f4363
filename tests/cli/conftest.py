"""The command line over a simulator of the test, so that a test can dial first and ask the program after."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from support import DATA

from rasdial_async import Connection, RasClient, Simulator
from rasdial_async.cli.app import App
from rasdial_async.cli.main import cli

CLEAN = {"RASDIAL_BACKEND": None, "RASDIAL_PASSWORD": None, "TERM": "xterm-256color", "COLUMNS": "80"}


@pytest.fixture(scope="session")
def phonebooks() -> Path:
    return DATA / "phonebooks"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(pace=0, release_delay=0) as simulator:
        simulator.add_entry("Office VPN", username="ada", password="s3cret", phone_number="vpn.example")
        simulator.add_entry("Home")
        yield simulator


@pytest.fixture
def client(simulator: Simulator) -> RasClient:
    return RasClient(simulator)


class Program:
    """Runs the command line in this process over one client."""

    def __init__(self, client: RasClient) -> None:
        self.client = client
        self.open_client: Callable[[str | None], RasClient] = lambda backend: self.client

    def __call__(
        self,
        *arguments: str,
        live: bool = False,
        charset: str = "utf-8",
        env: dict[str, str | None] | None = None,
        stdin: str | None = None,
    ) -> Result:
        runner = CliRunner(charset=charset, env={**CLEAN, **(env or {})})
        app = App(open_client=self.open_client, live=live)
        result = runner.invoke(cli, arguments, obj=app, input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*arguments, "--json").stdout.splitlines()]

    def dial(self, *entries: str) -> list[Connection]:
        async def dial() -> list[Connection]:
            return [await self.client.dial(entry, username="ada", password="s3cret") for entry in entries]

        return asyncio.run(dial())


@pytest.fixture
def program(client: RasClient) -> Program:
    return Program(client)
