"""R13d: racing to the precipice (Armstrong, Bostrom and Shulman 2016)."""

import numpy as np
import pytest

from ostrom.games.ai_race import AIRace, equilibrium_care, risk

KNOWN = AIRace.reference["risk by teams, capability and enmity, when nothing, one's own and all capabilities are known"]


@pytest.mark.parametrize("case", KNOWN)
def test_risk_by_what_is_known(case):
    found = [risk(*case, known=known) for known in ("nothing", "own", "all")]
    assert found == pytest.approx(KNOWN[case], abs=1e-5)


@pytest.mark.parametrize("players", [2, 3, 5, 8])
@pytest.mark.parametrize("capability", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("enmity", [0.2, 0.6, 1.0])
def test_knowing_nothing_is_never_worse(players, capability, enmity):
    none, own, everything = (risk(players, capability, enmity, known) for known in ("nothing", "own", "all"))
    assert none <= own + 1e-12
    assert none <= everything + 1e-12


@pytest.mark.parametrize("known", ["own", "all"])
def test_risk_against_drawn_capabilities(known):
    rng = np.random.default_rng(1)
    drawn = np.sort(rng.uniform(0, 2.0, (400_000, 4)), axis=1)
    care = equilibrium_care(4, 2.0, 0.7, known)(drawn[:, -1] if known == "own" else drawn[:, -1] - drawn[:, -2])
    assert risk(4, 2.0, 0.7, known) == pytest.approx(1 - care.mean(), abs=3e-3)
