"""A live session over a world: the same rules, the same state, the same log again."""

import numpy as np
import pytest

pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")

from ostrom.core.replay import replayed
from ostrom.core.seeds import fold, words
from ostrom.core.society import Session
from ostrom.core.world import STEP
from ostrom.institutions.quota import Quota
from ostrom.institutions.tax import Tax
from ostrom.worlds.lake import Lake

RULES = [Tax("harvest", 0.3, shared=True), Quota("harvest", 4.0)]


def played(world, rules, seed, rounds=6):
    random = np.random.default_rng(seed)
    session = Session(world, rules, rounds=rounds, seed=seed)
    chosen = []
    while not session.over:
        labels = {}
        for seat in session.waiting:
            options = session.look(seat).choices["act"]
            labels[seat] = options[random.integers(len(options))]
        chosen.append(labels)
        for seat, label in labels.items():
            session.submit(seat, {"act": label})
    return session, chosen


@pytest.mark.parametrize("seed", [0, 5])
def test_a_session_over_a_lake_is_its_log(seed):
    session, _ = played(Lake(players=3), RULES, seed)
    again = replayed(Lake(players=3), RULES, session.log)
    assert [event.to_json() for event in again.log] == [event.to_json() for event in session.log]


def test_live_play_pays_what_the_governed_world_pays():
    session, chosen = played(Lake(players=3), RULES, 2)
    world = Lake(players=3).under(*RULES)
    key = np.array(words(2), np.uint32)
    state, total = world.reset(key), np.zeros(3)
    for time, labels in enumerate(chosen):
        codes = [world.ground.index("act", labels.get(seat, "rest"), seat) for seat in range(3)]
        state, paid = world.step(fold(key, time, STEP), state, {"act": np.array(codes, np.int32)})
        total += np.asarray(paid)
    assert np.allclose(session.totals, total, rtol=1e-5)


def test_seats_see_the_stock_and_only_what_the_quota_leaves_open():
    look = Session(Lake(players=3), [Quota("harvest", 0.0)]).look(0)
    assert look.choices == {"act": ("rest",)}
    assert look.sees["stock"] > 0


def test_seats_enter_and_leave_with_the_world():
    session = Session(Lake(players=3, enters=(0, 2), leaves=(50, 50)), rounds=4)
    asked = []
    while not session.over:
        asked.append(session.waiting)
        session.lapse()
    assert asked == [(0, 2), (0, 2), (0, 1, 2), (0, 1, 2)]
