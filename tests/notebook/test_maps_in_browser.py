"""The map of a notebook in a browser: drawn, moved by keys, and what is hidden hatched at every scale."""

import pandas as pd
import pytest
import shapely
from chromium import chromium, listen, until

from segindex.notebook import explore

SEEN = """(place) => {
  view.cross = false;
  chosen = -1;
  view.scale = 0.05;
  view.centre(...place);
  view.paint();
  const [x, y] = view.middle();
  const data = pen.getImageData(x - 6, y - 6, 12, 12).data;
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4) seen.add(data.slice(at, at + 3).join(","));
  return [...seen];
}"""


@pytest.fixture(scope="module")
def browser():
    """One Chromium for all tests of this file."""
    with chromium() as found:
        yield found


def cells(**changes):
    rows = {
        "city": "Lahti",
        "year": 2024,
        "group": "foreign_language",
        "index": "local_morans_i",
        "cell": ["aa", "bb"],
        "x": [500.0, 1500],
        "y": 500.0,
        "cell_size_m": 1000.0,
        "crs": "EPSG:3067",
        "cluster": ["high-high", "protected"],
        "note": "",
    }
    return pd.DataFrame(rows | changes)


def areas():
    import geopandas

    boxes = [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)]
    return geopandas.GeoDataFrame({"cell": ["aa", "bb"]}, geometry=boxes, crs=3067)


@pytest.mark.parametrize("kind", ["grid", "areas"])
def test_classes_are_seen_and_read_out(browser, tmp_path, kind):
    shown = explore(cells()) if kind == "grid" else explore(cells(cell_size_m=None), areas=areas())
    page = browser.new_page(viewport={"width": 700, "height": 700})
    wrong = listen(page)
    page.goto(shown.save(tmp_path / "map.html").as_uri())
    until(page, "view.before.wide > 0 && !view.waiting")
    assert page.evaluate(SEEN, [500, 500]) == ["178,24,43"]
    hidden = page.evaluate(SEEN, [1500, 500])
    assert len(hidden) > 3 and {"140,138,132", "255,255,255"} <= set(hidden)
    page.evaluate("view.whole()")
    page.focus("canvas")
    for _ in range(4):
        page.keyboard.press("ArrowRight" if kind == "areas" else "+")
    page.keyboard.press("-")
    page.evaluate("view.centre(1500, 500)")
    page.keyboard.press("+")
    assert page.text_content(".told") == "Cell bb: protected"
    page.evaluate("view.centre(500, 500)")
    page.keyboard.press("-")
    assert page.text_content(".told") == "Cell aa: high–high"
    assert wrong == []
    page.close()
