"""What may be said of a change: better, worse, no clear change, or that it cannot be said, and why."""

import numpy as np

STATUSES = ("better", "worse", "no_clear_change", "cannot_say")
REASONS = ("no_value", "break", "coverage_unknown", "coverage", "no_interval")
LEAST_COVERAGE = 0.9
FALSE_DISCOVERY = 0.05


def verdict(change, low, high, *, q=np.nan, coverage=1.0, broken=False, wanted="fall", least_coverage=LEAST_COVERAGE):
    """The status of a change, and the reason where it cannot be said.

    A change is better or worse where its interval leaves out 0 and, where it is one of many that were looked at, its
    q is at most `FALSE_DISCOVERY`. Everything else that can be said is no clear change: not that nothing changed.

    Parameters
    ----------
    change, low, high : float
        The change of a corrected value, and its 95 % interval. NaN where it is not known.
    q : float
        The share of false discoveries among all changes with a q no larger; NaN where the change stands alone.
    coverage : float
        The lowest coverage of the years that are compared, 0 to 1.
    broken : bool
        Whether the series has a break between the years.
    wanted : {"fall", "rise"}
        The direction that is better.
    least_coverage : float
        Below it nothing is said, nor where the coverage is not known.

    Returns
    -------
    (str, str)
        One of `STATUSES`; one of `REASONS`, or "" where the status is not "cannot_say".

    Raises
    ------
    ValueError
        `wanted` is another word, or the interval does not hold together.

    Examples
    --------
    >>> verdict(-0.02, -0.03, -0.01), verdict(-0.02, -0.05, 0.01)
    (('better', ''), ('no_clear_change', ''))
    >>> verdict(0.02, 0.01, 0.03, coverage=0.85)
    ('cannot_say', 'coverage')
    """
    if wanted not in ("fall", "rise"):
        raise ValueError(f"wanted={wanted!r}: allowed are fall, rise")
    if low > high:
        raise ValueError(f"the interval {low} to {high} ends before it begins")
    if broken:
        return "cannot_say", "break"
    if np.isnan(change):
        return "cannot_say", "no_value"
    if np.isnan(coverage):
        return "cannot_say", "coverage_unknown"
    if coverage < least_coverage:
        return "cannot_say", "coverage"
    if np.isnan(low) or np.isnan(high):
        return "cannot_say", "no_interval"
    if low <= 0 <= high or q > FALSE_DISCOVERY:
        return "no_clear_change", ""
    fell = high < 0
    return ("better" if fell == (wanted == "fall") else "worse"), ""
