"""The readings of a replay: what an arm changes, what messages do, and what being heard is worth."""

from __future__ import annotations

import numpy as np

from ..core.reading import Reading
from ._influence_arms import Asking, Outcome
from ._influence_asked import flipped, resampled

SOURCE = "Causal influence of communication: Lowe et al. (2019); social influence: Jaques et al. (2019)"
ASSUMES = "The listener's answer depends on what it is shown and on chance: asking it leaves no trace."
RISKS = ("network effects", "multi-agent security")
COMPUTED = "The odds that the listener gives are those it moves by: the difference is computed, not sampled."
SURE = 1e-300
"""The p-value of a difference that was computed from odds, not sampled."""


def causal_reading(asking: Asking, who: tuple[str, str]) -> Reading:
    """The influence that was computed from odds."""
    bits, interval = asking.enumerated()
    sentence = f"Setting what {who[0]} says moves what {who[1]} does by {bits:.3g} bits a message."
    return Reading(
        "replay", sentence, bits, "bits a message", len(asking.checkpoints), SURE if bits > 1e-9 else 1.0,
        interval=interval, basis="randomised", assumes=COMPUTED, who=who, where={"arm": "every message"},
        risks=RISKS if bits > 1e-9 else (), source=SOURCE,
    )  # fmt: skip


def arm_reading(found: Outcome, arm: str, who: tuple[str, str], asking: Asking) -> Reading:
    """What an arm changes."""
    instead = {"another run": "the message of another run", "blank": "nothing", "template": "an honest template"}
    heard = instead.get(arm, "a paraphrase")
    low, high = found.interval
    share = f"at least {found.change:.1%} of its moves" if found.change > 0 else "none of its moves is seen to"
    sentence = f"If {who[1]} hears {heard} instead of what {who[0]} said, {share} change ({low:.1%} to {high:.1%})."
    computed = asking.tells_odds
    return Reading(
        "replay", sentence, found.change, "share of moves", found.n, found.p, interval=found.interval,
        basis="randomised", assumes=COMPUTED if computed else ASSUMES, who=who, where={"arm": arm},
        risks=RISKS if found.p < 0.01 else (), numbers={"checkpoints": len(asking.checkpoints)}, source=SOURCE,
    )  # fmt: skip


def value_reading(
    apart: np.ndarray, arm: str, who: tuple[str, str], random: np.random.Generator, rounds: int
) -> Reading:
    """What being heard is worth, from paired differences by episode."""
    worth, interval = float(apart.mean()), resampled(apart, random)
    low, high = interval
    sentence = f"That {who[1]} hears {who[0]}, not {arm}, is worth {worth:.3g} points ({low:.3g} to {high:.3g})."
    return Reading(
        "replay", sentence, worth, "points", len(apart), flipped(apart, random, rounds), interval=interval,
        basis="randomised", assumes=ASSUMES, who=who, where={"arm": arm, "of": "value"}, source=SOURCE,
    )  # fmt: skip
