"""Asking seats at once, in any order, with patience that ends."""

import asyncio

import pytest

from ostrom.core.agent import Agent
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.replay import replayed
from ostrom.core.society import Session
from ostrom.institutions.contract import Contract
from ostrom.societies.gather import gather

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), players=("ann", "bob"), name="pd")
last = Agent.of(lambda look: {part: options[-1] for part, options in look.choices.items()})
first = Agent.of(lambda look: {part: options[0] for part, options in look.choices.items()})


class Late(Agent):
    """Answers after a number of seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    async def act(self, state, look):
        await asyncio.sleep(self.seconds)
        return {part: options[-1] for part, options in look.choices.items()}


class Counting(Agent):
    """Learns how much it was paid."""

    def init(self, seed):
        self.paid = []
        return 0

    def act(self, state, look):
        return {part: options[0] for part, options in look.choices.items()}

    def learn(self, state, look, choice, payoff):
        self.paid.append((state, payoff))
        return state + 1


def play(session, agents, **options):
    return asyncio.run(gather(session, agents, **options))


def test_two_policies_and_a_contract():
    session = play(Session(PD, [Contract("C")], rounds=2), [last, last])
    assert session.totals.tolist() == [2.0, 2.0]


def test_answers_come_in_any_order_and_the_log_replays():
    session = play(Session(PD, rounds=3), [Late(0.02), Late(0.0)])
    acts = [event.agent for event in session.log if event.channel == "act"]
    assert acts[:2] == ["bob", "ann"]
    assert [e.to_json() for e in replayed(PD, [], session.log).log] == [e.to_json() for e in session.log]


def test_who_is_too_late_lapses():
    session = play(Session(PD, rounds=1), [Late(30.0), last], patience=0.05)
    assert [event.channel for event in session.log].count("lapsed") == 1
    assert session.totals.tolist() == [0.0, 5.0]


def test_agents_learn_what_they_were_paid():
    counting = Counting()
    play(Session(PD, rounds=3), [counting, last])
    assert counting.paid == [(0, 0.0), (1, 0.0), (2, 0.0)]


def test_one_agent_per_seat():
    with pytest.raises(InputError, match="1 agents for 2 seats"):
        play(Session(PD), [first])


def test_an_agent_that_answers_nonsense_is_an_error_that_says_so():
    with pytest.raises(InputError, match="may choose from"):
        play(Session(PD), [Agent.of(lambda look: {"act": "Z"}), first])
