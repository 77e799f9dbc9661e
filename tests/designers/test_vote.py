"""The designer of votes: who votes how by counting, the ballot by brute force, and both stages by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import design, games
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers._weights import anyway
from ostrom.designers.vote import vote
from ostrom.institutions import Vote

PD = games.PrisonersDilemma()


def random_problem(seed, sizes=(2, 2, 2)):
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.integers(-4, 5, (*sizes, len(sizes))), moves=tuple("abc"[: sizes[0]]))
    return Problem(game, rng.dirichlet(np.ones(game.size)).reshape(sizes))


def counted(problem, place, margin=0.01):
    """Who has more there than now, who less, and how many more by the margin: by going through all joint moves."""
    table, count = problem.game.payoffs, len(problem.game.players)
    now = [
        sum(problem.now[joint] * table[(*joint, i)] for joint in np.ndindex(*problem.game.sizes)) for i in range(count)
    ]
    gains = [table[(*place, i)] - now[i] for i in range(count)]
    stake = max(np.ptp(table[..., i]) for i in range(count))
    sure = sum(gain > margin * stake for gain in gains)
    return [gain > 1e-9 * stake for gain in gains], [gain < -1e-9 * stake for gain in gains], sure


def says(ballots):
    """Strategies that vote so, and then do the first thing they may."""

    def of(own):
        return lambda look: {"vote": own} if "vote" in look.choices else {"act": look.choices["act"][0]}

    return [of(own) for own in ballots]


@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (3, 3), (2, 2, 2), (2, 2, 2, 2)]))
@settings(max_examples=40, deadline=None)
def test_who_carries_it_by_counting(seed, sizes):
    problem = random_problem(seed, sizes)
    place, count = problem.target(), len(sizes)
    yes, lose, sure = counted(problem, place)
    found = vote(problem)
    if sure <= count / 2:
        assert isinstance(found, Impossible)
        best = max(
            (problem.worth[joint] for joint in np.ndindex(*sizes) if counted(problem, joint)[2] > count / 2),
            default=None,
        )
        if best is not None and best > (problem.now * problem.worth).sum() + 1e-6:
            assert f"worth {best:.4g}." in found.nearest
        else:
            assert "worth" not in found.nearest
        return
    assert found.institution.needed == (count if sure == count else count // 2 + 1)
    assert found.target == tuple("yes" if own else "no" for own in yes)
    assert [name for name in problem.game.players if found.effects.change[name] < -1e-7] == [
        name for name, own in zip(problem.game.players, lose, strict=True) if own
    ]
    under = problem.game.under(found.institution)
    assert under.value(says(found.target)) == pytest.approx(problem.game.payoffs[place])
    assert found.needs.forbidden == sum(sizes) - count


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_no_ballot_can_be_bettered_by_brute_force(seed):
    """In the game with what is played now where the motion is lost: whatever others vote, and hence at the target."""
    problem = random_problem(seed)
    found = vote(problem)
    if isinstance(found, Impossible):
        return
    place, now = problem.target(), np.tensordot(problem.now, problem.game.payoffs, 3)
    for i, own in enumerate(found.target):
        for others in product(("no", "yes"), repeat=2):
            worth = {}
            for said in ("no", "yes"):
                votes = sum(one == "yes" for one in (*others, said))
                worth[said] = (problem.game.payoffs[place] if votes >= found.institution.needed else now)[i]
            assert worth[own] >= max(worth.values()) - 1e-9
    said = {claim.statement: claim.verdict for claim in found.claims}
    assert said["Nobody can do better by another vote, however the others vote."] == "proved"
    assert said[f"Nobody gains by leaving ({', '.join(found.target)}) alone."] == "proved"


def carried(game, place):
    """Whether both voting for it is subgame perfect: each has at least its worst equilibrium without; None: no such."""
    table = game.payoffs
    without = [
        (i, j)
        for i, j in product(*map(range, game.sizes))
        if table[i, j, 0] >= table[:, j, 0].max() and table[i, j, 1] >= table[i, :, 1].max()
    ]
    if not without:
        return None
    return bool((table[place] >= np.min([table[one] for one in without], axis=0)).all())


def test_voting_first_and_playing_then_by_hand():
    found = {True: 0, False: 0}
    for seed in range(80):
        rng = np.random.default_rng(seed)
        problem = Problem(NormalForm(rng.integers(0, 6, (2, 2, 2)), moves=("a", "b")), [[0, 0], [0, 1]])
        made = vote(problem, ("a", "a"))
        expected = carried(problem.game, (0, 0)) if isinstance(made, Proposal) else None
        if expected is not None:
            claim = next(claim for claim in made.claims if claim.statement.startswith("All voting"))
            assert claim.verdict == ("proved" if expected else "refuted")
            found[expected] += 1
    assert found[True] > 0
    assert found[False] > 0


def test_the_prisoners_dilemma():
    found = vote(PD)
    assert found.institution == Vote("C", needed=2)
    assert found.effects.change == {"row": 2, "column": 2}
    said = {claim.statement: claim.verdict for claim in found.claims}
    assert said["All voting for it is a subgame-perfect outcome."] == "proved"
    assert said["No other subgame-perfect outcome has other payoffs."] == "refuted"  # nobody voting for it is one, too
    assert said["Learners without regret cannot end, on average, in less welfare than 3."] == "refuted"


def test_where_the_motion_is_lost_learners_may_end_as_badly_as_without_it():
    problem = Problem(games.Chicken())
    worst = next(claim.numbers["worst"] for claim in vote(problem).claims if "worst" in claim.numbers)
    assert worst == pytest.approx(anyway(problem))
    assert worst < (problem.now * problem.worth).sum() - 0.5  # what is played now is better than that


def test_a_majority_says_who_loses_and_is_not_voluntary():
    gains = np.zeros((2, 2, 2, 3))
    gains[0, 0, 0] = [3, 3, -1]
    game = NormalForm(gains, players=("a", "b", "c"), moves=("build", "leave"))
    problem = Problem(game, np.pad(np.ones((1, 1, 1)), (1, 0)))
    found = vote(problem)
    assert (found.institution.needed, found.target) == (2, ("yes", "yes", "no"))
    assert found.sentence.endswith("carried by a and b, 2 of 3, and binds everybody; c would have less than now.")
    assert found.numbers["gains"] == {"a": 3, "b": 3, "c": -1}
    free = design(game, played=problem.now, among=["vote"], wish=["voluntary"])
    assert "c would have less than now" in free.impossible[0].because


def test_who_votes_against_it_and_what_would_make_up_for_it():
    found = vote(games.Rescue())
    assert found.because == (
        "Only agency 1 would vote for (A, B, C), 1 of 3: agency 2 and agency 3 would have less than now."
    )
    assert "bargained contract" in found.nearest  # 28.9 more are to be divided
    assert "(A, B, A)" in found.nearest
    taken = vote(games.MatchingPennies())  # what one gains is the other's loss, so that nobody can be paid for it
    assert "1 of 2" in taken.because
    assert taken.nearest == ""


def test_what_takes_from_bystanders_is_not_proposed():
    table = np.zeros((2, 2, 2))
    table[0, 0] = 1
    game = NormalForm(
        table, moves=("C", "D"), bystanders=("town",), bystander_payoffs=np.where(table[..., :1] > 0, -9.0, 0)
    )
    found = vote(Problem(game, [[0, 0], [0, 1]]), ("C", "C"))
    assert "town would lose" in found.objection
    assert vote(Problem(Delegation(game, welfare=[1, 1, 0]), [[0, 0], [0, 1]]), ("C", "C")).objection == ""


def test_agents_vote_for_what_they_pursue():
    table = np.asarray(PD.payoffs, float)
    problem = Problem(Delegation(PD, rewards=-table), [[0, 0], [0, 1]])
    assert "Nobody would vote for (C, C): row and column would have less" in vote(problem).because


def test_what_cannot_be_voted_on():
    assert "nothing to vote on" in vote(Problem(PD, [[1, 0], [0, 0]])).because
    assert vote(games.ArmsControl()).because == "What state does is not seen, so that what is carried cannot bind it."
    assert "in stages" in vote(PD.under(Vote("C"))).because
    for margin in (0, float("nan")):
        with pytest.raises(InputError):
            vote(PD, margin=margin)


def test_many_voters_are_listed_in_short():
    found = vote(games.Rescue(players=5, sites=2))
    assert "is carried by agency 2, agency 3 and 2 more, 4 of 5" in found.sentence


def test_it_is_one_of_the_approaches_and_needs_to_be_seen():
    lines = {line.proposal.approach: line for line in design(PD).lines}
    assert lines["vote"].burden == pytest.approx(
        {"forbidden": 0.5, "information": 0.25, "risk": 0.5, "money": 0, "cost": 0, "harm": 0, "wishes": 0}
    )
    blind = design(PD, among=["vote"], observed=[])
    assert "it has to see votes" in blind.impossible[0].because
    assert lines["vote"].worst == 1
    secret = design(games.ArmsControl(), among=["vote"])
    assert secret.best is None
