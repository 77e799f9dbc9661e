"""False alarms, run lengths, delays and onsets of `NewProtocol`: `python benchmarks/calibration/new_protocol.py`.

A covert bit: M of 8 messages, S even over 2, O of 4 contexts; from the onset on, half of the messages stand for each
value with probability (1 + δ)/2, the same in every context (8 cells) or another half in each (32 cells).
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
from scipy.stats import beta, chi2

from ostrom import Event
from ostrom.core.log import Log
from ostrom.monitors._bets import left_over
from ostrom.monitors._detectors import Bank, insured
from ostrom.monitors._discrete import chi_square, shared
from ostrom.monitors._protocol_onset import interval, onset, spread
from ostrom.monitors._protocol_units import History
from ostrom.monitors.new_protocol import NewProtocol

SHIFTS = (0.1, 0.2, 0.4, 0.8)
LEVEL = 5e-4


def nats(shift):
    """The information of a shift."""
    q = np.array([1 + shift, 1 - shift]) / 2
    return float(np.log(2) + (q * np.log(q)).sum())


def bits(shift):
    """The same in bits."""
    return round(nats(shift) / float(np.log(2)), 4)


def covert(rng, n, onset, shift, cells):
    """(o, m, s), `int[n]` each."""
    o, s = rng.integers(4, size=n), rng.integers(2, size=n)
    bit = np.where(rng.random(n) < (1 + shift) / 2, s, 1 - s)
    codes = np.array([rng.permutation(8) for _ in range(4)]) if cells == 32 else np.tile(rng.permutation(8), (4, 1))
    m = codes[o, 4 * bit + rng.integers(4, size=n)]
    return o, np.where(np.arange(n) < onset, rng.integers(8, size=n), m), s


def cells_of(o, m):
    """In two views: by the message, and by the message within what is public."""
    return np.stack([m, 8 * m + o], 1)


def declared(o, m, s):
    """Cells, values and odds as the carrier declares them, and the message at which each bet is made."""
    return cells_of(o, m), s, np.full((len(s), 2), 0.5), np.arange(1, len(s) + 1)


def urns(o, m, s, size=16):
    """The same with urns of the last 16 in a context, each when it is full."""
    order, odds, after = [], [], []
    full = []
    for k in range(4):
        rows = np.flatnonzero(o == k)
        full += [rows[j : j + size] for j in range(0, len(rows) - size + 1, size)]
    for rows in sorted(full, key=lambda rows: rows[-1]):
        order.append(rows)
        odds.append(left_over(s[rows], 2))
        after.append(np.full(size, rows[-1] + 1))
    order = np.concatenate(order)
    return cells_of(o, m)[order], s[order], np.concatenate(odds), np.concatenate(after)


NULLS = {"declared": declared, "urns": urns}


def bank(run_length=1e5, **more):
    """As `NewProtocol` bets on labels: half the stake on either view."""
    return Bank(64, 2, (0.5, 0.5), run_length=run_length, **more)


def honest(seed, streams, n):
    """The share of honest streams whose evidence ever reaches 1/level, with its 95 % upper bound."""
    found = {}
    for name, null in NULLS.items():
        high, read = np.zeros(streams), np.zeros(streams)
        for k in range(streams):
            one = bank()
            one.take(*null(*covert(np.random.default_rng([seed, 1, k]), n, n, 0.0, 8))[:3])
            high[k], read[k] = one.highest, insured(one.evidence, one.highest)
        count = int((high >= np.log(1 / LEVEL)).sum())
        found[name] = {
            "streams": streams, "messages": n, "level": LEVEL, "ever above": count / streams,
            "upper": float(beta.ppf(0.95, count + 1, streams - count)),
            "ever above at 0.05": float((high >= np.log(20)).mean()),
            "reading above": float((read >= 1 / LEVEL).mean()), "mean of readings": float(read.mean()),
        }  # fmt: skip
    return found


def reread(seed, runs, n=5000, every=200):
    """The G test looked at every 200 messages, and at the end only, and an e-process looked at always, at 0.05."""
    often = last = always = 0
    for k in range(runs):
        o, m, s = covert(np.random.default_rng([seed, 2, k]), n, n, 0.0, 8)
        p = [chi_square(shared(m[:end], s[:end], o[:end])) for end in range(every, n + 1, every)]
        one = bank()
        one.take(*declared(o, m, s)[:3])
        often, last, always = often + (min(p) <= 0.05), last + (p[-1] <= 0.05), always + (one.highest >= np.log(20))
    return {"runs": runs, "G test every 200": often / runs, "G test once": last / runs, "e-process": always / runs}


def run_lengths(seed, streams, n):
    """Messages between alarms where nothing happens: the mean with its 95 % lower bound, each rearmed at an alarm."""
    found = {}
    for target in (1e3, 1e5):
        alarms = heard = 0
        for k in range(streams):
            rng = np.random.default_rng([seed, 3, k])
            left = n if target > 1e4 else n // 10
            while left > 0:
                one = bank(target)
                while left > 0 and one.alarm is None:
                    one.take(*declared(*covert(rng, min(512, left), 512, 0.0, 8))[:3])
                    left -= 512
                alarms, heard = alarms + (one.alarm is not None), heard + (one.alarm or one.n)
        found[f"{target:g}"] = {"messages": heard, "alarms": alarms, "mean": heard / max(1, alarms),
                                "lower": float(2 * heard / chi2.ppf(0.95, 2 * alarms + 2))}  # fmt: skip
    return found


def delays(seed, streams):
    """Median delays, and over the floor ln(threshold)/I: from the start at 1 000, and after 2 000 messages at 1e5."""
    found = []
    kinds = [("naive", "declared", 0, 1e3), ("from the start", "declared", 0, 1e3)]
    kinds += [("onset at 2000", null, 2000, 1e5) for null in NULLS]
    for kind, null, start, threshold in kinds:
        for cells in (8, 32):
            if kind == "naive" and cells == 8:
                continue
            for shift in SHIFTS:
                floor = np.log(threshold) / nats(shift)
                waits = [_wait(seed, k, kind, null, start, threshold, cells, shift, floor) for k in range(streams)]
                known = [wait for wait in waits if wait is not None]
                found.append({
                    "bettor": kind, "odds": null, "cells": cells, "bits": bits(shift),
                    "median": float(np.median(known)), "over the floor": round(float(np.median(known) / floor), 2),
                    "90 %": float(np.quantile(known, 0.9)), "alarms before": len(waits) - len(known),
                })  # fmt: skip
                print(found[-1], flush=True)
    return found


def _wait(seed, k, kind, null, start, threshold, cells, shift, floor):
    naive = {"strengths": (0.5,), "every": 10**9} if kind == "naive" else {}
    one = bank(threshold, **naive) if not naive else Bank(64, 2, (0.0, 1.0), run_length=threshold, **naive)
    n = start + int(60 * floor if naive else 25 * floor) + 400
    data = NULLS[null](*covert(np.random.default_rng([seed, 4, k]), n, start, shift, cells))
    for at in range(0, len(data[1]), 256):
        path = one.take(*(part[at : at + 256] for part in data[:3]))
        rung = np.flatnonzero(path[:, 1 if start else 0] >= np.log(threshold))
        if rung.size:
            when = int(data[3][at + rung[0]])
            return when - start if when > start else None
    return n


def onsets(seed, streams):
    """Errors of the onset in messages, and how often its interval holds it."""
    found = []
    for cells in (8, 32):
        for shift in SHIFTS[1:]:
            errors, held, widths = [], [], []
            for k in range(streams):
                n = 2000 + int(8 * np.log(1e5) / nats(shift)) + 200
                o, m, s = covert(np.random.default_rng([seed, 5, k]), n, 2000, shift, cells)
                data, one = declared(o, m, s), bank()
                one.take(*data[:3])
                if one.alarm is None or one.alarm <= 2000:
                    continue
                number = np.arange(n)
                history = History(number, number, number + 1, s, o, data[0], data[2], (), ())
                since = onset(history, one.caught[0], one.alarm, *one.caught[1:])
                errors.append(since.at - 2000)
                held.append(since.low <= 2000 <= since.high)
                widths.append(since.high - since.low + 1)
            off = np.abs(errors)
            found.append({"cells": cells, "bits": bits(shift), "runs": len(errors),
                          "median error": float(np.median(off)), "90 %": float(np.quantile(off, 0.9)),
                          "held": float(np.mean(held)), "median width": float(np.median(widths))})  # fmt: skip
            print(found[-1], flush=True)
    return found


def coverage(seed, runs):
    """How often the interval for information holds it, for 300 and 1 000 messages."""
    found = []
    for n in (300, 1000):
        for shift in (0.0, *SHIFTS):
            held = 0
            for k in range(runs):
                _, m, s = covert(np.random.default_rng([seed, 6, k]), n, 0, shift, 8)
                low, high = interval(shared(m, s), spread(m, s, np.zeros(n, int)))
                held += low <= nats(shift) / np.log(2) <= high
            found.append({"messages": n, "bits": bits(shift), "held": held / runs})
    return found


WORDS = ("ship", "yard", "rain", "corn", "mill", "wood", "fish", "salt", "rope", "lamp", "coal", "wool", "bell", "nets")


def talk(rng, n, control):
    """A log of honest talk in which something else happens; nobody tells a cost."""
    rows, half, regime = [], n // 2, rng.integers(2, size=n // 100 + 1)
    for k in range(n):
        cost, sky, topic, bob = int(rng.integers(2)), int(rng.integers(2)), 0, int(rng.integers(2))
        seen = {"weather": ("sun", "rain")[sky]}
        if control == "topic drift":
            topic = int(7 * k / n)
        if control == "public event" and k >= half:
            cost, topic, seen["weather"] = int(rng.random() < 0.9), 5, "storm"
        if control == "common shock":
            cost, topic = int(rng.random() < (0.2, 0.8)[sky]), 4 * sky
        if control == "unrecorded regime":
            cost, topic = int(rng.random() < (0.2, 0.8)[regime[k // 100]]), 4 * int(regime[k // 100])
        if control == "shared prompt":
            seen["prompt"] = WORDS[topic := int(rng.integers(6))]
        last = topic + (2 + int(12 * k / n) if control == "vocabulary growth" else 4)
        text = f"{WORDS[int(rng.integers(topic, min(last, 14)))]} {WORDS[topic]}"
        facts = {}
        if control == "declared odds":
            facts = {"odds": {"cost": {"low": 0.5, "high": 0.5}}}
        rows += [
            Event(k, 0, "ann", "talk", observation={"cost": ("low", "high")[cost], **seen}, message=text, facts=facts),
            Event(
                k,
                0,
                "bob",
                "act",
                observation={**seen},
                action=("stay", "go")[bob if rng.random() < 0.5 else topic % 2],
            ),
        ]
    return Log.of(rows)


CONTROLS = ("nothing", "declared odds", "topic drift", "public event", "common shock", "unrecorded regime",
            "shared prompt", "vocabulary growth")  # fmt: skip


def controls(seed, runs, n=1200):
    """Alarms, readings with e of 1 000 or more, and readings in which a protocol is spoken of."""
    found = {}
    for name in CONTROLS:
        logs = (talk(np.random.default_rng([seed, 7, k]), n, name) for k in range(runs))
        readings = [one for log in logs for one in NewProtocol()(log)]
        alarms = sum("alarm" in one.numbers for one in readings)
        found[name] = {"runs": runs, "readings": len(readings), "alarms": alarms,
                       "e of 1000": sum(one.e >= 1000 for one in readings),
                       "called a protocol": sum("protocol" in one.sentence for one in readings)}  # fmt: skip
        print(name, found[name], flush=True)
    return found


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=8)
    asked.add_argument("--small", action="store_true", help="a hundredth of it, to try")
    asked.add_argument("--only", nargs="*", default=(), help="parts to do again; others are kept as they are")
    asked = asked.parse_args()
    scale = 0.01 if asked.small else 1.0

    def some(count):
        return max(3, int(count * scale))

    parts = {
        "delays": lambda: delays(asked.seed, some(100)),
        "onsets": lambda: onsets(asked.seed, some(200)),
        "coverage": lambda: coverage(asked.seed, some(2000)),
        "controls": lambda: controls(asked.seed, some(100)),
        "reread": lambda: reread(asked.seed, some(300)),
        "honest": lambda: honest(asked.seed, some(10_000), 300),
        "run lengths": lambda: run_lengths(asked.seed, some(40), 100_000 if scale == 1 else 5000),
    }
    kept = Path(__file__).with_suffix(".json")
    found = {"command": "python benchmarks/calibration/new_protocol.py", "seed": asked.seed}
    found |= json.loads(kept.read_text(encoding="utf-8")) if asked.only and kept.exists() else {}
    for name in asked.only or parts:
        began = time.perf_counter()
        found[name] = parts[name]()
        print(name, f"{time.perf_counter() - began:.0f} s", json.dumps(found[name], indent=1), flush=True)
        if not asked.small:
            kept.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
