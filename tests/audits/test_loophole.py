"""Moves and side payments that the model lacks: thresholds that are sharp, and bribes that both sides take."""

from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits import _case
from ostrom.audits._lawful import amended, easiest
from ostrom.audits._verify import verify
from ostrom.audits.loophole import Loophole
from ostrom.core.charter import Charter, Round
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.lifts.govern import ground_of
from ostrom.core.society import Session
from ostrom.games import Commons
from ostrom.institutions.constitution import Constitution
from ostrom.institutions.contract import Contract
from ostrom.institutions.graduated_sanctions import GraduatedSanctions
from ostrom.institutions.quota import Quota
from ostrom.institutions.tax import Tax
from ostrom.institutions.transfers import Transfers
from ostrom.testing.check_audit import check_audit

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
BRIBED = NormalForm([[[3, 3], [0, 5]], [[2, 6], [1, 1]]], moves=("C", "D"))
CC = ("C", "C")
SEEDS = st.integers(0, 10_000)


def paid(seed, sizes=(2, 3, 2)):
    rng = np.random.default_rng(seed)
    shape = (*sizes, len(sizes))
    game = NormalForm(rng.integers(0, 8, shape).astype(float))
    governed = game.under(Transfers(game.moves, rng.integers(-4, 3, shape).astype(float)))
    return governed, tuple(int(rng.integers(size)) for size in sizes)


def test_planted_failures_and_successes():
    taxed = PD.under(Tax(on="D", rate=3.0))
    subsidised = PD.under(Tax(on="D", rate=-3.0))
    check_audit(Loophole(), fails=(BRIBED, CC), holds=(taxed, CC))
    check_audit(Loophole(), fails=(subsidised, CC), holds=(taxed, CC))
    check_audit(
        Loophole(0.0), fails=(taxed, CC), holds=(NormalForm([[[3, 3], [1, 1]], [[1, 1], [2, 2]]], moves=("C", "D")), CC)
    )


def test_a_known_move_out_of_sight():
    """Under a tax of 3, defecting unseen brings 5, and keeping to C brings 3: two fifths of the range 0 to 5."""
    taxed = PD.under(Tax(on="D", rate=3.0))
    told = Loophole()(taxed, CC)[0]
    assert told.verdict == "proved"
    assert (told.numbers["above the best modelled move"], told.numbers["in ranges of payoffs"]) == (-2.0, -0.4)
    assert Loophole(-0.4)(taxed, CC)[0].verdict == "proved"
    unseen = Loophole(0.0)(taxed, CC)[0]
    assert (unseen.verdict, unseen.witness["best move"], unseen.witness["gain"]) == ("refuted", "D", 2)


@settings(max_examples=20)
@given(SEEDS)
def test_the_threshold_for_a_new_move_is_sharp(seed):
    """A move is added for whoever is closest: it gains when it brings more than the threshold, and not when less."""
    game, place = paid(seed)
    target = game.labels(place)
    told = Loophole()(game, target)[0].numbers
    i = game.players.index(told["player"])
    best = (game.payoffs - game.adds)[(*place[:i], slice(None), *place[i + 1 :], i)].max()
    for step, verdict in ((-0.01, "proved"), (0.01, "refuted")):
        new = np.full((*game.sizes[:i], 1, *game.sizes[i + 1 :], 3), best + told["above the best modelled move"] + step)
        larger = NormalForm(np.concatenate([game.payoffs, new], axis=i))
        own = larger.deviation_payoffs(larger.pure(place))[i]
        assert (own[-1] > own[place[i]]) == (verdict == "refuted")
        assert Loophole(told["in ranges of payoffs"] + step / 100)(game, target)[0].verdict == verdict


def test_a_bribe_that_both_take():
    """Player 1 loses 1 by defecting, and player 2 gains 3 from it: any payment between 1 and 3 will do."""
    claim = Loophole()(BRIBED, CC)[1]
    assert claim.witness == {"payer": "player 2", "player": "player 1", "move": "D", "amount": Fraction(2)}
    assert claim.numbers == {"left over for the payer": 2.0, "the player needs more than": 1.0}


def test_mutual_defection_is_open_to_bribes():
    assert Loophole()(PD, ("D", "D"))[1].verdict == "refuted"
    assert Loophole()(PD, CC)[1].verdict == "proved"  # it falls without any


@settings(max_examples=25)
@given(SEEDS)
def test_side_payments_as_by_brute_force(seed):
    """Amounts on a grid of halves find a bribe exactly where the audit does (differences are whole numbers)."""
    game, place = paid(seed)
    claim = Loophole()(game, game.labels(place))[1]
    assert (claim.verdict == "refuted") == any(
        takes(game, place, payer, player, move, amount)
        for payer, player in permutations(range(3), 2)
        for move in range(game.sizes[player])
        for amount in np.arange(0, 16, 0.5)
    )
    if claim.verdict == "refuted":
        payer, player = (game.players.index(claim.witness[who]) for who in ("payer", "player"))
        move = game.moves[player].index(claim.witness["move"])
        assert takes(game, place, payer, player, move, float(claim.witness["amount"]))


def takes(game, place, payer, player, move, amount):
    there = (*place[:player], move, *place[player + 1 :])
    change = game.payoffs[there] - game.payoffs[place]
    return move != place[player] and change[player] + amount > 0 and change[payer] - amount > 0


def test_an_insurance_is_drawn_on_by_two():
    """Whoever hunts the stag alone is paid 6: the two take turns, and share 9 instead of 8."""
    hunt = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
    insured = hunt.under(Transfers(hunt.moves, [[[0, 0], [6, 0]], [[0, 6], [0, 0]]]))
    claim = Loophole()(insured, ("stag", "stag"))[2]
    assert (claim.verdict, claim.witness["gain"], claim.witness["paid"]) == ("refuted", 1, 6)
    less = hunt.under(Transfers(hunt.moves, [[[0, 0], [5, 0]], [[0, 5], [0, 0]]]))
    assert Loophole()(less, ("stag", "stag"))[2].verdict == "proved"


@settings(max_examples=30)
@given(SEEDS)
def test_pairs_as_by_brute_force(seed):
    game, place = paid(seed)
    claim = Loophole()(game, game.labels(place))[2]
    gains = {}
    for at in np.ndindex(*game.sizes):
        for pair in ((0, 1), (0, 2), (1, 2)):
            if all(at[k] == place[k] for k in range(3) if k not in pair):
                gain, more = ((t[at] - t[place])[list(pair)].sum() for t in (game.payoffs, game.adds))
                if gain > 0 and more > 0:
                    gains[at, pair] = gain
    assert (claim.verdict == "refuted") == bool(gains)
    if gains:
        assert float(claim.witness["gain"]) == max(gains.values())


def test_without_payments_nobody_draws_on_them():
    assert len(Loophole()(PD, CC)) == 2


def test_a_large_table_is_judged_in_float64(monkeypatch):
    monkeypatch.setattr(_case, "EXACT", 0)
    assert [claim.verdict for claim in Loophole(0.0)(BRIBED, CC)] == ["refuted", "refuted"]
    assert [claim.verdict for claim in Loophole()(PD.under(Tax(on="D", rate=3.0)), CC)] == ["proved"] * 3


def test_an_advantage_that_is_no_number():
    with pytest.raises(InputError):
        Loophole(float("nan"))


def fishery(gains=(2.5, 2.5, 0.5)):
    """Who takes gains that much, and everybody loses 1 by each who does."""
    payoffs = np.zeros((2, 2, 2, 3))
    for took in product((0, 1), repeat=3):
        payoffs[took] = 4 + np.array(gains) * took - sum(took)
    return NormalForm(payoffs, moves=("spare", "take"))


LIMIT = Quota("take", 0.0)
SPARE = ("spare",) * 3
OPEN = Constitution((LIMIT,), needed=2, safeguard=3)
FIRM = Constitution((LIMIT,), needed=2, safeguard=3, entrenched=True)


def test_a_safeguard_that_two_of_three_can_vote_away_is_found():
    """Repealing the quota takes all three; repealing what says so takes two, and then the quota takes two."""
    game = fishery().repeated(0.9)
    check_audit(Loophole(), fails=(game.under(OPEN), SPARE), holds=(game.under(FIRM), SPARE))
    gone, quota, gain = Loophole()(game.under(OPEN), SPARE)
    assert [claim.verdict for claim in (gone, quota, gain)] == ["refuted"] * 3
    assert gone.witness == {"changes, one a round": [["safeguard", 2]], "votes": 2, "asked for": 3}
    assert quota.witness["changes, one a round"] == [["safeguard", 2], ["Quota", 2]]
    firm = Loophole()(game.under(FIRM), SPARE)
    assert [claim.verdict for claim in firm] == ["proved"] * 3
    assert firm[0].numbers["states"] == 1


def test_the_sequence_replays_live():
    """Two seats vote as the witness says, round by round; then one of them takes."""
    claim = Loophole()(fishery().repeated(0.9).under(OPEN), SPARE)[1]
    session = Session(fishery(), [OPEN], rounds=3)
    assert session.look(0).choices["act"] == ("spare",)
    for name, votes in claim.witness["changes, one a round"]:
        while session.waiting:
            seat = session.waiting[0]
            asked = session.look(seat).choices
            move = "spare" if "act" in asked else f"change {name}" if seat < votes else "keep"
            last = "motion" in asked and len(session.waiting) == 1
            session.submit(seat, dict.fromkeys(asked, move))
            if last:
                break
    assert session.look(0).choices["act"] == ("spare", "take")


def test_what_a_majority_gains_in_closed_form():
    """The two lose nothing for two rounds, and then get 4.5 instead of 4 for ever; with gains of 1.5 they get 3.5."""
    discount = 0.8
    gain = Loophole()(fishery().repeated(discount).under(OPEN), SPARE)[2]
    assert gain.witness["group"] == ["player 1", "player 2"]
    assert gain.witness["then"] == ("take", "take", "spare")
    assert gain.witness["gain"] == pytest.approx(discount**2 * 0.5)
    assert gain.witness["at every new equilibrium"] is True
    assert Loophole()(fishery((1.5, 1.5, 0.5)).repeated(discount).under(OPEN), SPARE)[2].verdict == "proved"


def test_what_is_said_where_there_is_no_law_to_change_or_too_little_is_known():
    game = fishery().repeated(0.9)
    (none,) = Loophole()(game.under(LIMIT), SPARE)
    assert (none.verdict, none.statement) == ("proved", "No layer lets the players change the rules.")
    plain = Loophole()(game.under(Constitution((LIMIT,), needed=2)), SPARE)
    assert [claim.verdict for claim in plain] == ["refuted"]
    for rule in (GraduatedSanctions("take"), Contract("spare")):
        later = Loophole()(game.under(Constitution((rule,), needed=2, safeguard=3, entrenched=True)), SPARE)
        assert [claim.verdict for claim in later] == ["proved", "proved", "unknown"]
        assert later[2].numbers["reason"].endswith(".")
    pennies = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], moves=("H", "T"))
    rest = Loophole()(pennies.repeated(0.5).under(Constitution((Quota("T", 0.0),), needed=2)), ("H", "H"))
    assert (rest[0].verdict, rest[0].numbers["reason"]) == ("unknown", "there is no pure equilibrium without Quota")
    with pytest.raises(InputError):
        Loophole()(game.under(FIRM), SPARE, worth=[1.0])
    with pytest.raises(TooLarge):
        Loophole()(game.under(Constitution((LIMIT,) * 16, safeguard=3)), SPARE)
    assert verify(game.under(OPEN), SPARE, audits=[Loophole()]).verdict == "refuted"


LAWS = st.builds(
    lambda articles, needed, more, entrenched, guarded: Constitution(
        (LIMIT,) * articles, needed, needed + more, entrenched, tuple(k for k in sorted(guarded) if k < articles)
    ),
    *(st.integers(1, 3), st.integers(1, 3), st.integers(0, 2), st.booleans(), st.sets(st.integers(0, 2))),
)


@settings(max_examples=8, deadline=None)
@given(LAWS, st.integers(1, 3))
@pytest.mark.slow
def test_states_as_the_rule_itself_makes_them(law, votes):
    """Every ballot in which so many seats move for anything, counted by the constitution, until nothing is new."""
    charter = Charter(ground_of(fishery()), [law])
    part, start = charter.ground.part("motion"), charter.found()[0]
    seen, left = {tuple(start["force"].tolist()): 0}, [start["force"]]
    for force in left:
        for ballot in product(range(len(part.labels)), repeat=3):
            if sum(code > 0 for code in ballot) <= votes:
                moves = {"act": np.zeros(3, np.int32), "motion": np.array(ballot, np.int32)}
                scene = Round(({**start, "force": force},), ({},), present=np.ones(3, bool))
                after = charter.remember(scene, charter.descend(scene, moves), np.zeros(3))[0]["force"]
                if tuple(after.tolist()) not in seen:
                    seen[tuple(after.tolist())] = seen[tuple(force.tolist())] + 1
                    left.append(after)
    found = {one.force: one for one in amended(law, 3, votes)}
    assert set(found) == set(seen)
    for force, one in found.items():
        assert one.votes <= votes
        assert len(one.steps) >= seen[force]  # changes of one round count one by one
    smallest = {one.force: one.votes for one in easiest(law, 3)}
    assert {force for force, needed in smallest.items() if needed <= votes} == set(seen)


@pytest.mark.slow
def test_a_game_by_counts_is_looked_at_as_its_table():
    """A scenario whose rules leave nothing laid round it is no table by itself."""
    law = Constitution((Quota("harvest", 2.0),), needed=2, safeguard=3)
    claims = Loophole()(Commons(players=3).repeated(0.9).under(law))
    assert [claim.verdict for claim in claims[:2]] == ["refuted", "refuted"]
    assert "(2, 2, 2)" in claims[2].statement
