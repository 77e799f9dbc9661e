"""All strategy-proof rules: known numbers, brute force over all rules, and the audit of manipulation."""

from itertools import product

import pytest

from ostrom.choice.strategy_proof_rules import strategy_proof_rules
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.ballots import Ballots

PEAKED = ["a > b > c", "b > a > c", "b > c > a", "c > b > a"]


def test_only_dictators():
    """Gibbard (1973) and Satterthwaite (1975), by a search that is complete."""
    assert [rule.dictator for rule in strategy_proof_rules(2, 3)] == [0, 1]
    assert [rule.dictator for rule in strategy_proof_rules(3, 3)] == [0, 1, 2]
    assert [rule.dictator for rule in strategy_proof_rules(2, 4)] == [0, 1]


def test_without_onto_also_constants_and_votes_between_two():
    """Three constants, for each of three pairs four monotone votes of two voters (18 of three), and the dictators."""
    assert len(strategy_proof_rules(2, 3, onto=False)) == 3 + 3 * 4 + 2
    assert len(strategy_proof_rules(3, 3, onto=False)) == 3 + 3 * 18 + 3


@pytest.mark.parametrize(("voters", "dedekind"), [(1, 3), (2, 6), (3, 20), (4, 168)])
def test_two_alternatives_are_chosen_by_monotone_votes(voters, dedekind):
    """As many as monotone Boolean functions (Dedekind 1897); without the two constants where onto."""
    assert len(strategy_proof_rules(voters, 2, onto=False)) == dedekind
    assert len(strategy_proof_rules(voters, 2)) == dedekind - 2


def monotone(voters):
    """Monotone votes of the voters that are not constant, as tables by who says yes."""
    inputs = list(product((0, 1), repeat=voters))
    for table in product((0, 1), repeat=len(inputs)):
        said = dict(zip(inputs, table, strict=True))
        rises = all(
            said[x] <= said[y] for x in inputs for y in inputs if all(i <= j for i, j in zip(x, y, strict=True))
        )
        if rises and 0 < sum(table) < len(inputs):
            yield said


@pytest.mark.parametrize("voters", [2, 3])
def test_single_peaked_orders_have_generalised_medians(voters):
    """As many as pairs of votes "at most a" and "at most b", the first inside the second (Moulin 1980)."""
    votes = list(monotone(voters))
    pairs = sum(all(one[x] <= two[x] for x in one) for one in votes for two in votes)
    found = strategy_proof_rules(voters, "abc", orders=PEAKED)
    assert len(found) == pairs
    assert sum(rule.dictator is not None for rule in found) == voters
    if voters == 3:  # the median of the peaks is one of them
        tops, every = (0, 1, 1, 2), list(product(range(4), repeat=3))
        assert any(all(rule.table[said] == sorted(tops[k] for k in said)[1] for said in every) for rule in found)


def test_every_rule_of_a_small_domain_by_brute_force():
    """Two voters with two orders of three alternatives: all 81 tables."""
    orders = [(0, 1, 2), (1, 2, 0)]
    expected = set()
    for table in product(range(3), repeat=4):
        chosen = dict(zip(product(range(2), repeat=2), table, strict=True))
        gains = any(
            orders[said[i]].index(chosen[(*said[:i], lie, *said[i + 1 :])]) < orders[said[i]].index(chosen[said])
            for said in chosen
            for i in range(2)
            for lie in range(2)
        )
        if not gains:
            expected.add(table)
    found = strategy_proof_rules(2, "abc", orders=["a > b > c", "b > c > a"], onto=False)
    assert {tuple(rule.table.ravel().tolist()) for rule in found} == expected


def test_a_rule_is_asked_about_ballots():
    first, second = strategy_proof_rules(2, 3)
    ballots = Ballots.of(["b > a > c", "c > b > a"])
    assert (first(ballots).winner, second(ballots).winner) == ("b", "c")
    assert first.chooses == ("a", "b", "c")
    assert first(Ballots.of({"b > a > c": 2})).winner == "b"
    for wrong in (Ballots.of(["a > b > c"]), Ballots.of(["a > b", "c"], "abc"), Ballots.of(["x > y > z"] * 2)):
        with pytest.raises(InputError, match="strict orders"):
            first(wrong)


def test_what_is_too_much_or_no_order_is_refused():
    with pytest.raises(TooLarge, match="fewer voters"):
        strategy_proof_rules(4, 4)
    with pytest.raises(TooLarge, match="more steps"):
        strategy_proof_rules(2, 3, steps=3)
    with pytest.raises(InputError, match="at least one voter"):
        strategy_proof_rules(0, 3)
    with pytest.raises(InputError, match="strict orders"):
        strategy_proof_rules(2, "abc", orders=["a > b = c"])
    with pytest.raises(InputError, match="strict orders"):
        strategy_proof_rules(2, "abc", orders=["a > b > c"] * 2)
