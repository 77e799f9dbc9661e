"""Two-phase commit: the published number of states, another encoding of them, and a coordinator that falls silent."""

import pytest

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.protocols import TwoPhaseCommit


def reachable(n):
    """The states of Gray and Lamport's specification, with messages as a set that only grows."""
    start = (("working",) * n, "init", frozenset(), frozenset())
    seen, waiting = {start}, [start]
    while waiting:
        rms, tm, heard, sent = waiting.pop()
        found = []
        for k in range(n):
            turned = {to: (*rms[:k], to, *rms[k + 1 :]) for to in ("prepared", "aborted", "committed")}
            if rms[k] == "working":
                found += [(turned["prepared"], tm, heard, sent | {k}), (turned["aborted"], tm, heard, sent)]
            found += [(turned["committed"], tm, heard, sent)] if "commit" in sent else []
            found += [(turned["aborted"], tm, heard, sent)] if "abort" in sent else []
            found += [(rms, tm, heard | {k}, sent)] if tm == "init" and k in sent else []
        if tm == "init":
            found.append((rms, "aborted", heard, sent | {"abort"}))
            found += [(rms, "committed", heard, sent | {"commit"})] if len(heard) == n else []
        waiting += [state for state in found if state not in seen]
        seen.update(found)
    return seen


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_as_many_states_as_the_specification_has(n):
    found = model_check(TwoPhaseCommit(participants=n))
    assert found.states == len(reachable(n))
    assert found.verdict == "proved"


def test_the_published_number_of_states():
    """TLC finds 288 distinct states with three resource managers (the specification's own repository)."""
    assert (
        model_check(TwoPhaseCommit(participants=3)).states
        == 288
        == TwoPhaseCommit.reference["states with three participants"]
    )


def test_a_silent_coordinator_blocks_and_breaks_nothing_else():
    protocol = TwoPhaseCommit(participants=3)
    stand, together, word, live = model_check(protocol, ["coordinator"]).claims
    assert (together.verdict, word.verdict) == ("proved", "proved")
    assert (stand.verdict, live.verdict) == ("refuted", "refuted")
    assert len(live.witness["trace"]) == 3  # all have prepared; the coordinator never speaks
    assert protocol.follow(live.witness["trace"])[2] == 0b111
    assert protocol.follow(stand.witness["trace"])[0] == 3  # crashed
    assert not any(step.actor != "coordinator" for step in protocol.events(protocol.follow(live.witness["trace"])))


def test_a_silent_participant_does_not():
    assert model_check(TwoPhaseCommit(participants=3), ["participant 2"]).verdict == "proved"


def test_the_coordinator_walks_out_for_more_than_it_is_worth():
    assert honesty(TwoPhaseCommit(participants=2, aside=1.0)).verdict == "proved"
    found = honesty(TwoPhaseCommit(participants=2, aside=1.5))
    assert found.gains[("coordinator",)] == pytest.approx(0.5)
    assert found.claims[0].witness["trace"][-1] == ("coordinator", "crash")
    assert found.value == {"coordinator": 1.0, "participant 1": 1.0, "participant 2": 1.0}
