"""Runs the cells of a page, in the reader's browser or in any Python, and says what they show.

The live edition (:mod:`claimbook.live`) has this module in a worker beside the page. A `Session`
keeps the variables of one page. `Fetcher` brings a package the moment that code imports it, so that
a reader waits for those alone that a cell needs. What charts and tables look like is left to
:mod:`claimbook.figure`, as in the book.
"""

import ast
import base64
import importlib
import io
import json
import linecache
import logging
import posixpath
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any, cast

from markupsafe import Markup, escape

from claimbook import figure, svg
from claimbook.markup import filled, script_json
from claimbook.mend import patched
from claimbook.payload import ChartPayload

# Number of the cell, kind of the message (state, text, html, error), content.
Tell = Callable[[int, str, str], None]

MOST_TEXT = 200_000  # letters that a cell may print: an endless loop must not fill the page
_OFTEN = 0.1  # seconds between two messages of what a cell prints
_TYPES = {"csv": "text/csv", "svg": "image/svg+xml", "png": "image/png"}


# ---- Packages, as they are imported ----


class Fetcher:
    """A finder for ``sys.meta_path`` that fetches a package when it is first imported.

    Parameters
    ----------
    packages
        By name of the package: ``file``, ``size``, the names under which it is ``import``-ed, the
        shared libraries that it ``needs`` (packages without such names).
    folder
        Where packages are unpacked; a folder of ``sys.path``.
    host
        Its method ``fetch`` fetches a file by name and returns its path, ``link`` loads a shared
        library from its path, ``progress`` is told what is being loaded.
    """

    def __init__(self, packages: Mapping[str, Mapping[str, Any]], folder: Path, host: Any) -> None:
        self._packages, self._folder, self._host = packages, folder, host
        self._waiting = {m: name for name, package in packages.items() for m in package["imports"]}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Fetch what a module is in, once no other finder has found it."""
        if name not in self._waiting:
            return None
        self._load(self._waiting[name])
        importlib.invalidate_caches()
        return PathFinder.find_spec(name, path, target)

    def _load(self, name: str) -> None:
        package = self._packages[name]
        for library in package["needs"]:
            self._load(library)
        # Out of the list first: to unpack, Python may import more.
        self._waiting = {m: n for m, n in self._waiting.items() if n != name}
        self._host.progress(f"Loading {name} ({package['size'] / 1e6:.1f} MB) …")
        archive = Path(self._host.fetch(package["file"]))
        with zipfile.ZipFile(archive) as content:
            content.extractall(self._folder)
            for part in [] if package["imports"] else content.namelist():
                self._host.link(str(self._folder / part))
        archive.unlink()
        self._host.progress("Running …")


# ---- Cells ----


class Session:
    """The variables of a page, and what of its cells has run with them.

    Parameters
    ----------
    tell
        Is told what happens: the number of a cell, what it is about and the content. ``state`` is
        running, done or failed; ``text`` is what the cell prints; ``html`` what it shows; ``error``
        the traceback.
    href
        The address of a source that a chart names, seen from the page.
    rows
        The address of the rows behind a mark, by their references; "" for none.
    """

    def __init__(self, tell: Tell, href: figure.Href, rows: figure.RowsHref) -> None:
        self._tell, self._href, self._rows = tell, href, rows
        self.reset()

    def reset(self) -> None:
        """Forget all variables."""
        self.ran: dict[int, str] = {}
        self.names: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}

    def run(self, cells: Sequence[str], number: int) -> None:
        """Run a cell, and before it those that bind what it uses and have not run as they stand."""
        for earlier in needed(cells, number):
            if self.ran.get(earlier) != cells[earlier] and not self._run(earlier, cells[earlier]):
                self._tell(number, "error", f"Not run: cell {earlier + 1}, which it needs, failed.")
                self._tell(number, "state", "failed")
                return
        self._run(number, cells[number])

    def _run(self, number: int, source: str) -> bool:
        self.ran.pop(number, None)
        self._tell(number, "state", "running")
        out = _Printed(lambda text: self._tell(number, "text", text))

        def display(*values: Any) -> None:
            """Show values as the last line of a cell is shown."""
            out.flush()
            for value in values:
                self._tell(number, "html", shown(value, self._href, self._rows))

        self.names["display"] = display
        try:
            with redirect_stdout(out), redirect_stderr(out):
                value = _execute(f"<cell {number + 1}>", source, self.names)
                if value is not None:
                    display(value)
                display(*_open_figures())
        except BaseException as error:  # noqa: BLE001 - whatever a reader's code raises is shown
            out.flush()
            self._tell(number, "error", _traceback(error))
            self._tell(number, "state", "failed")
            return False
        out.flush()
        self.ran[number] = source
        self._tell(number, "state", "done")
        return True


def needed(cells: Sequence[str], number: int) -> list[int]:
    """Return the numbers of the earlier cells that bind a name that a cell, or one of these, uses.

    Parameters
    ----------
    cells
        The code of all cells of the page.
    number
        The place of the cell, from 0.

    Examples
    --------
    >>> needed(["import a", "b = 1", "c = a.x", "print(c)"], 3)
    [0, 2]
    """
    wanted, _ = _names(cells[number])
    found = []
    for earlier in range(number - 1, -1, -1):
        used, bound = _names(cells[earlier])
        if bound & wanted:
            found.append(earlier)
            wanted |= used
    return found[::-1]


def _names(source: str) -> tuple[set[str], set[str]]:
    """Return the names that code uses and those that it binds or changes; none if it is no Python.

    A call that changes its object, such as ``items.append(1)``, is not seen as a change.
    """
    used: set[str] = set()
    bound: set[str] = set()
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return used, bound
    for node in ast.walk(tree):
        match node:
            case ast.Name(ctx=ast.Load()):
                used.add(node.id)
            case ast.Name():
                bound.add(node.id)
            case ast.Import() | ast.ImportFrom():
                bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.add(node.name)
            case ast.AugAssign(target=ast.Name(id=name)):
                used.add(name)
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                bound |= {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
    return used, bound


def _execute(name: str, source: str, names: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last line, where that is an expression to be shown."""
    # Where a traceback finds the lines.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    # Not ast.parse: a traceback would begin in there.
    tree: Any = compile(source, name, "exec", ast.PyCF_ONLY_AST)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), names)  # noqa: S102
    if last is None:
        return None
    value = eval(compile(ast.Expression(last.value), name, "eval"), names)  # noqa: S307
    return None if source.rstrip().endswith(";") else value


def _traceback(error: BaseException) -> str:
    """Write an error as Python does, without the lines that lead to the cell."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))


class _Printed(io.TextIOBase):
    """What a cell prints, handed on now and then."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._waiting, self._left = tell, "", MOST_TEXT
        self._last = time.monotonic()

    def write(self, text: str) -> int:
        if self._left > 0:
            self._waiting += text[: self._left]
            self._left -= len(text)
            if self._left <= 0:
                self._waiting += "\n[The rest is left out.]\n"
        if time.monotonic() - self._last > _OFTEN:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self._waiting:
            self._tell(self._waiting)
        self._waiting, self._last = "", time.monotonic()


# ---- What a value looks like ----


def shown(value: Any, href: figure.Href, rows: figure.RowsHref) -> str:
    """Return a value as HTML, as the book shows it.

    Parameters
    ----------
    value
        What a cell ends with, or displays.
    href
        Gives the address of a source of a chart, None where there is none.
    rows
        Gives the address of the rows that a mark of a chart stands for.
    """
    if isinstance(value, type):
        return _output("text", escape(repr(value)))
    if type(value).__module__.startswith("plotly.") and hasattr(value, "to_json"):
        drawing = json.loads(value.to_json())
        title = drawing["layout"].get("title", {}).get("text") or "drawn by this cell"
        return _output("plotly", script_json(drawing), title=title)
    if hasattr(value, "savefig"):  # of Matplotlib
        drawn = io.StringIO()
        value.savefig(drawn, format="svg", bbox_inches="tight")
        return _output("svg", svg.inline(drawn.getvalue(), f"drawing-{id(value)}"))
    data = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else {}
    if figure.MIME in data:
        chart = cast("ChartPayload", data[figure.MIME])
        files = {
            kind: f"data:{_TYPES[kind]};base64,{base64.b64encode(content).decode()}"
            for kind, content in figure.chart_files(chart).items()
        }
        return _output("chart", figure.figure_html(chart, files=files, href=href, rows=rows))
    if figure.TABLE_MIME in data:
        return str(data[figure.TABLE_MIME]["html"])
    html = value._repr_html_() if hasattr(value, "_repr_html_") else None
    if html is not None:
        return _output("html", html)
    return _output("text", escape(repr(value)))


def _output(kind: str, content: str, **words: str) -> str:
    """Set what a cell shows, which is markup or escaped, as its kind is set."""
    html = Markup(content)  # noqa: S704 (a reader's own, in the reader's browser)
    return patched(str(filled("output.html", kind=kind, content=html, **words)))


def _open_figures() -> list[Any]:
    """Take the figures that pyplot has open, as a notebook shows them below the cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
    pyplot.close("all")
    return figures


# ---- In a worker ----


def start(settings: str, page: str, host: Any) -> Session:
    """Begin a session in the worker ``host`` (live-worker.js).

    ``settings`` is the file of the site that :mod:`claimbook.live` has written, ``page`` what it
    has written into the page, both as JSON.
    """
    site, here = json.loads(settings), json.loads(page)
    folder = Path(next(path for path in sys.path if path.endswith("site-packages")))
    packages = site["packages"]
    sys.meta_path.append(Fetcher(packages, folder, host))
    # That it makes its list of fonts anew is no news for a reader.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    pages = {anchor: page for page, anchors in site["rows"].items() for anchor in anchors}

    def place(ref: str) -> tuple[str, str] | None:
        # A row of the record has its kind and its id as its anchor.
        anchor = ref.replace("cite:", "source:").replace(":", "-", 1)
        return (pages[anchor], anchor) if anchor in pages else None

    def address(page: str) -> str:
        return posixpath.relpath(f"{page}.html", posixpath.dirname(here["name"]) or ".")

    return Session(host.tell, *figure.linkers(place, address))
