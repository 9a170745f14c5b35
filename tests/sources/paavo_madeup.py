"""Made-up postal areas in the forms of Paavo, for the tests of its reader."""

import csv
from importlib import resources

import pandas as pd

from segindex.sources.paavo_variables import VARIABLES, is_count

AREAS = {
    # postal code: (name, municipality, its name, residents)
    "00100": ("Etu-Töölö", "091", "Helsinki", 200),
    "00120": ("Punavuori", "091", "Helsinki", 100),
    "33100": ("Tampere keskus", "837", "Tampere", 400),
    "33900": ("Tyhjä", "837", "Tampere", 0),
    "04130": ("Sipoo kk", "753", "Sipoo", 100),
}
# in every area the first part of a division holds a quarter, the second the rest
FIRST, SECOND = 0.25, 0.75
LABELS = list(
    csv.DictReader(
        resources.files("segindex").joinpath("sources", "paavo_labels.csv").read_text(encoding="utf-8").splitlines()
    )
)


def counted(residents):
    """Every count column of an area."""
    row = {entry["code"]: 0 for entry in LABELS if is_count(entry["code"])}
    for group in VARIABLES.values():
        row[group.base] = residents
        for total, parts in group.divisions:
            shares = [FIRST, SECOND] if len(parts) > 1 else [1.0]
            row |= {part: row[total] * share for part, share in zip(parts, shares)} if total in row else {}
    row |= {
        "ra_asrak": residents,
        "ra_asunn": residents,
        "ra_pt_as": residents,
        "ra_kt_as": 0,
        "te_nuor": residents / 4,
    }
    row |= {"ko_perus": residents / 4, "ko_koul": 3 * residents / 4, "ko_yliop": 3 * residents / 4, "ko_ammat": 0}
    return {name: int(value) for name, value in row.items()}


def wfs(key="postinumeroalue", municipality="kunta", release="2018", **changes):
    """A WFS table; `changes` are column -> {postal code: value}."""
    rows = []
    for code, (name, kunta, _, residents) in AREAS.items():
        x = 385_000 + int(code) % 1000
        place = {key: code, "nimi": name, municipality: kunta, "euref_x": x, "euref_y": 6_672_000, "pinta_ala": 1_000}
        means = {"he_kika": 40, "hr_ktu": 30_000, "te_takk": 1.8}
        rows.append(place | ({"vuosi": release} if release else {}) | counted(residents) | means)
    frame = pd.DataFrame(rows).astype(object)
    for column, values in changes.items():
        for code, value in values.items():
            frame.loc[frame[key] == code, column] = value
    return frame


def hide(group, codes, mark=-1):
    """Changes that protect all parts of a group."""
    found = VARIABLES[group]
    parts = [name for name in counted(1) if name.startswith(f"{group}_") and name not in (found.base, *found.open)]
    return {part: dict.fromkeys(codes, mark) for part in parts}


def saved(folder, frame, name="paavo.csv", **options):
    path = folder / name
    frame.to_csv(path, index=False, **options)
    return path


def by_cell(delivery, *columns):
    return delivery.frame.set_index("cell")[list(columns)]


def kinds(delivery):
    return [notice.kind for notice in delivery.notices]


def pxweb(folder, language="label_en", years=("2022",), leave_out=(), cells=None, name="009_12f7.csv", **options):
    """A long export as PxWeb writes it: title, empty line, header; Latin-1, CRLF."""
    cells = cells or {}
    lines = [
        '"12f7 -- 9. All data groups, 2010-2023"',
        "",
        ",".join(f'"{field}"' for field in ("Area", "Info", *years)),
    ]
    for code, (area, _, town, residents) in AREAS.items():
        values = {"euref_x": 385_000, "euref_y": 6_672_000, "pinta_ala": 1_000} | counted(residents)
        for entry in LABELS:
            wfs_code = entry["code"]
            if wfs_code in values and (code, wfs_code) not in leave_out:
                found = [str(cells.get((code, wfs_code, year), values[wfs_code])) for year in years]
                lines.append(",".join([f'"{code}  {area} ({town})"', f'"{entry[language]}"', *found]))
    return raw(folder, "\r\n".join(options.get("lines", lambda given: given)(lines)) + "\r\n", name)


def raw(folder, text, name):
    path = folder / name
    path.write_bytes(text.encode("latin-1"))
    return path
