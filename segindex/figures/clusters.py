"""One city's map of local clusters."""

from segindex import wording
from segindex.errors import BadData
from segindex.figures import alt, maps, style
from segindex.figures.select import made_up_in, tally

ALWAYS = ("high-high", "low-low", "high-low", "low-high", "not significant")
UNTESTED = ("no neighbour", "protected", "empty")


def draw_clusters(
    cells,
    *,
    city,
    group,
    year,
    language,
    cell_size_m=None,
    areas=None,
    crs="EPSG:3067",
    borders=(),
    water=(),
    clusters=None,
    index="local_morans_i",
    false_discovery=0.05,
    defined=None,
    source="",
    made_up=False,
):
    """Map a city's cells by local cluster.

    Parameters
    ----------
    cells : DataFrame
        One row a cell: city, year, classification, group, index, cell, x, y, population, group_size, cluster.
    city, group, year, index
        Which rows are drawn.
    language : {"fi", "sv", "en"}
    cell_size_m : float, optional
        The side of the cells of a regular grid; they are drawn as an image.
    areas : GeoDataFrame or mapping, optional
        Instead: the polygon of each cell (columns cell and geometry, or cell -> geometry).
    crs : str
        The coordinate system of everything that is drawn, for the source line.
    borders, water : GeoDataFrame or sequence of geometries, optional
        Municipalities, whose outlines are drawn, and water, which is filled.
    clusters : DataFrame, optional
        The classes of this city and group as they may be published: cluster, n_cells, population_share; NaN is
        shown as a dash. Left out, they are counted from the cells.
    false_discovery : float
        The controlled rate, for the subtitle.
    defined : dict, optional
        Names of groups and cities that the settings define: {key: Names}.
    source : str
        The source line.
    made_up : bool
        Marks the figure and its files as made-up data. Rows whose note says so mark it in any case.

    Returns
    -------
    Figure
    """
    rows = cells
    for column, wanted in (("city", city), ("group", group), ("year", year), ("index", index)):
        rows = rows[rows[column] == wanted]
    if not len(rows):
        raise BadData(f"cells: no row for {city}, {group}, {year}, {index}; nothing can be drawn")
    unknown = sorted(set(rows["cluster"]) - set(style.CLUSTERS))
    if unknown:
        raise BadData(f"cells: cluster {unknown} is unknown; known are {', '.join(style.CLUSTERS)}")
    classification = rows["classification"].iloc[0]
    made_up = made_up or made_up_in(rows)
    classes = tally(rows) if clusters is None else clusters
    named = {
        "city": city,
        "group": wording.group_name(group, language, defined),
        "classification": classification,
        "language": language,
        "defined": defined,
    }
    rows = rows.assign(visible=rows["population"].where(rows["cluster"] != "protected"))
    shown = maps.painting(
        rows, "cluster", style.CLUSTERS, cell_size_m=cell_size_m, areas=areas, population="population"
    )
    title = alt.clusters_title(classes, **named)
    description = alt.clusters_alt(classes, year=int(year), **named)
    of_base = wording.of_base(classification, language)
    subtitle = _subtitle(rows, cell_size_m, year, false_discovery, language)
    subtitle = " ".join([*subtitle, *maps.left_out(rows, shown, "visible", of_base, language)])
    source = maps.source_line(source, crs, language)
    figure, bottom = style.picture(
        title, description, subtitle, source, body=maps.UP, made_up=made_up, language=language
    )
    heading = wording.text(language, f"clusters.legend_{shown.kind}", of_base=of_base)
    entries = _class_entries(classes, language)
    maps.draw_map(figure, shown, bottom, heading, entries, borders=borders, water=water, language=language)
    return figure


def _subtitle(rows, cell_size_m, year, false_discovery, language):
    tested = int((~rows["cluster"].isin(UNTESTED)).sum())
    sentences = [
        wording.text(
            language,
            "clusters.subtitle",
            unit=alt.unit_words(cell_size_m, language),
            year=int(year),
            n=wording.count(tested, language),
        ),
        wording.text(language, "clusters.method", level=wording.percent(false_discovery, language, 0)),
    ]
    if (rows["cluster"] == "protected").any():
        sentences.append(wording.text(language, "clusters.visible"))
    return sentences


def _class_entries(classes, language):
    """What the legend says of each class: (shape, colour, name, numbers)."""
    found = classes.set_index("cluster")
    entries = []
    for cluster, colour in style.CLUSTERS.items():
        n_cells = found["n_cells"].get(cluster, 0)
        if cluster not in ALWAYS and not n_cells > 0:
            continue
        share = found["population_share"].get(cluster, 0.0)
        numbers = f"{wording.count(n_cells, language)} · {wording.percent(share, language)}"
        entries.append(("box", colour, alt.cluster_name(cluster, language), numbers))
    return entries
