"""Random programs for the second RAS library: what RAS may do, and rarely does."""

from __future__ import annotations

import random

MAX_LENGTH = 250  # an entry name has 256 characters at most
STATES = (0, 1, 2, 3, 4, 5, 7, 9, 0xA, 0xD, 0xE, 0x11, 0x77)
"""States that end nothing and pause nothing; the last one is unknown to ras.h."""
FAILURES = (691, 676, 678, 619, 718, 629)
REFUSAL = 753


def make_program(rng: random.Random, tag: int, attempts: int) -> str:
    """The entry name of a dial, one program for each attempt."""
    while True:
        parts = [_attempt(rng) for _ in range(attempts)]
        name = f"#{tag} {' / '.join(parts)}"
        if len(name) <= MAX_LENGTH:
            return name
        attempts = max(1, attempts - 1)


def _pause(rng: random.Random) -> list[str]:
    """None, short, or long enough for the loops, threads and users to do something else."""
    longest = rng.choices((0, 1_000, 10_000, 60_000), (50, 30, 15, 5))[0]
    return [f"pause:{rng.randint(1, longest)}"] if longest else []


def _habits(rng: random.Random) -> list[str]:
    """The behavior of the line as long as it lives."""
    words = []
    for chance, word in (
        (0.2, f"slow:{rng.randint(1, 20_000)}"),
        (0.3, f"free:{rng.randint(1, 30_000)}"),
        (0.1, f"ask:{rng.randint(1, 5_000)}"),
        (0.1, "unsure"),
        (0.04, f"once:{REFUSAL}"),
        (0.3, "new"),
    ):
        if rng.random() < chance:
            words.append(word)
    return words


def _ending(rng: random.Random) -> tuple[list[str], list[str]]:
    """The callback that ends the dial, and what comes after it."""
    kind = rng.choices(("connects", "fails", "disconnects", "stays"), (60, 20, 10, 10))[0]
    if kind == "connects":
        after = rng.choice(
            [
                [],
                [],
                ["dead"],
                ["dead"],
                ["status:2001"],
                ["2001"],
                ["2001!619"],
                ["6!619"],
                ["status:2001", *_pause(rng), "dead"],
            ]
        )
        return ["2000"], [*_pause(rng), *after]
    if kind == "fails":
        return [f"{rng.choice(STATES):x}!{rng.choice(FAILURES)}"], []
    if kind == "disconnects":
        return [rng.choice(["2001", f"2001!{rng.choice(FAILURES)}"])], []
    # Nothing in the ABI tells a late state from the first one of the next dial with that handle.
    return ["hungup"], rng.choice([[], ["6!619"], ["2001"]])


def _attempt(rng: random.Random) -> str:
    if rng.random() < 0.04:
        return " ".join([*_pause(rng), "nothing", f"return:{rng.choice((633, 623, 619))}", "|"])
    last, after = _ending(rng)
    events = [[f"{rng.choice(STATES):x}"] for _ in range(rng.randint(0, 5))]
    stays = last == ["hungup"]
    if not stays:
        events.append(last)
    inside = min(len(events), rng.choices((0, 1, 2, 9), (45, 20, 20, 15))[0])
    words = _habits(rng)
    if rng.random() < 0.5:
        words += [*_pause(rng), "take"]
    stores = rng.randint(0, inside) if rng.random() < 0.5 else None
    for number, event in enumerate(events[:inside]):
        if number == stores:
            words.append("handle")
        words += [*_pause(rng), *event]
    if stores == inside:
        words.append("handle")
    words += _pause(rng)
    if rng.random() < 0.04 and stores is not None:
        words.append(f"return:{rng.choice((633, 619))}")
    elif rng.random() < 0.2:
        words.append(f"linger:{rng.randint(1, 20_000)}")
    words.append("|")
    for event in events[inside:]:
        words += [*_pause(rng), *event]
    if stays:
        words += ["late", *last]
    return " ".join([*words, *after])
