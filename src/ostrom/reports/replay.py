"""Episodes as a page on which one can go back and forth, alone or side by side; and as a still picture."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape

from ..learners._recording import Recording
from ._replay_film import Film, film_data, film_html, films_of, packed
from ._replay_script import SCRIPT
from ._replay_series import ends_of
from ._replay_still import still_svg
from ._replay_style import REPLAY_STYLE
from ._style import STYLE
from ._vega import png, variables
from ._words import legible, listed, name, number, plural

SPEEDS = (1, 2, 5, 10, 25, 50)
"""Steps a second that can be chosen."""
SEATS = 6
"""Seats that are named one by one above the page, at most."""
WHOLE = 20
"""Seconds in which a replay is over at the speed it begins with, or less."""


def replay(*recordings: Recording, title: str = "", units: Mapping[str, str] | None = None) -> str:
    """Recordings as the text of one HTML file, side by side and in step with each other.

    `units` are those of facts, as `World.measures` has them: `{"own": "coins"}`.

    The file needs nothing else and asks nothing of any other host; its one script is named, letter by letter, in its
    content security policy. It can be used by keyboard, follows the reader's choice of light or dark, and shows the
    first and the last step where scripts are off. The same recordings give the same bytes. Raises `InputError` for no
    recording, and for one without steps.
    """
    films = films_of(recordings, units)
    ends = ends_of([one for film in films for one in film.series])
    title = legible(title or " and ".join(film.recording.title for film in films) or "Replay")
    heads = [legible(film.recording.title) for film in films] if len(films) > 1 else ["Step by step"] * len(films)
    shown = [line for film, head in zip(films, heads, strict=True) for line in film_html(film, ends, head)]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy()}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="generator" content="ostrom">',
            f"<title>{escape(title)}</title>",
            f"<style>{variables()}{STYLE}{REPLAY_STYLE}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#content">To the content</a>',
            f"<header>\n<h1>{escape(title)}</h1>",
            *(f'<p class="lead">{escape(_lead(film, len(films) > 1))}</p>' for film in films),
            "</header>",
            _controls(max((film.steps for film in films), default=1)),
            '<main id="content" class="films">',
            *shown,
            "</main>",
            f'<script type="application/json" id="films">{packed([film_data(film) for film in films])}</script>',
            f"<script>{SCRIPT}</script>",
            '<footer><p class="help">Step with <kbd>←</kbd> and <kbd>→</kbd>, play with the space bar, or click on a '
            "chart.</p><p>Made with ostrom. Numbers have four digits.</p></footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def still(*recordings: Recording, title: str = "", units: Mapping[str, str] | None = None) -> str:
    """A few steps of each recording, from the first to the last, and its numbers over time: the text of an SVG file."""
    films = films_of(recordings, units)
    return still_svg(films, ends_of([one for film in films for one in film.series]), title)


def still_png(*recordings: Recording, title: str = "", units: Mapping[str, str] | None = None) -> bytes:
    """The same as the bytes of a PNG file, two pixels to one."""
    return png(still(*recordings, title=title, units=units))


def policy() -> str:
    """What the browser is told it may load and run: nothing but the one script of the page."""
    known = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    kept = "base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{known}'; {kept}"


def _lead(film: Film, named: bool) -> str:
    """Who got what, in a sentence."""
    recording, returns = film.recording, film.recording.returns
    total, steps = number(float(returns.sum())), plural(film.steps, "step")
    steps = f"{legible(recording.title)}: {steps}" if named else steps
    if len(recording.seats) > SEATS or any("," in seat for seat in recording.seats):
        return f"{steps}, in which {plural(len(recording.seats), 'seat')} get {total} in all."
    got = [f"{name(seat)} gets {number(float(own))}" for seat, own in zip(recording.seats, returns, strict=True)]
    return f"{steps}, in which {listed(got)}; {total} in all."


def _controls(steps: int) -> str:
    first = next((speed for speed in SPEEDS if steps / speed <= WHOLE), SPEEDS[-1])
    speeds = "".join(
        f'<option value="{speed}"{" selected" if speed == first else ""}>{plural(speed, "step")} a second</option>'
        for speed in SPEEDS
    )
    return (
        '<div class="controls" role="group" aria-label="Replay">'
        '<button type="button" id="play">Play</button>'
        '<button type="button" class="hop" id="back" aria-label="One step back">←</button>'
        '<button type="button" class="hop" id="on" aria-label="One step on">→</button>'
        f'<input type="range" id="step" min="0" max="{steps - 1}" value="0" step="1" aria-label="Step">'
        f'<output id="told" for="step">step 1 of {steps}</output>'
        f'<select id="speed" aria-label="Speed">{speeds}</select></div>'
    )
