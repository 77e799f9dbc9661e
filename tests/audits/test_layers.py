"""Charters with layers that carry the target, spare ones and harmful ones; minimal sets by brute force."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits._verify import verify
from ostrom.audits.layers import Layers
from ostrom.audits.sustained import Sustained
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.institutions import GraduatedSanctions, Mediator, Quota, Tax, Vote
from ostrom.testing.check_audit import check_audit

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
CC = ("C", "C")


def parts(claim):
    return {name: told["part"] for name, told in claim.numbers["layers"].items()}


def test_planted_failures_and_successes():
    twice = PD.under(Tax("D", 3.0), Tax("D", 2.5))
    check_audit(Layers(), fails=(PD.under(Tax("D", 3.0)), CC), holds=(twice, CC))
    check_audit(Layers(), fails=(PD.under(Tax("D", 1.0), Tax("D", 0.5)), CC), holds=(twice, CC))


def test_one_carries_two_are_spare_together():
    """The gain is 2: without 1.5 there is 1.6 left, without 1.0 or 0.6 more than 2, without both 1.5."""
    alone, together, harmless = Layers()(PD.under(Tax("D", 1.5), Tax("D", 1.0), Tax("D", 0.6)), CC)
    assert parts(alone) == {"Tax": "load-bearing", "Tax 2": "redundant", "Tax 3": "redundant"}
    assert (alone.verdict, alone.witness["failing"], alone.witness["move"]) == ("refuted", ["Tax"], "D")
    assert alone.witness["gain from leaving"] == pytest.approx(0.4)
    assert together.numbers["minimal breaking sets"] == [["Tax"], ["Tax 2", "Tax 3"]]
    assert together.statement == "It takes at least 1 failing layer to break (C, C): Tax."
    assert harmless.verdict == "proved"


def test_a_charter_that_bears_any_single_failure():
    """Four layers, any of which can fail: forbidden, and fined thrice."""
    rules = (Quota("D", 0.0), Tax("D", 1.5), Tax("D", 1.5), Tax("D", 0.25))
    alone, together, harmless = Layers()(PD.under(*rules), CC)
    assert (alone.verdict, harmless.verdict) == ("proved", "proved")
    assert set(parts(alone).values()) == {"redundant"}
    assert together.numbers["minimal breaking sets"] == [["Quota", "Tax"], ["Quota", "Tax 2"]]
    assert together.numbers["what then"]["Quota and Tax"]["gain from leaving"] == 0.25
    assert alone.numbers["layers"]["Tax"]["gain from leaving"] is None  # nobody has another move


def test_a_layer_that_does_harm():
    """A subsidy on defection eats up most of the tax; without it the target is held by 1 instead of 0.5."""
    alone, _, harmless = Layers()(PD.under(Tax("D", 3.0), Tax("D", -0.5)), CC)
    assert (alone.verdict, harmless.verdict) == ("refuted", "refuted")
    assert harmless.witness["layer"] == "Tax 2"
    assert harmless.witness["gain from leaving"] == {"with it": -0.5, "without it": -1.0}
    told = {"part": "redundant", "harmful": True, "holds": True, "gain from leaving": -1.0}
    assert alone.numbers["layers"]["Tax 2"] == told


def test_a_layer_without_which_equilibria_are_better():
    """A tax on C of 2.5 makes (D, D) the only equilibrium of a stag hunt's neighbour; without it (C, C) is one."""
    hunt = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
    _, _, harmless = Layers()(hunt.under(Tax("hare", 3.5), Tax("stag", 4.5)), ("stag", "stag"))
    assert harmless.verdict == "refuted"
    worst = harmless.witness["welfare of the worst equilibrium"]
    assert worst == {"with it": 3.0, "without it": 4.0}


def test_a_target_that_falls_anyway():
    alone, together, _ = Layers()(PD.under(Tax("D", 0.5), Tax("D", 0.25)), CC)
    assert (alone.verdict, alone.witness["failing"]) == ("refuted", [])
    assert set(parts(alone).values()) == {"idle"}
    assert together.statement == "(C, C) is no equilibrium even if no layer fails."


def test_a_target_that_needs_no_layer():
    alone, together, _ = Layers()(PD.under(Tax("C", 0.5)), ("D", "D"))
    assert alone.verdict == together.verdict == "proved"
    assert together.statement == "(D, D) stays an equilibrium whatever layers fail."


def test_added_moves_stay_when_their_rule_fails():
    """Nobody acts for who delegates to a mediator on paper: it does the first thing there is."""
    both = ("delegate", "delegate")
    alone, _, _ = Layers()(PD.under(Mediator(), Tax("D", 0.5)), both)
    assert parts(alone) == {"Mediator": "load-bearing", "Tax": "redundant"}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_minimal_breaking_sets_as_by_brute_force(seed, layers):
    """Taxes and subsidies on random moves of random games, straight from the definition."""
    rng = np.random.default_rng(seed)
    payoffs = rng.integers(0, 8, (2, 3, 2)).astype(float)
    game = NormalForm(payoffs, moves=(("a", "b"), ("a", "b", "c")))
    rules = [Tax(str(rng.choice(["a", "b", "c"])), float(rng.integers(-3, 6))) for _ in range(layers)]
    place = int(rng.integers(2)), int(rng.integers(3))
    target = tuple("abc"[k] for k in place)

    def holds(failing):
        left = payoffs.copy()
        for k, rule in enumerate(rules):
            if k not in failing:
                left[..., 0] -= rule.rate * (np.array(["a", "b"]) == rule.on)[:, None]
                left[..., 1] -= rule.rate * (np.array(["a", "b", "c"]) == rule.on)
        return left[:, place[1], 0].max() <= left[(*place, 0)] and left[place[0], :, 1].max() <= left[(*place, 1)]

    every = [frozenset(s) for n in range(layers + 1) for s in combinations(range(layers), n)]
    broken = [s for s in every if not holds(s)]
    minimal = {s for s in broken if not any(other < s for other in broken)}
    alone, together, _ = Layers()(game.under(*rules), target)
    names = list(alone.numbers["layers"])
    found = {frozenset(map(names.index, one)) for one in together.numbers["minimal breaking sets"]}
    assert found == minimal
    assert (alone.verdict == "proved") == (not any(len(s) <= 1 for s in broken))
    for k, name in enumerate(names):
        assert alone.numbers["layers"][name]["holds"] == holds({k})


def test_a_game_that_does_not_know_its_layers():
    staged = PD.under(Vote("C", 2), Tax("D", 2.5))
    target = tuple(own[0] for own in staged.dense().moves)
    (claim,) = Layers()(staged, target)
    assert claim.verdict == "unknown"
    assert "base=" in claim.numbers["reason"]
    (bare,) = Layers()(PD, CC)
    assert bare.verdict == "unknown"
    told = Layers(PD, (Tax("D", 3.0), Tax("D", 2.5)))(PD.under(Tax("D", 3.0), Tax("D", 2.5)).dense(), CC)
    assert [claim.verdict for claim in told] == ["proved"] * 3
    assert len(Layers(PD, (Vote("C", 2), Tax("D", 2.5)))(staged, target)) in (1, 3)


STEPS = GraduatedSanctions("D", fines=(2.5, 3.0))


def test_layers_of_a_repeated_game():
    """A first fine above the gain of 2 keeps C at any discount, and so does a tax; each is enough, or one is not."""
    game = PD.repeated(0.1)
    spare, bare = game.under(STEPS, Tax("D", 2.5)), game.under(STEPS, Tax("D", 0.5))
    check_audit(Layers(), fails=(bare, CC), holds=(spare, CC))
    (claim,) = Layers()(bare, CC)
    assert claim.witness == {"failing": ["GraduatedSanctions"], "player": "player 1", "move": "C"}
    assert claim.numbers["layers"]["Tax"] == {"kept": True}
    (books,) = Layers()(PD.repeated(0.9).under(STEPS), CC)
    assert books.verdict == "proved"  # strikes are counted on paper, and players punish by them on their own
    (unknown,) = Layers()(PD.repeated(0.9).under(Tax("D", 2.5)), CC)
    assert unknown.verdict == "unknown"  # grim trigger would do, and remembers by itself
    (never,) = Layers()(game.under(Tax("D", 0.5)), CC)
    assert (never.verdict, never.witness["failing"]) == ("refuted", [])
    assert verify(bare, CC, audits=[Layers()]).verdict == "refuted"
    with pytest.raises(InputError):
        Layers()(bare, CC, worth=[1.0])


@pytest.mark.parametrize(("tax", "fine"), [(2.5, 0.5), (0.5, 2.5), (2.5, 2.5), (1.5, 1.5)])
def test_of_a_repeated_game_each_layer_is_as_that_game_without_it(tax, fine):
    """At so little patience books alone keep nobody: each failing layer is judged as the game that never had it."""
    rules = {"Tax": Tax("D", tax), "GraduatedSanctions": GraduatedSanctions("D", fines=(fine, fine))}
    (claim,) = Layers()(PD.repeated(0.1).under(*rules.values()), CC)
    for name in rules:
        left = [rule for other, rule in rules.items() if other != name]
        (alone,) = Sustained(other_discounts=False)(PD.repeated(0.1).under(*left), CC)
        assert (
            claim.numbers["layers"][name]["kept"] == {"proved": True, "refuted": False, "unknown": None}[alone.verdict]
        )


def test_too_many_layers():
    with pytest.raises(TooLarge, match="11 layers"):
        Layers()(PD.under(*[Tax("D", 1.0)] * 11), CC)
