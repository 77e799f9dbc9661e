"""The example on contracts and mediators that agents proposed: planted ones, and the published ones."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.formats.coopeval_designs import Design

PAGE = Path(__file__).parents[2] / "docs" / "reproductions" / "contracts_they_signed.md"
DILEMMA = NormalForm([[[2, 2], [0, 3]], [[3, 0], [1, 1]]], moves=("C", "D"))


@pytest.fixture(scope="module")
def study(example, shared_data):
    return example.Study.of(shared_data / "coopeval")


def contract(**paid):
    return Design("cell", "run", "ann(IO)", 1, contract=paid)


def mediator(*moves):
    return Design("cell", "run", "ann(IO)", 1, mediator=dict(enumerate(moves, 1)))


@pytest.mark.parametrize(
    ("design", "word"),
    [
        (contract(C=2, D=0), "certain"),
        (contract(C=0, D=0), "idle"),
        (contract(C=0, D=5), "idle"),
        (mediator("D", "C"), "safe"),
        (mediator("C", "C"), "breakable"),
        (mediator("D", "D"), "idle"),
    ],
)
def test_planted_designs(example, design, word):
    verdict = example.Study(benches={"cell": bench(DILEMMA)}).verdict(design)
    assert verdict.word == word
    assert verdict.balanced
    assert verdict.sound is (word in ("certain", "safe"))


def test_a_mediator_that_hunts_alone_is_risky():
    hunt = NormalForm([[[5, 5], [0, 3]], [[3, 0], [3, 3]]], moves=("S", "H"))
    assert bench(hunt).judge(mediator("S", "S")).word == "risky"
    assert bench(hunt).judge(mediator("H", "S")).word == "safe"


def test_what_cannot_help_can_still_take():
    pennies = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], moves=("H", "T"))
    fair, taking = (bench(pennies).judge(contract(H=z, T=0)) for z in (0, 1))
    assert (fair.agreeable, taking.agreeable) == ((True, True), (True, False))
    assert taking.gains == pytest.approx((0.25, -0.25))  # the value of [[1, 0], [-2, 1]] is 1/4


def bench(base):
    from _proposed import Bench

    return Bench(base)


def paid_by_hand(base, design):
    """The payoffs of every joint choice, from the terms alone: `{choices: points}`, "" being to delegate."""
    menus = [(*own, "") if design.mediator else own for own in base.moves]
    found = {}
    for chosen in product(*menus):
        number = chosen.count("")
        made = [move or design.mediator[number] for move in chosen]
        points = base.payoffs[base.profile(made)].tolist()
        if design.contract:
            for i, move in enumerate(made):
                for j in range(len(made)):
                    points[j] += design.contract[move] * (1 if i == j else -1 / (len(made) - 1))
        found[chosen] = points
    return menus, found


def test_verdicts_are_those_of_brute_force(study):
    """Pure equilibria, what they are worth, and what is risked, by walking through all departures in dictionaries."""
    for cell, here in study.benches.items():
        terms = {json.dumps(d.contract or d.mediator): d for d in study.designs if d.cell == cell}
        for design in terms.values():
            menus, points = paid_by_hand(here.base, design)

            def gains(chosen, i, menus=menus, points=points):
                others = [(*chosen[:i], move, *chosen[i + 1 :]) for move in menus[i]]
                return max(points[other][i] for other in others) - points[chosen][i]

            stable = [c for c in points if all(gains(c, i) < 1e-9 for i in range(len(menus)))]
            worths = [sum(points[chosen]) for chosen in stable]
            verdict = here.judge(design)
            part = None if verdict.part is None else tuple("" if move == "delegate" else move for move in verdict.part)
            assert (part is None) == (not stable and design.kind == "contract")
            if part is None:
                continue
            assert verdict.holds == (part in stable)
            assert verdict.delivers == (sum(points[part]) > here.best - 1e-9)
            assert verdict.gains == pytest.approx(np.subtract(points[part], here.outside))
            floors = [min(points[c][i] for c in points if c[i] == part[i]) for i in range(len(menus))]
            assert verdict.safe == all(np.array(floors) > here.outside - 1e-9)
            if stable and study.gainful(design):
                assert verdict.most == pytest.approx(max(map(here.share, worths)))
                assert verdict.least <= min(map(here.share, worths)) + 1e-9
            if design.kind == "contract" and study.gainful(design):
                signed = max(stable, key=lambda c: sum(points[c]))
                assert verdict.perfect == pytest.approx((0, max(0, here.share(sum(points[signed])))))


def test_the_outside_option_is_the_least_of_the_base_games_equilibria(study):
    known = {"travellers dilemma": 2, "trust game": 4, "prisoners dilemma": 1, "public goods": 1, "stag hunt": 3}
    for cell, here in study.benches.items():
        assert here.outside == pytest.approx(known.get(study.games[cell], 0))


def test_the_page_tells_what_it_prints(example, shared_data, capsys, tmp_path):
    drawn = tmp_path / "signed.svg"
    example.main([str(shared_data / "coopeval"), "--picture", str(drawn)])
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for part in capsys.readouterr().out.strip().split("\n\n"):
        for line in part.splitlines():
            if not line.startswith("|---"):
                assert " ".join(line.split()) in page
    assert drawn.read_text(encoding="utf-8").startswith("<svg")


def test_counts_add_up(example, study):
    assert (len(study.designs), len(study.met), len(study.control)) == (234, 1080, 108)
    lost = sum(sum(met.lost) for met in study.met)
    slipped = sum(sum(met.slipped) for met in study.met)
    assert (lost, slipped) == (20, 13)
    assert not any(sum(met.lost) for met in study.met if met.verdict.sound and not met.meeting.signed)
    assert study.mean(study.met, lambda met: 1.0).value == 1
    errors = {True: 0.0, False: 0.0}
    for met in study.met:
        errors[all(met.bound)] += abs(met.share - met.verdict.most) / sum(other.game == met.game for other in study.met)
    assert errors[False] / sum(errors.values()) == pytest.approx(0.94, abs=0.005)
    assert example.contrast(study, lambda met: (met.game,)).value > 0.2


def test_it_refuses_what_is_no_folder_of_records(example, tmp_path):
    with pytest.raises(Exception, match="not a folder of CoopEval records"):
        example.main([str(tmp_path)])
