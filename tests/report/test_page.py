"""The page: what it says, and that everybody can read it."""

import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest

from segindex import report

VOID = {"meta", "img", "link", "br"}


class Reader(HTMLParser):
    """A page as a list of (tag, attributes) and the text of some tags; complains of what is not closed."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.texts = [], [], {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in self.open:
            self.texts[tag][-1] += data

    def all(self, *names):
        """The attributes of every tag of these names."""
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def pages(grid):
    return {output.name[-2:]: page(output) for output in report.plan(grid) if output.name.startswith("page")}


def page(output):
    (content,) = output.render().values()
    return content.decode()


LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])


@LANGUAGES
def test_the_page_is_built_for_everybody(pages, language):
    read = Reader(pages[language])
    assert read.all("html") == [{"lang": language}]
    assert "script" not in read.texts and "http" not in pages[language].replace("https://creativecommons.org", "")
    assert read.tags[[tag for tag, _ in read.tags].index("body") + 1] == ("a", {"class": "skip", "href": "#content"})
    assert len(read.texts["h1"]) == 1 and len(read.texts["main"]) == 1
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = {attrs["href"][1:] for attrs in read.all("a") if attrs["href"].startswith("#")}
    assert inside <= set(ids)
    assert {attrs["aria-labelledby"] for _, attrs in read.tags if "aria-labelledby" in attrs} <= set(ids)


@LANGUAGES
def test_tables_have_captions_scopes_and_a_region_of_their_own(pages, language):
    read = Reader(pages[language])
    assert len(read.texts["caption"]) == len(read.texts["table"]) > 20
    assert len(set(read.texts["caption"])) == len(read.texts["caption"])
    assert all(attrs.get("scope") in ("col", "row") for attrs in read.all("th"))
    regions = [attrs for attrs in read.all("div") if attrs.get("class") == "scroll"]
    assert len(regions) == len(read.texts["table"])
    assert all(attrs["tabindex"] == "0" and attrs["role"] == "region" and attrs["aria-label"] for attrs in regions)
    for head, row in zip(re.findall(r"<thead>.*?</thead>", pages[language], re.S), _bodies(pages[language])):
        widths = {len(re.findall(r"<t[hd]", line)) for line in re.findall(r"<tr>.*?</tr>", row, re.S)}
        assert widths == {len(re.findall(r"<th ", head))}


def _bodies(page):
    return re.findall(r"<tbody>.*?</tbody>", page, re.S)


@LANGUAGES
def test_every_image_tells_its_finding_and_is_a_file_of_the_plan(pages, language, grid):
    read = Reader(pages[language])
    files = {name for output in report.plan(grid)[3:5] for name in output.render()}
    images = read.all("img")
    assert all(attrs["loading"] == "lazy" and len(attrs["alt"]) > 40 for attrs in images)
    assert len({attrs["alt"] for attrs in images}) == len(images)
    planned = {output.name.removeprefix("figure ") for output in report.plan(grid) if output.name.startswith("figure")}
    stems = {attrs["src"] for attrs in images}
    assert stems == {f"figures/{language}/{name}.svg" for name in planned}
    linked = {attrs["href"] for attrs in read.all("a") if attrs["href"].startswith("figures/")}
    assert {name for name in files if f"/{language}/" in name and not name.endswith(".svg")} <= linked
    assert all(f"figures/{language}/" in name for name in linked)


def test_the_text_beside_a_figure_is_the_alt_text_on_the_page(pages, grid):
    for output in report.plan(grid)[3:6]:
        files = output.render()
        for language in ("fi", "sv", "en"):
            (said,) = [files[name].decode() for name in files if name.endswith(".txt") and f"/{language}/" in name]
            (alt,) = {
                attrs["alt"]
                for attrs in Reader(pages[language]).all("img")
                if attrs["src"].split("/")[-1].removesuffix(".svg") in output.name
            }
            assert said.strip().endswith(alt)


@LANGUAGES
def test_languages_link_to_each_other(pages, language):
    links = {attrs["lang"]: attrs["href"] for attrs in Reader(pages[language]).all("a") if "hreflang" in attrs}
    wanted = {"fi": "index.html", "sv": "index.sv.html", "en": "index.en.html"}
    assert links == {each: file for each, file in wanted.items() if each != language}


def test_made_up_data_are_marked_in_every_section(pages, areas):
    for language, mark in (("fi", "SYNTEETTINEN AINEISTO"), ("sv", "SYNTETISKT MATERIAL"), ("en", "SYNTHETIC DATA")):
        read = Reader(pages[language])
        with_numbers = [words for words in read.texts["section"] if "<" not in words]
        assert sum(mark in words for words in with_numbers) >= len(with_numbers) - 2
        assert mark in read.texts["header"][0] and mark in read.texts["title"][0]
    real = page(report.plan(areas)[0])
    assert "SYNTEETTINEN" not in real and "keksitystä" not in real


def row_of(page, group, city, table=0):
    """The words of a city's row in a table of a group's section."""
    section = page[page.index(f'<h2 id="group-{group}"') :]
    body = _bodies(section)[table]
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", body, re.S) if f">{city}" in row]
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
    return [re.sub(r"<[^>]+>", "", re.sub(r'<span class="said">.*?</span>', "", cell)).strip() for cell in cells]


def test_numbers_stand_as_the_tables_have_them(pages, grid):
    rows = grid.results[
        (grid.results["city"] == "Turku") & (grid.results["year"] == 2015) & (grid.results["group"] == "low_income")
    ].set_index("index")
    first = rows.loc["dissimilarity"]
    found = row_of(pages["en"], "low-income", "Turku")
    assert found == [
        "Turku",
        f"{first['group_size'] / first['population'] * 100:.1f}%",
        f"{first['group_size']:,}",
        f"{first['value']:.3f}",
        f"{first['expected']:.3f}",
        f"{rows.loc['isolation', 'value']:.3f}",
        f"{rows.loc['isolation', 'expected']:.3f}",
        f"{first['hidden_share'] * 100:.1f}%",
        f"{first['n_cells']:,}",
        f"{first['population']:,}",
        "2015",
    ]
    finnish = row_of(pages["fi"], "low-income", "Turku")
    assert finnish[3] == f"{first['value']:.3f}".replace(".", ",")
    assert row_of(pages["sv"], "low-income", "Åbo")[1:] == finnish[1:]


def test_caveats_stand_beside_the_numbers(pages):
    lahti = row_of(pages["en"], "foreign-language", "Lahti")
    assert lahti[1].startswith("–") and lahti[2].startswith("under 100")
    assert all(words.startswith("–") for words in lahti[3:7])
    joensuu = row_of(pages["en"], "foreign-language", "Joensuu")
    assert all(words.startswith("–") for words in joensuu[1:7])
    assert "64" not in lahti
    assert re.fullmatch(r"13\.7%[a-z]", row_of(pages["en"], "foreign-language", "Espoo")[7])
    assert row_of(pages["en"], "foreign-language", "Oulu")[3].startswith("–")
    for sentence in (
        "The group has fewer than 100 members",
        "There are fewer than 20 cells",
        "More than 10% of the base population live in protected",
        "There are no data on the city for this year",
    ):
        assert sentence in pages["en"]
    assert "the group has fewer than 100 members." in pages["en"]
    assert "the city's clusters were not computed" in pages["en"].replace("&#39;", "'")


def test_change_is_the_difference_of_the_values_as_they_are(pages, grid):
    rows = grid.results[(grid.results["city"] == "Turku") & (grid.results["group"] == "low_income")]
    value = rows[rows["index"] == "dissimilarity"].set_index("year")["value"]
    found = row_of(pages["en"], "low-income", "Turku", table=1)
    assert found[2] == f"{value[2015] - value[2013]:+.3f}".replace("-", "\u2212")
    assert found[1] == "+2.0"
    assert all(words.startswith("–") for words in row_of(pages["en"], "low-income", "Kuopio", table=1)[1:])
    assert "change from 2013 to 2015" in pages["en"] and "values as they are" in pages["en"]
    assert "The series has a break between the years" in pages["en"]


def test_breaks_are_told_in_the_reader_s_language(pages):
    assert "Katkos: vuoden 2000 jälkeen kaupunkiin tulivat mukaan alueet 00100." in pages["fi"]
    assert "Brott: efter år 2000 tillkom områdena 00100 i staden." in pages["sv"]
    assert "break: areas" not in pages["fi"] + pages["sv"] + pages["en"]


def test_what_was_left_out_is_listed_and_escaped(pages):
    for text in pages.values():
        assert "People without a location &lt;sea&gt;" in text and "<sea>" not in text
    assert '<span lang="en">People without' in pages["fi"]


def test_one_year_is_said_so(areas):
    text = page(report.plan(areas)[0])
    assert "Aineistossa on vain yksi vuosi (2024)" in text and "trends_" not in text
    assert "Postinumeroalueiden lukumäärälle ei ole alarajaa" in text


def test_limits_are_those_of_the_settings(grid):
    text = page(report.plan(replace(grid, min_cells=7, min_group=5000))[2])
    assert "at least 5000 members of the group and at least 7 cells" in text


def test_both_modes_have_contrast():
    css = resources.files("segindex.report").joinpath("templates", "style.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", css, re.S)[:2]
    for mode in (light, dark):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", mode))
        for ink in ("ink", "quiet", "link"):
            for ground in ("ground", "raised"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        assert contrast(colours["mark"], colours["mark-ground"]) >= 4.5


def contrast(one, other):
    """WCAG's contrast of two colours."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
