"""Where a figure's numbers come from, in every language: what its files say of themselves."""

import pandas as pd

from segindex import wording
from segindex.figures.files import About


def origins(material, classifications, years):
    """What the files of a figure say, by language; the figure's own name comes in where they are written.

    Parameters
    ----------
    material : Material
    classifications : sequence of str
        Of the groups that are shown.
    years : sequence of int
        The statistical years that are shown.

    Returns
    -------
    dict
        {language: About}
    """
    coverage = material.coverage
    rows = coverage[coverage["classification"].isin(classifications) & coverage["year"].isin(years)]
    used = set(rows["source"])
    sources = [source for source in material.sources if source["source"] in used] or material.sources
    licences = [", ".join(filter(None, (one["licence"], one.get("licence_url")))) for one in sources]
    dates = sorted(set(rows["reference_date"].dropna())) if "reference_date" in rows else []
    return {
        language: About(
            name="",
            key=material.key,
            edition=material.title_in(language),
            dates=wording.dates(dates, language) or wording.text(language, "figure_file.no_dates"),
            period="/".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "",
            source=material.source_line(language, *classifications),
            licence="; ".join(dict.fromkeys(licences)),
            version=material.version,
            language=language,
        )
        for language in material.in_order
    }


def with_origin(table, about):
    """A figure's data with the columns that say where they come from, the same in every row."""
    said = {
        "edition": about.key,
        "reference_dates": about.period,
        "source": about.source,
        "licence": about.licence,
        "version": about.program,
    }
    return table.assign(**{name: pd.Series(words, table.index, dtype=object) for name, words in said.items()})
