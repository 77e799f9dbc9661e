"""Certificates: what is written is read again, what was changed is noticed, and nothing false is ever confirmed."""

import hashlib
import json
import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from ostrom import games
from ostrom.audits import Coalitions, Equilibria, Evasion, Loophole, Robustness, Spite, WorstCase
from ostrom.audits._verify import verify
from ostrom.core.certificate import Certificate
from ostrom.core.claim import Claim
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.recheck import KINDS, WITNESSES, said, suits
from ostrom.designers._design import design

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
CHICKEN = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("C", "D"))


def random_game(seed, sizes):
    return NormalForm(np.random.default_rng(seed).integers(-5, 6, (*sizes, len(sizes))))


def certificates(game, **more):
    """The certificates of every proposal, and of what the audits say of the best joint move."""
    found = design(game, seconds=2, **more)
    made = [proposal.certificate(found.problem) for proposal in found.proposals]
    return [*made, audited(game)]


def audited(game):
    """What all audits but the learners, who take long, say of the best joint move."""
    audits = (Equilibria(), WorstCase(), Coalitions(), Evasion(), Loophole(), Spite(), Robustness())
    return verify(game, audits=audits).certificate


@pytest.fixture(scope="module")
def made():
    """Certificates of many kinds about small games."""
    listed = [one for game in (PD, CHICKEN, HUNT) for one in certificates(game, margin=0.01)]
    played = np.full((2, 2), 1 / 4)
    for seed in range(3):
        listed += certificates(random_game(seed, (2, 2)), played=played)
    return listed


def digest(document):
    """As whoever changes a certificate on purpose would make it."""
    text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def flipped(text, rng):
    """The text with one digit changed to another."""
    at = rng.choice([k for k, letter in enumerate(text) if letter.isascii() and letter.isdigit()])
    return text[:at] + rng.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :]


def test_what_is_written_is_read_again(made):
    for one in made:
        again = Certificate.from_dict(json.loads(one.to_json()))
        assert again == Certificate.from_dict(json.loads(again.to_json()))
        assert again.to_json() == one.to_json()
        assert (again.before, again.after) == (one.before, one.after)
        assert again.recheck() == one.recheck()


def test_every_claim_of_ours_is_confirmed(made):
    answers = [one for certificate in made for one in certificate.recheck()]
    assert [one for one in answers if one.answer == "wrong"] == []
    assert sum(one.answer == "confirmed" for one in answers) > 0.9 * len(answers)
    assert all(bool(one.why) == (one.answer != "confirmed") for one in answers)


@pytest.mark.parametrize(
    "game",
    [
        games.EscapeRoom(),
        games.VolunteersDilemma(),
        games.PublicGoods(players=3),
        games.Commons(players=2),
        games.MatchingPennies(),
        random_game(7, (3, 3)),
        random_game(8, (2, 2, 2)),
        NormalForm(np.random.default_rng(9).normal(size=(2, 3, 2))),
        NormalForm(1e-4 * np.random.default_rng(10).normal(size=(2, 2, 2, 3))),
    ],
    ids=lambda game: game.name,
)
def test_and_so_it_is_in_other_games(game):
    for one in certificates(game):
        answers = Certificate.from_dict(json.loads(one.to_json())).recheck()
        assert [checked for checked in answers if checked.answer == "wrong"] == []


def test_a_thousand_flipped_digits_are_noticed(made):
    """Accidents: one digit of the text, anywhere."""
    rng = random.Random(0)
    texts = [one.to_json() for one in made]
    for _ in range(1000):
        changed = flipped(rng.choice(texts), rng)
        with pytest.raises((InputError, json.JSONDecodeError)):
            Certificate.from_dict(json.loads(changed))


# On purpose: with a digest that fits. Whatever is confirmed has to be true, by other arithmetic.


class Truth:
    """The game of a document as arrays of fractions, and whether evidence about it is true, by brute force."""

    def __init__(self, document, of):
        before, after = document["before"], document.get("after", {"moves": document["before"]["moves"]})
        self.players, moves = document["players"], before["moves"]
        sizes = [len(own) for own in moves]
        rewards = self.table(before["payoffs"], sizes)
        worth = np.array([Fraction(x) for x in before["welfare"]], object).reshape(sizes)
        self.moves, self.adds = moves, np.full(rewards.shape, Fraction(0), object)
        if of == "after":
            self.moves = after["moves"]
            shape = [len(own) for own in self.moves]
            if "plays" in after:
                kept = np.array(after["plays"]).reshape(shape)
                rewards, worth = rewards.reshape(-1, len(sizes))[kept], worth.ravel()[kept]
            else:
                kept = np.ix_(*[[own.index(x) for x in left] for own, left in zip(moves, self.moves, strict=True)])
                rewards, worth = rewards[kept], worth[kept]
            zero = [[0] * len(sizes)] * int(np.prod(shape))
            self.adds = self.table(after.get("adds", zero), shape)
        self.bare, self.payoffs, self.worth = rewards, rewards + self.adds, worth
        self.sizes = self.payoffs.shape[:-1]

    @staticmethod
    def table(rows, sizes):
        return np.array([[Fraction(x) for x in row] for row in rows], object).reshape(*sizes, len(sizes))

    def place(self, labels):
        return tuple(own.index(label) for own, label in zip(self.moves, labels, strict=True))

    def gains(self, place):
        return [
            self.payoffs[(*place[:i], k, *place[i + 1 :], i)] - self.payoffs[(*place, i)]
            for i, size in enumerate(self.sizes)
            for k in range(size)
            if k != place[i]
        ]

    def stable(self):
        return [place for place in np.ndindex(self.sizes) if max(self.gains(place), default=0) <= 0]

    def device(self, device):
        odds = np.full(self.sizes, Fraction(0), object)
        for labels, share in device:
            odds[self.place(labels)] += Fraction(share)
        assert odds.sum() == 1
        assert odds.min() >= 0
        return odds

    def regrets(self, odds, told):
        """Per player the most it gains, over all always-moves or all plans of disobeying, against the odds."""
        for i, size in enumerate(self.sizes):
            own, share = np.moveaxis(self.payoffs[..., i], i, 0), np.moveaxis(odds, i, 0)
            table = np.array([[(share[a] * (own[d] - own[a])).sum() for d in range(size)] for a in range(size)])
            yield table.max(axis=1).sum() if told else table.sum(axis=0).max()

    def extreme(self, coarse, sense):
        """The least (sense 1) or greatest (−1) welfare of all (coarse) correlated equilibria, by SciPy."""
        rows, payoffs = [], self.payoffs.astype(float)
        for i, size in enumerate(self.sizes):
            own = np.moveaxis(payoffs[..., i], i, 0)
            for a, d in product([None] if coarse else range(size), range(size)):
                row = own[d][None] - own
                if a is not None:
                    row = np.where(np.arange(size).reshape(-1, *[1] * (own.ndim - 1)) == a, row, 0)
                rows.append(np.moveaxis(row, 0, i).ravel())
        worth, ones = self.worth.astype(float).ravel(), np.ones((1, self.worth.size))
        found = linprog(sense * worth, np.array(rows), np.zeros(len(rows)), ones, [1])
        return sense * found.fun, found.x.reshape(self.sizes)

    def coalitions(self, place, most):
        """Every joint move that some of up to so many players go to, with who they are."""
        for there in np.ndindex(self.sizes):
            movers = [i for i in range(len(self.sizes)) if there[i] != place[i]]
            if 0 < len(movers) <= most:
                yield there, movers

    def near(self, value):
        return 1e-6 * (1 + abs(float(Fraction(value))) + float(abs(self.worth).max()))

    def holds(self, kind, e):
        """Whether evidence is true."""
        return getattr(self, kind.replace(" ", "_"))(e)

    def no_gain(self, e):
        return max(self.gains(self.place(e["target"])), default=0) <= -Fraction(e.get("lead", 0))

    def gain(self, e):
        place, i = self.place(e["at"]), self.players.index(e["player"])
        there = (*place[:i], self.moves[i].index(e["move"]), *place[i + 1 :])
        return self.payoffs[(*there, i)] - self.payoffs[(*place, i)] >= Fraction(e["gain"]) > 0

    def dominant(self, e):
        place = self.place(e["target"])
        own = [np.moveaxis(self.payoffs[..., i], i, 0) for i in range(len(place))]
        return all(
            (column[k] - column[d] >= Fraction(e.get("lead", 0))).all()
            for column, k in zip(own, place, strict=True)
            for d in range(len(column))
            if d != k
        )

    def only_pure(self, e):
        return self.stable() == [self.place(e["target"])]

    def settles(self, e):
        return self.place(e["at"]) in self.stable()

    def pure_floor(self, e):
        return min(self.worth[place] for place in self.stable()) >= Fraction(e["worth"])

    def mixed(self, e):
        odds = np.array(Fraction(1), object)
        for own in e["odds"]:
            odds = np.multiply.outer(odds, np.array([Fraction(share) for share in own], object))
        assert odds.sum() == 1
        return max(self.regrets(odds, False)) <= Fraction(e.get("slack", 0))

    def coarse(self, e):
        odds = self.device(e["device"])
        right = "worth" not in e or (odds * self.worth).sum() == Fraction(e["worth"])
        return right and max(self.regrets(odds, False)) <= Fraction(e.get("slack", 0))

    def obedient(self, e):
        return max(self.regrets(self.device(e["device"]), True)) <= Fraction(e.get("slack", 0))

    def coarse_floor(self, e):
        return self.extreme(True, 1)[0] >= Fraction(e["worth"]) - self.near(e["worth"])

    def best_advice(self, e):
        return self.extreme(False, -1)[0] <= Fraction(e["worth"]) + self.near(e["worth"])

    def only_correlated(self, e):
        """The target is an equilibrium, and no correlated equilibrium puts odds on any other joint move."""
        place = self.place(e["target"])
        self.worth = np.array(np.ones(self.sizes), object)
        self.worth[place] = 0
        return place in self.stable() and self.extreme(False, -1)[0] < 1e-6

    def sums(self, e):
        totals = self.adds.sum(-1)
        return {"=": (totals == 0).all(), "<=": (totals <= 0).all(), ">=": (totals >= 0).all()}[e["sign"]]

    def costs(self, e):
        place = self.place(e["target"])
        own = [self.bare[(*place[:i], slice(None), *place[i + 1 :], i)] for i in range(len(place))]
        return sum(column.max() - column[k] for column, k in zip(own, place, strict=True)) >= Fraction(e["at_least"])

    def no_coalition(self, e):
        place, slack = self.place(e["target"]), Fraction(e.get("slack", 0))
        return not any(
            all(self.payoffs[(*there, i)] - self.payoffs[(*place, i)] > slack for i in movers)
            for there, movers in self.coalitions(place, e["up_to"])
        )

    def coalition(self, e):
        place, there = self.place(e["at"]), self.place(e["to"])
        group = [self.players.index(name) for name in e["players"]]
        gains = [self.payoffs[(*there, i)] - self.payoffs[(*place, i)] for i in group]
        alone = all(i in group or there[i] == place[i] for i in range(len(place)))
        return alone and (sum(gains) > 0 if e.get("in_total") else min(gains) > 0)

    def coalition_proof(self, e):
        """Of two players: nobody gains alone, and no equilibrium is better for both."""
        place, slack, most = self.place(e["target"]), Fraction(e.get("slack", 0)), e.get("up_to", 2)
        assert len(self.sizes) == 2
        if max(self.gains(place), default=0) > slack:
            return False
        return most < 2 or not any(
            len(movers) == 2
            and max(self.gains(there)) <= slack
            and all(self.payoffs[(*there, i)] - self.payoffs[(*place, i)] > slack for i in movers)
            for there, movers in self.coalitions(place, 2)
        )

    def no_total_gain(self, e):
        place, slack = self.place(e["target"]), Fraction(e.get("slack", 0))
        seats = range(len(self.sizes))
        return not any(
            sum(self.payoffs[(*there, i)] - self.payoffs[(*place, i)] for i in group) > slack
            for there, movers in self.coalitions(place, e["up_to"])
            for size in range(1, e["up_to"] + 1)
            for group in combinations(seats, min(size, len(seats)))
            if set(movers) <= set(group)
        )

    def smallest(self, e):
        """No set of fewer moves leaves the target as the only equilibrium, or none worth less than the floor."""
        place = self.place(e["target"])
        rest = [(i, k) for i, size in enumerate(self.sizes) for k in range(size) if k != place[i]]
        for removed in (set(some) for size in range(e["removals"]) for some in combinations(rest, size)):
            kept = [[k for k in range(size) if (i, k) not in removed] for i, size in enumerate(self.sizes)]
            left = Truth.__new__(Truth)
            left.payoffs, left.worth = self.payoffs[np.ix_(*kept)], self.worth[np.ix_(*kept)]
            left.sizes = left.worth.shape
            target = tuple(own.index(k) for own, k in zip(kept, place, strict=True))
            if target not in left.stable():
                continue
            if e["clauses"] == "pure" and e["floor"] is None and left.stable() == [target]:
                return False
            if e["clauses"] != "pure" and left.extreme(True, 1)[0] >= Fraction(e["floor"]) + self.near(e["floor"]):
                return False
        return True


def tampered(text, rng):
    """The document with some digit changed, and a digest that fits it; None when it is no JSON any more."""
    document = json.loads(text)
    del document["digest"]
    try:
        changed = json.loads(flipped(json.dumps(document, ensure_ascii=False), rng))
    except ValueError:
        return None
    return {**changed, "digest": digest(changed)}


def test_nothing_false_is_confirmed(made):
    """Some hundred digits changed on purpose: what still holds holds by brute force on the changed numbers."""
    _look(made, random.Random(1), 400)


@pytest.mark.slow
def test_nothing_false_is_confirmed_in_thousands_of_trials(made):
    _look(made, random.Random(2), 8000)


def _look(made, rng, trials):
    texts, seen = [one.to_json() for one in made], {}
    for _ in range(trials):
        document = tampered(rng.choice(texts), rng)
        try:
            certificate = Certificate.from_dict(document or {})
            answers = certificate.recheck()
        except InputError:
            seen["refused"] = seen.get("refused", 0) + 1
            continue
        for claim, answer in zip(document["claims"], answers, strict=True):
            seen[answer.answer] = seen.get(answer.answer, 0) + 1
            if answer.answer == "confirmed":
                evidence = claim["evidence"]
                truth = Truth(document, evidence.get("of", "after"))
                kind = evidence["kind"]
                seen[kind] = seen.get(kind, 0) + 1
                if hasattr(truth, kind.replace(" ", "_")):
                    assert truth.holds(kind, evidence), (claim, document)
                assert suits(evidence, claim["verdict"])
    assert min(seen[name] for name in ("refused", "wrong", "confirmed", "dominant", "no gain", "coarse floor")) > 10
    assert len(seen) > 12


def test_the_brute_force_is_able_to_say_no():
    """Planted: each kind of truth is false of something."""
    text = next(one for one in certificates(PD) if one.institution.startswith("Fines")).to_json()
    truth = Truth(json.loads(text), "after")
    assert truth.holds("dominant", {"target": ["C", "C"]})
    assert not truth.holds("dominant", {"target": ["D", "D"]})
    assert not truth.holds("no gain", {"target": ["C", "C"], "lead": 1})
    assert not truth.holds("coarse floor", {"worth": 4})
    bare = Truth(json.loads(text), "before")
    assert not bare.holds("best advice", {"worth": 0})
    assert not bare.holds("only correlated", {"target": ["C", "C"]})
    assert bare.holds("only correlated", {"target": ["D", "D"]})
    assert not bare.holds("no coalition", {"target": ["D", "D"], "up_to": 2})
    assert bare.holds("smallest", {"target": ["C", "C"], "removals": 2, "clauses": "pure", "floor": None})
    assert not bare.holds("smallest", {"target": ["C", "C"], "removals": 3, "clauses": "pure", "floor": None})


def test_words_are_not_evidence():
    """A statement, or a verdict, that does not fit its evidence: the verdict is wrong, and the evidence is told."""
    one = next(one for one in certificates(PD, margin=0.01) if one.institution.startswith("Fines"))
    claim = dict(one.claims[0])
    told = replace(one, claims=({**claim, "statement": "By 99 at least."},)).recheck()[0]
    assert told.answer == "confirmed"
    assert told.evidence == said(claim["evidence"])
    assert told.evidence.startswith("dominant: target (C, C), lead ")
    other = replace(one, claims=({**claim, "verdict": "refuted"},)).recheck()[0]
    assert other.answer == "wrong"
    assert "does not make a claim refuted" in other.why


def test_witnesses_are_kinds_of_evidence():
    assert set(KINDS) > WITNESSES
    assert not suits({"kind": "gain"}, "proved")
    assert suits({"kind": "coarse"}, "proved")
    assert suits({"kind": "coarse"}, "refuted")
    assert said({"kind": "only pure", "target": ["a", "b"]}) == "only pure: target (a, b)"
    assert said({"kind": "coarse", "device": [[["a", "b"], 1]] * 3}) == "coarse: device of 3 rows"
    assert said({}) == ""


def test_what_rests_on_samples_is_not_checked():
    one = audited(PD).with_claims([Claim("Something.", "supported", "samples", numbers={"n": 9})])
    assert one.recheck()[0].answer == "not checked"


# Hostile


PLAIN = json.loads(audited(PD).to_json())
del PLAIN["digest"]
BEFORE = PLAIN["before"]
DEEP: list = []
for _ in range(200):
    DEEP = [DEEP]


def changed(**parts):
    """A document of the dilemma with other parts, and a digest that fits."""
    document = {**PLAIN, **parts}
    return {**document, "digest": digest(document)}


def evidence(**stated):
    return changed(claims=[{"statement": "Ha.", "verdict": "proved", "method": "", "evidence": stated}])


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"ostrom certificate": 2},
        changed(players=["a"]),
        changed(players=["a", "a"]),
        changed(players="ab"),
        changed(players=[["a"], "b"]),
        changed(players=[f"p{k}" for k in range(200_000)]),
        changed(players=[f"p{k}" for k in range(100)], before={**BEFORE, "moves": [["a", "b"]] * 100}),
        changed(before={**BEFORE, "moves": [["C", "C"], ["C", "D"]]}),
        changed(before={**BEFORE, "moves": ["CD", "CD"]}),
        changed(before={**BEFORE, "moves": [[], ["C", "D"]]}),
        changed(before={**BEFORE, "moves": [[str(k) for k in range(1000)]] * 2}),
        changed(before={**BEFORE, "payoffs": BEFORE["payoffs"][:3]}),
        changed(before={**BEFORE, "payoffs": [[1, 2, 3]] * 4}),
        changed(before={**BEFORE, "payoffs": [["1e999999999", 2]] * 4}),
        changed(before={**BEFORE, "payoffs": [["9" * 10_000, 2]] * 4}),
        changed(before={**BEFORE, "payoffs": [["nan", 2]] * 4}),
        changed(before={**BEFORE, "payoffs": [[float("inf"), 2]] * 4}),
        changed(before={**BEFORE, "payoffs": [["1/0", 2]] * 4}),
        changed(before={**BEFORE, "payoffs": [[True, 2]] * 4}),
        changed(before={**BEFORE, "payoffs": DEEP}),
        changed(before={**BEFORE, "welfare": [1, 2]}),
        changed(before=[]),
        changed(after={"moves": [["C"], ["E"]]}),
        changed(after={"moves": [["C"], ["D"]], "plays": [4]}),
        changed(after={"moves": [["C"], ["D"]], "plays": [True]}),
        changed(after={"moves": [["C"], ["D"]], "adds": [[1]]}),
        changed(subject=5),
        changed(institution=None),
        changed(bystanders=[3]),
        changed(claims={}),
        changed(claims=[3]),
        changed(claims=[{"verdict": "proved"}]),
        changed(claims=[{"statement": 3, "verdict": "proved"}]),
        changed(claims=[{"statement": "x", "verdict": "true"}]),
        changed(claims=[{"statement": "x", "verdict": ["proved"]}]),
        changed(claims=[{"statement": "x", "verdict": "proved", "evidence": [1]}]),
        evidence(),
        evidence(kind="magic"),
        evidence(kind=["no gain"]),
        evidence(kind="no gain"),
        evidence(kind="no gain", target=["C"]),
        evidence(kind="no gain", target=["C", "E"]),
        evidence(kind="no gain", target=["D", "D"], lead="NaN"),
        evidence(kind="no gain", target=["D", "D"], lead={"a": 1}),
        evidence(kind="no gain", target=["D", "D"], of="never"),
        evidence(kind="no gain", target=["D", "D"], of=["after"]),
        evidence(kind="no gain", target=["D", "D"], more=1),
        evidence(kind="no gain", target=5),
        evidence(kind="coarse floor", worth=9, prices=[["player 1", "C", -1]]),
        evidence(kind="coarse floor", worth=9, prices=[["player 3", "C", 1]]),
        evidence(kind="coarse floor", worth=9, prices=5),
        evidence(kind="obedient", device=[[["C", "C"], "1/2"]]),
        evidence(kind="obedient", device=[[["C", "C"], 2], [["D", "D"], -1]]),
        evidence(kind="obedient", device=[]),
        evidence(kind="no coalition", target=["D", "D"], up_to=0),
        evidence(kind="no coalition", target=["D", "D"], up_to=True),
        evidence(kind="smallest", target=["C", "C"], removals="2"),
        evidence(kind="smallest", target=["C", "C"], removals=2, clauses=DEEP, floor=1),
        evidence(kind="no gain with regard", target=["D", "D"], lowest=1, highest=0),
    ],
    ids=range(60),
)
def test_hostile_certificates_are_refused(document):
    with pytest.raises(InputError) as caught:
        Certificate.from_dict(document).recheck()
    assert len(str(caught.value)) < 2000


def test_what_would_never_end_is_not_checked():
    """Prices with long denominators that have nothing in common, a hundred moves each, and searches without end."""
    rng = random.Random(0)
    many = [str(k) for k in range(60)]
    before = {"moves": [many, many], "payoffs": [[rng.randrange(9), 0] for _ in range(3600)], "welfare": [0] * 3600}
    long = [["player 1", a, b, f"1/{10**900 + rng.randrange(10**9)}"] for a in many for b in many]
    claim = {"kind": "best advice", "worth": 1, "prices": long}
    document = changed(before=before, claims=[{"statement": "Ha.", "verdict": "proved", "evidence": claim}])
    (answer,) = Certificate.from_dict(document).recheck()
    assert answer.answer == "not checked"
    assert "steps of arithmetic" in answer.why
    short = [["player 1", a, b, f"1/{rng.randrange(1, 9)}"] for a in many for b in many]
    claim = {"kind": "best advice", "worth": 10**6, "prices": short}
    document = changed(before=before, claims=[{"statement": "Ha.", "verdict": "proved", "evidence": claim}])
    (answer,) = Certificate.from_dict(document).recheck()
    assert answer.answer in ("confirmed", "wrong")


def test_a_search_without_end_is_not_confirmed(monkeypatch):
    """In a game of coordination one move has to go: with no time to look at what is left, that is not confirmed."""
    claim = {"kind": "smallest", "target": ["C", "C"], "removals": 1}
    certificate = replace(audited(HUNT), claims=({"statement": "Ha.", "verdict": "proved", "evidence": claim},))
    assert certificate.recheck()[0].answer == "confirmed"
    monkeypatch.setattr("ostrom.core.evidence.minimality.LOOKED_AT", 0)
    assert "not confirmed" in certificate.recheck()[0].why
