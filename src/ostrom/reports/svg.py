"""The pictures of a result as one SVG file, one below the other, on white."""

from __future__ import annotations

import re
import textwrap
from html import escape
from typing import Any

from ._page import Picture
from ._pages import page_of
from ._theme import FONT, LIGHT
from ._vega import drawn
from ._words import legible

MARGIN, LINE, LETTERS = 24, 18, 72
"""Pixels round each picture and per line of its caption, and letters in such a line."""

_SIZE = re.compile(r'<svg([^>]*?) width="([\d.]+)" height="([\d.]+)"')


def svg(result: Any) -> str:
    """All pictures of the report as the text of an SVG file, each with its caption.

    `result` is what a verb returned: a diagnosis, a design, a comparison, a verification or an audit. Colours are
    those for light paper, so that every program that shows SVG agrees. The same result gives the same bytes.
    """
    page = page_of(result)
    parts, top, right = _title(page.title), 2 * MARGIN + LINE, float(8 * LETTERS)
    for k, picture in enumerate(page.pictures(), 1):
        part, width, height = _placed(picture, k, top)
        parts, top, right = parts + part, top + height + MARGIN, max(right, width)
    size = f'width="{right + 2 * MARGIN:g}" height="{top:g}" viewBox="0 0 {right + 2 * MARGIN:g} {top:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size} role="img">\n'
        f"<title>{escape(legible(page.title))}</title>\n<desc>{escape(legible(page.lead))}</desc>\n"
        f'<rect width="100%" height="100%" fill="{LIGHT["paper"]}"/>\n{parts}</svg>\n'
    )


def _title(words: str) -> str:
    return _line(legible(words, LETTERS), MARGIN + LINE, 18, "ink")


def _line(words: str, y: float, size: int, colour: str) -> str:
    return (
        f'<text x="{MARGIN}" y="{y:g}" font-family="{FONT}" font-size="{size}" fill="{LIGHT[colour]}">'
        f"{escape(words)}</text>\n"
    )


def _placed(picture: Picture, k: int, top: float) -> tuple[str, float, float]:
    """A picture and its caption from `top` down, with the width and height they take."""
    inside = drawn(picture.chart, f"p{k}")
    found = _SIZE.search(inside)
    width, height = (float(found[n]) for n in (2, 3)) if found else (0.0, 0.0)
    moved = inside.replace("<svg", f'<svg x="{MARGIN}" y="{top:g}"', 1)
    lines = textwrap.wrap(legible(picture.caption), LETTERS)
    caption = "".join(_line(line, top + height + LINE * n, 13, "muted") for n, line in enumerate(lines, 1))
    return f"{moved}\n{caption}", width, height + LINE * (len(lines) + 1)
