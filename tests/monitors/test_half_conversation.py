"""Half a conversation: what is said of it follows from the whole, and is never stronger than what the whole shows."""

import numpy as np
import pytest
from scipy.stats import binom

from ostrom import Event, InputError
from ostrom.core.log import Log
from ostrom.monitors import HalfConversation, Influence, NothingToRead, WorkingChannel
from ostrom.monitors._discrete import shared
from ostrom.monitors._exchanges import exchanges
from ostrom.monitors._influence_information import Told
from ostrom.monitors._influence_weighed import Weighed
from ostrom.monitors.half_conversation import SILENCE, _reading
from ostrom.testing.check_monitor import check_monitor

QUICK = HalfConversation(rounds=1999)


def dialogue(seed, tells=0.0, moves=0.0, answers=0.0, runs=40, steps=4):
    """Bob asks now and then; ann says yes, or something of her cost; bob buys or waits. Ann ships or keeps."""
    rng, rows = np.random.default_rng(seed), []
    for e in range(runs):
        t = 0
        for _ in range(steps):
            cost, asked = int(rng.integers(2)), rng.random() < 0.5
            if asked:
                rows.append(Event(e, t, "bob", "message", ("ann",), {"sky": 0}, message="is it?"))
                t += 1
            said = ("low", "high")[cost if rng.random() < tells else rng.integers(2)]
            said = "yes" if rng.random() < (0.2 + answers * (0.6 if asked else -0.2)) else said
            rows.append(Event(e, t, "ann", "message", ("bob",), {"cost": cost}, message=said))
            heeds = said == "low" if rng.random() < moves else rng.random() < 0.5
            rows.append(Event(e, t + 1, "bob", "act", (), {"sky": 0}, action="buy" if heeds else "wait"))
            t += 2
    return Log.of(rows)


def half(log):
    return log.take(log.by("ann"))


def about(readings):
    return {one.where["of"]: one for one in readings}


WHOLES = {
    "nothing": {},
    "tells": {"tells": 0.8},
    "moves": {"moves": 1.0},
    "both": {"tells": 0.8, "moves": 1.0},
    "answers": {"answers": 1.0},
}


@pytest.mark.parametrize("name", WHOLES)
def test_what_is_said_of_a_half_follows_from_the_whole(name):
    """With bob taken out: the same information, the same evidence or less, and not a word about him."""
    whole = dialogue(0, **WHOLES[name])
    found = about(QUICK(half(whole)))
    cost = found["observation.cost"]
    (of_whole,) = [one for one in WorkingChannel(rounds=1999)(whole) if one.who == ("ann", "bob")]
    tells = of_whole.numbers["tells"]
    assert (cost.p <= 5e-4) == (tells["p"] <= 5e-4) == ("tells" in WHOLES[name])
    assert cost.effect == pytest.approx(tells["bits"], abs=0.03)
    for one in found.values():
        assert one.who == ("ann",)
        assert one.basis == "observational"
        assert "bob" not in one.sentence + one.assumes
        assert "is not recorded" in one.sentence
        assert not any(word in one.sentence for word in ("moves what", "influence", "working channel"))


def test_a_half_shows_the_same_whether_anybody_listens():
    """Two wholes that differ in bob's moves alone, of which one is a working channel: their halves are the same."""
    heeds, rng = dialogue(1, tells=0.8, moves=1.0), np.random.default_rng(1)
    deaf = Log.of(
        Event(**{**vars(row), "action": str(rng.choice(["buy", "wait"]))}) if row.action else row
        for row in heeds.events()
    )
    assert [repr(one) for one in QUICK(half(heeds), 3)] == [repr(one) for one in QUICK(half(deaf), 3)]
    moved = [
        next(one.p for one in Influence(rounds=1999)(log) if one.who == ("ann", "bob")) <= 5e-4 for log in (heeds, deaf)
    ]
    assert moved == [True, False]


def test_information_of_the_half_is_that_of_the_rows():
    log = half(dialogue(2, tells=0.9))
    found = about(QUICK(log))["observation.cost"]
    plain = shared(log["message"].codes.astype(int), log["observation.cost"].codes.astype(int))
    assert found.effect == pytest.approx(plain.bits, abs=0.02)
    assert found.n == plain.n


def test_answers_are_seen_by_what_comes_before_them():
    """Questions are not recorded: after a step that is missing she says yes, otherwise seldom."""
    answers, none = (about(QUICK(half(dialogue(3, answers=share, runs=60))))[SILENCE] for share in (1.0, 0.0))
    assert answers.p <= 1e-3
    assert "as answers would" in answers.sentence
    assert none.p > 0.005
    assert none.effect < answers.effect


def test_what_a_half_was_shown_may_have_been_public():
    """On the whole log the cost is on the wall for all to see; on the half nobody can tell, and none says otherwise."""
    whole = dialogue(4, tells=0.9)
    cost, public = 0, []
    for row in whole.events():
        cost = row.observation.get("cost", cost)
        public.append(Event(**{**vars(row), "observation": {**row.observation, "cost": cost}}))
    found = about(QUICK(half(Log.of(public))))["observation.cost"]
    assert found.p <= 1e-3
    assert not any(word in found.sentence for word in ("alone", "secret", "private", "leak"))
    assert found.risks == ()


def test_it_does_as_it_says():
    rows = [
        Event(e, t, "ann", channel, ("bob",) if channel == "message" else (), **what)
        for e in range(40)
        for t, (channel, what) in enumerate(
            [
                ("message", {"message": ("stay", "go")[e * 7 % 3 % 2]}),
                ("act", {"action": ("stay", "go")[e * 7 % 3 % 2]}),
            ]
        )
    ]
    found = about(QUICK(Log.of(rows)))["its own next move"]
    assert found.p <= 1e-3
    assert found.effect == pytest.approx(0.918, abs=0.02)


def test_a_whole_conversation_is_none():
    with pytest.raises(NothingToRead, match="no half conversation"):
        QUICK(dialogue(5))
    words = [Event(e, 0, "ann", "message", ("bob",), message="hello") for e in range(30)]
    with pytest.raises(NothingToRead, match="there are only words"):
        QUICK(Log.of(words))


def test_it_keeps_its_level():
    p = [about(HalfConversation(rounds=99)(half(dialogue(seed)), seed)) for seed in range(40)]
    for what in ("observation.cost", SILENCE):
        assert sum(one[what].p <= 0.05 for one in p) <= binom.isf(1e-5, 40, 0.05)


@pytest.mark.slow
def test_it_does_what_a_monitor_has_to_do():
    check_monitor(QUICK, lambda seed: half(dialogue(seed, tells=0.9)), lambda seed: half(dialogue(seed)))


def test_parameters_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="A level is a probability"):
        HalfConversation(rounds=3)


@pytest.mark.parametrize(("p", "start"), [(1e-4, "What ann"), (0.008, "It seems that what ann"), (0.06, "Nothing")])
def test_an_alarm_never_says_that_there_is_nothing(p, start):
    exchange = next(exchanges(half(dialogue(0))))
    told = Told("observation.cost", Weighed(0.02, (0.0, 0.1), p, 60, 999))
    assert _reading(exchange, np.arange(len(exchange)), told, 5e-4).sentence.startswith(start)
