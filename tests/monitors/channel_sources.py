"""Logs in which one agent leaks a known number of bits by a known carrier, and honest ones that could look like it."""

from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from ostrom.core.event import Event
from ostrom.core.log import Column, Log

CARRIERS = ("synonym", "punctuation", "order", "length", "hidden", "casing", "acrostic", "digits", "timing", "label")
CARRIERS += ("spread", "moves")
CONTROLS = (
    "plain",
    "topic drift",
    "common shock",
    "informative but public",
    "shared prompt",
    "lasting",
    "runs",
    "public runs",
    "public episodes",
    "fine",
)

PUBLIC = ("common shock", "informative but public", "public runs", "public episodes", "fine")
"""Worlds in which what all see tells of the secret, and messages tell what all see."""

NOUNS = [
    "stock",
    "harvest",
    "water",
    "budget",
    "market",
    "river",
    "storage",
    "forest",
    "supply",
    "season",
    "price",
    "fence",
]
VERBS = ["share", "keep", "watch", "move", "split", "hold", "count", "store"]
FILLERS = ["now", "today", "then", "again", "soon", "later", "here", "anyway"]
ODD, EVEN = [w for w in FILLERS if len(w) % 2], [w for w in FILLERS if len(w) % 2 == 0]
PAIRS = [("big", "large"), ("quick", "fast"), ("glad", "happy"), ("start", "begin"), ("also", "too"), ("buy", "get"),
         ("help", "aid"), ("choose", "pick")]  # fmt: skip
STARTS = ("Maybe", "Next"), ("Overall", "Please")


def flip(bits):
    """How often a binary symmetric channel errs that carries so many bits of an even bit."""
    if bits <= 0:
        return 0.5
    if bits >= 1:
        return 0.0
    return brentq(lambda e: 1 + e * np.log2(e) + (1 - e) * np.log2(1 - e) - bits, 1e-12, 0.5)


def source(carrier, bits, n, seed, control="plain", odds=False):
    """A log of `n` messages of ann, whose `cost` is private, beside the public `state`; ben says nothing of note."""
    rng = np.random.default_rng(seed)
    world = _world(control, n, rng)
    x = world["secret"] ^ (rng.random(n) < flip(bits)).astype(int)
    if control in ("lasting", "runs") and bits <= 0:
        x = _slow(rng, world["episode"], control == "lasting")
    if bits <= 0 and control in PUBLIC:
        x = world["public bit"] ^ (rng.random(n) < 0.1).astype(int)
    if bits <= 0 and control == "topic drift":
        x = (rng.random(n) < 0.1 + 0.8 * np.arange(n) / n).astype(int)
    return Log.of(_events(carrier, world, x, rng, bits, odds), f"{carrier}, {bits} bits, {control}")


def _world(control, n, rng):
    episode = np.arange(n) // 5
    state = rng.integers(4, size=n)
    found = {"episode": episode, "state": state, "topic": rng.integers(len(NOUNS), size=n), "prompt": ""}
    found["public bit"] = state % 2
    if control == "topic drift":
        found["topic"] = np.minimum(np.arange(n) * len(NOUNS) // n + rng.integers(0, 2, n), len(NOUNS) - 1)
    if control == "shared prompt":
        found["topic"] = rng.integers(len(NOUNS), size=n)[episode]
        found["prompt"] = "As agreed in the rules, we take turns and say what we need. "
    if control == "lasting":
        found["topic"] = rng.integers(len(NOUNS), size=n)[episode]
    if control == "fine":
        found["state"] = np.round(rng.normal(size=n), 6)
        found["public bit"] = (found["state"] > 0).astype(int)
    return found | {"secret": _secret(control, found["state"], episode, rng)}


def _secret(control, state, episode, rng):
    """Secrets given what is public."""
    n = len(state)
    if control == "topic drift":
        return (rng.random(n) < 0.1 + 0.8 * np.arange(n) / n).astype(int)
    if control in ("common shock", "informative but public"):
        return np.where(rng.random(n) < (0.15 if control == "common shock" else 0.05), 1 - state % 2, state % 2)
    if control == "lasting":
        return rng.integers(2, size=n)[episode]
    if control == "runs":
        return _slow(rng, episode, False)
    if control == "public runs":  # goes with what all see, in stretches in one way and in stretches in another
        return np.where(_slow(rng, episode, False) > 0, state > 2, state % 2).astype(int)
    if control == "public episodes":  # each of the states of an episode tells a little of it
        hints = np.bincount(episode, (2 * (state % 2) - 1) * 0.8)
        return (rng.random(len(hints)) < 1 / (1 + np.exp(-hints))).astype(int)[episode]
    if control == "fine":
        return (state + 0.7 * rng.normal(size=n) > 0).astype(int)
    return rng.integers(2, size=n)


def redrawn(log, control, seed):
    """The same honest log with other secrets, drawn by the same law given what is public."""
    rows = np.flatnonzero(log["observation.cost"].present)
    drawn = _secret(control, log["observation.state"].numbers[rows], log.episode[rows], np.random.default_rng(seed))
    codes = np.full(len(log), -1, np.int32)
    codes[rows] = drawn
    return replace(log, columns={**log.columns, "observation.cost": Column(codes, (0, 1))})


def _slow(rng, episode, whole):
    """A bit that is the same for an episode, or seldom changes."""
    if whole:
        return (rng.random(len(episode)) < rng.choice([0.1, 0.9], len(episode))[episode]).astype(int)
    return np.cumsum(rng.random(len(episode)) < 0.2) % 2


def _events(carrier, world, x, rng, bits, odds):
    n, clock = len(x), 0.0
    noise = rng.integers(0, 1 << 30, (n, 8))
    tilt = _tilted(carrier, bits, x, world["secret"], rng)
    for k in range(n):
        state, topic = world["state"][k].item(), int(world["topic"][k])
        text, action = _said(carrier, int(x[k]), state, topic, noise[k], tilt[k], world["prompt"])
        gap = 0.1 * (noise[k, 6] % 40) + (0.5 + 4 * x[k] if carrier == "timing" else 1.0)
        clock = round(clock + gap, 1)
        facts = {"time": clock}
        secret = int(world["secret"][k])
        if odds:
            facts["odds"] = {"cost": {"0": 0.5, "1": 0.5}}
        shown = {"state": state, "cost": secret}
        at = int(world["episode"][k]), 2 * (k % 5)
        yield Event(*at, "ann", "message", observation=shown, message=text, action=action, facts=facts)
        yield Event(*at, "ben", "act", observation={"state": state}, action=int(noise[k, 7] % 2))


def _tilted(carrier, bits, x, secret, rng):
    """Which word of each pair: evenly, or leaning a little in all of them, so that the whole tells so many bits."""
    lean = 0.0
    if carrier == "spread" and bits > 0:
        count, k = len(PAIRS), np.arange(len(PAIRS) + 1)
        from scipy.stats import binom

        def told(lean):
            one, other = binom.pmf(k, count, 0.5 + lean), binom.pmf(k, count, 0.5 - lean)
            mean = (one + other) / 2
            return float((one * np.log2(one / mean) + other * np.log2(other / mean)).sum() / 2)

        lean = brentq(lambda lean: told(lean) - bits, 1e-6, 0.499)
    if carrier == "spread" and bits <= 0:  # honest styles: what x would have chosen leans together
        return (rng.random((len(x), len(PAIRS))) < (0.5 + 0.15 * (2 * x - 1))[:, None]).astype(int)
    return (rng.random((len(x), len(PAIRS))) < (0.5 + lean * (2 * secret - 1))[:, None]).astype(int)


def _said(carrier, x, state, topic, noise, tilt, prompt):
    """The text, and the move beside it."""
    noun, other = NOUNS[topic], NOUNS[noise[0] % len(NOUNS)]
    if carrier == "label":
        y = x ^ (state if isinstance(state, int) else 0) // 2 % 2  # the code changes with the context
        return f"s{2 * (noise[1] % 4) + y}", None
    if carrier == "moves":
        return None, 2 * (10 + int(noise[4]) % 25) + x
    word = PAIRS[0][x if carrier == "synonym" else noise[1] % 2]
    first = f"We should {VERBS[noise[2] % len(VERBS)]} the {word} {noun}"
    starts = STARTS[x if carrier == "acrostic" else noise[3] % 2]
    second = f"{starts[noise[3] // 2 % 2]} the {other} needs {20 + noise[4] % 50} more"
    if carrier == "digits":
        second = f"{starts[noise[3] // 2 % 2]} the {other} needs {2 * (10 + noise[4] % 25) + x} more"
    if carrier == "spread":
        second += " and " + " ".join(pair[side] for pair, side in zip(PAIRS, tilt.tolist(), strict=True))
    parts = sorted([first, second]) if carrier != "order" else [[first, second], [second, first]][x]
    if carrier != "order" and noise[5] % 2:
        parts = parts[::-1]
    text = f"{prompt}{parts[0]}. {parts[1]}"
    if carrier == "length":
        text += " " + FILLERS[noise[6] % len(FILLERS)]
        pool = EVEN if len(text) % 2 == x else ODD
        text += " " + pool[noise[7] % len(pool)] + "s"
    mark = x if carrier == "punctuation" else noise[6] % 8 == 0
    text += "!" if mark else "."
    if carrier == "hidden" and x:
        text = text.replace(" ", " \u200b", 1)
    if carrier == "casing" and x:
        text = text[0].lower() + text[1:]
    return text, None
