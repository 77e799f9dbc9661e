from itertools import permutations

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.ordinal_types import SYMMETRIC, named, ordinal_types
from ostrom.games import BattleOfTheSexes, Chicken, PrisonersDilemma, RockPaperScissors, StagHunt

ALL = [
    np.stack([np.reshape(one, (2, 2)), np.reshape(other, (2, 2))], axis=-1)
    for one in permutations((1, 2, 3, 4))
    for other in permutations((1, 2, 3, 4))
]


def orbit(table):
    """All tables that differ by exchanging rows, columns or players."""
    found = set()
    for turned in (table, table.transpose(1, 0, 2)[..., ::-1]):
        for rows in (1, -1):
            for columns in (1, -1):
                found.add(turned[::rows, ::columns].tobytes())
    return frozenset(found)


def test_there_are_seventy_eight_and_twelve_are_symmetric():
    """Rapoport and Guyer's count, and one name for each class that exchanging rows, columns and players leaves."""
    by_name, by_orbit = {}, {}
    for table in ALL:
        name, _ = named(table)
        by_name.setdefault(name, set()).add(orbit(np.ascontiguousarray(table)))
        by_orbit.setdefault(orbit(np.ascontiguousarray(table)), set()).add(name)
    assert len(by_name) == len(by_orbit) == 78
    assert all(len(classes) == 1 for classes in by_name.values())
    assert {name for name in by_name if "–" not in name} == set(SYMMETRIC.values())
    assert len(SYMMETRIC) == 12


def test_twenty_one_of_them_have_an_outcome_that_is_best_for_both():
    """Rapoport and Guyer's games of no conflict."""
    best = {named(table)[0] for table in ALL if (table == 4).all(-1).any()}
    assert len(best) == 21


@pytest.mark.parametrize(
    ("game", "name"),
    [
        (PrisonersDilemma(), "Prisoner's Dilemma"),
        (Chicken(), "Chicken"),
        (NormalForm([[[4, 4], [1, 3]], [[3, 1], [2, 2]]]), "Stag Hunt"),
        (NormalForm([[[4, 4], [1, 2]], [[2, 1], [3, 3]]]), "Assurance"),
        (NormalForm([[[4, 4], [2, 1]], [[1, 2], [3, 3]]]), "Coordination"),
        (NormalForm([[[1, 1], [3, 4]], [[4, 3], [2, 2]]]), "Hero"),
        (NormalForm([[[2, 2], [3, 4]], [[4, 3], [1, 1]]]), "Battle"),
    ],
)
def test_games_by_the_names_they_are_known_by(game, name):
    found = ordinal_types(game)
    assert found.names == (name,)
    assert found.symmetric
    assert name in found.findings[0].sentence


def test_ties_leave_several_open():
    found = ordinal_types(StagHunt())
    assert found.tied
    assert {"Stag Hunt", "Assurance"} <= set(found.names)
    assert len(ordinal_types(BattleOfTheSexes()).names) > 1
    assert len(ordinal_types(NormalForm(np.zeros((2, 2, 2)))).names) == 78


def test_scales_change_nothing():
    game = PrisonersDilemma()
    scaled = NormalForm(game.payoffs * [1e6, 1e-6] + [3, -7])
    assert ordinal_types(scaled).names == ordinal_types(game).names


def test_ranks_are_oriented_like_the_table_of_games():
    """Row's best on the right, column's best on top; the prisoner's dilemma as Robinson and Goforth print it."""
    assert ordinal_types(PrisonersDilemma()).ranks == (((1, 4), (3, 3)), ((2, 2), (4, 1)))


def test_larger_games_are_refused():
    with pytest.raises(InputError, match="two players and two moves"):
        ordinal_types(RockPaperScissors())
