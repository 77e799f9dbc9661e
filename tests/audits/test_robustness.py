"""How wrong payoffs may be: worked numbers, changes inside the radius that break nothing, and one outside that does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits import _case
from ostrom.audits.robustness import Robustness
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.institutions.tax import Tax
from ostrom.solvers.correlated import correlated
from ostrom.solvers.pure_equilibria import pure_equilibria
from ostrom.testing.check_audit import check_audit

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
CC = ("C", "C")
SEEDS = st.integers(0, 10_000)
PARTS = ("stays an equilibrium", "stays a best reply", "No other", "Learners")


def random(seed, sizes=(2, 3, 2)):
    """A random game in which the target is worth making steady: its payoffs are raised."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 8, (*sizes, len(sizes))).astype(float)
    place = tuple(int(rng.integers(size)) for size in sizes)
    for i, part in enumerate(place):
        np.moveaxis(table[..., i], i, 0)[part] += rng.integers(0, 9)
    return NormalForm(table), place


def parts(claims):
    """Claims by which of the four they are."""
    return {part: claim for part in PARTS for claim in claims if part in claim.statement}


def holds(part, table, place, worth):
    """Whether it is true of a table, by other means than the audit's."""
    game = NormalForm(table)
    if part == PARTS[0]:
        return game.regret(game.pure(place)) <= 1e-9
    if part == PARTS[1]:
        own = [np.moveaxis(table[..., i], i, 0) for i in range(len(place))]
        return all((pay[k] >= pay - 1e-9).all() for pay, k in zip(own, place, strict=True))
    if part == PARTS[2]:
        return set(pure_equilibria(game).profiles) <= {place}
    return correlated(game, lambda _: worth, coarse=True, worst=True).value >= worth[place] - 1e-6


def test_planted_failure_and_success():
    check_audit(Robustness(), fails=(PD.under(Tax(on="D", rate=2.0)), CC), holds=(PD.under(Tax(on="D", rate=3.0)), CC))
    check_audit(Robustness(), fails=(PD, CC), holds=(PD, ("D", "D")))


def test_the_radius_under_a_tax_is_half_of_what_it_takes_beyond_the_gain():
    """Defecting gains 2 where the other cooperates and 1 where it defects; a tax of 3 leaves a loss of 1, then of 2."""
    claims = Robustness()(PD.under(Tax(on="D", rate=3.0)), CC)
    assert [claim.numbers["radius"] for claim in claims[:3]] == [0.5, 0.5, 0.5]
    assert claims[0].numbers["asked for"] == 0.05  # a hundredth of 5 - 0, whatever the tax
    learners = claims[3].numbers
    assert 0.49 < learners["radius"] <= learners["radius at most"] == 0.5
    assert claims[0].numbers["smallest radius"] == learners["radius"]
    four = Robustness(0.6)(PD.under(Tax(on="D", rate=3.0)), CC)
    assert [claim.verdict for claim in four] == ["refuted"] * 4
    assert (float(four[0].witness["gain"]), four[3].witness["to"]) == (pytest.approx(0.2), ("C", "D"))


def test_what_does_not_hold_is_not_asked_about():
    assert [claim.verdict for claim in Robustness()(PD, CC)] == ["refuted"]
    hunt = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
    assert list(parts(Robustness()(hunt, ("stag", "stag")))) == [PARTS[0]]


def test_an_exact_edge():
    """At just the radius the target still stands, and another joint move can already become an equilibrium."""
    by = parts(Robustness(0.5)(PD, ("D", "D")))
    assert [by[part].verdict for part in PARTS] == ["proved", "proved", "refuted", "proved"]


@settings(max_examples=20)
@given(SEEDS)
def test_changes_inside_the_radius_break_nothing_and_the_witness_outside_does(seed):
    game, place = random(seed)
    worth = game.payoffs.mean(-1)
    target = game.labels(place)
    rng = np.random.default_rng(seed)
    for part, claim in parts(Robustness(0.0)(game, target)).items():
        radius = claim.numbers["radius"]
        assert holds(part, game.payoffs, place, worth) == (claim.verdict == "proved")
        if claim.verdict != "proved":
            continue
        for change in rng.choice([-1, 1], (4, *game.payoffs.shape)):
            assert holds(part, game.payoffs + 0.999 * (10 if radius is None else radius) * change, place, worth)
        if radius is not None and part != PARTS[3]:
            broken = parts(Robustness(radius + 0.01)(game, target))[part]
            assert broken.verdict == "refuted"
            assert not holds(part, changed(game, broken.witness), place, worth)


def changed(game, witness):
    """The game within the radius that a witness stands for."""
    radius, table = float(witness["radius"]), game.payoffs.copy()
    at = game.profile(witness.get("at") or witness["to"])
    who = [game.players.index(witness["player"])] if "player" in witness else range(len(at))
    for i in who:
        up = -1 if "player" in witness else 1
        table[(*at[:i], slice(None), *at[i + 1 :], i)] -= up * radius
        table[(*at, i)] += 2 * up * radius
    return table


@settings(max_examples=15)
@given(SEEDS)
def test_a_worse_end_for_learners_replays(seed):
    game, place = random(seed, (2, 2, 2))
    worth = game.payoffs.mean(-1)
    claim = parts(Robustness(1.0)(game, game.labels(place))).get(PARTS[3])
    if claim is not None and claim.verdict == "refuted":
        assert not holds(PARTS[3], changed(game, claim.witness), place, worth)
    if claim is not None and claim.verdict == "proved":
        for change in np.random.default_rng(seed).choice([-1, 1], (4, *game.payoffs.shape)):
            assert holds(PARTS[3], game.payoffs + change, place, worth)


def test_between_the_two_bounds_for_learners_the_answer_is_unknown():
    game = NormalForm([[[2, 5], [5, 1]], [[0, 3], [4, 4]]])
    claim = parts(Robustness(0.8)(game, ("1", "1")))[PARTS[3]]
    assert claim.verdict == "unknown"
    assert 0.5 < claim.numbers["radius"] < 0.8 < claim.numbers["radius at most"] == 1
    assert parts(Robustness(0.5)(game, ("1", "1")))[PARTS[3]].verdict == "proved"
    assert parts(Robustness(1.0)(game, ("1", "1")))[PARTS[3]].verdict == "refuted"


def test_a_large_table_is_judged_in_float64(monkeypatch):
    monkeypatch.setattr(_case, "EXACT", 0)
    taxed = PD.under(Tax(on="D", rate=3.0))
    assert [claim.verdict for claim in Robustness()(taxed, CC)] == ["proved"] * 4
    assert [claim.verdict for claim in Robustness(0.6)(taxed, CC)] == ["refuted"] * 4
    assert all(claim.evidence is None for claim in Robustness()(taxed, CC))


@pytest.mark.parametrize("radius", [-1.0, float("nan"), float("inf")])
def test_a_radius_that_cannot_be(radius):
    with pytest.raises(InputError):
        Robustness(radius)
