"""Gossip: 2n - 4 calls, and a way to know everything however calls go."""

import pytest

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.protocols import Gossip

ALL = "everybody knows everything"


@pytest.mark.parametrize(("n", "calls"), [(2, 1), (3, 3), (4, 4), (5, 6)])
def test_the_fewest_calls(n, calls):
    """2n - 4 from four on (Tijdeman 1971), 1 and 3 before."""
    found = model_check(Gossip(agents=n))
    assert len(found.reached[ALL]) == calls
    assert found.verdict == "proved"


def reachable(n):
    """Who knows what, as sets, calls made to whoever's secret is not known."""
    start = tuple(frozenset({k}) for k in range(n))
    seen, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        for i in range(n):
            for j in set(range(n)) - state[i]:
                after = tuple(state[i] | state[j] if k in (i, j) else own for k, own in enumerate(state))
                waiting += [] if after in seen else [after]
                seen.add(after)
    return seen


@pytest.mark.parametrize("n", [2, 3, 4])
def test_as_many_states_as_sets_have(n):
    assert model_check(Gossip(agents=n)).states == len(reachable(n))


def test_calls_that_fail_are_made_again_until_all_is_known():
    assert model_check(Gossip(agents=3, loss=0.9)).verdict == "proved"
    never = model_check(Gossip(agents=3, loss=1.0)).claims[-1]
    assert never.verdict == "refuted"
    assert ("network", "fail") in never.witness["then"]
    with_loop = [*never.witness["trace"], *never.witness["then"]]
    protocol = Gossip(agents=3, loss=1.0)
    assert protocol.follow(with_loop) == protocol.follow(never.witness["trace"])


def test_who_only_listens_is_called():
    assert model_check(Gossip(agents=4), ["a"], kinds=("silent",)).verdict == "proved"
    assert honesty(Gossip(agents=3, lead=1.0)).verdict == "proved"


def test_losses_do_not_change_what_is_got_in_the_end():
    assert honesty(Gossip(agents=3, loss=0.5)).value == pytest.approx({"a": 3.0, "b": 3.0, "c": 3.0})
