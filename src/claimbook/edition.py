"""The print edition: the chapters of the built book in one PDF, with cover, contents and lists.

A report's :class:`Plan` says what belongs in it. `Edition` joins the built pages into one page:
charts as they are drawn without scripts, links as places in the document, and at the end the
claims and publications that the chapters rest on, not the whole ledger. Before a chart that does
not fit on the rest of a page, ``edition.js`` lets the text behind it move up. Headless Chromium
sets the whole twice, since the pages of the contents are known only once the rest is set.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin

import lxml.etree
import lxml.html
from markupsafe import Markup
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Fit

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
    chapters: Sequence[str]
    ledger: str
    sources: str
    author: str
    subject: str
    date: date
    cover: Sequence[str]
    contents_note: str
    titles: Mapping[str, str]
    unlisted: Sequence[str]


CLAIMS, PUBLICATIONS = "The claims that the chapters use", "Publications"
# What works on a screen alone, or is a phone's.
_SCREEN_ONLY = (
    ".headerlink, .notebook-link, script, noscript, .copybtn, details.hide, "
    ".chart-live, .chart-foot, .chart-svg-narrow, .time-slider, details.chart-data, .record-tools, "
    ".cell-label, .thumb, .term-note, .sidebar-title, .screen-only"
)
_SCREEN_ATTRIBUTES = (
    "aria-labelledby", "aria-describedby", "tabindex", "data-card", "title", "download", "rel",
)  # fmt: skip
_ASSETS = Path(__file__).parent / "assets"
_SHEETS = ("report.css", "edition.css", "fonts.css", "fonts-paper.css")
_WRITE_NUMBER = (
    "(spots, pages) => { for (const s of spots) s.textContent = pages[s.dataset.place]; }"
)


class EditionError(Exception):
    """The print edition cannot be made; the message says what is missing."""


class Edition:
    """One page made of many.

    Parameters
    ----------
    site
        The built book.
    plan
        What belongs in the edition.

    Raises
    ------
    EditionError
        A page is missing.
    """

    def __init__(self, site: Path, plan: Plan) -> None:
        self._plan = plan
        self._site = site.resolve().as_uri()
        self._chapters = {page: _article(site, page) for page in plan.chapters}
        self._records = {page: _article(site, page) for page in (plan.ledger, plan.sources)}
        self._title = _text(self._chapters["index"].cssselect("h1")[0])
        self._choose_rows()
        # Places in the edition by their address in the book.
        self._places: dict[str, str] = {}
        for page, article in (self._chapters | self._records).items():
            holder = "tr" if page in self._records else "*"
            for key in ["", *article.xpath(f"descendant-or-self::{holder}/@id")]:
                self._places[self._address(page, key)] = _id(page, key)
        rows = self._records[plan.sources].cssselect("tr[id]")
        self._numbers = {_id(plan.sources, row.get("id")): n for n, row in enumerate(rows, 1)}
        for page, article in (*self._chapters.items(), (plan.ledger, self._records[plan.ledger])):
            self._set(page, article)

    def contents(self) -> Iterator[tuple[str, str, str]]:
        """Yield level (h1, h2), place and title of chapters and their sections."""
        for page, article in self._chapters.items():
            for heading in article.cssselect("h1, h2"):
                place = _id(page, "") if heading.tag == "h1" else heading.get("id")
                if _text(heading) not in self._plan.unlisted:
                    yield heading.tag, place, _text(heading)
        yield "h1", _id(self._plan.ledger, ""), CLAIMS
        yield "h1", _id(self._plan.sources, ""), PUBLICATIONS

    def html(self) -> str:
        """Return the whole, the contents without page numbers.

        It needs nothing but the fonts of the engine.
        """
        style = "".join((_ASSETS / name).read_text("utf-8") for name in _SHEETS)
        style = style.replace('url("fonts/', f'url("{_ASSETS.as_uri()}/fonts/')
        tables = self._records[self._plan.ledger].cssselect("table.record:has(tbody tr)")
        return filled(
            "edition.html",
            title=self._title,
            style=Markup(style),  # noqa: S704 (our own style sheets)
            plan=self._plan,
            contents=list(self.contents()),
            chapters=[(_id(page, ""), _markup(a)) for page, a in self._chapters.items()],
            claims=map(_markup, tables),
            publications=self._records[self._plan.sources].cssselect("tr[id]"),
            place_of=partial(_id, self._plan.sources),
            quoted=partial(json.dumps, ensure_ascii=False),
            unquote=unquote,
        )

    def _address(self, page: str, anchor: str) -> str:
        return f"{self._site}/{page}.html{'#' if anchor else ''}{anchor}"

    def _choose_rows(self) -> None:
        """Leave the claims that chapters name, and the publications that either rests on."""
        wanted = {address for article in self._chapters.values() for address in _leads_to(article)}
        for page, article in self._records.items():
            for row in article.cssselect("tbody tr"):
                if self._address(page, row.get("id")) in wanted:
                    wanted |= _leads_to(row)
                else:
                    row.drop_tree()

    def _set(self, page: str, article: Any) -> None:
        """Give ids and links their place in the edition, and publications their number."""
        # Those of a drawing are the only ones of their kind in the whole book.
        for holder in article.xpath("descendant-or-self::*[@id][not(ancestor-or-self::svg)]"):
            holder.set("id", _id(page, holder.get("id")))
        for heading in article.cssselect("section > h1, section > h2"):
            heading.set("id", f"{heading.getparent().get('id')}-head")
        for link in article.cssselect(f'a[href^="{self._site}"]'):
            address = link.get("href")
            place = self._places.get(address) or self._places.get(address.partition("#")[0])
            if place in self._numbers and "cite" in link.get("class", ""):
                link.append(_element(f"<sup>{self._numbers[place]}</sup>"))
            if place is None:
                link.attrib.pop("href")
                link.tag = "span"
            else:
                link.set("href", f"#{place}")
        for folded in article.cssselect("details.chart-sources, details.sources-used"):
            self._number(folded)
        lxml.etree.strip_attributes(article, *_SCREEN_ATTRIBUTES)
        if page in self._plan.titles:
            heading = article.cssselect("h1")[0]
            heading[:] = []
            heading.text = self._plan.titles[page]

    def _number(self, folded: Any) -> None:
        """Put numbers of the list at the end in place of a folded list of publications."""
        linked = (link.get("href").removeprefix("#") for link in folded.cssselect("a[href]"))
        numbers = sorted(self._numbers[place] for place in self._numbers.keys() & linked)
        places = list(self._numbers)
        links = ", ".join(
            "–".join(f'<a href="#{places[number - 1]}">{number}</a>' for number in ends)
            for ends in runs(numbers)
        )
        caption = folded.get("class") == "chart-sources"
        tag, start = ("span", "Sources") if caption else ("p", "Numbers in the list at the end")
        new = _element(f'<{tag} class="chart-sources">{start}: {links}.</{tag}>')
        folded.getparent().replace(folded, new)


def _article(site: Path, page: str) -> Any:
    """Return the article of a built page, without what works on a screen alone; links are whole."""
    path = site / f"{page}.html"
    if not path.is_file():
        raise EditionError(f"{path} is missing: run `make book` first")
    tree = lxml.html.fromstring(path.read_text(encoding="utf-8"))
    article = tree.cssselect("article.bd-article > section")[0]
    for element in article.cssselect(_SCREEN_ONLY):
        element.drop_tree()
    for cell in article.cssselect("div.cell"):
        if not _text(cell):
            cell.drop_tree()
    for link in article.cssselect("a[href]"):
        link.set("href", urljoin(path.resolve().as_uri(), link.get("href")))
    return article


def _id(page: str, anchor: str) -> str:
    return f"{PurePosixPath(page).name}--{anchor}"


def _text(element: Any) -> str:
    return str(element.text_content()).strip()


def _element(markup: str) -> Any:
    return lxml.html.fragment_fromstring(markup)


def _markup(element: Any) -> Markup:
    text = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    return Markup(text)  # noqa: S704 (a parsed tree, written)


def _leads_to(element: Any) -> set[str]:
    return {link.get("href") for link in element.cssselect("a[href]")}


def runs(numbers: list[int]) -> list[list[int]]:
    """Return first and last of each run of three or more among sorted numbers, others alone.

    >>> runs([1, 2, 3, 7, 8])
    [[1, 3], [7], [8]]
    """
    found: list[list[int]] = []
    # Numbers in a row are as far from their places as one another.
    for _, places in groupby(enumerate(numbers), lambda place: place[1] - place[0]):
        run = [number for _, number in places]
        found += [[run[0], run[-1]]] if len(run) > 2 else [[number] for number in run]
    return found


def make(site: Path, folder: Path, plan: Plan) -> int:
    """Write the edition as a PDF.

    Parameters
    ----------
    site
        The built book.
    folder
        Where to write it, under the name that the plan gives.
    plan
        What belongs in it.

    Returns
    -------
    int
        The number of pages.

    Raises
    ------
    EditionError
        A page of the book, or Chromium, is missing.
    """
    executable = shutil.which("chromium")
    if not executable:
        raise EditionError("Chromium is missing: run `make browser`")
    edition = Edition(site, plan)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as work, sync_playwright() as playwright:
        source, made = Path(work) / "edition.html", Path(work) / plan.name
        source.write_text(edition.html(), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=executable, chromium_sandbox=False)
        page = browser.new_page()
        page.goto(source.resolve().as_uri())
        page.evaluate("document.fonts.ready")
        page.emulate_media(media="print")
        page.evaluate((_ASSETS / "edition.js").read_text(encoding="utf-8"))
        page.pdf(path=made, prefer_css_page_size=True, tagged=True)
        page.eval_on_selector_all("[data-place]", _WRITE_NUMBER, destinations(made))
        page.pdf(path=made, prefer_css_page_size=True, tagged=True)
        browser.close()
        count = _finish(made, edition, plan)
        made.replace(folder / plan.name)
    return count


def destinations(path: Path) -> dict[str, int]:
    """Return the page, counted from 1, of each place in a PDF that a link leads to."""
    reader = PdfReader(path)
    places = reader.named_destinations.items()
    found = {name: reader.get_destination_page_number(place) for name, place in places}
    return {name.removeprefix("/"): n + 1 for name, n in found.items() if n is not None}


def _finish(path: Path, edition: Edition, plan: Plan) -> int:
    """Add the outline and who made it of which day's data; return the number of pages.

    Chromium can write an outline, but doubles each title that begins a page.
    """
    writer = PdfWriter(clone_from=path)
    pages, places = destinations(path), writer.named_destinations
    chapter = None
    for level, place, title in edition.contents():
        fit = Fit.xyz(left=0, top=places[f"/{place}"].top)
        parent = None if level == "h1" else chapter
        item = writer.add_outline_item(
            title=title, page_number=pages[place] - 1, parent=parent, fit=fit, is_open=False
        )
        chapter = item if level == "h1" else chapter
    made = f"D:{plan.date:%Y%m%d}000000Z"
    writer.add_metadata(
        {"/Author": plan.author, "/Subject": plan.subject, "/CreationDate": made, "/ModDate": made}
    )
    writer.write(path)
    return len(writer.pages)
