"""The verdict of a diagnosis: the checks in words, with a way out of each fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .report import Answer, Check

SEND = (
    "For a bug report send this whole report, the steps that lead to the fault, and the output of "
    "`rasdial-async dial ENTRY -vv`. The report holds no password, user name or server address; it does name "
    "entries and devices."
)


def verdict(checks: Sequence[Check], *, windows: bool) -> tuple[str, ...]:
    """Return the conclusions from the checks."""
    answers = {(check.section, check.name): check.answer for check in checks if not check.problem}
    found = [*_broken(checks), *(_windows(answers) if windows else _posix(answers)), *_dial(answers, checks)]
    return (*(found or ["Nothing stands out."]), SEND)


def _broken(checks: Sequence[Check]) -> Iterator[str]:
    for check in checks:
        if check.problem.startswith(("it crashed", "it ended the process")):
            yield f"{check.section}, {check.name}: {check.problem}. The RAS library or a driver is broken."
        elif check.problem.startswith("it did not return"):
            yield f"{check.section}, {check.name}: {check.problem}. The service behind the call hangs."
        elif (check.section, check.name) == ("library", "opened") and check.problem:
            yield f"The RAS library can't be opened: {check.problem}"


def _windows(answers: Mapping[tuple[str, str], Answer]) -> Iterator[str]:
    if answers.get(("library", "simulated")):
        yield "The RAS library examined here is the simulator: it dials no real line."
    elif answers.get(("system", "Wine")):
        yield "This is Wine, not Windows: its rasapi32.dll does not dial."
    if answers.get(("python", "from the Microsoft Store")):
        yield (
            "This Python is from the Microsoft Store, which by its documentation redirects writes below "
            "%APPDATA%: it may use another phonebook than Windows. Install Python from python.org."
        )
    service = answers.get(("services", "RasMan"))
    if isinstance(service, dict) and service["start"] == "disabled":
        yield "The service RasMan is disabled, and nothing can be dialed: set its start type to manual."
    if answers.get(("library", "devices")) == []:
        yield "RAS has no devices: it is damaged on this machine, or its drivers are missing."
    missing = answers.get(("library", "functions missing"))
    if missing and isinstance(missing, list):
        yield f"{len(missing)} functions are missing; only the verbs that need them fail."
    if answers.get(("library", "entries")) == []:
        yield "There are no entries to dial: create one, or name a phonebook."


def _posix(answers: Mapping[tuple[str, str], Answer]) -> Iterator[str]:
    yield (
        "This system has no RAS of its own. The built-in simulator dials no real line; real links need pppd, "
        "or a library with the ABI of ras.h."
    )
    if answers.get(("simulator", "dial")) == "connected":
        yield "The simulator works."
    else:
        yield "The simulator does not work here, which is a fault of this package."
    if not answers.get(("pppd", "program")):
        yield "pppd is not installed: the package ppp of the distribution has it."
    elif not answers.get(("pppd", "/dev/ppp")):
        yield "pppd is installed, but the kernel offers no /dev/ppp: load the module ppp_generic."
    elif not answers.get(("account", "root")) and answers.get(("pppd", "member of dip")) is not True:
        yield "pppd is installed, but this account may not dial: it is neither root nor in the group dip."
    else:
        yield "pppd is installed, and this account may dial."


def _dial(answers: Mapping[tuple[str, str], Answer], checks: Sequence[Check]) -> Iterator[str]:
    dialed = [check for check in checks if check.section == "dial"]
    if not dialed:
        return
    for check in dialed:
        if check.problem:
            yield (
                f"The dial broke off: {check.name}: {check.problem}. It may have connected: look with "
                "`rasdial-async status`, and hang up."
            )
    returned = answers.get(("dial", "RasDialW"))
    if isinstance(returned, dict) and returned["returns"]:
        yield f"RasDialW refused the dial: {returned['returns']} {returned['symbol']}."
    events = [check.answer for check in dialed if check.name == "callback" and isinstance(check.answer, dict)]
    if events and events[-1]["error"]:
        yield f"The dial failed with {events[-1]['error']} in {events[-1]['state']}."
    elif events and events[-1]["state"] == "RASCS_Connected":
        yield "The dial connected."
    elif isinstance(returned, dict) and not returned["returns"]:
        yield "The dial did not end: RAS reported neither a connection nor an error in time."
    if answers.get(("dial", "callbacks with an unknown message")):
        yield "RAS called back with a message other than WM_RASDIALEVENT."
    if answers.get(("dial", "handle released")) is False:
        yield "The handle was not released after RasHangUpW: the connection may still be up."
