"""How to cite: the data as a sentence, in BibTeX or in RIS; publications by publisher and day."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from strikes2024 import __version__, schema
from strikes2024.wording import day

STYLES = ("text", "bibtex", "ris")


def address() -> str:
    """Return the web address of the report, else of its repository, else ``""``.

    Notes
    -----
    Both are set in the book's configuration, and the package carries them in its metadata.
    """
    urls = _addresses()
    return urls.get("Homepage") or urls.get("Repository") or ""


def book_address() -> str:
    """Return the web address of the published report, without a slash at its end, else ``""``."""
    return _addresses().get("Homepage", "").rstrip("/")


def _addresses() -> dict[str, str]:
    try:
        stated = metadata.metadata("strikes2024").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:  # imported from its folder, not installed
        return {}
    return dict(line.split(", ", 1) for line in stated)


def citation(style: str = "text", data_dir: str | os.PathLike[str] | None = None) -> str:
    """Return the citation of the data.

    Parameters
    ----------
    style
        One of :data:`STYLES`: ``"text"`` (a sentence), ``"bibtex"``, ``"ris"``.
    data_dir
        Directory with a descriptor and its files; by default the package's own data.

    Returns
    -------
    str
        Title, authors, year, version and licence as the descriptor gives them. For tables that were
        read from other files, the article that their publisher asks to cite comes with it.

    Raises
    ------
    DataError
        The directory has no descriptor.
    ValueError
        There is no such style.

    Examples
    --------
    >>> print(citation("bibtex").splitlines()[0])
    @misc{strikes2024-data-...,
    """
    if style not in STYLES:
        raise ValueError(schema.unknown("style", style, STYLES))
    package = schema.read_package(Path(data_dir) if data_dir else None)
    raw = package.descriptor
    authors = [person["title"] for person in raw.get("contributors", [])] or ["Unknown"]
    date = str(raw.get("created", ""))[:10]
    year = date[:4] or "n.d."
    title = package.title.replace("2-7", "2–7")
    licence = ", ".join(item["name"] for item in raw.get("licenses", []))
    held = f"Data set, {licence}" if licence else "Data set"
    software = f"Python package strikes2024 {__version__}"
    url = address() if data_dir is None else ""
    # Tables read from somebody else's file have neither a version nor a licence of ours.
    if style == "text":
        version = f", version {package.version}" if package.version else ""
        text = f"{', '.join(authors)} ({year}): {title}. Data set{version} ({software})."
        entry = " ".join(filter(None, [text, licence and f"{licence}.", url]))
    elif style == "ris":
        tags = {"TI": title, "PY": date[:4], "DA": date.replace("-", "/"), "ET": package.version}
        given = [(tag, text) for tag, text in (tags | {"UR": url}).items() if text]
        lines = [("TY", "DATA"), *(("AU", name) for name in authors), *given, ("ER", "")]
        entry = "\n".join(f"{tag}  - {text}" for tag, text in lines)
    else:
        fields = {
            "author": " and ".join(f"{{{name}}}" for name in authors),
            "title": f"{{{_tex(title)}}}",
            "year": year,
            "version": package.version or "n.d.",
            "note": _tex(f"{held}; {software}"),
        } | ({"url": url} if url else {})
        body = ",\n".join(f"  {name:7} = {{{value}}}" for name, value in fields.items())
        entry = f"@misc{{strikes2024-data-{package.version or 'own'},\n{body}\n}}"
    article = raw.get("citation", {})
    return f"{entry}\n{article[style]}" if style in article else entry


def _tex(text: str) -> str:
    """Write text so that TeX reads it as it stands."""
    for mark in "&%$#_":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("–", "--")


@dataclass(frozen=True)
class Citation:
    """A publication as a caption names it."""

    source_id: str
    label: str
    url: str | None

    def __html__(self) -> str:
        """Return it as a link, where it has an address: what a template puts into a page."""
        label = escape(self.label)
        return f'<a href="{escape(self.url)}" rel="noreferrer">{label}</a>' if self.url else label


def cite(sources: pd.DataFrame, ids: Iterable[Any]) -> tuple[Citation, ...]:
    """Citations of publications, in order of their days.

    Parameters
    ----------
    sources
        The table of that name.
    ids
        Ids of publications; doubles and blanks are dropped.

    Returns
    -------
    tuple of Citation
        Each once.

    Raises
    ------
    KeyError
        An id is not in ``sources``.
    """
    rows = sources.set_index("source_id")[["publisher", "published", "url"]]
    found = rows.loc[sorted({i for i in ids if pd.notna(i)})]
    return tuple(
        Citation(
            str(key),
            f"{publisher}, {day(published)}" if pd.notna(published) else publisher,
            None if pd.isna(url) else str(url),
        )
        for key, publisher, published, url in found.sort_values(
            "published", kind="stable"
        ).itertuples()
    )
