"""Correlated equilibria, against published values and a linear program written out by hand for another solver."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import correlated, pure_equilibria, vertex_enumeration
from ostrom.solvers._generate import maximise

ENDS = [(coarse, worst) for coarse in (False, True) for worst in (False, True)]
TABLES = st.sampled_from([(2, 2), (3, 3), (2, 3), (2, 2, 2), (2, 3, 2)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-5, 5))
)
CHICKEN = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]])
SHAPLEY = NormalForm(np.stack([np.eye(3), np.roll(np.eye(3), 1, axis=1)], axis=-1))


def total(utilities):
    return utilities.sum(axis=-1)


def by_hand(table, coarse, worst):
    """The value of mean welfare from scipy's solver, with every incentive written as a loop over joint moves."""
    profiles = list(itertools.product(*map(range, table.shape[:-1])))
    rows = []
    for i, size in enumerate(table.shape[:-1]):
        for wanted, told in itertools.product(range(size), [None] if coarse else range(size)):
            row = []
            for a in profiles:
                changed = (*a[:i], wanted, *a[i + 1 :])
                row.append(table[changed][i] - table[a][i] if told in (None, a[i]) else 0)
            rows.append(row)
    welfare = np.array([table[a].mean() for a in profiles])
    sign = 1 if worst else -1
    answer = linprog(sign * welfare, rows, np.zeros(len(rows)), np.ones((1, len(profiles))), [1.0], bounds=(0, 1))
    assert answer.status == 0
    return sign * answer.fun


@pytest.mark.parametrize(("coarse", "worst"), ENDS)
@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (3, 3, 3), (2, 2, 2, 2), (2, 3, 2, 2)])
def test_another_solver_finds_the_same_value(shape, coarse, worst):
    table = np.random.default_rng(shape).random((*shape, len(shape)))
    answer = correlated(NormalForm(table), coarse=coarse, worst=worst)
    assert answer.status == "complete"
    assert answer.value == pytest.approx(by_hand(table, coarse, worst), abs=1e-6)
    assert answer.bound == pytest.approx(answer.value, abs=1e-9)
    assert answer.violation <= 1e-9
    assert answer.joint.sum() == pytest.approx(1)
    assert answer.joint.min() >= 0


@pytest.mark.parametrize("worst", [False, True])
def test_another_solver_agrees_where_joint_moves_are_many(worst):
    table = np.random.default_rng(3).random((3,) * 7 + (7,))
    answer = correlated(NormalForm(table), worst=worst)
    assert answer.status == "complete"
    assert answer.value == pytest.approx(by_hand(table, False, worst), abs=1e-6)
    assert answer.violation <= 1e-9


@pytest.mark.parametrize("steps", [1, 400])
@settings(max_examples=20)
@given(table=TABLES, coarse=st.booleans(), worst=st.booleans())
def test_column_by_column_comes_to_the_same(table, coarse, worst, steps):
    """From two joint moves on, and also when it is given up after one step of the simplex method."""
    game = NormalForm(table)
    at_once = correlated(game, coarse=coarse, worst=worst)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(maximise.__globals__, "FEW", 0)
        patch.setitem(maximise.__globals__, "FIRST", 1)
        patch.setitem(maximise.__globals__, "STEPS", {False: steps, True: steps})
        grown = correlated(game, coarse=coarse, worst=worst)
    assert (grown.status, at_once.status) == ("complete", "complete")
    assert grown.value == pytest.approx(at_once.value, abs=1e-6)
    assert grown.violation <= 1e-6


def test_chicken_as_aumann_has_it():
    best, worst = correlated(CHICKEN, total), correlated(CHICKEN, total, worst=True)
    assert best.value == pytest.approx(21 / 2)
    assert best.joint == pytest.approx(np.array([[1 / 2, 1 / 4], [1 / 4, 0]]))
    assert worst.value == pytest.approx(36 / 5)
    assert worst.joint == pytest.approx(np.array([[0, 2 / 5], [2 / 5, 1 / 5]]))


def test_shapleys_game_reaches_one():
    assert correlated(SHAPLEY, total).value == pytest.approx(1)
    uniform = vertex_enumeration(SHAPLEY).points[0]
    assert SHAPLEY.expected_payoffs(uniform).sum() == pytest.approx(2 / 3)


@settings(max_examples=30)
@given(TABLES)
def test_the_sets_are_nested(table):
    """Nash within correlated within coarse correlated, so their ends are in order."""
    game = NormalForm(table)
    value = {(coarse, worst): correlated(game, coarse=coarse, worst=worst).value for coarse, worst in ENDS}
    nash = [game.expected_payoffs(point).mean() for point in pure_equilibria(game).points]
    if table.ndim == 3:
        nash = [game.expected_payoffs(point).mean() for point in vertex_enumeration(game).points]
    for welfare in nash:
        assert value[False, True] - 1e-6 <= welfare <= value[False, False] + 1e-6
    assert value[True, True] - 1e-6 <= value[False, True]
    assert value[False, False] <= value[True, False] + 1e-6


@settings(max_examples=30)
@given(TABLES, st.booleans(), st.booleans(), st.integers(-9, 9), st.randoms(use_true_random=False))
def test_names_and_constants_change_nothing(table, coarse, worst, constant, random):
    value = correlated(NormalForm(table), coarse=coarse, worst=worst).value
    order = random.sample(range(table.ndim - 1), table.ndim - 1)
    renamed = np.transpose(table, (*order, table.ndim - 1))[..., order]
    assert correlated(NormalForm(renamed), coarse=coarse, worst=worst).value == pytest.approx(value, abs=1e-6)
    shifted = table.copy()
    shifted[..., 0] += constant
    moved = correlated(NormalForm(shifted), coarse=coarse, worst=worst).value
    assert moved == pytest.approx(value + constant / (table.ndim - 1), abs=1e-6)


@pytest.mark.parametrize(("coarse", "worst"), ENDS)
def test_the_prices_prove_the_bound(coarse, worst):
    """Weak duality, written out: welfare minus the priced incentives is nowhere better than the bound."""
    answer = correlated(CHICKEN, total, coarse=coarse, worst=worst)
    welfare, priced = CHICKEN.payoffs.sum(-1), np.zeros((2, 2))
    prices = answer.prices.reshape(2, -1, 2)  # player, recommended (one row of all when coarse), alternative
    for i, told, wanted in itertools.product(range(2), range(prices.shape[1]), range(2)):
        for a in np.ndindex(2, 2):
            changed = (wanted, a[1]) if i == 0 else (a[0], wanted)
            if coarse or a[i] == told:
                gain = (CHICKEN.payoffs[changed][i] - CHICKEN.payoffs[a][i]) / 7  # in shares of the payoff range
                priced[a] += prices[i, told, wanted] * gain
    proved = (welfare + priced).min() if worst else (welfare - priced).max()
    assert proved == pytest.approx(answer.bound)
    assert proved == pytest.approx(answer.value)


def test_welfare_counts_bystanders_and_takes_any_form():
    game = NormalForm(CHICKEN.payoffs, bystanders=("pond",), bystander_payoffs=[[[0], [0]], [[0], [30]]])
    assert correlated(game).value == pytest.approx((36 / 5 + 30 / 5) / 3)
    assert correlated(game, [1, 1, 0]).value == pytest.approx(21 / 4)
    assert correlated(game, lambda u: u[..., 2]).value == pytest.approx(6)
    assert correlated(CHICKEN, "egalitarian").value == pytest.approx(4)
    with pytest.raises(InputError, match="one number per outcome"):
        correlated(game, lambda u: u)


@pytest.mark.parametrize("size", [20, 40])
def test_out_of_time_is_a_status(size):
    game = NormalForm(np.random.default_rng(0).random((size, size, 2)))
    answer = correlated(game, seconds=0)
    assert (answer.status, answer.joint) == ("timed out", None)
    assert answer.bound == np.inf
    assert correlated(game, seconds=0, worst=True).bound == -np.inf


def test_a_bound_that_does_not_confirm_the_value_makes_it_partial():
    claims = np.arange(2, 81)
    mine, yours = claims[:, None], claims[None, :]
    row = np.where(mine == yours, mine, np.minimum(mine, yours) + 2 * np.sign(yours - mine))
    answer = correlated(NormalForm(np.stack([row, row.T], axis=-1)))
    assert answer.value == pytest.approx(2)
    assert (answer.status, answer.bound > 3) == ("partial", True)


def test_a_program_that_would_not_fit_is_refused(monkeypatch):
    monkeypatch.setitem(correlated.__globals__, "ENTRIES", 15)
    with pytest.raises(TooLarge, match="16 entries"):
        correlated(CHICKEN)
