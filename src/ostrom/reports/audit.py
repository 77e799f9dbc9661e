"""The verb `audit`: diagnose, look for a first remedy, check whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..audits.equilibria import Equilibria, subgame_perfect
from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.forms.network import Network
from ..core.game import Game, amount
from ..core.lifts.crowd import GovernedCrowd
from ..core.lifts.staged import Staged
from ..designers.restriction import restriction
from ..designers.transfers import transfers
from ..diagnosis._diagnose import Diagnosis, diagnose
from ..diagnosis.governed_traffic import diagnose_governed_network
from ..diagnosis.logs import LogDiagnosis, diagnose_log
from ..diagnosis.traffic import diagnose_network
from ..solvers.assignment import check_assignment, user_equilibrium
from ._audit import Audit, Remedy

GAP = 1e-6
"""Relative gap of traffic assignments."""

LARGEST = 20_000
"""Joint moves up to which remedies are looked for."""

VISIBLE = 0.005
"""Share of what is at stake below which nothing is called lost, and no remedy is looked for."""

Stage = Callable[[str], object]


def audit(
    subject: Game | Delegation | str | Path,
    *,
    welfare: Any = None,
    cell: str | None = None,
    seed: int = 0,
    progress: Stage = lambda stage: None,
) -> Audit:
    """Find out what is lost in a system and why, look for a first remedy, and check whether it holds.

    Parameters
    ----------
    subject : a game (with institutions laid round it or not), a delegation, a road network, or the path of a folder
        of records.
    welfare : what is jointly good; default the delegation's own, or the mean utility of all principals.
    cell : of records, only those whose game, mechanism or name matches this pattern.
    seed : for what is sampled. The same seed gives the same bytes.
    progress : is told in words what is being done.

    Raises
    ------
    InputError : whatever `diagnose` and `diagnose_log` refuse.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> found = audit(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D")))
    >>> {claim.verdict for claim in found.claims}
    {'proved'}
    """
    if isinstance(subject, str | Path):
        progress("Reading what was recorded")
        seen = diagnose_log(subject, cell, seed=seed)
        return Audit(Path(subject).name, seen, None, (), tuple(_helps(seen)))
    if isinstance(subject, GovernedCrowd):
        return _governed_traffic(subject, progress)
    if isinstance(subject, Network):
        return _traffic(subject, progress)
    return _game(subject, welfare, seed, progress)


def _game(subject: Game | Delegation, welfare: Any, seed: int, progress: Stage) -> Audit:
    progress("Looking for what is lost, and why")
    seen = diagnose(subject, welfare=welfare, seed=seed)
    assert isinstance(seen, Diagnosis)
    without = None
    if isinstance(subject, Game) and getattr(subject, "institutions", ()):
        progress("Comparing with the game without the rules")
        found = diagnose(subject.base, welfare=welfare, seed=seed)  # type: ignore[attr-defined]
        without = found if isinstance(found, Diagnosis) else None
    progress("Looking for a remedy, and checking it")
    remedies, unsought = tuple(_remedies(seen)), _out_of_reach(seen)
    if not remedies and not unsought and _lost(seen) > VISIBLE:
        unsought = (
            "No remedy is proposed: the best outcome is dominant already, and what is lost is no matter of incentives."
        )
    return Audit(seen.name, seen, without, remedies, () if remedies else tuple(_checks(seen)), unsought)


def _worth(seen: Diagnosis) -> np.ndarray:
    return seen.delegation.welfare.on_table(seen.delegation.utilities)


def _lost(seen: Diagnosis) -> float:
    """The share of what is at stake that is lost as things are played."""
    worth = _worth(seen)
    return float((worth.max() - (np.asarray(seen.played) * worth).sum()) / (np.ptp(worth) or 1.0))


def _out_of_reach(seen: Diagnosis) -> str:
    """Why no remedy can be looked for, in a sentence; empty when it can."""
    game = seen.delegation.game
    if seen.played is None or game.size > LARGEST:
        return f"No remedy was looked for: {amount(game.size)} joint moves are too many to look at each."
    if isinstance(game, Staged):
        return (
            "No remedy was looked for: in a game of stages or private views a plan of action is no move to pay for or "
            "to forbid."
        )
    return ""


def _remedies(seen: Diagnosis) -> Iterator[Remedy]:
    """Promises, fines and a restriction, as far as they change anything, each with what the equilibrium audit says."""
    if _out_of_reach(seen) or _lost(seen) <= VISIBLE:
        return
    subject, worth = seen.delegation, _worth(seen)
    for kind in ("promises", "fines"):
        paid = transfers(subject, kind=kind, played=seen.played)
        if paid.largest > 0:
            yield Remedy(paid, (paid.claim, *Equilibria(paid.target, worth=worth)(paid.governed)))
    fewer = restriction(subject, played=seen.played)
    if fewer.size > 0:
        kept = [[own.index(move) for move in left] for own, left in zip(subject.game.moves, fewer.kept, strict=True)]
        yield Remedy(fewer, Equilibria(fewer.target, worth=worth[np.ix_(*kept)])(fewer.governed))


def _checks(seen: Diagnosis) -> Iterator[Claim]:
    """Where no remedy is needed, whether play can settle elsewhere; of stages, whether their outcome is good."""
    game = seen.delegation.game
    if isinstance(game, Staged):
        if seen.facets is not None and game.public:
            yield subgame_perfect(game, seen.facets.optimum, seen.delegation.welfare)
        return
    if not _out_of_reach(seen) and np.ptp(_worth(seen)) > 0:
        best = max(seen.optima, key=lambda place: float(np.asarray(seen.played)[place]))
        yield from Equilibria(seen.agents_game.labels(best), worth=_worth(seen))(seen.agents_game)


def _traffic(network: Network, progress: Stage) -> Audit:
    progress("Letting everybody drive")
    seen = diagnose_network(network, gap=GAP)
    progress("Checking the tolls")
    tolled = network.tolled([road.toll for road in seen.roads])
    driven = user_equilibrium(tolled, gap=GAP)
    checked = check_assignment(tolled, driven)
    over = driven.total_time / seen.optimum.total_time - 1 if seen.optimum.total_time > 0 else 0.0
    said = f"With the tolls given here everybody drives so that all trips take {max(over, 0.0):.2%} more than at best."
    return Audit(network.name, seen, None, (), (*seen.claims, replace(checked, statement=said)))


def _governed_traffic(game: GovernedCrowd, progress: Stage) -> Audit:
    progress("Letting everybody drive without the rules")
    without = diagnose_network(game.base, gap=GAP)
    progress("Letting everybody drive under the rules")
    seen = diagnose_governed_network(game)
    return Audit(game.name, seen, without, (), (*without.claims, _rests(game, seen.equilibrium.points[0])))


def _rests(game: GovernedCrowd, mixture: Any) -> Claim:
    """Whether drivers have come to rest, by asking every route of every crowd."""
    regret, scale = game.regret(mixture), max(float(np.abs(worth).max()) for worth in game.deviation_payoffs(mixture))
    statement = f"Under the rules no driver gains more than {max(regret, 0.0):.2g} by another route."
    method = "every route of every crowd at the flows that all make, in float64"
    return Claim(statement, "proved", method, 1e-12 * max(scale, 1.0), {"regret": regret})


def _helps(seen: LogDiagnosis) -> Iterator[Claim]:
    """Of every mechanism that can be compared, whether agents like these do better with it: supported, or unknown."""
    for arm in seen.arms:
        more = arm.added
        if more is None:
            continue
        words = f"{arm.cell.variant.replace('_', ' ')} in {arm.cell.game.replace('_', ' ')}"
        surely = more.low is not None and more.low > 0
        numbers = {
            "more": more.value,
            "interval": [more.low, more.high],
            "level": more.level,
            "n": more.n,
            "seeds": [seen.seed],
        }
        yield Claim(
            f"Agents of these kinds get more points with {words} than without any mechanism.",
            "supported" if surely else "unknown",
            f"{more.n} meetings between {more.models} models, bootstrap clustered by model",
            numbers=numbers,
        )
