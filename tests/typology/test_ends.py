"""Both ends by hand, and what is refused."""

import numpy as np
import pytest

from segindex.errors import BadSettings
from segindex.typology import ratio_of_ends, shares_beyond


def test_the_ratio_is_of_residents_not_of_cells():
    share, t = [0.05, 0.10, 0.40], [1, 98, 1]
    assert ratio_of_ends(share, t) == 1.0
    assert ratio_of_ends(share, [1, 1, 1]) == pytest.approx(8.0)
    assert ratio_of_ends(share, [10, 80, 10], part=0.1) == pytest.approx(2.0)
    assert ratio_of_ends(share, [11, 78, 11], part=0.1) == pytest.approx(8.0)
    assert ratio_of_ends([0.3, 0.3], [5, 50]) == 1.0


def test_unknown_cells_are_left_out_and_an_empty_end_has_no_ratio():
    assert ratio_of_ends([0.1, np.nan, 0.2], [50, 900, 50]) == pytest.approx(2.0)
    assert np.isnan(ratio_of_ends([0.0, 0.2], [50, 50]))
    assert np.isnan(ratio_of_ends([np.nan], [5]))


def test_beyond_is_not_at_the_cut_off():
    assert shares_beyond([-0.1, 0.0, 0.1], [20, 50, 30], -0.1, 0.1) == (0.0, 0.0)
    assert shares_beyond([-0.2, 0.0, 0.2, np.nan], [20, 50, 30, 100], -0.1, 0.1) == pytest.approx((0.2, 0.3))
    assert np.isnan(shares_beyond([0.1], [5], np.nan, 0.0)[0])


@pytest.mark.parametrize("part", [0, 0.5, 0.9])
def test_the_part_is_less_than_a_half(part):
    with pytest.raises(BadSettings, match=r"allowed are numbers between 0 and 0\.5"):
        ratio_of_ends([0.1], [1], part)
