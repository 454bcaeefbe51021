# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""The course as a book: Sphinx's configuration. tools/lab/book.py prepares the pages and calls Sphinx."""

import importlib.util
import os
import pathlib

project = os.environ["BOOK_TITLE"]
author = "The PINN Repro Authors"
extensions = ["myst_nb", "sphinx.ext.mathjax"]

# The notebooks come executed.
nb_execution_mode = "off"
nb_render_markdown_format = "myst"  # outputs have tables, and formulas
# Go with GoNB's own lines (%%, %noautoget, !command) is not quite Go: it is coloured all the same.
suppress_warnings = ["misc.highlighting_failure"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 4

html_theme = "furo"
html_title = project
html_copy_source = html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
html_css_files = ["book.css"]
html_js_files = ["book.js"]

# MathJax in one file, and formulas as SVG: no fonts to load, so the book opens from a folder with no
# network. The extensions that it would fetch when they are needed (mhchem, physics …) are in the file.
mathjax_path = "tex-svg-full.js"
mathjax3_config = {
    "options": {"enableMenu": False},
    "svg": {"fontCache": "global", "mtextInheritFont": True},
}
_mathjax = pathlib.Path(importlib.util.find_spec("sphinx-mathjax-offline").origin).parent / "static/mathjax"
html_static_path = [str(_mathjax / mathjax_path), "book.css", "book.js"]
