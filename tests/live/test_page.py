"""A live page in a reader's hands: nothing loads unasked; edits, errors, stop and reset."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe import RULES, axe_faults
from book_helpers import Watch, open_in_theme
from live_helpers import ended, press, shown
from playwright.sync_api import Browser, BrowserContext, Locator, Page

METHODS = "chapters/methods"
PANDAS = 4  # a cell of that page that needs pandas alone
RUNTIME = ("/python/", "live-worker.js")


def cell(page: Page, number: int) -> Locator:
    return page.locator(f"[data-cell='{number}']")


@pytest.fixture(scope="module")
def page(site: str, browser: Browser) -> Iterator[Page]:
    """A page opened once, as to start Python takes longer than a cell."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(120_000)
    page, watch = context.new_page(), Watch(site)
    watch.attach(page)
    page.goto(f"{site}{METHODS}.html")
    yield page
    watch.check()
    context.close()


def edited(page: Page, code: str, number: int = PANDAS) -> Locator:
    """Type code into a cell, run it by keyboard, and wait until it has run."""
    place = cell(page, number)
    place.locator("textarea").fill(code)
    place.locator("textarea").press("Control+Enter")
    ended(page, place)
    return place


def test_nothing_is_loaded_before_a_run_and_then_what_the_cell_needs(
    site: str, context: BrowserContext
) -> None:
    loaded: list[str] = []
    context.on("request", lambda request: loaded.append(urlsplit(request.url).path))
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.goto(f"{site}{METHODS}.html", wait_until="networkidle")
    cell(page, PANDAS).locator("textarea").focus()
    page.wait_for_timeout(300)
    assert not [path for path in loaded if any(part in path for part in RUNTIME)]
    press(cell(page, PANDAS))
    page.wait_for_function(
        "cell => /Loading .* MB/.test(cell.querySelector('[role=status]').textContent)",
        arg=cell(page, PANDAS).element_handle(),
    )
    assert cell(page, PANDAS).get_attribute("data-run-state") == "running"
    assert ended(page, cell(page, PANDAS)) == "done"
    names = [path.rpartition("/")[2] for path in loaded if "/python/" in path]
    assert any(name.startswith("pandas-") for name in names)
    assert not [n for n in names if n.startswith(("scipy", "matplotlib", "openblas", "plotly"))]


def test_an_edit_shows_its_result_and_reset_brings_back_the_book(page: Page) -> None:
    place = cell(page, PANDAS)
    before = shown(place)
    edited(page, "print('said')\nmine = 6 * 7\nmine")
    found = shown(place)
    assert found is not None
    assert found["text"] == "said 42"
    assert (
        "forty-two" in edited(page, "'forty-two' if mine == 42 else mine", PANDAS + 1).inner_text()
    )
    press(place, "Reset")
    assert shown(place) == before
    assert place.get_attribute("data-run-state") is None
    assert "strikes2024.claims()" in place.locator("textarea").input_value()
    # Reset forgets what the edit has set.
    failed = edited(page, "mine", PANDAS + 1)
    assert "NameError: name 'mine' is not defined" in failed.get_by_role("alert").inner_text()
    press(failed, "Reset")


def test_an_error_is_shown_as_python_shows_it(page: Page) -> None:
    place = edited(page, "def half(n):\n    return n / 0\n\nhalf(3)")
    assert place.get_attribute("data-run-state") == "failed"
    said = place.get_by_role("alert").inner_text()
    assert said.startswith("Traceback (most recent call last):\n")
    assert f'File "<cell {PANDAS + 1}>", line 4, in <module>\n    half(3)' in said
    assert "return n / 0" in said
    assert said.rstrip().endswith("ZeroDivisionError: division by zero")
    assert "SyntaxError" in edited(page, "for").get_by_role("alert").inner_text()
    assert edited(page, "1 + 1").get_attribute("data-run-state") == "done"
    press(place, "Reset")


def test_an_endless_cell_can_be_stopped_and_the_page_stays_usable(page: Page) -> None:
    place = cell(page, PANDAS)
    place.locator("textarea").fill("while True:\n    pass")
    press(place)
    page.wait_for_function(
        "cell => cell.querySelector('[role=status]').textContent === 'Running …'",
        arg=place.element_handle(),
    )
    assert page.evaluate("new Promise(r => requestAnimationFrame(() => r(1)))") == 1
    press(place, "Stop")
    assert place.get_attribute("data-run-state") != "running"
    assert "Stopped" in place.get_by_role("status").inner_text()
    assert edited(page, "2 + 2").get_attribute("data-run-state") == "done"
    press(place, "Reset")


def test_drawings_of_a_readers_own_are_shown(page: Page) -> None:
    place = edited(
        page,
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('Mine')\n"
        "import plotly.graph_objects as go\ngo.Figure(go.Bar(y=[1, 2]), layout_title_text='Bars')",
    )
    assert place.get_attribute("data-run-state") == "done", place.inner_text()
    place.locator(".chart-bare[data-drawn=true]").wait_for()
    assert place.locator(".image_svg svg").count() == 1
    press(place, "Reset")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, site: str, theme: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(120_000)
    page = context.new_page()
    open_in_theme(page, f"{site}chapters/start.html", theme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    first, second = page.locator("[data-cell]").all()[:2]
    press(first)
    assert ended(page, first) == "done"
    second.locator("textarea").fill("x = '" + "long " * 60 + "'\nx.nothing")
    press(second)
    assert ended(page, second) == "failed"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")  # no button under the header
    assert axe_faults(page, RULES) == []
    context.close()


def test_a_cell_is_run_by_keyboard_alone(page: Page) -> None:
    place = cell(page, PANDAS)
    place.get_by_role("button", name="Run").focus()
    page.keyboard.press("Enter")
    assert ended(page, place) == "done"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Reset"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('textarea')")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('textarea')")
    press(place, "Reset")
    assert page.evaluate("document.activeElement.textContent") == "Run"
