"""The designer of graduated sanctions: what violating gains, and slipping costs, followed round by round."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import games
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers import sanctions
from ostrom.designers._proposal import Impossible
from ostrom.designers._remedy import Problem

PD = games.PrisonersDilemma()


def best_plan(gain, fines, forgotten, discount, slips=None):
    """What a single violator has per round, by value iteration over (violations, rounds since the last): at best, or
    what one pays in fines that violates with odds `slips`."""
    steps, last = len(fines), len(fines) - 1
    value = np.zeros((steps + 1, forgotten + 1))
    for _ in range(round(40 / (1 - discount))):
        new = np.zeros_like(value)
        for n in range(steps + 1):
            for since in range(forgotten + 1):
                waits = (0, 0) if since + 1 >= forgotten or n == 0 else (n, since + 1)
                again = min(n + 1, steps), 0
                fine = fines[min(n, last)]
                violate = (1 - discount) * (gain - fine) + discount * value[again]
                wait = discount * value[waits]
                pay = slips is not None and (1 - discount) * fine + discount * value[again]
                new[n, since] = max(violate, wait) if slips is None else slips * pay + (1 - slips) * wait
        value = new
    return value[0, 0]


@given(st.sampled_from([0.5, 0.7, 0.8]), st.sampled_from([1, 2]), st.sampled_from([0.4, 0.6, 0.8]))
@settings(max_examples=8, deadline=None)
def test_as_much_is_gained_as_is_tolerated_and_as_soon_forgotten_as_can_be(discount, warnings, tolerated):
    found = sanctions(PD, discount=discount, warnings=warnings, tolerated=tolerated)
    if 1 - discount**warnings >= tolerated - 1e-9:
        assert isinstance(found, Impossible)
        return
    rule = found.institution
    assert rule.fines == (*[0.0] * warnings, 2.05)
    plan = best_plan(2.0, rule.fines, rule.forgotten, discount)
    assert plan == pytest.approx(2 * found.numbers["share"])
    assert plan <= 2 * tolerated + 1e-9
    if rule.forgotten > 1:
        assert best_plan(2.0, rule.fines, rule.forgotten - 1, discount) > 2 * tolerated
    claim = found.claims[-1]
    assert claim.verdict == "proved"
    assert claim.numbers["largest gain"] == pytest.approx(plan)


def test_what_slips_cost():
    found = sanctions(PD, discount=0.8, tolerated=0.3, slips=0.1)
    rule = found.institution
    assert found.numbers["slips pay"] == pytest.approx(best_plan(2.0, rule.fines, rule.forgotten, 0.8, 0.1))
    assert found.numbers["without warnings"] == pytest.approx(0.1 * 2.05)
    patient = sanctions(PD, discount=0.999, tolerated=0.3, slips=0.1)
    again = 1 - 0.9**patient.institution.forgotten  # in the long run, that a violation is still remembered
    assert patient.numbers["slips pay"] == pytest.approx(0.1 * 2.05 * again, rel=0.01)


def test_the_prisoners_dilemma_in_closed_form():
    found = sanctions(PD)  # 1 - .9 over 1 - .9^7 is .1917, over 1 - .9^6 more than .2
    assert (found.institution.fines, found.institution.forgotten) == ((0.0, 2.05), 6)
    assert found.numbers["share"] == pytest.approx(0.1 / (1 - 0.9**7))
    assert [claim.verdict for claim in found.claims] == ["proved"] * 4
    assert found.certificate(Problem(PD)).recheck()[0].answer == "confirmed"


def test_without_warnings_nothing_is_gained():
    found = sanctions(PD, warnings=0)
    assert found.institution.fines == (2.05,)
    assert found.claims[-1].numbers["largest gain"] == pytest.approx(0, abs=1e-12)
    assert "nobody gains anything" in found.sentence


def test_too_many_warnings():
    found = sanctions(PD, warnings=3)
    assert isinstance(found, Impossible)
    assert found.numbers["warnings"] == 2
    assert not isinstance(sanctions(PD, warnings=2), Impossible)
    assert sanctions(PD, tolerated=0.1).numbers["warnings"] == 0  # 1 - .9 is all of it, though not in float64


def test_different_temptations_and_more_moves():
    table = np.array([[[4, 4], [0, 6]], [[9, 0], [1, 1]]], float)
    found = sanctions(NormalForm(table, moves=("C", "D")), ("C", "C"))
    assert found.numbers["temptation"] == 5
    assert found.institution.fines[-1] == pytest.approx(5.09)
    both = "0 and 10 tempt away"
    assert both in sanctions(games.PublicGoods(players=3)).because
    assert "holds without fines" in sanctions(games.StagHunt()).because


def test_what_would_be_remembered_too_long_is_not_looked_at():
    long = sanctions(PD, tolerated=0.0501, warnings=5, discount=0.99)
    assert long.claims[-1].verdict == "unknown"
    assert "slips pay" not in long.numbers


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"discount": 1}, InputError),
        ({"warnings": -1}, InputError),
        ({"warnings": 0.5}, InputError),
        ({"tolerated": 0}, InputError),
        ({"slips": 0.7}, InputError),
        ({"margin": -1}, InputError),
        ({"target": ("C", "E")}, UnknownName),
    ],
)
def test_what_cannot_be_asked(asked, error):
    with pytest.raises(error):
        sanctions(PD, **asked)
