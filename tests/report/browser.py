"""What the tests of pages look for in a browser: axe-core's rules, and what is wider than the window."""

import pytest

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


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
