"""A training as a report: who learned what where, and how returns moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ._chart_training import curves_picture, spread_words
from ._page import Block, Page, Table, section, table
from ._replay_words import measured
from ._words import listed, name, number, plural, spaced

SEATS, SHARE, FACTS = 5, 10, 4
"""Seats that have a line of their own, the part of a training (one in so many) that counts as its beginning or end, and
facts that are drawn."""


def training(run: Any, told: Mapping[str, str] | None = None, title: str = "") -> Page:
    """The page on a `Run`, as `train` and `load_run` return it; `told` is what stands in the table of settings.

    Every form of report takes it: `html(training(run))`, `text(training(run))`.
    """
    lessons = next((curve.shape[1] for curve in run.metrics.values()), 0)
    steps = run.steps // max(lessons, 1) * np.arange(1, lessons + 1)
    parts = [
        *section("Returns", _returns(run, steps), _table(run)),
        *section("What was done", *_facts(run, steps)),
        *section("What was trained", _settings(run, told or {})),
        *section("How learning went", *_learning(run, steps)),
    ]
    return Page(f"Training in {title or _world(run)}", _lead(run), tuple(parts))


def _world(run: Any) -> str:
    return spaced(type(getattr(run.world, "base", run.world)).__name__)


def _lead(run: Any) -> str:
    """The sentence that a person reads first."""
    returns = run.metrics.get("return")
    over = f"{plural(run.steps, 'step')} of the world" + ("" if run.seeds == 1 else f" in each of {run.seeds} seeds")
    if returns is None or not np.isfinite(returns).any():
        return f"After {over} no episode had ended yet, so there are no returns."
    (first, last), total = _ends(returns), returns.shape[-1]
    at_first, at_last = number(float(first.mean()), 3), number(float(last.mean()), 3)
    seats = "the return of an episode" if total == 1 else f"the mean return of {total} seats"
    spread = "" if run.seeds == 1 else f" (between {_range(last.mean(-1))} by seed at the end)"
    if at_first == at_last:
        return f"Over {over} {seats} stayed at {at_last}{spread}."
    if not _clear(returns):
        chance = "from lesson to lesson" + ("" if run.seeds == 1 else " and from seed to seed")
        return (
            f"Over {over} {seats} hardly moved: from {at_first} to {at_last}{spread}, no more than it varies {chance}."
        )
    return (
        f"Over {over} {seats} {'rose' if last.mean() > first.mean() else 'fell'} from {at_first} to {at_last}{spread}."
    )


def _clear(returns: np.ndarray) -> bool:
    """Whether what happened to the mean return `[K, lessons, P]` is more than its ups and downs.

    That is more than twice its standard error over seeds, and more than twice what it usually moves from one tenth of
    the training to the next.
    """
    first, last = (end.mean(-1) for end in _ends(returns))
    moved = last - first
    lessons = np.array([returns[:, k].mean() for k in _known(returns)])
    tenths = [tenth.mean() for tenth in np.array_split(lessons, min(SHARE, len(lessons)))]
    usual = np.sqrt(np.mean(np.diff(tenths) ** 2))
    error = moved.std(ddof=1) / np.sqrt(len(moved)) if len(moved) > 1 else 0.0
    return bool(abs(moved.mean()) > 2 * max(usual, error))


def _ends(curve: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`[K, …]` at the beginning and at the end: the mean over the first and the last tenth of the lessons that tell."""
    known = _known(curve)
    few = max(len(known) // SHARE, 1)
    if not known:
        nothing = np.full((curve.shape[0], *curve.shape[2:]), np.nan)
        return nothing, nothing
    return curve[:, known[:few]].mean(1), curve[:, known[-few:]].mean(1)


def _known(curve: np.ndarray) -> list[int]:
    """Lessons that tell: by which every seed has numbers."""
    return [k for k in range(curve.shape[1]) if np.isfinite(curve[:, k]).all()]


def _range(values: np.ndarray) -> str:
    return f"{number(float(values.min()), 3)} and {number(float(values.max()), 3)}"


def _returns(run: Any, steps: np.ndarray) -> Block | None:
    returns = run.metrics.get("return")
    if returns is None:
        return None
    seats, shaded = run.world.ground.players, spread_words(run.seeds)
    if len(seats) <= SEATS:
        curves = {seat: returns[..., k] for k, seat in enumerate(seats)}
        return curves_picture(curves, steps, "return", "Return of the episodes that ended last, by seat.", shaded)
    caption = f"Mean return of all {len(seats)} seats in the episodes that ended last."
    return curves_picture({"all seats": returns.mean(-1)}, steps, "return", caption, shaded)


def _table(run: Any) -> Table | None:
    returns = run.metrics.get("return")
    if returns is None:
        return None
    first, last = _ends(returns)
    rows = []
    for k, seat in enumerate(run.world.ground.players):
        spread = () if run.seeds == 1 else (float(last[:, k].min()), float(last[:, k].max()))
        rows.append((name(seat), float(first[:, k].mean()), float(last[:, k].mean()), *spread))
    more = () if run.seeds == 1 else ("lowest seed", "highest seed")
    note = "First and last: means over a tenth of the lessons each."
    return table("Returns of an episode", ("seat", "first", "last", *more), rows, note=note)


def _facts(run: Any, steps: np.ndarray) -> Iterator[Block | None]:
    """Facts per step, as means over all seats: a picture of those that there is anything of, and a table of all."""
    facts = {
        kind.removeprefix("fact "): curve.mean(-1) if curve.ndim == 3 else curve
        for kind, curve in run.metrics.items()
        if kind.startswith("fact ")
    }
    units = getattr(run.world, "base", run.world).measures
    named = {kind: measured(kind, units.get(kind, "")) for kind in facts}
    rows = [(named[kind], *(float(end.mean()) for end in _ends(curve))) for kind, curve in facts.items()]
    for kind in [kind for kind, curve in facts.items() if np.nan_to_num(curve).any()][:FACTS]:
        words = f"{named[kind][:1].upper()}{named[kind][1:]} per step and seat."
        yield curves_picture({kind: facts[kind]}, steps, named[kind], words, spread_words(run.seeds))
    yield table("Per step and seat, as means over all seats", ("fact", "first", "last"), rows)


def _learning(run: Any, steps: np.ndarray) -> Iterator[Block | None]:
    """What the learners tell of themselves, as a table."""
    told = [kind for kind in run.metrics if kind not in ("payoff", "return") and not kind.startswith("fact ")]
    rows = [(kind, *(float(end.mean()) for end in _ends(run.metrics[kind]))) for kind in told]
    yield table("What the learners tell, as means over seeds", ("measure", "first", "last"), rows)


def _settings(run: Any, told: Mapping[str, str]) -> Table | None:
    rows: list[tuple[Any, ...]] = list(told.items())
    if not told:
        players = run.world.ground.players
        rows = [(listed([players[seat] for seat in seats]), type(player).__name__) for player, seats in run.groups]
    seeds = f"{run.seed}" if run.seeds == 1 else f"{run.seed} to {run.seed + run.seeds - 1}"
    rows += [("steps of the world, in each seed", run.steps), ("seeds", seeds)]
    return table("Settings", ("what", "value"), rows)
