"""Consequences: who gets what where, and cartels that would take from bystanders."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.consequences import consequences

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
BOTH_DEFECT = [[0, 0], [0, 1]]


def with_buyers(*, kept):
    """Two sellers who gain by high prices what their buyers lose (`kept` < 0), or who please them as well."""
    buyers = [[[0], [3]], [[3], [16]]] if kept < 0 else [[[16], [3]], [[3], [0]]]
    return NormalForm(PD.payoffs, moves=("high", "low"), bystanders=["buyers"], bystander_payoffs=buyers)


def test_everybody_gets_what_the_table_says():
    found = consequences(with_buyers(kept=-1), BOTH_DEFECT, {"best equilibrium": (1, 1, 16)})
    assert found.utilities == {
        "played": (1, 1, 16),
        "best equilibrium": (1, 1, 16),
        "optimum": (1, 1, 16),
        "players as one": (3, 3, 0),
    }
    assert found.welfare["played"] == 6


def test_a_cartel_is_warned_of():
    found = consequences(with_buyers(kept=-1), BOTH_DEFECT)
    assert found.cartel == ("buyers",)
    said = found.findings[-1]
    assert "each would gain 2 on average by taking from buyers" in said.sentence
    assert said.numbers == {"gain per player": 2, "losses": {"buyers": 16}}


@pytest.mark.parametrize("game", [PD, with_buyers(kept=1)])
def test_no_cartel_is_seen_where_nobody_loses(game):
    found = consequences(game, BOTH_DEFECT)
    assert found.cartel == ()
    assert not any("acted as one" in finding.sentence for finding in found.findings)


def test_one_sentence_for_all_to_whom_it_is_the_same():
    assert [f.sentence for f in consequences(PD, BOTH_DEFECT, {"only equilibrium": (1, 1)}).findings] == [
        "Every player gets 1 as things are and 3 at the optimum."
    ]
    apart = consequences(PD, [[0, 1], [0, 0]], {"only equilibrium": (1, 1)})
    assert [f.sentence for f in apart.findings] == [
        "For player 1 it is 0 as things are, 1 at the only equilibrium and 3 at the optimum.",
        "For player 2 it is 5 as things are, 1 at the only equilibrium and 3 at the optimum.",
    ]


def test_many_who_differ_are_not_told_one_by_one():
    game = NormalForm(np.arange(2**10 * 10).reshape(*(2,) * 10, 10))
    found = consequences(game, np.full(game.sizes, 1 / game.size))
    assert len(found.findings) == 1
    assert "see the table" in found.findings[0].sentence


def test_welfare_is_of_outcomes_and_utilities_are_averaged():
    lottery = [[0, 0.5], [0.5, 0]]
    found = consequences(Delegation(PD, welfare="egalitarian"), lottery)
    assert found.utilities["played"] == (2.5, 2.5)
    assert found.welfare["played"] == 0
    assert found.welfare["optimum"] == 3


@given(st.integers(0, 10_000))
def test_the_optimum_and_the_cartel_are_the_best_there_is(seed):
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.normal(size=(2, 3, 2)), bystanders=["a", "b"], bystander_payoffs=rng.normal(size=(2, 3, 2)))
    played = rng.dirichlet(np.ones(6)).reshape(2, 3)
    found = consequences(game, played)
    every = game.utilities_at(game.profiles())
    assert found.welfare["optimum"] == pytest.approx(every.mean(1).max())
    assert np.mean(found.utilities["players as one"][:2]) == pytest.approx(every[:, :2].mean(1).max())
    losses = np.array(found.utilities["players as one"])[2:] < np.array(found.utilities["played"])[2:]
    assert found.cartel == tuple(name for name, lost in zip(("a", "b"), losses, strict=True) if lost)
