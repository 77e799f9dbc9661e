"""Automata in seats: the moves of matches written out, seat by seat, in compiled worlds and in live sessions."""

import asyncio

import numpy as np
import pytest

from ostrom.agents import AutomatonPlayer
from ostrom.core.agent import Agent, Sight
from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError
from ostrom.core.ground import Ground, Part
from ostrom.core.society import Session
from ostrom.dynamics import repeated_play, strategy
from ostrom.games import PrisonersDilemma, PublicGoods

TWO = Ground(("row", "column"), play=((Part("act", ("C", "D")),),))


def sight(last, seat=0, ground=TWO, **seen):
    """What a seat sees after a joint move."""
    count = len(ground.part("act").labels_of(0))
    shown = {"last": np.array(last), **{name: np.asarray(value) for name, value in seen.items()}}
    return Sight(np.int32(seat), ground, shown, {"act": np.ones(count, bool)})


def written_out(one, other, rounds):
    """The moves of two pure automata."""
    states, moves = [one.start, other.start], []
    for _ in range(rounds):
        a, b = (int(each.odds[state].argmax()) for each, state in zip((one, other), states, strict=True))
        moves.append((a, b))
        states = [int(one.table[states[0], a, b]), int(other.table[states[1], b, a])]
    return moves


@pytest.mark.parametrize("pair", [("tit for tat", "prober"), ("contrite tit for tat", "bully"), ("davis", "nydegger")])
def test_seat_by_seat_it_does_what_the_automaton_does(pair):
    strategies = [strategy(name) for name in pair]
    players = [AutomatonPlayer(one) for one in strategies]
    memories, last = [player.begin() for player in players], (-1, -1)
    for time, wanted in enumerate(written_out(*strategies, 30)):
        chosen = []
        for seat, player in enumerate(players):
            scores, memories[seat] = player.act(sight(last, seat, time=time), memories[seat])
            again, kept = player.act(sight(last, seat, time=time), memories[seat])  # a second look changes nothing
            assert np.array_equal(scores["act"], again["act"])
            assert kept["state"] == memories[seat]["state"]
            chosen.append(int(scores["act"].argmax()))
        assert tuple(chosen) == wanted
        last = wanted


def test_odds_are_kept_as_log_odds():
    player = AutomatonPlayer(Automaton.memory_one(0.9, 0.2, 0.6, 0.0))
    for last, odds in [((0, 0), 0.9), ((0, 1), 0.2), ((1, 0), 0.6), ((1, 1), 0.0)]:
        scores = player.act(sight(last, time=1), player.begin())[0]["act"]
        assert np.exp(scores) == pytest.approx([odds, 1 - odds])


def test_three_seats_are_read_in_their_order():
    """It goes to the state that has the number of the others' joint move."""
    after = np.tile(np.arange(4).reshape(1, 1, 2, 2), (4, 2, 1, 1))
    odds = np.array([0.1, 0.2, 0.3, 0.4])
    player = AutomatonPlayer(Automaton(np.stack([odds, 1 - odds], -1), after))
    ground = Ground(("a", "b", "c"), play=((Part("act", ("C", "D")),),))
    for seat, others in [(0, (1, 2)), (1, (0, 2)), (2, (0, 1))]:
        last = np.zeros(3, int)
        last[others[0]] = 1
        scores = player.act(sight(last, seat, ground, time=1), player.begin())[0]["act"]
        assert np.exp(scores[0]) == pytest.approx(odds[2])


def test_a_wrong_table_is_refused():
    ground = Ground(("a", "b"), play=((Part("act", ("a", "b", "c")),),))
    with pytest.raises(InputError, match=r"'tit for tat' has moves \(2, 2\), own first, at a table with \[3, 3\]"):
        AutomatonPlayer(strategy("tit for tat")).act(sight((0, 0), 0, ground), {"state": 0, "read": 0})


def test_a_live_session_of_a_bare_table_shows_nothing_to_go_by():
    from ostrom.societies import gather

    session = Session(PrisonersDilemma(), rounds=2)
    with pytest.raises(InputError, match=r"does not see 'last'.*MatrixWorld"):
        asyncio.run(
            gather(session, [AutomatonPlayer(strategy("tit for tat")).live(), Agent.of(lambda look: {"act": "C"})])
        )


@pytest.fixture(scope="module")
def worlds():
    pytest.importorskip("jax")
    from ostrom import learners, worlds

    return learners.play, worlds.MatrixWorld


def test_compiled_worlds_and_live_sessions_play_the_same(worlds):
    from ostrom.societies import gather

    play, world = worlds[0], worlds[1].of(PrisonersDilemma(), horizon=12)
    strategies = [strategy("contrite tit for tat"), strategy("prober")]
    players = [AutomatonPlayer(one) for one in strategies]
    wanted = written_out(*strategies, 12)
    assert play(world, players).moves["act"][0].tolist() == [list(joint) for joint in wanted]
    session = asyncio.run(gather(Session(world, rounds=12), [player.live() for player in players]))
    table = PrisonersDilemma().payoffs
    assert session.totals == pytest.approx(sum(table[joint] for joint in wanted))


def test_what_many_episodes_pay_is_what_is_computed(worlds):
    play, matrix = worlds
    pair = [strategy("generous tit for tat"), strategy("random")]
    played = play(matrix.of(PrisonersDilemma(), horizon=60), [AutomatonPlayer(one) for one in pair], episodes=500)
    exact = repeated_play(PrisonersDilemma(), pair).payoffs
    assert played.returns.mean(0) / 60 == pytest.approx(exact, abs=0.05)


def test_automata_in_a_public_good(worlds):
    play, matrix = worlds
    game = PublicGoods(players=3, levels=2)
    after = np.zeros((2, 2, 2, 2), int)
    after[..., 0, 0] = 1  # does what the first did if both others did, else the second
    turn = AutomatonPlayer(Automaton(np.eye(2)[::-1], after))
    moves = play(matrix.of(game, horizon=5), [turn] * 3).moves["act"][0]
    assert moves.tolist() == [[1, 1, 1]] * 5
