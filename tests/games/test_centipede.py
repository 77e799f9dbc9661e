import pytest

from ostrom.core.errors import InputError
from ostrom.games import Centipede
from ostrom.solvers import pure_equilibria

KNOWN = Centipede.reference


def test_the_first_takes_at_once_in_every_equilibrium():
    game = Centipede()
    stable = pure_equilibria(game).points
    assert {tuple(game.expected_payoffs(point).round(9)) for point in stable} == {KNOWN["subgame-perfect payoffs"]}


def test_what_they_could_have():
    game = Centipede()
    patient = game.behaviour({(game.players[i.player], i.label): "pass" for i in game.infosets})
    assert game.value(patient) == pytest.approx(KNOWN["payoffs when all pass"])
    assert Centipede(turns=3).paid[-1].tolist() == pytest.approx([0.8, 3.2])


def test_a_very_long_one_is_built():
    assert len(Centipede(turns=1000, growth=1.001).ends) == 1001


@pytest.mark.parametrize("bad", [{"turns": 0}, {"growth": 0.5}, {"share": 0.2}, {"turns": 2000}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        Centipede(**bad)
