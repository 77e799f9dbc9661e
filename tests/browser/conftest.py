"""A real browser without a window; tests are skipped where there is none."""

import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")  # a running driver holds an event loop, which other tests need for themselves
def browser():
    """Headless Chromium, driven by playwright."""
    driver = pytest.importorskip("playwright.sync_api", reason="needs playwright (pip install playwright)")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("needs Chromium: none of " + ", ".join(BROWSERS) + " is installed")
    with driver.sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser, tmp_path):
    """`opened(html, width, dark)`: a page that shows a report from a file, and what it asked the network for."""
    pages = []

    def open_(text, width=1200, dark=False):
        path = tmp_path / "report.html"
        path.write_text(text, "utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        pages.append(page)
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("dialog", lambda dialog: page.complaints.append(dialog.message) or dialog.dismiss())
        page.goto(path.as_uri())
        return page

    yield open_
    for page in pages:
        page.close()
