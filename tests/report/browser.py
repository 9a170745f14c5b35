"""A browser for the tests of pages: Debian's Chromium, or another one that is installed; none is a reason to skip."""

import shutil
from contextlib import contextmanager

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@contextmanager
def opened():
    """A running browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser is installed: {', '.join(NAMES)}")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def violations(page):
    """What axe-core finds on a page, a line each: rule, impact, and the first places."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    found = axe.Axe().run(
        page, options={"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
    )
    return [
        f"{one['id']} ({one['impact']}): " + "; ".join(node["html"][:120] for node in one["nodes"][:3])
        for one in found.response["violations"]
    ]


def open_all(page):
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def wide(page):
    """How wide the page's contents are, and the elements that reach beyond the window though nothing scrolls them."""
    return page.evaluate(
        """() => [document.scrollingElement.scrollWidth,
          [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1
            && !one.closest('.scroll, .said, .skip, svg')).map(one => one.outerHTML.slice(0, 80)).slice(0, 5)]"""
    )
