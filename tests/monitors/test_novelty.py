"""Novelty: uniform ranks where nothing changes, an alarm where something does, and never a word too many."""

import numpy as np
import pytest
from scipy.stats import binom, kstest

from ostrom import Event, InputError
from ostrom.core.log import Log
from ostrom.monitors._bets import Jumper, Powers
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._novelty_model import LETTERS, ORDER, Letters, Ranks
from ostrom.monitors.novelty import Novelty

WORDS = ("ship", "yard", "rain", "corn", "mill", "wood", "fish", "salt")
SLANG = ("zonk", "blip", "quux", "vrim")


def talk(seed, n=800, onset=None, each=1, weather=False):
    """Sentences of three words; from the onset on of slang. With weather, public, rain is spoken of when it rains."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n):
        sky = int(rng.integers(2))
        words = SLANG if onset is not None and k >= onset else WORDS[:4] if weather and sky else WORDS
        for _ in range(each):
            text = " ".join(rng.choice(words, 3))
            rows.append(Event(k, 0, "ann", "talk", observation={"weather": sky}, message=text))
            rows.append(Event(k, 0, "bob", "act", observation={"weather": sky}, action="go"))
    return Log.of(rows)


def test_slang_is_new_and_is_not_called_a_protocol():
    (found,) = Novelty()(talk(1, onset=500))
    assert found.e > 1e4
    assert 500 < 200 + found.numbers["alarm"] < 600
    assert found.interval[0] > 1
    assert "drifts away from its first messages, with an alarm" in found.sentence
    assert "Any drift would do that" in found.sentence
    assert "protocol" not in found.sentence.lower()
    assert min(found.rows) > 1000


@pytest.mark.parametrize("weather", [False, True])
def test_steady_talk_keeps_the_level(weather):
    e = [Novelty()(talk(seed, n=300, weather=weather))[0].e for seed in range(25)]
    assert sum(one >= 20 for one in e) <= binom.ppf(0.9999, 25, 0.05)
    assert np.mean(e) < 1.5


def test_a_log_read_in_pieces_is_the_log_followed_at_once():
    log = talk(2, n=700, onset=500)
    (at_once,) = Novelty().follow().read(log)
    pieces = Novelty().follow()
    for start in range(0, len(log), 130):
        found = pieces.read(log.take(np.arange(start, min(start + 130, len(log)))))
    assert found[0].e == pytest.approx(at_once.e)
    assert found[0].numbers["alarm"] == at_once.numbers["alarm"]


def test_messages_of_an_episode_are_one_observation():
    (found,) = Novelty()(talk(3, n=150, each=4))
    assert found.numbers["unit"] == "episode"
    assert found.n < 150


def test_ranks_are_uniform_within_every_category_whatever_the_scores():
    """Categories of quite different scores, with many ties: p-values are uniform and one tells nothing of the next."""
    rng = np.random.default_rng(4)
    ranks, category = Ranks(), rng.integers(3, size=4000)
    scores = np.round(rng.normal(category * 5.0, 1.0 + category), 1)
    coins = rng.random(4000)
    p = np.array([ranks(*one) for one in zip(scores.tolist(), category.tolist(), coins.tolist(), strict=True)])
    assert (p > 0).all()
    assert (p <= 1).all()
    assert kstest(p, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(p[1:], p[:-1])[0, 1]) < 4 / np.sqrt(4000)


def test_a_rank_by_its_definition():
    ranks = Ranks()
    for score in (3.0, 1.0, 2.0, 2.0):
        last = ranks(score, "x", 0.25)
    assert last == pytest.approx((1 + 0.75 * 2) / 4)  # 3 is above; 2 and itself are the same


@pytest.mark.parametrize("kind", [Jumper, Powers])
def test_the_bets_are_densities(kind):
    """The next pay, after some p-values, has mean 1 under a uniform p: summed over p = exp(-x)."""
    past = np.array([0.1, 0.9, 0.3])
    steps = 0.05
    x = np.arange(steps / 2, 600, steps)
    before = kind().take(past)[-1]
    paid = np.array([kind().take(np.append(past, p))[-1] - before for p in np.exp(-x)])
    assert (np.exp(paid - x) * steps).sum() == pytest.approx(1.0, abs=2e-3)


def test_the_model_is_a_law_over_the_next_letter():
    model = Letters(["abc", "abd", "xyz"])
    letters = [chr(code) for code in range(32, 127)] + ["\x03"]
    for before in ("ab", "q", ""):
        known = sum(2.0 ** -model._window(f"\x02{before}{letter}"[-ORDER - 1 :]) for letter in letters)
        assert known <= 1 + 1e-9
        assert known > 1 - (LETTERS - len(letters) + 1) / LETTERS
    assert model.bits("abc") < model.bits("cba") < 8.1


def test_of_many_messages_in_few_episodes_the_true_reason_is_told():
    rows = [Event(k // 30, k, "ann", "talk", message=f"{k % 7} of them") for k in range(300)]
    with pytest.raises(NothingToRead, match=r"ann speaks 300 times on 'talk', but .* there are 8 episodes, .* as one"):
        Novelty()(Log.of(rows))
    with pytest.raises(NothingToRead, match=r"ann speaks 120 times on 'talk', but .* there are 12 messages"):
        Novelty(share=0.9)(Log.of([Event(k, 0, "ann", "talk", message="x") for k in range(120)]))


def test_odd_logs():
    few = [Event(k, 0, "ann", "talk", message="x") for k in range(60)]
    with pytest.raises(NothingToRead):
        Novelty()(Log.of(few))
    same = [Event(k, 0, "ann", "talk", message="", observation={"c": k}) for k in range(300)]
    (found,) = Novelty()(Log.of(same))
    assert found.e < 20
    (found,) = Novelty()(Log.of([Event(k, 0, "ann", "talk", message="\ud7ff\u202e" * k) for k in range(300)]))
    assert np.isfinite(found.effect)


@pytest.mark.parametrize("more", [{"share": 0.0}, {"share": 1.0}, {"run_length": 1.0}, {"run_length": float("nan")}])
def test_parameters_that_cannot_be(more):
    with pytest.raises(InputError):
        Novelty(**more)
