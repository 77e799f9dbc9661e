"""Spite, altruism and sabotage: closed forms against scans and brute force, and planted failures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import NormalForm
from ostrom.audits.spite import Spite
from ostrom.core.errors import InputError
from ostrom.testing.check_audit import check_audit

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))


def test_planted_failure_and_success():
    """At (stag, stag) leaving costs 1 and takes 4 from the other: spite of more than 1/4 leaves."""
    check_audit(Spite(spite=0.26), fails=(HUNT, ("stag", "stag")), holds=(HUNT, ("hare", "hare")))
    check_audit(Spite(spite=0.25), fails=(DILEMMA, ("C", "C")), holds=(HUNT, ("stag", "stag")))


def test_altruists_leave_mutual_defection_from_a_quarter_on():
    """Cooperating alone costs 1 and gives the other 4."""
    check_audit(Spite(altruism=0.26), fails=(DILEMMA, ("D", "D")), holds=(HUNT, ("hare", "hare")))
    spiteful, altruist, _ = Spite(altruism=0.25)(DILEMMA, ("D", "D"))
    assert spiteful.numbers["largest weights"] == {"player 1": "any", "player 2": "any"}
    assert altruist.numbers["largest weights"] == {"player 1": 0.25, "player 2": 0.25}
    assert altruist.verdict == "proved"


def test_sabotage_takes_all_from_the_stag_hunter():
    check_audit(Spite(floor=1.0), fails=(HUNT, ("stag", "stag")), holds=(HUNT, ("hare", "hare")))
    *_, bound, floor = Spite(floor=1.0)(HUNT, ("stag", "stag"))
    assert bound.verdict == "proved"
    assert bound.numbers == {"most taken from one": 4.0, "most taken from all": 4.0, "least left": 0.0}
    assert floor.witness["left"] == 0.0


def test_what_is_no_equilibrium_is_refuted_without_spite():
    spiteful, altruist, _ = Spite()(DILEMMA, ("C", "C"))
    assert spiteful.witness["weight"] == altruist.witness["weight"] == 0
    assert spiteful.numbers["largest weights"]["player 1"] == 0.0


def test_everybody_may_sabotage_but_then_nobody_is_left():
    *_, bound = Spite(up_to=9)(HUNT, ("stag", "stag"))
    assert bound.numbers["most taken from all"] == 4.0


@pytest.mark.parametrize("wrong", [{"spite": -0.1}, {"altruism": 1.5}, {"up_to": 0}, {"spite": float("nan")}])
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(InputError):
        Spite(**wrong)


def test_a_large_table_is_settled_in_floats():
    game = NormalForm(np.random.default_rng(0).normal(size=(120, 120, 2)))
    claims = Spite(floor=-9.0)(game)
    assert {claim.evidence for claim in claims} == {None}
    assert claims[-1].verdict == "proved"
    assert "float64" in claims[-1].method


def gains(table, place, weight):
    """The most anybody gains by leaving, by the definition."""
    best = -np.inf
    for i in range(table.shape[-1]):
        for move in range(table.shape[i]):
            there = (*place[:i], move, *place[i + 1 :])
            if there != place:
                valued = table[there] - table[place]
                best = max(best, valued[i] + weight * (valued.sum() - valued[i]))
    return best


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (3, 2), (2, 2, 2)]), st.integers(0, 10), st.integers(0, 10))
def test_verdicts_agree_with_the_definition(seed, sizes, spite, altruism):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 6, (*sizes, len(sizes))).astype(float)
    game, place = NormalForm(table), tuple(int(rng.integers(size)) for size in sizes)
    claims = Spite(spite=spite / 16, altruism=altruism / 16)(game, game.labels(place))  # exact in binary
    for claim, weight in zip(claims[:2], (-spite / 16, altruism / 16), strict=True):
        holds = max(gains(table, place, 0.0), gains(table, place, weight)) <= 0
        assert claim.verdict == ("proved" if holds else "refuted")
    for claim, sign in zip(claims[:2], (-1, 1), strict=True):
        weights = [w for w in claim.numbers["largest weights"].values() if w != "any"]
        least = min(weights, default=1.0)
        if gains(table, place, 0.0) <= 0:
            assert gains(table, place, sign * least * (1 - 1e-9)) <= 1e-9
            if weights:
                assert gains(table, place, sign * (least + 1e-6)) > 0


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_sabotage_agrees_with_brute_force(seed, up_to):
    table = np.random.default_rng(seed).integers(-4, 5, (2, 3, 2, 3)).astype(float)
    place, game = (0, 1, 1), NormalForm(table)
    takes, left = 0.0, table[place].mean()
    for there in np.ndindex(2, 3, 2):
        movers = [i for i in range(3) if there[i] != place[i]]
        others = [i for i in range(3) if i not in movers]
        if len(movers) <= up_to and others:
            takes = max(takes, sum(table[place][i] - table[there][i] for i in others))
            left = min(left, np.mean([table[there][i] for i in others]))
    *_, bound, floor = Spite(up_to=up_to, floor=0.5)(game, game.labels(place))
    assert bound.verdict == "proved"
    assert bound.numbers["most taken from all"] == takes
    assert bound.numbers["least left"] == pytest.approx(left)
    assert floor.verdict == ("proved" if left >= 0.5 else "refuted")


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_seats_do_not_matter(seed):
    """Players in another order give the same verdicts, and their own thresholds."""
    table = np.random.default_rng(seed).integers(0, 6, (2, 2, 2, 3)).astype(float)
    for order in ((2, 0, 1), (1, 0, 2)):
        turned = table.transpose(*order, 3)[..., list(order)]
        names = tuple("abc"[i] for i in order)
        old, new = (
            Spite()(NormalForm(table, players="abc"), ("1",) * 3),
            Spite()(NormalForm(turned, players=names), ("1",) * 3),
        )
        assert [c.verdict for c in old] == [c.verdict for c in new]
        assert old[0].numbers["largest weights"] == new[0].numbers["largest weights"]
