"""Games in stages: ballots before play, punishments after it, advice whispered first.

With public views the concept is subgame-perfect equilibrium, found by backward induction over pure play. With private
views it is what nobody gains by deviating from: `gains(strategies)`, the exact best reply over everything a seat can do
with what it knows (obedience, for advice). Solving a table instead would answer another question, so the lift does not.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ..agent import Strategy
from ..errors import CarrierError, TooLarge
from ..forms.normal_form import NormalForm
from ..game import Game, Mixture, amount
from .induction import Outcomes, is_public, subgame_perfect
from .plays import Plays
from .replies import behaviour, best_reply

STRATEGY_LIMIT = 4_000


class Staged(Game):
    """A finite game under institutions that make it a tree.

    As a `Game` its moves are reduced pure strategies, so that everything that works on tables works on it while the
    tree is small. Attributes `base` and `institutions` keep what it was made of.
    """

    def __init__(self, base: Game, plays: Plays) -> None:
        self.base, self.institutions, self.charter = base, plays.charter.institutions, plays.charter
        self.plays = plays
        self.players, self.bystanders = base.players, base.bystanders
        self.name = f"{base.name} under {self.charter}"

    @cached_property
    def public(self) -> bool:
        """Whether at every stage all seats know the same and know every earlier move (so subgames begin there)."""
        return is_public(self.plays)

    @property
    def concept(self) -> str:
        """The solution concept that fits: what `verify` has to check."""
        return "subgame-perfect equilibrium" if self.public else "no gain from deviating (obedience)"

    def subgame_perfect(self, tolerance: float = 1e-9) -> Outcomes:
        """All pure subgame-perfect outcomes, by backward induction over what each subgame can be worth.

        An outcome of a stage is sustained when every single deviation can be answered with a continuation equilibrium
        that makes it no gain. Raises `CarrierError` when views are private: then there are no subgames to speak of.
        """
        if not self.public:
            raise CarrierError(
                f"Seats of {self.name} know different things.",
                "Subgame perfection needs everybody to know the past.",
                "Check a strategy with gains(…); for advice that is obedience.",
            )
        return subgame_perfect(self.plays, tolerance)

    def value(self, strategies: Strategy | Sequence[Strategy]) -> np.ndarray:
        """`float[P]`: what each player gets when all play these strategies (one for all, or one per seat)."""
        weight = self.plays.chance * np.prod(behaviour(self.plays, strategies), axis=(0, 1))
        return weight @ self.plays.payoffs

    def gains(self, strategies: Strategy | Sequence[Strategy]) -> np.ndarray:
        """`float[P]`: what the best of all own strategies would add for each player, the others as given.

        Exact for seats that remember what they knew and did (perfect recall), which is checked.
        """
        played = behaviour(self.plays, strategies)
        paid = self.plays.payoffs
        best = [best_reply(self.plays, (seat,), played, paid[:, seat])[0] for seat in range(len(self.players))]
        return np.array(best) - self.value(strategies)

    # As a table of reduced strategies ----------------------------------------------------------------------------

    @cached_property
    def _strategies(self) -> list[tuple[list[str], np.ndarray]]:
        return [_reduced_strategies(self.plays, seat, self.name) for seat in range(len(self.players))]

    @property
    def moves(self) -> tuple[tuple[str, ...], ...]:  # type: ignore[override]
        """Reduced pure strategies: at each own information set, in order, the label chosen."""
        return tuple(tuple(names) for names, _ in self._strategies)

    @cached_property
    def _table(self) -> NormalForm:
        table = self._at_strategies(self.plays.payoffs)
        count = len(self.players)
        return NormalForm(
            table[..., :count],
            players=self.players,
            moves=self.moves,
            name=self.name,
            bystanders=self.bystanders,
            bystander_payoffs=table[..., count:],
        )

    def _at_strategies(self, payoffs: np.ndarray) -> np.ndarray:
        """What is got at the ends of the tree, `[N, P]`, and by the bystanders, at joint strategies."""
        sizes = [len(names) for names, _ in self._strategies]
        if math.prod(sizes) * self.plays.rows > 400_000_000:
            raise TooLarge(
                f"{self.name} has {amount(math.prod(sizes))} profiles of strategies.",
                "Its strategic form would not fit.",
                "Use subgame_perfect() or gains(…), which work on the tree.",
            )
        values = np.concatenate([payoffs, self.plays.bystanders], 1)
        table = (self.plays.chance[:, None] * values).T[None]
        for _, follows in self._strategies:  # [profiles so far, values, rows] meets [own strategies, rows]
            table = (table[:, None] * follows[None, :, None]).reshape(-1, values.shape[1], self.plays.rows)
        return table.sum(-1).reshape(*sizes, values.shape[1])

    @cached_property
    def _utilities(self) -> np.ndarray:
        return self._at_strategies(self.plays.paid)

    def utilities_at(self, profiles: np.ndarray) -> np.ndarray:
        """Utilities of all principals at joint strategies: what is paid, whatever agents want."""
        return self._utilities[tuple(np.moveaxis(np.asarray(profiles), -1, 0))]

    def dense(self) -> NormalForm:
        """The strategic form over reduced strategies; refused with the count when it would not fit."""
        return self._table

    def payoffs_at(self, profiles: np.ndarray) -> np.ndarray:
        """Payoffs at joint strategies."""
        return self._table.payoffs_at(profiles)

    def bystander_payoffs_at(self, profiles: np.ndarray) -> np.ndarray:
        """Utilities of bystanders at joint strategies."""
        return self._table.bystander_payoffs_at(profiles)

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """What each own strategy is worth against the others' mixture of strategies."""
        return self._table.deviation_payoffs(mixture)


def _reduced_strategies(plays: Plays, seat: int, name: str) -> tuple[list[str], np.ndarray]:
    """Names, and `bool[K, N]`: which rows each reduced pure strategy of the seat follows."""
    found: list[tuple[str, np.ndarray]] = [("", plays.legal.copy())]
    for stage in range(len(plays.info)):
        if not plays.parts_at(stage, seat):
            continue
        grown = []
        for label, follows in found:
            sets = np.unique(plays.info[stage][follows, seat])
            options = [np.unique(plays.choice[stage][follows & (plays.info[stage][:, seat] == k), seat]) for k in sets]
            if len(found) * math.prod(len(o) for o in options) > STRATEGY_LIMIT:
                raise TooLarge(
                    f"{plays.game.players[seat]} has more than {STRATEGY_LIMIT:,} strategies in {name}.",
                    "Its strategic form would not fit.",
                    "Use subgame_perfect() or gains(…), which work on the tree.",
                )
            for pick in itertools.product(*options):
                chosen = dict(zip(sets, pick, strict=True))
                wanted = np.array([chosen.get(k, -1) for k in plays.info[stage][:, seat]])
                text = "/".join(_choice_name(plays, stage, seat, k) for k in pick)
                grown.append(
                    (f"{label}, {text}" if label else text, follows & (plays.choice[stage][:, seat] == wanted))
                )
        found = grown
    return [label for label, _ in found], np.array([follows for _, follows in found])


def _choice_name(plays: Plays, stage: int, seat: int, choice: int) -> str:
    names = []
    for part in reversed(plays.parts_at(stage, seat)):
        labels = part.labels_of(seat)
        names.insert(0, labels[choice % len(labels)])
        choice //= len(labels)
    return "+".join(names)
