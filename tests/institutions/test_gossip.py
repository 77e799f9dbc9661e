"""Gossip: what each learns is what the dice say, and how much has to be seen for a bad name to deter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.charter import Charter
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.institution import Now
from ostrom.core.lifts.govern import ground_of
from ostrom.core.society import Session
from ostrom.games import PrisonersDilemma
from ostrom.institutions.gossip import Gossip
from ostrom.institutions.reputation import Reputation
from ostrom.testing.check_institution import check_institution

PD = PrisonersDilemma()
FOUR = NormalForm(np.zeros((2, 2, 2, 2, 4)), players=("ann", "bob", "cem", "dan"), moves=("C", "D"))
ROUNDS = st.lists(st.lists(st.sampled_from("CD"), min_size=4, max_size=4), min_size=1, max_size=5)


def opinions(session):
    return np.array([session.look(seat).sees["opinion"] for seat in range(len(session.players))])


def played(rule, rounds, seed=0, away=None):
    """What all think after each round, and the dice of each."""
    session, seen = Session(FOUR, [rule], rounds=len(rounds) + 1, seed=seed), []
    if away is not None:
        session.leave(away)
    for acts in rounds:
        faces = session.luck[0].get("learned")
        present = session.present.copy()
        for seat in list(session.waiting):
            session.submit(seat, {"act": acts[seat]})
        seen.append((np.array(session.records[0]["opinion"]), faces, present))
    return seen


@pytest.mark.parametrize("rule", [Gossip(), Gossip("BBBBBGBG", seen=0.7, told=0.0, error=0.1)], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule, PD).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "states" in carriers["repeated"]


@given(ROUNDS, st.sampled_from(["GBBG", "GGBG", "BBBBBGBG"]))
@settings(deadline=None, max_examples=20)
def test_where_all_is_seen_all_think_alike_as_reputation_does(rounds, norm):
    public = Session(FOUR, [Reputation(norm)], rounds=len(rounds) + 1)
    for acts, (thought, _, _) in zip(rounds, played(Gossip(norm, seen=1.0, told=0.0), rounds), strict=True):
        for seat, act in enumerate(acts):
            public.submit(seat, {"act": act})
        assert (thought == public.records[0]["good"]).all()


@given(ROUNDS, st.integers(0, 50), st.sampled_from(["GBBG", "BGBG", "GBBGBBBG"]), st.sampled_from([None, 1]))
@settings(deadline=None, max_examples=30)
def test_everybody_learns_what_its_dice_say(rounds, seed, norm, away):
    """Seat by seat and pair by pair, in plain words."""
    thought = np.ones((4, 4), bool)
    letters = norm[:4] + norm[-4:]
    for acts, (after, faces, here) in zip(rounds, played(Gossip(norm, error=0.3), rounds, seed, away), strict=True):
        new, die = thought.copy(), iter(faces)
        for i in range(4):
            for j in range(4):
                face = 1 if i == j else next(die)
                if not here[i] or not here[j] or face == 0:
                    continue
                if face < 3:
                    did = (acts[j] == "C") != (face == 2)
                    met_good = all(thought[i, k] for k in range(4) if k != j and here[k])
                    new[i, j] = letters[4 * thought[i, j] + 2 * met_good + did] == "G"
                else:
                    k = [k for k in range(4) if k not in (i, j)][face - 3]
                    new[i, j] = thought[k, j] if here[k] else thought[i, j]
        thought = new
        assert (after == thought).all()


def test_opinions_are_private():
    session = Session(FOUR, [Gossip("BGBG", seen=0.4, told=0.0)], rounds=2, seed=5)
    for seat, act in enumerate("CDCC"):
        session.submit(seat, {"act": act})
    thought = opinions(session)
    assert (thought == session.records[0]["opinion"]).all()
    assert len({tuple(row) for row in thought.tolist()}) > 1


def discriminates(look):
    return {"act": "C" if look.sees["opinion"][1 - look.seat] else "D"}


@pytest.mark.parametrize("discount", [0.5, 0.8])
@pytest.mark.parametrize("seen", [0.0, 0.2, 0.3, 0.6, 1.0])
def test_how_much_has_to_be_seen_for_a_bad_name_to_deter(seen, discount):
    """A norm that never forgives. Who always defects gets 5 until it is seen and 1 for ever after.

    That is worth V = (5 (1 - δ) + δ q) / (1 - δ (1 - q)) a round, more than 3 if and only if q < (1 - δ) / δ.
    """
    game = PD.repeated(discount).under(Gossip("BBBBBGBG", seen=seen, told=0.0))
    worth = (5 * (1 - discount) + discount * seen) / (1 - discount * (1 - seen))
    assert np.allclose(game.value(discriminates)[0], 3.0)
    assert np.allclose(game.gains(discriminates)[0], max(0.0, worth - 3.0))


def test_wrong_sights_are_as_frequent_as_said():
    """By a norm that looks at the act alone, and all cooperating: of what was seen the share `error` is thought ill."""
    ill, count = 0, 0
    for thought, _, _ in played(Gossip("BGBG", seen=1.0, told=0.0, error=0.2), ["CCCC"] * 150, seed=2):
        ill, count = ill + (~thought).sum(), count + 12
        assert thought.diagonal().all()  # everybody knows itself
    assert ill / count == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / count))


def test_hearsay_makes_all_think_alike():
    """One of three others has seen it: by hearsay alone all come to think so, or all forget, with odds of one third."""
    rule, ends = Gossip("BGBG", seen=0.0, told=1.0), []
    ground, random = Charter(ground_of(FOUR), [rule]).ground, np.random.default_rng(1)
    odds = rule.dice(Now(ground, {}, ground.unknown_moves()))["learned"]
    for _ in range(200):
        thought = np.ones((4, 4), bool)
        thought[1, 0] = False
        while len(set(thought[1:, 0].tolist())) > 1:
            faces = np.array([random.choice(len(row), p=row) for row in odds], np.int32)
            moves = {"act": np.zeros(4, np.int32)}
            now = Now(ground, {"opinion": thought}, moves, {"learned": faces}, present=np.ones(4, bool))
            thought = rule.remember(now, np.zeros(4))["opinion"]
        ends.append(not thought[1, 0])
    assert np.mean(ends) == pytest.approx(1 / 3, abs=4 * np.sqrt(2 / 9 / 200))


@pytest.mark.parametrize("given", [{"norm": "GB"}, {"seen": 0.7, "told": 0.4}])
def test_gossip_that_cannot_be(given):
    with pytest.raises(InputError):
        Gossip(**given)


def test_an_unknown_good_is_named():
    with pytest.raises(UnknownName, match="no label of act called 'kind'"):
        PD.repeated(0.5).under(Gossip(good="kind"))


def test_on_the_command_line():
    assert build("institutions", "gossip:norm=GBBG,seen=0.3,told=0.6") == Gossip("GBBG", seen=0.3, told=0.6)
