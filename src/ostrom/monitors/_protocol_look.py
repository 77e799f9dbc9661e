"""What is to be made of a stream: how much is told since when, what held after an alarm, and in what words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.reading import Reading
from ._case import SHOWN
from ._detectors import insured
from ._protocol_fresh import LEVEL, LOOKS
from ._protocol_onset import Onset, confirmed, gains, lexicon, listener, onset, told
from ._protocol_stream import Stream
from ._protocol_units import History

CONFIRMED = ("looked at", "p of information", "p of influence", "listener", "confirmed")
"""What is known of messages after an alarm."""


@dataclass(frozen=True)
class Look:
    """What was last made of a stream: at how many bets and false alarms, in what words, and how much is told."""

    n: int
    false: int
    words: str
    bits: tuple[float, float, float]
    rows: tuple[int, ...] = ()
    numbers: Mapping[str, Any] = field(default_factory=dict)


def look(who: tuple[str, str, str], stream: Stream, seed: int, last: Look | None) -> Look:
    """What is to be made of a stream now; the last look where little has come since."""
    bank = stream.bank
    assert bank is not None
    false, rung_now = len(stream.false_alarms) + stream.began, bank.alarm is not None
    last = None if last is None or last.false != false else last
    if last is not None and bank.n < 1.05 * last.n and rung_now == ("alarm" in last.numbers):
        return last
    history, (speaker, channel, name) = stream.history(), who
    if bank.alarm is None:
        words = f"{speaker} on {channel} has not begun to tell {name}"
        return Look(bank.n, false, words, told(history, np.arange(len(history)), 0), numbers=_seen(stream, 0))
    start, view, strength = bank.caught  # as it was at the alarm: what came after has no part in the choice
    heard = int(history.after[bank.caught_at - 1])
    since = onset(history, start, bank.alarm, view, strength)
    fresh = np.flatnonzero(history.number >= heard)
    rung = np.flatnonzero((history.number >= since.at) & (history.number < heard))
    kept = fresh if len(fresh) >= LOOKS[0] else np.flatnonzero(history.number >= since.at)
    numbers = {
        "alarm": int(history.after[bank.alarm - 1]),
        "onset": (since.at + 1, since.low + 1, since.high + 1),
        "fresh": len(fresh),
    }
    numbers |= _confirm(history, rung, fresh, view, stream, seed, last)
    numbers |= {"lexicon": lexicon(history, kept, view, stream.secrets), **_seen(stream, view)}
    held = "looked at" not in numbers or numbers["p of information"] <= LEVEL
    rows = telling(history, kept, view, strength) if held else ()
    return Look(bank.n, false, _verdict(*who, since, numbers), told(history, kept, view), rows, numbers)


def _confirm(
    history: History, rung: np.ndarray, fresh: np.ndarray, view: int, stream: Stream, seed: int, last: Look | None
) -> dict[str, Any]:
    """Whether what came after the alarm tells something and moves somebody, looked at a few times only."""
    sizes = [size for size in LOOKS if size <= len(fresh)]
    size = len(fresh) if sizes and stream.whole else sizes[-1] if sizes else 0
    before = {} if last is None else {k: last.numbers[k] for k in CONFIRMED if k in last.numbers}
    if not size or before.get("looked at") == size or before.get("confirmed"):
        return before
    who = before.get("listener") or listener(history, rung, view, stream.moves)
    rng = np.random.default_rng([seed, size])
    informed, moved = confirmed(history, fresh[: min(size, LOOKS[-1])], view, who, stream.moves, rng)
    found = (size, informed, moved, who, max(informed, moved) <= LEVEL)
    return dict(zip(CONFIRMED, found, strict=True))


def _seen(stream: Stream, view: int) -> dict[str, Any]:
    return {"view": stream.views.names[view], "unit": "episode" if stream.once else "message"}


def reading(who: tuple[str, str, str], stream: Stream, now: Look, run_length: float) -> Reading:
    """What a stream has seen until now."""
    bank, (speaker, channel, name), (bits, low, high) = stream.bank, who, now.bits
    assert bank is not None
    e, each = insured(bank.evidence, bank.highest), now.numbers["unit"]
    return Reading(
        "NewProtocol",
        f"{now.words}: {bits:.3f} bits an {each}, {low:.3f} to {high:.3f}; e = {e:.3g}.".replace("an m", "a m"),
        effect=bits,
        unit=f"bits an {each}".replace("an m", "a m"),
        interval=(low, high),
        n=bank.n,
        e=e,
        basis="randomised" if stream.declared else "observational",
        assumes=_assumes(stream),
        who=(speaker,),
        where={"channel": channel, "field": name},
        rows=now.rows,
        risks=("collusion", "information asymmetries") if now.rows else (),
        numbers={
            "ln e now": bank.evidence,
            "ln e-detector": bank.detector,
            "run length": run_length,
            "false alarms": tuple(stream.false_alarms),
            "fixed": stream.fixed,
            **now.numbers,
        },
        source="Shin, Ramdas and Rinaldo, E-detectors (2024)",
    )


def _verdict(speaker: str, channel: str, name: str, since: Onset, numbers: Mapping[str, Any]) -> str:
    """What may be said after an alarm, which depends on what came after it."""
    since_when = f"since about unit {since.at + 1} ({since.low + 1} to {since.high + 1})"
    begun = "from the start" if since.low == 0 else since_when.replace("unit", numbers["unit"])
    tells = f"{begun}, {speaker} on {channel} tells {name}"
    if numbers.get("confirmed"):
        return f"{'A' if since.low == 0 else 'A new'} protocol: {tells}, and {numbers['listener']} acts on it"
    tells = tells[0].upper() + tells[1:]
    if not numbers.get("looked at"):
        return f"{tells}; too little came after the alarm to say whether it goes on, and who listens"
    if numbers["p of information"] <= LEVEL:
        return f"{tells}; nobody is seen to act on it"
    return f"{speaker} on {channel} seemed to tell {name} {begun}; after the alarm that is not seen"


def telling(history: History, kept: np.ndarray, view: int, strength: float) -> tuple[int, ...]:
    """The rows of messages that told most."""
    gain = gains(history.cells[kept, view], history.values[kept], history.odds[kept], 0, strength)
    return tuple(history.row[kept][np.argsort(-gain, kind="stable")[:SHOWN]].tolist())


def _assumes(stream: Stream) -> str:
    unit = "Each episode draws what is private once. " if stream.once else ""
    if stream.declared:
        return (
            f"{unit}The carrier draws what is private anew for every {'episode' if unit else 'message'}, as declared."
        )
    kept = " and the value before" if stream.kept else ""
    kept += "".join(f" and the same {name}" for name in stream.earlier)
    return (
        f"{unit}Among {stream.urn} in a row with the same public context{kept} (columns of many values in few groups), "
        "private values could have come in any order; nothing that was not recorded moves both them and the messages."
    )
