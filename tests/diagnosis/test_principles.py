"""Design principles: what each rule does is found, and what it only says of itself is not believed."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ostrom as om
from ostrom import NormalForm
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.game import Fact
from ostrom.core.ground import Part
from ostrom.core.institution import Institution
from ostrom.diagnosis.principles import principles

RULES = om.institutions
NAMES = ("1A", "1B", "2B", "3", "4", "4A", "5", "6", "7", "8")


def dilemma(players=("row", "column")):
    """A prisoner's dilemma of two or three seats, with a fact."""
    harvest = Fact.of_own_move("harvest", "units", (1.0, 3.0))
    moves = np.indices((2,) * len(players))
    payoffs = np.stack([2.0 * own - 1.5 * (moves.sum(0) - own) + 3 for own in moves], -1)
    return NormalForm(payoffs, players=players, moves=["C", "D"], facts=[harvest])


PAIR, THREE = dilemma(), dilemma(("one", "two", "three"))


class Flat(Institution):
    """Graduated sanctions, says its name; it counts violations and takes the same every time."""

    memory = "finite"

    def found(self, ground):
        return {"strikes": np.zeros(len(ground.players), np.int32)}

    def settle(self, now, payoffs):
        return payoffs - 2.0 * now.did("act", "D")

    def remember(self, now, payoffs):
        return {"strikes": np.minimum(now.record["strikes"] + now.did("act", "D"), 5).astype(np.int32)}


class ShamVote(Institution):
    """Everybody votes, and nobody counts."""

    def menu(self, ground):
        return ground.preceded_by(Part("vote", ("no", "yes")))

    def settle(self, now, payoffs):
        return payoffs - 2.0 * now.did("act", "D")


class Reporter(Institution):
    """Seat 0 may report seat 1, who then pays if it did D; what the reporter gets is a parameter of the test."""

    wage: float = 1.0
    bounty: float = 0.0
    hush: float = 0.0

    def menu(self, ground):
        return ground.followed_by(Part("report", ("no", "yes"), who=(0,)))

    def settle(self, now, payoffs):
        told, guilty = now.did("report", "yes")[..., :1], now.did("act", "D")[..., 1:2]
        first, second = np.arange(2) == 0, np.arange(2) == 1
        gets = self.wage + self.bounty * (told & guilty) + self.hush * (~told & guilty)
        return payoffs - 3.0 * (told & guilty) * second + gets * first


class Falls(Institution):
    """Who uses less pays more."""

    def settle(self, now, payoffs):
        return payoffs - 2.0 * now.did("act", "C")


class Poll(Institution):
    """All pay the same."""

    def settle(self, now, payoffs):
        return payoffs - 1.0


class Refund(Institution):
    """Whatever was taken from anybody for D is given back."""

    def settle(self, now, payoffs):
        return payoffs + 2.0 * (now.did("ballot", "rate 2").all(-1, keepdims=True) & now.did("act", "D"))


def test_a_graduated_rule_whose_fines_are_flat_is_caught():
    told = principles(PAIR, Flat())["graduated sanctions"]
    assert told.answer == "fails"
    assert told.witness["fines"] == [2.0] * 6
    assert principles(PAIR, RULES.GraduatedSanctions())["5"].answer == "holds"


def test_a_vote_that_changes_nothing_is_caught():
    told = principles(PAIR, ShamVote())["collective choice"]
    assert told.answer == "fails"
    assert "'vote'" in told.sentence
    true = principles(PAIR, RULES.Vote())["collective choice"]
    assert (true.answer, true.witness["voice"]) == ("holds", ["column", "row"])


@pytest.mark.parametrize(
    ("pay", "answer", "numbers"),
    [
        ({"wage": 1.0}, "fails", {"paid in any case": 1.0}),
        ({"wage": 0.0}, "fails", {"monitors": ["row"]}),
        ({"wage": 0.0, "bounty": 2.0}, "holds", {"gain": 2.0}),
        ({"wage": 0.0, "hush": 4.0}, "fails", {"gain from looking away": 4.0}),
    ],
)
def test_a_monitor_who_is_paid_whatever_he_reports_is_caught(pay, answer, numbers):
    told = principles(PAIR, Reporter(**pay))["accountable monitors"]
    assert (told.answer, told.witness) == (answer, numbers)


def test_bribes_make_monitors_look_away():
    fines = RULES.Fines(schedule=(("row", "D", 5.0),), shared=False)
    honest = RULES.Policed(rule=fines, inspectors=("column",), reward=2.0)
    bought = RULES.Bribery(rule=fines, inspectors=("column",), bribe=3.0)
    assert principles(PAIR, honest)["4A"].witness == {"gain": 2.0}
    told = principles(PAIR, bought)["4A"]
    assert (told.answer, told.witness) == ("fails", {"gain from looking away": 3.0})


def test_peers_who_punish_are_among_those_who_are_watched():
    told = principles(THREE, RULES.PeerPunishment())
    assert (told["monitoring"].answer, told["accountable monitors"].answer) == ("holds", "holds")
    assert told["collective choice"].answer == "fails"


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=4).map(sorted).filter(lambda fines: fines[-1] > 0))
def test_fines_are_found_step_by_step(fines):
    told = principles(PAIR, RULES.GraduatedSanctions(on="D", fines=tuple(map(float, fines))))["graduated sanctions"]
    due = [float(fines[min(k, len(fines) - 1)]) for k in range(6)]
    if told.answer == "not applicable":  # the first D is free, and the calm after it as well
        assert due[0] == 0
    else:
        assert told.witness["fines"] == due
        assert told.answer == ("holds" if due[-1] > due[0] else "fails")


def test_an_exclusion_after_two_violations_is_graduated():
    rule = RULES.GraduatedSanctions(on="D", fines=(1.0, 1.0), exclusion=2, rest="C")
    told = principles(PAIR, rule)["graduated sanctions"]
    assert (told.answer, told.witness["fines"], told.witness["excluded after"]) == ("holds", [1.0, 1.0], 2)


def test_fines_that_fall_due_later_are_counted_where_they_were_earned():
    rule = RULES.Delayed(rule=RULES.GraduatedSanctions(on="D", fines=(0.5, 2.0)), rounds=2)
    assert principles(PAIR, rule)["graduated sanctions"].witness["fines"] == [0.5, 2.0, 2.0, 2.0, 2.0, 2.0]


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 4), st.integers(0, 2**16))
def test_a_vote_is_a_voice_where_brute_force_says_so(needed, seed):
    """A motion of three that needs `needed` votes: some vote decides if and only if it can be carried and lost."""
    decisive = any(sum(v) + 1 >= needed > sum(v) for v in np.ndindex(2, 2))

    class Counted(RULES.Vote):  # of any number, also of more than there are seats
        def carried(self, now):
            return (now.did("vote", "yes") & now.present).sum(-1, keepdims=True) >= needed

    told = principles(THREE, Counted(), seed=seed)["collective choice"]
    assert (told.answer == "holds") == decisive


@settings(max_examples=6, deadline=None)
@given(st.floats(-3, 3).filter(lambda rate: abs(rate) > 0.01))
def test_what_is_paid_rises_with_what_is_used_or_falls(rate):
    class Price(Institution):
        def settle(self, now, payoffs):
            return payoffs - rate * now.amount("harvest")

    told = principles(PAIR, Price())["congruence"]
    if rate > 0:
        assert told.answer == "holds"
        assert told.witness["least per unit"] == pytest.approx(rate)
        assert told.witness["most per unit"] == pytest.approx(rate)
    else:
        assert told.answer == "fails"
        assert told.witness["paid"] == pytest.approx(2 * rate)


def test_what_is_not_congruent():
    assert principles(PAIR, Falls())["congruence"].answer == "fails"
    assert "the same whatever" in principles(PAIR, Poll())["congruence"].sentence
    assert principles(PAIR, RULES.Ban(moves=(("*", "D"),)))["congruence"].answer == "not applicable"


def test_boundaries_are_where_some_may_and_others_may_not():
    licence = principles(THREE, RULES.Licence(on="D", holders=("two",)))
    assert licence["1A"].who == ("two", "one")
    assert licence["1B"].witness["move"] == "D"
    all_alike = principles(THREE, RULES.Quota(on="D", limit=0))
    assert (all_alike["1A"].answer, all_alike["1B"].answer) == ("fails", "holds")


def test_the_odds_of_being_seen():
    fines = RULES.Fines(schedule=(("*", "D", 5.0),), shared=False)
    told = principles(PAIR, RULES.Enforced(rule=fines, detection=0.3))["monitoring"]
    assert (told.answer, told.witness["odds"]) == ("holds", pytest.approx(0.3))


def test_what_is_lost_can_be_won_back_or_not():
    lost = "BBBBGGBG"  # who is bad stays so whatever it does
    ways = {
        RULES.GraduatedSanctions(on="D", forgotten=2): 2,
        RULES.GraduatedSanctions(on="D", forgotten=0): None,
        RULES.Restoration(rule=RULES.Reputation(norm=lost), cost=2.0): 1,
        RULES.Reputation(norm=lost): None,
    }
    for rule, rounds in ways.items():
        told = principles(PAIR, rule)["conflict resolution"]
        assert told.answer == ("fails" if rounds is None else "holds"), rule
        assert rounds is None or len(told.witness["plays"]) == rounds, rule


def test_a_charge_by_mistake_that_is_never_paid_back_is_found():
    fines = RULES.Fines(schedule=(("*", "D", 5.0),), shared=False)
    rule = RULES.Enforced(rule=fines, detection=0.5, mistaken=0.1, wrong=2.0)
    told = principles(PAIR, rule)["conflict resolution"]
    assert (told.answer, told.witness) == ("fails", {"charged by mistake": 2.0})
    assert principles(PAIR, RULES.Enforced(rule=fines, detection=0.5))["6"].answer == "not applicable"


def test_an_outer_layer_that_undoes_what_was_decided_is_found():
    decided = RULES.Referendum(rule=RULES.Tax(on="D"), levels=(0.0, 2.0), count="plurality")
    assert principles(PAIR, decided)["right to organise"].answer == "not applicable"
    kept = principles(PAIR, decided, RULES.Tax(on="C", rate=0.5))["right to organise"]
    assert (kept.answer, kept.witness["left"]) == ("holds", pytest.approx(1))
    undone = principles(PAIR, decided, Refund())["right to organise"]
    assert (undone.answer, undone.witness["left"]) == ("fails", 0.0)


def test_rules_within_rules():
    tax = RULES.Tax(on="D")
    assert principles(PAIR, tax, RULES.Quota(on="D", limit=1))["nested enterprises"].answer == "fails"
    part = principles(THREE, RULES.Fines(schedule=(("one", "D", 1.0),), shared=False), RULES.Tax(on="D"))["8"]
    assert (part.answer, part.witness["inner"]) == ("holds", ["one"])
    assert principles(PAIR, RULES.Enforced(rule=tax))["8"].witness["wraps"] == ["Enforced", "Tax"]


def test_no_rules_at_all():
    told = principles(PAIR)
    assert told.holding == ()
    assert [one.number for one in told.principles] == list(NAMES)


def test_repeated_and_governed_games_bring_their_rules_along():
    rule = RULES.GraduatedSanctions(on="D", forgotten=2)
    assert principles(PAIR.repeated(0.9).under(rule)) == principles(PAIR, rule)
    assert principles(PAIR.under(RULES.Tax(on="D"))) == principles(PAIR, RULES.Tax(on="D"))


def test_many_choices_are_drawn_and_it_is_said():
    told = principles(om.games.CommonPool(), RULES.Tax(on="appropriation"))
    assert told["congruence"].sampled
    assert told["congruence"].witness["most per unit"] == pytest.approx(1)
    assert told == principles(om.games.CommonPool(), RULES.Tax(on="appropriation"))
    assert not principles(PAIR, RULES.Tax(on="D"))["congruence"].sampled


def test_the_answer_prints_and_is_plain_data():
    told = principles(PAIR, RULES.GraduatedSanctions(on="D", forgotten=2))
    assert json.loads(json.dumps(told.to_dict()))["principles"][6]["witness"]["fines"][:3] == [0.5, 1.0, 2.0]
    assert "holds           5   graduated sanctions:" in str(told)
    assert [finding.numbers["answer"] for finding in told.findings] == [one.answer for one in told.principles]


def test_what_is_no_such_game_or_principle():
    with pytest.raises(InputError, match="crowds"):
        principles(om.games.Pigou())
    with pytest.raises(InputError, match="no game"):
        principles(RULES.Tax())  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="graduated"):
        principles(PAIR)["graduated"]
