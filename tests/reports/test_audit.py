"""The verb audit: what it finds, what it proposes, and what it claims."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Delegation, InputError, NormalForm, games, institutions
from ostrom.audits._verify import AUDITS
from ostrom.reports._charter import seen_charter
from ostrom.reports.audit import audit
from ostrom.reports.html import html
from ostrom.reports.json import json
from ostrom.reports.text import text


def test_the_prisoners_dilemma(dilemma):
    """k-implementation of (C, C) costs max(5 - 3, 1 - 0) for each player (Monderer and Tennenholtz): 4 in all."""
    assert dilemma.diagnosis.facets.percent(dilemma.diagnosis.facets.conflict) == pytest.approx(100)
    found = {proposal.approach: proposal for proposal in dilemma.design.proposals}
    margin = 0.1 * 5
    assert found["promises"].needs.cost == pytest.approx(4 + 2 * margin)
    assert found["restriction"].numbers["removed"] == {"row": ["D"], "column": ["D"]}
    assert found["fines"].needs.cost == 0
    assert found["fines"].needs.fine == pytest.approx(2 + margin)
    assert dilemma.design.best is dilemma.design.proposals[0]


def test_every_question_is_put_to_the_first_proposal(dilemma):
    """Fines that make cooperation dominant: nothing that is asked falls, and only what is sampled is not proved."""
    assert dilemma.design.best.approach == "fines"
    assert list(dilemma.verification.answers) == [audit.__name__ for audit in AUDITS]
    sampled = tuple(claim for claim in dilemma.claims if claim.verdict == "supported")
    assert sampled == dilemma.verification.answers["Learners"]
    assert {claim.verdict for claim in dilemma.claims} == {"proved", "supported"}
    assert dilemma.claims == (*dilemma.verification.claims, *dilemma.own_claims)
    statements = [claim.statement for claim in dilemma.claims]
    assert len(statements) == len(set(statements))
    assert any("sums to 0" in claim.statement for claim in dilemma.own_claims)


def test_the_certificate_is_that_of_the_first_proposal_and_is_confirmed(dilemma):
    rechecked = dilemma.certificate.recheck()
    assert {one.statement for one in rechecked} == {claim.statement for claim in dilemma.design.claims}
    assert {one.answer for one in rechecked} == {"confirmed"}


def test_no_remedy_where_nothing_is_lost():
    found = audit(NormalForm([[[3, 3], [2, 1]], [[1, 2], [0, 0]]]))
    assert found.design is None
    assert found.verification is None
    assert found.certificate is None
    assert [claim.verdict for claim in found.checks] == ["proved"] * len(found.checks)
    assert len(found.checks) == 3


def test_no_incentive_is_proposed_where_none_is_missing():
    """Agents paid the sum already have C dominant; what imprecise play loses, payments do not mend."""
    play = games.PrisonersDilemma()
    shared = np.repeat(play.payoffs.sum(-1, keepdims=True), 2, axis=-1)
    found = audit(Delegation(play, rewards=shared, precision=2.0))
    paying = [proposal for proposal in found.design.proposals if proposal.needs.fine or proposal.needs.promise]
    assert [(proposal.approach, proposal.objection) for proposal in paying if not proposal.objection] == []


def test_why_no_remedy_was_looked_for_is_said(kinds):
    assert "too many to look at each" in kinds.too_many_moves.unsought
    assert kinds.too_many_moves.design is None
    assert "plan of action" in kinds.stages.unsought
    assert kinds.stages.unsought in " ".join(text(kinds.stages).split())
    assert kinds.dilemma.unsought == ""


def test_players_who_are_alike_and_too_many_to_list_are_ruled_by_counts(kinds):
    found = kinds.too_large
    assert found.design.best is not None
    assert found.verification is None
    assert found.certificate is None
    assert "treated alike" in text(found)


def test_where_nothing_is_at_stake_nothing_is_claimed(kinds):
    assert kinds.nothing_at_stake.claims == ()


def test_rules_are_compared_with_none():
    """A tax of 3 on defection makes cooperation dominant: 5 - 3 < 3 and 1 - 3 < 0."""
    found = audit(games.PrisonersDilemma().under(institutions.Tax(on="D", rate=3.0)))
    assert found.without.consequences.utilities["played"] == (1.0, 1.0)
    assert found.diagnosis.consequences.utilities["played"] == (3.0, 3.0)
    assert {claim.verdict for claim in found.claims} == {"proved"}
    assert found.design is None


def test_what_the_rules_are_is_seen_and_not_only_believed():
    """A contract pays and adds a choice, whatever it declares; a rule that says it forbids and only pays is found."""
    found = audit(games.PrisonersDilemma().under(institutions.Contract(), Boastful())).charter
    assert [(layer.name, layer.kinds, layer.seen) for layer in found.layers] == [
        ("Contract", ("strategic", "structural"), True),
        ("Boastful", ("strategic",), True),
    ]
    assert found.layers[0].mismatches == ()
    assert found.layers[1].mismatches == ("Boastful declares itself structural, and what it does is strategic.",)
    assert found.principles["collective choice"].answer == "holds"
    assert found.principles["graduated sanctions"].answer == "fails"
    assert audit(games.PrisonersDilemma()).charter is None


class Boastful(institutions.Tax):
    """A tax that says it changes the structure of the game."""

    kind = "structural"
    on: str = "D"


def test_a_layer_about_another_layer_is_as_it_declares_itself():
    """Whoever signs pays: nothing that could be asked on the bare game, where nobody signs."""
    game = games.PrisonersDilemma().under(institutions.Contract(), institutions.Tax(on="yes", rate=0.5))
    found = audit(game)
    assert [layer.seen for layer in found.charter.layers] == [True, False]
    assert "strategic *" in text(found)


def test_why_rules_are_not_asked_is_said():
    """A network has no single players, and on a game of 81 joint moves nobody is kept waiting."""
    found = audit(games.Braess().under(institutions.Tax(on="link:north>south", rate=1.0)))
    assert found.charter.principles is None
    assert "no single players" in " ".join(text(found).split())
    assert "Design principles" not in text(found)
    many = seen_charter(games.PublicGoods(players=4).under(institutions.Tax(on="act", rate=0.1)))
    assert many.principles is None
    assert many.unasked.startswith("The game has 81 joint moves, so the layers are as they declare")
    assert [(layer.kinds, layer.seen) for layer in many.layers] == [(("strategic",), False)]


def test_layers_that_carry_what_is_played_are_named():
    """Of a tax that deters and one that is small, the first is load-bearing."""
    tax = institutions.Tax
    found = audit(games.PrisonersDilemma().under(tax(on="D", rate=3.0), tax(on="D", rate=0.5)))
    alone, together, harmless = found.claims[-3:]
    assert (alone.verdict, alone.witness["failing"], harmless.verdict) == ("refuted", ["Tax"], "proved")
    assert together.numbers["minimal breaking sets"] == [["Tax"]]


def test_stages_are_checked_by_backward_induction(kinds):
    """Voting nobody-for leads to (D, D): a subgame-perfect outcome that misses the optimum, and the path says so."""
    (claim,) = kinds.stages.claims
    assert claim.verdict == "refuted"
    assert claim.witness["welfare"] == pytest.approx(1)
    assert kinds.stages.design is None


def test_private_advice_is_said_to_be_another_question():
    advice = institutions.Advice(device=((("C", "C"), 0.5), (("C", "D"), 0.25), (("D", "C"), 0.25)))
    found = audit(NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("C", "D")).under(advice))
    assert found.claims == ()
    assert "obedience" in text(found)


def test_tolls_on_a_road_network_are_checked(kinds):
    """Of tolls it is proved that they lead where they say; town's fewest stand on four links."""
    tolls = [line.plan for line in kinds.traffic.design.lines if "tolls" in line.approach]
    assert {claim.verdict for plan in tolls for claim in plan.claims} == {"proved"}
    assert {claim.verdict for claim in kinds.traffic.claims} <= {"proved", "unknown"}  # closing may run out of time
    assert kinds.traffic.diagnosis.price_of_anarchy > 1.2
    first = kinds.traffic.design.lines[0]
    assert (first.approach, first.links) == ("fewest tolls", 4)
    assert first.closed == pytest.approx(1, abs=1e-3)


def test_closing_the_short_cut_is_proposed_where_that_is_all_it_takes():
    found = audit(games.Braess())
    assert found.design.best.closed == ("north>south",)
    assert found.design.best.after == pytest.approx(1.5)


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
    found = audit(game)
    assert found.design is None or all(p.objection or p.target == ("B", "B") for p in found.design.proposals)
    assert any("the town" in finding.who for finding in found.findings)


def test_a_cartel_is_not_proposed():
    """Two sellers win 4 each by a high price, customers lose 3: more in all, and still not ours to bring about."""
    table = np.array([[[1, 1], [7, 0]], [[0, 7], [5, 5]]], float)
    customers = np.array([[[6.0], [4.0]], [[4.0], [3.0]]])
    game = NormalForm(table, moves=("low", "high"), bystanders=("customers",), bystander_payoffs=customers)
    found = audit(game)
    assert found.diagnosis.optima == ((1, 1),)
    high = [proposal for proposal in found.design.proposals if proposal.target == ("high", "high")]
    assert high
    assert all("customers" in proposal.objection for proposal in high)
    assert found.design.best is None
    assert found.verification is None
    assert found.unsought == found.design.because
    assert "Not proposed" in text(found)


def test_progress_is_told_in_words():
    stages = []
    audit(games.PrisonersDilemma(), progress=stages.append)
    assert stages
    assert all(isinstance(stage, str) and stage for stage in stages)


def test_a_game_with_one_player_is_refused():
    with pytest.raises(InputError, match="1 player"):
        audit(NormalForm([[1.0], [2.0]]))


@settings(max_examples=4)
@given(st.integers(0, 10_000))
def test_what_is_proved_of_a_remedy_holds_by_brute_force(seed):
    """Random 3×3 games: in the governed game nobody gains by leaving the target, and the claims say what else is so."""
    found = audit(NormalForm(np.random.default_rng(seed).integers(0, 8, (3, 3, 2)).astype(float)))
    for proposal in found.design.proposals if found.design is not None else ():
        if proposal.target is None or proposal.objection:
            continue
        game = proposal.governed.dense()
        stable = _stable(game)
        if all(label in own for own, label in zip(game.moves, proposal.target, strict=True)):
            assert game.profile(proposal.target) in stable
        for claim in proposal.claims:
            if "only pure equilibrium" in claim.statement or "only equilibrium" in claim.statement:
                assert claim.verdict == "refuted" or stable == [game.profile(proposal.target)]
                if claim.verdict == "refuted" and "equilibrium" in claim.witness and "mixed" not in claim.statement:
                    assert game.profile(claim.witness["equilibrium"]) in stable


def _stable(game):
    """Joint moves that nobody gains by leaving alone."""
    row, column = game.payoffs[..., 0], game.payoffs[..., 1]
    best = (row >= row.max(0) - 1e-9) & (column >= column.max(1, keepdims=True) - 1e-9)
    return [tuple(map(int, place)) for place in np.argwhere(best)]


def test_the_same_seed_gives_the_same_findings():
    one, two = (audit(games.Chicken(), seed=3) for _ in range(2))
    assert one.findings == two.findings
    assert one.claims == two.claims
    assert json(one) == json(two)


def test_a_game_in_which_nothing_matters_is_audited_and_drawn():
    found = audit(NormalForm(np.ones((2, 2, 2)), name="nothing matters"))
    assert "nothing to gain" in html(found)
