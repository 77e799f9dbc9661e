"""Which social dilemma is it? Greed (gaining by leaving the others alone with it) and fear (losing by going alone)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.forms.normal_form import NormalForm
from ..core.forms.symmetric import Symmetric
from ..core.game import Array, Game
from ..core.welfare import Welfare
from ._greed_and_fear import GreedAndFear, among_alike, in_table
from ._orders import Name, meeting, schelling, two_by_two
from ._tables import TIE, opened, principals_game

TWO_BY_TWO = "Rapoport and Guyer (1966); Macy and Flache (2002): greed T > R, fear P > S, where R > P and R ≥ S."
SCHELLING = "Schelling (1973), Liebrand (1983), Hughes et al. (2018): greed and fear at the ends of the two curves."
GENERAL = (
    "Macy and Flache's (2002) greed and fear carried over: greed is the best gain from leaving the welfare optimum "
    "alone, fear the loss from playing one's part of it while the others stay at the worst pure equilibrium."
)


@dataclass(frozen=True)
class Dilemma:
    """The name of a game's dilemma, and the greed and fear behind it.

    Attributes
    ----------
    name : "none" when no definition applies.
    players : whose dilemma it is.
    source : the definition used.
    cooperate, defect : the joint moves it is about, by label; empty for "none". In a coordination game and a battle
        of the sexes they are simply the two places to meet.
    greed : per player, in its own utility, what it gains by leaving `cooperate` alone (positive: it would).
    fear : per player, what it loses by playing its part of `cooperate` when the others play `defect`.
    gain : welfare over all principals at `cooperate` less welfare at `defect`. Negative: what the players would gain
        by working together, bystanders would more than lose.
    turns : whether taking turns at exploiting each other would give two players more than cooperating does.
    curves : for players who are alike and have two moves, what a cooperator (row 0) and a defector (row 1) get when
        0, 1, … of the others cooperate, `float[2, P]`; None otherwise.
    """

    name: Name
    players: tuple[str, ...]
    source: str
    cooperate: tuple[str, ...] = ()
    defect: tuple[str, ...] = ()
    greed: tuple[float, ...] = ()
    fear: tuple[float, ...] = ()
    gain: float = 0.0
    turns: bool = False
    curves: Array | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One sentence: which dilemma, between which moves, and why."""
        called = _CALLED.get(self.name, f"a {self.name}")
        kind = f"of the kind of {called}" if self.source == GENERAL else called
        places = {"cooperate": _together(self.cooperate), "defect": _together(self.defect)}
        said = opened(_WORDS[self.name].format(kind=kind, **places))
        if self.turns:
            said += " Taking turns at leaving would give them more still."
        if self.gain < 0:
            said += " But what the players would gain together, bystanders would more than lose."
        numbers = {
            "name": self.name,
            "cooperate": list(self.cooperate),
            "defect": list(self.defect),
            "greed": dict(zip(self.players, self.greed, strict=False)),
            "fear": dict(zip(self.players, self.fear, strict=False)),
            "welfare gained by cooperation": self.gain,
        }
        return (Finding("dilemma", said, self.players, numbers, self.source),)


_CALLED = {
    "chicken": "a game of chicken",
    "harmony": "a harmony game",
    "coordination": "a coordination game",
}

_WORDS = {
    "prisoner's dilemma": "this is {kind}: all would be better off with {cooperate} than with {defect}, but each gains "
    "by leaving (greed) and loses by going alone (fear).",
    "chicken": "this is {kind}: all are better off with {cooperate} than with {defect} and each gains by leaving while "
    "the others stay (greed), but where the others have left, staying is the lesser evil (no fear).",
    "stag hunt": "this is {kind}: nobody gains by leaving {cooperate} (no greed), but whoever plays it alone, while "
    "the others play {defect}, loses (fear). Trust is what is missing.",
    "threshold dilemma": "this is {kind}: each gains by leaving {cooperate} when all others stay (greed) and loses by "
    "going alone (fear), but in between its own part can be decisive and is then worth playing.",
    "harmony": "this is {kind}: playing {cooperate} is best for each and for all.",
    "deadlock": "this is {kind}: each does best with {cooperate} whatever the others do, and would gain if the others "
    "left.",
    "coordination": "this is {kind}: everybody wants to meet, be it at {cooperate} or at {defect}.",
    "battle of the sexes": "this is {kind}: {cooperate} and {defect} are both places to meet, and the players disagree "
    "which of them is better.",
    "none": "no named social dilemma fits: greed and fear do not line up in the same way for all players.",
}


def dilemma_of(subject: Game | Delegation, welfare: Welfare | None = None) -> Dilemma:
    """What `dilemmas` answers."""
    delegation = as_delegation(subject)
    game, welfare = delegation.game, welfare or delegation.welfare
    if isinstance(subject, Symmetric) and len(game.players) > 2 and not delegation.motivated:
        two = len(game.moves[0]) == 2
        found = _alike(subject, _curves_by_count(subject)) if two else _general(game, among_alike(subject, welfare))
    else:
        game = principals_game(delegation)
        found = _two_by_two(game) if game.sizes == (2, 2) else _larger(game, welfare)
    if found.name == "none":
        return found
    both = np.array([game.profile(found.cooperate), game.profile(found.defect)])
    worth = welfare.on_table(game.utilities_at(both))
    return replace(found, gain=float(worth[0] - worth[1]))


def _two_by_two(game: NormalForm) -> Dilemma:
    """Look for a labelling under which one name holds for both players; games with one best corner first."""
    for name_of in (two_by_two, meeting):
        for rows, columns in product(((0, 1), (1, 0)), repeat=2):
            table = game.payoffs[np.ix_(rows, columns)]
            own = (table[..., 0], table[..., 1].T)
            if (name := name_of(own)) != "none":
                corners = game.labels((rows[0], columns[0])), game.labels((rows[1], columns[1]))
                greed = tuple(float(mine[1, 0] - mine[0, 0]) for mine in own)
                fear = tuple(float(mine[1, 1] - mine[0, 1]) for mine in own)
                total = table.sum(-1)
                turns = name == "prisoner's dilemma" and bool(2 * total[0, 0] < total[0, 1] + total[1, 0])
                return Dilemma(name, game.players, TWO_BY_TWO, *corners, greed, fear, turns=turns)
    return Dilemma("none", game.players, TWO_BY_TWO)


def _larger(game: NormalForm, welfare: Welfare) -> Dilemma:
    """By Schelling curves where they exist and say something, otherwise in general."""
    curves = _curves(game)
    found = _alike(game, curves) if curves is not None else None
    return found if found and found.name != "none" else _general(game, in_table(game, welfare))


def _general(game: Game, found: GreedAndFear | None) -> Dilemma:
    if found is None or found.name == "none":
        return Dilemma("none", game.players, GENERAL)
    corners = game.labels(found.best), game.labels(found.worst)
    return Dilemma(found.name, game.players, GENERAL, *corners, tuple(found.greed.tolist()), tuple(found.fear.tolist()))


def _alike(game: Game, own: Array) -> Dilemma:
    """The dilemma among alike players with two moves; `own[mine, k]` when k of the others play the second move."""
    second = bool(own[1, -1] > own[0, 0])
    curves = own[::-1] if second else own[:, ::-1]
    if (name := schelling(curves)) == "none":
        return Dilemma("none", game.players, SCHELLING, curves=curves)
    count, cooperate = len(game.players), int(second)
    corners = game.labels((cooperate,) * count), game.labels((1 - cooperate,) * count)
    greed, fear = float(curves[1, -1] - curves[0, -1]), float(curves[1, 0] - curves[0, 0])
    return Dilemma(name, game.players, SCHELLING, *corners, (greed,) * count, (fear,) * count, curves=curves)


def _curves_by_count(game: Symmetric) -> Array:
    """Payoffs `[2, P]` of a player by its own move and by how many of the others play the second move."""
    count = len(game.players)
    others = np.arange(count - 1) < np.arange(count)[:, None]
    profiles = [np.concatenate([np.full((count, 1), own), others], axis=1).astype(int) for own in (0, 1)]
    return game.payoffs_at(np.stack(profiles))[..., 0]


def _curves(game: NormalForm) -> Array | None:
    """The same from a table, or None when the players are not alike or have more than two moves."""
    count = len(game.players)
    if set(game.sizes) != {2}:
        return None
    moves = game.profiles()
    places = moves * count + (moves.sum(1, keepdims=True) - moves)
    values = game.payoffs.reshape(-1, count)
    low, high = np.full(2 * count, np.inf), np.full(2 * count, -np.inf)
    np.minimum.at(low, places, values)
    np.maximum.at(high, places, values)
    alike = (high - low <= TIE * np.ptp(values)).all()
    return low.reshape(2, count) if alike else None


def _together(labels: tuple[str, ...]) -> str:
    """A joint move in words: "C" when all play it, "(C, D)" otherwise."""
    return labels[0] if len(set(labels)) == 1 else f"({', '.join(labels)})"
