"""The services that the tests fetch from: MapServer and PxWeb on loopback, started and stopped here."""

from pathlib import Path

import pytest
from loopback import Loopback
from made_pxweb import MadePxWeb
from made_services import MAPSERV, all_layers, mapserver, write_layers

from segindex.fetch import fetch

needs_mapserver = pytest.mark.skipif(
    not MAPSERV.is_file(), reason=f"{MAPSERV} is missing: Debian's package cgi-mapserver puts it there"
)


class Project:
    """A project's folder whose settings name servers on loopback, and what its fetches waited for and said."""

    def __init__(self, root, server, pxweb=None, **settings):
        self.root, self.server, self.slept, self.told = Path(root), server, [], []
        known = {"timeout_s": 10, "page_size": 12, "pause_s": 0} | settings
        lines = [f"{name} = {value!r}".replace("'", '"') for name, value in known.items()]
        address, other = server.address, (pxweb or server).address
        lines += ["[address]", f'statfin = "{address}/wfs"', f'hsy = "{address}/wfs"', f'pxweb = "{other}"']
        (self.root / "fetch.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def fetch(self, key, *years, **options):
        found = fetch(self.root, key, years, progress=self, sleep=self.slept.append, **options)
        return found[0] if len(found) == 1 else found

    def step(self, *_):
        pass

    def say(self, event, **fields):
        self.told.append({"event": event} | fields)

    @property
    def raw(self):
        return self.root / "data" / "raw"

    def files(self):
        """Every file in data/raw but the lock and kept pages."""
        return {
            path.relative_to(self.raw).as_posix(): path.read_bytes()
            for path in sorted(self.raw.rglob("*"))
            if path.is_file() and ".fetch" not in path.parts
        }


@pytest.fixture(scope="session")
def layers(tmp_path_factory):
    """The answers of a MapServer with all made-up layers."""
    place = tmp_path_factory.mktemp("mapserver")
    write_layers(place, **all_layers())
    return mapserver(place)


@pytest.fixture
def wfs(layers):
    with Loopback(layers) as server:
        yield server


@pytest.fixture
def project(tmp_path, wfs):
    return Project(tmp_path, wfs)


@pytest.fixture
def pxweb():
    with Loopback(MadePxWeb()) as server:
        yield server


@pytest.fixture(scope="session")
def clean(layers, tmp_path_factory):
    """The files of a fetch of Paavo without a fault."""
    root = tmp_path_factory.mktemp("clean")
    with Loopback(layers) as server:
        project = Project(root, server)
        project.fetch("paavo", 2024)
        return project.files()
