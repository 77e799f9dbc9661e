"""Protocols: traces, what chance and parties may do, and the game that a protocol becomes."""

from fractions import Fraction
from typing import Any

import pytest

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.protocol import DEVIATIONS, Protocol, Step, refused_kinds


class Ping(Protocol):
    """A sends until it arrives, B answers, or does not."""

    loss: float = 0.5

    @property
    def parties(self):
        return ("a", "b")

    def start(self):
        return "ready"

    def events(self, state):
        if state == "ready":
            return [Step("a", "send", "sent"), Step("a", "give up", "over", odds=0)]
        if state == "sent":
            return [Step("net", "lose", "sent", odds=self.loss), Step("net", "deliver", "there", odds=1 - self.loss)]
        return [Step("b", "answer", "answered"), Step("b", "keep still", "over", "silent")] if state == "there" else []

    def sees(self, state, party):
        return ""

    def pays(self, state):
        return {"answered": (2, 0), "over": (0, 1)}.get(state, (0, 0))


def test_a_trace_is_followed():
    assert Ping().follow([]) == "ready"
    assert Ping().follow([("a", "send"), ("net", "lose"), ("net", "deliver"), ("b", "answer")]) == "answered"


def test_a_step_that_cannot_be_made_is_refused_with_what_can():
    with pytest.raises(InputError, match=r"Step 2 .* What can come there is: net: lose; net: deliver"):
        Ping().follow([("a", "send"), ("b", "answer")])
    with pytest.raises(InputError, match="deliver"):
        Ping(loss=1.0).follow([("a", "send"), ("net", "deliver")])  # odds 0: chance never does
    assert Ping().follow([("a", "give up")]) == "over"  # a party may


def test_a_draw_that_changes_nothing_is_drawn_again():
    game, honest = Ping(loss=0.9).play()
    assert game.players == ("a", "b")
    assert game.value(honest).tolist() == [2.0, 0.0]
    assert game.gains(honest).tolist() == [0.0, 1.0]
    assert game.infosets[0].moves == ("send", "give up")


def test_who_is_not_free_follows_and_looks_on():
    game, honest = Ping().play([("b",)])
    assert (game.players, game.bystanders) == (("b",), ("a",))
    assert game.utilities(honest).tolist() == [0.0, 2.0]
    both, behaviour = Ping().play([("a", "b")])
    assert both.players == ("a + b",)
    assert both.value(behaviour).tolist() == [2.0]
    assert both.infosets[0].moves == ("a: send", "a: give up")
    only, _ = Ping().play(kinds=())
    assert only.infosets[-1].moves == ("answer",)


def test_fractions_stay_exact():
    class Coin(Ping):
        def events(self, state):
            return [Step("coin", str(k), k) for k in range(3)] if state == "ready" else []

        def pays(self, state):
            return (Fraction(state), 0)

    game, _ = Coin().play()
    assert game.exact_chance.tolist() == [Fraction(1, 3)] * 3


def test_labels_of_one_actor_differ():
    class Twice(Ping):
        def events(self, state):
            return [Step("a", "go", k) for k in range(2)] if state == "ready" else []

    with pytest.raises(InputError, match="labels differ"):
        Twice().play()


def test_everybody_is_paid():
    class Short(Ping):
        def pays(self, state):
            return (1,)

    with pytest.raises(InputError, match="The parties are"):
        Short().play()


def test_kinds():
    assert refused_kinds(["lie"]) == {"lie"}
    assert refused_kinds(DEVIATIONS) == set(DEVIATIONS)
    with pytest.raises(UnknownName, match="deviation"):
        refused_kinds(["honest"])


def test_what_is_not_said_is_neutral():
    plain = Protocol()
    assert plain.ended(0)
    assert plain.sees(3, "a") == 3
    assert dict(plain.safety()) == dict(plain.liveness()) == {}
    assert Ping() == Ping()
    assert Ping(loss=0.2) != Ping()


class Odd(Protocol):
    """Two parties whose only steps come from a function of the state."""

    made: Any = None

    @property
    def parties(self):
        return ("a", "b")

    def start(self):
        return 0

    def events(self, state):
        return self.made(state) if state == 0 else []


ODD = {
    "states that cannot be hashed": lambda s: [Step("a", "x", [1])],
    "no list": lambda s: None,
    "no steps": lambda s: [("a", "x", 1)],
    "an unknown kind": lambda s: [Step("a", "x", 1, "zzz")],
    "labels that are no text": lambda s: [Step("a", 3, 1)],
    "odds that are no numbers": lambda s: [Step("net", "x", 1, odds="q"), Step("net", "y", 2)],
    "odds of chance that fall short": lambda s: [Step("net", "x", 1, odds=0.4)],
}


@pytest.mark.parametrize("made", ODD.values(), ids=ODD)
def test_a_protocol_that_misbehaves_is_told_so(made):
    with pytest.raises(InputError):
        Odd(made).play()
    with pytest.raises(InputError):
        Odd(made).follow([("a", "x")])


def test_traces_groups_kinds_and_payments_of_another_kind():
    fine = Odd(lambda s: [Step("a", "x", 1)])
    for asked in (lambda: fine.follow(3), lambda: fine.follow(["x"]), lambda: fine.play(3), lambda: fine.play(kinds=3)):
        with pytest.raises(InputError):
            asked()

    class Sees(Odd):
        def sees(self, state, party):
            return []

    class Pays(Odd):
        def pays(self, state):
            return ("q", 0)

    for kind, said in ((Sees, "hashed"), (Pays, "number")):
        with pytest.raises(InputError, match=said):
            kind(lambda s: [Step("a", "x", 1)]).play()
