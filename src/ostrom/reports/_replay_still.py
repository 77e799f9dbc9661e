"""A replay on paper: a few of its steps side by side, and its numbers over time, on white."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from html import escape

import numpy as np

from ._replay_film import Film, stage_svgs
from ._replay_grid import seat_colour
from ._replay_series import HEIGHT, WIDTH, chart_svg, shown
from ._theme import FONT, LIGHT
from ._words import legible, name

FRAMES, CHARTS, GAP, MARGIN, LINE = 4, 3, 20, 24, 18
"""Steps and charts in a row, and pixels between them, round all, and of a line of text."""
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
        top += LINE + 6
        yield _text(film.recording.title, MARGIN, top - 6, 15, "ink"), top
    for part in _seats(film, top):
        top += LINE
        yield part, top
    row, tall = _frames(film, top)
    yield row, (top := top + tall)
    for k, one in enumerate(film.series):
        x, y = MARGIN + k % CHARTS * (WIDTH + GAP), top + k // CHARTS * (HEIGHT + LINE + 6)
        drawn = _moved(chart_svg(one, ends[one.name], one.name, None), x, y + LINE, WIDTH)[0]
        yield _text(one.name, x, y + LINE - 5, 13, "muted") + drawn, top
    yield "", top + -(-len(film.series) // CHARTS) * (HEIGHT + LINE + 6)


def _seats(film: Film, top: float) -> Iterator[str]:
    """Who is who, and what each got, a few in each line."""
    recording, told = film.recording, []
    for k, (seat, got) in enumerate(zip(recording.seats, recording.returns.tolist(), strict=True)):
        who = f" ({name(recording.players[k])})" if k < len(recording.players) else ""
        told.append((f"{k + 1} {name(seat)}{who}: {shown(float(got))}", seat_colour(k)))
    for line in range(0, len(told), CHARTS):
        yield "".join(
            _text(words, MARGIN + k * (WIDTH + GAP), top + (line // CHARTS + 1) * LINE - 5, 13, colour)
            for k, (words, colour) in enumerate(told[line : line + CHARTS])
        )


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


def _text(words: str, x: float, y: float, size: int, colour: str) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" font-size="{size}" fill="{LIGHT[colour]}">'
        f"{escape(legible(words))}</text>"
    )
