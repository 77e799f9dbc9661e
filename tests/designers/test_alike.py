"""Rules for players who are alike: closed forms, the designers that list joint moves, brute force on small games."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import InputError, NormalForm, design, design_alike, games
from ostrom.core.charter import Charter
from ostrom.core.errors import TooLarge, UnknownName
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.core.lifts.govern import ground_of
from ostrom.core.lifts.onestage import OneStage
from ostrom.designers._alike_checks import checks, governed
from ostrom.designers._alike_crowd import Crowd
from ostrom.designers._alike_learners import _welfare, _welfare_alike
from ostrom.designers._alike_limits import ban, quota
from ostrom.designers._alike_rates import fines, tax
from ostrom.designers._alike_regard import advice, prosocial
from ostrom.designers._alike_rule import Rule
from ostrom.designers._alike_states import States
from ostrom.designers._alike_worst import worst_without_regret
from ostrom.designers._proposal import Needs, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.prosocial import prosocial as dense_prosocial
from ostrom.designers.quota import quota as dense_quota
from ostrom.designers.tax import tax as dense_tax
from ostrom.designers.transfers import transfers
from ostrom.institutions.quota import Quota
from ostrom.institutions.tax import Tax
from ostrom.solvers.correlated import correlated
from ostrom.solvers.pure_equilibria import pure_equilibria

SEEDS = st.integers(0, 10**6)
FEW, FEWER = settings(max_examples=25), settings(max_examples=8)


def random_game(seed, most=4):
    """Three or four players with two to four moves, by counts or by total, with a bystander and a fact of the move."""
    draw = np.random.default_rng(seed)
    players, size = int(draw.integers(3, most + 1)), int(draw.integers(2, most + 1))
    amounts = draw.permutation(size + 1)[:size].tolist() if seed % 2 else None
    blank = Symmetric(
        lambda own, others: np.zeros(len(others)), players=players, moves=list("abcd")[:size], amounts=amounts
    )
    return Symmetric(
        draw.integers(-6, 7, blank.payoffs.shape),
        players=players,
        moves=blank.moves[0],
        amounts=amounts,
        bystanders=("others",),
        bystander_payoffs=draw.integers(-6, 7, (len(blank.totals), 1)),
        facts=[Fact.of_own_move("effort", "hours", draw.integers(0, 4, size))],
    )


def both(seed, most=3):
    """The game as a crowd and as a table in which everything is played now, with the same target."""
    game = random_game(seed, most)
    crowd = Crowd(game)
    place = crowd.target(None)
    return crowd, place, Problem(game, np.full(game.sizes, 1 / game.size)), (crowd.moves[place],) * crowd.count


@given(SEEDS, st.booleans())
@FEWER
def test_taxes_are_those_of_the_table(seed, shared):
    crowd, place, problem, target = both(seed)
    found, dense = tax(crowd, place, 0.1, shared), dense_tax(problem, target, shared=shared, margin=0.1)
    assert isinstance(found, Rule) == isinstance(dense, Proposal)
    if isinstance(found, Rule):
        assert found.institution.on == dense.institution.on
        assert found.institution.rate == pytest.approx(dense.institution.rate, rel=1e-12)
        assert found.concept == dense.numbers["concept"]
        assert found.needs.fine == pytest.approx(dense.needs.fine)
        assert found.needs.promise == pytest.approx(dense.needs.promise)
        assert found.needs.cost == pytest.approx(dense.needs.cost)


@given(SEEDS)
@FEWER
def test_fines_weights_and_limits_are_those_of_the_table(seed):
    crowd, place, problem, target = both(seed)
    fine, dense = fines(crowd, place, 0.1), transfers(problem, target, kind="fines", margin=0.1)
    assert isinstance(fine, Rule) == isinstance(dense, Proposal)
    if isinstance(fine, Rule):
        assert set(fine.institution.schedule) == set(dense.institution.schedule)
    regard, dense = prosocial(crowd, place, 0.1), dense_prosocial(problem, target, margin=0.1)
    assert isinstance(regard, Rule) == isinstance(dense, Proposal)
    if isinstance(regard, Rule):
        assert regard.institution.weight == pytest.approx(dense.institution.weight, rel=1e-12)
    limit, dense = quota(crowd, place), dense_quota(problem, target)
    assert isinstance(limit, Rule) == isinstance(dense, Proposal)
    if isinstance(limit, Rule):
        assert ("the only pure" in limit.sentence) == ("the only pure" in dense.sentence)
        if "the only pure" in limit.sentence:
            assert limit.institution == dense.institution
            assert limit.needs.forbidden == dense.needs.forbidden


def only_equilibrium(game, kept, place):
    """Whether all making a move is the only pure equilibrium of the table with these moves left, by the table."""
    pick = np.ix_(*[kept] * len(game.players))
    found = pure_equilibria(NormalForm(game.dense().payoffs[pick])).profiles
    return [tuple(one) for one in np.asarray(found)] == [(kept.index(place),) * len(game.players)]


@given(SEEDS)
@FEW
def test_no_smaller_ban_leaves_one_equilibrium(seed):
    crowd, place, _, _ = both(seed, 4)
    others = [k for k in range(len(crowd.moves)) if k != place]
    found = ban(crowd, place)
    size = len(found.institution.moves) if isinstance(found, Rule) else 0
    fits = [
        len(out)
        for out in itertools.chain.from_iterable(itertools.combinations(others, k) for k in range(len(others) + 1))
        if only_equilibrium(crowd.game, [k for k in range(len(crowd.moves)) if k not in out], place)
    ]
    assert size == min(fits)
    if isinstance(found, Rule):
        out = {crowd.moves.index(label) for _, label in found.institution.moves}
        assert only_equilibrium(crowd.game, [k for k in range(len(crowd.moves)) if k not in out], place)


@given(SEEDS)
@FEW
def test_another_equilibrium_is_found_just_when_the_table_has_one(seed):
    game = random_game(seed)
    states, stable = States(game), {tuple(sorted(one)) for one in np.asarray(pure_equilibria(game.dense()).profiles)}
    for place in range(len(game.moves[0])):
        counts = states.another(range(len(game.moves[0])), place)
        others = stable - {(place,) * len(game.players)}
        assert (counts is None) == (not others)
        assert counts is None or tuple(np.repeat(np.arange(len(counts)), counts)) in others


@given(SEEDS)
@settings(max_examples=12)
def test_the_worst_without_regret_is_that_of_the_table(seed):
    """By counts the same number; by totals, where shares of players stand for whole ones, a bound below it."""
    game = random_game(seed)
    dense, found = correlated(game.dense(), coarse=True, worst=True), worst_without_regret(game, game)
    span = np.ptp(game.payoffs) + np.ptp(game.bystander_payoffs)
    assert found <= dense.value + 1e-7 * span
    if game.amounts is None:
        assert found == pytest.approx(dense.value, abs=1e-6 * span)


@given(SEEDS)
@settings(max_examples=15)
def test_a_rule_and_its_twin_set_the_same_incentives(seed):
    """What a player gains by one own move over another is the same, whatever the others do."""
    crowd, place, _, _ = both(seed, 4)
    rules = [rule for rule in (tax(crowd, place, 0.1, True), fines(crowd, place, 0.1)) if isinstance(rule, Rule)]
    rows = np.random.default_rng(seed).integers(0, len(crowd.moves), (40, crowd.count))
    other = rows.copy()
    other[:, 0] = (rows[:, 0] + 1) % len(crowd.moves)
    for rule in rules:
        real, twin = (
            OneStage(crowd.game, Charter(ground_of(crowd.game), (one,))) for one in (rule.institution, rule.twin)
        )
        gains = [(one.payoffs_at(other) - one.payoffs_at(rows))[:, 0] for one in (real, twin)]
        assert gains[0] == pytest.approx(gains[1], abs=1e-9)
        assert real.payoffs_at(rows).sum(-1) == pytest.approx(crowd.game.payoffs_at(rows).sum(-1))


@given(SEEDS)
@settings(max_examples=8)
def test_what_is_claimed_holds_on_the_table(seed):
    crowd, place, _, target = both(seed)
    looked = (tax(crowd, place, 0.1, True), fines(crowd, place, 0.1), quota(crowd, place), ban(crowd, place))
    looked = (*looked, prosocial(crowd, place, 0.1), advice(crowd, place))
    for rule in (one for one in looked if isinstance(one, Rule)):
        table = crowd.game.dense().under(*([] if rule.twin is None else [rule.institution]))
        wanted, stable = table.profile(target), {tuple(one) for one in np.asarray(pure_equilibria(table).profiles)}
        claims, _ = checks(crowd, rule, place, 10.0)
        said = {claim.statement.split(",")[0]: claim.verdict for claim in claims}
        assert claims[0].verdict == "proved"
        assert wanted in stable
        assert (said["No other pure equilibrium is left"] == "proved") == (stable == {wanted})
        alike = [one for one in stable if len(set(one)) == 1 and one != wanted]
        assert (said["No other move is an equilibrium when all make it."] == "proved") == (not alike)
        own = np.moveaxis(table.payoffs[..., 0], 0, -1)
        best = (np.delete(own, wanted[0], -1).max(-1, initial=-np.inf) < own[..., wanted[0]]).all()
        assert (said.get("Whatever the others do") == "proved") == best


def test_a_rule_that_does_not_do_it_is_found_out():
    """A tax too low and a limit too loose: refuted with a witness, and what learners may lose is bounded."""
    crowd = Crowd(games.Commons(players=20))
    for rule in (Tax(on="harvest", rate=0.2), Quota(on="harvest", limit=3.0)):
        claims, _ = checks(crowd, Rule("tried", "", rule, rule, Needs(), 0.0, "", "dominant"), 2, 10.0)
        assert [claim.verdict for claim in claims[:2]] == ["refuted", "refuted"]
        assert claims[0].witness["gain"] > 0
        assert next(claim for claim in claims if "without regret" in claim.statement).numbers["worst"] < 6


def test_the_common_pool_of_the_laboratory():
    """R6a: all put in 8; near the optimum of 36, a token has to cost what it takes from the others.

    At x each, the wedge for a smooth own move is 18 − 0.25 · 9x, (n − 1)/n of which a shared tax keeps. Whole tokens
    leave an interval of half a token's congestion on either side, and the rate nearest to 0 is its lower end.
    """
    found = design_alike(games.CommonPool(), target="4", among=["tax"], margin=1e-3)
    assert (found.now, found.welfare_now, found.welfare_best) == ("all play 8", 66.0, 90.5)
    smooth = (18 - 0.25 * 9 * 4) / (7 / 8)
    assert found.institution.on == "appropriation"
    assert found.institution.rate == pytest.approx(smooth - 0.25 / (7 / 8), abs=0.25)
    assert smooth - 0.25 / (7 / 8) <= found.institution.rate <= smooth + 0.25 / (7 / 8)
    assert found.claims[0].verdict == "proved"
    assert "would be worth 0.5 more" in found.because


@pytest.mark.parametrize("players", [4, 50])
def test_the_subsidy_of_public_goods(players):
    """A token given costs its giver 1 − mpcr: so much makes giving dominant; of a shared one 1/n comes back."""
    crowd = Crowd(games.PublicGoods(players=players))
    place = crowd.target(None)
    assert crowd.moves[place] == "20"
    for shared, least in ((False, 0.6), (True, 0.6 / (1 - 1 / players))):
        found = tax(crowd, place, 1e-9, shared)
        assert isinstance(found, Rule)
        assert -found.institution.rate == pytest.approx(least, rel=1e-4)
        assert found.concept == "dominant"
        claims, _ = checks(crowd, found, place, 10.0)
        assert claims[1].statement.startswith("Whatever the others do, 20 is better")
        assert found.needs.cost == pytest.approx(0 if shared else 20 * 0.6 * players, rel=1e-4)


def test_the_tax_on_a_lake():
    """The reference tax of 0.75 per tonne, not given back, lies between the least that does it and the most."""
    found = design_alike(games.Commons(), target="2", among=["tax"], margin=1e-6, shared=False)
    assert found.institution.on == "harvest"
    assert (
        0.4 < found.institution.rate <= games.Commons.reference["tax per tonne that makes the optimum an equilibrium"]
    )
    under = games.Commons().under(Tax(on="harvest", rate=0.75))
    assert under.regret(under.pure([2] * 4)) == pytest.approx(0)


def test_many_fishers():
    found = design_alike(games.Commons(players=40))
    assert {line.approach for line in found.lines} == {"tax", "fines", "quota", "restriction"}
    assert found.best.approach == "quota"
    assert found.institution.limit == 2
    assert found.best.effects.change == {"each player": pytest.approx(2.0)}
    assert [claim.verdict for claim in found.claims] == ["proved"] * 5 + ["supported"] * 2
    assert {"n", "interval", "seeds"} <= set(found.claims[-1].numbers)
    assert found.best.closed == pytest.approx(1.0)
    again = design_alike(games.Commons(players=40))
    assert [line.claims for line in again.lines] == [line.claims for line in found.lines]


def test_a_cartel_is_not_proposed():
    """Eight firms each sell 12 at equilibrium; selling 6 takes from the consumers what the firms gain, and more."""
    found = design_alike(games.Cournot(players=8, step=6.0), target="6", among=["quota", "fines"])
    assert found.best is None
    assert all("consumers would lose" in line.objection for line in found.lines)
    assert found.lines[0].effects.change["each player"] > 0
    with pytest.raises(InputError, match="No institution is proposed"):
        found.institution  # noqa: B018


def test_with_consumers_counted_the_best_is_the_competitive_output():
    found = design_alike(games.Cournot(players=8, step=6.0), among=["tax"])
    assert found.target == "12"
    sold = float(found.target) * 8
    assert abs(sold - 108) <= 0.5 * 6 * 8


def test_one_of_sixty_is_drawn_to_call():
    """All calling loses 59 calls; the best equilibrium has one, and a lot treats all alike."""
    found = design_alike(games.VolunteersDilemma(players=60))
    best = found.best
    assert best.approach == "lot"
    assert best.closed == pytest.approx(1.0)
    device = best.institution.device
    assert np.allclose([sum(chance for row, chance in device if row[i] == "call") for i in range(60)], 1 / 60)
    assert [claim.verdict for claim in best.claims] == ["proved", "proved"]
    assert best.worst < best.effects.welfare_after
    assert "lot" not in {
        line.approach for line in design_alike(games.VolunteersDilemma(players=60), target="call").lines
    }


def test_welfare_of_all_alike_is_that_of_the_general_oracle():
    game, shares = games.Cournot(players=8, step=12.0), np.random.default_rng(0).dirichlet(np.ones(10), 3)
    every = game.expected_utilities(tuple(shares for _ in range(8))).mean(-1)
    assert _welfare_alike(game, game, shares) == pytest.approx(every)
    assert _welfare(game, game, tuple(shares for _ in range(8))) == pytest.approx(every)


def test_coordination_takes_advice():
    found = design_alike(games.MinimumEffort(players=7), among=["advice", "fines"])
    assert found.best.approach == "advice"
    assert "coordination" in found.because
    assert {claim.verdict for claim in found.claims[:2]} == {"proved", "refuted"}
    assert found.best.worst < found.welfare_target


def test_regard_for_others_where_counts_are_too_many_is_checked_at_symmetric_play():
    crowd = Crowd(games.PublicGoods(players=300))
    rule = prosocial(crowd, crowd.target(None), 0.1)
    assert governed(crowd, rule) is None
    found = design_alike(games.PublicGoods(players=300), among=["prosocial"])
    assert [claim.verdict for claim in found.claims] == ["proved", "proved"]
    assert np.isnan(found.best.worst)


def test_what_cannot_be_is_refused_with_what_to_do():
    with pytest.raises(InputError, match="Call design"):
        design_alike(games.PrisonersDilemma())
    with pytest.raises(InputError, match="margin is 0"):
        design_alike(games.Commons(), margin=0)
    with pytest.raises(UnknownName, match="'9'"):
        design_alike(games.Commons(), target="9")
    with pytest.raises(UnknownName, match="'quotta'"):
        design_alike(games.Commons(), among=["quotta"])
    with pytest.raises(TooLarge, match="design_alike"):
        design(games.Commons(players=100))


def test_rules_that_are_there_already_are_kept():
    """A tax of 0.3 on a tonne leaves less to do: what is proposed is laid round it."""
    taxed = games.Commons(players=20).under(Tax(on="harvest", rate=0.3))
    bare, more = (design_alike(game, target="2", among=["fines"]) for game in (games.Commons(players=20), taxed))
    assert more.best.size < bare.best.size
    assert more.claims[1].verdict == "proved"
