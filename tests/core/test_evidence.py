"""Every kind of evidence: true where it holds, false where it does not, by brute force, and refused when unreadable."""

import math
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.evidence import _groups
from ostrom.core.exact import ExactGame, fraction, simple, written
from ostrom.core.recheck import KINDS, check, said


def game_of(payoffs, moves=None, worth=None, adds=None):
    """An exact game from a table `[A_1, …, A_P, P]` of whole numbers or fractions."""
    table = np.array(payoffs, dtype=object)
    width, sizes = table.shape[-1], table.shape[:-1]
    rows = [tuple(map(Fraction, row)) for row in table.reshape(-1, width)]
    nothing = [(Fraction(0),) * width] * len(rows)
    return ExactGame(
        tuple(f"p{i}" for i in range(width)),
        moves or tuple(tuple("abcdef"[:size]) for size in sizes),
        tuple(rows),
        tuple(sum(row) / width for row in rows) if worth is None else tuple(map(Fraction, worth)),
        tuple(nothing if adds is None else [tuple(map(Fraction, row)) for row in np.reshape(adds, (-1, width))]),
    )


CD = (("C", "D"), ("C", "D"))
DILEMMA = game_of([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], CD)
HUNT = game_of([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], CD)
FINED = game_of(  # a dilemma in which D costs 3, which the other gets
    [[[3, 3], [3, 2]], [[2, 3], [1, 1]]], CD, worth=[3, 2.5, 2.5, 1], adds=[[0, 0], [3, -3], [-3, 3], [0, 0]]
)
CC, DD, CD_, DC = ("C", "C"), ("D", "D"), ("C", "D"), ("D", "C")
HALF = Fraction(1, 2)

TRUE_AND_FALSE = [
    ("no gain", DILEMMA, {"target": DD, "lead": 1}, {"target": DD, "lead": 2}),
    ("no gain", HUNT, {"target": CC}, {"target": CD_}),
    ("dominant", DILEMMA, {"target": DD, "lead": 1}, {"target": CC}),
    ("dominant", FINED, {"target": CC, "lead": 1}, {"target": CC, "lead": 2}),
    ("only pure", DILEMMA, {"target": DD}, {"target": CC}),
    ("pure floor", HUNT, {"worth": 3}, {"worth": "7/2"}),
    ("no coalition", HUNT, {"target": CC, "up_to": 2}, {"target": DD, "up_to": 2}),
    ("no coalition", DILEMMA, {"target": DD, "up_to": 1}, {"target": DD, "up_to": 2}),
    ("no coalition", DILEMMA, {"target": DD, "up_to": 2, "slack": 2}, {"target": DD, "up_to": 2, "slack": "3/2"}),
    ("coalition proof", DILEMMA, {"target": DD}, {"target": CC}),
    ("coalition proof", HUNT, {"target": DD, "up_to": 1}, {"target": DD}),
    ("no total gain", HUNT, {"target": CC, "up_to": 2}, {"target": DD, "up_to": 2}),
    ("no total gain", DILEMMA, {"target": DD, "up_to": 1}, {"target": DD, "up_to": 2}),
    (
        "no gain with regard",
        DILEMMA,
        {"target": DD, "lowest": -1, "highest": 0.25},
        {"target": DD, "lowest": 0, "highest": 0.3},
    ),
    (
        "no gain with regard",
        HUNT,
        {"target": CC, "lowest": -0.25, "highest": 1},
        {"target": CC, "lowest": -0.3, "highest": 1},
    ),
    ("sabotage", HUNT, {"target": CC, "up_to": 1, "takes": 4}, {"target": CC, "up_to": 1, "takes": 3}),
    ("sabotage", HUNT, {"target": DD, "up_to": 1, "floor": 3}, {"target": DD, "up_to": 1, "floor": 4}),
    ("coarse floor", FINED, {"worth": 3, "prices": [("p0", "C", 1), ("p1", "C", 1)]}, {"worth": 3, "prices": []}),
    ("coarse floor", DILEMMA, {"worth": 0}, {"worth": 2, "prices": [("p0", "D", 9)]}),
    (
        "only correlated",
        DILEMMA,
        {"target": DD, "prices": [("p0", "C", "D", 1), ("p1", "C", "D", 1)]},
        {"target": DD, "prices": [("p0", "C", "D", 1)]},
    ),
    (
        "best advice",
        DILEMMA,
        {"worth": 1, "prices": [("p0", "C", "D", 1.5), ("p1", "C", "D", 1.5)]},
        {"worth": 1, "prices": [("p0", "C", "D", 1)]},
    ),
    ("obedient", HUNT, {"device": [(CC, HALF), (DD, HALF)], "worth": "7/2"}, {"device": [(CD_, HALF), (DD, HALF)]}),
    ("obedient", DILEMMA, {"device": [(CC, 1)], "slack": 2}, {"device": [(CC, 1)], "slack": 1}),
    ("coarse", HUNT, {"device": [(CC, "1/2"), (DD, "1/2")]}, {"device": [(CD_, 1)]}),
    ("coarse", HUNT, {"device": [(DD, 1)], "worth": 3}, {"device": [(DD, 1)], "worth": 2}),
    ("sums", FINED, {}, {"sign": "sideways"}),
    ("within", FINED, {"fine": 3, "payment": 3}, {"fine": 2}),
    ("voluntary", FINED, {"target": CC, "now": [3, 3]}, {"target": DD, "now": [1, 2]}),
    ("deters", FINED, {"target": CC, "chance": "2/3"}, {"target": CC, "chance": 0.6}),
    ("costs", FINED, {"target": CC, "at_least": 4}, {"target": CC, "at_least": 5}),
    ("smallest", DILEMMA, {"target": CC, "removals": 2}, {"target": CC, "removals": 3}),
    ("smallest", HUNT, {"target": CC, "removals": 1}, {"target": CC, "removals": 2}),
    (
        "gain",
        DILEMMA,
        {"at": CC, "player": "p0", "move": "D", "gain": 2},
        {"at": CC, "player": "p0", "move": "D", "gain": 3},
    ),
    ("settles", HUNT, {"at": DD, "worth": 3}, {"at": DD, "worth": 2}),
    ("mixed", HUNT, {"odds": [["3/4", "1/4"]] * 2}, {"odds": [["1/2", "1/2"]] * 2}),
    (
        "coalition",
        DILEMMA,
        {"at": DD, "to": CC, "players": ["p0", "p1"]},
        {"at": DD, "to": CC, "players": ["p0", "p1"], "stays": True},
    ),
    (
        "coalition",
        DILEMMA,
        {"at": CC, "to": DC, "players": ["p0"], "stays": True},
        {"at": CC, "to": DD, "players": ["p0"]},
    ),
    (
        "coalition",
        DILEMMA,
        {"at": DD, "to": CD_, "players": ["p0", "p1"], "in_total": True},
        {"at": DD, "to": CD_, "players": ["p0", "p1"]},
    ),
    (
        "gain with regard",
        DILEMMA,
        {"at": DD, "player": "p0", "move": "C", "weight": 0.5, "gain": 1},
        {"at": DD, "player": "p0", "move": "C", "weight": 0.25, "gain": 1},
    ),
    (
        "dominated",
        DILEMMA,
        {"by": [["p0", "C", "D"], ["p1", "C", "D"]], "lead": 1},
        {"by": [["p0", "D", "C"]], "lead": 0},
    ),
    ("sabotaged", HUNT, {"at": CC, "to": DC, "floor": 1}, {"at": CC, "to": DC, "floor": 0}),
]


@pytest.mark.parametrize(("kind", "game", "true", "false"), TRUE_AND_FALSE)
def test_true_is_told_from_false(kind, game, true, false):
    assert check(game, {"kind": kind, **true}) == ""
    assert check(game, {"kind": kind, **false}) != ""


@pytest.mark.parametrize("file", ["play", "correlation", "minimality", "witnesses"])
def test_every_kind_of_these_files_is_tried(file):
    """Kinds of other files have tests beside the audits that state them."""
    kinds = {kind for kind, function in KINDS.items() if function.__module__.endswith(f".{file}")}
    assert kinds
    assert kinds <= {kind for kind, *_ in TRUE_AND_FALSE}


# Brute force on random small games

TABLES = st.integers(0, 10_000)


def random_game(seed, most=5):
    return game_of(np.random.default_rng(seed).integers(0, most, (2, 2, 2, 3)).tolist())


def gains_of(game, place, group, to):
    return [game.payoffs[to][i] - game.payoffs[place][i] for i in group]


@settings(max_examples=40)
@given(TABLES, st.integers(0, 7), st.integers(1, 3))
def test_coalitions_by_brute_force(seed, place, up_to):
    game = random_game(seed)
    target = game.labels(place)
    groups = [group for size in range(1, up_to + 1) for group in combinations(range(3), size)]
    moves = [(group, to) for group in groups for to in game.joint(place, group)]
    strong = not any(min(gains_of(game, place, group, to)) > 0 for group, to in moves)
    most = max(sum(gains_of(game, place, group, to)) for group, to in moves)
    assert (check(game, {"kind": "no coalition", "target": target, "up_to": up_to}) == "") == strong
    assert (check(game, {"kind": "no total gain", "target": target, "up_to": up_to}) == "") == (most <= 0)
    if strong:
        assert check(game, {"kind": "coalition proof", "target": target, "up_to": up_to}) == ""


@settings(max_examples=40)
@given(TABLES, st.integers(0, 7))
def test_single_departures_by_brute_force(seed, place):
    game = random_game(seed)
    target, sizes = game.labels(place), (2, 2, 2)
    here = np.unravel_index(place, sizes)
    flipped = [np.ravel_multi_index((*here[:i], 1 - here[i], *here[i + 1 :]), sizes) for i in range(3)]
    gains = [game.payoffs[to][i] - game.payoffs[place][i] for i, to in enumerate(flipped)]
    assert (check(game, {"kind": "no gain", "target": target}) == "") == (max(gains) <= 0)
    if max(gains) > 0:
        with pytest.raises(InputError, match="says nothing"):
            check(game, {"kind": "no gain", "target": target, "lead": -max(gains)})
    else:
        assert check(game, {"kind": "no gain", "target": target, "lead": -max(gains)}) == ""
    others = [sum(game.payoffs[to]) - sum(game.payoffs[place]) - gain for to, gain in zip(flipped, gains, strict=True)]
    for low, high in ((-1, 0), (0, 1), ("-1/3", "1/7")):
        ends = fraction(low), fraction(high)
        holds = all(g + w * o <= 0 for g, o in zip(gains, others, strict=True) for w in ends)
        evidence = {"kind": "no gain with regard", "target": target, "lowest": low, "highest": high}
        assert (check(game, evidence) == "") == holds


@settings(max_examples=30)
@given(TABLES)
def test_pure_equilibria_by_brute_force(seed):
    game = random_game(seed)
    stable = [
        place
        for place in product(range(2), repeat=3)
        if all(
            game.payoffs[np.ravel_multi_index(place, (2, 2, 2))][i]
            >= game.payoffs[np.ravel_multi_index((*place[:i], 1 - place[i], *place[i + 1 :]), (2, 2, 2))][i]
            for i in range(3)
        )
    ]
    worths = [game.worth[np.ravel_multi_index(place, (2, 2, 2))] for place in stable]
    for place in product(range(2), repeat=3):
        labels = game.labels(int(np.ravel_multi_index(place, (2, 2, 2))))
        assert (check(game, {"kind": "only pure", "target": labels}) == "") == (stable == [place])
        assert (check(game, {"kind": "settles", "at": labels}) == "") == (place in stable)
    assert (check(game, {"kind": "pure floor", "worth": min(worths, default=0)}) == "") == bool(stable)


@settings(max_examples=30)
@given(TABLES, st.integers(0, 7))
def test_the_smallest_restriction_by_brute_force(seed, place):
    """Every set of moves of the others than the target's, with what is left looked at in full."""
    game = random_game(seed, most=4)
    own = [game.own(place, i) for i in range(3)]

    def fits(removed):
        kept = [p for p in range(8) if all(game.own(p, i) == own[i] or i not in removed for i in range(3))]
        stable = [p for p in kept if all(gain <= 0 or game.moved(p, i, m) not in kept for gain, i, m in game.gains(p))]
        return stable == [place]

    sizes = [len(removed) for size in range(4) for removed in combinations(range(3), size) if fits(removed)]
    least = min(sizes)
    evidence = {"kind": "smallest", "target": game.labels(place)}
    assert check(game, {**evidence, "removals": least}) == ""
    assert check(game, {**evidence, "removals": least + 1}) != ""


# What cannot be read

HOSTILE = [
    {"kind": "no gain", "target": ("C",)},
    {"kind": "no gain", "target": ("C", "E")},
    {"kind": "no gain", "target": None},
    {"kind": "no gain", "target": [["C"], "C"]},
    {"kind": "no gain", "target": CC, "lead": "1e999999999"},
    {"kind": "no gain", "target": CC, "lead": "9" * 6000},
    {"kind": "no gain", "target": CC, "lead": "nan"},
    {"kind": "no gain", "target": CC, "lead": float("inf")},
    {"kind": "no gain", "target": CC, "lead": True},
    {"kind": "no gain", "target": CC, "lead": [1]},
    {"kind": "no gain", "target": CC, "lead": "1/0"},
    {"kind": "no gain"},
    {"kind": "no gain", "target": CC, "more": 1},
    {"kind": "no such kind"},
    {"kind": "check"},
    {},
    {"kind": "no coalition", "target": CC, "up_to": 0},
    {"kind": "no coalition", "target": CC, "up_to": "2"},
    {"kind": "coalition proof", "target": CC, "up_to": -1},
    {"kind": "coalition", "at": CC, "to": DD, "players": ["nobody"]},
    {"kind": "coalition", "at": CC, "to": DD, "players": 3},
    {"kind": "no gain with regard", "target": CC, "lowest": 1, "highest": 0},
    {"kind": "sabotage", "target": CC, "up_to": 1.5},
    {"kind": "coarse", "device": [(CC, "1/2")]},
    {"kind": "coarse", "device": [(CC, 2), (DD, -1)]},
    {"kind": "coarse", "device": []},
    {"kind": "coarse", "device": 7},
    {"kind": "coarse floor", "worth": 1, "prices": [("p0", "D", -1)]},
    {"kind": "coarse floor", "worth": 1, "prices": [("p0", "C", "D", 1)]},
    {"kind": "coarse floor", "worth": 1, "prices": ["abc"]},
    {"kind": "mixed", "odds": [[1, 0]]},
    {"kind": "mixed", "odds": None},
    {"kind": "voluntary", "target": CC, "now": [1]},
    {"kind": "smallest", "target": CC, "removals": "many"},
    {"kind": "smallest", "target": CC, "removals": 1, "clauses": [[(CC, "1/2")]], "floor": 1},
]


@pytest.mark.parametrize("evidence", HOSTILE, ids=str)
def test_hostile_evidence_is_refused(evidence):
    with pytest.raises(InputError):
        check(DILEMMA, evidence)


def test_unknown_names_offer_near_ones():
    with pytest.raises(UnknownName, match="no gain"):
        check(DILEMMA, {"kind": "no gian"})
    with pytest.raises(UnknownName, match="p0"):
        check(DILEMMA, {"kind": "gain", "at": CC, "player": "p", "move": "D", "gain": 1})


def test_nested_departures_have_a_limit(monkeypatch):
    monkeypatch.setattr(_groups, "LISTED", 3)
    with pytest.raises(TooLarge, match="3 joint departures"):
        check(HUNT, {"kind": "coalition proof", "target": CC})


# Numbers


@pytest.mark.parametrize(
    ("given", "meant"),
    [(3, 3), ("2/3", Fraction(2, 3)), (0.1, Fraction(1, 10)), ("-1e-3", Fraction(-1, 1000)), (np.float64(0.5), HALF)],
)
def test_numbers_are_read_as_people_write_them(given, meant):
    assert fraction(given) == meant
    assert fraction(written(fraction(given))) == meant


def test_whole_numbers_of_numpy_do_not_overflow():
    assert fraction(np.int64(2**62)) * 4 == 2**64


@given(st.integers(-(10**6), 10**6), st.integers(1, 10_000))
def test_simple_fractions_survive_as_floats(above, below):
    """A fraction with a small denominator is read back from the float nearest to it."""
    meant = Fraction(above, below)
    assert simple(float(meant)) == meant


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_met_by_its_simple_fraction(value):
    assert abs(float(simple(value)) - value) <= 4 * math.ulp(value)


@given(st.integers(-(10**6), 10**6), st.integers(1, 999_983), st.integers(0, 12))
def test_simple_fractions_survive_in_any_unit(above, below, digits):
    """A third of 0.0001 is meant as one: the unit of payoffs makes no difference."""
    meant = Fraction(above, below) / 10**digits
    assert simple(float(meant)) in (meant, Fraction(float(meant)).limit_denominator(10**6))
    assert abs(float(simple(float(meant))) - float(meant)) <= 4 * math.ulp(float(meant))


def test_what_arithmetic_adds_is_taken_off():
    assert simple(0.1 + 0.2) == Fraction(3, 10)
    assert simple(0.3 + 1e-12) != Fraction(3, 10)
    assert simple(0.3 + 1e-12, 1e-11) == Fraction(3, 10)
    assert simple(0.1 + 0.2 - 0.3, 1e-15) == 0


@pytest.mark.parametrize(
    "stated",
    [
        {"kind": "dominant", "target": ("C", "C"), "lead": -1000},
        {"kind": "no gain", "target": ("C", "C"), "lead": "-1/2"},
        {"kind": "deters", "target": ("C", "C"), "chance": 1, "lead": -1000},
        {"kind": "deters", "target": ("C", "C"), "chance": 1, "misses": -1000},
        {"kind": "evades", "target": ("C", "C"), "player": "a", "move": "C", "chance": 1, "gain": 1, "alarms": 1000},
        {"kind": "fault tolerant", "target": ("C", "C"), "up_to": -1},
        {"kind": "no other", "target": ("C", "C"), "radius": -1000},
        {"kind": "within"},
        {"kind": "sabotage", "target": ("C", "C"), "up_to": 1},
        {"kind": "smallest", "target": ("D", "D"), "removals": -5},
        {"kind": "smallest", "target": ("D", "D"), "removals": 10**9},
    ],
    ids=lambda stated: f"{stated['kind']} {len(stated)}",
)
def test_values_that_would_make_evidence_empty_are_refused(stated):
    nothing = ((0, 0),) * 4
    payoffs = tuple(tuple(map(Fraction, row)) for row in ((3, 3), (0, 5), (5, 0), (1, 1)))
    dilemma = ExactGame(("a", "b"), (("C", "D"),) * 2, payoffs, tuple(map(Fraction, (3, 2, 2, 1))), nothing)
    with pytest.raises(InputError, match="says nothing"):
        check(dilemma, stated)


def test_what_is_said_of_evidence_hides_nothing():
    told = said({"kind": "dominant", "of": "before", "target": ("D",) * 6, "lead": "-" + "0" * 300 + "1000"})
    assert told == "dominant of the game without the institution: target (D, D, D, D, D, D), lead -1000"
