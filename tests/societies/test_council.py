"""Several agents on one seat of a live session, against counting their answers by hand."""

import asyncio
from itertools import product

import numpy as np
import pytest

from ostrom.agents import Lottery, Median, Vote
from ostrom.core.agent import Agent, Look
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.replay import replayed
from ostrom.core.society import Session
from ostrom.institutions import Contract
from ostrom.societies import Council, gather

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), players=("ann", "bob"), name="pd")
LABELS = ("a", "b", "c")


def says(**answer):
    """An agent who answers so much of this as it is asked for."""
    return Agent.of(lambda look: {part: answer[part] for part in look.choices})


def look(options=LABELS, time=0, part="act"):
    return Look(0, "ann", 0, {part: options}, {}, time)


def decided(council, asked=None, seed=0):
    return council.act(council.init(seed), asked or look())


@pytest.mark.parametrize("answers", list(product(LABELS, repeat=3)))
def test_majority_and_median_as_counted(answers):
    members = [says(act=label) for label in answers]
    most = next((label for label in answers if answers.count(label) >= 2), "a")
    assert decided(Council(members)) == {"act": most}
    assert decided(Council(members, Median)) == {"act": sorted(answers)[1]}
    unanimous = answers[0] if len(set(answers)) == 1 else "a"
    assert decided(Council(members, lambda seats: Vote(seats, 3))) == {"act": unanimous}


def test_a_lot_is_drawn_by_the_seed_and_as_often_as_it_should_be():
    council = Council([says(act="a"), says(act={"b": 3.0, "c": 1.0})], lambda seats: Lottery(seats, (1.0, 3.0)))
    drawn = [decided(council, look(time=time))["act"] for time in range(2000)]
    shares = [drawn.count(label) / 2000 for label in LABELS]
    assert shares == pytest.approx([1 / 4, 9 / 16, 3 / 16], abs=4 * np.sqrt(0.25 / 2000))
    assert [decided(council, look(time=time))["act"] for time in range(50)] == drawn[:50]
    assert [decided(council, look(time=time), seed=1)["act"] for time in range(50)] != drawn[:50]


def test_numbers_have_a_median_and_no_majority():
    members = [says(act=number) for number in (0.5, 4.0, 1.0)]
    assert decided(Council(members, Median), look((0.0, 5.0))) == {"act": 1.0}
    with pytest.raises(InputError, match="is a number"):
        decided(Council(members), look((0.0, 5.0)))


def test_a_house_is_a_party_of_a_contract_and_its_log_replays():
    """Two of three sign and keep to it, so ann's house does; bob, alone, signs and breaks it, and pays 2."""
    house = Council([says(sign="yes", act="C"), says(sign="yes", act="C"), says(sign="no", act="D")])
    session = Session(PD, [Contract("C", 2.0)], rounds=2)
    asyncio.run(gather(session, [house, says(sign="yes", act="D")]))
    assert session.totals.tolist() == [4.0, 6.0]
    again = replayed(PD, [Contract("C", 2.0)], session.log)
    assert [event.to_json() for event in again.log] == [event.to_json() for event in session.log]


def test_a_council_of_councils_that_answer_late():
    class Late(Agent):
        async def act(self, state, look):
            await asyncio.sleep(0)
            return {"act": "C"}

    inner = Council([Late(), says(act="C"), says(act="D")])
    session = Session(PD)
    asyncio.run(gather(session, [Council([inner, says(act="C"), says(act="D")]), says(act="D")]))
    assert session.totals.tolist() == [0.0, 5.0]


def test_members_learn_what_was_decided_and_paid():
    class Counting(Agent):
        def init(self, seed):
            return []

        def act(self, state, look):
            return {"act": "D"}

        def learn(self, state, look, choice, payoff):
            return [*state, (choice["act"], payoff)]

    council = Council([Counting(), says(act="C"), says(act="C")])
    state = council.learn(council.init(0), look(("C", "D")), {"act": "C"}, 3.0)
    assert state[1][0] == [("C", 3.0)]


def test_a_status_quo_by_name_needs_the_ground():
    """D is no label of the ballot, so that only the ground says it is one at all; at the ballot the first stands."""
    rules, torn = [Contract("C", 2.0)], [says(sign="yes", act="C"), says(sign="no", act="D")]
    session = Session(PD, rules)
    for ground in (None, session.charter.ground):
        council = Council(torn, lambda seats: Vote(seats, otherwise="D"), ground)
        if ground is None:
            with pytest.raises(UnknownName):
                asyncio.run(gather(Session(PD, rules), [council] * 2))
        else:
            asyncio.run(gather(session, [council] * 2))
    made = [(event.channel, event.action) for event in session.log if event.agent == "ann"][:2]
    assert made == [("sign", "no"), ("act", "D")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"act": "z"}, "may choose"),
        ({"sign": "yes"}, "is asked for act"),
        ({"act": {"a": -1.0, "b": 2.0}}, "may choose"),
        ({"act": {}}, "may choose"),
        ({"act": ["a"]}, "may choose"),
        ("a", "is asked for act"),
    ],
)
def test_a_member_that_answers_nonsense_is_named(answer, said):
    with pytest.raises(InputError, match="Member 1 of ann") as refused:
        decided(Council([says(act="a"), Agent.of(lambda look: answer)]))
    assert said in str(refused.value)


def test_what_is_no_council():
    for members in ((), (lambda look: {},)):
        with pytest.raises(InputError, match="council"):
            Council(members)
    with pytest.raises(InputError, match="rule makes"):
        Council([says(act="a")], lambda seats: seats[0])
    with pytest.raises(InputError, match="may choose"):
        decided(Council([says(act=9.0)], Median), look((0.0, 5.0)))
