"""The verb `audit`: diagnose, design, verify, in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, overload

import numpy as np

from ..audits._verify import Verification, about_layers, verify
from ..audits.coalitions import Coalitions
from ..audits.equilibria import Equilibria, subgame_perfect
from ..audits.evasion import Evasion
from ..audits.learners import Learners
from ..audits.loophole import Loophole
from ..audits.robustness import Robustness
from ..audits.spite import Spite
from ..audits.worst_case import WorstCase
from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.forms.ballots import Ballots
from ..core.forms.network import Network
from ..core.forms.symmetric import Symmetric
from ..core.game import Game, amount
from ..core.lifts.crowd import GovernedCrowd
from ..core.lifts.repeated import Repeated
from ..core.lifts.roads import GovernedNetwork
from ..core.lifts.staged import Staged
from ..core.world import World
from ..designers._alike import design_alike
from ..designers._design import Design, design
from ..designers._remedy import combined
from ..designers._roads import design_roads
from ..diagnosis._diagnose import Diagnosis, diagnose
from ..diagnosis._plain_diagnosis import PlainDiagnosis
from ..diagnosis.governed_traffic import diagnose_governed_network
from ..diagnosis.logs import LogDiagnosis, diagnose_log
from ..diagnosis.traffic import diagnose_network
from ..diagnosis.world_facets import in_world
from ..solvers.assignment import check_assignment
from ._audit import Audit
from ._audit_election import audit_election
from ._audit_world import AuditedWorld, audit_world
from ._charter import seen_charter
from ._forecast import forecast

GAP = 1e-8
"""Relative gap of traffic assignments."""

LARGEST = 20_000
"""Joint moves up to which remedies are looked for."""

VISIBLE = 0.005
"""Share of what is at stake below which nothing is called lost, and no remedy is looked for."""

SECONDS = 3.0
"""Time for each approach that searches, and for each audit that does."""

RUNS, ROUNDS = 16, 300
"""Runs of every kind of learners, and rounds of each."""

WAYS, FEW_LINKS = ("fewest tolls", "closed roads"), 30
"""What else is looked for on networks of up to so many links."""

Stage = Callable[[str], object]


@overload
def audit(
    subject: World, *, welfare: Any = ..., cell: str | None = ..., seed: int = ..., progress: Stage = ...
) -> AuditedWorld: ...


@overload
def audit(
    subject: Game | Repeated | Delegation | Ballots | str | Path,
    *,
    welfare: Any = ...,
    cell: str | None = ...,
    seed: int = ...,
    progress: Stage = ...,
) -> Audit: ...


def audit(
    subject: Any,
    *,
    welfare: Any = None,
    cell: str | None = None,
    seed: int = 0,
    progress: Stage = lambda stage: None,
) -> Audit | AuditedWorld:
    """Find out what is lost in a system and why, design the institution that closes the gap, and verify it.

    Parameters
    ----------
    subject : a game (with institutions laid round it or not; repeated or not), a delegation, a road network, an
        election, or the path of a folder of records; or a world, or what was trained in one, which is diagnosed by
        trained corners and asked whether those who play there stand among others (`AuditedWorld`; no institution is
        designed).
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
    >>> found.design.best.approach, found.verification.verdict
    ('contract', 'refuted')
    """
    if (playing := in_world(subject)) is not None:
        return audit_world(*playing, seed=seed, progress=progress)
    if isinstance(subject, str | Path):
        progress("Reading what was recorded")
        seen = diagnose_log(subject, cell, seed=seed)
        told, ours, why_not = forecast(subject, seen, cell, seed, progress)
        return Audit(Path(subject).name, seen, None, None, None, tuple(_helps(seen)), why_not, told, ours)
    if isinstance(subject, Ballots):
        return audit_election(subject, seed, progress)
    if isinstance(subject, GovernedCrowd | GovernedNetwork):
        return _governed_traffic(subject, progress)
    if isinstance(subject, Network):
        return _traffic(subject, progress)
    if isinstance(subject, Repeated):
        return _again(subject, welfare, seed, progress)
    return _game(subject, welfare, seed, progress)


def _game(subject: Game | Delegation, welfare: Any, seed: int, progress: Stage) -> Audit:
    progress("Looking for what is lost, and why")
    seen = diagnose(subject, welfare=welfare, seed=seed)
    if isinstance(seen, PlainDiagnosis):
        raise InputError(
            f"{seen.name} is {seen.what}.",
            "Remedies are looked for in games with a table of joint moves.",
            "Ask for the diagnosis alone: ostrom diagnose, or diagnose(…) in Python.",
        )
    assert isinstance(seen, Diagnosis)
    without = charter = None
    if isinstance(subject, Game) and getattr(subject, "institutions", ()):
        progress("Asking the rules what they are")
        charter = seen_charter(subject, seed)
        progress("Comparing with the game without the rules")
        found = diagnose(subject.base, welfare=welfare, seed=seed)  # type: ignore[attr-defined]
        without = found if isinstance(found, Diagnosis) else None
    unsought, made, checked = _out_of_reach(seen), None, None
    if unsought and _alike(seen):
        return replace(_by_counts(seen, without, seed, progress), charter=charter)
    if not unsought and _lost(seen) > VISIBLE:
        made = design(seen.delegation, played=seen.played, seconds=SECONDS, progress=progress)
        checked = _verified(made, seed, progress)
        if made.best is None:
            unsought = made.because
    checks = () if made else tuple(_checks(seen))
    return Audit(seen.name, seen, without, made, checked, checks, unsought, charter=charter)


def _again(game: Repeated, welfare: Any, seed: int, progress: Stage) -> Audit:
    """The audit of a repeated game: what is lost in a round without rules, and whether rules that remember mend it."""
    progress("Looking for what is lost in one round, and why")
    seen = diagnose(game.game, welfare=welfare, seed=seed)
    assert isinstance(seen, Diagnosis)
    checked = verify(game, welfare=welfare, seed=seed, progress=progress)
    rules = f"under {game.charter}" if game.institutions else "without rules"
    unsought = f"What was diagnosed is one round without rules; what is verified is the game repeated {rules}."
    return Audit(game.name, seen, None, None, checked, (), unsought, charter=seen_charter(game, seed))


def _alike(seen: Diagnosis) -> bool:
    """Whether the players of a game too large to list are alike, and act for themselves."""
    return isinstance(seen.delegation.game, Symmetric) and seen.large is not None


def _by_counts(seen: Diagnosis, without: Diagnosis | None, seed: int, progress: Stage) -> Audit:
    """The audit of such a game: rules that treat all alike, by counts, where something is lost."""
    made, unsought, large, game = None, "", seen.large, seen.delegation.game
    assert large is not None
    assert isinstance(game, Symmetric)
    if (large.gap or 0.0) > VISIBLE * (large.stake or 0.0):
        made = design_alike(game, seen=large, seed=seed, seconds=SECONDS, progress=progress)
        unsought = "" if made.best is not None else made.because
    return Audit(seen.name, seen, without, made, None, (), unsought)


def _verified(made: Design, seed: int, progress: Stage) -> Verification | None:
    """Every question to the first proposal; None where there is none, or it is a lottery that has its own claims."""
    best = made.best
    if best is None or best.target is None:
        return None
    asked = (
        *(Equilibria(), WorstCase(), Learners(seeds=RUNS, rounds=ROUNDS), Coalitions(up_to=3, seconds=SECONDS)),
        *(Evasion(), Loophole(), Spite(), Robustness(seconds=SECONDS)),
    )
    return verify(best.governed, best.target, audits=asked, worth=best.worth, seed=seed, progress=progress)


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
    if why := combined(game):
        return f"No remedy was looked for: {why}"
    if isinstance(game, Staged):
        return (
            "No remedy was looked for: in a game of stages or private views a plan of action is no move to pay for or "
            "to forbid."
        )
    return ""


def _checks(seen: Diagnosis) -> Iterator[Claim]:
    """Where no remedy is needed, whether play can settle elsewhere, and whether layers back each other up.

    Of stages, whether their outcome is good.
    """
    game = seen.delegation.game
    if isinstance(game, Staged):
        if seen.facets is not None and game.public:
            yield subgame_perfect(game, seen.facets.optimum, seen.delegation.welfare)
        return
    if not _out_of_reach(seen) and np.ptp(_worth(seen)) > 0:
        best = max(seen.optima, key=lambda place: float(np.asarray(seen.played)[place]))
        target = seen.agents_game.labels(best)
        yield from Equilibria()(seen.agents_game, target, worth=_worth(seen))
        yield from WorstCase()(seen.agents_game, target, worth=_worth(seen))
        for asked in about_layers(game, seen.delegation.welfare):
            yield from asked(seen.agents_game, target, worth=_worth(seen))


def _traffic(network: Network, progress: Stage) -> Audit:
    progress("Letting everybody drive")
    seen = diagnose_network(network, gap=GAP)
    made = None
    if seen.equilibrium.total_time > (1 + VISIBLE) * seen.optimum.total_time:
        ways = ("marginal tolls", "least tolls", *(WAYS if len(network.links) <= FEW_LINKS else ()))
        made = design_roads(network, ways=ways, seconds=SECONDS, progress=progress)
    return Audit(network.name, seen, None, made, None, seen.claims)


def _governed_traffic(game: GovernedCrowd | GovernedNetwork, progress: Stage) -> Audit:
    progress("Letting everybody drive without the rules")
    without = diagnose_network(game.base, gap=GAP)
    progress("Letting everybody drive under the rules")
    seen = diagnose_governed_network(game)
    if isinstance(game, GovernedNetwork) and seen.assignment is not None:
        rests = check_assignment(game, seen.assignment)
    else:
        rests = _rests(game, seen.equilibrium.points[0])
    return Audit(game.name, seen, without, None, None, (*without.claims, rests), charter=seen_charter(game))


def _rests(game: GovernedCrowd | GovernedNetwork, mixture: Any) -> Claim:
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
