"""Nash averaging: published weights, the conditions of the optimum checked one by one, copies, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import _max_entropy, nash_averaging, nash_averaging_tasks, vertex_enumeration

SQUARES = (
    st.integers(1, 5).flatmap(lambda n: hnp.arrays(int, (n, n), elements=st.integers(-2, 2))).map(lambda m: m - m.T)
)
SCORES = hnp.arrays(int, hnp.array_shapes(min_dims=2, max_dims=2, max_side=4), elements=st.integers(-2, 2))
CIRCLE = np.array([[0, 4.6, -4.6], [-4.6, 0, 4.6], [4.6, -4.6, 0]])


def test_the_example_of_the_paper():
    """Balduzzi et al. (2018), section 3: a circle of three, and the same with a copy of C."""
    assert nash_averaging(CIRCLE).agents == pytest.approx(np.full(3, 1 / 3), abs=1e-12)
    copied = nash_averaging(CIRCLE[np.ix_([0, 1, 2, 2], [0, 1, 2, 2])])
    assert copied.agents == pytest.approx([1 / 3, 1 / 3, 1 / 6, 1 / 6], abs=1e-12)
    assert copied.skills == pytest.approx(np.zeros(4), abs=1e-12)


def test_the_best_of_a_ladder_has_all_the_weight():
    ladder = np.subtract.outer([3, 2, 1], [3, 2, 1])
    found = nash_averaging(ladder)
    assert found.agents.tolist() == [1, 0, 0]
    assert found.skills.tolist() == [0, -1, -2]


@settings(max_examples=60, deadline=None)
@given(SQUARES)
def test_no_corner_of_the_equilibria_leads_to_more_entropy(matrix):
    """The set is spanned by exact corners: entropy is concave, so its slope towards each decides."""
    found = nash_averaging(matrix, distinct=False)
    assert found.status == "complete"
    assert found.regret < 1e-12
    p = found.agents
    assert (p @ matrix).min() > -1e-12
    corners = {exact[0] for exact in vertex_enumeration(NormalForm(np.stack([matrix, -matrix], -1))).exact}
    support = np.array([float(max(own)) for own in zip(*corners, strict=True)]) > 0
    assert ((p > 1e-9) == support).all()
    slope = np.where(support, -np.log(np.where(support, p, 1.0)) - 1, 0.0)
    assert all(slope @ (np.array(corner, float) - p) <= 1e-8 for corner in corners)


@settings(max_examples=40, deadline=None)
@given(SCORES)
def test_so_it_is_for_agents_and_tasks(scores):
    found = nash_averaging_tasks(scores, distinct=False)
    assert found.status == "complete"
    corners = vertex_enumeration(NormalForm(np.stack([scores, -scores], -1))).exact
    for seat, weights in enumerate((found.agents, found.tasks)):
        own = [np.array(exact[seat], float) for exact in corners]
        support = np.max(own, axis=0) > 0
        assert ((weights > 1e-9) == support).all()
        slope = np.where(support, -np.log(np.where(support, weights, 1.0)) - 1, 0.0)
        assert all(slope @ (corner - weights) <= 1e-7 for corner in own)
    assert found.skills.max() == pytest.approx(found.value, abs=1e-12)
    assert found.difficulties.max() == pytest.approx(0, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(SQUARES, st.data())
def test_copies_change_no_skill_and_share_a_weight(matrix, data):
    plain = nash_averaging(matrix)
    whose = data.draw(st.integers(0, len(matrix) - 1))
    order = [*range(len(matrix)), whose, whose]
    copied = nash_averaging(matrix[np.ix_(order, order)])
    assert copied.skills == pytest.approx(plain.skills[order], abs=1e-8)
    assert copied.agents[[whose, -1, -2]] == pytest.approx(np.full(3, copied.agents[whose]), abs=1e-8)


def test_entropy_over_all_agents_lets_copies_in_where_there_are_several_equilibria():
    """Agents 1 and 3 are even, and 2 loses to 1 only: any mixture of 1 and 3 is an equilibrium."""
    matrix = np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 0]])
    copies = matrix[np.ix_([0, 0, 0, 1, 2], [0, 0, 0, 1, 2])]
    assert nash_averaging(matrix, distinct=False).skills == pytest.approx([0, -1 / 2, 0], abs=1e-9)
    assert nash_averaging(copies, distinct=False).skills[3] == pytest.approx(-3 / 4, abs=1e-9)
    assert nash_averaging(copies).skills[3] == pytest.approx(-1 / 2, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(SQUARES, st.randoms(use_true_random=False))
def test_other_names_change_nothing(matrix, random):
    order = list(range(len(matrix)))
    random.shuffle(order)
    plain, other = nash_averaging(matrix), nash_averaging(matrix[np.ix_(order, order)])
    assert other.agents == pytest.approx(plain.agents[order], abs=1e-9)


def test_copies_of_tasks_do_not_count():
    scores = np.array([[3.0, 0.0, 1.0], [0.0, 3.0, 1.0], [1.0, 1.0, 1.0]])
    plain, copied = nash_averaging_tasks(scores), nash_averaging_tasks(scores[:, [0, 1, 2, 0, 0]])
    assert copied.skills == pytest.approx(plain.skills, abs=1e-9)
    assert copied.agents == pytest.approx(plain.agents, abs=1e-9)
    assert copied.difficulties[[0, 3, 4]] == pytest.approx(plain.difficulties[[0, 0, 0]], abs=1e-9)


def test_a_hundred_agents():
    matrix = np.random.default_rng(2).normal(size=(100, 100))
    found = nash_averaging(matrix - matrix.T)
    assert (found.status, found.regret < 1e-12) == ("complete", True)


def test_where_the_program_fails_the_answer_is_called_partial(monkeypatch):
    monkeypatch.setattr(_max_entropy, "_face", lambda unit, largest: None)
    found = nash_averaging(CIRCLE)
    assert (found.status, found.gap) == ("partial", np.inf)
    assert found.agents == pytest.approx(np.full(3, 1 / 3), abs=1e-9)
    assert "another may have more entropy" in found.note


def test_agents_that_are_all_but_alike():
    """Two differ by 1e-7 of what the others do: whatever the status says, the weights are an equilibrium."""
    rng = np.random.default_rng(7)
    for _ in range(20):
        matrix = rng.normal(size=(6, 6))
        matrix -= matrix.T
        matrix[1] = matrix[0] + 1e-7
        matrix[:, 1] = -matrix[1]
        matrix[:2, :2] = 0
        found = nash_averaging(matrix)
        assert found.regret < 1e-7
        assert found.status == ("complete" if found.gap <= 1e-14 else "partial")


def test_a_game_will_do():
    assert nash_averaging(om.games.RockPaperScissors()).agents == pytest.approx(np.full(3, 1 / 3), abs=1e-12)


def test_what_is_refused():
    with pytest.raises(InputError, match="not 0"):
        nash_averaging([[0, 1], [1, 0]])
    with pytest.raises(InputError, match="not 0"):
        nash_averaging(np.zeros((2, 3)))
    with pytest.raises(InputError, match="gaps"):
        nash_averaging_tasks([[np.nan, 1.0]])
    with pytest.raises(InputError, match="no numbers"):
        nash_averaging_tasks([["a", 10**400]])
    with pytest.raises(InputError, match="shape"):
        nash_averaging_tasks(np.zeros((0, 2)))
    with pytest.raises(InputError, match="adds up"):
        nash_averaging(om.games.StagHunt())
