"""R10c: a speaker can mean what it says while nobody listens (Lowe et al., 2019).

Two types of speaker, one message each; the listener does as it is told, or is deaf. Reference values: speaker
consistency and causal influence both ln 2 = 0.693147 with the obedient listener; ln 2 and 0 with the deaf one.
"""

import pytest

LISTENERS = [("obedient", 1.0, 0.693147), ("deaf", 0.0, 0.0)]


@pytest.fixture(scope="module")
def talk(example):
    pytest.importorskip("jax")
    return example("talk_and_no_listener")


@pytest.mark.parametrize(("listener", "heeds", "influence"), LISTENERS)
def test_r10c_on_tables_and_by_asking_the_bots(talk, listener, heeds, influence):
    for consistency, causal in (talk.tables(heeds), talk.asked(listener)):
        assert consistency == pytest.approx(0.693147, abs=5e-7)
        assert causal == pytest.approx(influence, abs=5e-7)


@pytest.mark.parametrize(("listener", "heeds", "influence"), LISTENERS)
def test_r10c_from_plays_of_the_signalling_game(talk, listener, heeds, influence):
    found = talk.recorded(listener, 200)
    assert found.consistency.value == pytest.approx(0.693147, abs=1e-3)
    assert found.influence.value == pytest.approx(influence, abs=1e-3)
    assert (found.influence.low > 0.6) == (heeds == 1)
