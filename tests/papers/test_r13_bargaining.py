"""R13a, R13b: alternating offers, and bargains over a parabola and a polygon."""

import pytest

from ostrom.choice import kalai_smorodinsky, nash_bargain, rubinstein


@pytest.mark.parametrize(("discounts", "share"), [((0.9, 0.9), 0.526316), ((0.9, 0.8), 0.714286), ((0.5, 0.5), 2 / 3)])
def test_the_first_to_offer(discounts, share):
    assert rubinstein(*discounts)[0] == pytest.approx(share, abs=1e-6)


def test_the_parabola():
    def most(x):
        return 1 - x**2

    assert nash_bargain(most, (0, 0), span=(0, 1)).payoffs == pytest.approx((0.577350, 0.666667), abs=1e-6)
    assert kalai_smorodinsky(most, (0, 0), span=(0, 1)).payoffs == pytest.approx((0.618034, 0.618034), abs=1e-6)


def test_the_polygon():
    corners = [(0, 100), (60, 80), (100, 0)]
    assert nash_bargain(corners, (0, 0)).payoffs == pytest.approx((60, 80), abs=1e-6)
    assert kalai_smorodinsky(corners, (0, 0)).payoffs == pytest.approx((66.666667, 66.666667), abs=1e-6)
