"""Joint departures against an independent brute force, the laws between the notions, and planted collusion."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import NormalForm, institutions
from ostrom.audits.coalitions import Coalitions
from ostrom.audits.equilibria import Equilibria
from ostrom.core.errors import InputError
from ostrom.testing.check_audit import check_audit

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))


def cartel(shared):
    """Three firms; a high price of all is worth 5 to each, and who takes one is fined 6."""
    game = NormalForm.from_function(
        lambda *prices: [2.0 * prices.count("high") - (own == "high") for own in prices], [("low", "high")] * 3
    )
    return game.under(institutions.Fines((("*", "high", 6.0),), shared=shared))


def test_planted_failure_and_success():
    check_audit(Coalitions(), fails=(DILEMMA, ("D", "D")), holds=(HUNT, ("stag", "stag")))
    check_audit(Coalitions(up_to=1), fails=(DILEMMA, ("C", "C")), holds=(DILEMMA, ("D", "D")))


def test_balanced_fines_are_undone_by_those_who_share_them():
    """k of n get the share (k - 1) / (n - 1) of their fines back: two half of them, and all three everything."""
    low = ("low",) * 3
    check_audit(Coalitions(), fails=(cartel(True), low), holds=(cartel(False), low))
    each, up_to_two, *_ = Coalitions()(cartel(True), low)
    assert each.witness["gains"] == {"player 1": 5.0, "player 2": 5.0, "player 3": 5.0}
    assert each.numbers == {"holds for groups of up to": 2}
    assert up_to_two.verdict == "proved"
    assert up_to_two.evidence["up_to"] == 2


def test_who_goes_where_is_told():
    each, lasting = Coalitions()(DILEMMA, ("D", "D"))
    assert each.witness == {
        "players": ["player 1", "player 2"],
        "at": ("D", "D"),
        "to": ("C", "C"),
        "gains": {"player 1": 2.0, "player 2": 2.0},
    }
    assert each.numbers == {"holds for groups of up to": 1}
    assert lasting.verdict == "proved"  # from (C, C) either would go on to D


def test_the_example_of_bernheim_peleg_and_whinston():
    """Three players; A chooses a matrix. (down, right, second) is an equilibrium which two can leave and stay away."""
    first = [[(0, 0, 10), (-5, -5, 0)], [(-5, -5, 0), (1, 1, -5)]]
    second = [[(-2, -2, 0), (-5, -5, 0)], [(-5, -5, 0), (-1, -1, 5)]]
    table = np.moveaxis(np.array([first, second], float), 0, 2)
    game = NormalForm(table, moves=(("A1", "A2"), ("B1", "B2"), ("C1", "C2")))
    good, bad = ("A1", "B1", "C1"), ("A2", "B2", "C2")
    assert {c.verdict for c in Equilibria()(game, good)[:1] + Equilibria()(game, bad)[:1]} == {"proved"}
    assert [c.verdict for c in Coalitions()(game, good)] == ["refuted", "refuted"]  # 1 and 2 go to (A2, B2) and stay
    lasting = [c for c in Coalitions()(game, bad) if "again" in c.statement]
    assert [c.verdict for c in lasting] == ["proved"]


def test_side_payments_make_groups_of_those_who_only_gain():
    """Nobody gains member by member: the first would have to lose 1 for the second to gain 3."""
    game = NormalForm([[[1, 0], [1, 0]], [[0, 3], [0, 3]]])
    bribed = check_audit(Coalitions(side_payments=True), fails=(game, ("1", "1")), holds=(HUNT, ("stag", "stag")))
    assert "1 of 2" in bribed.checks[0]
    claim = Coalitions(side_payments=True)(game, ("1", "1"))[-1]
    assert claim.witness["gains"] == {"player 1": -1.0, "player 2": 3.0}
    assert Coalitions(up_to=1, side_payments=True)(game, ("1", "1"))[-1].verdict == "proved"


def test_no_group_of_none():
    with pytest.raises(InputError, match="at least 1"):
        Coalitions(up_to=0)


def test_what_is_too_large_or_too_slow_is_unknown():
    game = NormalForm(np.random.default_rng(0).integers(0, 4, (*(2,) * 12, 12)).astype(float))
    slow = NormalForm(np.ones((*(4,) * 4, 4)))
    slow.payoffs[0, 0] += 1.0
    lasting = Coalitions(seconds=-1.0)(slow, ("2", "2", "1", "1"))[-1]
    assert lasting.verdict == "unknown"
    assert "seconds" in lasting.numbers["reason"]
    assert {claim.verdict for claim in Coalitions()(game)} <= {"refuted", "unknown"}


# An independent brute force, by the definitions, in plain Python


def reached(table, place, group):
    for moves in product(*(range(table.shape[i]) for i in group)):
        other = list(place)
        for i, move in zip(group, moves, strict=True):
            other[i] = move
        yield tuple(other)


def blocks(table, place, group):
    return any(all(table[to][i] > table[place][i] for i in group) for to in reached(table, place, group))


def self_enforcing(table, place, group):
    parts = [part for size in range(1, len(group)) for part in combinations(group, size)]
    return all(proof(table, place, part) for part in parts)


def proof(table, place, group):
    """Coalition-proof in the game of the group alone: self-enforcing, and no other such is better for all."""
    if len(group) == 1:
        return table[place][group[0]] >= max(table[to][group[0]] for to in reached(table, place, group))
    better = (to for to in reached(table, place, group) if all(table[to][i] > table[place][i] for i in group))
    return self_enforcing(table, place, group) and not any(self_enforcing(table, to, group) for to in better)


def groups(players, up_to):
    return [group for size in range(1, up_to + 1) for group in combinations(range(players), size)]


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (3, 3), (2, 2, 2), (2, 3, 2)]), st.integers(2, 6))
def test_verdicts_agree_with_brute_force(seed, sizes, most):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, most, (*sizes, len(sizes))).astype(float)
    game, place = NormalForm(table), tuple(int(rng.integers(size)) for size in sizes)
    claims = Coalitions(side_payments=True)(game, game.labels(place))
    everybody = tuple(range(len(sizes)))
    blocking = [group for group in groups(len(sizes), len(sizes)) if blocks(table, place, group)]
    assert claims[0].verdict == ("refuted" if blocking else "proved")
    if blocking:
        assert claims[0].numbers["holds for groups of up to"] == len(blocking[0]) - 1
        lasting = next(claim for claim in claims if "again" in claim.statement)
        assert lasting.verdict == ("proved" if proof(table, place, everybody) else "refuted")
    else:
        assert proof(table, place, everybody)  # strong implies coalition-proof
    total = max(
        sum(table[to][i] - table[place][i] for i in group)
        for group in groups(len(sizes), len(sizes))
        for to in reached(table, place, group)
    )
    assert claims[-1].verdict == ("refuted" if total > 0 else "proved")


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_stronger_notions_imply_weaker_ones(seed, up_to):
    """No total gain ⇒ no coalition ⇒ coalition-proof ⇒ equilibrium, for groups of every size."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 3, (2, 2, 2, 3)) + 3 * (rng.random((2, 2, 2, 1)) < 0.3)
    game = NormalForm(table.astype(float))
    place = np.unravel_index(int(rng.integers(8)), (2, 2, 2))
    target = game.labels(place)
    claims = Coalitions(up_to=up_to, side_payments=True)(game, target)
    each, total = claims[0].verdict == "proved", claims[-1].verdict == "proved"
    lasting = all(claim.verdict == "proved" for claim in claims if "again" in claim.statement)
    nash = Equilibria()(game, target)[0].verdict == "proved"
    assert total <= each <= lasting <= nash
    if up_to == 1:
        assert each == nash


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_renaming_players_renames_witnesses(seed):
    table = np.random.default_rng(seed).integers(0, 4, (2, 2, 2, 3)).astype(float)
    names = {"player 1": "a", "player 2": "b", "player 3": "c"}
    old = Coalitions()(NormalForm(table), ("1", "1", "1"))
    new = Coalitions()(NormalForm(table, players=tuple(names.values())), ("1", "1", "1"))
    assert [claim.verdict for claim in old] == [claim.verdict for claim in new]
    for before, after in zip(old, new, strict=True):
        if before.witness:
            assert [names[player] for player in before.witness["players"]] == after.witness["players"]
