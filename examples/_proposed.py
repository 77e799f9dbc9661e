"""What audits say of a contract or a mediator that somebody proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ostrom.audits import Equilibria, WorstCase
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Game
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Now
from ostrom.formats.coopeval import transfers
from ostrom.formats.coopeval_designs import Design
from ostrom.institutions import Mediator, Transfers
from ostrom.solvers.dominance import dominance
from ostrom.solvers.pure_equilibria import pure_equilibria
from ostrom.solvers.vertex_enumeration import vertex_enumeration

TINY = 1e-9
WORDS = ("certain", "safe", "risky", "breakable", "idle")
"""From the best to the worst that a design can be, see `Verdict.word`."""


class Signed(Transfers):
    """A table of payments that holds if all have signed it before play."""

    def menu(self, ground: Ground) -> Ground:
        """A stage to sign at, before everything else."""
        return super().menu(ground).opened_by(Part("sign", ("no", "yes")))

    def settle(self, now: Now, payoffs: Any) -> Any:
        """The payments, if all have signed."""
        force = now.did("sign", "yes").all(-1, keepdims=True)
        return now.xp.where(force, super().settle(now, payoffs), payoffs)


@dataclass(frozen=True)
class Verdict:
    """What holds of a design, if all are out for their own points.

    Attributes
    ----------
    balanced : payments sum to 0 at every joint move; a mediator pays nothing.
    part : what each seat has to do: its move in the best pure equilibrium with a contract in force, or to delegate.
        None where there is no pure equilibrium.
    delivers : the part, done by all, brings the greatest welfare.
    holds : nobody gains by leaving it alone.
    least, most : shares of the gain in the worst and the best equilibrium (of three players pure ones are looked at).
    learners : the same in the worst that learners without regret can end in.
    dominant : the part is weakly dominant for everybody.
    safe : whoever does its part has at least what it has without the design, whatever others do.
    gains : `float[P]`, what the part, done by all, brings each seat above what it has without the design.
    agreeable : per seat, whether every equilibrium with the design in force gives it what it has without.
    perfect : of a contract, the shares in the worst and the best pure subgame-perfect outcome of signing and playing;
        None where there is no such outcome.
    """

    balanced: bool
    part: tuple[str, ...] | None
    delivers: bool
    holds: bool
    least: float
    most: float
    learners: float
    dominant: bool
    safe: bool
    gains: tuple[float, ...]
    agreeable: tuple[bool, ...]
    perfect: tuple[float, float] | None

    @property
    def word(self) -> str:
        """Certain: every equilibrium is the optimum. Safe, risky: one is, and whoever does its part can or cannot be
        left with less than without the design. Breakable: it would be, but somebody gains by leaving. Idle: it is not.
        """
        if not self.delivers:
            return "idle"
        if not self.holds:
            return "breakable"
        return "certain" if self.least > 1 - TINY else "safe" if self.safe else "risky"

    @property
    def sound(self) -> bool:
        """Whether to agree and to do one's part is an equilibrium that brings the optimum, at no risk."""
        return self.word in ("certain", "safe")


class Bench:
    """A base game and what is true of it without any design; it judges designs for it.

    `outside` is the least that a seat has in any equilibrium, `float[P]`; `best` the greatest welfare.
    """

    def __init__(self, base: NormalForm) -> None:
        self.base = base
        self._judged: dict[tuple, Verdict] = {}
        found = settled(base)
        self.outside = np.min(found, axis=0)
        self.best = float(base.payoffs.sum(-1).max())
        self.none = float(np.sum(found, axis=-1).min())

    def share(self, points: Any) -> float:
        """The share of the gain: 0 in the worst equilibrium without a design, 1 at the optimum; nan without a gain."""
        gap = self.best - self.none
        return (float(np.sum(points)) - self.none) / gap if gap > TINY else float("nan")

    def judge(self, design: Design) -> Verdict:
        """The verdict, found once for all designs with the same terms."""
        terms = tuple((design.contract or design.mediator or {}).items())
        if terms not in self._judged:
            self._judged[terms] = self._verdict(design)
        return self._judged[terms]

    def _verdict(self, design: Design) -> Verdict:
        game = governed(self.base, design)
        found = settled(game)
        shares = [self.share(points) for points in found]
        part = self._part(game, design)
        place = game.profile(part) if part else None
        paid = game.payoffs[place] if place else np.max(found, axis=0)
        moves = dominance(game).weakly_dominant
        return Verdict(
            balanced=design.contract is None
            or Transfers(self.base.moves, payments(self.base, design)).budget == "balanced",
            part=part,
            delivers=place is not None and float(paid.sum()) > self.best - TINY,
            holds=part is not None and Equilibria()(game, part)[0].verdict == "proved",
            least=min(shares),
            most=max(shares),
            learners=self.share(WorstCase()(game, part)[0].numbers["worst"] * len(self.outside))
            if part
            else float("nan"),
            dominant=place is not None and moves == place,
            safe=place is not None and all(_floor(game, i, k) > self.outside[i] - TINY for i, k in enumerate(place)),
            gains=tuple((paid - self.outside).tolist()),
            agreeable=tuple((np.min(found, axis=0) > self.outside - TINY).tolist()),
            perfect=self._perfect(design),
        )

    def _part(self, game: NormalForm, design: Design) -> tuple[str, ...] | None:
        if design.contract is None:
            return ("delegate",) * len(self.base.players)
        places = pure_equilibria(game).profiles
        kindest = max(
            places, key=lambda place: (game.payoffs[place].sum().round(9), game.payoffs[place].min()), default=None
        )
        return None if kindest is None else game.labels(kindest)

    def _perfect(self, design: Design) -> tuple[float, float] | None:
        if design.contract is None:
            return None
        found = self.base.under(Signed(self.base.moves, payments(self.base, design))).subgame_perfect()
        shares = [self.share(point.payoffs) for point in found.points]
        return (min(shares), max(shares)) if shares and found.status == "complete" else None


def _floor(game: NormalForm, seat: int, move: int) -> float:
    """The least that a move can bring."""
    return float(game.payoffs[..., seat].take(move, axis=seat).min())


def settled(game: Game) -> list[np.ndarray]:
    """What each seat gets, `float[P]`, in every equilibrium: all extreme ones of two players, else all pure ones."""
    found = vertex_enumeration(game) if len(game.players) == 2 else pure_equilibria(game)
    assert found.status == "complete", found.status
    return [game.expected_payoffs(point) for point in found.points]


def governed(base: NormalForm, design: Design) -> NormalForm:
    """The base game with a design in force: payments added, or one more move, "delegate"."""
    if design.contract is not None:
        return base.under(Transfers(base.moves, payments(base, design)))
    return base.under(mediator(base, design))


def payments(base: NormalForm, design: Design) -> np.ndarray:
    """What a contract pays, `float[A_1, …, A_P, P]`."""
    assert design.contract is not None
    paid = np.zeros_like(base.payoffs)
    seats = [str(seat) for seat in range(len(base.moves))]
    for place in np.ndindex(*base.sizes):
        made = [own[k] for own, k in zip(base.moves, place, strict=True)]
        paid[place] = transfers({seat: design.contract[move] for seat, move in zip(seats, made, strict=True)}, seats)
    return paid


def mediator(base: NormalForm, design: Design) -> Mediator:
    """The move for everybody, for those left when just one stays out, and for the last one."""
    assert design.mediator is not None
    rules, seats = design.mediator, len(base.players)
    if seats == 2:
        return Mediator(rules[2], rules[1])
    one_out = tuple((player, (rules[seats - 1],) * seats) for player in base.players)
    return Mediator(rules[seats], rules[1], one_out)
