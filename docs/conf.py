"""How Sphinx builds these documents: `make docs`, every warning an error, nothing from the network."""

from sphinx.application import Sphinx

import rasdial_async

project = "rasdial_async"
author = "The rasdial_async developers"
copyright = author
release = version = rasdial_async.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
html_theme = "furo"
html_title = f"rasdial_async {release}"
html_copy_source = False

myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

# Single backquotes in docstrings: a link where it is one of our names, else code.
default_role = "py:obj"

# Every :class: and :meth: has to lead somewhere. Left out: other libraries, and inner types in signatures.
nitpicky = True
nitpick_ignore_regex = [
    ("py:obj", r".*"),
    ("py:class", r"(asyncio|collections|datetime|enum|opentelemetry|os|pytest|types|typing)\..*|tuple\[.*"),
    (
        "py:class",
        r"(rasdial_async\.)?(_|backends\.|events\.ConnectionInfo).*|OnPaused|AskCredentials|RedialChoice",
    ),
]


def setup(app: Sphinx) -> None:
    app.connect("autodoc-process-docstring", no_type_before_a_colon, priority=1)


def no_type_before_a_colon(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Napoleon takes the words before a colon in the first line of a property for its type."""
    if what == "property":
        lines[0] = lines[0].replace(": ", " \N{EN DASH} ")
