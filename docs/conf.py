"""How Sphinx builds these documents: `make docs`, every warning an error, nothing from the network."""

import rasdial_async

project = "rasdial_async"
author = "The rasdial_async developers"
copyright = author
release = version = rasdial_async.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"rasdial_async {release}"
html_static_path = ["images"]
html_copy_source = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

# Single backquotes in docstrings: a link where it is one of our names, else code.
default_role = "py:obj"

# Every :class: and :meth: has to lead somewhere; the standard library's own are told apart by their names.
nitpicky = True
nitpick_ignore_regex = [
    ("py:obj", ".*"),
    ("py:class", r"tuple\[.*|(asyncio|collections|datetime|enum|os|types|typing)\..*"),
    (
        "py:class",
        r"(rasdial_async\.)?(_|backends\.|events\.ConnectionInfo).*|OnPaused",
    ),  # inner types in signatures
]
