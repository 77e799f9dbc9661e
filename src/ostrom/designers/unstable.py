"""How to make a named joint move unstable: by one ban, or by the cheapest promise to whoever leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..audits._case import Case
from ..core.claim import Claim, Finding
from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Game
from ..solvers.pure_equilibria import pure_equilibria
from ._changes import Change, Settling, bans, claims_of, nothing, promises
from ._goals import left_open
from ._remedy import ROUNDING, Problem, Profile, gains

SOURCE = {
    "ban": "Restriction of moves; after Oesterle and Sharon (AAAI 2023)",
    "promise": "A promise for one move, as in Monderer and Tennenholtz, k-Implementation (JAIR 2004)",
}


@dataclass(frozen=True, eq=False)
class Unstable:
    """A change after which somebody leaves a joint move, or it cannot be played any more.

    Attributes
    ----------
    kind : "ban" or "promise".
    profile : the joint move that is not to last, by label.
    player, move : for a ban, whose move is forbidden, and which; for a promise, who is to leave, and for which move.
        Empty when nothing is needed.
    amount : what is promised, on top of what the player gets, for that move while the others stay; 0 for a ban.
    paid : the most that the promise costs at any pure equilibrium it leads to; 0 where nobody stays to collect it.
    settles : the pure equilibria of what results, by label, with their welfare.
    welfare : of the joint move itself.
    objection : why it is not proposed; empty when it is.
    claims : that the joint move is not stable any more; and, where play can settle, how bad that is at most.
    governed : the agents' game with the change.
    """

    kind: Literal["ban", "promise"]
    profile: tuple[str, ...]
    player: str
    move: str
    amount: float
    paid: float
    settles: Settling
    welfare: float
    objection: str
    claims: tuple[Claim, ...]
    governed: NormalForm

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to forbid or to promise, what of it would be paid, and where play can settle then."""
        where = f"({', '.join(self.profile)})"
        said = {
            "ban": f"Forbidding {self.move} to {self.player} makes {where} impossible.",
            "promise": f"A promise of {self.amount:.4g} to {self.player} for playing {self.move} while the others stay "
            f"makes {where} unstable; {self._cost}.",
        }[self.kind]
        if not self.player:
            said = f"Nothing is needed: somebody gains by leaving {where} as it is."
        elif self.settles:
            labels, worst = min(self.settles, key=lambda one: one[1])
            said += f" The worst pure equilibrium is then ({', '.join(labels)}), with a welfare of {worst:.4g}."
        said += f" Not proposed: {self.objection}" if self.objection else ""
        numbers = {
            "profile": list(self.profile),
            "player": self.player,
            "move": self.move,
            "promised": self.amount,
            "paid": self.paid,
            "settles": [[list(labels), worth] for labels, worth in self.settles],
            "welfare": self.welfare,
        }
        return (Finding("remedy", said, (self.player,) if self.player else (), numbers, SOURCE[self.kind]),)

    @property
    def _cost(self) -> str:
        if not self.paid:
            return "where play can settle then, nothing of it is paid"
        seats = zip(self.governed.players, self.profile, strict=True)
        there = [self.move if player == self.player else move for player, move in seats]
        return f"it would be paid for as long as play stays at ({', '.join(there)})"


def unstable(
    subject: Game | Delegation | Problem,
    profile: Sequence[str],
    *,
    kind: Literal["ban", "promise"] = "ban",
    margin: float = 0.01,
) -> Unstable:
    """The least change after which a joint move does not last.

    Taking moves away from others removes reasons to leave, so a ban can only take a move of the joint move itself: one
    is enough, and of these the one is chosen after which the worst pure equilibrium is best. A promise pays player i
    for a when the others stay at x: it takes u_i(x) − u_i(a, x_-i) and a margin, least over all i and a (closed form).

    Parameters
    ----------
    profile : the joint move by label.
    margin : by how much leaving has to be better, as a share (> 0) of the player's range of payoffs.

    Raises
    ------
    InputError : an unknown kind or move, a margin that is not positive, fewer than two players or moves; `TooLarge`
        when the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> unstable(game, ("D", "D"), kind="promise", margin=0.2).amount
    2.0
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    if kind not in SOURCE or not 0 < margin < np.inf:
        raise InputError(
            f"An unstable joint move is asked for with kind={kind!r} and margin={margin!r}.",
            "There are bans and promises, and a positive margin makes leaving better than staying.",
            "Give for example kind='promise', margin=0.01.",
        )
    place = problem.game.profile(tuple(profile))
    if max(max(gains(problem.rewards, place, i)) for i in range(len(place))) > ROUNDING * problem.scale:
        return _after(problem, place, nothing(problem, kind))
    changes = bans(problem, place) if kind == "ban" else promises(problem, place, margin)
    return max((_after(problem, place, change) for change in changes), key=_merit)


def _after(problem: Problem, place: Profile, change: Change) -> Unstable:
    """What a change leads to."""
    governed, worth = left_open(problem, change.kept, change.rewards), problem.worth[np.ix_(*change.kept)]
    found = pure_equilibria(governed).profiles
    settles = tuple((governed.labels(one), float(worth[one])) for one in found)
    own = float(problem.worth[place])
    return Unstable(
        kind=change.kind,
        profile=problem.game.labels(place),
        player=change.player,
        move=change.move,
        amount=float(change.amount),
        paid=float(change.amount) if change.paid_at in found else 0.0,
        settles=settles,
        welfare=own,
        objection=_objection(settles, own, ROUNDING * float(np.ptp(problem.worth))) if change.player else "",
        claims=claims_of(problem.game.labels(place), Case.of(governed, worth=worth), settles),
        governed=governed,
    )


def _objection(settles: Settling, welfare: float, slack: float) -> str:
    if not settles:
        return "No pure equilibrium is left, so that it is not known where play goes."
    labels, worst = min(settles, key=lambda one: one[1])
    if worst <= welfare + slack:
        return f"Play can then settle at ({', '.join(labels)}), which is worth no more."
    return ""


def _merit(one: Unstable) -> tuple[bool, float, float]:
    """The better the worst pure equilibrium, the better; having none is worst; then what costs less to keep."""
    worst = min((worth for _, worth in one.settles), default=-np.inf)
    return bool(one.settles), round(worst, 9), -one.paid
