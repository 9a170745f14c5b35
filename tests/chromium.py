"""A Chromium for tests of pages; they are skipped where there is none, or no playwright to drive it."""

import shutil
from contextlib import contextmanager

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def chromium():
    """A browser without a window."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium to open the page with")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def until(page, condition, arg=None):
    """Wait until a condition of the page's script holds; a page that forbids `eval` is asked from outside."""
    for _ in range(200):
        if page.evaluate(condition, arg):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {condition}")


def listen(page):
    """What goes wrong in a page, and whatever it asks for besides itself; a list that fills."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.is_navigation_request() else wrong.append(request.url))
    return wrong
