"""Protocols: traces, what chance and parties may do, and the game that a protocol becomes."""

from fractions import Fraction

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
