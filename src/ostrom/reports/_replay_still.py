"""A replay on paper: a few of its steps side by side, and its numbers over time, on white."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from html import escape

import numpy as np

from ._replay_film import Film, charted, stage_svgs
from ._replay_grid import grid_keys, seat_colour
from ._replay_series import HEIGHT, WIDTH, chart_svg, shown
from ._theme import FONT, LIGHT
from ._words import legible, name

FRAMES, CHARTS, GAP, MARGIN, LINE = 4, 3, 20, 24, 18
"""Steps (or seats) and charts in a row, at most, and pixels between them, round all, and of a line of text."""
LETTER = 6.8
"""Pixels of a letter of size 13, about."""
BROAD = CHARTS * WIDTH + (CHARTS - 1) * GAP
_SIZE = re.compile(r'<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)"')


def still_svg(films: Sequence[Film], ends: Mapping[str, tuple[float, float]], title: str) -> str:
    """All films, one below the other, as the text of an SVG file."""
    title = legible(title or " and ".join(film.recording.title for film in films) or "Replay")
    parts, top = [_text(title, MARGIN, MARGIN + LINE, 18, "ink")], float(MARGIN + 2 * LINE)
    for film in films:
        drawn, bottoms = zip(*_film(film, ends, top, len(films) > 1), strict=True)
        parts, top = [*parts, *drawn], bottoms[-1] + GAP
    size = f'width="{BROAD + 2 * MARGIN}" height="{top:g}" viewBox="0 0 {BROAD + 2 * MARGIN} {top:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n<title>{escape(title)}</title>\n'
        f'<rect width="100%" height="100%" fill="{LIGHT["paper"]}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _film(film: Film, ends: Mapping[str, tuple[float, float]], top: float, titled: bool) -> Iterator[tuple[str, float]]:
    """Parts of the drawing, each with where the next begins."""
    if titled:
        top += LINE + 12
        yield _text(film.recording.title, MARGIN, top - 12, 15, "ink"), top
    for part in _seats(film, top):
        top += LINE + 4
        yield part, top
    row, tall = _frames(film, top)
    yield row, (top := top + tall)
    if film.grid is not None and (keys := grid_keys(film.grid)):
        yield _legend(keys, top), (top := top + LINE + GAP / 2)
    for k, one in enumerate(charted(film)):
        x, y = MARGIN + k % CHARTS * (WIDTH + GAP), top + k // CHARTS * (HEIGHT + LINE + 6)
        drawn = _moved(chart_svg(one, ends[one.name], one.name, None), x, y + LINE, WIDTH)[0]
        yield _text(one.name, x, y + LINE - 5, 13, "muted") + drawn, top
    yield "", top + -(-len(charted(film)) // CHARTS) * (HEIGHT + LINE + 6)


def _seats(film: Film, top: float) -> Iterator[str]:
    """Who is who, and what each got: a few in each line, about as many in the last one."""
    recording, told = film.recording, []
    for k, (seat, got) in enumerate(zip(recording.seats, recording.returns.tolist(), strict=True)):
        who = f" ({name(recording.players[k])})" if k < len(recording.players) else ""
        told.append(f"{name(seat)}{who}: {shown(float(got))}")
    wide = 24 + 2 * GAP + LETTER * max(map(len, told), default=0)
    fit = min(max(int((BROAD + GAP) / wide), 1), FRAMES)
    lines = -(-len(told) // fit)
    each = -(-len(told) // max(lines, 1))
    for line in range(lines):
        drawn, y = "", top + line * (LINE + 4) + LINE - 5
        for k, words in enumerate(told[line * each : (line + 1) * each]):
            x, seat = MARGIN + k * wide, line * each + k
            drawn += f'<circle cx="{x + 9:g}" cy="{y - 4.5:g}" r="9" fill="{LIGHT[seat_colour(seat)]}"/>'
            drawn += _text(str(seat + 1), x + 9, y - 0.5, 11, "paper", "middle") + _text(words, x + 24, y, 13, "ink")
        yield drawn


def _legend(keys: Sequence[tuple[str, float, str]], top: float) -> str:
    """What colours mean, in one line."""
    drawn, x, y = "", float(MARGIN), top + LINE - 5
    for colour, opacity, words in keys:
        paint = f'fill="{LIGHT[colour]}" opacity="{opacity:g}"' if colour else f'fill="none" stroke="{LIGHT["muted"]}"'
        drawn += f'<rect x="{x + 1:g}" y="{y - 10:g}" width="11" height="11" rx="{0 if colour else 3}" {paint}/>'
        drawn += _text(words, x + 18, y, 13, "muted")
        x += 18 + GAP + LETTER * len(words)
    return drawn


def _frames(film: Film, top: float) -> tuple[str, float]:
    """Steps from the first to the last beside each other, and the height they take."""
    steps = np.unique(np.rint(np.linspace(0, film.steps - 1, FRAMES)).astype(int)).tolist()
    wide, drawn, tallest = (BROAD - (FRAMES - 1) * GAP) / FRAMES, "", 0.0
    for k, t in enumerate(steps):
        x, y = MARGIN + k * (wide + GAP), top + GAP / 2
        for n, picture in enumerate(stage_svgs(film, t, f"step {t + 1}", f"s{film.number}-{t}")):
            part, tall = _moved(picture, x, y, wide)
            drawn, y = drawn + part, y + tall + (6 if n else 0)
        lines = textwrap.wrap(f"Step {t + 1}. {film.words[t]}", 42, max_lines=4, placeholder=" …")
        drawn += "".join(_text(line, x, y + LINE * (n + 1), 12, "muted") for n, line in enumerate(lines))
        tallest = max(tallest, y + LINE * len(lines) - top)
    return drawn, tallest + GAP


def _moved(svg: str, x: float, y: float, wide: float) -> tuple[str, float]:
    """A drawing put in its place in a larger one, `wide` pixels wide, with the height it takes."""
    found = _SIZE.match(svg)
    assert found is not None
    tall = float(found[3]) * wide / float(found[2])
    if tall > wide:
        wide, tall = wide * wide / tall, wide
    at = f'<svg x="{x:g}" y="{y:g}" {found[1]}width="{wide:g}" height="{tall:g}"'
    return at + svg[found.end() :], tall


def _text(words: str, x: float, y: float, size: int, colour: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{LIGHT[colour]}">'
        f"{escape(legible(words))}</text>"
    )
