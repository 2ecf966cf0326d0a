"""Execute the chapters side by side, before Sphinx reads them one after another.

Most of a build's time goes into the chapters' kernels. All chapters that are about to be read and
are not in the cache run here at once, as many as there are processors; myst-nb then finds them
in the cache. A chapter that fails is left out: myst-nb runs it again and tells of the error as it
always does.
"""

import asyncio
import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path
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
    """Run before the first page is read."""
    app.connect("env-before-read-docs", _fill_cache)


def _fill_cache(_app: "Sphinx", env: Any, docnames: list[str]) -> None:
    config = env.mystnb_config
    if config.execution_mode != "cache":
        return
    cache = get_cache(config.execution_cache_path)
    waiting = {
        path: notebook
        for path, notebook in _notebooks(env, docnames)
        if not _is_cached(cache, notebook)
    }
    if not waiting:
        return
    _LOGGER.info("executing %d chapters", len(waiting))
    for path, seconds in asyncio.run(_execute_all(waiting, config.execution_timeout)).items():
        bundle = CacheBundleIn(waiting[path], str(path), data={"execution_seconds": seconds})
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _notebooks(env: Any, docnames: list[str]) -> Iterator[tuple[Path, NotebookNode]]:
    """Read those documents that have code, by myst-nb's own means: the cache compares the text."""
    for docname in docnames:
        path = Path(env.doc2path(docname))
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
        if reader is None:
            continue
        notebook = reader.read(text)
        if any(cell["cell_type"] == "code" for cell in notebook.cells):
            yield path, notebook


def _is_cached(cache: Any, notebook: NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


async def _execute_all(notebooks: dict[Path, NotebookNode], timeout: int) -> dict[Path, float]:
    """Execute in place; return the seconds that each chapter took, without those that failed."""
    # The longest first, so that none is left running alone at the end.
    waiting = deque(sorted(notebooks, key=lambda path: -len(notebooks[path].cells)))
    times: dict[Path, float] = {}

    async def work() -> None:
        """Execute one chapter after another in one kernel: to start one takes seconds."""
        client: NotebookClient | None = None
        while waiting:
            path = waiting.popleft()
            start = perf_counter()
            if client is None:
                client = _client(notebooks[path], path, timeout)
            else:
                client.nb = notebooks[path]
                await _empty(client, path)
            try:
                await client.async_execute()
            except (CellControlSignal, RuntimeError):
                await _stop(client)
                client = None
            else:
                times[path] = perf_counter() - start
        if client is not None:
            await _stop(client)

    await asyncio.gather(*(work() for _ in range(min(os.cpu_count() or 1, len(notebooks)))))
    return times


def _client(notebook: NotebookNode, path: Path, timeout: int) -> NotebookClient:
    return NotebookClient(
        notebook,
        km=AsyncKernelManager(),  # its own kernel nbclient would stop after each chapter
        timeout=timeout,
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,  # times in the cells would make another notebook of it
        # A kernel warns that it talks over TCP, as all of them do, on this machine alone.
        extra_arguments=["--log-level=ERROR"],
    )


async def _empty(client: NotebookClient, path: Path) -> None:
    """Leave of the chapter before only what it imported: no names, no count of cells."""
    code = f"get_ipython().reset(new_session=True)\n__import__('os').chdir({str(path.parent)!r})"
    channels: Any = client.kc
    await channels.execute(code, silent=True, reply=True, timeout=client.timeout)


async def _stop(client: NotebookClient) -> None:
    kernel: Any = client.km
    channels: Any = client.kc
    if channels is not None:
        channels.stop_channels()
    if kernel.has_kernel:
        await kernel.shutdown_kernel(now=True)
