"""Small made-up editions that are run again and again: their project, and the command that runs them."""

import subprocess
import sys

from segindex.sources.sample import write_small

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
SETTINGS = """
edition = "{key}"
title = "{key}"
{further}

[[source]]
name = "sample"
path = "data/raw/sample/sample_*.csv"
municipalities = "data/raw/sample/municipalities.gpkg"
"""


def project(root, key, further, **sample):
    """A project with one edition; `sample` says of which cities, how many cells and which years its data are."""
    write_small(root / "data" / "raw" / "sample", **sample)
    (root / "reports" / key).mkdir(parents=True)
    (root / "reports" / key / "run.toml").write_text(SETTINGS.format(key=key, further=further), encoding="utf-8")
    return root


def command(root, *options):
    """The run as a process of its own."""
    return [sys.executable, "-m", "segindex.cli", "run", "--root", str(root), *map(str, options)]
