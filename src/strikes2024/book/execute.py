"""Execute the chapters side by side, while Sphinx reads them one after another.

Most of a build's time goes into the chapters' kernels. All chapters that are about to be read and
are not in the cache are executed in a thread of their own, by as many kernels as there are
processors; Sphinx waits before each page for that page alone, and myst-nb then finds it in the
cache. A chapter that fails is left out: myst-nb runs it again and tells of the error as it always
does.
"""

import asyncio
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_client.manager import AsyncKernelManager
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal
from nbformat import NotebookNode
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_LOGGER = logging.getLogger(__name__)


def setup(app: "Sphinx") -> None:
    """Begin before the first page is read, and before what else is done then."""
    execution = _Execution()
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

    def begin(self, _app: "Sphinx", env: Any, docnames: list[str]) -> None:
        config = env.mystnb_config
        if config.execution_mode != "cache":
            return
        notebooks = dict(_notebooks(env, docnames))
        # Pages without code first, then the longest: so that no kernel is left running alone at
        # the end, and Sphinx reads in the order in which chapters are done.
        docnames.sort(key=lambda name: (name in notebooks, -_length(notebooks.get(name)), name))
        cache = get_cache(config.execution_cache_path)
        self.chapters = {
            name: _Chapter(Path(env.doc2path(name)), notebooks[name])
            for name in docnames
            if name in notebooks and not _is_cached(cache, notebooks[name])
        }
        if not self.chapters:
            return
        _LOGGER.info("executing %d chapters", len(self.chapters))
        work = _execute_all(list(self.chapters.values()), config.execution_timeout)
        # A daemon, so that a build that fails or is stopped does not wait for it.
        Thread(target=asyncio.run, args=(work,), daemon=True).start()

    def wait(self, app: "Sphinx", docname: str, _source: list[str]) -> None:
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


def _notebooks(env: Any, docnames: list[str]) -> Iterator[tuple[str, NotebookNode]]:
    """Read those documents that have code, by myst-nb's own means: the cache compares the text."""
    for docname in docnames:
        path = Path(env.doc2path(docname))
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
        if reader is None:
            continue
        notebook = reader.read(text)
        if any(cell["cell_type"] == "code" for cell in notebook.cells):
            yield docname, notebook


def _is_cached(cache: Any, notebook: NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


async def _execute_all(chapters: list[_Chapter], timeout: int) -> None:
    """Execute in place, in the order given, and keep every promise."""
    waiting = deque(chapters)

    async def work() -> None:
        """Execute one chapter after another in one kernel: to start one takes seconds."""
        client: NotebookClient | None = None
        while waiting:
            chapter = waiting.popleft()
            start = perf_counter()
            if client is None:
                client = _client(chapter, timeout)
            else:
                await _turn_to(client, chapter)
            try:
                await client.async_execute()
            except (CellControlSignal, RuntimeError):
                chapter.seconds.set_result(None)
                await _stop(client)
                client = None
            else:
                chapter.seconds.set_result(perf_counter() - start)
        if client is not None:
            await _stop(client)

    try:
        await asyncio.gather(*(work() for _ in range(min(os.cpu_count() or 1, len(chapters)))))
    finally:
        for chapter in chapters:  # whatever went wrong: Sphinx must not wait for ever
            if not chapter.seconds.done():
                chapter.seconds.set_result(None)


def _client(chapter: _Chapter, timeout: int) -> NotebookClient:
    return NotebookClient(
        chapter.notebook,
        km=AsyncKernelManager(),  # its own kernel nbclient would stop after each chapter
        timeout=timeout,
        resources={"metadata": {"path": str(chapter.path.parent)}},
        record_timing=False,  # times in the cells would make another notebook of it
        # A kernel warns that it talks over TCP, as all of them do, on this machine alone.
        extra_arguments=["--log-level=ERROR"],
    )


async def _turn_to(client: NotebookClient, chapter: _Chapter) -> None:
    """Leave of the chapter before only what it imported: no names, no count of cells."""
    folder = str(chapter.path.parent)
    code = f"get_ipython().reset(new_session=True)\n__import__('os').chdir({folder!r})"
    channels: Any = client.kc
    await channels.execute(code, silent=True, reply=True, timeout=client.timeout)
    client.nb = chapter.notebook


async def _stop(client: NotebookClient) -> None:
    kernel: Any = client.km
    channels: Any = client.kc
    if channels is not None:
        channels.stop_channels()
    if kernel.has_kernel:
        await kernel.shutdown_kernel(now=True)
