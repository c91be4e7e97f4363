"""A timeline as a picture: SVG, or a page of HTML with the picture and its numbers."""

from __future__ import annotations

import colorsys
import math
import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from .spans import Row, Span

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _BAR = 960, 190, 24, 34, 46, 22
_FAILED, _CONNECTED, _HUNG_UP = "#cc3311", "#117733", "#777777"
_STYLE = """
svg { background: #ffffff; color: #222222; font: 13px system-ui, sans-serif; }
svg text { fill: currentColor; } svg line { stroke: currentColor; stroke-opacity: 0.2; }
svg text.in { fill: #000000; font-size: 11px; } svg text.small { font-size: 11px; fill-opacity: 0.7; }
@media (prefers-color-scheme: dark) { svg, body { background: #1b1b1b; color: #dddddd; } }
"""
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 14px system-ui, sans-serif; margin: 2em; }}
table {{ border-collapse: collapse; margin: 1em 0; }}
caption {{ text-align: left; font-weight: bold; white-space: nowrap; }}
td, th {{ padding: 0.1em 1em 0.1em 0; text-align: left; }} td + td {{ text-align: right; }}
</style>
<h1>{title}</h1>
{svg}
{tables}
</html>
"""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write the picture as a file; the file name says which kind.

    Raises:
        OSError: The file can't be written.
    """
    path.write_text(html(rows) if path.suffix.lower() == ".html" else svg(rows), encoding="utf-8")


def svg(rows: Sequence[Row]) -> str:
    """Return a row for each dial, all on one scale, with a colored span for each state."""
    states = list(dict.fromkeys(span.name for row in rows for span in row.spans))
    colors = {name: _color(number) for number, name in enumerate(states)}
    longest = max((row.seconds for row in rows), default=0.0) or 1.0
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    bottom = _TOP + len(rows) * _ROW
    legend = list(_legend(colors, bottom + 30))
    height = bottom + 30 + (len(colors) + 4) // 5 * 20 + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img">',
        f"<title>{_title(rows)}</title>",
        f"<style>{_STYLE}</style>",
        *_axis(longest, scale, bottom),
    ]
    for number, row in enumerate(rows):
        parts += _row(row, _TOP + number * _ROW, scale, colors)
    return "\n".join([*parts, *legend, "</svg>", ""])


def html(rows: Sequence[Row]) -> str:
    """Return the page: the picture, and a table for each row."""
    tables = "\n".join(_table(row) for row in rows)
    return _PAGE.format(title=_title(rows), svg=svg(rows), tables=tables)


def _color(number: int) -> str:
    """Return the color of a state. The golden section keeps neighbors apart, however many there are."""
    rgb = colorsys.hls_to_rgb(number * 0.618034 % 1, 0.65, 0.6)
    return "#" + "".join(f"{round(255 * part):02x}" for part in rgb)


def _title(rows: Sequence[Row]) -> str:
    simulated = " (simulated)" if any(row.simulated for row in rows) else ""
    return f"Where the time of the dials went{simulated}"


def _axis(longest: float, scale: float, bottom: int) -> Iterator[str]:
    power = 10.0 ** math.floor(math.log10(longest))
    step = next(power * factor for factor in (0.2, 0.5, 1, 2) if longest <= 8 * power * factor)
    for number in range(int(longest / step) + 1):
        x = _LEFT + number * step * scale
        yield f'<line x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{bottom}"/>'
        yield f'<text class="small" x="{x:.1f}" y="{_TOP - 14}">{number * step:g} s</text>'


def _row(row: Row, top: int, scale: float, colors: dict[str, str]) -> Iterator[str]:
    middle = top + _BAR / 2 + 5
    title = f"<title>{_text(row.title)}</title>"
    yield f'<g><text x="8" y="{middle}">{_text(_short(row.title, 24))}{title}</text>'
    for span in row.spans:
        yield from _span(span, top, scale, colors[span.name])
    x = _LEFT + row.seconds * scale
    color = _FAILED if row.code else _CONNECTED if row.outcome == "connected" else _HUNG_UP
    yield f'<line x1="{x:.1f}" y1="{top - 4}" x2="{x:.1f}" y2="{top + _BAR + 4}" ' + (
        f'style="stroke: {color}; stroke-opacity: 1; stroke-width: 3"/>'
    )
    told = f"{'✘ ' if row.code else ''}{row.outcome}, {row.seconds:.3f} s"
    told += ", simulated" if row.simulated else ""
    anchor = "start" if x < _WIDTH / 2 else "end"
    place = f'x="{x:.1f}" y="{top + _BAR + 15}" text-anchor="{anchor}"'
    yield f'<text class="small" {place}>{_text(told)}</text></g>'


def _span(span: Span, top: int, scale: float, color: str) -> Iterator[str]:
    x, width = _LEFT + span.start * scale, span.seconds * scale
    yield (
        f'<rect x="{x:.1f}" y="{top}" width="{max(width, 0.5):.1f}" height="{_BAR}" fill="{color}">'
        f"<title>{_text(span.name)}: {span.seconds:.3f} s</title></rect>"
    )
    if width > 7 * len(span.name):
        yield f'<text class="in" x="{x + 4:.1f}" y="{top + 15}">{_text(span.name)}</text>'


def _legend(colors: dict[str, str], top: int) -> Iterator[str]:
    for number, (name, color) in enumerate(colors.items()):
        x, y = 8 + number % 5 * 188, top + number // 5 * 20
        yield f'<rect x="{x}" y="{y - 10}" width="12" height="12" fill="{color}"/>'
        yield f'<text class="small" x="{x + 18}" y="{y}">{_text(name)}</text>'


def _table(row: Row) -> str:
    lines = [f"<table><caption>{_text(row.title)}: {_text(row.outcome)}</caption>"]
    lines += [
        f"<tr><td>{_text(span.name)}</td><td>{span.seconds:.3f} s</td>"
        f"<td>{span.seconds / row.seconds:.0%}</td></tr>"
        for span in row.spans
    ]
    return "\n".join([*lines, "</table>"])


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _text(text: str) -> str:
    """Escape a text for XML, which cannot hold control characters and lone surrogates."""
    return escape(_NO_XML.sub("\ufffd", text))
