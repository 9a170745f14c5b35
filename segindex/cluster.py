"""Tasks on a Dask cluster: their results come back to the one process that writes, as from processes of its own."""

from pathlib import Path

from segindex.errors import BadSettings

TIMEOUT_S = 30
RETRIES = 3
"""How often a task is done again whose worker went away."""


def on_cluster(jobs, address, *, root, code):
    """(name, result) of each job as it ends, done by the workers of a Dask scheduler.

    Parameters
    ----------
    jobs : dict of str to callable
        What each does must hang on its arguments alone, and these be picklable.
    address : str
        Of the scheduler, as "tcp://10.0.0.5:8786".
    root : path
        The project's folder, which every worker must see under this name.
    code : callable
        Gives the sum of the package's own files: every worker's must be this process's.

    Raises
    ------
    BadSettings
        Dask is not there, no scheduler answers, or the workers are not fit: none, several threads in one, another
        segindex, or no sight of `root`.

    Notes
    -----
    A worker that goes away is made up for by the others: what it was at is done again, `RETRIES` times. An error of a
    job, or the end of this process, takes the other jobs back.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise BadSettings("--scheduler needs Dask, which is an extra: pip install 'segindex-fi[cluster]'") from error
    try:
        client = Client(address, timeout=TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BadSettings(f"--scheduler {address}: no Dask scheduler answers there ({error})") from error
    with client:
        _check_workers(client, address, Path(root), code)
        futures = {client.submit(job, pure=False, retries=RETRIES): name for name, job in jobs.items()}
        try:
            for future in as_completed(list(futures), loop=client.loop):
                yield futures.pop(future), future.result()
                future.release()
        finally:
            client.cancel(list(futures))


def _check_workers(client, address, root, code):
    """BadSettings unless every worker has one thread, this segindex and sight of the project's folder."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    if not workers:
        raise BadSettings(f"--scheduler {address}: it has no workers; start them with: dask worker {address}")
    threads = sorted(name for name, one in workers.items() if one["nthreads"] != 1)
    if threads:
        raise BadSettings(f"worker {threads[0]} has several threads; start workers with: dask worker --nthreads 1")
    own = code()
    for name, found in sorted(client.run(code).items()):
        if found != own:
            raise BadSettings(f"worker {name} has another segindex than this process; install the same one for both")
    for name, found in sorted(client.run(_sees, str(root)).items()):
        if not found:
            raise BadSettings(f"worker {name} does not see {root}; the folder must be shared under the same name")


def _sees(root):
    return Path(root).is_dir()
