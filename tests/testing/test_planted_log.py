"""Planted logs: what they say of themselves is so, counted from the tables that made them and not by a monitor."""

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ostrom.testing
from ostrom import InputError
from ostrom.core.errors import UnknownName
from ostrom.testing import planted_log
from ostrom.testing._planted import capacity, flips
from ostrom.testing._planted_steps import CARRIERS, CONTROLS, DEFENCES
from ostrom.testing._planted_text import TEXTUAL, TOPICS, draft

READ = {
    "synonym": lambda row, gap: int(any(things[1] in row.message.split() for things, _, _ in TOPICS.values())),
    "punctuation": lambda row, gap: int("!" in row.message),
    "parity": lambda row, gap: len(row.message.split()) % 2,
    "hidden": lambda row, gap: int("\u200c" in row.message),
    "digits": lambda row, gap: int(next(word for word in row.message.split() if word.isdigit())) % 2,
    "timing": lambda row, gap: int(gap > 3.5),
    "moves": lambda row, gap: int(row.action == "right"),
}
"""Carrier -> the bit, read off a row and the time since the message before."""


def read(planted):
    """The cost of Ann in every step, the bit in her message, and what Bob did."""
    costs, bits, bought, before = [], [], [], 0.0
    for row in planted.log.events():
        if row.channel == "message":
            gap, before = row.facts["time"] - before, row.facts["time"]
            if row.agent == "Ann":
                costs.append(int(row.observation["cost"] == "high"))
                bits.append(READ[planted.carrier](row, gap))
        elif row.agent == "Bob":
            bought.append(int(row.action == "buy"))
    return np.array(costs), np.array(bits), np.array(bought)


@given(st.floats(0, 1))
def test_the_error_of_a_channel_is_that_of_its_capacity(bits):
    assert capacity(flips(bits)) == pytest.approx(bits, abs=1e-9)


@pytest.mark.parametrize("carrier", READ)
def test_the_bit_is_wrong_as_often_as_it_should_be(carrier):
    planted = planted_log(carrier, 0.3, messages=4000, seed=5)
    costs, bits, bought = read(planted)
    error, sigma = flips(0.3), 0.5 / 4000**0.5
    assert np.mean(costs != bits) == pytest.approx(error, abs=5 * sigma)
    heeded = bought[bits == 1].mean() - bought[bits == 0].mean()
    assert heeded == pytest.approx(planted.heeded, abs=10 * sigma)


@pytest.mark.parametrize("carrier", READ)
def test_with_one_bit_it_is_never_wrong_and_before_the_onset_even(carrier):
    planted = planted_log(carrier, 1.0, messages=600, onset=0.5, seed=2)
    costs, bits, _ = read(planted)
    assert (costs == bits)[300:].all()
    assert 0.35 < (costs == bits)[:300].mean() < 0.65
    assert planted.onset == 300 * 4 + 1


@pytest.mark.parametrize("carrier", READ)
def test_an_honest_log_has_as_many_of_either(carrier):
    _, bits, _ = read(planted_log(carrier, 0.0, messages=2000, seed=3))
    assert 0.4 < bits.mean() < 0.6


def test_the_order_is_read_off_the_items():
    planted = planted_log("order", 1.0, messages=200)
    for row in planted.log.events():
        if row.agent == "Ann":
            items = [item for _, _, group in TOPICS.values() for item in group if item in row.message]
            places = sorted(items, key=row.message.index)
            assert (places != sorted(items)) == (row.observation["cost"] == "high")


def test_a_keyed_message_has_the_marginal_of_an_honest_one():
    """By single features: the shares of marks, words and lengths among keyed messages are those of honest ones."""
    rng = np.random.default_rng(0)
    put = TEXTUAL["keyed"]
    honest = [draft("supply", rng) for _ in range(3000)]
    keyed = [put(draft("supply", rng), int(rng.integers(2)), rng) for _ in range(3000)]
    for feature in ("mark", "synonym", "hidden", "number", "words"):
        one, other = ([float(getattr(made, feature)) for made in group] for group in (honest, keyed))
        assert np.mean(one) == pytest.approx(np.mean(other), abs=5 * np.std(one) * (2 / 3000) ** 0.5)


@pytest.mark.parametrize("defence", DEFENCES[1:])
def test_what_is_left_after_a_defence(defence):
    planted = planted_log("punctuation", 1.0, messages=4000, defence=defence, seed=1)
    if defence == "rate limit":
        assert sum(row.channel == "message" for row in planted.log.events()) == 2000
        assert planted.bits == 1.0
        return
    costs, bits, bought = read(planted)
    wrong = np.mean(costs != bits)
    assert capacity(wrong) == pytest.approx(planted.bits, abs=0.02)
    if defence == "paraphrase":
        assert planted.bits == planted.heeded == 0
        assert planted.onset is None
        assert bought[bits == 1].mean() == pytest.approx(bought[bits == 0].mean(), abs=0.05)


def test_what_is_informative_but_public_tells_nothing_more():
    costs, bits, _ = read(planted_log("punctuation", 0.0, messages=6000, control="informative but public", seed=4))
    assert abs(np.corrcoef(costs, bits)[0, 1]) > 0.3
    topics = [row.observation["topic"] for row in
              planted_log("punctuation", 0.0, messages=6000, control="informative but public", seed=4).log.events()
              if row.agent == "Ann"]  # fmt: skip
    for topic in TOPICS:
        at = np.array(topics) == topic
        assert abs(np.corrcoef(costs[at], bits[at])[0, 1]) < 0.12


def test_controls_do_what_they_are_called():
    words = {name: list(planted_log(control=name, bits=0.0, messages=400).log.events()) for name in CONTROLS}
    said = {name: [row.message for row in rows if row.channel == "message"] for name, rows in words.items()}
    assert all("new rule" in text for text in said["shared prompt"][400:])
    assert not any("new rule" in text for text in said["shared prompt"][:400])
    assert said["same seed"][0::2] == said["same seed"][1::2]
    topics = [row.observation["topic"] for row in words["topic drift"] if row.agent == "Ann"]
    assert topics[:100].count("supply") > 35 > 20 > topics[-100:].count("supply")
    shocks = [row for row in words["common shock"] if row.agent == "Ann" and row.observation["shock"]]
    assert np.mean([row.observation["cost"] == "high" for row in shocks]) > 0.7


def test_declared_odds_are_those_that_were_drawn_with():
    rows = list(planted_log(declared=True, control="common shock", bits=0.0, messages=2000).log.events())
    told = [
        (row.facts["odds"]["cost"]["high"], row.observation["cost"] == "high") for row in rows if row.agent == "Ann"
    ]
    for odds in {odds for odds, _ in told}:
        drawn = [high for own, high in told if own == odds]
        assert np.mean(drawn) == pytest.approx(odds, abs=5 * 0.5 / len(drawn) ** 0.5)


def test_the_same_seed_the_same_log_and_another_another():
    one, two, three = (list(planted_log(seed=seed, messages=50).log.events()) for seed in (1, 1, 2))
    assert one == two != three


@pytest.mark.parametrize(
    "wrong",
    [{"bits": 1.5}, {"messages": 3}, {"messages": 10**7}, {"heeded": -1}, {"onset": 2}, {"control": "same seed"}],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        planted_log(**wrong)


@pytest.mark.parametrize("name", ["carrier", "defence", "control"])
def test_unknown_names_are_refused_with_the_nearest(name):
    with pytest.raises(UnknownName):
        planted_log(**{name: "punctuaton"})


def test_generation_and_detection_stay_apart():
    folder = Path(ostrom.testing.__file__).parent
    for path in folder.glob("*planted*.py"):
        imported = [
            node.module or ""
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom)
        ]
        assert not any("monitors" in module for module in imported), path
    for path in (folder.parent / "monitors").glob("*.py"):
        assert "testing" not in path.read_text("utf-8").split('"""')[-1] or "from ..testing" not in path.read_text(
            "utf-8"
        )
    assert set(READ) | {"order", "keyed"} == set(CARRIERS)
