"""Subgame-perfect equilibria of any tree: from the ends on, each subgame solved with those inside it known."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms._tree import CHANCE
from ..core.forms.extensive import ExtensiveForm
from ..core.solution import Solution
from ._branch import LogitMap
from ._paths_to_nash import logit_paths, polished
from ._subgames import Subgame, reduced, subgames
from ._tree_rationals import equilibrium, rational
from ._tree_table import odds_of, pure_profiles, small

MOST, PROFILES, SEQUENCES = 200, 20_000, 400
CLOSE = 1e-9
"""Regret of a mixed equilibrium of more than two players that counts as none, as a share of the range of payoffs."""

Way = tuple[tuple[Any, ...], dict[int, tuple[Any, ...]]]
"""What a subgame is worth to everybody, and the odds at each information set in it."""


@dataclass(frozen=True)
class RolledBack(Solution):
    """Subgame-perfect equilibria; each point is a behaviour (odds at each information set).

    Attributes
    ----------
    values : for each point what each player gets, as `Fraction`s where the tree's numbers are rational.
    exact : the odds of each point as `Fraction`s; exact but for mixing of more than two players.
    outcomes : for each point a number; points with the same number lead to the same ends with the same odds.
    subgames : how many subgames there are, the whole tree among them.
    """

    values: tuple[tuple[Any, ...], ...] = ()
    exact: tuple[tuple[tuple[Any, ...], ...], ...] = field(default=(), repr=False)
    outcomes: tuple[int, ...] = ()
    subgames: int = 0


def subgame_perfect(game: ExtensiveForm, limit: int = MOST, seconds: float = 30.0) -> RolledBack:
    """Subgame-perfect equilibria of a tree in which players may not know all of the past (Selten 1965).

    A subgame begins where everybody knows where they are. From the ends on, each is solved with every way of playing
    the subgames inside it. Of a subgame all pure equilibria are taken; where it has none, one mixed equilibrium, exact
    between two players (Lemke's path over sequences), of more at the end of a logit path. All is compared in rationals;
    floats are read to 12 digits each, so that ties are ties.

    Parameters
    ----------
    game : a tree with perfect recall.
    limit : equilibria of a subgame beyond which no more are kept. seconds : time budget.

    Returns
    -------
    "complete" lists all pure subgame-perfect equilibria, one for each joint reduced strategy of every subgame (mixed
    ones may exist besides). "partial" where a subgame had no pure equilibrium, or more than `limit`, or could not be
    solved: then `points` is empty and the note says where.

    Raises
    ------
    InputError : no tree, imperfect recall, or a limit that is no whole number above 0.

    Examples
    --------
    >>> from ostrom.games import EntryDeterrence
    >>> subgame_perfect(EntryDeterrence()).values
    ((1.0, 1.0),)
    """
    if not isinstance(game, ExtensiveForm):
        raise InputError(f"A {type(game).__name__} is no tree.", do="Ask solvers.nash of a table.")
    game._require_recall()
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise InputError(f"limit is {limit!r}.", do="Give a whole number of at least 1.")
    rollback = _Rollback(rational(game), limit, time.monotonic() + seconds)
    parts = subgames(rollback.game.tree)
    for part in parts:
        rollback.solve(part)
    ways, number = rollback.ways[0], float if game.exact_paid is None else Fraction
    exact = tuple(tuple(odds[k] for k in range(len(game.infosets))) for _, odds in ways)
    points = tuple(tuple(np.array([float(x) for x in own]) for own in one) for one in exact)
    return RolledBack(
        concept="subgame-perfect equilibria (odds at each information set)",
        points=points,
        status=rollback.status,  # type: ignore[arg-type]
        regret=max((float(game.gains(point).max()) for point in points), default=0.0),
        method="rollback over subgames",
        note=" ".join(dict.fromkeys(rollback.notes)),
        values=tuple(tuple(map(number, value[: len(game.players)])) for value, _ in ways),
        exact=exact,
        outcomes=_outcomes(game, points),
        subgames=len(parts),
    )


class _Rollback:
    def __init__(self, game: ExtensiveForm, limit: int, deadline: float) -> None:
        self.game, self.limit, self.deadline = game, limit, deadline
        self.ways: dict[int, list[Way]] = {}
        self.status, self.notes = "complete", list[str]()

    def solve(self, part: Subgame) -> None:
        """All ways to play a subgame; the ways of those inside it are known."""
        found: list[Way] = []
        alone = len(part.places) == len(self._after(part))  # nothing but the root is to be decided
        for choice in product(*(self.ways[k] for k in part.inside)):
            inside = dict(zip(part.inside, choice, strict=True))
            plan = {k: odds for _, plans in choice for k, odds in plans.items()}
            worth = {k: value for k, (value, _) in inside.items()}
            new = self._one_step(part, worth) if alone else self._joint(part, worth)
            found += [(value, plan | odds) for value, odds in islice(new, self.limit + 1 - len(found))]
            if len(found) > self.limit:
                self._less(f"Only {self.limit:,} equilibria of a subgame are kept.")
                found.pop()
                break
            if time.monotonic() > self.deadline:
                self.status = "timed out"
                break
        self.ways[part.root] = found

    def _after(self, part: Subgame) -> list[int]:
        return [k for k in part.places if self.game.tree.parent[k] == part.root]

    def _less(self, note: str) -> None:
        self.status = "partial" if self.status == "complete" else self.status
        self.notes.append(note)

    def _one_step(self, part: Subgame, worth: dict[int, tuple[Any, ...]]) -> Iterator[Way]:
        """One draw or one choice: an average, or each of the best moves."""
        tree, width = self.game.tree, len(self.game.principals)
        after = self._after(part)
        own = self._paid(part.root, width)
        values = [worth.get(k) or self._paid(k, width) for k in after]
        mover = int(tree.mover[part.root])
        if mover == CHANCE:
            odds = [tree.odds[k] for k in after]
            mean = [sum(p * x for p, x in zip(odds, each, strict=True)) for each in zip(*values, strict=True)]
            yield _sum(own, tuple(mean)), {}
            return
        best = max(value[mover] for value in values)
        for move, value in enumerate(values):
            if value[mover] == best:
                chosen = tuple(Fraction(move == a) for a in range(len(values)))
                yield _sum(own, value), {int(tree.info[part.root]): chosen}

    def _paid(self, k: int, width: int) -> tuple[Any, ...]:
        pays = self.game.tree.nodes[k].pays
        return tuple(map(Fraction, pays)) if pays is not None else (Fraction(0),) * width

    def _joint(self, part: Subgame, worth: dict[int, tuple[Any, ...]]) -> Iterator[Way]:
        """The equilibria of a subgame in which more than one thing is to be decided."""
        stage, order = reduced(self.game, part, worth)
        some = False
        if small(stage, PROFILES):
            for profile in pure_profiles(stage):
                some = True
                yield self._way(stage, order, odds_of(stage, profile))
        if some:
            return
        name = stage.infosets[0].label if stage.infosets else "0"
        label = self.game.infosets[int(name)].label
        odds = self._mixed(stage)
        if odds is None:
            self._less(f"The subgame with {label!r} could not be solved.")
            return
        self._less(f"Of the subgame with {label!r} one equilibrium was found; it may have others.")
        yield self._way(stage, order, odds)

    def _mixed(self, stage: ExtensiveForm) -> list[list[Any]] | None:
        if len(stage.players) == 2 and sum(map(len, stage.sequences)) <= SEQUENCES:
            return equilibrium(stage, self.deadline)  # type: ignore[return-value]
        if len(stage.players) == 1:
            best = tuple(own.best(stage.worth(0, stage.plans(stage.even())))[1] for own in stage.sequences)
            return [own.tolist() for own in stage.behaviour_of(best)]
        if not small(stage, PROFILES):
            return None
        logit, close = LogitMap(stage), CLOSE * float(np.ptp(stage.paid))
        for end in islice(logit_paths(logit, self.deadline, 0), 20):
            for point in polished(logit, end):
                plans = tuple(x @ follows for x, follows in zip(point, stage.follows, strict=True))
                odds = stage.behaviour_of(plans)
                if stage.gains(odds).max() <= close:
                    return [own.tolist() for own in odds]
            if time.monotonic() > self.deadline:
                break
        return None

    def _way(self, stage: ExtensiveForm, order: tuple[int, ...], odds: list[list[Any]]) -> Way:
        numbers = [[Fraction(x) for x in own] for own in odds]
        paid = _expected(stage, numbers)
        value = tuple(paid[order.index(i)] for i in range(len(order)))
        labelled = zip(stage.infosets, numbers, strict=True)
        return value, {int(infoset.label): tuple(own) for infoset, own in labelled}


def _expected(stage: ExtensiveForm, odds: list[list[Fraction]]) -> list[Fraction]:
    """What everybody gets, exactly."""
    tree, chance, paid = stage.tree, stage.exact_chance, stage.exact_paid
    assert chance is not None
    assert paid is not None
    at = [Fraction(1)] * len(tree.parent)
    for k in range(1, len(at)):
        above = int(tree.parent[k])
        info = int(tree.info[above])
        at[k] = at[above] * odds[info][int(tree.move[k])] if info >= 0 else at[above]
    reach = [p * at[k] for k, p in zip(stage.ends.tolist(), chance.tolist(), strict=True)]
    rows = [(p, row) for p, row in zip(reach, paid.tolist(), strict=True) if p]
    return [sum((p * row[i] for p, row in rows), Fraction(0)) for i in range(len(stage.principals))]


def _sum(one: tuple[Any, ...], two: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(a + b for a, b in zip(one, two, strict=True))


def _outcomes(game: ExtensiveForm, points: tuple[tuple[np.ndarray, ...], ...]) -> tuple[int, ...]:
    """Points that lead to the same ends with the same odds have the same number."""
    seen: dict[bytes, int] = {}
    found = []
    for point in points:
        plans = game.plans(point)
        odds = game.chance * math.prod(plan[at] for plan, at in zip(plans, game.reached, strict=True))
        found.append(seen.setdefault(np.round(odds, 12).tobytes(), len(seen)))
    return tuple(found)
