"""The steps of a run in their order: ingest, compute, report. Each does only what its input changed."""

import contextlib
import os
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from segindex import ingest as reading
from segindex import ledger, programme_tables, store
from segindex.changed import changes
from segindex.city_tables import SETTINGS, city_tables, sensitivity
from segindex.cluster import on_cluster
from segindex.edition import chosen, read_edition
from segindex.edition_material import material_of
from segindex.edition_tables import at_baseline, together
from segindex.errors import BadSettings, Locked
from segindex.facts import slug
from segindex.ledger import Ledger, digest
from segindex.progress import Progress
from segindex.provenance import as_json, code_version, shown, sign, tell, versions
from segindex.sources.card import sha256
from segindex.staging import Stage, finish
from segindex.workers import each

SENSITIVITY = "compute all-cities"
"""The task that looks at all cities at once; no city is called so."""

STEPS = ("ingest", "compute", "report")
INGEST = ("cities", "own_cities", "years", "groups", "defined", "baseline", "borders", "sources", "areas")
PROGRAMME = ("funding", "indicators", "baseline", "min_cells", "min_group")


@dataclass
class Run:
    """One run of an edition: its settings, its ledger, and how it reports on itself.

    `root` is the project's folder, `made` the one below which the edition's files are made: the mirror of a `Stage`.
    """

    root: Path
    edition: object
    made: Path
    ledger: Ledger
    progress: Progress
    workers: int
    accept: tuple = ()
    scheduler: str | None = None
    skipped: int = 0
    done: int = 0

    def each(self, jobs):
        """(name, result) of each job as it ends, from processes of this machine or a cluster's."""
        if self.scheduler and jobs:
            return on_cluster(jobs, self.scheduler, root=self.root, code=code_version)
        return each(jobs, self.workers)

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
        """Write what a task made."""
        self.ledger.write(name, key, files)
        self.done += 1

    def forget(self, kind, wanted):
        """Drop the tasks of a kind that are not wanted any more, and their files."""
        kept = [task for task in self.ledger.tasks if not task.startswith(kind)]
        self.ledger.forget([*kept, *wanted])


def run(root=".", key=None, *, steps=STEPS, workers=None, accept=(), progress=None, dry=False, scheduler=None):
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
    scheduler : str, optional
        Address of a Dask scheduler whose workers do the tasks, in place of processes of this machine.
    dry : bool
        Do the work and say what would change; the edition stays as it is, and the next run goes on from there.

    Returns
    -------
    dict
        What was done: edition, page, tasks done and skipped, files changed and why, seconds.

    Raises
    ------
    Locked
        Another run of the edition is at work.
    BadData, BadSettings
        As the steps find them; nothing is half-written.
    """
    root = Path(root).resolve() if scheduler else Path(root)
    key = chosen(root, key)
    edition = read_edition(root, key)
    began, since = time.time(), time.monotonic()
    with ledger.locked(store.folder(root, key) / ".lock"):
        stage = Stage(root, key)
        own = Run(
            root,
            edition,
            stage.place,
            stage.ledger,
            progress or Progress(),
            workers or os.cpu_count() or 1,
            tuple(accept),
            scheduler,
        )
        if "ingest" in steps:
            ingest(own)
        if "compute" in steps:
            compute(own)
        if "report" in steps:
            report(own)
        changed = changes(root, stage.standing, stage.place, own.ledger.files(), own.tables)
        summary = {
            "edition": key,
            "tables": own.tables,
            "pages": own.pages,
            "own_cities": {city.key: asdict(city.names) for city in edition.own_cities},
            "page": f"{own.pages}/index.html" if "report" in steps else None,
            "steps": list(steps),
            "tasks_done": own.done,
            "tasks_skipped": own.skipped,
            "files_changed": len(changed["files"]["new"]) + len(changed["files"]["changed"]),
            "changed": changed,
            "because": sign(own),
            "seconds": round(time.monotonic() - since, 1),
        }
        if own.done or any(changed["files"].values()):
            tell(own, summary, began)
        if not dry:
            stage.commit()
    return summary


def figures(root=".", key=None, name=None, *, city=None, group=None, languages=(), year=None, dpi=None, out="figures"):
    """Make figures of an edition from its tables, without a run.

    Parameters
    ----------
    root, key
        As `run` takes them.
    name : str, optional
        A kind of figure (`segindex.report.KINDS`) or a figure's whole name; left out, nothing is drawn.
    city, group : str, optional
        Which of a kind; all if left out.
    languages : sequence of str, optional
        Those of the edition if left out.
    year : int, optional
        The figures as if the edition ended with this statistical year.
    dpi : float, optional
        Dots an inch of the PNG; 300 if left out.
    out : path
        Folder of the files, a folder a language in it.

    Returns
    -------
    list
        The files that were written; without a name all figures of the edition, and those that cannot be drawn, with
        the reason (`segindex.report.Shown`).

    Raises
    ------
    BadSettings
        There is no such figure, city, group, language or year, or there are no tables yet.
    """
    from segindex import report as pages

    root = Path(root)
    key = chosen(root, key)
    edition = read_edition(root, key)
    with contextlib.suppress(Locked), ledger.locked(store.folder(root, key) / ".lock"):
        finish(root, key)
    own = Run(root, edition, root, Ledger(store.folder(root, key) / "ledger.json", root), Progress(), 1)
    _required(own, "programme", "tables")
    material = pages.in_languages(material_of(own, year), languages)
    if name is None:
        return [*pages.shown_figures(material), *pages.lacking_figures(material)]
    written = []
    for one in pages.chosen_figures(material, name, city=city, group=group):
        for file, content in pages.files_of(one, pages.PRINT if dpi is None else dpi).items():
            path = Path(out) / Path(file).relative_to("figures")
            store.write_bytes(path, content)
            written.append(path)
    return written


def ingest(own):
    """The register of funding, judged before the work begins; raw files to panels, coverage and what was left out."""
    edition = own.edition
    _register(own)
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
        for name, frame in (
            *((name, getattr(found, name)) for name in ("areas", "borders", "water")),
            ("named_areas", found.named),
        ):
            if frame is not None:
                files[f"{own.tables}/{name}.parquet"] = store.as_geoparquet(frame)
        return files

    own.task("ingest", key, make)
    _check_groups(own)
    own.progress.step("ingest", 1, 1)


def _check_groups(own):
    """Refuse groups of the programme's settings that no panel has, before anything is computed."""
    panels = [own.made / name for name in _required(own, "ingest", "panels") if "/panels/" in name]
    known = {group for path in panels for one in store.metadata_of(path)["panels"] for group in one["groups"]}
    programme_tables.check_groups(own.edition, known, f"{own.pages}/run.toml")


def _register(own):
    """The register, judged, among the edition's tables; none of an earlier one where the settings name none."""
    edition = own.edition
    if edition.funding is None:
        own.forget("register", ())
        return
    inputs = {shown(path, own.root): sha256(path) for path in programme_tables.register_paths(edition.funding)}
    setting = _settings(own)["funding"]
    given = (setting, edition.groups, programme_tables.made_up_sources(edition))
    key = digest("register", inputs, given, code_version(), versions())

    def make():
        register = programme_tables.judged_register(edition, setting["register"])
        found = programme_tables.register_files(register, inputs)
        return {f"{own.tables}/{name}": content for name, content in found.items()}

    own.task("register", key, make)


def compute(own):
    """Panels to index tables and local clusters, and from these and the register the tables of the programme."""
    edition = own.edition
    source = _required(own, "ingest", "panels")
    _check_groups(own)
    settings = digest(_of(edition, SETTINGS), code_version(), versions())
    names = [name for name in source if "/panels/" in name]
    shapes, named = (source.get(f"{own.tables}/{name}.parquet") for name in ("areas", "named_areas"))
    given = None if edition.cut_offs is None else sha256(edition.cut_offs)
    key = digest("baseline", {name: source[name] for name in names}, settings, given)
    own.task("baseline", key, lambda: _at_baseline(own, names))
    jobs = {}
    for name in names:
        task = f"compute {Path(name).stem}"
        key = digest(task, source[name], shapes, named, settings, own.ledger.files("baseline"))
        if own.ledger.done(task, key):
            own.skipped += 1
        else:
            city = partial(city_tables, str(own.made / name), _of(edition, SETTINGS), str(own.made / own.tables))
            jobs[task] = (key, city)
    key = digest(SENSITIVITY, {name: source[name] for name in names}, settings)
    if own.ledger.done(SENSITIVITY, key):
        own.skipped += 1
    else:
        jobs[SENSITIVITY] = (
            key,
            partial(sensitivity, [str(own.made / name) for name in names], _of(edition, SETTINGS)),
        )
    tasks = len(names) + 1
    done = tasks - len(jobs)
    own.progress.step("compute", done, tasks)
    for task, tables in own.each({task: job for task, (_, job) in jobs.items()}):
        stem = task.removeprefix("compute ")
        files = {
            f"{own.tables}/cities/{stem}.{kind}.parquet": store.as_parquet(frame) for kind, frame in tables.items()
        }
        own.keep(task, jobs[task][0], files)
        done += 1
        own.progress.step("compute", done, tasks, stem)
    wanted = [SENSITIVITY, *(f"compute {Path(name).stem}" for name in names)]
    own.forget("compute ", wanted)
    parts = own.ledger.files("compute ")
    said = (edition.languages[0], _settings(own)["defined"], edition.funding is not None)
    own.task("tables", digest("tables", parts, settings, said), lambda: _together(own, parts))
    _programme(own, {name: source.get(f"{own.tables}/{name}") for name in ("coverage.csv", "named_areas.parquet")})


def _programme(own, source):
    """The tables on money and follow-up."""
    register = {} if own.edition.funding is None else _required(own, "register", "register")
    settings = {name: _settings(own)[name] for name in PROGRAMME}
    key = digest("programme", own.ledger.files("tables"), register, source, settings, code_version(), versions())

    def make():
        found = programme_tables.programme(own.made / own.tables, own.edition)
        return {f"{own.tables}/{name}.csv": store.as_csv(frame) for name, frame in found.items()}

    own.task("programme", key, make)


def report(own):
    """Tables to pages and figures; a part is made again when what its render function is given has changed."""
    from segindex import report as pages

    _required(own, "programme", "tables")
    outputs = pages.plan(material_of(own))
    given, made_with = pages.Fingerprints(), (code_version(), versions())
    done = 0
    own.progress.step("report", done, len(outputs))
    for wave in (
        [output for output in outputs if not output.needs],
        [output for output in outputs if output.needs],
    ):
        made = _bytes_of(own) if any(output.needs for output in wave) else {}
        keys = {
            f"report {output.name}": digest(
                f"report {output.name}", given.of(output.render), made_with, {name: made[name] for name in output.needs}
            )
            for output in wave
        }
        jobs = {
            f"report {output.name}": partial(_fed, output.render, str(own.made / own.pages), output.needs)
            for output in wave
            if not own.ledger.done(f"report {output.name}", keys[f"report {output.name}"])
        }
        own.skipped += len(wave) - len(jobs)
        done += len(wave) - len(jobs)
        own.progress.step("report", done, len(outputs))
        for task, files in own.each(jobs):
            own.keep(task, keys[task], {f"{own.pages}/{name}": content for name, content in files.items()})
            done += 1
            own.progress.step("report", done, len(outputs), task.removeprefix("report "))
    own.forget("report ", [f"report {output.name}" for output in outputs])


def _bytes_of(own):
    """The sha256 of the report's files, by their names below its folder."""
    return {name.removeprefix(f"{own.pages}/"): total for name, total in own.ledger.files("report ").items()}


def _fed(render, pages, needs):
    """Render a part of the report from the files that it needs."""
    return render({name: (Path(pages) / name).read_bytes() for name in needs}) if needs else render()


def _at_baseline(own, names):
    edition = own.edition
    called = None if edition.cut_offs is None else shown(edition.cut_offs, own.root)
    found = at_baseline([own.made / name for name in names], edition, called)
    return {f"{own.tables}/{name}.csv": store.as_csv(frame) for name, frame in found.items()}


def _together(own, parts):
    found = together(
        own.made / own.tables,
        [own.made / name for name in parts],
        own.edition.languages[0],
        own.edition.names,
        register=own.edition.funding is not None,
    )
    return {f"{own.tables}/{name}": content for name, content in found.items()}


def _settings(own):
    """The edition's settings as plain values; files are named from the root."""
    settings = asdict(own.edition)
    for source in settings["sources"]:
        for name, value in source.items():
            if name == "paths":
                source[name] = [shown(path, own.root) for path in value]
            elif isinstance(value, Path):
                source[name] = shown(value, own.root)
    for name in ("areas", "cut_offs"):
        if settings[name] is not None:
            settings[name] = shown(settings[name], own.root)
    if isinstance(own.edition.funding and own.edition.funding.register, Path):
        settings["funding"]["register"] = shown(own.edition.funding.register, own.root)
    return settings


def _of(edition, names):
    return {name: getattr(edition, name) for name in names}


def _required(own, task, what):
    if task not in own.ledger.tasks:
        before = "segindex ingest" if task in ("ingest", "register") else "segindex compute"
        raise BadSettings(f"{own.edition.key}: there are no {what} yet; run first: {before} {own.edition.key}")
    return own.ledger.files(task)


def _inputs(edition):
    if edition.areas is not None:
        yield edition.areas
    for source in edition.sources:
        for path in (*source.paths, source.municipalities, source.polygons, source.water):
            if path is not None:
                yield path
        for place in sorted({path.parent for path in source.paths}):
            if (place / "source.toml").is_file():
                yield place / "source.toml"
