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


def test_an_audit_of_an_election_says_who_gains_by_another_ballot(ostrom, capital):
    done = ostrom("audit", capital, "-o", "capital.html", "-o", "capital.json")
    assert done.exit_code == 0
    assert "By Borda no voter gains by casting another ballot" in " ".join(done.stdout.split())
    assert ostrom("audit", capital, "--gate").exit_code == 0


def test_a_gate_falls_where_a_voter_gains(ostrom, tmp_path):
    """The last two would rather have b, and say so (plurality)."""
    path = tmp_path / "spoilt.soc"
    head = "".join(f"# ALTERNATIVE NAME {k}: {name}\n" for k, name in enumerate("abc", 1))
    path.write_text(f"# NUMBER ALTERNATIVES: 3\n{head}4: 1,2,3\n3: 2,1,3\n2: 3,2,1\n")
    done = ostrom("audit", path, "--gate")
    assert done.exit_code == 1
    assert done.stdout.startswith("Audit of spoilt")


def test_other_verbs_say_what_works_for_an_election(refused, capital):
    assert "ostrom audit " in refused("verify", capital, "--audit", "manipulation")
    said = refused("audit", "quorum")
    assert "It is one of protocols" in said
    assert "ostrom show quorum" in said
