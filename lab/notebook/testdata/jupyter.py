# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Writes jupyter.ipynb with Jupyter's own nbformat (5.11.1): what Encode must equal, byte for byte.

python -m pip install nbformat==5.11.1 && python lab/notebook/testdata/jupyter.py
"""

import pathlib

import nbformat
from nbformat import v4

cells = [
    v4.new_markdown_cell("# Üben: β ≤ 40\n\n$u_t + \\beta u_x = 0$ <b>&amp;</b>\n", id="00-00"),
    v4.new_code_cell("%noautoget\r\nimport \"fmt\"\rx", id="00-01", metadata={"tags": ["figure", "raises"], "trusted": True}),
    # Where str.splitlines splits, and what json.dumps escapes.
    v4.new_code_cell("a\vb\fc\x1cd\x1de\x1ef\x85g\u2028h\u2029i\tj\x01k\x7fl\"m\\n/o\U0001f600", id="00-02", execution_count=3),
    v4.new_code_cell("", id="00-03", metadata={"n": [1, -7, 12345678901234567890, 1.0, 0.1, 1e-05, 0.0001, 1e16, 123456789012345.6, 1e22, -2.5e-300],
                                               "empty": [{}, []], "yes": True, "no": False, "null": None}),
    v4.new_raw_cell("raw", id="00-04"),
    v4.new_markdown_cell("![x](attachment:x.svg)", id="00-05", attachments={"x.svg": {"image/svg+xml": "<svg>\n</svg>"}}),
]
cells[2].outputs = [
    v4.new_output("stream", name="stdout", text="one\ntwo\n"),
    v4.new_output("stream", name="stderr", text=""),
    v4.new_output("display_data", data={
        "text/plain": "p\nq", "text/html": "<p>\n</p>\n", "image/png": "iVBORw0K\nGgo=\n", "image/svg+xml": "<svg>\n</svg>\n",
        "application/vnd.vegalite.v5+json": {"b": [1, 2.0], "a": "x\ny"}, "application/json": ["x", "y"],
    }, metadata={"image/png": {"width": 300}}),
    v4.new_output("execute_result", data={"text/latex": "$x$"}, execution_count=3),
    v4.new_output("error", ename="ERROR", evalue="exit status 1", traceback=["a\nb", "\x1b[31mred\x1b[0m"]),
]
nb = v4.new_notebook(cells=cells, metadata={
    "kernelspec": {"name": "gonb", "display_name": "Go (gonb)", "language": "go"}, "zebra": 1, "Zoo": 2, "orig_nbformat": 4})
nbformat.validate(nb)
nbformat.write(nb, pathlib.Path(__file__).with_name("jupyter.ipynb"))
