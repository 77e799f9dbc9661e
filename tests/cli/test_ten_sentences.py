"""What is the matter with ten games is said by `ostrom diagnose`, and is not said of games of which it is not true."""

import pytest

TEN = {
    "prisoners_dilemma": "All D absorbs",
    "rock_paper_scissors": "No ranking holds: rock beats scissors beats paper beats rock",
    "book_prices": "The loop explodes: profnath and bordeebook multiply each other by 1.268",
    "security_dilemma": "False beliefs cost",
    "entry_deterrence": "rests on an empty threat",
    "security_council": "has a veto",
    "majority_pie": "The core is empty",
    "ai_race": "each further rival costs it",
    "disaster_response": "It is a matter of crowding",
    "kuhn_poker": "first gets -1/18 (exactly)",
}


def said(ostrom, *words):
    return " ".join(ostrom("diagnose", *words).stdout.replace("•", "").split())


@pytest.mark.parametrize("game", TEN)
def test_the_sentence_is_said(ostrom, game):
    assert TEN[game] in said(ostrom, game)


@pytest.mark.parametrize(
    ("words", "absent"),
    [
        (("stag_hunt",), "No ranking holds"),
        (("book_prices", "markup=1"), "explodes"),
        (("security_dilemma", "feared=0.05"), "False beliefs"),
        (("centipede",), "empty threat"),
        (("majority_pie", "players=5"), "has a veto"),
        (("prisoners_dilemma",), "crowding"),
        (("beer_quiche",), "Interests are opposed"),
    ],
)
def test_it_is_not_said_where_it_is_not_so(ostrom, words, absent):
    assert absent not in said(ostrom, *words)
