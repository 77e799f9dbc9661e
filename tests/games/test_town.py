import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import Town
from ostrom.solvers.assignment import system_optimum, user_equilibrium


def test_reference_values():
    known = Town.reference
    selfish, best = user_equilibrium(Town(), gap=1e-12), system_optimum(Town(), gap=1e-12)
    closed = user_equilibrium(Town(without_quay=True), gap=1e-12)
    assert selfish.total_time == pytest.approx(known["total time"], rel=1e-9)
    assert best.total_time == pytest.approx(known["optimal total time"], rel=1e-9)
    assert closed.total_time == pytest.approx(known["total time without the quay"], rel=1e-9)
    assert selfish.total_time / best.total_time == pytest.approx(known["price of anarchy"], rel=1e-9)


def test_the_story_is_true():
    peak, closed = (user_equilibrium(Town(without_quay=shut), gap=1e-9) for shut in (False, True))
    assert closed.total_time < 0.91 * peak.total_time
    harbour = np.array([target == "Harbour" for _, target in Town().pairs])
    assert ((closed.pair_times < peak.pair_times) == harbour).all()
    noon, noon_closed = (user_equilibrium(Town(0.4, without_quay=shut), gap=1e-9) for shut in (False, True))
    assert (noon.pair_times < noon_closed.pair_times).all()


def test_it_is_a_game_of_four_crowds():
    town = Town()
    assert town.sizes == (4, 4, 4, 4)
    assert town.demand.sum() == 2000
    assert town.players[0] == "Hillside to Harbour"
    assert "link:Old Bridge>Market" in {fact.name for fact in town.facts}
    assert set(town.places) == set(town.nodes)


@pytest.mark.parametrize("bad", [{"traffic": 0}, {"traffic": float("nan")}, {"quay_capacity": -1}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        Town(**bad)
