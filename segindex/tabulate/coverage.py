"""What each panel rests on."""

from collections import Counter

import pandas as pd

from segindex import suppression
from segindex.schema import COVERAGE, ordered
from segindex.tabulate.asked import panels_of
from segindex.tabulate.notes import base_hidden, note


def coverage(panels):
    """What each panel rests on, a row a city, year and classification.

    The note tells what breaks the series (areas that entered or left the city), and where residents are of another
    date. Groups that protection hides each by itself have rows of their own, named in the note.
    """
    rows = []
    panels = panels_of(panels)
    seen = Counter((panel.city, panel.classification, year) for panel in panels for year in panel.years)
    for panel in panels:
        hidden = suppression.hidden_residents(panel)
        covered = suppression.coverage(panel)
        for at, year in enumerate(panel.years):
            alone = seen[panel.city, panel.classification, year] > 1
            dated = panel.resident_dates[at] not in ("", panel.dates[at])
            said = [
                panel.breaks[at],
                base_hidden(panel, at),
                f"residents of {panel.resident_dates[at]}" if dated else "",
                "groups: " + ", ".join(panel.named_groups) if alone else "",
            ]
            rows.append(
                {
                    "city": panel.city,
                    "year": year,
                    "release": panel.releases[at],
                    "source": panel.source,
                    "classification": panel.classification,
                    "reference_date": panel.dates[at],
                    "n_cells": int((panel.residents[at] > 0).sum()),
                    "n_hidden": int(panel.hidden[at].sum()),
                    "residents": round(panel.residents[at].sum()),
                    "hidden_residents": round(hidden[at]),
                    "coverage": covered[at],
                    "note": note(panel, *said),
                }
            )
    return ordered(pd.DataFrame(rows, columns=list(COVERAGE)), COVERAGE, ["city", "year", "release", "classification"])
