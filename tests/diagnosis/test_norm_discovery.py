"""Planted norms are recovered from sessions, none is found where there is none, and likelihoods are those by hand."""

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bernoulli, binomtest

from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.society import Session
from ostrom.diagnosis._norm_institution import Charge
from ostrom.diagnosis._norm_standings import SLIPS, WRONGS, _filtered, pairs
from ostrom.diagnosis.norm_discovery import Behaviour, discover_norm
from ostrom.games.commons import Commons
from ostrom.games.prisoners_dilemma import PrisonersDilemma
from ostrom.games.public_goods import PublicGoods
from ostrom.institutions import (
    Enforced,
    Fines,
    GraduatedSanctions,
    Mistakes,
    Notice,
    PeerPunishment,
    Reputation,
    Tax,
)

DILEMMA, COMMONS, GOODS = PrisonersDilemma(), Commons(), PublicGoods()
FINE = Fines((("*", "D", 2.0),), shared=False)


def played(game, institutions, choose, episodes=8, rounds=15, seed=0, first=0):
    """The log of live sessions."""
    rng, events = np.random.default_rng(seed), []
    for episode in range(first, first + episodes):
        session = Session(game, institutions, rounds=rounds, seed=1000 * seed + episode, episode=episode)
        while not session.over:
            look = session.look(session.waiting[0])
            session.submit(look.seat, {part: choose(rng, look, part) for part in look.choices})
        events += session.log
    return events


def anyhow(rng, look, part):
    options = look.choices[part]
    return options[rng.integers(len(options))]


def by_standing(slip, rule="DC"):
    """Helps the good and not the bad (or another rule, by the standing of both), but for slips."""

    def choose(rng, look, part):
        own, other = (int(look.sees["standing"][seat]) for seat in (look.seat, 1 - look.seat))
        helps = (rule * (4 // len(rule)))[2 * own + other] == "C"
        return "C" if helps ^ (rng.random() < slip) else "D"

    return choose


def punishing_free_riders(rng, look, part):
    """Who gives something names now and then one who gives nothing; and once in a while anybody names anyone."""
    if part == "act" or rng.random() < 0.05:
        return anyhow(rng, look, part)
    acts = look.sees["act"]
    blamed = [name for name, act in zip(GOODS.players, acts, strict=True) if act == "0" and name in look.choices[part]]
    return blamed[0] if blamed and acts[look.seat] != "0" and rng.random() < 0.7 else "nobody"


# Sanctions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("game", "planted"),
    [
        (DILEMMA, FINE),
        (DILEMMA, Fines((("*", "D", 2.0),))),
        (DILEMMA, GraduatedSanctions(on="D", fines=(0.5, 1.0, 2.0), forgotten=3)),
        (DILEMMA, GraduatedSanctions(on="D", fines=(0.5, 2.0), shared=True)),
        (COMMONS, GraduatedSanctions(on="harvest", above=3.0, fines=(1.0,))),
        (COMMONS, GraduatedSanctions(on="harvest", above=2.0, fines=(1.0, 2.0, 3.0))),
        (COMMONS, Tax(on="harvest", rate=0.5)),
        (COMMONS, Fines((("*", "2", 1.0), ("*", "4", 3.0)), shared=False)),
        (COMMONS, Charge("harvest", others=True, fixed=1.0, rate=0.5)),
        (COMMONS, Charge("harvest", above=2.0, fixed=0.0, rate=0.5, below=True)),
        (COMMONS, Charge("harvest", above=1.0, fixed=1.0, rate=0.5, shared=True)),
        (COMMONS, Charge("harvest", above=2.0, fixed=1.0, rate=0.5)),  # half of all of it, above two
    ],
    ids=repr,
)
def test_a_planted_sanction_is_handed_out_as_the_institution_it_is(game, planted):
    found = discover_norm(played(game, [planted], anyhow, episodes=10), game, family="sanctions")
    assert found.found
    assert found.institution == planted
    assert (found.hit, found.mistaken) == (1, 0)
    assert found.amount.off == pytest.approx(0, abs=1e-6)
    assert found.gain.above_zero
    assert found.held_out > found.free_held_out


def test_a_rule_enforced_now_and_then_comes_with_its_odds():
    planted = Enforced(FINE, detection=0.4, mistaken=0.1, wrong=1.0)
    found = discover_norm(played(DILEMMA, [planted], anyhow, episodes=60), DILEMMA, family="sanctions")
    rule = found.institution
    assert found.found
    assert isinstance(rule, Enforced)
    assert rule.rule == FINE
    assert rule.detection == pytest.approx(0.4, abs=0.05)
    assert rule.mistaken * rule.detection == pytest.approx(0.04, abs=0.02)
    assert rule.wrong == pytest.approx(1.0)


def test_a_notice_board_round_a_rule_does_not_hide_it():
    found = discover_norm(played(DILEMMA, [Notice(FINE)], anyhow), DILEMMA)
    assert found.institution == FINE
    assert found.family == "sanctions"


def test_peers_who_punish_free_riders():
    events = played(GOODS, [PeerPunishment(cost=1.0, harm=3.0)], punishing_free_riders, episodes=6, rounds=12)
    found = discover_norm(events, GOODS, family="peers")
    assert found.found
    assert found.institution == PeerPunishment(cost=1.0, harm=3.0)
    there = {found.norm, *found.same}
    assert any(one.labels == ("0",) and one.clean for one in there)
    assert any(one.kind == "below" and one.bar == 10 and one.until == 0 and one.clean for one in there)
    assert "punished by those who do not" in found.finding.sentence


def test_who_is_always_fined_and_always_defects_is_not_told_from_one_who_is_fined_for_who_he_is():
    """One player always defects and the other never: no rate of conduct is needed to foretell the fines."""
    events = played(DILEMMA, [FINE], lambda rng, look, part: "CD"[look.seat])
    assert not discover_norm(events, DILEMMA, family="sanctions").found
    assert discover_norm(events, DILEMMA, family="sanctions", rates="all").found


# Reputation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("norm", ["GBBG", "GGBG", "BGBG", "BBBG"])
@pytest.mark.parametrize("logged", [True, False], ids=["standings logged", "standings hidden"])
def test_a_planted_norm_is_recovered(norm, logged):
    events = played(DILEMMA, [Reputation(norm)], by_standing(0.15), episodes=24, rounds=20, seed=5)
    if not logged:
        events = [replace(event, observation=None) for event in events]
    found = discover_norm(events, DILEMMA, family="reputation")
    assert found.found
    assert found.norm.rule == "DC"
    assert found.norm.norm == norm
    assert found.hit == pytest.approx(0.85, abs=0.06)
    if logged:
        assert found.institution == Reputation(norm)
    assert found.rivals == () or not logged


def test_a_norm_of_the_third_order_with_mistakes():
    planted = Mistakes(Reputation("GBGGGBBG"), error=0.05)
    events = played(DILEMMA, [planted], by_standing(0.2, "CCDC"), episodes=40, rounds=30, seed=2)
    found = discover_norm(events, DILEMMA, family="reputation", order=3)
    assert found.found
    assert (found.norm.norm, found.norm.rule) == ("GBGGGBBG", "CCDC")
    assert found.institution.error == pytest.approx(0.05, abs=0.015)


def test_among_more_than_two_all_others_have_to_be_good():
    def choose(rng, look, part):
        fine = all(good for seat, good in enumerate(look.sees["standing"]) if seat != look.seat)
        return "20" if fine ^ (rng.random() < 0.15) else rng.choice(["0", "10"]).item()

    events = played(GOODS, [Reputation("GBBG", good="20")], choose, episodes=10)
    found = discover_norm(events, GOODS, family="reputation", good="20")
    assert found.found
    assert found.institution == Reputation("GBBG", good="20")
    assert found.rivals == ()


def test_norms_that_differ_in_what_never_happened_are_reported_together():
    """Nobody slips, so nobody is ever bad: what befalls the bad is not seen, and neither is a reply to them."""
    standing = np.ones((6, 10, 2), int)
    moves = np.zeros((6, 10, 2), int)
    moves[:, 3, 0], moves[:, 4, 1] = 1, 1
    standing[:, 4, 0], standing[:, 5, 1] = 0, 1
    found = discover_norm(Behaviour(moves, ("C", "D"), standing=standing), family="reputation")
    norms = {found.norm, *found.same}
    assert {one.norm[2:] for one in norms} == {"BG"}  # to the good
    assert {one.norm[0] for one in norms} == {"G"}  # defection against the bad was judged good
    assert {one.norm[1] for one in norms} == {"B", "G"}  # cooperation with the bad was never seen


def donors(norm, seats, episodes, rounds, seed, slip=0.1, wrong=0.0, direct=False):
    """Two of several are drawn in each round, one to help the other or not by the standing that nobody logs."""
    rng, verdicts = np.random.default_rng(seed), np.array([letter == "G" for letter in norm]).reshape(2, 2)
    moves, partner = np.full((episodes, rounds, seats), -1), np.full((episodes, rounds, seats), -1)
    for episode in range(episodes):
        good, last = np.ones(seats, int), np.ones((seats, seats), int)
        for t in range(rounds):
            donor, recipient = rng.choice(seats, 2, replace=False)
            deserves = last[recipient, donor] if direct else good[recipient]
            helps = int(deserves) ^ (rng.random() < slip)
            moves[episode, t, donor], partner[episode, t, donor] = 1 - helps, recipient
            good[donor] = verdicts[good[recipient], helps] ^ (rng.random() < wrong)
            last[donor, recipient] = helps
    return Behaviour(moves, ("C", "D"), partner=partner)


def test_hidden_standings_among_four_who_meet_in_turn():
    found = discover_norm(donors("GBBG", 4, 12, 60, seed=1, wrong=0.03), family="reputation")
    assert found.found
    assert (found.norm.norm, found.norm.rule) == ("GBBG", "DC")


def test_who_repays_in_kind_is_no_follower_of_a_norm():
    kind = donors("GGGG", 3, 12, 60, seed=3, direct=True)
    assert discover_norm(kind, family="reputation").found  # standings explain it better than rates that are constant
    assert not discover_norm(kind, family="reputation", rates="direct").found
    norm = donors("GBBG", 4, 30, 80, seed=3)
    assert discover_norm(norm, family="reputation", rates="direct").found


@given(st.integers(0, 2**20))
@settings(max_examples=5, deadline=None)
def test_the_filter_is_the_sum_over_all_histories_of_standings(seed):
    rng = np.random.default_rng(seed)
    behaviour = Behaviour(rng.integers(-1, 2, (1, 4, 2)), ("C", "D"))
    did = behaviour.moves == 0
    there, verdicts, acts = pairs(2)
    found, errors = _filtered(behaviour, did, verdicts, acts)
    assert found.shape == (32, len(SLIPS) * len(WRONGS), 1)
    for one, grid in ((rng.integers(32), rng.integers(20)) for _ in range(4)):
        slip, wrong = errors[grid]
        norm, rule = there[one].norm, there[one].rule
        total = 0.0
        for path in product(product((0, 1), repeat=2), repeat=4):
            odds = float(path[0] == (1, 1))
            after = [*path[1:], None]
            for t in range(4):
                for seat in range(2):
                    if not behaviour.acted[0, t, seat]:
                        odds *= after[t] is None or after[t][seat] == path[t][seat]
                        continue
                    met = path[t][1 - seat] if behaviour.acted[0, t, 1 - seat] else 1
                    helped = int(did[0, t, seat])
                    odds *= 1 - slip if (rule[met] == "C") == helped else slip
                    if after[t] is not None:
                        good = norm[2 * met + helped] == "G"
                        odds *= 1 - wrong if good == after[t][seat] else wrong
            total += odds
        assert found[one, grid, 0] == pytest.approx(math.log(total))


# No norm ----------------------------------------------------------------------------------------------------------


def norm_free(rng, episodes=6, rounds=12, seats=3):
    """Conduct that answers to earlier sanctions, and sanctions at rates of their own for each player."""
    rate, moves = rng.uniform(0.05, 0.6, seats), np.zeros((episodes, rounds, seats), int)
    hit = rng.random(moves.shape) < rate
    for t in range(rounds):
        odds = rng.uniform(0.2, 0.8, seats) if t == 0 else np.where(hit[:, t - 1], 0.2, 0.6)
        moves[:, t] = rng.random((episodes, seats)) < odds
    return Behaviour(moves, ("C", "D"), facts={"harvest": rng.integers(0, 9, moves.shape)}, taken=hit * 2.0)


def test_false_alarms_among_sanctions_are_no_more_frequent_than_stated():
    rng, runs = np.random.default_rng(1), 300
    found = [discover_norm(norm_free(rng), family="sanctions", alpha=0.1) for _ in range(runs)]
    assert binomtest(sum(one.found for one in found), runs, 0.1, "greater").pvalue > 0.01
    worth = np.exp([one.evidence for one in found])
    assert worth.mean() <= 1 + 3 * worth.std() / math.sqrt(runs)  # the law behind it
    fitted = [discover_norm(norm_free(rng), family="sanctions", rates="all") for _ in range(40)]
    assert np.mean([one.train > one.free_train for one in fitted]) > 0.8  # what fitting alone would have found


def test_false_alarms_among_peers_are_no_more_frequent_than_stated():
    """Grudges: each punishes each other one at a rate of its own, whatever that one did."""
    rng, runs, found = np.random.default_rng(3), 150, []
    for _ in range(runs):
        moves = (rng.random((4, 10, 3)) < rng.uniform(0.1, 0.9, 3)).astype(int)
        named = rng.random((4, 10, 3, 3)) < rng.uniform(0, 0.6, (3, 3))
        found.append(discover_norm(Behaviour(moves, ("C", "D"), named=named), family="peers", alpha=0.1))
    assert binomtest(sum(one.found for one in found), runs, 0.1, "greater").pvalue > 0.01


@pytest.mark.parametrize("logged", [True, False], ids=["standings logged", "standings hidden"])
def test_false_alarms_among_reputations_are_no_more_frequent_than_stated(logged):
    rng, runs, found = np.random.default_rng(2), 150, []
    for _ in range(runs):
        moves = (rng.random((4, 12, 2)) < rng.uniform(0.1, 0.9, 2)).astype(int)
        standing = (rng.random(moves.shape) < 0.7).astype(int) if logged else None
        found.append(discover_norm(Behaviour(moves, ("C", "D"), standing=standing), family="reputation", alpha=0.1))
    assert binomtest(sum(one.found for one in found), runs, 0.1, "greater").pvalue > 0.01


@given(st.integers(0, 2**20))
@settings(max_examples=10, deadline=None)
def test_the_evidence_is_the_likelihood_ratio_by_hand(seed):
    behaviour = norm_free(np.random.default_rng(seed))
    found = discover_norm(behaviour, family="sanctions")
    hit, broken, held = behaviour.taken > 0, found.norm.broken(behaviour), np.array([0, 1] * 3, bool)
    norm = free = 0.0
    for wrong in (False, True):
        before = hit[~held][broken[~held] == wrong]
        rate = (before.sum() + 0.5) / (len(before) + 1)
        norm += bernoulli(rate).logpmf(hit[held][broken[held] == wrong]).sum()
    for seat in range(3):
        own = hit[held][..., seat]
        free += bernoulli(own.mean()).logpmf(own).sum()
    assert found.evidence == pytest.approx(norm - free)
    assert found.held_out == pytest.approx(norm / hit[held].size)
    assert found.decisions == hit[held].size


def test_where_nobody_is_sanctioned_there_is_no_norm_and_it_says_so():
    found = discover_norm(played(DILEMMA, [], anyhow), DILEMMA)
    assert not found.found
    assert all(not one.found for one in found.besides)
    quiet = next(one for one in (found, *found.besides) if one.family == "sanctions")
    assert quiet.norm is None
    assert "No norm behind sanctions can be told" in str(quiet)


# There and back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("game", "planted", "choose", "family"),
    [
        (COMMONS, GraduatedSanctions(on="harvest", above=2.0, fines=(1.0, 2.0)), anyhow, "sanctions"),
        (DILEMMA, FINE, anyhow, "sanctions"),
        (DILEMMA, Reputation("GBBG"), by_standing(0.15), "reputation"),
    ],
    ids=["harvest", "fine", "stern judging"],
)
def test_laid_round_the_game_again_it_foretells_a_new_log_best(game, planted, choose, family):
    log = played(game, [planted], choose, episodes=12)
    once = discover_norm(log, game, family=family)
    again = played(game, [once.institution], choose, episodes=12, seed=9, first=12)
    found = discover_norm(log + again, game, family=family, held_out=np.arange(24) >= 12)
    assert found.institution == once.institution
    best = {found.norms[h] for h in np.flatnonzero(found.likelihoods >= found.likelihoods.max() - 1e-12)}
    assert found.norm in best
    assert (
        best <= {found.norm, *found.same} or family == "reputation"
    )  # moves alone: the judgements tell the rest apart
    assert once.norm == found.norm


# What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"alpha": 0.0}, "odds of a false alarm"),
        ({"alpha": math.nan}, "odds of a false alarm"),
        ({"order": 4}, "Give 2 or 3"),
        ({"held_out": 1.5}, "no share"),
        ({"held_out": [True] * 6}, "one is not"),
        ({"rates": "none"}, 'Give "player"'),
        ({"family": "sanctions", "rates": "direct"}, "not for sanctions"),
    ],
)
def test_nonsense_is_refused(change, match):
    with pytest.raises(InputError, match=match):
        discover_norm(norm_free(np.random.default_rng(0)), **change)


def test_what_the_log_does_not_tell_is_refused():
    moves = np.zeros((2, 3, 2), int)
    with pytest.raises(UnknownName, match="family in this log"):
        discover_norm(Behaviour(moves, ("C", "D")), family="peers")
    with pytest.raises(InputError, match="tells of no sanctions"):
        discover_norm(Behaviour(moves, ("a", "b")))
    with pytest.raises(InputError, match="shows no moves"):
        discover_norm([])
    with pytest.raises(InputError, match="one episode"):
        discover_norm(Behaviour(moves[:1], ("C", "D")))
    with pytest.raises(InputError, match="shape"):
        Behaviour(moves, ("C", "D"), taken=np.zeros((2, 3)))
    with pytest.raises(InputError, match="infinite"):
        Behaviour(moves, ("C", "D"), taken=np.full(moves.shape, math.inf))
    with pytest.raises(InputError, match="from -1 to 1"):
        Behaviour(moves + 5, ("C", "D"))
    with pytest.raises(TooLarge, match="too many"):
        discover_norm(Behaviour(np.zeros((9, 99, 9), int), ("C", "D")), family="reputation")
