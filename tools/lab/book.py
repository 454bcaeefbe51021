# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Makes the course's book, a static site that opens from its folder with no network.

    .tools/book/bin/python tools/lab/book.py [--executed out/notebooks] [--notebooks notebooks] [--out out/book]

Its pages are notebooks/README.md, the executed notebooks (`notebooks run` leaves them in out/notebooks) and
notebooks/INSTRUCTOR.md. Solutions are folded away. A warning of Sphinx, a notebook that was not run to its
end and a page that loads anything from the network are errors: exit status 1. 2 means that something to
make the book of is not there.
"""

import argparse
import html.parser
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

from sphinx.cmd.build import main as sphinx

ROOT = pathlib.Path(__file__).resolve().parents[2]
INDEX = """

```{{toctree}}
:caption: Lessons
:hidden:
:maxdepth: 2

{lessons}
```

```{{toctree}}
:caption: Teaching
:hidden:

INSTRUCTOR
```
"""


class Failed(Exception):
    """What is wrong with the input: exit status 1."""


def unlink(text, pages, folders):
    """Leaves of a link to a file of the project that is no page of the book the text; a link to a file that
    is not there stays, and Sphinx complains of it."""

    def one(match):
        target = match[2].split("#")[0]
        page = pathlib.PurePosixPath(target).name
        if not target or re.match(r"[a-z]+:", target) or (target == page and page in pages):
            return match[0]
        return match[1] if any((folder / target).exists() for folder in folders) else match[0]

    return re.sub(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)", one, text)


def stage(name, notebook, pages, folders):
    """Folds solutions away, and refuses a notebook that did not run to its end."""
    for number, cell in enumerate(notebook["cells"], 1):
        source = "".join(cell["source"])
        where = f"{name}: cell {number} ({cell.get('id')})"
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code":
            if source.strip() and cell["execution_count"] is None:
                raise Failed(f"{where} was not run: run the notebooks first")
            for output in cell["outputs"]:
                # Lab draws Vega-Lite itself; here the picture beside it stands for it.
                output.get("data", {}).pop("application/vnd.vegalite.v5+json", None)
            failed = any(o["output_type"] == "error" for o in cell["outputs"])
            if failed != ("raises" in tags):
                raise Failed(f"{where} {'fails' if failed else 'should fail and does not'}")
            if "// BEGIN SOLUTION" in source:
                cell["metadata"]["tags"] = tags + ["hide-input"]
                cell["metadata"]["mystnb"] = {"code_prompt_show": "Show a solution", "code_prompt_hide": "Hide it"}
                lines = source.split("\n")
                source = "\n".join(s for s in lines if not re.match(r"\s*// (BEGIN SOLUTION|END SOLUTION|STUDENT)\b", s))
        else:
            source = unlink(source, pages, folders)
            source = source.replace("<!-- BEGIN SOLUTION -->", "<details><summary>Show a solution</summary>\n\n")
            source = source.replace("<!-- END SOLUTION -->", "\n\n</details>\n")
        cell["source"] = source
    # Jupyter's name of the language is what Pygments knows it by.
    notebook["metadata"]["language_info"] = {"name": "go", "pygments_lexer": "go", "file_extension": ".go"}
    return notebook


class Loads(html.parser.HTMLParser):
    """Collects what a page loads from the network; links that a reader may follow are none of it."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        loaded = [attrs.get(name) for name in ("src", "srcset", "data", "poster") if attrs.get(name)]
        if tag == "link" and attrs.get("rel") not in ("canonical", "author", "license"):
            loaded.append(attrs.get("href"))
        self.found += [f"<{tag}> {u}" for u in loaded if u and re.match(r"(?:https?:)?//", u)]


def check_offline(out):
    """Fails when a page, or a style sheet, loads something from elsewhere."""
    found = []
    for page in sorted(out.rglob("*.html")):
        parser = Loads()
        parser.feed(page.read_text())
        found += [f"{page.relative_to(out)}: {what}" for what in parser.found]
    for sheet in sorted(out.rglob("*.css")):
        urls = re.findall(r"(?:@import\s+|url\()\s*[\"']?((?:https?:)?//[^\"')\s]+)", sheet.read_text())
        found += [f"{sheet.relative_to(out)}: {url}" for url in urls]
    if found:
        raise Failed("the book loads from the network:\n  " + "\n  ".join(found))


def check_tables(out):
    """Fails when a table of an output is shown as its source."""
    for page in sorted(out.glob("*.html")):
        text = re.sub(r"<pre.*?</pre>", "", page.read_text(), flags=re.S)
        if re.search(r"\|\s*(?:—|---)\s*\|", text):
            raise Failed(f"{page.name} shows a table as text")


def read(path, original):
    """An executed notebook, if it is the original's as that stands now."""
    notebook = json.loads(path.read_text())
    code = [
        ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        for cells in (notebook["cells"], json.loads(original.read_text())["cells"])
    ]
    if code[0] != code[1]:
        raise Failed(f"{path.stem} has changed since it was run: run make notebooks again")
    return notebook


def build(args):
    readme = args.notebooks / "README.md"
    instructor = args.notebooks / "INSTRUCTOR.md"
    originals = sorted((args.notebooks / "solutions").glob("*.ipynb"))
    executed = [args.executed / path.name for path in originals]
    for path in (readme, instructor, *executed):
        if not path.is_file():
            hint = ": run make notebooks first" if path in executed else ""
            print(f"book: {path} is not there{hint}", file=sys.stderr)
            return 2
    if not executed:
        print(f"book: no notebooks in {args.notebooks / 'solutions'}", file=sys.stderr)
        return 2

    with tempfile.TemporaryDirectory(prefix="pinn-book-") as tmp:
        source = pathlib.Path(tmp) / "source"
        shutil.copytree(ROOT / "tools/lab/book", source)
        pages = {path.name for path in executed} | {instructor.name}
        folders = [args.notebooks, args.notebooks / "solutions"]
        for path, original in zip(executed, originals):
            notebook = stage(path.stem, read(path, original), pages, folders)
            (source / path.name).write_text(json.dumps(notebook))
        text = unlink(readme.read_text(), pages, folders)
        (source / "index.md").write_text(text + INDEX.format(lessons="\n".join(p.stem for p in executed)))
        (source / instructor.name).write_text(unlink(instructor.read_text(), pages, folders))

        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        os.environ["BOOK_TITLE"] = title[1] if title else "Physics-informed neural networks in Go"
        made = pathlib.Path(tmp) / "html"
        status = sphinx(["-q", "-W", "--keep-going", "-b", "html", "-d", f"{tmp}/doctrees", str(source), str(made)])
        if status != 0:
            return 1
        check_offline(made)
        check_tables(made)
        # The old book goes when the new one is whole.
        args.out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(args.out, ignore_errors=True)
        shutil.copytree(made, args.out, ignore=shutil.ignore_patterns(".buildinfo", "objects.inv"))
    print(f"book: {len(executed)} lessons: {args.out / 'index.html'}")
    return 0


def main():
    parser = argparse.ArgumentParser(description="Make the course's book of the executed notebooks.")
    parser.add_argument("--executed", type=pathlib.Path, default=ROOT / "out/notebooks")
    parser.add_argument("--notebooks", type=pathlib.Path, default=ROOT / "notebooks")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out/book")
    args = parser.parse_args()
    args.notebooks, args.executed = args.notebooks.resolve(), args.executed.resolve()
    try:
        return build(args)
    except Failed as e:
        print(f"book: {e}", file=sys.stderr)
        return 1


sys.exit(main())
