"""Tasks in processes: their results come back to one process, which alone writes."""

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What tells linear algebra how many threads to start: with a process a core, more than one each is in the way."""


def each(jobs, workers):
    """(name, result) of each job as it ends; jobs is {name: picklable callable}.

    One worker, or one job, runs in this process. An error of a job, or a signal that ends this process, ends the
    workers at once: what they were at is done again by the next run.
    """
    if workers <= 1 or len(jobs) <= 1:
        for name, job in jobs.items():
            yield name, job()
        return
    for name in THREADS:
        os.environ.setdefault(name, "1")
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(jobs)), mp_context=context, initializer=_end_with_parent)
    try:
        names = {pool.submit(job): name for name, job in jobs.items()}
        for future in as_completed(names):
            yield names[future], future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    pool.shutdown()


def _end_with_parent():
    """A worker whose parent was killed ends too, instead of waiting for ever."""
    parent = multiprocessing.parent_process()

    def watch():
        parent.join()
        os._exit(1)

    if parent is not None:
        threading.Thread(target=watch, daemon=True).start()
