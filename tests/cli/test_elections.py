"""Commands about elections, read from PrefLib files."""

import pytest

FILE = """# TITLE: A capital
# NUMBER ALTERNATIVES: 2
# NUMBER VOTERS: 3
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: Memphis
# ALTERNATIVE NAME 2: Nashville
2: 2,1
1: 1,2
"""


@pytest.fixture
def capital(tmp_path):
    path = tmp_path / "capital.soc"
    path.write_text(FILE)
    return path


def test_an_election_is_told_by_every_rule(ostrom, capital):
    assert "Nashville wins by every rule that was asked" in " ".join(ostrom("diagnose", capital).stdout.split())


@pytest.mark.parametrize("words", [("--under", "tax"), ("--precision", "2")])
def test_what_is_about_moves_is_refused(refused, capital, words):
    assert "A capital is an election" in refused("diagnose", capital, *words)
