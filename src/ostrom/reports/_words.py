"""Numbers and names as people read them, whatever they are called."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from ..core.claim import Claim

NAME_LENGTH = 60
"""Letters of a name that are shown; a longer one ends in an ellipsis."""

LONGEST = 4000
"""Letters of a paragraph that are shown."""

_ENDLESS = re.compile(rf"(\S{{{NAME_LENGTH}}})\S{{20,}}")

_UNDERSCORES = re.compile(r"((?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)|_")
"""Names with dots in them, and single underscores."""

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode categories that show nothing, reorder what is shown, or cannot be written to a file."""


def legible(text: str, length: int = LONGEST) -> str:
    """The text as it may be shown: cut to `length` letters, endless words cut short, and � for every character that
    would hide, reorder or control what is shown."""
    kept = _ENDLESS.sub(r"\1…", text[: 8 * length])
    kept = kept if len(kept) <= length else kept[: length - 1] + "…"
    return "".join("�" if unicodedata.category(letter) in _HIDDEN else letter for letter in kept)


def name(text: str) -> str:
    """A name that stands in a cell, on an axis or in a sentence."""
    return legible(text, NAME_LENGTH)


def told_apart(names: Iterable[str], length: int = 24) -> dict[str, str]:
    """Names of at most `length` letters, shortened in the middle, and no two of them alike.

    Examples
    --------
    >>> list(told_apart(["a/very-long-model-name(IO)", "a/very-long-model-name(CoT)", "b"], 14).values())
    ['a/very…me(IO)', 'a/very…e(CoT)', 'b']
    """
    short: dict[str, str] = {}
    for own in dict.fromkeys(names):
        whole, half = name(own), length // 2 - 1
        text = whole if len(whole) <= length else f"{whole[:half]}…{name(own[-half:])}"
        alike = sum(one == text or one.startswith(f"{text} (") for one in short.values())
        short[own] = f"{text} ({alike + 1})" if alike else text
    return short


def spaced(text: str) -> str:
    """A name from a catalogue or a file in words: `prisoners dilemma`; `their_pond.Pond` stays."""
    return _UNDERSCORES.sub(lambda found: found[1] or " ", text)


def number(value: float, digits: int = 4) -> str:
    """A number in so many significant digits: `1,234`, `0.3333`, `2.5e-07`; whole numbers in full."""
    if value != value:
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e15:
        return f"{value:.{digits}g}"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def tidy(value: float, scale: float) -> float:
    """The value, or 0 where it is only rounding beside `scale`."""
    return value if abs(value) > 1e-7 * abs(scale) else 0.0


def percent(share: float) -> str:
    """A share as a percentage: `61 %`, `0.4 %`."""
    return f"{number(100 * share, 2 if abs(share) < 0.1 else 3)} %"


def cell(value: Any) -> str:
    """What a cell of a table shows."""
    if value is None:
        return "–"
    return legible(value, 400) if isinstance(value, str) else number(value)


def is_number(value: Any) -> bool:
    """Whether a cell is set flush right."""
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def listed(words: list[str] | tuple[str, ...]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    words = list(words)
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)


def plural(count: int, noun: str) -> str:
    """`1 player`, `3 players`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def reached(claim: Claim) -> str:
    """How a verdict was reached: `by best replies at every joint move, tolerance 1e-09`."""
    told = f"by {claim.method}" + ("" if claim.tolerance is None else f", tolerance {number(claim.tolerance, 3)}")
    reason = claim.numbers.get("reason") if claim.verdict == "unknown" else None
    return told if reason is None else f"{told}: {reason}"


def witness(found: Any) -> str:
    """A witness or evidence in one line: `player: row, move: D, gain: 2`."""
    return "; ".join(f"{key}: {_plain(value)}" for key, value in found.items())


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name(str(key))} {_plain(entry)}" for key, entry in list(value.items())[:12])
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_plain, value[:12]))}{', …' if len(value) > 12 else ''})"
    return name(str(value))
