"""The game as a tree: moves one after another, chance, and what each player knows when it chooses.

A tree answers the one question every game answers: as a `Game` its moves are reduced pure strategies, and their worth
is found on the tree, without a table. What a large tree is solved with are *behaviours*: odds at each information set.
A behaviour is a mixture of `agent_form`, the game in which every information set is a player of its own (Kuhn 1953).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import InputError, TooLarge, UnknownName
from ..game import Array, Game, Mixture, amount
from ._behaviours import checked, side_by_side
from ._nodes import Chance, Choice, End, Node
from ._sequences import Sequences, sequences
from ._strategies import count, follows, listed
from ._tree import Infoset, Tree, flatten, totals

__all__ = ["Chance", "Choice", "End", "ExtensiveForm", "Infoset", "Node", "Sequences", "Tree"]

STRATEGY_LIMIT = 20_000
"""Reduced pure strategies of one player beyond which they are not listed."""

CELL_LIMIT = 25_000_000
"""Reduced pure strategies of one player times its sequences beyond which they are not listed."""

Behaviour = tuple[Array, ...]
"""Odds at each information set, `float[..., A_h]`, in the order of `infosets`; leading axes are a batch."""


class ExtensiveForm(Game):
    """A finite game in extensive form, with chance and imperfect information.

    Parameters
    ----------
    root : the tree, of `Choice`, `Chance` and `End`. Whole numbers and `Fraction`s are kept exactly.
    players : their names, in the order of payoffs.
    bystanders : names of principals without a move; what is paid lists them after the players.

    Attributes
    ----------
    tree : the same as flat lists. infosets : what can be chosen where, the first player's first.
    ends : `int[T]`, the places where plays end. chance : `float[T]`, the odds that chance takes the way there.
    paid : `float[T, P + B]`; exact_chance, exact_paid : the same as `Fraction`s where all numbers are rational.
    sequences : per player, what it can have done. reached : `int[P, T]`, which of these leads to each end.

    Raises
    ------
    InputError : odds that do not sum to one, payoffs that are not numbers, an information set with different moves.
    UnknownName : a choice of somebody who is no player. TooLarge : more than 2,000,000 nodes, or
        10,000,000 nodes times principals.

    Examples
    --------
    >>> game = ExtensiveForm(Choice("entrant", {"stay out": End(pays=(0, 2)), "enter": Choice("incumbent",
    ...     {"fight": End(pays=(-1, -1)), "share": End(pays=(1, 1))})}), players=("entrant", "incumbent"))
    >>> game.sizes, game.moves[0]
    ((2, 2), ('stay out', 'enter'))
    """

    def __init__(
        self, root: Node, *, players: Sequence[str], name: str = "game", bystanders: Sequence[str] = ()
    ) -> None:
        self.name, self.players, self.bystanders = name, tuple(players), tuple(bystanders)
        unnamed = any(not isinstance(who, str) for who in self.principals)
        if unnamed or not self.players or len(set(self.principals)) < len(self.principals):
            raise InputError(f"The players are {self.principals}.", do="Give at least one name, each only once.")
        self.root = root
        self.tree: Tree = flatten(root, self.players, len(self.principals))
        self.infosets: tuple[Infoset, ...] = self.tree.infosets
        self.ends, chance, paid = totals(self.tree, len(self.principals))
        exact = paid.dtype == object
        self.exact_chance, self.exact_paid = (chance, paid) if exact else (None, None)
        self.chance, self.paid = chance.astype(float), paid.astype(float)
        self.sequences: tuple[Sequences, ...]
        self.sequences, at = sequences(self.tree, len(self.players))
        self.reached = at[:, self.ends]

    # The tree's own questions, about behaviours --------------------------------------------------------------------

    @property
    def perfect_recall(self) -> bool:
        """Whether nobody ever forgets what it did or knew; behaviours are then as good as mixtures (Kuhn 1953)."""
        return all(own.perfect_recall for own in self.sequences)

    @property
    def perfect_information(self) -> bool:
        """Whether everybody always knows the whole past."""
        return all(len(infoset.nodes) == 1 for infoset in self.infosets)

    def own_sets(self, player: int) -> range:
        """The numbers of a player's information sets in `infosets`."""
        return self._own_sets[player]

    @cached_property
    def _own_sets(self) -> list[range]:
        last = np.cumsum([len(own.sets) for own in self.sequences]).tolist()
        return [range(end - len(own.sets), end) for own, end in zip(self.sequences, last, strict=True)]

    def even(self) -> Behaviour:
        """The behaviour that chooses every move equally often everywhere."""
        return tuple(np.full(len(infoset.moves), 1 / len(infoset.moves)) for infoset in self.infosets)

    def behaviour(self, choices: Mapping[tuple[str, str], str | Mapping[str, float] | Sequence[float]]) -> Behaviour:
        """A behaviour by names: `(player, information set) -> move`, `{move: odds}`, or odds in the order of the moves.

        Even where nothing is said. Raises `UnknownName`, and `InputError` for what is no odds of those moves.
        """
        known = {(self.players[infoset.player], infoset.label): k for k, infoset in enumerate(self.infosets)}
        odds = list(self.even())
        for where, choice in choices.items():
            if where not in known:
                raise UnknownName("information set", str(where), [str(key) for key in known])
            moves = self.infosets[known[where]].moves
            if isinstance(choice, Mapping | str):
                wanted = choice if isinstance(choice, Mapping) else {choice: 1.0}
                if (unknown := next((move for move in wanted if move not in moves), None)) is not None:
                    raise UnknownName("move", str(unknown), moves)
                choice = [wanted.get(move, 0.0) for move in moves]
            odds[known[where]] = choice  # type: ignore[call-overload]
        return self.checked(odds)

    def checked(self, behaviour: Sequence[Any]) -> Behaviour:
        """The behaviour as arrays; `InputError` when it is not one of this game (shape, negative odds, sums)."""
        return checked(self, behaviour)

    def plans(self, behaviour: Behaviour) -> Mixture:
        """Per player `float[..., K_i]`: the odds of doing all of each sequence (a realisation plan)."""
        return tuple(own.realised(odds) for own, odds in zip(self.sequences, self.odds(behaviour), strict=True))

    def odds(self, behaviour: Behaviour) -> Mixture:
        """Per player `float[..., K_i]`: the odds of the last choice of each sequence, 1 for having done nothing."""
        self._require_recall()
        _, row = side_by_side(self, behaviour)
        found, passed = [], 0
        for own in self.sequences:
            odds = np.ones((*row.shape[:-1], len(own)))
            odds[..., own.by_set] = row[..., passed : passed + len(own.by_set)]
            found.append(odds)
            passed += len(own.by_set)
        return tuple(found)

    def behaviour_of(self, plans: Mixture) -> Behaviour:
        """The behaviour that does the same as realisation plans `float[..., K_i]`; even where a plan never comes."""
        self._require_recall()
        found: list[Array] = []
        for own, plan in zip(self.sequences, plans, strict=True):
            each = plan[..., own.by_set]
            mass = own.spread(own.summed(each))
            found += own.apart(np.where(mass > 0, each / np.where(mass > 0, mass, 1), 1 / own.spread(own.menus)))
        return tuple(found)

    def worth(self, player: int, plans: Mixture) -> Array:
        """`float[..., K_i]`: what ends right after each own sequence pay a player, weighted by all others' odds."""
        batch = np.broadcast_shapes(*(np.shape(plan)[:-1] for plan in plans))
        weight = np.broadcast_to(self.chance * self.paid[:, player], (*batch, len(self.ends)))  # also for who is alone
        for other, plan in enumerate(plans):
            if other != player:
                weight = weight * plan[..., self.reached[other]]
        return self._gathered(player, weight)

    def value(self, behaviour: Behaviour) -> Array:
        """`float[..., P]`: what each player gets when all behave so."""
        return self.utilities(behaviour)[..., : len(self.players)]

    def utilities(self, behaviour: Behaviour) -> Array:
        """`float[..., P + B]`: the same for all principals, players first."""
        plans = self.plans(self.checked(behaviour))
        weight = self.chance * math.prod(p[..., at] for p, at in zip(plans, self.reached, strict=True))
        return weight @ self.paid

    def gains(self, behaviour: Behaviour) -> Array:
        """`float[P]`: what the best of all own strategies would add for each player (all 0: a Nash equilibrium).

        Exact in float64, by backward induction over the player's own information sets. `InputError` without perfect
        recall, where the best reply is another kind of problem, and for a batch.
        """
        plans = self.plans(self.checked(behaviour))
        if any(plan.ndim > 1 for plan in plans):
            raise InputError("gains() got a batch of behaviours.", do="Give one at a time.")
        found = []
        for player, own in enumerate(self.sequences):
            worth = self.worth(player, plans)
            found.append(own.best(worth)[0][0] - worth @ plans[player])
        return np.maximum(np.array(found), 0.0)

    def table(self, behaviour: Behaviour) -> dict[str, dict[str, dict[str, float]]]:
        """A behaviour in words: player -> information set -> move -> odds."""
        said: dict[str, dict[str, dict[str, float]]] = {player: {} for player in self.players}
        for infoset, own in zip(self.infosets, behaviour, strict=True):
            odds = dict(zip(infoset.moves, np.asarray(own, float).tolist(), strict=True))
            said[self.players[infoset.player]][infoset.label] = odds
        return said

    @cached_property
    def agent_form(self) -> Game:
        """The game in which every information set is a player of its own, paid as its player is (Selten 1975)."""
        from ._agent_form import AgentForm

        self._require_recall()
        return AgentForm(self)

    # As a game over reduced pure strategies ------------------------------------------------------------------------

    @property
    def sizes(self) -> tuple[int, ...]:  # type: ignore[override]
        """How many reduced pure strategies each player has; counted, not listed."""
        return tuple(map(count, self.sequences))

    @property
    def size(self) -> int:
        """How many joint reduced strategies there are (an exact integer, however large)."""
        return math.prod(self.sizes)

    @cached_property
    def moves(self) -> tuple[tuple[str, ...], ...]:  # type: ignore[override]
        """Reduced pure strategies: what is chosen at each own information set that the strategy itself can reach."""
        return tuple(self._names(player) for player in range(len(self.players)))

    @cached_property
    def follows(self) -> tuple[Array, ...]:
        """Per player `float[A_i, K_i]`: 1 where a reduced strategy does all of a sequence (when others let it)."""
        return tuple(map(follows, self.sequences, self._chosen))

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., P]` at joint reduced strategies `int[..., P]`."""
        return self.utilities_at(profiles)[..., : len(self.players)]

    def bystander_payoffs_at(self, profiles: Array) -> Array:
        """Utilities `float[..., B]` of the bystanders at joint reduced strategies `int[..., P]`."""
        return self.utilities_at(profiles)[..., len(self.players) :]

    def utilities_at(self, profiles: Array) -> Array:
        """Utilities `float[..., P + B]` of all principals at joint reduced strategies `int[..., P]`."""
        rows = np.asarray(profiles).reshape(-1, len(self.players))
        step = max(1, 20_000_000 // max(1, len(self.ends)))
        parts = [self._at(rows[k : k + step]) for k in range(0, len(rows), step)]
        flat = np.concatenate(parts) if parts else np.zeros((0, len(self.principals)))
        return flat.reshape(*np.shape(profiles)[:-1], -1)

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """For each player, `float[..., A_i]`: the worth of each reduced strategy against the others' mixture."""
        plans = tuple(np.asarray(x, float) @ follows for x, follows in zip(mixture, self.follows, strict=True))
        return tuple(self.worth(player, plans) @ follows.T for player, follows in enumerate(self.follows))

    def expected_bystander_payoffs(self, mixture: Mixture) -> Array:
        """Expected utilities `float[..., B]` of the bystanders when all play `mixture` independently."""
        plans = [np.asarray(x, float) @ follows for x, follows in zip(mixture, self.follows, strict=True)]
        weight = self.chance * math.prod(p[..., at] for p, at in zip(plans, self.reached, strict=True))
        return weight @ self.paid[:, len(self.players) :]

    def mixture_of(self, behaviour: Behaviour) -> Mixture:
        """Mixtures over reduced strategies that play like a behaviour: at each set drawn apart (Kuhn 1953)."""
        self._require_recall()
        arrays, row = side_by_side(self, self.checked(behaviour))
        found = []
        for player, chosen in enumerate(self._chosen):
            mixture = np.ones((*row.shape[:-1], len(chosen)))
            for at, k in zip(chosen.T, self.own_sets(player), strict=True):
                mixture *= np.where(at < 0, 1.0, arrays[k][..., at])
            found.append(mixture)
        return tuple(found)

    def __repr__(self) -> str:
        sets, ends = len(self.infosets), len(self.ends)
        return f"<ExtensiveForm {self.name}: {len(self.players)} players, {sets} information sets, {ends:,} ends>"

    # Workings ------------------------------------------------------------------------------------------------------

    def _require_recall(self) -> None:
        if forgetful := [p for p, own in zip(self.players, self.sequences, strict=True) if not own.perfect_recall]:
            raise InputError(
                f"In {self.name} {forgetful[0]} forgets what it did or knew.",
                "Without perfect recall behaviours and mixtures of strategies differ, and a best reply is no sum.",
                "Work with it as a game over strategies: dense(), solvers.pure_equilibria(game), solvers.logit(game).",
            )

    def _gathered(self, player: int, weight: Array) -> Array:
        """Sums of `weight` `[..., T]` over the ends after each sequence of a player: `[..., K_i]`."""
        count = len(self.sequences[player])
        if weight.ndim == 1:
            return np.bincount(self.reached[player], weight, count)
        flat = weight.reshape(-1, weight.shape[-1])
        at = self.reached[player] + count * np.arange(len(flat))[:, None]
        return np.bincount(at.ravel(), flat.ravel(), count * len(flat)).reshape(*weight.shape[:-1], count)

    def _at(self, rows: Array) -> Array:
        follows = [f[rows[:, i]][:, at] for i, (f, at) in enumerate(zip(self.follows, self.reached, strict=True))]
        return (self.chance * math.prod(follows)) @ self.paid

    @property
    def listable(self) -> bool:
        """Whether the reduced strategies of all players are few enough to be listed."""
        return all(map(self._few, self.sizes, self.sequences))

    @staticmethod
    def _few(size: int, own: Sequences) -> bool:
        return size <= STRATEGY_LIMIT and size * len(own) <= CELL_LIMIT

    @cached_property
    def strategies(self) -> tuple[list[dict[int, int]], ...]:
        """Per player, each reduced strategy as number among the own information sets -> move; `TooLarge` for many."""
        return tuple(
            [{h: a for h, a in enumerate(row) if a >= 0} for row in chosen.tolist()] for chosen in self._chosen
        )

    @cached_property
    def _chosen(self) -> tuple[Array, ...]:
        """Per player `int[A_i, H_i]`: the move of each reduced strategy at each own information set, -1 for none."""
        for player, size, own in zip(self.players, self.sizes, self.sequences, strict=True):
            if not self._few(size, own):
                raise TooLarge(
                    f"{player} has {amount(size)} strategies of up to {len(own.sets):,} choices in {self.name}.",
                    f"More than {STRATEGY_LIMIT:,} strategies, or {CELL_LIMIT:,} choices in all, are not listed.",
                    "Work with behaviours, which need no list: value, gains, solvers.cfr(game), solvers.sequence_form.",
                )
        return tuple(map(listed, self.sequences))

    def _names(self, player: int) -> tuple[str, ...]:
        sets = [self.infosets[k] for k in self.own_sets(player)]
        if len(sets) == 1:
            return sets[0].moves
        words = [[f"{one.label}: {move}" for move in one.moves] for one in sets]
        chosen = self._chosen[player].tolist()
        return tuple(", ".join(words[h][a] for h, a in enumerate(row) if a >= 0) or "nothing" for row in chosen)
