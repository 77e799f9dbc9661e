"""Live sessions: the referee, its log, and what seats may not do."""

import numpy as np
import pytest

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.event import Event, read_events, write_events
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Part
from ostrom.core.institution import Institution
from ostrom.core.replay import replayed
from ostrom.core.society import Session
from ostrom.institutions.advice import Advice
from ostrom.institutions.contract import Contract
from ostrom.institutions.quota import Quota
from ostrom.institutions.reputation import Reputation
from ostrom.institutions.tax import Tax

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), players=("ann", "bob"), name="pd")
CHARTER = (Contract("C"), Advice(((("C", "C"), 0.5), (("C", "D"), 0.5))), Reputation(), Tax("D", 0.5))


def random_session(seed: int, institutions=CHARTER, rounds: int = 5) -> Session:
    """Random choices in random order, with a leaver, a return and a lapse."""
    random = np.random.default_rng(seed)
    session = Session(PD, institutions, rounds=rounds, seed=seed)
    while not session.over:
        if session.time in (1, 3) and random.random() < 0.3:
            (session.leave if session.time == 1 else session.enter)(1)
        if random.random() < 0.1:
            session.lapse()
            continue
        seat = session.waiting[random.integers(len(session.waiting))]
        choices = session.look(seat).choices
        session.submit(seat, {part: options[random.integers(len(options))] for part, options in choices.items()})
    return session


@pytest.mark.parametrize("seed", range(8))
def test_a_session_is_its_log(seed, tmp_path):
    session = random_session(seed)
    write_events(session.log, tmp_path / "log.jsonl")
    again = replayed(PD, CHARTER, read_events(tmp_path / "log.jsonl"))
    write_events(again.log, tmp_path / "again.jsonl")
    assert (tmp_path / "log.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()
    assert again.totals.tolist() == session.totals.tolist()


def test_the_log_wins_over_the_seed():
    session = random_session(1)
    flipped = [
        Event(**{**vars(e), "action": [{}, {"row": [1 - e.action[1]["row"][0]]}, {}, {}]})
        if e.channel == "rolled"
        else e
        for e in session.log
    ]
    again = replayed(PD, CHARTER, flipped)
    assert [e.action for e in again.log if e.channel == "rolled"] == [
        e.action for e in flipped if e.channel == "rolled"
    ]


def test_a_private_row_stays_private():
    session = Session(PD, [Advice(((("C", "D"), 1.0),))])
    assert session.look(0).sees["advice"] == 0
    assert session.look(1).sees["advice"] == 1


def test_hidden_ballots_show_only_ones_own():
    class Sealed(Institution):
        """Ballots that stay closed."""

        def menu(self, ground):
            return ground.preceded_by(Part("ballot", ("a", "b")))

        def inform(self, now, view):
            return view.hide("ballot")

    session = Session(PD, [Sealed()])
    session.submit(0, {"ballot": "b"})
    session.submit(1, {"ballot": "a"})
    assert session.look(0).sees["ballot"] == ("b", None)
    assert session.look(1).sees["ballot"] == (None, "a")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"act": "E"}, "may choose from"),
        ({}, "asked for"),
        ({"act": "C", "sign": "yes"}, "asked for"),
        ({"act": "C" * 100_000}, "may choose from"),
        ({"act": ["C"]}, "may choose from"),
    ],
)
def test_what_is_not_permitted_changes_nothing(choice, message):
    session = Session(PD)
    before = list(session.log)
    with pytest.raises(InputError, match=message) as error:
        session.submit(0, choice)
    assert len(str(error.value)) < 500
    assert session.log == before
    assert session.waiting == (0, 1)


def test_answering_twice_or_from_nowhere():
    session = Session(PD)
    session.submit(0, {"act": "C"})
    with pytest.raises(InputError, match="not asked"):
        session.submit(0, {"act": "D"})
    with pytest.raises(UnknownName):
        session.look(5)


def test_a_closed_session_takes_nothing_more():
    session = Session(PD)
    session.lapse()
    assert session.over
    assert session.waiting == ()
    with pytest.raises(InputError):
        session.submit(0, {"act": "C"})


def test_who_left_is_not_waited_for_and_gets_nothing():
    session = Session(PD, rounds=3)
    session.leave(1)
    session.lapse()
    assert session.waiting == (0,)
    session.submit(0, {"act": "D"})
    assert session.totals.tolist() == [3 + 5, 3]
    session.enter(1)
    session.submit(0, {"act": "C"})
    assert session.totals.tolist() == [3 + 5 + 3, 3]


def test_everybody_forbidden_still_acknowledges():
    session = Session(PD, [Quota("D", 0.0)], rounds=2)
    assert session.waiting == (0, 1)
    assert session.look(0).choices == {"act": ("C",)}


def test_a_number_as_a_move():
    class Gift(Institution):
        """Give a number to the other."""

        def menu(self, ground):
            return ground.alongside(Part("gift", low=0.0, high=2.0))

        def settle(self, now, payoffs):
            gift = now.amount("gift")
            return payoffs - gift + gift[..., ::-1]

    session = Session(PD, [Gift(), Quota("gift", 1.0)])
    assert session.look(0).choices["gift"] == (0.0, 1.0)
    with pytest.raises(InputError, match="from 0 to 1"):
        session.submit(0, {"act": "C", "gift": 1.5})
    session.submit(0, {"act": "C", "gift": 0.75})
    session.submit(1, {"act": "C", "gift": 0.0})
    assert session.totals.tolist() == [2.25, 3.75]


def test_a_log_without_a_beginning_is_refused():
    with pytest.raises(InputError, match="opened"):
        replayed(PD, [], [])


def test_a_log_with_missing_dice_is_refused():
    log = [event for event in random_session(0).log if event.channel != "rolled"]
    with pytest.raises(InputError, match="no dice"):
        replayed(PD, CHARTER, log)


def test_a_log_of_another_game_is_refused():
    log = random_session(0).log
    other = NormalForm(np.zeros((2, 2, 2)), moves=("C", "D"), players=("x", "y"))
    with pytest.raises(InputError):
        replayed(other, CHARTER, log)
