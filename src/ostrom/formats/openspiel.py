"""OpenSpiel's games as trees: every history walked once, moves made at the same time put one after another, unseen.

The package (Lanctot et al., 2019) is only needed when a game is asked for by name; a game that is loaded already, or
anything with the same methods, is taken as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm, Node

PLACES = 500_000
"""Places beyond which a game is refused."""

FINE = 10**6
"""Largest denominator of fractions that a float is taken for, where it is the float nearest to one."""


def from_openspiel(game: Any, limit: int = PLACES, players: Sequence[str] | None = None) -> ExtensiveForm:
    """The whole tree of a game of OpenSpiel, with its information states as information sets.

    Moves made at the same time become one move after another, of which the later players see nothing. Floats that are
    the nearest to a simple fraction are taken for it, so that odds like 1/3 and whole payoffs stay exact.

    Parameters
    ----------
    game : a `pyspiel.Game`, or what OpenSpiel would load by name: "kuhn_poker", "goofspiel(num_cards=3)".
    limit : places beyond which the game is refused; most games of OpenSpiel are far larger than fits in memory.
    players : their names; by default `player 0`, `player 1`, ….

    Raises
    ------
    TooLarge : more than `limit` places.
    InputError : a name without OpenSpiel, or one it does not know; a mean-field game; one that does not say what its
        players know; names that do not fit.
    """
    game = _loaded(game) if isinstance(game, str) else game
    try:
        count, kind, state = int(game.num_players()), game.get_type(), game.new_initial_state()
    except (AttributeError, TypeError) as error:
        raise InputError(
            f"A {type(game).__name__} is no game of OpenSpiel ({error}).",
            "It takes num_players(), get_type() and new_initial_state().",
            'Give pyspiel.load_game("kuhn_poker"), or the name.',
        ) from None
    names = tuple(f"player {k}" for k in range(count)) if players is None else tuple(players)
    if len(names) != count:
        raise InputError(f"{len(names)} names for {count} players.", do="Give one each.")
    title = str(getattr(kind, "short_name", "") or "game")
    walk = _Walk(kind, names, title, limit)
    return ExtensiveForm(walk.tree(state), players=names, name=title)


def _loaded(name: str) -> Any:
    try:
        import pyspiel  # type: ignore[import-not-found]
    except ModuleNotFoundError:
        raise InputError(
            f"{name!r} is the name of a game of OpenSpiel, which is not installed.",
            "Only OpenSpiel can load its games by name.",
            "Install it with: pip install open_spiel",
        ) from None
    try:
        return pyspiel.load_game(name)
    except pyspiel.SpielError as error:
        raise InputError(
            f"OpenSpiel cannot load {name!r}.", str(error).splitlines()[0][:200], "Look at pyspiel.registered_names()."
        ) from None


@dataclass
class _Place:
    """A place before it is built: who moves (None: chance), what it sees, the moves and what they lead to."""

    mover: int | None = None
    sees: str = ""
    moves: list[str] = field(default_factory=list)
    odds: list[Any] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    pays: list[Any] | None = None


class _Walk:
    def __init__(self, kind: Any, players: tuple[str, ...], title: str, limit: int) -> None:
        self.players, self.title, self.limit = players, title, limit
        self.states = bool(getattr(kind, "provides_information_state_string", False))
        self.open = "PERFECT" in str(kind.information) and "IMPERFECT" not in str(kind.information)
        self.labels: dict[tuple[int, str], str] = {}
        self.taken: set[tuple[int, str]] = set()

    def tree(self, root: Any) -> Node:
        """The tree: all places first, then nodes from the ends up, for it may be deeper than Python's stack."""
        places = [_Place()]
        todo: list[tuple[int, Any, tuple[int, ...]]] = [(0, root, ())]
        while todo:
            number, state, chosen = todo.pop()
            for after in self._filled(places[number], state, chosen):
                if len(places) >= self.limit:
                    raise TooLarge(
                        f"{self.title} has more than {self.limit:,} places.",
                        "A tree is kept whole in memory.",
                        "Give smaller parameters (fewer cards, rounds, players), or raise `limit` up to 2,000,000.",
                    )
                places[number].after.append(len(places))
                todo.append((len(places), *after))
                places.append(_Place())
        built: dict[int, Node] = {}
        for number in range(len(places) - 1, -1, -1):  # what follows a place has a higher number
            place = places[number]
            after = [built.pop(k) for k in place.after]
            built[number] = self._node(place, after)
        return built[0]

    def _node(self, place: _Place, after: list[Node]) -> Node:
        if place.pays is not None:
            return End(pays=place.pays)
        if place.mover is None:
            return Chance(dict(zip(place.moves, zip(place.odds, after, strict=True), strict=True)))
        return Choice(self.players[place.mover], dict(zip(place.moves, after, strict=True)), sees=place.sees)

    def _filled(self, place: _Place, state: Any, chosen: tuple[int, ...]) -> list[tuple[Any, tuple[int, ...]]]:
        """Fill a place in; the states that follow it, with the moves already chosen there by earlier players."""
        if state.is_terminal():
            place.pays = [_number(x) for x in state.returns()]
            return []
        if state.is_chance_node():
            outcomes = [(action, p) for action, p in state.chance_outcomes() if p > 0]
            place.moves = _distinct([_said(state, -1, action) for action, _ in outcomes])
            place.odds = _odds([p for _, p in outcomes])
            return [(state.child(action), ()) for action, _ in outcomes]
        if state.is_simultaneous_node():
            return self._joint(place, state, chosen)
        if not 0 <= int(state.current_player()) < len(self.players):
            raise InputError(
                f"{self.title} has a place where player {state.current_player()} moves.",
                "A tree knows its players and chance; crowds of mean-field games have none.",
                "Give a game of finitely many players.",
            )
        mover = int(state.current_player())
        actions = list(state.legal_actions())
        self._chosen_by(place, state, mover, actions)
        return [(state.child(action), ()) for action in actions]

    def _joint(self, place: _Place, state: Any, chosen: tuple[int, ...]) -> list[tuple[Any, tuple[int, ...]]]:
        while len(chosen) < len(self.players) and not state.legal_actions(len(chosen)):
            chosen = (*chosen, 0)  # OpenSpiel's word of a player who has nothing to choose
        mover = len(chosen)
        actions = list(state.legal_actions(mover))
        self._chosen_by(place, state, mover, actions)
        after = []
        for action in actions:
            done = (*chosen, action)
            while len(done) < len(self.players) and not state.legal_actions(len(done)):
                done = (*done, 0)
            if len(done) < len(self.players):
                after.append((state, done))
                continue
            following = state.clone()
            following.apply_actions(list(done))
            after.append((following, ()))
        return after

    def _chosen_by(self, place: _Place, state: Any, mover: int, actions: list[int]) -> None:
        place.mover, place.sees = mover, self._seen(state, mover)
        place.moves = _distinct([_said(state, mover, action) for action in actions])

    def _seen(self, state: Any, mover: int) -> str:
        """The information state in one line; others that would read the same are told apart by a number."""
        if self.states:
            raw = str(state.information_state_string(mover))
        elif self.open:
            raw = str(state.history_str())
        else:
            raise InputError(
                f"{self.title} does not say what its players know.",
                "Information sets are made of information states, which this game does not provide.",
                "Give a game whose type provides_information_state_string.",
            )
        if (mover, raw) not in self.labels:
            base = label = " ".join(raw.split()) or "start"
            number = 2
            while (mover, label) in self.taken:
                label, number = f"{base} ({number})", number + 1
            self.taken.add((mover, label))
            self.labels[mover, raw] = label
        return self.labels[mover, raw]


def _said(state: Any, player: int, action: int) -> str:
    return " ".join(str(state.action_to_string(player, action)).split()) or str(action)


def _distinct(names: list[str]) -> list[str]:
    """The names, those that came before with a number."""
    seen: set[str] = set()
    found = []
    for name in names:
        told, number = name, 2
        while told in seen:
            told, number = f"{name} ({number})", number + 1
        seen.add(told)
        found.append(told)
    return found


def _number(x: float) -> Any:
    """A whole number or a fraction where the float is the nearest to it, else the float."""
    near = Fraction(float(x)).limit_denominator(FINE)
    if float(near) != float(x):
        return float(x)
    return int(near) if near.denominator == 1 else near


def _odds(given: list[float]) -> list[Any]:
    """The same of odds, if they then sum to one exactly; else as they are."""
    near = [_number(p) for p in given]
    exact = all(not isinstance(p, float) for p in near) and sum(near) == 1
    return near if exact else [float(p) for p in given]
