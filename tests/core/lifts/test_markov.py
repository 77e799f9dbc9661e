"""Equilibria in what rules remember, against best replies over all strategies and a list of all pure profiles."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import CarrierError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.lifts.markov import MarkovPerfect, conditional_dominance, markov_perfect, reached
from ostrom.institutions.advice import Advice
from ostrom.institutions.contract import Contract
from ostrom.institutions.graduated_sanctions import GraduatedSanctions
from ostrom.institutions.mistakes import Mistakes
from ostrom.institutions.reputation import Reputation

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
LABELS = ("C", "D")


def welfare(state, outcome):
    return sum(outcome.payoffs)


def following(game, pairs):
    """The strategies that play a pair of labels by what is remembered: written from what seats see, not from states."""
    table = {
        tuple(np.asarray(plays.records[0]["good"]).tolist()): pair
        for plays, pair in zip(game.states, pairs, strict=True)
    }
    return [lambda look, seat=seat: {"act": table[tuple(look.sees["standing"])][seat]} for seat in range(2)]


@given(
    st.lists(st.integers(-3, 6), min_size=8, max_size=8),
    st.sampled_from(["GBBG", "GBGG", "GBGB", "GBBB"]),
    st.sampled_from([0.2, 0.7, 0.95]),
    st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_nobody_gains_by_any_strategy_where_one_is_found(numbers, norm, discount, noisy):
    base = NormalForm(np.array(numbers, float).reshape(2, 2, 2), moves=LABELS)
    rule = Mistakes(Reputation(norm=norm), 0.1) if noisy else Reputation(norm=norm)
    game = base.repeated(discount).under(rule)
    found = markov_perfect(game, welfare, start=6.0)
    if isinstance(found, MarkovPerfect):
        pairs = [tuple(label for _, label in outcome.path[0]) for outcome in found.outcomes]
        played = following(game, pairs)
        assert game.gains(played).max() <= 1e-7
        assert np.allclose(game.value(played), found.value)


@pytest.mark.parametrize("discount", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("norm", ["GBBG", "GBGB"])
def test_no_equilibrium_lies_outside_what_is_left(norm, discount):
    """Of all 256 pure profiles in four standings those that nobody gains by leaving are inside, with their values."""
    game = PD.repeated(discount).under(Reputation(norm=norm))
    left, equilibria = conditional_dominance(game), 0
    for pairs in product(product(LABELS, LABELS), repeat=len(game.states)):
        played = following(game, pairs)
        if game.gains(played).max() <= 1e-9:
            equilibria += 1
            value = game.value(played)
            assert (value <= left.high + 1e-6).all()
            assert (value >= left.low - 1e-6).all()
            for kept, pair in zip(left.kept, pairs, strict=True):
                assert all(own[LABELS.index(label)] for own, label in zip(kept, pair, strict=True))
    assert equilibria


def test_what_is_struck_out_alone_leaves_one():
    """Fines above every gain: nothing but C is left at any state, and the value is 3 exactly."""
    game = PD.repeated(0.1).under(GraduatedSanctions("D", fines=(2.5, 4.0)))
    left = conditional_dominance(game)
    assert all(own.tolist() == [True, False] for kept in left.kept for own in kept)
    assert np.allclose(left.low[0], 3.0, atol=1e-6)
    assert np.allclose(left.high[0], 3.0, atol=1e-6)


def test_a_start_decides_where_the_search_settles():
    """Stern judging has a cooperative equilibrium from δ = 2/3 on: 5(1 - δ) + 3δ² ≤ 3; all D is always one."""
    for discount, holds in ((0.66, False), (0.67, True)):
        game = PD.repeated(discount).under(Reputation(norm="GBBG"))
        start = np.where(np.arange(len(game.states))[:, None] == 0, 5.0, 0.0)
        found = [markov_perfect(game, welfare, one) for one in (start, 0.0)]
        values = [float(one.value[0, 0]) for one in found if isinstance(one, MarkovPerfect)]
        assert min(values) == pytest.approx(1.0)
        assert (max(values) == pytest.approx(3.0)) is holds


def test_rounds_in_stages_are_solved_by_backward_induction():
    game = PD.repeated(0.9).under(Contract("C", 2.5))
    found = markov_perfect(game, welfare)
    assert isinstance(found, MarkovPerfect)
    assert found.value[0] == pytest.approx([3.0, 3.0])
    assert found.outcomes[0].path[0] == (("sign", "yes"), ("sign", "yes"))
    assert 0 < reached(game, found.outcomes).sum() <= len(game.states)
    with pytest.raises(CarrierError, match="several stages"):
        conditional_dominance(game)


def test_private_views_have_no_subgames():
    whispered = Advice(((("C", "C"), 0.5), (("C", "D"), 0.25), (("D", "C"), 0.25)))
    with pytest.raises(CarrierError, match="know different things"):
        markov_perfect(PD.repeated(0.5).under(whispered), welfare)


def test_a_game_without_pure_equilibrium_says_so():
    pennies = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], moves=("H", "T"))
    assert "no equilibrium in pure play" in markov_perfect(pennies.repeated(0.5), welfare)
