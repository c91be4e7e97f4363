"""The pictures of the program at work in docs/images, made by the program itself: `make pictures`.

The live dial runs in a terminal of its own; what stands there at some moment becomes an SVG. The
real links are dialed in the PPP lane. The timeline is what `dial --timeline` draws.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

IMAGES = Path(__file__).parent / "images"
PROGRAM = Path(sys.executable).with_name("rasdial-async")
PHONEBOOK = Path(__file__).parent.parent / "rasdial_async" / "cli" / "demo.pbk"
WIDTH, HEIGHT = 100, 30
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)  # they would come from another site


def screen_when(words: str, *arguments: str) -> pyte.Screen:
    """Return what the program's terminal shows as soon as these words are there, or when the program ends."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.ByteStream(screen)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "", "PYTHONUTF8": "1"}
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    program = subprocess.Popen([PROGRAM, *arguments], env=environment, start_new_session=True, **streams)
    os.close(theirs)
    while not any(words in line for line in screen.display):
        try:
            stream.feed(os.read(ours, 65536))
        except OSError:  # the program has ended
            break
    program.send_signal(signal.SIGINT)
    program.wait()
    os.close(ours)
    return screen


def shown(screen: pyte.Screen) -> Text:
    lines = []
    for row in range(HEIGHT):
        line = Text()
        for column in range(WIDTH):
            cell = screen.buffer[row][column]
            color = None if cell.fg == "default" else cell.fg.replace("brown", "yellow")
            line.append(cell.data, Style(color=color, bold=cell.bold))
        line.rstrip()
        lines.append(line)
    while lines and not lines[-1].plain:
        lines.pop()
    return Text("\n").join(lines)


def draw(text: Text, title: str, target: Path) -> None:
    console = Console(record=True, width=WIDTH, file=io.StringIO(), legacy_windows=False)
    console.print(text, end="")
    svg = console.export_svg(title=title, unique_id=target.stem)
    target.write_text(FONTS.sub("", svg), "utf-8")


def draw_timeline(target: Path) -> None:
    """Two dials side by side, one of which takes too long."""
    lines = ("--backend", "simulator", "--phonebook", PHONEBOOK, "--timeout", "1.2")
    dial = ("dial", "Home broadband", "Office VPN", *lines, "--timeline", target)
    subprocess.run([PROGRAM, *dial], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def draw_links(target: Path) -> None:
    """Real links: `make demo-ppp`, whose lines tell what happens as it happens."""
    make = subprocess.run(["make", "--silent", "demo-ppp"], stdout=subprocess.PIPE, text=True, check=True)
    draw(Text.from_ansi(make.stdout), "make demo-ppp", target)


if __name__ == "__main__":
    draw(shown(screen_when("Authenticate (attempt 2)", "demo")), "rasdial-async demo", IMAGES / "live.svg")
    draw_links(IMAGES / "links.svg")
    draw_timeline(IMAGES / "timeline.svg")
