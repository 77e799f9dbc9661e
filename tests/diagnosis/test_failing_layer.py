"""Sessions in which one layer is not enforced, and whether it is found; by replays, by closed forms, by counting."""

from dataclasses import replace
from itertools import combinations
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from ostrom.core.errors import InputError, OstromError, TooLarge, UnknownName
from ostrom.core.event import Event
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.core.institution import Around, Institution
from ostrom.core.replay import replayed
from ostrom.core.society import Session
from ostrom.diagnosis._layer_filter import ALWAYS, NEVER, Filter
from ostrom.diagnosis.failing_layer import failing_layer
from ostrom.institutions import (
    Ban,
    Contract,
    Enforced,
    Fines,
    GraduatedSanctions,
    Lapses,
    Mediator,
    Metanorm,
    Quota,
    Tax,
    Vote,
)
from ostrom.testing.check_institution import check_institution

HARVEST = Fact.of_own_move("harvest", "units", (1.0, 2.0, 3.0))
COMMONS = Symmetric(
    lambda own, others: 1.5 * (own + 1.0) + 0.5 * others[:, 0],
    players=3,
    moves=("1", "2", "3"),
    name="commons",
    facts=[HARVEST],
).dense()
STEPS = GraduatedSanctions("harvest", above=1.0, fines=(0.25, 1.0), forgotten=2)
VISIBLE = (Tax("harvest", 0.5, shared=True), Contract("1", 0.75, each_round=True), STEPS, Vote("1", 2))
LIMITED = (Quota("harvest", 2.0), Tax("harvest", 0.5), STEPS, Vote("1", 2))
PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


class Dead(Around):
    """Not enforced, written again for these tests: it forbids nothing, does nothing and takes nothing."""

    rule: Institution

    def permit(self, now, mask):
        return mask

    def enact(self, now, moves):
        return moves

    def settle(self, now, payoffs):
        return payoffs


class Flaky(Around):
    """Enforced in some rounds only."""

    rule: Institution
    rounds: tuple[int, ...] = ()
    memory: ClassVar = "finite"

    def permit(self, now, mask):
        return self.rule.permit(now, mask) if int(now.time) in self.rounds else mask

    def settle(self, now, payoffs):
        return self.rule.settle(now, payoffs) if int(now.time) in self.rounds else payoffs


def broken(rules, dead):
    return tuple(Dead(rule) if k in dead else rule for k, rule in enumerate(rules))


def played(game, rules, rounds=12, seed=0, choose=None):
    """The log of seats that choose at random, or as `choose` says."""
    rng, session = np.random.default_rng(seed), Session(game, rules, rounds=rounds, seed=seed)
    while not session.over:
        seat = session.waiting[0]
        options = session.look(seat).choices
        made = {part: labels[rng.integers(len(labels))] for part, labels in options.items()}
        session.submit(seat, made if choose is None else {p: choose(p, session.time, made[p]) for p in made})
    return session.log


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("dead", [(), (0,), (1,), (2,), (3,)], ids=str)
def test_of_four_layers_the_one_that_fails_is_found(dead, seed):
    """Each of four in turn, and none: the verdict is right in all."""
    found = failing_layer(COMMONS, VISIBLE, played(COMMONS, broken(VISIBLE, dead), rounds=16, seed=seed))
    assert found.failing == tuple(type(VISIBLE[k]).__name__ for k in dead)
    assert found.verdict is not None
    assert found.verdict.sometimes == ""
    assert (found.broken is None) == (not dead)
    for k, layer in enumerate(found.layers):
        assert layer.tested
        assert (layer.failed if k in dead else layer.worked) > 0
        assert (layer.worked if k in dead else layer.failed) == 0
        assert layer.enforced[0] == 0.0 if k in dead else layer.enforced[2] == 1.0


@pytest.mark.parametrize("dead", [(0,), (1,), (2,), (3,)], ids=str)
def test_a_quota_among_them(dead):
    """It shows as soon as somebody exceeds it."""
    found = failing_layer(COMMONS, LIMITED, played(COMMONS, broken(LIMITED, dead), rounds=16, seed=1))
    assert found.failing == (type(LIMITED[dead[0]]).__name__,)


def test_what_nothing_put_to_the_test_cannot_be_told_apart():
    """Nobody exceeds a limit that works; whether it would have stopped anybody, no log says."""
    found = failing_layer(COMMONS, LIMITED, played(COMMONS, LIMITED, rounds=16))
    assert found.verdict is found.failing is None
    assert {e.words for e in found.alike} == {
        "every layer is enforced",
        "Quota is not enforced",
        "Quota is enforced only now and then",
    }
    assert [layer.tested for layer in found.layers] == [False, True, True, True]
    assert "Nothing that happened puts Quota to the test." in str(found)
    tame = played(COMMONS, LIMITED, rounds=6, choose=lambda part, time, made: "1" if part == "act" else "no")
    silent = failing_layer(COMMONS, LIMITED, tame)  # nobody exceeds anything, and nothing is ever carried
    assert [layer.tested for layer in silent.layers] == [False, True, False, False]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([VISIBLE, LIMITED]), st.sets(st.integers(0, 3)))
def test_what_is_possible_is_what_a_replay_writes_again(seed, rules, dead):
    """A set of failing layers can be what happened exactly if the session without them writes the same log."""
    log = played(COMMONS, broken(rules, dead), rounds=5, seed=seed)
    found = failing_layer(COMMONS, rules, log, most=4, now_and_then=0.0)
    possible = {e.never for e in found.explanations}
    size = max(map(len, possible))
    for failing in (f for n in range(size + 1) for f in combinations(range(4), n)):
        names = tuple(type(rules[k]).__name__ for k in failing)
        assert (names in possible) == rewritten(rules, failing, log)
    assert tuple(type(rules[k]).__name__ for k in sorted(dead)) in possible or size < len(dead)


def rewritten(rules, failing, log):
    try:
        again = replayed(COMMONS, broken(rules, failing), log).log
    except OstromError:
        return False
    return [event.to_json() for event in again[1:]] == [event.to_json() for event in log[1:]]


@pytest.mark.parametrize("works", [(0, 1, 2, 4, 5, 7, 8), (3,), (0, 1, 2, 3, 4, 5, 6, 7, 8)], ids=len)
def test_a_layer_that_works_now_and_then(works):
    """Nine rounds in which a fine falls due: Bayes with all odds alike beforehand, Beta(1 + n, 1 + 9 - n)."""
    rules = (Tax("D", 1.0), Fines((("*", "D", 2.0),), shared=False))
    log = played(PD, (rules[0], Flaky(rules[1], works)), 9, choose=lambda part, time, made: "D")
    found = failing_layer(PD, rules, log)
    fines, n = found.layers[1], len(works)
    assert (fines.worked, fines.failed) == (n, 9 - n)
    law = beta(1 + n, 10 - n)
    assert fines.enforced[1] == pytest.approx(law.mean(), abs=1e-4)
    tails = (law.ppf(0.05), 1.0) if n == 9 else law.ppf([0.025, 0.975])
    assert (fines.enforced[0], fines.enforced[2]) == pytest.approx(tails, abs=1e-3)
    assert found.failing == (() if n == 9 else ("Fines",))
    if n < 9:
        assert found.verdict is not None
        assert (found.verdict.never, found.verdict.sometimes) == ((), "Fines")
        assert found.verdict.log_likelihood == pytest.approx(-np.log(10 * len(list(combinations(range(9), n)))))
        assert "only now and then" in str(found)


def moved(rule, acts):
    """What a layer takes from and gives to each of three harvesters, written out by hand; None if it only forbids."""
    rows = {rule.on: rule.rate} if isinstance(rule, Tax) else {a: x for _, a, x in getattr(rule, "schedule", ())}
    owed = np.array([rows.get(act, 0.0) for act in acts])
    back = owed.sum() / 3 if isinstance(rule, Tax) else (owed.sum() - owed) / 2
    return back * (isinstance(rule, Tax | Fines) and rule.shared) - owed


def acts_of(log):
    rounds = 1 + max(event.t for event in log if event.channel == "paid")
    return [[event.action for event in log if event.channel == "act" and event.t == t] for t in range(rounds)]


@settings(max_examples=12, deadline=None)
@given(
    st.permutations(range(3)),
    st.integers(0, 2),
    st.sampled_from([1.0, 1.5]),
    st.tuples(st.booleans(), st.booleans()),
    st.sampled_from([Quota("harvest", 2.0), Ban((("*", "3"),))]),
    st.sets(st.integers(0, 11), min_size=3, max_size=9),
    st.integers(0, 1_000),
)
def test_sound_layers_beside_one_that_comes_and_goes(order, flaky, rate, shared, limit, works, seed):
    """A sound layer works in every round in which it moves money; odds are compared with those counted on a grid."""
    fines = Fines((("*", "2", 1.0), ("*", "3", 0.7)), shared=shared[1])  # at a rate of 1 not always told from the tax
    rules = tuple((Tax("2", rate, shared=shared[0]), fines, limit)[k] for k in order)
    names = [type(rule).__name__ for rule in rules]
    log = played(COMMONS, [Flaky(r, tuple(works)) if k == flaky else r for k, r in enumerate(rules)], 12, seed=seed)
    acts = acts_of(log)
    found = failing_layer(COMMONS, rules, log)
    assert any(names[flaky] in (*e.never, e.sometimes) or not (e.never or e.sometimes) for e in found.explanations)
    likeliest = found.explanations[0]
    if names[flaky] not in (*likeliest.never, likeliest.sometimes):
        return  # it failed where nothing, or nothing of its own, showed
    for k, (rule, layer) in enumerate(zip(rules, found.layers, strict=True)):
        due = [bool(abs(moved(rule, made)).max() > 1e-9) for made in acts]
        if rule is limit:
            assert (layer.worked, layer.failed) == (0, sum("3" in made for made in acts))
        elif k == flaky:
            assert layer.worked == sum(d and t in works for t, d in enumerate(due))
            assert layer.failed == sum(d and t not in works for t, d in enumerate(due))
        else:
            assert (layer.worked, layer.failed) == (sum(due), 0)
            odds = counted(rule, rules[flaky], acts, works, bool(likeliest.sometimes))
            assert layer.enforced[1] == pytest.approx(odds, abs=2e-3)


def counted(rule, other, acts, works, sometimes):
    """The mean of a sound layer's odds p when the other works with odds q, all alike, or never: on a grid of 401²."""
    p, q = np.linspace(0, 1, 401)[:, None], np.linspace(0, 1, 401) if sometimes else np.zeros(1)
    likely = np.ones((401, len(q)))
    for t, made in enumerate(acts):
        here, there = moved(rule, made), moved(other, made)
        seen, total = here + there * (t in works), np.zeros_like(likely)
        for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
            if np.allclose(a * here + b * there, seen):
                total += (p if a else 1 - p) * (q if b else 1 - q)
        likely *= total
    weight = np.trapezoid(likely, q, axis=1) if sometimes else likely[:, 0]
    return np.trapezoid(p[:, 0] * weight, p[:, 0]) / np.trapezoid(weight, p[:, 0])


def test_a_tax_that_is_collected_beside_fines_that_lapse():
    """With the tax seen in each of n rounds the posterior of its odds is Beta(1 + n, 1), whatever the fines do."""
    rules = (Tax("D", 1.5), Fines((("*", "D", 1.0),)))
    log = played(PD, (rules[0], Lapses(rules[1], 0.5)), 40, seed=0)
    found = failing_layer(PD, rules, log)
    assert found.failing == ("Fines",)
    assert "to the test" not in str(found)
    n = sum("D" in made for made in acts_of(log))
    tax, fines = found.layers
    assert (tax.worked, tax.failed) == (n, 0)
    assert n > 20
    assert tax.enforced == pytest.approx((0.05 ** (1 / (n + 1)), (n + 1) / (n + 2), 1.0), abs=1e-3)
    assert fines.worked > 0 < fines.failed


def test_one_never_one_now_and_then_and_two_that_remember():
    """Two of three fail; what the sound ones remember is followed, and the fine of each step is due at each D."""
    rules = (Tax("D", 1.5), GraduatedSanctions("D", fines=(0.5, 2.25)), Fines((("*", "D", 0.9),), shared=False))
    log = played(PD, (Flaky(rules[0], (0, 2, 5, 6)), rules[1], Dead(rules[2])), 12, seed=3)
    found = failing_layer(PD, rules, log)
    assert found.verdict is not None
    assert (found.verdict.never, found.verdict.sometimes) == (("Fines",), "Tax")
    n = sum("D" in made for made in acts_of(log))
    assert [(one.worked, one.failed) for one in found.layers[1:]] == [(n, 0), (0, n)]
    law = beta(1, n + 1)
    assert found.layers[2].enforced == pytest.approx((0.0, law.mean(), law.ppf(0.95)), abs=1e-3)


def test_dice_that_are_face_down_are_weighed():
    """Inspections with odds of 0.4 that nobody recorded: each round without a fine is 0.6 as likely if they work."""
    rules = (Enforced(Fines((("*", "D", 2.0),), shared=False), detection=0.4), Tax("D", 0.5))
    log = played(PD, rules, 30, seed=4, choose=lambda part, time, made: "D")
    fined = [event.payoff < 0 for event in log if event.channel == "paid"]
    down = [event for event in log if event.channel != "rolled"]
    found = failing_layer(PD, rules, down)
    expected = sum(np.log(0.4 if hit else 0.6) for hit in fined)
    assert found.failing == ()
    assert found.verdict is not None
    assert found.verdict.log_likelihood == pytest.approx(expected)
    dead = failing_layer(PD, rules, [e for e in played(PD, broken(rules, (0,)), 30) if e.channel != "rolled"])
    assert dead.failing == ("Enforced",)
    assert dead.explanations[0].log_likelihood == 0.0
    early = failing_layer(PD, rules, [e for e in down if e.t < 1], now_and_then=0.0)
    one = [e for e in early.explanations if "Tax" not in e.never]
    hits = np.prod([0.4 if hit else 0.6 for hit in fined[:2]])
    assert sum(e.posterior for e in one if not e.never) == pytest.approx(
        hits / (hits + (0.0 if any(fined[:2]) else 1.0))
    )


def test_with_the_dice_in_the_log_one_inspection_is_enough():
    rules = (Enforced(Fines((("*", "D", 2.0),), shared=False), detection=0.5), Tax("D", 0.5))
    log = played(PD, broken(rules, (0,)), 8, seed=1, choose=lambda part, time, made: "D")
    assert any(max(e.action[0]["inspection"]) > 0 for e in log if e.channel == "rolled")
    assert failing_layer(PD, rules, log).failing == ("Enforced",)


def test_who_is_asked_tells_too():
    """The metanorm asks only where somebody is guilty: that it asks is seen, although it takes nothing any more."""
    rules = (Metanorm("D", cost=1.0, harm=3.0), Tax("D", 0.5))
    log = played(PD, broken(rules, (1,)), 8, seed=2)
    assert failing_layer(PD, rules, log).failing == ("Tax",)
    asked = [event for event in log if event.channel == "answer"]
    fewer = [event for event in log if event is not asked[0]]
    assert failing_layer(PD, rules, fewer).explanations == ()


def test_players_that_come_and_go():
    session = Session(PD, broken(VISIBLE_PD, (0,)), rounds=4)
    for acts in (("D", "C"), ("D",), ("D", "D"), ("C", "D")):
        if session.time == 0:
            session.leave(1)
        if session.time == 1:
            session.enter(1)
        for seat, act in zip(session.waiting, acts, strict=True):
            session.submit(seat, {"act": act})
    assert failing_layer(PD, VISIBLE_PD, session.log).failing == ("Tax",)


VISIBLE_PD = (Tax("D", 1.0), GraduatedSanctions("D", fines=(0.5, 1.5)))


def test_two_that_fail_at_once_and_what_fits_nothing():
    log = played(COMMONS, broken(VISIBLE, (0, 2)), rounds=16)
    assert failing_layer(COMMONS, VISIBLE, log).failing == ("Tax", "GraduatedSanctions")
    assert failing_layer(COMMONS, VISIBLE, log, most=1).explanations == ()
    other = [replace(e, payoff=e.payoff + 0.01) if e.channel == "paid" else e for e in log]
    lost = failing_layer(COMMONS, VISIBLE, other)
    assert lost.verdict is None
    assert "fits no failure" in str(lost)


def test_several_episodes_and_one_that_breaks_off():
    first, second = (played(COMMONS, broken(VISIBLE, (3,)), rounds=8, seed=seed) for seed in (5, 6))
    both = [*first, *(replace(event, episode=1) for event in second)]
    whole = failing_layer(COMMONS, VISIBLE, both)
    assert (whole.failing, whole.rounds) == (("Vote",), 16)
    cut = failing_layer(COMMONS, VISIBLE, both[:-3])
    assert cut.rounds == 15
    written = [Event.from_json(event.to_json()) for event in both]
    assert failing_layer(COMMONS, VISIBLE, written).finding == whole.finding
    apart = failing_layer(COMMONS, VISIBLE, (iter(log) for log in (first, second)))
    assert apart.finding == whole.finding
    good = played(COMMONS, VISIBLE, rounds=4, seed=7)
    third = failing_layer(COMMONS, VISIBLE, [good, both], most=1)  # both sessions of the second log keep apart
    assert (third.failing, third.rounds) == (("Vote",), 20)
    assert third.verdict is not None
    assert third.verdict.sometimes == "Vote"
    assert whole.broken is not None
    assert third.broken == (whole.broken[0] + 1, whole.broken[1])


def test_likelihoods_at_both_ends_are_those_without_odds():
    """Enforced with odds 1 and 0 is enforced always and never: the filter at its ends is the plain hypothesis."""
    from ostrom.core.charter import Charter
    from ostrom.core.lifts.govern import ground_of
    from ostrom.diagnosis._layer_round import Hypothesis
    from ostrom.diagnosis._layer_rounds import rounds_of

    log = played(COMMONS, broken(VISIBLE, (1,)), rounds=10)
    episodes = rounds_of(log, Charter(ground_of(COMMONS), VISIBLE).ground)

    def made(silent):
        return Hypothesis(COMMONS, Charter(ground_of(COMMONS), broken(VISIBLE, silent)))

    told = Filter(made, episodes).about(1)
    assert told.logs[ALWAYS] == -np.inf
    assert told.logs[NEVER] == 0.0


def test_a_rule_on_paper_is_an_institution():
    from ostrom.institutions._silent import Silent

    for rule in (VISIBLE_PD[1], Vote("C"), Mediator()):
        assert check_institution(Silent(rule)).carriers["society"].endswith("replayed to the same bytes")
    first = played(PD, [Silent(Tax("D", 9.0))], 3)
    assert [e.payoff for e in first if e.channel == "paid"] == [
        e.payoff for e in played(PD, [], 3) if e.channel == "paid"
    ]


def test_what_cannot_be_read():
    log = played(PD, [Tax("D")], 2)
    with pytest.raises(InputError, match="no layers"):
        failing_layer(PD, [], log)
    with pytest.raises(InputError, match="No round of the log was paid"):
        failing_layer(PD, [Tax("D")], log[:3])
    with pytest.raises(InputError, match="from the first round on"):
        failing_layer(PD, [Tax("D")], [e for e in log if e.t or e.channel != "paid"])
    with pytest.raises(UnknownName):
        failing_layer(PD, [Tax("D")], [replace(e, action="E") if e.channel == "act" else e for e in log])
    with pytest.raises(UnknownName):
        failing_layer(PD, [Tax("D")], [replace(e, agent="somebody") if e.agent else e for e in log])
    for wrong in ({"level": 0.4}, {"level": float("nan")}, {"most": 0}, {"now_and_then": 2.0}):
        with pytest.raises(InputError):
            failing_layer(PD, [Tax("D")], log, **wrong)
    for neither in (5, None, "paid", {"log": log}, [5], ["paid"], [log, 5], [log, log[0]], [*log, log], [[log]]):
        with pytest.raises(InputError, match=r"no event|no list of events"):
            failing_layer(PD, [Tax("D")], neither)
    for nothing in ([], [[]], [[], log[:3]]):
        with pytest.raises(InputError, match="No round of the log was paid"):
            failing_layer(PD, [Tax("D")], nothing)
    with pytest.raises(InputError, match="paid twice"):
        failing_layer(PD, [Tax("D")], [*log, *log])
    with pytest.raises(InputError, match="no finite game"):
        failing_layer(object(), [Tax("D")], log)
    inspected = [Enforced(Fines((("*", "D", 2.0),), shared=False), detection=0.5)]
    with pytest.raises(InputError, match="of other rules"):
        failing_layer(PD, [Tax("D"), *inspected], played(PD, inspected, 2))
    crowd = NormalForm(np.zeros((2,) * 7 + (7,)), moves=("C", "D"))
    rules = [Enforced(Fines((("*", "D", 2.0),), shared=False), detection=0.5)]
    down = [e for e in played(crowd, rules, 1) if e.channel != "rolled"]
    with pytest.raises(TooLarge):
        failing_layer(crowd, rules, down)
