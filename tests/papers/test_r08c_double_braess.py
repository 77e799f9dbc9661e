"""Double Braess (R8c): Table 1 of Oesterle and others, RAISE the Bar (AAMAS 2024): what helps some hurts others."""

import pytest

from ostrom.core.forms.latency import affine
from ostrom.core.forms.network import Network
from ostrom.designers.closing import closing
from ostrom.institutions.quota import Quota
from ostrom.solvers.assignment import user_equilibrium

NARROW, WIDE, OUTER = affine(2, 6), 10.0, 19.0
ROADS = [
    ("0", "1", NARROW), ("2", "3", NARROW), ("A", "0", NARROW), ("2", "B", NARROW),
    ("0", "2", WIDE), ("1", "3", WIDE), ("1", "2", 1.0), ("A", "2", OUTER), ("0", "B", OUTER),
]  # fmt: skip
TABLE = {
    (): {("0", "3"): 17, ("A", "B"): 25},
    ("1>2",): {("0", "3"): 15, ("A", "B"): 26},
    ("0>2",): {("0", "3"): 17, ("A", "B"): 25},
    ("1>2", "0>2"): {("0", "3"): 18, ("A", "B"): 24},
}
"""Travel time of one unit of demand, by closed roads."""


def roads(trip):
    return Network(ROADS, {trip: 1.0}, name="double braess")


@pytest.mark.parametrize("closed", TABLE)
@pytest.mark.parametrize("trip", [("0", "3"), ("A", "B")])
def test_every_entry_of_table_1(closed, trip):
    governed = roads(trip).under(*(Quota(f"link:{name}", 0.0) for name in closed))
    assert user_equilibrium(governed, gap=1e-11).pair_times == pytest.approx([TABLE[closed][trip]], abs=1e-6)


@pytest.mark.parametrize(("trip", "closed", "time"), [(("0", "3"), {"1>2"}, 15), (("A", "B"), {"1>2", "0>2"}, 24)])
def test_the_best_closing_is_another_for_each(trip, closed, time):
    """No single closing helps the second trip: both roads have to go together."""
    plan = closing(roads(trip))
    assert (set(plan.closed), plan.status) == (closed, "optimal")
    assert plan.after == pytest.approx(time, abs=1e-6)
    if trip == ("A", "B"):
        assert closing(roads(trip), at_most=1).closed == ()
