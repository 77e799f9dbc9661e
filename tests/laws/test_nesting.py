"""Laws of nesting: agents in houses, houses in an agreement; paid alike on every carrier, and as counted by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import agents
from ostrom.core.agent import Policy
from ostrom.core.charter import Charter
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.lifts.govern import ground_of
from ostrom.core.lifts.plays import Plays
from ostrom.core.replay import replayed
from ostrom.core.society import Session
from ostrom.institutions import (
    Agreement,
    Contract,
    ElectedRegulator,
    Fines,
    GraduatedSanctions,
    Lapses,
    Referendum,
    Reputation,
    Tax,
    Vote,
    Within,
)

PLAYERS = ("ann", "bob", "cid", "dan")
NORTH, SOUTH = ("ann", "cid"), ("dan", "bob")
SEATS = {NORTH: (0, 2), SOUTH: (1, 3)}


def commons(seed=0):
    """Four players, two moves each, payoffs of no structure at all."""
    table = np.random.default_rng(seed).integers(-5, 6, (2, 2, 2, 2, 4)).astype(float)
    facts = [Fact.of_own_move("harvest", "fish", (1.0, 3.0))]
    return NormalForm(table, players=PLAYERS, moves=("C", "D"), facts=facts)


HOUSES = {
    "a vote": lambda house: Within(Vote("C"), house),
    "one vote is enough": lambda house: Within(Vote("D", 1), house),
    "a regulator": lambda house: Within(ElectedRegulator(Tax("D"), "rate", (0.0, 3.0)), house),
    "a referendum": lambda house: Within(Referendum(Tax("harvest", shared=True), "rate", (0.0, 1.0)), house),
    "fines that lapse": lambda house: Within(Lapses(Fines((("*", "D", 2.0),)), 0.4), house),
    "lapses of a house": lambda house: Lapses(Within(Fines((("*", "D", 2.0),)), house), 0.4),
    "strikes": lambda house: Within(GraduatedSanctions("D", fines=(1.0, 2.0), forgotten=2), house),
    "a contract": lambda house: Within(Contract("D", 1.0, each_round=True), house),
    "a house within": lambda house: Within(Within(Tax("D", 1.5), house[:1]), house),
}
TREATIES = {
    "contract": Contract("C", 3.0),
    "contract each round": Contract("C", 3.0, each_round=True),
    "agreement": Agreement(("C", "D", "C", "C"), np.array([1.0, -2.0, 0.5, 0.5]), np.array([1.0, 2.0, 3.0, 4.0])),
    "tax": Tax("D", 0.75, shared=True),
    "tax on a fact": Tax("harvest", 0.5),
    "reputation": Reputation(),
}


def charter(one, two, treaty, outermost):
    houses = HOUSES[one](NORTH), HOUSES[two](SOUTH)
    return (*houses, TREATIES[treaty]) if outermost else (TREATIES[treaty], *houses)


def played(game, rules, seed, rounds=3):
    """A live session of whatever is permitted, in any order."""
    rng, session = np.random.default_rng(seed), Session(game, rules, rounds=rounds, seed=seed)
    while not session.over:
        seat = session.waiting[rng.integers(len(session.waiting))]
        choices = session.look(seat).choices
        session.submit(seat, {part: labels[rng.integers(len(labels))] for part, labels in choices.items()})
    return session


def paid(session):
    """`float[rounds, P]`: what each seat was paid."""
    found = np.zeros((session.rounds, len(session.players)))
    for event in session.log:
        if event.channel == "paid":
            found[event.t, session.players.index(event.agent)] = event.payoff
    return found


def row_of(plays, session, time):
    """The complete play among the rows of a table that a live round was; what nobody was asked for is let be."""
    parts, same = session.charter.ground.parts, plays.legal.copy()
    for event in session.log:
        opening = any(part.name == event.channel for stage in session.charter.ground.opening for part in stage)
        if event.t == time and event.channel in parts and (not opening or event.channel in plays.moves):
            seat, part = session.players.index(event.agent), parts[event.channel]
            same &= plays.moves[event.channel][:, seat] == part.labels_of(seat).index(event.action)
        elif event.t == time and event.channel == "rolled":
            for layer, faces in enumerate(event.action):
                for name, face in faces.items():
                    same &= (plays.scene.luck[layer][name] == np.array(face)).all(-1)
    return int(np.flatnonzero(same)[0])


names = st.sampled_from(sorted(HOUSES))


@settings(max_examples=10, deadline=None)
@given(names, names, st.sampled_from(sorted(TREATIES)), st.booleans(), st.integers(0, 10_000))
def test_live_play_pays_what_the_table_says_and_what_its_log_says(one, two, treaty, outermost, seed):
    game, rules = commons(seed), charter(one, two, treaty, outermost)
    session = played(game, rules, seed)
    plays = Plays(game, Charter(ground_of(game), rules))
    assert plays.payoffs[row_of(plays, session, 0)] == pytest.approx(paid(session)[0])
    again = replayed(game, rules, session.log)
    assert [event.to_json() for event in again.log] == [event.to_json() for event in session.log]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_what_is_decided_inside_and_owed_outside_is_as_counted_by_hand(seed, outermost, treaty_of_all):
    """A house does C if both of it vote for it; who signed C and does something else pays 3 to the other three.

    A treaty inside the houses sees what they carry out, and one round them what each of their members has chosen.
    """
    game = commons(seed)
    treaty = TREATIES["contract each round"] if treaty_of_all else Tax("D", 0.75, shared=True)
    houses = Within(Vote("C"), NORTH), Within(Vote("C"), SOUTH)
    session = played(game, (*houses, treaty) if outermost else (treaty, *houses), seed)
    made = {(event.t, event.agent, event.channel): event.action for event in session.log if event.agent}
    for time, found in enumerate(paid(session)):
        chose = [made[time, name, "act"] for name in PLAYERS]
        done = list(chose)
        for house, seats in SEATS.items():
            ballots = [next(made[time, name, part] for part in ("vote", "vote2") if (time, name, part) in made)
                       for name in house]  # fmt: skip
            for seat in seats if ballots == ["yes", "yes"] else ():
                done[seat] = "C"
        expected = game.payoffs[tuple("CD".index(label) for label in done)].copy()
        seen, owed = chose if outermost else done, np.zeros(4)
        if treaty_of_all and all(made[time, name, "sign"] == "yes" for name in PLAYERS):
            owed = np.array([3.0 * (label != "C") for label in seen])
            expected += (owed.sum() - owed) / 3 - owed
        if not treaty_of_all:
            owed = np.array([0.75 * (label == "D") for label in seen])
            expected += owed.mean() - owed
        assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "two", "treaty", "outermost"),
    [
        ("a vote", "a vote", "tax", False),
        ("a vote", "fines that lapse", "tax", True),
        ("a house within", "a house within", "contract", True),
        ("strikes", "a house within", "tax on a fact", True),
        ("lapses of a house", "a house within", "reputation", False),
    ],
)
def test_the_states_of_a_repeated_game_pay_as_live_play_does(one, two, treaty, outermost):
    """Round after round, from the state that the round before led to."""
    rules = charter(one, two, treaty, outermost)
    for seed in range(2):
        session, state = played(commons(seed), rules, seed, rounds=4), 0
        again = commons(seed).repeated(0.9).under(*rules)
        for time, found in enumerate(paid(session)):
            row = row_of(again.states[state], session, time)
            assert again.states[state].payoffs[row] == pytest.approx(found)
            state = int(again.follow[state][row])


@pytest.mark.parametrize(
    ("one", "two", "treaty", "outermost"),
    [
        ("a vote", "a referendum", "contract", True),
        ("fines that lapse", "strikes", "agreement", False),
    ],
)
def test_compiled_worlds_pay_as_live_play_does(one, two, treaty, outermost):
    jax = pytest.importorskip("jax")
    from ostrom.core.seeds import fold, words
    from ostrom.core.world import STEP
    from ostrom.testing._world_run import _moves
    from ostrom.worlds import MatrixWorld

    game, rules = commons(), charter(one, two, treaty, outermost)
    world = MatrixWorld.of(game, 3).under(*rules)
    step = jax.jit(world.step)
    for seed in range(3):
        session, key = played(game, rules, seed), np.array(words(seed), np.uint32)
        state, got, number = world.reset(key), np.zeros((3, 4)), 0
        for time in range(3):
            for moves in _moves(session, world, time):
                state, payoffs = step(fold(key, number, STEP), state, moves)
                got[time] += np.asarray(payoffs)
                number += 1
        assert got == pytest.approx(paid(session), abs=1e-4)


class Firm(Policy):
    """Signs, and does the move of this number."""

    number: int = 0

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number), "sign": sight.scores("sign", 1)}, memory


@pytest.mark.parametrize(
    ("rule", "parties", "does"),
    [
        (lambda members: agents.Vote(members, 3, "D"), ("CCC", "CCD"), (0, 1)),
        (agents.Median, ("CDD", "CCD"), (1, 0)),
    ],
)
def test_an_organisation_is_a_party_of_a_contract_in_a_world(rule, parties, does):
    """One seat, several members: it signs as they all would, and owes damages for what it decides."""
    pytest.importorskip("jax")
    from ostrom.learners import play
    from ostrom.worlds import MatrixWorld

    payoffs = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], float)
    world = MatrixWorld.of(NormalForm(payoffs, moves=("C", "D"))).under(Contract("C", 3.0))
    houses = [rule(tuple(Firm("CD".index(label)) for label in members)) for members in parties]
    owed = 3.0 * np.array(does)
    assert play(world, houses).returns[0] == pytest.approx(payoffs[does] - owed + owed[::-1], abs=1e-5)
