"""Protected cells: which they are, and how much of the base they hold."""

from dataclasses import replace

import numpy as np

from segindex.indices._arrays import ratio


def hidden_share(panel):
    """Share of the base that lives in protected cells.

    .. math:: h = \\frac{\\sum_{i \\in hidden} t_i}{\\sum_i t_i}

    Where protection hides the base itself (`panel.base_hidden`), residents take its place.

    Returns
    -------
    ndarray, shape (n_years,)
        From 0 to 1; NaN where nobody lives.
    """
    if panel.base_hidden:
        return ratio(hidden_residents(panel), panel.residents.sum(axis=-1))
    total = panel.hidden_total.sum(axis=-1)
    return ratio(total, total + panel.base.sum(axis=-1))


def hidden_residents(panel):
    """Residents of protected cells, shape (n_years,)."""
    return np.where(panel.hidden, panel.residents, 0).sum(axis=-1)


def coverage(panel):
    """Share of residents who live in visible cells, shape (n_years,); NaN where nobody lives."""
    return 1 - ratio(hidden_residents(panel), panel.residents.sum(axis=-1))


def same_mask(panel):
    """The panel with one mask for all its years: a cell that is protected in any year is left out of all.

    A change between years then rests on the same cells. Its base of each year moves to `hidden_total`.
    """
    hidden = np.broadcast_to(panel.hidden.any(axis=0), panel.hidden.shape)
    newly = hidden & ~panel.hidden
    return replace(
        panel,
        counts=np.where(hidden[..., None], 0, panel.counts),
        hidden=hidden,
        hidden_total=np.where(newly & (not panel.base_hidden), panel.base, panel.hidden_total),
    )
