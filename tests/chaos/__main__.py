"""Play random rounds over the second RAS library, or repeat one that was saved: `make chaos`."""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support import odd_ras  # noqa: E402
from support.odd_ras.log import Happening, Record  # noqa: E402

from chaos.rounds import Outcome, Stage, play, warm_up  # noqa: E402 - from the folder above
from chaos.variants import VARIANTS, run  # noqa: E402

FOLDER = ROOT / "build" / "chaos"
TRIES = 5
"""A finding depends on what threads do between two records too: so often it is looked for again."""


def save(outcome: Outcome) -> Path:
    """Write a file for --replay, and beside it one for people."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{outcome.seed}.json"
    tags = sorted({record.tag for record in outcome.log if record.tag})
    path.write_text(json.dumps({"seed": outcome.seed, "tags": tags, "log": outcome.log}), encoding="utf-8")
    lines = [*outcome.findings, "", *outcome.story, "", *map(str, outcome.log), ""]
    path.with_suffix(".txt").write_text("\n".join(lines), encoding="utf-8")
    return path


def load(path: Path) -> tuple[int, frozenset[int], list[Record]]:
    """Seed, users and log of a round that was saved."""
    saved = json.loads(path.read_text(encoding="utf-8"))
    log = [Record(one[0], Happening(one[1]), *one[2:]) for one in saved["log"]]
    return saved["seed"], frozenset(saved["tags"]), log


def report(outcome: Outcome) -> None:
    path = save(outcome).relative_to(ROOT)
    print(f"\nround {outcome.seed}: {len(outcome.findings)} findings, python tests/chaos --replay {path}")
    for text in outcome.findings:
        print(f"  {text}")
    sys.stdout.flush()


class Player:
    """Plays round after round; a library that is not at rest after a round is left behind."""

    def __init__(self, folder: Path, stage: Stage) -> None:
        self._library = odd_ras.build(folder)
        self._stage = stage
        self._stage.odd = odd_ras.Odd(self._library)
        self.rounds = self.dials = self.found = 0

    def play(self, seed: int) -> Outcome:
        faulthandler.dump_traceback_later(20 * self._stage.limit, exit=True)
        outcome = play(self._stage, seed)
        faulthandler.cancel_dump_traceback_later()
        self.rounds += 1
        self.dials += outcome.dials
        self.found += bool(outcome.findings)
        if not outcome.at_rest:
            copy = self._library.with_stem(f"another-{self.rounds}")
            self._stage.odd = odd_ras.Odd(Path(shutil.copy(self._library, copy)))
        return outcome

    def repeat(self, seed: int, tags: frozenset[int], order: list[Record]) -> Outcome | None:
        """Return the first of several repetitions that has a finding."""
        self._stage.only = tags
        self._stage.order = [record for record in order if record.tag in tags]
        for _ in range(TRIES):
            outcome = self.play(seed)
            print(
                f"{len(outcome.findings)} findings, {outcome.skips} records did not come in time", flush=True
            )
            if outcome.findings:
                return outcome
        return None

    def shrink(self, seed: int, tags: frozenset[int], order: list[Record]) -> Outcome | None:
        """Leave out one user after the other, for as long as there still is a finding."""
        smallest = self.repeat(seed, tags, order)
        for tag in sorted(tags):
            fewer = self.repeat(seed, tags - {tag}, order) if smallest is not None else None
            if fewer is not None:
                smallest, tags, order = fewer, tags - {tag}, fewer.log
                print(f"without user {tag}: {len(tags)} users left", flush=True)
        return smallest


def main() -> int:
    parser = argparse.ArgumentParser(prog="python tests/chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to play (default: 60)")
    parser.add_argument("--seed", type=int, help="the first round; the next ones count on (default: random)")
    parser.add_argument("--rounds", type=int, default=sys.maxsize, help="how many rounds at most")
    parser.add_argument("--limit", type=float, default=5.0, help="seconds that nothing may take longer than")
    parser.add_argument("--no-fork", action="store_true", help="never fork")
    parser.add_argument("--keep-going", action="store_true", help="play on after a finding")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="repeat a round in the order of its log")
    parser.add_argument("--shrink", type=Path, metavar="FILE", help="repeat it with as few users as possible")
    parser.add_argument("--variant", choices=VARIANTS, default="plain", help="a sanitizer for the extension")
    options = parser.parse_args()
    if options.variant != "plain":
        arguments = list(sys.argv[1:])
        place = arguments.index("--variant")
        return run(options.variant, arguments[:place] + arguments[place + 2 :])
    faulthandler.enable()
    warm_up()
    # Windows deletes no library that is loaded.
    with tempfile.TemporaryDirectory(prefix="rasdial-chaos-", ignore_cleanup_errors=True) as folder:
        forks = sys.platform != "win32" and not options.no_fork
        player = Player(Path(folder), Stage(options.limit, forks))
        if options.replay or options.shrink:
            repeated = (player.shrink if options.shrink else player.repeat)(
                *load(options.shrink or options.replay)
            )
            if repeated is not None:
                report(repeated)
            return 1 if repeated is not None else 0
        seed = random.SystemRandom().randrange(1 << 31) if options.seed is None else options.seed
        print(f"first round: {seed}", flush=True)
        started = time.monotonic()
        while player.rounds < options.rounds and time.monotonic() - started < options.seconds:
            outcome = player.play(seed + player.rounds)
            if outcome.findings:
                report(outcome)
                if not options.keep_going:
                    break
        seconds = time.monotonic() - started
    print(f"{player.rounds} rounds, {player.dials} dials, {player.found} with findings, {seconds:.0f} s")
    return 1 if player.found else 0


if __name__ == "__main__":
    sys.exit(main())
