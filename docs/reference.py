"""Write docs/reference/*.md from the docstrings and the command line's help: `make reference`.

The same command puts the programs of examples/ into the pages that show them.

The pages are Markdown, so that they read the same on a code host and in the HTML that `make docs` builds.
tests/test_documents.py fails when they no longer match the code.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import rasdial_async

FOLDER = Path(__file__).parent / "reference"
PACKAGE = Path(inspect.getfile(rasdial_async)).parent
WIDTH = 96

# Page -> its title, its first sentence, and its names; "()" behind a class = users never construct it.
PAGES: dict[str, tuple[str, str, str]] = {
    "dialing": (
        "Dialing",
        "Begin a dial, follow it, answer it, and dial again.",
        """dial Dialing() DialEvent DialObserver DialOptions Redial Resume otel otel.instrument
        otel.uninstrument""",
    ),
    "connections": (
        "Connections",
        "The result of a dial, and the facts that RAS reports about it.",
        """Connection() ConnectionStatus() ConnectionStatistics() RunningTotals() IpProjection()
        Authentication ProjectionKind SubEntry() connection connections hang_up entries EntryName()
        devices Device()""",
    ),
    "watching": (
        "Watching and staying connected",
        "Follow connections as they come and go, and keep one up.",
        "watch Watch() ConnectionChange() ChangeKind keep_connected Keeper() KeeperChange() KeeperState",
    ),
    "errors": (
        "Errors",
        "The classes of errors, sorted by the action that mends them. `except DialError` around a dial "
        "catches every way in which it can fail.",
        """RasError DialError AuthenticationError AccountError CertificateError InteractionRequiredError
        LineError LineBusyError NoAnswerError NoCarrierError NoDialToneError PortError DeviceError
        PhonebookError ServerError ProtocolError TunnelError DialTimeoutError HungUpError
        BackendUnavailableError ConnectionGoneError error_from_code errors.known_codes
        errors.describe_code errors.ErrorCode()
        errors.dial_error""",
    ),
    "states": (
        "States",
        "RAS's own numbers, as enumerations.",
        "ConnectionState ConnectionSubState",
    ),
    "credentials": (
        "Credentials",
        "User names, passwords, keys and EAP identities.",
        """Credentials StoredPassword() CredentialKind get_credentials set_credentials delete_credentials
        eap_identity EapIdentity EapOptions""",
    ),
    "phonebooks": (
        "Phonebooks",
        "Entries through RAS, and `.pbk` files without RAS.",
        """Phonebook user_phonebook all_users_phonebook Entry EntryLink EntryType DialMode VpnProtocol
        VpnStrategy Encryption NetProtocols EntryOptions EntryOptions2 PhonebookFile() PhonebookEntry()
        phonebook.PhonebookSubEntry() phonebook.PhonebookLine()""",
    ),
    "autodial": (
        "AutoDial and countries",
        "Dials that the system begins by itself, and the countries of its dialing rules.",
        "AutoDial() AutoDialEntry AutoDialParameter countries Country()",
    ),
    "clients": (
        "Clients",
        "The same verbs over a backend of your choice.",
        "RasClient default_client doctor DoctorReport",
    ),
    "simulator": (
        "Simulator and tests",
        "The built-in RAS engine with scripted lines, and the fixtures of the pytest plugin.",
        """Simulator ScenarioError Step Login Pause Fail Silence Drop CallbackMode
        Recording RecordingError recording.Ending
        pytest_plugin.ras_simulator pytest_plugin.ras_client pytest_plugin.ras_line testing.Line()""",
    ),
}
MODULES = {"otel"}

SECTIONS = {
    "Args": "Arguments",
    "Attributes": "Attributes",
    "Returns": "Returns",
    "Yields": "Yields",
    "Raises": "Raises",
}


@dataclass
class Definition:
    """A class or function with its place in the source."""

    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    path: Path
    text: str

    def source(self, node: ast.AST) -> str:
        """Return the source text of a part of it, on one line."""
        return re.sub(r"\s*\n\s*", " ", ast.get_source_segment(self.text, node) or "")

    @property
    def doc(self) -> Docstring:
        return Docstring.parse(ast.get_docstring(self.node) or "")


@dataclass
class Docstring:
    """The text of a docstring, and the items of its sections."""

    text: str
    sections: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def parse(cls, doc: str) -> Docstring:
        parts = re.split(rf"^({'|'.join(SECTIONS)}):\n", doc, flags=re.MULTILINE)
        sections: dict[str, list[tuple[str, str]]] = {}
        text = parts[0]
        for title, part in zip(parts[1::2], parts[2::2], strict=True):
            inside = re.match(r"(?:    .*\n?|[ \t]*\n)*", part)
            assert inside is not None
            lines = inspect.cleandoc(inside[0])
            text += part[inside.end() :]
            if title in ("Returns", "Yields"):
                sections[title] = [("", lines)]
            else:
                items = re.split(r"^(\S[^:\n]*): ?", lines, flags=re.MULTILINE)
                pairs = zip(items[1::2], items[2::2], strict=True)
                sections[title] = [(name, inspect.cleandoc(f"    {words}")) for name, words in pairs]
        return cls(text.strip(), sections)


@functools.cache
def tree_of(path: Path) -> tuple[ast.Module, str]:
    text = path.read_text("utf-8")
    return ast.parse(text), text


def definition(module: ModuleType, name: str) -> Definition:
    """Return the definition of a name, also one of a class: "Dialing.hang_up"."""
    path = Path(inspect.getfile(module))
    tree, text = tree_of(path)
    body: list[ast.stmt] = tree.body
    found: Any = None
    for part in name.split("."):
        found = next(node for node in reversed(body) if getattr(node, "name", None) == part)
        body = found.body
    return Definition(found, path, text)


def public(name: str) -> tuple[Any, Definition]:
    """Return the object that users get under a name, and its definition."""
    *modules, last = name.split(".")
    owner = importlib.import_module(".".join(["rasdial_async", *modules])) if modules else rasdial_async
    thing = getattr(owner, last)
    if isinstance(thing, type) or inspect.isfunction(thing):
        return thing, definition(importlib.import_module(thing.__module__), thing.__qualname__)
    return thing, definition(owner, last)  # a fixture of pytest


def listed(page: str) -> list[tuple[str, bool]]:
    """Return the names of a page, each with whether users construct it."""
    return [(name.removesuffix("()"), not name.endswith("()")) for name in PAGES[page][2].split()]


# --- members of a class --------------------------------------------------------------------------


def members(cls: type) -> Iterator[tuple[str, Definition]]:
    """Yield the documented methods and properties, those of bases that have no entry of their own too."""
    seen = set()
    for base in cls.__mro__:
        if base is not cls and (
            base.__name__ in anchors() or not base.__module__.startswith("rasdial_async")
        ):
            continue
        module = importlib.import_module(base.__module__)
        for node in definition(module, base.__qualname__).node.body:
            name = getattr(node, "name", "_")
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not name.startswith("_"):
                known = definition(module, f"{base.__qualname__}.{name}")
                if name not in seen and known.doc.text:
                    yield name, known
                seen.add(name)


def is_property(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(
        getattr(one, "id", getattr(one, "attr", "")) in ("property", "cached_property") for one in decorators
    )


def fields(known: Definition) -> Iterator[tuple[str, str, str]]:
    """Yield name, source and docstring of each field or member of an enumeration."""
    body = known.node.body
    for node, after in zip(body, [*body[1:], None], strict=True):
        target: ast.expr | None = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
        if not isinstance(target, ast.Name) or target.id.startswith("_"):
            continue
        doc = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            doc = inspect.cleandoc(str(after.value.value))
        code = re.sub(r" = field\((?:default=([\w.\"]+))?.*\)$", r" = \1", known.source(node))
        yield target.id, code.removesuffix(" = "), doc


# --- Markdown ------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    """Return what code hosts, and MyST, link to a heading by."""
    return heading.lower().replace(".", "")


@functools.cache
def anchors() -> dict[str, str]:
    """Every name that has a heading, with the page and anchor of that heading."""
    found = {}
    for page in PAGES:
        for name, _ in listed(page):
            last = name.rpartition(".")[2]
            found[last] = found[name] = f"{page}.md#{anchor(name)}"
    return found


@functools.cache
def all_anchors() -> dict[str, str]:
    """The same with the methods of the classes."""
    found = dict(anchors())
    for page in PAGES:
        for name, _ in listed(page):
            if name in MODULES:
                continue
            thing, _known = public(name)
            if isinstance(thing, type):
                for member, known in members(thing):
                    if not is_property(known.node):
                        own = f"{thing.__name__}.{member}"
                        found[own] = f"{page}.md#{anchor(own)}"
    return found


class Writer:
    """Markdown of the docstrings of one class or function, with links to the other names."""

    def __init__(self, owner: str = "") -> None:
        self.owner = owner

    def link(self, name: str) -> str:
        target = all_anchors().get(f"{self.owner}.{name}") or all_anchors().get(name)
        if target is None and "." in name:
            target = anchors().get(name.partition(".")[0])
        own = name == self.owner
        return f"[`{name}`]({target})" if target and not own else f"`{name}`"

    def inline(self, text: str) -> str:
        """Return a paragraph of a docstring as Markdown."""
        pieces = re.split(r"(``.+?``|(?::\w+:)?`[^`]+`|https?://\S+)", text, flags=re.DOTALL)
        for i in range(1, len(pieces), 2):
            piece = pieces[i]
            if piece.startswith("``"):
                code = piece.strip("`")
                pieces[i] = self.link(code) if code in anchors() else f"`{code}`"
            elif piece.startswith("http"):
                url = piece.rstrip(".,:;")
                while url.endswith(")") and url.count("(") < url.count(")"):
                    url = url[:-1].rstrip(".,:;")
                pieces[i] = f"<{url}>{piece[len(url) :]}"
            else:
                pieces[i] = self.link(re.sub(r"^:\w+:", "", piece).strip("`~").removeprefix("rasdial_async."))
        for i in range(0, len(pieces), 2):
            pieces[i] = re.sub(r"([*<])", r"\\\1", pieces[i])
        return "".join(pieces)

    def text(self, text: str) -> str:
        """Return the text of a docstring as Markdown; an indented block after "::" becomes a fenced one."""
        text = re.sub(r"^=+ =+\n(.*?)^=+ =+$", self.table, text, flags=re.MULTILINE | re.DOTALL)
        parts = re.split(r"::\n\n((?:    .*\n|[ \t]*\n)+)", text + "\n")
        for i, part in enumerate(parts):
            if i % 2:
                block = inspect.cleandoc(part)
                language = (
                    "python" if re.search(r"^(from|import|async|await) ", block, re.MULTILINE) else "text"
                )
                parts[i] = f"\n\n```{language}\n{block}\n```\n\n"
            else:
                ending = ":" if i + 1 < len(parts) and part and not part.endswith("\n") else ""
                parts[i] = self.inline(part.rstrip("\n") if ending else part) + ending
        return re.sub(r"\n{3,}", "\n\n", "".join(parts)).strip()

    def table(self, rows: re.Match[str]) -> str:
        """Return the rows of two columns as a list."""
        return re.sub(r"^(\S+) +", r"- ``\1``: ", rows[1], flags=re.MULTILINE)

    def item(self, name: str, text: str) -> str:
        words = re.sub(r"\n", "\n  ", self.text(text))
        return f"- {name}: {words}" if words else f"- {name}"

    def sections(self, doc: Docstring, skip: tuple[str, ...] = ()) -> Iterator[str]:
        for title, items in doc.sections.items():
            if title in skip:
                continue
            if title in ("Returns", "Yields"):
                yield f"**{SECTIONS[title]}** {self.text(items[0][1])}"
            else:
                made = [
                    self.item(self.link(name) if title == "Raises" else f"`{name}`", words)
                    for name, words in items
                ]
                yield f"**{SECTIONS[title]}**\n\n" + "\n".join(made)


def own_arguments(known: Definition, shown: Definition) -> list[str]:
    """Return the keyword arguments that a function has beyond those of its method."""
    assert not isinstance(known.node, ast.ClassDef)
    assert not isinstance(shown.node, ast.ClassDef)
    names = [one.arg for one in shown.node.args.kwonlyargs]
    pairs = zip(known.node.args.kwonlyargs, known.node.args.kw_defaults, strict=True)
    return [argument(known, one, default) for one, default in pairs if one.arg not in names]


def signature(name: str, known: Definition, more: list[str] | None = None) -> str:
    """Return how it is called, one line or one line an argument."""
    node = known.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults)) + list(
        arguments.defaults
    )
    given = []
    for place, (one, default) in enumerate(zip(plain, defaults, strict=True)):
        if not (place == 0 and one.arg in ("self", "cls")):
            given.append(argument(known, one, default))
        if place + 1 == len(arguments.posonlyargs) and given:
            given.append("/")
    if arguments.vararg:
        given.append("*" + known.source(arguments.vararg))
    elif arguments.kwonlyargs:
        given.append("*")
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        given.append(argument(known, one, default))
    given += more or []
    if arguments.kwarg:
        given.append("**" + known.source(arguments.kwarg))
    prefix = "async def " if isinstance(node, ast.AsyncFunctionDef) else "def "
    if name.rpartition(".")[2] == "__init__":
        prefix, name = "class ", name.removesuffix(".__init__")
    returns = f" -> {known.source(node.returns)}" if node.returns and prefix != "class " else ""
    one_line = f"{prefix}{name}({', '.join(given)}){returns}"
    if len(one_line) <= WIDTH:
        return one_line
    return f"{prefix}{name}(\n" + "".join(f"    {one},\n" for one in given) + f"){returns}"


def argument(known: Definition, one: ast.arg, default: ast.expr | None) -> str:
    text = known.source(one)
    if default is None:
        return text
    return text + (" = " if one.annotation else "=") + known.source(default)


def source_link(known: Definition) -> str:
    path = known.path.relative_to(PACKAGE.parent).as_posix()
    return f"[{path}](../../{path})"


def fenced(code: str) -> str:
    return f"```python\n{code}\n```"


def function(name: str, known: Definition) -> Iterator[str]:
    last = name.rpartition(".")[2]
    write, doc = Writer(), known.doc
    yield f"## {name}"
    twin = getattr(rasdial_async.RasClient, last, None)
    node = known.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    shown = known
    if node.args.kwarg is not None and twin is not None:  # **options: those of the method, one by one
        shown = definition(importlib.import_module(twin.__module__), twin.__qualname__)
        options = shown.doc.sections.get("Args", [])
        own = [item for item in doc.sections.get("Args", []) if not item[0].startswith("*")]
        names = [name for name, _ in own]
        options = [item for item in options if item[0] not in names and not item[0].startswith("*")]
        doc.sections = {**doc.sections, "Args": own + options}
    yield fenced(signature(last, shown, [] if shown is known else own_arguments(known, shown)))
    yield write.text(doc.text)
    yield from write.sections(doc)
    yield f"Source: {source_link(known)}"


def class_(name: str, thing: type, known: Definition, *, constructed: bool) -> Iterator[str]:
    last = name.rpartition(".")[2]
    write, doc = Writer(last), known.doc
    yield f"## {name}"
    if constructed and any(getattr(node, "name", "") == "__init__" for node in known.node.body):
        module = importlib.import_module(thing.__module__)
        made_by = definition(module, f"{thing.__qualname__}.__init__")
        yield fenced(signature(f"{last}.__init__", made_by))
    bases = [base.__name__ for base in thing.__bases__ if base.__name__ in anchors()]
    if bases:
        yield "A kind of " + " and ".join(map(write.link, bases)) + "."
    yield write.text(doc.text)
    told = dict(doc.sections.get("Attributes", []))
    made = []
    for attribute, code, words in fields(known):
        made.append(write.item(f"`{code}`", told.pop(attribute, "") or words))
    made += [write.item(f"`{attribute}`", words) for attribute, words in told.items()]
    properties = [(member, one) for member, one in members(thing) if is_property(one.node)]
    for member, one in properties:
        returns = getattr(one.node, "returns", None)
        kind = f": {one.source(returns)}" if returns else ""
        made.append(write.item(f"`{member}{kind}`", one.doc.text))
    if made:
        yield "\n".join(made)
    yield from write.sections(doc, skip=("Attributes",))
    for member, one in members(thing):
        if not is_property(one.node):
            yield f"### {last}.{member}"
            yield fenced(signature(member, one))
            yield write.text(one.doc.text)
            yield from write.sections(one.doc)
    yield f"Source: {source_link(known)}"


def module(name: str) -> Iterator[str]:
    thing = importlib.import_module(f"rasdial_async.{name}")
    yield f"## {name}"
    yield Writer().text(inspect.getdoc(thing) or "")


def error_tree() -> str:
    """Return the tree that stands at the top of the module of errors."""
    doc = inspect.getdoc(importlib.import_module("rasdial_async.errors.tree")) or ""
    tree = re.search(r"^( *)Exception\n(?:\1.*\n)+", doc, re.MULTILINE)
    assert tree is not None
    return f"```text\n{inspect.cleandoc(tree[0])}\n```"


NOTE = "<!-- Made by `make reference` from the docstrings. Change those, not this page. -->"


def page(name: str) -> str:
    title, intro, _ = PAGES[name]
    parts = [f"# {title}", NOTE, intro]
    if name == "errors":
        parts.append(error_tree())
    parts.append(" · ".join(f"[{one}](#{anchor(one)})" for one, _ in listed(name)))
    for one, constructed in listed(name):
        if one in MODULES:
            parts += module(one)
            continue
        thing, known = public(one)
        if isinstance(known.node, ast.ClassDef):
            parts += class_(one, thing, known, constructed=constructed)
        else:
            parts += function(one, known)
    return "\n\n".join(part for part in parts if part) + "\n"


# --- the table of codes ---------------------------------------------------------------------------


def code_page() -> str:
    """Return the page of all error codes."""
    parts = [
        "# Error codes",
        NOTE,
        "Every code that the package knows. "
        '"Passes" means that the same call may '
        "succeed later. A code that is not here keeps its number and is a plain `RasError` or `DialError`.",
    ]
    rows = ["| code | symbol | class | passes | meaning | remedy |", "| --- | --- | --- | --- | --- | --- |"]
    for code in sorted(rasdial_async.errors.known_codes()):
        known = rasdial_async.errors.describe_code(code)
        number = f"0x{code:08X}" if code > 0x7FFFFFFF else str(code)
        name = known.error_class.__name__
        passes = "yes" if known.transient else "no"
        words = [text.replace("|", "\\|") for text in (known.message, known.hint or "")]
        rows.append(
            f"| {number} | {known.symbol} | [{name}]({anchors()[name]}) | {passes} | {' | '.join(words)} |"
        )
    return "\n\n".join([*parts, "\n".join(rows)]) + "\n"


# --- the command line ----------------------------------------------------------------------------


def command_page() -> str:
    """Return the page of commands: what each `--help` says, without a terminal's colors."""
    import click

    from rasdial_async.cli.main import cli

    parts = [
        "# Commands",
        NOTE,
        "Every command with its arguments and options. [The command line](../command-line.md) has the rest: "
        "exit codes, passwords, JSON and completion.",
    ]
    context = click.Context(cli, info_name="rasdial-async")
    parts += command(context, "## rasdial-async")
    for name in cli.list_commands(context):
        one = cli.get_command(context, name)
        assert one is not None
        inner = click.Context(one, parent=context, info_name=name)
        parts += command(inner, f"## rasdial-async {name}")
        if isinstance(one, click.Group):
            for below in one.list_commands(inner):
                found = one.get_command(inner, below)
                assert found is not None
                parts += command(
                    click.Context(found, parent=inner, info_name=below), f"### rasdial-async {name} {below}"
                )
    return "\n\n".join(part for part in parts if part) + "\n"


def command(context: Any, heading: str) -> Iterator[str]:
    usage = " ".join(context.command.collect_usage_pieces(context))
    yield heading
    yield f"```text\n{context.command_path} {usage}\n```"
    yield re.sub(r"([*<])", r"\\\1", inspect.cleandoc(context.command.help or "").replace("\b\n", ""))
    options = []
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and "--help" not in parameter.opts:
            options.append(f"- `{record[0]}`: {record[1]}" if record[1] else f"- `{record[0]}`")
    if options:
        yield "\n".join(options)


def pages() -> dict[Path, str]:
    """Return every page of the reference: where it belongs, and its text."""
    made = {FOLDER / f"{name}.md": page(name) for name in PAGES}
    made[FOLDER / "codes.md"] = code_page()
    made[FOLDER / "commands.md"] = command_page()
    return made


SHOWN = re.compile(r"^(\[examples/(\w+\.py)\]\(\S+\):\n\n```python\n)(.*?)^```$", re.MULTILINE | re.DOTALL)


def programs() -> dict[Path, str]:
    """Return every page that shows a whole program, with the program as it is in examples/."""
    folder = FOLDER.parent
    made = {}
    for path in folder.rglob("*.md"):
        text = path.read_text("utf-8")
        if SHOWN.search(text):
            made[path] = SHOWN.sub(lambda shown: f"{shown[1]}{program(shown[2])}```", text)
    return made


def program(name: str) -> str:
    return (FOLDER.parent.parent / "examples" / name).read_text("utf-8")


if __name__ == "__main__":
    for path, text in {**pages(), **programs()}.items():
        path.write_text(text, "utf-8", newline="\n")
