"""The report of a diagnosis: checks with their answers, and a verdict, as text or as JSON."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Answer = str | int | float | bool | None | Sequence["Answer"] | Mapping[str, "Answer"]


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer.

    Attributes:
        section: The subject, such as "library".
        name: The question.
        answer: The answer; None where there is none.
        milliseconds: The time that the answer took.
        problem: The reason why there is no answer; "" for an answer.
    """

    section: str
    name: str
    answer: Answer = None
    milliseconds: float = 0.0
    problem: str = ""

    def as_dict(self) -> dict[str, Answer]:
        """Return the check as a JSON object."""
        return {
            "section": self.section,
            "name": self.name,
            "answer": self.answer,
            "milliseconds": round(self.milliseconds, 3),
            "problem": self.problem,
        }


def timed(section: str, name: str, ask: Callable[[], Answer]) -> Check:
    """Ask, and return the check. An exception is the check's problem: the report goes on."""
    begun = time.perf_counter()
    answer: Answer = None
    problem = ""
    try:
        answer = ask()
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    return Check(section, name, answer, (time.perf_counter() - begun) * 1000, problem)


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """The answer of :func:`rasdial_async.doctor`. ``str(report)`` is the text for a bug report.

    Attributes:
        checks: All checks, in the order in which they were made.
        verdict: The conclusions, a sentence or two each.
    """

    checks: tuple[Check, ...]
    verdict: tuple[str, ...]

    def answer(self, section: str, name: str) -> Answer:
        """Return one answer; None where the check was not made, or has no answer."""
        return next((one.answer for one in self.checks if (one.section, one.name) == (section, name)), None)

    def as_dict(self) -> dict[str, Answer]:
        """Return the report as a JSON object."""
        return {"checks": [check.as_dict() for check in self.checks], "verdict": list(self.verdict)}

    def __str__(self) -> str:
        lines: list[str] = []
        section = ""
        for check in self.checks:
            if check.section != section:
                section = check.section
                lines += ["", f"[{section}]"]
            took = f"  ({check.milliseconds:.0f} ms)" if check.milliseconds >= 100 else ""
            if check.problem:
                lines.append(f"{check.name}: no answer: {_one_line(check.problem)}{took}")
            elif isinstance(check.answer, list):
                lines.append(f"{check.name}: {len(check.answer)}{took}")
                lines += [f"  {_text(item)}" for item in check.answer]
            else:
                lines.append(f"{check.name}: {_text(check.answer)}{took}")
        return "\n".join([*lines[1:], "", "[verdict]", *self.verdict, ""])


def _text(answer: Answer) -> str:
    if isinstance(answer, dict):
        return ", ".join(f"{key} {_text(value)}" for key, value in answer.items())
    if isinstance(answer, list):
        return " ".join(map(_text, answer)) or "none"
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return "-" if answer is None or answer == "" else _one_line(str(answer))


def _one_line(text: str) -> str:
    return " ".join(text.split())
