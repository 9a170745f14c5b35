"""The greatest likelihood of a mixture on a fixed support: a convex problem, and solved as one."""

import numpy as np
from scipy.optimize import nnls

FIRST_POINTS = 4
"""A fit without a start begins on every fourth point, all alike."""

FIRST_STEPS = 10
MOST_ROUNDS = 500
"""A safeguard against rounding: some ten rounds are usual."""

ALMOST_NONE = 1e-4
"""A row whose likelihood is less than this part of its largest would spoil the approximation by a square."""

FURTHEST = 0.99
"""The part of a row's likelihood that one step may take away."""

RIDGE = 1e-12
SHORTEST = 1e-10

ONE_THREAD = 8_000
"""Elements up to which OpenBLAS starts no threads for a matrix times a vector: beside other work they only wait."""


def fit_weights(likelihood, times, persons, start, tolerance):
    """Weights of the greatest likelihood, the persons at each point by the posterior, and the largest gradient less 1.

    Constrained Newton steps (Wang 2007): the points where the gradient peaks above 1 join those that have weight, the
    quadratic approximation of the log-likelihood over these is a problem of least squares without negative weights, and
    a line search guards the step. A step of EM after each makes sure of progress where rounding spoils a Newton step.

    Parameters
    ----------
    likelihood : ndarray, shape (n_rows, points)
        Relative to the largest of each row.
    times, persons : ndarray, shape (n_rows,)
        How often each row occurs, and how many persons that makes.
    start : ndarray, shape (points,), or None
        Weights to begin from.
    tolerance : float
    """
    likelihood, share, persons = _in_blocks(likelihood, times / times.sum(), persons)
    weights = _begin(likelihood, share, start)
    f = likelihood @ weights
    for _ in range(MOST_ROUNDS):
        gradient = _over_rows(share / f, likelihood)
        gap = gradient.max() - 1
        if gap <= tolerance:
            break
        on = np.flatnonzero((weights > 0) | _peaks(gradient))
        columns = np.take(likelihood, on, axis=-1)
        own, f = _newton(columns, share, weights[on], f, gradient[on])
        own, f = _em(columns, share, own, f)
        weights = np.zeros(len(weights))
        weights[on] = own
    return weights, weights * _over_rows(persons / f, likelihood), float(gap)


def _in_blocks(likelihood, *values):
    """Rows in blocks that one thread multiplies, (n_blocks, block, points); what fills the last one counts for 0."""
    n_rows, points = likelihood.shape
    block = min(max(ONE_THREAD // points, 1), n_rows)
    n_blocks = -(-n_rows // block)
    rows = np.ones((n_blocks * block, points))
    rows[:n_rows] = likelihood
    filled = np.zeros((len(values), n_blocks * block))
    filled[:, :n_rows] = values
    return rows.reshape(n_blocks, block, points), *filled.reshape(-1, n_blocks, block)


def _over_rows(values, likelihood):
    return (values[:, np.newaxis] @ likelihood).sum(axis=0)[0]


def _begin(likelihood, share, start):
    """Weights that leave no row without likelihood: the start's if they do, else on few points, or on all."""
    spread = np.zeros(likelihood.shape[-1])
    spread[::FIRST_POINTS] = 1
    if not (likelihood @ spread > ALMOST_NONE * len(spread)).all():
        spread[:] = 1
    spread /= spread.sum()
    if start is not None and start.any():
        weights = start / start.sum()
        return weights if (likelihood @ weights > ALMOST_NONE).all() else 0.9 * weights + 0.1 * spread
    on = np.flatnonzero(spread)
    columns, own = np.take(likelihood, on, axis=-1), spread[on]
    f = columns @ own
    for _ in range(FIRST_STEPS):
        own, f = _em(columns, share, own, f)
    spread[on] = own
    return spread


def _peaks(gradient):
    around = np.concatenate([[-np.inf], gradient, [-np.inf]])
    return (gradient > 1) & (gradient >= around[:-2]) & (gradient >= around[2:])


def _newton(columns, share, own, f, gradient):
    """Towards the least squares of sum_i share_i (sum_g y_g L_ig / f_i - 2)^2 with weights y that add up to 1."""
    scaled = columns * (np.sqrt(share) / f)[..., np.newaxis]
    crossed = (scaled.swapaxes(-1, -2) @ scaled).sum(axis=0) - 2 * (gradient[:, np.newaxis] + gradient) + 4
    crossed[np.diag_indices(len(own))] += RIDGE * np.trace(crossed)
    root = np.linalg.cholesky(crossed).T
    aim = np.zeros(len(own) + 1)
    aim[-1] = 1
    best = nnls(np.vstack([root, np.ones(len(own))]), aim, maxiter=100 * len(own))[0]
    best /= best.sum()
    towards = columns @ best - f
    promised = gradient @ (best - own)
    step = 1.0
    while step > SHORTEST:
        relative = step * towards / f
        if relative.min() > -FURTHEST and (share * np.log1p(relative)).sum() >= step * promised / 3:
            return own + step * (best - own), f + step * towards
        step /= 2
    return own, f


def _em(columns, share, own, f):
    own = own * _over_rows(share / f, columns)
    return own, columns @ own
