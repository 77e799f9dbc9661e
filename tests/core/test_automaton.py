"""Automata: what they are made of, how they tremble, and what is refused."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.automaton import Automaton, trembled
from ostrom.core.errors import InputError, TooLarge

few = settings(max_examples=30, deadline=None)
odds = st.floats(0, 1)
TFT = Automaton.pure([0, 1], [[0, 1], [0, 1]], name="tit for tat")


def played(automaton, moves):
    """States after joint moves, own first, walked one by one."""
    state = automaton.start
    for joint in moves:
        state = automaton.table[(state, *joint)]
    return int(state)


def test_tit_for_tat_does_what_the_other_did():
    for history in product(product((0, 1), repeat=2), repeat=3):
        assert TFT.odds[played(TFT, history)].argmax() == history[-1][1]
    assert TFT.odds[TFT.start].tolist() == [1, 0]
    assert (TFT.states, TFT.sizes, TFT.is_pure) == (2, (2, 2), True)


@few
@given(st.lists(odds, min_size=5, max_size=5))
def test_memory_one_goes_by_the_last_joint_move(p):
    one = Automaton.memory_one(*p[:4], first=p[4])
    assert one.memory_one_odds() == pytest.approx(p[:4])
    assert one.odds[one.start, 0] == p[4]
    for before, (own, other) in product(product((0, 1), repeat=2), product((0, 1), repeat=2)):
        assert one.odds[played(one, [before, (own, other)]), 0] == p[2 * own + other]


def test_memory_one_is_recognised_in_any_form_and_nothing_else_is():
    assert TFT.memory_one_odds().tolist() == [1, 0, 1, 0]
    pavlov = Automaton([[1, 0], [0, 1]], [[[0, 1], [1, 0]], [[0, 1], [1, 0]]])
    assert pavlov.memory_one_odds().tolist() == [1, 0, 0, 1]
    two_tats = Automaton.pure([0, 0, 1], [[0, 1], [0, 2], [0, 2]])
    assert two_tats.memory_one_odds() is None
    assert Automaton.pure([0, 1, 2], [[0, 1, 2]] * 3).memory_one_odds() is None
    late = Automaton.pure([0, 0, 1], [[1, 1], [1, 2], [1, 2]])  # the first move of the other does not count
    assert late.memory_one_odds() is None


@pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (2, 2, 3)])
def test_memory_n_asks_the_rule_for_what_was_done_last(sizes):
    rng, asked = np.random.default_rng(0), {}

    def rule(history):
        return asked.setdefault(history, rng.dirichlet(np.ones(sizes[0])))

    one = Automaton.memory_n(2, rule, sizes=sizes)
    steps = list(product(*map(range, sizes)))
    assert one.states == len(asked) == 1 + len(steps) + len(steps) ** 2
    for _ in range(50):
        history = tuple(steps[k] for k in rng.integers(len(steps), size=rng.integers(0, 5)))
        assert one.odds[played(one, history)] == pytest.approx(asked[history[-2:]])
    assert Automaton.memory_n(0, lambda past: 0.3).odds.tolist() == [[0.3, 0.7]]


@few
@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=5), odds)
def test_slips_keep_odds_and_go_evenly_to_other_moves(weights, noise):
    p = np.array(weights) / sum(weights)
    slipped = trembled(p, noise)
    by_hand = [
        (1 - noise) * p[a] + sum(noise * p[b] / (len(p) - 1) for b in range(len(p)) if b != a) for a in range(len(p))
    ]
    assert slipped == pytest.approx(by_hand)
    assert slipped.sum() == pytest.approx(1)


def test_two_moves_slip_as_in_the_papers():
    one = Automaton.memory_one(1, 1 / 3, 1, 0).noisy(0.01)
    assert one.odds[:4, 0] == pytest.approx([(1 - 0.02) * p + 0.01 for p in (1, 1 / 3, 1, 0)])
    assert one.table.tolist() == Automaton.memory_one(1, 1 / 3, 1, 0).table.tolist()


def test_it_is_a_value():
    again = eval(repr(TFT))
    assert again == TFT
    assert hash(again) == hash(TFT)
    assert TFT.noisy(0.1) != TFT
    assert repr(Automaton.memory_n(3, lambda past: 1.0, name="nice")) == "<Automaton nice: 85 states, moves (2, 2)>"
    with pytest.raises(ValueError, match="read-only"):
        TFT.odds[0, 0] = 0.5


@pytest.mark.parametrize(
    ("made", "match"),
    [
        (lambda: Automaton([[0.5, 0.4]], [[[0, 0], [0, 0]]], name="bad"), r"In state 0, automaton 'bad' has odds"),
        (lambda: Automaton([[1.5, -0.5]], [[[0, 0], [0, 0]]]), r"has odds \[1\.5, -0\.5\]"),
        (lambda: Automaton([[np.nan, 1.0]], [[[0, 0], [0, 0]]]), "nan"),
        (lambda: Automaton([[1, 0]], [[[0, 1], [0, 0]]]), "goes to state 1 and has 1 states"),
        (lambda: Automaton([[1, 0]], [[[0, 0], [0, 0]]], start=-1), "goes to state -1"),
        (lambda: Automaton([[1, 0]], [[0, 0]]), r"next states of shape \(1, 2\)"),
        (lambda: Automaton([[1, 0]], [[[0, 0], [0]]]), "no.* table of whole numbers"),
        (lambda: Automaton([[1, 0]], [[[0.0, 0], [0, 0]]]), "no.* table of whole numbers"),
        (lambda: Automaton.pure([0, 2], [[0, 1], [0, 1]]), "a move from 0 to 1"),
        (lambda: Automaton.memory_one(1, 0, 1, 1.2), "odds"),
        (lambda: TFT.noisy(-0.1), "Noise of -0.1"),
    ],
)
def test_what_is_no_automaton_is_refused(made, match):
    with pytest.raises(InputError, match=match):
        made()


def test_a_memory_that_does_not_fit_is_refused_before_it_is_built():
    with pytest.raises(TooLarge, match="A memory of 9 rounds"):
        Automaton.memory_n(9, lambda past: pytest.fail("asked"))
    with pytest.raises(TooLarge, match="A memory of 1000000000 rounds"):
        Automaton.memory_n(10**9, lambda past: pytest.fail("asked"))
