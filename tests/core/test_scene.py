"""A scene in words."""

import numpy as np

from ostrom.core.scene import Scene


def test_what_there_is_one_of_is_one_cell():
    """However much is there: a cell with any of it counts."""
    coins, grass = np.eye(1, 4, 2).reshape(2, 2), np.array([[0.2, 0.0], [0.0, 0.9]])
    assert Scene({"coin": coins, "grass": grass, "wall": np.zeros((2, 2), bool)}).words() == (
        "1 cell of coin; 2 cells of grass; 0 cells of wall."
    )


def test_numbers_and_the_note_come_in_order():
    said = Scene(dials={"stock": 1234.5678}, rows={"price": np.array([1.0, 2.25])}, note="It rains.").words()
    assert said == "stock 1235; price 1, 2.25. It rains."
    assert Scene().words() == ""
    assert Scene(note="It rains.").words() == "It rains."
