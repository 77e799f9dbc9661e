import pytest

from ostrom.core.errors import InputError
from ostrom.games import ArmsControl
from ostrom.solvers import vertex_enumeration


@pytest.mark.parametrize("given", [{}, {"detection": 1.0}, {"gain": 2.0, "fine": 3.0, "cost": 0.5, "harm": 4.0}])
def test_the_only_equilibrium_is_the_closed_form(given):
    game = ArmsControl(**given)
    p = {"gain": 1.0, "harm": 10.0, "fine": 4.0, "cost": 1.0, "detection": 0.8} | given
    (point,) = vertex_enumeration(game).points
    assert point[0][1] == pytest.approx(p["cost"] / (p["detection"] * p["harm"]))
    assert point[1][1] == pytest.approx(p["gain"] / (p["detection"] * (p["gain"] + p["fine"])))


def test_reference_values():
    (point,) = vertex_enumeration(ArmsControl()).points
    known = ArmsControl.reference
    assert (point[0][1], point[1][1]) == pytest.approx((known["odds of a violation"], known["odds of an inspection"]))


def test_a_larger_fine_makes_inspections_rarer_and_violations_no_rarer():
    (mild,), (harsh,) = (vertex_enumeration(ArmsControl(fine=fine)).points for fine in (4.0, 40.0))
    assert harsh[1][1] < mild[1][1]
    assert harsh[0][1] == pytest.approx(mild[0][1])


@pytest.mark.parametrize("bad", [{"gain": 0}, {"cost": 9.0}, {"detection": 0.1}, {"fine": -1}])
def test_games_in_which_nothing_deters_are_refused(bad):
    with pytest.raises(InputError):
        ArmsControl(**bad)
