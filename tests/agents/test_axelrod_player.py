"""Players of the Axelrod library, by a stand-in with the same interface, and by the library where it is installed."""

import asyncio

import numpy as np
import pytest

from ostrom.agents import AutomatonPlayer, AxelrodPlayer
from ostrom.core.agent import Agent
from ostrom.core.errors import InputError
from ostrom.core.society import Session
from ostrom.dynamics import strategy, tournament
from ostrom.games import PrisonersDilemma, RockPaperScissors


class StandIn:
    """Has what a player of the library has; does what the other did in the round before the last."""

    name = "Slow Tit For Tat"
    classifier = {"stochastic": False}  # noqa: RUF012

    def __init__(self):
        self.history, self.coplays, self.match_attributes, self.seed = [], [], {}, None

    def clone(self):
        return type(self)()

    def set_seed(self, seed):
        self.seed = seed

    def update_history(self, play, coplay):
        self.history.append(play)
        self.coplays.append(coplay)

    def strategy(self, opponent):
        return opponent.history[-2] if len(opponent.history) > 1 else "C"


class Coin(StandIn):
    name, classifier = "Coin", {"stochastic": True}

    def strategy(self, opponent):
        return "CD"[np.random.default_rng((self.seed, len(self.history))).integers(2)]


def bridged(player):
    return AxelrodPlayer(player, actions=("C", "D"))


def test_it_plays_in_tournaments_and_is_shown_both_histories():
    found = tournament([bridged(StandIn()), "cycler DDC", "defector"], turns=9)
    assert found.names == ("Slow Tit For Tat", "cycler DDC", "defector")
    theirs, own = [1, 1, 0] * 3, [0, 0, 1, 1, 0, 1, 1, 0, 1]
    table = PrisonersDilemma().payoffs
    assert found.payoffs[0, 1] == pytest.approx(sum(table[a, b] for a, b in zip(own, theirs, strict=True)) / 9)
    assert found.payoffs[0, 2, 0] == pytest.approx((0 + 0 + 7 * 1) / 9)
    assert found.rounds == 9 * 6  # it draws nothing, so it plays once


def test_who_draws_has_a_seed_for_every_match():
    runs = [tournament([bridged(Coin()), "cooperator"], turns=40, repetitions=5, seed=seed) for seed in (1, 1, 2)]
    assert runs[0].payoffs.tobytes() == runs[1].payoffs.tobytes()
    assert runs[0].payoffs.tobytes() != runs[2].payoffs.tobytes()
    assert runs[0].cooperation[0, 1] == pytest.approx(0.5, abs=0.15)


def test_it_sits_in_a_live_session():
    pytest.importorskip("jax")
    from ostrom.societies import gather
    from ostrom.worlds import MatrixWorld

    world = MatrixWorld.of(PrisonersDilemma(), horizon=9)
    agents = [bridged(StandIn()).live(), AutomatonPlayer(strategy("cycler DDC")).live()]
    session = asyncio.run(gather(Session(world, rounds=9), agents))
    wanted = tournament([bridged(StandIn()), "cycler DDC"], turns=9).payoffs[0, 1]
    assert session.totals / 9 == pytest.approx(wanted)
    anybody = Agent.of(lambda look: {"act": look.choices["act"][0]})
    with pytest.raises(InputError, match="cooperate or defect, and nothing else"):
        asyncio.run(gather(Session(MatrixWorld.of(RockPaperScissors()), rounds=1), [agents[0], anybody]))
    with pytest.raises(InputError, match="does not see the moves of two"):
        asyncio.run(gather(Session(PrisonersDilemma(), rounds=1), [agents[0], anybody]))


def test_what_is_no_player_is_refused():
    with pytest.raises(InputError, match="has no strategy and no update_history"):
        AxelrodPlayer(3)
    with pytest.raises(InputError, match="It is a class"):
        AxelrodPlayer(StandIn)


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "axelrod", None)
    with pytest.raises(InputError, match="pip install axelrod"):
        AxelrodPlayer(StandIn())


@pytest.mark.oracle
def test_the_library_itself():
    axelrod = pytest.importorskip("axelrod", reason="axelrod is not installed: its players are tested by a stand-in")
    entered = ["tit for tat", "grim", "prober", AxelrodPlayer(axelrod.Gradual()), AxelrodPlayer(axelrod.TitForTat())]
    found = tournament(entered, turns=50)
    assert found.payoffs[:3, 4] == pytest.approx(found.payoffs[:3, 0])
