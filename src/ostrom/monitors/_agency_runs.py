"""Runs of an environment whose mechanisms are set, and what cannot be asked of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError


@dataclass(frozen=True)
class Setting:
    """What is set before a run: mechanisms, not what happens.

    Attributes
    ----------
    trained : my policy while everything that adapts adapts. met : my policy in the run that is recorded.
    goal : the component whose utility-like mechanism is set, and what to; None leaves every goal as it is.
    cut : the component whose influence on its own goal is cut while it adapts, None for none.
    """

    trained: Any
    met: Any
    goal: tuple[str, Any] | None = None
    cut: str | None = None


Environment = Callable[[Setting, int, int], Mapping[str, tuple[Any, Any]]]
"""`environment(setting, runs, seed)`: component -> `(seen, done)`, arrays `[runs, T]` (or `[runs, T, k]`)."""


def made(environment: Environment, setting: Setting, runs: int, seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    made = environment(setting, runs, seed)
    found = {}
    for name, pair in made.items():
        try:
            saw, did = (np.asarray(part) for part in pair)
        except (TypeError, ValueError):
            raise InputError(f"The environment gives {pair!r:.80} for {name}.", do="Give (seen, done).") from None
        saw, did = (part[:, None] if part.ndim == 1 else part for part in (saw, did))
        if min(saw.ndim, did.ndim) < 2 or saw.shape[:2] != did.shape[:2] or len(did) != runs or not did.shape[1]:
            raise InputError(
                f"Of {name} the environment gives sights of shape {saw.shape} and moves of shape {did.shape}.",
                f"It was asked for {runs} runs: each move has the sight before it.",
                "Give arrays [runs, T] or [runs, T, k] of both, T of at least 1.",
            )
        found[str(name)] = saw, did
    return found


def check(policies: Any, goals: Mapping[str, Any], runs: int, level: float, rounds: int) -> None:
    if not isinstance(policies, tuple | list) or len(policies) != 2:
        raise InputError(f"The policies are {policies!r:.80}.", "Two are compared.", "Give two policies of yours.")
    if not isinstance(runs, int) or runs < 8 or rounds < 99:
        raise InputError(
            f"{runs!r} runs of each regime, {rounds!r} redraws.",
            "Regimes are dealt out to runs again; with fewer nothing can be told.",
            "Give at least 8 runs and 99 redraws.",
        )
    if not 0 < level < 1:
        raise InputError(f"The level is {level}.", "It is a share.", "Give a number between 0 and 1.")
    for name, pair in goals.items():
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise InputError(f"The goals of {name} are {pair!r:.80}.", "Two are compared.", "Give two goals to set.")


def same(names: list[list[str]], goals: Mapping[str, Any]) -> None:
    if not names[0]:
        raise InputError("The environment gives no components.", do="Return {name: (seen, done)}.")
    if other := next((own for own in names if own != names[0]), None):
        raise InputError(f"The environment gives {names[0]} in one regime and {other} in another.", do="Give the same.")
    if unknown := [name for name in goals if name not in names[0]]:
        raise InputError(f"There are goals of {unknown[0]!r:.80}.", f"Components are {names[0]}.", "Name one of them.")
