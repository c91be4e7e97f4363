"""What the documents show runs, on the simulator; the reference is complete."""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
from pathlib import Path
from typing import Any

import pytest

import rasdial_async
from rasdial_async import RasClient, Simulator

pytest.importorskip("sybil", reason="sybil, of the dependency group dev, finds the code blocks")

from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(ROOT) for path in [ROOT / "README.md", *DOCS.rglob("*.md")])
NOT_OURS = {"rasdial.exe"}


class Blocks:
    """Runs the blocks of one page, one after the other, with the same names; `await` works at their top."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner

    def __call__(self, example: Example) -> None:
        source = "\n" * example.parsed.line_offset + str(example.parsed)
        where = f"{example.path}:{example.line}"
        code = compile(source, where, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        running = eval(code, example.namespace)
        if inspect.iscoroutine(running):
            self._runner.run(asyncio.wait_for(running, 20))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A simulator under the default client, with the entries that the documents speak of."""
    with Simulator(pace=0.02) as simulator:
        simulator.add_entry("Office VPN")
        simulator.add_entry("Home broadband", device="WAN Miniport (PPPOE)")
        simulator.add_entry("Depot", device="Standard Modem")
        monkeypatch.setattr(rasdial_async.client, "_default", (os.getpid(), RasClient(simulator)))
        yield simulator


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_blocks_of_a_page_run(
    page: Path, lines: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with asyncio.Runner(debug=True) as runner:
        sybil = Sybil([CodeBlockParser("python", Blocks(runner))], path=str(ROOT))
        document = sybil.parse(ROOT / page)
        document.namespace.update(ras=rasdial_async, asyncio=asyncio, lines=lines)
        for example in document.examples():
            example.evaluate()
    assert lines.counts.connections == 0, "the page leaves a connection behind"
    assert lines.counts.open_ports == 0
