"""Strangers meet two at a time, and each can help the other at a cost to itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy, Sight
from ..core.ground import Ground
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ..core.world import World
from . import _pytree as _pytree
from ._effort import Effort
from ._noise import uniform

Array = Any


class State(NamedTuple):
    """`partner int32[P]`: whom each seat meets now, -1 where it meets nobody; `time` counts the steps."""

    partner: Array
    time: Array


class Donation(World):
    """At every step two seats, drawn evenly, meet; others are absent. Whoever gives has `cost`, the other `benefit`.

    Both choose at once (Anastassacos, García, Hailes and Musolesi, 2021). To give never pays by itself, and all are
    best off when all give. Nobody is told what a stranger did to others: that is what reputations are for, which are an
    institution, `Donation().under(Reputation("GBBG"))`. It judges the two who met by each other's standing, because
    only they are present.

    Each seat sees `partner`, the number of the seat that it meets.

    Parameters
    ----------
    benefit, cost : payoff units per gift, to whoever gets it and of whoever makes it.
    """

    players: Annotated[int, Interval(ge=2)] = 10
    horizon: Annotated[int, Interval(ge=1)] = 200
    benefit: float = 5.0
    cost: Annotated[float, Interval(ge=0)] = 1.0
    effort: ClassVar[Effort] = Effort(60_000, 35, 60)
    measures: ClassVar[Mapping[str, str]] = {"gift": "gifts", "received": "gifts"}

    @classmethod
    def small(cls) -> Donation:
        """Four seats that meet often, for runs of a minute."""
        return cls(players=4, horizon=100)

    @property
    def ground(self) -> Ground:
        """Keep (D) or give (C)."""
        return self.plain_ground(self.players, "D", "C")

    def reset(self, key: Array) -> State:
        """The first two meet."""
        return State(self._pair(key), jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Give or keep; then the next two meet."""
        gift, received = self._gifts(state, moves)
        return State(self._pair(key), state.time + 1), self.benefit * received - self.cost * gift

    def observe(self, state: State) -> View:
        """Each sees whom it meets."""
        return View(seat={"partner": state.partner})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Numbers of seats."""
        return {"partner": (-1, self.players - 1)}

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """Gifts that each made and got."""
        return dict(zip(("gift", "received"), self._gifts(before, moves), strict=True))

    def prospects(self, state: State) -> dict[str, Array]:
        """A gift is made by giving; one can be got whatever one does."""
        here = self.present(state)[:, None].astype(jnp.float32)
        return {"gift": here * np.array([0.0, 1.0], np.float32), "received": here * np.ones(2, np.float32)}

    def present(self, state: State) -> Array:
        """The two who meet."""
        return state.partner >= 0

    def bots(self) -> dict[str, Policy]:
        """Anything; keep; give; and give to those in good standing, which is everybody where there are no standings."""
        return {
            "random": Policy(),
            "selfish": Donor(bad="D", good="D"),
            "cooperative": Donor(bad="C", good="C"),
            "discriminating": Donor(),
        }

    def scene(self, state: State) -> Scene:
        """Seats on a circle, and who meets whom."""
        around = 2 * np.pi * np.arange(self.players) / self.players
        names, partner = self.ground.players, np.asarray(state.partner)
        points = {
            name: (float(0.5 + 0.45 * np.sin(at)), float(0.5 - 0.45 * np.cos(at)))
            for name, at in zip(names, around, strict=True)
        }
        one, other = np.flatnonzero(partner >= 0)
        links = ((names[one], names[other], 1.0), (names[other], names[one], 1.0))
        return Scene(links=links, points=points, note=f"{names[one].capitalize()} and {names[other]} meet.")

    def _pair(self, key: Array) -> Array:
        """Two different seats drawn evenly, as the partner of each."""
        draw, seats = uniform(key, (2,), 0), jnp.arange(self.players)
        one = (draw[0] * self.players).astype(jnp.int32)
        other = (draw[1] * (self.players - 1)).astype(jnp.int32)
        other = other + (other >= one)
        return jnp.where(seats == one, other, jnp.where(seats == other, one, -1)).astype(jnp.int32)

    def _gifts(self, state: State, moves: Mapping[str, Array]) -> tuple[Array, Array]:
        """Gifts made and got, `float[P]`."""
        gift = (self.present(state) & (moves["act"] == 1)).astype(jnp.float32)
        return gift, jnp.where(self.present(state), gift.sum() - gift, 0.0)


class Donor(Policy):
    """Does one thing to those in bad standing and one to the others ("C" gives, "D" keeps).

    It reads the standings that an institution shows; without one, everybody counts as good. With the defaults it
    discriminates: action rule 5 of Anastassacos et al. (2021).
    """

    bad: str = "D"
    good: str = "C"

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], Mapping[str, Array]]:
        """One of the two moves."""
        partner = sight.seen["partner"]
        fine = sight.seen["standing"][partner] if "standing" in sight.seen else True
        scores = sight.xp.where(fine, sight.only("act", self.good), sight.only("act", self.bad))
        return {"act": scores}, memory
