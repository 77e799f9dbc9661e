import pytest

from ostrom.core.errors import InputError
from ostrom.games import Pigou
from ostrom.solvers.assignment import marginal_tolls, price_of_anarchy, system_optimum, user_equilibrium


@pytest.mark.parametrize("degree", Pigou.reference["price of anarchy by degree"])
def test_reference_values(degree):
    game, known = Pigou(degree), Pigou.reference
    best = system_optimum(game, gap=1e-13)
    assert price_of_anarchy(game, gap=1e-12) == pytest.approx(known["price of anarchy by degree"][degree], abs=1e-5)
    assert best.flows[0] == pytest.approx(known["optimal flow on the lane by degree"][degree], abs=1e-6)
    assert marginal_tolls(game, best)[0] == pytest.approx(known["toll on the lane by degree"][degree], abs=1e-5)


def test_everybody_takes_the_lane():
    game = Pigou()
    assert game.moves == (("home>lane>town", "home>motorway>town"),)
    selfish = user_equilibrium(game, gap=1e-12)
    assert selfish.flows.tolist() == [1, 0]
    assert selfish.total_time == Pigou.reference["equilibrium time"]
    assert system_optimum(game, gap=1e-12).total_time == pytest.approx(Pigou.reference["optimal time"])


@pytest.mark.parametrize("bad", [{"degree": 0}, {"degree": -1}, {"motorway": -1}, {"demand": float("inf")}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        Pigou(**bad)
