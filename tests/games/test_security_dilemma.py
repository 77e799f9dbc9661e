import pytest

from ostrom.core.errors import InputError
from ostrom.games import SecurityDilemma
from ostrom.solvers import pure_equilibria


def arms(game):
    """What the peaceful do in each pure equilibrium: west's and east's plan."""
    return {game.labels(profile) for profile in pure_equilibria(game).profiles}


def test_arming_is_all_that_is_left_beyond_the_threshold():
    limit = SecurityDilemma.reference["the least fear that makes arming dominant"]
    above, below = SecurityDilemma(feared=limit + 0.01), SecurityDilemma(feared=limit - 0.01)
    both = "peaceful: arm, aggressive: arm"
    calm = "peaceful: disarm, aggressive: arm"
    assert arms(above) == {(both, both)}
    assert arms(below) == {(both, both), (calm, calm)}


def test_what_the_peaceful_would_get():
    game = SecurityDilemma()
    calm = {(p, "peaceful"): "disarm" for p in game.players} | {(p, "aggressive"): "arm" for p in game.players}
    value = game.true_value(game.behaviour(calm))
    assert value == pytest.approx([SecurityDilemma.reference["value for each when the peaceful disarm"]] * 2)


@pytest.mark.parametrize("bad", [{"feared": 0}, {"aggressive": 1}, {"burden": 2}, {"feared": float("nan")}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        SecurityDilemma(**bad)
