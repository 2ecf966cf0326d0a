"""The print edition: the chapters of the built book in one PDF, with cover, contents and lists.

A report's :class:`Plan` says what belongs in it. `gather` joins the built pages into one page:
charts as they are drawn without scripts, links as places in the document, and at the end the
claims and publications that the chapters rest on, not the whole ledger. Before a chart that does
not fit on the rest of a page, ``edition.js`` lets the text behind it move up. Headless Chromium
sets the whole twice, since the pages of the contents are known only once the rest is set.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup

from claimbook.markup import filled


@dataclass(frozen=True)
class Plan:
    """What a report's edition holds, and what it says of itself.

    ``chapters`` are pages in order; ``titles`` gives some of them another title. Of the pages
    ``ledger`` and ``sources`` the rows that chapters use stand at the end. ``cover`` are the lines
    below the title on the cover, the first of them large; ``contents_note`` stands above the
    contents; sections titled as in ``unlisted`` are not in them. Sections of the class
    ``screen-only`` are left out altogether. ``date`` is the day of the data.
    """

    name: str
    chapters: tuple[str, ...]
    ledger: str
    sources: str
    author: str
    subject: str
    date: date
    cover: tuple[str, ...] = ()
    contents_note: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    unlisted: frozenset[str] = frozenset()


# What works on a screen alone, or is a phone's.
_SCREEN_ONLY = (
    ".headerlink, .notebook-link, script, noscript, .copybtn, details.hide, "
    ".chart-live, .chart-foot, .chart-svg-narrow, .time-slider, details.chart-data, .record-tools, "
    ".cell-label, .thumb, .term-note, .sidebar-title, .screen-only"
)
_ASSETS = Path(__file__).parent / "assets"
_FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]  # fmt: skip


class EditionError(Exception):
    """The print edition cannot be made; the message says what is missing."""


@dataclass
class Edition:
    """One page made of many: what it is made of, and where its links lead."""

    site: Path
    plan: Plan
    title: str = ""
    pages: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def read(self, page: str) -> Any:
        """Return the article of a built page.

        Raises
        ------
        EditionError
            There is no such page.
        """
        import lxml.html

        path = self.site / f"{page}.html"
        if not path.is_file():
            raise EditionError(f"{path} is missing: run `make book` first")
        tree = lxml.html.fromstring(path.read_text(encoding="utf-8"))
        return tree.cssselect("article.bd-article > section")[0]

    def place(self, page: str, anchor: str) -> str | None:
        """Return the id in the edition of a place in the book, or None where it is left out."""
        if page in self.rows:
            return _id(page, anchor if anchor in self.rows[page] else "")
        return _id(page, anchor) if page in self.pages else None


def gather(site: Path, plan: Plan) -> str:
    """The whole edition as one HTML page, the contents without page numbers.

    Parameters
    ----------
    site
        The built book.
    plan
        What belongs in the edition.

    Returns
    -------
    str
        HTML that needs nothing but the fonts of the engine.

    Raises
    ------
    EditionError
        A page is missing.
    """
    edition = Edition(site, plan)
    for page in plan.chapters:
        article = edition.read(page)
        _strip(article)
        edition.pages[page] = article
    edition.title = edition.pages["index"].cssselect("h1")[0].text_content().strip()
    _choose_rows(edition)
    for page, article in edition.pages.items():
        _set(edition, page, article)
    return filled(
        "edition.html",
        title=edition.title,
        style=_style(edition),
        cover_title=edition.title.replace("–", "\u2060–\u2060"),  # no line ends within “5–9”
        cover=plan.cover or ("",),
        contents_note=plan.contents_note,
        contents=list(_contents(edition)),
        chapters=[(_id(page, ""), _markup(article)) for page, article in edition.pages.items()],
        claims={"place": _id(plan.ledger, ""), "title": CLAIMS, "tables": _claims(edition)},
        publications={
            "place": _id(plan.sources, ""),
            "title": PUBLICATIONS,
            "entries": list(_publications(edition)),
        },
    )


def _id(page: str, anchor: str) -> str:
    return f"{PurePosixPath(page).name}--{anchor}"


def _markup(element: Any) -> Markup:
    import lxml.html

    text = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    return Markup(text)  # noqa: S704 (a parsed tree, written)


def _strip(article: Any) -> None:
    for element in article.cssselect(_SCREEN_ONLY):
        element.drop_tree()
    for cell in article.cssselect("div.cell"):
        if not cell.text_content().strip():
            cell.drop_tree()


def _links(element: Any, page: str) -> Iterator[tuple[Any, str, str]]:
    """Yield each link inside the book with the page and the anchor that it leads to."""
    for link in element.cssselect("a[href]"):
        path, _, anchor = link.get("href").partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        folder = PurePosixPath(page).parent.as_posix()
        target = normpath(f"{folder}/{path}").removesuffix(".html") if path else page
        yield link, target, anchor


def _choose_rows(edition: Edition) -> None:
    """Choose the claims that chapters name, then the publications that either rests on."""
    wanted: dict[str, set[str]] = {edition.plan.ledger: set(), edition.plan.sources: set()}

    def note(element: Any, page: str) -> None:
        for _link, target, anchor in _links(element, page):
            if target in wanted:
                wanted[target].add(anchor)

    for page, article in edition.pages.items():
        note(article, page)
    for page in (edition.plan.ledger, edition.plan.sources):
        rows = {row.get("id"): row for row in edition.read(page).cssselect("tr[id]")}
        edition.rows[page] = {key: row for key, row in rows.items() if key in wanted[page]}
        for row in edition.rows[page].values():
            note(row, page)
    edition.numbers = {key: n for n, key in enumerate(edition.rows[edition.plan.sources], 1)}


def _set(edition: Edition, page: str, element: Any) -> None:
    """Give ids and links their place in the edition, and publications their number."""
    for folded in element.cssselect("details.chart-sources, details.sources-used"):
        _number(edition, page, folded)
    for holder in element.iter():
        if isinstance(holder.tag, str):
            _prefix(holder, page)
    for link, target, anchor in list(_links(element, page)):
        place = edition.place(target, anchor)
        for name in ("data-card", "title", "download", "rel"):
            link.attrib.pop(name, None)
        if (
            target == edition.plan.sources
            and anchor in edition.numbers
            and "cite" in link.get("class", "")
        ):
            link.append(_element(f"<sup>{edition.numbers[anchor]}</sup>"))
        if place is None:
            link.attrib.pop("href")
            link.tag = "span"
        else:
            link.set("href", f"#{place}")
    if page in edition.plan.titles:
        heading = element.cssselect("h1")[0]
        heading.clear()
        heading.text = edition.plan.titles[page]
    for heading in element.cssselect("h1, h2"):
        if heading.getparent() is not None and heading.getparent().get("id"):
            heading.set("id", f"{heading.getparent().get('id')}-head")


def _prefix(holder: Any, page: str) -> None:
    own = f"{PurePosixPath(page).name}--"
    for name in ("aria-labelledby", "aria-describedby", "tabindex"):
        holder.attrib.pop(name, None)
    if holder.get("id"):
        holder.set("id", own + holder.get("id"))
    if holder.tag == "style" and holder.text:
        holder.text = holder.text.replace("#", f"#{own}")
    for name, value in holder.attrib.items():
        if "url(#" in value:
            holder.set(name, value.replace("url(#", f"url(#{own}"))
        elif name.endswith("href") and value.startswith("#") and holder.tag != "a":
            holder.set(name, f"#{own}{value[1:]}")


def _number(edition: Edition, page: str, folded: Any) -> None:
    """Put numbers of the list at the end in place of a folded list of publications."""
    found = sorted(
        {
            edition.numbers[anchor]
            for _link, target, anchor in _links(folded, page)
            if target == edition.plan.sources
        }
    )
    name = {number: key for key, number in edition.numbers.items()}
    links = ", ".join(
        "–".join(f'<a href="#{_id(edition.plan.sources, name[n])}">{n}</a>' for n in ends)
        for ends in runs(found)
    )
    in_caption = folded.get("class") == "chart-sources"
    start = "Sources" if in_caption else "Numbers in the list at the end"
    new = _element(f'<span class="chart-sources">{start}: {links}.</span>')
    if not in_caption:
        new.tag = "p"
    folded.getparent().replace(folded, new)


def runs(numbers: list[int]) -> list[list[int]]:
    """Return first and last of each run of three or more among sorted numbers, others alone.

    >>> runs([1, 2, 3, 7, 8])
    [[1, 3], [7], [8]]
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return [
        part
        for run in found
        for part in ([[run[0], run[-1]]] if len(run) > 2 else [[n] for n in run])
    ]


def _element(markup: str) -> Any:
    import lxml.html

    return lxml.html.fragment_fromstring(markup)


def _contents(edition: Edition) -> Iterator[tuple[str, str, str]]:
    """Yield level, place and title of chapters and their sections."""
    for page, article in edition.pages.items():
        for heading in article.cssselect("h1, h2"):
            title = heading.text_content().strip()
            place = _id(page, "") if heading.tag == "h1" else heading.get("id")
            if title not in edition.plan.unlisted:
                yield heading.tag, place, title
    for page, title in ((edition.plan.ledger, CLAIMS), (edition.plan.sources, PUBLICATIONS)):
        yield "h1", _id(page, ""), title


CLAIMS, PUBLICATIONS = "The claims that the chapters use", "Publications"


def _claims(edition: Edition) -> list[Markup]:
    """Return the rows of the ledger that chapters link, in the ledger's own tables."""
    ledger = edition.read(edition.plan.ledger)
    _strip(ledger)
    tables = []
    for table in ledger.cssselect("table.record"):
        for row in table.cssselect("tbody tr"):
            if row.get("id") not in edition.rows[edition.plan.ledger]:
                row.drop_tree()
        if table.cssselect("tbody tr"):
            _set(edition, edition.plan.ledger, table)
            tables.append(_markup(table))
    return tables


def _publications(edition: Edition) -> Iterator[dict[str, Any]]:
    """Yield the publications by number, with addresses that can be typed off paper."""
    for key, row in edition.rows[edition.plan.sources].items():
        publisher, title, when = (cell for cell in list(deepcopy(row))[:3])
        link = title.cssselect("a")
        address = link[0].get("href") if link else ""
        yield {
            "place": _id(edition.plan.sources, key),
            "number": edition.numbers[key],
            "publisher": publisher.text_content(),
            "name": link[0].text_content() if link else title.xpath("string(text()[1])"),
            "day": when.xpath("string(text()[1])"),
            "address": address,
            "shown": unquote(address),
        }


def _style(edition: Edition) -> Markup:
    sheets = ((_ASSETS / name).read_text("utf-8") for name in ("report.css", "edition.css"))
    text = "".join([*sheets, _font_faces(), _running_heads(edition)])
    return Markup(text)  # noqa: S704 (our own style sheets)


def _running_heads(edition: Edition) -> str:
    """Return a rule a chapter that puts its title at the head of its pages."""
    heads = {page: a.cssselect("h1")[0].text_content() for page, a in edition.pages.items()}
    heads |= {edition.plan.ledger: CLAIMS, edition.plan.sources: PUBLICATIONS}
    rules = []
    for page, title in heads.items():
        name = f"page-{PurePosixPath(page).name.replace('_', '-')}"
        rules.append(
            f"#{_id(page, '')} {{ page: {name} }} "
            f"@page {name} {{ @top-left {{ content: {json.dumps(title, ensure_ascii=False)} }} }}"
        )
    return "\n".join(rules)


def _font_faces() -> str:
    """Return the faces of the pages and of paper; the addresses are this machine's."""
    rules = "".join(
        (_ASSETS / name).read_text("utf-8") for name in ("fonts.css", "fonts-paper.css")
    )
    return rules.replace('url("fonts/', f'url("{_ASSETS.as_uri()}/fonts/')


def make(site: Path, folder: Path, plan: Plan, chromium: str | None = None) -> int:
    """Write the edition as a PDF.

    Parameters
    ----------
    site
        The built book.
    folder
        Where to write it, under the name that the plan gives.
    plan
        What belongs in it.
    chromium
        The program; by default the ``chromium`` on the path.

    Returns
    -------
    int
        The number of pages.

    Raises
    ------
    EditionError
        A page of the book, or Chromium, is missing.
    """
    from playwright.sync_api import sync_playwright

    executable = chromium or shutil.which("chromium")
    if not executable:
        raise EditionError("Chromium is missing: run `make browser`")
    html = gather(site, plan)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as work, sync_playwright() as playwright:
        source, made = Path(work) / "edition.html", Path(work) / plan.name
        source.write_text(html, encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=executable, chromium_sandbox=False, args=_FLAGS
        )
        page = browser.new_page()
        page.goto(source.resolve().as_uri())
        page.evaluate("document.fonts.ready")
        page.emulate_media(media="print")
        page.evaluate((_ASSETS / "edition.js").read_text(encoding="utf-8"))
        pages: dict[str, int] = {}
        for _ in range(3):
            page.pdf(path=made, prefer_css_page_size=True, tagged=True)
            found = destinations(made)
            if found == pages:
                break
            pages = found
            page.evaluate(_WRITE_NUMBERS, pages)
        lines = page.evaluate(_READ_CONTENTS)
        browser.close()
        count = _finish(made, lines, plan)
        made.replace(folder / plan.name)
    return count


_WRITE_NUMBERS = """pages => {
  for (const spot of document.querySelectorAll("[data-place]"))
    spot.textContent = pages[spot.dataset.place] ?? "";
}"""


_READ_CONTENTS = """() => [...document.querySelectorAll(".line")].map(line => ({
  chapter: line.classList.contains("line-h1"),
  title: line.querySelector("span").textContent,
  place: line.querySelector(".page").dataset.place,
}))"""


def destinations(path: Path) -> dict[str, int]:
    """Return the page, counted from 1, of each place in a PDF that a link leads to."""
    from pypdf import PdfReader

    reader = PdfReader(path)
    found = {}
    for name, place in reader.named_destinations.items():
        number = reader.get_destination_page_number(place)
        if number is not None:
            found[name.removeprefix("/")] = number + 1
    return found


def _finish(path: Path, lines: list[dict[str, Any]], plan: Plan) -> int:
    """Add the outline and who made it of which day's data; return the number of pages.

    Chromium can write an outline, but doubles each title that begins a page.
    """
    from pypdf import PdfWriter
    from pypdf.generic import Fit

    writer = PdfWriter(clone_from=path)
    pages, places = destinations(path), writer.named_destinations
    chapter = None
    for line in lines:
        place = places["/" + line["place"]]
        fit = Fit.xyz(left=0, top=place.top)
        parent = None if line["chapter"] else chapter
        number = pages[line["place"]] - 1
        item = writer.add_outline_item(
            title=line["title"], page_number=number, parent=parent, fit=fit, is_open=False
        )
        chapter = item if line["chapter"] else chapter
    made = f"D:{plan.date:%Y%m%d}000000Z"
    writer.add_metadata(
        {"/Author": plan.author, "/Subject": plan.subject, "/CreationDate": made, "/ModDate": made}
    )
    writer.write(path)
    return len(writer.pages)
