"""Tasks on a real Dask cluster of several processes: the same bytes, a worker lost on the way, and what is refused."""

import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest
from conftest import SETTINGS, files_of, make_project

from segindex.cluster import on_cluster
from segindex.errors import BadData, BadSettings
from segindex.pipeline import run
from segindex.provenance import code_version

pytest.importorskip("distributed", reason="Dask, the extra `cluster`, is not installed")
LIGHT = SETTINGS.replace("permutations = 499", "permutations = 99")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Cluster:
    """A scheduler on loopback and its workers, each a process."""

    def __init__(self, place, threads=1):
        self.file, self.threads, self.workers = place / "scheduler.json", threads, []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", self.file)
        self._wait(self.file.is_file)

    @property
    def address(self):
        import json

        return json.loads(self.file.read_text())["address"]

    def grow(self, number):
        """Start workers and wait until the scheduler knows them."""
        from distributed import Client

        options = ("--nthreads", str(self.threads), "--no-nanny", "--host", "127.0.0.1")
        self.workers += [self._start("worker", self.address, *options) for _ in range(number)]
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=60)
        return self

    def end(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, what, *options):
        command = [sys.executable, "-m", "distributed.cli.dask_" + what, *map(str, options), "--no-dashboard"]
        paths = os.pathsep.join(filter(None, sys.path))
        return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": paths}, cwd=self.file.parent, **QUIET)

    def _wait(self, true):
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < 60, "the scheduler did not start"
            time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path):
    place = tmp_path / "cluster"
    place.mkdir()
    own = Cluster(place)
    yield own
    own.end()


def slowly(value, seconds):
    time.sleep(seconds)
    return value, os.getpid()


def wrong():
    raise BadData("x.csv: no column hr_tuy")


def do(cluster, jobs, **given):
    return dict(on_cluster(jobs, cluster.address, **{"root": "/", "code": code_version} | given))


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_worker_that_is_killed_is_made_up_for(cluster):
    cluster.grow(2)
    jobs = {f"job {number}": partial(slowly, number, 0.5) for number in range(6)}
    found, killed = {}, None
    for name, (value, worker) in on_cluster(jobs, cluster.address, root="/", code=code_version):
        found[name] = value
        if killed is None:
            killed = worker
            os.kill(worker, signal.SIGKILL)
    assert found == {f"job {number}": number for number in range(6)}


def test_an_error_of_a_job_is_that_of_the_run_and_ends_the_others(cluster):
    cluster.grow(1)
    with pytest.raises(BadData, match=r"x\.csv: no column hr_tuy"):
        do(cluster, {"bad": wrong, "long": partial(slowly, 1, 5)})
    assert do(cluster, {"short": partial(slowly, 2, 0)})["short"][0] == 2


def test_workers_that_are_not_fit_are_refused(cluster, tmp_path):
    job = {"a": partial(slowly, 1, 0)}
    with pytest.raises(BadSettings, match="it has no workers; start them with: dask worker tcp://"):
        do(cluster, job)
    cluster.grow(1)
    with pytest.raises(BadSettings, match=r"does not see .*nowhere; the folder must be shared"):
        do(cluster, job, root=tmp_path / "nowhere")
    with pytest.raises(BadSettings, match="has another segindex than this process"):
        do(cluster, job, code=os.getpid)
    cluster.threads = 2
    cluster.grow(1)
    with pytest.raises(BadSettings, match="has several threads; start workers with: dask worker --nthreads 1"):
        do(cluster, job)


def test_no_scheduler_is_said(monkeypatch):
    monkeypatch.setattr("segindex.cluster.TIMEOUT_S", 1)
    with pytest.raises(BadSettings, match=r"--scheduler tcp://127\.0\.0\.1:9: no Dask scheduler answers there"):
        next(on_cluster({"a": time.time}, "tcp://127.0.0.1:9", root="/", code=code_version))


def test_a_run_on_a_cluster_gives_the_bytes_of_one_process(cluster, tmp_path):
    cluster.grow(2)
    one = make_project(tmp_path / "one", LIGHT, cells=60, years=(2022,))
    other = make_project(tmp_path / "other", LIGHT, cells=60, years=(2022,))
    run(one, workers=1)
    run(other, scheduler=cluster.address)
    assert files_of(other) == files_of(one)
