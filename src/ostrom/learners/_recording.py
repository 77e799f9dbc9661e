"""`Recording`: an episode as somebody can look at it, step by step, and as rows of the event table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.event import Event
from ..core.ground import Ground, Stage
from ..core.scene import Scene
from ..core.world import World

Made = Mapping[str, tuple[Any, ...]]
"""Part -> what each seat chose, a label or a number; None for who had nothing to choose."""


@dataclass(frozen=True)
class Recording:
    """One episode of T steps: how things stood before each step, what was then chosen, and what came of it.

    Attributes
    ----------
    title : what it is of; `seats` : the names of the P seats; `players` : who sat there, in words.
    scenes : T scenes; `moves` : T times part -> what each seat chose, parts of the stage that was open only.
    payoffs : `float[T, P]`; `facts` : name -> `float[T, P]`.
    """

    title: str
    seats: tuple[str, ...]
    scenes: tuple[Scene, ...]
    moves: tuple[Made, ...]
    payoffs: np.ndarray
    facts: Mapping[str, np.ndarray] = field(default_factory=dict)
    players: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        whole = (len(self.scenes), len(self.seats))
        tables = {"payoffs": self.payoffs, **{f"fact {name!r}": amount for name, amount in self.facts.items()}}
        shapes = {name: np.shape(table) for name, table in tables.items()}
        shapes |= {"moves": (len(self.moves), whole[1]), "players": (whole[0], len(self.players) or whole[1])}
        if odd := next((name for name, shape in shapes.items() if shape != whole), ""):
            raise InputError(
                f"A recording of {whole[0]} scenes and {whole[1]} seats has {odd} of {shapes[odd]}.",
                "Each step has a scene, moves and payoffs, and each seat has its part in them.",
                "Make it with Recording.of(world, played).",
            )

    @classmethod
    def of(
        cls, world: World, played: Any, number: int = 0, *, title: str = "", players: tuple[str, ...] = ()
    ) -> Recording:
        """Episode `number` of what `ostrom.learners.play(world, …, states=True)` returned."""
        if played.states is None:
            raise InputError(
                "What was played has no states.", "Pictures are made of states.", "Play with play(…, states=True)."
            )
        if not 0 <= number < len(played.lasting):
            raise InputError(f"There is no episode {number}: there were {len(played.lasting)}.", do="Count from 0.")
        import jax

        steps = lasting(played, number)
        states = [jax.tree.map(lambda leaf, t=t: leaf[number, t], played.states) for t in range(steps)]
        return cls(
            title or type(world).__name__,
            world.ground.players,
            tuple(map(world.scene, states)),
            tuple(made(world.ground, played, number, t) for t in range(steps)),
            np.asarray(played.payoffs, float)[number, :steps],
            {name: np.asarray(amount, float)[number, :steps] for name, amount in played.facts.items()},
            players,
        )

    @property
    def returns(self) -> np.ndarray:
        """`float[P]`: what each seat got in all."""
        return self.payoffs.sum(0)


def events(world: World, played: Any) -> Iterator[Event]:
    """Every choice and payment of every episode as rows of the event table, in the order of time.

    The rows are those of a live session: a row with the name of the part for each choice, then "paid" with the facts.
    """
    seats = world.ground.players
    for number in range(len(np.asarray(played.payoffs))):
        for t in range(lasting(played, number)):
            for part, chosen in made(world.ground, played, number, t).items():
                for seat, choice in zip(seats, chosen, strict=True):
                    if choice is not None:
                        yield Event(number, t, seat, part, action=choice)
            for k, seat in enumerate(seats):
                facts = {name: float(amount[number, t, k]) for name, amount in played.facts.items()}
                yield Event(number, t, seat, "paid", facts=facts, payoff=float(played.payoffs[number, t, k]))


def lasting(played: Any, number: int) -> int:
    """How many steps an episode took."""
    return int(np.asarray(played.lasting)[number].sum())


def made(ground: Ground, played: Any, number: int, t: int) -> dict[str, tuple[Any, ...]]:
    """What each seat chose in step `t`, in the parts of the stage that was open then."""
    present = np.asarray(played.present)[number, t]
    found = {}
    for part in _open(ground, t):
        chosen = np.asarray(played.moves[part.name])[number, t]
        found[part.name] = tuple(
            None
            if not (part.has(seat) and present[seat])
            else float(choice)
            if part.continuous
            else part.labels_of(seat)[int(choice)]
            for seat, choice in enumerate(chosen)
        )
    return found


def _open(ground: Ground, t: int) -> Stage:
    """The stage of step `t`: openings once, and then all others in every round."""
    first = len(ground.opening)
    return ground.stages[t if t < first else first + (t - first) % (len(ground.stages) - first)]
