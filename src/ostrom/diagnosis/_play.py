"""How a delegation is played with some of its faults repaired: what each corner of the three switches is worth.

Agents pursue one objective each (the pursued reward, the specified one, or their principal's utility), play with
finite or perfect precision, each for itself or as one. Everything here is worked out once and kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, cached_property

import numpy as np

from ..core.delegation import Delegation
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Mixture
from ..solvers.logit import Branch, logit_branch

PURSUED, SPECIFIED, OWN = 0, 1, 2
"""Whose objective an agent follows: the reward it pursues, the one that was specified, its principal's utility."""
TIE = 1e-9
"""Share of the range of welfare below which two outcomes, or two equilibria, are as good as each other."""

Aims = tuple[int, ...]
"""Per agent PURSUED, SPECIFIED or OWN."""


def expect(table: Array, mixture: Sequence[Array]) -> float:
    """The mean of a table over joint moves when players mix independently."""
    for odds in reversed(mixture):
        table = table @ odds
    return float(table)


def spread(table: Array, player: int) -> float:
    """Root-mean-square spread of a table over one player's own moves, the others playing uniformly."""
    return float(np.sqrt(((table - table.mean(axis=player, keepdims=True)) ** 2).mean()))


def rescaled(reward: Array, utility: Array, norm: float) -> Array:
    """The reward with the mean and norm of the utility (the norm `norm` where the utility is constant)."""
    centred = reward - reward.mean()
    size = np.linalg.norm(centred)
    if np.ptp(reward) <= 1e-12 * np.abs(reward).max(initial=0.0):
        return np.full_like(utility, utility.mean())
    own = np.linalg.norm(utility - utility.mean())
    return utility.mean() + centred * ((own if own > 1e-12 * np.abs(utility).max(initial=0.0) else norm) / size)


class Play:
    """The plays of a delegation, and the mean welfare of its principals' utilities under each.

    `precision` is λ in [0, ∞] for agents whose capability is not repaired.
    """

    def __init__(self, delegation: Delegation, precision: float = math.inf) -> None:
        self.delegation, self.precision = delegation, precision
        self.utilities, self.count = delegation.utilities, len(delegation.game.players)
        self.worth = delegation.welfare.on_table(self.utilities)
        self.seats = range(self.count)
        self.branch, self.alone = cache(self._branch), cache(self._alone)
        self.together, self.value = cache(self._together), cache(self._value)

    @cached_property
    def range(self) -> float:
        """Welfare of the best joint move less that of the worst."""
        return float(np.ptp(self.worth))

    @cached_property
    def columns(self) -> tuple[tuple[Array, Array, Array], ...]:
        """Per agent its pursued reward, its specified reward and its utility, on the utility's scale."""
        norms = [float(np.linalg.norm(u - u.mean())) for u in np.moveaxis(self.utilities, -1, 0)]
        typical = float(np.mean([norm for norm in norms if norm > 0] or [1.0]))
        specified = self.delegation.rewards if self.delegation.specified is None else self.delegation.specified
        found = []
        for i in self.seats:
            utility = self.utilities[..., i]
            pursued = rescaled(self.delegation.rewards[..., i], utility, typical)
            found.append((pursued, rescaled(specified[..., i], utility, typical), utility))
        return tuple(found)

    def all(self, aim: int) -> Aims:
        """Everybody with the same kind of aim."""
        return self.aims((aim,) * self.count)

    def aims(self, aims: Sequence[int]) -> Aims:
        """The same aims, with those that come to the same thing written the same way."""
        return tuple(self._alike[i][aim] for i, aim in zip(self.seats, aims, strict=True))

    @cached_property
    def _alike(self) -> tuple[tuple[int, ...], ...]:
        def last_like(columns: tuple[Array, ...], aim: int) -> int:
            size = np.ptp(columns[OWN]) + np.ptp(columns[aim])
            return max(k for k in range(3) if np.abs(columns[k] - columns[aim]).max() <= 1e-10 * size)

        return tuple(tuple(last_like(columns, aim) for aim in range(3)) for columns in self.columns)

    def objectives(self, aims: Aims) -> Array:
        """What agents then pursue, and bystanders' utilities, `[A_1, …, A_P, P + B]`."""
        chosen = [self.columns[i][aim] for i, aim in zip(self.seats, aims, strict=True)]
        return np.concatenate([np.stack(chosen, -1), self.utilities[..., self.count :]], axis=-1)

    @cached_property
    def unit(self) -> float:
        """The mean own-move spread of utilities, in which λ is counted; of rewards where no utility has any."""
        for aims in ((OWN,) * self.count, (PURSUED,) * self.count):
            if (mean := self._own_spread(aims)) > 0:
                return mean
        return 1.0

    def _own_spread(self, aims: Aims) -> float:
        spreads = [spread(self.columns[i][aim], i) for i, aim in zip(self.seats, aims, strict=True)]
        floor = 1e-12 * max(float(np.abs(self.utilities).max()), 1e-300)
        return float(np.mean([s if s > floor else 0.0 for s in spreads]))

    # Each for itself

    def game(self, aims: Aims, tilt: Mixture | None = None) -> NormalForm:
        """The game in which every agent is paid by its aim, with `tilt[i]` added to i's own moves."""
        table = self.objectives(aims)[..., : self.count].copy()
        for i, extra in enumerate(tilt or ()):
            table[..., i] += extra.reshape([-1 if axis == i else 1 for axis in self.seats])
        return NormalForm(table)

    def _branch(self, aims: Aims) -> Branch:
        """The principal logit branch of that game, to its limit."""
        return logit_branch(self.game(aims))

    def _alone(self, aims: Aims, sharp: tuple[bool, ...]) -> Mixture:
        """What agents play each for itself; `sharp` agents with perfect precision, the others with λ."""
        if all(sharp) or math.isinf(self.precision):
            return self.branch(aims).at(math.inf)
        if not any(sharp):
            return self.branch(aims).at(self.raw)
        caps = [math.inf if perfect else self.raw for perfect in sharp]
        return logit_branch(self.game(aims), caps=caps).at(math.inf)

    @property
    def raw(self) -> float:
        """λ per payoff unit instead of per mean own-move spread."""
        return self.precision / self.unit

    # As one

    def _together(self, aims: Aims, sharp: tuple[bool, ...]) -> Array:
        """The odds of joint moves when agents act as one; the sharp ones complete best what the others do."""
        potential = self.delegation.welfare.on_table(self.objectives(aims))
        if math.isinf(self.precision):
            sharp = (True,) * self.count
        perfect = tuple(i for i in self.seats if sharp[i])
        best = potential.max(axis=perfect, keepdims=True)
        chosen = potential >= best - TIE * max(float(np.ptp(potential)), 1e-300)
        odds = chosen / chosen.sum(axis=perfect, keepdims=True)
        if len(perfect) == self.count:
            return odds
        weights = np.exp(self._joint_precision(aims, potential) * (best - best.max()))
        return odds * (weights / weights.sum())

    def _joint_precision(self, aims: Aims, potential: Array) -> float:
        """λ κ per payoff unit: κ keeps the precision that agents have each for themselves (design/0002-facets.md)."""
        shared = float(np.mean([spread(potential, i) for i in self.seats]))
        if shared <= 1e-12 * max(float(np.abs(potential).max()), 1e-300):
            return 0.0
        own, everybody = self._own_spread(aims), self._own_spread((OWN,) * self.count)
        return self.precision / shared * (own / everybody if everybody > 0 else 1.0)

    # What it is worth

    def _value(self, aims: Aims, sharp: tuple[bool, ...], as_one: bool) -> float:
        """Mean welfare of principals' utilities when agents play so."""
        if as_one:
            return float((self.together(aims, sharp) * self.worth).sum())
        return expect(self.worth, self.alone(aims, sharp))
