"""Recordings: what is on them is what was played, in the words of the ground."""

import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("jax")

from ostrom.core.agent import Policy
from ostrom.core.errors import InputError
from ostrom.core.event import Event
from ostrom.core.ground import Ground, Part
from ostrom.learners import play
from ostrom.learners._recording import Recording, events, made
from ostrom.worlds import Lake

LAKE = Lake(players=2, horizon=5, enters=(0, 2))


class Fisher(Policy):
    """Fishes, always."""

    def act(self, sight, memory):
        return {"act": sight.only("act", "fish")}, memory


@pytest.fixture(scope="module")
def played():
    return play(LAKE, Fisher(), episodes=2, states=True)


def test_a_recording_tells_what_the_lake_did(played):
    """The stock of every step by the formula of the lake, from the catch that was paid for."""
    recording = Recording.of(LAKE, played, 1, title="the lake", players=("a fisher", "another"))
    assert (recording.title, recording.seats) == ("the lake", ("player 1", "player 2"))
    stock, told = 62.5, [scene.dials["stock"] for scene in recording.scenes]
    for t in range(5):
        assert told[t] == pytest.approx(stock, rel=1e-5)
        left = stock - recording.facts["harvest"][t].sum()
        stock = left + 0.5 * left * (1 - left / 100)
    np.testing.assert_allclose(recording.returns, recording.payoffs.sum(0))
    assert [row["act"] for row in recording.moves] == [("fish", None)] * 2 + [("fish", "fish")] * 3


def test_events_are_the_choices_and_payments_in_order(played):
    rows = list(events(LAKE, played))
    assert [json.loads(row.to_json())["t"] for row in rows if row.episode == 0] == sorted(
        row.t for row in rows if row.episode == 0
    )
    assert {row.episode for row in rows} == {0, 1}
    first = [row for row in rows if (row.episode, row.t) == (0, 0)]
    assert [(row.agent, row.channel, row.action) for row in first] == [
        ("player 1", "act", "fish"), ("player 1", "paid", None), ("player 2", "paid", None)
    ]  # fmt: skip
    paid = sum(row.payoff for row in rows if row.channel == "paid" and row.episode == 1)
    assert paid == pytest.approx(played.returns[1].sum(), rel=1e-6)
    assert all(Event.from_json(row.to_json()) == row for row in rows)


def test_only_the_stage_that_is_open_is_told():
    """An opening once, then two stages by turns; a number is told as a number."""
    vote, act = Part("vote", ("no", "yes")), Part("act", ("a", "b"))
    ground = Ground(("one", "two"), play=((act,),), opening=((Part("bid", low=0, high=1),),), before=((vote,),))

    class Four:
        present = np.ones((1, 4, 2), bool)
        moves = {  # noqa: RUF012
            "bid": np.full((1, 4, 2), 0.25),
            "vote": np.ones((1, 4, 2), int),
            "act": np.array([[[0, 1]] * 4]),
        }

    told = [made(ground, Four, 0, t) for t in range(4)]
    assert told == [
        {"bid": (0.25, 0.25)}, {"vote": ("yes", "yes")}, {"act": ("a", "b")}, {"vote": ("yes", "yes")}
    ]  # fmt: skip


def test_an_episode_that_ended_by_itself_is_as_long_as_it_was(played):
    short = played._replace(lasting=np.arange(5) < np.array([[3], [5]]))
    assert len(Recording.of(LAKE, short, 0).scenes) == 3
    assert max(row.t for row in events(LAKE, short) if row.episode == 0) == 2


def test_without_states_there_is_no_picture(played):
    with pytest.raises(InputError, match="states=True"):
        Recording.of(LAKE, played._replace(states=None))


def test_recordings_that_do_not_fit_together_are_refused(played):
    whole = Recording.of(LAKE, played)
    wrong = {"seats": (), "moves": (), "payoffs": np.zeros((1, 1)), "players": ("a", "b", "c"), "facts": {"x": [1.0]}}
    for name, value in wrong.items():
        with pytest.raises(InputError, match=r"A recording of 5 scenes and . seats has"):
            replace(whole, **{name: value})
    for number in (-1, 2):
        with pytest.raises(InputError, match=f"no episode {number}"):
            Recording.of(LAKE, played, number)
