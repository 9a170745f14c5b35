"""The steps of a run in their order: ingest, compute, report. Each does only what its input changed."""

import json
import os
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from segindex import grid, ledger, qgis, schema, store, suppression, tabulate
from segindex import ingest as reading
from segindex.edition import chosen, read_edition
from segindex.errors import BadData, BadSettings
from segindex.facts import slug
from segindex.ledger import Ledger, digest
from segindex.progress import Progress
from segindex.provenance import as_json, code_version, shown, sign, version, versions
from segindex.sources.card import sha256
from segindex.workers import each

SENSITIVITY = "compute all-cities"
"""The task that looks at all cities at once; no city is called so."""

STEPS = ("ingest", "compute", "report")
INGEST = ("cities", "years", "groups", "defined", "baseline", "borders", "sources")
COMPUTE = (
    *("groups", "indices", "scale_m", "k", "reference", "centres", "same_mask", "seed", "permutations", "local_years"),
    *("baseline", "worth_years", "draws", "cluster_size", "disclosure"),
)


@dataclass
class Run:
    """One run of an edition: its settings, its ledger, and how it reports on itself."""

    root: Path
    edition: object
    ledger: Ledger
    progress: Progress
    workers: int
    accept: tuple = ()
    changed: int = 0
    skipped: int = 0
    done: int = 0

    @property
    def tables(self):
        """Folder of the edition's tables, from the root."""
        return f"data/processed/{self.edition.key}"

    @property
    def pages(self):
        """Folder of the edition's pages, from the root."""
        return f"reports/{self.edition.key}"

    def task(self, name, key, make):
        """Do a task unless its files stand from the same input; `make()` gives {file name: bytes}."""
        if self.ledger.done(name, key):
            self.skipped += 1
        else:
            self.keep(name, key, make())

    def keep(self, name, key, files):
        """Write what a task made; until the run ends, no sums stand that no longer hold."""
        (self.root / self.pages / "SHA256SUMS").unlink(missing_ok=True)
        self.changed += self.ledger.write(name, key, files)
        self.done += 1


def run(root=".", key=None, *, steps=STEPS, workers=None, accept=(), progress=None):
    """Run steps of an edition.

    Parameters
    ----------
    root : path
        The project's folder, with `data/` and `reports/`.
    key : str, optional
        The edition; the only one if left out.
    steps : tuple of str
        Of "ingest", "compute", "report", in this order.
    workers : int, optional
        Processes; as many as there are cores if left out. The results do not depend on it.
    accept : list of path
        Files that may differ from their card's sha256.
    progress : Progress, optional

    Returns
    -------
    dict
        What was done: edition, page, tasks done and skipped, files changed, seconds.

    Raises
    ------
    Locked
        Another run of the edition is at work.
    BadData, BadSettings
        As the steps find them; nothing is half-written.
    """
    root = Path(root)
    key = chosen(root, key)
    edition = read_edition(root, key)
    began = time.time()
    with ledger.locked(store.folder(root, key) / ".lock"):
        store.sweep(store.folder(root, key), root / "reports" / key)
        own = Run(
            root,
            edition,
            Ledger(store.folder(root, key) / "ledger.json", root),
            progress or Progress(),
            workers or os.cpu_count() or 1,
            tuple(accept),
        )
        if "ingest" in steps:
            ingest(own)
        if "compute" in steps:
            compute(own)
        if "report" in steps:
            report(own)
        summary = {
            "edition": key,
            "tables": own.tables,
            "page": f"{own.pages}/index.html" if "report" in steps else None,
            "steps": list(steps),
            "tasks_done": own.done,
            "tasks_skipped": own.skipped,
            "files_changed": own.changed,
            "seconds": round(time.time() - began, 1),
        }
        sign(root, key, own.tables, own.pages, own.ledger.files(), summary if own.done else None, began)
    return summary


def ingest(own):
    """Raw files to panels, coverage and what was left out."""
    edition = own.edition
    inputs = {shown(path, own.root): sha256(path) for path in _inputs(edition)}
    settings = _settings(own)
    key = digest("ingest", {name: settings[name] for name in INGEST}, inputs, code_version(), versions())
    own.progress.step("ingest", 0, 1)

    def make():
        found = reading.ingest(edition, own.accept)
        files = {
            f"{own.tables}/panels/{slug(city)}.parquet": store.as_panels(panels)
            for city, panels in found.panels.items()
        }
        files[f"{own.tables}/coverage.csv"] = store.as_csv(found.coverage)
        files[f"{own.tables}/left_out.csv"] = store.as_csv(found.left_out)
        files[f"{own.tables}/about.json"] = as_json(found.about | {"inputs": inputs})
        for name in ("areas", "borders", "water"):
            frame = getattr(found, name)
            if frame is not None:
                files[f"{own.tables}/{name}.parquet"] = store.as_geoparquet(frame)
        return files

    own.task("ingest", key, make)
    own.progress.step("ingest", 1, 1)


def compute(own):
    """Panels to index tables and local clusters."""
    edition = own.edition
    source = _required(own, "ingest", "panels")
    settings = digest(_of(edition, COMPUTE), code_version(), versions())
    names = [name for name in source if "/panels/" in name]
    shapes = source.get(f"{own.tables}/areas.parquet")
    given = None if edition.cut_offs is None else sha256(edition.cut_offs)
    key = digest("baseline", {name: source[name] for name in names}, settings, given)
    own.task("baseline", key, lambda: _at_baseline(own, names))
    jobs = {}
    for name in names:
        task = f"compute {Path(name).stem}"
        key = digest(task, source[name], shapes, settings, own.ledger.files("baseline"))
        if own.ledger.done(task, key):
            own.skipped += 1
        else:
            areas = str(own.root / own.tables / "areas.parquet") if shapes else None
            city = partial(city_tables, str(own.root / name), areas, _of(edition, COMPUTE), str(own.root / own.tables))
            jobs[task] = (key, city)
    key = digest(SENSITIVITY, {name: source[name] for name in names}, settings)
    if own.ledger.done(SENSITIVITY, key):
        own.skipped += 1
    else:
        jobs[SENSITIVITY] = (key, partial(sensitivity, [str(own.root / name) for name in names], _of(edition, COMPUTE)))
    tasks = len(names) + 1
    done = tasks - len(jobs)
    own.progress.step("compute", done, tasks)
    for task, tables in each({task: job for task, (_, job) in jobs.items()}, own.workers):
        stem = task.removeprefix("compute ")
        files = {
            f"{own.tables}/cities/{stem}.{kind}.parquet": store.as_parquet(frame) for kind, frame in tables.items()
        }
        own.keep(task, jobs[task][0], files)
        done += 1
        own.progress.step("compute", done, tasks, stem)
    wanted = [SENSITIVITY, *(f"compute {Path(name).stem}" for name in names)]
    own.ledger.forget([task for task in own.ledger.tasks if not task.startswith("compute ")] + wanted)
    parts = own.ledger.files("compute ")
    said = (edition.languages[0], _settings(own)["defined"])
    own.task("tables", digest("tables", parts, settings, said), lambda: _tables(own, parts, shapes))


def report(own):
    """Tables to pages and figures."""
    from segindex import report as pages

    source = _required(own, "tables", "tables") | own.ledger.files("ingest")
    settings = digest(_settings(own), source, code_version(), versions())
    outputs = pages.plan(_material(own))
    jobs = {}
    for output in outputs:
        task = f"report {output.name}"
        if own.ledger.done(task, digest(task, settings)):
            own.skipped += 1
        else:
            jobs[task] = output.render
    done = len(outputs) - len(jobs)
    own.progress.step("report", done, len(outputs))
    for task, files in each(jobs, own.workers):
        own.keep(task, digest(task, settings), {f"{own.pages}/{name}": content for name, content in files.items()})
        done += 1
        own.progress.step("report", done, len(outputs), task.removeprefix("report "))
    wanted = [f"report {output.name}" for output in outputs]
    own.ledger.forget([task for task in own.ledger.tasks if not task.startswith("report ")] + wanted)


def _at_baseline(own, names):
    """What is fixed at the baseline, of all cities: cut-offs (unless the settings give them) and standards of types."""
    edition = own.edition
    panels = [panel for name in names for panel in store.read_panels(own.root / name)]
    if edition.same_mask:
        panels = [suppression.same_mask(panel) for panel in panels]
    if edition.cut_offs is None:
        cuts = tabulate.cut_offs(panels, year=edition.baseline)
    else:
        cuts = tabulate.judged_cut_offs(pd.read_csv(edition.cut_offs), shown(edition.cut_offs, own.root))
    return {
        f"{own.tables}/cut_offs.csv": store.as_csv(cuts),
        f"{own.tables}/standards.csv": store.as_csv(tabulate.standards_or_none(panels, year=edition.baseline)),
    }


def city_tables(path, areas, edition, baseline=None):
    """One city's results and local clusters; runs in a worker.

    `baseline` is the folder of what was fixed for all cities; if left out, the city stands alone.
    """
    shapes = None
    if areas:
        import geopandas

        shapes = geopandas.read_parquet(areas)
    panels = [reading.neighboured(panel, shapes) for panel in store.read_panels(path)]
    told = tabulate.disclosures(panels)
    if len(told) and edition["disclosure"] == "stop":
        raise BadData(_told(told))
    cuts = None if baseline is None else store.read_csv(f"{baseline}/cut_offs.csv", schema.CUT_OFFS)
    results, cells, changed, over = [], [], [], []
    for panel in panels:
        wanted = [name for name in panel.named_groups if edition["groups"] is None or name in edition["groups"]]
        every = len(wanted) == len(panel.named_groups)
        if edition["same_mask"]:
            panel = suppression.same_mask(panel)
        common = {
            "group": None if every else wanted,
            "reference": _references(panel, edition["reference"]),
            "centres": {city: own for city, own in edition["centres"].items() if city == panel.city},
        }
        sizes = {"scale_m": edition["scale_m"], "k": edition["k"]}
        worth = _worth(panel, edition)
        results.append(tabulate.compute(panel, edition["indices"], **common, **sizes, worth=worth))
        first = _baseline(panel, edition)
        if worth is not None and first in panel.years:
            changed.append(tabulate.changes(panel, first, group=wanted, worth=worth))
        over.append(tabulate.thresholds(panel, wanted, cuts=cuts))
        if panel.weights is not None:
            years = _ends(panel, edition) if edition["local_years"] == "latest" else panel.years
            cells.append(
                tabulate.local(
                    panel, wanted, year=list(years), seed=edition["seed"], permutations=edition["permutations"]
                )
            )
    empty = schema.ordered(pd.DataFrame(columns=list(schema.CELLS)), schema.CELLS, ["city"])
    return {
        "results": pd.concat(results, ignore_index=True),
        "cells": pd.concat(cells, ignore_index=True) if cells else empty,
        "changes": _changes(changed),
        "disclosed": told,
        "thresholds": pd.concat(over, ignore_index=True),
        "types": _types(panels, edition, baseline),
    }


def _types(panels, edition, baseline):
    """The area types of a city's cells; no rows where the data do not give them."""
    if edition["same_mask"]:
        panels = [suppression.same_mask(panel) for panel in panels]
    if baseline is None:
        fixed = tabulate.standards_or_none(panels, year=edition["baseline"])
    else:
        fixed = store.read_csv(f"{baseline}/standards.csv", schema.STANDARDS)
    return tabulate.area_types(panels, fixed) if len(fixed) else tabulate.no_areas()


def sensitivity(paths, edition):
    """How far the area types hang on what was chosen and on chance, of all cities; runs in a worker."""
    panels = [panel for path in paths for panel in store.read_panels(path)]
    if edition["same_mask"]:
        panels = [suppression.same_mask(panel) for panel in panels]
    return {"sensitivity": tabulate.type_sensitivity(panels, year=edition["baseline"], seed=edition["seed"])}


def _told(rows):
    """The first hidden counts that follow from visible ones, in words."""
    first = rows.iloc[0]
    return (
        f"{first.city}, {first.classification}: hidden counts of {first.group} in {first.year} follow from the "
        f"{first.by} in {first.n_cells} cells, first {first.first_cells}; {len(rows)} such groups and years in the "
        'city. The data tell what they hide: leave a group or a source out, or allow it with disclosure = "report"'
    )


def _changes(frames):
    """The changes of all frames, which may be none, with q over them all."""
    found = [frame for frame in frames if len(frame)] or [pd.DataFrame(columns=list(schema.CHANGES))]
    return tabulate.with_q(pd.concat(found, ignore_index=True))


def _ends(panel, edition):
    """The latest year of a panel, and the baseline if it has it."""
    return tuple(year for year in panel.years if year in (panel.years[-1], _baseline(panel, edition)))


def _baseline(panel, edition):
    return panel.years[0] if edition["baseline"] is None else edition["baseline"]


def _worth(panel, edition):
    """What the values of a panel are set beside, by the settings; None for nothing."""
    if edition["worth_years"] == "none":
        return None
    years = None if edition["worth_years"] == "all" else _ends(panel, edition)
    return tabulate.Worth(years, edition["draws"], seed=edition["seed"], cluster_size=edition["cluster_size"])


def _references(panel, wanted):
    """The reference groups that a panel has; a classification without any is set against the rest."""
    return [name for name in wanted if name == "rest" or name in panel.groups] or ["rest"]


def _settings(own):
    """The edition's settings as plain values; files are named from the root."""
    settings = asdict(own.edition)
    for source in settings["sources"]:
        for name, value in source.items():
            if name == "paths":
                source[name] = [shown(path, own.root) for path in value]
            elif isinstance(value, Path):
                source[name] = shown(value, own.root)
    return settings


def _of(edition, names):
    return {name: getattr(edition, name) for name in names}


def _tables(own, parts, shapes):
    frames = {
        "results": [],
        "cells": [],
        "changes": [],
        "disclosed": [],
        "thresholds": [],
        "types": [],
        "sensitivity": [],
    }
    for name in sorted(parts):
        frames[name.split(".")[-2]].append(pd.read_parquet(own.root / name))
    results = schema.ordered(pd.concat(frames["results"], ignore_index=True), schema.RESULTS, schema.KEYS)
    cells = schema.ordered(
        pd.concat(frames["cells"], ignore_index=True),
        schema.CELLS,
        ["city", "year", "classification", "group", "cell"],
    )
    about = json.loads((own.root / own.tables / "about.json").read_text(encoding="utf-8"))
    said = {"made_up": about["made_up"]}
    files = {
        f"{own.tables}/results.parquet": store.as_parquet(results, said),
        f"{own.tables}/results.csv": store.as_csv(results),
        f"{own.tables}/cells.parquet": store.as_parquet(cells, said),
    }
    files[f"{own.tables}/changes.csv"] = store.as_csv(_changes(frames["changes"]))
    told = pd.concat(frames["disclosed"], ignore_index=True)
    files[f"{own.tables}/disclosed.csv"] = store.as_csv(schema.ordered(told, schema.DISCLOSURES, ["city", "year"]))
    over = pd.concat(frames["thresholds"], ignore_index=True)
    order = ["city", "year", "release", "classification", "group", "threshold"]
    files[f"{own.tables}/thresholds.csv"] = store.as_csv(schema.ordered(over, schema.THRESHOLDS, order))
    types = pd.concat(frames["types"], ignore_index=True)
    files |= _of_types(own, types, said)
    files[f"{own.tables}/type_sensitivity.csv"] = store.as_csv(frames["sensitivity"][0])
    files[f"{own.tables}/scales.csv"] = store.as_csv(tabulate.scales(results))
    files[f"{own.tables}/cluster_areas.csv"] = store.as_csv(tabulate.areas(cells))
    files[f"{own.tables}/lasting.csv"] = store.as_csv(tabulate.lasting(cells))
    files[f"{own.tables}/clusters.csv"] = store.as_csv(tabulate.clusters(cells))
    if len(cells):
        date = max(date for source in about["sources"] for date in source["dates"])
        told = cells.assign(lasting=tabulate.lasting_ids(cells))
        layer = grid.cells_layer(told, _shapes(own, "areas") if shapes else None, types)
        looks = qgis.styles(
            list(layer.columns),
            own.edition.languages[0],
            made_up=about["made_up"],
            defined={group.key: group.names for group in own.edition.defined},
        )
        files[f"{own.tables}/cells.gpkg"] = store.as_gpkg(layer, "cells", date, looks)
    return files


def _of_types(own, areas, said):
    """The tables of area types and accumulation."""
    areas = schema.ordered(areas, schema.AREAS, ["city", "year", "release", "cell"])
    fixed = store.read_csv(own.root / own.tables / "standards.csv", schema.STANDARDS)
    first = int(fixed["year"].iloc[0]) if len(fixed) else 0
    tables = {
        "types": tabulate.type_residents(areas),
        "transitions": tabulate.type_changes(areas, first),
        "accumulation": tabulate.accumulation(areas, fixed),
    }
    files = {f"{own.tables}/{name}.csv": store.as_csv(frame) for name, frame in tables.items()}
    return files | {f"{own.tables}/types.parquet": store.as_parquet(areas, said)}


def _material(own):
    from segindex.report import Material

    about = json.loads((own.root / own.tables / "about.json").read_text(encoding="utf-8"))
    place = own.root / own.tables
    cells = pd.read_parquet(place / "cells.parquet")
    latest = cells.groupby(["city", "group"])["year"].transform("max") == cells["year"] if len(cells) else []
    sizes = {source["cell_size_m"] for source in about["sources"]}
    return Material(
        key=own.edition.key,
        title=own.edition.title,
        languages=own.edition.languages,
        baseline=own.edition.baseline,
        made_up=about["made_up"],
        sources=about["sources"],
        version=version(),
        results=pd.read_parquet(place / "results.parquet"),
        changes=store.read_csv(place / "changes.csv", schema.CHANGES),
        coverage=store.read_csv(place / "coverage.csv", schema.COVERAGE),
        clusters=store.read_csv(place / "clusters.csv", schema.CLUSTERS),
        thresholds=store.read_csv(place / "thresholds.csv", schema.THRESHOLDS),
        types=store.read_csv(place / "types.csv", schema.TYPES),
        types_year=next(iter(store.read_csv(place / "standards.csv", schema.STANDARDS)["year"]), None),
        sensitivity=store.read_csv(place / "type_sensitivity.csv", schema.SENSITIVITY),
        accumulation=store.read_csv(place / "accumulation.csv", schema.ACCUMULATION),
        cells=cells[latest] if len(cells) else cells,
        cell_size_m=sizes.pop() if len(sizes) == 1 else None,
        areas=_shapes(own, "areas"),
        borders=_shapes(own, "borders"),
        water=_shapes(own, "water"),
        defined={group.key: group.names for group in own.edition.defined},
        min_cells=own.edition.min_cells,
        min_group=own.edition.min_group,
        left_out=store.read_csv(place / "left_out.csv", reading.LEFT_OUT),
    )


def _shapes(own, name):
    path = own.root / own.tables / f"{name}.parquet"
    if not path.is_file():
        return None
    import geopandas

    return geopandas.read_parquet(path)


def _required(own, task, what):
    if task not in own.ledger.tasks:
        before = "segindex ingest" if task == "ingest" else "segindex compute"
        raise BadSettings(f"{own.edition.key}: there are no {what} yet; run first: {before} {own.edition.key}")
    return own.ledger.files(task)


def _inputs(edition):
    for source in edition.sources:
        for path in (*source.paths, source.municipalities, source.polygons, source.water):
            if path is not None:
                yield path
        for place in sorted({path.parent for path in source.paths}):
            if (place / "source.toml").is_file():
                yield place / "source.toml"
