"""What the report shows of the follow-up: its tables, the names of what is followed, and which figures there are."""

from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from segindex.facts import slug
from segindex.figures.followup_alt import measured
from segindex.followup import cells_of, indicators_in, measure_names, names_of
from segindex.followup.columns import TABLES
from segindex.funding.columns import MEASURES
from segindex.report.followup_published import told
from segindex.report.material import once
from segindex.report.types import area_types, type_cells
from segindex.standings import in_order

STATUS = "followup_status"


class Followed(NamedTuple):
    """The follow-up of an edition.

    Attributes
    ----------
    cards, points, places, need : DataFrame
        With the columns of `followup.columns.TABLES`; without rows where the edition has none.
    names : dict of str to Names
        What the indicators are called, in their order.
    measures : DataFrame
        Of the register.
    measure_names : dict of str to Names
    defined : dict of str to Names
        Of the groups and cities of the settings.
    """

    cards: pd.DataFrame
    points: pd.DataFrame
    places: pd.DataFrame
    need: pd.DataFrame
    names: dict
    measures: pd.DataFrame
    measure_names: dict
    defined: dict

    def cards_of(self, indicator):
        """The cards of an indicator, a row a city in the programme's order."""
        return self.cards[self.cards["indicator"] == indicator]

    def points_of(self, indicator):
        """The years of an indicator."""
        return self.points[self.points["indicator"] == indicator]

    @property
    def charts(self):
        """The figures of the indicators that have a value: {indicator: name of the figure}."""
        return {key: f"followup_points_{key}" for key in self.names if self.points_of(key)["value"].notna().any()}


@once
def followed(material):
    """The follow-up of an edition; None where it has neither cards nor measures."""
    tables = {name: told(material, name) for name in TABLES}
    measures = _measures(material)
    if not len(tables["followup_cards"]) and not len(measures):
        return None
    names = names_of(indicators_in(tables["followup_cards"], material.indicators), material.defined)
    cards, points, places, need = (_ordered(table, names) for table in tables.values())
    return Followed(cards, points, places, need, names, measures, measure_names(measures), material.defined)


def _measures(material):
    return pd.DataFrame(columns=list(MEASURES)) if material.register is None else material.register.measures


def _ordered(table, names):
    """The rows by indicator and city: both in their order."""
    places = {city: place for place, city in enumerate(in_order(table["city"]))}
    keys = pd.DataFrame({"city": table["city"].map(places)}, index=table.index)
    if "indicator" in table:
        order = {key: place for place, key in enumerate(names)}
        keys.insert(0, "indicator", table["indicator"].map(order))
    return table.loc[keys.sort_values(list(keys), kind="stable").index].reset_index(drop=True)


def with_measured(material):
    """The material with what the maps of measures tell, of each city whose measures can be mapped.

    Such are measures that lie in cells or areas of the city's map of area types.
    """
    return replace(material, measured={city: measured(cells, at) for city, cells, at in mapped_measures(material)})


@once
def mapped_measures(material):
    """The cities with a map of measures: [(city, its cells with their types, {measure_id: ids of cells})]."""
    measures, types = _measures(material), area_types(material)
    if types is None or material.type_areas is None or not len(measures):
        return []
    at, found = cells_of(measures, {"type_areas": material.type_areas, "named": material.named}), []
    for place in types.maps:
        own = measures.loc[measures["city"] == place.city, "measure_id"]
        if place.absent or not len(own):
            continue
        cells = type_cells(material, place.city, types.year)
        there = {key: at[key] & set(cells["cell"]) for key in own}
        if any(there.values()):
            found.append((place.city, cells, {key: ids for key, ids in there.items() if ids}))
    return found


def map_name(city):
    """The name of a city's map of measures."""
    return f"followup_measures_{slug(city)}"
