"""Strangers: a planted failure that has to be found, a planted success that has to pass, witnesses that replay."""

import numpy as np
import pytest

pytest.importorskip("jax")

from casts import Fixed, Student

import ostrom as om
from ostrom.audits._strangers_met import among, modes
from ostrom.audits._world_case import WorldCase
from ostrom.audits.strangers import Strangers, crossed
from ostrom.core.errors import InputError
from ostrom.learners import train
from ostrom.worlds import Lake, MatrixWorld, Signalling, Stock

SIDES = MatrixWorld.of(om.NormalForm([[[1, 1], [0, 0]], [[0, 0], [1, 1]]]), horizon=4)
PD = MatrixWorld.of(om.NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]]), horizon=4)


def conventions():
    """Four pairs of which two keep left and two keep right; the next pair always does otherwise."""
    return WorldCase(SIDES, tuple((Fixed(k % 2),) * 2 for k in range(4)), None, 0)


def test_a_planted_failure_is_found_and_replays():
    """Everybody gets 4 among their own kind and nothing with the others, who know how to do better: by 4."""
    case, audit = conventions(), Strangers(steps=0, episodes=4)
    strangers = {"the other side": tuple(case.tables[(k + 1) % 4] for k in range(4))}
    (met,), allowed = audit.met(case, strangers=strangers)
    assert (met.mode, met.who) == ("a pair", "the strangers' own kind")
    assert met.focal.tolist() == [0.0] * 4
    assert met.own.tolist() == met.best.tolist() == [4.0] * 4
    claim = audit._judged(case, met, allowed)
    assert claim.verdict == "refuted"
    assert claim.witness["loss"] == 4
    assert claim.numbers["n"] == 4
    assert claim.numbers["interval"] == [4, 4]


def test_a_planted_success_passes():
    """Whoever defects does best against everybody, friend or stranger."""
    case = WorldCase(PD, ((Fixed(1), Fixed(1)),) * 4, None, 0)
    audit = Strangers(steps=0, episodes=4)
    strangers = {"those who give": ((Fixed(0), Fixed(0)),) * 4, "those like them": case.tables}
    met, allowed = audit.met(case, strangers=strangers)
    assert [audit._judged(case, one, allowed).verdict for one in met] == ["supported", "supported"]
    assert [one.loss.tolist() for one in met] == [[0.0] * 4] * 2
    assert met[0].focal.tolist() == [20.0] * 4


def test_residents_and_visitors_sit_where_they_should():
    fishers = WorldCase(Lake(players=4), ((Fixed(1),) * 4,) * 2, None, 0)
    assert modes(fishers) == {"one among strangers": [(0,)], "one stranger among them": [(1, 2, 3)]}
    talkers = WorldCase(Signalling.small(), ((Fixed(1),) * 2,) * 2, None, 0)
    assert modes(talkers) == {"a pair": [(0,), (1,)]}
    assert among("abc", "xyz", (0, 2)) == ["a", "y", "c"]


def test_cross_play_is_what_the_game_says():
    """Left meets left of the next seed: with itself a name gets what other seeds of it leave, here nothing."""
    case = conventions()
    left, right = (((Fixed(side),) * 2,) * 4 for side in (0, 1))
    means, margins = crossed(case, {"left": left, "right": right, "trained": case.tables}, episodes=4)
    assert means.tolist() == [[4, 0, 2], [0, 4, 2], [2, 2, 0]]
    assert margins[0, 1] == 0
    assert margins[0, 2] > 2


def test_nonsense_is_refused():
    with pytest.raises(InputError, match="no strangers"):
        Strangers(steps=0)(PD, Fixed(0))
    with pytest.raises(InputError, match="Nobody was given"):
        Strangers()(PD)
    with pytest.raises(InputError, match="-1 times longer"):
        Strangers(longer=-1)
    with pytest.raises(InputError, match="1 seeds"):
        WorldCase.of(PD, Fixed(0), seeds=1)


@pytest.mark.slow
def test_trained_conventions_fail_with_other_seeds_and_newcomers():
    """Eight pairs of learners: some come to keep left and some right, and only those who met can rely on each other."""
    run = train(SIDES, Student(), 20_000, seeds=8)
    audit = Strangers(steps=10_000, longer=3, other=Student(rate=0.5), episodes=32)
    claims = audit(run)
    found = {claim.numbers["strangers"]: claim for claim in claims}
    assert set(found) == {"those of another seed", "those trained 3 times longer", "those of Student"}
    assert found["those of another seed"].verdict == "refuted"
    for claim in claims:
        own, best = (np.mean(claim.numbers[name]) for name in ("own kind", "best"))
        assert own > 3.5
        assert best > 3.5
    again = audit.loss(WorldCase.of(run), found["those of another seed"].witness)
    assert again == found["those of another seed"].witness["loss"]


@pytest.mark.slow
def test_verification_gathers_the_answers():
    from ostrom.audits._verify_world import verify_world
    from ostrom.audits.exploiters import Exploiters

    run = train(PD, Student(), 20_000, seeds=3)
    whole = verify_world(run, audits=[Strangers(steps=10_000, episodes=64), Exploiters(episodes=64)])
    assert whole.verdict == "supported"
    assert set(whole.answers) == {"Strangers", "Exploiters"}
    assert "supported" in whole.findings[0].sentence


@pytest.mark.slow
def test_fair_takers_are_found_by_those_who_take_all():
    """Three fair fishers with one who takes the most: the fair ones lose what the others in their place would take."""
    stock = Stock.small()
    claims = Strangers(steps=0, episodes=8, tolerance=0.02)(stock, "cooperative")
    selfish = [c for c in claims if c.numbers["strangers"] == "selfish bots" and c.numbers["mode"] != "a pair"]
    assert {claim.verdict for claim in selfish} == {"refuted"}
