"""Facets of worlds by trained corners: they sum, coincide where they have to, and find what tables say."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

pytest.importorskip("jax")

from casts import Fixed, Student

import ostrom as om
from ostrom.core.errors import DeclarationError, InputError
from ostrom.core.rooms import load
from ostrom.diagnosis import diagnose_world
from ostrom.diagnosis._student_interval import Mean
from ostrom.diagnosis.world_facets import _share
from ostrom.learners import train
from ostrom.worlds import Lake, MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=4)


@pytest.fixture(scope="module")
def dilemma():
    """The facets of two who always cooperate in four rounds, with learners who learn what they should."""
    patched = pytest.MonkeyPatch()
    patched.setattr(load("learners", "further"), "further", _taught)
    yield diagnose_world(PD, Fixed(0), learner=Student(), steps=6000, seeds=2, episodes=16)
    patched.undo()


def _taught(world, tables, seats, steps, **more):
    """Whoever acts as one learns to cooperate, and whoever acts for itself to defect."""
    learned = Fixed(1.0 - world.welfare)
    pairs = zip(tables, seats, strict=True)
    return [[learned if number in own else player for number, player in enumerate(row)] for row, own in pairs]


def test_shares_are_shapley_values():
    """Against all six orders, for each of five seeds; they sum to the gap."""
    rng = np.random.default_rng(0)
    worth = {(a, b, c): rng.normal(size=5) for a in (False, True) for b in (False, True) for c in (False, True)}
    found = [_share(worth, switch) for switch in range(3)]
    wanted = np.zeros((3, 5))
    for order in permutations(range(3)):
        on = [False] * 3
        for switch in order:
            before = worth[tuple(on)]
            on[switch] = True
            wanted[switch] += (worth[tuple(on)] - before) / 6
    assert np.allclose(found, wanted)
    assert np.allclose(np.sum(found, 0), worth[True, True, True] - worth[False, False, False])


def test_the_dilemma_of_players_who_always_cooperate(dilemma):
    """Given cooperators lose nothing (12 each in four rounds); able but selfish, they would end at 4: by hand,
    capability is half of (4 - 12) + (12 - 12), and the inter-agent line its opposite."""
    corners = {name: corner.worth.mean() for name, corner in dilemma.corners.items()}
    assert corners[""] == corners["intent"] == corners["inter-agent"] == 12
    assert (corners["capability"], corners["capability+inter-agent"]) == (4, 12)
    assert (dilemma.capability.value, dilemma.inter_agent.value, dilemma.gap.value) == (-4, 4, 0)
    assert dilemma.intent == Mean(0.0, 0.0, 0.0, 2)
    assert dilemma.settled
    assert dilemma.temptation.value == 8
    assert dilemma.conflict == dilemma.inter_agent


def test_parts_sum_to_the_gap_and_words_hold_the_numbers(dilemma):
    total = sum(part.value for part in dilemma.lines.values())
    assert total == pytest.approx(dilemma.gap.value, abs=1e-12)
    assert "2 seeds" in dilemma.summary
    assert "proved" not in dilemma.summary
    assert dilemma.to_dict()["corners"]["capability"]["how"] == "trained"
    assert len(dilemma.table.splitlines()) == 12


def test_a_gap_that_seeds_disagree_on_is_not_called_lost(dilemma):
    """6 in one seed and 12 in the other of 12 that are possible: the interval of the gap reaches over 0."""
    low = replace(dilemma.corners[""], worth=np.array([6.0, 12.0]))
    unsure = replace(dilemma, gap=Mean.of([6.0, 0.0]), corners={**dilemma.corners, "": low})
    assert "it is not clear whether anything is lost: welfare is 9 ± 38" in unsure.summary
    assert "nothing is lost that training finds: welfare is 12" in dilemma.summary


def test_a_temptation_that_seeds_disagree_on_is_neither_conflict_nor_coordination(dilemma):
    """What is at stake is 8, so that 0.16 is a trifle: an interval on both sides of it decides nothing."""
    lost = {"gap": Mean.of([4.0, 4.0]), "capability": Mean.of([0.0, 0.0])}
    open_ = replace(dilemma, **lost, temptation=Mean(4.0, 0.1, 7.9, 2))
    assert (open_.tempting, open_.conflict, open_.coordination) == (None, None, None)
    assert list(open_.parts) == ["intent", "capability", "inter-agent"]
    assert sum(part.value for part in open_.parts.values()) == open_.gap.value
    assert "all of it between agents. Whether the inter-agent part is conflict or coordination is not" in open_.summary
    assert "(--seeds, --steps) can tell" in open_.summary
    conflict = replace(open_, temptation=Mean(4.0, 0.2, 7.8, 2))
    assert (conflict.tempting, conflict.conflict, conflict.coordination.value) == (True, conflict.inter_agent, 0)
    assert "all of it in conflict." in conflict.summary
    trifle = replace(open_, temptation=Mean(0.1, 0.05, 0.15, 2))
    assert (trifle.tempting, trifle.coordination, trifle.conflict.value) == (False, trifle.inter_agent, 0)
    assert "more than a trifle (0.100 ± 0.050)" in trifle.summary


def test_corners_that_coincide_are_not_trained_twice(dilemma):
    corners = dilemma.corners
    assert corners["capability"] is corners["intent+capability"]
    assert corners[""] is corners["intent+inter-agent"]


def test_diagnose_takes_worlds_and_runs():
    with pytest.raises(InputError, match="1 seats, 4 seeds"):
        om.diagnose(Lake(players=1))


class Odd(Lake):
    """Pays one number where there are several seats."""

    def step(self, key, state, moves):
        after, payoffs = super().step(key, state, moves)
        return after, payoffs.sum()


def test_slips_in_worlds_of_ones_own_are_told_by_their_method():
    for verb in (om.diagnose, om.design, lambda world: om.verify_world(world, Fixed(0))):
        with pytest.raises(DeclarationError, match=r"Odd.step gives payoffs of the shape \(\), where \(3,\)"):
            verb(Odd(players=3))


def test_a_repeated_game_is_asked_otherwise():
    game = om.games.PrisonersDilemma().repeated(0.9)
    for verb in (om.diagnose, om.design):
        with pytest.raises(InputError, match="A Repeated is no game of one round"):
            verb(game)
    assert set(om.verify(game).answers) == {"Sustained", "Unravelling", "JointDeviations"}


def test_nonsense_is_refused():
    with pytest.raises(InputError, match="1 seeds"):
        diagnose_world(PD, Fixed(0), seeds=1)
    with pytest.raises(InputError, match="Nobody was given for column"):
        diagnose_world(PD, {"row": Fixed(0)}, learner=Student(), steps=10, seeds=2)


@pytest.mark.slow
def test_the_dilemma_is_the_same_when_it_is_learned():
    found = diagnose_world(PD, Fixed(0), learner=Student(), steps=6000, seeds=3, episodes=16)
    assert found.perfect.value == pytest.approx(4, abs=0.5)
    assert found.best.value == pytest.approx(12, abs=0.5)
    assert found.capability.value == pytest.approx(-4, abs=0.5)
    assert found.temptation.value == pytest.approx(8, abs=0.5)
    assert found.settled


@pytest.mark.slow
def test_a_stag_hunt_is_coordination_and_early_players_lack_capability():
    """Hare is where learners from chance go when hunting alone pays nothing: all of the line is coordination."""
    hunt = om.NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]])
    world = MatrixWorld.of(hunt, horizon=2)
    early = train(world, Student(), 256, seeds=3)
    found = diagnose_world(world, early, learner=Student(), steps=6000, episodes=16)
    same = diagnose_world(world, 256, learner=Student(), steps=6000, episodes=16, seeds=3)
    for name, corner in found.to_dict()["corners"].items():
        other = same.to_dict()["corners"][name]
        if "capability" in name:
            assert other == corner
        else:  # as long a training, with chance of its own
            assert (other["how"], other["steps"]) == (corner["how"], corner["steps"]) == ("given", 256)
            assert np.mean(other["worth"]) == pytest.approx(np.mean(corner["worth"]), abs=0.5)
    assert found.best.value == pytest.approx(8, abs=0.3)
    assert not found.temptation.above_zero
    assert found.coordination == found.inter_agent
    assert found.capability.value > 0 or found.inter_agent.value > 0


@pytest.mark.slow
def test_those_who_care_too_much_have_a_negative_intent():
    """As on tables: a dilemma in which both want the sum loses nothing, -2 by intent and +2 between agents (sums)."""
    kind = PD.under(om.institutions.Prosocial(weight=0.5))
    found = diagnose_world(kind, learner=Student(), steps=6000, seeds=3, episodes=16)
    assert found.gap.value == pytest.approx(0, abs=0.3)
    assert found.intent.value == pytest.approx(-4, abs=0.4)
    assert found.inter_agent.value == pytest.approx(4, abs=0.4)


@pytest.mark.slow
def test_a_tax_that_is_high_enough_closes_the_gap_and_its_takings_are_not_lost():
    taxed = PD.under(om.institutions.Tax(on="D", rate=2.5))
    found = diagnose_world(taxed, learner=Student(), steps=6000, seeds=3, episodes=16)
    assert found.gap.value == pytest.approx(0, abs=0.4)
    bare = diagnose_world(PD, learner=Student(), steps=6000, seeds=3, episodes=16)
    assert bare.gap.value == pytest.approx(8, abs=0.6)
    given = diagnose_world(taxed, Fixed(1), learner=Student(), steps=6000, seeds=3, episodes=16)
    assert given.played.value == 4
    assert given.taken.value == pytest.approx(2 * 4 * 2.5)


@pytest.mark.slow
def test_bystanders_count():
    """What is caught counts once more for those who eat it."""
    found = diagnose_world(
        Lake(players=2, horizon=6), Fixed(1), learner=Student(), steps=3000, seeds=2, bystanders={"eaters": "harvest"}
    )
    off = found.corners[""]
    assert off.worth == pytest.approx((off.bare.sum(-1) + off.bystanders["eaters"]) / 3)
    assert "Eaters have" in found.summary


def test_a_mean_is_written_with_two_digits_of_its_margin():
    assert Mean(-0.4863, -13.07, 12.1, 2).words == "0 ± 13"
    assert Mean(3.217, 2.8, 3.634, 4).words == "3.22 ± 0.42"
    assert Mean(20.0, 20.0, 20.0, 4).words == "20"
