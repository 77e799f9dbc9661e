"""Lists as people write them, in brackets: where they begin and end, and what stands between their commas."""

from __future__ import annotations

import itertools
import re

_OPEN, _CLOSE = "([{", ")]}"
_QUOTED = re.compile(r"([=:,(\[{]|^)(\s*)((['\"]).*?\4)(?=\s*(?:[,)\]}]|$))", re.DOTALL)


def split(text: str, mark: str = ",") -> tuple[str, ...]:
    """The pieces of a text between marks that stand outside all brackets and quotes; none of an empty text."""
    pieces, depth = [""], 0
    for letter, plain in zip(text, _without_quoted(text), strict=True):
        depth += (plain in _OPEN) - (plain in _CLOSE)
        if plain == mark and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += letter
    return tuple(piece.strip() for piece in pieces) if text.strip() else ()


def bracketed(text: str) -> str:
    """The text without the one pair of brackets round all of it, if it has one."""
    plain = _without_quoted(text)
    steps = [(letter in _OPEN) - (letter in _CLOSE) for letter in plain]
    depths = list(itertools.accumulate(steps))
    whole = len(text) > 1 and steps[0] == 1 and steps[-1] == -1 and min(depths[:-1]) > 0
    return text[1:-1] if whole else text


def _without_quoted(text: str) -> str:
    """The same text, letter for letter, with a plain letter for everything in quotes."""
    return _QUOTED.sub(lambda found: found[1] + found[2] + "x" * len(found[3]), text)
