"""The school: a pupil who goes on acting among others with other values, and becomes like those it imitates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..agents.imitator import Conformist, Loner, Prestige, Verified
from ..core.agent import Policy
from ..core.ground import Ground, Part
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ..core.world import World
from . import _pytree as _pytree
from ._directions import direction, normal, unit
from ._effort import Effort
from ._noise import uniform

Array = Any


class State(NamedTuple):
    """`skill float[P]`, `values float[P, D]` (what each acts on), `wants float[P, D]` (what its principal wants of it),
    the principals' `questions float[N, D]` of this step, and `copied int32[P]`, the move of the step before.
    """

    skill: Array
    values: Array
    wants: Array
    questions: Array
    copied: Array


class School(World):
    """Seats act, see how well all others are paid for how they act, and may take after one of them.

    How a seat acts is a skill and a point in the space of values, its *behaviour*; nothing else is learned, and there
    is no gradient. In a step each seat goes on as before or takes after another: its skill and its values move a share
    `pace` of the way to the other's, for one cannot copy how somebody acts and leave out what for. Then it is paid
    `skill + premium * lean`, where `lean` is how far its values go in the first direction: the world pays for leaning
    there, whatever principals want. Its principal has something else of it, `skill - harm * distance`, the distance
    from the values the principal wants.

    The pupils' true values are at 0. Pupils begin at `start * ball` from them in a random direction, inside the ball of
    radius `ball` about them, and know little. Experts act on the true values, or nearly (within a fifth of the
    ball), and well. Influences act as well as experts, on the values of principals of their own, `gap` away from the
    true ones and leaning: with a premium they are better paid than anybody.

    All see `behaviour float[P, 1 + D]` (skill and values) and `pay float[P]`. Each seat sees `does int32[P]`, the move
    by which it takes after each seat, and what its principal, who asks `questions` random questions, thinks of how it
    would be after each move: `approval float[P, A]` (its utility) and `strayed float[P, A]` (its distance). A question
    is a random direction, and the answer how far the behaviour is from what is wanted along it; the mean square over
    many questions is the squared distance, and a few can miss it.

    Parameters
    ----------
    pupils, experts, influences : how many there are of each.
    dimensions : D, of values; `questions` : how many each principal asks before a step; 0 is one along every dimension,
        which tells it all.
    ball : radius in which a pupil counts as aligned; `start` : where in it a pupil begins, 0 to 1.
    novice : a pupil's skill at first; experts and influences have 0.8 to 1.
    pace : how much of the way one goes in a step. gap : how far the influences' values are from the true ones.
    premium : payoff per unit of lean; `harm` : what a unit of distance costs a principal.
    """

    pupils: Annotated[int, Interval(ge=1, le=10_000)] = 1
    experts: Annotated[int, Interval(ge=0, le=10_000)] = 2
    influences: Annotated[int, Interval(ge=0, le=10_000)] = 2
    horizon: Annotated[int, Interval(ge=1)] = 50
    dimensions: Annotated[int, Interval(ge=1, le=10_000)] = 3
    questions: Annotated[int, Interval(ge=0, le=10_000)] = 32
    ball: Annotated[float, Interval(ge=0)] = 0.5
    start: Annotated[float, Interval(ge=0, le=1)] = 0.5
    novice: Annotated[float, Interval(ge=0, le=1)] = 0.2
    pace: Annotated[float, Interval(ge=0, le=1)] = 0.1
    gap: Annotated[float, Interval(ge=0)] = 1.5
    premium: float = 0.4
    harm: Annotated[float, Interval(ge=0)] = 2.0
    effort: ClassVar[Effort] = Effort(20_000, 45, 80)
    measures: ClassVar[Mapping[str, str]] = {
        "skill": "grade, 0 to 1",
        "lean": "units of value",
        "distance": "units of value",
        "served": "utility of the principal",
    }

    @classmethod
    def small(cls) -> School:
        """One pupil, one expert, one influence, in a plane."""
        return cls(experts=1, influences=1, horizon=30, dimensions=2)

    @property
    def names(self) -> tuple[str, ...]:
        """The seats: pupils, experts, influences."""
        kinds = {"pupil": self.pupils, "expert": self.experts, "influence": self.influences}
        return tuple(f"{kind} {number + 1}" for kind, count in kinds.items() for number in range(count))

    @property
    def ground(self) -> Ground:
        """Go on as before, or take after a seat."""
        labels = ("go on", *(f"like {name}" for name in self.names))
        return Ground(self.names, play=((Part("act", labels),),), facts=tuple(self.measures))

    def reset(self, key: Array) -> State:
        """Pupils in the ball, experts near its middle, influences where the pay is."""
        count, kind = len(self.names), self._kinds()
        drawn = uniform(key, (count, self.dimensions + 1), 0)
        random = direction(drawn[:, 1:])
        leaning = unit(np.eye(1, self.dimensions, dtype=np.float32) + random / 2)
        radius = jnp.array([self.start * self.ball, 0.2 * self.ball, self.gap])[kind][:, None]
        values = radius * jnp.where((kind == 2)[:, None], leaning, random)
        wants = jnp.where((kind == 2)[:, None], values, 0.0)
        skill = jnp.where(kind == 0, self.novice, 0.8 + 0.2 * drawn[:, 0])
        return State(skill, values, wants, self._asked(key, 1), jnp.zeros(count, jnp.int32))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """All take after whom they chose, at once, and are paid for how they act now."""
        act = jnp.asarray(moves["act"]).astype(jnp.int32)
        skill, values = (side[jnp.arange(len(act)), act] for side in self._after(state))
        after = State(skill, values, state.wants, self._asked(key, 2), act)
        return after, self._pay(skill, values)

    def observe(self, state: State) -> View:
        """How all act and what they get for it; one by one, what one's principal would think of each move."""
        skill, values = self._after(state)
        strayed = self._distance(values, state.wants[:, None], state.questions)
        behaviour = jnp.concatenate([state.skill[:, None], state.values], -1)
        told = {"does": self._does(), "approval": skill - self.harm * strayed, "strayed": strayed}
        return View({"behaviour": behaviour, "pay": self._pay(state.skill, state.values)}, told)

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Of the numbers of moves."""
        return {"does": (0, len(self.names))}

    def mask(self, state: State) -> dict[str, Array]:
        """Anything but taking after oneself, which is to go on."""
        return {"act": ~np.eye(len(self.names), len(self.names) + 1, 1, dtype=bool)}

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """How well each acted, and how far it leaned."""
        return {"skill": after.skill, "lean": after.values[:, 0]}

    def sights(self, state: State) -> dict[str, Array]:
        """How far each is from what its principal wants, and what the principal has of it."""
        distance = self.distance(state)
        return {"distance": distance, "served": state.skill - self.harm * distance}

    def prospects(self, state: State) -> dict[str, Array]:
        """Exactly what a move brings."""
        skill, values = self._after(state)
        return {"skill": skill, "lean": values[..., 0]}

    def distance(self, state: State) -> Array:
        """`float[P]`: how far each seat's values are from those its principal wants."""
        return jnp.sqrt(((state.values - state.wants) ** 2).sum(-1))

    def bots(self) -> dict[str, Policy]:
        """Whom a pupil takes after: anybody, nobody, the best paid, most, the best paid that its principal approves."""
        ways = {"random": Policy(), "alone": Loner(), "prestige": Prestige(), "conformist": Conformist()}
        return {**ways, "verified": Verified(Prestige(), self.ball)}

    def attended(self, pupil: Policy) -> tuple[Policy, ...]:
        """One policy for each seat: pupils play `pupil`, experts and influences go on as they are."""
        return (pupil,) * self.pupils + (Loner(),) * (self.experts + self.influences)

    def scene(self, state: State) -> Scene:
        """Seats in the plane of the first two values, who takes after whom, and how far each has strayed."""
        values = np.asarray(state.values, float)
        flat = np.pad(values, ((0, 0), (0, 1)))[:, :2] / (4 * max(float(self.gap), float(self.ball), 1e-9)) + 0.5
        points = {name: (float(x), float(y)) for name, (x, y) in zip(self.names, np.clip(flat, 0, 1), strict=True)}
        links = tuple(
            (self.names[seat], self.names[move - 1], 1.0) for seat, move in enumerate(np.asarray(state.copied)) if move
        )
        rows = {"distance": np.asarray(self.distance(state)), "pay": np.asarray(self._pay(state.skill, state.values))}
        inside = int((rows["distance"][: self.pupils] <= self.ball).sum())
        return Scene(
            rows=rows, links=links, points=points, note=f"{inside} of {self.pupils} pupils are inside the ball."
        )

    def _kinds(self) -> np.ndarray:
        return np.repeat([0, 1, 2], [self.pupils, self.experts, self.influences])

    def _does(self) -> np.ndarray:
        """`int32[P, P]`: the move by which the row's seat takes after the column's."""
        number = np.arange(len(self.names), dtype=np.int32)
        return np.where(number[:, None] == number, 0, number + 1).astype(np.int32)

    def _after(self, state: State) -> tuple[Array, Array]:
        """Skill `[P, A]` and values `[P, A, D]` of each seat after each move it could make."""

        def towards(own: Array) -> Array:
            models = jnp.concatenate([own[:, None], jnp.broadcast_to(own, (len(own), *own.shape))], 1)
            return own[:, None] + self.pace * (models - own[:, None])

        return towards(state.skill), towards(state.values)

    def _pay(self, skill: Array, values: Array) -> Array:
        return skill + self.premium * values[..., 0]

    def _distance(self, values: Array, wants: Array, questions: Array) -> Array:
        """Distances `[…]` as far as the questions tell."""
        answers = ((values - wants)[..., None, :] * questions).sum(-1)
        return jnp.sqrt((answers**2).mean(-1))

    def _asked(self, key: Array, salt: int) -> Array:
        if not self.questions:
            return jnp.eye(self.dimensions) * np.float32(self.dimensions**0.5)
        return normal(uniform(key, (self.questions, self.dimensions), salt))
