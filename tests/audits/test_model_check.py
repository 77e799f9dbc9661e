"""The model checker: against brute force on small random protocols, and what it refuses."""

from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.model_check import model_check
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.protocol import DEVIATIONS, Protocol, Step
from ostrom.protocols import Broadcast, Gossip, Quorum, TwoPhaseCommit

PARTIES = ("a", "b")


class Drawn(Protocol):
    """A protocol from a table: for each state and actor, the states that it can lead to."""

    steps: Any = ()
    good: Any = ()

    @property
    def parties(self):
        return PARTIES

    def start(self):
        return 0

    def events(self, state):
        return [
            Step(actor, f"to {to}", to, odds=None if actor in PARTIES else 1 / len(targets))
            for actor, targets in self.steps[state]
            for to in targets
        ]

    def ended(self, state):
        return state in self.good

    def safety(self):
        return {"never in the last state": lambda state, faulty: state != len(self.steps) - 1}

    def liveness(self):
        return {"good": lambda state, faulty: state in self.good}


@st.composite
def drawn(draw):
    size = draw(st.integers(2, 6))
    targets = st.lists(st.integers(0, size - 1), max_size=2, unique=True)
    rows = [[(actor, draw(targets)) for actor in (*PARTIES, "chance")] for _ in range(size)]
    steps = tuple(tuple((actor, tuple(to)) for actor, to in row if to) for row in rows)
    return Drawn(steps=steps, good=tuple(draw(st.sets(st.integers(0, size - 1), max_size=2))))


def reached(protocol, halt=()):
    seen, waiting = {0}, [0]
    while waiting:
        state = waiting.pop()
        for _, targets in () if state in halt else protocol.steps[state]:
            waiting += [to for to in targets if to not in seen]
            seen.update(targets)
    return seen


def avoidable(protocol, idle):
    """Whether the good can be avoided for ever: any set of states, any choice of what is done in it, tried out."""
    before = reached(protocol, protocol.good) - set(protocol.good)
    if any(all(actor in idle for actor, _ in protocol.steps[state]) for state in before):
        return True
    every = chain.from_iterable(combinations(sorted(before), size) for size in range(1, len(before) + 1))
    return any(_goes_round(protocol, frozenset(states), idle) for states in every)


def _goes_round(protocol, states, idle):
    stays = {}
    for state in states:
        stays[state] = [
            (actor, to)
            for actor, targets in protocol.steps[state]
            for to in targets
            if to in states and (actor in PARTIES or set(targets) <= states)
        ]
        if not stays[state]:
            return False
    for start in states:  # strongly connected
        seen, waiting = {start}, [start]
        while waiting:
            for _, to in stays[waiting.pop()]:
                waiting += [] if to in seen else [to]
                seen.add(to)
        if seen != states:
            return False
    able = {state: {actor for actor, _ in protocol.steps[state]} for state in states}
    acts = {actor for own in stays.values() for actor, _ in own}
    busy = set().union(*able.values()) - set(idle)
    return all(actor in acts or any(actor not in able[state] for state in states) for actor in busy)


@settings(max_examples=300, deadline=None)
@given(protocol=drawn(), idle=st.sampled_from([(), ("a",), ("a", "b")]))
def test_answers_are_those_of_brute_force(protocol, idle):
    found = model_check(protocol, idle)
    stand, safe, live = found.claims
    seen = reached(protocol)
    assert found.states == len(seen)
    assert (safe.verdict == "refuted") == (len(protocol.steps) - 1 in seen)
    assert (stand.verdict == "refuted") == any(not protocol.steps[s] and s not in protocol.good for s in seen)
    assert (live.verdict == "refuted") == avoidable(protocol, idle)
    assert (found.reached["good"] is None) == (not seen & set(protocol.good))
    if safe.verdict == "refuted":
        assert protocol.follow(safe.witness["trace"]) == len(protocol.steps) - 1
    if live.verdict == "refuted":
        _replay(protocol, live.witness, idle)


def _replay(protocol, witness, idle):
    """A stop, or a circle that comes back, is never good, and holds nobody up who may not idle."""
    at = protocol.follow(witness["trace"])
    if witness["then"] == "nothing":
        assert all(actor in idle for actor, _ in protocol.steps[at])
        return
    places = [protocol.follow([*witness["trace"], *witness["then"][:k]]) for k in range(len(witness["then"]) + 1)]
    assert places[-1] == at
    assert not set(places) & set(protocol.good)
    acts = {actor for actor, _ in witness["then"]}
    able = [{actor for actor, _ in protocol.steps[state]} for state in places]
    assert all(actor in acts or any(actor not in here for here in able) for actor in set().union(*able) - set(idle))


def test_traces_are_shortest():
    """A chain of five with a short cut to its end."""
    steps = tuple((("a", (k + 1,)),) for k in range(4))
    straight = Drawn(steps=(*steps, ()), good=(4,))
    cut = Drawn(steps=((("a", (1, 3)),), *steps[1:], ()), good=(4,))
    assert [len(model_check(p).claims[1].witness["trace"]) for p in (straight, cut)] == [4, 2]


def test_a_budget_that_ends_proves_nothing():
    found = model_check(TwoPhaseCommit(participants=4), limit=50)
    assert found.status == "partial"
    assert found.states <= 50
    assert {claim.verdict for claim in found.claims} == {"unknown"}
    assert found.claims[0].numbers["states"] == found.states


def test_a_break_found_within_a_budget_is_one():
    found = model_check(TwoPhaseCommit(participants=3), ["coordinator"], limit=200)
    assert found.status == "partial"
    assert found.claims[-1].verdict == "refuted"


@pytest.mark.parametrize("kinds", [DEVIATIONS, ("silent",), ("equivocate",), ("lie",)])
@pytest.mark.parametrize(
    ("protocol", "most"),
    [
        (Quorum(members=3, votes=2), 3),
        *((Quorum(members=4, votes=3), 1), (TwoPhaseCommit(participants=3), 2), (Gossip(agents=3, loss=0.5), 2)),
        (Broadcast(receivers=2, tries=1), 2),
    ],
)
def test_sets_of_faulty_parties_that_are_declared_alike_get_the_same_answers(protocol, most, kinds):
    """Every set is explored by its name; the search that looks at one of each kind says the worst of all."""
    groups, answers = protocol.alike, {}
    for who in chain.from_iterable(combinations(protocol.parties, size) for size in range(most + 1)):
        kind = (tuple(set(who).difference(*groups)), *(len(set(who) & set(group)) for group in groups))
        found = model_check(protocol, who, kinds=kinds)
        answers.setdefault(kind, []).append([claim.verdict for claim in found.claims])
    assert all(one == own[0] for own in answers.values() for one in own)
    found = model_check(protocol, most, kinds=kinds)
    worst = [
        max(each, key=["proved", "refuted"].index) for each in zip(*(own[0] for own in answers.values()), strict=True)
    ]
    assert [claim.verdict for claim in found.claims] == worst
    numbers = found.claims[0].numbers
    assert numbers["sets of faulty parties"] == sum(map(len, answers.values()))
    assert numbers["sets looked at"] == len(answers)


def test_the_budget_is_for_all_sets_of_faulty_parties_together():
    protocol = Quorum(members=3, votes=2)
    sizes = [model_check(protocol, who).states for who in ([], ["dealer"], ["member 2"])]
    whole = model_check(protocol, 1)
    assert (whole.status, whole.states) == ("complete", sum(sizes))
    assert (
        model_check(protocol, 1, limit=sum(sizes)).claims == whole.claims
    )  # small sets leave the large one their share
    short = model_check(protocol, 1, limit=sum(sizes) - 1)
    assert short.status == "partial"
    assert short.states < sum(sizes)
    wide = model_check(Quorum(members=5, votes=4), 2, limit=2_000)
    assert wide.states <= 2_000


class Paying(Drawn):
    """A chain of two, and what is paid at its end."""

    paid: Any = (0, 0)

    def pays(self, state):
        return self.paid if state == 1 else (None,)


@pytest.mark.parametrize("paid", [(float("nan"), 0), (0,), (0, 0, 0), (0, "x"), (0, None), 3, None])
def test_what_is_paid_at_an_end_is_a_finite_number_for_each(paid):
    with pytest.raises(InputError, match=r"Paying pays .*Pay each a finite number"):
        model_check(Paying(steps=((("a", (1,)),), ()), good=(1,), paid=paid))
    assert model_check(Paying(steps=((("a", (1,)),), ()), good=(1,))).claims[0].verdict == "proved"


class Mates(Drawn):
    """Who is alike is what a test says."""

    mates: Any = ()

    @property
    def alike(self):
        return self.mates


def test_who_is_alike_is_a_party_and_in_one_group():
    with pytest.raises(UnknownName, match="'c'"):
        model_check(Mates(steps=((),), mates=(("a", "c"),)), 1)
    with pytest.raises(InputError, match="one group at most"):
        model_check(Mates(steps=((),), mates=(("a", "b"), ("b",))), 1)


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": True}, {"faulty": 9}, {"faulty": -1}])
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(InputError):
        model_check(TwoPhaseCommit(), **wrong)


def test_unknown_names_are_refused():
    with pytest.raises(UnknownName, match="coordinater"):
        model_check(TwoPhaseCommit(), ["coordinater"])
    with pytest.raises(UnknownName, match="sulk"):
        model_check(TwoPhaseCommit(), kinds=("sulk",))


class Odd(Drawn):
    """States that cannot be hashed, or a kind of step that there is not."""

    list_: bool = False

    def start(self):
        return [] if self.list_ else 0

    def events(self, state):
        return [Step("a", "sulk", 1, "sulk")]  # type: ignore[arg-type]


class Lazy(Drawn):
    """Steps that are made one by one."""

    def events(self, state):
        return iter(())


def test_what_is_no_protocol_is_refused():
    with pytest.raises(InputError, match="Give a list of steps"):
        model_check(Lazy())
    with pytest.raises(InputError, match="cannot be hashed"):
        model_check(Odd(list_=True, steps=((),)))
    with pytest.raises(UnknownName, match="sulk"):
        model_check(Odd(steps=((),)))


class Later(Protocol):
    """The second state's steps are what a test makes them."""

    made: Any = None

    @property
    def parties(self):
        return ("a",)

    def start(self):
        return 0

    def events(self, state):
        return [Step("a", "go", 1)] if state == 0 else self.made() if state == 1 else []

    def ended(self, state):
        return state != 3


@pytest.mark.parametrize(
    "made",
    [
        lambda: [Step("a", "x", [1])],
        lambda: (step for step in []),
        lambda: [("a", "x", 1)],
        lambda: [Step("a", "x", 2), Step("a", "x", 3)],
    ],
)
def test_a_later_state_that_misbehaves_is_told_so(made):
    with pytest.raises(InputError):
        model_check(Later(made))


@pytest.mark.parametrize("faulty", [2.5, None, [3], True, np.array(1)])
def test_faulty_parties_of_another_kind_are_refused(faulty):
    with pytest.raises(InputError):
        model_check(Later(list), faulty)
