"""What double oracle asks: who plays, what answers best to a mixture of policies, and what policies earn together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import PROFILE_LIMIT, Array, Game, Mixture

Policy = Any
Pools = Sequence[Sequence[Policy]]
"""For each player, the policies found so far."""


@dataclass(frozen=True)
class Oracle:
    """A game known only through replies to it; policies are whatever the two functions understand.

    Attributes
    ----------
    players : names.
    best_response : `(player, pools, mixture) -> policy`: a policy for player number `player` against the others, of
        whom player j plays `pools[j][k]` with probability `mixture[j][k]`. It may be exact, a search or a learner.
    evaluate : `profile -> float[P]`: what policies, one per player, earn on average.
    start : the first policies of each player, one at least.
    exact : whether `best_response` is known to be best. Then the regret is that of the whole game; otherwise it is
        what these replies gained, a lower bound.
    """

    players: tuple[str, ...]
    best_response: Callable[[int, Pools, Mixture], Policy]
    evaluate: Callable[[tuple[Policy, ...]], Array | Sequence[float]]
    start: Pools
    exact: bool = False

    @staticmethod
    def of_game(game: Game, start: Sequence[int] | None = None) -> Oracle:
        """Moves as policies, with exact replies by `game.deviation_payoffs`; the table is never asked for.

        `start` is one move number per player, by default the first of each.
        """
        first = game.profile(game.labels(start)) if start is not None else (0,) * len(game.players)

        def best_response(player: int, pools: Pools, mixture: Mixture) -> int:
            return int(game.deviation_payoffs(over_moves(game, pools, mixture))[player].argmax())

        def evaluate(profile: tuple[int, ...]) -> Array:
            return game.payoffs_at(np.array(profile))

        return Oracle(game.players, best_response, evaluate, tuple([move] for move in first), exact=True)


class Empirical:
    """The table of payoffs among the policies found so far; nothing is evaluated twice."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle, self.evaluations = oracle, 0
        self.pools: list[list[Policy]] = [list(own) for own in oracle.start]
        if len(self.pools) != len(oracle.players) or not all(self.pools):
            raise InputError(
                f"{len(self.pools)} lists of first policies for {len(oracle.players)} players.",
                "Everybody starts with at least one policy.",
                "Give one list per player.",
            )
        self._known: dict[tuple[int, ...], Array] = {}
        self.table = self._filled()

    @property
    def game(self) -> NormalForm:
        """The table as a game among policies."""
        return NormalForm(self.table, players=self.oracle.players, name="game among policies")

    def worth(self, player: int, policy: Policy, mixture: Mixture) -> float:
        """What a policy earns its player against the others' mixture of the policies found."""
        place = known(self.pools[player], policy)
        if place is not None:
            return float(self.game.deviation_payoffs(mixture)[player][place])
        met = [np.flatnonzero(x) for x in mixture]
        met[player] = np.array([len(self.pools[player])])
        total = 0.0
        for profile in np.stack(np.meshgrid(*met, indexing="ij"), -1).reshape(-1, len(met)):
            odds = [x[k] for j, (x, k) in enumerate(zip(mixture, profile, strict=True)) if j != player]
            total += float(np.prod(odds)) * self._earned(tuple(profile.tolist()), player, policy)[player]
        return total

    def add(self, new: Mapping[int, Policy]) -> None:
        """A further policy for some players, and what it earns with all others."""
        kept = {}
        for profile, earned in self._known.items():  # of policies that were tried and are not added, nothing is kept
            if all(k < len(own) or i in new for i, (k, own) in enumerate(zip(profile, self.pools, strict=True))):
                kept[profile] = earned
        self._known = kept
        for player, policy in new.items():
            self.pools[player].append(policy)
        self.table = self._filled()

    def _filled(self) -> Array:
        sizes = tuple(len(own) for own in self.pools)
        if np.prod(sizes, dtype=float) > PROFILE_LIMIT:
            raise TooLarge(
                f"There are {sizes} policies.",
                f"More than {PROFILE_LIMIT:,} joint policies are not evaluated.",
                "Ask for fewer rounds or a larger tolerance.",
            )
        table = np.empty((*sizes, len(sizes)))
        for profile in np.ndindex(*sizes):
            table[profile] = self._earned(profile)
        return table

    def _earned(self, profile: tuple[int, ...], player: int = -1, policy: Policy = None) -> Array:
        """Payoffs at numbers of policies, where `player` has `policy` whatever its number says."""
        if profile not in self._known:
            pairs = enumerate(zip(self.pools, profile, strict=True))
            played = tuple(policy if i == player else own[k] for i, (own, k) in pairs)
            earned = np.asarray(self.oracle.evaluate(played), float)
            if earned.shape != (len(self.pools),) or not np.isfinite(earned).all():
                raise InputError(
                    f"Policies were evaluated at {earned!r:.80}.",
                    f"A game of {len(self.pools)} players needs as many finite payoffs.",
                    "Return one number per player.",
                )
            self._known[profile] = earned
            self.evaluations += 1
        return self._known[profile]


def over_moves(game: Game, pools: Pools, mixture: Mixture) -> Mixture:
    """A mixture of moves that were found, as a mixture over all moves of the game."""
    whole = tuple(np.zeros(size) for size in game.sizes)
    for own, found, odds in zip(whole, pools, mixture, strict=True):
        np.add.at(own, np.asarray(found, int), odds)
    return whole


def known(pool: Sequence[Policy], policy: Policy) -> int | None:
    """The place of a policy in a list of them, None when it is new; what cannot be compared is new."""
    return next((k for k, other in enumerate(pool) if other is policy or _equal(other, policy)), None)


def _equal(one: Policy, two: Policy) -> bool:
    try:
        return bool(one == two)
    except (TypeError, ValueError):  # arrays, networks
        return False
