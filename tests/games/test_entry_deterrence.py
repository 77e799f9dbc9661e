import pytest

from ostrom.core.errors import InputError
from ostrom.games import EntryDeterrence
from ostrom.solvers import pure_equilibria


def test_reference_values(brute):
    assert brute.equilibria(EntryDeterrence()) == EntryDeterrence.reference["pure equilibria"]


def test_the_threat_works_only_as_long_as_it_is_not_tried():
    game = EntryDeterrence()
    threat = game.behaviour({("entrant", "1"): "stay out", ("incumbent", "1"): "fight"})
    assert game.gains(threat).tolist() == [0, 0]
    entered = game.behaviour({("entrant", "1"): "enter", ("incumbent", "1"): "fight"})
    assert game.gains(entered).tolist() == [1, 2]
    assert len(pure_equilibria(game)) == 2


@pytest.mark.parametrize("bad", [{"fight": 0.5}, {"shared": 3.0}, {"outside": 1.5}, {"monopoly": -1}])
def test_games_without_a_threat_are_refused(bad):
    with pytest.raises(InputError):
        EntryDeterrence(**bad)
