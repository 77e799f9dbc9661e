"""Games in stages: ballots before play, punishments after it, advice whispered first.

With public views the concept is subgame-perfect equilibrium, found by backward induction over pure play. With private
views it is what nobody gains by deviating from: `gains(strategies)`, the exact best reply over everything a seat can do
with what it knows (obedience, for advice). Solving a table instead would answer another question, so the lift does not.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .agent import Strategy
from .errors import CarrierError, InputError, TooLarge
from .game import Game, Mixture, amount
from .normal_form import NormalForm
from .plays import Plays

OUTCOME_LIMIT = 20_000
STRATEGY_LIMIT = 4_000


@dataclass(frozen=True)
class Outcome:
    """One pure subgame-perfect outcome: what is chosen along the path of play, and what it pays."""

    path: tuple[tuple[tuple[str, str], ...], ...]
    payoffs: tuple[float, ...]


@dataclass(frozen=True)
class Outcomes:
    """All pure subgame-perfect outcomes found. "complete" lists all; "partial" means some subgame has no pure
    equilibrium or the list was cut, so that nothing follows from what is missing."""

    points: tuple[Outcome, ...]
    status: str
    note: str = ""


class Staged(Game):
    """A finite game under institutions that make it a tree.

    As a `Game` its moves are reduced pure strategies, so that everything that works on tables works on it while the
    tree is small. Attributes `base` and `institutions` keep what it was made of.
    """

    def __init__(self, base: Game, plays: Plays) -> None:
        self.base, self.institutions, self.charter = base, plays.charter.institutions, plays.charter
        self.plays = plays
        self.players, self.bystanders = base.players, base.bystanders
        self.name = f"{base.name} under {' + '.join(type(i).__name__ for i in self.institutions)}"

    @cached_property
    def public(self) -> bool:
        """Whether at every stage all seats know the same and know every earlier move (so subgames begin there)."""
        for stage, sets in enumerate(self.plays.info):
            if any((_relabel(sets[:, i]) != _relabel(sets[:, 0])).any() for i in range(1, sets.shape[1])):
                return False
            made = [self.plays.choice[s] for s in range(stage)]
            if made and not _determines(sets[:, 0], np.concatenate(made, 1)):
                return False
        return True

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
                f"Seats of {self.name} know different things.", "Subgame perfection needs everybody to know the past.",
                "Check a strategy with gains(…); for advice that is obedience.",
            )
        plays = self.plays
        rows = np.flatnonzero(plays.legal & (plays.chance > 0))
        return _Induction(plays, tolerance).solve(rows)

    def value(self, strategies: Strategy | Sequence[Strategy]) -> np.ndarray:
        """`float[P]`: what each player gets when all play these strategies (one for all, or one per seat)."""
        weight = self.plays.chance * np.prod(self._behaviour(strategies), axis=(0, 1))
        return weight @ self.plays.payoffs

    def gains(self, strategies: Strategy | Sequence[Strategy]) -> np.ndarray:
        """`float[P]`: what the best of all own strategies would add for each player, the others as given.

        Exact for seats that remember what they knew and did (perfect recall), which is checked.
        """
        behaviour = self._behaviour(strategies)
        best = [best_reply(self.plays, seat, behaviour)[0] for seat in range(len(self.players))]
        return np.array(best) - self.value(strategies)

    def _behaviour(self, strategies: Strategy | Sequence[Strategy]) -> np.ndarray:
        return behaviour(self.plays, strategies)

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
        sizes = [len(names) for names, _ in self._strategies]
        if math.prod(sizes) * self.plays.rows > 400_000_000:
            raise TooLarge(
                f"{self.name} has {amount(math.prod(sizes))} profiles of strategies.",
                "Its strategic form would not fit.", "Use subgame_perfect() or gains(…), which work on the tree.",
            )
        values = np.concatenate([self.plays.payoffs, self.plays.bystanders], 1)
        table = (self.plays.chance[:, None] * values).T[None]
        for _, follows in self._strategies:  # [profiles so far, values, rows] meets [own strategies, rows]
            table = (table[:, None] * follows[None, :, None]).reshape(-1, values.shape[1], self.plays.rows)
        table = table.sum(-1).reshape(*sizes, values.shape[1])
        count = len(self.players)
        return NormalForm(
            table[..., :count], players=self.players, moves=self.moves, name=self.name,
            bystanders=self.bystanders, bystander_payoffs=table[..., count:],
        )

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


def behaviour(plays: Plays, strategies: Strategy | Sequence[Strategy]) -> np.ndarray:
    """`float[S, P, N]`: how likely each seat's choice at each stage of each row is under the strategies."""
    per_seat = [strategies] * plays.players if callable(strategies) else list(strategies)
    if len(per_seat) != plays.players:
        raise InputError(f"{len(per_seat)} strategies for {plays.players} seats.", do="Give one per seat, or one for all.")
    chances = np.ones((len(plays.info), plays.players, plays.rows))
    for stage, seat in itertools.product(range(plays.first, len(plays.info)), range(plays.players)):
        if plays.parts_at(stage, seat):
            sets = plays.info[stage][:, seat]
            _, first = np.unique(np.where(plays.legal, sets, -1), return_index=True)
            for row in first[plays.legal[first]]:
                same = sets == sets[row]
                odds = _chosen(plays, per_seat[seat], stage, seat, int(row))
                chances[stage, seat, same] = odds[plays.choice[stage][same, seat]]
    return chances


def _chosen(plays: Plays, strategy: Strategy, stage: int, seat: int, row: int) -> np.ndarray:
    """The distribution over combined choices that a strategy gives at the information set of `row`."""
    look = plays.look(stage, seat, row)
    chosen = strategy(look)
    odds = np.ones(1)
    for part in plays.parts_at(stage, seat):
        want = chosen.get(part.name)
        wanted = want if isinstance(want, dict) else {want: 1.0}
        labels = part.labels_of(seat)
        if not set(wanted) <= set(look.choices[part.name]) or abs(sum(wanted.values()) - 1) > 1e-9:
            raise InputError(
                f"A strategy chose {want!r} for {part.name!r} at seat {seat}.",
                f"It may choose from {look.choices[part.name]}.", "Return {part: label} or {part: {label: probability}}.",
            )
        odds = (odds[:, None] * np.array([wanted.get(label, 0.0) for label in labels])).reshape(-1)
    return odds


def best_reply(
    plays: Plays, seat: int, others: np.ndarray, worth: np.ndarray | None = None
) -> tuple[float, list[dict[int, int]]]:
    """The most `seat` can get against the others' behaviour, and its best choice at each information set.

    `worth` is `float[N]`, what each complete play is worth to it (its payoffs by default).
    """
    worth = plays.payoffs[:, seat] if worth is None else worth
    elsewhere = [i for i in range(plays.players) if i != seat]
    weight = plays.chance * np.prod(others[:, elsewhere], axis=(0, 1)) * plays.legal
    kept = np.ones(plays.rows)
    best: list[dict[int, int]] = [{} for _ in plays.info]
    for stage in reversed(range(plays.first, len(plays.info))):
        sets, made = plays.info[stage][:, seat], plays.choice[stage][:, seat]
        _check_recall(plays, stage, seat)
        width = int(plays.widths[stage][seat])
        totals = np.full((sets.max() + 1, width), -np.inf)
        open_rows = np.flatnonzero(plays.legal)
        totals[sets[open_rows], made[open_rows]] = 0.0
        np.add.at(totals, (sets[open_rows], made[open_rows]), (weight * kept * worth)[open_rows])
        choice = totals.argmax(1)
        kept = kept * (made == choice[sets])
        best[stage] = {int(k): int(choice[k]) for k in np.unique(sets[open_rows])}
    return float((weight * kept * worth).sum()), best


def _check_recall(plays: Plays, stage: int, seat: int) -> None:
    if stage == plays.first:
        return
    before = np.stack([plays.info[stage - 1][:, seat], plays.choice[stage - 1][:, seat]], 1)
    if not _determines(plays.info[stage][:, seat][plays.legal], before[plays.legal]):
        raise CarrierError(
            f"Seat {seat} forgets at stage {stage} what it knew or did before.",
            "A best reply is exact only for players with perfect recall.",
            "Do not hide a seat's own moves from it, and keep showing what was shown.",
        )


class _Induction:
    """Backward induction over public states."""

    def __init__(self, plays: Plays, tolerance: float) -> None:
        self.plays, self.tolerance, self.cut = plays, tolerance, False
        self.unsolved = False

    def solve(self, rows: np.ndarray) -> Outcomes:
        points = self._continue(0, rows)
        note = "some subgame has no equilibrium in pure play" if self.unsolved else "the list was cut" if self.cut else ""
        return Outcomes(tuple(points), "partial" if note else "complete", note)

    def _continue(self, stage: int, rows: np.ndarray) -> list[Outcome]:
        """What the plays in `rows` can be worth: chance first opens what the stage makes public."""
        plays = self.plays
        if stage == len(plays.info):
            weight = plays.chance[rows] / plays.chance[rows].sum()
            return [Outcome((), tuple((weight @ plays.payoffs[rows]).tolist()))]
        sets = plays.info[stage][rows, 0]
        worlds = [rows[sets == k] for k in np.unique(sets)]
        total = plays.chance[rows].sum()
        results = []
        for state in worlds:
            results.append((plays.chance[state].sum() / total, self._stage(stage, state)))
        if len(results) == 1:
            return results[0][1]
        return self._unique(
            Outcome((), tuple(sum(p * np.array(o.payoffs) for (p, _), o in zip(results, pick, strict=True)).tolist()))
            for pick in itertools.islice(itertools.product(*(points for _, points in results)), OUTCOME_LIMIT)
        )

    def _stage(self, stage: int, rows: np.ndarray) -> list[Outcome]:
        """Pure equilibria of one simultaneous stage, given what each joint choice can lead to."""
        plays = self.plays
        made = plays.choice[stage][rows]
        joint = {tuple(m): rows[(made == m).all(1)] for m in np.unique(made, axis=0)}
        after = {m: self._continue(stage + 1, r) for m, r in joint.items()}
        worst = {m: np.min([o.payoffs for o in points], axis=0) for m, points in after.items() if points}
        if len(worst) < len(after):
            self.unsolved = True
        points = []
        for move, outcomes in after.items():
            # the least that deviating must be worth: each deviation may be answered by its worst continuation
            least = np.array([
                max((worst[d][i] for d in worst if d[i] != move[i] and d[:i] + d[i + 1 :] == move[:i] + move[i + 1 :]),
                    default=-np.inf)
                for i in range(plays.players)
            ])
            here = self._named(stage, rows, move)
            points += [
                Outcome((here, *o.path), o.payoffs) for o in outcomes if (np.array(o.payoffs) >= least - self.tolerance).all()
            ]
        if not points:
            self.unsolved = True
        return self._unique(points)

    def _unique(self, points: Any) -> list[Outcome]:
        """One outcome per payoff vector and path, up to a limit."""
        kept: dict[Any, Outcome] = {}
        for point in points:
            kept.setdefault((point.path, tuple(np.round(point.payoffs, 9))), point)
            if len(kept) >= OUTCOME_LIMIT:
                self.cut = True
                break
        return list(kept.values())

    def _named(self, stage: int, rows: np.ndarray, move: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
        plays = self.plays
        row = rows[(plays.choice[stage][rows] == move).all(1)][0]
        return tuple(
            (part.name, part.labels_of(seat)[int(plays.moves[part.name][row, seat])])
            for seat in range(plays.players) for part in plays.parts_at(stage, seat)
        )


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
                grown.append((f"{label}, {text}" if label else text, follows & (plays.choice[stage][:, seat] == wanted)))
        found = grown
    return [label for label, _ in found], np.array([follows for _, follows in found])


def _choice_name(plays: Plays, stage: int, seat: int, choice: int) -> str:
    names = []
    for part in reversed(plays.parts_at(stage, seat)):
        labels = part.labels_of(seat)
        names.insert(0, labels[choice % len(labels)])
        choice //= len(labels)
    return "+".join(names)


def _relabel(sets: np.ndarray) -> np.ndarray:
    """The same partition with sets numbered by first appearance."""
    _, first, inverse = np.unique(sets, return_index=True, return_inverse=True)
    return first[inverse]


def _determines(fine: np.ndarray, coarse: np.ndarray) -> bool:
    """Whether rows with the same `fine` number always have the same `coarse` columns."""
    _, first, inverse = np.unique(fine, return_index=True, return_inverse=True)
    return bool((coarse == coarse[first[inverse]]).all())
