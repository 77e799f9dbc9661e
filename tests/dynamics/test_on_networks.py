"""Networks: exact fixation on small ones, published ratios, the well-mixed case, and sampled runs that agree."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import five_rules, fixation, network_fixation, on_network, ring
from ostrom.games import BattleOfTheSexes, RockPaperScissors

UPDATES = ("death-birth", "birth-death", "pairwise comparison", "imitation")


def donation(benefit, cost=1.0):
    """Move 1 helps."""
    row = np.array([[0.0, benefit], [-cost, benefit - cost]])
    return NormalForm(np.stack([row, row.T], axis=-1))


def complete(nodes):
    return np.ones((nodes, nodes)) - np.eye(nodes)


@pytest.mark.parametrize(("nodes", "each"), [(7, 2), (8, 2), (9, 4), (10, 4)])
def test_helpers_are_favoured_from_the_published_ratio_on(nodes, each):
    """Regular networks, death-birth, weak selection: (N - 2) / (N / k - 2) (Taylor and others 2007; Allen 2017)."""
    ratio = five_rules(1, 1, neighbours=each, nodes=nodes).needed["network reciprocity"]
    assert ratio == pytest.approx((nodes - 2) / (nodes / each - 2))
    for benefit, favoured in ((ratio - 0.1, False), (ratio + 0.1, True)):
        helper, other = (network_fixation(donation(benefit), ring(nodes, each), m, strength=1e-4) for m in (1, 0))
        assert (helper.mean() > 1 / nodes > other.mean()) == favoured


def test_birth_death_never_favours_helpers():
    """Ohtsuki and others (2006): who competes for a place everywhere gains nothing from helping neighbours."""
    found = network_fixation(donation(50.0), ring(8), update="birth-death", strength=1e-4)
    assert (found < 1 / 8).all()


def test_imitation_asks_for_more():
    """b/c > k + 2 on large networks (Ohtsuki and others 2006), so that in small ones it lies between 4 and infinity."""
    low, high = (network_fixation(donation(b), ring(11), update="imitation", strength=1e-4).mean() for b in (4.0, 12.0))
    assert low < 1 / 11 < high


@pytest.mark.parametrize(
    ("update", "process"), [("pairwise comparison", "pairwise comparison"), ("birth-death", "Moran")]
)
def test_where_all_are_linked_it_is_the_well_mixed_population(update, process):
    found = network_fixation(donation(3.0), complete(7), update=update, strength=0.7)
    assert found == pytest.approx(fixation(donation(3.0), 1, 0, 7, strength=0.7, process=process).odds, rel=1e-9)


@pytest.mark.parametrize("update", UPDATES)
def test_without_selection_the_odds_of_all_nodes_add_up_to_one(update):
    pairs = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (3, 4)]
    found = network_fixation(donation(3.0), pairs, update=update, strength=0.0)
    assert found.sum() == pytest.approx(1)


def test_neutral_odds_follow_the_links():
    """Death-birth: in proportion to the number of links; birth-death: to its inverse (Broom and others 2010)."""
    star = [(0, k) for k in range(1, 6)]
    links = np.array([5, 1, 1, 1, 1, 1])
    for update, expected in (("death-birth", links / links.sum()), ("birth-death", (1 / links) / (1 / links).sum())):
        assert network_fixation(donation(3.0), star, update=update, strength=0.0) == pytest.approx(expected)


def test_the_star_amplifies_selection():
    """Birth-death with constant fitness r (Lieberman, Hauert and Nowak 2005): a star favours the fitter more."""
    game = NormalForm(np.stack([np.array([[0.0, 0.0], [0.3, 0.3]]), np.array([[0.0, 0.3], [0.0, 0.3]])], axis=-1))
    star = network_fixation(game, [(0, k) for k in range(1, 8)], update="birth-death").mean()
    mixed = network_fixation(game, complete(8), update="birth-death").mean()
    assert star > mixed > 1 / 8


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999), st.sampled_from(UPDATES))
def test_odds_of_a_step_are_odds(seed, update):
    from ostrom.dynamics._networks import Network, weights_of

    rng = np.random.default_rng(seed)
    weights = np.triu(rng.random((6, 6)), 1) + 0.01 * np.triu(np.ones((6, 6)), 1)
    network = Network(rng.normal(size=(3, 3)), weights_of(weights + weights.T), update, 2.0)
    odds = network.odds(rng.integers(3, size=(5, 6)))
    assert (odds >= 0).all()
    total = odds.sum((1, 2))
    assert (total <= 1 + 1e-12).all() if update == "pairwise comparison" else total == pytest.approx(1)


@pytest.mark.parametrize("update", UPDATES)
def test_sampled_runs_agree_with_the_exact_odds(update):
    pairs = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)]
    exact = network_fixation(donation(2.0), pairs, update=update, strength=0.5)[0]
    found = on_network(donation(2.0), pairs, [1, 0, 0, 0], update=update, strength=0.5, rounds=60, runs=3000)
    assert (found.fixed >= 0).mean() > 0.99
    share = (found.fixed == 1).mean()
    assert share == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 3000) + 0.01)


def test_rock_paper_scissors_with_mutation_goes_on():
    found = on_network(RockPaperScissors(), ring(12, 4), np.arange(12) % 3, mutation=0.05, rounds=40, runs=20, seed=3)
    same = on_network(RockPaperScissors(), ring(12, 4), np.arange(12) % 3, mutation=0.05, rounds=40, runs=20, seed=3)
    assert found.shares.shape == (41, 20, 3)
    assert found.shares.sum(-1) == pytest.approx(1)
    assert np.array_equal(found.last, same.last)
    assert found.shares.mean((0, 1)) == pytest.approx([1 / 3] * 3, abs=0.15)


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ([(0, 0), (0, 1)], "linked to itself"),
        ([(0, 2)], "to nobody"),
        ([(0, -1)], "names node -1"),
        (np.ones(3), "shape"),
        (np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]]), "symmetric"),
        ([(0, 1), (2, 3)], "falls into parts"),
    ],
)
def test_what_is_no_network_is_refused(links, said):
    with pytest.raises(InputError, match=said):
        network_fixation(donation(2.0), links)


def test_nonsense_is_refused():
    with pytest.raises(TooLarge, match="13 nodes"):
        network_fixation(donation(2.0), ring(13))
    with pytest.raises(UnknownName, match="no way to update"):
        network_fixation(donation(2.0), ring(5), update="death")
    with pytest.raises(InputError, match="no symmetric game"):
        network_fixation(BattleOfTheSexes(), ring(5))
    with pytest.raises(InputError, match="numbered from 0 to 1"):
        on_network(donation(2.0), ring(5), [0, 1, 2, 0, 0])
    with pytest.raises(InputError, match="even number"):
        ring(5, 3)
    with pytest.raises(InputError, match="two moves"):
        network_fixation(RockPaperScissors(), ring(5))
