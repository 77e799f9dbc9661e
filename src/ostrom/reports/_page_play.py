"""The page on episodes that were played: who got what, and what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ._page import Page, section, table
from ._replay_words import measured
from ._words import listed, name, number, plural

SHOWN = 6
"""Seats that are named one by one in the paragraph, at most."""


def play_page(
    world: str,
    seats: Sequence[str],
    players: Sequence[str],
    played: Any,
    units: Mapping[str, str] | None = None,
    note: str = "",
) -> Page:
    """What `ostrom.learners.play` returned, for players in words, one for each seat; `units` are those of facts, and
    `note` a further sentence for the beginning."""
    returns = np.asarray(played.returns)
    steps = np.asarray(played.lasting).sum(1)
    parts = [
        *section("Returns", table("Return of an episode", *_returns(seats, players, returns))),
        *section("What was done", table("Sums over an episode, by seat", *_facts(seats, played, units or {}))),
    ]
    return Page(
        f"{plural(len(returns), 'episode')} of {world}", f"{_lead(seats, returns, steps)} {note}".strip(), tuple(parts)
    )


def _lead(seats: Sequence[str], returns: np.ndarray, steps: np.ndarray) -> str:
    """The sentence that a person reads first."""
    mean, total = returns.mean(0), returns.sum(1)
    long = number(float(steps[0])) if (steps == steps[0]).all() else f"{steps.min()} to {steps.max()}"
    over = f"In {plural(len(returns), 'episode')} of {long} {'step' if long == '1' else 'steps'}"
    if len(seats) > SHOWN:
        shares = f"the least is {number(float(mean.min()), 3)}, the most {number(float(mean.max()), 3)}"
        got = f"{plural(len(seats), 'seat')} got {number(float(mean.mean()), 3)} on average; {shares}"
    else:
        got = listed([f"{name(seat)} got {number(float(own), 3)}" for seat, own in zip(seats, mean, strict=True)])
    spread = "" if len(returns) == 1 else f" (from {number(float(total.min()), 3)} to {number(float(total.max()), 3)})"
    return f"{over} {got}; all together {number(float(total.mean()), 3)}{spread}."


def _returns(seats: Sequence[str], players: Sequence[str], returns: np.ndarray) -> tuple[Any, Any]:
    many = len(returns) > 1
    rows = []
    for k, (seat, player) in enumerate(zip(seats, players, strict=True)):
        own = returns[:, k]
        error = float(own.std(ddof=1) / len(own) ** 0.5) if many else None
        rows.append(
            (name(seat), player, float(own.mean()), *((error, float(own.min()), float(own.max())) if many else ()))
        )
    total = returns.sum(1)
    error = float(total.std(ddof=1) / len(total) ** 0.5) if many else None
    rows.append(("all", "", float(total.mean()), *((error, float(total.min()), float(total.max())) if many else ())))
    return ("seat", "player", "mean", *(("standard error", "least", "most") if many else ())), rows


def _facts(seats: Sequence[str], played: Any, units: Mapping[str, str]) -> tuple[Any, Any]:
    totals = {kind: played.totals(kind).mean(0) for kind in played.facts}
    rows = [(name(seat), *(float(total[k]) for total in totals.values())) for k, seat in enumerate(seats)]
    return ("seat", *(measured(kind, units.get(kind, "")) for kind in totals)), rows if totals else []
