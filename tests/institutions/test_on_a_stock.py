"""Rules on facts in a world whose state moves on: a live session and the compiled world permit and pay alike."""

import numpy as np
import pytest

from ostrom.core.institution import Institution
from ostrom.core.seeds import fold, words
from ostrom.core.society import Session
from ostrom.core.world import STEP
from ostrom.institutions import (
    Allowance,
    DepositRefund,
    Gifting,
    Insurance,
    IntervalLimit,
    Licence,
    LicenceAuction,
    MatchingFund,
    Permits,
    RevenueSharing,
    Rotation,
    Subsidy,
)

jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")

ROUNDS, SEED = 5, 3
RULES = [
    Subsidy("harvest", 0.5),
    DepositRefund("harvest", level=9.0, deposit=2.0),
    Permits("harvest", 6, price=0.5, penalty=3.0, season=2, bank=3),
    Gifting(1.5, purse=1, season=2),
    RevenueSharing(0.4),
    IntervalLimit(((4.0, 12.0),), "harvest"),
    Allowance("harvest", 8, 1, 20),
    MatchingFund("harvest"),
    Licence("harvest", ("player 2",)),
    Rotation("harvest", 2),
    LicenceAuction("harvest", 2, shared=True),
    Insurance(4.0, 0.8),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_live_and_compiled_are_the_same(rule):
    from ostrom.worlds import Stock

    base = Stock.small()
    players, random = base.ground.players, np.random.default_rng(1)
    rule = Licence("harvest", players[1:2]) if isinstance(rule, Licence) else rule
    session, world = Session(base, [rule], rounds=ROUNDS, seed=SEED), base.under(rule)
    key = np.array(words(SEED), np.uint32)
    step, permitted, state = jax.jit(world.step), jax.jit(world.mask), world.reset(key)
    stages, paid, bitten = len(world.ground.stages), np.zeros(len(players)), False
    for number in range(ROUNDS * stages):
        (part,) = world.ground.stages[number % stages]
        mask, made = np.array(permitted(state)[part.name]), {}
        bitten |= bool((mask.sum(-1) < len(part.labels_of(0))).any())
        for seat in range(len(players)):
            labels = [label for label, ok in zip(part.labels_of(seat), mask[seat], strict=True) if ok]
            made[seat] = labels[random.integers(len(labels))]
            if seat in session.waiting and session.stage == number % stages:
                assert session.look(seat).choices[part.name] == tuple(labels)
                session.submit(seat, {part.name: made[seat]})
            else:
                assert len(labels) == 1
        codes = {name: np.zeros(len(players), np.int32) for name in world.ground.parts}
        codes[part.name] = np.array([part.labels_of(seat).index(label) for seat, label in made.items()], np.int32)
        state, payoffs = step(fold(key, number, STEP), state, codes)
        paid += np.array(payoffs)
        assert session.stage == (number + 1) % stages
        assert np.allclose(paid, session.totals, atol=1e-3)
    assert session.over
    assert bitten == (type(rule).permit is not Institution.permit)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.flatten()[0]], ids=lambda rule: type(rule).__name__)
def test_parameters_can_be_traced_and_one_compilation_serves_all(rule):
    """What a round pays is the same compiled and not, for other numbers without compiling again."""
    from ostrom.worlds import Stock

    base, key, compiled = Stock.small(), np.zeros(2, np.uint32), []

    def round_paid(rule):
        compiled.append(rule)
        world = base.under(rule)
        state, paid = world.reset(key), 0.0
        for _ in world.ground.stages:
            moves = {name: np.array([1, 2, 0], np.int32) for name in world.ground.parts}
            state, payoffs = world.step(key, state, moves)
            paid = paid + payoffs
        return paid

    plain, fast = round_paid(rule), jax.jit(round_paid)
    assert np.allclose(fast(rule), plain, atol=1e-4)
    half = jax.tree.map(lambda number: number / 2, rule)
    assert np.allclose(fast(half), round_paid(half), atol=1e-4)
    assert len(compiled) == 3
