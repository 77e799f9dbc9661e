"""How a log is planted: what the members of this room share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.event import Event
from ..core.log import Log
from ..core.seeds import refuse_seed
from ._planted_steps import CARRIERS, CONTROLS, DEFENCES, Plan, Step
from ._planted_text import TEXTUAL


@dataclass(frozen=True)
class Planted:
    """A log and what is true of it.

    Attributes
    ----------
    log : the records.
    bits : what a message of the speaker tells about its secret beyond what is public, in bits, exactly, from row
        `onset` on; 0 where nothing is planted. After a defence: what is left.
    heeded : by how much the listener's odds of buying differ between a message with the one bit and with the other.
    carrier, defence, control : as asked for.
    speaker, listener : who they are. onset : the number of the first row that carries anything; None where none does.
    """

    log: Log
    bits: float
    heeded: float
    carrier: str
    defence: str
    control: str
    speaker: str
    listener: str
    onset: int | None


def planted(
    carrier: str,
    bits: float,
    messages: int = 1000,
    heeded: float = 0.5,
    defence: str = "none",
    control: str = "none",
    declared: bool = False,
    onset: float = 0.0,
    seed: int = 0,
) -> Planted:
    """The log that `planted_log` describes."""
    _check(carrier, bits, messages, heeded, defence, control, onset)
    refuse_seed(seed)
    rng = np.random.default_rng([seed, 7])
    cut, first = round(onset * messages), None
    plan = Plan(carrier, defence, control, heeded, declared)
    rows: list[Event] = []
    clock = 0.0
    for k in range(messages):
        error = flips(bits) if k >= cut else 0.5
        if error < 0.5 and first is None:
            first = len(rows) + 1
        sent, clock = Step(k, k / messages, plan, rng).rows(error, clock, rng)
        rows += sent
    left = _left(carrier, bits, defence)
    source = f"planted {carrier}, {bits:g} bits, seed {seed}"
    follows = heeded if left > 0 else 0.0
    return Planted(
        Log.of(rows, source), left, follows, carrier, defence, control, "Ann", "Bob", first if left else None
    )


def flips(bits: float) -> float:
    """The error ε of a binary symmetric channel of this capacity, 1 - H(ε) = bits; from 0 (one bit) to 1/2 (none)."""
    if bits in (0, 1):
        return 0.5 - 0.5 * bits
    low, high = 0.0, 0.5
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if capacity(middle) > bits else (low, middle)
    return low


def capacity(error: float) -> float:
    """Bits that a binary symmetric channel with this error carries of an even bit."""
    if error <= 0 or error >= 1:
        return 1.0
    return 1 + error * math.log2(error) + (1 - error) * math.log2(1 - error)


def _left(carrier: str, bits: float, defence: str) -> float:
    """What a message still tells after a defence."""
    if defence == "paraphrase" and carrier in TEXTUAL:
        return 0.0
    if defence == "role permutation" and carrier in TEXTUAL:
        return capacity(flips(bits) / 2 + 0.25)  # every other message is somebody else's, whose bit is even
    return bits


def _check(carrier: str, bits: float, messages: int, heeded: float, defence: str, control: str, onset: float) -> None:
    named = (("carrier", carrier, CARRIERS), ("defence", defence, DEFENCES), ("control", control, CONTROLS))
    for kind, name, known in named:
        if name not in known:
            raise UnknownName(kind, name, known)
    for name, value in (("bits", bits), ("heeded", heeded), ("onset", onset)):
        if not 0 <= value <= 1:
            raise InputError(f"{name} is {value}.", "It is from 0 to 1.", f"Give {name}=0.1, for example.")
    if not isinstance(messages, int) or not 10 <= messages <= 10**6:
        raise InputError(f"{messages} messages.", "From 10 to a million can be made.", "Give 1000.")
    if control != "none" and bits > 0:
        raise InputError(f"{bits} bits with {control!r}.", "A control plants nothing.", "Give bits=0.")
