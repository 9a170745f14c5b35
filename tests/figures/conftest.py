"""The made-up tables, as a fixture."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def madeup():
    """The module with the made-up tables."""
    place = Path(__file__).with_name("madeup.py")
    spec = importlib.util.spec_from_file_location("figures_madeup", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
