"""Facets against corners worked out by other means, selection, shares, bystanders, and what is said."""

import json
import math
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest

import ostrom as om
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.diagnosis._facets_shares import shapley
from ostrom.diagnosis._play import OWN, PURSUED, Play, rescaled
from ostrom.diagnosis.facets import facets
from ostrom.solvers.logit import logit_branch

STORED = json.loads((Path(__file__).parents[1] / "solvers/data/logit.json").read_text(encoding="utf-8"))["games"]


def symmetric(r, s, t, p):
    own = np.array([[r, s], [t, p]], float)
    return NormalForm(np.stack([own, own.T], -1), players=["Ann", "Bob"], moves=("C", "D"))


PD = symmetric(3, 0, 5, 1)
STAG = symmetric(4, 0, 3, 3)
BATTLE = NormalForm([[[2, 1], [0, 0]], [[0, 0], [1, 2]]])


def spread(table, player):
    return np.sqrt(((table - table.mean(axis=player, keepdims=True)) ** 2).mean())


def mean_welfare(table, mixture):
    for odds in reversed(mixture):
        table = table @ np.array(odds)
    return float(table)


SMALL = [stored for stored in STORED[::2] if np.size(stored["payoffs"]) <= 90]


@pytest.mark.parametrize("stored", SMALL, ids=lambda game: "x".join(map(str, np.shape(game["payoffs"])[:-1])))
def test_corners_from_gambits_play(stored):
    """With faithful agents the corners are Gambit's branch and two closed forms; the facets, all six orders of them."""
    table = np.array(stored["payoffs"], float)
    count, welfare = table.shape[-1], table.mean(-1)
    unit = np.mean([spread(table[..., i], i) for i in range(count)])
    potential = welfare / np.mean([spread(welfare, i) for i in range(count)])
    for raw, mixture in list(zip(stored["precisions"], stored["mixtures"], strict=True))[1:4:2]:
        joint = np.exp(raw * unit * (potential - potential.max()))
        corner = {
            (False, False): mean_welfare(welfare, mixture),
            (True, False): mean_welfare(welfare, stored["limit"]),
            (False, True): float((joint * welfare).sum() / joint.sum()),
            (True, True): float(welfare.max()),
        }
        expected = np.zeros(2)
        for order in permutations(range(2)):
            on = [False, False]
            for switch in order:
                before = corner[on[0], on[1]]
                on[switch] = True
                expected[switch] += (corner[on[0], on[1]] - before) / 2
        found = facets(Delegation(NormalForm(table), precision=raw * unit))
        assert found.gap == pytest.approx(corner[True, True] - corner[False, False], abs=1e-5)
        assert (found.intent, found.capability, found.inter_agent) == pytest.approx((0, *expected), abs=1e-5)


def test_corners_of_two_agents_who_stray():
    """All eight corners by hand: both have dominant moves in either objective, so perfect play is known."""
    altruists = PD.payoffs.sum(-1, keepdims=True).repeat(2, -1)
    found = facets(Delegation(PD, rewards=altruists, precision=3.0))
    values = {
        switches: found.corners["+".join(n for n, on in zip(names(), switches, strict=True) if on)]
        for switches in product((False, True), repeat=3)
    }
    assert 2 * values[False, True, False] == pytest.approx(6)
    assert 2 * values[True, True, False] == pytest.approx(2)
    for own, perfect in product((False, True), repeat=2):
        assert values[own, perfect, True] <= 3 + 1e-12
    expected = np.zeros(3)
    for order in permutations(range(3)):
        on = [False] * 3
        for switch in order:
            before = values[tuple(on)]
            on[switch] = True
            expected[switch] += (values[tuple(on)] - before) / 6
    assert (found.intent, found.capability, found.inter_agent) == pytest.approx(tuple(expected))


def names():
    return ("intent", "capability", "inter-agent")


def test_rewards_are_put_on_the_scale_of_utilities():
    rng = np.random.default_rng(0)
    reward, utility = rng.normal(size=(3, 4)) * 7 + 2, rng.normal(size=(3, 4))
    scaled = rescaled(reward, utility, 1.0)
    assert scaled.mean() == pytest.approx(utility.mean())
    assert np.linalg.norm(scaled) == pytest.approx(np.linalg.norm(utility))
    assert np.corrcoef(scaled.ravel(), reward.ravel())[0, 1] == pytest.approx(1)
    assert np.array_equal(rescaled(np.full((2, 2), 7.0), np.eye(2), 1.0), np.full((2, 2), 0.5))
    indifferent = rescaled(reward, np.full((3, 4), 5.0), 2.0)
    assert np.linalg.norm(indifferent - 5) == pytest.approx(2)


def test_an_agent_of_an_indifferent_principal_still_acts():
    """Nothing that Ann does matters to her own principal; her agent's wish to defect costs Bob's all the same."""
    utilities = PD.payoffs * [0, 1]
    faithful = facets(Delegation(PD, utilities=utilities))
    straying = facets(Delegation(PD, utilities=utilities, rewards=PD.payoffs))
    assert straying.effects["Bob"][0] == pytest.approx(1)
    assert faithful.effects["Bob"][0] == pytest.approx(3)  # half of 5 and 1: she does not care
    assert straying.intent > 0.5


def test_selection_is_fragile_where_a_percent_decides():
    assert facets(PD).selection == "robust"
    assert facets(STAG).selection == "robust"
    found = facets(BATTLE)
    assert found.selection == "fragile"
    assert found.swing == pytest.approx((5 / 3) / 3)
    said = next(finding for finding in found.findings if finding.topic == "selection")
    assert said.sentence.startswith("Which equilibrium is played is fragile: a change of one percent")
    assert said.numbers["bifurcations"] == list(found.bifurcations)


def test_with_equal_gaps_nothing_is_said_of_which_equilibrium():
    """The reservoir has one equilibrium; a percent makes farms, who lose 0.07 by it there, draw 3."""
    found = facets(om.games.Reservoir())
    worst, _, best = found.headline
    assert found.selection == "fragile"
    assert worst == pytest.approx(best)
    (said,) = [finding.sentence for finding in found.findings if finding.topic == "selection"]
    assert said == (
        "How much is lost is fragile: a change of one percent in what moves are worth can change a facet by 6 % of "
        "what is at stake, as it can lead to other play."
    )


def test_three_alike_who_must_differ_are_fragile():
    """Volunteer's dilemma of three: the symmetric branch ends mixed, a tilt makes one of them the volunteer."""
    profiles = np.indices((2, 2, 2)).reshape(3, -1).T
    payoffs = np.where(profiles.any(-1, keepdims=True), 10.0, 0.0) - 3 * profiles
    found = facets(NormalForm(payoffs.reshape(2, 2, 2, 3)))
    assert found.selection == "fragile"
    # Stay with odds q, q² = 3/10: indifferent between 7 and 10 (1 − q²).
    q = math.sqrt(0.3)
    assert found.played == pytest.approx(7)
    assert found.optimum == pytest.approx(9)
    assert found.coordination == pytest.approx(2)
    assert facets(NormalForm(payoffs.reshape(2, 2, 2, 3))).corners[""] == pytest.approx(10 * (1 - q**2))


def test_the_middle_at_finite_precision_is_the_logit_equilibrium_that_leads_to_the_best():
    """Stag hunt at λ = 8: the branch that leads to (stag, stag) still stands there, and is nearly it."""
    found = facets(Delegation(STAG, precision=8.0))
    assert found.played == pytest.approx(3, abs=0.05)
    assert found.best_equilibrium == pytest.approx(4, abs=0.05)
    assert found.coordination == pytest.approx(1, abs=0.06)
    low = facets(Delegation(STAG, precision=1.0))
    assert low.best_equilibrium == pytest.approx(low.played)


def test_pairs_sum_with_what_regard_leaves():
    rng = np.random.default_rng(4)
    found = facets(NormalForm(rng.integers(0, 9, (2, 2, 3, 3))))
    assert len(found.by_pair) == 3
    total = sum(share.value for share in found.by_pair) + found.beyond_pairs
    assert total == pytest.approx(found.inter_agent)


def test_only_pairs_who_affect_each_other_have_a_share():
    """Ann and Bob in a dilemma, Cid on his own."""
    payoffs = np.zeros((2, 2, 2, 3))
    payoffs[..., :2] = PD.payoffs[:, :, None]
    payoffs[:, :, 1, 2] = 1
    found = facets(NormalForm(payoffs, players=["Ann", "Bob", "Cid"]))
    assert [share.who for share in found.by_pair] == [("Ann", "Bob")]
    assert found.by_pair[0].value == pytest.approx(4 / 3)
    assert found.beyond_pairs == pytest.approx(0)


def test_a_bystander_can_be_one_of_a_pair():
    """A lone polluter's neighbour suffers 3 for its gain of 1; the other player has nothing to do with it."""
    payoffs = np.zeros((2, 2, 2))
    payoffs[1, :, 0] = payoffs[:, 1, 1] = 1
    harm = np.zeros((2, 2, 1))
    harm[1] = -3
    game = NormalForm(payoffs, players=["mill", "shop"], bystanders=["river"], bystander_payoffs=harm)
    found = facets(game)
    assert [share.who for share in found.by_pair] == [("mill", "river")]
    assert found.summed(found.conflict) == pytest.approx(2)
    assert found.summed(found.by_pair[0].value) == pytest.approx(2)
    assert found.effects["river"] == pytest.approx((-3, 0))
    assert found.effects["mill"] == pytest.approx((1, 0))


def test_taking_from_bystanders_is_said():
    """What serves the players most costs somebody who has no say."""
    harm = np.zeros((2, 2, 1))
    harm[0, 0] = -0.9
    found = facets(NormalForm(PD.payoffs, players=PD.players, bystanders=["public"], bystander_payoffs=harm))
    said = [finding.sentence for finding in found.findings if finding.topic == "effects"]
    assert len(said) == 1
    assert "public would have no say" in said[0]


def test_shapley_values_exact_and_sampled():
    """An airport game (Littlechild and Owen 1973): each longer runway is shared by those who need it."""
    lengths = (1.0, 4.0, 6.0)
    cost = lambda on: max((lengths[k] for k in on), default=0.0)  # noqa: E731
    values, margins, orders = shapley(cost, 3, seed=0)
    assert values == pytest.approx([1 / 3, 1 / 3 + 3 / 2, 1 / 3 + 3 / 2 + 2])
    assert not margins.any()
    assert orders == 0
    weights = np.arange(1.0, 9.0)
    square = lambda on: float(sum(weights[k] for k in on) ** 2)  # noqa: E731
    values, margins, orders = shapley(square, 8, seed=0)
    assert orders == 20
    assert values.sum() == pytest.approx(36**2)
    assert (np.abs(values - 36 * weights) <= 2 * margins).all()
    again, _, _ = shapley(square, 8, seed=0)
    assert np.array_equal(values, again)


def test_sampled_shares_say_so_and_still_sum():
    rng = np.random.default_rng(2)
    weights = rng.normal(size=7)
    own = np.stack([np.indices((2,) * 7)[i] * weights[i] for i in range(7)], -1)
    found = facets(Delegation(NormalForm(own), rewards=-own))
    intent = [share for share in found.by_agent if share.facet == "intent"]
    assert {share.orders for share in intent} == {20}
    assert sum(share.value for share in intent) == pytest.approx(found.intent)
    # Agents who do not affect each other: every order says the same.
    assert [share.value for share in intent] == pytest.approx(np.abs(weights) / 7)
    assert any("random orders" in finding.sentence for finding in found.findings)


def test_capability_is_shared_by_who_plays_badly():
    """Nothing to be gained by better play of an agent without a choice that matters."""
    payoffs = np.zeros((2, 2, 2))
    payoffs[1, :, 0] = 1
    found = facets(Delegation(NormalForm(payoffs), precision=1.0))
    shares = {share.who[0]: share.value for share in found.by_agent if share.facet == "capability"}
    assert shares["player 2"] == pytest.approx(0, abs=1e-12)
    assert shares["player 1"] == pytest.approx(found.capability)


def test_perfect_agents_complete_what_the_others_do():
    """As one with player 1 perfect: player 2 slips by the potential, player 1 best answers each slip."""
    table = np.array([[4.0, 0.0, 1.0], [2.0, 3.0, 0.0]])
    play = Play(Delegation(NormalForm(np.stack([table, table], -1))), 1.5)
    odds = play.together((OWN, OWN), (True, False))
    weights = np.exp(1.5 / play.unit * np.array([4.0, 3.0, 1.0]))
    assert odds == pytest.approx(np.array([[1, 0, 1], [0, 1, 0]]) * weights / weights.sum())


def test_when_nobody_has_a_stake_of_its_own_precision_is_counted_in_welfare():
    """Everybody's payoff is the other's gift: alone indifferent, as one they play by λ per spread of welfare."""
    gift = np.array([[0.0, 2.0], [0.0, 2.0]])
    play = Play(Delegation(NormalForm(np.stack([gift, gift.T], -1))), 4.0)
    assert np.concatenate(play.alone((OWN, OWN), (False, False))) == pytest.approx([0.5] * 4)
    weights = np.exp(4.0 / 0.5 * np.array([[0, 1], [1, 2]]))
    assert play.together((OWN, OWN), (False, False)) == pytest.approx(weights / weights.sum())


def test_other_welfares_find_their_own_optimum():
    """Dividing ten: the mean does not care how, the worst off does."""
    payoffs = np.zeros((3, 3, 2))
    for i, j in product(range(3), repeat=2):
        payoffs[i, j] = (i + 3 * j, 4 - j + (2 - i))
    for name in ("utilitarian", "egalitarian", "gini", "nash", "atkinson"):
        delegation = Delegation(NormalForm(payoffs), welfare=name, precision=2.0)
        found = facets(delegation)
        assert found.optimum == pytest.approx(delegation.welfare.on_table(payoffs).max())
        assert found.corners["intent+capability+inter-agent"] == pytest.approx(found.optimum)
        assert (found.summed(1.0) is None) == (name != "utilitarian")


def test_a_fit_finds_the_precision_that_made_the_data():
    branch = logit_branch(PD)
    play = Play(Delegation(PD), 1.2)
    counts = [np.round(1e7 * odds) for odds in branch.at(play.raw)]
    found = facets(Delegation(PD, observed=counts))
    assert found.fitted
    assert found.precision == pytest.approx(1.2, rel=1e-4)
    assert found.unexplained == pytest.approx(0, abs=1e-5)
    given = facets(Delegation(PD, observed=counts, precision=3.0))
    assert given.precision == 3.0
    assert not given.fitted
    assert abs(given.unexplained or 0) > 0.05


def test_correlated_play_is_left_unexplained():
    """Turn-taking in battle of the sexes looks like chance move by move, and is worth far more."""
    found = facets(Delegation(BATTLE, observed_joint=[[5, 0], [0, 5]]))
    assert found.observed == pytest.approx(1.5)
    assert found.precision == 0
    assert found.played == pytest.approx(0.75)
    assert found.unexplained == pytest.approx(-0.75)
    assert any("blind chance" in finding.sentence for finding in found.findings)


def test_what_is_said_of_a_dilemma():
    found = facets(PD)
    assert found.findings[0].sentence == "100 % of what was possible is lost, all of it in conflict."
    assert found.findings[0].who == ("Ann", "Bob")
    assert found.findings[0].numbers["gap"] == pytest.approx({"mean": 2, "sum": 4, "percent": 100})
    assert "only changed incentives or commitments" in found.findings[1].sentence
    assert facets(STAG).findings[0].sentence == "40 % of what was possible is lost, all of it in coordination."


def test_what_is_said_where_faults_cancel():
    found = facets(Delegation(PD, rewards=PD.payoffs.sum(-1, keepdims=True).repeat(2, -1)))
    assert "Nothing is lost" in found.findings[0].sentence
    assert "faults cancel: intent -50 % and conflict +50 %" in found.findings[0].sentence


def test_parts_are_bounds_where_equilibria_may_have_been_missed():
    found = facets(NormalForm(np.random.default_rng(0).normal(size=(3, 3, 3, 3))))
    assert not found.all_equilibria
    assert any(sentence.startswith("Conflict at most") for sentence in (f.sentence for f in found.findings))


def test_one_equilibrium_by_dominance_is_all_there_is():
    payoffs = np.array([sum(p) * 0.4 * 20 - 20 * np.array(p) for p in product((0, 1), repeat=3)])
    assert facets(NormalForm(payoffs.reshape(2, 2, 2, 3))).all_equilibria


def test_findings_are_plain_numbers():
    for subject in (PD, BATTLE, Delegation(PD, precision=2.0, observed=[[1, 2], [3, 4]], specified=-PD.payoffs)):
        for finding in facets(subject).findings:
            json.dumps(dict(finding.numbers), allow_nan=False)
            assert finding.sentence.endswith((".", ")"))


def test_what_cannot_be_diagnosed_is_refused():
    with pytest.raises(InputError, match="1 player"):
        facets(NormalForm([[1.0], [2.0]]))
    with pytest.raises(InputError, match="has 1 move"):
        facets(NormalForm(np.zeros((2, 1, 2))))
    with pytest.raises(InputError, match="Nash"):
        facets(Delegation(BATTLE, utilities=BATTLE.payoffs - 5, welfare="nash"))
    crowd = Symmetric(lambda own, others: own - 0.1 * others, players=40, moves=("0", "1"), amounts=(0, 1))
    with pytest.raises(TooLarge, match="joint moves"):
        facets(crowd)


def test_the_same_seed_gives_the_same_bytes():
    rng = np.random.default_rng(1)
    game = Delegation(NormalForm(rng.normal(size=(2, 2, 2, 3))), rewards=rng.normal(size=(2, 2, 2, 3)))
    assert facets(game) == facets(game)


def test_aims_that_come_to_the_same_are_worked_out_once():
    play = Play(Delegation(PD, rewards=3 * PD.payoffs + 1))
    assert play.all(PURSUED) == play.all(OWN)


def test_players_who_are_alike_have_equal_parts_also_where_orders_would_be_sampled():
    found = facets(om.games.PublicGoods(players=6))
    values = [share.value for share in found.by_pair]
    assert len(values) == 15
    assert np.ptp(values) == 0
    assert sum(values) + found.beyond_pairs == pytest.approx(found.inter_agent)
    assert {share.orders for share in found.by_pair} == {0}
