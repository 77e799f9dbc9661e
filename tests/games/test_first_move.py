import pytest

from ostrom.core.errors import InputError
from ostrom.games import FirstMove
from ostrom.institutions import Leader

KNOWN = FirstMove.reference


def leading(game, parts):
    return sorted({o.payoffs[0] for o in game.under(Leader("leader", parts)).subgame_perfect().points})


def test_reference_values(brute):
    game = FirstMove()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert game.payoffs_at([0, 0])[0] == KNOWN["leader at equilibrium"]
    assert brute.optimum(game)[0] == KNOWN["optimal welfare"]


def test_being_bound_is_worth_what_is_known():
    game = FirstMove()
    assert leading(game, 1) == [KNOWN["leader committed to a move"]]
    assert max(leading(game, 2)) == KNOWN["leader committed to odds"]


def test_games_without_a_use_for_commitment_are_refused():
    with pytest.raises(InputError, match="FirstMove"):
        FirstMove(down=1.0)
