"""Type spaces and direct mechanisms: sums and expectations by hand, and the game of reports against its table."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import DirectMechanism, TypeSpace
from ostrom.core.errors import InputError, TooLarge
from ostrom.solvers import pure_equilibria


def drawn(seed, sizes=(2, 3), outcomes=3):
    rng = np.random.default_rng(seed)
    values = [rng.integers(-3, 4, (size, outcomes)) for size in sizes]
    return TypeSpace(values, [rng.dirichlet(np.ones(size)) for size in sizes])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999))
def test_gains_from_lying_are_differences_of_what_reports_bring(seed):
    space, rng = drawn(seed, (2, 3, 2)), np.random.default_rng(seed)
    mechanism = DirectMechanism(space, rng.integers(0, 3, space.sizes), rng.random((*space.sizes, 3)))
    for agent in range(3):
        gains = mechanism.gains(agent)
        for types in itertools.product(*map(range, space.sizes)):
            for lie in range(space.sizes[agent]):
                told = (*types[:agent], lie, *types[agent + 1 :])
                others = types[:agent] + types[agent + 1 :]
                value = [float(space.values[agent][types[agent]] @ mechanism.odds[at]) for at in (told, types)]
                paid = [float(mechanism.paid[(*at, agent)]) for at in (told, types)]
                expected = (value[0] - paid[0]) - (value[1] - paid[1])
                assert gains[(types[agent], lie, *others)] == pytest.approx(expected)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999))
def test_the_game_of_reports_pays_what_the_mechanism_does(seed):
    space, rng = drawn(seed), np.random.default_rng(seed)
    mechanism = DirectMechanism(space, rng.dirichlet(np.ones(3), space.sizes), rng.random((*space.sizes, 2)))
    game = mechanism.game()
    truth = {(who, own): own for who, types in zip(space.agents, space.types, strict=True) for own in types}
    assert game.value(game.behaviour(truth)) == pytest.approx(space.expected(mechanism.utilities))


def test_one_posted_price_by_hand():
    space = TypeSpace([[[0, 1], [0, 3]]], [[0.25, 0.75]], outcomes=("kept", "sold"), types=("low", "high"))
    posted = DirectMechanism(space, [0, 1], [[0], [2]])
    assert posted.deterministic
    assert posted.gains(0).tolist() == [[0, -1], [-1, 0]]
    assert posted.revenue.tolist() == [0, 2]
    assert posted.welfare.tolist() == [0, 3]
    assert space.expected(posted.revenue) == pytest.approx(1.5)
    assert len(pure_equilibria(posted.game())) == 1


def test_joint_odds_and_what_an_agent_believes():
    space = TypeSpace([[[0], [0]], [[0], [0]]], [[0.4, 0.1], [0.2, 0.3]])
    assert not space.independent
    assert space.others(0) == pytest.approx(np.array([[0.8, 0.2], [0.4, 0.6]]))
    assert space.others(1) == pytest.approx(np.array([[2 / 3, 1 / 3], [0.25, 0.75]]))
    assert TypeSpace(space.values, [[0.5, 0.5]] * 2).independent


def test_without_a_prior_nothing_is_expected():
    space = TypeSpace([[[0, 1]]])
    with pytest.raises(InputError, match="no prior"):
        space.expected(space.welfare)


@pytest.mark.parametrize(
    "make",
    [
        lambda: TypeSpace([]),
        lambda: TypeSpace([[1, 2]]),
        lambda: TypeSpace([[[1, 2]], [[1]]]),
        lambda: TypeSpace([[[np.nan, 2]]]),
        lambda: TypeSpace([[[1, 2]]], [[0.5]]),
        lambda: TypeSpace([[[1, 2]]], [[0.5, 0.5]]),
        lambda: TypeSpace([[[1, 2]], [[1, 2], [0, 1]]], [[1.0], [1.5, -0.5]]),
        lambda: TypeSpace([[[1, 2], [3, 4]]], [[1.0, 0.0]]).others(0),
        lambda: DirectMechanism(TypeSpace([[[1, 2]]]), [2]),
        lambda: DirectMechanism(TypeSpace([[[1, 2]]]), [[0.5, 0.4]]),
        lambda: DirectMechanism(TypeSpace([[[1, 2]]]), [0], [0.0]),
    ],
)
def test_bad_input_is_refused(make):
    with pytest.raises(InputError):
        make()


def test_too_many_types_are_refused():
    with pytest.raises(TooLarge):
        TypeSpace([np.zeros((300, 2))] * 3)


def test_what_is_no_number_is_told_in_the_words_of_types():
    with pytest.raises(InputError, match="values of agent 1 contain nan") as caught:
        TypeSpace([[[0, np.nan]]])
    assert caught.value.do == "Give finite numbers."
    with pytest.raises(InputError, match="not a rectangular table") as caught:
        TypeSpace([[[0, 1], [2]]])
    assert caught.value.do == "Give rows of one length."


def test_names_are_given_once_and_as_lists():
    with pytest.raises(InputError, match="called 'x'"):
        TypeSpace([[[0, 1]]], outcomes=("x", "x"))
    with pytest.raises(InputError, match="called 'Ann'"):
        TypeSpace([[[0]], [[1]]], agents=("Ann", "Ann"))
    for names in ({"outcomes": 3}, {"types": 3}, {"agents": np.array(2)}):
        with pytest.raises(InputError):
            TypeSpace([[[0, 1]]], **names)
    with pytest.raises(InputError, match="values"):
        TypeSpace(3.0)


@pytest.mark.parametrize(("agents", "types"), [(61, 1), (22, 2)])
def test_tables_by_agents_are_bounded_too(agents, types):
    with pytest.raises(TooLarge, match="agents"):
        TypeSpace([[[0]] * types] * agents)
