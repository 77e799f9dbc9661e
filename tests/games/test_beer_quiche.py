import pytest

from ostrom.core.errors import InputError
from ostrom.games import BeerQuiche
from ostrom.solvers import pure_equilibria

KNOWN = BeerQuiche.reference


def behaviour(game, choices):
    whose = {"strong": "sender", "weak": "sender", "beer": "receiver", "quiche": "receiver"}
    return game.behaviour({(whose[place], place): choice for place, choice in choices.items()})


@pytest.mark.parametrize(("name", "paid"), [("intuitive equilibrium", 2.9), ("other pooling equilibrium", 2.1)])
def test_both_pooling_equilibria(name, paid):
    game = BeerQuiche()
    found = behaviour(game, KNOWN[name])
    assert game.gains(found).tolist() == [0, 0]
    assert game.value(found) == pytest.approx([paid, KNOWN["receiver at both"]])


def test_there_are_no_other_pure_ones_and_no_pooling_when_the_strong_are_few():
    assert len(pure_equilibria(BeerQuiche())) == 2
    assert len(pure_equilibria(BeerQuiche(strong=0.4))) == 0


def test_impossible_odds_are_refused():
    with pytest.raises(InputError):
        BeerQuiche(strong=1.0)
