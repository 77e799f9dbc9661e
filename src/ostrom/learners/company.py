"""A company of different players, of whom one takes the seat in each episode: strangers to train among."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import jax
import jax.numpy as jnp

from ..core.agent import Sight
from ..core.errors import InputError
from ..core.record import Interval
from ..core.world import World
from ._frozen import Frozen, Part, kinds_of, parts
from ._learner import Array, Learner, Memory, Mind, Space
from ._scripted import Trained
from ._table import space_of


class Company(Learner):
    """Whoever sits here is drawn anew as each episode begins, with even odds; nobody learns.

    Made with `Company.of(world, players)`. To learn with one in the other seats is to learn among strangers (fictitious
    co-play: Strouse et al., 2021; the background populations of Melting Pot: Leibo et al., 2021).

    Parameters
    ----------
    kinds : the kinds of players in it; `members` : how many there are.
    """

    kinds: tuple[Learner, ...]
    members: Annotated[int, Interval(ge=1)] = 1
    learns: ClassVar[bool] = False

    @staticmethod
    def of(world: World, players: Sequence[Any]) -> Trained:
        """These policies and trained players in a world; raises `InputError` for none, or one who is not trained."""
        if not players:
            raise InputError("A company has no members.", do="Give at least one policy or trained player.")
        kinds = kinds_of([players])
        mind = jax.tree.map(lambda leaf: leaf[:, 0], parts(kinds, [[one] for one in players], [0], space_of(world)))
        return Trained(Company(kinds, len(players)), mind)

    def begin(self, key: Array, space: Space) -> Mind:
        """Members of the first kind who know nothing; `of` gives those who do."""
        keys = jax.random.split(key, self.members)
        return jax.vmap(lambda one: Frozen(self.kinds).begin(one, space))(keys)

    def recall(self, mind: Mind, space: Space) -> Memory:
        """Nobody has been drawn yet, and every member begins as it does."""

        def own(which: Array, minds: tuple[Mind, ...]) -> Memory:
            return Frozen(self.kinds).recall(Part(which, minds), space)

        return jnp.int32(-1), jax.vmap(own)(jnp.asarray(mind.which), mind.minds)

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """What the member who was drawn does; the memories of the others stay as they are."""
        draws, own = jax.random.split(key)
        who, kept = memory
        who = jnp.where(who < 0, jax.random.randint(draws, (), 0, self.members), who).astype(jnp.int32)
        mine, held = jax.tree.map(lambda leaf: jnp.asarray(leaf)[who], (mind, kept))
        moves, after, _ = Frozen(self.kinds).act(own, mine, held, sight)
        return moves, (who, jax.tree.map(lambda leaf, new: leaf.at[who].set(new), kept, after)), {}
