"""Execute the chapters side by side, before Sphinx reads them one after another.

Most of a build's time goes into the chapters' kernels. All chapters that are about to be read and
are not in the cache run here at once, as many as there are processors; myst-nb then finds them
in the cache. A chapter that fails is left out: myst-nb runs it again and tells of the error as it
always does.
"""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
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
    free = asyncio.Semaphore(os.cpu_count() or 1)
    times: dict[Path, float] = {}

    async def execute(path: Path, notebook: NotebookNode) -> None:
        async with free:
            start = perf_counter()
            client = NotebookClient(
                notebook,
                timeout=timeout,
                resources={"metadata": {"path": str(path.parent)}},
                record_timing=False,  # times in the cells would make another notebook of it
                # A kernel warns that it talks over TCP, as all of them do, on this machine alone.
                extra_arguments=["--log-level=ERROR"],
            )
            try:
                await client.async_execute()
            except (CellControlSignal, RuntimeError):
                return
            times[path] = perf_counter() - start

    # The longest first, so that none is left running alone at the end.
    by_length = sorted(notebooks, key=lambda path: -len(notebooks[path].cells))
    await asyncio.gather(*(execute(path, notebooks[path]) for path in by_length))
    return times
