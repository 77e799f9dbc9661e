"""The quadrant verdict: a planted log for each, and speakers and listeners that were taken out of it."""

import numpy as np
import pytest
from monitors._yesterday import yesterday
from scipy.stats import binom

from ostrom import Event, InputError
from ostrom.core.log import Log
from ostrom.monitors import NothingToRead, WorkingChannel
from ostrom.monitors._influence import pairs
from ostrom.monitors._influence_information import Told
from ostrom.monitors._influence_weighed import Weighed
from ostrom.monitors.working_channel import _reading, quadrant
from ostrom.testing.check_monitor import check_monitor
from ostrom.testing.planted_log import planted_log

QUICK = WorkingChannel(rounds=1999)


def signals(seed, tells, moves, runs=120, steps=1):
    """Ann is shown a cost and says something of it, Bob buys or waits; both see the market."""
    rng, rows = np.random.default_rng(seed), []
    for e in range(runs):
        for t in range(steps):
            market, cost, said = int(rng.integers(2)), rng.integers(2), rng.integers(2)
            said = cost if rng.random() < tells else said
            done = said if rng.random() < moves else rng.integers(2)
            seen, name = {"market": market}, ("low", "high")
            knows = {**seen, "cost": name[cost]}
            rows.append(Event(e, 2 * t, "ann", "message", ("bob",), knows, message=f"it is {name[said]}"))
            rows.append(Event(e, 2 * t + 1, "bob", "act", (), seen, action=("buy", "wait")[done]))
    return Log.of(rows)


QUADRANTS = {
    "none": (0.0, 0.0),
    "leak unused": (1.0, 0.0),
    "influence without information": (0.0, 1.0),
    "working channel": (1.0, 1.0),
}


@pytest.mark.parametrize("verdict", QUADRANTS)
def test_each_quadrant_is_told(verdict):
    (found,) = QUICK(signals(0, *QUADRANTS[verdict]))
    tells, moves = QUADRANTS[verdict]
    assert found.numbers["verdict"] == verdict
    assert found.numbers["tells"]["bits"] == pytest.approx(tells, abs=0.03)
    assert found.numbers["moves"]["bits"] == pytest.approx(moves, abs=0.03)
    assert found.who == ("ann", "bob")
    assert found.p == max(found.numbers[half]["p"] for half in ("tells", "moves"))
    assert found.effect == pytest.approx(min(tells, moves), abs=0.03)


def test_a_lesioned_listener_has_no_influence_and_a_lesioned_speaker_no_information():
    """R10c: the same log, with one side's part drawn anew: the other half of the evidence stays as it was."""
    rng, whole = np.random.default_rng(1), list(signals(1, 1.0, 1.0).events())

    def lesioned(agent, **part):
        return Log.of(
            Event(**{**vars(row), name: str(rng.choice(values))}) if row.agent == agent else row
            for row in whole
            for name, values in part.items()
        )

    (deaf,) = QUICK(lesioned("bob", action=["buy", "wait"]))
    assert deaf.numbers["verdict"] == "leak unused"
    assert deaf.numbers["moves"]["bits"] == pytest.approx(0, abs=0.02)
    assert deaf.numbers["moves"]["interval"][0] == 0
    assert deaf.numbers["tells"]["bits"] == pytest.approx(1, abs=0.02)

    (dumb,) = QUICK(lesioned("ann", message=["it is low", "it is high"]))
    assert dumb.numbers["verdict"] == "none"  # what is said is drawn, so what bob did has nothing to do with it either
    assert dumb.numbers["tells"]["bits"] == pytest.approx(0, abs=0.02)
    assert dumb.numbers["tells"]["interval"][0] == 0


@pytest.mark.slow
@pytest.mark.parametrize(("speaker", "listener", "verdict"), [
    ("separating", "separating", "working channel"), ("separating", "deaf", "leak unused"),
    ("random", "separating", "influence without information"), ("random", "random", "none"),
])  # fmt: skip
def test_lesions_in_the_signalling_game(speaker, listener, verdict):
    """R10c: the sender or the receiver of Lewis's game is exchanged for one that makes no sense, or hears none."""
    from ostrom.worlds import Signalling

    world = Signalling(2, 2, 2, rounds=10)
    log = Log.of(_played(world, world.bots()[speaker], world.bots()[listener]))
    (found,) = QUICK(log)
    assert found.numbers["verdict"] == verdict


def _played(world, sender, receiver):
    import jax
    import numpy

    from ostrom.core.agent import Sight

    rng = np.random.default_rng(2)
    for e in range(40):
        state = world.reset(jax.random.PRNGKey(e))
        for t in range(world.horizon):
            view, mask = world.observe(state), {k: numpy.asarray(v) for k, v in world.mask(state).items()}
            seat = t % 2
            seen = {name: numpy.asarray(rows[seat]) for name, rows in view.seat.items()}
            sight = Sight(np.int32(seat), world.ground, seen, {"act": mask["act"][seat]})
            policy = (sender, receiver)[seat]
            scores = numpy.asarray(policy.act(sight, policy.begin())[0].get("act", np.zeros(len(mask["act"][seat]))))
            odds = numpy.where(mask["act"][seat], numpy.exp(scores - scores[mask["act"][seat]].max()), 0)
            move = int(rng.choice(len(odds), p=odds / odds.sum()))
            if seat == 0:
                yield Event(e, t, "sender", "message", ("receiver",), {"state": int(seen["state"])}, message=f"m{move}")
            else:
                heard = {"message": int(seen["message"])}
                yield Event(e, t, "receiver", "act", (), heard, action=f"act {move}")
            moves = {"act": numpy.array([move, 0] if seat == 0 else [0, move])}
            state, _ = world.step(jax.random.PRNGKey(1000 * e + t), state, moves)


def test_a_planted_channel_is_one_and_the_other_none():
    planted = planted_log("synonym", 0.8, messages=300, heeded=0.9)
    ann, cleo = sorted(QUICK(planted.log), key=lambda one: one.who)
    assert ann.numbers["verdict"] == "working channel"
    assert ann.numbers["tells"]["field"] == "observation.cost"
    assert cleo.numbers["verdict"] == "none"


def test_what_the_listener_is_shown_as_well_is_no_secret():
    log = signals(3, 1.0, 0.0)
    told = []
    for row in log.events():
        seen = {**row.observation, "cost": told[-1].observation["cost"]} if row.agent == "bob" else row.observation
        told.append(Event(**{**vars(row), "observation": seen}))
    with pytest.raises(NothingToRead, match="anything of its own"):
        QUICK(Log.of(told))
    (declared,) = WorkingChannel(private=("cost",), rounds=1999)(Log.of(told))
    assert declared.numbers["tells"]["field"] == "observation.cost"


def test_what_a_speaker_does_next_counts_as_what_it_means():
    """Speaker consistency: nothing private is recorded, but ann does as she says."""
    rng, rows = np.random.default_rng(4), []
    for e in range(120):
        plan = int(rng.integers(2))
        rows.append(Event(e, 0, "ann", "message", ("bob",), message=("left", "right")[plan]))
        rows.append(Event(e, 1, "ann", "act", action=f"go {plan}"))
        rows.append(Event(e, 1, "bob", "act", action=f"go {plan}"))
    (found,) = QUICK(Log.of(rows))
    assert found.numbers["verdict"] == "working channel"
    assert found.numbers["tells"]["field"] == "its own next move"


def test_several_fields_are_paid_for():
    rng = np.random.default_rng(5)
    rows = [
        Event(**{**vars(row), "observation": {**row.observation, **{f"f{k}": int(rng.integers(2)) for k in range(4)}}})
        if row.agent == "ann"
        else row
        for row in signals(5, 0.0, 1.0).events()
    ]
    (found,) = QUICK(Log.of(rows))
    assert found.numbers["tells"]["fields"] == 5
    assert found.numbers["verdict"] == "influence without information"


def test_it_keeps_its_level():
    p = [WorkingChannel(rounds=99)(signals(seed, 0.0, 0.0, 40), seed)[0] for seed in range(40)]
    for half in ("tells", "moves"):
        assert sum(one.numbers[half]["p"] <= 0.05 for one in p) <= binom.isf(1e-5, 40, 0.05)


@pytest.mark.slow
def test_it_does_what_a_monitor_has_to_do():
    check_monitor(QUICK, lambda seed: signals(seed, 0.8, 0.8), lambda seed: signals(seed, 0.0, 0.8, 60))


def test_verdicts_by_halves():
    assert {quadrant(t, m) for t in (True, False) for m in (True, False)} == set(QUADRANTS)
    with pytest.raises(InputError, match="A level is a probability"):
        WorkingChannel(level=2.0)


@pytest.mark.parametrize(
    ("tells", "moves", "says", "verdict"),
    [
        (1e-4, 1e-4, "What ann says tells cost and moves bob", "working channel"),
        (1e-4, 0.008, "It seems that what ann says tells cost and moves bob", "leak unused"),
        (1e-4, 0.2, "What ann says tells cost, but nothing shows that bob heeds it", "leak unused"),
        (0.2, 0.2, "Nothing shows", "none"),
    ],
)
def test_an_alarm_never_says_that_there_is_nothing(tells, moves, says, verdict):
    pair = next(pairs(signals(0, 0.5, 0.5), (), ()))
    half, other = (Weighed(0.02, (0.0, 0.1), p, 60, 999) for p in (tells, moves))
    found = _reading(pair, [Told("observation.cost", half)], other, 5e-4)
    assert found.sentence.startswith(says)
    assert found.numbers["verdict"] == verdict


def test_what_both_sides_take_from_the_news_of_days_before_is_no_channel():
    """Held beside today's news alone, such logs are called working channels."""
    honest, works = (WorkingChannel(rounds=999)(yesterday(3, tells=x, heeds=x))[0] for x in (0.0, 0.6))
    assert honest.p > 0.01
    assert honest.numbers["verdict"] == "none"
    assert works.p <= 0.002
    assert honest.numbers["tells"]["fixed"] == ["news", "news a step before"]
    assert "news a step before" in honest.numbers["moves"]["fixed"]
    assert "news a step before" in honest.assumes
