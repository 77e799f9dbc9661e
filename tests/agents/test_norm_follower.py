"""Norm followers: beliefs against Bayes' rule over all norms, and what they do in worlds under rules that sanction."""

import math
from itertools import product
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.agents import NormFollower, Prestige
from ostrom.core.agent import Policy, Sight
from ostrom.core.errors import InputError
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Institution

MOVES = ("a", "b", "c")
GROUND = Ground(("one", "two"), play=((Part("act", MOVES),),))


class Fixed(Policy):
    """Always the label of this number; counts its moves under a name that the follower uses too."""

    number: int = 0

    def begin(self):
        return {"read": np.array(0.5, np.float32)}

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number)}, {"read": memory["read"] + 1}


def sight(did=(-1, -1), sanctioned=(0, 0), posted=0, mask=(True, True, True), **seen):
    board = {"did": np.array(did), "sanctioned": np.array(sanctioned), "posted": np.int32(posted), **seen}
    return Sight(np.int32(0), GROUND, board, {"act": np.array(mask)})


def read(policy, notices):
    """The memory after these notices of `(did, sanctioned)`, one a round."""
    memory = policy.begin()
    for time, (did, sanctioned) in enumerate([((-1, -1), (0, 0)), *notices]):
        memory = policy.act(sight(did, sanctioned, time), memory)[1]
    return memory


def believed(policy, memory):
    return policy.belief({"evidence": memory["norm evidence"]})


def chosen(policy, look, memory):
    """The moves that it makes with equal odds."""
    scores = policy.act(look, memory)[0]["act"]
    return "".join(label for label, score in zip(MOVES, scores, strict=True) if score == 0)


odds = st.floats(0.02, 0.98)
notice = st.tuples(st.tuples(*[st.integers(-1, 2)] * 2), st.tuples(*[st.integers(-1, 1)] * 2))


@given(odds, odds, odds, st.lists(notice, max_size=8))
def test_beliefs_are_those_of_bayes_rule_over_all_norms(prior, first, second, notices):
    enforced, mistaken = max(first, second) + 0.01, min(first, second)
    total, forbidden = 0.0, np.zeros(3)
    for norm in product([False, True], repeat=3):
        joint = math.prod(prior if out else 1 - prior for out in norm)
        for did, sanctioned in notices:
            for move, sign in zip(did, sanctioned, strict=True):
                if move >= 0:
                    chance = enforced if norm[move] else mistaken
                    joint *= chance if sign < 0 else 1 - chance
        total += joint
        forbidden += joint * np.array(norm)
    policy = NormFollower(Policy(), 3, prior, enforced, mistaken)
    assert believed(policy, read(policy, notices)) == pytest.approx(forbidden / total, abs=1e-5)


def test_where_sanctions_are_certain_one_sighting_is_enough():
    sure = NormFollower(Policy(), 3, enforced=1.0, mistaken=0.0)
    assert believed(sure, read(sure, [((0, 1), (-1, 0))])).tolist() == [1.0, 0.0, pytest.approx(0.1)]
    rare = NormFollower(Policy(), 3, enforced=0.1, mistaken=0.0)
    assert believed(rare, read(rare, [((0, -1), (-1, 0))] + [((0, 0), (0, 0))] * 50))[0] == 1.0  # never forgotten
    for prior in (0.0, 1.0):
        settled = NormFollower(Policy(), 3, prior)
        assert believed(settled, read(settled, [((0, 1), (-1, 0))] * 9)).tolist() == [prior] * 3


def test_that_nobody_is_sanctioned_is_evidence_of_permission():
    policy = NormFollower(Policy(), 3, prior=0.3, enforced=0.5, mistaken=0.1)
    after = believed(policy, read(policy, [((0, 0), (0, 1)), ((0, 1), (0, 0))]))
    ratio = 0.5 / 0.9
    expected = [0.3 / 0.7 * ratio**3, 0.3 / 0.7 * ratio, 0.3 / 0.7]
    assert after / (1 - after) == pytest.approx(expected, rel=1e-5)


def test_a_notice_counts_once():
    policy = NormFollower(Policy(), 3)
    memory = policy.begin()
    for time in (0, 1, 1, 1, 2):  # several stages a round
        memory = policy.act(sight((0, 1), (-1, 0), time), memory)[1]
    assert memory["norm evidence"] == pytest.approx(read(policy, [((0, 1), (-1, 0))] * 2)["norm evidence"])
    undated = NormFollower(Policy(), 3, posted="")
    assert read(undated, [((0, 1), (-1, 0))] * 2)["norm evidence"] == pytest.approx(memory["norm evidence"])
    begun = policy.act(sight((0, 1), (-1, 0), 0), policy.begin())[1]
    assert not begun["norm evidence"].any()  # in round 0 nothing can have been posted


def test_it_plays_as_its_inner_policy_among_what_it_believes_permitted():
    against = [((0, -1), (-1, 0))]
    assert chosen(NormFollower(Fixed(0), 3), sight(), read(NormFollower(Fixed(0), 3), [])) == "a"
    for inner, moves in [(Fixed(0), "bc"), (Fixed(1), "b"), (Policy(), "bc")]:
        follower = NormFollower(inner, 3)
        assert chosen(follower, sight(posted=9), read(follower, against)) == moves
    follower = NormFollower(Fixed(0), 3)
    memory = read(follower, against)
    assert chosen(follower, sight(posted=9, mask=(True, False, True)), memory) == "c"
    assert chosen(follower, sight(posted=9, mask=(True, False, False)), memory) == "a"  # there is nothing else
    assert chosen(NormFollower(Fixed(0), 3, threshold=1.0), sight(posted=9), memory) == "a"
    assert memory["inner read"] == 2.5
    copier = NormFollower(Prestige(does="did"), 3)  # shown what it would not do, it copies the best paid of the others
    look = sight((0, 2), (-1, 0), 1, pay=np.array([5.0, 1.0]))
    assert chosen(copier, look, copier.begin()) == "c"


def test_where_everything_is_believed_forbidden_it_plays_as_its_inner_policy():
    follower = NormFollower(Fixed(1), 3)
    assert chosen(follower, sight(posted=9), read(follower, [((0, 1), (-1, -1)), ((2, 1), (-1, -1))])) == "b"


def test_what_cannot_be_learned_from_is_refused():
    with pytest.raises(InputError, match=r"mistaken=0\.5\) learns nothing"):
        NormFollower(Policy(), 3, enforced=0.5, mistaken=0.5)
    with pytest.raises(InputError, match=r"labels=2\) meets the part 'act' with 3 labels"):
        NormFollower(Policy(), 2).act(sight(), NormFollower(Policy(), 2).begin())
    number = Sight(np.int32(0), GROUND, sight().seen, {"act": np.array([0.0, 1.0])})
    with pytest.raises(InputError, match="with a number"):
        NormFollower(Policy(), 2).act(number, NormFollower(Policy(), 2).begin())


class Patrol(Institution):
    """Fines a label for which seats are caught with odds `enforced`, and everybody else with odds `mistaken`."""

    label: str = "0"
    enforced: float = 1.0
    mistaken: float = 0.0
    budget: ClassVar[str] = "surplus"

    def dice(self, now):
        odds = now.xp.asarray([[1 - self.enforced, self.enforced], [1 - self.mistaken, self.mistaken]])
        each = now.xp.broadcast_to(odds[:, None], (2, now.players, 2))
        return {"caught": each[0], "mistaken": each[1]}

    def settle(self, now, payoffs):
        caught = now.xp.where(now.did("act", self.label), now.luck["caught"], now.luck["mistaken"])
        return payoffs - 30.0 * caught


class Talk(Institution):
    """Lets everybody say something before play, which changes nothing."""

    def menu(self, ground):
        return ground.preceded_by(Part("talk", ("yes", "no")))


@pytest.fixture(scope="module")
def worlds():
    """Public goods, and what is played in it by one player in all seats: moves `[E, T, 4]`."""
    pytest.importorskip("jax")
    from ostrom.games import PublicGoods
    from ostrom.learners import play
    from ostrom.worlds import MatrixWorld

    base = MatrixWorld.of(PublicGoods(), horizon=12)

    def moves(rules, players, **options):
        return play(base.under(*rules) if rules else base, players, **options).moves["act"]

    return moves


def test_followers_stop_what_is_taxed_and_go_on_where_nothing_is(worlds):
    from ostrom.institutions import Notice, Tax

    taxed = worlds([Notice(Tax("0", 30.0))], NormFollower(Fixed(0), 3), steps=24)
    assert (taxed[:, [0, 12]] == 0).all()  # nothing is known at first; nor when a new episode begins
    assert (taxed[:, 1:12] > 0).all()
    assert (taxed[:, 13:] > 0).all()
    assert (worlds([Notice(Tax("0", 0.0))], NormFollower(Fixed(0), 3), steps=24) == 0).all()
    assert (worlds([Notice(Tax("0", 30.0))], NormFollower(Fixed(0), 3, threshold=1.0), steps=24) == 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("rules", [(), (Talk(),)], ids=["one stage", "two stages"])
def test_it_takes_as_many_sanctions_as_bayes_rule_says(worlds, rules):
    """From prior odds of 1 to 9, each sanction of the only one who does it multiplies by 2.5: the third is enough."""
    from ostrom.institutions import Notice

    follower = NormFollower(Fixed(0), 3, prior=0.1, enforced=0.5, mistaken=0.2)
    seats = [follower, Fixed(1), Fixed(1), Fixed(1)]
    made = worlds([Notice(Patrol("0")), *rules], seats, episodes=2000)[0, :, 0]
    made = made[1::2] if rules else made
    assert 2.5**2 / 9 < 1 < 2.5**3 / 9
    assert made[:3].tolist() == [0, 0, 0]
    assert (made[3:6] > 0).all()


def walk(chance, enforced, mistaken, seats=1, count=20_000):
    """`bool[count, 11]`: whether log-odds are above 0 after each notice of seats sanctioned with this chance."""
    hits = (np.random.default_rng(1).random((count, 11, seats)) < chance).sum(2)
    up, down = np.log(enforced / mistaken), np.log((1 - enforced) / (1 - mistaken))
    return np.log(0.1 / 0.9) + np.cumsum(hits * up + (seats - hits) * down, 1) > 0


def test_rounds_until_it_complies_are_those_of_a_random_walk(worlds):
    """The same walk of log-odds, in NumPy, with another chance."""
    from ostrom.institutions import Notice

    seats = [NormFollower(Fixed(0), 3, 0.1, 0.3, 0.05), Fixed(1), Fixed(1), Fixed(1)]
    made = worlds([Notice(Patrol("0", 0.3, 0.05))], seats, episodes=2000)[:, :, 0] == 0
    rounds, expected = np.cumprod(made, 1).sum(1), 1 + (np.cumsum(walk(0.3, 0.3, 0.05), 1) == 0).sum(1)
    error = expected.std() * np.sqrt(1 / 2000 + 1 / 20_000)
    assert rounds.mean() == pytest.approx(expected.mean(), abs=4 * error)


def test_false_notices_do_not_fool_who_knows_how_frequent_they_are(worlds):
    """One seat in ten is fined by mistake; for who holds that to be all but impossible, one such notice is enough."""
    from ostrom.institutions import Notice

    def misled(mistaken):
        """The share of episodes in which somebody leaves what is permitted, and what the walk says of it."""
        player = NormFollower(Fixed(1), 3, 0.1, 0.5, mistaken)
        made = worlds([Notice(Patrol("0", 0.5, 0.1))], player, episodes=1000)
        return (made != 1).any((1, 2)).mean(), walk(0.1, 0.5, mistaken, seats=4).any(1).mean()

    found, expected = misled(0.1)
    assert found == pytest.approx(expected, abs=4 * np.sqrt(expected / 1000))
    assert found < 0.03
    found, expected = misled(0.0001)
    assert found == pytest.approx(expected, abs=4 * np.sqrt((1 - expected) / 1000))
    assert found > 0.8


def test_who_takes_too_much_from_a_stock_is_fined_once():
    pytest.importorskip("jax")
    from ostrom.institutions import Fines, Notice
    from ostrom.learners import play
    from ostrom.worlds import Stock

    stock = Stock(players=3, amounts=(0, 5, 10, 20), capacity=200.0)
    rule = Fines((("*", "catch 20", 15.0),), shared=False)
    played = play(stock.under(Notice(rule)), NormFollower(stock.bots()["selfish"], 4))
    assert played.moves["act"][0].tolist() == [[3, 3, 3], *[[2, 2, 2]] * 11]  # then the most that is not fined
    assert played.returns.tolist() == [[5.0 + 110.0] * 3]


def test_compiled_it_does_the_same():
    pytest.importorskip("jax")
    import jax
    import jax.numpy as jnp

    policy = NormFollower(Fixed(0), 3, enforced=0.9, mistaken=0.0)

    @jax.jit
    def act(policy, seen, mask, memory):
        return policy.act(Sight(jnp.int32(0), GROUND, seen, {"act": mask}, jnp), memory)

    memory = compiled = policy.begin()
    for time, did in enumerate([(-1, -1), (0, 1), (0, 2), (1, 1)]):
        look = sight(did, (-1 if did[0] == 0 else 0, 0), time)
        scores, memory = policy.act(look, memory)
        again, compiled = act(policy, look.seen, look.mask["act"], compiled)
        assert np.allclose(scores["act"], again["act"])
        assert {name: (kept.shape, kept.dtype) for name, kept in compiled.items()} == {
            name: (kept.shape, kept.dtype) for name, kept in policy.begin().items()
        }
        assert all(np.allclose(memory[name], compiled[name]) for name in memory)
