"""One seat of a world as a Gymnasium environment. Needs gymnasium: `pip install 'ostrom[environments]'`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium

from ..core.agent import Policy
from ..core.errors import InputError, UnknownName
from ..core.world import World
from ._others import others_of
from ._outline import require_sound
from ._spaces import Choices, known_mode, observation_space
from ._stepping import Standing, Stepping, Told, next_seed


class OneSeat(gymnasium.Env):
    """One seat of a world through Gymnasium's API; the other seats are played by policies, within the compiled step.

    One sees a row of numbers (`Box`, float32), and chooses the number of a label (`Discrete`; `MultiDiscrete` where a
    move has several parts), or a number (`Box`). The info holds `action_mask`, what may be chosen next, and the facts
    of the step by name. A move that is not permitted counts as the first that is.

    Without a seed, the first `reset` begins the episode of seed 0, and later ones go on from there.

    Parameters
    ----------
    world : bare or under institutions.
    seat : the name of one's own seat; by default the first.
    others : a policy for all other seats, or one for each by name; by default they choose evenly.
    named : see a `Dict` by name instead, each thing in its own shape.
    render_mode : "ansi" lets `render` say the state in words.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 4}  # noqa: RUF012

    def __init__(
        self,
        world: World,
        seat: str | None = None,
        others: Policy | Mapping[str, Policy] = Policy(),  # noqa: B008
        *,
        named: bool = False,
        render_mode: str | None = None,
    ) -> None:
        require_sound(world)
        players = world.ground.players
        if seat is not None and seat not in players:
            raise UnknownName("seat", str(seat), players)
        self.world, self.render_mode = world, known_mode(render_mode)
        self._seat = 0 if seat is None else players.index(seat)
        self._stepping = Stepping(world, named, others_of(world.ground, self._seat, others))
        self._choices = Choices(world.ground, (self._seat,))
        self.observation_space = observation_space(self._stepping.shapes, world.ranges, named)
        self.action_space = self._choices.spaces[0]
        self._names, self._facts = tuple(self._stepping.shapes), world.ground.facts
        self._next_seed, self._at, self._on = 0, None, False

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode: what one sees, and what is known."""
        super().reset(seed=seed)
        seed = self._next_seed if seed is None else seed
        self._next_seed, self._on = next_seed(seed), True
        self._at, told = self._stepping.start(seed)
        return self._seen(told), self._known(told)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One's own move, and those of the others."""
        if not self._on or self._at is None:
            raise InputError("There is no episode to step.", "None has begun, or it is over.", "Call reset() first.")
        self._at, told = self._stepping.step(self._at, self._choices.numbers([action]))
        reward, over, cut, *facts = told.numbers[:, self._seat].tolist()
        self._on = not (over or cut)
        known = self._known(told) | dict(zip(self._facts, facts, strict=True))
        return self._seen(told), reward, over > 0, cut > 0, known

    def render(self) -> Any:
        """The state in words, in the render mode "ansi"."""
        at: Standing | None = self._at
        return self.world.words(at.state) if self.render_mode == "ansi" and at is not None else None

    def _seen(self, told: Told) -> Any:
        rows = [array[self._seat] for array in told.seen]
        return rows[0] if self._names == ("",) else dict(zip(self._names, rows, strict=True))

    def _known(self, told: Told) -> dict[str, Any]:
        return {"action_mask": next(iter(self._choices.masks([array[[self._seat]] for array in told.mask])))}
