"""Made-up layers with the real schemas, served by a real MapServer; every value is invented."""

import os
import re
import subprocess
from functools import cache
from itertools import product
from pathlib import Path

import geopandas as gpd
import pandas as pd
from loopback import Reply
from shapely.geometry import box
from sources.paavo_madeup import counted

from segindex.facts import cities

MAPSERV = Path("/usr/lib/cgi-bin/mapserv")
YEAR = 2024
TOWNS = {
    "091": ("Helsinki", "Helsingfors", 385_000, 6_672_000, "00"),
    "837": ("Tampere", "Tammerfors", 327_000, 6_822_000, "33"),
}
OTHER = {"005": ("Alajärvi", "Alajärvi", 360_000, 6_980_000, "62")}
SIDE = 4
AGES = ("ika0_9", "ika10_19", "ika20_29", "ika30_39", "ika40_49", "ika50_59", "ika60_69", "ika70_79", "ika_yli80")


def postal_areas(year=YEAR, more=0):
    """Sixteen areas of a kilometre in each of two towns, one in another; `more` residents in each."""
    rows, shapes = [], []
    for code, (_, _, x, y, first) in (TOWNS | OTHER).items():
        for row, column in product(range(SIDE if code in TOWNS else 1), repeat=2):
            number = row * SIDE + column
            residents = 400 + 40 * number + 4 * more
            values = counted(residents)
            low = residents // 4 + (residents // 4) * (column - 1) // 4
            values |= {"hr_pi_tul": low, "hr_ke_tul": residents - low, "hr_hy_tul": 0}
            if number == 5 and code == "837":
                values |= dict.fromkeys(("te_omis_as", "te_vuok_as", "te_muu_as"), -1)
            place = (x + 1000 * column, y + 1000 * row)
            shapes.append(box(*place, place[0] + 1000, place[1] + 1000))
            head = {
                "postinumeroalue": f"{first}{number:02d}0",
                "nimi": f"Keksitty {number}",
                "namn": f"Påhittad {number}",
                "euref_x": int(place[0]) + 500,
                "euref_y": int(place[1]) + 500,
                "pinta_ala": 1_000_000,
                "vuosi": year,
                "kunta": code,
            }
            rows.append(head | values | {"he_kika": 40, "hr_ktu": 30_000, "te_takk": 1.8})
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs="EPSG:3067")


def population_grid(year=YEAR):
    """Nine cells of 1 km in each town; one hides its ages."""
    rows, shapes = [], []
    for code, (_, _, x, y, _) in TOWNS.items():
        for row, column in product(range(3), repeat=2):
            east, north = x + 1000 * column, y + 1000 * row
            young = 10 + 5 * column
            ages = {"ika_0_14": young, "ika_15_64": 150 - young, "ika_65_": 50}
            if (row, column) == (2, 2):
                ages = dict.fromkeys(ages, -1)
            rows.append(
                {
                    "id_nro": len(rows) + 1,
                    "grd_id": f"1kmN{north // 1000}E{east // 1000}",
                    "kunta": code,
                    "vuosi": year,
                    "xkoord": east,
                    "ykoord": north,
                    "vaesto": 200,
                    "miehet": 90,
                    "naiset": 110,
                }
                | ages
            )
            shapes.append(box(east, north, east + 1000, north + 1000))
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs="EPSG:3067")


def municipalities(year=YEAR):
    """Squares of 10 km round the towns."""
    found = TOWNS | OTHER
    rows = [
        {"kunta": code, "vuosi": year, "nimi": one[0], "namn": one[1], "name": one[0]} for code, one in found.items()
    ]
    shapes = [box(x - 3000, y - 3000, x + 7000, y + 7000) for _, _, x, y, _ in found.values()]
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs="EPSG:3067")


def cell_link():
    """Four cells of 250 m in each of the eleven cities, one of them twice, and two elsewhere."""
    rows = []
    for number, code in enumerate([*(city.code for city in cities().values()), "005"]):
        for column in (0, 1, 2, 3, 3):
            east, north = 300_000 + 250 * column, 6_700_000 + 1000 * number
            codes = {"kunnro2023": int(code), f"kunnro{YEAR}": int(code)}
            rows.append({"id_nro": len(rows), "euref_x": east, "euref_y": north, **codes})
    frame = pd.DataFrame(rows)
    shapes = [box(x, y, x + 250, y + 250) for x, y in zip(frame["euref_x"], frame["euref_y"])]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:3067")


def hsy_grid():
    """Sixteen cells of 250 m; one hides its ages."""
    rows, shapes = [], []
    for row, column in product(range(4), repeat=2):
        east, north = 25_496_000 + 250 * column, 6_673_000 + 250 * row
        ages = dict.fromkeys(AGES, 20) | {"ika0_9": 20 + 5 * column}
        residents = sum(ages.values())
        if (row, column) == (3, 3):
            residents, ages = 60, dict.fromkeys(AGES, 99)
        rows.append({"index": len(rows) + 1, "asukkaita": residents, "asvaljyys": 35} | ages)
        shapes.append(box(east, north, east + 250, north + 250))
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs="EPSG:3879")


def write_layers(place, **layers):
    """A MapServer's mapfile and its layers (name -> GeoDataFrame) in a folder."""
    place = Path(place)
    texts = []
    for name, frame in layers.items():
        path = place / f"{name}.gpkg"
        path.unlink(missing_ok=True)
        frame.to_file(path, layer=name, driver="GPKG")
        texts.append(LAYER.format(name=name, path=path, epsg=frame.crs.to_epsg()))
    (place / "made.map").write_text(MAP.format(layers="".join(texts)), encoding="utf-8")
    (place / "mapserver.conf").write_text('CONFIG\n ENV\n  MS_MAP_PATTERN "."\n END\nEND\n', encoding="utf-8")


def all_layers():
    """Every layer of the made-up services by its name."""
    return {
        f"pno_tilasto_{YEAR}": postal_areas(),
        f"pno_tilasto_{YEAR + 1}": postal_areas(YEAR + 1, more=10),
        f"vaki{YEAR}_1km": population_grid(),
        f"kunta1000k_{YEAR}": municipalities(),
        "hila250m_linkki": cell_link(),
        f"Vaestotietoruudukko_{YEAR}": hsy_grid(),
    }


def mapserver(place):
    """Answers of the MapServer of a folder, one process a request as CGI has it; a question it has had before it need
    not answer again."""
    place = Path(place)

    @cache
    def answer(method, path, body):
        own = {
            "QUERY_STRING": path.partition("?")[2],
            "REQUEST_METHOD": method,
            "MS_MAPFILE": str(place / "made.map"),
            "MAPSERVER_CONFIG_FILE": str(place / "mapserver.conf"),
        }
        done = subprocess.run([MAPSERV], env=os.environ | own, capture_output=True, timeout=30, check=False)
        head, _, content = done.stdout.replace(b"\r\n", b"\n").partition(b"\n\n")
        headers = dict(re.findall(r"^([\w-]+):\s*(.*)$", head.decode(), flags=re.MULTILINE))
        code = int(headers.pop("Status", "200").split()[0]) if done.returncode == 0 else 500
        return Reply(code, content, headers)

    return answer


MAP = """
MAP
  NAME "made-up"
  EXTENT 0 6000000 26000000 8000000
  UNITS meters
  PROJECTION "init=epsg:3067" END
  OUTPUTFORMAT
    NAME "geojson"
    DRIVER "OGR/GEOJSON"
    MIMETYPE "application/json"
    FORMATOPTION "STORAGE=memory"
    FORMATOPTION "FORM=SIMPLE"
    FORMATOPTION "LCO:RFC7946=NO"
  END
  WEB METADATA
    "wfs_title" "made-up layers"
    "wfs_onlineresource" "http://127.0.0.1/"
    "wfs_srs" "EPSG:3067 EPSG:3879"
    "wfs_enable_request" "*"
    "wfs_getfeature_formatlist" "geojson"
    "wfs_namespace_prefix" "made"
    "wfs_namespace_uri" "http://127.0.0.1/made"
  END END
{layers}END
"""
LAYER = """
  LAYER
    NAME "{name}"
    TYPE POLYGON
    STATUS ON
    CONNECTIONTYPE OGR
    CONNECTION "{path}"
    DATA "SELECT * FROM {name} WHERE %cql_filter%"
    VALIDATION
      "cql_filter" "^kunnro20[0-9][0-9]=[0-9]+$"
      "default_cql_filter" "1=1"
    END
    PROJECTION "init=epsg:{epsg}" END
    METADATA
      "wfs_title" "{name}"
      "wfs_srs" "EPSG:{epsg}"
      "gml_include_items" "all"
      "gml_types" "auto"
      "wfs_use_default_extent_for_getfeature" "false"
    END
  END
"""
