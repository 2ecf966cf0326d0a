"""Execute the chapters side by side, while Sphinx reads them one after another.

Most of a build's time goes into the chapters' kernels. All chapters that are about to be read and
are not in the cache are executed in a thread of their own, by as many kernels as there are
processors; Sphinx waits before each page for that page alone, and myst-nb then finds it in the
cache. Once a chapter fails, it and what is left are not in the cache: myst-nb runs them and tells
of the error as it always does.
"""

import asyncio
import math
import os
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_client.manager import AsyncKernelManager
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.util import logging

_LOGGER = logging.getLogger(__name__)
# A kernel would warn that it talks over TCP, as all of them do, on this machine alone. It lives for
# seconds, and to look for garbage takes a sixth of them.
_OPTIONS = ["--log-level=ERROR", "--IPKernelApp.exec_lines=import gc; gc.disable()"]


def setup(app: Sphinx) -> None:
    """Begin before the first page is read, and before what else is done then."""
    execution = _Execution()
    app.connect("env-before-read-docs", execution.begin, priority=100)
    app.connect("source-read", execution.wait)


class _Chapter:
    """A chapter under execution, with the promise to say whether it went well."""

    def __init__(self, path: Path, notebook: NotebookNode) -> None:
        self.path, self.notebook = path, notebook
        self.executed: Future[bool] = Future()


class _Execution:
    """Begins with all chapters and gives them out one by one."""

    def __init__(self) -> None:
        self.chapters: dict[str, _Chapter] = {}

    def begin(self, _app: Sphinx, env: Any, docnames: list[str]) -> None:
        config = env.mystnb_config
        if config.execution_mode != "cache":
            return
        read = ((name, read_notebook(env, name)) for name in docnames)
        notebooks = {name: notebook for name, notebook in read if notebook}
        # Pages without code first, then the longest: so that no kernel is left running alone at
        # the end, and Sphinx reads in the order in which chapters are done.
        length = {name: len(notebook.cells) for name, notebook in notebooks.items()}
        docnames.sort(key=lambda name: -length.get(name, math.inf))
        cache = get_cache(config.execution_cache_path)
        self.chapters = {
            name: _Chapter(Path(env.doc2path(name)), notebooks[name])
            for name in docnames
            if name in notebooks and not _is_cached(cache, notebooks[name])
        }
        if self.chapters:
            _LOGGER.info("executing %d chapters", len(self.chapters))
            task = _execute_all(list(self.chapters.values()), config.execution_timeout)
            # A daemon, so that a build that fails or is stopped does not wait for it.
            Thread(target=asyncio.run, args=(task,), daemon=True).start()

    def wait(self, app: Sphinx, docname: str, _source: list[str]) -> None:
        chapter = self.chapters.pop(docname, None)
        if chapter and chapter.executed.result():
            env: Any = app.env
            cache = get_cache(env.mystnb_config.execution_cache_path)
            bundle = CacheBundleIn(chapter.notebook, str(chapter.path))
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def read_notebook(env: Any, docname: str) -> NotebookNode | None:
    """Return a document by myst-nb's own means, since the cache compares the text; None if no code.

    Parameters
    ----------
    env
        Sphinx's environment.
    docname
        The document.
    """
    path = Path(env.doc2path(docname))
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    notebook = reader.read(text) if reader else None
    code = notebook and any(cell["cell_type"] == "code" for cell in notebook.cells)
    return notebook if code else None


def _is_cached(cache: Any, notebook: NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


async def _execute_all(chapters: list[_Chapter], timeout: int) -> None:
    """Execute in place, in the order given, until one fails; keep every promise."""
    waiting = iter(chapters)  # the kernels share it: each takes the next one
    with suppress(Exception):
        async with asyncio.TaskGroup() as kernels:
            for _ in range(min(os.cpu_count() or 1, len(chapters))):
                kernels.create_task(_execute(waiting, timeout))
    for chapter in chapters:
        if not chapter.executed.done():
            chapter.executed.set_result(False)


async def _execute(chapters: Iterator[_Chapter], timeout: int) -> None:
    """Execute one chapter after another in one kernel: to start one takes seconds."""
    kernel = AsyncKernelManager()
    try:
        client = NotebookClient(_reset(Path()), km=kernel, timeout=timeout)
        client.extra_arguments = _OPTIONS
        client.record_timing = False  # times in the cells make another notebook of it
        for chapter in chapters:
            client.nb = _reset(chapter.path.parent)
            await client.async_execute()
            client.nb = chapter.notebook
            await client.async_execute()
            chapter.executed.set_result(True)
    finally:
        await kernel.shutdown_kernel(now=True)


def _reset(folder: Path) -> NotebookNode:
    """Return code that leaves of the chapter before what it imported: no names, no count of cells.

    The next chapter runs in its own folder.
    """
    code = f"get_ipython().reset(new_session=True)\n__import__('os').chdir({str(folder)!r})"
    return new_notebook(cells=[new_code_cell(code)])  # type: ignore[no-untyped-call,no-any-return]
