"""Open data from their producers' services into `data/raw`: asked politely, checked, whole or not at all."""

import hashlib
import time
from pathlib import Path

from segindex import store
from segindex.errors import Locked
from segindex.fetch import place, pxweb, wfs
from segindex.fetch.client import Client
from segindex.fetch.pages import PLACE, Pages
from segindex.fetch.products import product_named
from segindex.fetch.settings import read_settings
from segindex.ledger import locked
from segindex.progress import Progress

__all__ = ["fetch", "planned"]


def planned(root, key, years, *, language="fi"):
    """The requests that a fetch would begin with; nothing is sent.

    Parameters
    ----------
    root : path
        The project's folder.
    key : str
        Of a product (`segindex.fetch.products.PRODUCTS`).
    years : sequence of int
    language : {"fi", "en"}
        Of a PxWeb table's labels.

    Returns
    -------
    list of Request

    Raises
    ------
    BadSettings
        The product, a year, the language or a setting is not known.

    Examples
    --------
    >>> [request.method for request in planned("no folder", "paavo_pxweb", [2022])]
    ['GET', 'GET', 'POST']
    """
    product, settings = _judged(key, years, language), read_settings(root)
    if product.service == "pxweb":
        return [request for year in years for request in pxweb.planned(product, year, settings, language)]
    return [request for year in years for request in wfs.planned(product, year, settings)]


def fetch(root, key, years, *, language="fi", revise=False, progress=None, sleep=time.sleep):
    """Fetch a product's files, one a year.

    Parameters
    ----------
    root : path
        The project's folder; its `fetch.toml` says how to ask.
    key : str
        Of a product (`segindex.fetch.products.PRODUCTS`).
    years : sequence of int
    language : {"fi", "en"}
        Of a PxWeb table's labels.
    revise : bool
        Whether data that the producer has changed take the place of the file that stands.
    progress : Progress, optional
    sleep : callable
        Waits for seconds.

    Returns
    -------
    list of dict
        Of each year: `product, year, file, how` ("new", "unchanged", "revised"), `rows, sha256, requests` (sent),
        `pages_kept` (used again), `differ, notes`.

    Raises
    ------
    BadSettings
        The product, a year, the language or a setting is not known.
    BadData
        The service refuses, the data are not what is expected, or differ from the file that stands.
    ConnectionError
        The service was not reached, or gave no whole answer.
    OSError
        A file cannot be written.
    Locked
        Another fetch into the same folder is at work.
    """
    product, settings = _judged(key, years, language), read_settings(root)
    folder = Path(root) / "data" / "raw" / product.folder
    progress = progress or Progress()
    client = Client(settings, progress.say, sleep=sleep)
    try:
        with locked(folder / PLACE / ".lock"):
            store.sweep(folder)
            return [_one(root, product, year, settings, client, progress, language, revise) for year in years]
    except Locked as error:
        raise Locked(f"{folder}: another fetch into this folder is at work") from error
    finally:
        client.close()


def _judged(key, years, language):
    product = product_named(key)
    for year in years:
        product.check_year(year)
    if product.service == "pxweb":
        pxweb.check_language(language)
    return product


def _one(root, product, year, settings, client, progress, language, revise):
    name = product.of_year(product.file, year)
    folder = Path(root) / "data" / "raw" / product.folder
    pages, before = Pages(folder, name), client.asked

    def step(done, total):
        progress.step("fetch", done, total, name)

    if product.service == "pxweb":
        rows, notes = pxweb.gather(product, year, settings, client, pages, step, language)
        content = pxweb.as_file(rows, product, year)
    else:
        rows, notes = wfs.gather(product, year, settings, client, pages, step)
        content = wfs.as_file(rows, product, year)
    how, path, differ = place.put(folder, product, year, content, revise=revise)
    pages.clear()
    return {
        "product": product.key,
        "year": year,
        "file": path.relative_to(root).as_posix(),
        "how": how,
        "rows": len(rows),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "requests": client.asked - before,
        "pages_kept": pages.reused,
        "differ": differ,
        "notes": notes,
    }
