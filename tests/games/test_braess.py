import pytest

from ostrom.core.errors import InputError
from ostrom.games import Braess
from ostrom.solvers.assignment import price_of_anarchy, user_equilibrium

REFERENCE = Braess.reference


@pytest.mark.parametrize("known", [REFERENCE, REFERENCE["the classic of six"]], ids=["unit demand", "six drivers"])
def test_the_paradox(known):
    given = known.get("parameters", {})
    open_, closed = Braess(**given), Braess(**given, without_link=True)
    assert user_equilibrium(open_, gap=1e-12).pair_times[0] == pytest.approx(known["equilibrium time"], abs=1e-6)
    assert user_equilibrium(closed, gap=1e-12).pair_times[0] == pytest.approx(known["time without the link"], abs=1e-6)
    assert price_of_anarchy(open_, gap=1e-12) == pytest.approx(known["price of anarchy"], abs=1e-6)


def test_the_short_cut_is_never_the_slower_way():
    game = Braess()
    for share in (0.0, 0.3, 1.0):
        worth = game.deviation_payoffs(([(1 - share) / 2, share, (1 - share) / 2],))[0]
        assert worth[1] == worth.max()


def test_it_is_a_game_of_routes():
    assert Braess().moves == (("home>north>work", "home>north>south>work", "home>south>work"),)
    assert Braess(without_link=True).moves == (("home>north>work", "home>south>work"),)
    assert {fact.name for fact in Braess().facts} >= {"delay", "link:north>south"}


@pytest.mark.parametrize("bad", [{"demand": 0}, {"slope": -1}, {"shortcut": float("nan")}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        Braess(**bad)
