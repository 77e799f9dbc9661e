"""A direct mechanism at work: everybody reports what it wants, and what is done and paid is looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now
from ._only import only
from ._pots import here

ROWS = 20_000
"""Combinations of reports that are looked up, at most."""

APART = 1e-12
"""Edges of lotteries that are nearer to each other are the same one."""


class Revelation(Institution):
    """Sealed reports before play; a table says which joint move they lead to, and what each pays (Myerson, 1979).

    So any mechanism runs as a rule of a game: auctions, pivot mechanisms, and what `designers.mechanism` finds. Where
    it draws lots, one die is rolled face down before anybody reports.

    Parameters
    ----------
    reports : what seats may report: one list of labels for all, or one for each seat.
    plans : for each combination of reports, the last seat's changing fastest, a joint move (a label of "act" for each
        seat, "" leaves it free), or a lottery of rows (odds, joint move).
    pays : what each seat pays at each combination, payoff units, below 0 for what it gets, `[combinations][seats]`;
        empty for nothing.

    Nothing is bound and nobody pays while somebody has not reported, because it is absent. Raises `InputError` where
    plans or payments do not fit the reports, or odds do not sum to 1; `TooLarge` beyond 20,000 combinations.
    """

    reports: tuple[str, ...] | tuple[tuple[str, ...], ...] = ("no", "yes")
    plans: tuple[tuple[str, ...] | tuple[tuple[float, tuple[str, ...]], ...], ...] = ()
    pays: tuple[tuple[float, ...], ...] = ()
    example: ClassVar[str] = "revelation:reports=(no,yes),plans=((D,D),(D,D),(D,D),(C,C))"
    scope: ClassVar[Literal["profile"]] = "profile"
    enforced_by: ClassVar[str] = "a centre that keeps reports sealed, closes off all other moves, and collects"

    def __post_init__(self) -> None:
        super().__post_init__()
        for plan in self.plans:
            odds = [row[0] for row in _lottery(plan)]
            if not min(odds, default=-1) >= 0 or not abs(sum(odds) - 1) <= 1e-9:
                raise InputError(
                    f"Revelation(plans=…) holds {plan!r:.200}.",
                    "A plan is a joint move, or rows (odds, joint move) whose odds sum to 1.",
                    'Write for example ("C", "D"), or ((0.5, ("C", "D")), (0.5, ("D", "C"))).',
                )
        if not all(isinstance(own, str) or own for own in self.reports):
            raise InputError("A seat has no report to make.", do="Give each seat at least one.")
        if not np.isfinite([x for row in self.pays for x in row]).all():
            raise InputError("Some payment is not finite.", do="Give finite payments.")
        if self.pays and len(self.pays) != len(self.plans):
            raise InputError(f"{len(self.pays)} rows of payments for {len(self.plans)} plans.", do="Give one per plan.")

    @classmethod
    def of(cls, mechanism: DirectMechanism, moves: Mapping[str, Sequence[str]]) -> Revelation:
        """The rule that carries out a mechanism; `moves` says which joint move each of its outcomes is."""
        space = mechanism.space
        if missing := [name for name in space.outcomes if name not in moves]:
            raise InputError(
                f"No joint move for the outcome {missing[0]!r}.", do=f"Name one for each: {space.outcomes}."
            )
        joint = [tuple(moves[name]) for name in space.outcomes]
        plans = []
        for row in mechanism.odds.reshape(-1, len(joint)).tolist():
            drawn = tuple((odds, joint[k]) for k, odds in enumerate(row) if odds > APART)
            plans.append(drawn[0][1] if len(drawn) == 1 else drawn)
        pays = mechanism.paid.reshape(-1, space.count)
        return cls(space.types, tuple(plans), tuple(map(tuple, pays.tolist())) if pays.any() else ())

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """What payments come to, at every combination of reports."""
        sums = np.array([sum(row) for row in self.pays])
        near = 1e-9 * max((abs(x) for row in self.pays for x in row), default=0.0)
        if (abs(sums) <= near).all():
            return "balanced"
        return "surplus" if (sums >= -near).all() else "deficit" if (sums <= near).all() else None

    def menu(self, ground: Ground) -> Ground:
        """A stage of sealed reports at the start of every round."""
        own = self._own(len(ground.players))
        many, seats = prod(map(len, own)), len(ground.players)
        if many > ROWS:
            raise TooLarge(
                f"{many:,} combinations of reports.", f"At most {ROWS:,} are looked up.", "Give fewer reports."
            )
        wrong = [joint for plan in self.plans for _, joint in _lottery(plan) if len(joint) != seats]
        if len(self.plans) != many or wrong or any(len(row) != seats for row in self.pays):
            raise InputError(
                f"{len(self.plans)} plans, of which {len(wrong)} do not name {seats} moves, for {many} "
                f"combinations of reports of {seats} seats.",
                do="Give a plan for each combination, with a label and a payment for each seat.",
            )
        for seat, label in {(seat, x) for p in self.plans for _, joint in _lottery(p) for seat, x in enumerate(joint)}:
            if label:
                ground.index("act", label, seat)
        return ground.preceded_by(Part("report", self.reports))

    def dice(self, now: Now) -> Mapping[str, Any]:
        """One die for all lotteries, since only one of them is drawn in a round; none where nothing is drawn."""
        edges = self._edges()
        return {"lot": np.diff(edges)[None]} if len(edges) > 2 else {}

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the reports lead to is all that can be done."""
        xp, joint = now.xp, self._joint(now)
        labels = sorted({label for plan in self.plans for _, moves in _lottery(plan) for label in moves} - {""})
        face = now.luck["lot"][..., 0] if "lot" in now.luck else 0 * joint
        bound = xp.asarray(self._table(labels))[xp.maximum(joint, 0), face]  # [..., P]
        for number, label in enumerate(labels):
            mask = only(now, mask, (bound == number) & (joint >= 0)[..., None], label)
        return mask

    def settle(self, now: Now, payoffs: Any) -> Any:
        """What the reports make each pay."""
        if not self.pays:
            return payoffs
        joint = self._joint(now)
        due = now.xp.asarray(np.array(self.pays, float))[now.xp.maximum(joint, 0)]
        return payoffs - here(now, payoffs) * now.xp.where((joint >= 0)[..., None], due, 0.0)

    def _joint(self, now: Now) -> Any:
        """`int[...]`: the number of the combination of reports; -1 while not all are in."""
        xp, made = now.xp, now["report"]
        total = 0 * made[..., 0]
        for seat, own in enumerate(self._own(now.players)):
            total = total * len(own) + xp.maximum(made[..., seat], 0)
        return xp.where(((made >= 0) & xp.asarray(now.present)).all(-1), total, -1)

    def _table(self, labels: list[str]) -> np.ndarray:
        """`int[combinations, faces, P]`: the number of the label each seat is bound to; -1 for none."""
        edges, index = self._edges(), {"": -1, **{label: k for k, label in enumerate(labels)}}
        middles = (edges[:-1] + edges[1:]) / 2
        rows = []
        for plan in self.plans:
            drawn = _lottery(plan)
            joint = np.array([[index[label] for label in moves] for _, moves in drawn])
            rows.append(joint[np.searchsorted(np.cumsum([odds for odds, _ in drawn])[:-1], middles)])
        return np.stack(rows)

    def _edges(self) -> np.ndarray:
        """Where the faces of the die begin and end in [0, 1]: wherever a row of any plan does."""
        inner = [edge for plan in self.plans for edge in np.cumsum([odds for odds, _ in _lottery(plan)])[:-1]]
        edges = np.sort([0.0, *inner, 1.0])
        return edges[np.append(True, np.diff(edges) > APART)]

    def _own(self, players: int) -> list[tuple[str, ...]]:
        """The reports of each seat; `InputError` where they are for another number of seats."""
        part = Part("report", self.reports)
        if self.reports and not isinstance(self.reports[0], str) and len(self.reports) != players:
            raise InputError(
                f"Reports of {len(self.reports)} seats for {players}.",
                do="Give one list for all, or one for each seat.",
            )
        return [part.labels_of(seat) for seat in range(players)]


def _lottery(plan: tuple) -> tuple[tuple[float, tuple[str, ...]], ...]:
    """A plan as rows (odds, joint move)."""
    return ((1.0, plan),) if plan and isinstance(plan[0], str) else plan
