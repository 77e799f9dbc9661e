from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom.core.errors import InputError
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.games import BeerQuiche, Chicken, KuhnPoker, LeducPoker
from ostrom.solvers import sequence_form


def hidden(rng, whole=True):
    """Chance draws what only the first player sees; the second answers without knowing it."""

    def pays():
        won = int(rng.integers(-5, 6)) if whole else float(rng.normal())
        return End(pays=(won, -won))

    def answer(move):
        return Choice("b", {m: pays() for m in "xyz"[: 2 + len(move) % 2]}, sees=f"after {move}")

    def choose(card):
        return Choice("a", {m: answer(m) for m in ("l", "rr")}, sees=card)

    return ExtensiveForm(Chance({card: (Fraction(1, 3), choose(card)) for card in "JQK"}), players=("a", "b"))


def table_value(game):
    """Maximin of the strategic form by SciPy."""
    table = game.dense().payoffs[..., 0]
    rows, columns = table.shape
    answer = linprog(
        np.r_[np.zeros(rows), -1],
        A_ub=np.c_[-table.T, np.ones(columns)],
        b_ub=np.zeros(columns),
        A_eq=[np.r_[np.ones(rows), 0]],
        b_eq=[1],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    return -answer.fun


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_the_value_is_that_of_the_strategic_form(seed, whole):
    game = hidden(np.random.default_rng(seed), whole)
    found = sequence_form(game)
    assert found.status == "complete"
    assert found.value == pytest.approx(table_value(game), abs=1e-8)
    assert found.regret < 1e-8
    if whole:
        assert found.low <= found.high
        assert float(found.low) - 1e-4 <= found.value <= float(found.high) + 1e-4
    else:
        assert found.low is None


def test_kuhn_poker_exactly():
    found = sequence_form(KuhnPoker())
    assert found.exact == KuhnPoker.reference["value"] == Fraction(-1, 18)


def test_leduc_poker_between_rational_bounds():
    found = sequence_form(LeducPoker())
    assert found.value == pytest.approx(LeducPoker.reference["value"], abs=1e-4)
    assert found.low <= found.high
    assert float(found.high - found.low) < 1e-5
    assert found.regret < 1e-12


def test_a_constant_sum_counts_as_opposed():
    game = ExtensiveForm(Choice("a", {"l": End(pays=(3, 7)), "r": End(pays=(4, 6))}), players=("a", "b"))
    found = sequence_form(game)
    assert (found.value, found.exact) == (4.0, Fraction(4))


@pytest.mark.parametrize("game", [BeerQuiche(), Chicken(), ExtensiveForm(End(pays=[1]), players=("a",))])
def test_other_games_are_refused(game):
    with pytest.raises(InputError):
        sequence_form(game)


@pytest.mark.parametrize("size", [1e-300, 1e-12, 1e15, 1e99])
def test_payoffs_of_any_size_will_do(size):
    late = Choice("b", {"l": End(pays=(size, -size)), "r": End(pays=(size / 2, -size / 2))})
    game = ExtensiveForm(Choice("a", {"x": End(pays=(-size, size)), "y": late}), players=("a", "b"))
    assert sequence_form(game).value == pytest.approx(size / 2, abs=0)
