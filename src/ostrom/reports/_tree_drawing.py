"""A game tree as a drawing: from left to right, moves on the lines, payoffs at the ends, information sets tied."""

from __future__ import annotations

from html import escape
from itertools import pairwise

import numpy as np

from ..core.forms.extensive import Chance, Choice, ExtensiveForm
from ._replay_grid import SEATS
from ._theme import FONT, LIGHT
from ._words import legible, name, number

ENDS, DEPTH = 40, 12
"""Ends and levels up to which a tree is drawn."""

ROW, GAP, TOP, LEFT, RADIUS = 30, 56, 40, 24, 6
LETTER, LETTERS, SHARE = 6.6, 18, 0.6
"""Pixels of a letter, letters of a move that are shown, and how far along its line it stands."""


def tree_drawing(game: ExtensiveForm) -> str | None:
    """The text of an SVG file; None for a tree too large to be read."""
    tree = game.tree
    depth = np.zeros(len(tree.parent), int)
    for k in range(1, len(depth)):
        depth[k] = depth[tree.parent[k]] + 1
    if len(game.ends) > ENDS or depth.max() > DEPTH:
        return None
    y = _heights(game)
    labels = _labels(game)
    x = LEFT + np.cumsum(_columns(depth, labels))[depth]
    paid = {int(k): ", ".join(number(float(v)) for v in row) for k, row in zip(game.ends, game.paid, strict=True)}
    wide = x.max() + 30 + LETTER * max(map(len, paid.values()))
    tall = y.max() + ROW
    parts = [*_ties(game, x, y), *_lines(game, x, y, labels), *_places(game, x, y, paid), *_key(game)]
    size = f'width="{wide:g}" height="{tall:g}" viewBox="0 0 {wide:g} {tall:g}"'
    words = f"{len(game.players)} players, {len(game.infosets)} information sets, {len(game.ends)} ends."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="12">\n'
        f"<title>{escape(legible(game.name))} as a tree</title>\n<desc>{escape(words)}</desc>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _heights(game: ExtensiveForm) -> np.ndarray:
    """Ends one below the other, every other place in the middle of what follows it."""
    parent = game.tree.parent
    after: list[list[int]] = [[] for _ in parent]
    for k in range(1, len(parent)):
        after[parent[k]].append(k)
    y, row, stack = np.zeros(len(parent)), 0, [0]
    while stack:  # ends get their rows from top to bottom
        k = stack.pop()
        if not after[k]:
            y[k], row = TOP + ROW * (row + 0.5), row + 1
        stack += reversed(after[k])
    for k in range(len(parent) - 1, -1, -1):
        if after[k]:
            y[k] = (y[after[k][0]] + y[after[k][-1]]) / 2
    return y


def _labels(game: ExtensiveForm) -> list[str]:
    """What stands on the line that leads to each place: the move, and where chance makes it its odds."""
    tree, found = game.tree, [""]
    for k in range(1, len(tree.parent)):
        node = tree.nodes[tree.parent[k]]
        assert isinstance(node, Choice | Chance)
        label = name(str(list(node.moves)[tree.move[k]]))
        label = label if len(label) <= LETTERS else label[: LETTERS - 1] + "…"
        found.append(f"{label} {number(float(tree.odds[k]), 3)}" if isinstance(node, Chance) else label)
    return found


def _columns(depth: np.ndarray, labels: list[str]) -> np.ndarray:
    """How far each level is from the one before it: room for the longest label on the way."""
    wide = np.zeros(int(depth.max()) + 1)
    np.maximum.at(wide, depth, [GAP + LETTER * len(label) for label in labels])
    wide[0] = 0
    return wide


def _lines(game: ExtensiveForm, x: np.ndarray, y: np.ndarray, labels: list[str]) -> list[str]:
    parts = []
    for k in range(1, len(labels)):
        above = int(game.tree.parent[k])
        at, up = x[above] + SHARE * (x[k] - x[above]), y[above] + SHARE * (y[k] - y[above])
        ends = f'x1="{x[above]:g}" y1="{y[above]:g}" x2="{x[k]:g}" y2="{y[k]:g}"'
        parts.append(f'<line {ends} stroke="{LIGHT["line"]}" stroke-width="1.5"/>')
        parts.append(
            f'<text x="{at:g}" y="{up - 3:g}" text-anchor="middle" fill="{LIGHT["ink"]}" paint-order="stroke" '
            f'stroke="{LIGHT["paper"]}" stroke-width="4">{escape(labels[k])}</text>'
        )
    return parts


def _ties(game: ExtensiveForm, x: np.ndarray, y: np.ndarray) -> list[str]:
    """A dashed line through the places of each information set."""
    parts = []
    for infoset in game.infosets:
        for one, other in pairwise(infoset.nodes):
            bend = f"{(x[one] + x[other]) / 2 - 22:g} {(y[one] + y[other]) / 2:g}"
            parts.append(
                f'<path d="M{x[one]:g} {y[one]:g}Q{bend} {x[other]:g} {y[other]:g}" fill="none" '
                f'stroke="{_colour(infoset.player)}" stroke-width="1.5" stroke-dasharray="4 3"/>'
            )
    return parts


def _places(game: ExtensiveForm, x: np.ndarray, y: np.ndarray, paid: dict[int, str]) -> list[str]:
    parts = []
    for k, mover in enumerate(game.tree.mover.tolist()):
        if k in paid:
            parts.append(f'<text x="{x[k] + 8:g}" y="{y[k] + 4:g}" fill="{LIGHT["ink"]}">{escape(paid[k])}</text>')
        colour = LIGHT["muted"] if mover < 0 else _colour(mover)
        radius = 2.5 if k in paid else RADIUS
        parts.append(f'<circle cx="{x[k]:g}" cy="{y[k]:g}" r="{radius:g}" fill="{colour}" stroke="{LIGHT["paper"]}"/>')
    return parts


def _key(game: ExtensiveForm) -> list[str]:
    """Who is which colour, in a line on top."""
    parts, at = [], float(LEFT)
    who = [(name(player), _colour(k)) for k, player in enumerate(game.players)]
    if (game.tree.mover == -1).any():
        who.append(("chance", LIGHT["muted"]))
    for label, colour in who:
        parts.append(f'<circle cx="{at:g}" cy="16" r="{RADIUS}" fill="{colour}"/>')
        parts.append(f'<text x="{at + 11:g}" y="20" fill="{LIGHT["ink"]}">{escape(label)}</text>')
        at += 30 + LETTER * len(label)
    return parts


def _colour(player: int) -> str:
    return LIGHT[SEATS[player % len(SEATS)]]
