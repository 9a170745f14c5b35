"""Cities drawn from what was found of one, and fitted again: one set serves every index of two groups."""

from typing import NamedTuple

import numpy as np

from segindex.errors import BadSettings
from segindex.inference._called import Called
from segindex.inference.corrected import BY_MIXTURE
from segindex.inference.mixture import draw, fit_mixture, pseudo_cells
from segindex.inference.moments import UNBIASED, Moments, moments

ENOUGH = 1e-4
"""By how much a refit may miss the gradient condition: what is left is far below what the draws differ by."""


class Refits(NamedTuple):
    """A fit and its refits: residents over the support, as found, as drawn (the truth of the draw), as found again.

    `found` (n_points,), `true` and `again` (n_draws, n_points); `counted` and `counted_again` are the moments of the
    counts, None where cells are hidden by their own count: visible ones are then a selected part, and the law speaks.
    """

    support: np.ndarray
    found: np.ndarray
    true: np.ndarray
    again: np.ndarray
    counted: Moments | None
    counted_again: Moments

    def of(self, index, **inputs):
        """An index as found, as drawn and as found again: (), (n_draws,), (n_draws,)."""
        called = Called(index, inputs)
        if called.name in UNBIASED and not inputs and self.counted is not None:
            function = UNBIASED[called.name]
            return function(self.counted), function(_of_law(self.support, self.true)), function(self.counted_again)
        if called.name not in (*BY_MIXTURE, *UNBIASED):
            raise BadSettings(f"{called.name} has no interval; there is one for {', '.join([*BY_MIXTURE, *UNBIASED])}")
        return tuple(called(pseudo_cells(self.support, each)) for each in (self.found, self.true, self.again))


def refitted(x, t, *, rng, draws=200, hidden=None, limit=None, cluster_size=1.0):
    """Fit the law of the cells' probabilities, then draw cities from it and fit each again.

    Each cell's probability is drawn from its posterior, never its mean, and its count from that.

    Parameters
    ----------
    x, t : array_like, shape (n_cells,)
    rng : numpy.random.Generator
    draws : int
    hidden, limit, cluster_size
        As `fit_mixture` takes them. Where cells are hidden there is one law for cells of all sizes: of small ones most
        are hidden, and they alone would tell nothing of theirs.

    Returns
    -------
    Refits
    """
    strata = 3 if hidden is None else 1
    x = np.asarray(x, dtype=float) if hidden is None else np.where(hidden, 0, x)
    fit = fit_mixture(x, t, hidden=hidden, limit=limit, cluster_size=cluster_size, strata=strata)
    true, again, shares, squares = [], [], [], []
    lived = fit.pair >= 0
    totals = np.asarray(t, dtype=float)
    hides = None if hidden is None else np.asarray(hidden, dtype=bool)
    for p, counts in draw(fit, rng, draws):
        at = np.searchsorted(fit.support, p[lived])
        true.append(np.bincount(at, weights=totals[lived], minlength=len(fit.support)))
        again_hidden = None if hides is None else (counts < limit) & (totals > 0)
        refit = fit_mixture(
            counts,
            totals,
            hidden=again_hidden,
            limit=limit,
            cluster_size=cluster_size,
            strata=strata,
            start=fit,
            tolerance=ENOUGH,
        )
        again.append(refit.residents)
        one = moments(np.stack([counts, totals - counts], axis=-1), cluster_size)
        shares.append(one.share)
        squares.append(one.square)
    return Refits(
        fit.support,
        fit.residents,
        np.array(true),
        np.array(again),
        moments(np.stack([x, totals - x], axis=-1), cluster_size) if hidden is None else None,
        Moments(np.array(shares), np.array(squares)),
    )


def _of_law(support, residents):
    """The second moments of residents spread over probabilities."""
    p = np.stack([support, 1 - support], axis=-1)
    weight = residents / residents.sum(axis=-1, keepdims=True)
    return Moments(weight @ p, weight @ p**2)
