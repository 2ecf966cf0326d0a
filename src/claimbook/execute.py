"""Execute the chapters side by side, while Sphinx reads them one after another.

Most of a build's time goes into the chapters' kernels. All chapters that are about to be read and
are not in the cache are executed in a thread of their own, by as many kernels as there are
processors; Sphinx waits before each page for that page alone, and myst-nb then finds it in the
cache. Where nothing at all is in the cache the kernels start at once, while Sphinx itself is still
starting. A chapter that fails is left out: myst-nb runs it again and tells of the error as it
always does.
"""

import asyncio
import os
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_client.manager import AsyncKernelManager
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util import logging

from claimbook.fingerprint import cache_folder

_LOGGER = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Begin before the first page is read, and before what else is done then."""
    execution = _Execution()
    app.connect("config-inited", execution.prepare)
    app.connect("env-before-read-docs", execution.begin, priority=100)
    app.connect("source-read", execution.wait)


@dataclass(frozen=True)
class _Chapter:
    """A chapter under execution, with the promise of the seconds it took; None if it failed."""

    path: Path
    notebook: NotebookNode
    seconds: Future[float | None] = field(default_factory=Future)


class _Execution:
    """Begins with all chapters and gives them out one by one."""

    def __init__(self) -> None:
        self.chapters: dict[str, _Chapter] = {}
        self.work: Future[tuple[list[_Chapter], int]] | None = None
        self.modules: list[str] = []

    def prepare(self, app: Sphinx, config: Any) -> None:
        """Start kernels while Sphinx itself is still starting, if nothing is in the cache."""
        self.modules = ["gc", *config.claimbook_preload]
        if not cache_folder(app, config.claimbook_fingerprint).is_dir():
            self.start(os.cpu_count() or 1)

    def start(self, count: int) -> Future[tuple[list[_Chapter], int]]:
        """Start kernels that execute the chapters, with a time limit, once these are known."""
        if self.work is None:
            self.work = Future()
            # It lives for seconds, and to look for garbage takes a sixth of them; what all chapters
            # import is imported while there is nothing else to do.
            lines = f"import {', '.join(self.modules)}; gc.disable()"
            # Else each warns that it talks over TCP, as all of them do, on this machine alone.
            options = ["--log-level=ERROR", f"--IPKernelApp.exec_lines={lines}"]
            task = _execute_all(count, self.work, options)
            # A daemon, so that a build that fails or is stopped does not wait for it.
            Thread(target=asyncio.run, args=(task,), daemon=True).start()
        return self.work

    def begin(self, _app: Sphinx, env: Any, docnames: list[str]) -> None:
        config = env.mystnb_config
        if config.execution_mode != "cache":
            return
        read = ((name, read_notebook(env, name)) for name in docnames)
        notebooks = {name: notebook for name, notebook in read if notebook}
        # Pages without code first, then the longest: so that no kernel is left running alone at
        # the end, and Sphinx reads in the order in which chapters are done.
        docnames.sort(key=lambda name: (name in notebooks, -_length(notebooks.get(name)), name))
        cache = get_cache(config.execution_cache_path)
        self.chapters = {
            name: _Chapter(Path(env.doc2path(name)), notebooks[name])
            for name in docnames
            if name in notebooks and not _is_cached(cache, notebooks[name])
        }
        if self.chapters:
            _LOGGER.info("executing %d chapters", len(self.chapters))
            kernels = min(os.cpu_count() or 1, len(self.chapters))
            work = self.start(kernels)
            work.set_result((list(self.chapters.values()), config.execution_timeout))

    def wait(self, app: Sphinx, docname: str, _source: list[str]) -> None:
        chapter = self.chapters.pop(docname, None)
        seconds = chapter.seconds.result() if chapter else None
        if chapter and seconds is not None:
            env: Any = app.env
            cache = get_cache(env.mystnb_config.execution_cache_path)
            data = {"execution_seconds": seconds}
            bundle = CacheBundleIn(chapter.notebook, str(chapter.path), data=data)
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _length(notebook: NotebookNode | None) -> int:
    return len(notebook.cells) if notebook else 0


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


async def _execute_all(
    count: int, work: Future[tuple[list[_Chapter], int]], options: list[str]
) -> None:
    """Execute in place, in the order given, and keep every promise."""
    starting = [asyncio.create_task(_kernel(options)) for _ in range(count)]
    chapters, timeout = await asyncio.wrap_future(work)
    waiting = deque(chapters)

    async def run(started: asyncio.Task[AsyncKernelManager]) -> None:
        """Execute one chapter after another in one kernel: to start one takes seconds."""
        kernel, client = await started, None
        while waiting:
            chapter = waiting.popleft()
            start = perf_counter()
            if client is None:
                client = NotebookClient(chapter.notebook, km=kernel, timeout=timeout)
                client.record_timing = False  # times in the cells make another notebook of it
            try:
                await _turn_to(client, chapter)
                await client.async_execute()
            except (CellControlSignal, RuntimeError):
                chapter.seconds.set_result(None)
                await _stop(kernel, client)
                kernel, client = await _kernel(options), None
            else:
                chapter.seconds.set_result(perf_counter() - start)
        await _stop(kernel, client)

    try:
        await asyncio.gather(*(run(kernel) for kernel in starting))
    finally:
        for chapter in chapters:  # whatever went wrong: Sphinx must not wait for ever
            if not chapter.seconds.done():
                chapter.seconds.set_result(None)


async def _kernel(options: list[str]) -> AsyncKernelManager:
    kernel = AsyncKernelManager()
    await kernel.start_kernel(extra_arguments=options)
    return kernel


async def _turn_to(client: NotebookClient, chapter: _Chapter) -> None:
    """Leave of what was before only what it imported: no names, no count of cells."""
    if client.kc is None:
        await client.async_start_new_kernel_client()
    folder = str(chapter.path.parent)
    code = f"get_ipython().reset(new_session=True)\n__import__('os').chdir({folder!r})"
    channels: Any = client.kc
    await channels.execute(code, silent=True, reply=True, timeout=client.timeout)
    client.nb = chapter.notebook


async def _stop(kernel: AsyncKernelManager, client: NotebookClient | None) -> None:
    channels: Any = client.kc if client else None
    if channels is not None:
        channels.stop_channels()
    if kernel.has_kernel:
        await kernel.shutdown_kernel(now=True)
