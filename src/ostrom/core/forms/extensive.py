"""The game as a tree: moves one after another, chance, and what each player knows when it chooses.

A tree answers the one question every game answers: as a `Game` its moves are reduced pure strategies, and their worth
is found on the tree, without a table. What a large tree is solved with are *behaviours*: odds at each information set.
A behaviour is a mixture of `agent_form`, the game in which every information set is a player of its own (Kuhn 1953).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import InputError, TooLarge, UnknownName
from ..game import Array, Game, Mixture, amount
from ._nodes import Chance, Choice, End, Node
from ._sequences import Sequences, sequences
from ._tree import Infoset, Tree, flatten, totals

__all__ = ["Chance", "Choice", "End", "ExtensiveForm", "Infoset", "Node", "Sequences", "Tree"]

STRATEGY_LIMIT = 20_000
"""Reduced pure strategies of one player beyond which they are not listed."""

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
    UnknownName : a choice of somebody who is no player. TooLarge : more than 2,000,000 nodes.

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
        if not self.players or len(set(self.principals)) < len(self.principals):
            raise InputError(f"The players are {self.principals}.", do="Give at least one name, each only once.")
        self.root = root
        self.tree: Tree = flatten(root, self.players, len(self.principals))
        self.infosets: tuple[Infoset, ...] = self.tree.infosets
        self.ends, chance, paid = totals(self.tree, len(self.principals))
        exact = paid.dtype == object
        self.exact_chance, self.exact_paid = (chance, paid) if exact else (None, None)
        self.chance, self.paid = chance.astype(float), paid.astype(float)
        found = [sequences(self.tree, player) for player in range(len(self.players))]
        self.sequences: tuple[Sequences, ...] = tuple(own for own, _ in found)
        self.reached = np.stack([at[self.ends] for _, at in found])

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
        mine = [k for k, infoset in enumerate(self.infosets) if infoset.player == player]
        return range(mine[0], mine[-1] + 1) if mine else range(0)

    def even(self) -> Behaviour:
        """The behaviour that chooses every move equally often everywhere."""
        return tuple(np.full(len(infoset.moves), 1 / len(infoset.moves)) for infoset in self.infosets)

    def behaviour(self, choices: Mapping[tuple[str, str], str | Mapping[str, float]]) -> Behaviour:
        """A behaviour by names: `(player, information set) -> move` or `{move: odds}`; even where nothing is said."""
        known = {(self.players[infoset.player], infoset.label): k for k, infoset in enumerate(self.infosets)}
        odds = list(self.even())
        for where, choice in choices.items():
            if where not in known:
                raise UnknownName("information set", str(where), [str(key) for key in known])
            moves = self.infosets[known[where]].moves
            wanted = choice if isinstance(choice, Mapping) else {choice: 1.0}
            if unknown := next((move for move in wanted if move not in moves), None):
                raise UnknownName("move", str(unknown), moves)
            odds[known[where]] = np.array([float(wanted.get(move, 0.0)) for move in moves])
        return self.checked(odds)

    def checked(self, behaviour: Sequence[Any]) -> Behaviour:
        """The behaviour as arrays; `InputError` when it is not one of this game (shape, negative odds, sums)."""
        if len(behaviour) != len(self.infosets):
            raise InputError(
                f"A behaviour with odds at {len(behaviour)} information sets.",
                f"{self.name} has {len(self.infosets)}.",
                "Give odds for each of game.infosets, in that order; game.behaviour({…}) takes names.",
            )
        arrays = tuple(np.asarray(own, float) for own in behaviour)
        for own, infoset in zip(arrays, self.infosets, strict=True):
            fits = own.ndim > 0 and own.shape[-1] == len(infoset.moves)
            if not fits or not (own >= 0).all() or not np.allclose(own.sum(-1), 1, atol=1e-8):
                said = np.array2string(own, threshold=6)
                raise InputError(
                    f"At {infoset.label!r} {self.players[infoset.player]} has odds {said}.",
                    f"Odds of {len(infoset.moves)} moves are not negative and sum to one.",
                    "Mend them.",
                )
        return arrays

    def plans(self, behaviour: Behaviour) -> Mixture:
        """Per player `float[..., K_i]`: the odds of doing all of each sequence (a realisation plan)."""
        return tuple(own.realised(odds) for own, odds in zip(self.sequences, self.odds(behaviour), strict=True))

    def odds(self, behaviour: Behaviour) -> Mixture:
        """Per player `float[..., K_i]`: the odds of the last choice of each sequence, 1 for having done nothing."""
        self._require_recall()
        batch = np.broadcast_shapes(*(np.shape(own)[:-1] for own in behaviour), ())
        found = []
        for player, own in enumerate(self.sequences):
            odds = np.ones((*batch, len(own)))
            flat = [np.broadcast_to(behaviour[k], (*batch, np.shape(behaviour[k])[-1])) for k in self.own_sets(player)]
            if flat:
                starts = np.cumsum([0, *own.sets])
                odds[..., 1:] = np.concatenate(flat, axis=-1)[..., starts[own.info[1:]] + own.move[1:]]
            found.append(odds)
        return tuple(found)

    def behaviour_of(self, plans: Mixture) -> Behaviour:
        """The behaviour that does the same as realisation plans `float[..., K_i]`; even where a plan never comes."""
        self._require_recall()
        found: list[Array] = []
        for own, plan in zip(self.sequences, plans, strict=True):
            for h, size in enumerate(own.sets):
                rows = np.flatnonzero(own.info == h)  # in the order of moves
                mass = plan[..., rows].sum(-1, keepdims=True)
                found.append(np.where(mass > 0, plan[..., rows] / np.where(mass > 0, mass, 1), 1 / size))
        return tuple(found)

    def worth(self, player: int, plans: Mixture) -> Array:
        """`float[..., K_i]`: what ends right after each own sequence pay a player, weighted by all others' odds."""
        weight = self.chance * self.paid[:, player]
        for other, plan in enumerate(plans):
            if other != player:
                weight = weight * plan[..., self.reached[other]]
        return self._gathered(player, weight)

    def value(self, behaviour: Behaviour) -> Array:
        """`float[..., P]`: what each player gets when all behave so."""
        return self.utilities(behaviour)[..., : len(self.players)]

    def utilities(self, behaviour: Behaviour) -> Array:
        """`float[..., P + B]`: the same for all principals, players first."""
        weight = self.chance * math.prod(p[..., at] for p, at in zip(self.plans(behaviour), self.reached, strict=True))
        return weight @ self.paid

    def gains(self, behaviour: Behaviour) -> Array:
        """`float[P]`: what the best of all own strategies would add for each player (all 0: a Nash equilibrium).

        Exact in float64, by backward induction over the player's own information sets. `InputError` without perfect
        recall, where the best reply is another kind of problem.
        """
        plans = self.plans(self.checked(behaviour))
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
        return tuple(_count(own) for own in self.sequences)

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
        return tuple(self._follows(player) for player in range(len(self.players)))

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
        odds = self.odds(self.checked(behaviour))
        found = []
        for own, follows, at in zip(self.sequences, self.follows, odds, strict=True):
            chosen = [np.flatnonzero(row * (own.info >= 0)) for row in follows]
            found.append(np.array([at[..., rows].prod(-1) for rows in chosen]).T)
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

    @cached_property
    def strategies(self) -> tuple[list[dict[int, int]], ...]:
        """Per player, each reduced strategy as number among the own information sets -> move; `TooLarge` for many."""
        for player, size in zip(self.players, self.sizes, strict=True):
            if size > STRATEGY_LIMIT:
                raise TooLarge(
                    f"{player} has {amount(size)} strategies in {self.name}.",
                    f"More than {STRATEGY_LIMIT:,} are not listed.",
                    "Work with behaviours, which need no list: value, gains, solvers.cfr(game), solvers.sequence_form.",
                )
        return tuple(_reduced(own) for own in self.sequences)

    def _names(self, player: int) -> tuple[str, ...]:
        sets = [self.infosets[k] for k in self.own_sets(player)]
        if len(sets) == 1:
            return sets[0].moves
        return tuple(
            ", ".join(f"{sets[h].label}: {sets[h].moves[a]}" for h, a in sorted(strategy.items())) or "nothing"
            for strategy in self.strategies[player]
        )

    def _follows(self, player: int) -> Array:
        own, strategies = self.sequences[player], self.strategies[player]
        chosen = np.array([[s.get(h, -1) for h in range(len(own.sets))] for s in strategies]).reshape(
            len(strategies), -1
        )
        found = np.ones((len(strategies), len(own)))
        for row in range(1, len(own)):  # the sequence without the last choice comes before
            found[:, row] = found[:, own.parent[row]] * (chosen[:, own.info[row]] == own.move[row])
        return found


def _count(own: Sequences) -> int:
    if not own.perfect_recall:
        return math.prod(own.sets)
    ways = [1] * len(own)  # plans for all that can follow a sequence
    for sets, starts, rows in own.levels:
        for h, first, size in zip(sets, starts, np.diff(starts, append=len(rows)), strict=True):
            ways[own.before[h]] *= sum(ways[row] for row in rows[first : first + size])
    return ways[0]


def _reduced(own: Sequences) -> list[dict[int, int]]:
    if not own.perfect_recall:
        return [dict(enumerate(pick)) for pick in itertools.product(*map(range, own.sets))]
    plans: list[list[dict[int, int]]] = [[{}] for _ in range(len(own))]
    for sets, starts, rows in own.levels:
        for h, first, size in zip(sets.tolist(), starts, np.diff(starts, append=len(rows)), strict=True):
            own_rows = rows[first : first + size].tolist()
            choices = [{h: int(own.move[row])} | plan for row in own_rows for plan in plans[row]]
            above = plans[own.before[h]]
            plans[own.before[h]] = [done | chosen for done in above for chosen in choices]
    return plans[0]
