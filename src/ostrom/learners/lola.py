"""LOLA: learning with opponent-learning awareness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.agent import NEVER, Sight
from ..core.errors import InputError
from ..core.game import Game
from ..core.record import Interval
from ..core.seeds import words
from ..core.world import World
from ..worlds._prng import wrap
from . import _advantages, _joint, _memory_one, _states
from ._learner import Array, Learner, Memory, Mind, Space, Track
from ._lookahead import ascent


class Scores(NamedTuple):
    """A mind: how states are counted, `scores float[S, A - 1]` (that of the first move is 0), what states are worth."""

    code: _states.Code
    scores: Array
    values: Array
    horizon: Array


@dataclass(frozen=True)
class Pairs:
    """What became of K pairs that learned with exact gradients.

    Attributes
    ----------
    game : the table game that is repeated, institutions included.
    payoffs : per step, discounted, before each of T steps of learning and after the last, `float[K, T + 1, 2]`.
    odds : of the moves, `float[K, 2, 1 + A·B, M]`: in the first round (row 0) and after each joint move (1 + a·B + b).
    scores : what the odds come from, `float[K, 2, 1 + A·B, M - 1]`.
    """

    game: Game
    payoffs: np.ndarray = field(repr=False)
    odds: np.ndarray = field(repr=False)
    scores: np.ndarray = field(repr=False)

    @property
    def ends(self) -> np.ndarray:
        """Payoffs per step at the end, `float[K, 2]`."""
        return self.payoffs[:, -1]


class LOLA(Learner):
    """Learners that follow their own gradient, and shape what the others learn next (Foerster et al., 2018).

    In a world they estimate both from what happened, all seats at once (`∇ⱼ Vᵢ` and `∇ᵢ ∇ⱼ Vⱼ` by the trick of DiCE,
    Foerster et al., 2018b, with advantages as Farquhar et al., 2019), and play by a table of scores. All seats belong
    to one learner. `exact` takes two through a repeated table game with exact gradients instead. With `look=0` both
    are naive learners.

    Parameters
    ----------
    rate : how far a step goes up the gradient; `look` : how large the others' next step is thought to be.
    discount : of payoffs, per step; `trace` : λ of the advantages.
    state : the views by which states are told apart; () is one state for all; None is everything seen.
    spread : standard deviation of the first scores.
    worth : how far what states are worth moves towards what was met, 0 to 1.
    length, copies : steps between two updates (best a whole episode), and episodes side by side.
    """

    rate: Annotated[float, Interval(ge=0)] = 1.0
    look: Annotated[float, Interval(ge=0)] = 1.0
    discount: Annotated[float, Interval(ge=0, le=1)] = 0.96
    trace: Annotated[float, Interval(ge=0, le=1)] = 1.0
    state: tuple[str, ...] | None = ("last",)
    spread: Annotated[float, Interval(ge=0)] = 1.0
    worth: Annotated[float, Interval(ge=0, le=1)] = 0.3
    length: Annotated[int, Interval(ge=1)] = 64  # type: ignore[misc]
    copies: Annotated[int, Interval(ge=1)] = 64  # type: ignore[misc]

    def begin(self, key: Array, space: Space) -> Mind:
        """Scores drawn by chance; raises `InputError` where what is seen cannot be counted."""
        moves = _joint.count("LOLA", space)
        counted, rows = _states.code("LOLA", space, self.state)
        scores = self.spread * jax.random.normal(key, (rows, moves - 1))
        return Scores(counted, scores, jnp.zeros(rows), jnp.float32(space.horizon))

    def recall(self, mind: Mind, space: Space) -> Memory:
        """The number of the step, for discounting."""
        return jnp.int32(0)

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """Draw from the scores."""
        scores = self._scores(mind.code, mind.scores, sight.seen, sight.mask)
        return _joint.moves(jax.random.categorical(key, scores), sight.mask), memory + 1, {}

    def improve(self, key: Array, minds: Mind, tracks: Track, done: Array) -> tuple[Mind, dict[str, Array]]:
        """One step of all seats up their gradients, with an eye on each other's."""
        seats, players = tracks.payoff.shape[0], tracks.payoffs.shape[-1]
        if seats != players:
            raise InputError(
                f"{seats} of {players} seats are given to a LOLA.",
                "It looks at what all the others learn, and sees the minds of its own seats only.",
                "Give all seats to one LOLA, or use AdvantageAlignment, which needs no other mind.",
            )
        gained, values, error = jax.vmap(self._judged)(minds, tracks)
        looks = jnp.broadcast_to(jnp.asarray(self.look, dtype=jnp.float32), (seats,))
        up = ascent(lambda scores: self._worth(minds, scores, tracks, gained), minds.scores, looks)
        return minds._replace(scores=minds.scores + self.rate * up, values=values), {"value error": error}

    def exact(
        self, world: World, other: LOLA | None = None, *, steps: int = 500, seeds: int = 50, seed: int = 0
    ) -> Pairs:
        """Pairs who play a table game for ever, remember the last joint move, and learn with exact gradients.

        Parameters
        ----------
        world : a `MatrixWorld` of two seats, bare or under institutions.
        other : who sits in the second seat; by default the same. `LOLA(look=0)` is a naive learner.
        steps : of learning. seeds : how many pairs, `seed`, `seed + 1`, …; each begins alike alone.

        Raises `InputError` for another world, and where the two discount differently.
        """
        other = other or self
        if other.discount != self.discount:
            raise InputError(
                f"The discounts are {self.discount} and {other.discount}.",
                "What both get is computed at once.",
                "Give both the same.",
            )
        game = _memory_one.game_of("LOLA.exact", world)
        numbers = [np.array([getattr(one, name) for one in (self, other)]) for name in ("rate", "look", "spread")]
        keys = np.array([words(seed + number) for number in range(seeds)], np.uint32)
        payoffs, odds, scores = map(
            np.asarray, _learned(_memory_one.pair_of(game), self.discount, *numbers, keys, steps)
        )
        return Pairs(game, payoffs, odds, scores)

    def _scores(self, code: Any, scores: Array, seen: Mapping[str, Array], mask: Mapping[str, Array]) -> Array:
        """Scores `[A]` of the moves there are."""
        row = scores[_states.row(code, seen, self.state)]
        return jnp.where(_joint.permitted(mask), jnp.concatenate([jnp.zeros(1), row]), NEVER)

    def _judged(self, mind: Scores, track: Track) -> tuple[Array, Array, Array]:
        """Advantages `[T, E]` of one seat, what its states are worth now, and by how much it was wrong."""
        rows, after = (_rows(mind.code, seen, self.state) for seen in (track.seen, track.after))
        later = jnp.where(track.over, 0.0, mind.values[after])
        surprise = track.payoff + self.discount * later - mind.values[rows]
        gained = _advantages.traced(surprise, track.cut, self.discount * self.trace)
        count = jnp.zeros_like(mind.values).at[rows].add(1.0)
        wrong = jnp.zeros_like(mind.values).at[rows].add(gained) / jnp.maximum(count, 1.0)
        return gained, mind.values + self.worth * wrong, jnp.square(gained).mean()

    def _worth(self, minds: Scores, scores: Array, tracks: Track, gained: Array) -> Array:
        """What each seat gets, `[S]`: 0 in value, right in all its derivatives but for what lies beyond the track."""
        total = jax.vmap(self._logs)(minds, scores, tracks).sum(0)
        cut, weight = tracks.cut[0], self.discount ** tracks.memory[0]
        until = jnp.einsum("tke,ke->te", _earlier(cut), total)
        made = _one(until + total) - _one(until)
        starts = (tracks.memory[0] == 0).sum()
        episodes = jnp.maximum(starts, total.size / minds.horizon[0])
        return (weight * made * gained).sum((1, 2)) / episodes

    def _logs(self, mind: Scores, scores: Array, track: Track) -> Array:
        """The log of the odds of what one seat did, `[T, E]`."""

        def one(seen: Any, mask: Any, moves: Any) -> Array:
            return jax.nn.log_softmax(self._scores(mind.code, scores, seen, mask))[_joint.number(moves, mask)]

        return jax.vmap(jax.vmap(one))(track.seen, track.mask, track.moves)


@partial(jax.jit, static_argnames="steps")
def _learned(
    pair: _memory_one.Pair, discount: Array, rates: Array, looks: Array, spreads: Array, keys: Array, steps: int
) -> tuple[Array, Array, Array]:
    """Payoffs on the way, odds and scores at the end, of a pair for each of the keys."""

    def worth(scores: Array) -> Array:
        return _memory_one.value(pair, scores, discount)

    def one(key: Array) -> tuple[Array, Array, Array]:
        def step(scores: Array, _: Any) -> tuple[Array, Array]:
            return scores + rates[:, None, None] * ascent(worth, scores, looks), worth(scores)

        first = spreads[:, None, None] * jax.random.normal(wrap(key), (2, *pair.shape))
        scores, path = jax.lax.scan(step, first, None, steps)
        path = (1 - discount) * jnp.concatenate([path, worth(scores)[None]])
        return path, jax.vmap(_memory_one.odds)(scores, pair.exists), scores

    return jax.vmap(one)(keys)


def _rows(code: Any, seen: Mapping[str, Array], names: Any) -> Array:
    return jax.vmap(jax.vmap(lambda one: _states.row(code, one, names)))(seen)


def _earlier(cut: Array) -> Array:
    """`float[T, T, E]`: 1 where step k comes before step t in the same episode."""
    episode = jnp.cumsum(cut, 0) - cut
    steps = jnp.arange(len(cut))
    before = (steps[:, None] > steps)[..., None] & (episode[:, None] == episode)
    return before.astype(jnp.float32)


def _one(logs: Array) -> Array:
    """1, with the derivatives of the odds whose logs these are."""
    return jnp.exp(logs - jax.lax.stop_gradient(logs))
