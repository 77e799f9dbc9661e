"""Graduated sanctions: what is paid, and what violating is worth, against closed forms and a search of one's own."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import PublicGoods
from ostrom.institutions.fines import Fines
from ostrom.institutions.graduated_sanctions import GraduatedSanctions
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
GAIN, WORTH = 2.0, 3.0
ALONE = NormalForm([[0.0], [WORTH], [WORTH + GAIN]], players=("one",), moves=("rest", "C", "D"))


def comply(look):
    return {"act": "C" if "C" in look.choices["act"] else "rest"}


@pytest.mark.parametrize(
    "rule",
    [
        GraduatedSanctions(),
        GraduatedSanctions("harvest", 2.0, (0.0, 1.0), forgotten=2, shared=True),
        GraduatedSanctions("D", 0.0, (0.5, 2.0), forgotten=2, exclusion=2, rest="C"),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "states" in carriers["repeated"]


def test_fines_rise_are_forgotten_and_the_last_excludes():
    rule = GraduatedSanctions("D", 0.0, (0.0, 1.0, 4.0), forgotten=2, exclusion=2, rest="rest")
    session, seen = Session(ALONE, [rule], rounds=10), []
    for act in ("D", "C", "D", "C", "C", "D", "D", "D", "rest", "rest"):
        look = session.look(0)
        before = session.totals[0]
        session.submit(0, {"act": act})
        bare = float(ALONE.payoffs[["rest", "C", "D"].index(act), 0])
        seen.append((look.sees["strikes"][0], look.sees["excluded"][0], bare - (session.totals[0] - before)))
    strikes, excluded, paid = zip(*seen, strict=True)
    assert strikes == (0, 1, 1, 2, 2, 0, 1, 2, 3, 3)
    assert excluded == (0, 0, 0, 0, 0, 0, 0, 0, 2, 1)
    assert paid == (0, 0, 1, 0, 0, 0, 1, 4, 0, 0)


def test_shared_fines_come_back_to_all_who_are_present():
    game = NormalForm(np.zeros((2, 2, 2, 3)), moves=("C", "D"))
    session = Session(game, [GraduatedSanctions("D", 0.0, (3.0, 6.0), shared=True)], rounds=3)
    for acts in ("DCC", "DDC"):
        before = session.totals.copy()
        for seat, act in enumerate(acts):
            session.submit(seat, {"act": act})
        paid = session.totals - before
        assert paid.tolist() == ([-2, 1, 1] if acts == "DCC" else [-3, 0, 3])


def best_gain(fines, forgotten, exclusion, discount):
    """What the best of all ways to violate adds for one seat alone: a search over its states, nothing of ours."""
    steps, worth = len(fines), {}
    states = [(k, c, x) for k in range(steps + 1) for c in range(max(forgotten, 1)) for x in range(exclusion + 1)]
    worth = dict.fromkeys(states, 0.0)

    def after(k, c, x, bad):
        if x:
            return k, c, x - 1
        if bad:
            return min(k + 1, steps), 0, exclusion if k >= steps - 1 else 0
        if not forgotten or k == 0:
            return k, 0, 0
        return (0, 0, 0) if c + 1 >= forgotten else (k, c + 1, 0)

    for _ in range(600):
        worth = {
            (k, c, x): discount * worth[after(k, c, x, False)]
            if x
            else max(
                (1 - discount) * WORTH + discount * worth[after(k, c, x, False)],
                (1 - discount) * (WORTH + GAIN - fines[min(k, steps - 1)]) + discount * worth[after(k, c, x, True)],
            )
            for k, c, x in states
        }
    return worth[0, 0, 0] - WORTH


def closed_form(fines, forgotten, discount):
    """Violate j times, wait until it is forgotten, again: the best j; without forgetting, what is cheap once."""
    gains = [GAIN - fine for fine in fines]
    sums = [sum(discount**i * g for i, g in enumerate(gains[:j])) for j in range(len(fines) + 1)]
    last = discount ** len(fines) * gains[-1] / (1 - discount)
    cycles = [total / (1 - discount ** (j + forgotten)) for j, total in enumerate(sums) if j] if forgotten else sums
    return (1 - discount) * max(0.0, *cycles, sums[-1] + last)


@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=3).map(lambda raw: tuple(sorted(x / 4 for x in raw))),
    st.integers(0, 3),
    st.integers(0, 2),
    st.sampled_from([0.3, 0.6, 0.9]),
)
@settings(max_examples=20, deadline=None)
@example((0.0, 2.0), 3, 0, 0.9)
@example((0.0, 1.0, 2.0), 0, 2, 0.6)
def test_the_gain_from_violating_is_that_of_the_best_way_to(fines, forgotten, exclusion, discount):
    rule = GraduatedSanctions("D", 0.0, fines, forgotten, exclusion, "rest" if exclusion else "")
    gain = ALONE.repeated(discount).under(rule).gains(comply)[0, 0]
    assert gain == pytest.approx(best_gain(fines, forgotten, exclusion, discount), abs=1e-7)
    if not exclusion:
        assert gain == pytest.approx(closed_form(fines, forgotten, discount), abs=1e-9)


@pytest.mark.parametrize("fine", [1.74, 1.76])
def test_exclusion_makes_up_for_a_low_last_fine(fine):
    """Deterred from each step on iff every fine is at least the gain; the last may be lower by what exclusion costs."""
    discount, rounds = 0.2, 1
    saved = discount * (1 - discount**rounds) / (1 - discount) * WORTH  # 0.6
    assert 2.0 - saved < 1.74
    rule = GraduatedSanctions("D", 0.0, (2.0 - saved + (fine - 1.75),), 0, rounds, "rest")
    gains = ALONE.repeated(discount).under(rule).gains(comply)
    assert (gains.max() <= 1e-12) == (fine > 1.75)


@pytest.mark.parametrize("forgotten", [1, 3, 6])
def test_after_a_free_warning_one_round_in_so_many_is_the_most_that_pays(forgotten):
    """Violating once in `forgotten + 1` rounds is the best reply, and worth the gain at the start of every cycle."""
    rule, discount = GraduatedSanctions("D", 0.0, (0.0, GAIN), forgotten), 0.9
    game = ALONE.repeated(discount).under(rule)

    def once(look):
        return {"act": "D" if look.sees["strikes"][0] == 0 else "C"}

    assert game.gains(once).max() <= 1e-9
    cycle = (1 - discount) * GAIN / (1 - discount ** (forgotten + 1))
    assert game.value(once)[0, 0] - WORTH == pytest.approx(cycle)


def test_in_the_dilemma_cooperation_needs_the_first_fine():
    """Gains are 2 against C and 1 against D: with fines from 2 on nobody gains anywhere, below that somebody does."""
    for first, deters in ((1.9, False), (2.0, True)):
        game = PD.repeated(0.8).under(GraduatedSanctions("D", 0.0, (first, 3.0), forgotten=2))
        assert bool(game.gains(lambda look: {"act": "C"}).max() <= 1e-9) is deters


def test_what_two_seats_can_have_done_is_sixteen_records():
    """Each has violated 0 times, once, or twice or more, and is then out for a round or back."""
    rule = GraduatedSanctions("D", 0.0, (1.0, 2.0), exclusion=1, rest="C")
    assert len(PD.repeated(0.9).under(rule).states) == 4 * 4


def test_one_step_is_a_fine():
    fined = PD.under(Fines((("*", "D", 1.5),), shared=False)).payoffs
    game = PD.repeated(0.5).under(GraduatedSanctions("D", 0.0, (1.5,)))
    for state in game.states:
        assert np.allclose(state.payoffs.reshape(2, 2, 2), fined)


def test_a_fact_can_be_what_the_rule_is_about():
    """Contributions above 15 of 20 are fined (an odd rule, but a fact)."""
    game = PublicGoods(players=2)
    session = Session(game, [GraduatedSanctions("contribution", 15.0, (1.0, 5.0))], rounds=2)
    for _ in range(2):
        session.submit(0, {"act": "20"})
        session.submit(1, {"act": "10"})
    bare = 2 * game.payoffs_at(np.array([2, 1]))
    assert np.allclose(bare - session.totals, [6.0, 0.0])


def test_who_is_absent_lives_nothing_down():
    rule = GraduatedSanctions("D", 0.0, (0.0, 1.0), forgotten=2, exclusion=1, rest="C")
    session = Session(PD, [rule], rounds=6)
    for _ in range(2):
        session.submit(0, {"act": "C"})
        session.submit(1, {"act": "D"})
    assert session.look(1).choices == {"act": ("C",)}
    session.leave(1)
    session.submit(0, {"act": "C"})
    session.submit(1, {"act": "C"})
    for _ in range(2):
        assert session.waiting == (0,)
        session.submit(0, {"act": "C"})
    assert session.look(0).sees["strikes"] == [0, 2]


def test_in_a_lake_whoever_takes_too_much_has_to_stay_ashore():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.lake import Lake

    rule = GraduatedSanctions("harvest", 4.0, (1.0, 2.0), exclusion=3, rest="rest")
    world = Lake(players=2, horizon=4).under(rule)
    step, state = jax.jit(world.step), world.reset(np.zeros(2, np.uint32))
    bare = Lake(players=2, horizon=4)
    moves, masks, fined = {"act": np.array([2, 1], np.int32)}, [], []
    for _ in range(3):
        _, unfined = bare.step(np.zeros(2, np.uint32), state.base, moves)
        masks.append(np.array(world.mask(state)["act"])[0].tolist())
        state, paid = step(np.zeros(2, np.uint32), state, moves)
        fined.append((np.array(unfined) - np.array(paid)).round(4).tolist())
    assert masks == [[True] * 3, [True] * 3, [True, False, False]]
    assert fined[:2] == [[1.0, 0.0], [2.0, 0.0]]


def test_on_the_command_line():
    text = "graduated_sanctions:on=D,fines=(0.5,1,2),forgotten=3"
    assert build("institutions", text) == GraduatedSanctions("D", 0.0, (0.5, 1.0, 2.0), 3)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"fines": ()}, "never fall"),
        ({"fines": (2.0, 1.0)}, "never fall"),
        ({"fines": (-1.0,)}, "never fall"),
        ({"exclusion": 1}, "needs a move"),
        ({"exclusion": 1, "rest": "D"}, "needs a move"),
    ],
)
def test_sanctions_that_cannot_be(given, said):
    with pytest.raises(InputError, match=said):
        GraduatedSanctions(**given)


def test_an_unknown_rest_is_named():
    with pytest.raises(UnknownName, match="no label of act called 'rest'"):
        PD.repeated(0.5).under(GraduatedSanctions(exclusion=1, rest="rest"))
