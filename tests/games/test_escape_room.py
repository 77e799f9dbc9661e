"""The escape room: payoffs move by move; its published numbers are in tests/papers/test_r17a_escape_room.py."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import EscapeRoom


@pytest.mark.parametrize(
    ("labels", "paid"),
    [
        (("stay", "stay", "stay"), [0, 0, 0]),
        (("lever", "door", "door"), [-1, 10, 10]),
        (("lever", "lever", "door"), [-1, -1, 10]),
        (("door", "door", "stay"), [-1, -1, 0]),
        (("lever", "lever", "lever"), [-1, -1, -1]),
    ],
)
def test_what_everybody_gets(labels, paid):
    game = EscapeRoom(players=3)
    profile = np.array(game.profile(labels))
    assert game.payoffs_at(profile).tolist() == paid
    assert game.facts_at(profile)["holds"].tolist() == [float(label == "lever") for label in labels]


def test_with_too_few_at_the_lever_the_door_stays_shut():
    game = EscapeRoom(players=4, needed=2)
    assert game.payoffs_at(np.array(game.profile(("lever", "door", "door", "stay")))).tolist() == [-1, -1, -1, 0]


@pytest.mark.parametrize("wrong", [{"needed": 2}, {"needed": 0}, {"effort": 0}, {"players": 1}])
def test_what_is_another_game_is_refused(wrong):
    with pytest.raises(InputError, match="EscapeRoom"):
        EscapeRoom(**wrong)
