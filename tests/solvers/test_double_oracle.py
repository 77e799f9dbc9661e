"""Double oracle and PSRO: values by linear programming, games that are no table, learners and other poor replies."""

import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog

import ostrom as om
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers._meta import projected_step
from ostrom.solvers.double_oracle import Oracle, double_oracle

STORED = json.loads((Path(__file__).parent / "data" / "alpha_rank.json").read_text())
MATRICES = hnp.arrays(int, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.integers(-4, 4))


def zero_sum(row):
    row = np.asarray(row)
    return NormalForm(np.stack([row, -row], axis=-1))


def value(row):
    rows, columns = np.shape(row)
    found = linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.hstack([-np.transpose(row), np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.append(np.ones(rows), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    return -found.fun


@settings(max_examples=50, deadline=None)
@given(MATRICES)
def test_it_ends_at_the_value(row):
    game = zero_sum(row)
    found = double_oracle(game)
    assert found.status == "complete"
    assert found.payoffs[0] == pytest.approx(value(row), abs=1e-8)
    assert game.regret(found.points[0]) < 1e-8


def test_few_of_many_moves_are_looked_at():
    """Numbers from 0 to 60, each wants to be nearer to what the other is not: two moves in the middle matter."""
    places = np.linspace(-1, 1, 61)
    row = np.subtract.outer(places, places) ** 2 - 2 * places[:, None] ** 2
    found = double_oracle(zero_sum(row))
    assert found.payoffs[0] == pytest.approx(value(row), abs=1e-8)
    assert max(map(len, found.policies)) < 20
    assert found.evaluations < 400


def kuhn():
    """Kuhn's (1950) poker: three cards, an ante and a bet of one."""

    def after(first, second):
        high = 1 if first > second else -1
        call = Choice("two", {"fold": End(pays=(1, -1)), "call": End(pays=(2 * high, -2 * high))}, sees=f"{second} bet")
        late = Choice("one", {"fold": End(pays=(-1, 1)), "call": End(pays=(2 * high, -2 * high))}, sees=f"{first} late")
        passed = Choice("two", {"pass": End(pays=(high, -high)), "bet": late}, sees=f"{second} pass")
        return Choice("one", {"pass": passed, "bet": call}, sees=f"{first}")

    deals = {f"{a}{b}": (Fraction(1, 6), after(a, b)) for a, b in itertools.permutations(range(3), 2)}
    return ExtensiveForm(Chance(deals), players=("one", "two"), name="Kuhn poker")


def test_kuhn_poker_is_worth_minus_one_eighteenth():
    """A tree is asked for replies, never for its table."""
    game = kuhn()
    game.dense = None  # would fail
    found = double_oracle(game)
    assert found.status == "complete"
    assert found.payoffs == pytest.approx([-1 / 18, 1 / 18], abs=1e-9)
    assert max(map(len, found.policies)) < min(game.sizes)


@settings(max_examples=15, deadline=None)
@given(hnp.arrays(int, (2, 3, 2, 3), elements=st.integers(-3, 3)))
def test_three_players_end_at_an_equilibrium_or_say_how_far_off(table):
    game = NormalForm(table)
    found = double_oracle(game)
    assert found.regret == pytest.approx(game.regret(found.points[0]), abs=1e-9)
    assert (found.status == "complete") == (found.regret <= 1e-9)


@pytest.mark.parametrize(("meta", "near"), [("uniform", 0.3), ("projected replicator", 0.1), ("alpha rank", 1e-9)])
def test_other_meta_solvers(meta, near):
    game = om.games.RockPaperScissors()
    found = double_oracle(game, meta, rounds=40)
    assert found.regret == pytest.approx(game.regret(found.points[0]), abs=1e-12)
    assert found.regret <= near
    assert meta in found.method


def test_uniform_is_fictitious_play():
    """Answers are added again and again, so that the mixture is how often each was best."""
    found = double_oracle(om.games.MatchingPennies(), "uniform", rounds=30)
    counts = [np.zeros(2), np.zeros(2)]
    counts[0][0] = counts[1][0] = 1
    payoffs = om.games.MatchingPennies().dense().payoffs
    for _ in range(29):
        mean = [own / own.sum() for own in counts]
        gains = payoffs[..., 0] @ mean[1], mean[0] @ payoffs[..., 1]
        for own, gain, other in zip(counts, gains, mean, strict=True):
            if gain.max() > gain @ other + 1e-9:
                own[gain.argmax()] += 1
    assert np.concatenate(found.points[0]) == pytest.approx(np.concatenate([own / own.sum() for own in counts]))


@pytest.mark.parametrize("case", STORED["projected_replicator"], ids=("three", "four"))
def test_a_step_of_projected_replicator_is_openspiels(case):
    game = NormalForm(np.stack([np.array(table) for table in case["payoffs"]], -1))
    after = projected_step(game, tuple(map(np.array, case["start"])), case["step"], case["floor"])
    assert np.concatenate(after) == pytest.approx(np.concatenate(case["after"]), abs=1e-14)


def test_replies_that_are_searched_for_are_never_called_best():
    """Points on a circle that beat whoever is a third of a turn behind; replies are the best of a few drawn ones."""
    rng = np.random.default_rng(0)

    def evaluate(profile):
        worth = np.sin(profile[0] - profile[1])
        return worth, -worth

    def search(player, pools, mixture):
        other, odds = np.array(pools[1 - player]), mixture[1 - player]
        tried = rng.uniform(0, 2 * np.pi, 20)
        return float(tried[(np.sin(tried[:, None] - other) @ odds).argmax()])

    oracle = Oracle(("one", "two"), search, evaluate, ([0.0], [0.0]))
    found = double_oracle(oracle, tolerance=1e-3, rounds=60)
    assert found.status == "partial"
    assert found.regret <= 1e-3
    assert "better ones, if there are any, might" in found.note
    directions = [x @ np.exp(1j * np.array(own)) for own, x in zip(found.policies, found.mixture, strict=True)]
    assert np.abs(directions).max() < 0.1  # what a reply could gain at most, by the triangle inequality
    assert found.regrets[0].max() > 0.9


@pytest.mark.slow
def test_learners_give_the_replies():
    """A policy gradient learns each reply by playing; what it has learned is a mixture of moves."""
    pytest.importorskip("jax")
    from casts import Student

    from ostrom.core.agent import Policy
    from ostrom.learners import train
    from ostrom.worlds import MatrixWorld

    class Often(Policy):
        odds: tuple[float, ...] = ()

        def act(self, sight, memory):
            scores = sum(np.log(p + 1e-9) * sight.scores("act", k) for k, p in enumerate(self.odds))
            return {"act": scores}, memory

    game = om.games.MatchingPennies()
    world, payoffs = MatrixWorld.of(game, horizon=1), game.dense().payoffs

    def learn(player, pools, mixture):
        blend = mixture[1 - player] @ np.array(pools[1 - player])
        seats = [Student(), Student()]
        seats[1 - player] = Often(odds=tuple(blend.tolist()))
        mind = np.asarray(train(world, seats, steps=4000).players()[player].mind, float)
        return tuple((np.exp(mind - mind.max()) / np.exp(mind - mind.max()).sum()).tolist())

    def evaluate(profile):
        return np.einsum("i,ijk,j->k", profile[0], payoffs, profile[1])

    first = ([(0.9, 0.1)], [(0.9, 0.1)])
    found = double_oracle(Oracle(game.players, learn, evaluate, first), rounds=6, tolerance=0.05)
    mixed = tuple(x @ np.array(own) for own, x in zip(found.policies, found.mixture, strict=True))
    assert game.regret(mixed) < 0.2
    assert found.regrets[0].max() > 0.5


def test_policies_that_cannot_be_compared():
    """Arrays as policies: no two are taken for the same, and the search ends by what replies gain."""
    game = om.games.RockPaperScissors()
    payoffs = game.dense().payoffs

    def reply(player, pools, mixture):
        other = mixture[1 - player] @ np.array(pools[1 - player])
        gains = payoffs[..., 0] @ other if player == 0 else other @ payoffs[..., 1]
        return np.eye(3)[gains.argmax()]

    oracle = Oracle(
        ("a", "b"), reply, lambda p: np.einsum("i,ijk,j->k", p[0], payoffs, p[1]), ([np.eye(3)[0]],) * 2, True
    )
    found = double_oracle(oracle)
    assert (found.status, len(found.policies[0])) == ("complete", 3)
    assert found.mixture[0] == pytest.approx(np.full(3, 1 / 3), abs=1e-9)


def test_out_of_rounds_or_time_says_what_is_left():
    game = zero_sum(np.random.default_rng(0).normal(size=(30, 30)))
    few = double_oracle(game, rounds=3)
    assert (few.status, few.regrets.shape) == ("partial", (3, 2))
    assert "rounds or the time are up" in few.note
    assert few.regret == pytest.approx(game.regret(few.points[0]), abs=1e-12)
    assert double_oracle(game, seconds=0).status == "timed out"


def test_what_is_refused():
    game = om.games.RockPaperScissors()
    with pytest.raises(InputError, match="0 rounds"):
        double_oracle(game, rounds=0)
    with pytest.raises(UnknownName, match="meta-solver"):
        double_oracle(game, "nsah")
    with pytest.raises(InputError, match="1 lists of first policies"):
        double_oracle(Oracle(("a", "b"), lambda *_: 0, lambda _: [0, 0], ([0],)))
    with pytest.raises(InputError, match="finite payoffs"):
        double_oracle(Oracle(("a", "b"), lambda *_: 0, lambda _: [0, np.nan], ([0], [0])))
