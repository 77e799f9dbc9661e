import pytest

from ostrom.core.errors import InputError
from ostrom.games import MajorityPie
from ostrom.solvers import core_of, shapley


@pytest.mark.parametrize("players", [3, 5, 7])
def test_no_division_lasts(players):
    game = MajorityPie(players)
    assert core_of(game).empty
    assert [float(share) for share in shapley(game).values] == pytest.approx([1 / players] * players)


@pytest.mark.parametrize("bad", [{"players": 2}, {"players": 3.5}, {"players": 1000}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        MajorityPie(**bad)
