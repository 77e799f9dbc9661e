"""Organisations: what members decide together, counted out over all that they could draw."""

import math
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from ostrom.agents import Conformist, Loner, Lottery, Median, Organisation, Prestige, Vote
from ostrom.core.agent import NEVER, Policy, Sight
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.ground import Ground, Part

MOVES = ("a", "b", "c")
GROUND = Ground(("one", "two"), play=((Part("act", MOVES), Part("pace", low=0.0, high=4.0)),))


class Member(Policy):
    """Has these odds for each label, wants this number, and counts its moves under a name that all members use."""

    odds: tuple[float, ...] = (1.0, 1.0, 1.0)
    pace: float = 0.0

    def begin(self):
        return {"count": np.array(0, np.int32)}

    def act(self, sight, memory):
        logs = sight.xp.asarray([math.log(chance) if chance else NEVER for chance in self.odds])
        return {"act": logs, "pace": self.pace}, {"count": memory["count"] + len(self.odds)}


class Fixed(Policy):
    """Always the label of this number."""

    number: int = 0

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number)}, memory


def sight(mask=(True, True, True), pace=None):
    bounds = {} if pace is None else {"pace": np.array(pace)}
    seen = {"does": np.array([0, 2]), "pay": np.array([0.0, 1.0]), "behaviour": np.array([0, 2])}
    return Sight(np.int32(0), GROUND, seen, {"act": np.array(mask), **bounds})


def odds_of(policy, mask=(True, True, True)):
    """The odds with which it makes each move."""
    scores = np.where(mask, policy.act(sight(mask), policy.begin())[0]["act"], NEVER)
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()


def counted(table, decide):
    """Odds of what is decided, over all joint draws of members with these odds `[N, A]`."""
    found = np.zeros(table.shape[1])
    for drawn in product(range(table.shape[1]), repeat=len(table)):
        found[decide(drawn)] += math.prod(row[label] for row, label in zip(table, drawn, strict=True))
    return found


def by_vote(quorum, otherwise):
    def decide(drawn):
        return next((label for label in drawn if drawn.count(label) >= quorum), otherwise)

    return decide


rows = st.lists(st.integers(0, 5), min_size=3, max_size=3).filter(lambda row: row[0] + row[1] > 0)
boards = st.lists(rows, min_size=1, max_size=5)
masks = st.sampled_from([(True, True, True), (True, True, False)])


def normal(board, mask):
    table = np.where(mask, np.array(board, float), 0.0)
    return table / table.sum(1, keepdims=True)


@given(boards, masks, st.data())
def test_every_rule_is_what_counting_all_joint_draws_gives(board, mask, data):
    members, table, count = tuple(Member(tuple(row)) for row in board), normal(board, mask), len(board)
    quorum = data.draw(st.integers(count // 2 + 1, count))
    status_quo = data.draw(st.sampled_from(["", "b"]))
    expected = counted(table, by_vote(quorum, 1 if status_quo else 0))
    assert odds_of(Vote(members, quorum, status_quo), mask) == pytest.approx(expected, abs=1e-12)
    assert odds_of(Vote(members), mask) == pytest.approx(counted(table, by_vote(count // 2 + 1, 0)), abs=1e-12)
    middle = counted(table, lambda drawn: sorted(drawn)[(count - 1) // 2])
    assert odds_of(Median(members), mask) == pytest.approx(middle, abs=1e-12)
    weights = data.draw(st.lists(st.integers(0, 4), min_size=count, max_size=count).filter(any))
    drawn = np.array(weights) @ table / sum(weights)
    assert odds_of(Lottery(members, tuple(map(float, weights))), mask) == pytest.approx(drawn, abs=1e-12)
    assert odds_of(Lottery(members), mask) == pytest.approx(table.mean(0), abs=1e-12)


@given(st.lists(rows, min_size=3, max_size=3))
def test_the_order_of_members_does_not_matter(board):
    for kind in (Lottery, Vote, Median):
        ways = [odds_of(kind(tuple(Member(tuple(row)) for row in order))) for order in permutations(board)]
        assert np.allclose(ways, ways[0], atol=1e-12)


@given(st.integers(0, 2), st.integers(1, 6), st.integers(0, 2))
def test_members_who_all_do_the_same_for_sure_do_it_together(number, count, first):
    board, mask = (Fixed(number),) * count, tuple(k in (number, first) for k in range(3))
    alone = odds_of(Fixed(number), mask)
    for together in (Lottery(board), Vote(board), Vote(board, count), Median(board)):
        assert odds_of(together, mask).tolist() == alone.tolist()


@pytest.mark.parametrize("count", [3, 11, 101])
@pytest.mark.parametrize("right", [0.3, 0.5, 0.6])
def test_a_jury_is_right_as_often_as_the_binomial_says(count, right):
    """Condorcet: better than one judge where each is right more often than not."""
    jury = Vote((Member((1 - right, right, 0.0)),) * count)
    assert odds_of(jury)[1] == pytest.approx(binom.sf(count // 2, count, right), rel=1e-9)
    assert np.sign(odds_of(jury)[1] - right) == np.sign(right - 0.5) or right == 0.5
    assert odds_of(Vote(jury.members, count))[1] == pytest.approx(right**count, rel=1e-9)


def test_the_status_quo_is_the_first_label_that_may_be_chosen_where_its_own_may_not():
    board = (Fixed(0), Fixed(1), Fixed(2))
    assert odds_of(Vote(board)).tolist() == [1, 0, 0]
    assert odds_of(Vote(board, otherwise="c")).tolist() == [0, 0, 1]
    split = (Fixed(1), Fixed(2))
    assert odds_of(Vote(split), (False, True, True)).tolist() == [0, 1, 0]
    assert odds_of(Vote(split, otherwise="a"), (False, True, True)).tolist() == [0, 1, 0]
    with pytest.raises(UnknownName, match=r"no label called 'rest'.*a, b, c"):
        odds_of(Vote(board, otherwise="rest"))


def test_of_numbers_the_lower_median_is_taken():
    def pace(kind, *numbers, bounds=(0.0, 4.0)):
        policy = kind(tuple(Member(pace=number) for number in numbers))
        return float(policy.act(sight(pace=bounds), policy.begin())[0]["pace"])

    assert pace(Median, 3.0, 0.5, 1.0) == 1.0
    assert pace(Median, 3.0, 0.5, 1.0, 2.0) == 1.0
    assert pace(Median, 9.0, 9.0, 1.0) == 4.0  # nobody can want more than is permitted
    silent = Median((Policy(), Policy(), Member(pace=0.0)))
    assert silent.act(sight(pace=(1.0, 3.0)), silent.begin())[0]["pace"] == 2.0
    for kind in (Lottery, Vote):
        with pytest.raises(InputError, match=r"decide on 'pace', which is a number.*Median"):
            pace(kind, 1.0, 2.0)


def test_members_keep_their_memories_apart_and_may_be_organisations():
    board = Vote((Lottery((Member(), Member())), Member((1.0, 2.0, 1.0)), Policy()))
    memory = board.begin()
    assert sorted(memory) == ["0 0 count", "0 1 count", "1 count"]
    for _ in range(2):
        memory = board.act(sight(), memory)[1]
    assert {name: int(count) for name, count in memory.items()} == {"0 0 count": 6, "0 1 count": 6, "1 count": 6}


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Vote(()), "nobody who decides"),
        (lambda: Lottery((Policy(), "selfish")), "member 'selfish'.*bots of the world"),
        (lambda: Vote((Policy(),) * 4, 2), r"quorum=2\) has 4 members.*Give 3 to 4"),
        (lambda: Vote((Policy(),) * 3, 4), "Give 2 to 3"),
        (lambda: Vote((Policy(),) * 3, -1), "Give 2 to 3"),
        (lambda: Lottery((Policy(),) * 2, (1.0,)), "draw one of 2 members"),
        (lambda: Lottery((Policy(),) * 2, (1.0, -1.0)), "weight of at least 0"),
        (lambda: Lottery((Policy(),) * 2, (0.0, 0.0)), "somebody more than 0"),
        (lambda: Lottery((Policy(),) * 2, (float("inf"), 1.0)), "weight"),
    ],
)
def test_what_cannot_decide_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()


def test_an_organisation_needs_a_rule():
    with pytest.raises(TypeError, match="abstract"):
        Organisation((Policy(),))  # type: ignore[abstract]


def test_compiled_and_batched_the_odds_are_the_same():
    pytest.importorskip("jax")
    import jax
    import jax.numpy as jnp

    board = (Member((1.0, 2.0, 3.0)), Member((0.0, 1.0, 1.0)), Prestige(), Conformist(), Loner())
    for policy in (Lottery(board), Vote(board), Vote(board, 4, "b"), Median(board), Median((Vote(board), *board))):

        def act(mask, policy=policy):
            seen = {name: jnp.asarray(row) for name, row in sight().seen.items()}
            return policy.act(Sight(jnp.int32(0), GROUND, seen, {"act": mask}, jnp), policy.begin())[0]["act"]

        allowed = [(True, True, True), (True, False, True), (False, True, True)]
        compiled = jax.jit(jax.vmap(act))(jnp.asarray(allowed))
        for mask, scores in zip(allowed, compiled, strict=True):
            weights = np.exp(np.where(mask, scores, NEVER) - np.max(np.where(mask, scores, NEVER)))
            assert weights / weights.sum() == pytest.approx(odds_of(policy, mask), abs=2e-6)


@pytest.mark.slow
def test_boards_play_whole_episodes():
    pytest.importorskip("jax")
    from ostrom.games import PrisonersDilemma
    from ostrom.learners import play
    from ostrom.worlds import MatrixWorld, Stock

    stock = Stock.small()
    bots = stock.bots()
    greedy, fair, asked = bots["selfish"], bots["cooperative"], bots["reciprocal"]
    alone = play(stock, [fair, asked, fair])
    firms = [Vote((fair, fair, greedy)), Median((greedy, asked, fair, asked)), Vote((greedy, fair, fair, fair))]
    assert np.array_equal(play(stock, firms).returns, alone.returns)  # the greedy are outvoted everywhere
    assert (play(stock, [Vote((greedy, greedy, fair))] * 3).returns < alone.returns).all()
    rest = play(stock, Vote((greedy, fair))).moves["act"][0, 0]
    assert rest.tolist() == [0, 0, 0]  # no majority: nothing is taken
    world = MatrixWorld.of(PrisonersDilemma(), horizon=400)
    jury = Vote((Member((3.0, 7.0)),) * 5)
    played = play(world, jury, episodes=20).moves["act"]
    assert played.mean() == pytest.approx(binom.sf(2, 5, 0.7), abs=0.015)  # five standard errors


@pytest.mark.slow
def test_a_board_of_ones_own_plays_from_the_command_line(tmp_path):
    pytest.importorskip("jax")
    import subprocess
    import sys

    (tmp_path / "their_board.py").write_text(
        "from ostrom.agents import Vote\nfrom ostrom.core.agent import Policy\nfrom ostrom.worlds import Stock\n\n"
        'bots = Stock.small().bots()\n\n\nclass Board(Vote):\n    """Two fair members, one greedy."""\n\n'
        '    members: tuple[Policy, ...] = (bots["cooperative"], bots["cooperative"], bots["selfish"])\n'
    )
    seats = ["--bot", "cooperative", "--seat", "player 1=their_board.Board:quorum=3"]
    command = [sys.executable, "-m", "ostrom", "play", "stock", "--episodes", "1", *seats]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "player 1 got 0, player 2 got 120" in done.stdout  # nothing is unanimous
