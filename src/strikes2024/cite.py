"""How to cite the data: as a sentence or as BibTeX, with the versions of data and code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strikes2024 import __version__, schema

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["STYLES", "citation"]

STYLES = ("text", "bibtex")


def citation(style: str = "text", data_dir: Path | None = None) -> str:
    """Return the citation of the data in one of :data:`STYLES`.

    Title, authors, year, version and licence come from the descriptor of the data (the package's
    own, or that of ``data_dir``). Raises :class:`strikes2024.DataError` where there is none, and
    ``ValueError`` for another style.
    """
    if style not in STYLES:
        guess = schema.did_you_mean(style, STYLES)
        raise ValueError(f"there is no style {style!r}{guess} (the styles are {', '.join(STYLES)})")
    package = schema.read_package(schema.data_dir() if data_dir is None else data_dir)
    raw: dict[str, Any] = dict(package.descriptor)
    authors = [person["title"] for person in raw.get("contributors", [])] or ["Unknown"]
    year = str(raw.get("created", ""))[:4] or "n.d."
    title = package.title.replace("2-7", "2–7")
    licence = ", ".join(item["name"] for item in raw.get("licenses", []))
    # Tables read from somebody else's file have neither a version nor a licence of ours.
    version = f", version {package.version}" if package.version else ""
    if style == "text":
        text = f"{', '.join(authors)} ({year}): {title}. Data set{version}"
        text += f" (Python package strikes2024 {__version__})."
        return f"{text} {licence}." if licence else text
    held = f"Data set, {licence}" if licence else "Data set"
    fields = {
        "author": " and ".join(f"{{{name}}}" for name in authors),
        "title": f"{{{_tex(title)}}}",
        "year": year,
        "version": package.version or "n.d.",
        "note": _tex(f"{held}; Python package strikes2024 {__version__}"),
    }
    body = ",\n".join(f"  {name:7} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{strikes2024-data-{package.version or 'own'},\n{body}\n}}"


def _tex(text: str) -> str:
    """Write text so that TeX reads it as it stands."""
    for mark in "&%$#_":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("–", "--")
