"""Worlds in which all go by the news of steps before, which all were shown then."""

import numpy as np

from ostrom import Event
from ostrom.core.log import Log

NEWS = ("up", "down", "flat")


def yesterday(seed, n=200, back=1, goes=0.7, tells=0.0, heeds=0.0, episodes=1):
    """Ann's stock, what she says, and what Bob does go by the news of so many days ago, each with dice of its own.

    goes : how often. tells : how often Ann says what her stock is instead; heeds : how often Bob does as she says.
    """
    rng = np.random.default_rng(seed)

    def by(old):
        return old if old and rng.random() < goes else str(rng.choice(NEWS))

    rows = []
    for episode in range(episodes):
        news = [str(one) for one in rng.choice(NEWS, n)]
        for day in range(n):
            seen, old = {"news": news[day]}, news[day - back] if day >= back else ""
            stock = by(old)
            said = stock if rng.random() < tells else by(old)
            done = said if rng.random() < heeds else by(old)
            ann = {**seen, "stock": {"up": "few", "down": "many", "flat": "some"}[stock]}
            rows.append(Event(episode, 2 * day, "ann", "message", ("bob",), ann, message=f"{said} it goes"))
            rows.append(Event(episode, 2 * day + 1, "bob", "act", (), seen, action=done))
    return Log.of(rows)
