"""Is what a world tells of itself true: its ranges, its end, its scene and its bots?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..core.rooms import load
from ..core.world import World
from ._bots import check_bots
from ._episode import TOLERANCE, Episode, fail
from ._scenes import odd_in_scene


def keeps_ranges(world: World, played: Episode) -> str:
    """What is seen lies in the ranges that are declared for it."""
    for number, step in enumerate(played.steps):
        seen = {**step.seen["public"], **step.seen["seat"]}
        unknown = [name for name in world.ranges if name not in seen]
        if unknown and not hasattr(world, "base"):  # institutions may hide what the world below shows
            fail(world, f"declares a range of {unknown[0]!r}, which nobody sees", "Name what observe shows.")
        for name, (low, high) in world.ranges.items():
            value, slack = np.asarray(seen.get(name, low), float), TOLERANCE * (1 + max(abs(low), abs(high)))
            least, most = np.min(value, initial=np.inf), np.max(value, initial=-np.inf)
            if least < low - slack or most > high + slack:
                fail(
                    world,
                    f"shows {name!r} from {least:g} to {most:g} at step {number}, outside its range {low:g} … {high:g}",
                    "A range holds in every state: tables and spaces are made from it.",
                )
    return f"ranges are kept: {', '.join(sorted(world.ranges))}" if world.ranges else "ranges: none declared"


def ends_for_good(world: World, played: Episode) -> str:
    """An episode that is over stays over; under institutions that is asked when a round opens."""
    over = [step.seen["over"] for step in played.steps]
    for number, value in enumerate(over):
        if value.shape != () or value.dtype != bool:
            fail(world, f"says over = {value!r} at step {number}", "Give one truth value for all seats.")
    if not world.ends and any(over):
        fail(world, f"is over at step {over.index(True)}, and its ends is False", "Let ends be True.")
    stages = len(world.ground.stages) - len(world.ground.opening)
    for number in range(len(over) - stages):
        if over[number] and not over[number + stages]:
            fail(world, f"is over at step {number} and goes on at step {number + stages}", "Let over stay True.")
    return "end: before the horizon, and for good" if any(over) else "end: not before the last step that was looked at"


def can_be_shown(world: World, played: Episode) -> str:
    """It says what stands where as data, and its state in words."""
    said, asked = [], load("worlds", "_outline").asked
    for number, step in enumerate(played.steps[:: max(1, len(played.steps) // 4)]):
        state = step.state
        odd = odd_in_scene(asked(world, "scene", lambda state=state: world.scene(state)), len(world.ground.players))
        text = asked(world, "words", lambda state=state: world.words(state))
        odd = odd or ("" if isinstance(text, str) else f"words that are {text!r}")
        if odd:
            fail(world, f"shows {odd} (sampled state {number})", "Say what stands where, as core.scene.Scene has it.")
        said.append(text)
    return "scene: as data and in words" if any(said) else "scene: nothing to show"


def has_bots(world: World, played: Episode) -> str:
    """Its bots can play it, compiled and live."""
    bots = load("worlds", "_outline").asked(world, "bots", world.bots)
    if not isinstance(bots, Mapping):
        fail(world, f"has bots that are a {type(bots).__name__}", "Give {name: policy}.")
    named = [check_bots(world, name, policy, played) for name, policy in bots.items()]
    return f"bots play, compiled and live: {', '.join(named)}" if named else "bots: none"
