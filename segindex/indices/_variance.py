"""Variance components: how much of the variance of cells lies on each level of districts."""

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.sparse.linalg import splu

ALMOST_ALL = 1 - 1e-6
"""The largest part of a level's and the cells' variance together that the level may take."""

SYMMETRIC = {"permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 0, "options": {"SymmetricMode": True}}


def fit_levels(difference, members):
    """The parts of the variance of the cells and of each level, and the predicted effects of the levels.

    The greatest likelihood of `difference` as a sum of independent normal effects with mean 0, one for each cell and
    one for each district of each level. `members` are sparse, cells x districts. What is searched for is each level's
    variance g relative to the cells', as g/(1 + g), which lies between 0 and 1; the likelihood's scale drops out.
    """
    all_members = sparse.hstack(members).tocsr()
    level = np.repeat(np.arange(len(members)), [one.shape[1] for one in members])
    scaled = difference / np.sqrt((difference**2).mean())
    crossed, summed = (all_members.T @ all_members).tocsc(), all_members.T @ scaled

    def solved(part):
        root = np.sqrt(part / (1 - part))[level]
        matrix = crossed * root[:, np.newaxis] * root + sparse.eye_array(len(root))
        factors = splu(sparse.csc_array(matrix), **SYMMETRIC)
        spherical = factors.solve(root * summed)
        return root * spherical, spherical, np.log(factors.U.diagonal()).sum()

    def deviance(part):
        effects, spherical, log_determinant = solved(part)
        left = ((scaled - all_members @ effects) ** 2).sum() + (spherical**2).sum()
        return len(scaled) * np.log(left) + log_determinant

    found = minimize(
        deviance,
        np.full(len(members), 0.5),
        method="L-BFGS-B",
        bounds=[(0, ALMOST_ALL)] * len(members),
        options={"ftol": 1e-13, "gtol": 1e-7},
    )
    relative = np.append(1, found.x / (1 - found.x))
    effects = solved(found.x)[0] * np.sqrt((difference**2).mean())
    return relative / relative.sum(), [one @ effects[level == at] for at, one in enumerate(members)]
