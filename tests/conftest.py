"""A small made-up project that several test files run."""

from pathlib import Path

import pytest

from segindex.sources.sample import write_small

SETTINGS = """
edition = "small"
baseline = 2022
groups = ["low_income", "high_income", "foreign_language"]
scale_m = [1000]
k = [400]
areas = "data/raw/sample/districts.gpkg"
permutations = 499
languages = ["fi"]

[title]
fi = "Koe"
sv = "Prov"
en = "Trial"

[[source]]
name = "sample"
path = "data/raw/sample/sample_*.csv"
municipalities = "data/raw/sample/municipalities.gpkg"
water = "data/raw/sample/water.gpkg"
"""

PROGRAMME = """
[funding]
register = "data/raw/sample/register.xlsx"
year = 2026
pot_eur = 50000000

[[indicator]]
key = "low_income"
index = "dissimilarity"
group = "low_income"
target = 0.15
target_year = 2030

[[indicator]]
key = "foreign_language"
measure = "share"
group = "foreign_language"
wanted = "rise"
"""


def make_project(root, settings=SETTINGS, **options):
    """A project's folder with made-up raw data and one edition's settings."""
    root = Path(root)
    write_small(root / "data" / "raw" / "sample", **options)
    place = root / "reports" / "small"
    place.mkdir(parents=True)
    (place / "run.toml").write_text(settings, encoding="utf-8")
    return root


def files_of(root):
    """Every file of the edition by its name, without what a run says of itself."""
    places = [root / "data" / "processed" / "small", root / "reports" / "small"]
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for place in places
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.name not in ("run.json", ".lock")
    }


@pytest.fixture(scope="session")
def edition(tmp_path_factory):
    """A small edition with a made-up register of funding, run once."""
    from segindex.pipeline import run

    root = make_project(tmp_path_factory.mktemp("edition"), SETTINGS + PROGRAMME)
    run(root, workers=1)
    return root
