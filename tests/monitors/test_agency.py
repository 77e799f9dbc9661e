"""Agents in an environment: known mechanisms, each told apart from the one that looks most like it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from ostrom.core.errors import InputError
from ostrom.monitors._regime_codes import codes
from ostrom.monitors._regimes import Contrast
from ostrom.monitors.agency import agency

MINE = (0.3, 0.7)
"""My policies: how often I make move 1."""
STEPS = 20


def _mine(odds, runs, rng, steps=STEPS):
    return (rng.random((runs, steps)) < odds).astype(int)


def rain(setting, runs, seed):
    """It rains by the season, whoever is out."""
    rng = np.random.default_rng(seed)
    season = rng.integers(2, size=(runs, STEPS))
    return {"rain": (season, (rng.random((runs, STEPS)) < 0.3 + 0.4 * season).astype(int))}


def walk(setting, runs, seed):
    """A random walk that sees which side of its start it is on, with a pull back."""
    rng = np.random.default_rng(seed)
    place, saw, did = np.zeros(runs), [], []
    for _ in range(STEPS):
        saw.append(np.sign(place).astype(int))
        step = np.where(rng.random(runs) < 0.5 - 0.2 * np.sign(place), 1, -1)
        did.append(step)
        place = place + step
    return {"walk": (np.stack(saw, 1), np.stack(did, 1))}


def thermostat(setting, runs, seed, redesigned=False):
    """Heats below its set-point; my move is an open window. Where it is `redesigned`, the set-point is learned."""
    rng = np.random.default_rng(seed)
    point = np.full(runs, 18)
    if redesigned:  # whoever sets it tries both and keeps what comes closer to the comfort that is wanted
        wanted = setting.goal[1] if setting.goal else 18
        reached = np.array([_heated(np.full(runs, p), setting.trained, rng)[0].mean(1) for p in (16, 20)])
        if setting.cut == "heater":
            reached = np.full_like(reached, 15.0) + rng.normal(0, 0.1, reached.shape)
        point = np.array([16, 20])[np.abs(reached - wanted).argmin(0)]
    return {"heater": _heated(point, setting.met, rng)}


def _heated(point, odds, rng):
    runs = len(point)
    warm, saw, did = np.full(runs, 18), [], []
    for _ in range(STEPS):
        heat = np.where(rng.random(runs) < 0.05, 1 - (warm < point), warm < point).astype(int)
        saw.append(warm)
        did.append(heat)
        window = rng.random(runs) < odds
        warm = np.clip(warm + 2 * heat - 1 - window * rng.integers(2, size=runs), 12, 24)
    return np.stack(saw, 1), np.stack(did, 1)


def bot(setting, runs, seed, grudge=False):
    """Tit for tat; with a `grudge` it answers a first 1 of mine for ever, and sees my last move only."""
    rng = np.random.default_rng(seed)
    mine = _mine(setting.met, runs, rng)
    last = np.concatenate([np.zeros((runs, 1), int), mine[:, :-1]], axis=1)
    done = np.maximum.accumulate(last, axis=1) if grudge else last
    slip = rng.random(done.shape) < 0.1
    return {"bot": (last, np.where(slip, 1 - done, done))}


def learner(setting, runs, seed, lessons=200):
    """A Q-learner paid for guessing my move (goal 0) or for missing it (goal 1), then left as it is."""
    rng = np.random.default_rng(seed)
    goal = setting.goal[1] if setting.goal else 0
    value, every = np.zeros((runs, 2)), np.arange(runs)
    for _ in range(lessons):
        move = np.where(rng.random(runs) < 0.2, rng.integers(2, size=runs), value.argmax(1))
        mine = (rng.random(runs) < setting.trained).astype(int)
        counted = rng.integers(2, size=runs) if setting.cut == "learner" else move  # cut: paid whatever it does
        value[every, move] += 0.1 * (((counted == mine) != goal) - value[every, move])
    greedy = value.argmax(1)[:, None] * np.ones((1, STEPS), int)
    slip = rng.random(greedy.shape) < 0.1
    return {"learner": (np.zeros_like(greedy), np.where(slip, 1 - greedy, greedy))}


def imitator(setting, runs, seed):
    """Copies how often I made each move in training: it adapts, for nothing."""
    rng = np.random.default_rng(seed)
    odds = _mine(setting.trained, runs, rng, 100).mean(1, keepdims=True)
    return {"imitator": (np.zeros((runs, STEPS), int), (rng.random((runs, STEPS)) < odds).astype(int))}


def dial(setting, runs, seed):
    """Shows the goal that was set, whether or not that brings anything."""
    rng = np.random.default_rng(seed)
    shown = setting.goal[1] if setting.goal else 0
    slip = rng.random((runs, STEPS)) < 0.1
    return {"dial": (np.zeros((runs, STEPS), int), np.where(slip, 1 - shown, shown))}


def house(setting, runs, seed):
    """A learner beside a fixed thermostat, which therefore sees other temperatures after another training."""
    rng = np.random.default_rng(seed)
    found = learner(setting, runs, seed)
    windows = found["learner"][1].mean(1)
    rows = [_heated(np.full(1, 18), windows[k], rng) for k in range(runs)]
    return {**found, "heater": tuple(np.concatenate(part) for part in zip(*rows, strict=True))}


@pytest.mark.parametrize(
    ("environment", "name", "kind", "goals", "agent"),
    [
        (rain, "rain", "physics", None, None),
        (walk, "walk", "physics", None, None),
        (walk, "walk", "physics", {"walk": (0, 1)}, False),
        (thermostat, "heater", "reactive", {"heater": (16, 20)}, False),
        (bot, "bot", "reactive", None, None),
        (learner, "learner", "adaptive", {"learner": (0, 1)}, True),
        (imitator, "imitator", "adaptive", {"imitator": (0, 1)}, False),
        (dial, "dial", "physics", {"dial": (0, 1)}, False),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_known_mechanisms_are_told_apart(environment, name, kind, goals, agent, seed):
    found = agency(environment, MINE, goals, runs=60, rounds=1_999, seed=seed)
    assert (found[name].kind, found[name].agent) == (kind, agent)
    assert all(one.basis == "randomised" and one.e is None for one in found.readings)
    assert len(found.findings) == 1


def test_a_thermostat_is_an_agent_once_whoever_sets_it_counts_as_part_of_it():
    """The set-point follows the comfort that is wanted, and not where the heater warms nothing."""

    def designed(setting, runs, seed):
        return thermostat(setting, runs, seed, redesigned=True)

    found = agency(designed, MINE, {"heater": (16, 21)}, runs=100, rounds=1_999)
    assert (found["heater"].kind, found["heater"].agent) == ("adaptive", True)


def test_a_grudge_shows_within_a_run_and_is_no_learning():
    found = agency(lambda *given: bot(*given, grudge=True), (0.05, 0.5), runs=100, rounds=1_999)
    told = {one.where["clock"]: one.p for one in found.readings}
    assert found["bot"].kind == "reactive"
    assert "remembers" in found["bot"].why
    assert told["within a run"] <= 0.001 < told["after training"]


def test_what_a_learner_does_to_others_does_not_make_learners_of_them():
    found = agency(house, MINE, {"learner": (0, 1), "heater": (0, 1)}, runs=40, rounds=1_999)
    assert (found["learner"].kind, found["learner"].agent) == ("adaptive", True)
    assert (found["heater"].kind, found["heater"].agent) == ("physics", False)  # it does not meet me, but the learner


def test_effects_are_total_variations():
    """An imitator of 0.3 and 0.7 moves by 0.4; tit for tat, which slips in a tenth, by 0.32 but for its first move."""
    for environment, clock, wanted in ((imitator, "after training", 0.4), (bot, "at once", 0.4 * 0.8 * 19 / 20)):
        readings = agency(environment, MINE, runs=200, rounds=99).readings
        one = next(r for r in readings if r.where["clock"] == clock)
        assert one.effect == pytest.approx(wanted, abs=0.03)
        assert one.interval[0] <= wanted <= one.interval[1]


def test_the_same_seed_gives_the_same_readings():
    first, second = (agency(learner, MINE, runs=20, rounds=199, seed=3) for _ in range(2))
    assert first == second


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_with_one_sight_a_run_it_is_pearsons_test(seed):
    """The statistic is χ² up to a factor near 1 (its spread is taken within regimes)."""
    rng = np.random.default_rng(seed)
    act, regime = rng.integers(3, size=600), rng.random(600) < 0.4
    one = Contrast(np.zeros(600, int), act, np.arange(600), regime)
    table = np.array([np.bincount(act[regime == g], minlength=3) for g in (False, True)])
    wanted = chi2_contingency(table, correction=False).statistic
    assert one.statistic(regime[None])[0] == pytest.approx(wanted, rel=0.15, abs=0.05)


def test_the_p_value_is_uniform_where_rules_are_the_same_and_sights_are_not():
    """Runs of one sight: exact, although one regime sees mostly what the other does not."""
    rng, found = np.random.default_rng(0), []
    for _ in range(300):
        regime = np.arange(80) % 2 == 0
        seen = (rng.random(80) < np.where(regime, 0.8, 0.3)).astype(int)
        act = (rng.random(80) < 0.2 + 0.6 * seen).astype(int)
        found.append(Contrast(seen, act, np.arange(80), regime).p(rng, 199))
    assert np.mean(np.array(found) <= 0.05) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert 0.42 < np.mean(found) < 0.62


def test_runs_that_differ_by_themselves_are_not_taken_for_a_regime():
    """Each run has odds of its own: 40 observations of a run are no 40 observations."""
    rng, found, naive = np.random.default_rng(1), [], []
    regime, run = np.arange(20) % 2 == 0, np.repeat(np.arange(20), 40)
    for _ in range(200):
        act = (rng.random(800) < rng.beta(0.5, 0.5, 20)[run]).astype(int)
        found.append(Contrast(np.zeros(800, int), act, run, regime).p(rng, 199))
        table = np.array([np.bincount(act[regime[run] == g], minlength=2) for g in (False, True)])
        naive.append(chi2_contingency(table).pvalue)
    assert np.mean(np.array(found) <= 0.05) < 0.1
    assert np.mean(np.array(naive) <= 0.05) > 0.5


def test_codes():
    assert codes(np.array(["a", "b", "a"]), "x", cut=True).tolist() == [0, 1, 0]
    assert codes(np.array([{"k": 1}, None, {"k": 1}], object), "x", cut=False).tolist() == [1, 0, 1]
    assert len(set(codes(np.arange(1000.0), "x", cut=True))) == 8
    assert len(set(codes(np.array([f"<{k}>" for k in range(1000)]), "x", cut=True))) == 16
    assert codes(np.array([[0, 5], [1, 5], [0, 5]]), "x", cut=False).tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"environment": lambda *_: {}}, "no components"),
        ({"environment": lambda s, n, _: {"x": (np.zeros(n), np.zeros(n - 1))}}, "asked for"),
        ({"environment": lambda s, n, _: {"x": 7}}, "for x"),
        ({"environment": lambda s, n, _: {"x": (np.full(n, np.nan), np.zeros(n))}}, "not finite"),
        ({"environment": lambda s, n, seed: {f"x{seed}": (np.zeros(n), np.zeros(n))}}, "in another"),
        ({"environment": lambda s, n, _: {"x": (np.arange(n), np.zeros(n))}, "runs": 300}, "different values"),
        ({"policies": (1,)}, "Two are compared"),
        ({"goals": {"nobody": (0, 1)}}, "nobody"),
        ({"goals": {"rain": 3}}, "Two are compared"),
        ({"runs": 3}, "at least 8"),
        ({"level": 2.0}, "level"),
    ],
)
def test_what_cannot_be_is_refused_in_words(given, said):
    with pytest.raises(InputError, match=said):
        agency(**{"environment": rain, "policies": MINE, "runs": 8, **given})


@pytest.mark.parametrize("moves", [np.zeros((8, 3), int), np.arange(8 * 3.0).reshape(8, 3), np.full((8, 1), "<b>x\n")])
def test_odd_environments_are_read(moves):
    found = agency(lambda *_: {"x": (np.zeros(moves.shape, int), moves)}, ("a", "b"), runs=8)
    assert found["x"].kind == "physics"
