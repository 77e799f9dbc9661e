"""The kit for worlds passes honest ones and catches every kind of failure."""

import itertools
from typing import ClassVar

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.core.agent import Policy
from ostrom.core.errors import DeclarationError
from ostrom.core.institution import View
from ostrom.core.scene import Scene, Token
from ostrom.core.world import World
from ostrom.testing import check_world


class Well(World):
    """Three seats draw from a well that fills up at random: as small as a world can be."""

    horizon: int = 12
    measures: ClassVar = {"water": "buckets", "level": "buckets"}

    @property
    def ground(self):
        return self.plain_ground(3, "rest", "draw")

    def reset(self, key):
        return jnp.float32(9.0)

    def step(self, key, state, moves):
        drawn = self.facts(state, moves, state)["water"]
        rain = jax.random.uniform(jax.random.wrap_key_data(key))
        return state - drawn.sum() + rain, drawn

    def observe(self, state):
        return View({"level": state}, {"own": jnp.arange(3)[:, None] * 0 + state})

    def facts(self, before, moves, after):
        return {"water": moves["act"] * before / 10}

    def sights(self, state):
        return {"level": jnp.broadcast_to(state, (3,))}

    def prospects(self, state):
        return {"water": jnp.array([0.0, 1.0]) * jnp.ones((3, 1)) * state / 10}

    def reseated(self, state, order):
        return state


class Misnames(Well):
    def facts(self, before, moves, after):
        return {"water": moves["act"] * before / 10, "mud": jnp.zeros(3)}

    def step(self, key, state, moves):
        return state, jnp.zeros(3)


class TellsTooFew(Well):
    def observe(self, state):
        return View({}, {"own": jnp.zeros(2)})


class ChangesType(Well):
    def reset(self, key):
        return jnp.int32(9)


class Overflows(Well):
    def step(self, key, state, moves):
        return state * 1e30, jnp.full(3, state * 1e30)


class LeavesNoMove(Well):
    def mask(self, state):
        return {"act": jnp.zeros((3, 2), bool)}


class AsksTheAbsent(Well):
    def present(self, state):
        return jnp.array([True, True, False])

    def mask(self, state):
        return {"act": jnp.ones((3, 2), bool)}


class PaysTheAbsent(Well):
    def present(self, state):
        return jnp.array([True, True, False])

    def step(self, key, state, moves):
        return state, jnp.ones(3)


class PromisesTooLittle(Well):
    def prospects(self, state):
        return {"water": jnp.zeros((3, 2))}


class Forgets(Well):
    calls = itertools.count()

    def step(self, key, state, moves):
        return state, jnp.full(3, float(next(self.calls)))


class Favours(Well):
    def step(self, key, state, moves):
        after, drawn = super().step(key, state, moves)
        return after, drawn * jnp.array([2.0, 1.0, 1.0])


class ShowsMore(Well):
    ranges: ClassVar = {"level": (0, 8)}


class ShowsElse(Well):
    ranges: ClassVar = {"mud": (0, 8)}


class EndsForEach(Well):
    def over(self, state):
        return jnp.array([False, False, True])


class Revives(Well):
    def over(self, state):
        return state > 8


class EndsAllTheSame(Well):
    ends: ClassVar = False

    def over(self, state):
        return state < 5


class DrawsBeside(Well):
    def scene(self, state):
        return Scene(cells={"water": np.ones((2, 2))}, tokens=(Token(0, 2),))


class DrawsTooFew(Well):
    def scene(self, state):
        return Scene(rows={"buckets": np.zeros(2)})


class DrawsTooMuch(Well):
    def scene(self, state):
        return Scene(cells={"water": np.full((2, 2), 1.5)})


class LinksNowhere(Well):
    def scene(self, state):
        return Scene(points={"well": (0, 0)}, links=(("well", "house", 1.0),))


class SaysNothing(Well):
    def words(self, state):
        return None


class Thrifty(Policy):
    """Draws every other time, while there is enough."""

    enough: float = 5.0

    def begin(self):
        return {"turn": np.int32(0)}

    def act(self, sight, memory):
        rich = sight.seen["level"] > self.enough
        drawn = sight.xp.where(rich & (memory["turn"] == 1), sight.only("act", "draw"), sight.only("act", "rest"))
        return {"act": drawn}, {"turn": 1 - memory["turn"]}


class TooWide(Thrifty):
    def act(self, sight, memory):
        return {"act": sight.xp.zeros(3)}, memory


class OtherPart(Thrifty):
    def act(self, sight, memory):
        return {"move": sight.only("act", "rest")}, memory


class Branches(Thrifty):
    def act(self, sight, memory):
        return {"act": sight.only("act", "draw" if sight.seen["level"] > 5 else "rest")}, memory


class Grows(Thrifty):
    def act(self, sight, memory):
        return {}, {"turn": memory["turn"], "last": sight.seen["level"]}


class Wavers(Thrifty):
    def act(self, sight, memory):
        return {"act": sight.only("act", "draw") if sight.xp is np else sight.only("act", "rest")}, memory


class Played(Well):
    bot: Policy = Thrifty()

    def bots(self):
        return {"bot": self.bot}


class Complete(Played):
    """A well that says all that a world can say of itself."""

    ranges: ClassVar = {"level": (-1, 20), "own": (-1, 20)}

    def step(self, key, state, moves):
        drawn = self.facts(state, moves, state)["water"]
        return jnp.where(self.over(state), state, state - drawn.sum()), drawn

    def over(self, state):
        return state < 5

    def scene(self, state):
        return Scene(
            cells={"water": np.ones((2, 2), bool)},
            tokens=(Token(1, 1, seat=2, heading="north"),),
            points={"well": (0.5, 1)},
            links=(("well", "well", 1.0),),
            note="Three draw.",
        )


def test_an_honest_world_passes():
    passed = check_world(Well())
    assert len(passed) == 11
    assert passed[-4:] == (
        "ranges: none declared",
        "end: not before the last step that was looked at",
        "scene: as data and in words",
        "bots: none",
    )
    assert "seats are alike, as declared" in passed
    assert "prospects are kept: water" in passed


def test_so_does_one_that_says_all_it_can():
    assert check_world(Complete())[-4:] == (
        "ranges are kept: level, own",
        "end: before the horizon, and for good",
        "scene: as data and in words",
        "bots play, compiled and live: bot",
    )


def test_an_end_is_asked_for_when_a_round_opens():
    from ostrom.institutions import Contract

    assert "end: before the horizon, and for good" in check_world(Complete().under(Contract("draw", damages=1.0)))


def test_so_does_one_under_an_institution():
    from ostrom.institutions import Quota

    assert "seats: not declared alike" in check_world(Well().under(Quota("water", 0.5)))


@pytest.mark.parametrize(
    ("world", "said"),
    [
        (Misnames(), "facts and sights give 'mud', which measures does not name; it names level, water"),
        (TellsTooFew(), "observe tells 'own' in the shape"),
        (ChangesType(), "changes its state"),
        (Overflows(), "gives payoffs"),
        (LeavesNoMove(), "seat 0 without a move"),
        (AsksTheAbsent(), "absent seats"),
        (PaysTheAbsent(), "absent seats"),
        (PromisesTooLittle(), "prospects were at most 0"),
        (Forgets(), "answers otherwise"),
        (Favours(), "all seats are alike, but payoffs"),
        (ShowsMore(), "shows 'level' from 9 to 9 at step 0, outside its range 0 … 8"),
        (ShowsElse(), "a range of 'mud'"),
        (EndsForEach(), "over gives the shape \\(3,\\), where \\(\\) is expected"),
        (Revives(), "and goes on at step"),
        (EndsAllTheSame(), "its ends is False"),
        (DrawsBeside(), "a token at \\(0, 2\\)"),
        (DrawsTooFew(), "a row of 3 seats"),
        (DrawsTooMuch(), "beyond 0 … 1"),
        (LinksNowhere(), "from 'well' to 'house'"),
        (SaysNothing(), "words that are None"),
        (Played(bot=TooWide()), "bot' of Played scores 'act'"),
        (Played(bot=OtherPart()), "scores 'move'"),
        (Played(bot=Branches()), "cannot be compiled"),
        (Played(bot=Grows()), "in mind after"),
        (Played(bot=Wavers()), "otherwise with NumPy"),
    ],
    ids=lambda value: type(getattr(value, "bot", value)).__name__,
)
def test_every_failure_is_caught(world, said):
    with pytest.raises(DeclarationError, match=said):
        check_world(world)


def test_the_same_seed_gives_the_same_answer():
    assert check_world(Well(), seed=3) == check_world(Well(), seed=3)
    assert np.isfinite(float(Well().seated(3).state))


class Blurred(Well):
    def observe(self, state):
        return View({"level": jnp.where(state < 100, jnp.nan, state)})


class CannotDraw(Well):
    def scene(self, state):
        return Scene(dials={"level": state.level})


class CannotSay(Well):
    def words(self, state):
        return "There is " + state


class ListsBots(Well):
    def bots(self):
        return [Thrifty()]


class BreaksBots(Well):
    def bots(self):
        return {"bot": self.best}


class OtherLabel(Thrifty):
    def act(self, sight, memory):
        return {"act": sight.only("act", "swim")}, memory


class ScoresOnly(Thrifty):
    def act(self, sight, memory):
        return {"act": sight.only("act", "rest")}


@pytest.mark.parametrize(
    ("world", "said"),
    [
        (Blurred(), "gives 'level' in its view = nan at step 0"),
        (CannotDraw(), "CannotDraw.scene raises AttributeError"),
        (CannotSay(), "CannotSay.words raises"),
        (ListsBots(), "has bots that are a list"),
        (BreaksBots(), "BreaksBots.bots raises AttributeError"),
        (
            Played(bot=OtherLabel()),
            "The bot 'bot' of Played raises UnknownName: There is no label of act called 'swim'",
        ),
        (Played(bot=ScoresOnly()), "raises TypeError: act gives .* where two dicts are asked for"),
    ],
    ids=lambda value: type(getattr(value, "bot", value)).__name__,
)
def test_so_is_one_that_shows_as_it_is_played(world, said):
    with pytest.raises(DeclarationError, match=said):
        check_world(world)
