"""`ostrom design`: proposals, what is impossible, limits, and certificates."""

import json

import pytest

import ostrom as om


def test_a_proposal_and_why_it_is_first(ostrom):
    done = ostrom("design", "prisoners_dilemma")
    assert done.exit_code == 0, done.stderr
    assert "conflict" in done.stdout
    for approach in ("Fines", "Promises", "A tax of", "Forbidding D", "mediator", "Forbidding single moves"):
        assert approach in done.stdout


def test_its_certificate_is_confirmed(ostrom, here):
    for approach in ("fines", "promises", "restriction", "advice", "mediator", "tax"):
        done = ostrom("design", "chicken", "--among", approach, "--certificate", f"{approach}.json")
        assert done.exit_code == 0, done.stderr
        again = ostrom("recheck", f"{approach}.json")
        assert again.exit_code in (0, 1, 3)
        assert "WRONG" not in again.stdout
        claims = json.loads((here / f"{approach}.json").read_text("utf-8"))["claims"]
        assert (again.exit_code == 1) == any(claim["verdict"] == "refuted" for claim in claims)


def test_the_same_command_writes_the_same_bytes(ostrom, here):
    for name in ("one", "two"):
        ostrom("design", "stag_hunt", "--among", "fines", "-o", f"{name}.json", "--certificate", f"{name}.cert.json")
    assert (here / "one.json").read_bytes() == (here / "two.json").read_bytes()
    assert (here / "one.cert.json").read_bytes() == (here / "two.cert.json").read_bytes()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--observed", "none"), "Nothing can be observed"),
        (("--among", "fines", "--fine", "0.5"), "0.5 is the most there is"),
        (("--among", "promises", "--budget", "1"), "the sponsor has 1"),
        (("--among", "promises", "--wish", "balanced"), "from outside"),
        (("--among", "advice", "--wish", "voluntary"), "Nothing is proposed"),
        (("--among", "fines", "--fine", "3", "--detection", "0.5"), "fines of 4.01"),
    ],
)
def test_what_is_impossible_is_said_with_the_nearest_thing(ostrom, options, said):
    done = ostrom("design", "prisoners_dilemma", *options)
    assert done.exit_code == 0, done.stderr
    assert said in " ".join(done.stdout.split())


def test_no_certificate_where_nothing_is_proposed(ostrom, here):
    done = ostrom("design", "matching_pennies", "--among", "advice", "--certificate", "none.json")
    assert done.exit_code == 2
    assert "no certificate to write" in done.stderr
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        ("--among", "bribes"),
        ("--wish", "nice"),
        ("--observed", "catch"),
        ("--target", "C,E"),
        ("--detection", "0"),
        ("--detection", "nan"),
    ],
)
def test_misuse_is_one_paragraph(refused, options):
    assert refused("design", "prisoners_dilemma", *options)


@pytest.mark.parametrize("options", [("--fine", "-1"), ("--budget", "-1"), ("--seconds", "0")])
def test_numbers_out_of_range(ostrom, options):
    done = ostrom("design", "prisoners_dilemma", *options)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr


def test_options_about_players_are_refused_for_roads(ostrom):
    for verb, options in (("design", ("--fine", "3")), ("design", ("--target", "x")), ("compare", ("--target", "x"))):
        done = ostrom(verb, "braess", *options)
        assert done.exit_code == 2
        assert "is about single players" in done.stderr


def test_what_no_option_says_is_named_and_can_be_laid_in_python(ostrom):
    """Balanced payments are a table: their line would be long. A leader's is short, and nothing is left out."""
    said = " ".join(ostrom("design", "reservoir", "--among", "balanced", "--among", "tax").stdout.split())
    assert "• tax: --under 'tax:on=withdrawal" in said
    assert (
        "The balanced payments cannot be laid round the game by a short option on the command line. In Python, "
        "om.design(game).proposals holds every proposal, and game.under(proposal.institution) lays its rules round "
        "the game."
    ) in said
    game = om.games.Reservoir()
    asked = [om.audits.Equilibria()]
    for one in om.design(game, among=["balanced", "tax"]).proposals:
        assert om.verify(game.under(one.institution), one.target, audits=asked).claims[0].verdict == "proved"
    alone = " ".join(ostrom("design", "arms_control", "--among", "leadership").stdout.split())
    assert "• leadership: --under 'leader:" in alone
    assert "cannot be laid round" not in alone


def test_a_leader_bans_nothing(ostrom):
    """What it does not announce is no ban, in either table; what a restriction forbids is."""
    for verb in ("design", "compare"):
        said = ostrom(verb, "arms_control", "--among", "leadership", "-o", f"{verb}.txt").stdout
        head = next(line for line in said.splitlines() if " bans " in line)
        row = next(line for line in said.splitlines() if line.startswith("leadership ") and len(line) > 60)
        end = head.index(" bans ") + len(" bans")
        assert row[end - 6 : end].strip() == "–"
    said = ostrom("design", "prisoners_dilemma", "--among", "restriction").stdout
    head = next(line for line in said.splitlines() if " bans " in line)
    row = next(line for line in said.splitlines() if line.startswith("restriction ") and len(line) > 60)
    assert row[head.index(" bans ") + 4] == "2"


def test_a_proposal_can_be_copied_into_a_command(ostrom):
    """What the report writes under "To lay one round the game" is read as the same rule."""
    said = ostrom("design", "prisoners_dilemma", "--among", "fines").stdout
    option = said.split("--under '")[1].split("'")[0]
    done = ostrom("verify", "prisoners_dilemma", "--under", option, "--target", "(C, C)", "--audit", "equilibria")
    assert done.exit_code == 0, done.stdout
