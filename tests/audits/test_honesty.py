"""What leaving a protocol brings: against brute force over strategies, and against the game with everybody free."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.honesty import honesty
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.protocol import Protocol, Step
from ostrom.protocols import Broadcast, CommitReveal, ContractNet, Escrow, HashChain, SamplingAudit

SHIPPED = [
    CommitReveal(bond=0.3),
    CommitReveal(hiding=False, binding=False),
    ContractNet(bond=0.5),
    Escrow(bond=1.0),
    Escrow(agent=False),
    SamplingAudit(inspector=True, claimants=1, odds=0.1),
    HashChain(entries=1, chained=False),
    Broadcast(receivers=1, tries=1, prize=1.0),
]


@pytest.mark.parametrize("protocol", SHIPPED, ids=lambda p: type(p).__name__)
def test_one_game_with_everybody_free_says_the_same(protocol):
    game, honest = protocol.play()
    assert game.perfect_recall
    found = honesty(protocol)
    assert list(found.gains.values()) == pytest.approx(game.gains(honest).tolist(), abs=1e-9)
    assert list(found.value.values()) == pytest.approx(game.value(honest).tolist())


@pytest.mark.parametrize("protocol", SHIPPED, ids=lambda p: type(p).__name__)
def test_the_witness_replays(protocol):
    found = honesty(protocol)
    for claim in found.claims:
        if claim.witness:
            who = tuple(claim.witness["who"])
            state = protocol.follow(claim.witness["trace"])
            paid = dict(zip(protocol.parties, protocol.pays(state), strict=True))
            assert sum(paid[party] for party in who) == pytest.approx(claim.witness["paid there"])
            game, honest = protocol.play([who])
            told = [dict(zip(i.moves, odds, strict=True)) for i, odds in zip(game.infosets, honest, strict=True)]
            plan = {(game.players[0], i.label): odds for i, odds in zip(game.infosets, told, strict=True)}
            plan |= {(game.players[0], label): move for label, move in claim.witness["plan"].items()}
            gain = game.value(game.behaviour(plan))[0] - game.value(honest)[0]
            assert gain == pytest.approx(claim.witness["gain"])


class Guess(Protocol):
    """Chance draws one of several, a party is told something of it and guesses, twice."""

    table: Any = ()
    signal: Any = ()
    odds: Any = ()

    @property
    def parties(self):
        return ("guesser", "other")

    def start(self):
        return ()

    def events(self, state):
        if not state:
            return [Step("nature", f"draw {k}", (k,), odds=p) for k, p in enumerate(self.odds)]
        if len(state) < 3:
            kinds = ("honest", "lie")
            return [Step("guesser", f"say {k}", (*state, k), kinds[k]) for k in range(2)]
        return []

    def sees(self, state, party):
        return self.signal[state[0]]

    def pays(self, state):
        return (self.table[state[0]][state[1] * 2 + state[2]] if len(state) == 3 else 0, 0)


@settings(max_examples=30, deadline=None)
@given(data=st.data(), draws=st.integers(1, 4))
def test_a_best_reply_is_the_best_of_all_strategies(data, draws):
    """Strategies: for each signal a first guess, and a second after it; tried out one by one."""
    whole = st.integers(-3, 3)
    table = tuple(tuple(data.draw(whole) for _ in range(4)) for _ in range(draws))
    signal = tuple(data.draw(st.integers(0, 1)) for _ in range(draws))
    weights = [data.draw(st.integers(1, 4)) for _ in range(draws)]
    odds = tuple(weight / sum(weights) for weight in weights)
    pairs = list(product(range(4), repeat=2))
    values = [sum(p * row[plan[s]] for p, row, s in zip(odds, table, signal, strict=True)) for plan in pairs]
    found = honesty(Guess(table=table, signal=signal, odds=odds))
    assert found.value["guesser"] == pytest.approx(values[0])
    assert found.gains[("guesser",)] == pytest.approx(max(values) - values[0], abs=1e-7)
    assert found.gains[("other",)] == 0


@settings(max_examples=15, deadline=None)
@given(bond=st.floats(0, 2), stake=st.floats(0, 2))
def test_more_ways_to_leave_never_gain_less(bond, stake):
    protocol = CommitReveal(bond=bond, stake=stake, binding=False)
    few, many = honesty(protocol, kinds=("abort",)).gains, honesty(protocol).gains
    assert all(many[group] >= few[group] - 1e-9 for group in few)
    assert all(gain >= 0 for gain in many.values())


def test_who_goes_first_may_be_a_matter_of_chance():
    """With even odds each of two is the last to reveal half of the time: the gain (1 - 0.5) / 2 is split."""
    found = honesty(CommitReveal(bond=0.5), schedule="even")
    assert list(found.gains.values()) == pytest.approx([0.125, 0.125])


def test_numbers_that_are_whole_stay_exact():
    game, _ = SamplingAudit(odds=1.0, gain=1.0, penalty=3.0).play()
    assert np.array_equal(np.unique(game.paid[:, 0]), [-3.0, 0.0])


class Blind(Guess):
    """What is prescribed rests on what its party does not see."""

    def events(self, state):
        steps = super().events(state)
        swap = state and state[0] == 1
        kinds = ("lie", "honest") if swap else ("honest", "lie")
        return [step._replace(kind=kind) for step, kind in zip(steps, kinds, strict=True)] if state and steps else steps


def test_what_cannot_be_followed_is_refused():
    with pytest.raises(InputError, match="is told to do"):
        Blind(table=((0,) * 4,) * 2, signal=(0, 0), odds=(0.5, 0.5)).play()
    with pytest.raises(InputError, match="odds"):
        Guess(table=((0,) * 4,) * 2, signal=(0, 0), odds=(0.9, 0.5)).play()


def test_groups_have_to_be_there():
    for wrong in (0, 3, True):
        with pytest.raises(InputError):
            honesty(Escrow(agent=False), wrong)
    with pytest.raises(UnknownName, match="banker"):
        Escrow().play([("banker",)])
    with pytest.raises(InputError, match="and somebody"):
        Escrow().play([])
    with pytest.raises(UnknownName, match="schedule"):
        Escrow().play(schedule="alphabetical")  # type: ignore[arg-type]
