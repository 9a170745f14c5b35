"""Pages of an unfinished fetch, kept so that the next call goes on where a killed one was."""

import shutil
import time
from pathlib import Path

from segindex.fetch.place import written
from segindex.ledger import digest

PLACE = ".fetch"
KEPT_S = 24 * 3600.0
"""A producer may have changed the data since: older pages are asked for again."""


class Pages:
    """Answers by request, in `data/raw/<folder>/.fetch/<file>/`.

    An answer stands under the sum of its request and of the number of rows that the service told: it is used again
    only where both are the same.

    Parameters
    ----------
    folder : Path
        That of the file to be.
    name : str
        Of the file to be.
    """

    def __init__(self, folder, name):
        self.place = Path(folder) / PLACE / name
        self.reused = 0

    def ask(self, client, request, parse, count):
        """What `parse` makes of an answer that is kept or, failing that, asked for and kept."""
        path = self.place / digest(request.lines(), count)
        if path.is_file() and abs(time.time() - path.stat().st_mtime) < KEPT_S:
            self.reused += 1
            return parse(path.read_bytes())
        found = []

        def keep(content):
            found.append((parse(content), content))
            return found[-1]

        result, content = client.ask(request, keep)
        written(path, content)
        return result

    def clear(self):
        """Remove what was kept: the file stands."""
        shutil.rmtree(self.place, ignore_errors=True)
