"""`ostrom diagnose`: the diagnosis without remedies."""

import json


def test_a_game(ostrom, here):
    done = ostrom("diagnose", "public_goods", "players=3", "-o", "found.json")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Diagnosis of public goods")
    assert "What would mend it" not in done.stdout
    assert json.loads((here / "found.json").read_text("utf-8"))["kind"] == "diagnosis"


def test_a_network_with_and_without_a_rule(ostrom):
    assert "anarchy 1.333" in " ".join(ostrom("diagnose", "pigou").stdout.split())
    assert "under Tax" in ostrom("diagnose", "pigou", "--under", "tax:on=delay,rate=1").stdout


def test_records(ostrom, shared_data):
    done = ostrom("diagnose", shared_data / "coopeval", "--cell", "matching_pennies")
    assert done.exit_code == 0
    assert done.stdout.startswith("Play recorded in coopeval")


def test_misuse(refused):
    assert "Did you mean" in refused("diagnose", "prisoner_dilemma")
    assert "form of report" in refused("diagnose", "braess", "-o", "found.doc")
