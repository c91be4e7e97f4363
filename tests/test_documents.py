"""The documents: their programs run on the simulator, their links lead somewhere, the reference is whole."""

from __future__ import annotations

import ast
import asyncio
import importlib.util
import inspect
import operator
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from types import ModuleType, SimpleNamespace

import click
import pytest
from click.testing import CliRunner
from support import ROOT

import rasdial_async
from rasdial_async import RasClient, Simulator, errors
from rasdial_async.cli.app import App
from rasdial_async.cli.commands.rasdial import rasdial
from rasdial_async.cli.display import records
from rasdial_async.cli.main import COMMANDS, cli
from rasdial_async.client import default_is

pytest.importorskip("sybil", reason="sybil, of the dependency group dev, finds the code blocks")

from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PACKAGE = Path(rasdial_async.__file__).parent
ASYNCIO_SAYS = {"no running event loop"}
PAGES = sorted(
    path.relative_to(ROOT)
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]
    if path.parent != REFERENCE  # made by docs/reference.py
)
DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for folder in ("", "docs", "examples", "benchmarks", "rasdial_async/_native")
    for path in (ROOT / folder).glob("**/*.md" if folder else "*.md")
)
# The text of each program that a page shows as a whole.
PROGRAMS = {path.name: path.read_text("utf-8") for path in (ROOT / "examples").rglob("*.py")}


class Blocks:
    """Runs the blocks of one page, one after the other, with the same names; `await` works at their top."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner

    def __call__(self, example: Example) -> None:
        if str(example.parsed) in PROGRAMS.values():  # tests/test_examples.py runs it
            return
        source = "\n" * example.parsed.line_offset + str(example.parsed)
        where = f"{example.path}:{example.line}"
        code = compile(source, where, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        running = eval(code, example.namespace)
        if inspect.iscoroutine(running):
            self._runner.run(asyncio.wait_for(running, 20))


class Signal:
    """Of Qt."""

    def __init__(self) -> None:
        self._slots: list[Callable[[], object]] = []

    def connect(self, slot: Callable[[], object]) -> None:
        self._slots.append(slot)

    def emit(self) -> None:
        for slot in self._slots:
            slot()


class QApplication:
    """Stands in for Qt's, as far as the documents use it."""

    aboutToQuit = Signal()  # noqa: N815

    def __init__(self, arguments: list[str]) -> None: ...


class QPushButton:
    """Stands in for Qt's, and for a person who presses it and closes the window once it is connected."""

    shown: QPushButton

    def __init__(self, text: str) -> None:
        self.clicked = Signal()
        self.text = text

    def show(self) -> None:
        QPushButton.shown = self
        self.clicked.emit()

    def setText(self, text: str) -> None:  # noqa: N802
        self.text = text
        if text == "CONNECTED":
            QApplication.aboutToQuit.emit()


STAND_INS = {
    "PySide6.QtWidgets": SimpleNamespace(QApplication=QApplication, QPushButton=QPushButton),
    "qasync": SimpleNamespace(run=asyncio.run),
}


@pytest.fixture
def lines() -> Iterator[Simulator]:
    """A simulator under the default client, with the entries that the documents speak of."""
    with Simulator(pace=0.02) as simulator, default_is(simulator):
        simulator.add_entry("Office VPN")
        simulator.add_entry("Home broadband", device="WAN Miniport (PPPOE)")
        simulator.add_entry("dsl", device="WAN Miniport (PPPOE)")
        simulator.add_entry("Depot", device="Standard Modem")
        yield simulator


def shown_commands() -> list[str]:
    """Each `rasdial-async …` that the pages show, in a block of a shell or in a sentence."""
    found = []
    for page in PAGES:
        text = (ROOT / page).read_text("utf-8")
        for block in re.findall(r"^```(?:sh|powershell)$(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            found += re.findall(r"^(?:\S*[/\\])?(rasdial-async.*)$", block, re.MULTILINE)
        found += re.findall(r"`(rasdial-async [^`]+)`", text)
    return sorted(set(found))


def test_commands_are_found() -> None:
    assert len(shown_commands()) > 15


@pytest.mark.parametrize("command", shown_commands())
def test_a_command_that_is_shown_is_taken(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read, and not run: some would run until Ctrl-C."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "failed.jsonl").touch()
    for name in COMMANDS:
        found = cli.get_command(click.Context(cli), name)
        for one in (found, *getattr(found, "commands", {}).values()):
            monkeypatch.setattr(one, "callback", lambda **given: None)
    monkeypatch.setattr(rasdial, "callback", lambda **given: None)
    arguments = shlex.split(command, comments=True)[1:]
    result = CliRunner().invoke(cli, arguments, obj=App(open_client=lambda backend: RasClient("simulator")))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_blocks_of_a_page_run(
    page: Path, lines: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "from fastapi import" in (ROOT / page).read_text("utf-8"):
        pytest.importorskip("fastapi", reason="FastAPI is not installed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROGRAMDATA", str(tmp_path))
    for name, stand_in in STAND_INS.items():
        monkeypatch.setitem(sys.modules, name, stand_in)
    with asyncio.Runner(debug=True) as runner:
        sybil = Sybil([CodeBlockParser("python", Blocks(runner))], path=str(ROOT))
        document = sybil.parse(ROOT / page)
        document.namespace.update(ras=rasdial_async, asyncio=asyncio, lines=lines)
        for example in document.examples():
            example.evaluate()
    assert lines.counts.connections == 0, "the page leaves a connection behind"
    assert lines.counts.open_ports == 0


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


def test_the_reference_has_every_public_name_once() -> None:
    pages = reference().PAGES
    listed = [name.removesuffix("()") for page in pages for name in pages[page][2].split()]
    ours = [name for name in listed if "." not in name and name not in reference().MODULES]
    assert sorted(ours) == sorted(rasdial_async.__all__)


def test_the_reference_is_what_the_docstrings_say() -> None:
    made = reference().pages()
    assert {path.name for path in made} == {path.name for path in REFERENCE.glob("*.md")}
    old = [path.name for path, text in made.items() if path.read_text("utf-8") != text]
    assert old == [], "run `make reference`"


def test_the_programs_on_the_pages_are_the_examples() -> None:
    made = reference().programs()
    assert len(made) >= 3
    old = [path.name for path, text in made.items() if path.read_text("utf-8") != text]
    assert old == [], "run `make reference`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_a_document_reads_as_plain_markdown(document: Path) -> None:
    """On a code host there is no Sphinx: a directive would show as an empty box, raw HTML as text."""
    text = (ROOT / document).read_text("utf-8")
    assert re.findall(r"^[`:]{3,}\{.*", text, re.MULTILINE) == []
    assert re.findall(r"^ *<(?!!--|https?:)\S*", without_code(text), re.MULTILINE) == []


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


CLAUSES = {"What", "Who", "Whose", "Whom", "Whether", "Those", "That", "Nobody", "Somebody", "Where", "How"}


def test_a_docstring_opens_with_a_noun_or_a_verb() -> None:
    clauses = []
    folders = ("rasdial_async", "tests", "tools", "benchmarks", "examples", "docs")
    for path in [path for folder in folders for path in (ROOT / folder).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                doc = ast.get_docstring(node) or ""
                if doc.split(maxsplit=1)[:1] and doc.split(maxsplit=1)[0] in CLAUSES:
                    clauses.append(f"{path.relative_to(ROOT)}: {doc.splitlines()[0]}")
    assert clauses == []


def headings(path: Path) -> set[str]:
    """The anchors of a page, as code hosts make them."""
    found = re.findall(r"^#+ (.+)$", without_code(path.read_text("utf-8")), re.MULTILINE)
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in found]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_the_links_of_a_document_lead_somewhere(document: Path) -> None:
    text = without_code((ROOT / document).read_text("utf-8"))
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", text)
    for target, anchor in links:
        path = (ROOT / document).parent / target if target else ROOT / document
        assert path.exists(), target
        if anchor:
            assert anchor in headings(path), f"{target}#{anchor}"


def test_the_names_that_the_pages_speak_of_exist() -> None:
    """`ras.dial`, `ras.Credentials.stored` and the like; ras.h is the header."""
    text = "".join((ROOT / page).read_text("utf-8") for page in PAGES)
    for name in set(re.findall(r"(?<![\w/.-])ras\.(\w+(?:\.\w+)*)", text)) - {"h"}:
        operator.attrgetter(name)(rasdial_async)


def test_every_page_is_in_the_contents_and_on_the_first_page() -> None:
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")} - {"index"}
    conf = (DOCS / "conf.py").read_text("utf-8")
    first = (DOCS / "index.md").read_text("utf-8")
    assert {page for page in pages if f"({page}.md)" not in first} == set()
    assert {page for page in pages if f'"{page.removeprefix("reference/")}"' not in conf
            and f'"{page}"' not in conf} == set()  # fmt: skip


def test_the_codes_on_the_page_of_troubles_are_named_as_in_the_table() -> None:
    page = (DOCS / "troubleshooting.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (\w+) \|.*\| (yes|no) \|$", page, re.MULTILINE)
    assert len(rows) > 20
    for code, symbol, passes in rows:
        known = errors.describe_code(int(code))
        assert (known.symbol, "yes" if known.transient else "no") == (symbol, passes)


def test_the_messages_on_the_page_of_troubles_are_those_of_the_package() -> None:
    page = (DOCS / "troubleshooting.md").read_text("utf-8")
    table = page.partition("## By message")[2].partition("## By code")[0]
    messages = re.findall(r"^\| `([a-z][^`]+)` \|", table, re.MULTILINE)
    assert len(messages) > 5
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    assert [one for one in messages if one not in source and one not in ASYNCIO_SAYS] == []


def test_the_functions_that_the_page_of_the_callback_names_are_where_it_says() -> None:
    page = (DOCS / "how-a-callback-travels.md").read_text("utf-8")
    named = re.findall(r"`([\w.]+)`\s+\(\[\w+\.\w+\]\((\S+)\)\)", page)
    assert len(named) > 20
    for name, target in named:
        last = name.rpartition(".")[2]
        assert re.search(rf"\b{last}\b", (DOCS / target).read_text("utf-8")), f"{name} is not in {target}"


def test_the_figures_of_the_readme_are_those_of_the_page() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    told = readme.partition("## How long the callback")[2].partition("\n## ")[0]
    figures = (DOCS / "figures.md").read_text("utf-8")
    found = re.findall(r"\b(?:1/[\d,]*\d|0\.\d+)\b", told)
    assert len(found) >= 2
    assert [one for one in found if f"| {one} |" not in figures] == []


def test_the_page_of_the_command_line_has_every_key_of_every_json_object() -> None:
    page = (DOCS / "command-line.md").read_text("utf-8")
    [identity] = re.findall(r"^The identity of a connection is (.+?)\.$", page, re.MULTILINE | re.DOTALL)
    told = {}
    for kind, keys in re.findall(r"^\| `(\w+)` \|.+\|(.+)\|$", page, re.MULTILINE):
        text = re.sub(r"\(.*?\)", "", keys).replace("the identity", identity)
        told[kind] = sorted(re.findall(r"`(\w+)`", text))
    assert told == dict(made_records())


def made_records() -> Iterator[tuple[str, list[str]]]:
    """The kind and the further keys of each object, as the source makes them."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(records))) if isinstance(node, ast.Call)]
    identity = [str(key.value) for key in ast.walk(ast.parse(inspect.getsource(records._identity)))
                if isinstance(key, ast.Constant)]  # fmt: skip
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == "_record":
            keys = [[keyword.arg] if keyword.arg else identity for keyword in call.keywords]
            kind = call.args[0]
            assert isinstance(kind, ast.Constant)
            yield str(kind.value), sorted(chain.from_iterable(keys))
