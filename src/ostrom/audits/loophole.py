"""A move or a payment that the model lacks: how much it takes, and whether two players can get round the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from ..core.claim import Claim
from ..core.errors import InputError
from ..core.game import Array, Game
from ..core.lifts.repeated import Repeated
from ._amendments import about_amendments
from ._amounts import Amounts, Number, along, departures, told
from ._case import Audit, Case
from ._repeated_case import RepeatedAudit, RepeatedCase


@dataclass(frozen=True)
class Loophole(Audit, RepeatedAudit):
    """Whether the target stands against moves and side payments that are not in the game.

    A move that the model lacks and no payment reaches breaks the target as soon as it brings its maker more than the
    target does; what counts is how much better than every modelled move it has to be, payments apart. A side payment
    breaks it where one player gains by paying another for leaving it alone. And an institution that pays can be
    drawn on: two players who share what they get go where they are paid more.

    Of a repeated game the question is whether the rules can be turned against themselves, by amendments under a
    `Constitution` among them: whether fewer votes than a safeguard asks for bring down the safeguard, or what it
    guards, in however many lawful steps, and whether a group that can change the rules would gain by it.

    Parameters
    ----------
    advantage : how much better than the best modelled move, payments apart, a new move may be, in ranges of payoffs
        without payments; 0 is a modelled move made out of sight. Default: the claim states how much it takes.

    Raises `InputError` for an advantage that is no number.

    Examples
    --------
    >>> from ostrom import games, institutions
    >>> taxed = games.PrisonersDilemma().under(institutions.Tax(on="D", rate=3.0))
    >>> [claim.verdict for claim in Loophole(advantage=0.0)(taxed, ("C", "C"))]
    ['refuted', 'proved', 'proved']
    >>> law = institutions.Constitution((institutions.Tax(on="D", rate=3.0),), needed=1, safeguard=2)
    >>> claim = Loophole()(games.PrisonersDilemma().repeated(0.9).under(law), ("C", "C"))[1]
    >>> claim.verdict, claim.witness["changes, one a round"]
    ('refuted', [['safeguard', 1], ['Tax', 1]])
    """

    advantage: float | None = None

    def __post_init__(self) -> None:
        if self.advantage is not None and not np.isfinite(self.advantage):
            raise InputError(f"advantage is {self.advantage}.", do="Give a number of ranges of payoffs, such as 0.1.")

    def __call__(
        self,
        game: Game | Repeated,
        target: Sequence[str] | None = None,
        *,
        welfare: Any = None,
        worth: Any = None,
        seed: int = 0,
    ) -> tuple[Claim, ...]:
        """The claims about a game of one round, as any audit's, or about the amendments of a repeated one."""
        if not isinstance(game, Repeated):
            return Audit.__call__(self, game, target, welfare=welfare, worth=worth, seed=seed)
        if worth is not None:
            raise InputError("worth=… was given for a repeated game.", do="Give welfare=…, a measure of welfare.")
        return RepeatedAudit.__call__(self, game, target, welfare=welfare, seed=seed)

    def answer(self, case: Case | RepeatedCase) -> tuple[Claim, ...]:
        """That no new move breaks the target, that no side payment does, and that no pair draws on the institution."""
        if isinstance(case, RepeatedCase):
            return about_amendments(case)
        numbers = Amounts.of(case)
        first = _new_move(case, numbers, self.advantage), _side_payments(case, numbers)
        return (*first, _drawn_on(case, numbers)) if case.adds.any() else first


def _new_move(case: Case, numbers: Amounts, advantage: float | None) -> Claim:
    """What a move that is not modelled has to bring, against the best that is, payments apart."""
    spare = [numbers.payoffs[(*case.place, i)] - _unpaid(case, numbers, i).max() for i in range(len(case.place))]
    i = min(range(len(spare)), key=lambda k: spare[k])
    found = {
        "player": case.game.players[i],
        "what it has to bring": float(numbers.payoffs[(*case.place, i)]),
        "above the best modelled move": float(spare[i]),
        "in ranges of payoffs": float(spare[i] / numbers.span) if numbers.span else None,
    }
    method = "comparing the target with the best move of each player, payments apart"
    if advantage is None:
        evidence = {"kind": "headroom", "target": case.target, "least": spare[i]}
        return case.settled(_threshold(case, spare[i]), True, evidence, method, numbers=found)
    asked = numbers.read(advantage) * numbers.span
    statement = f"No move that payments do not reach breaks {case.where}, if it brings at most {told(asked)} more than "
    statement += "the best modelled move, payments apart."
    if spare[i] >= asked - numbers.slack:
        evidence = {"kind": "headroom", "target": case.target, "least": asked}
        return case.settled(statement, True, evidence, method, numbers=found)
    witness = {"player": case.game.players[i], "advantage": asked, "gain": asked - spare[i]}
    known = case.game.moves[i][int(np.argmax(_unpaid(case, numbers, i)))]
    evidence = {"kind": "unseen", "target": case.target, **witness}
    return case.settled(statement, False, evidence, method, numbers=found, witness={"best move": known, **witness})


def _threshold(case: Case, spare: Number) -> str:
    """What it takes, in a sentence that is true of any target."""
    if spare >= 0:
        than = f"{told(spare)} more than the best modelled move, payments apart"
        return f"A move that payments do not reach breaks {case.where} only if it brings more than {than}."
    than = f"at least {told(-spare)} less than the best modelled move, payments apart"
    return f"A move that payments do not reach leaves {case.where} standing if it brings {than}."


def _unpaid(case: Case, numbers: Amounts, i: int) -> Array:
    """`[A_i]`: what each move of a player brings it without payments, while all others keep to the target."""
    return along(numbers.bare, case.place, i)


class _Bribe(NamedTuple):
    """What a payer has left over when it pays a player just enough to make a move."""

    left: Number
    amount: Number
    payer: int
    player: int
    move: int


def _side_payments(case: Case, numbers: Amounts) -> Claim:
    statement = f"Nobody gains by paying another player for leaving {case.where} alone."
    method = "comparing what every departure costs its maker and brings each of the others"
    ways = list(_bribes(case, numbers))
    best = max(ways, key=lambda way: way.left, default=None)
    found = {} if best is None else {"left over for the payer": float(best.left)}
    if best is None or best.left <= numbers.slack:
        return case.settled(statement, True, {"kind": "no bribe", "target": case.target}, method, numbers=found)
    players = case.game.players
    witness = {"payer": players[best.payer], "player": players[best.player]}
    witness |= {"move": case.game.moves[best.player][best.move], "amount": best.amount + best.left / 2}
    evidence = {"kind": "bribe", "target": case.target, **witness}
    found |= {"the player needs more than": float(best.amount)}
    return case.settled(statement, False, evidence, method, numbers=found, witness=witness)


def _bribes(case: Case, numbers: Amounts) -> Iterator[_Bribe]:
    """Every way to pay another player for a departure; nobody pays less than 0."""
    for i, move in departures(case):
        for j in range(len(case.place)):
            if j != i:
                own, others = along(numbers.payoffs, case.place, i), along(numbers.payoffs, case.place, i, j)
                amount = max(own[case.place[i]] - own[move], 0 * own[move])
                yield _Bribe(others[move] - others[case.place[i]] - amount, amount, j, i, move)


class _Draw(NamedTuple):
    """What a pair gains together at a joint move, and is paid more there."""

    gain: Number
    paid: Number
    pair: tuple[int, int]
    place: tuple[int, ...]


def _drawn_on(case: Case, numbers: Amounts) -> Claim:
    """That no pair gains in sum, by moves of its own, where the institution pays the pair more than at the target."""
    statement = f"No two players gain together by leaving {case.where} for where they are paid more."
    method = "comparing all joint moves of every pair, with payments between the two"
    worst = max(_draws(case, numbers), key=lambda one: one.gain, default=None)
    if worst is None:
        return case.settled(statement, True, {"kind": "no pump", "target": case.target}, method)
    players = [case.game.players[i] for i in worst.pair]
    witness = {"to": case.game.labels(worst.place), "players": players, "gain": worst.gain, "paid": worst.paid}
    return case.settled(statement, False, {"kind": "pump", "target": case.target, **witness}, method)


def _draws(case: Case, numbers: Amounts) -> Iterator[_Draw]:
    """Every joint departure of a pair by which it gains together and is paid more."""
    place = case.place
    for i, j in combinations(range(len(place)), 2):
        rows = (*place[:i], slice(None), *place[i + 1 : j], slice(None), *place[j + 1 :])
        sums = [table[rows][..., [i, j]].sum(-1) for table in (numbers.payoffs, numbers.adds)]
        gain, paid = (both - both[place[i], place[j]] for both in sums)
        for a, b in np.argwhere((gain > numbers.slack) & (paid > numbers.slack)).tolist():
            yield _Draw(gain[a, b], paid[a, b], (i, j), (*place[:i], a, *place[i + 1 : j], b, *place[j + 1 :]))
