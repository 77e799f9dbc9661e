"""Misreports: rules that are known to be proof against them, rules that are not, and witnesses that replay."""

import itertools

import numpy as np
import pytest

from ostrom.audits.misreports import Misreports
from ostrom.choice import (
    deferred_acceptance,
    immediate_acceptance,
    max_nash_welfare,
    round_robin,
    serial_dictatorship,
    top_trading_cycles,
)
from ostrom.core.errors import InputError, TooLarge

MEN, WOMEN = [[0, 1, 2], [2, 0, 1], [1, 2, 0]], [[2, 0, 1], [1, 2, 0], [0, 1, 2]]
ORDERS = [np.argsort(one) for one in itertools.permutations(range(3))]


def asked_by(men):
    """The women's side of deferred acceptance: what each of them gets."""
    return lambda women: [held[0] if held else -1 for held in deferred_acceptance(men, women).holders]


def test_planted_receivers_gain_by_cutting_their_lists():
    """Each woman can have her first choice by naming nobody else (Roth 1982; Gale and Sotomayor 1985)."""
    audit, rule = Misreports(up_to=2), asked_by(MEN)
    alone, pair = audit(rule, WOMEN)
    assert alone.verdict == pair.verdict == "refuted"
    assert alone.numbers["gain"] == 2
    for claim in (alone, pair):
        assert audit.replay(rule, claim.witness) == tuple(claim.witness["gains"])
        assert min(claim.witness["gains"]) > 0


def test_planted_a_safe_seat_is_gone_by_the_second_round():
    audit, rule = Misreports(), lambda wants: immediate_acceptance(wants, [[0, 1, 2]] * 3)
    truth = [[0, 1, 2], [0, 1, 2], [1, 0, 2]]
    (claim,) = audit(rule, truth)
    assert claim.verdict == "refuted"
    assert claim.witness["agents"] == [1]
    assert audit.replay(rule, claim.witness) == (1,)
    (fair,) = audit(lambda wants: deferred_acceptance(wants, [[0, 1, 2]] * 3), truth)
    assert fair.verdict == "proved"


def test_a_rule_that_fails_is_told_with_the_report_it_fails_on():
    def takes_complete_lists(said):
        return [row.tolist().index(0) if sorted(row) == [0, 1, 2] else row.index(0) for row in said]

    truth = [[0, 1, 2], [1, 0, 2], [2, 1, 0]]
    with pytest.raises(InputError, match=r"agent 0 says \[.*-1.*AttributeError.*shorter=False") as failed:
        Misreports()(takes_complete_lists, truth)
    assert isinstance(failed.value.__cause__, AttributeError)
    (claim,) = Misreports(shorter=False)(takes_complete_lists, truth)
    assert claim.verdict == "proved"
    with pytest.raises(InputError, match=r"all say \[\[0, 1\], \[0, 1\]\]: ZeroDivisionError.*Mend the rule"):
        Misreports()(lambda said: 1 // 0, [[0, 1], [0, 1]])
    with pytest.raises(InputError, match="all say"):
        Misreports().everywhere(takes_complete_lists, 2, 3)


def test_planted_a_good_that_others_want_is_taken_first():
    audit, values = Misreports(of="values"), [[5.0, 4.0, 0.0], [1.0, 5.0, 2.0]]
    (claim,) = audit(round_robin, values)
    assert claim.verdict == "refuted"
    assert audit.replay(round_robin, claim.witness) == pytest.approx((4.0,))
    (fair,) = audit(lambda table: [0 if table[0, k] > 1 else 1 for k in range(3)], [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]])
    assert fair.verdict == "proved"


def test_no_proposer_gains_in_any_market_of_three():
    """All 46,656 strict markets, up to the names of proposers, and no pair of which both gain."""
    audit = Misreports(up_to=2, shorter=False)
    for second, third in itertools.product(ORDERS, repeat=2):
        women = np.array([ORDERS[0], second, third])
        claims = audit.everywhere(lambda men, women=women: deferred_acceptance(men, women), 3, 3)
        assert [claim.verdict for claim in claims] == ["proved", "proved"]


def test_no_proposer_gains_in_ten_thousand_random_markets():
    """Four a side with gaps in the lists: one lie each that is drawn, by one or by two."""
    rng = np.random.default_rng(0)
    P, Q, said = rng.random((3, 10_000, 4, 4)).argsort(-1).argsort(-1)
    P, Q, said = (np.where(rng.random(one.shape) < 0.2, -1, one) for one in (P, Q, said))
    changed = 0
    for men, women, lie in zip(P, Q, said, strict=True):
        group = rng.choice(4, size=rng.integers(1, 3), replace=False)
        told = men.copy()
        told[group] = lie[group]
        before, after = (deferred_acceptance(one, women).partners for one in (men, told))
        changed += before != after
        places = np.where(men < 0, 9, men)
        got = [[places[i, one[i]] if one[i] >= 0 else 8 for one in (before, after)] for i in group]
        assert not all(new < old for old, new in got)
    assert changed > 3_000


def test_who_only_does_a_favour_counts_where_asked():
    """A man can help another at no cost to himself: only in weak pairs (Dubins and Freedman 1981)."""
    rule = lambda men: deferred_acceptance(men, WOMEN)  # noqa: E731
    *_, pair = Misreports(up_to=2, shorter=False, weak=True).everywhere(rule, 3, 3)
    assert pair.verdict == "refuted"
    gains = Misreports(weak=True).replay(rule, pair.witness)
    assert (min(gains), max(gains)) == (0, 1)


@pytest.mark.parametrize("rule", [serial_dictatorship, top_trading_cycles, lambda men: top_trading_cycles(men, WOMEN)])
def test_trading_is_proof_against_groups(rule):
    claims = Misreports(up_to=2, shorter=False, weak=True).everywhere(rule, 3, 3)
    assert [claim.verdict for claim in claims] == ["proved", "proved"]


def test_everywhere_finds_what_looking_at_each_profile_finds():
    rule = lambda wants: immediate_acceptance(wants, [[0, 1, 2], [1, 0, 2]])  # noqa: E731
    audit = Misreports(up_to=2)
    found = audit.everywhere(rule, 3, 2)
    lists = [
        np.array([order.index(k) if k in order else -1 for k in range(2)])
        for size in range(3)
        for order in itertools.permutations(range(2), size)
    ]
    each = [audit(rule, np.array(profile)) for profile in itertools.product(lists, repeat=3)]
    for at, claim in enumerate(found):
        gains = [claims[at].numbers.get("gain", 0) for claims in each]
        assert claim.numbers.get("gain", 0) == max(gains)
    assert found[0].verdict == "refuted"
    assert audit.replay(rule, found[0].witness) == tuple(found[0].witness["gains"])


def test_many_lies_are_sampled_and_not_called_proved():
    rng = np.random.default_rng(2)
    men, women = rng.random((2, 8, 8)).argsort(2)
    audit, rule = Misreports(up_to=2, most=40), lambda wants: deferred_acceptance(wants, women)
    claims = audit(rule, men, seed=3)
    assert [claim.verdict for claim in claims] == ["supported", "supported"]
    assert all({"n", "interval", "seeds"} <= set(claim.numbers) for claim in claims)
    assert repr(claims) == repr(audit(rule, men, seed=3))
    (caught,) = Misreports(most=40)(asked_by(np.roll(men, 1, 0)), women)
    assert caught.verdict in ("refuted", "supported")
    (planted,) = Misreports(most=40)(lambda wants: [int(np.argmax(row)) for row in wants], men)
    assert planted.verdict == "refuted"
    assert planted.numbers["seeds"] == [0]


def test_worth_can_be_given():
    rule = lambda wants: [len(set(map(tuple, wants.tolist())))] * 2  # noqa: E731
    audit = Misreports(shorter=False)
    (claim,) = audit(rule, [[0, 1], [0, 1]], worth=lambda agent, row, outcome: outcome[agent])
    assert claim.verdict == "refuted"
    assert audit.replay(rule, claim.witness, worth=lambda agent, row, outcome: outcome[agent]) == (1,)


def test_a_division_of_the_largest_product_can_be_manipulated():
    values = np.random.default_rng(1).integers(1, 9, (2, 4)).astype(float)
    audit = Misreports(of="values")
    (claim,) = audit(max_nash_welfare, values)
    assert claim.verdict == "refuted"
    assert audit.replay(max_nash_welfare, claim.witness) == pytest.approx(claim.witness["gains"])


@pytest.mark.parametrize("wrong", [{"up_to": 3}, {"up_to": 0}, {"of": "hopes"}, {"most": 0}])
def test_arguments_are_checked(wrong):
    with pytest.raises(InputError):
        Misreports(**wrong)


def test_preferences_are_checked():
    for wrong in ([[0.5]], [[-2]], [1, 2], [["a"]], []):
        with pytest.raises(InputError):
            Misreports()(serial_dictatorship, wrong)
    with pytest.raises(InputError):
        Misreports(of="values")(round_robin, [[np.nan]])
    with pytest.raises(InputError):
        Misreports(of="values").everywhere(round_robin, 2, 2)
    with pytest.raises(TooLarge):
        Misreports().everywhere(serial_dictatorship, 6, 4)


@pytest.mark.parametrize("unit", [1e-300, 1e-12, 1.0, 1e9])
def test_gains_in_value_count_in_any_unit(unit):
    values = np.array([[5.0, 4.0, 1.0], [4.0, 5.0, 3.0]]) * unit
    found = Misreports(of="values")(round_robin, values)[0]
    told = Misreports(of="values")(round_robin, values / unit)[0]
    assert found.verdict == told.verdict


def test_a_lie_that_pays_pays_in_small_units_too():
    def takes_what_is_named_first(table):
        return [int(table[:, good].argmax()) for good in range(table.shape[1])]

    for unit in (1e-300, 1.0):
        claim = Misreports(of="values")(takes_what_is_named_first, np.array([[3.0, 2.0], [2.0, 2.5]]) * unit)[0]
        assert claim.verdict == "refuted"


@pytest.mark.parametrize("seed", [-1, 1.5, None, "x", True])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(InputError, match="seed"):
        Misreports()(serial_dictatorship, [[0, 1]], seed=seed)


@pytest.mark.parametrize("answer", [3, None, [0.5, 1.0], [[0]], "xy", [0, 9]])
def test_a_rule_that_answers_nonsense_is_told_so(answer):
    with pytest.raises(InputError):
        Misreports().everywhere(lambda table: answer, 2, 2)
    if answer != [0, 9]:
        with pytest.raises(InputError):
            Misreports(of="values")(lambda table: answer, [[1, 2], [2, 1]])


@pytest.mark.parametrize(("agents", "things"), [(2**70, 2), (2, 2**63), (2.5, 2), (2, "x")])
def test_numbers_of_agents_and_things_beyond_reason(agents, things):
    with pytest.raises(InputError):
        Misreports().everywhere(serial_dictatorship, agents, things)


def test_what_is_no_witness_is_refused():
    with pytest.raises(InputError, match="witness"):
        Misreports().replay(serial_dictatorship, {})
