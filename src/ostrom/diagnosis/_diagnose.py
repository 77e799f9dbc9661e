"""The verb `diagnose`: everything there is to say about where a system's impact gap comes from."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from functools import partial, reduce
from typing import Any, TypeVar

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError, TooLarge
from ..core.game import Array, Game, Mixture, amount, require_interaction
from ..core.lift_crowd import GovernedCrowd
from ..core.network import Network
from ..core.normal_form import NormalForm
from ..core.welfare import as_welfare
from ._play import PURSUED, Play
from ._tables import agents_game, principals_game
from .alignment import Alignment, alignment
from .consequences import Consequences, consequences
from .dilemmas import Dilemma, dilemmas
from .equilibria import Equilibria, equilibria
from .facets import Facets, facets
from .governed_traffic import GovernedTraffic, diagnose_governed_network
from .interests import Interests, interests
from .misalignment import misalignment_of_principals
from .moves import Moves, moves
from .regret_bound import RegretBound, regret_bound
from .stability import STARTS, Stability, stability
from .traffic import TrafficDiagnosis, diagnose_network

LISTED = 1_000_000
"""Utilities (joint moves times principals) beyond which parts that look at every one of them are left out."""

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What is lost, of what kind it is, and whom it concerns. A part that was left out is None; `left_out` says why.

    Attributes
    ----------
    name : of the game.
    delegation : what was diagnosed, with the welfare that counts.
    played : the share of every joint move as things are, observed or else predicted, `float[A_1, …, A_P]`.
    facets : the impact gap and where it comes from.
    dilemma, moves, interests : what kind of situation it is.
    consequences : what it means for each player and bystander.
    equilibria, stability : where agents may settle, and from where.
    alignment, regret_bound, misalignment : published measures beside ours.
    left_out : one finding for every part that is missing.
    """

    name: str
    delegation: Delegation = field(repr=False)
    played: Array | None = field(repr=False)
    facets: Facets | None = field(repr=False)
    dilemma: Dilemma | None
    moves: Moves | None = field(repr=False)
    consequences: Consequences | None = field(repr=False)
    interests: Interests | None = field(repr=False)
    equilibria: Equilibria | None = field(repr=False)
    stability: Stability | None = field(repr=False)
    alignment: Alignment | None = field(repr=False)
    regret_bound: RegretBound | None = field(repr=False)
    misalignment: Finding | None = field(repr=False)
    left_out: tuple[Finding, ...] = ()

    @property
    def players(self) -> tuple[str, ...]:
        """Who acts."""
        return self.delegation.game.players

    @property
    def bystanders(self) -> tuple[str, ...]:
        """Who is affected and does not act."""
        return self.delegation.game.bystanders

    @property
    def agents_game(self) -> NormalForm:
        """The game the agents play, by the rewards they pursue (`TooLarge` when it cannot be listed)."""
        return agents_game(self.delegation)

    @property
    def principals_game(self) -> NormalForm:
        """The game the principals would play themselves (`TooLarge` when it cannot be listed)."""
        return principals_game(self.delegation)

    @property
    def optima(self) -> tuple[tuple[int, ...], ...]:
        """The joint moves of highest welfare (`TooLarge` when they cannot be listed)."""
        worth = self.delegation.welfare.on_table(self.delegation.utilities)
        best = np.argwhere(worth >= worth.max() - 1e-9 * np.ptp(worth))
        return tuple(tuple(int(move) for move in place) for place in best)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All there is to say, in reading order."""
        parts = (getattr(self, name) for name in _PARTS)
        found = [finding for part in parts if part is not None for finding in part.findings]
        return (*found, *([self.misalignment] if self.misalignment else []), *self.left_out)

    @property
    def summary(self) -> str:
        """One paragraph: how much is lost and to what, what kind of situation it is, and what it means for whom."""
        chosen = [part.findings[0] for part in (self.facets, self.dilemma, self.moves) if part is not None]
        if self.consequences is not None:
            chosen += self.consequences.findings[:4]
        chosen += [finding for finding in self.findings if finding.topic == "selection"] + list(self.left_out[:1])
        return " ".join(dict.fromkeys(finding.sentence for finding in chosen))

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data: dicts, lists, strings, numbers, None; infinities and exact fractions as words."""
        game = self.delegation.game
        parts = {name: part and asdict(part) for name in _PARTS if (part := getattr(self, name)) is not None}
        listed = self.played is not None
        return _plain(
            {
                "kind": "diagnosis",
                "name": self.name,
                "players": self.players,
                "bystanders": self.bystanders,
                "moves": game.moves if game.size <= LISTED else None,
                "welfare": self.delegation.welfare.name,
                "utilities": self.delegation.utilities if listed else None,
                "rewards": self.delegation.rewards if listed else None,
                "played": self.played,
                "summary": self.summary,
                "findings": [asdict(finding) for finding in self.findings],
                **parts,
            }
        )


_PARTS = (
    *("facets", "dilemma", "moves", "consequences", "interests", "equilibria", "stability"),
    *("alignment", "regret_bound"),
)
"""The parts that say something of themselves, in reading order."""


def diagnose(
    subject: Game | Delegation, *, welfare: Any = None, seed: int = 0, starts: int = STARTS
) -> Diagnosis | TrafficDiagnosis | GovernedTraffic:
    """Find out where the impact gap of a game, or of a delegation, comes from.

    A road network gets a diagnosis of its own (`TrafficDiagnosis`; under an institution `GovernedTraffic`).

    Parameters
    ----------
    welfare : what is jointly good: a name, weights, or a function; default the delegation's own, or the mean utility.
    seed : for what is sampled (basins; shares of more than six agents). The same seed gives the same bytes.
    starts : starting points from which evolution and learning are followed.

    Raises
    ------
    InputError : fewer than two players, a player without a choice, no starts, or a welfare that means nothing for
        these utilities.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> diagnose(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])).dilemma.name
    "prisoner's dilemma"
    """
    if isinstance(subject, Network):
        return diagnose_network(subject)
    if isinstance(subject, GovernedCrowd):
        return diagnose_governed_network(subject)
    delegation = copy.copy(as_delegation(subject))
    if welfare is not None:
        delegation.welfare = as_welfare(welfare)
    game = delegation.game
    require_interaction(game)
    if starts < 1:
        raise InputError(f"Basins from {starts} starts.", "A share needs something to count.", "Use at least one.")
    parts = _Parts(game.size * len(game.principals) <= LISTED)
    found = parts.listed("The impact facets", partial(facets, delegation, seed))
    mixture = parts.listed("", lambda: _mixture(delegation, found))
    played = parts.listed("", lambda: _played(delegation, mixture))
    settled = parts.listed("Equilibria", partial(equilibria, delegation))
    return Diagnosis(
        name=game.name,
        delegation=delegation,
        played=played,
        facets=found,
        dilemma=parts.tried("The dilemma", partial(dilemmas, delegation)),
        moves=parts.listed("Dominant moves", partial(moves, delegation)),
        consequences=parts.listed("", lambda: consequences(delegation, played, _extremes(settled))),
        interests=parts.listed("Interests", partial(interests, delegation)),
        equilibria=settled,
        stability=parts.listed("Basins", partial(stability, delegation, starts=starts, seed=seed)),
        alignment=parts.listed("", lambda: alignment(delegation, mixture)),
        regret_bound=parts.listed("", lambda: regret_bound(delegation, mixture)),
        misalignment=parts.listed("", partial(misalignment_of_principals, delegation)),
        left_out=parts.left_out(game),
    )


class _Parts:
    """Works out the parts of a diagnosis, and keeps the names of those that had to be left out."""

    def __init__(self, listable: bool) -> None:
        self.listable, self.missing = listable, []

    def listed(self, label: str, part: Callable[[], T]) -> T | None:
        """A part that looks at every joint move; None where they cannot be listed."""
        if self.listable:
            return part()
        self.missing += [label] if label else []
        return None

    def tried(self, label: str, part: Callable[[], T]) -> T | None:
        """A part that may do without a table; None where it finds that it cannot."""
        try:
            return part()
        except TooLarge:
            self.missing.append(label)
            return None

    def left_out(self, game: Game) -> tuple[Finding, ...]:
        """One finding that names what is missing, and why."""
        if not self.missing:
            return ()
        said = (
            f"{game.name} has {amount(game.size)} joint moves, too many to look at each: "
            f"{', '.join(label[0].lower() + label[1:] for label in self.missing)} are left out."
        )
        return (Finding("left out", said, (), {"joint moves": str(game.size), "left out": list(self.missing)}),)


def _mixture(delegation: Delegation, found: Facets | None) -> Mixture:
    """What each player does as things are: as observed, or else as the facets' model of play predicts."""
    if delegation.counts is not None:
        return tuple(np.asarray(own, float) / np.sum(own) for own in delegation.counts)
    play = Play(delegation, found.precision if found else math.inf)
    return play.alone(play.all(PURSUED), (False,) * play.count)


def _played(delegation: Delegation, mixture: Mixture) -> Array:
    """The share of every joint move as things are."""
    return delegation.observed if delegation.observed is not None else reduce(np.multiply.outer, mixture)


def _extremes(settled: Equilibria | None) -> dict[str, tuple[float, ...]]:
    """Utilities of all principals at the best and the worst equilibrium found."""
    if settled is None or not settled.points:
        return {}
    best, worst = settled.points[0], settled.points[-1]
    found = {"best equilibrium": best.utilities}
    return found if best.welfare == worst.welfare else found | {"worst equilibrium": worst.utilities}


def _plain(value: Any) -> Any:
    """Plain data all the way down: what JSON can hold; infinities and exact fractions as words."""
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [_plain(held) for held in value]
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, Fraction) or (isinstance(value, float) and not math.isfinite(value)):
        return str(value)
    return value
