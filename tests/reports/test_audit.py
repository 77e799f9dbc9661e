"""The verb audit: what it finds, what it proposes, and what it claims."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Delegation, InputError, NormalForm, games, institutions
from ostrom.reports.audit import audit
from ostrom.reports.html import html
from ostrom.reports.text import text


def test_the_prisoners_dilemma(dilemma):
    """k-implementation of (C, C) costs max(5 - 3, 1 - 0) for each player (Monderer and Tennenholtz): 4 in all."""
    assert dilemma.diagnosis.facets.percent(dilemma.diagnosis.facets.conflict) == pytest.approx(100)
    promises, fines, fewer = dilemma.remedies
    assert promises.found.price == pytest.approx(4)
    assert fewer.found.removed == (("D",), ("D",))
    assert fines.found.cost == 0
    assert {claim.verdict for claim in dilemma.claims} == {"proved"}


def test_no_remedy_where_nothing_is_lost():
    found = audit(NormalForm([[[3, 3], [2, 1]], [[1, 2], [0, 0]]]))
    assert found.remedies == ()
    assert [claim.verdict for claim in found.checks] == ["proved", "proved"]


def test_no_incentive_is_proposed_where_none_is_missing():
    """Agents paid the sum already have C dominant; what imprecise play loses, payments do not mend."""
    play = games.PrisonersDilemma()
    shared = np.repeat(play.payoffs.sum(-1, keepdims=True), 2, axis=-1)
    found = audit(Delegation(play, rewards=shared, precision=2.0))
    assert found.remedies == ()
    assert "no matter of incentives" in found.unsought
    assert [claim.verdict for claim in found.claims] == ["proved", "proved"]


def test_why_no_remedy_was_looked_for_is_said(kinds):
    assert "too many to look at each" in kinds.too_large.unsought
    assert "plan of action" in kinds.stages.unsought
    assert kinds.stages.unsought in " ".join(text(kinds.stages).split())
    assert kinds.dilemma.unsought == ""


def test_where_nothing_is_at_stake_nothing_is_claimed(kinds):
    assert kinds.nothing_at_stake.claims == ()


def test_rules_are_compared_with_none():
    """A tax of 3 on defection makes cooperation dominant: 5 - 3 < 3 and 1 - 3 < 0."""
    found = audit(games.PrisonersDilemma().under(institutions.Tax(on="D", rate=3.0)))
    assert found.without.consequences.utilities["played"] == (1.0, 1.0)
    assert found.diagnosis.consequences.utilities["played"] == (3.0, 3.0)
    assert {claim.verdict for claim in found.claims} == {"proved"}


def test_stages_are_checked_by_backward_induction(kinds):
    """Voting nobody-for leads to (D, D): a subgame-perfect outcome that misses the optimum, and the path says so."""
    (claim,) = kinds.stages.claims
    assert claim.verdict == "refuted"
    assert claim.witness["welfare"] == pytest.approx(1)
    assert kinds.stages.remedies == ()


def test_private_advice_is_said_to_be_another_question():
    advice = institutions.Advice(device=((("C", "C"), 0.5), (("C", "D"), 0.25), (("D", "C"), 0.25)))
    found = audit(NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("C", "D")).under(advice))
    assert found.claims == ()
    assert "obedience" in text(found)


def test_tolls_on_a_road_network_are_checked(kinds):
    assert [claim.verdict for claim in kinds.traffic.claims] == ["proved"] * 3
    assert kinds.traffic.diagnosis.price_of_anarchy > 1.2


def test_a_crowd_under_a_rule_comes_to_rest():
    """Closing the short cut by a price of 1 undoes Braess's paradox: 2 minutes become 1.5."""
    found = audit(games.Braess().under(institutions.Tax(on="link:north>south", rate=1.0)))
    assert found.diagnosis.before == pytest.approx(2, rel=1e-6)
    assert found.diagnosis.total_time == pytest.approx(1.5, rel=1e-4)
    assert found.claims[-1].verdict == "proved"


def test_sampled_claims_are_supported_at_most(kinds):
    (claim,) = kinds.logs.claims
    assert claim.verdict in ("supported", "unknown")
    assert claim.numbers["n"] == 4
    assert claim.numbers["seeds"] == [0]


def test_bystanders_who_would_pay_stop_a_remedy():
    """Players gain 1 each at (B, B) and the bystander loses 1: with weight on it, that is no optimum to bring about."""
    table = np.array([[[1, 1], [0, 0]], [[0, 0], [2, 2]]], float)
    outside = np.array([[[9.0], [0.0]], [[0.0], [8.5]]])
    game = NormalForm(table, moves=("A", "B"), bystanders=("the town",), bystander_payoffs=outside)
    assert all(not remedy.proposed or remedy.found.target == ("B", "B") for remedy in audit(game).remedies)
    assert any("the town" in finding.who for finding in audit(game).findings)


def test_progress_is_told_in_words():
    stages = []
    audit(games.PrisonersDilemma(), progress=stages.append)
    assert stages
    assert all(isinstance(stage, str) and stage for stage in stages)


def test_a_game_with_one_player_is_refused():
    with pytest.raises(InputError, match="1 player"):
        audit(NormalForm([[1.0], [2.0]]))


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_what_is_proved_of_a_remedy_holds_by_brute_force(seed):
    """Random 3×3 games: after proposed payments, the target is the only joint move from which nobody gains alone."""
    table = np.random.default_rng(seed).integers(0, 8, (3, 3, 2)).astype(float)
    for remedy in audit(NormalForm(table)).remedies:
        game = remedy.found.governed
        stable = [
            place
            for place in np.ndindex(*game.sizes)
            if game.payoffs[place][0] >= game.payoffs[:, place[1], 0].max() - 1e-9
            and game.payoffs[place][1] >= game.payoffs[place[0], :, 1].max() - 1e-9
        ]
        assert stable == [game.profile(remedy.found.target)]
        assert [claim.verdict for claim in remedy.claims if "strictly dominates" in claim.statement] in ([], ["proved"])
        for claim in remedy.claims:
            if claim.verdict == "refuted" and "mixed" in claim.statement:
                shares = [list(claim.witness[player].values()) for player in game.players]
                assert game.regret([np.array(own) for own in shares]) < 1e-9


def test_the_same_seed_gives_the_same_findings():
    one, two = (audit(games.Chicken(), seed=3) for _ in range(2))
    assert one.findings == two.findings
    assert one.claims == two.claims


def test_a_game_in_which_nothing_matters_is_audited_and_drawn():
    found = audit(NormalForm(np.ones((2, 2, 2)), name="nothing matters"))
    assert "nothing to gain" in html(found)
