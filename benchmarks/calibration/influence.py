"""Level, power and coverage of the monitors of influence: `python benchmarks/calibration/influence.py [PART …]`.

Honest runs are confounded on purpose: both sides react to what both see, keep habits through an episode, answer each
other, copy what was done before, or drift together. Writes `influence.json` beside this file, part by part (`level`,
`information`, `glossary`, `half`, `replay`, `power`, `coverage`); the seed is 0.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import beta

from ostrom import Event
from ostrom.core.log import Log
from ostrom.monitors import Glossary, HalfConversation, Influence, WorkingChannel
from ostrom.monitors.replay import Checkpoint, replay

HERE = Path(__file__).parent
HONEST, LEVEL = 10_000, 5e-4


def talk(rng, runs=40, steps=3, *, public=0.6, style=0.7, habit=0.7, feedback=0.0, copying=0.0, drift=0.0, heed=0.0,
         tell=0.0, text=False):  # fmt: skip
    """Ann speaks, bob moves, `steps` times an episode, in three messages and moves, in a public context of three.

    public : how often each follows the context. style, habit : how often ann repeats her message, bob his move.
    feedback : how often ann says what bob did last. copying : how often both do what ann did last. drift : how often
    both end up at 0 at the end of the log. heed : how often bob does as told. tell : how often ann says her cost.
    """
    for e in range(runs):
        context, said, done, own = rng.integers(3), rng.integers(3), rng.integers(3), rng.integers(3)
        for t in range(steps):
            context = rng.integers(3) if rng.random() < 0.3 else context
            cost, fades = rng.integers(2), drift * e / runs
            said = said if rng.random() < style else rng.integers(3)
            said = context if rng.random() < public else said
            said = done if t and rng.random() < feedback else own if t and rng.random() < copying else said
            said = 0 if rng.random() < fades else cost if rng.random() < tell else said
            shown = {"weather": int(context)}
            words = f"I say {['no', 'yes', 'maybe'][said]} number {rng.integers(10**6)}" if text else f"m{said}"
            yield Event(e, 3 * t, "ann", "message", message=words, observation={**shown, "cost": int(cost)})
            done = done if t and rng.random() < habit else rng.integers(3)
            done = context if rng.random() < public else own if t and rng.random() < copying else done
            done = 0 if rng.random() < fades else said if rng.random() < heed else done
            yield Event(e, 3 * t + 1, "bob", "act", action=f"a{done}", observation=shown)
            if copying:
                own = rng.integers(3)
                yield Event(e, 3 * t + 2, "ann", "act", action=f"a{own}")


CASES = {
    "one message an episode, both see the weather": {"runs": 120, "steps": 1},
    "styles and habits kept up through episodes": {"style": 0.95, "habit": 0.95, "public": 0.0},
    "both see the weather, with styles and habits": {},
    "few long episodes": {"runs": 4, "steps": 40},
    "one long episode": {"runs": 1, "steps": 200},
    "the speaker answers the listener": {"feedback": 0.5},
    "both copy what the speaker did": {"copying": 0.6},
    "both drift together": {"runs": 120, "drift": 1.0, "steps": 1},
    "free text, both see the weather": {"text": True},
}


def _rates(p):
    p = np.asarray(p)
    false = int((p <= LEVEL).sum())
    upper = float(beta.ppf(0.95, false + 1, max(1, len(p) - false)))
    shares = {f"share at {level:g}": round(float((p <= level).mean()), 4) for level in (0.05, 0.01)}
    return {"runs": len(p), f"false alarms at {LEVEL:g}": false, "upper bound": round(upper, 5), **shares}


def _levels(p_of, cases, honest=HONEST):
    """The false alarms of every case, and of all together: `honest` runs, evenly among the cases."""
    each, found = -(-honest // len(cases)), {}
    everything = []
    for k, (name, given) in enumerate(cases.items()):
        p = [p_of(Log.of(talk(np.random.default_rng([0, k, run]), **given)), run) for run in range(each)]
        everything += p
        found[name] = _rates(p)
    return {"all": _rates(everything), **found}


def level():
    """Influence on honest logs."""
    return _levels(lambda log, run: Influence()(log, run)[0].p, CASES)


def information():
    """The half of `WorkingChannel` that looks for information, on speakers who tell nothing."""
    cases = {name: given for name, given in CASES.items() if "copying" not in given}
    return _levels(lambda log, run: WorkingChannel(private=("cost",))(log, run)[0].numbers["tells"]["p"], cases)


def _shown(rng, lasting, drifts, runs=60, steps=4):
    """Ann is shown a cost and a stock, and says words that have to do with the weather alone."""
    for e in range(runs):
        cost, stock = rng.integers(3), rng.integers(4)
        for t in range(steps):
            weather = rng.integers(2)
            if not lasting:
                cost, stock = rng.integers(3), rng.integers(4)
            if drifts and rng.random() < e / runs:
                cost = 0
            words = rng.choice(["fine", "so so", "well", "now", "thanks", "yes", "no"], 4).tolist()
            words += ["sunny" if weather else "grey"] + (["again"] if drifts and rng.random() < e / runs else [])
            seen = {"weather": int(weather), "cost": int(cost), "stock": int(stock)}
            yield Event(e, 2 * t, "ann", "message", message=" ".join(words), observation=seen)
            yield Event(e, 2 * t + 1, "bob", "act", action="wait", observation={"weather": int(weather)})


SHOWN = {
    "drawn anew each time": (False, False),
    "lasting an episode": (True, False),
    "drifting with the words": (False, True),
}


def glossary():
    """The p-values of lexicons, and of topographic similarity, for words that stand for nothing."""
    kinds = ("lexicon", "structure")
    found, every = {kind: {} for kind in kinds}, {kind: [] for kind in kinds}
    for k, (name, given) in enumerate(SHOWN.items()):
        p = {kind: [] for kind in kinds}
        for run in range(-(-HONEST // len(SHOWN))):
            log = Log.of(_shown(np.random.default_rng([1, k, run]), *given))
            for one in Glossary(fields=("cost", "stock"), most=100)(log, run):
                p[one.where["of"]].append(one.p)
        for kind in kinds:
            every[kind] += p[kind]
            found[kind][name] = _rates(p[kind])
    return {kind: {"all": _rates(every[kind]), **found[kind]} for kind in kinds}


def half():
    """Half conversations of speakers who do not tell their cost."""

    def p(log, run):
        found = HalfConversation()(log.take(log.by("ann")), run)
        return next(one.p for one in found if one.where["of"] == "observation.cost")

    cases = {"one message an episode": {"runs": 120, "steps": 1}, "styles kept up": {"style": 0.95},
             "one long episode": {"runs": 1, "steps": 200, "style": 0.95},
             "drift": {"runs": 120, "steps": 1, "drift": 1.0}, "free text": {"text": True}}  # fmt: skip
    return _levels(p, {name: {"public": 0.0, **given} for name, given in cases.items()})


def replays():
    """`replay` of deaf listeners who move at random, with the same random numbers and with their own."""
    found = {}
    for name, own in (("the same random numbers", False), ("random numbers of their own", True)):
        p = []
        for run in range(HONEST // 2):
            rng = np.random.default_rng([2, run])
            places = [Checkpoint(float(rng.random()), f"m{rng.integers(3)}", 0, e) for e in range(12)]
            listener = (lambda s, m, r, rng=rng: rng.random() < s) if own else (lambda s, m, r: r.random() < s)
            p.append(min(1.0, 2 * min(one.p for one in replay(listener, places, samples=6, seed=run))))
        found[name] = _rates(p)
    return found


def power():
    """Share of logs in which influence is found at 5e-4, and the area under the curve, by bits a message."""
    found = {}
    for count, bits, heed in ((1000, 0.03, 0.205), (300, 0.1, 0.368), (1000, 0.1, 0.368)):
        p = [[Influence()(_binary(np.random.default_rng([3, count, run]), count, one), run)[0].p for run in range(200)]
             for one in (0.0, heed)]  # fmt: skip
        honest, heeded = np.array(p)
        area = float((heeded[:, None] < honest).mean() + (heeded[:, None] == honest).mean() / 2)
        found[f"{bits} bits, {count} messages"] = {
            "found at 5e-4": float((heeded <= LEVEL).mean()),
            "area under the curve": round(area, 4),
        }
    return found


def _binary(rng, count, heed):
    """One message of two an episode, in four public contexts; bob does as told with odds `heed`, else anything."""
    rows = []
    for e in range(count):
        said, done, shown = rng.integers(2), rng.integers(2), {"weather": int(rng.integers(4))}
        done = said if rng.random() < heed else done
        rows.append(Event(e, 0, "ann", "message", message=f"m{said}", observation=shown))
        rows.append(Event(e, 1, "bob", "act", action=f"a{done}", observation=shown))
    return Log.of(rows)


def coverage():
    """How often the 95 % interval of the influence holds the truth, 2 000 logs each."""
    found = {}
    for heed in (0.0, 0.15, 0.3, 0.6, 0.9):
        agree = (1 + heed) / 2
        truth = 1 + agree * np.log2(agree) + (1 - agree) * np.log2(1 - agree)
        inside, mean = 0, 0.0
        for run in range(2_000):
            one = Influence(rounds=99)(_binary(np.random.default_rng([4, run]), 300, heed), run)[0]
            inside += one.interval[0] <= truth <= one.interval[1]
            mean += one.effect / 2_000
        found[f"{truth:.3f} bits"] = {"covered": inside / 2_000, "mean estimate": round(float(mean), 4)}
    return found


PARTS = {
    "level": level, "information": information, "glossary": glossary, "half": half,
    "replay": replays, "power": power, "coverage": coverage,
}  # fmt: skip


if __name__ == "__main__":
    target = HERE / "influence.json"
    for part in sys.argv[1:] or PARTS:
        result = PARTS[part]()
        print(part, json.dumps(result, indent=1), flush=True)
        known = json.loads(target.read_text()) if target.exists() else {}
        target.write_text(json.dumps({**known, part: result}, indent=1, sort_keys=True) + "\n")
