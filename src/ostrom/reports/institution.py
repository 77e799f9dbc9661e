"""A rule as a picture: a round under it from left to right, what is drawn, told, closed, paid and remembered."""

from __future__ import annotations

from html import escape

from ..core.game import Game
from ..core.institution import Institution
from ._anatomy import Anatomy, Choice, anatomy
from ._theme import FONT, LIGHT
from ._words import legible, number

WIDE, GAP, LINE, PAD, TOP = 150, 26, 17, 10, 34
"""Pixels: a box, between two, a line of text, inside a box, above the boxes."""

INSET = 30
"""Pixels from the edges of boxes at which the line of what is remembered begins and ends."""

NARROWEST, ROOM, LETTERS = 520, 80, 22
"""Pixels that a picture is wide at least, and letters that fit into a line above or below, and into a box."""

WORDS = {"once": "once, at the start", "before": "before play", "play": "play", "after": "after play"}


def institution(rule: Institution, game: Game) -> str:
    """The text of an SVG file in which a round of `game` under `rule` runs from left to right.

    A box is a stage, with who chooses and from what; labels that the rule closes are struck through. Above stands what
    dice decide and what is told, on the right what the rule pays (a table for two players and few moves, row's and
    column's part), and below what is remembered from round to round. It shows the first round.

    Raises what laying the rule round the game raises.

    Examples
    --------
    >>> from ostrom import games, institutions
    >>> institution(institutions.Vote("C"), games.PrisonersDilemma())[:4]
    '<svg'
    """
    seen = anatomy(rule, game)
    boxes = [_box(seen.when[k], stage) for k, stage in enumerate(seen.stages)]
    if seen.acts:
        at = seen.when.index("play") + seen.when.count("play")
        boxes.insert(at, ("carried out", [("what the rule makes of", "plain"), ("what was chosen", "plain")]))
    paid = _payments(seen)
    height = (
        max(len(lines) for lines in (*(lines for _, lines in boxes), *([paid[1]] if paid else []))) * LINE + 2 * PAD
    )
    said = [f"drawn by dice: {', '.join(seen.dice)}"] if seen.dice else []
    said += [f"told: {', '.join(seen.told)}"] if seen.told else []
    top = TOP if said else TOP - LINE - 4
    parts, x = [_text(GAP / 2, 14, ";  ".join(said), "muted", ROOM)] if said else [], GAP / 2
    for k, (title, lines) in enumerate(boxes):
        parts.append(_drawn((x, top), title, lines, height, title == WORDS["play"]))
        x += WIDE + GAP
        if k < len(boxes) - 1 or paid:
            parts.append(_arrow(x - GAP, top + LINE + height / 2, x))
    if paid:
        parts.append(_drawn((x, top), paid[0], paid[1], height, False))
        x += WIDE + GAP
    bottom = top + LINE + height
    if seen.kept:
        parts.append(_loop(GAP / 2, x - GAP, bottom, f"remembered: {', '.join(seen.kept)}"))
        bottom += 2 * LINE + 6
    x = max(x, NARROWEST)
    size = f'width="{x:g}" height="{bottom + PAD:g}" viewBox="0 0 {x:g} {bottom + PAD:g}"'
    title = f"A round under {type(rule).__name__}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="12">'
        f"<title>{escape(title)}</title><desc>{escape(legible(_described(seen)))}</desc>{''.join(parts)}</svg>"
    )


def _box(when: str, stage: tuple[Choice, ...]) -> tuple[str, list[tuple[str, str]]]:
    """The title of a stage, and its lines: text and how it is set."""
    lines: list[tuple[str, str]] = []
    for choice in stage:
        lines.append((f"{choice.who or 'everybody'}: {choice.name}", "head"))
        lines += [(label, "closed" if closed else "plain") for label, closed in choice.labels]
        if choice.more:
            lines.append((f"… {choice.more} more", "muted"))
    return WORDS[when], lines


def _payments(seen: Anatomy) -> tuple[str, list[tuple[str, str]]] | None:
    if seen.wants:
        return "what is wanted", [("payoffs count as the", "plain"), ("rule weighs them", "plain")]
    if not seen.pays:
        return None
    if seen.paid is None:
        return "payments", [("by what was done,", "plain"), ("drawn or remembered", "plain")]
    rows, columns, adds = seen.paid
    lines = [("what the rule adds", "head")]
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            lines.append((f"{row}, {column}:  {_signed(adds[i, j, 0])}, {_signed(adds[i, j, 1])}", "plain"))
    return "payments", lines


def _signed(value: float) -> str:
    return ("+" if value > 1e-12 else "") + number(round(float(value), 6))


def _described(seen: Anatomy) -> str:
    """The picture in words, for who cannot see it."""
    told = [
        f"{WORDS[when]}, {choice.who or 'everybody'} chooses {choice.name}: "
        + ", ".join(f"{label}{' (closed)' if closed else ''}" for label, closed in choice.labels)
        for when, stage in zip(seen.when, seen.stages, strict=True)
        for choice in stage
    ]
    told += [f"remembered: {', '.join(seen.kept)}"] if seen.kept else []
    return "; ".join(told) + "."


def _drawn(at: tuple[float, float], title: str, lines: list[tuple[str, str]], height: float, strong: bool) -> str:
    (x, top), edge = at, LIGHT["blue"] if strong else LIGHT["line"]
    parts = [
        _text(x, top + 8, title, "muted"),
        f'<rect x="{x:g}" y="{top + LINE:g}" width="{WIDE}" height="{height:g}" rx="4" fill="{LIGHT["shade"]}" '
        f'stroke="{edge}" stroke-width="{2 if strong else 1}"/>',
    ]
    for k, (words, how) in enumerate(lines):
        parts.append(_text(x + PAD, top + LINE + PAD + 12 + k * LINE, words, how))
    return "".join(parts)


def _text(x: float, y: float, words: str, how: str, most: int = LETTERS) -> str:
    style = {
        "head": f'font-weight="bold" fill="{LIGHT["ink"]}"',
        "closed": f'text-decoration="line-through" fill="{LIGHT["muted"]}"',
        "muted": f'fill="{LIGHT["muted"]}"',
    }.get(how, f'fill="{LIGHT["ink"]}"')
    words = legible(words)
    words = words if len(words) <= most else f"{words[: most - 1]}…"
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(words)}</text>'


def _arrow(start: float, y: float, end: float) -> str:
    ink = LIGHT["muted"]
    return (
        f'<path d="M{start + 4:g} {y:g}H{end - 8:g}" stroke="{ink}"/>'
        f'<path d="M{end - 4:g} {y:g}l-7 -4v8z" fill="{ink}"/>'
    )


def _loop(left: float, right: float, y: float, words: str) -> str:
    ink, below = LIGHT["muted"], y + LINE
    return (
        f'<path d="M{right - INSET:g} {y:g}V{below:g}H{left + INSET:g}V{y + 8:g}" fill="none" stroke="{ink}"/>'
        f'<path d="M{left + INSET:g} {y + 2:g}l-4 7h8z" fill="{ink}"/>'
        + _text(left + INSET + 8, below + 14, words, "muted", ROOM)
    )
