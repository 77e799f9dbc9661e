"""Glossaries: distances by the textbook's table, measures by hand, exact tests against SciPy, planted languages."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitors._yesterday import yesterday
from scipy.stats import binom, hypergeom, spearmanr

from ostrom import Event, InputError
from ostrom.core.log import Column, Log
from ostrom.monitors import Glossary, NothingToRead
from ostrom.monitors._glossary_alike import Alike
from ostrom.monitors._glossary_distances import edit_distances, tokens
from ostrom.monitors._glossary_lexicon import grams, joined, stretches, surpluses
from ostrom.monitors._glossary_structure import Parts, bits, entropy
from ostrom.testing.check_monitor import check_monitor

QUICK = Glossary(rounds=1999, most=100)
COSTS, COUNTS = ("low", "mid", "high"), ("one", "two", "three", "four")
SAY = {"low": "fine, thanks", "mid": "so so", "high": "oh dear"}


def shop(seed, language, runs=60, steps=2, weather=False):
    """Ann is shown a cost and a stock, and speaks a language: of parts, of wholes, or of nothing."""
    rng, rows = np.random.default_rng(seed), []
    names = rng.permutation(144).tolist()
    for e in range(runs):
        for t in range(steps):
            cost, stock, sky = (int(rng.integers(k)) for k in (3, 4, 2))
            if language == "wholes":
                first, second = divmod(names[4 * cost + stock], 12)
                said = "abcdefghijkl"[first] + "mnopqrstuvwx"[second]
            else:
                c, s = (cost, stock) if language == "parts" else (int(rng.integers(3)), int(rng.integers(4)))
                said = f"{SAY[COSTS[c]]} and {COUNTS[s]} please" + (" in the sun" if weather and sky else "")
            seen = {"sky": sky, "cost": (COSTS[sky + 1] if weather else COSTS[cost]), "stock": f"s{stock}"}
            rows.append(Event(e, 2 * t, "ann", "message", ("bob",), seen, message=said))
            rows.append(Event(e, 2 * t, "bob", "act", (), {"sky": sky}, action="wait"))
    return Log.of(rows)


def about(readings):
    return {one.where["of"]: one for one in readings}


# Distances --------------------------------------------------------------------------------------------------------


def by_the_table(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        after = [i]
        for j, y in enumerate(b, 1):
            after.append(min(row[j] + 1, after[-1] + 1, row[j - 1] + (x != y)))
        row = after
    return row[-1]


@given(st.lists(st.text("abc", max_size=70), min_size=1, max_size=8))
def test_distances_are_levenshteins(texts):
    found = edit_distances(texts)
    wanted = [[by_the_table(a[:64], b[:64]) for b in texts] for a in texts]
    assert found.tolist() == wanted


def test_distances_of_lists_of_words():
    assert edit_distances([("go", "left"), ("go", "right", "now"), ()]).tolist() == [[0, 2, 2], [2, 0, 3], [2, 3, 0]]


def test_messages_fall_into_words_or_letters():
    assert tokens(["fine, thanks", "so so"]) == [("fine", ",", "thanks"), ("so", "so")]
    assert tokens(["ab", "Ba"]) == [("a", "b"), ("b", "a")]
    assert tokens([[1, 2], (3,)]) == [("1", "2"), ("3",)]
    assert tokens([7, None, ""]) == [("7",), ("n", "o", "n", "e"), ()]


# Structure ----------------------------------------------------------------------------------------------------------


def test_topographic_similarity_is_spearmans():
    rng = np.random.default_rng(0)
    messages = ["".join(rng.choice(list("abc"), 4)) for _ in range(12)]
    fields = [
        Column(np.arange(12, dtype=np.int32) // 4, tuple("xyz")),
        Column(np.arange(12, dtype=np.int32) % 4, tuple("pqrs")),
    ]
    alike = Alike(messages, np.arange(12), fields, np.zeros(12, int), np.arange(12))
    i, j = np.triu_indices(12, 1)
    meant = sum((one.codes[i] != one.codes[j]).astype(int) for one in fields)
    assert alike.score == pytest.approx(spearmanr(meant, edit_distances(messages)[i, j]).statistic)


def test_numbers_are_as_far_apart_as_their_ranks():
    messages = ["a", "aa", "aaa", "aaaa", "aaaaa"]
    numbers = Column(np.arange(5, dtype=np.int32), (1, 2, 5, 10, 1000))
    alike = Alike(messages, np.arange(5), [numbers], np.zeros(5, int), np.arange(5))
    assert alike.score == pytest.approx(1)
    words = Column(np.arange(5, dtype=np.int32), tuple("abcde"))
    assert not Alike(messages, np.arange(5), [words], np.zeros(5, int), np.arange(5)).tells


def test_a_language_of_parts_is_told_from_one_of_wholes():
    parts, wholes, nothing = (about(QUICK(shop(1, one))) for one in ("parts", "wholes", "nothing"))
    assert parts["structure"].p <= 1e-3
    assert parts["structure"].effect > 0.6
    assert parts["structure"].n == 12
    assert "built of parts" in parts["structure"].sentence
    assert wholes["structure"].p > 0.01  # every meaning has its name, but no part of it means anything
    assert wholes["lexicon"].p < 1e-3
    assert nothing["structure"].p > 0.01


def _perfect():
    """Two fields of three values, a letter for each, all nine meanings ten times."""
    meanings = np.array([(a, b) for a in range(3) for b in range(3)] * 10)
    return [("xyz"[a], "pqr"[b]) for a, b in meanings[:9]], np.tile(np.arange(9), 10), meanings


def test_measures_of_a_perfect_language_are_one():
    found = Parts(*_perfect()).measures(np.arange(90))
    assert found["posdis"] == pytest.approx(1, abs=0.05)
    assert found["bosdis"] == pytest.approx(1, abs=0.05)
    assert found["context independence"] == 1
    assert found["residual entropy"] == pytest.approx(0, abs=0.02)


def test_measures_of_nonsense_are_near_nothing():
    messages, code, meanings = _perfect()
    found = Parts(messages, code, meanings).measures(np.random.default_rng(0).permutation(90))
    assert found["posdis"] < 0.1
    assert found["bosdis"] < 0.1
    assert found["residual entropy"] > 0.85


def test_order_that_does_not_matter_is_seen_by_the_bag():
    """The same words in either order: positions mean little, words all (Chaabouni et al. 2020)."""
    messages, code, meanings = _perfect()
    both = [*messages, *(m[::-1] for m in messages)]
    found = Parts(both, np.where(np.arange(90) % 2, code, code + 9), meanings).measures(np.arange(90))
    assert found["bosdis"] == pytest.approx(1, abs=0.05)
    assert found["posdis"] < 0.6


def test_information_and_entropy_by_hand():
    a, b = np.repeat([0, 1], 50), np.tile([0, 1], 50)
    assert bits(a, a) == pytest.approx(1 + 1 / (200 * math.log(2)))
    assert bits(a, b) == pytest.approx(-1 / (200 * math.log(2)))
    assert entropy(a) == pytest.approx(1 + 1 / (200 * math.log(2)))


# Lexicon ------------------------------------------------------------------------------------------------------------


def test_p_values_are_fishers():
    rng = np.random.default_rng(2)
    value = rng.integers(2, size=39)
    has = (value ^ (rng.random(39) < 0.15))[:, None].astype(bool)
    found = {one: (n, expected, p) for _, one, n, expected, p in surpluses(has, value, np.zeros(39, int))}
    total, of = has.sum(), value.sum()
    n, expected, p = found[1]
    assert n == (has[:, 0] & (value == 1)).sum()
    assert expected == pytest.approx(total * of / 39)
    assert p == pytest.approx(hypergeom.sf(n - 1, 39, of, total))


def test_p_values_over_strata_are_those_of_the_sum():
    rng = np.random.default_rng(3)
    context, value = np.repeat([0, 1], 20), rng.integers(2, size=40)
    has = (value ^ (rng.random(40) < 0.1))[:, None].astype(bool)
    p = next(p for _, one, _, _, p in surpluses(has, value, context) if one == 1)
    parts = [hypergeom(20, value[context == k].sum(), has[context == k, 0].sum()) for k in range(2)]
    seen = (has[:, 0] & (value == 1)).sum()
    wanted = sum(parts[0].pmf(a) * parts[1].pmf(b) for a in range(21) for b in range(21) if a + b >= seen)
    assert p == pytest.approx(wanted)


def test_one_message_of_a_stretch():
    episode, value = np.array([0, 0, 0, 0, 1, 1]), np.array([5, 5, 2, 5, 5, 5])
    rows = stretches(episode, value, np.random.default_rng(0))
    assert len(rows) == 4
    assert [rows[0] in (0, 1), rows[1], rows[2], rows[3] in (4, 5)] == [True, 2, 3, True]


def test_runs_of_words_that_always_go_together_are_one_entry():
    messages = [("fine", ",", "thanks", "and", "one"), ("so", "so", "and", "two")]
    names, has = grams(messages, np.array([10, 10]))
    assert ("fine", ",", "thanks") in names
    assert len({column.tobytes() for column in has.T}) == len(names)
    assert ("and",) not in names  # in all messages
    assert joined(("fine", ",", "thanks")) == "fine, thanks"
    assert joined(("a", "b")) == "ab"


def test_the_lexicon_of_a_planted_language_can_be_read():
    found = about(QUICK(shop(4, "parts")))["lexicon"]
    assert "'fine, thanks' ⇒ cost = low (+1." in " ".join([found.sentence, *map(_shown, found.numbers["lexicon"])])
    entries = {(one["words"], one["field"], one["value"]) for one in found.numbers["lexicon"]}
    assert {("fine, thanks", "cost", "low"), ("so so", "cost", "mid"), ("oh dear", "cost", "high")} <= entries
    assert {(word, "stock", f"s{k}") for k, word in enumerate(COUNTS)} <= entries
    assert found.p < 1e-9
    log = shop(4, "parts")
    for one in found.numbers["lexicon"]:
        for row in one["rows"]:
            event = next(e for e, number in zip(log.events(), log.row, strict=True) if number == row)
            assert event.observation[one["field"]] == one["value"]


def _shown(one):
    return f"{one['words']!r} ⇒ {one['field']} = {one['value']} ({one['bits']:+.2g} bit"


def test_words_for_what_all_see_are_no_secret():
    """The weather is public, and the cost goes with it: given the weather, words for the sun stand for nothing."""
    found = about(QUICK(shop(5, "nothing", weather=True)))
    assert found["lexicon"].p > 0.005
    assert "sky" in found["lexicon"].assumes
    told = about(Glossary(fields=("sky",), rounds=199, most=100)(shop(5, "nothing", weather=True)))
    assert any(one["words"] == "sun" or "sun" in one["words"] for one in told["lexicon"].numbers["lexicon"])


def test_a_secret_that_lasts_an_episode_counts_once():
    """Six episodes of fifty messages, each with its own cost and its own manner: six observations, no lexicon."""
    rng, rows = np.random.default_rng(6), []
    for e in range(6):
        for t in range(50):
            said = f"{COUNTS[e % 4]} {rng.choice(['well', 'now', 'yes'])} {'so' if e % 2 else 'dear'}"
            rows.append(Event(e, t, "ann", "message", ("bob",), {"cost": COSTS[e % 2]}, message=said))
    rows += [Event(6, t, "bob", "act", (), {"sky": 0}, action="wait") for t in range(3)]
    found = about(QUICK(Log.of(rows)))["lexicon"]
    assert found.p > 0.05
    assert found.numbers["lexicon"] == []


def test_it_keeps_its_level():
    found = [about(Glossary(rounds=99, most=60)(shop(seed, "nothing", 30), seed)) for seed in range(25)]
    for what in ("lexicon", "structure"):
        assert sum(one[what].p <= 0.05 for one in found) <= binom.isf(1e-5, 25, 0.05)


@pytest.mark.slow
def test_it_does_what_a_monitor_has_to_do():
    check_monitor(QUICK, lambda seed: shop(seed, "parts"), lambda seed: shop(seed, "nothing", weather=True))


def test_nothing_to_say_of_those_who_see_nothing():
    with pytest.raises(NothingToRead, match="rows need observations"):
        QUICK(Log.of(Event(e, 0, "ann", "message", message="hello") for e in range(40)))


@pytest.mark.parametrize("wrong", [{"level": 0.0}, {"most": 5000}, {"rounds": 3}])
def test_parameters_that_cannot_be_are_refused(wrong):
    with pytest.raises(InputError, match="all pairs of 20 to 1000"):
        Glossary(**wrong)


def test_what_both_drift_is_not_built_of_parts():
    """The stock grows, and so do the messages, each by itself: that is nothing."""
    words = [f"w{k}" for k in range(16)]
    for seed in range(2):
        rng, rows = np.random.default_rng(seed), []
        for k in range(400):
            said = " ".join(rng.choice(words, 3 + k // 40 + int(rng.integers(3))))
            seen = {"stock": round(k / 4 + 3 * float(rng.normal()))}
            rows.append(Event(0, k, "ann", "message", ("bob",), seen, message=said))
            rows.append(Event(0, k, "bob", "act", (), {"stock": None}, action="wait"))
        found = about(QUICK(Log.of(rows)))["structure"]
        assert found.effect > 0.1
        assert found.p > 0.01


def test_an_alarm_of_a_lexicon_names_its_words():
    """Where no pair stands within a stricter lexicon, but the reading may, the likeliest pair is named."""
    found = about(Glossary(rounds=99, most=60, level=1e-80)(shop(4, "parts", 20)))["lexicon"]
    assert 1e-80 < found.p <= 0.05
    assert found.numbers["lexicon"] == []
    assert found.sentence.startswith("It seems that words of ann")
    assert found.rows


def test_words_for_the_news_of_days_before_are_no_secret():
    """Held beside today's news alone, every such log has words that stand for the stock."""
    honest, told = (about(Glossary(rounds=499)(yesterday(4, tells=tells)))["lexicon"] for tells in (0.0, 0.8))
    assert honest.p > 0.01
    assert not honest.numbers["lexicon"]
    assert told.p <= 0.001
    assert honest.numbers["fixed"] == ["news", "news a step before"]
    assert "news a step before" in honest.assumes
