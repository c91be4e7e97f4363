"""The pictures of the program at work in docs/images, made by the program itself: `make pictures`.

It runs in a terminal of its own; what stands there after some seconds becomes an SVG.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

IMAGES = Path(__file__).parent / "images"
PROGRAM = Path(sys.executable).with_name("rasdial-async")
WIDTH, HEIGHT = 84, 30
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)  # they would come from another site


def screen_after(seconds: float, *arguments: str) -> pyte.Screen:
    """What the program's terminal shows after so many seconds."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.ByteStream(screen)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "", "PYTHONUTF8": "1"}
    program = subprocess.Popen(
        [PROGRAM, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and select.select([ours], [], [], left)[0]:
        try:
            stream.feed(os.read(ours, 65536))
        except OSError:  # the program has ended
            break
    program.send_signal(signal.SIGINT)
    program.wait()
    os.close(ours)
    return screen


def draw(screen: pyte.Screen, title: str, target: Path) -> None:
    lines = []
    for row in range(HEIGHT):
        line = Text()
        for column in range(WIDTH):
            cell = screen.buffer[row][column]
            colour = None if cell.fg == "default" else cell.fg.replace("brown", "yellow")
            line.append(cell.data, Style(color=colour, bold=cell.bold))
        line.rstrip()
        lines.append(line)
    while lines and not lines[-1].plain:
        lines.pop()
    console = Console(record=True, width=WIDTH, file=io.StringIO(), legacy_windows=False)
    console.print(Text("\n").join(lines), end="")
    svg = console.export_svg(title=title, unique_id=target.stem)
    target.write_text(FONTS.sub("", svg), "utf-8")


if __name__ == "__main__":
    draw(screen_after(2.5, "demo"), "rasdial-async demo", IMAGES / "live.svg")
