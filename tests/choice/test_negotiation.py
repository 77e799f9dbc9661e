"""Offers in turn: runs by hand, a second player of the protocol, solutions by brute force, and the game of styles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice._styles import STYLES
from ostrom.choice.negotiation import (
    ACCEPT,
    Micro,
    Style,
    TimeDependent,
    alternating_offers,
    negotiation_points,
    replay_offers,
    styles_game,
)
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.negotiation import Negotiation
from ostrom.solvers import pure_equilibria

SEEDS = st.integers(0, 9999)


def cake(pieces=10, deadline=20, reservations=None):
    mine = list(range(pieces + 1))
    return Negotiation({"mine": mine}, [mine, mine[::-1]], reservations, deadline=deadline)


def drawn(seed, issues=3, options=4, parties=2, deadline=20, reserved=0.0):
    rng = np.random.default_rng(seed)
    return Negotiation.additive(
        {f"i{k}": range(options) for k in range(issues)},
        rng.dirichlet(np.ones(issues), parties),
        rng.random((parties, issues, options)),
        [reserved] * parties,
        deadline=deadline,
    )


def by_formula(case, betas):
    """Faratin's time-dependent tactics for a cake of whole pieces, written from the paper."""
    pieces, last = len(case.options[0]) - 1, case.deadline - 1
    table = None
    for turn in range(case.deadline):
        for i, beta in enumerate(betas):
            conceded = (turn / last) ** (1 / beta) * pieces
            asked = int(np.ceil(pieces - conceded - 1e-9))
            if table is not None and (table if i == 0 else pieces - table) >= asked:
                return table, turn + 1
            table = asked if i == 0 else pieces - asked
    return None, case.deadline


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([0.2, 0.5, 1.0, 2.0, 5.0]), st.sampled_from([0.2, 1.0, 5.0]), st.integers(2, 30))
def test_time_dependent_tactics_by_their_formula(one, two, deadline):
    case = cake(deadline=deadline)
    found = alternating_offers(case, (TimeDependent(one), TimeDependent(two)))
    agreed, rounds = by_formula(case, (one, two))
    assert found.agreement == (str(agreed),)
    assert found.rounds == rounds


def test_tough_beats_soft_on_a_cake():
    found = alternating_offers(cake(), ("boulware", "conceder"))
    assert found.utilities[0] > 8
    assert alternating_offers(cake(), ("conceder", "boulware")).utilities[1] > 8
    assert alternating_offers(cake(), ("linear", "linear")).utilities == (5.0, 5.0)


def test_tit_for_tat_gives_what_it_is_given():
    found = alternating_offers(cake(), ("linear", "tit for tat"))
    offers = {party: [int(s.outcome[0]) for s in found.trace if s.party == party and s.act == "offers"]
              for party in found.negotiation.parties}  # fmt: skip
    mine, theirs = np.array(offers["party 1"]), np.array(offers["party 2"])
    assert (np.diff(theirs[: len(mine)])[1:] == -np.diff(mine)[: len(theirs) - 1][1:]).all()
    stuck = alternating_offers(cake(), ("tit for tat", "tit for tat"))
    assert stuck.agreement is None
    assert stuck.utilities == (0.0, 0.0)


def test_micro_meets_itself_in_the_middle():
    """On a cake it goes down by one piece a round, and never repeats itself."""
    found = alternating_offers(cake(deadline=40), ("micro", "micro"))
    offers = [s.outcome for s in found.trace if s.act == "offers" and s.party == "party 1"]
    assert offers == [(str(k),) for k in range(10, 10 - len(offers), -1)]
    assert found.utilities == (5.0, 5.0)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_micro_always_agrees_in_the_end(seed):
    """De Jonge (2022): two of them, with time enough, reach an agreement that is rational for both."""
    case = drawn(seed, deadline=200, reserved=0.2)
    found = alternating_offers(case, ("micro", "micro"), seed=seed)
    if case.rational.any():
        assert found.agreement is not None
        assert (np.array(found.utilities) >= 0.2).all()
    else:
        assert found.agreement is None


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from(list(STYLES)), st.sampled_from(list(STYLES)), st.sampled_from([0.0, 0.4]))
def test_nobody_agrees_to_less_than_it_has_and_every_trace_replays(seed, one, two, reserved):
    case = drawn(seed, reserved=reserved)
    found = alternating_offers(case, (one, two), seed=seed)
    assert found == alternating_offers(case, (one, two), seed=seed)
    assert (np.array(found.utilities) >= case.reservations).all()
    assert replay_offers(case, found.trace) == found.agreement
    if found.agreement is not None:
        assert found.utilities == tuple(case.utilities[:, case.index(found.agreement)])


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_three_parties_agree_only_when_two_have_accepted(seed):
    case = drawn(seed, parties=3)
    found = alternating_offers(case, ("linear", "conceder", "micro"), seed=seed)
    assert replay_offers(case, found.trace) == found.agreement
    if found.agreement is not None:
        assert [s.act for s in found.trace[-2:]] == ["accepts", "accepts"]
        assert found.trace[-3].act == "offers"


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(2, 3))
def test_distances_by_brute_force(seed, parties):
    case = drawn(seed, parties=parties, options=3, reserved=0.3)
    found = alternating_offers(case, ["aspiration"] * parties, seed=seed)
    at = np.array(found.utilities)
    columns = case.utilities.T
    front = [u for u in columns if not any((v >= u).all() and (v > u).any() for v in columns)]
    assert found.distances["Pareto"] == pytest.approx(min(np.linalg.norm(u - at) for u in front))
    gains = [u - 0.3 for u in columns if (u > 0.3).all()]
    assert ("Nash" in found.distances) == bool(gains)
    if gains:
        named = negotiation_points(case)
        nash = case.utilities[:, case.index(named["Nash"])] - 0.3
        assert np.prod(nash) == pytest.approx(max(np.prod(g) for g in gains))
        rational = [u - 0.3 for u in front if (u >= 0.3).all()]
        ideal = np.max(rational, axis=0)
        fair = case.utilities[:, case.index(named["Kalai–Smorodinsky"])] - 0.3
        assert min(fair / ideal) == pytest.approx(max(min(g / ideal) for g in rational))
        assert found.distances["Nash"] == pytest.approx(np.linalg.norm(nash + 0.3 - at))


def test_delay_costs_where_it_is_discounted():
    case = Negotiation({"mine": range(11)}, [range(11), range(10, -1, -1)], deadline=21, discounts=[0.5, 1])
    found = alternating_offers(case, ("linear", "linear"))
    share = (found.rounds - 1) / 20
    assert found.utilities[0] == pytest.approx(int(found.agreement[0]) * 0.5**share)
    assert found.utilities[1] == 10 - int(found.agreement[0])
    assert found.distances["Pareto"] == 0


def test_the_game_of_styles_has_the_payoffs_of_its_runs():
    cases = [drawn(k) for k in range(3)]
    found = styles_game(cases, ("linear", "micro", "hardliner"), seeds=2, seed=5)
    runs = [alternating_offers(case, ("micro", "linear"), seed=5 + k) for case in cases for k in range(2)]
    assert found.runs == 6
    assert found.game.payoffs[1, 0] == pytest.approx(np.mean([run.utilities for run in runs], axis=0))
    assert found.agreed[1, 0] == np.mean([run.agreement is not None for run in runs])
    assert found.game.moves[0] == ("linear", "micro", "hardliner")


def test_choosing_between_a_hardliner_and_a_conceder_is_chicken():
    found = styles_game(cake(), ("hardliner", "conceder"))
    names = {found.game.labels(one) for one in pure_equilibria(found.game).profiles}
    assert ("hardliner", "conceder") in names
    assert ("conceder", "hardliner") in names
    assert found.agreed[0, 0] == 0


class Stubborn(Style):
    name = "stubborn"

    def __init__(self, says):
        self.says = says

    def turn(self, seat):
        return self.says


def test_ones_own_style_takes_part_and_is_held_to_the_protocol():
    found = alternating_offers(cake(), (Stubborn(3), "linear"))
    assert found.agreement == ("3",)
    for says in (ACCEPT, 11, -2):
        with pytest.raises(InputError, match="stubborn"):
            alternating_offers(cake(), (Stubborn(says), "micro"))


def test_where_somebody_has_nothing_to_gain_nobody_speaks():
    found = alternating_offers(cake(reservations=[11, 0]), ("linear", "linear"))
    assert (found.agreement, found.rounds, found.trace) == (None, 0, ())
    assert found.utilities == (11.0, 0.0)
    assert negotiation_points(cake(reservations=[11, 0])) == {}


def test_a_forged_trace_is_refused():
    found = alternating_offers(cake(), ("linear", "linear"))
    trace = list(found.trace)
    for forged in (
        trace[1:],
        [trace[0]._replace(act="accepts"), *trace[1:]],
        [*trace[:-1], trace[-1]._replace(outcome=("9",))],
        [*trace, trace[-1]],
        [trace[0]._replace(outcome=("99",)), *trace[1:]],
    ):
        with pytest.raises(InputError):
            replay_offers(cake(), forged)
    assert replay_offers(cake(), trace[:-1]) is None


def test_what_cannot_be_run_is_refused():
    with pytest.raises(InputError):
        alternating_offers(cake(), ("linear",))
    with pytest.raises(UnknownName, match="boulware"):
        alternating_offers(cake(), ("linear", "bolware"))
    for call in (lambda: TimeDependent(0), lambda: styles_game([], ("linear", "micro")), lambda: styles_game(
        cake(), ("micro", Micro())
    ), lambda: styles_game(cake(), ("micro",))):  # fmt: skip
        with pytest.raises(InputError):
            call()
    with pytest.raises(TooLarge):
        styles_game(cake(), seeds=10_000)
