"""The verb `diagnose`: everything there is to say about where a system's impact gap comes from."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import reduce
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError, TooLarge
from ..core.forms.ballots import Ballots
from ..core.forms.bayesian import Bayesian
from ..core.forms.coalitional import Coalitional
from ..core.forms.extensive import ExtensiveForm
from ..core.forms.network import Network
from ..core.forms.normal_form import NormalForm
from ..core.forms.reactions import Reactions
from ..core.forms.symmetric import Symmetric
from ..core.game import PROFILE_LIMIT, Array, Game, Mixture, amount, require_interaction
from ..core.lifts.crowd import GovernedCrowd
from ..core.lifts.roads import GovernedNetwork
from ..core.lifts.staged import Staged
from ..core.welfare import Utilitarian, as_welfare
from ..solvers.pure_equilibria import pure_equilibria
from ._plain_diagnosis import PlainDiagnosis
from ._play import PURSUED, Play
from ._scale import scale_findings
from ._staged_words import staged_finding
from ._tables import agents_game, listed, principals_game
from ._treasury import treasury_finding
from .absorbing import Absorbing, absorbing
from .alignment import Alignment, alignment
from .beliefs import Beliefs, beliefs
from .components import Components, components
from .consequences import Consequences, consequences
from .cycles import Cycles, cycles
from .dilemmas import Dilemma, dilemmas
from .election import election
from .equilibria import Equilibria, equilibria
from .facets import Facets, facets
from .governed_traffic import GovernedTraffic, diagnose_governed_network
from .interests import Interests, interests
from .large import LargeDiagnosis, diagnose_large
from .loops import loops
from .misalignment import misalignment_of_principals
from .moves import Moves, moves
from .ordinal_types import OrdinalType, ordinal_types
from .power import Power, power
from .pressure import Pressure, pressed
from .regret_bound import RegretBound, regret_bound
from .stability import Stability, stability
from .traffic import TrafficDiagnosis, diagnose_network
from .tree import Tree, tree
from .world_facets import WorldFacets, diagnose_world, in_world

SAID = 5
"""Sentences about who gets what that fit into a summary."""

PARTED = 20_000
"""Joint moves up to which payoffs are split into what follows a potential and what does not."""

GROUPED = 50_000
"""Joint moves times groups of players up to which it is asked what each group could do."""

FEW_MOVES = 5
"""Moves up to which it is asked what absorbs a population."""

PLAIN = 200
"""Joint strategies beyond which a tree that can be solved as one (with perfect information, or opposed players) is told
by that alone: its strategic form is full of ties, and takes long to say little."""

CIRCLES = 1_000
"""Joint moves up to which circles of best replies are looked for."""

LISTED = 250_000
"""Utilities (joint moves times principals) beyond which parts that look at every one of them are left out."""


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What is lost, of what kind it is, and whom it concerns. A part that was left out is None; `left_out` says why.

    Attributes
    ----------
    name : of the game.
    delegation : what was diagnosed, with the welfare that counts.
    played : the share of every joint move as things are, observed or else predicted, `float[A_1, …, A_P]`.
    facets : the impact gap and where it comes from.
    large : the same, and where play may settle, of a game whose joint moves are too many to list.
    dilemma, moves, interests : what kind of situation it is.
    consequences : what it means for each player and bystander.
    equilibria, stability : where agents may settle, and from where.
    alignment, regret_bound, misalignment : published measures beside ours.
    ordinal : of a 2×2 game, its name among the 78. components : of a smaller table, what follows one potential.
    absorbing : of players who are alike, what evolution does not leave by itself, and the ways out.
    cycles : of a game without a pure equilibrium, or of two opposed players, what goes round.
    beliefs : of a Bayesian game, what false beliefs and not knowing the state cost.
    power : of three and more players, who could seize, shut out or block.
    pressure : of a scenario that says what its rivals press on, how that fares with rivals, prize and speed.
    tree : of a game played one move after another, where it goes and which threats are empty.
    treasury : of a game under rules, what they take from the players or pay them as things are; None where it balances.
    stages : of a game in stages, where it ends by the solution concept that fits.
    scale : a warning where differences between payoffs drown in their size.
    left_out : one finding for every part that is missing.
    """

    name: str
    delegation: Delegation = field(repr=False)
    played: Array | None = field(repr=False, default=None)
    facets: Facets | None = field(repr=False, default=None)
    large: LargeDiagnosis | None = field(repr=False, default=None)
    dilemma: Dilemma | None = field(repr=False, default=None)
    moves: Moves | None = field(repr=False, default=None)
    consequences: Consequences | None = field(repr=False, default=None)
    interests: Interests | None = field(repr=False, default=None)
    equilibria: Equilibria | None = field(repr=False, default=None)
    stability: Stability | None = field(repr=False, default=None)
    alignment: Alignment | None = field(repr=False, default=None)
    regret_bound: RegretBound | None = field(repr=False, default=None)
    misalignment: Finding | None = field(repr=False, default=None)
    ordinal: OrdinalType | None = field(repr=False, default=None)
    components: Components | None = field(repr=False, default=None)
    absorbing: Absorbing | None = field(repr=False, default=None)
    cycles: Cycles | None = field(repr=False, default=None)
    beliefs: Beliefs | None = field(repr=False, default=None)
    power: Power | None = field(repr=False, default=None)
    pressure: Pressure | None = field(repr=False, default=None)
    tree: Tree | None = field(repr=False, default=None)
    treasury: Finding | None = None
    stages: Finding | None = field(repr=False, default=None)
    scale: tuple[Finding, ...] = ()
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
        return (
            *([self.stages] if self.stages else []),
            *self.scale,
            *self._basis,
            *found,
            *([self.treasury] if self.treasury else []),
            *([self.misalignment] if self.misalignment else []),
            *self.left_out,
        )

    @property
    def _basis(self) -> list[Finding]:
        """By whose wishes what is said, where agents have wishes of their own."""
        if self.facets is None or all(np.array_equal(*pair) for pair in self._wishes):
            return []
        who = tuple(name for name, pair in zip(self.players, self._wishes, strict=True) if not np.array_equal(*pair))
        if self.beliefs is not None:
            said = (
                f"{listed(who)} act on beliefs that are not true: moves, equilibria and basins are told by what they "
                "believe; dilemma, interests and what everybody gets by what is true. What false beliefs cost stands "
                "in the line of intent."
            )
            return [Finding("basis", said[0].upper() + said[1:], who)]
        said = (
            f"The agents of {listed(who)} pursue rewards that are not their principals' utilities: moves, equilibria "
            "and basins are told by the rewards; dilemma, interests and what everybody gets by the utilities."
        )
        return [Finding("basis", said, who)]

    @property
    def _wishes(self) -> list[tuple[Array, Array]]:
        """Per player, the reward its agent pursues and its utility."""
        rewards, utilities = self.delegation.rewards, self.delegation.utilities
        return [(rewards[..., i], utilities[..., i]) for i in range(len(self.players))]

    @property
    def summary(self) -> str:
        """One paragraph: how much is lost and to what, what kind of situation it is, and what it means for whom."""
        chosen = [*([self.stages] if self.stages is not None else []), *self.scale]
        chosen += [part.findings[0] for part in (self.facets, self.large) if part is not None]
        chosen += self.cycles.findings[:1] if self.cycles is not None and self.cycles.cyclic else []
        chosen += self.tree.findings[:2] if self.tree is not None else []
        chosen += self.beliefs.findings[:2] if self.beliefs is not None else []
        chosen += self.power.findings[:1] if self.power is not None and self.power.threatens else []
        chosen += self.pressure.findings[:1] if self.pressure is not None else []
        if self.dilemma is not None and self.dilemma.name != "none":
            chosen += self.dilemma.findings
        if self.moves is not None and self.moves.dominance.dominated:
            chosen += self.moves.findings[:1]
        chosen += [finding for finding in self.findings if finding.topic == "effects"][:SAID]
        chosen += [self.treasury] if self.treasury is not None else []
        chosen += [finding for finding in self.findings if finding.topic == "selection"] + list(self.left_out[:1])
        return " ".join(dict.fromkeys(finding.sentence for finding in chosen))

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data: dicts, lists, strings, numbers, None; infinities and exact fractions as words."""
        game = self.delegation.game
        parts = {name: asdict(part) for name in _PARTS if name != "power" and (part := getattr(self, name)) is not None}
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
    *("tree", "beliefs", "facets", "large", "dilemma", "ordinal", "moves", "components", "consequences", "interests"),
    *("equilibria", "stability", "absorbing", "cycles", "power", "pressure", "alignment", "regret_bound"),
)
"""The parts that say something of themselves, in reading order."""


def diagnose(
    subject: Any, *, welfare: Any = None, seed: int = 0, starts: int | None = None
) -> Diagnosis | PlainDiagnosis | TrafficDiagnosis | GovernedTraffic | WorldFacets:
    """Find out where the impact gap of a game, or of a delegation, comes from.

    A road network gets a diagnosis of its own (`TrafficDiagnosis`; under an institution `GovernedTraffic`), and so
    does a world, or what was trained in one (`WorldFacets`; `diagnose_world` says what else can be chosen there).
    What has no moves to choose from (a loop of reactions, a game of coalitions, an election) is told part by part
    (`PlainDiagnosis`).

    Parameters
    ----------
    welfare : what is jointly good: a name, weights, or a function; default the delegation's own, or the mean utility.
    seed : for what is sampled (basins; shares of more than six agents). The same seed gives the same bytes.
    starts : starting points from which evolution and learning are followed; default 200, fewer for a large table.

    Raises
    ------
    InputError : fewer than two players, a player without a choice, no starts, or a welfare that means nothing for
        these utilities; `TooLarge` when a list of joint moves would be needed and does not fit.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> diagnose(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])).dilemma.name
    "prisoner's dilemma"
    """
    if (playing := in_world(subject)) is not None:
        if welfare is not None and not isinstance(as_welfare(welfare), Utilitarian):
            raise InputError(
                f"The welfare is {as_welfare(welfare).name}, and corners of a world are trained for the mean.",
                do="Leave the welfare out.",
            )
        return diagnose_world(*playing, seed=seed)
    if (plain := _in_parts(subject)) is not None:
        return plain
    if isinstance(subject, GovernedCrowd | GovernedNetwork):
        return diagnose_governed_network(subject)
    if isinstance(subject, Network):
        return diagnose_network(subject)
    told = beliefs(subject) if isinstance(subject, Bayesian) else None
    if isinstance(subject, Bayesian) and not subject.common_prior:
        subject = subject.delegation
    delegation = copy.copy(as_delegation(subject))
    if welfare is not None:
        delegation.welfare = as_welfare(welfare)
    require_interaction(delegation.game)
    size, needs_table = delegation.game.size, _needs_table(delegation)
    own_tables = needs_table or isinstance(subject, Delegation)
    if size * len(delegation.principals) <= LISTED or (size <= PROFILE_LIMIT and own_tables):
        seen, grown = _whole(subject, delegation, seed, starts), None
        if isinstance(subject, ExtensiveForm) and not told:
            grown = replace(tree(subject), played=None if seen.consequences is None else _played(seen.consequences))
        return replace(seen, beliefs=told, pressure=pressed(delegation.game), tree=grown)
    if needs_table:
        raise TooLarge(
            f"{delegation.game.name} has {amount(size)} joint moves, and {needs_table}.",
            f"Where more than {PROFILE_LIMIT:,} cannot be listed, agents are taken to act for themselves and to play "
            "perfectly, and welfare is the mean over all principals.",
            "Leave that out, or use few enough players and moves for a table.",
        )
    return replace(_unlisted(delegation, seed, starts), pressure=pressed(delegation.game))


def _played(found: Consequences) -> tuple[float, ...] | None:
    """What players get as things are."""
    return found.utilities["played"][: len(found.players)] if "played" in found.utilities else None


def _in_parts(subject: Any) -> PlainDiagnosis | None:
    """The diagnosis of what has no table of joint moves; None for everything else."""
    if isinstance(subject, Reactions):
        return PlainDiagnosis(subject.name, subject.players, "a loop of reactions", (loops(subject),))
    if isinstance(subject, Coalitional):
        return PlainDiagnosis(subject.name, subject.players, "a game of coalitions", (power(subject),))
    if isinstance(subject, Ballots):
        return PlainDiagnosis(subject.name, subject.alternatives, "an election", (election(subject),))
    if isinstance(subject, ExtensiveForm) and (subject.size > PROFILE_LIMIT or not subject.listable):
        return PlainDiagnosis(subject.name, subject.players, "a tree too large for a table", (tree(subject),))
    if isinstance(subject, ExtensiveForm) and subject.size > PLAIN and (told := tree(subject)).findings:
        return PlainDiagnosis(subject.name, subject.players, "a tree that is told by its own solution", (told,))
    return None


def _needs_table(delegation: Delegation) -> str:
    """What is asked that only a list of joint moves can answer, in words; empty when there is nothing."""
    if not isinstance(delegation.welfare, Utilitarian):
        return f"the welfare is {delegation.welfare.name}"
    if delegation.motivated:
        return "its rules change what agents want"
    return "" if delegation.precision is None and delegation.counts is None else "a precision or observed play is given"


def _whole(subject: Game | Delegation, delegation: Delegation, seed: int, starts: int | None) -> Diagnosis:
    """Every part, from the table of all joint moves (or faster, where a bare game says that its players are alike)."""
    found, settled = facets(delegation, seed), equilibria(delegation)
    predicted = _predicted(delegation, found.precision)
    played = reduce(np.multiply.outer, predicted) if delegation.observed is None else delegation.observed
    return Diagnosis(
        name=delegation.game.name,
        delegation=delegation,
        played=played,
        facets=found,
        dilemma=dilemmas(subject, welfare=delegation.welfare),
        moves=moves(subject),
        consequences=consequences(delegation, played, _extremes(settled, _alike(delegation))),
        interests=interests(delegation),
        equilibria=settled,
        stability=stability(subject, starts=starts, seed=seed),
        alignment=alignment(delegation, predicted),
        regret_bound=regret_bound(delegation, predicted),
        misalignment=misalignment_of_principals(delegation),
        treasury=treasury_finding(delegation, played),
        ordinal=ordinal_types(delegation) if delegation.game.sizes == (2, 2) else None,
        power=power(delegation) if _groups(delegation) <= GROUPED else None,
        components=components(delegation) if delegation.game.size <= PARTED else None,
        absorbing=_lasting(subject, delegation),
        cycles=cycles(delegation, seed=seed) if _may_go_round(delegation) else None,
        stages=staged_finding(delegation.game) if isinstance(delegation.game, Staged) else None,
        scale=tuple(scale_findings(delegation.game.players, delegation.rewards)),
    )


def _lasting(subject: Game | Delegation, delegation: Delegation) -> Absorbing | None:
    """What absorbs, of alike players with few moves; None for others, and where there are too many states."""
    sizes = set(delegation.game.sizes)
    if len(sizes) > 1 or max(sizes) > FEW_MOVES:
        return None
    try:
        found = absorbing(subject)
    except InputError:
        return None
    return found if found.population is not None else None


def _groups(delegation: Delegation) -> float:
    """Joint moves times groups of players; endless for two players, whose groups are themselves."""
    count = len(delegation.game.players)
    return delegation.game.size * 2.0**count if count > 2 else math.inf


def _may_go_round(delegation: Delegation) -> bool:
    """Whether to look for circles: no pure equilibrium to rest at, or one of two players loses what the other wins."""
    game = agents_game(delegation)
    if game.size > CIRCLES or all(size == 1 for size in game.sizes):
        return False
    total = game.payoffs.sum(-1)
    opposed = len(game.players) == 2 and np.ptp(total) <= 1e-9 * max(1.0, float(np.abs(game.payoffs).max()))
    return bool(opposed and np.ptp(game.payoffs)) or not pure_equilibria(game).points


def _unlisted(delegation: Delegation, seed: int, starts: int | None) -> Diagnosis:
    """What can be said without looking at every joint move, of agents who act for themselves and play perfectly."""
    game = delegation.game
    said = f"{game.name} has {amount(game.size)} joint moves, too many to look at each: interests, the parts of agents "
    said += "and pairs, and published measures are left out."
    return Diagnosis(
        name=game.name,
        delegation=delegation,
        large=diagnose_large(game, seed=seed, **({} if starts is None else {"starts": starts})),
        dilemma=dilemmas(game) if isinstance(game, Symmetric) else None,
        left_out=(Finding("left out", said, (), {"joint moves": str(game.size), "limit": LISTED}),),
    )


def _predicted(delegation: Delegation, precision: float) -> Mixture:
    """What agents play each for itself: as they were seen to, or else with this precision."""
    if delegation.counts is not None:
        return tuple(own / own.sum() for own in delegation.counts)
    play = Play(delegation, precision)
    return play.alone(play.all(PURSUED), (False,) * play.count)


def _alike(delegation: Delegation) -> int:
    """How many players there are in the same position, playing for themselves; 0 unless all are known to be."""
    alike = isinstance(delegation.game, Symmetric) and not delegation.motivated
    return len(delegation.game.players) if alike else 0


def _extremes(settled: Equilibria, alike: int) -> dict[str, tuple[float, ...]]:
    """The utilities at the worst and the best equilibrium found, on average over those that are equally good.

    The first `alike` principals are players in the same position: what one gets at one equilibrium another gets at the
    one with seats exchanged, so that on average they get the same, however many of them were listed.
    """
    known = any(_same(point.mixture, settled.limit.mixture) for point in settled.points)
    points = [*settled.points, *([] if known else [settled.limit])]
    if len(points) == 1:
        return {"only equilibrium": points[0].utilities}
    worth, slack = [point.welfare for point in points], 1e-9 * (settled.optimum - settled.worst_outcome)
    ends = {"worst": min(worth), "best": max(worth)}
    tied = {name: [p.utilities for p in points if abs(p.welfare - end) <= slack] for name, end in ends.items()}
    found = {}
    for name, each in tied.items():
        mean = np.mean(each, axis=0)
        mean[:alike] = mean[:alike].mean() if alike else mean[:alike]
        several = np.ptp(each, axis=0).max() > slack or (alike and np.ptp(each[0][:alike]) > slack)
        many = "mean over seats" if alike else f"mean of {len(each)}"
        found[f"{name} equilibrium{f' ({many})' if several else ''}"] = tuple(mean.tolist())
    return found


def _same(one: Mixture, other: Mixture) -> bool:
    return all(np.allclose(x, y, atol=1e-6) for x, y in zip(one, other, strict=True))


def _plain(value: Any) -> Any:
    """`value` in dicts, lists, strings, numbers and None; infinities and fractions as words."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value if value is None or isinstance(value, str | int) else str(value)
