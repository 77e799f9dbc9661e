"""What there is to say about power, as data."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.forms.coalitional import Coalitional
from ..solvers.banzhaf import Banzhaf
from ..solvers.coalition_proof import Departure
from ..solvers.core_of import Core
from ..solvers.shapley import Shapley
from ._power_found import Seizure, ShutOut, adds_nothing


@dataclass(frozen=True, eq=False)
class PowerParts:
    """Who could do what with whom.

    Attributes
    ----------
    name, players : of the game. principals : players and bystanders.
    kind : "game" of moves, "worths" of coalitions, or a "vote".
    had : what each principal has as things are: where play settles; of worths, what each is worth alone.
    where : how that was found, in words.
    worths : what each group can count on in sum, as a coalitional game.
    shapley, banzhaf : what each player adds on average to groups.
    core : whether a division holds that no group can better by leaving.
    able : the smallest groups that can count on more than their members have, by name.
    blockers : the smallest groups that no able one can do without; a single one has a veto.
    seizures : of the able ones, those that would leave the others worse off whatever they do.
    shut_outs : the smallest groups that could hold somebody below what it has, whatever all others do.
    at : the joint move by label where play settles; () where it is mixed.
    leaves, stays : a smallest group that would leave it together, each member gaining; and one that would then stay.
    """

    name: str
    players: tuple[str, ...]
    principals: tuple[str, ...]
    kind: str
    had: tuple[float, ...]
    where: str
    worths: Coalitional = field(repr=False)
    shapley: Shapley = field(repr=False)
    banzhaf: Banzhaf = field(repr=False)
    core: Core = field(repr=False)
    able: tuple[tuple[str, ...], ...] = ()
    blockers: tuple[tuple[str, ...], ...] = ()
    seizures: tuple[Seizure, ...] = ()
    shut_outs: tuple[ShutOut, ...] = ()
    at: tuple[str, ...] = ()
    leaves: Departure | None = None
    stays: Departure | None = None

    @property
    def vetoes(self) -> tuple[str, ...]:
        """Who is needed by every group that could better itself."""
        return tuple(block[0] for block in self.blockers if len(block) == 1)

    @property
    def threatens(self) -> bool:
        """Whether some group could seize, or shut out a player (a bystander is shut out from the start)."""
        return bool(self.seizures) or any(shut.outsider in self.players for shut in self.shut_outs)

    @property
    def dummies(self) -> tuple[str, ...]:
        """Voters whose voice never decides; of other games, who adds to no group more than it is worth alone."""
        if self.kind == "vote":
            return tuple(name for name, share in zip(self.players, self.shapley.values, strict=True) if share == 0)
        return tuple(name for i, name in enumerate(self.players) if adds_nothing(self.worths, i))
