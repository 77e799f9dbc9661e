"""Prosocial: the published selfishness levels, identical interests at one half, and nothing at nought."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.prosocial import Prosocial
from ostrom.institutions.tax import Tax
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
TABLES = st.lists(st.integers(-5, 5), min_size=24, max_size=24).map(
    lambda values: NormalForm(np.reshape(values, (2, 2, 2, 3)), moves=("C", "D"))
)


def test_it_keeps_what_it_declares_on_every_carrier():
    report = check_institution(Prosocial(0.3))
    assert "Governed" in report.carriers["table"]
    assert "GovernedCounts" in report.carriers["counts"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


def gains(game, weight, place):
    """The largest gain from leaving a joint move alone, with the players as they then are."""
    governed = game.under(Prosocial(weight))
    return float(np.max(governed.regret(governed.pure(place))))


def test_two_fifths_are_enough_in_the_dilemma():
    assert gains(PD, 0.4 - 1e-6, (0, 0)) > 0
    assert gains(PD, 0.4, (0, 0)) <= 1e-12
    assert gains(PD, 0.0, (0, 0)) == 2


@pytest.mark.parametrize("players", [2, 3, 4])
def test_the_published_level_of_the_dilemma_of_many(players):
    """Apt and Schäfer (2014): u_i = 1 - d_i + 2 sum of cooperating others has the selfishness level 1 / (2n - 3)."""
    cooperate = 1 - np.moveaxis(np.indices((2,) * players), 0, -1)
    game = NormalForm(cooperate * -1 + 2 * (cooperate.sum(-1, keepdims=True) - cooperate) + 1, moves=("C", "D"))
    level = Fraction(1, 2 * players - 3)
    weight = float(level / (1 + 2 * level))
    assert gains(game, weight - 1e-6, (0,) * players) > 0
    assert gains(game, weight, (0,) * players) <= 1e-12


@given(TABLES)
def test_the_smallest_weight_for_a_welfare_optimum_is_the_closed_form(game):
    """max over profitable deviations of gap / (gap + what the others lose); from there to 1/2 it stays stable."""
    total, needed = game.payoffs.sum(-1), 0.0
    place = tuple(int(k) for k in np.unravel_index(np.argmax(total), total.shape))
    for seat in range(3):
        away = tuple(1 - move if i == seat else move for i, move in enumerate(place))
        gap = float(game.payoffs[away][seat] - game.payoffs[place][seat])
        if gap > 0:
            needed = max(needed, gap / (2 * gap + float(total[place] - total[away])))
    for weight in (needed, (needed + 0.5) / 2, 0.5):
        assert gains(game, weight, place) <= 1e-9
    assert needed == 0 or gains(game, needed - 1e-6, place) > 0


@given(TABLES)
def test_selfish_at_nought_alike_at_one_half_and_for_the_others_at_one(game):
    total = game.payoffs.sum(-1, keepdims=True)
    assert np.array_equal(game.under(Prosocial(0.0)).payoffs, game.payoffs)
    assert np.allclose(game.under(Prosocial(0.5)).payoffs, np.broadcast_to(total / 2, game.payoffs.shape))
    assert np.allclose(game.under(Prosocial(1.0)).payoffs, total - game.payoffs)


def test_players_care_for_what_the_others_are_left_with():
    governed = PD.under(Tax("D", 2.0), Prosocial(0.25))
    assert governed.payoffs[1, 0].tolist() == [0.75 * 3, 0.25 * 3]


def test_a_world_pays_as_the_table(same_in_a_world):
    same_in_a_world(PD, Prosocial(0.3))


def test_who_is_absent_does_not_count():
    session = Session(PD, [Prosocial(0.5)], rounds=2)
    session.leave(1)
    session.lapse()
    session.submit(0, {"act": "D"})
    assert session.totals.tolist() == [3 + 2.5, 3]


def test_the_gradient_goes_through_the_weight():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.matrix import MatrixWorld

    key = np.zeros(2, np.uint32)

    def second(weight):
        world = MatrixWorld.of(PD).under(Prosocial(weight))
        return world.step(key, world.reset(key), {"act": np.array([0, 1], np.int32)})[1][1]

    assert float(jax.grad(second)(0.3)) == -5


def test_what_it_says_of_itself():
    rule = Prosocial(0.4)
    assert (rule.kind, rule.formal, rule.central, rule.budget) == ("motivational", False, False, None)
    for weight in (-0.1, 1.1):
        with pytest.raises(InputError, match="out of range"):
            Prosocial(weight)
