"""A speaker can mean what it says while nobody listens: two measures of a channel, of which one only shows it.

Two states, two messages, two acts (Lowe et al., 2019). The speaker says one thing in each state; the listener does as
it is told, or is deaf. Speaker consistency and the causal influence of the messages, in nats: from the tables of what
both do, from asking the players what they would do, and from recorded plays, with 95 % intervals.

    python examples/talk_and_no_listener.py --picture talk.svg
"""

import argparse
from pathlib import Path

import numpy as np

from ostrom.core.agent import Sight
from ostrom.diagnosis.channel import Channel, causal_influence, channel, replies, speaker_consistency
from ostrom.learners import play
from ostrom.worlds import Signalling

WORLD = Signalling.small()
LISTENERS = {"obedient": "separating", "deaf": "deaf"}
"""The bots of the world in whose pairs the listener is of that kind; the speaker is the same."""


def tables(heeds: float) -> tuple[float, float]:
    """Consistency and influence where the listener does as it is told that often, and the first act otherwise."""
    listens = heeds * np.eye(2) + (1 - heeds) * np.array([[1.0, 0.0], [1.0, 0.0]])
    return speaker_consistency(np.eye(2) / 2), causal_influence(listens)


def asked(listener: str) -> tuple[float, float]:
    """The same from what the players say they would do in each state, and at each message."""
    bot, mask = WORLD.bots()[LISTENERS[listener]], {"act": np.array([False, True, True])}
    speaks = Sight(np.int32(0), WORLD.ground, {"state": 1, "message": 0}, mask)
    hears = Sight(np.int32(1), WORLD.ground, {"state": 0, "message": 1}, mask)
    says = replies(bot, speaks, [1, 2], "state").T / 2  # messages by states, each state half of the time
    return speaker_consistency(says), causal_influence(replies(bot, hears, [1, 2]))


def recorded(listener: str, episodes: int, seed: int = 0) -> Channel:
    """The same from so many recorded episodes of ten rounds."""
    played = play(WORLD, WORLD.bots()[LISTENERS[listener]], episodes=episodes, states=True, seed=seed)
    said, did = played.moves["act"][:, ::2, 0], played.moves["act"][:, 1::2, 1]
    return channel(said, played.states.case[:, ::2], did, seed=seed)


def picture() -> str:
    """Both measures against how often the listener does as it is told, as SVG."""
    import vl_convert

    names = ("speaker consistency", "causal influence")
    values = [
        {"heeds": float(heeds), "measure": name, "nats": value}
        for heeds in np.linspace(0, 1, 51)
        for name, value in zip(names, tables(heeds), strict=True)
    ]
    across = {"field": "heeds", "type": "quantitative", "title": "how often the listener does as it is told"}
    chart = {
        "data": {"values": values},
        "mark": "line",
        "width": 360,
        "height": 200,
        "encoding": {
            "x": across,
            "y": {"field": "nats", "type": "quantitative", "title": "nats"},
            "color": {"field": "measure", "type": "nominal", "sort": None, "title": None},
        },
    }
    return vl_convert.vegalite_to_svg(chart, vl_version="5.21", allowed_base_urls=[])


def main(words: list[str] | None = None) -> None:
    """Read the command line, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=200, help="recorded, of ten rounds each (default 200)")
    parser.add_argument("--seed", type=int, default=0, help="of the plays (default 0)")
    parser.add_argument("--picture", type=Path, help="an SVG file to write")
    given = parser.parse_args(words)
    if given.episodes < 1:
        parser.error(f"--episodes is {given.episodes}; at least one is needed")
    print("listener  from      consistency                influence")
    for listener, heeds in (("obedient", 1.0), ("deaf", 0.0)):
        for source, pair in (("tables", tables(heeds)), ("asking", asked(listener))):
            print(f"{listener:8}  {source:8}  {pair[0]:.6f}                   {pair[1]:.6f}")
        found = recorded(listener, given.episodes, given.seed)
        cells = [f"{one.value:.6f} [{one.low:.3f}, {one.high:.3f}]" for one in (found.consistency, found.influence)]
        print(f"{listener:8}  {'plays':8}  {'    '.join(cells)}")
    if given.picture:
        given.picture.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
