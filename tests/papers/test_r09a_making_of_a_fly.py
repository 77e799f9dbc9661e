"""R9a: the prices of "The Making of a Fly" in April 2011, day by day (Eisen 2011)."""

import numpy as np
import pytest

from ostrom.diagnosis.loops import loops, watch
from ostrom.games import BookPrices

FOLLOWER = [2_194_443.04, 2_783_493.00, 3_530_663.65, 4_478_395.76, 5_680_526.66]
LEADER = [2_788_233.00, 3_536_675.57, 4_486_021.69, 5_690_199.43]


def test_the_prices_of_the_following_days():
    path = BookPrices(price=2_198_177.95).path(10)
    assert path[1:6, 0] == pytest.approx(FOLLOWER, rel=1e-5)
    assert path[1:5, 1] == pytest.approx(LEADER, rel=1e-5)
    assert path[10] == pytest.approx([18_651_718.08, 23_698_655.93], rel=1e-5)


def test_the_factor_and_the_days_to_double():
    found = loops(BookPrices())
    assert found.gain == pytest.approx(1.268429, abs=1e-6)
    assert found.doubling == pytest.approx(2.915, abs=1e-3)
    assert found.verdict == "runs away"


def test_the_days_that_were_seen_were_enough_for_a_warning():
    """Prices as they were written down; the last day of the series is the eighteenth of April."""
    seen = np.stack([FOLLOWER[:4], LEADER], axis=-1)
    found = watch(seen, ("profnath", "bordeebook"), least=2)
    assert found.alarm == 2
    assert found.growth == pytest.approx((1.2684, 1.2684), abs=1e-3)
