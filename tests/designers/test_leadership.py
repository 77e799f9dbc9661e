"""The designer of leadership: the worked example, corners by hand, other people's theorems, and the game in stages."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import games
from ostrom.audits.worst_case import WorstCase
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._leads import best_lottery, lead
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers._weights import worst_of
from ostrom.designers.enforcement import enforcement
from ostrom.designers.leadership import leadership
from ostrom.institutions import Ban, Leader
from ostrom.solvers import vertex_enumeration

R13C = NormalForm([[[2, 1], [4, 0]], [[1, 0], [3, 1]]], players=("row", "column"), moves=(("u", "d"), ("l", "r")))
INSPECTION = NormalForm(
    [[[0, 0], [-4, 2]], [[-1, 0], [-2, -3]]],
    players=("inspector", "firm"),
    moves=(("rest", "inspect"), ("keep", "cheat")),
)


def drawn(seed, sizes):
    return NormalForm(np.random.default_rng(seed).integers(0, 8, (*sizes, len(sizes))))


def at_corners(game):
    """What the first of two players with two moves each way gets from the best odds, ties in its favour.

    The best reply changes only where two replies are worth the same, so the best odds are there or at an end.
    """
    mine, theirs = np.asarray(game.payoffs)[..., 0], np.asarray(game.payoffs)[..., 1]
    shares = {0.0, 1.0}
    for j, k in product(range(game.sizes[1]), repeat=2):
        rise = (theirs[1, j] - theirs[0, j]) - (theirs[1, k] - theirs[0, k])
        if rise:
            shares.add((theirs[0, k] - theirs[0, j]) / rise)
    best = -np.inf
    for share in shares:
        if 0 <= share <= 1:
            odds = np.array([1 - share, share])
            worth = odds @ theirs
            best = max(best, (odds @ mine)[worth >= worth.max() - 1e-9].max())
    return best


def test_the_worked_example():
    """Conitzer and Sandholm (2006): 2 in the only equilibrium, 3 with a pure commitment, 3.5 with a mixed one."""
    (point,) = vertex_enumeration(R13C).points
    assert [float(p[k]) for p, k in zip(point, (0, 0), strict=True)] == [1, 1]
    found = leadership(R13C, parts=1)
    row = found.numbers["leaders"]["row"]
    assert (row["pure"], row["mixed"], row["best"]["reply"]) == (3, pytest.approx(3.5), ("r",))
    assert row["best"]["lottery"] == pytest.approx({"u": 0.5, "d": 0.5})
    assert (found.institution, found.target) == (Leader("row", 1), ("d", "r"))
    assert (found.status, found.size) == ("bound gap", pytest.approx(0.5))


@pytest.mark.parametrize(("parts", "share"), [(3, 2 / 3), (10, 5 / 9), (99, 50 / 99)])
def test_the_best_of_so_many_parts_is_a_little_more_than_half(parts, share):
    found = leadership(R13C, parts=parts)
    assert found.numbers["lottery"]["d"] == pytest.approx(share)
    assert found.numbers["reward"] == pytest.approx(4 - share)
    assert found.size == pytest.approx(3.5 - (4 - share))
    announced = [claim for claim in found.claims if claim.statement.startswith("Once ")]
    assert [claim.verdict for claim in (*announced, found.claims[-1])] == ["proved"] * 4


def test_the_worst_is_that_of_the_rule_on_offer():
    """The announcement is left to the leader: what learners may end in is what an audit of that rule says."""
    problem = Problem(games.ArmsControl())
    found = leadership(problem, player="inspector")
    assert found.institution == Leader("inspector", 7)
    assert worst_of(problem, found) == pytest.approx(-1.442, abs=1e-3)
    under = games.ArmsControl().under(found.institution).dense()
    (told,) = WorstCase(floor=0.0)(under, None)
    assert worst_of(problem, found) == pytest.approx(told.numbers["worst"])
    assert "It chooses the announcement itself" in found.sentence
    assert "once it is 5/7 trust + 2/7 inspect" in found.sentence
    assert "may end in a welfare of -1.442" in found.sentence
    bare = [claim for claim in found.claims if claim.statement.startswith(("Nobody", "(comply"))]
    assert not bare  # they hold of the announcement only, and say so


def test_the_worst_is_left_out_where_plans_are_too_many():
    """A score of announcements, two answers to each: 2 to the power of 20 plans."""
    problem = Problem(R13C)
    assert np.isnan(worst_of(problem, leadership(problem, parts=20)))


@pytest.mark.parametrize("seed", range(60))
def test_the_programs_find_what_the_corners_show(seed):
    game = drawn(seed, (2, 3))
    assert best_lottery(Problem(game), 0)["reward"] == pytest.approx(at_corners(game))


@pytest.mark.parametrize("seed", range(30))
def test_no_lottery_in_hundredths_is_worth_more(seed):
    """Three moves: every lottery in steps of 1/40, ties in favour, comes near the bound and never above it."""
    game = drawn(seed, (3, 3))
    best = best_lottery(Problem(game), 0)
    mine, theirs = game.payoffs[..., 0], game.payoffs[..., 1]
    odds = np.array([(a, b, 40 - a - b) for a in range(41) for b in range(41 - a)]) / 40
    worth = odds @ theirs
    values = np.where(worth >= worth.max(1, keepdims=True) - 1e-9, odds @ mine, -np.inf).max(1)
    assert values.max() <= best["reward"] + 1e-9
    assert values.max() >= best["reward"] - 8 * 2 / 40  # payoffs differ by 7 at most
    told = np.array([best["lottery"].get(label, 0.0) for label in game.moves[0]])
    assert told @ mine[:, game.moves[1].index(best["reply"][0])] == pytest.approx(best["reward"])


@pytest.mark.parametrize("seed", range(20))
def test_leading_is_worth_at_least_any_equilibrium(seed):
    """Von Stengel and Zamir (2010), for both players, mixed equilibria included."""
    game = drawn(seed, (3, 3))
    problem = Problem(game)
    for point in vertex_enumeration(game).points:
        odds = [np.array(own, float) for own in point]
        for seat in range(2):
            worth = float(np.einsum("i,j,ij->", *odds, game.payoffs[..., seat]))
            assert best_lottery(problem, seat)["reward"] >= worth - 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_where_one_loses_what_the_other_gains_leading_is_worth_the_value(seed):
    own = np.random.default_rng(seed).integers(-5, 6, (3, 4)).astype(float)
    game = NormalForm(np.stack([own, -own], -1))
    rows = np.hstack([-own.T, np.ones((4, 1))])
    value = -linprog([0, 0, 0, -1], rows, np.zeros(4), [[1, 1, 1, 0]], [1], [(0, 1)] * 3 + [(None, None)]).fun
    assert best_lottery(Problem(game), 0)["reward"] == pytest.approx(value)
    assert best_lottery(Problem(game), 1)["reward"] == pytest.approx(-value)
    assert isinstance(leadership(game), Impossible)


@given(st.integers(0, 10_000), st.sampled_from([((2, 3), 1), ((2, 2), 3), ((3, 2), 2), ((2, 2, 2), 1), ((2, 2, 2), 2)]))
@settings(max_examples=30, deadline=None)
def test_what_follows_is_what_the_stages_of_the_game_say(seed, how):
    """Rewards of all pure subgame-perfect outcomes of the governed game, by backward induction over its tree."""
    sizes, parts = how
    game = drawn(seed, sizes)
    one = lead(Problem(game), 0, parts)
    staged = game.under(Leader(game.players[0], parts)).subgame_perfect()
    assert one.complete == (staged.status == "complete")
    if one.complete:
        assert set(np.round(one.rewards, 9)) == {round(point.payoffs[0], 9) for point in staged.points}
        worths = {round(float(np.mean(point.payoffs)), 9) for point in staged.points}
        assert set(np.round(one.welfare, 9)) == worths


@pytest.mark.parametrize("seed", range(25))
def test_what_is_proposed_is_the_best_of_all_leads(seed):
    """By trying every player and every number of parts on the game itself."""
    game = drawn(seed, (2, 2))
    problem = Problem(game, np.full((2, 2), 1 / 4))
    found, worst = leadership(problem, parts=4), []
    for player, parts in product(game.players, range(1, 5)):
        staged = game.under(Leader(player, parts)).subgame_perfect()
        worst.append(min(np.mean(point.payoffs) for point in staged.points))
    now = float(game.payoffs.mean())
    if max(worst) >= now + 0.01 * np.ptp(problem.worth):
        assert isinstance(found, Proposal)
        assert found.effects.welfare_after == pytest.approx(max(worst))
        assert found.claims[-1].verdict == "proved"
        assert found.claims[0].verdict == "proved"
        assert found.outcome.sum() == pytest.approx(1)
    else:
        assert isinstance(found, Impossible)
        assert max(one["welfare"] for one in found.numbers["leaders"].values()) == pytest.approx(max(worst))


def test_an_inspector_who_can_commit_itself_inspects_a_little_more_than_becker_says():
    """A gain of 2 and a fine of 5: odds of 0.4 deter in enforcement, and 3/7 are the next ones in up to ten parts."""
    found = leadership(INSPECTION, player="inspector")
    assert found.institution == Leader("inspector", 7)
    assert found.numbers["lottery"]["inspect"] == pytest.approx(3 / 7)
    assert found.numbers["leaders"]["inspector"]["mixed"] == pytest.approx(-0.4)
    temptation = NormalForm([[[0, 0], [0, 2]], [[2, 0], [2, 2]]], moves=("keep", "cheat"))
    least = enforcement(temptation, ("keep", "keep"), fine=5, margin=1e-9).numbers["players"]["player 1"]
    assert found.numbers["leaders"]["inspector"]["best"]["lottery"]["inspect"] == pytest.approx(
        least["least detection"]
    )
    assert found.effects.welfare_after > found.effects.welfare_before
    assert found.target == ("4/7 rest + 3/7 inspect", "keep")


def test_how_finely_a_leader_may_mix_is_chosen_for_all():
    """A firm that leads with one part keeps the law; with ten it would cheat as often as is not worth inspecting."""
    firm = leadership(INSPECTION)
    assert (firm.institution, firm.target) == (Leader("firm", 1), ("rest", "keep"))
    fine = lead(Problem(INSPECTION), 1, 10)
    assert fine.lotteries[fine.replies[fine.worst][0]].tolist() == [0.7, 0.3]
    assert firm.numbers["leaders"]["firm"]["best"]["lottery"]["cheat"] == pytest.approx(1 / 3)


def test_the_stag_hunt_and_the_prisoners_dilemma():
    hunt = leadership(games.StagHunt())
    assert hunt.target == ("stag", "stag")
    assert (hunt.status, hunt.size) == ("optimal", 0)
    dilemma = leadership(games.PrisonersDilemma())
    assert isinstance(dilemma, Impossible)
    assert dilemma.because == (
        "Welfare is 1 now, and no lead is sure to raise it: at worst it is 1 under whoever leads."
    )
    assert dilemma.numbers["leaders"]["row"]["mixed"] == pytest.approx(1)


def test_a_target_has_to_be_what_it_ends_in():
    assert leadership(R13C, ("d", "r")).institution.player == "row"
    cannot = leadership(R13C, ("u", "r"))
    assert "Nobody's lead is sure to end in (u, r)." in cannot.because
    assert "1.5 under column" in cannot.nearest


def test_three_players_one_of_whom_leads():
    """Someone has to call: whoever leads waits, and of the others one calls, either of them."""
    found = leadership(games.VolunteersDilemma(), parts=1)
    assert found.target[0] == "wait"
    assert sorted(found.target[1:]) == ["call", "wait"]
    assert found.claims[-1].verdict == "proved"


def test_where_the_others_are_left_without_a_pure_equilibrium_nothing_is_promised():
    pennies = np.zeros((2, 2, 2, 3))
    for i, j, k in np.ndindex(2, 2, 2):
        pennies[i, j, k] = [i, j == k, j != k]
    found = leadership(NormalForm(pennies, players=("a", "b", "c")))
    assert isinstance(found, Impossible)
    assert "Under a some announcement leaves the others without a pure equilibrium." in found.because
    assert found.numbers["leaders"]["a"]["welfare"] is None


def test_rewards_move_the_players_and_utilities_are_what_counts():
    """The row player pursues the sum of both; its principal has of it what the table says."""
    kind = np.array(R13C.payoffs)
    kind[..., 0] = R13C.payoffs.sum(-1)
    problem = Problem(Delegation(R13C, rewards=kind), np.full((2, 2), 1 / 4))
    found = leadership(problem, parts=1)
    assert found.effects.welfare_after == pytest.approx(2.0)
    assert found.worth[0, 1] == pytest.approx(2.0)
    assert found.governed.payoffs[0, 1].tolist() == [4, 1]
    assert found.effects.after == (3, 1)
    assert found.effects.change["column"] == pytest.approx(0.5)


@pytest.mark.parametrize("asked", [{"parts": 0}, {"parts": 2.5}, {"parts": 101}, {"margin": 0}, {"margin": np.nan}])
def test_numbers_that_cannot_be_used(asked):
    with pytest.raises(InputError):
        leadership(R13C, **asked)


def test_who_is_not_there_cannot_lead():
    with pytest.raises(UnknownName, match="judge"):
        leadership(R13C, player="judge")


def test_what_would_take_too_long_is_said():
    large = NormalForm(np.zeros((10,) * 5 + (5,)))
    assert "joint" in leadership(Problem(large, np.full((10,) * 5, 1e-5))).because


def test_a_player_with_one_move_left_can_be_led_and_cannot_lead():
    """With D banned for the column player it has nothing to reply with but C."""
    game = games.PrisonersDilemma().under(Ban((("column", "D"),)))
    found = leadership(game)
    assert isinstance(found, Impossible)
    assert found.numbers["leaders"]["row"]["mixed"] == pytest.approx(5.0)
