"""What in a game pulls one way and what goes round: potential, harmonic and nonstrategic parts, and congestion."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ._circulation import circulation
from ._tables import TIE, agents_game, percent

SOURCE = (
    "Candogan, Menache, Ozdaglar and Parrilo (2011) for the parts; Monderer and Shapley (1996) for potential games, "
    "their circuits of four, and that they are the congestion games."
)


@dataclass(frozen=True)
class Circuit:
    """Four switches, two players' in turn, that lead back and pay something in all: no exact potential has one.

    `profile` is where it starts, by label; `players` and `moves` who switches to what; `gains` what each switch pays.
    """

    profile: tuple[str, ...]
    players: tuple[str, str]
    moves: tuple[str, str]
    gains: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Components:
    """The parts of a game's payoffs; each `float[A_1, …, A_P, P]`, and they sum to the payoffs.

    Attributes
    ----------
    players, moves : names.
    potential, harmonic, nonstrategic : the part that follows one function all climb; the part that goes round; and what
        no own move changes.
    function : `float[A_1, …, A_P]`, the potential function that comes nearest, of mean 0.
    share : of squared gains from switching, what follows the potential, from 0 to 1.
    exact : whether all does: a potential game, and so a congestion game.
    circuit : where it does not, four switches that show it.
    crowding : whether all have the same moves, and what one pays depends only on how many choose it, and is never more
        when more do (a congestion game with one resource a move); then `congestion[move, k]` is what it pays when k do.
    """

    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    potential: Array = field(repr=False)
    harmonic: Array = field(repr=False)
    nonstrategic: Array = field(repr=False)
    function: Array = field(repr=False)
    share: float
    exact: bool
    circuit: Circuit | None
    crowding: bool
    congestion: Array | None = field(repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """How much follows one potential, and whether it is a matter of crowding."""
        numbers = {"share of the potential": self.share, "exact": self.exact, "crowding": self.crowding}
        if self.exact:
            said = "This is a potential game: what anybody gains by switching is the rise of one function, so whoever "
            said += "improves climbs, and better replies always come to rest."
        elif self.share < TIE:
            said = "This is a harmonic game: what switching gains follows no common function at all and goes round."
        else:
            said = f"{percent(self.share)} of what switching gains follows one function that all climb; the rest goes "
            said += "round."
        found = [Finding("components", said, self.players, numbers, SOURCE)]
        if self.circuit is not None and self.share >= TIE:
            found.append(Finding("components", self._round(self.circuit), self.circuit.players, {}, SOURCE))
        if self.crowding:
            said = "It is a matter of crowding: what a move pays depends only on how many choose it, the more the less."
            found.append(Finding("components", said, self.players, {}, SOURCE))
        return tuple(found)

    def _round(self, circuit: Circuit) -> str:
        one, other = circuit.players
        return (
            f"For example from ({', '.join(circuit.profile)}): {one} to {circuit.moves[0]}, {other} to "
            f"{circuit.moves[1]}, {one} back and {other} back pays {sum(circuit.gains):.4g} in all, where it would pay "
            "0 if one function told all gains."
        )


def components(subject: Game | Delegation) -> Components:
    """Split a game into a potential, a harmonic and a nonstrategic part (orthogonal in the gains from switching).

    Agents follow the rewards they pursue. Equilibria hang on the first two parts only; welfare on all three. Raises
    `TooLarge` when the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma, RockPaperScissors
    >>> components(PrisonersDilemma()).exact, round(components(RockPaperScissors()).share, 9)
    (True, 0.0)
    """
    game = agents_game(as_delegation(subject))
    payoffs, count = game.payoffs, len(game.players)
    found = circulation(game)
    means = np.stack([np.broadcast_to(_mean(payoffs[..., i], i), game.sizes) for i in range(count)], -1)
    climbs = np.stack([found.potential - _mean(found.potential, i) for i in range(count)], -1)
    harmonic = payoffs - means - climbs
    size = float(np.abs(payoffs).max()) or 1.0
    exact = bool(np.abs(harmonic).max() <= TIE * size)
    table = _by_count(game)
    return Components(
        players=game.players,
        moves=game.moves,
        potential=climbs,
        harmonic=harmonic,
        nonstrategic=means,
        function=found.potential,
        share=1.0 - found.share,
        exact=exact,
        circuit=None if exact else _circuit(game),
        crowding=table is not None,
        congestion=table,
    )


def _mean(table: Array, axis: int) -> Array:
    return table.mean(axis=axis, keepdims=True)


def _circuit(game: NormalForm) -> Circuit | None:
    """The four switches that pay most in all, of those that begin and end at the first moves of two players."""
    best, found = 0.0, None
    for i in range(len(game.players)):
        for j in range(i + 1, len(game.players)):
            gap = game.payoffs[..., i] - game.payoffs[..., j]
            for a in (i, j):  # second differences against the first move of each
                gap = gap - np.take(gap, [0], axis=a)
            place = tuple(int(k) for k in np.unravel_index(np.abs(gap).argmax(), gap.shape))
            if abs(gap[place]) > best:
                best, found = abs(float(gap[place])), (i, j, place)
    if found is None:
        return None
    i, j, place = found
    start = list(place)
    start[i] = start[j] = 0
    here, gains = list(start), []
    for seat, move in ((i, place[i]), (j, place[j]), (i, 0), (j, 0)):
        before = game.payoffs[(*here, seat)]
        here[seat] = move
        gains.append(float(game.payoffs[(*here, seat)] - before))
    who = game.players[i], game.players[j]
    return Circuit(game.labels(start), who, (game.moves[i][place[i]], game.moves[j][place[j]]), tuple(gains))  # type: ignore[arg-type]


def _by_count(game: NormalForm) -> Array | None:
    """`float[A, P + 1]`: what each move pays when so many choose it, if only that matters and crowds; else None."""
    if len(set(game.moves)) > 1 or len(game.players) < 2:
        return None
    profiles = game.profiles()
    many = (profiles[:, :, None] == profiles[:, None, :]).sum(-1)
    values = game.payoffs.reshape(-1, len(game.players))
    shape = (len(game.moves[0]), len(game.players) + 1)
    low, high = np.full(shape, np.inf), np.full(shape, -np.inf)
    np.minimum.at(low, (profiles, many), values)
    np.maximum.at(high, (profiles, many), values)
    slack = TIE * max(float(np.ptp(values)), 1e-300)
    alike, steps = (high - low)[:, 1:] <= slack, np.diff(low[:, 1:], axis=1)
    low[:, 0] = np.nan
    return low if alike.all() and (steps <= slack).all() and (steps < -slack).any() else None
