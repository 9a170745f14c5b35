"""What a file is: source, release, dates, cells and residents by city, groups, hidden share, oddities."""

import numpy as np

from segindex import assemble, suppression
from segindex.errors import BadData
from segindex.facts import EVERY, Names, cities, define_city
from segindex.ingest import deliver
from segindex.sources import card
from segindex.sources.delivery import NoCity


def describe(path, *, source=None, release=None, municipalities=None, polygons=None, defined=()):
    """A file in plain values.

    Returns
    -------
    list of dict
        One a release or year: `file, source, form, release, made_up, dates, cell_size_m, cities` (cells, residents
        and, by classification, hidden share), `groups`, `columns`, `notices`.

    Raises
    ------
    BadData, BadSettings
        As the readers do.
    """
    options = {"release": release, "municipalities": municipalities, "polygons": polygons}
    taken = None
    try:
        found = deliver([path], source=source, defined=defined, **options)
    except NoCity:
        taken = [define_city("Kaikki kunnat", EVERY, Names("Kaikki kunnat", "Alla kommuner", "All municipalities"))]
        found = deliver([path], source=source, defined=defined, taken=taken, **options)
    told = [_delivery(delivery, defined, taken) for delivery in found]
    try:
        card.check_sum(path, card.beside(path, found[0].source))
    except BadData as error:
        told[0]["notices"].append({"kind": "changed", "text": str(error), "cells": 0, "residents": 0, "first": []})
    return told


def lines(told):
    """The description of one delivery as lines of text."""
    mark = "  MADE-UP DATA" if told["made_up"] else ""
    yield f"{told['file']}: {told['source']}, {told['form']}{mark}"
    yield f"  release {told['release'] or '- (the file names none)'}"
    yield "  reference dates " + ", ".join(f"{group}: {date}" for group, date in told["dates"].items())
    size = told["cell_size_m"]
    yield f"  units {'areas' if size is None else f'cells of {size:g} m'}"
    yield "  groups " + (", ".join(f"{key} ({year})" for key, year in told["groups"].items()) or "none that is known")
    for name, city in told["cities"].items():
        hidden = ", ".join(f"{key} {share:.1%}" for key, share in city["hidden"].items() if share > 0)
        yield (
            f"  {name:11}{city['cells']:>7,} inhabited of {city['rows']:,}, {city['residents']:>9,} residents; hidden: "
            + (hidden or "nothing")
        )
    for notice in told["notices"]:
        first = f", first {', '.join(notice['first'])}" if notice["first"] else ""
        concerns = f" ({notice['cells']:,} cells, {notice['residents']:,} residents{first})" if notice["cells"] else ""
        yield f"  notice: {notice['text']}{concerns}"


def _delivery(delivery, defined, taken):
    frame = delivery.frame
    wanted = assemble.chosen_groups(None, defined)
    try:
        given = assemble.given_groups(delivery, wanted)
        dates, undated = dict(sorted(delivery.dates.items())), ""
    except BadData as error:
        given, dates, undated = [], dict(sorted(delivery.dates.items())), str(error)
    panels = assemble.panels([delivery], defined=defined, taken=taken) if given else []
    notices = [
        {
            "kind": notice.kind,
            "text": notice.text,
            "cells": notice.cells,
            "residents": round(notice.residents),
            "first": list(notice.first),
        }
        for notice in delivery.notices
    ]
    if undated:
        notices.append({"kind": "no_date", "text": undated, "cells": 0, "residents": 0, "first": []})
    told = {}
    for name in cities() if taken is None else (city.key for city in taken):
        own = frame[frame["city"] == name]
        if len(own):
            residents = own[delivery.residents].to_numpy(dtype=float)
            told[name] = {
                "rows": len(own),
                "cells": int((np.nan_to_num(residents) > 0).sum()),
                "residents": round(float(np.nansum(residents))),
                "hidden": {
                    panel.classification: float(suppression.hidden_share(panel)[-1])
                    for panel in panels
                    if panel.city == name
                },
            }
    return {
        "file": str(delivery.path),
        "source": delivery.source,
        "form": delivery.form,
        "release": delivery.release,
        "made_up": delivery.card.made_up,
        "dates": dates,
        "cell_size_m": delivery.cell_size_m,
        "cities": told,
        "groups": {counted.group.key: counted.year for counted in given},
        "columns": list(delivery.columns),
        "notices": notices,
    }
