"""A protocol as a game tree: who leaves it chooses, everybody else and the network are chance."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import InputError, TooLarge
from .forms.extensive import Behaviour, Chance, Choice, End, ExtensiveForm, Node
from .protocol import checked_pays, checked_steps

if TYPE_CHECKING:
    from .protocol import Protocol, State, Step

LONGEST = 150
"""Steps of a play beyond which it is taken to have no end; each takes four calls of Python's stack."""

PLACES = 500_000
"""Places of a tree, those with the same state and past counted once, beyond which it is not made."""

TURN = "whose turn"
"""The name of the draw that says who goes first."""

Pasts = tuple[int, ...]
"""For each group the number of what it saw and did, whenever it acted; 0 is nothing."""


class Play(NamedTuple):
    """A protocol as a game (`game`), and the behaviour that follows it at every information set (`honest`)."""

    game: ExtensiveForm
    honest: Behaviour


def made_game(protocol: Protocol, groups: Sequence[tuple[str, ...]], kinds: frozenset[str], schedule: str) -> Play:
    """The game in which `groups` may make steps of these `kinds`."""
    tree = _Tree(protocol, groups, kinds, schedule == "even")
    root = tree.node(protocol.start(), (0,) * len(groups), 0)
    names = [" + ".join(group) for group in groups]
    game = ExtensiveForm(root, players=names, bystanders=tree.bystanders, name=type(protocol).__name__)
    return Play(game, game.behaviour(tree.prescribed))


class _Tree:
    """The tree while it grows; places with the same state and past are one object."""

    def __init__(
        self, protocol: Protocol, groups: Sequence[tuple[str, ...]], kinds: frozenset[str], even: bool
    ) -> None:
        self.protocol, self.groups, self.kinds, self.even = protocol, groups, kinds, even
        self.group_of = {party: g for g, group in enumerate(groups) for party in group}
        self.bystanders = [party for party in protocol.parties if party not in self.group_of]
        self.prescribed: dict[tuple[str, str], dict[str, Any]] = {}
        self._known: dict[tuple[State, Pasts], Node] = {}
        self._past: dict[Any, int] = {}
        self._told = [""]
        self._labels: dict[Any, str] = {}
        self._taken: set[tuple[int, str]] = set()

    def node(self, state: State, pasts: Pasts, depth: int) -> Node:
        """The place where play is in `state` after `pasts`."""
        if not depth:
            checked_steps(self.protocol, state)
        if (state, pasts) in self._known:
            return self._known[state, pasts]
        if depth > LONGEST:
            raise TooLarge(
                f"A play of {type(self.protocol).__name__} has more than {LONGEST} steps.",
                "A tree has an end on every way.",
                "Bound how often something is tried, or ask audits.model_check, which goes round in circles safely.",
            )
        if len(self._known) >= PLACES:
            raise TooLarge(
                f"The tree of {type(self.protocol).__name__} has more than {PLACES:,} places.",
                "It is kept whole in memory.",
                "Leave fewer parties free, allow fewer kinds, or take a smaller protocol.",
            )
        made = self._made(state, pasts, depth)
        self._known[state, pasts] = made
        return made

    def _made(self, state: State, pasts: Pasts, depth: int) -> Node:
        steps = self._possible(state)
        actors = list(dict.fromkeys(step.actor for step in steps if step.kind == "honest" and step.odds != 0))
        actors = actors or list(dict.fromkeys(step.actor for step in steps))[:1]
        if not actors:
            return End(pays=self._paid(state))
        if not self.even or len(actors) == 1:
            return self._turn(actors[0], steps, state, pasts, depth)
        share = Fraction(1, len(actors))
        return Chance({who: (share, self._turn(who, steps, state, pasts, depth)) for who in actors}, label=TURN)

    def _possible(self, state: State) -> list[Step]:
        """The steps that can come, without draws that change nothing."""
        free, parties = self.group_of, self.protocol.parties
        steps = checked_steps(self.protocol, state)
        return [
            step
            for step in steps
            if (step.odds != 0 or step.actor in parties)
            and (step.kind == "honest" or (step.actor in free and step.kind in self.kinds))
            and (step.actor in free or step.after != state)
        ]

    def _turn(self, actor: str, steps: Sequence[Step], state: State, pasts: Pasts, depth: int) -> Node:
        own = [step for step in steps if step.actor == actor]
        odds = prescribed(own)
        if actor not in self.group_of:
            ways = {s.label: (p, self.node(s.after, pasts, depth + 1)) for s, p in zip(own, odds, strict=True) if p}
            return Chance(ways, label=actor)
        g = self.group_of[actor]
        group = self.groups[g]
        view = (actor, *(self.protocol.sees(state, member) for member in group))
        _refuse_unhashable(actor, view)
        named = [step.label if len(group) == 1 else f"{actor}: {step.label}" for step in own]
        label = self._label(g, pasts[g], view)
        self._prescribe(" + ".join(group), label, dict(zip(named, odds, strict=True)))
        moves = {}
        for name, step in zip(named, own, strict=True):
            after = (*pasts[:g], self._longer(pasts[g], view, name), *pasts[g + 1 :])
            moves[name] = self.node(step.after, after, depth + 1)
        return Choice(" + ".join(group), moves, sees=label, label=actor)

    def _longer(self, past: int, view: tuple[Any, ...], move: str) -> int:
        """The number of a past with one more view and move."""
        key = (past, view, move)
        if key not in self._past:
            self._past[key] = len(self._told)
            self._told.append(f"{self._told[past]}{_in_words(view)} → {move}; ")
        return self._past[key]

    def _label(self, g: int, past: int, view: tuple[Any, ...]) -> str:
        """The name of an information set: views, each followed by what was done; numbered where two read the same."""
        if (g, past, view) not in self._labels:
            text, count = f"{self._told[past]}{_in_words(view)}" or "start", 1
            while (g, text if count == 1 else f"{text} #{count}") in self._taken:
                count += 1
            self._labels[g, past, view] = label = text if count == 1 else f"{text} #{count}"
            self._taken.add((g, label))
        return self._labels[g, past, view]

    def _prescribe(self, player: str, label: str, odds: dict[str, Any]) -> None:
        before = self.prescribed.setdefault((player, label), odds)
        if before != odds:
            raise InputError(
                f"{player}, who sees {label!r}, is told to do {before} here and {odds} there.",
                "A party cannot do one thing in one state and another in another that looks the same to it.",
                "Let `sees` tell them apart, or prescribe (and offer) the same in both.",
            )

    def _paid(self, state: State) -> tuple[Any, ...]:
        pays = checked_pays(self.protocol, state)
        each = dict(zip(self.protocol.parties, pays, strict=True))
        together = [sum(each[party] for party in group) for group in self.groups]
        return (*together, *(each[party] for party in self.bystanders))


def _refuse_unhashable(actor: str, view: tuple[Any, ...]) -> None:
    try:
        hash(view)
    except TypeError:
        raise InputError(
            f"{actor} sees {view[1:]!r:.80}, which cannot be hashed.", do="Let it see texts, tuples and numbers."
        ) from None


def _in_words(view: tuple[Any, ...]) -> str:
    return " | ".join(map(str, view[1:]))


def prescribed(steps: Sequence[Step]) -> list[Any]:
    """The odds of each of an actor's steps in a state when it does as it should; evenly where nothing is prescribed.

    Odds of draws that change nothing are shared out among the rest. `InputError` for what are no odds.
    """
    told = {step.kind == "honest" for step in steps} == {True, False}  # after a deviation nothing may be prescribed
    honest = [step for step in steps if not told or step.kind == "honest"]
    given = [step.odds for step in honest if step.odds is not None]
    if any(not 0 <= odds <= 1 for odds in given) or sum(given) > 1 + 1e-9:
        raise InputError(
            f"{steps[0].actor} has steps with odds {given}.", do="Give odds from 0 to 1, at most 1 in all."
        )
    silent = len(honest) - len(given)
    rest = max(1 - sum(given), 0)
    each = [step.odds if step.odds is not None else _shared(rest, silent) for step in honest]
    total = sum(each)
    if total == 0:
        raise InputError(f"{steps[0].actor} makes none of its steps with odds above 0.", do="Give odds that sum to 1.")
    own = iter(each)
    return [_shared(next(own), total) if not told or step.kind == "honest" else 0 for step in steps]


def _shared(amount: Any, by: Any) -> Any:
    if by == 1:
        return amount
    exact = isinstance(amount, int | Fraction) and isinstance(by, int | Fraction)
    return Fraction(amount) / Fraction(by) if exact else amount / by


def steps_to(game: ExtensiveForm, end: int) -> list[tuple[str, str]]:
    """The trace `(actor, label)` that leads to a place of a game made by `made_game`."""
    tree, found = game.tree, []
    while (above := int(tree.parent[end])) >= 0:
        node: Any = tree.nodes[above]
        if node.label != TURN:
            name = list(node.moves)[int(tree.move[end])]
            grouped = isinstance(node, Choice) and " + " in node.player
            found.append((node.label, name.removeprefix(f"{node.label}: ") if grouped else name))
        end = above
    return found[::-1]
