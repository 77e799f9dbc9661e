"""Basins: exact shares within their intervals, cycles that are not called rest, and the same answer twice."""

import numpy as np
import pytest

from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError
from ostrom.core.forms.extensive import Choice, End, ExtensiveForm
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.diagnosis.stability import FEWEST, STARTS, stability


def alike(r, s, t, p):
    return NormalForm([[[r, r], [s, t]], [[t, s], [p, p]]], moves=("C", "D"))


@pytest.mark.parametrize(("game", "share"), [(alike(4, 0, 3, 3), 1 / 4), (alike(4, 1, 3, 2), 1 / 2)])
def test_r12b_one_population_in_a_stag_hunt(game, share):
    """Replicator dynamics: the basin of Stag is 1/4 of (4, 0, 3, 3) and 1/2 of (4, 1, 3, 2)."""
    found = stability(game, starts=1000).population
    stag = next(basin.share for basin in found.basins if basin.profile == (0,))
    low, high = stag.interval
    assert low - 0.01 <= share <= high + 0.01


def test_a_dominant_move_is_reached_from_everywhere():
    found = stability(alike(3, 0, 5, 1), starts=40)
    for basins in (found.evolution, found.population, found.learning):
        assert basins.basins[0].share.value == 1
    assert "of 40 starting points 100 % end at (D, D)" in found.findings[0].sentence
    assert "do not come to rest" not in found.findings[0].sentence


def test_cycles_are_not_called_rest():
    found = stability(NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]), starts=20)
    assert found.evolution.restless.value == 1
    assert "100 % do not come to rest" in found.findings[0].sentence


def test_players_who_differ_are_no_one_population():
    bos = NormalForm([[[2, 1], [0, 0]], [[0, 0], [1, 2]]])
    found = stability(bos, starts=20)
    assert found.population is None
    assert not any("one population" in finding.sentence for finding in found.findings)


def test_in_one_population_chicken_ends_mixed_and_apart_it_does_not():
    found = stability(alike(6, 2, 7, 0), starts=40)
    assert found.population.basins[0].point[0] == pytest.approx([2 / 3, 1 / 3], abs=1e-3)
    assert {basin.profile for basin in found.evolution.basins} == {(0, 1), (1, 0)}


def test_the_same_seed_gives_the_same_and_another_gives_another():
    game = alike(4, 0, 3, 3)
    one, same, other = (stability(game, starts=50, seed=seed) for seed in (3, 3, 4))
    assert one.findings == same.findings
    assert one.findings != other.findings


def test_agents_follow_their_rewards():
    game = alike(3, 0, 5, 1)
    kind = game.payoffs.sum(-1, keepdims=True).repeat(2, -1)
    assert stability(Delegation(game, rewards=kind), starts=20).evolution.basins[0].profile == (0, 0)


def test_fewer_starts_for_large_tables_and_as_many_as_asked_for():
    large = NormalForm(-np.indices((15, 15, 15)).transpose(1, 2, 3, 0).astype(float))
    assert stability(alike(3, 0, 5, 1)).evolution.starts == STARTS
    assert stability(large, starts=5).evolution.starts == 5
    assert FEWEST <= stability(large).evolution.starts < STARTS


def test_players_who_are_alike_need_no_table():
    game = Symmetric(lambda own, others: 3.0 * (own == 1) - others, players=12, moves=("a", "b"), amounts=(0, 1))
    assert stability(game, starts=10).evolution.basins[0].profile == (1,) * 12


def test_one_player_in_a_tree_ends_at_its_best():
    tree = ExtensiveForm(Choice("ann", {"walk": End(pays=[-2]), "bus": End(pays=[1])}), players=("ann",))
    found = stability(tree, starts=20)
    assert [basins.basins[0].profile for basins in (found.evolution, found.learning)] == [(1,), (1,)]
    assert found.evolution.basins[0].share.value == 1


def test_no_starts_are_refused():
    with pytest.raises(InputError, match="0 starts"):
        stability(alike(3, 0, 5, 1), starts=0)


def test_every_share_has_its_interval():
    numbers = stability(alike(4, 0, 3, 3), starts=60).findings[0].numbers
    shares = [point["share"] for point in numbers["rest points"]]
    assert sum(shares) + numbers["elsewhere"] + numbers["restless"] == pytest.approx(1)
    for point in numbers["rest points"]:
        assert point["interval"][0] <= point["share"] <= point["interval"][1]
        assert np.sum(point["mixture"][0]) == pytest.approx(1)
