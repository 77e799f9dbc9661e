"""Subgame-perfect equilibria of a tree in which everybody always knows the past, by working back from its ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import InputError
from ..core.forms._tree import CHANCE, END
from ..core.forms.extensive import ExtensiveForm
from ..core.game import Array
from ..core.solution import Solution

MOST = 1_000
"""Equilibria beyond which the list is cut short and says so."""

TIE = 1e-12
"""Of floats, a share of what they are summed from that is no difference."""


@dataclass(frozen=True)
class Threat:
    """A move that some equilibrium counts on and that its player would not make if it came to it.

    Attributes
    ----------
    player, place, move : who would not do what, where (the label of the information set).
    instead : what it would do. loss : what the move would cost it there, against that.
    equilibrium : the labels of a pure equilibrium (reduced strategies) that is held up by it.
    """

    player: str
    place: str
    move: str
    instead: str
    loss: float
    equilibrium: tuple[str, ...]


@dataclass(frozen=True)
class SubgamePerfect(Solution):
    """Pure subgame-perfect equilibria; each point is a behaviour (odds at each information set).

    Attributes
    ----------
    values : for each point, what each player gets, as exactly as the tree gives it.
    plays : for each point, the moves on its path, chance left out where it only draws.
    """

    values: tuple[tuple[Any, ...], ...] = ()
    plays: tuple[tuple[str, ...], ...] = field(default=(), repr=False)


def backward_induction(game: ExtensiveForm, limit: int = MOST) -> SubgamePerfect:
    """All pure subgame-perfect equilibria of a tree with perfect information (Zermelo 1913, Selten 1965).

    From the ends upwards each player takes a best move given what follows. Where several are equally good each is
    followed, so ties multiply; beyond `limit` equilibria only as many are kept ("partial"). Exact where the tree's
    numbers are rational; in floats a difference of 1e-12 of the payoffs compared counts as none.

    Raises
    ------
    InputError : no tree, or one in which somebody does not know the whole past.

    Examples
    --------
    >>> from ostrom.games import EntryDeterrence
    >>> backward_induction(EntryDeterrence()).plays
    (('enter', 'share'),)
    """
    _require_perfect_information(game)
    tree, cut = game.tree, False
    worth, sizes, slack = _ends(game)
    after: list[list[int]] = [[] for _ in tree.parent]
    for k in range(1, len(tree.parent)):
        after[tree.parent[k]].append(k)
    found: list[list[_Option]] = [[] for _ in tree.parent]
    for k in range(len(tree.parent) - 1, -1, -1):  # children come after their parents
        mover = int(tree.mover[k])
        if mover == END:
            found[k] = [_Option(worth[k], sizes[k])]
            continue
        options = []
        for choice in _few(product(*(found[child] for child in after[k])), limit):
            if mover == CHANCE:
                odds = [tree.odds[child] for child in after[k]]
                each = zip(*(option.value for option in choice), strict=True)
                mean = tuple(sum(p * own for p, own in zip(odds, values, strict=True)) for values in each)
                options.append(_Option(mean, np.max([option.size for option in choice], axis=0), None, choice))
                continue
            best = max(choice, key=lambda option: option.value[mover])
            near = [slack and slack * max(option.size[mover], best.size[mover]) for option in choice]
            options += [
                option._replace(chosen=(int(tree.info[k]), move), after=choice)
                for move, option in enumerate(choice)
                if option.value[mover] >= best.value[mover] - near[move]
            ]
        cut |= len(options) >= limit
        found[k] = options[:limit]
    ways = [(option.value, _plan(option)) for option in found[0]]
    points = tuple(_behaviour(game, plan) for _, plan in ways)
    return SubgamePerfect(
        concept="pure subgame-perfect equilibria (odds at each information set)",
        points=points,
        status="partial" if cut else "complete",
        regret=max((float(game.gains(point).max()) for point in points), default=0.0),
        method="backward induction" + (" in rationals" if game.exact_paid is not None else ""),
        note=f"More than {limit:,} were found; so many are kept." if cut else "",
        values=tuple(tuple(value[: len(game.players)]) for value, _ in ways),
        plays=tuple(_played(game, plan) for _, plan in ways),
    )


def empty_threats(game: ExtensiveForm, equilibria: Sequence[Sequence[int]]) -> tuple[Threat, ...]:
    """Moves off the path of pure equilibria (joint reduced strategies) that their players would not make there.

    For each equilibrium that no subgame-perfect one plays like: the moves, at places that its own play does not reach,
    that are no best ones given subgame-perfect play afterwards, and without which nobody would have kept to it.
    """
    perfect = backward_induction(game)
    plays = set(perfect.plays)
    threats = []
    for profile in equilibria:
        plan = _plan_of(game, profile)
        if _played(game, plan) in plays:
            continue
        behaviour = _behaviour(game, _completed(game, plan, perfect.points[0]))
        for k, infoset in enumerate(game.infosets):
            if k not in plan or k in _reached(game, plan):
                continue
            at = _subgame_values(game, behaviour, infoset.nodes[0])
            values = [value[infoset.player] for value in at]
            move, best = plan[k], int(np.argmax(values))
            if values[move] < values[best] - TIE * max(1.0, float(np.abs(game.paid).max())):
                labels = game.labels(profile)
                threats.append(
                    Threat(
                        player=game.players[infoset.player],
                        place=infoset.label,
                        move=infoset.moves[move],
                        instead=infoset.moves[best],
                        loss=float(values[best] - values[move]),
                        equilibrium=labels,
                    )
                )
    return tuple(threats)


def _require_perfect_information(game: Any) -> None:
    if not isinstance(game, ExtensiveForm):
        raise InputError(f"A {type(game).__name__} is no tree.", do="Ask solvers.pure_equilibria of a table.")
    if not game.perfect_information:
        hidden = next(infoset for infoset in game.infosets if len(infoset.nodes) > 1)
        raise InputError(
            f"At {hidden.label!r} {game.players[hidden.player]} does not know the whole past.",
            "Working back from the ends needs every place to be a subgame of its own.",
            "Ask solvers.subgame_perfect, solvers.sequence_form (opposed interests) or solvers.agent_logit.",
        )


class _Option(NamedTuple):
    """What can follow a place: what it pays, the size of the numbers it is summed from, and what is chosen there."""

    value: tuple[Any, ...]
    size: Array
    chosen: tuple[int, int] | None = None
    after: tuple[_Option, ...] = ()


def _plan(option: _Option) -> dict[int, int]:
    """Information set -> move; options share what follows them, so that it is not copied on the way up."""
    plan, stack = {}, [option]
    while stack:
        here = stack.pop()
        plan |= {here.chosen[0]: here.chosen[1]} if here.chosen else {}
        stack += here.after
    return plan


def _ends(game: ExtensiveForm) -> tuple[dict[int, tuple[Any, ...]], dict[int, Array], float]:
    """What ends pay, the sums of the sizes of what is paid on the way, and the share of these that is rounding."""
    exact, size = game.exact_paid is not None, [np.zeros(len(game.principals))]
    table = game.exact_paid if exact else game.paid
    assert table is not None
    for node, above in zip(game.tree.nodes, game.tree.parent.tolist(), strict=True):
        here = size[above + 1]
        size.append(here if node.pays is None else here + np.abs(np.array(node.pays, float)))
    worth = {int(k): tuple(row.tolist()) for k, row in zip(game.ends, table, strict=True)}
    return worth, {k: size[k + 1] for k in worth}, 0 if exact else TIE


def _few(choices: Any, limit: int) -> Any:
    for count, choice in enumerate(choices):
        if count >= limit:
            return
        yield choice


def _behaviour(game: ExtensiveForm, plan: dict[int, int]) -> tuple[np.ndarray, ...]:
    return tuple(np.eye(len(own.moves))[plan.get(k, 0)] for k, own in enumerate(game.infosets))


def _played(game: ExtensiveForm, plan: dict[int, int]) -> tuple[str, ...]:
    """The moves of players on the path, in the order of the tree; of all paths that chance leaves open."""
    return tuple(game.infosets[k].moves[plan[k]] for k in _reached(game, plan) if k in plan)


def _reached(game: ExtensiveForm, plan: dict[int, int]) -> tuple[int, ...]:
    tree, alive, found = game.tree, np.zeros(len(game.tree.parent), bool), []
    alive[0] = True
    for k in range(len(alive)):
        above = tree.parent[k]
        if k:
            chosen = tree.mover[above] == CHANCE or plan.get(int(tree.info[above]), -1) == tree.move[k]
            alive[k] = alive[above] and chosen
        if alive[k] and tree.info[k] >= 0:
            found.append(int(tree.info[k]))
    return tuple(found)


def _plan_of(game: ExtensiveForm, profile: Sequence[int]) -> dict[int, int]:
    """Information set -> move, of joint reduced strategies; sets that a strategy itself rules out are left out."""
    plan: dict[int, int] = {}
    for player, chosen in enumerate(profile):
        first = game.own_sets(player).start
        plan |= {first + h: a for h, a in game.strategies[player][chosen].items()}
    return plan


def _completed(game: ExtensiveForm, plan: dict[int, int], perfect: Sequence[np.ndarray]) -> dict[int, int]:
    """The plan on its path, and subgame-perfect play everywhere else."""
    on_path = _reached(game, plan)
    return {k: plan[k] if k in on_path else int(np.argmax(own)) for k, own in enumerate(perfect)}


def _subgame_values(game: ExtensiveForm, behaviour: Sequence[np.ndarray], node: int) -> list[np.ndarray]:
    """What everybody gets from each move at a place on, under a behaviour."""
    tree = game.tree
    reach = np.zeros(len(tree.parent))
    reach[node] = 1.0
    first = np.full(len(tree.parent), -1)
    for k in range(node + 1, len(tree.parent)):
        above = tree.parent[k]
        if above == node:
            reach[k], first[k] = 1.0, tree.move[k]
        elif reach[above] > 0 and first[above] >= 0:
            odds = (
                float(tree.odds[k]) if tree.mover[above] == CHANCE else behaviour[int(tree.info[above])][tree.move[k]]
            )
            reach[k], first[k] = reach[above] * odds, first[above]
    count = len(game.infosets[tree.info[node]].moves)
    at_end, move = reach[game.ends], first[game.ends]
    return [(at_end * (move == a)) @ game.paid for a in range(count)]
