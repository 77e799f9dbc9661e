"""The cheapest payments that make a wanted joint move the only thing worth playing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ..core.claim import Claim, Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, require_interaction
from ._remedy import Effects, Problem, Profile, gains, precision

SOURCE = {
    "promises": "Monderer and Tennenholtz, k-Implementation (JAIR 2004)",
    "fines": "Monderer and Tennenholtz (2004) with fines shared among the others, so that no money is needed",
}


@dataclass(frozen=True)
class Transfers:
    """Payments under which a joint move strictly dominates everything else.

    Attributes
    ----------
    kind : "promises" (a sponsor pays whoever plays its part) or "fines" (whoever does not pays the others).
    target : the joint move, by label.
    payments : what each player receives at every joint move, `float[A_1, …, A_P, P]`; negative is paid.
    price : k(target) = Σ_i [max_a u_i(a, target_-i) − u_i(target)], the least a sponsor has to have at hand: above it
        the target can be made dominant, below it it is not even an equilibrium. Fines need no sponsor: 0.
    cost : what the sponsor really pays when the target is played: the price plus margins.
    largest : the largest single promise or fine. A fine that is imposed with probability p has to be 1/p of it.
    effects : what it does to each player and bystander, compared with what is played now.
    objection : why it is not proposed; empty when it is.
    claim : that the target is strictly dominant, checked again on the paid table.
    governed : the agents' game with the payments.
    """

    kind: Literal["promises", "fines"]
    target: tuple[str, ...]
    payments: Array
    price: float
    cost: float
    largest: float
    effects: Effects
    objection: str
    claim: Claim
    governed: NormalForm

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to pay or promise, what it costs, and for whom it is better or worse."""
        where = f"({', '.join(self.target)})"
        how = {
            "promises": f"Promises that cost {self.cost:.4g} when kept (the largest is {self.largest:.4g})",
            "fines": f"Fines of up to {self.largest:.4g}, shared among the others,",
        }[self.kind]
        said = f"{how} make {where} the best thing to do for every player, whatever the others do."
        said += f" Not proposed: {self.objection}" if self.objection else ""
        numbers = {
            "target": list(self.target),
            "price": self.price,
            "cost": self.cost,
            "largest": self.largest,
            "change": self.effects.change,
            "takes from bystanders": self.effects.takes_from_bystanders,
        }
        return (Finding("remedy", said, self.effects.principals, numbers, SOURCE[self.kind]),)


def transfers(
    subject: Game | Delegation,
    target: Sequence[str] | None = None,
    *,
    kind: Literal["promises", "fines"] = "promises",
    margin: float = 0.01,
    played: Any = None,
) -> Transfers:
    """The cheapest promises, or the smallest fines, that make a joint move strictly dominant.

    Promises V_i(t_i, x_-i) = max_a u_i(a, x_-i) − u_i(t_i, x_-i) are made for playing one's part t_i, and only those
    at the target are ever paid (closed form, no search). A fine on a move is the most it can gain over t_i, whatever
    the others do; the others share it equally, so that payments sum to 0 at every joint move.

    Parameters
    ----------
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    margin : by how much the target has to be better, as a share (> 0) of each player's range of payoffs.
    played : shares of joint moves now, `[A_1, …, A_P]`; default as observed, or as predicted by the logit branch.

    Raises
    ------
    InputError : an unknown move, a margin that is not positive, fewer than two players or moves.
    TooLarge : the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> remedy = transfers(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D")))
    >>> remedy.target, remedy.price, remedy.claim.verdict
    (('C', 'C'), 4.0, 'proved')
    """
    delegation = as_delegation(subject)
    require_interaction(delegation.game)
    if not 0 < margin < np.inf or kind not in SOURCE:
        raise InputError(
            f"Transfers are asked for with kind={kind!r} and margin={margin!r}.",
            "There are promises and fines, and a positive margin makes the target better than everything else.",
            "Give for example kind='fines', margin=0.01.",
        )
    problem = Problem.of(delegation, played)
    place = problem.target(tuple(target) if target is not None else None)
    needed = [_lead_needed(problem.rewards, place, i, margin) for i in range(len(place))]
    payments = _promised(needed, place) if kind == "promises" else _fined(needed, place)
    paid = problem.rewards + payments
    fair = np.array([float(amount) for amount in payments[place]])
    found = problem.effects(place, fair)
    return Transfers(
        kind=kind,
        target=delegation.game.labels(place),
        payments=payments.astype(float),
        price=float(sum(max(gains(problem.rewards, place, i)) for i in range(len(place))))
        if kind == "promises"
        else 0.0,
        cost=float(fair.sum()),
        largest=float(max(payments.flat)) if kind == "promises" else float(-min(payments.flat)),
        effects=found,
        objection=problem.objection(found),
        claim=_dominates(paid, place, delegation.game),
        governed=problem.governed(paid),
    )


def _lead_needed(payoffs: Array, place: Profile, i: int, margin: float) -> Array:
    """By how much player i's part has to be improved on each own move, own axis first; 0 where it is better already."""
    own = np.moveaxis(payoffs[..., i], i, 0)
    lack = own - own[place[i]]
    share = Fraction(str(margin)) if payoffs.dtype == object else margin
    needed = np.where(lack >= -precision(own)[1], lack + share * ((own.max() - own.min()) or 1), 0)
    needed[place[i]] = 0
    return needed


def _promised(needed: list[Array], place: Profile) -> Array:
    """Payments `[A_1, …, A_P, P]` that lift each player's part above its best other move."""
    payments = np.zeros((*needed[0].shape, len(place)), needed[0].dtype)
    for i, lack in enumerate(needed):
        np.moveaxis(payments[..., i], i, 0)[place[i]] = lack.max(axis=0)
    return payments


def _fined(needed: list[Array], place: Profile) -> Array:
    """Payments `[A_1, …, A_P, P]` that take from each move what it can gain, and give it to the others."""
    count = len(place)
    payments = np.zeros((*needed[0].shape, count), needed[0].dtype)
    for i, lack in enumerate(needed):
        fine = lack.reshape(len(lack), -1).max(axis=1)
        owed = fine.reshape([-1 if k == i else 1 for k in range(count)] + [1])
        shares = np.full(count, Fraction(1, count - 1) if lack.dtype == object else 1 / (count - 1))
        shares[i] = -1
        payments = payments + owed * shares
    return payments


def _dominates(paid: Array, place: Profile, game: Game) -> Claim:
    """Whether the target is strictly dominant for everybody, by comparing all moves at all joint moves."""
    numbers, tolerance = precision(paid)
    statement = f"({', '.join(game.labels(place))}) strictly dominates everything else, so no other play is stable."
    method = f"every own move against every joint move of the others, in {numbers}"
    smallest = None
    for i, move in enumerate(place):
        own = np.moveaxis(paid[..., i], i, 0)
        lead = own[move] - np.delete(own, move, axis=0)
        worst = np.unravel_index(int(np.argmin(lead)), lead.shape)
        if lead[worst] <= tolerance:
            better = int(worst[0]) + (worst[0] >= move)
            witness = {"player": game.players[i], "move": game.moves[i][better], "gain": float(-lead[worst])}
            return Claim(statement, "refuted", method, tolerance, witness=witness)
        smallest = float(lead[worst]) if smallest is None else min(smallest, float(lead[worst]))
    return Claim(statement, "proved", method, tolerance, {"smallest lead": smallest})
