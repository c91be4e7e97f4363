"""Sphinx's settings for these documents: `make docs`, every warning an error, nothing from the network."""

import re

from sphinx.application import Sphinx

import rasdial_async

project = "rasdial_async"
author = "The rasdial_async developers"
copyright = author
release = version = rasdial_async.__version__

extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"rasdial_async {release}"
html_copy_source = False

myst_heading_anchors = 3

CONTENTS = {
    "": ["tutorial", "how-to/vpn-from-zero", "how-to/pppoe-from-zero", "how-to/dial-on-linux"],
    "How to": [
        "how-to/cancel-and-time-out",
        "how-to/redial",
        "how-to/change-address",
        "how-to/watch-and-alert",
        "how-to/paused-states",
        "how-to/services-and-certificates",
        "windows",
        "how-to/test-without-ras",
        "how-to/scenario-file",
        "how-to/log-and-trace",
        "how-to/inside-other-programs",
        "how-to/simulator-as-a-library",
        "how-to/move-from-win32ras",
        "how-to/move-from-dotras",
    ],
    "When it goes wrong": ["troubleshooting", "common-mistakes", "faq"],
    "Reference": [
        "command-line",
        "reference/commands",
        *(
            f"reference/{page}"
            for page in ["dialing", "connections", "watching", "errors", "codes", "states"]
        ),
        *(f"reference/{page}" for page in ["credentials", "phonebooks", "autodial", "clients", "simulator"]),
    ],
    "Background": ["how-a-callback-travels", "promises", "figures", "windows-lane"],
}


def setup(app: Sphinx) -> None:
    app.connect("source-read", add_contents)
    app.connect("source-read", offer_files)


def add_contents(app: Sphinx, page: str, source: list[str]) -> None:
    """Add the tables of contents to the first page: code hosts would show them as code."""
    if page == "index":
        for title, pages in CONTENTS.items():
            caption = [f":caption: {title}"] if title else []
            source[0] += "\n".join(["", "```{toctree}", ":hidden:", *caption, "", *pages, "```", ""])


def offer_files(app: Sphinx, page: str, source: list[str]) -> None:
    """Make a link to a Markdown file outside this folder a download: Sphinx has no page of it."""
    top = "../" * (page.count("/") + 1)
    source[0] = re.sub(rf"\]\(({top}[^)#]+\.md)(#[^)]*)?\)", r"](path:\1)", source[0])
