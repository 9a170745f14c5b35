"""The page: what it says, and that everybody can read it."""

import html
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest
from rendered import page

from segindex import report
from segindex.facts import Names
from segindex.report import notes
from segindex.report.contents import sections
from segindex.report.html import unbroken
from segindex.report.material import Output
from segindex.report.page import pages as pages_of
from segindex.report.spreads import spreads

VOID = {"meta", "img", "link", "br"}
DRAWN = {"path", "rect", "use", "image"}


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
        if tag not in VOID | DRAWN:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

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


def figures_of(material):
    return [output for output in report.plan(material) if output.name.startswith("figure")]


LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])


@LANGUAGES
def test_the_page_is_built_for_everybody(pages, language):
    read = Reader(pages[language])
    assert read.all("html") == [{"lang": language}]
    assert len(read.texts["script"]) == 1 and "src" not in read.all("script")[0]
    assert not re.search(r"https?:(?!//creativecommons\.org)", pages[language])
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
def test_every_figure_tells_its_finding_and_has_its_files_and_its_data(pages, language, grid):
    read = Reader(pages[language])
    planned = {output.name.removeprefix("figure ") for output in figures_of(grid)}
    drawn = [attrs["aria-labelledby"] for attrs in read.all("svg")]
    assert all(attrs["role"] == "img" for attrs in read.all("svg")) and len(set(drawn)) == len(drawn)
    assert set(drawn) <= {f"{name.replace('_', '-')}-said" for name in planned}
    said = re.findall(r'<desc id="([^"]*)">([^<]*)</desc>', pages[language])
    assert [key for key, _ in said] == drawn and all(len(words) > 40 for _, words in said)
    linked = {attrs["href"] for attrs in read.all("a") if attrs["href"].startswith("figures/")}
    elsewhere = {f"figures/{language}/{name}.svg" for name in planned}
    assert elsewhere <= linked and "img" not in read.texts
    files = {name for output in figures_of(grid)[:2] for name in output.render() if f"/{language}/" in name}
    assert files <= linked
    for figure in re.findall(r'<figure class="chart".*?</figure>', pages[language], re.S):
        assert len(re.findall("<tbody>.*?<tr>", figure, re.S)) == 1


def test_the_text_beside_a_figure_is_its_text_on_the_page(pages, grid):
    for output in figures_of(grid)[:3]:
        files = output.render()
        key = f"{output.name.removeprefix('figure ').replace('_', '-')}-said"
        for language in ("fi", "sv", "en"):
            (said,) = [files[name].decode() for name in files if name.endswith(".txt") and f"/{language}/" in name]
            (words,) = re.findall(f'<desc id="{key}">([^<]*)</desc>', pages[language])
            assert said.splitlines()[0] == html.unescape(words), "with the mark of made-up data"


@LANGUAGES
def test_languages_link_to_each_other(pages, language):
    links = {attrs["lang"]: attrs["href"] for attrs in Reader(pages[language]).all("a") if "hreflang" in attrs}
    wanted = {"fi": "index.html", "sv": "index.sv.html", "en": "index.en.html"}
    assert links == {each: file for each, file in wanted.items() if each != language}


def test_made_up_data_are_marked_in_every_section(pages, areas):
    for language, mark in (("fi", "SYNTEETTINEN AINEISTO"), ("sv", "SYNTETISKT MATERIAL"), ("en", "SYNTHETIC DATA")):
        read = Reader(pages[language])
        with_numbers = [words for words in read.texts["section"] if "<" not in words and len(words.split()) > 5]
        assert sum(mark in words for words in with_numbers) >= len(with_numbers) - 3
        assert mark in read.texts["header"][0] and mark in read.texts["title"][0]
    real = page(report.plan(areas)[0])
    assert "SYNTEETTINEN" not in real and "keksitystä" not in real


def row_of(page, group, city, table=0):
    """The words of a city's row in a table of a group's section."""
    section = page[page.index(f'<h3 id="group-{group}"') :]
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
    assert "Katkos: vuoden 2000 jälkeen kaupunkiin tuli mukaan alue 00100." in pages["fi"]
    assert "Brott: efter år 2000 tillkom området 00100 i staden." in pages["sv"]
    assert "Break: after 2000 the area 00100 entered the city." in pages["en"]
    several = notes.sentences("break: areas left since 2012: 15460, 15540", "fi")
    assert several == ["Katkos: vuoden 2012 jälkeen kaupungista poistuivat alueet 15460, 15540."]
    for size, before in (("250 m", "500 m"), ("postal areas", "250 m"), ("250 m", "postal areas")):
        (said,) = notes.sentences(f"break: cells of {size}, before {before}", "sv")
        assert said.startswith("Brott: ") and "250 m" in said
    assert "break: areas" not in pages["fi"] + pages["sv"] + pages["en"]


def test_what_was_left_out_is_listed_and_escaped(pages):
    for text in pages.values():
        assert "People without a location &lt;sea&gt;" in text and "<sea>" not in text
    assert '<span lang="en">People without' in pages["fi"]


def test_notes_name_dates_and_groups_in_words():
    note = "made-up data; residents of 2013-12-31; groups: own, children_0_6"
    assert notes.sentences(note, "fi", {"own": Names("omat", "egna", "own ones")}) == [
        "Asukasluvut kuvaavat ajankohtaa 31. joulukuuta 2013.",
        "Rivi koskee vain ryhmiä, joiden tiedot on suojattu samalla tavalla: omat, 0–6-vuotiaat.",
    ]
    assert notes.sentences("what nobody knows", "en") == ["Note in the data: what nobody knows."]


def test_a_break_of_the_latest_year_is_no_reason_for_a_dash(grid):
    results = grid.results.copy()
    broken = (results["city"] == "Kuopio") & (results["year"] == 2015)
    results.loc[broken, "note"] = "made-up data; break: areas left since 2014: 70100; undefined"
    results.loc[broken & (results["index"] == "isolation"), ["value", "expected"]] = float("nan")
    fi = page(report.plan(replace(grid, results=results))[0])
    assert "70100" not in fi and "Indeksiä ei voi laskea näistä tiedoista." in fi


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "Muuttujaryhmä PT: osa tiedoista oli näkyvissä"),
        ("sv", "Variabelgruppen PT: en del av uppgifterna var synliga"),
        ("en", "Variable group PT: some of the data were visible"),
    ],
)
def test_what_was_left_out_is_told_in_the_reader_s_language(language, said):
    text = "PT: some parts were visible and are treated as protected with the rest of their group"
    found, lang = notes.left_out("protected_in_part", text, language)
    assert found.startswith(said) and lang == ""
    other = "" if language == "en" else "en"
    for kind, unknown in (("sea", "Some sea"), ("caption", "Some head"), ("protected_in_part", "no such form")):
        assert notes.left_out(kind, unknown, language) == (unknown, other)
    plain, _ = notes.left_out("other_municipality", "cells of elsewhere", language)
    assert plain != "cells of elsewhere" and "{" not in plain


@LANGUAGES
def test_the_title_is_the_edition_s_alone(pages, language):
    read = Reader(pages[language])
    title = {"fi": "Esimerkki 2015", "sv": "Exempel 2015", "en": "Example 2015"}[language]
    assert read.texts["h1"] == [title] and read.texts["title"][0].split(" – ")[1:] == [title]


@LANGUAGES
def test_a_note_of_a_card_is_folded_and_of_no_known_language(pages, language):
    folded = re.findall(r"<details>(.*?)</details>", pages[language], re.S)
    (note,) = [words for words in folded if "Counts are invented." in words]
    assert '<p lang="und">Counts are invented.</p>' in note
    assert pages[language].count("Counts are invented.") == 1


def test_a_note_of_a_known_language_says_so(grid):
    known = replace(grid, sources=[source | {"note_language": "en"} for source in grid.sources])
    (output,) = (one for one in report.plan(known) if one.name == "page fi")
    assert '<p lang="en">Counts are invented.</p>' in page(output)


def test_reference_dates_are_a_range(grid):
    dates = [f"{year}-12-31" for year in range(2015, 2025)]
    material = replace(grid, sources=[grid.sources[0] | {"dates": dates}])
    fi, _, en = (page(output) for output in report.plan(material)[:3])
    assert "Tietojen ajankohdat: " in fi and "31.12.2015–31.12.2024" in fi and "31.12.2018" not in fi
    assert "31 December 2015–31 December 2024" in re.sub(r"</?span[^>]*>", "", en)


def test_the_coverage_table_has_short_dates(pages):
    for language, date in (("fi", "31.12.2015"), ("sv", "31.12.2015"), ("en", "31 December 2015")):
        table = pages[language][pages[language].index('<h2 id="coverage"') :]
        assert f">{date}</td>" in table


@LANGUAGES
def test_no_caption_repeats_the_figure_s_own_title(pages, language, grid):
    read = Reader(pages[language])
    assert "figcaption" not in read.texts
    for output in figures_of(grid)[:2]:
        files = output.render()
        said = next(files[name].decode() for name in files if name.endswith(f"/{language}/{output.name[7:]}.txt"))
        title = said.split(". ")[2]
        seen = re.sub(r"<svg .*?</svg>|<details.*?</details>", "", pages[language], flags=re.S)
        assert title not in re.sub(r"<[^>]+>", "", seen)


def test_only_the_bases_of_the_edition_are_explained(pages, areas):
    assert "Tuloluokissa perusjoukko" in pages["fi"] and "Kieliryhmissä perusjoukko" in pages["fi"]
    assert "Hallintaperusteessa" not in pages["fi"]
    text = page(report.plan(areas)[0])
    assert "Työttömillä perusjoukko on työvoima." in text and "Tuloluokissa" not in text


def test_a_dash_and_its_reason_are_two_words(pages):
    assert "–</span><span" not in pages["fi"] and '–</span> <span class="said">' in pages["fi"]


def test_a_range_and_its_word_stay_on_one_line():
    assert unbroken("<h2>Of 7–15-vuotiaat</h2>") == '<h2>Of <span class="range">7–15-vuotiaat</span></h2>'
    assert unbroken('<img alt="7–15"><title>7–15</title>') == '<img alt="7–15"><title>7–15</title>'
    assert unbroken("korkea–korkea 1 – 2") == "korkea–korkea 1 – 2"


def test_the_column_of_protected_data_names_its_unit(pages, areas):
    text = page(report.plan(areas)[0])
    assert ">Osuus suojatuissa ruuduissa</th>" in pages["fi"] and "”Osuus suojatuissa ruuduissa”" in pages["fi"]
    assert ">Osuus suojatuilla alueilla</th>" in text and "ruuduissa”" not in text


def test_a_break_says_what_broke_and_how_borders_are_held(madeup, pages, areas):
    assert "borders = " not in pages["fi"]
    results = madeup.results(years=(2023, 2024), cities=("Helsinki", "Jyväskylä"), groups=("unemployed",))
    coverage = madeup.coverage(results, breaks=[("Jyväskylä", 2024)])
    material = replace(areas, results=results.assign(n_cells=14), coverage=coverage)
    text = page(report.plan(material)[0])
    assert "muutosta ei lasketa. Katkos: vuoden 2000 jälkeen kaupunkiin tuli mukaan alue 00100." in text
    assert "borders = &#34;2020&#34; pitää kaupungin rajat samoina" in text
    assert '<span class="said">Aikasarjassa on katkos vuosien välillä: muutosta ei lasketa.</span>' in text
    coverage.loc[coverage["note"] != "", "note"] = "break: areas left since 2023: " + ", ".join(map(str, range(99)))
    long = page(report.plan(replace(material, coverage=coverage))[0])
    of_group = long[long.index('<h3 id="group-unemployed"') :]
    row = re.search(r"<li><sup>a</sup> (Aikasarjassa.*?)</li>", of_group)[1]
    assert row == "Aikasarjassa on katkos vuosien välillä: muutosta ei lasketa."


def test_one_year_is_said_so(areas):
    text = page(report.plan(areas)[0])
    assert "Aineistossa on vain yksi vuosi (2024)" in text and "trends_dissimilarity" not in text
    assert "Postinumeroalueiden lukumäärälle ei ole alarajaa" in text


def test_limits_are_those_of_the_settings(grid):
    text = page(report.plan(replace(grid, min_cells=7, min_group=5000))[2])
    assert "at least 5000 members of the group, as many others of the base population and at least 7 cells" in text


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


def test_the_page_leads_to_the_files_beside_it_that_there_are(areas):
    def links(*names):
        parts = tuple(sections(areas))
        others = [Output(name, dict) for name in names]
        first = pages_of(areas, parts, (), None, tuple(spreads(areas, parts, None)), others)[0]
        return {attrs["href"] for attrs in Reader(page(first)).all("a")}

    files = {"report.fi.pdf", "tables.fi.xlsx", "datapackage.json", "atlas/helsinki.fi.html"}
    assert not files & links() and "accessibility.fi.html" in links()
    assert files <= links("document fi", "workbook fi", "package", "atlas Helsinki")
    assert "atlas/jyvaskyla.fi.html" not in links("atlas Helsinki")


def test_sections_have_the_same_addresses_in_every_language(pages):
    found = [re.findall(r'<h[23] id="([^"]*)"', text) for text in pages.values()]
    assert found[0] == found[1] == found[2] and {"city-helsinki", "group-low-income", "summary"} <= set(found[0])
    contents = [re.search(r'<nav class="contents".*?</nav>', text, re.S)[0] for text in pages.values()]
    led = [re.findall(r'href="#([^"]*)"', each) for each in contents]
    assert led[0] == led[1] == [each for each in found[0] if each not in ("contents",)]
