"""Mediator: acts for all, or for those who delegated."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.tax import Tax
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


def test_the_published_value():
    """Monderer and Tennenholtz (2009): "C if both delegate, else D" makes (3, 3) an equilibrium of the dilemma."""
    game = PD.under(Mediator("C", "D"))
    both = game.profile(("delegate", "delegate"))
    assert game.payoffs[both].tolist() == [3, 3]
    assert game.regret(game.pure(both)) == 0


@pytest.mark.parametrize(
    ("one", "other", "paid"), [("delegate", "C", [5, 0]), ("delegate", "D", [1, 1]), ("C", "delegate", [0, 5])]
)
def test_who_delegates_alone_is_played_for_alone(one, other, paid):
    session = Session(PD, [Mediator("C", "D")])
    session.submit(0, {"act": one})
    session.submit(1, {"act": other})
    assert session.totals.tolist() == paid


def test_who_is_absent_does_not_stop_it():
    session = Session(PD, [Mediator("D", "C")], rounds=2)
    session.leave(1)
    session.lapse()
    session.submit(0, {"act": "delegate"})
    assert np.isclose(session.totals[0], 3 + 5)


def test_labels_it_does_not_have():
    with pytest.raises(UnknownName):
        PD.under(Mediator("C", "E"))


# A label for each seat, an answer to each deviator, lotteries -------------------------------------------------------

THREE = [("C", "E"), ("C", "D"), ("D", "C")]
NAMES = ("ann", "bob", "cem")
TABLES = st.lists(st.integers(-5, 5), min_size=24, max_size=24).map(
    lambda values: NormalForm(np.reshape(values, (2, 2, 2, 3)), players=NAMES, moves=THREE)
)
PLACES = st.tuples(*[st.integers(0, 1)] * 3)
CHICKEN = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]], players=("row", "column"), moves=("C", "D"))
HALF = Mediator("C", "D", (("", ("C", "D"), 0.5), ("", ("D", "C"), 0.5)))
RICH = Mediator(
    ("E", "C", "D"),
    ("E", "C", "D"),
    (
        ("ann", ("-", "C", "D")),
        ("bob", ("E", "-", "D"), 0.25),
        ("bob", ("C", "-", "C"), 0.75),
        ("", ("C", "C", "D"), 0.5),
        ("", ("C", "D", "C"), 0.3),
        ("", ("E", "C", "C"), 0.2),
    ),
)


def random_game(seed):
    return NormalForm(np.random.default_rng(seed).normal(size=(2, 2, 2, 3)), players=NAMES, moves=THREE)


def labelled(place):
    return tuple(THREE[seat][move] for seat, move in enumerate(place))


def delegating(game):
    return game.profile(("delegate",) * len(game.players))


@pytest.mark.parametrize("mediator", [Mediator(("C", "D", "C"), ("D", "D", "C")), Mediator("C", ("D", "C", "D"))])
def test_it_keeps_what_it_declares_on_every_carrier(mediator):
    report = check_institution(mediator)
    assert "27 joint moves" in report.carriers["table"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


def test_lotteries_keep_what_they_declare_on_every_carrier():
    report = check_institution(RICH, random_game(1))
    assert "27 joint moves" in report.carriers["table"]
    assert "dice: odds are odds" in report.checks
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@settings(max_examples=30)
@given(TABLES, PLACES, st.tuples(PLACES, PLACES, PLACES))
def test_delegating_is_stable_iff_no_answer_leaves_a_deviator_more(game, place, answers):
    """The regret of delegating, against the best reply to each answer read off the table by hand."""
    rows = tuple((NAMES[seat], labelled(answer)) for seat, answer in enumerate(answers))
    governed = game.under(Mediator(labelled(place), "C", rows))
    best = [
        max(
            game.payoffs[(*answer[:seat], move, *answer[seat + 1 :])][seat] - game.payoffs[place][seat]
            for move in range(game.sizes[seat])
        )
        for seat, answer in enumerate(answers)
    ]
    assert governed.payoffs[delegating(governed)].tolist() == game.payoffs[place].tolist()
    assert np.isclose(np.max(governed.regret(governed.pure(delegating(governed)))), max(0, *best))


@settings(max_examples=30)
@given(TABLES, PLACES)
def test_what_gives_everybody_what_it_can_be_held_down_to_can_be_held(game, place):
    """Kalai, Kalai, Lehrer and Samet (2010), in pure answers: the folk theorem of delegation."""
    floors, rows = [], []
    for seat, name in enumerate(NAMES):
        reply = game.payoffs[..., seat].max(axis=seat, keepdims=True)
        floors.append(reply.min())
        rows.append((name, labelled(int(k) for k in np.unravel_index(np.argmin(reply), reply.shape))))
    governed = game.under(Mediator(labelled(place), "C", tuple(rows)))
    held = bool((game.payoffs[place] >= floors).all())
    assert bool(np.max(governed.regret(governed.pure(delegating(governed)))) <= 1e-9) is held


def test_each_case_of_a_rich_mediator():
    game = random_game(2)
    governed = game.under(RICH)

    def paid(*labels):
        return governed.payoffs[governed.profile(labels)]

    def base(*labels):
        return game.payoffs[game.profile(labels)]

    d = "delegate"
    assert np.allclose(paid(d, d, d), 0.5 * base("C", "C", "D") + 0.3 * base("C", "D", "C") + 0.2 * base("E", "C", "C"))
    assert np.allclose(paid("E", d, d), base("E", "C", "D"))
    assert np.allclose(paid(d, "D", d), 0.25 * base("E", "D", "D") + 0.75 * base("C", "D", "C"))
    assert np.allclose(paid(d, d, "C"), base("E", "C", "C"))  # no row for cem: alone
    assert np.allclose(paid("C", "D", d), base("C", "D", "D"))  # two stay out: alone
    assert np.allclose(paid("C", "D", "C"), base("C", "D", "C"))


def test_one_die_is_enough_for_all_lotteries():
    odds = RICH.dice(None)["answer"]
    assert odds.shape == (1, 4)  # edges at 0.25, 0.5 and 0.8
    assert np.allclose(odds, [[0.25, 0.25, 0.3, 0.2]])
    assert Mediator().dice(None) == {}


def test_a_fair_coin_between_unequal_outcomes_is_stable_in_chicken():
    """(4.5, 4.5) against 2, what whoever stays out can get from a mediator that then does not give way."""
    governed = CHICKEN.under(HALF)
    both = delegating(governed)
    assert governed.payoffs[both].tolist() == [4.5, 4.5]
    assert np.max(governed.regret(governed.pure(both))) == 0
    paid = {tuple(_played(seed)) for seed in range(12)}
    assert paid == {(2, 7), (7, 2)}


def _played(seed):
    session = Session(CHICKEN, [HALF], seed=seed)
    for seat in range(2):
        assert session.look(seat).sees == {}
        session.submit(seat, {"act": "delegate"})
    return session.totals.tolist()


def test_a_world_pays_as_the_table(same_in_a_world):
    game = random_game(4)
    assert len(same_in_a_world(game, RICH)) == 4 * 27
    same_in_a_world(game, Tax("D", 0.5, shared=True), Mediator("C", ("E", "D", "D"), (("cem", ("E", "C", "")),)))


def test_a_deviator_who_is_the_only_other_one_present():
    """Who is absent neither delegates nor deviates: the one who stays out is still a single player."""
    answers = (("ann", ("-", "D", "D")), ("bob", ("E", "-", "D")))
    game = random_game(6)
    session = Session(game, [Mediator("C", "C", answers)], rounds=2)
    session.leave(2)
    session.lapse()
    before = session.totals.copy()
    session.submit(0, {"act": "delegate"})
    session.submit(1, {"act": "C"})
    assert np.allclose((session.totals - before)[:2], game.payoffs[game.profile(("E", "C", "D"))][:2])


# Answers to groups --------------------------------------------------------------------------------------------------

GROUPS = Mediator(
    ("E", "C", "D"),
    ("C", "D", "C"),
    (
        ("cem", ("E", "D", "-")),
        (("cem", "ann"), ("-", "C", "-"), 0.5),
        (("ann", "cem"), ("-", "D", "-"), 0.5),
        (("bob", "cem"), ("E", "-", "-")),
    ),
)


def test_just_those_who_stay_out_are_answered():
    game = random_game(3)
    governed, d = game.under(GROUPS), "delegate"

    def paid(*labels):
        return governed.payoffs[governed.profile(labels)]

    def base(*labels):
        return game.payoffs[game.profile(labels)]

    assert np.allclose(paid("C", d, "C"), 0.5 * base("C", "C", "C") + 0.5 * base("C", "D", "C"))
    assert np.allclose(paid(d, "D", "C"), base("E", "D", "C"))
    assert np.allclose(paid(d, d, "C"), base("E", "D", "C"))
    assert np.allclose(paid("C", "D", d), base("C", "D", "C"))  # no row for ann and bob: alone
    assert np.allclose(paid("E", d, d), base("E", "D", "C"))  # no row for ann alone
    assert np.allclose(paid(d, d, d), base("E", "C", "D"))


def test_answers_to_groups_hold_on_every_carrier(same_in_a_world):
    report = check_institution(GROUPS, random_game(1))
    assert "27 joint moves" in report.carriers["table"]
    same_in_a_world(random_game(5), GROUPS)


def test_who_is_absent_is_in_no_group():
    """Ann is away: bob, the only one present who stays out, is answered as himself and not as a pair."""
    answers = ((("ann", "bob"), ("-", "-", "D")), ("bob", ("E", "-", "D")))
    game = random_game(7)
    session = Session(game, [Mediator("C", "C", answers)], rounds=2)
    session.leave(0)
    session.lapse()
    before = session.totals.copy()
    session.submit(1, {"act": "D"})
    session.submit(2, {"act": "delegate"})
    assert np.allclose((session.totals - before)[1:], game.payoffs[game.profile(("C", "D", "D"))][1:])


@pytest.mark.parametrize(
    ("against", "error", "said"),
    [
        (((("ann", "ann"), ("-", "C", "C")),), InputError, "several different ones"),
        (((3, ("-", "C", "C")),), InputError, "Its rows are"),
        (((("ann", "bob"), ("-", "-", "C"), 0.5),), InputError, "ann and bob have the odds"),
        (((("ann", "dan"), ("-", "C", "C")),), UnknownName, "player"),
        (((("ann", "cem"), ("-", "E", "-")),), UnknownName, "label of act"),
    ],
)
def test_groups_that_are_none(against, error, said):
    with pytest.raises(error, match=said):
        random_game(1).under(Mediator("C", "C", against))


def test_groups_on_the_command_line():
    text = "mediator:together=(E, C, D),alone=(C, D, C),against=((cem,(E,D,-)),((cem, ann),(-,C,-),1/2),"
    text += "((ann,cem),(-,D,-),0.5),((bob,cem),(E,-,-)))"
    assert build("institutions", text) == GROUPS
    assert GROUPS.odds == {("cem",): (1.0,), ("ann", "cem"): (0.5, 0.5), ("bob", "cem"): (1.0,)}
    assert Mediator("C", "D", ((("ann",), ("-", "C", "C")),)).odds == {("ann",): (1.0,)}


@pytest.mark.parametrize(
    ("mediator", "error", "said"),
    [
        (Mediator("E", "C"), UnknownName, "label of act"),
        (Mediator(("C", "C"), "C"), InputError, "for 2 seats"),
        (Mediator("C", "C", (("dan", ("C", "C", "C")),)), UnknownName, "player"),
        (Mediator("C", "C", (("ann", ("-", "E", "C")),)), UnknownName, "label of act"),
        (Mediator("C", "C", (("ann", ("-", "C")),)), InputError, "for 2 seats"),
    ],
)
def test_plans_that_do_not_fit_the_game(mediator, error, said):
    game = NormalForm(np.zeros((2, 2, 2, 3)), players=NAMES, moves=THREE)
    with pytest.raises(error, match=said):
        game.under(mediator)


@pytest.mark.parametrize(
    ("against", "said"),
    [
        (("ann", ("C", "C")), "Its rows are"),
        ((("ann", "D"),), "Its rows are"),
        ((("ann", ("C", "C"), 0.5),), "have the odds"),
        ((("", ("C", "C"), 1.5), ("", ("D", "C"), -0.5)), "all delegating have the odds"),
        ((("ann", ("C", "C")), ("ann", ("D", "D"))), "have the odds"),
    ],
)
def test_plans_that_are_none(against, said):
    with pytest.raises(InputError, match=said):
        Mediator("C", "D", against)


def test_on_the_command_line():
    assert build("institutions", "mediator:together=C,alone=D") == Mediator("C", "D")
    text = "mediator:together=(C, D),alone=D,against=((row,(-,D)),(column,(D,-),1/2),(column,(C,-),0.5))"
    rows = (("row", ("-", "D")), ("column", ("D", "-"), 0.5), ("column", ("C", "-"), 0.5))
    assert build("institutions", text) == Mediator(("C", "D"), "D", rows)
    assert build("institutions", "mediator:against=((,(C,D),1/2),(,(D,C),1/2))") == HALF
