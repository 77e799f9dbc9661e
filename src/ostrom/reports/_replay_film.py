"""One recording of a replay: everything that is drawn of it, made ready once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import InputError
from ..learners._recording import Recording
from ._replay_grid import Grid, grid_data, grid_keys, grid_of, grid_svg, seat_colour
from ._replay_network import Frame, Net, frame_of, net_data, net_of, net_svg
from ._replay_series import Series, chart_svg, repeated, series_of, shown, x_of
from ._replay_tracks import track
from ._replay_words import step_words
from ._vega import themed
from ._words import legible, name

Ends = dict[str, tuple[float, float]]
FACTS = 3
"""Facts that are drawn, at most."""


class Film(NamedTuple):
    """A recording with its grid, its network, its numbers over time and its words; `number` counts films of a page."""

    recording: Recording
    number: int
    grid: Grid | None
    net: Net | None
    series: tuple[Series, ...]
    words: tuple[str, ...]

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.recording.scenes)


def films_of(recordings: Sequence[Recording], units: Mapping[str, str] | None = None) -> list[Film]:
    """Make recordings ready to be compared: the same numbers of each, and one scale of places.

    `units` are those of facts, `{"own": "coins"}`; where any has one, others are left out.
    Raises `InputError` for no recording, and for one without steps.
    """
    if not recordings:
        raise InputError(
            "There is nothing to replay: no recording was given.",
            "",
            "Give one or more: Recording.of(world, play(world, …, states=True)).",
        )
    for one in recordings:
        if not one.scenes:
            raise InputError(f"{one.title or 'The recording'} has no steps.", "There is nothing to look at.")
    facts = [kind for one in recordings for kind, amount in one.facts.items() if np.asarray(amount).any()]
    units = units or {}
    kept = tuple(dict.fromkeys([kind for kind in facts if kind in units] or facts))[:FACTS]
    frame = frame_of([scene for one in recordings for scene in one.scenes])
    return _plain([_film(recording, number, kept, units, frame) for number, recording in enumerate(recordings)])


def _film(recording: Recording, number: int, kept: tuple[str, ...], units: Mapping[str, str], frame: Frame) -> Film:
    scenes, seats = recording.scenes, recording.seats
    payoffs = np.asarray(recording.payoffs, float).reshape(len(scenes), len(seats))
    facts = {kind: np.asarray(recording.facts[kind], float) for kind in kept if kind in recording.facts}
    series = series_of(scenes, payoffs, facts, units)
    words = tuple(step_words(scenes, recording.moves, payoffs, seats))
    return Film(recording, number, grid_of(scenes), net_of(scenes, seats, frame), series, words)


def _plain(films: list[Film]) -> list[Film]:
    """The films without numbers that only say in all of them what others say."""
    names = dict.fromkeys(one.name for film in films for one in film.series)
    kept: list[str] = []
    for own in names:
        said = [
            repeated(one, [other for other in film.series if other.name in kept])
            for film in films
            for one in film.series
            if one.name == own
        ]
        kept += [] if all(said) else [own]
    return [film._replace(series=tuple(one for one in film.series if one.name in kept)) for film in films]


def film_data(film: Film) -> dict[str, Any]:
    """What the script of the page needs to show any step."""
    shared = [one for one in film.series if one.shared]
    seats = [one for one in film.series if not one.shared]
    across = np.concatenate([one.values for one in (*seats, *shared)], 1)
    data: dict[str, Any] = {
        "steps": film.steps,
        "words": film.words,
        "values": track(across),
        "seats": len(film.recording.seats),
        "charts": [len(seats), len(shared)],
        "left": [x_of(0, 2), x_of(1, 2) - x_of(0, 2)],
    }
    if film.grid is not None:
        data["grid"] = grid_data(film.grid)
    if film.net is not None:
        data["net"] = net_data(film.net)
    return data


def packed(data: Any) -> str:
    """Data as JSON that can stand inside a `<script>`: no `<` that could end it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")


def film_html(film: Film, ends: Ends, title: str) -> Iterator[str]:
    """The section of the page about one recording."""
    n = film.number
    yield f'<section class="film" id="film-{n}" aria-labelledby="film-{n}-t"><h2 id="film-{n}-t">{escape(title)}</h2>'
    yield f'<p class="words" id="film-{n}-w">{escape(film.words[0])}</p>'
    yield '<div class="parts">'
    yield from (stage := list(_stage(film, 0, "first", "Step 1")))
    charts = f'<div class="charts">{"".join(_charts(film, ends))}</div>'
    yield f'<div class="numbers{"" if stage else " alone"}">{_table(film)}{charts}</div></div>'
    if film.steps > 1:
        yield '<div class="last">'
        yield f'<p class="words">{escape(film.words[-1])}</p>'
        yield from _stage(film, film.steps - 1, "end", f"Step {film.steps}, the last")
        yield "</div>"
    told = "The step" if film.steps == 1 else f"All {film.steps} steps"
    yield f'<details class="all"><summary>{told} in words</summary><ol></ol></details></section>'


def _stage(film: Film, t: int, kind: str, caption: str) -> Iterator[str]:
    """The picture of a step, where there is one."""
    pictures = stage_svgs(film, t, f"{film.recording.title}, {caption}", f"tip-{film.number}-{kind}")
    if pictures:
        yield f'<figure class="stage {kind}">{"".join(map(themed, pictures))}'
        yield f"<figcaption><span>{caption}.</span> {_legend(film)}</figcaption></figure>"


def stage_svgs(film: Film, t: int, label: str, key: str) -> list[str]:
    """The grid and the network in step `t`, as far as there are any."""
    label = f"{legible(label)}: {film.words[t]}"
    found = [] if film.grid is None else [grid_svg(film.grid, t, label)]
    return found if film.net is None else [*found, net_svg(film.net, t, label, key)]


def _legend(film: Film) -> str:
    if film.grid is None:
        return ""
    return " ".join(
        f'<span class="key"><i class="cell{"" if colour else " thing"}" '
        f'style="background:var(--{colour or "paper"});opacity:{opacity:g}"></i> {escape(words)}</span>'
        for colour, opacity, words in grid_keys(film.grid)
    )


def _table(film: Film) -> str:
    """Seats and their numbers: as they are at the last step, until the script puts those of the step in."""
    columns = [one for one in film.series if not one.shared]
    heads = "".join(f'<th scope="col" class="number">{escape(one.name)}</th>' for one in columns)
    rows = "".join(_row(film, seat, columns) for seat in range(len(film.recording.seats)))
    caption = f'<caption class="when">Each seat after step {film.steps}</caption>'
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="Each seat"><table class="seats">{caption}'
        f'<thead><tr><th scope="col">seat</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(film: Film, seat: int, columns: list[Series]) -> str:
    players = film.recording.players
    who = f' <span class="aside">{escape(name(players[seat]))}</span>' if seat < len(players) else ""
    disc = f'<i class="disc" style="background:var(--{seat_colour(seat)})">{seat + 1}</i>'
    cells = "".join(f'<td class="number">{shown(float(one.values[-1, seat]))}</td>' for one in columns)
    return f'<tr><th scope="row">{disc} {escape(name(film.recording.seats[seat]))}{who}</th>{cells}</tr>'


def charted(film: Film) -> tuple[Series, ...]:
    """The numbers that are drawn over time; one step makes no line."""
    return film.series if film.steps > 1 else ()


def _charts(film: Film, ends: Ends) -> Iterator[str]:
    for one in charted(film):
        first, last = (", ".join(shown(float(value)) for value in one.values[t]) for t in (0, -1))
        label = f"{one.name} over {film.steps} steps: from {first} to {last}"
        now = f' <b class="dial">{shown(float(one.values[-1, 0]))}</b>' if one.shared else ""
        drawn = themed(chart_svg(one, ends[one.name], label))
        yield f'<figure class="series"><figcaption>{escape(one.name)}{now}</figcaption>{drawn}</figure>'
