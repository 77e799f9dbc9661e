"""The verb: all parts together, the same for renamed and rescaled games, and plain data at the end."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ostrom
import ostrom as om
from ostrom.audits.equilibria import subgame_perfect
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.congestion import Congestion
from ostrom.core.forms.latency import affine
from ostrom.core.forms.network import Network
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.diagnosis._diagnose import LISTED, Diagnosis, diagnose
from ostrom.diagnosis._staged_words import staged_finding
from ostrom.diagnosis.consequences import consequences
from ostrom.diagnosis.dilemmas import dilemmas
from ostrom.diagnosis.governed_traffic import GovernedTraffic
from ostrom.diagnosis.large import diagnose_large
from ostrom.diagnosis.traffic import TrafficDiagnosis
from ostrom.institutions.contract import Contract
from ostrom.institutions.prosocial import Prosocial
from ostrom.institutions.tax import Tax

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), name="a dilemma")
TOPICS = ["facets", "dilemma", "ordinal", "moves", "components", "effects", "interests", "equilibria", "basins"]
TOPICS += ["absorbing states", "published"]


def random_game(seed, sizes=(2, 2, 2)):
    return NormalForm(np.random.default_rng(seed).integers(0, 9, (*sizes, len(sizes))))


def topics(found):
    return list(dict.fromkeys(finding.topic for finding in found.findings))


def test_it_is_what_ostrom_offers():
    assert ostrom.diagnose is diagnose


def test_the_prisoners_dilemma_in_one_paragraph():
    said = diagnose(PD).summary
    assert said.startswith("100 % of what was possible is lost, all of it in conflict. This is a prisoner's dilemma")
    assert "Every player does best with D, whatever the others do." in said
    assert said.endswith("Every player gets 1 as things are and 3 at the optimum.")


def test_findings_come_in_reading_order_and_nothing_is_left_out():
    found = diagnose(PD, starts=20)
    assert topics(found) == TOPICS
    assert found.left_out == ()
    assert found.optima == ((0, 0),)
    assert found.played.tolist() == [[0, 0], [0, 1]]


def test_parts_agree_with_each_other():
    found = diagnose(random_game(5, (3, 3)), starts=20)
    assert found.facets.optimum == pytest.approx(found.equilibria.optimum) == found.consequences.welfare["optimum"]
    assert found.facets.played == pytest.approx(found.equilibria.limit.welfare)
    assert found.facets.played == pytest.approx(found.consequences.welfare["played"])
    assert found.facets.best_equilibrium == pytest.approx(found.equilibria.best)
    assert found.facets.worst_equilibrium == pytest.approx(found.equilibria.worst)
    assert found.regret_bound.regret == pytest.approx(found.facets.gap)


@settings(max_examples=6)
@given(st.integers(0, 1_000))
def test_renaming_players_and_moves_renames_results(seed):
    game = random_game(seed)
    new = {"player 1": "Ann", "player 2": "Bo", "player 3": "Cy"}
    renamed = NormalForm(game.payoffs, players=list(new.values()), moves=("left", "right"))
    before, after = diagnose(game, starts=5), diagnose(renamed, starts=5)
    assert len(before.findings) == len(after.findings)
    for one, other in zip(before.findings, after.findings, strict=True):
        assert tuple(new[name] for name in one.who) == other.who
        assert one.topic == other.topic
    assert after.facets.gap == before.facets.gap
    assert after.dilemma.name == before.dilemma.name
    assert after.equilibria.worst == before.equilibria.worst


@settings(max_examples=6)
@given(st.integers(0, 1_000), st.floats(-20, 20), st.floats(0.1, 10))
def test_rescaling_what_agents_pursue_changes_nothing(seed, shift, scale):
    game = random_game(seed, (2, 3))
    rewards = random_game(seed + 1, (2, 3)).payoffs
    before = diagnose(Delegation(game, rewards=rewards), starts=5)
    after = diagnose(Delegation(game, rewards=shift + scale * rewards), starts=5)
    assert after.facets.intent == pytest.approx(before.facets.intent, abs=1e-6)
    assert after.alignment.individual == pytest.approx(before.alignment.individual)
    assert after.interests == before.interests
    assert after.dilemma.name == before.dilemma.name


def test_the_same_seed_gives_the_same_bytes():
    one, same = (json.dumps(diagnose(PD, seed=7, starts=20).to_dict()) for _ in range(2))
    assert one == same
    stag = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]])
    assert json.dumps(diagnose(stag, seed=7, starts=20).to_dict()) != json.dumps(
        diagnose(stag, seed=8, starts=20).to_dict()
    )


@pytest.mark.parametrize(
    "subject",
    [
        PD,
        random_game(2, (3, 3, 2)),
        NormalForm([[[3, 3], [0, 4]], [[4, 0], [0, 0]]]),  # an infinite price of anarchy
        NormalForm(np.zeros((2, 2, 2))),
        Delegation(PD, precision=1.5, observed=[[30, 70], [60, 40]], specified=PD.payoffs),
        Symmetric(lambda own, others: 3.0 * own - others, players=40, moves=("a", "b"), amounts=(0, 1)),
    ],
)
def test_it_becomes_plain_json(subject):
    found = diagnose(subject, starts=5)
    text = json.dumps(found.to_dict(), allow_nan=False)
    read = json.loads(text)
    assert read["summary"] == found.summary
    assert [entry["sentence"] for entry in read["findings"]] == [finding.sentence for finding in found.findings]
    assert (read["utilities"] is None) == (found.played is None)


def test_whose_wishes_are_told_when_agents_have_their_own():
    kind = PD.payoffs.sum(-1, keepdims=True).repeat(2, -1)
    rewards = np.stack([kind[..., 0], PD.payoffs[..., 1]], -1)
    found = diagnose(Delegation(PD, rewards=rewards), starts=5)
    assert found.findings[0].topic == "basis"
    assert found.findings[0].who == ("player 1",)
    assert diagnose(Delegation(PD), starts=5).findings[0].topic == "facets"


def test_what_was_observed_is_what_is_played():
    found = diagnose(Delegation(PD, observed=[[1, 1], [1, 3]]), starts=5)
    assert found.played == pytest.approx(np.array([[1, 3], [1, 3]]) / 8)
    assert found.facets.fitted
    assert found.consequences.utilities["played"] == pytest.approx((3 / 8 + 5 / 8 + 3 / 8, 3 / 8 + 15 / 8 + 3 / 8))


def test_welfare_can_be_chosen_and_the_subject_is_left_alone():
    delegation = Delegation(PD)
    found = diagnose(delegation, welfare="egalitarian", starts=5)
    assert found.facets.welfare == "egalitarian"
    assert delegation.welfare.name == "utilitarian"
    with pytest.raises(InputError, match="Nash welfare"):
        diagnose(NormalForm(PD.payoffs - 2), welfare="nash", starts=5)


def test_a_game_too_large_to_list_says_what_is_missing():
    game = Symmetric(lambda own, others: 0.5 * others - 0.2 * own, players=50, moves=("keep", "give"), amounts=(0, 1))
    found = diagnose(game)
    assert (found.facets, found.interests, found.played) == (None, None, None)
    assert found.dilemma.name == "prisoner's dilemma"
    assert found.large.gap == pytest.approx(0.5 * 49 - 0.2)
    assert found.findings[-1].topic == "left out"
    assert "too many to look at each" in found.summary
    assert "left out" not in topics(diagnose(PD, starts=5))


def test_other_large_games_get_what_can_be_said():
    uses = [[[1, 0], [0, 1]]] * 30
    game = Congestion(uses, np.tile(np.arange(31.0), (2, 1)))
    found = diagnose(game)
    assert found.large is not None
    assert found.dilemma is None
    assert found.findings[0].topic == "facets"


def test_what_needs_a_table_is_refused_where_none_fits():
    game = Symmetric(lambda own, others: 1.0 * others, players=50, moves=("a", "b"), amounts=(0, 1))
    for subject, welfare in ((game, "gini"), (Delegation(game, precision=2.0), None)):
        with pytest.raises(TooLarge, match="cannot be listed"):
            diagnose(subject, welfare=welfare)


def test_the_limit_lies_where_it_says():
    count = next(n for n in range(2, 40) if n * 2**n > LISTED)
    below, above = (
        Symmetric(lambda own, others: 1.0 * own, players=n, moves=("a", "b"), amounts=(0, 1)) for n in (8, count)
    )
    assert diagnose(below, starts=5).large is None
    assert diagnose(above, starts=5).large is not None


def test_roads_get_a_diagnosis_of_their_own():
    network = Network([("A", "B", affine(0, 1)), ("A", "B", 1.0)], {("A", "B"): 1.0})
    assert isinstance(diagnose(network), TrafficDiagnosis)
    assert isinstance(diagnose(network.under(Tax(on="delay", rate=0.1))), GovernedTraffic)


def test_a_game_under_institutions_is_a_game():
    found = diagnose(PD.under(Tax(on="D", rate=3.0)), starts=5)
    assert isinstance(found, Diagnosis)
    assert found.optima == ((0, 0),)
    assert "does best with C" in found.summary


@pytest.mark.parametrize("starts", [0, -3])
def test_no_starts_are_refused(starts):
    with pytest.raises(InputError, match="starts"):
        diagnose(PD, starts=starts)


def test_games_without_interaction_are_refused():
    with pytest.raises(InputError):
        diagnose(NormalForm([[1.0], [2.0]]))
    with pytest.raises(InputError):
        diagnose(NormalForm([[[1, 1], [2, 2]]]))


def test_a_game_in_stages_says_first_where_it_ends_by_its_own_concept():
    game = om.games.PrisonersDilemma()
    signed = om.diagnose(game.under(om.institutions.Contract(promise="C", damages=3.0)))
    assert signed.summary.startswith("Played in stages")
    assert signed.findings[0].numbers["payoffs"] == [[3.0, 3.0], [1.0, 1.0]]
    whispered = om.diagnose(game.under(om.institutions.Advice(((("C", "C"), 0.5), (("C", "D"), 0.5)))))
    assert "obedience" in whispered.summary
    pennies = om.diagnose(om.games.MatchingPennies().under(om.institutions.Vote(motion="heads")))
    assert "is not decided" in pennies.summary
    assert om.diagnose(game).findings[0].topic != "stages"


@pytest.mark.parametrize(
    "game", [om.games.Chicken(crash=-1e9), om.NormalForm(om.games.PrisonersDilemma().payoffs + 1e10)]
)
def test_payoffs_in_which_differences_drown_are_warned_of_first(game):
    assert om.diagnose(game).summary.startswith("Payoffs of ")


@pytest.mark.parametrize("name", ["PrisonersDilemma", "Cournot", "TravellersDilemma", "MinimumEffort", "EscapeRoom"])
def test_ordinary_payoffs_are_not_warned_of(name):
    assert om.diagnose(getattr(om.games, name)()).scale == ()


def test_random_payoffs_are_not_warned_of():
    game = om.NormalForm(np.random.default_rng(0).normal(size=(4, 4, 4, 3)))
    assert om.diagnose(game).scale == ()


# Under rules -------------------------------------------------------------------------------------------------------

LOPSIDED = NormalForm([[[3, 4], [0, 6]], [[5, 0], [1, 1]]], moves=("C", "D"))


@settings(max_examples=4)
@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_rule_that_changes_wishes_is_the_delegation_that_wants_so(seed, weight):
    game = random_game(seed, (2, 2))
    mixed = (1 - weight) * game.payoffs + weight * game.payoffs[..., ::-1]
    found = diagnose(game.under(Prosocial(weight=weight)), starts=5).to_dict()
    told = diagnose(Delegation(game, rewards=mixed, utilities=game.payoffs), starts=5).to_dict()
    for part in ("played", "facets", "dilemma", "consequences", "interests", "summary"):
        assert found[part] == told[part]


def test_care_changes_what_is_played_and_not_what_it_is_worth():
    without, cared = diagnose(LOPSIDED), diagnose(LOPSIDED.under(Prosocial(weight=0.45)))
    assert without.consequences.utilities["played"] == (1, 1)
    assert cared.consequences.utilities["played"] == (3, 4)
    assert cared.consequences.utilities["optimum"] == without.consequences.utilities["optimum"]
    assert cared.dilemma == without.dilemma
    assert cared.treasury is None
    assert cared.findings[0].topic == "basis"


def test_care_in_a_game_of_plans():
    rules = (Contract("C", damages=3.0, each_round=True),)
    wanted = LOPSIDED.under(*rules, Prosocial(weight=0.2))
    found = consequences(wanted, np.full(wanted.sizes, 1 / wanted.size))
    assert found.utilities == consequences(LOPSIDED.under(*rules), np.full(wanted.sizes, 1 / wanted.size)).utilities


def test_ends_of_stages_are_told_as_wishes_and_not_judged_as_welfare():
    wanted = PD.under(Contract("C", damages=3.0, each_round=True), Prosocial(weight=0.2))
    plain = PD.under(Contract("C", damages=3.0, each_round=True))
    assert ", as the agents' wishes count them." in staged_finding(wanted).sentence
    assert "wishes" not in staged_finding(plain).sentence
    claim = subgame_perfect(wanted, 1.0)
    assert claim.verdict == "unknown"
    assert claim.numbers["reason"] == "outcomes say what agents want, not what they are paid"
    assert subgame_perfect(plain, 1.0).verdict == "proved"


def test_an_unshared_tax_is_nobodys_gain_and_said_so():
    found = diagnose(PD.under(Tax("D", 1.5)), starts=5)
    taken = 1.5 * float((np.asarray(found.played) * [[0, 1], [1, 2]]).sum())
    assert taken > 0
    assert found.treasury.numbers["treasury"] == pytest.approx(taken)
    assert found.treasury.sentence in found.summary
    assert f"the rules take {taken:.4g} from the players" in found.treasury.sentence
    assert found.treasury in found.findings
    paid = diagnose(PD.under(Tax("D", -1.5)), starts=5).treasury
    assert paid.sentence == "As things are, the rules pay the players 3, which is counted as nobody's loss."


@pytest.mark.parametrize(
    "subject",
    [
        PD,
        PD.under(Tax("D", 1.5, shared=True)),
        PD.under(Tax("D", 2.5)),  # nobody plays D any more
        Delegation(PD.under(Tax("D", 0.5)), utilities=PD.payoffs),
    ],
)
def test_where_nothing_leaves_nothing_is_said_of_a_treasury(subject):
    assert diagnose(subject, starts=5).treasury is None


def test_care_without_a_table():
    """Too many to be governed as a table, few enough to be listed; and too many to be listed at all."""
    alike = Symmetric(
        lambda own, others: 1.0 * own * (40 - own - others), players=3, moves=range(38), amounts=range(38)
    )
    wanted = alike.under(Prosocial(weight=0.3))
    assert isinstance(wanted, Symmetric)
    assert np.allclose(Delegation(wanted).utilities, alike.dense().payoffs)
    assert dilemmas(wanted).gain == dilemmas(alike.dense()).gain
    crowd = Symmetric(lambda own, others: 2.0 * (1 - own) + others[:, 0], players=40, moves=("C", "D"))
    with pytest.raises(TooLarge, match="its rules change what agents want"):
        diagnose(crowd.under(Prosocial(weight=0.3)))
    with pytest.raises(InputError, match="Rules change what the agents"):
        diagnose_large(crowd.under(Prosocial(weight=0.3)))
