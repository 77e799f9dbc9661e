"""Manipulation: brute force, published rates, planted lies, coalitions, abstention and false names; all replay."""

from fractions import Fraction
from itertools import combinations, permutations, product
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import choice
from ostrom.audits.manipulation import Manipulation, manipulation_rate
from ostrom.choice.cultures import impartial, single_peaked
from ostrom.core.errors import InputError
from ostrom.core.forms.ballots import Ballots

SPOILT = Ballots.of({"a > b > c": 4, "b > a > c": 3, "c > b > a": 2})
"""By plurality a wins; the last two voters would rather have b."""


def dictator(ballots):
    return SimpleNamespace(winners=(ballots.alternatives[int(ballots.ranks[0].argmin())],))


def median(ballots):
    """The median peak of single-peaked orders, alternatives from left to right: nobody gains by a lie (Moulin 1980)."""
    peaks = np.sort(np.repeat(ballots.ranks.argmin(1), ballots.counts))
    return SimpleNamespace(winners=(ballots.alternatives[peaks[(len(peaks) - 1) // 2]],))


def test_a_planted_lie_is_found_and_a_clean_rule_passes():
    alone, *_ = Manipulation()(choice.plurality, SPOILT)
    assert alone.verdict == "proved"  # one voter makes a tie, which a wins by name
    alone, *_ = Manipulation(ties="optimistic")(choice.plurality, SPOILT)
    assert (alone.verdict, alone.witness["who"]) == ("refuted", ["c > b > a"])
    assert alone.witness["winners"] == {"before": ("a",), "after": ("a", "b")}
    pair = Manipulation(up_to=2, equal=True, names=0)(choice.plurality, SPOILT)[1]
    assert (pair.verdict, pair.witness["said"]) == ("refuted", [["b > a > c"]])
    assert pair.witness["voters"] == 2
    assert Manipulation().replay(choice.plurality, pair.witness) == (1,)
    for claim in Manipulation(up_to=2, anonymous=False)(dictator, Ballots([[0, 1, 2], [2, 0, 1], [1, 2, 0]])):
        assert claim.verdict == "proved"


def test_staying_away():
    """By instant runoff b wins; without two of the voters of c, c goes first and a wins, whom they prefer to b."""
    ballots = Ballots.of({"a > b > c": 4, "b > c > a": 5, "c > a > b": 5})
    audit = Manipulation(up_to=2, equal=True, names=0, ties="pessimistic")
    away = audit(choice.instant_runoff, ballots)[-1]
    assert (away.witness["who"], away.witness["said"], away.witness["voters"]) == (["c > a > b"], [[]], 2)
    assert away.witness["winners"] == {"before": ("b",), "after": ("a",)}
    assert audit.replay(choice.instant_runoff, away.witness) == (1,)
    assert audit(choice.borda, ballots)[-1].verdict == "proved"  # scoring rules never give a reason to


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_staying_away_agrees_with_brute_force(seed):
    ballots = impartial(9, 3, seed).gathered()
    claim = Manipulation(up_to=3, names=0)(choice.instant_runoff, ballots)[-1]
    assert claim.verdict == brute_no_show(choice.instant_runoff, ballots, 3)


CAPITAL = Ballots.of({"m > n > c > k": 42, "n > c > k > m": 26, "c > k > n > m": 15, "k > c > n > m": 17})


def test_the_fewest_with_one_ballot_whom_it_pays_agree_with_brute_force():
    """By instant runoff k wins: five of the 42 who put n first do not change that, and six do."""
    claim = Manipulation(up_to=50, equal=True, least=2, names=0)(choice.instant_runoff, CAPITAL)[0]
    assert (claim.verdict, claim.numbers["attempts"]) == ("refuted", 24 * (41 + 25 + 14 + 16))
    assert (claim.witness["who"], claim.witness["voters"], claim.witness["gain"]) == (["m > n > c > k"], 6, 2)
    assert Manipulation().replay(choice.instant_runoff, claim.witness) == (2,)
    paying = set()
    for lie, k in product(permutations(range(4)), range(2, 43)):
        cast = Ballots([*CAPITAL.ranks, lie], [42 - k, *CAPITAL.counts[1:], k], CAPITAL.alternatives)
        if min(choice.instant_runoff(cast).winners, key=CAPITAL.index) == "n":
            paying.add(k)
    assert min(paying) == 6


def test_groups_alone_are_asked_without_the_claims_about_one():
    said = [claim.statement for claim in Manipulation(up_to=3, equal=True, least=2)(choice.plurality, SPOILT)]
    assert said == [
        "No 2 to 3 voters with one ballot gain by all casting another, at these ballots.",
        "No 2 to 3 voters with one ballot gain by staying away, at these ballots.",
    ]
    with pytest.raises(InputError, match="Groups of 3 up to 2"):
        Manipulation(up_to=2, least=3)


def test_of_many_with_one_ballot_all_and_halves_of_them_are_tried():
    """Two million who could have b by plurality: found by few attempts, and the rest proves nothing."""
    many = Ballots.of({"a > b > c": 4_000_000, "b > a > c": 3_000_000, "c > b > a": 2_000_000})
    audit, asked = Manipulation(up_to=4_000_000, equal=True, least=2, names=0, most=60), []
    other, away = audit(lambda ballots: (asked.append(ballots), choice.plurality(ballots))[1], many)
    assert (other.verdict, other.witness["voters"]) == ("refuted", 2_000_000)
    assert other.numbers["n"] <= 60
    assert (away.verdict, away.numbers["n"]) == ("supported", 60)
    assert len(asked) <= 2 * 60 + 1


def test_other_names():
    """Two more voices bring the second to a tie with the first."""
    ballots = Ballots.of({"a > b > c": 6, "b > a > c": 4})
    assert Manipulation(names=1, ties="optimistic")(choice.plurality, ballots)[-1].verdict == "proved"
    two = Manipulation(names=2, ties="optimistic")(choice.plurality, ballots)[-1]
    assert (two.verdict, two.witness["said"][0][0]) == ("refuted", "b > a > c")
    assert Manipulation().replay(choice.plurality, two.witness) == (1,)


def brute_no_show(rule, ballots, up_to):
    before = min(rule(ballots).winners)
    for b, (row, many) in enumerate(zip(ballots.ranks, ballots.counts, strict=True)):
        for k in range(1, min(up_to, many) + 1):
            counts = ballots.counts.copy()
            counts[b] -= k
            after = min(rule(Ballots(ballots.ranks, counts)).winners)
            if row[ballots.index(after)] < row[ballots.index(before)]:
                return "refuted"
    return "proved"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.sampled_from(["borda", "plurality"]), st.booleans())
def test_all_lies_of_one_and_two_agree_with_brute_force(seed, voters, name, optimistic):
    rule, ballots = getattr(choice, name), impartial(voters, 3, seed)
    rows, pick = [tuple(row) for row in ballots.ranks.tolist()], min if optimistic else max

    def place(row, rows):
        return pick(row[ballots.index(one)] for one in rule(Ballots(rows)).winners)

    expected = []
    for size in (1, 2):
        found = 0
        for group in combinations(range(voters), size):
            for said in product(permutations(range(3)), repeat=size):
                after = list(rows)
                for i, lie in zip(group, said, strict=True):
                    after[i] = lie
                found = max(found, min(place(rows[i], rows) - place(rows[i], after) for i in group))
        expected.append(found)
    ties = "optimistic" if optimistic else "pessimistic"
    for anonymous in (True, False):
        claims = Manipulation(up_to=2, ties=ties, names=0, anonymous=anonymous)(rule, ballots)[:2]
        assert [claim.numbers.get("gain", 0) for claim in claims] == expected
        assert [claim.verdict for claim in claims] == ["refuted" if gain else "proved" for gain in expected]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_false_names_and_utilities_agree_with_brute_force(seed):
    utilities = np.random.default_rng(seed).permuted(np.tile([5.0, 2.0, 0.5], (3, 1)), axis=1)
    ballots = Ballots.from_utilities(utilities)
    rows, rule = [tuple(row) for row in ballots.ranks.tolist()], choice.borda

    def mean(i, rows):
        won = rule(Ballots(rows)).winners
        return Fraction(sum(Fraction(utilities[i, ballots.index(one)]) for one in won)) / len(won)

    best = max(
        mean(i, [*rows, *more]) - mean(i, rows)
        for i in range(3)
        for extra in (1, 2)
        for more in product(permutations(range(3)), repeat=extra)
    )
    claim = Manipulation(ties="expected", names=2)(rule, ballots, utilities=utilities)[-1]
    assert claim.numbers.get("gain", 0) == max(best, 0)
    if claim.witness:
        assert Manipulation().replay(rule, claim.witness) == (best,)


@pytest.mark.parametrize("form", ["orders", "truncated", "weak", "approvals"])
def test_forms_of_ballots(form):
    """How many there are: 3!, 3 + 6 + 6, 13 (Fubini), 7."""
    claim = Manipulation(form=form, names=0)(choice.plurality, Ballots.of(["a > b > c"]))[0]
    assert claim.numbers["attempts"] == {"orders": 6, "truncated": 15, "weak": 13, "approvals": 7}[form]


def test_drawn_attempts_find_what_is_obvious_and_prove_nothing():
    wide = Ballots.of({"a > b > c > d > e > f > g": 4, "b > a > c > d > e > f > g": 3, "c > b > a > d > e > f > g": 2})
    for form in ("orders", "truncated", "weak", "approvals"):
        audit = Manipulation(ties="optimistic", form=form, most=300, up_to=2)
        alone, pair, away, names = audit(choice.plurality, wide, seed=3)
        assert alone.verdict == "refuted"
        assert audit.replay(choice.plurality, alone.witness) == (alone.numbers["gain"],)
        assert away.verdict == "proved"
        assert pair.numbers["n"] <= names.numbers["n"] + 400
    steady = Manipulation(most=100, names=0)(lambda ballots: SimpleNamespace(winners=("a",)), wide)[0]
    assert (steady.verdict, steady.numbers["interval"][0]) == ("supported", 0.0)
    assert 0 < steady.numbers["interval"][1] < 0.1
    again = Manipulation(most=100, names=0)(choice.borda, wide, seed=7)
    assert again == Manipulation(most=100, names=0)(choice.borda, wide, seed=7)


def test_rates_hold_the_shares_of_all_elections():
    """By plurality 36 of 216: all put another first, and who would rather have the second of b and c than a says so.
    By Borda 51, counted in test_voting_axioms. Lies to a median of peaks never pay."""
    for rule, share in ((choice.plurality, 36 / 216), (choice.borda, 51 / 216)):
        claim = manipulation_rate(rule, 3, 3, impartial, samples=1_500, seed=4)[0]
        low, high = claim.numbers["interval"]
        assert low < share < high
        assert claim.verdict == "refuted"
        assert Manipulation().replay(rule, claim.witness)[0] > 0
    axis = manipulation_rate(median, 5, 4, single_peaked, samples=100)
    assert {claim.verdict for claim in axis} == {"supported"}
    assert axis[0].numbers["share"] == 0


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        (lambda: Manipulation(up_to=0), "At least one"),
        (lambda: Manipulation(form="stars"), "truncated"),
        (lambda: Manipulation(ties="mean")(choice.borda, SPOILT), "optimistic"),
        (lambda: Manipulation(ties="expected")(choice.borda, SPOILT), "utilities"),
        (lambda: Manipulation(ties=["a", "b"])(choice.borda, SPOILT), "every alternative"),
        (lambda: Manipulation()(choice.borda, SPOILT, utilities=[[0, 1, 2]] * 3), "sincere"),
        (lambda: Manipulation()(choice.borda, SPOILT, utilities=[[0, 1]]), "shape"),
        (lambda: Manipulation()(lambda ballots: SimpleNamespace(winners=()), SPOILT), "at least one"),
        (lambda: manipulation_rate(choice.borda, 3, 3, impartial, samples=0), "at least one"),
    ],
)
def test_what_cannot_be_is_refused(asked, match):
    with pytest.raises(InputError, match=match):
        asked()


def test_a_rule_that_fails_is_told_with_the_ballots_it_fails_on():
    def only_three(ballots):
        return choice.borda(ballots) if ballots.voters == 3 else 1 / 0

    with pytest.raises(InputError, match=r"failed on \{'a > b': 2\}: ZeroDivisionError"):
        Manipulation()(only_three, Ballots.of({"a > b": 3}))
