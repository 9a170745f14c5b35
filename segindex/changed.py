"""What differs between an edition and the next: why it was made anew, its files, and the rows of its tables by city."""

import csv
import io
from collections import Counter
from pathlib import PurePosixPath

from segindex import facts
from segindex.facts import slug

HOW = ("new", "changed", "gone")
NO_CITY = "several cities"
WITHIN = ("segindex", "code", "packages")
"""Reasons that lie in the program and not in what it was given."""


def reasons(before, now):
    """What of code, packages, settings and inputs differs between two editions, as their made-by.json has them.

    Parameters
    ----------
    before, now : dict
        `before` is empty where there was none.

    Returns
    -------
    dict
        "segindex" ([old, new] version), "code" and "settings" (whether they differ), "packages" ({name: [old, new]}),
        "inputs" ({"new", "changed" or "gone": names}); what does not differ is left out.

    Examples
    --------
    >>> reasons({"code": "a", "inputs": {"x.csv": "1"}}, {"code": "a", "inputs": {"x.csv": "2", "y.csv": "3"}})
    {'inputs': {'new': ['y.csv'], 'changed': ['x.csv']}}
    """
    if not before:
        return {}
    found = {"segindex": [before.get("segindex"), now.get("segindex")]}
    found["code"] = before.get("code") != now.get("code")
    found["settings"] = before.get("settings_sha256") != now.get("settings_sha256")
    packages = (before.get("packages", {}), now.get("packages", {}))
    found["packages"] = {
        name: [each.get(name) for each in packages]
        for name in sorted(set().union(*packages))
        if packages[0].get(name) != packages[1].get(name)
    }
    found["inputs"] = {how: names for how, names in between(before["inputs"], now["inputs"]).items() if names}
    if found["segindex"][0] == found["segindex"][1]:
        del found["segindex"]
    return {what: told for what, told in found.items() if told}


def between(before, now):
    """The names that are "new", "changed" or "gone" between two {name: sum}, each in order."""
    return {
        "new": sorted(set(now) - set(before)),
        "changed": sorted(name for name in set(now) & set(before) if now[name] != before[name]),
        "gone": sorted(set(before) - set(now)),
    }


def changes(root, before, made, now, tables):
    """What a run changed: the files, and of tables with a column `city`, how many rows of each city differ.

    Parameters
    ----------
    root, made : Path
        Where the edition stands, and where the next one was made.
    before, now : dict of str to str
        The sha256 of the files of either, by their names below it.
    tables : str
        The folder of tables, from either.

    Returns
    -------
    dict
        "files": as `between` gives them; "rows": {file: {city: number}}.
    """
    files = between(before, now)
    rows = {}
    for name in files["changed"]:
        if name.startswith(f"{tables}/") and name.endswith(".csv") and (root / name).is_file():
            found = rows_that_differ((root / name).read_bytes(), (made / name).read_bytes())
            rows |= {} if found is None else {name: found}
    return {"files": files, "rows": rows}


def rows_that_differ(old, new):
    """How many rows of each city two csv files do not share, {city: number}; None without a column `city`."""
    (old_head, *old), (head, *new) = (_rows(text) for text in (old, new))
    if "city" not in head:
        return None
    before, now = Counter(old if old_head == head else ()), Counter(new)
    at = head.index("city")
    counts = [Counter(row[at] for row in rows.elements()) for rows in (before - now, now - before)]
    found = counts[0] | counts[1]
    return {city: found[city] for city in sorted(found)}


def _rows(content):
    """The rows of a csv, its head first; a row may hold line breaks in quotes."""
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return [tuple(row) for row in rows if row] or [()]


def in_short(summary):
    """What a run changed and why, in a few lines for a terminal, each kind of file with how many there are.

    Parameters
    ----------
    summary : dict
        As `pipeline.run` gives it: "changed", "because", "tables", "pages" and "own_cities" (those of the settings).

    Returns
    -------
    list of str
        Rows of tables that differ though neither settings nor inputs do are told as "values change".
    """
    changed, because, tables, pages = (summary[name] for name in ("changed", "because", "tables", "pages"))
    cities = {slug(city): city for city in (*facts.cities(), *summary.get("own_cities", ()))}
    lines = [f"because: {'; '.join(_because(because))}"] if because else []
    for how in HOW:
        parts = {}
        for name in changed["files"][how]:
            kind, city = _kind(name, tables, pages, cities)
            parts.setdefault(kind, {}).setdefault(city, set()).add(PurePosixPath(name).stem)
        words = [f"{kind} {_cities(parts[kind])}" for kind in sorted(parts)]
        lines += [f"{how}: {'; '.join(words)}"] if words else []
    rows = [
        f"{PurePosixPath(name).name} {', '.join(f'{city or NO_CITY} {number}' for city, number in cities.items())}"
        for name, cities in changed["rows"].items()
    ]
    told = "values change" if because and set(because) <= set(WITHIN) else "rows that differ"
    return lines + ([f"{told}: {'; '.join(rows)}"] if rows else [])


def _because(because):
    """Each reason in words."""
    for what, told in because.items():
        if what == "segindex":
            yield f"segindex {told[0]} is {told[1]}"
        elif what in ("code", "settings"):
            yield f"other {what}"
        elif what == "packages":
            yield "packages " + ", ".join(f"{name} {old} is {new}" for name, (old, new) in told.items())
        else:
            yield "; ".join(f"inputs {how} {', '.join(names)}" for how, names in told.items())


def _kind(name, tables, pages, cities):
    """What kind of file a name is, and the city that it is of, if of one; `cities` has them as file names do."""
    path = PurePosixPath(name)
    if path.is_relative_to(f"{tables}/panels") or path.is_relative_to(f"{tables}/cities"):
        stem = path.name.split(".")[0]
        return "parts of tables", cities.get(stem, stem)
    if path.is_relative_to(tables):
        return "tables", path.name
    inside = path.relative_to(pages)
    if inside.parts[0] == "figures":
        own = [short for short in cities if path.stem.endswith(f"_{short}")]
        return "figures", cities[max(own, key=len)] if own else ""
    return "pages and documents", inside.as_posix()


def _cities(found):
    """How many files there are of each city, or which there are.

    >>> _cities({"Lahti": {"a", "b"}, "": {"c"}})
    'of Lahti (2), of several cities (1)'
    >>> _cities({"index.html": {"index"}, "results.csv": {"results"}})
    'index.html, results.csv'
    """
    if all("." in name for name in found):
        return ", ".join(sorted(found))
    return ", ".join(
        f"of {city or NO_CITY} ({len(found[city])})" for city in sorted(found, key=lambda city: (not city, city))
    )
