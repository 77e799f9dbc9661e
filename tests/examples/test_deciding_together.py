"""The three cases: the page tells what is found, a perfect radio loses nothing, and none at all is nobody deciding."""

from pathlib import Path

import numpy as np
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "deciding_together.md"


@pytest.fixture
def worth():
    return 100 * np.random.default_rng(3).random((5, 5))


def test_who_is_saved_is_counted_by_hand(example, worth):
    at = np.array([0, 0, 2, 2, 2])
    assert example.saved(worth, at) == pytest.approx(worth[:2, 0].max() + worth[2:, 2].max())


@pytest.mark.parametrize("way", ["auction", "contract net", "among themselves", "vote on plans"])
def test_without_losses_all_are_assigned_and_with_nothing_heard_nobody_decides(example, worth, way):
    rule = example.RULES[way]
    assert sorted(rule(worth, 0.0, np.random.default_rng(0)).tolist()) == [0, 1, 2, 3, 4]
    assert rule(worth, 1.0, np.random.default_rng(0)).tolist() == worth.argmax(1).tolist()


def test_the_auction_is_the_optimum_and_the_order_of_the_page_holds(example):
    shares = example.rescues(60)
    mean = {key: own.mean() for key, own in shares.items()}
    assert mean["auction", 0.0] == pytest.approx(1)
    assert mean["among themselves", 0.3] > mean["auction", 0.3] + 0.1
    assert mean["auction", 0.0] > mean["contract net", 0.0] > mean["vote on plans", 0.0] > mean["nobody decides", 0.0]
    assert all(own.max() <= 1 + 1e-12 for own in shares.values())


def test_the_page_tells_what_is_found_of_the_reservoir_and_the_treaty(example):
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for line in (example.reservoir() + "\n" + example.treaty()).splitlines():
        if line and not line.startswith("|---"):
            assert " ".join(line.split()) in page


@pytest.mark.slow
def test_the_page_tells_what_it_prints(example, capsys, tmp_path):
    example.main(["--picture", str(tmp_path / "rescue.svg")])
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for line in capsys.readouterr().out.splitlines():
        if not line.startswith("|---"):
            assert " ".join(line.split()) in page
    assert (tmp_path / "rescue.svg").read_text(encoding="utf-8").startswith("<svg")


def test_too_few_are_refused(example):
    with pytest.raises(SystemExit):
        example.main(["--instances", "1"])
