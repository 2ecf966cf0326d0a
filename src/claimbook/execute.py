"""Execute the chapters side by side, before Sphinx reads them one after another.

Most of a build's time goes into the chapters' kernels. All chapters that are about to be read and
are not in the cache are executed by as many kernels as there are processors; myst-nb then finds
them in the cache. A chapter that fails is not there: myst-nb runs it and tells of the error as it
always does.
"""

import asyncio
import os
from collections.abc import Iterable
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
_Chapter = tuple[Path, NotebookNode]


def setup(app: Sphinx) -> None:
    """Execute chapters before the first page is read, and before what else is done then."""
    app.connect("env-before-read-docs", _fill_cache, priority=100)


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


def _fill_cache(_app: Sphinx, env: Any, docnames: list[str]) -> None:
    config = env.mystnb_config
    if config.execution_mode != "cache":
        return
    cache = get_cache(config.execution_cache_path)
    read = ((Path(env.doc2path(name)), read_notebook(env, name)) for name in docnames)
    chapters = [(path, found) for path, found in read if found and not _is_cached(cache, found)]
    # The longest first, so that no kernel is left running alone at the end.
    chapters.sort(key=lambda chapter: -len(chapter[1].cells))
    _LOGGER.info("executing %d chapters", len(chapters))
    task = _execute_all(chapters, cache, config.execution_timeout)
    # Not in this thread, where nbclient would take an interrupt for itself.
    thread = Thread(target=asyncio.run, args=(task,), daemon=True)
    thread.start()
    thread.join()


def _is_cached(cache: Any, notebook: NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


async def _execute_all(chapters: list[_Chapter], cache: Any, timeout: int) -> None:
    """Execute in the order given; a kernel whose chapter fails leaves the rest to the others."""
    waiting = iter(chapters)  # the kernels share it: each takes the next one
    kernels = range(min(os.cpu_count() or 1, len(chapters)))
    running = (_execute(waiting, cache, timeout) for _ in kernels)
    await asyncio.gather(*running, return_exceptions=True)


async def _execute(chapters: Iterable[_Chapter], cache: Any, timeout: int) -> None:
    """Execute one chapter after another in one kernel: to start one takes seconds."""
    kernel = AsyncKernelManager()
    try:
        client = NotebookClient(_reset(Path()), km=kernel, timeout=timeout)
        client.extra_arguments = _OPTIONS
        client.record_timing = False  # times in the cells make another notebook of it
        for path, notebook in chapters:
            client.nb = _reset(path.parent)
            await client.async_execute()
            client.nb = notebook
            await client.async_execute()
            bundle = CacheBundleIn(notebook, str(path))
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    finally:
        await kernel.shutdown_kernel(now=True)


def _reset(folder: Path) -> NotebookNode:
    """Return code that leaves of the chapter before what it imported: no names, no count of cells.

    The next chapter runs in its own folder.
    """
    code = f"get_ipython().reset(new_session=True)\n__import__('os').chdir({str(folder)!r})"
    return new_notebook(cells=[new_code_cell(code)])  # type: ignore[no-any-return]
