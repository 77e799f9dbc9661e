"""The verb design: what it ranks and why, limits that cannot be met, and the nearest possible thing."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ostrom as om
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._design import APPROACHES, design
from ostrom.designers._proposal import Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers._wishes import NAMED, Wishes, missed
from ostrom.designers.transfers import transfers
from ostrom.institutions import Tax

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
CHICKEN = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]], moves=("swerve", "straight"))
TOLD = {"PD": PD, "HUNT": HUNT, "CHICKEN": CHICKEN}
SCENARIOS = {
    "battle": lambda: om.games.BattleOfTheSexes(),
    "chicken": lambda: om.games.Chicken(),
    "commons": lambda: om.games.Commons(players=2),
    "dilemma": lambda: om.games.PrisonersDilemma(),
    "escape": lambda: om.games.EscapeRoom(),
    "goods": lambda: om.games.PublicGoods(players=2),
    "pennies": lambda: om.games.MatchingPennies(),
    "rocks": lambda: om.games.RockPaperScissors(),
    "stags": lambda: om.games.StagHunt(),
    "volunteers": lambda: om.games.VolunteersDilemma(),
}
CHEAP = ("tax", "fines", "promises", "quota", "prosocial", "contract")


def random_game(seed, sizes=(2, 2)):
    return NormalForm(np.random.default_rng(seed).integers(-5, 6, (*sizes, len(sizes))))


def why(found, approach):
    """What is said of an approach that cannot do it."""
    return next(one for one in found.impossible if one.approach == approach)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_proposal_does_what_it_says(name):
    """The target is an equilibrium by looking, certificates check, no proposal promises more welfare than there is."""
    found = design(SCENARIOS[name](), seconds=2)
    assert len(found.proposals) + len(found.impossible) == sum(
        way.fits(found.problem, None, Wishes()) for way in APPROACHES.values()
    )
    for line in found.lines:
        proposal = line.proposal
        assert proposal.effects.welfare_after <= found.welfare_best + 1e-9
        assert (proposal.outcome * found.problem.worth).sum() == pytest.approx(proposal.effects.welfare_after)
        if proposal.target is not None:
            table = proposal.governed.dense()
            place = table.profile(proposal.target)
            for i in range(len(place)):
                own = table.payoffs[(*place[:i], slice(None), *place[i + 1 :], i)]
                assert own.max() <= own[place[i]] + 1e-9 * np.ptp(table.payoffs)
        assert {one.answer for one in proposal.certificate(found.problem).recheck()} <= {"confirmed", "not checked"}
        assert line.weight == pytest.approx(sum(line.burden.values()))
        assert min(line.burden.values()) >= 0
    assert found.control in (None, 0.0)
    assert found.findings[0].sentence == found.because


def test_what_comes_first_and_why():
    found = design(PD)
    assert found.best is found.proposals[0]
    assert found.institution is found.best.institution
    assert "conflict" in found.because
    assert (found.welfare_now, found.welfare_best, found.advised) == (1, 3, 1)
    assert "coordination" in design(HUNT).because
    assert "Advice alone closes" in design(CHICKEN).because
    assert set(found.to_dict()) >= {"name", "lines", "impossible", "control"}


def test_lines_are_in_order():
    """Whatever gains more comes first; among equals what weighs less; whatever is objected to comes last."""
    for game in TOLD.values():
        lines = design(game).lines
        span = 1e-2 * np.ptp(game.payoffs.mean(-1))
        keys = [(bool(x.proposal.objection), -round(x.proposal.gained / span), x.weight) for x in lines]
        assert keys == sorted(keys)


def test_weights_change_the_order():
    first = design(PD, weights={"forbidden": 0, "information": 0}).proposals[0]
    assert first.approach in ("restriction", "learner-proof restriction")
    assert design(PD, weights={"forbidden": 100}).proposals[0].needs.forbidden == 0


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_proposed_where_there_is_nothing_to_gain(seed):
    """The control: in zero-sum games, of whole numbers or not, every proposal has an objection."""
    rng = np.random.default_rng(seed)
    sizes = (2, 2) if seed % 2 else (2, 2, 2)
    table = (
        rng.normal(size=(*sizes, len(sizes))) if seed % 3 else rng.integers(-5, 6, (*sizes, len(sizes))).astype(float)
    )
    table -= table.mean(-1, keepdims=True)
    found = design(NormalForm(table), seconds=2)
    assert found.best is None
    assert all(proposal.objection for proposal in found.proposals)
    assert "Nothing is lost" in found.because
    with pytest.raises(InputError, match="No institution is proposed"):
        found.institution  # noqa: B018


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_players_may_change_places(seed):
    """Permuting players permutes proposals."""
    game = random_game(seed)
    turned = NormalForm(np.swapaxes(game.payoffs, 0, 1)[..., ::-1], moves=game.moves)
    place = np.unravel_index(int(np.argmax(game.payoffs.sum(-1))), game.sizes)
    labels, everything = game.labels(tuple(map(int, place))), np.full((2, 2), 1 / 4)
    one = design(game, labels, among=CHEAP, played=everything)
    two = design(turned, labels[::-1], among=CHEAP, played=everything)
    assert [(p.approach, pytest.approx(p.size)) for p in one.proposals] == [(p.approach, p.size) for p in two.proposals]
    for a, b in zip(one.proposals, two.proposals, strict=True):
        assert list(a.effects.after) == pytest.approx(list(b.effects.after)[::-1])


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_three_times_the_payoffs_cost_three_times_as_much(seed):
    game, everything = random_game(seed), np.full((2, 2), 1 / 4)
    one, three = (design(NormalForm(k * game.payoffs), among=CHEAP, played=everything) for k in (1, 3))
    found = {proposal.approach: proposal for proposal in three.proposals}
    assert set(found) == {proposal.approach for proposal in one.proposals}
    for proposal in one.proposals:
        other, near = found[proposal.approach], 0.01 * one.problem.scale
        assert other.needs.cost == pytest.approx(3 * proposal.needs.cost, abs=near)
        assert other.needs.fine == pytest.approx(3 * proposal.needs.fine, abs=near)
        assert other.gained == pytest.approx(3 * proposal.gained)


# Wishes that contradict each other, or the game


def test_dominance_by_advice_alone_is_impossible():
    found = design(PD, among=["advice"], wish=["dominant"])
    assert not found.proposals or found.best is None
    found = design(CHICKEN, among=["advice"], wish=["dominant"])
    assert "not dominant" in why(found, "advice").because
    assert "Fines" in why(found, "advice").nearest
    assert "Nothing that was looked for meets every wish." in found.because


def test_promises_without_money_are_impossible():
    found = design(PD, among=["promises"], wish=["balanced"])
    assert "from outside" in why(found, "promises").because
    assert "Fines that the others share" in why(found, "promises").nearest
    assert design(PD, among=["fines"], wish=["balanced"]).best is not None


def test_what_takes_from_somebody_is_not_voluntary():
    found = design(PD, ("C", "D"), played=[[1, 0], [0, 0]], among=["fines", "tax", "promises"], wish=["voluntary"])
    assert "player 1 would have less than now" in why(found, "fines").because
    promises = next(proposal for proposal in found.proposals if proposal.approach == "promises")
    assert promises.effects.after[0] >= 3


@pytest.mark.parametrize("wish", NAMED)
@pytest.mark.parametrize("name", TOLD)
def test_what_meets_a_wish_meets_it(wish, name):
    """Each named wish against a test of its own on the governed table."""
    found = design(TOLD[name], wish=[wish])
    for proposal in found.proposals:
        table, slack = proposal.governed.dense().payoffs, 1e-9
        place = None if proposal.target is None else proposal.governed.dense().profile(proposal.target)
        if wish == "balanced":
            assert proposal.needs.cost <= slack
        elif wish == "voluntary":
            assert min(proposal.effects.change.values()) >= -slack
        elif wish == "anonymous":
            assert table == pytest.approx(np.swapaxes(table, 0, 1)[..., ::-1])
            assert proposal.outcome == pytest.approx(proposal.outcome.T)
        elif wish == "dominant":
            assert (table[place[0], :, 0] >= table[..., 0].max(0) - slack).all()
            assert (table[:, place[1], 1] >= table[..., 1].max(1) - slack).all()
        elif wish == "unique":
            stable = (table[..., 0] >= table[..., 0].max(0) - slack) & (
                table[..., 1] >= table[..., 1].max(1, keepdims=True) - slack
            )
            assert stable.sum() == 1
        elif wish == "coalition-proof":
            assert not any((table[there] > table[place] + slack).all() for there in np.ndindex(table.shape[:2]))
    for one in found.impossible:
        assert one.because


def test_advice_that_treats_the_same_players_differently_is_not_anonymous():
    found = design(om.games.VolunteersDilemma(), among=["advice"], wish=["anonymous"])
    assert "treats players who are alike differently" in why(found, "advice").because


def test_a_player_called_only_is_not_the_only_equilibrium():
    words = NormalForm(HUNT.payoffs, moves=("stag is the only one", "hare"))
    assert all("other equilibria" in one.because for one in design(words, among=["advice"], wish=["unique"]).impossible)


# What cannot be seen


@pytest.mark.parametrize("name", ["dilemma", "commons", "chicken"])
def test_where_nothing_can_be_seen_only_advice_and_regard_are_left(name):
    found = design(SCENARIOS[name](), observed=[], seconds=2)
    assert {proposal.approach for proposal in found.proposals} <= {"advice", "prosocial"}
    for approach in ("tax", "fines", "promises", "quota", "contract", "mediator", "restriction"):
        assert why(found, approach).because.endswith(".")
    assert why(found, "tax").nearest == "Advice needs nothing to be seen."


def test_what_depends_on_a_fact_is_left_where_the_fact_can_be_seen():
    found = design(
        om.games.Commons(players=2), observed=["harvest"], among=["tax", "quota", "fines", "promises", "balanced"]
    )
    left = {proposal.approach: proposal for proposal in found.proposals}
    assert set(left) == {"tax", "quota", "promises", "balanced"}
    assert {proposal.needs.observed for proposal in left.values()} == {"harvest"}
    with pytest.raises(UnknownName):
        design(om.games.Commons(players=2), observed=["catch"], among=["tax"])


# What there is too little of


def held(game, most, share, money):
    """The best joint move that nobody leaves for fines of that size, or for promises of so much in all: by looking."""
    lead = share * max(np.ptp(game.payoffs[..., i]) for i in range(2))
    best = None
    for place in product(*map(range, game.sizes)):
        gains = [
            max(game.payoffs[(*place[:i], k, *place[i + 1 :], i)] for k in range(game.sizes[i]) if k != place[i])
            - game.payoffs[(*place, i)]
            + lead
            for i in range(2)
        ]
        owed = sum(max(gain, 0) for gain in gains) if money else max(*gains, 0)
        if owed <= most + 1e-9 and (best is None or game.payoffs[place].mean() > game.payoffs[best].mean()):
            best = place
    return best


@pytest.mark.parametrize("seed", range(12))
def test_too_little_money_or_too_small_fines_name_the_best_that_can_be_held(seed):
    game = random_game(seed, (2, 3))
    everything = np.full(game.sizes, 1 / game.size)
    found = design(game, among=["fines", "promises"], fine=1.0, played=everything, margin=0.01, wish=["dominant"])
    for one in found.impossible:
        if "is the most there is" in one.because:
            best = held(game, 1.0, 0.01, False)
            expected = "No joint move at all" if best is None else f"({', '.join(game.labels(best))})"
            assert expected in one.nearest
    proposals = [proposal for proposal in found.proposals if proposal.approach == "fines"]
    assert all(proposal.needs.fine <= 1 + 1e-9 for proposal in proposals)
    poor = design(game, among=["promises", "tax"], budget=1.0, played=everything, margin=0.01)
    assert all(proposal.needs.cost <= 1 + 1e-9 for proposal in poor.proposals)


@pytest.mark.parametrize("seed", range(12))
def test_the_nearest_thing_that_money_can_buy(seed):
    """A subsidy beyond the budget: the best joint move that promises within it hold, by looking at all."""
    game = random_game(seed, (2, 3))
    problem = Problem(game, np.full(game.sizes, 1 / game.size))
    proposal = transfers(problem)
    if isinstance(proposal, Proposal) and proposal.needs.cost > 0.5:
        ((because, nearest),) = missed(problem, proposal, Wishes(budget=0.5, margin=0.01))
        best = held(game, 0.5, 0.01, True)
        assert "the budget is 0.5" in because
        assert ("No joint move at all" if best is None else f"({', '.join(game.labels(best))})") in nearest


def test_a_chance_of_being_caught_makes_fines_dearer():
    assert design(PD, among=["fines"], fine=2.5, margin=0.01).best is not None
    found = design(PD, among=["fines"], fine=2.5, detection=0.5, margin=0.01)
    assert "fines of 4.001" in why(found, "fines").because
    assert "a chance of 0.5" in why(found, "fines").because
    assert "(C, D)" in why(found, "fines").nearest  # row gains 1 by leaving it, and 2.5 / 2 is more
    assert design(PD, among=["fines"], fine=4.2, detection=0.5, margin=0.01).best is not None


def test_fines_that_are_too_small_for_dominance_may_do_for_an_equilibrium():
    game = NormalForm([[[5, 5], [0, 6]], [[6, 0], [4, 4]]], moves=("C", "D"))
    found = design(game, ("C", "C"), among=["fines"], fine=1.5, margin=0.01)
    assert found.best.numbers["concept"] == "equilibrium"
    assert found.best.needs.fine <= 1.5
    strict = design(game, ("C", "C"), among=["fines"], fine=1.5, margin=0.01, wish=["dominant"])
    assert strict.best is None


# Everything at once


LIMITS = [
    {},
    {"observed": []},
    {"fine": 0, "budget": 0},
    {"fine": 1.0, "detection": 0.25, "wish": ["voluntary", "balanced"]},
    {"budget": 0.5, "wish": ["dominant", "anonymous"]},
    {"wish": list(NAMED)},
    {"wish": ["unique", "learner-proof"], "observed": [], "fine": float("inf")},
]


@pytest.mark.parametrize("limits", LIMITS, ids=range(len(LIMITS)))
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_combination_makes_it_fall(name, limits):
    found = design(SCENARIOS[name](), among=(*CHEAP, "balanced", "advice", "mediator"), seconds=1, **limits)
    assert len(found.proposals) + len(found.impossible) == len(CHEAP) + 3
    for one in found.impossible:
        assert one.because
        assert " nan" not in one.because
    for finding in found.findings:
        assert finding.sentence


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_pair_of_wishes_makes_it_fall(name):
    for pair in combinations(NAMED, 2):
        for observed in (None, []):
            found = design(SCENARIOS[name](), wish=pair, observed=observed, seconds=1)
            assert all(one.because for one in found.impossible)


def test_approaches_by_name_and_by_institution():
    assert [one.approach for one in design(PD, among=["Tax", om.institutions.Fines]).proposals] == ["fines", "tax"]
    assert {one.approach for one in design(PD, among=["Transfers"]).proposals} == {
        "promises",
        "implementation",
        "balanced",
    }
    assert design(PD, among="tax").best.institution == design(PD, among=Tax).best.institution
    assert design(PD, among="tax", wish="dominant").best is not None


@pytest.mark.parametrize(
    "arguments",
    [
        {"among": ["bribes"]},
        {"wish": ["nice"]},
        {"fine": -1},
        {"fine": float("nan")},
        {"budget": -1},
        {"detection": 0},
        {"detection": 1.5},
        {"detection": float("nan")},
        {"margin": 0},
        {"target": ("C", "E")},
        {"observed": ["harvest"]},
        {"played": [[1, 1], [0, 0]]},
    ],
)
def test_bad_input_is_refused(arguments):
    with pytest.raises(InputError):
        design(PD, **arguments)


def test_what_is_too_large_says_so():
    with pytest.raises(TooLarge, match="joint moves"):
        design(om.games.CommonPool())


def test_welfare_and_precision_are_the_delegations():
    poor = design(Delegation(CHICKEN, welfare="egalitarian"), among=["tax"])
    assert poor.welfare_best == 6
    other = design(CHICKEN, among=["tax"], welfare=[1, 0])
    assert other.welfare_best == 7
    noisy = design(Delegation(PD, precision=1.0), among=["tax"])
    assert 1 < noisy.welfare_now < 3


def test_what_is_looked_for_depends_on_what_is_said():
    """Rules that remember with a discount, inspections with their cost; and neither without."""
    plain = {one.approach for one in (*design(PD).proposals, *design(PD).impossible)}
    assert not plain & {"norm", "moratorium", "enforcement", "asking", "bargained contract", "sanctions"}
    more = design(PD, discount=0.9, fine=5.0, inspection=0.2)
    asked = {one.approach: one for one in (*more.proposals, *more.impossible)}
    assert {"norm", "moratorium", "enforcement"} <= set(asked)
    assert asked["norm"].institution == om.institutions.Reputation(norm="GBBG")
    assert asked["enforcement"].institution.detection == pytest.approx(0.5)  # (2 + the margin 0.5) / 5
    assert asked["enforcement"].needs.cost == pytest.approx(0.5 * 2 * 0.2)


def test_a_game_in_which_one_opens_the_door_for_the_other_needs_a_contract_with_pay():
    found = design(om.games.EscapeRoom(players=2, needed=1))
    paid = next(one for one in found.proposals if one.approach == "bargained contract")
    assert paid.target == ("lever", "door")
    assert sum(paid.institution.pay) == pytest.approx(0.0)


@pytest.mark.parametrize("said", [{"discount": 1.0}, {"discount": -0.1}, {"inspection": -1.0}])
def test_nonsense_about_rounds_and_inspections_is_refused(said):
    with pytest.raises(InputError, match="inspections"):
        design(PD, **said)


def test_what_is_missing_is_said():
    for name, missing in (("norm", "discount"), ("enforcement", "inspection")):
        (one,) = design(PD, among=[name]).impossible
        assert missing in one.nearest


def test_moves_of_several_choices_at_once_are_refused():
    fine = om.institutions.Fines((("player 1", "D", 5.0),), shared=False)
    rule = om.institutions.Policed(fine, ("player 2",), reward=2.0)
    with pytest.raises(InputError, match="act and inspect"):
        design(PD.under(rule))


def test_inspections_without_a_fine_are_refused():
    with pytest.raises(InputError, match="no fine"):
        design(PD, inspection=0.2)


def test_what_is_done_in_secret_can_be_neither_taxed_nor_announced():
    """A treaty that can be broken in secret: what is left is that the inspector commits itself (Avenhaus 2002)."""
    game = om.games.ArmsControl()
    found = design(game)
    assert [one.approach for one in found.proposals if not one.objection] == ["leadership"]
    odds = found.best.numbers["lottery"]["inspect"]
    assert 0.25 < odds <= 0.3  # deters from gain / (detection (gain + fine)) on
    assert found.best.gained == pytest.approx(0.625 - odds / 2)
    assert any("what can be seen is nothing" in one.because for one in found.impossible)
    assert design(game, among=["tax"], observed=None).best is None
    both = om.games.ArmsControl()
    both.hidden = game.players
    assert "Nobody's moves are seen" in design(both, among=["leadership"]).impossible[0].because
