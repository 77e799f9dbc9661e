"""Restriction against tolls (R8d): what closing takes it takes from all alike, tolls sort drivers by what they earn.

Oesterle and others (AAMAS 2024) regress travel time on the value of money: tolls make those drive longer to whom money
is worth more, closing roads does not. Here the same on a family of small random networks, at exact equilibria.
"""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.latency import affine
from ostrom.core.forms.network import DriverClass, Network
from ostrom.designers.closing import closing
from ostrom.designers.tolls import tolls
from ostrom.solvers.assignment import user_equilibrium

VALUES_OF_MONEY = (0.5, 1.0, 2.0)
CLASSES = [DriverClass(f"money {worth}", 1 / 3, 1 / worth) for worth in VALUES_OF_MONEY]


def random_network(seed, nodes=7, odds=0.45):
    """G(n, p) with one narrow or wide road per arc, and three trips between random places; None if one has no way."""
    draw = np.random.default_rng(seed)
    arcs = [(a, b) for a in range(nodes) for b in range(nodes) if a != b and draw.random() < odds]
    times = [affine(*((1.0, 2.0) if draw.random() < 0.5 else (4.0, 0.2))) for _ in arcs]
    trips = {}
    while len(trips) < 3:
        a, b = draw.choice(nodes, 2, replace=False)
        trips[str(a), str(b)] = 2.0
    try:
        return Network(
            [(str(a), str(b), time) for (a, b), time in zip(arcs, times, strict=True)], trips, classes=CLASSES
        )
    except InputError:
        return None


def slope(network):
    """Of travel time on the value of money, over all populations."""
    times = user_equilibrium(network, gap=1e-9).pair_times
    return np.polyfit(np.tile(VALUES_OF_MONEY, len(times) // len(CLASSES)), times, 1)[0]


@pytest.fixture(scope="module")
def family():
    return [network for seed in range(12) if (network := random_network(seed)) is not None][:6]


def test_tolls_sort_by_what_money_is_worth_and_closing_does_not(family):
    base, closed, tolled = [], [], []
    for network in family:
        plan = tolls(network)
        assert plan.after == pytest.approx(plan.best, rel=1e-4)
        base.append(slope(network))
        closed.append(slope(closing(network, at_most=2, tries=12, gap=1e-7).governed))
        tolled.append(slope(plan.governed))
    assert len(family) == 6
    assert np.abs(base).max() < 1e-6
    assert np.abs(closed).max() < 0.1 < min(tolled)
